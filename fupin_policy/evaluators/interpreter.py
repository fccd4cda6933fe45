"""The meaning of CORE: one household, one value a node, and the trace of how it came about.

In: a `Snapshot`, a `Household`, a day. Out: `Findings`, and traces on request. Called by `ruleset`; the other
backends are held against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never, cast

from fupin_policy.core import possible
from fupin_policy.core.decision import Findings, Household, Trace, Traces
from fupin_policy.core.declarations import Input
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
    Ref,
    Scale,
    Shift,
    Unknown,
    children,
)
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.core.types import Code

_Traced = dict[tuple[int, int | None], Trace]
"""By a node's identity and the member looked at: what was traced already, as nodes may have parts in common."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """What an expression can see: the facts in reach, the definitions so far, and which member is looked at."""

    days: Interval
    shared: Mapping[str, Value]
    people: tuple[Mapping[str, Value], ...]
    ids: tuple[str, ...]
    defined: dict[str, tuple[Trace, ...]]
    traced: _Traced
    member: int | None = None

    def looking_at(self, member: int | None) -> _Scope:
        return _Scope(self.days, self.shared, self.people, self.ids, self.defined, self.traced, member)


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
        {},
    )
    views = [scope.looking_at(index) for index in range(len(household.members))]
    for definition in snapshot.definitions:
        if definition.level == "member":
            scope.defined[definition.id] = tuple(_trace(definition.expr, view) for view in views)
        else:
            scope.defined[definition.id] = (_trace(definition.expr, scope),)
    return scope.defined


def _named(inputs: tuple[Input, ...], facts: tuple[Value, ...]) -> dict[str, Value]:
    return {column.name: value for column, value in zip(inputs, facts, strict=True)}


def _trace(expr: Expr, scope: _Scope) -> Trace:
    # what is asked about members is the household's, whoever is looked at
    key = (id(expr), None if isinstance(expr, Members) else scope.member)
    found = scope.traced.get(key)
    if found is None:
        found = scope.traced[key] = _traced(expr, scope)
    return found


def _traced(expr: Expr, scope: _Scope) -> Trace:
    member = None if scope.member is None else scope.ids[scope.member]
    match expr:
        case Members():
            return _members(expr, scope)
        case Cases():
            return _cases(expr, scope)
        case Fact(name, level):
            value = scope.shared[name] if level != "member" else scope.people[_member(scope)][name]
            return Trace(expr, value, (), member)
        case Ref(definition, level):
            target = scope.defined[definition]
            return Trace(expr, target[_member(scope)].value if level == "member" else target[0].value, (), member)
        case AsOf():
            return Trace(expr, scope.days, (), member)
        case _:
            parts = tuple(_trace(part, scope) for part in children(expr))
            return Trace(expr, applied(expr, [part.value for part in parts]), parts, member)


def applied(expr: Expr, values: list[Value]) -> Value:
    """The value of a node whose operands' values are given, in the order of `children`."""
    truths = cast(list[int], values)
    numbers = cast(list[Interval], values)
    match expr:
        case Const(value, type_):
            return value if isinstance(possible.top(type_), int) else (value, value)
        case Unknown(_, type_):
            return possible.top(type_)
        case Never(type_):
            return possible.bottom(type_)
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
        case DateDiff(period):
            return possible.date_diff(period, numbers[0], numbers[1])
        case Shift(_, _, period):
            return possible.shift(numbers[0], numbers[1], period)
        case Cases():
            return _chosen(expr, values)
        case Fact() | Ref() | AsOf() | Parameter() | Members():
            raise AssertionError(expr)
        case _:
            assert_never(expr)


def _chosen(expr: Cases, values: list[Value]) -> Value:
    """Of tests and values in turn, and last of what else it is: all that can be reached, joined."""
    result = possible.bottom(expr.type)
    for test, value in zip(values[:-1:2], values[1::2], strict=True):
        if test != possible.FALSE:
            result = possible.join(expr.type, result, value)
        if test == possible.TRUE:
            return result
    return possible.join(expr.type, result, values[-1])


def gathered(expr: Members, selected: list[int], values: list[Interval], default: Interval | None) -> Value:
    """What is asked about members, each selected or not, with a value each where the node asks for one."""
    match expr.aggregate:
        case Aggregate.ANY:
            return _fold_or(selected)
        case Aggregate.COUNT:
            return possible.count(selected)
        case Aggregate.SUM:
            return possible.total(selected, values)
        case Aggregate.MIN | Aggregate.MAX:
            if default is None:
                raise AssertionError("no default")
            return possible.extreme_of(selected, values, default, expr.aggregate is Aggregate.MAX)
        case _:
            assert_never(expr.aggregate)


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
    result = possible.bottom(expr.type)
    looked: list[Trace] = []
    for test, value in expr.branches:
        tested = _trace(test, scope)
        looked.append(tested)
        if tested.value == possible.FALSE:
            continue
        looked.append(_trace(value, scope))
        result = possible.join(expr.type, result, looked[-1].value)
        if tested.value == possible.TRUE:
            break
    else:
        looked.append(_trace(expr.otherwise, scope))
        result = possible.join(expr.type, result, looked[-1].value)
    member = None if scope.member is None else scope.ids[scope.member]
    return Trace(expr, result, tuple(looked), member)


def _members(expr: Members, scope: _Scope) -> Trace:
    views = [scope.looking_at(index) for index in range(len(scope.people))]
    where = [_trace(expr.where, view) for view in views]
    valued = [] if expr.value is None else [_trace(expr.value, view) for view in views]
    default = None if expr.default is None else _trace(expr.default, scope.looking_at(None))
    value = gathered(
        expr,
        [cast(int, part.value) for part in where],
        [cast(Interval, part.value) for part in valued],
        None if default is None else cast(Interval, default.value),
    )
    return Trace(expr, value, (*where, *valued, *(() if default is None else (default,))))
