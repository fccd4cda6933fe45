"""CORE along one fact: what every decision does while that fact runs over a stretch and all else stays as it is.

In: a snapshot, a household, a day, the fact that runs, a stretch of its values. Out: `Findings` for the whole stretch.
Called by `sensitivity`. At a single value it is what `evaluators.interpreter` gives; a test holds the two together.

A number has two ends (`core.possible`), and each end is an `AffineBound`. A truth or a code is a pair: all that is
possible somewhere in the stretch, and its dual, what is so everywhere. Where the two are alike it is the same
all along, also where it stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import assert_never, cast

from fupin_policy.core import possible
from fupin_policy.core.decision import Household, Traces
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    And,
    AsOf,
    Cases,
    Compare,
    Const,
    DateDiff,
    Divide,
    Expr,
    Fact,
    Least,
    Members,
    Multiply,
    Never,
    Not,
    OneOf,
    Or,
    Parameter,
    Period,
    Ref,
    Scale,
    Shift,
    Unknown,
)
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN, Interval, Value
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Dated
from fupin_policy.core.types import Code, Truth, Type
from fupin_policy.evaluators import affine_bounds
from fupin_policy.evaluators.affine_bounds import AffineBound, between, constant, hull, pick, reach

Pair = tuple[int, int]
"""A truth or a code over a stretch: all that it may be somewhere, and the dual of that."""

Ends = tuple[AffineBound, AffineBound]
"""A number or a day over a stretch: its least and its greatest possible value."""

AbstractValue = Pair | Ends


@dataclass(frozen=True, slots=True)
class Running:
    """The fact that runs: its name, and the position of the member whose it is, or None for the household's."""

    name: str
    member: int | None


@dataclass(frozen=True, slots=True)
class AffineScope:
    """What an expression can see. `fixed` are definitions that do not rest on the running fact."""

    running: Running
    over: Interval
    as_of: int
    shared: Mapping[str, Value]
    people: tuple[Mapping[str, Value], ...]
    fixed: Traces
    defined: dict[str, tuple[AbstractValue, ...]]
    member: int | None = None

    def at(self, member: int | None) -> AffineScope:
        """The same, looking at a member."""
        return AffineScope(
            self.running, self.over, self.as_of, self.shared, self.people, self.fixed, self.defined, member
        )


def scope_of(program: Program, household: Household, as_of: int, running: Running, fixed: Traces) -> AffineScope:
    """A household's scope, still without a stretch."""
    shared, *people = (
        {column.name: value for column, value in zip(inputs, facts, strict=True)}
        for inputs, facts in (
            (program.household_inputs, household.facts),
            *((program.member_inputs, person.facts) for person in household.members),
        )
    )
    return AffineScope(running, (0, 0), as_of, shared, tuple(people), fixed, {})


def run(scope: AffineScope, definitions: tuple[Dated, ...], over: Interval) -> AffineScope:
    """The scope with the definitions (in order of dependency) while the fact runs over a stretch."""
    found = AffineScope(scope.running, over, scope.as_of, scope.shared, scope.people, scope.fixed, {})
    for one in definitions:
        views = [found.at(index) for index in range(len(scope.people))] if one.level == "member" else [found]
        found.defined[one.id] = tuple(abstract_value(one.expr, view) for view in views)
    return found


def lifted(type_: Type, value: Value) -> AbstractValue:
    """A value that is the same all along."""
    if isinstance(type_, Truth | Code):
        return (cast(int, value), cast(int, value))
    low, high = cast(Interval, value)
    return (constant(low), constant(high))


def abstract_value(expr: Expr, scope: AffineScope) -> AbstractValue:
    """What an expression does over the scope's stretch."""
    found = _raw(expr, scope)
    if isinstance(expr.type, Truth) and found[0] in (FALSE, TRUE):
        # settled everywhere, whatever its dual was reckoned to be
        return found[0], found[0]
    return found


