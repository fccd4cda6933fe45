"""When the decisions for a household change, and what is due month by month: by breakpoints, not day by day.

In: a ruleset, a household, a first and a last day. Out: a `Timeline` with the exact days. Called by `cli`.

Between two breakpoints of the ruleset only what looks at the date can change. The least such parts (an age, a
comparison with a date) are monotone in the date: each end of their possible values only rises, or only falls. So if all
of them are alike on two days they are alike on every day between, and so is every decision; else the days are halved.

A date of the past that lies after the first day (a review, say) is not known on the days before it: there it may be any
earlier date.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar, cast

from fupin_policy.core import possible
from fupin_policy.core.days import to_date
from fupin_policy.core.decision import Decision, Departments, Status
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.expressions import (
    AsOf,
    Calendar,
    CalendarPart,
    Compare,
    Const,
    DateDiff,
    Expr,
    Items,
    Shift,
    children,
    walk,
)
from fupin_policy.core.figures import Figure
from fupin_policy.core.household import Household, changed
from fupin_policy.core.periods import PeriodColumns
from fupin_policy.core.possible import UNKNOWN, Interval, Value
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.core.traces import Trace
from fupin_policy.core.types import Day
from fupin_policy.evaluators import interpreter
from fupin_policy.ruleset import Ruleset

T = TypeVar("T")
DecisionSignature = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TimelineInterval:
    """Days, both inclusive, over which every decision and every figure is the same."""

    first: date
    last: date
    evaluation: Evaluation


@dataclass(frozen=True, slots=True)
class KnownSince:
    """From which day on a date of the past is known: the fact, and whose it is (a member's id, or None)."""

    fact: str
    label: str
    member: str | None
    since: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """The stretches, in order; together they are the days asked for. `looked` is how many days were evaluated.

    `late` are dates of the past that lie after the first day, and so were not known on all of them. Of the policies
    `answering` it is by condition who answers for them.
    """

    household: str
    stretches: tuple[TimelineInterval, ...]
    looked: int
    late: tuple[KnownSince, ...] = ()
    answering: frozenset[str] = frozenset()

    @property
    def changes(self) -> tuple[tuple[date, Decision, Decision], ...]:
        """Each day on which a decision is not as on the day before, with what it was and becomes."""
        pairs = self._pairs(lambda one: one.decisions)
        return tuple((day, was, becomes) for day, was, becomes in pairs if not _same(was, becomes, self.answering))

    @property
    def figure_changes(self) -> tuple[tuple[date, Figure, Figure], ...]:
        """Each day on which a figure is not as on the day before, with what it was and becomes."""
        pairs = self._pairs(lambda one: one.figures)
        return tuple((day, was, becomes) for day, was, becomes in pairs if was.values != becomes.values)

    def _pairs(self, told: Callable[[Evaluation], Iterable[T]]) -> Iterator[tuple[date, T, T]]:
        """Each day on which a stretch begins, with what was told before it and is from then on."""
        for earlier, later in pairwise(self.stretches):
            for was, becomes in zip(told(earlier.evaluation), told(later.evaluation), strict=True):
                yield later.first, was, becomes


def outcome(decision: Decision) -> tuple[object, ...]:
    """What of a decision counts as a change: status, amount, who receives, for each member; whether it is shown."""
    whom = (decision.beneficiaries, decision.possible_beneficiaries)
    members = tuple((one.member, one.status, one.amount) for one in decision.members)
    return (decision.status, decision.amount, *whom, members, decision.own)


def bodies(decision: Decision) -> tuple[Departments | None, ...]:
    """Who answers for a decision, and for each member; nobody need for what is refused."""
    if decision.status is Status.INELIGIBLE:
        return ()
    return (decision.departments, *(one.departments for one in decision.members))


def _same(was: Decision, becomes: Decision, answering: Collection[str]) -> bool:
    """Whether nothing of a decision has changed, nor who answers for it where that is by condition."""
    same_bodies = was.policy not in answering or bodies(was) == bodies(becomes)
    return same_bodies and outcome(was) == outcome(becomes)


def timeline(ruleset: Ruleset, household: Household, first: int, last: int) -> Timeline:
    """The decisions from one day to another (both since 1970-01-01, inclusive, covered) for a household read on either.

    Dates of the past that nobody knows are taken to lie no later than the first day. Of facts by month or year the
    months up to each day count; the later ones are unknown, or go on as the last if the household `continues`.
    """
    household = _as_on(ruleset.program, household, first)
    late = tuple(_late(ruleset.program, household, first))
    turns = {turn for turn, *_ in late if turn <= last}
    periods = PeriodColumns.of(ruleset.program.facts, ruleset.program.household_inputs, ruleset.program.member_inputs)
    months = periods.breakpoints(household, first, last)
    edges = sorted({day for day in _edges(ruleset) if first < day <= last} | turns | {*months})
    answering = frozenset(policy.id for policy in ruleset.policies if policy.answers)
    looker = _TimelineSearch(ruleset, household, {}, late, periods)
    starts: list[int] = []
    for start, end in zip([first, *edges], [*(edge - 1 for edge in edges), last], strict=True):
        starts += [start, *looker.between(start, end)]
    stretches: list[TimelineInterval] = []
    for start, end in zip(starts, [*(day - 1 for day in starts[1:]), last], strict=True):
        found = ruleset.decide(looker.household_on(start), start)
        if stretches and _alike(stretches[-1].evaluation, found, answering):
            stretches[-1] = TimelineInterval(stretches[-1].first, to_date(end), stretches[-1].evaluation)
        else:
            stretches.append(TimelineInterval(to_date(start), to_date(end), found))
    known = tuple(_named(ruleset.program, household, one) for one in late)
    return Timeline(household.id, tuple(stretches), len(looker.seen), known, answering)


_Late = tuple[int, int | None, int, int]
"""The day from which on a date is known, the member's position or None, the input's, the earliest it may be."""


def _past(program: Program, household: Household) -> Iterator[tuple[int | None, int, int, Interval]]:
    """The dates of the past: whose, which input, the earliest it may be, and what is known of it."""
    levels = [(None, program.household_inputs, household.facts)]
    people = enumerate(household.members)
    every = [*levels, *((number, program.member_inputs, person.facts) for number, person in people)]
    for member, inputs, facts in every:
        for at, (column, value) in enumerate(zip(inputs, facts, strict=True)):
            if column.past and isinstance(column.type, Day) and isinstance(value, tuple):
                yield member, at, column.type.low, value


def _as_on(program: Program, household: Household, first: int) -> Household:
    """The household as it is read on the first day, but for dates that lie after it."""
    cut = [(who, at, (low, first)) for who, at, _, (low, high) in _past(program, household) if low <= first < high]
    return changed(household, cut)


def _late(program: Program, household: Household, first: int) -> Iterator[_Late]:
    for member, at, earliest, (low, _) in _past(program, household):
        if first < low:
            yield low, member, at, min(earliest, low - 1)


def _named(program: Program, household: Household, late: _Late) -> KnownSince:
    day, member, at, _ = late
    fact = _fact(program, member, at)
    return KnownSince(fact.name, fact.label, None if member is None else household.members[member].id, to_date(day))


def _fact(program: Program, member: int | None, at: int) -> FactDecl:
    """The fact of an input of the household, or of its members."""
    inputs = program.household_inputs if member is None else program.member_inputs
    return next(fact for fact in program.facts if fact.name == inputs[at].name)


def _beside(program: Program, member: int | None, at: int) -> Iterator[int]:
    """The input that says whether there is the day of another, if that may be none."""
    inputs = program.household_inputs if member is None else program.member_inputs
    given = _fact(program, member, at).given
    return (index for index, one in enumerate(inputs) if one.name == given)


def _edges(ruleset: Ruleset) -> Iterator[int]:
    from fupin_policy.core.days import to_day

    return (to_day(day) for day in ruleset.breakpoints)


def _alike(evaluation: Evaluation, other: Evaluation, answering: Collection[str]) -> bool:
    decided = zip(evaluation.decisions, other.decisions, strict=True)
    told = zip(evaluation.figures, other.figures, strict=True)
    return all(_same(a, b, answering) and a.assumed == b.assumed for a, b in decided) and all(
        (a.values, a.assumed) == (b.values, b.assumed) for a, b in told
    )


@dataclass(frozen=True, slots=True)
class _TimelineSearch:
    """What depends on the date, looked at on some days of one household."""

    ruleset: Ruleset
    household: Household
    seen: dict[int, DecisionSignature]
    late: tuple[_Late, ...]
    periods: PeriodColumns

    def household_on(self, day: int) -> Household:
        """The household as far as it is known on a day."""
        unknown: list[tuple[int | None, int, Value]] = []
        for turn, member, at, earliest in self.late:
            if day < turn:
                unknown.append((member, at, (earliest, turn - 1)))
                # whether there was such a day then is not known either, of one that may be none
                unknown += [(member, beside, UNKNOWN) for beside in _beside(self.ruleset.program, member, at)]
        household = self.periods.as_of(self.household, day)
        return changed(household, unknown) if unknown else household

    def between(self, start: int, end: int) -> list[int]:
        """The days after `start`, up to `end`, on which what looks at the date is not as on the day before."""
        if start == end or self.at(start) == self.at(end):
            return []
        if end - start == 1:
            return [end]
        middle = (start + end) // 2
        return [*self.between(start, middle), *self.between(middle, end)]

    def at(self, day: int) -> DecisionSignature:
        """The values of all parts that look at the date."""
        if day not in self.seen:
            snapshot = self.ruleset.snapshot(to_date(day))
            household = self.household_on(day)
            # what rests on an assumption may change on a day of its own
            both = (household,) if household.given is None else (household, household.given)
            self.seen[day] = tuple(sign for one in both for sign in _signs(snapshot, one, day))
        return self.seen[day]


def _signs(snapshot: Snapshot, household: Household, day: int) -> Iterator[Any]:
    traces = interpreter.trace(snapshot, household, day)
    for dated in snapshot.definitions:
        if any(isinstance(node, AsOf) for node in walk(dated.expr)):
            for trace in traces[dated.id]:
                yield from _of(trace, day)


def _of(trace: Trace, day: int) -> Iterator[Any]:
    """The least parts that look at the date. What is not monotone counts as never alike."""
    expr = trace.expr
    if not _looks(expr):
        return
    if _rises(expr):
        yield trace.value
        return
    if (
        isinstance(expr.type, Day)
        or isinstance(expr, Items)
        or any(_looks(child) and not isinstance(child.type, Day) for child in children(expr))
    ):
        for child in trace.children:
            yield from _of(child, day)
        if isinstance(expr.type, Day):
            yield day
        return
    sides = [child for child in children(expr) if _looks(child)]
    match expr:
        case Compare("=") if len(sides) == 1 and _rises(sides[0]):
            left, right = (cast(possible.Interval, child.value) for child in trace.children)
            yield possible.less(left, right), possible.less_equal(left, right)
        case Compare() | DateDiff() if len(sides) == 1 and _rises(sides[0]):
            yield trace.value
        case Compare() if all(map(_rises, sides)):
            # where neither side is another, both are the same on every day between
            yield tuple(child.value for child in trace.children)
        case Calendar(CalendarPart.MONTH, arg) if _rises(arg):
            # it begins again with each year, but stays the same from one first of a month to the next
            yield possible.calendar(CalendarPart.START_OF_MONTH, cast(Interval, trace.children[0].value))
        case _:
            yield day


def _rises(expr: Expr) -> bool:
    """Whether an expression that looks at the date surely never falls as that goes on."""
    match expr:
        case AsOf():
            return True
        case Shift(arg, Const()):
            return _rises(arg)
        case Calendar(part, arg):
            return part is not CalendarPart.MONTH and _rises(arg)
        case _:
            return False


def _looks(expr: Expr) -> bool:
    return any(isinstance(node, AsOf) for node in walk(expr))
