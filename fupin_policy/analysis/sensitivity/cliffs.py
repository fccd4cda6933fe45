"""A `Sensitivity` in money: totals, thresholds, cliffs, and stretches on which more brings less.

In: a `Sensitivity` and the ruleset's snapshot. Out: the exact places and amounts, in the currency's smallest units.
Called by `cli` and `reports.charts`.

There are two totals, as there is no honest sum of them: what is given in a year (a monthly amount twelve times, one a
term twice, a daily one 365 times), and what is given once. What people pay themselves is taken off; loans are in none.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from fupin_policy.analysis.sensitivity.segments import Segment, Sensitivity
from fupin_policy.core.benefits import TotalPeriod, sign, signed, span_of, times
from fupin_policy.core.decision import Amount, Decision
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.possible import Interval, add
from fupin_policy.core.program import Program, is_income
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.core.types import Number, Unit

SPANS: tuple[TotalPeriod, ...] = ("year", "once")


@dataclass(frozen=True, slots=True)
class ThresholdChange:
    """A policy at a threshold: another status (or receiver), another amount at once, or another slope from there on."""

    kind: Literal["status", "amount", "slope"]
    before: Decision
    after: Decision


@dataclass(frozen=True, slots=True)
class Threshold:
    """The first value at which something is not as it was up to the value before."""

    at: int
    changes: tuple[ThresholdChange, ...]


@dataclass(frozen=True, slots=True)
class Cliff:
    """One step of the fact that loses more than it brings, by `low` to `high`; not surely, where `low` is not above 0.

    `policies` are those whose amounts fall.
    """

    at: int
    span: TotalPeriod
    low: int
    high: int
    policies: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Falling:
    """From one value to another more of the fact steadily brings less: `lost` in all, own gain counted."""

    first: int
    last: int
    span: TotalPeriod
    lost: int


@dataclass(frozen=True, slots=True)
class Money:
    """Adds up what decisions give, less what they take: `signs` says which way each policy's money goes.

    `gain` is what one step of the fact itself brings in a year, where it is an income.
    """

    found: Sensitivity
    signs: tuple[int, ...]
    unit: Unit
    gain: Fraction

    @classmethod
    def of(cls, found: Sensitivity, snapshot: Snapshot) -> Money:
        """For a snapshot's policies."""
        signs = tuple(0 if rule.version is None else sign(rule.version.benefit.kind) for rule in snapshot.rules)
        return cls(found, signs, snapshot.program.money, own_gain(found.varied.fact, snapshot.program))

    def part(self, evaluation: Evaluation, index: int, span: TotalPeriod) -> Interval:
        """What one policy adds to a total."""
        return add([*self._amounts(evaluation.decisions[index], index, span).values()])

    def _amounts(self, decision: Decision, index: int, span: TotalPeriod) -> dict[str | None, Interval]:
        """What is counted, by member (or None for the household): all that rests on the fact, and what else is exact.

        Both ends are signed: what one pays counts below zero.

        What is open for other reasons is constant on the range, whatever it is.
        """
        amount = decision.amount
        way = self.signs[index]
        if amount is None or not way or span_of(amount.per) != span:
            return {}
        each: dict[str | None, Amount] = {
            member.member: member.amount for member in decision.members if member.amount is not None
        }
        every = index in self.found.shared
        rests = index in self.found.rules
        often = times(amount.per)
        return {
            whose: signed((one.low * often, one.high * often), way)
            for whose, one in (each or {None: amount}).items()
            if one.exact or every or (rests and whose in (None, self.found.varied.member))
        }

    def left_out(self) -> tuple[Decision, ...]:
        """The decisions of which something is open that does not rest on the fact, and so is not counted."""
        first = self.found.evaluations[0]
        return tuple(
            one
            for index, one in enumerate(first.decisions)
            if one.amount is not None
            and self.signs[index]
            and len({one.member for one in one.members if one.amount is not None} or {None})
            != max(len(self._amounts(one, index, span)) for span in SPANS)
        )

    def total(self, evaluation: Evaluation, span: TotalPeriod) -> Interval:
        """The net total of all policies, least and most."""
        return add([self.part(evaluation, index, span) for index in range(len(self.signs))])

    def thresholds(self) -> tuple[Threshold, ...]:
        """Every value at which some decision changes its status, its amount at once, or its slope."""
        pairs = zip(self.found.segments, self.found.segments[1:], strict=False)
        found = (Threshold(later.first, self._changes(earlier, later)) for earlier, later in pairs)
        return tuple(one for one in found if one.changes)

    def cliffs(self) -> tuple[Cliff, ...]:
        """Every single step at which amounts jump, and that loses more than it brings.

        Steps that are no more than rounding, or than a slope, are not among them.
        """
        pairs = zip(self.found.segments, self.found.segments[1:], strict=False)
        found = (self._cliff(earlier, later, span) for earlier, later in pairs for span in SPANS)
        return tuple(one for one in found if one is not None)

    def falling(self) -> tuple[Falling, ...]:
        """Segments over which the exact total falls by more than the fact itself brings."""
        found = []
        for segment in self.found.segments:
            for span in SPANS:
                (low, high), (least, most) = self.total(segment.begins, span), self.total(segment.ends, span)
                lost = low - least - self.gain * (segment.last - segment.first)
                if low == high and least == most and lost > 0 and segment.shape.settled:
                    found.append(Falling(segment.first, segment.last, span, int(lost)))
        return tuple(found)

    def _cliff(self, earlier: Segment, later: Segment, span: TotalPeriod) -> Cliff | None:
        low = high = -self.gain
        fallen = []
        for position, index in enumerate(self.found.rules):
            before, after = (self._amounts(one.decisions[index], index, span) for one in (earlier.ends, later.begins))
            falls = False
            for whose in (before.keys() | after.keys()) - later.still[position]:
                was, becomes = before.get(whose, (0, 0)), after.get(whose, (0, 0))
                low, high = low + was[0] - becomes[1], high + was[1] - becomes[0]
                falls = falls or becomes[0] < was[0] or becomes[1] < was[1]
            if falls and _jumps(earlier, later, position, index):
                fallen.append(later.begins.decisions[index])
        totals = self.total(earlier.ends, span), self.total(later.begins, span)
        drops = any(was - becomes > self.gain for was, becomes in zip(*totals, strict=True))
        return (
            Cliff(later.first, span, floor(low), floor(high), tuple(fallen)) if drops and fallen and high > 0 else None
        )

    def _changes(self, earlier: Segment, later: Segment) -> tuple[ThresholdChange, ...]:
        found = []
        for position, index in enumerate(self.found.rules):
            before, after = earlier.ends.decisions[index], later.begins.decisions[index]
            if _receivers(before) != _receivers(after):
                found.append(ThresholdChange("status", before, after))
            elif earlier.shape.settled and later.shape.settled:
                if earlier.shape.lines[position] != later.shape.lines[position]:
                    jumps = _jumps(earlier, later, position, index)
                    found.append(ThresholdChange("amount" if jumps else "slope", before, after))
            elif before.amount != after.amount:
                found.append(ThresholdChange("amount", before, after))
        return tuple(found)