def _raw(expr: Expr, scope: AffineScope) -> AbstractValue:
    match expr:
        case Const(value, type_):
            return lifted(type_, value if isinstance(type_, Truth | Code) else (value, value))
        case Fact(name, level, type_):
            return _fact(name, level, type_, scope)
        case Unknown(_, type_):
            return lifted(type_, possible.top(type_))
        case Never(type_):
            return lifted(type_, possible.bottom(type_))
        case Ref(definition, level, type_):
            return _ref(definition, level, type_, scope)
        case AsOf(type_):
            return lifted(type_, (scope.as_of, scope.as_of))
        case Not(arg):
            wide, narrow = _pair(arg, scope)
            return possible.negate(wide), possible.negate(narrow)
        case And(args):
            return _folded([_pair(arg, scope) for arg in args], True)
        case Or(args):
            return _folded([_pair(arg, scope) for arg in args], False)
        case Compare(op, left, right):
            if isinstance(left.type, Code):
                return _same_code(_pair(left, scope), _pair(right, scope))
            return _compared(op, _ends(left, scope), _ends(right, scope), scope.over)
        case OneOf(arg, mask):
            wide, narrow = _pair(arg, scope)
            always = wide & ~mask == 0
            return (
                possible.truth(wide & mask != 0, always),
                possible.truth(always or narrow & mask != 0, narrow & ~mask == 0),
            )
        case Cases():
            return _cases(expr, scope)
        case Members():
            return _members(expr, scope)
        case Add() | Scale() | Multiply() | Divide() | Least() | DateDiff() | Shift():
            return _number(expr, scope)
        case Parameter():
            raise AssertionError(expr)
        case _:
            assert_never(expr)


def _number(expr: Add | Scale | Multiply | Divide | Least | DateDiff | Shift, scope: AffineScope) -> Ends:
    over = scope.over
    match expr:
        case Add(args):
            parts = [_ends(arg, scope) for arg in args]
            return affine_bounds.add([low for low, _ in parts]), affine_bounds.add([high for _, high in parts])
        case Scale(arg, factor):
            low, high = (affine_bounds.scaled(end, factor) for end in _ends(arg, scope))
            return (low, high) if factor >= 0 else (high, low)
        case Multiply(left, right):
            corners = [affine_bounds.times(a, b, over) for a in _ends(left, scope) for b in _ends(right, scope)]
            return pick(corners, False, over), pick(corners, True, over)
        case Divide(left, right, rounding):
            ends = [(a, b) for a in _ends(left, scope) for b in _ends(right, scope)]
            corners = [affine_bounds.divided(a, b, rounding, over) for a, b in ends]
            return pick(corners, False, over), pick(corners, True, over)
        case Least(args, greatest):
            parts = [_ends(arg, scope) for arg in args]
            return pick([low for low, _ in parts], greatest, over), pick([high for _, high in parts], greatest, over)
        case DateDiff(period, start, end):
            (first, last), (early, late) = _ends(start, scope), _ends(end, scope)
            of = (start.type, end.type)
            return _elapsed(period, last, early, over, of), _elapsed(period, first, late, over, of)
        case Shift(arg, amount, period):
            pairs = zip(_ends(arg, scope), _ends(amount, scope), strict=True)
            low, high = (_shifted(day, by, period, over, (arg.type, amount.type)) for day, by in pairs)
            return low, high
        case _:
            assert_never(expr)


def _pair(expr: Expr, scope: AffineScope) -> Pair:
    return cast(Pair, abstract_value(expr, scope))


def _ends(expr: Expr, scope: AffineScope) -> Ends:
    return cast(Ends, abstract_value(expr, scope))


def _fact(name: str, level: str, type_: Type, scope: AffineScope) -> AbstractValue:
    member = scope.member if level == "member" else None
    if name == scope.running.name and member == scope.running.member:
        first, last = scope.over
        line = constant(first) if first == last else AffineBound(1, 0, 0, True)
        return (line, line)
    return lifted(type_, scope.shared[name] if member is None else scope.people[member][name])


def _ref(definition: str, level: str, type_: Type, scope: AffineScope) -> AbstractValue:
    position = cast(int, scope.member) if level == "member" else 0
    found = scope.defined.get(definition)
    return lifted(type_, scope.fixed[definition][position].value) if found is None else found[position]


