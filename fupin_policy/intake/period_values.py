"""What is given of a fact by month or year: `{"2019-05": …}`, `{"each": …}`, each value read as any other.

In: a series and the slot that reads its values. Out: values by the number of the month or year. Called by
`household_reader`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from fupin_policy.core.declarations import Each, Series
from fupin_policy.core.possible import Value
from fupin_policy.intake.notation import EACH_WORDS, MONTH, UNKNOWN_WORDS, YEAR
from fupin_policy.intake.partial import ReadValue
from fupin_policy.intake.scalars import Fault, Unreadable, shown

_Values = dict[int | None, Value]
EXAMPLES = {"month": "2019-05", "year": "2019"}
"""How a month and a year are written."""


@dataclass(frozen=True, slots=True)
class SeriesSlot:
    """A series that may be given; `read_value` reads each of its values, and raises Unreadable."""

    series: Series
    read_value: Callable[[Any], ReadValue]

    def read(self, raw: object) -> _Values:
        """The values by month or year, those for each by None. Raises Unreadable with all that is wrong."""
        if isinstance(raw, str) and raw.strip() in UNKNOWN_WORDS:
            return {}
        words: tuple[tuple[str, object], ...] = (("name", self.series.label), ("period", EXAMPLES[self.series.each]))
        if not isinstance(raw, Mapping):
            raise Unreadable(Fault("H090", (*words, ("given", shown(raw)))))
        found: _Values = {}
        faults: list[Fault] = []
        for key, value in raw.items():
            below = f".{shown(key)}"
            try:
                period = period_of_key(key, self.series.each)
            except ValueError:
                faults.append(Fault("H091", (("given", shown(key)), *words), below=below))
                continue
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            if period in found:
                faults.append(Fault("H092", (("given", shown(key)), *words), below=below))
            found[period] = self._value(value, below, faults)
        if faults:
            raise Unreadable(*faults)
        return found

    def _value(self, raw: object, below: str, faults: list[Fault]) -> Value:
        try:
            return cast(Value, self.read_value(raw))
        except Unreadable as error:
            faults += [replace(one, below=below + one.below) for one in error.faults]
            return 0


def period_of_key(key: object, each: Each) -> int | None:
    """The number of the month or year that a key names, or None for the word for each; ValueError if it is neither."""
    text = str(key).strip() if isinstance(key, str | int) else ""
    if text in EACH_WORDS:
        return None
    found = (YEAR if each == "year" else MONTH).fullmatch(text)
    if found is None or (each == "month" and not 1 <= int(found[2]) <= 12):
        raise ValueError(text)
    return int(found[1]) if each == "year" else 12 * int(found[1]) + int(found[2]) - 1
