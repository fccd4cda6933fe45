"""How a household's decisions change while one fact of it runs, and all else stays as it is: exact, not sampled.

In: a ruleset, a household, a day, the fact that runs and its bounds. Out: a `Sensitivity`: segments within which every
status is the same and every amount is one straight line but for rounding. Called by `cli`.

What `affine` says of a stretch is sound for each value in it. So where it settles all decisions they are settled; else
the stretch is halved, the longest first, down to single values. Codes and truths are tried each.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import heappop, heappush
from math import floor
from typing import cast

from fupin_policy.analysis.sensitivity.sweep_variable import (
    SweepVariable,
    changed,
    columns,
    held,
    resting,
    rules_of,
    rules_of_everybody,
)
from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.possible import FALSE, TRUE, Interval, Value
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Dated, Snapshot
from fupin_policy.core.types import Code, Truth
from fupin_policy.evaluators import interpreter
from fupin_policy.evaluators.affine import AffineScope, Running, run, scope_of
from fupin_policy.evaluators.affine_algebra import AbstractValue, Ends, Pair, lifted
from fupin_policy.evaluators.affine_bounds import AffineBound
from fupin_policy.evaluators.invariance import InvarianceProof
from fupin_policy.ruleset import Ruleset

MOST = 4000
"""How many stretches are looked at. What is still open then is reported as such."""


FARTHEST = 64
"""By how many values a bend may be moved."""


@dataclass(frozen=True, slots=True)
class DecisionShape:
    """What the decisions are over a stretch, of the rules that rest on the fact: by position of the rule.

    `bits` are the outcomes; `lines` the least and the greatest amount of each subject. `settled`: all that is proven;
    else nothing is claimed of the values within.
    """

    bits: tuple[tuple[Pair, ...], ...]
    lines: tuple[tuple[Ends, ...], ...]
    settled: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """Values of the fact, both inclusive, with the decisions at the first and at the last.

    `still`: for each rule that rests on the fact, whose amounts (a member's, or None for the household's) are surely
    the same at the first value as at the one before, whatever is unknown.
    """

    first: int
    last: int
    shape: DecisionShape
    begins: Evaluation
    ends: Evaluation
    still: tuple[frozenset[str | None], ...]


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """One code, or one truth, and the decisions with it. `value` is what the facts' columns hold."""

    label: str
    label_en: str
    value: tuple[Value, ...]
    evaluation: Evaluation


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Segments in order, or cases. `own` is the value that the household was given with, if it is known.

    `rules` are the positions of the policies that rest on the fact, `shared` of those that do for every member;
    `looked` is how many stretches were evaluated.
    """

    household: str
    varied: SweepVariable
    own: int | None
    rules: tuple[int, ...]
    shared: frozenset[int]
    segments: tuple[Segment, ...]
    cases: tuple[CaseOutcome, ...]
    looked: int

    @property
    def settled(self) -> bool:
        """Whether every segment is proven; else the work was bounded before."""
        return all(one.shape.settled for one in self.segments)

    @property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """All that was evaluated exactly, in order: both ends of each segment, or each case."""
        ends = (one for segment in self.segments for one in (segment.begins, segment.ends))
        return (*ends, *(case.evaluation for case in self.cases))


@dataclass(frozen=True, slots=True)
class _Piece:
    first: int
    last: int
    shape: DecisionShape


def over_values(
    ruleset: Ruleset, household: Household, day: int, varied: SweepVariable, bounds: Interval, most: int = MOST
) -> Sensitivity:
    """The segments of a number or a date between two values (both inclusive, in units of the fact's type)."""
    looker = _SegmentSearch.of(ruleset, household, day, varied)
    pieces = looker.sharpened(_merged(looker.pieces(bounds, most)))
    (held_value,) = held(ruleset.program, household, varied, looker.where)
    segments = tuple(looker.segment(one, one.first > bounds[0]) for one in pieces)
    own = held_value[0] if isinstance(held_value, tuple) and held_value[0] == held_value[1] else None
    shared = rules_of_everybody(looker.snapshot, varied.fact)
    return Sensitivity(household.id, varied, own, looker.rules, shared, segments, (), len(looker.seen))


def within(found: Sensitivity, ruleset: Ruleset, household: Household, day: int, bounds: Interval) -> Sensitivity:
    """The same, of fewer values."""
    looker = _SegmentSearch.of(ruleset, household, day, found.varied)
    kept = []
    for one in found.segments:
        first, last = max(one.first, bounds[0]), min(one.last, bounds[1])
        if first <= last:
            begins = one.begins if first == one.first else looker.decide(first)
            ends = one.ends if last == one.last else looker.decide(last)
            kept.append(Segment(first, last, one.shape, begins, ends, one.still))
    return replace(found, segments=tuple(kept))


def over_codes(ruleset: Ruleset, household: Household, day: int, varied: SweepVariable) -> Sensitivity:
    """Every code, or truth. A fact that holds several codes is given each alone, and none."""
    program, fact = ruleset.program, varied.fact
    where = columns(program, fact)
    own = held(program, household, varied, where)
    cases = []
    for label, label_en, values in _choices(program, fact, where):
        evaluation = ruleset.decide(changed(program, household, varied, where, values), day)
        cases.append(CaseOutcome(label, label_en, values, evaluation))
    at = next((index for index, case in enumerate(cases) if case.value == own), None)
    snapshot = ruleset.snapshot(to_date(day))
    rules, shared = rules_of(snapshot, fact), rules_of_everybody(snapshot, fact)
    return Sensitivity(household.id, varied, at, rules, shared, (), tuple(cases), len(cases))


def _choices(program: Program, fact: FactDecl, where: tuple[int, ...]) -> Iterator[tuple[str, str, tuple[Value, ...]]]:
    if isinstance(fact.type, Truth):
        yield "是", "yes", (TRUE,)
        yield "否", "no", (FALSE,)
        return
    assert isinstance(fact.type, Code)
    codes = program.code_lists[fact.type.code_list].codes
    if fact.kind != "codes":
        for index, code in enumerate(codes):
            yield code.label, code.name, (1 << index,)
        return
    inputs = program.inputs_of(fact.level)
    names = [inputs[column].id.code for column in where]
    yield "都没有", "none", tuple(FALSE for _ in names)
    for code in codes:
        if code.name in names:
            yield code.label, code.name, tuple(TRUE if name == code.name else FALSE for name in names)


# -- looking ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _SegmentSearch:
    """Looks at stretches of one household's fact; `seen` are those looked at."""

    ruleset: Ruleset
    household: Household
    day: int
    varied: SweepVariable
    snapshot: Snapshot
    where: tuple[int, ...]
    rules: tuple[int, ...]
    parts: tuple[Dated, ...]
    scope: AffineScope
    seen: list[Interval]

    @classmethod
    def of(cls, ruleset: Ruleset, household: Household, day: int, varied: SweepVariable) -> _SegmentSearch:
        snapshot, program = ruleset.snapshot(to_date(day)), ruleset.program
        running = Running(InputId(varied.fact.name), varied.whose(program, household))
        fixed = interpreter.trace(snapshot, household, day)
        return cls(
            ruleset,
            household,
            day,
            varied,
            snapshot,
            columns(program, varied.fact),
            rules_of(snapshot, varied.fact),
            resting(snapshot, frozenset([InputId(varied.fact.name)])),
            scope_of(program, household, day, running, fixed),
            [],
        )

    def decide(self, value: int) -> Evaluation:
        """The decisions at one value."""
        household = changed(self.ruleset.program, self.household, self.varied, self.where, ((value, value),))
        return self.ruleset.decide(household, self.day)

    def segment(self, piece: _Piece, later: bool) -> Segment:
        """A stretch with the decisions at both ends; `later`: another one stands before it."""
        still = self.still(piece.first) if later else ()
        return Segment(piece.first, piece.last, piece.shape, self.decide(piece.first), self.decide(piece.last), still)

    def still(self, first: int) -> tuple[frozenset[str | None], ...]:
        """For each rule, whose amounts surely are at a value what they are at the value before."""
        asked = InvarianceProof(
            run(self.scope, self.parts, (first - 1, first)), {one.id: one.expr for one in self.parts}
        )
        found = []
        for rule in (self.snapshot.rules[index] for index in self.rules):
            views = list(enumerate(self.household.ids)) if rule.policy.level == "member" else [(None, None)]
            found.append(
                frozenset(name for at, name in views if rule.payable is None or asked.definition(rule.payable, at))
            )
        return tuple(found)

    def pieces(self, bounds: Interval, most: int) -> list[_Piece]:
        """Stretches that are settled, and those that still were not when enough was looked at."""
        found: list[_Piece] = []
        waiting: list[tuple[int, int, int, DecisionShape]] = []

        def look(first: int, last: int) -> None:
            shape = self._shape((first, last))
            if shape.settled:
                found.append(_Piece(first, last, shape))
            else:
                heappush(waiting, (first - last, first, last, shape))

        look(*bounds)
        while waiting and len(self.seen) < most:
            _, first, last, _ = heappop(waiting)
            middle = (first + last) // 2
            look(first, middle)
            look(middle + 1, last)
        found += [_Piece(first, last, shape) for _, first, last, shape in waiting]
        return sorted(found, key=lambda piece: piece.first)

    def sharpened(self, pieces: list[_Piece]) -> list[_Piece]:
        """Each bend put where its lines cross; what lies on the crossing still belongs to the first.

        Where amounts are rounded a value near a bend may be on both lines, and halving leaves it to either.
        """
        kept = pieces[:1]
        for piece in pieces[1:]:
            before, bend = kept[-1], _crossing(kept[-1], piece)
            if bend is not None and before.first < bend <= piece.last and self._may_move(before, piece, bend):
                kept[-1], piece = replace(before, last=bend - 1), replace(piece, first=bend)
            kept.append(piece)
        return kept

    def _may_move(self, before: _Piece, after: _Piece, bend: int) -> bool:
        """Whether all values between the bend and where the pieces meet lie on the line of their new piece."""
        shape = before.shape if bend > after.first else after.shape
        moved = range(min(bend, after.first), max(bend, after.first))
        return len(moved) <= FARTHEST and all(_fits(_Piece(x, x, self._shape((x, x))), shape) for x in moved)

    def _shape(self, over: Interval) -> DecisionShape:
        self.seen.append(over)
        defined = run(self.scope, self.parts, over).defined
        rules = [self.snapshot.rules[index] for index in self.rules]
        bits = tuple(cast(tuple[Pair, ...], self._of(defined, rule.outcome)) for rule in rules)
        lines = tuple(
            () if rule.payable is None else cast(tuple[Ends, ...], self._of(defined, rule.payable)) for rule in rules
        )
        same = all(wide == narrow for pairs in bits for wide, narrow in pairs)
        return DecisionShape(bits, lines, same and all(end.straight for each in lines for ends in each for end in ends))

    def _of(
        self, defined: dict[DefinitionId, tuple[AbstractValue, ...]], definition: DefinitionId
    ) -> tuple[AbstractValue, ...]:
        found = defined.get(definition)
        if found is not None:
            return found
        return tuple(lifted(trace.expr.type, trace.value) for trace in self.scope.fixed[definition])


def _merged(pieces: list[_Piece]) -> list[_Piece]:
    """Neighbours that are one: alike in status, and on the same lines."""
    kept: list[_Piece] = []
    for piece in pieces:
        # what grows to the left may take in more single values before it
        while kept and (shape := _together(kept[-1], piece)) is not None:
            piece = _Piece(kept.pop().first, piece.last, shape)
        kept.append(piece)
        while len(kept) > 2 and (bend := _shared_out(*kept[-3:])) is not None:
            before, _, after = kept[-3:]
            kept[-3:] = [replace(before, last=bend - 1), replace(after, first=bend)]
    return kept


def _shared_out(before: _Piece, middle: _Piece, after: _Piece) -> int | None:
    """Where a bit that rounding makes at a bend ends for one neighbour and begins for the other; None if it is no such.

    All values before must lie on the lines of the one, all others on those of the other; of such places the one nearest
    to where the lines cross.
    """
    three = (before, middle, after)
    if not all(one.shape.settled and one.shape.bits == middle.shape.bits for one in three):
        return None
    values = range(middle.first, middle.last + 1)
    # on a line up to some value, and from some value on
    most = bisect_left(values, True, key=lambda x: not _fits(_Piece(middle.first, x, middle.shape), before.shape))
    least = bisect_left(values, True, key=lambda x: _fits(_Piece(x, middle.last, middle.shape), after.shape))
    if least > most:
        return None
    crossing = _crossing(before, after)
    low, high = middle.first + least, middle.first + most
    return high if crossing is None else min(max(crossing, low), high)


def _together(one: _Piece, other: _Piece) -> DecisionShape | None:
    """The shape of both: of one of them, if the other is like it, or a bit of it that rounding makes constant."""
    if not one.shape.settled and not other.shape.settled:
        return replace(one.shape, lines=(), bits=())
    if not one.shape.settled or not other.shape.settled or one.shape.bits != other.shape.bits:
        return None
    if one.shape == other.shape or _fits(other, one.shape):
        return one.shape
    return other.shape if _fits(one, other.shape) else None


def _crossing(before: _Piece, after: _Piece) -> int | None:
    """The first value past the crossing of two neighbours' lines, by the line that is rounded least."""
    if not before.shape.settled or not after.shape.settled or before.shape.bits != after.shape.bits:
        return None
    pairs = [(a, b) for a, b in zip(_each(before.shape), _each(after.shape), strict=True) if a.slope != b.slope]
    if not pairs:
        return None
    a, b = min(pairs, key=lambda pair: sum(line.high - line.low for line in pair))
    return floor(Fraction(b.low + b.high - a.low - a.high) / (2 * (a.slope - b.slope))) + 1


def _fits(piece: _Piece, shape: DecisionShape) -> bool:
    """Whether all values of a piece lie on the lines of a shape: rounding alone keeps it from being a part of that.

    Where one of several rounded terms is not yet a unit, a bit has another slope, within the rounding of the whole.
    """
    pairs = zip(_each(piece.shape), _each(shape), strict=True)
    return all(_lies_on(at, line, x) for at, line in pairs for x in (piece.first, piece.last))


def _lies_on(at: AffineBound, line: AffineBound, x: int) -> bool:
    """Whether at x all that a number may be is on a line; if so at two values, it is so between them."""
    rest = (at.slope - line.slope) * x
    return line.low <= rest + at.low and rest + at.high <= line.high


def _each(shape: DecisionShape) -> Iterator[AffineBound]:
    return (end for each in shape.lines for ends in each for end in ends)
