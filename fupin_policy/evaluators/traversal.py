"""The one walk over CORE that evaluates it: which operands a node needs, in which order, and what is done with them.

In: nodes, and an `Algebra` that says what the operations mean. Out: values of that algebra. Called by the evaluators,
each of which says what a fact is worth to it, and what it remembers of nodes that it has met.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar, assert_never, cast

from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    And,
    AsOf,
    Calendar,
    Cases,
    Clamp,
    Compare,
    Const,
    DateDiff,
    Divide,
    Expr,
    Fact,
    Gather,
    Items,
    Level,
    Max,
    Min,
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
)
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.snapshot import Dated
from fupin_policy.core.subjects import Item, ListSlots, Whose, asked_of, meant, position
from fupin_policy.core.types import Code, Truth

T = TypeVar("T")
"""What stands for a truth."""
N = TypeVar("N")
"""What stands for a number or a day."""
C = TypeVar("C")
"""What stands for a code."""
V = TypeVar("V")
_NO_LISTS: Mapping[Level, ListSlots] = {}
_PERHAPS = Unknown("", Truth())
"""Whether there is an item of which only the greatest number is known."""


class Algebra(Protocol[T, N, C]):
    """What the operations of CORE mean for one kind of values. An operation gets its node where that says more."""

    def constant(self, node: Const) -> T | N | C:
        """A known value."""

    def unknown(self, node: Unknown) -> T | N | C:
        """Any value of the node's type."""

    def never(self, node: Never) -> T | N | C:
        """What is left of a choice whose tests cover everything."""

    def negation(self, arg: T) -> T:
        """The contrary."""

    def conjunction(self, args: Sequence[T]) -> T:
        """Whether all hold."""

    def disjunction(self, args: Sequence[T]) -> T:
        """Whether at least one holds."""

    def less(self, left: N, right: N) -> T:
        """`left < right`."""

    def less_equal(self, left: N, right: N) -> T:
        """`left <= right`."""

    def equal(self, left: N, right: N) -> T:
        """Whether two numbers or two days are the same."""

    def same_code(self, left: C, right: C) -> T:
        """Whether two codes are the same."""

    def one_of(self, node: OneOf, arg: C) -> T:
        """Whether a code is among those of the node's mask."""

    def add(self, args: Sequence[N]) -> N:
        """The sum."""

    def scale(self, node: Scale, arg: N) -> N:
        """A number times the node's factor."""

    def multiply(self, node: Multiply, left: N, right: N) -> N:
        """The product."""

    def divide(self, node: Divide, left: N, right: N) -> N:
        """The quotient, rounded as the node says; `right` is never 0."""

    def minimum(self, args: Sequence[N]) -> N:
        """The least of at least one."""

    def maximum(self, args: Sequence[N]) -> N:
        """The greatest of at least one."""

    def clamp(self, node: Clamp, arg: N) -> N:
        """A number kept within the node's ends, which it never leaves where it is exact and counts."""

    def date_diff(self, node: DateDiff, start: N, end: N) -> N:
        """Completed periods between two days."""

    def shift(self, node: Shift, day: N, amount: N) -> N:
        """A day moved by a number of periods."""

    def calendar(self, node: Calendar, day: N) -> N:
        """What the calendar gives for a day, as the node says."""

    def refuted(self, test: T) -> bool:
        """Whether a test surely fails, so that nobody need look at what it guards."""

    def proven(self, test: T) -> bool:
        """Whether a test surely holds, so that nobody need look at what stands behind it."""

    def choose_truth(self, node: Cases, tests: Sequence[T], values: Sequence[T]) -> T:
        """The value of the first test that holds, without those refuted.

        Last, unless the last test is proven, stands the value of `otherwise`, which has no test.
        """

    def choose_number(self, node: Cases, tests: Sequence[T], values: Sequence[N]) -> N:
        """The same, of numbers or days."""

    def choose_code(self, node: Cases, tests: Sequence[T], values: Sequence[C]) -> C:
        """The same, of codes."""

    def count_of(self, where: Sequence[T]) -> N:
        """How many are selected."""

    def sum_of(self, where: Sequence[T], values: Sequence[N], default: N | None = None) -> N:
        """The sum of the values of those selected; `default`, or 0, where none is."""

    def least_of(self, where: Sequence[T], values: Sequence[N], default: N) -> N:
        """The least value of those selected; `default` where none is."""

    def greatest_of(self, where: Sequence[T], values: Sequence[N], default: N) -> N:
        """The greatest value of those selected; `default` where none is."""


