"""Since when a policy has applied without a break, as far as an earlier result and this one tell.

In: what was known last and is known now. Out: an interval of days. Called by `decisions` and `batch`.
"""

from __future__ import annotations

from typing import NamedTuple

from fupin_policy.core import possible
from fupin_policy.core.benefits import Starts
from fupin_policy.core.days import to_date
from fupin_policy.core.expressions import CalendarPart, Period
from fupin_policy.core.possible import FALSE, TRUE, Interval


class FirstDay(NamedTuple):
    """The first day since which a policy has applied, as far as that is known: days since 1970-01-01, both ends."""

    low: int
    high: int

    def as_json(self) -> dict[str, str]:
        """Both ends as dates."""
        return {"min": to_date(self.low).isoformat(), "max": to_date(self.high).isoformat()}


def day_of_assessment(starts: Starts, day: int) -> int:
    """The day whose circumstances make a policy apply from now on; the end of the month for what starts with it."""
    if starts == "same_day":
        return day
    first = possible.calendar_of_day(CalendarPart.START_OF_MONTH, day)
    return (first if starts == "next_month" else possible.shift_day(first, 1, Period.MONTHS)) - 1


def first_days(applied: int, known: Interval, assessed: int) -> FirstDay:
    """The days on which it may have begun: as last time if it applied then, the day of assessment if it did not."""
    if applied == TRUE:
        return FirstDay(*known)
    low, high = (assessed, assessed) if applied == FALSE else known
    return FirstDay(min(low, assessed), max(high, assessed))
