"""What is due month by month over a timeline, and its exact sum.

In: a `Timeline`. Out: `Payment`s in the currency's smallest units. Called by `cli`.

A monthly amount is due for a month by the decision on the month's first day that lies within the period; a daily one
for each day; one a term in March and in September; one a year once in each calendar year, in the first month with a
right to it; what is paid once, in the first such month of the period. Where a decision is open the sum has two ends.
What people pay themselves counts with a minus sign, so that the sum is what they are better off by; loans do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fupin_policy.analysis.timeline import Timeline
from fupin_policy.core.benefits import signed
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.policies import Policy
from fupin_policy.core.program import Program

TERMS = (3, 9)
"""The months in which an amount for a term is due: when school terms begin."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What a household is better off by for a month (`2019-03`), least and most: below zero where it pays.

    `provisional`: no source states a figure behind it.
    """

    month: str
    policy: str
    title: Bilingual
    low: int
    high: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class _Month:
    """A month, or the part of it within the period: its days and the decisions on them."""

    first: date
    days: tuple[tuple[Decision, ...], ...]


def payments(found: Timeline, program: Program) -> tuple[Payment, ...]:
    """Everything due, month by month in the order of policies; what is surely nothing is left out."""
    months = list(_months(found))
    rows: list[Payment] = []
    for index, policy in enumerate(program.policies):
        rows += _of_policy(months, policy, index)
    order = {month.first.isoformat()[:7]: number for number, month in enumerate(months)}
    return tuple(sorted(rows, key=lambda due: order[due.month]))


def total(rows: tuple[Payment, ...]) -> tuple[int, int]:
    """The sum, least and most."""
    return sum(due.low for due in rows), sum(due.high for due in rows)


def _months(found: Timeline) -> Iterator[_Month]:
    day, last = found.stretches[0].first, found.stretches[-1].last
    position = 0
    while day <= last:
        first, days = day, []
        while day <= last and (day.year, day.month) == (first.year, first.month):
            while found.stretches[position].last < day:
                position += 1
            days.append(found.stretches[position].evaluation.decisions)
            day += timedelta(days=1)
        yield _Month(first, tuple(days))


def _of_policy(months: list[_Month], policy: Policy, index: int) -> Iterator[Payment]:
    open_high: dict[int | None, int] = {}
    settled: set[int | None] = set()
    for month in months:
        decision = month.days[0][index]
        per = next((paid.per for day in month.days if (paid := day[index].amount) is not None), None)
        low = high = 0
        way = policy.sign_on(to_day(month.first))
        if per == "day":
            way, (low, high) = 1, _daily(month, policy, index)
        elif per == "month" or (per == "term" and month.first.month in TERMS):
            low, high = _ends(decision)
        elif per in ("year", "once"):
            span = month.first.year if per == "year" else None
            if span in settled:
                continue
            low, most = _ends(decision)
            # what may have been due in an earlier month is not due again: only what is more than that counts
            high = max(0, most - open_high.get(span, 0))
            open_high[span] = max(open_high.get(span, 0), most)
            if decision.status is Status.ELIGIBLE:
                settled.add(span)
        low, high = signed((low, high), way)
        if (low, high) != (0, 0):
            yield Payment(month.first.isoformat()[:7], decision.policy, decision.title, low, high, decision.provisional)


def _daily(month: _Month, policy: Policy, index: int) -> tuple[int, int]:
    """The signed sum over a month's days: a version may begin, and go another way, on any of them."""
    first = to_day(month.first)
    each = [signed(_ends(day[index]), policy.sign_on(first + offset)) for offset, day in enumerate(month.days)]
    return sum(low for low, _ in each), sum(high for _, high in each)


def _ends(decision: Decision) -> tuple[int, int]:
    return (0, 0) if decision.amount is None else (decision.amount.low, decision.amount.high)