# -- truths and codes -------------------------------------------------------------------------------------------------


def _folded(pairs: list[Pair], both: bool) -> Pair:
    start, fold = (TRUE, and_) if both else (FALSE, or_)
    return reduce(fold, (wide for wide, _ in pairs), start), reduce(fold, (narrow for _, narrow in pairs), start)


def _same_code(a: Pair, b: Pair) -> Pair:
    wide = possible.same_code(a[0], b[0])
    if a[0] == a[1] and b[0] == b[1]:
        return wide, wide
    return wide, possible.truth(a[1] & b[1] != 0 or wide & 1 == 1, wide >> 1 == 1)


def _compared(op: str, a: Ends, b: Ends, over: Interval) -> Pair:
    """Two numbers or days; for each bit of the answer, whether it is set somewhere, and everywhere."""
    (a_low, a_high), (b_low, b_high) = a, b
    if op == "=":
        less, more = _compared("<=", a, b, over), _compared("<=", b, a, over)
        # surely alike where surely not less and surely not more, which says it with ends in the right order
        return less[0] & more[0], less[1] & more[1]
    margin = 1 if op == "<" else 0
    least_possible, most_possible = reach(affine_bounds.less(a_low, b_high), over)
    least_sure, most_sure = reach(affine_bounds.less(a_high, b_low), over)
    return (
        possible.truth(most_possible >= margin, least_sure >= margin),
        possible.truth(least_possible >= margin, most_sure >= margin),
    )


# -- days -------------------------------------------------------------------------------------------------------------


def _elapsed(
    period: Period, start: AffineBound, end: AffineBound, over: Interval, of: tuple[Type, Type]
) -> AffineBound:
    if period is Period.DAYS:
        return pick([affine_bounds.less(start, end), constant(0)], True, over)
    (first, last), (early, late) = _within(of[0], start, over), _within(of[1], end, over)
    return between(possible.date_diff_days(period, last, early), possible.date_diff_days(period, first, late))


def _shifted(
    day: AffineBound, amount: AffineBound, period: Period, over: Interval, of: tuple[Type, Type]
) -> AffineBound:
    if period is Period.DAYS:
        return affine_bounds.add([day, amount])
    (first, last), (few, many) = _within(of[0], day, over), _within(of[1], amount, over)
    return between(possible.shift_day(first, few, period), possible.shift_day(last, many, period))


def _within(type_: Type, line: AffineBound, over: Interval) -> Interval:
    """What a line reaches of its type's proven range, so that the calendar has the days."""
    least, most = cast(Interval, possible.top(type_))
    low, high = reach(line, over)
    return min(max(low, least), most), max(min(high, most), least)


# -- choices ----------------------------------------------------------------------------------------------------------


def _cases(expr: Cases, scope: AffineScope) -> AbstractValue:
    """The branches reached somewhere, and those of them that are reached everywhere."""
    ever: list[AbstractValue] = []
    always: list[AbstractValue] = []
    surely = True
    for test, value in expr.branches:
        wide, narrow = _pair(test, scope)
        if wide != FALSE:
            ever.append(abstract_value(value, scope))
            if surely and narrow & 2:
                always.append(ever[-1])
        # everywhere: no branch before was sure to be taken anywhere
        surely = surely and narrow & 1 == 0
        if wide == TRUE:
            break
    else:
        # what is left of a choice that covers everything adds nothing
        if not (isinstance(expr.otherwise, Never) and ever):
            ever.append(abstract_value(expr.otherwise, scope))
            always += ever[-1:] if surely else []
    return _joined(expr.type, ever, always, scope.over)