def own_gain(fact: FactDecl, program: Program) -> Fraction:
    """What one step of a fact brings by itself in a year: an income is money with which benefits never rise.

    Where the fact does not say how often it comes (`per`), it is taken to come once a year.
    """
    if not isinstance(fact.type, Number) or not is_income(fact, program):
        return Fraction(0)
    return Fraction(10**program.decimals, 10**fact.type.scale) * times(fact.per or "year")


def rate(segment: Segment, found: Sensitivity, index: int) -> tuple[Fraction, Fraction]:
    """By how much a policy's least and greatest amount change a step of the fact, within a segment."""
    if index not in found.rules or not segment.shape.settled:
        return Fraction(0), Fraction(0)
    lines = segment.shape.lines[found.rules.index(index)]
    return Fraction(sum(low.slope for low, _ in lines)), Fraction(sum(high.slope for _, high in lines))


def rounding(segment: Segment) -> int:
    """How far, at most, an amount of the segment lies from the straight line between its ends, in smallest units."""
    ends = [[pair[end] for pair in each] for each in segment.shape.lines for end in (0, 1)]
    spreads = [sum((Fraction(line.high - line.low) for line in each), Fraction(0)) for each in ends]
    return ceil(max(spreads, default=Fraction(0)))


def _receivers(decision: Decision) -> tuple[object, ...]:
    return (
        decision.status,
        decision.beneficiaries,
        decision.possible_beneficiaries,
        tuple((member.member, member.status) for member in decision.members),
    )


def _jumps(earlier: Segment, later: Segment, position: int, index: int) -> bool:
    """Whether a policy's amounts change by more in one step than slopes and rounding explain."""
    if not (earlier.shape.settled and later.shape.settled):
        return True
    before, after = earlier.ends.decisions[index].amount, later.begins.decisions[index].amount
    (low, high), (least, most) = _interval(before), _interval(after)
    lines = [shape.lines[position] for shape in (earlier.shape, later.shape)]
    for end, step in enumerate((least - low, most - high)):
        pairs = [(a[end], b[end]) for a, b in zip(*lines, strict=True)]
        if abs(step) > sum(max(abs(a.slope), abs(b.slope)) + a.high - a.low + b.high - b.low for a, b in pairs):
            return True
    return False


def _interval(amount: Amount | None) -> Interval:
    return (0, 0) if amount is None else (amount.low, amount.high)


def window(found: Sensitivity, bounds: Interval) -> Interval:
    """The part of a range that is worth showing: around all changes and the household's own value."""
    marks = [segment.first for segment in found.segments[1:]] + ([] if found.own is None else [found.own])
    if not marks:
        return bounds
    low, high = min(marks), max(marks)
    margin = max((high - low) // 6, max(abs(low), abs(high)) // 6 if low == high else 0, 1)
    step = 10 ** max(0, len(str(margin)) - 1) if isinstance(found.varied.fact.type, Number) else 1
    first, last = (low - margin) // step * step, -(-(high + margin) // step) * step
    return max(bounds[0], first), min(bounds[1], last)
