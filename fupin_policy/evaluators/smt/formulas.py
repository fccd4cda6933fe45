"""Definitions as formulas, node by node.

In: a snapshot and the variables of a household. Out: a formula for each definition that is asked for. Called by
`analysis.verification`. A truth is a Bool, a number an Int, a day a key (see `calendar`), a code the index in its list.
Products are kept linear where one side has few values, since that is what the solver decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, assert_never

import z3

from fupin_policy.core import possible
from fupin_policy.core.expressions import (
    AsOf,
    Calendar,
    Cases,
    Clamp,
    Const,
    DateDiff,
    Divide,
    Expr,
    Fact,
    Multiply,
    Never,
    OneOf,
    Period,
    Ref,
    Rounding,
    Scale,
    Shift,
    Unknown,
)
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.snapshot import Dated, Snapshot
from fupin_policy.core.subjects import Whose, position
from fupin_policy.core.types import Code, Day, Number, Truth, Type
from fupin_policy.evaluators.smt import calendar
from fupin_policy.evaluators.smt.people import SymbolicHousehold
from fupin_policy.evaluators.traversal import Traversal

MAX_UNROLL = 64
"""How many values a factor may have for a product to be written as a choice between multiples."""


Formula = Any
"""A term of the solver, whose binding has no types: a Bool for a truth, else an Int."""


class Formulas(Traversal[Formula, Formula, Formula]):
    """The formulas of a snapshot over a household. `program` is the snapshot's position among the people's programs."""

    __slots__ = ("_assumed", "_definitions", "_known", "people", "program", "snapshot")

    def __init__(self, snapshot: Snapshot, people: SymbolicHousehold, program: int = 0) -> None:
        super().__init__(FormulaAlgebra(people), people.most, people.lists)
        self.snapshot, self.people, self.program = snapshot, people, program
        self._definitions = {dated.id: dated for dated in snapshot.definitions}
        self._known: dict[tuple[DefinitionId, Whose], Formula] = {}
        self._assumed: dict[int, Formula] = {}
        """Formulas given in place of nodes, by a node's identity."""

    def of(self, definition: DefinitionId, subject: Whose = None) -> Formula:
        """A definition's value, for a member or an item where it is one's."""
        dated = self._definitions[definition]
        whose = self.everybody(dated.level)[position(dated.level, subject)]
        key = (definition, whose)
        if key not in self._known:
            self._known[key] = self.value(dated.expr, whose)
        return self._known[key]

    def dated(self, definition: DefinitionId) -> Dated:
        """A definition of the snapshot, by its id."""
        return self._definitions[definition]

    def written(self, definition: DefinitionId) -> Dated:
        """What it says itself: where readings are left open it is what it may be under any option."""
        return self._definitions.get(definition.left_open) or self._definitions[definition]

    def assuming(self, node: Expr, formula: Formula) -> Formulas:
        """The same, with a formula in place of a node of an expression that no other definition contains."""
        formulas = Formulas(self.snapshot, self.people, self.program)
        formulas._known, formulas._assumed = self._known, {**self._assumed, id(node): formula}
        return formulas

    def value(self, expr: Expr, subject: Whose) -> Formula:
        """An expression's value, for a member or an item, or the household."""
        return self._assumed[id(expr)] if id(expr) in self._assumed else self.step(expr, subject)

    def fact(self, node: Fact, subject: Whose) -> Formula:
        """The variable of an input."""
        return self.people.fact(node, subject, self.program)

    def as_of(self, node: AsOf) -> Formula:
        """The day of the decision."""
        return self.people.as_of

    def present(self, where: Expr, subject: Whose) -> Formula:
        """That there is a member or an item at a position, and that it is selected."""
        return z3.And(self.people.present(subject), self.truth(where, subject))

    def ref(self, node: Ref, subject: Whose) -> Formula:
        """Another definition, whose formula is shared."""
        return self.of(node.definition, subject)


