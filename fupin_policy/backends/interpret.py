"""The meaning of CORE: one household, one value a node, and the trace of how it came about.

In: a `Snapshot`, a `Household`, a day. Out: `Findings`, and traces on request. Called by `ruleset`; the other
backends are held against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never, cast

from fupin_policy.core import possible
from fupin_policy.core.decision import Findings, Household, Trace
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    And,
    AsOf,
    Cases,
    Compare,
    Const,
    Divide,
    Elapsed,
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
    Ref,
    Scale,
    Shift,
    Unknown,
    children,
)
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.program import Input
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.core.types import Code

Traces = dict[str, tuple[Trace, ...]]
"""For each definition its trace: one for a household's, one a member for a member's."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """What an expression can see: the facts in reach, the definitions so far, and which member is looked at."""

    days: Interval
    shared: Mapping[str, Value]
    people: tuple[Mapping[str, Value], ...]
    ids: tuple[str, ...]
    defined: Traces
    member: int | None = None

    def looking_at(self, member: int) -> _Scope:
        return _Scope(self.days, self.shared, self.people, self.ids, self.defined, member)


def evaluate(snapshot: Snapshot, household: Household, as_of: int) -> Findings:
    """Every rule's outcome and payable amount for a household on a day within the snapshot's validity."""
    return findings(snapshot, trace(snapshot, household, as_of))


def findings(snapshot: Snapshot, traces: Traces) -> Findings:
    """The values that the rules' definitions had."""
    outcomes = tuple(tuple(cast(int, t.value) for t in traces[rule.outcome]) for rule in snapshot.rules)
    amounts = tuple(
        None if rule.payable is None else tuple(cast(Interval, t.value) for t in traces[rule.payable])
        for rule in snapshot.rules
    )
    return Findings(outcomes, amounts)


def trace(snapshot: Snapshot, household: Household, as_of: int) -> Traces:
    """Every definition's trace, in order of dependency."""
    return trace_over(snapshot, household, (as_of, as_of))


def trace_over(snapshot: Snapshot, household: Household, days: Interval) -> Traces:
    """The traces for a date that is not known, but for the first and the last day that it may be."""
    program = snapshot.program
    scope = _Scope(
        days,
        _named(program.household_inputs, household.facts),
        tuple(_named(program.member_inputs, person.facts) for person in household.members),
        tuple(person.id for person in household.members),
        {},
    )
    for definition in snapshot.definitions:
        if definition.level == "member":
            views = [scope.looking_at(index) for index in range(len(household.members))]
            scope.defined[definition.id] = tuple(_trace(definition.expr, view) for view in views)
        else:
            scope.defined[definition.id] = (_trace(definition.expr, scope),)
    return scope.defined


def _named(inputs: tuple[Input, ...], facts: tuple[Value, ...]) -> dict[str, Value]:
    return {column.name: value for column, value in zip(inputs, facts, strict=True)}


def _trace(expr: Expr, scope: _Scope) -> Trace:
    member = None if scope.member is None else scope.ids[scope.member]
    if isinstance(expr, Members):
        return _members(expr, scope)
    if isinstance(expr, Cases):
        return _cases(expr, scope)
    parts = tuple(_trace(part, scope) for part in children(expr))
    return Trace(expr, _apply(expr, [part.value for part in parts], scope), parts, member)


def _apply(expr: Expr, values: list[Value], scope: _Scope) -> Value:
    """The value of a node whose operands' values are given."""
    truths = cast(list[int], values)
    numbers = cast(list[Interval], values)
    match expr:
        case Const(value, type_):
            return value if isinstance(possible.whole(type_), int) else (value, value)
        case Fact(name, level):
            return scope.shared[name] if level != "member" else scope.people[_member(scope)][name]
        case Unknown(_, type_):
            return possible.whole(type_)
        case Never(type_):
            return possible.nothing(type_)
        case Ref(definition, level):
            found = scope.defined[definition]
            return found[_member(scope)].value if level == "member" else found[0].value
        case AsOf():
            return scope.days
        case Not():
            return possible.negate(truths[0])
        case And():
            return _fold_and(truths)
        case Or():
            return _fold_or(truths)
        case Compare(op, left):
            return _compare(op, isinstance(left.type, Code), values)
        case OneOf(_, mask):
            return possible.one_of(truths[0], mask)
        case Add():
            return (sum(low for low, _ in numbers), sum(high for _, high in numbers))
        case Scale(_, factor):
            return possible.scaled(numbers[0], factor)
        case Multiply():
            return possible.times(numbers[0], numbers[1])
        case Divide(_, _, rounding):
            return possible.over(numbers[0], numbers[1], rounding)
        case Least(_, greatest):
            return possible.extreme(numbers, greatest)
        case Elapsed(period):
            return possible.elapsed(period, numbers[0], numbers[1])
        case Shift(_, _, period):
            return possible.shift(numbers[0], numbers[1], period)
        case Parameter() | Members() | Cases():
            raise AssertionError(expr)
        case _:
            assert_never(expr)


def _member(scope: _Scope) -> int:
    if scope.member is None:
        raise AssertionError("a member's value outside of a member")
    return scope.member


def _fold_and(truths: list[int]) -> int:
    result = possible.TRUE
    for bits in truths:
        result &= bits
    return result


def _fold_or(truths: list[int]) -> int:
    result = possible.FALSE
    for bits in truths:
        result |= bits
    return result


def _compare(op: str, codes: bool, values: list[Value]) -> int:
    if codes:
        first, second = cast(list[int], values)
        return possible.same_code(first, second)
    left, right = cast(list[Interval], values)
    match op:
        case "<":
            return possible.less(left, right)
        case "<=":
            return possible.less_equal(left, right)
        case _:
            return possible.equal(left, right)


def _cases(expr: Cases, scope: _Scope) -> Trace:
    """Only branches that can be reached take part; a branch surely reached ends the search."""
    reached: list[Trace] = []
    looked: list[Trace] = []
    for test, value in expr.branches:
        tested = _trace(test, scope)
        looked.append(tested)
        if tested.value == possible.FALSE:
            continue
        reached.append(_trace(value, scope))
        looked.append(reached[-1])
        if tested.value == possible.TRUE:
            break
    else:
        reached.append(_trace(expr.otherwise, scope))
        looked.append(reached[-1])
    result = reached[0].value
    for other in reached[1:]:
        result = possible.join(expr.type, result, other.value)
    member = None if scope.member is None else scope.ids[scope.member]
    return Trace(expr, result, tuple(looked), member)


def _members(expr: Members, scope: _Scope) -> Trace:
    views = [scope.looking_at(index) for index in range(len(scope.people))]
    where = [_trace(expr.where, view) for view in views]
    selected = [cast(int, part.value) for part in where]
    valued = [] if expr.value is None else [_trace(expr.value, view) for view in views]
    values = [cast(Interval, part.value) for part in valued]
    parts = (*where, *valued)
    value: Value
    match expr.aggregate:
        case Aggregate.ANY:
            value = _fold_or(selected)
        case Aggregate.COUNT:
            value = possible.count(selected)
        case Aggregate.SUM:
            value = possible.total(selected, values)
        case Aggregate.MIN | Aggregate.MAX:
            if expr.default is None:
                raise AssertionError("no default")
            default = _trace(expr.default, _Scope(scope.days, scope.shared, scope.people, scope.ids, scope.defined))
            parts = (*parts, default)
            value = possible.extreme_of(
                selected, values, cast(Interval, default.value), expr.aggregate is Aggregate.MAX
            )
        case _:
            assert_never(expr.aggregate)
    return Trace(expr, value, parts)
