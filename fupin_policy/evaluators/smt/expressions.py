"""Definitions as formulas, node by node.

In: a snapshot and the variables of a household. Out: a formula for each definition that is asked for. Called by
`analysis.verification`. A truth is a Bool, a number an Int, a day a key (see `calendar`), a code the index in its list.
Products are kept linear where one side has few values, since that is what the solver decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

import z3

from fupin_policy.core import possible
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
    Rounding,
    Scale,
    Shift,
    Unknown,
)
from fupin_policy.core.snapshot import Dated, Snapshot
from fupin_policy.core.types import Code, Day, Number, Truth, Type
from fupin_policy.evaluators.smt import calendar
from fupin_policy.evaluators.smt.people import SymbolicHousehold

MAX_UNROLL = 64
"""How many values a factor may have for a product to be written as a choice between multiples."""


@dataclass(slots=True)
class Formulas:
    """The formulas of a snapshot over a household. `program` is the snapshot's position among the people's programs."""

    snapshot: Snapshot
    people: SymbolicHousehold
    program: int = 0
    assumed: Mapping[int, Any] = field(default_factory=dict)
    """Formulas given in place of nodes, by a node's identity."""
    _definitions: dict[str, Dated] = field(default_factory=dict)
    _made: dict[tuple[str, int | None], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._definitions = self._definitions or {dated.id: dated for dated in self.snapshot.definitions}

    def of(self, definition: str, member: int | None = None) -> Any:
        """A definition's value, for a member where it is one's."""
        dated = self._definitions[definition]
        key = (definition, member if dated.level == "member" else None)
        if key not in self._made:
            self._made[key] = self.value(dated.expr, key[1])
        return self._made[key]

    def dated(self, definition: str) -> Dated:
        """A definition of the snapshot, by its id."""
        return self._definitions[definition]

    def assuming(self, node: Expr, formula: Any) -> Formulas:
        """The same, with a formula in place of a node of an expression that no other definition contains."""
        return Formulas(self.snapshot, self.people, self.program, {id(node): formula}, self._definitions, self._made)

    def value(self, expr: Expr, member: int | None) -> Any:
        """An expression's value, for a member (by position) or the household."""
        if id(expr) in self.assumed:
            return self.assumed[id(expr)]
        match expr:
            case Const(value, type_):
                return _constant(value, type_)
            case Fact():
                return self.people.fact(expr, member, self.program)
            case Unknown():
                return self.people.parameter(expr)
            case Never(type_):
                return _anything(type_)
            case Ref(definition):
                return self.of(definition, member)
            case AsOf():
                return self.people.as_of
            case Parameter():
                raise AssertionError(expr)
            case Not() | And() | Or() | Compare() | OneOf():
                return self._truth(expr, member)
            case Cases(branches, otherwise):
                found = self.value(otherwise, member)
                for test, branch in reversed(branches):
                    found = z3.If(self.value(test, member), self.value(branch, member), found)
                return found
            case Members():
                return self._members(expr)
            case Add() | Scale() | Multiply() | Divide() | Least() | DateDiff() | Shift():
                return self._number(expr, member)
            case _:
                assert_never(expr)

    def _truth(self, expr: Not | And | Or | Compare | OneOf, member: int | None) -> Any:
        match expr:
            case Not(arg):
                return z3.Not(self.value(arg, member))
            case And(args):
                return z3.And([self.value(arg, member) for arg in args])
            case Or(args):
                return z3.Or([self.value(arg, member) for arg in args])
            case OneOf(arg, mask):
                code = self.value(arg, member)
                return z3.Or([code == bit for bit in range(mask.bit_length()) if mask >> bit & 1])
            case Compare(op, left, right):
                a, b = self.value(left, member), self.value(right, member)
                return {"<": lambda: a < b, "<=": lambda: a <= b, "=": lambda: a == b}[op]()
            case _:
                assert_never(expr)

    def _number(self, expr: Add | Scale | Multiply | Divide | Least | DateDiff | Shift, member: int | None) -> Any:
        match expr:
            case Add(args):
                return z3.Sum([self.value(arg, member) for arg in args])
            case Scale(arg, factor):
                return self.value(arg, member) * factor
            case Multiply(left, right):
                return _product(self.value(left, member), left.type, self.value(right, member), right.type)
            case Divide(left, right, rounding):
                return _quotient(self.value(left, member), left.type, self.value(right, member), right.type, rounding)
            case Least(args, greatest):
                values = [self.value(arg, member) for arg in args]
                return _extreme(values, greatest)
            case DateDiff(period, start, end):
                return calendar.elapsed(period, self.value(start, member), self.value(end, member))
            case Shift(arg, amount, period):
                return self._shifted(self.value(arg, member), self.value(amount, member), period)
            case _:
                assert_never(expr)

    def _shifted(self, day: Any, amount: Any, period: Period) -> Any:
        if period is not Period.DAYS:
            return calendar.shifted_months(day, amount * 12 if period is Period.YEARS else amount)
        moved = z3.FreshInt("day")
        self.people.always += [
            calendar.valid(moved),
            calendar.number(moved) == calendar.number(day) + amount,
            moved >= calendar.YEAR,
        ]
        return moved

    def _members(self, expr: Members) -> Any:
        people = range(self.people.most)
        chosen = [z3.And(self.people.present(one), self.value(expr.where, one)) for one in people]
        match expr.aggregate:
            case Aggregate.ANY:
                return z3.Or(chosen)
            case Aggregate.COUNT:
                return z3.Sum([z3.If(test, 1, 0) for test in chosen])
            case Aggregate.SUM:
                values = self._values(expr.value)
                return z3.Sum([z3.If(test, value, 0) for test, value in zip(chosen, values, strict=True)])
            case Aggregate.MIN | Aggregate.MAX:
                if expr.default is None:
                    raise AssertionError(expr)
                default = self.value(expr.default, None)
                return _best(chosen, self._values(expr.value), default, expr.aggregate is Aggregate.MAX)
            case _:
                assert_never(expr.aggregate)

    def _values(self, value: Expr | None) -> list[Any]:
        if value is None:
            raise AssertionError("an aggregate without a value")
        return [self.value(value, one) for one in range(self.people.most)]


def _constant(value: int, type_: Type) -> Any:
    match type_:
        case Truth():
            return z3.BoolVal(value == possible.TRUE)
        case Code():
            return z3.IntVal(value.bit_length() - 1)
        case Day():
            return z3.IntVal(calendar.key_of(value))
        case _:
            return z3.IntVal(value)


def _anything(type_: Type) -> Any:
    return z3.BoolVal(False) if isinstance(type_, Truth) else z3.IntVal(0)


def _best(chosen: list[Any], values: list[Any], default: Any, greatest: bool) -> Any:
    """The extreme of the chosen values, or the default where none is chosen."""
    some, found = z3.BoolVal(False), default
    for test, value in zip(chosen, values, strict=True):
        better = value > found if greatest else value < found
        found = z3.If(z3.And(test, z3.Or(z3.Not(some), better)), value, found)
        some = z3.Or(some, test)
    return found


def _extreme(values: list[Any], greatest: bool) -> Any:
    found = values[0]
    for value in values[1:]:
        found = z3.If(value > found if greatest else value < found, value, found)
    return found


def _product(left: Any, left_type: Type, right: Any, right_type: Type) -> Any:
    for value, type_, other in ((left, left_type, right), (right, right_type, left)):

        def times(known: Any, other: Any = other) -> Any:
            return other * known

        if _leaves(value) is not None:
            return _per_leaf(value, times)
        if isinstance(type_, Number) and type_.high - type_.low < MAX_UNROLL:
            return _per_value(value, type_, times)
    return left * right


def _quotient(left: Any, left_type: Type, right: Any, right_type: Type, rounding: Rounding) -> Any:
    """`left / right` rounded; the divisor's range excludes zero."""
    signed = not isinstance(left_type, Number) or left_type.low < 0

    def divided(divisor: Any) -> Any:
        return _rounded(left, divisor, rounding, signed)

    if _leaves(right) is not None:
        return _per_leaf(right, lambda leaf: divided(leaf.as_long()))
    if isinstance(right_type, Number) and right_type.high - right_type.low < MAX_UNROLL:
        return _per_value(right, right_type, divided)
    negative = z3.Not(right > 0)
    size = z3.If(negative, -right, right)
    return z3.If(negative, -1, 1) * _rounded(left, size, rounding, signed)


def _rounded(top: Any, bottom: Any, rounding: Rounding, signed: bool) -> Any:
    """Rounded by size, then given its sign: halves and remainders go away from zero or toward it."""
    flip = isinstance(bottom, int) and bottom < 0
    divisor = -bottom if flip else bottom
    size = z3.If(top < 0, -top, top) if signed else top
    match rounding:
        case Rounding.HALF_UP:
            found = (2 * size + divisor) / (2 * divisor)
        case Rounding.UP:
            found = (size + divisor - 1) / divisor
        case Rounding.DOWN:
            found = size / divisor
        case _:
            assert_never(rounding)
    found = z3.If(top < 0, -found, found) if signed else found
    return -found if flip else found


def _leaves(value: Any) -> list[int] | None:
    """The numbers at the ends of a choice between few of them; None for anything else."""
    waiting, found = [value], []
    while waiting:
        node = waiting.pop()
        if z3.is_int_value(node):
            found.append(node.as_long())
        elif z3.is_app_of(node, z3.Z3_OP_ITE) and len(found) + len(waiting) < MAX_UNROLL:
            waiting += [node.arg(1), node.arg(2)]
        else:
            return None
    return found


def _per_leaf(value: Any, use: Callable[[Any], Any]) -> Any:
    if z3.is_int_value(value):
        return use(value)
    return z3.If(value.arg(0), _per_leaf(value.arg(1), use), _per_leaf(value.arg(2), use))


def _per_value(value: Any, type_: Number, use: Callable[[int], Any]) -> Any:
    """One formula for each value in a range; zero is no divisor and is left out by the caller's range."""
    found = use(type_.high)
    for known in range(type_.low, type_.high):
        found = z3.If(value == known, use(known), found)
    return found