class Traversal(ABC, Generic[T, N, C]):
    """Evaluates expressions, for a member or an item or, where the subject is None, for the household."""

    __slots__ = ("algebra", "defined", "lists", "members")

    def __init__(self, algebra: Algebra[T, N, C], members: int, lists: Mapping[Level, ListSlots] = _NO_LISTS) -> None:
        self.algebra = algebra
        self.members = range(members)
        self.lists = lists
        """By name the slots of each list."""
        self.defined: dict[DefinitionId, tuple[T | N | C, ...]] = {}
        """The values of definitions: a household's one, a member's for each member, an item's for each slot."""

    @abstractmethod
    def fact(self, node: Fact, subject: Whose) -> T | N | C:
        """What an input is worth."""

    @abstractmethod
    def as_of(self, node: AsOf) -> N:
        """The day of the decision."""

    def present(self, where: Expr, subject: Whose) -> T:
        """Whether a member or item is one of those asked about."""
        return self.truth(where, subject)

    def ref(self, node: Ref, subject: Whose) -> T | N | C:
        """What another definition is worth."""
        return self.defined[node.definition][position(node.level, subject)]

    def value(self, expr: Expr, subject: Whose) -> T | N | C:
        """What an expression is worth. An evaluator that remembers nodes, or notes them down, does so here."""
        return self.step(expr, subject)

    def run(self, definitions: Iterable[Dated]) -> None:
        """Evaluates definitions, which stand in order of dependency."""
        for definition in definitions:
            subjects = self.everybody(definition.level)
            self.defined[definition.id] = tuple([self.value(definition.expr, one) for one in subjects])

    def everybody(self, level: Level) -> Sequence[Whose]:
        """Everybody of a level, in order."""
        if level in self.lists:
            return self.lists[level].subjects(level)
        return self.members if level == "member" else (None,)

    # the sort of a value is its node's type: here, and nowhere else, that is taken on trust

    def truth(self, expr: Expr, subject: Whose) -> T:
        """What a truth is worth."""
        return cast(T, self.value(expr, subject))

    def number(self, expr: Expr, subject: Whose) -> N:
        """What a number or a day is worth."""
        return cast(N, self.value(expr, subject))

    def code(self, expr: Expr, subject: Whose) -> C:
        """What a code is worth."""
        return cast(C, self.value(expr, subject))

    def step(self, expr: Expr, subject: Whose) -> T | N | C:
        """What a node is worth by what `value` says of its operands. The most frequent nodes stand first."""
        algebra = self.algebra
        match expr:
            case Ref():
                return self.ref(expr, meant(expr, subject) if expr.outer else subject)
            case Const():
                return algebra.constant(expr)
            case Fact():
                return self.fact(expr, meant(expr, subject) if expr.outer else subject)
            case And(args):
                return algebra.conjunction([self.truth(arg, subject) for arg in args])
            case Compare(op, left, right):
                if isinstance(left.type, Code):
                    return algebra.same_code(self.code(left, subject), self.code(right, subject))
                compare = {"<": algebra.less, "<=": algebra.less_equal, "=": algebra.equal}[op]
                return compare(self.number(left, subject), self.number(right, subject))
            case OneOf(arg):
                return algebra.one_of(expr, self.code(arg, subject))
            case Cases(type=Truth()):
                return algebra.choose_truth(expr, *self._reached(expr, self.truth, subject))
            case Cases(type=Code()):
                return algebra.choose_code(expr, *self._reached(expr, self.code, subject))
            case Cases():
                return algebra.choose_number(expr, *self._reached(expr, self.number, subject))
            case Not(arg):
                return algebra.negation(self.truth(arg, subject))
            case Min(args):
                return algebra.minimum([self.number(arg, subject) for arg in args])
            case Max(args):
                return algebra.maximum([self.number(arg, subject) for arg in args])
            case Add(args):
                return algebra.add([self.number(arg, subject) for arg in args])
            case Multiply(left, right):
                return algebra.multiply(expr, self.number(left, subject), self.number(right, subject))
            case Scale(arg):
                return algebra.scale(expr, self.number(arg, subject))
            case Or(args):
                return algebra.disjunction([self.truth(arg, subject) for arg in args])
            case Divide(left, right):
                return algebra.divide(expr, self.number(left, subject), self.number(right, subject))
            case Items():
                return self._aggregate(expr, subject)
            case Gather():
                return self._gather(expr, subject)
            case Clamp(arg):
                return algebra.clamp(expr, self.number(arg, subject))
            case DateDiff(_, start, end):
                return algebra.date_diff(expr, self.number(start, subject), self.number(end, subject))
            case Shift(day, amount):
                return algebra.shift(expr, self.number(day, subject), self.number(amount, subject))
            case Calendar(_, day):
                return algebra.calendar(expr, self.number(day, subject))
            case AsOf():
                return self.as_of(expr)
            case Unknown():
                return algebra.unknown(expr)
            case Never():
                return algebra.never(expr)
            case Parameter():
                raise AssertionError(expr)
            case _:
                assert_never(expr)

    def _reached(
        self, node: Cases, branch_value: Callable[[Expr, Whose], V], subject: Whose
    ) -> tuple[list[T], list[V]]:
        """The tests and values that take part: no branch refuted, and none behind one that is proven."""
        tests: list[T] = []
        values: list[V] = []
        for test, branch in node.branches:
            tested = self.truth(test, subject)
            if self.algebra.refuted(tested):
                continue
            tests.append(tested)
            values.append(branch_value(branch, subject))
            if self.algebra.proven(tested):
                return tests, values
        values.append(branch_value(node.otherwise, subject))
        return tests, values

    def _aggregate(self, node: Items, subject: Whose) -> T | N:
        """What is asked about the items of a list; `more` of them are alike, and each may be there or not."""
        algebra, asked = self.algebra, asked_of(node, subject)
        inside, further, more = self.inside(node, asked)
        where = [self.present(node.where, one) for one in inside]
        if more:
            there = algebra.conjunction([cast(T, algebra.unknown(_PERHAPS)), self.truth(node.where, further)])
            # least and greatest are the same however often, and whether there is any
            more = more if node.aggregate in (Aggregate.COUNT, Aggregate.SUM) else 1
            where += [there] * more
        match node.aggregate:
            case Aggregate.ANY:
                return algebra.disjunction(where)
            case Aggregate.COUNT:
                return algebra.count_of(where)
        assert node.value is not None, node
        values = [self.number(node.value, one) for one in inside]
        if more:
            values += [self.number(node.value, further)] * more
        if node.aggregate is Aggregate.SUM:
            return algebra.sum_of(where, values)
        assert node.default is not None, node
        default = self.number(node.default, asked)
        match node.aggregate:
            case Aggregate.MIN:
                return algebra.least_of(where, values, default)
            case Aggregate.MAX:
                return algebra.greatest_of(where, values, default)
            case _:
                assert_never(node.aggregate)

    def inside(self, node: Items, asked: Whose) -> tuple[Sequence[Whose], Whose, int]:
        """The items that an aggregate looks at, the one that stands for further ones, and how many these may be."""
        outer = asked if node.paired else None
        if node.list == "member":
            return (
                [Item("member", one, None, one, outer) for one in self.members] if node.paired else self.members,
                None,
                0,
            )
        slots = self.lists[node.list]
        owner = position("member", asked) if slots.of_members else None
        at = owner or 0
        inside = [Item(node.list, slot, owner, number, outer) for number, slot in enumerate(slots.slots[at])]
        return inside, Item(node.list, slots.items + at, owner, None, outer), slots.more[at]

    def _gather(self, node: Gather, subject: Whose) -> N:
        """What is made of rows. One that surely fails has no say, nor has the default where one surely holds."""
        algebra = self.algebra
        where: list[T] = []
        values: list[N] = []
        for test, value in node.rows:
            tested = self.truth(test, subject)
            if not algebra.refuted(tested):
                where.append(tested)
                values.append(self.number(value, subject))
        sure = (value for tested, value in zip(where, values, strict=True) if algebra.proven(tested))
        default = next(sure, None)
        default = self.number(node.default, subject) if default is None else default
        return (algebra.sum_of if node.aggregate is Aggregate.SUM else algebra.greatest_of)(where, values, default)
