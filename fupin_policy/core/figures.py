"""What a term that is reported came to: its possible value, told, of a household or of each member.

In: nothing. Out: `Figure`, `FigureValue`, data only. Made by `decisions`, read by everything after it.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.missing import Assumed, Missing
from fupin_policy.core.outputs import FigureDecl
from fupin_policy.core.possible import FALSE, UNKNOWN, Value
from fupin_policy.core.types import Code, Truth

CheckStatus = Literal["holds", "violated", "not_checkable"]
"""How a check of data came out; it is not checkable where facts are missing."""


class FigureValue(NamedTuple):
    """A figure of one subject (a member's id, or None): its possible value, and what that may be, told.

    Told are both ends of a number (in its declared unit) or date, one where it is settled; of a truth `true` and
    `false`, of a code the names, those that are possible; `labels` are what people call these codes.
    """

    member: str | None
    value: Value
    told: tuple[str, ...]
    labels: tuple[Bilingual, ...] = ()

    def as_json(self, figure: FigureDecl) -> dict[str, Any]:
        """The value as plain data: None where it is not settled."""
        settled = self.told[0] if len(self.told) == 1 else None
        match figure.type:
            case Truth():
                return {"value": None if settled is None else settled == "true"}
            case Code():
                return {"value": settled, "one_of": list(self.told)}
            case _:
                return {"value": settled, "min": self.told[0], "max": self.told[-1]}


class Figure(NamedTuple):
    """What a term that is reported came to: for the household, or for each of its members in order.

    `missing` must be known to settle it; `provisional`: it rests on a value that no source states.
    """

    figure: FigureDecl
    values: tuple[FigureValue, ...]
    missing: tuple[Missing, ...]
    provisional: bool
    assumed: tuple[Assumed, ...] = ()

    @property
    def name(self) -> str:
        """The term's English name."""
        return self.figure.name

    @property
    def status(self) -> CheckStatus:
        """How a check of data came out: of members it is violated where it surely is for any of them."""
        values = {one.value for one in self.values}
        return "violated" if FALSE in values else "not_checkable" if UNKNOWN in values else "holds"

    def as_json(self) -> dict[str, Any]:
        """The figure as plain data, its value or its members' values in it."""
        unit, check = self.figure.unit, self.figure.check
        words = {} if check is None else {"words": check.words.as_json()}
        values = [(one.member, one.as_json(self.figure)) for one in self.values]
        own = {"members": [{"member": member, **value} for member, value in values]}
        return {
            "figure": self.figure.name,
            "label": self.figure.words.as_json(),
            "unit": None if unit is None else unit.as_json(),
            **(own if self.figure.level == "member" else values[0][1]),
            "missing": [one.as_json() for one in self.missing],
            "assumed": [one.as_json() for one in self.assumed],
            "provisional": self.provisional,
            **({} if check is None else {"check": {"severity": check.severity, "status": self.status, **words}}),
        }