def _joined(type_: Type, ever: list[AbstractValue], always: list[AbstractValue], over: Interval) -> AbstractValue:
    if isinstance(type_, Truth | Code):
        pairs, sure = cast(list[Pair], ever), cast(list[Pair], always)
        wide = reduce(lambda a, b: cast(int, possible.join(type_, a, b)), (one for one, _ in pairs))
        if sure:
            return wide, reduce(lambda a, b: cast(int, possible.join(type_, a, b)), (one for _, one in sure))
        return wide, reduce(lambda a, b: _met(type_, a, b), (one for _, one in pairs))
    numbers, kept = cast(list[Ends], ever), cast(list[Ends], always)
    return (
        _chosen([low for low, _ in numbers], [low for low, _ in kept], False, over),
        _chosen([high for _, high in numbers], [high for _, high in kept], True, over),
    )


def _met(type_: Type, a: int, b: int) -> int:
    """What both allow: the dual of a join."""
    return a & b if isinstance(type_, Code) else (a & b & 2) | ((a | b) & 1)


def _chosen(ever: list[AffineBound], always: list[AffineBound], greatest: bool, over: Interval) -> AffineBound:
    """The least, or greatest, of what is reached, where it is not known everywhere what that is."""
    if len(ever) == len(always):
        return pick(ever, greatest, over)
    if all(one == ever[0] for one in ever):
        return ever[0]
    low, high = reach(hull(ever, over), over)
    if always:
        least, most = reach(pick(always, greatest, over), over)
        return between(max(low, least), high) if greatest else between(low, min(high, most))
    return between(low, high)


# -- members ----------------------------------------------------------------------------------------------------------


def _members(expr: Members, scope: AffineScope) -> AbstractValue:
    views = [scope.at(index) for index in range(len(scope.people))]
    where = [_pair(expr.where, view) for view in views]
    if expr.aggregate is Aggregate.ANY:
        return _folded(where, False)
    if expr.value is None:
        return (
            between(sum(wide & 1 for wide, _ in where), sum(narrow & 1 for _, narrow in where)),
            between(sum(narrow >> 1 for _, narrow in where), sum(wide >> 1 for wide, _ in where)),
        )
    values = [_ends(expr.value, view) for view in views]
    if expr.aggregate is Aggregate.SUM:
        return _total(where, values, scope.over)
    if expr.default is None:
        raise AssertionError("no default")
    default = _ends(expr.default, scope.at(None))
    return _extreme(where, values, default, expr.aggregate is Aggregate.MAX, scope.over)


def _total(where: list[Pair], values: list[Ends], over: Interval) -> Ends:
    lows, highs = [], []
    nil = constant(0)
    for states, (low, high) in zip((_states(pair) for pair in where), values, strict=True):
        of_low = {FALSE: nil, UNKNOWN: pick([nil, low], False, over), TRUE: low}
        of_high = {FALSE: nil, UNKNOWN: pick([nil, high], True, over), TRUE: high}
        lows.append(hull([of_low[state] for state in states], over))
        highs.append(hull([of_high[state] for state in states], over))
    return affine_bounds.add([nil, *lows]), affine_bounds.add([nil, *highs])


def _states(pair: Pair) -> list[int]:
    """The truth's values that may be met somewhere."""
    wide, narrow = pair
    return [
        state
        for state in (FALSE, UNKNOWN, TRUE)
        if narrow & 2 <= state & 2 <= wide & 2 and wide & 1 <= state & 1 <= narrow & 1
    ]


def _extreme(where: list[Pair], values: list[Ends], default: Ends, greatest: bool, over: Interval) -> Ends:
    if any(wide != narrow for wide, narrow in where):
        outer = [(reach(low, over)[0], reach(high, over)[1]) for low, high in [*values, default]]
        bounds = possible.extreme_of([wide for wide, _ in where], outer[:-1], outer[-1], greatest)
        return between(*bounds), between(*bounds)
    maybe = [ends for (bits, _), ends in zip(where, values, strict=True) if bits != FALSE]
    sure = [ends for (bits, _), ends in zip(where, values, strict=True) if bits == TRUE]
    if not sure:
        reached = [*maybe, default]
        return pick([low for low, _ in reached], False, over), pick([high for _, high in reached], True, over)
    return (
        pick([low for low, _ in (sure if greatest else maybe)], greatest, over),
        pick([high for _, high in (maybe if greatest else sure)], greatest, over),
    )
