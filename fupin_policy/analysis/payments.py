"""What is due month by month over a timeline, and its exact sum.

In: a `Timeline`. Out: `Payment`s in the currency's smallest units. Called by `cli`.

A monthly amount is due for a month by the decision on the month's first day that lies within the period; a daily one
for each day; one a term in March and in September; one a year, half-year or quarter once in each of the calendar, in
the first month with a right to it; what is paid once, in the first such month of the period, or in each of its windows.
Of a member's policy each member gets what comes once.
Where a policy comes another way from some day of a month on, by another period or window, each way is followed on its
own days; a month's amount comes once in a month.
What has come due is paid at once, or in the next of a policy's months of payment: as far as it lies within the period.
Where a decision is open the sum has two ends.
What people pay themselves counts with a minus sign, so that the sum is what they are better off by; loans do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from fupin_policy.analysis.timeline import Timeline
from fupin_policy.core.benefits import Per, signed
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.decision import Amount, Decision, Status
from fupin_policy.core.policies import ParameterWindow, Policy, PolicyVersion, Window
from fupin_policy.core.possible import add, calendar_of_day
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import value_on

SPANS: Mapping[Per, int] = {"year": 12, "half_year": 6, "quarter": 3}
"""How many months a span has in which an amount is due once, in its first month with a right to it."""
_Span = int | tuple[str, int] | None
"""In what something comes once: a span or window by its number or first day, a year, all days."""
_Share = tuple[_Span, str | None]
"""Of whom that is: of the household, or of a member."""
TERMS = (3, 9)
"""The months in which an amount for a term is due: when school terms begin."""
_ONCE_A_MONTH: frozenset[Per | None] = frozenset(("month", "term"))
"""The periods whose amounts come once in a month in which they come."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What a household is better off by for a month (`2019-03`), least and most: below zero where it pays.

    `provisional`: no source states a figure behind it. `adds` is what it comes to in the sum of all, least and most:
    where something that comes once was perhaps paid before, a month may bring it and the sum has it once.
    """

    month: str
    policy: str
    title: Bilingual
    low: int
    high: int
    adds: tuple[int, int]
    provisional: bool


@dataclass(frozen=True, slots=True)
class _Sum:
    """What is due, least and most, and what it adds to the sum of all."""

    due: tuple[int, int] = (0, 0)
    adds: tuple[int, int] = (0, 0)

    @classmethod
    def all_of(cls, sums: Iterable[_Sum]) -> _Sum:
        every = tuple(sums)
        return cls(add([one.due for one in every]), add([one.adds for one in every]))

    def signed(self, way: int) -> _Sum:
        """Below zero where people pay."""
        return _Sum(signed(self.due, way), signed(self.adds, way))


@dataclass(frozen=True, slots=True)
class _Month:
    """A month, or the part of it within the period: its days and the decisions on them."""

    first: date
    days: tuple[tuple[Decision, ...], ...]


_Due = tuple[int | None, Payment]
"""What has come due: the number of the month in which it is paid, None of one after the period, and the sum."""


def payments(found: Timeline, program: Program) -> tuple[Payment, ...]:
    """Everything due, month by month in the order of policies; what is surely nothing is left out."""
    months = list(_months(found))
    rows: list[Payment] = []
    for index, policy in enumerate(program.policies):
        rows += _paid(months, _Accrual(program, policy, index).of(months))
    order = {_name(month): number for number, month in enumerate(months)}
    return tuple(sorted(rows, key=lambda due: order[due.month]))


def total(rows: tuple[Payment, ...]) -> tuple[int, int]:
    """The sum, least and most."""
    return add([due.adds for due in rows])


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


def _name(month: _Month) -> str:
    return month.first.isoformat()[:7]


def _version(policy: Policy, month: _Month) -> PolicyVersion | None:
    """The version of a month, or of a part of it: the first that is in force on one of its days."""
    first = to_day(month.first)
    found = (policy.version_on(first + offset) for offset in range(len(month.days)))
    return next((version for version in found if version is not None), None)


def _paid_in(months: list[_Month], at: int, asked: tuple[int, ...]) -> int | None:
    """The number of the month in which is paid what comes due in one; None of one after the period."""
    return next((to for to in range(at, len(months)) if not asked or months[to].first.month in asked), None)


def _parts(policy: Policy, month: _Month) -> Iterator[_Month]:
    """A month in parts, over each of which a policy comes one way; days without a version go with the next."""
    first = to_day(month.first)
    versions = [policy.version_on(first + offset) for offset in range(len(month.days))]
    ways = [None if one is None else (one.benefit.per, one.benefit.window, one.benefit.pay) for one in versions]
    start, way = 0, None
    for offset, one in enumerate(ways):
        if None not in (way, one) and one != way:
            yield _Month(month.first + timedelta(start), month.days[start:offset])
            start = offset
        way = one or way
    yield _Month(month.first + timedelta(start), month.days[start:])


def _paid(months: list[_Month], due: Iterator[_Due]) -> list[Payment]:
    """What has come due in the months in which it is paid; what is paid after the period is left out."""
    paid: dict[str, Payment] = {}
    for at, one in due:
        if at is not None:
            name = _name(months[at])
            so_far = paid.get(name, replace(one, month=name, low=0, high=0, adds=(0, 0), provisional=False))
            low, high = so_far.low + one.low, so_far.high + one.high
            rests = so_far.provisional or (one.provisional and (one.low, one.high) != (0, 0))
            adds = add((so_far.adds, one.adds))
            paid[name] = replace(so_far, low=low, high=high, adds=adds, provisional=rests)
    return [one for one in paid.values() if (one.low, one.high) != (0, 0)]


@dataclass(slots=True)
class _Accrual:
    """What a policy comes to, month by month. What comes once in a span of time is kept in mind for the span."""

    program: Program
    policy: Policy
    index: int
    open_high: dict[_Share, int] = field(default_factory=dict)
    settled: set[_Share] = field(default_factory=set)
    paid_in: int | None = -1
    """In which month is paid what comes due now."""
    earlier: dict[_Share, int] = field(default_factory=dict)
    """What was perhaps paid in months before that."""
    told: dict[_Share, int] = field(default_factory=dict)
    """What is paid in that month already, at most."""

    def of(self, months: list[_Month]) -> Iterator[_Due]:
        """The signed sums of each month's parts."""
        for at, month in enumerate(months):
            seen: set[Per | None] = set()
            for part in _parts(self.policy, month):
                decision, version = part.days[0][self.index], _version(self.policy, part)
                per, pay = (None, ()) if version is None else (version.benefit.per, version.benefit.pay)
                self._pay_in(_paid_in(months, at, pay))
                found = _Sum() if per in seen & _ONCE_A_MONTH else self._month(part)
                seen.add(per)
                # what is asked of each day may rest on a value on any of them
                daily = version is not None and (per == "day" or version.benefit.window is not None)
                rests = any(day[self.index].provisional for day in (part.days if daily else part.days[:1]))
                yield (
                    self.paid_in,
                    Payment(_name(month), decision.policy, decision.title, *found.due, found.adds, rests),
                )

    def _pay_in(self, month: int | None) -> None:
        """What follows is paid in this month."""
        if month != self.paid_in:
            self.paid_in, self.earlier = month, dict(self.open_high)
            self.told.clear()

    def _month(self, month: _Month) -> _Sum:
        version, first = _version(self.policy, month), month.first
        way, decision = self.policy.sign_on(to_day(first)), month.days[0][self.index]
        match version and version.benefit.per:
            case "day":
                return self._daily(month)
            case "month":
                return _sure(decision.amount).signed(way)
            case "term":
                return _sure(decision.amount).signed(way) if first.month in TERMS else _Sum()
            case "year" | "half_year" | "quarter" as per:
                return self._once(decision, (first.year * 12 + first.month - 1) // SPANS[per]).signed(way)
            case "once" if version is not None and version.benefit.window is not None:
                return self._in_windows(month, version.benefit.window)
            case "once":
                return self._once(decision, None).signed(way)
            case _:
                return _Sum()

    def _daily(self, month: _Month) -> _Sum:
        """The signed sum over a month's days: a version may begin, and go another way, on any of them."""
        each = enumerate(month.days, to_day(month.first))
        return _Sum.all_of(_sure(one[self.index].amount).signed(self.policy.sign_on(day)) for day, one in each)

    def _in_windows(self, month: _Month, window: Window | ParameterWindow) -> _Sum:
        """The sum over a month's days, on each of which a window may open, and go another way."""
        each = enumerate(month.days, to_day(month.first))
        spans = ((day, one[self.index], self._opened(window, day)) for day, one in each)
        return _Sum.all_of(self._once(one, span).signed(self.policy.sign_on(day)) for day, one, span in spans)

    def _opened(self, window: Window | ParameterWindow, day: int) -> _Span:
        """The day on which the last window opened; where no value says so there may be one in every year."""
        if isinstance(window, Window):
            return calendar_of_day(window.start, day)
        dated = value_on(self.program, window.first, None, day)
        return ("a year", to_date(day).year) if dated is None else dated.values[None]

    def _once(self, decision: Decision, span: _Span) -> _Sum:
        """What is due of something that comes once in a span, to the household or to each member."""
        if self.policy.level != "member":
            return self._share(decision.status, decision.amount, (span, None))
        return _Sum.all_of(self._share(one.status, one.amount, (span, one.member)) for one in decision.members)

    def _share(self, status: Status, amount: Amount | None, share: _Share) -> _Sum:
        if share in self.settled:
            return _Sum()
        low, most = _sure(amount).due
        before, told = self.open_high.get(share, 0), self.told.get(share, 0)
        self.open_high[share], self.told[share] = max(before, most), max(told, most)
        # each month may be the one in which it is paid; to the sum it adds only what is more than before
        paid, more = max(0, most - told), max(0, most - before)
        if status is not Status.ELIGIBLE:
            return _Sum((low, paid), (low, more))
        self.settled.add(share)
        return _Sum((max(0, low - self.earlier.get(share, 0)), paid), (low, more))


def _sure(amount: Amount | None) -> _Sum:
    """Of an amount that does not depend on what was paid before."""
    ends = (0, 0) if amount is None else (amount.low, amount.high)
    return _Sum(ends, ends)
