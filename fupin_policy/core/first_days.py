"""Since when a policy has applied without a break, as far as an earlier result and this one tell.

In: what was known last and is known now. Out: an interval of days. Called by `decisions` and `batch`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from fupin_policy.core import possible
from fupin_policy.core.benefits import Starts
from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.expressions import CalendarPart
from fupin_policy.core.possible import FALSE, TRUE, Interval
from fupin_policy.core.program import Program


class FirstDay(NamedTuple):
    """The first day since which a policy has applied, as far as that is known: days since 1970-01-01, both ends."""

    low: int
    high: int

    def as_json(self) -> dict[str, str]:
        """Both ends as dates."""
        return {"min": to_date(self.low).isoformat(), "max": to_date(self.high).isoformat()}


def first_day_facts(program: Program) -> Mapping[str, FactDecl]:
    """By the policies of which the rules ask since when they have applied, the fact that tells it of the last time."""
    used = {one.name for one in (*program.household_inputs, *program.member_inputs)}
    facts = [fact for fact in program.facts if fact.previous is not None and fact.kind == "date"]
    return {fact.previous: fact for fact in facts if fact.previous is not None and {fact.name, fact.given} <= used}


def day_of_assessment(starts: Starts, day: int) -> int:
    """The day whose circumstances make a policy apply from now on; the end of the month for what starts with it."""
    if starts == "same_day":
        return day
    first, _ = possible.calendar(CalendarPart.START_OF_MONTH, (day, day))
    return first - 1 if starts == "next_month" else month_end(first)


def month_end(first: int) -> int:
    """The last day of the month of which this is the first."""
    after, _ = possible.calendar(CalendarPart.START_OF_MONTH, (first + 31, first + 31))
    return after - 1


def first_days(applied: int, known: Interval, assessed: int) -> FirstDay:
    """The days on which it may have begun: as last time if it applied then, the day of assessment if it did not."""
    if applied == TRUE:
        return FirstDay(*known)
    low, high = (assessed, assessed) if applied == FALSE else known
    return FirstDay(min(low, assessed), max(high, assessed))
