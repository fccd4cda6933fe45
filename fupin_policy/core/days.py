"""Days: as integers since 1970-01-01, as people write them, and stretches of them.

In: dates, texts. Out: day numbers, `Validity`. Called wherever a day is read or stated.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

EPOCH = date(1970, 1, 1).toordinal()
DAY_MIN, DAY_MAX = date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH


def to_day(value: date) -> int:
    """A date as days since 1970-01-01."""
    return value.toordinal() - EPOCH


def to_date(day: int) -> date:
    """The date of a day number."""
    return date.fromordinal(day + EPOCH)


@dataclass(frozen=True, slots=True)
class Validity:
    """The days from `start` up to but not including `end`."""

    start: int
    end: int

    def covers(self, day: int) -> bool:
        """Whether the day lies within."""
        return self.start <= day < self.end

    def as_json(self) -> dict[str, str]:
        """The first and the last day as plain data."""
        return {"from": to_date(self.start).isoformat(), "to": to_date(self.end - 1).isoformat()}


def stretches_within(whole: Validity, dated: Iterable[Validity]) -> list[Validity]:
    """A stretch cut wherever one of others begins or ends within it."""
    edges = {edge for one in dated for edge in (one.start, one.end) if whole.start < edge < whole.end}
    return [Validity(*ends) for ends in pairwise([whole.start, *sorted(edges), whole.end])]


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A month and a day that every year has: not 29 February."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"


ALWAYS = Validity(DAY_MIN, DAY_MAX + 1)
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９－−", "0123456789--")


def day_of(text: str) -> date | None:
    """The day that a text names; None where it has no such form, or names a day that does not exist."""
    parts = _parts(text)
    if parts is None or no_such_day(text) is not None:
        return None
    return date(*parts)


def ends_of(text: str) -> tuple[str, str]:
    """The ends of a stretch `a..b` as texts, blank where open; one day alone is both."""
    low, dots, high = text.partition("..")
    return low.strip(), (high if dots else low).strip()


def no_such_day(text: str) -> tuple[str, str] | None:
    """Why a text in the form of a day names none (in Chinese and English); None where it does, or has another form."""
    parts = _parts(text)
    if parts is None:
        return None
    year, month, day = parts
    if not year >= 1:
        return "没有公元 0 年", "there is no year 0"
    if not 1 <= month <= 12:
        return f"没有 {month} 月", f"there is no month {month}"
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        return f"{year} 年 {month} 月只有 1 日至 {last} 日", f"month {month} of {year} has the days 1 to {last}"
    return None


def _parts(text: str) -> tuple[int, int, int] | None:
    found = _DAY.fullmatch(text.translate(_HALF_WIDTH).strip())
    if found is None:
        return None
    year, *rest = (int(part) for part in found.groups() if part is not None)
    return year, rest[0], rest[1]