@dataclass(frozen=True, slots=True)
class FormulaAlgebra:
    """The algebra of formulas (see `traversal.Algebra`).

    A value is exact, though not known, so no test is refuted or proven beforehand.
    """

    people: SymbolicHousehold

    def constant(self, node: Const) -> Formula:
        match node.type:
            case Truth():
                return z3.BoolVal(node.value == possible.TRUE)
            case Code():
                return z3.IntVal(node.value.bit_length() - 1)
            case Day():
                return z3.IntVal(calendar.key_of(node.value))
            case _:
                return z3.IntVal(node.value)

    def unknown(self, node: Unknown) -> Formula:
        """The variable of a parameter without a value."""
        return self.people.parameter(node)

    def never(self, node: Never) -> Formula:
        """Any value, as nobody looks at it."""
        return z3.BoolVal(False) if isinstance(node.type, Truth) else z3.IntVal(0)

    def negation(self, arg: Formula) -> Formula:
        return z3.Not(arg)

    def conjunction(self, args: Sequence[Formula]) -> Formula:
        return z3.And(args)

    def disjunction(self, args: Sequence[Formula]) -> Formula:
        return z3.Or(args)

    def less(self, left: Formula, right: Formula) -> Formula:
        return left < right

    def less_equal(self, left: Formula, right: Formula) -> Formula:
        return left <= right

    def equal(self, left: Formula, right: Formula) -> Formula:
        return left == right

    def same_code(self, left: Formula, right: Formula) -> Formula:
        return left == right

    def one_of(self, node: OneOf, arg: Formula) -> Formula:
        return z3.Or([arg == bit for bit in range(node.mask.bit_length()) if node.mask >> bit & 1])

    def add(self, args: Sequence[Formula]) -> Formula:
        return z3.Sum(args)

    def scale(self, node: Scale, arg: Formula) -> Formula:
        return arg * node.factor

    def multiply(self, node: Multiply, left: Formula, right: Formula) -> Formula:
        return _product(left, node.left.type, right, node.right.type)

    def divide(self, node: Divide, left: Formula, right: Formula) -> Formula:
        return _quotient(left, node.left.type, right, node.right.type, node.rounding)

    def minimum(self, args: Sequence[Formula]) -> Formula:
        return reduce(lambda least, value: z3.If(value < least, value, least), args)

    def maximum(self, args: Sequence[Formula]) -> Formula:
        return reduce(lambda most, value: z3.If(value > most, value, most), args)

    def clamp(self, node: Clamp, arg: Formula) -> Formula:
        """The number itself: a formula is exact."""
        return arg

    def date_diff(self, node: DateDiff, start: Formula, end: Formula) -> Formula:
        return calendar.elapsed(node.period, start, end)

    def shift(self, node: Shift, day: Formula, amount: Formula) -> Formula:
        if node.period is not Period.DAYS:
            return calendar.shifted_months(day, amount * 12 if node.period is Period.YEARS else amount)
        return calendar.shifted_days(day, amount)

    def calendar(self, node: Calendar, day: Formula) -> Formula:
        return calendar.calendar(node.part, day)

    def refuted(self, test: Formula) -> bool:
        """Never known."""
        return False

    def proven(self, test: Formula) -> bool:
        """Never known."""
        return False

    def choose_truth(self, node: Cases, tests: Sequence[Formula], values: Sequence[Formula]) -> Formula:
        """A chain of choices."""
        chosen = values[-1]
        for test, value in zip(reversed(tests), reversed(values[:-1]), strict=True):
            chosen = z3.If(test, value, chosen)
        return chosen

    choose_number = choose_code = choose_truth

    def count_of(self, where: Sequence[Formula]) -> Formula:
        return z3.Sum([z3.If(test, 1, 0) for test in where])

    def sum_of(self, where: Sequence[Formula], values: Sequence[Formula], default: Formula | None = None) -> Formula:
        found = z3.Sum([z3.If(test, value, 0) for test, value in zip(where, values, strict=True)])
        return found if default is None else z3.If(z3.Or(where), found, default)

    def least_of(self, where: Sequence[Formula], values: Sequence[Formula], default: Formula) -> Formula:
        return _best(where, values, default, lambda value, least: value < least)

    def greatest_of(self, where: Sequence[Formula], values: Sequence[Formula], default: Formula) -> Formula:
        return _best(where, values, default, lambda value, most: value > most)


def _best(
    selected: Sequence[Formula],
    values: Sequence[Formula],
    default: Formula,
    better: Callable[[Formula, Formula], Formula],
) -> Formula:
    """The best of the selected values, or the default where none is selected."""
    some, best = z3.BoolVal(False), default
    for test, value in zip(selected, values, strict=True):
        best = z3.If(z3.And(test, z3.Or(z3.Not(some), better(value, best))), value, best)
        some = z3.Or(some, test)
    return best


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
