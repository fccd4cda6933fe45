"""Which months or years a value is looked at in: how such windows are written in both languages.

In: the words as they stand. Out: a `EarlierWindow`, and its words. Called by the parser and the printer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from fupin_policy.diagnostics import Lang

MOST = 60
"""The most months or years of a window."""
WindowUnit = Literal["month", "year"]

_COUNTED = re.compile(r"(近|前)(\d+)个?(月|年)|(last|previous) (\d+) (month|year)s?")
_PERIODS: dict[str, WindowUnit] = {"月": "month", "年": "year", "month": "month", "year": "year"}


@dataclass(frozen=True, slots=True)
class EarlierWindow:
    """Months or years: the last `count`, with this one, or the `count` before this one; or the months of this year."""

    which: Literal["last", "previous", "this_year"]
    period: WindowUnit
    count: int

    def text(self, lang: Lang) -> str:
        """How it is written."""
        if self.which == "this_year":
            return "本年" if lang == "zh" else "this year"
        if lang == "zh":
            unit = "个月" if self.period == "month" else "年"
            return f"{'近' if self.which == 'last' else '前'}{self.count}{unit}"
        return f"{self.which} {self.count} {self.period}{'' if self.count == 1 else 's'}"


ONE_BEFORE: dict[WindowUnit, tuple[str, str]] = {"month": ("上月", "last month"), "year": ("上年", "last year")}
"""How the month and the year before this one are written."""
_ONE: dict[str, WindowUnit] = {word: period for period, words in ONE_BEFORE.items() for word in words} | {
    "去年": "year"
}


def window_of(words: list[str], one: bool) -> EarlierWindow | None:
    """What words say: the month or year before this one if `one`, else a window; None where they say neither."""
    text = " ".join(words)
    if one:
        return None if text not in _ONE else EarlierWindow("previous", _ONE[text], 1)
    if text in ("本年", "今年", "this year"):
        return EarlierWindow("this_year", "month", 12)
    joined = text if text.isascii() else "".join(words)
    found = _COUNTED.fullmatch(joined)
    if found is None:
        return None
    how, number, period = found.groups()[:3] if found[1] else found.groups()[3:]
    count = int(number)
    which: Literal["last", "previous"] = "last" if how in ("近", "last") else "previous"
    return EarlierWindow(which, _PERIODS[period], count) if 1 <= count <= MOST else None
