"""The one walk over CORE that evaluates it: which operands a node needs, in which order, and what is done with them.

In: nodes, and an `Algebra` that says what the operations mean. Out: values of that algebra. Called by the evaluators,
each of which says what a fact is worth to it, and what it remembers of nodes that it has met.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
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
    Level,
    Max,
    Members,
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
from fupin_policy.core.types import Code, Truth

T = TypeVar("T")
"""What stands for a truth."""
N = TypeVar("N")
"""What stands for a number or a day."""
C = TypeVar("C")
"""What stands for a code."""
V = TypeVar("V")


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
    """Evaluates expressions, for a member by position or, where that is None, for the household."""

    __slots__ = ("algebra", "defined", "members")

    def __init__(self, algebra: Algebra[T, N, C], members: int) -> None:
        self.algebra = algebra
        self.members = range(members)
        self.defined: dict[DefinitionId, tuple[T | N | C, ...]] = {}
        """The values of definitions: one of a household's, one for each member of a member's."""

    @abstractmethod
    def fact(self, node: Fact, member: int | None) -> T | N | C:
        """What an input is worth."""

    @abstractmethod
    def as_of(self, node: AsOf) -> N:
        """The day of the decision."""

    def present(self, where: Expr, member: int) -> T:
        """Whether a member is one of those asked about."""
        return self.truth(where, member)

    def ref(self, node: Ref, member: int | None) -> T | N | C:
        """What another definition is worth."""
        return self.defined[node.definition][position(node.level, member)]

    def value(self, expr: Expr, member: int | None) -> T | N | C:
        """What an expression is worth. An evaluator that remembers nodes, or notes them down, does so here."""
        return self.step(expr, member)

    def run(self, definitions: Iterable[Dated]) -> None:
        """Evaluates definitions, which stand in order of dependency."""
        for definition in definitions:
            subjects = self.members if definition.level == "member" else (None,)
            self.defined[definition.id] = tuple([self.value(definition.expr, one) for one in subjects])

    # the sort of a value is its node's type: here, and nowhere else, that is taken on trust

    def truth(self, expr: Expr, member: int | None) -> T:
        """What a truth is worth."""
        return cast(T, self.value(expr, member))

    def number(self, expr: Expr, member: int | None) -> N:
        """What a number or a day is worth."""
        return cast(N, self.value(expr, member))

    def code(self, expr: Expr, member: int | None) -> C:
        """What a code is worth."""
        return cast(C, self.value(expr, member))

    def step(self, expr: Expr, member: int | None) -> T | N | C:
        """What a node is worth by what `value` says of its operands. The most frequent nodes stand first."""
        algebra = self.algebra
        match expr:
            case Ref():
                return self.ref(expr, member)
            case Const():
                return algebra.constant(expr)
            case Fact():
                return self.fact(expr, member)
            case And(args):
                return algebra.conjunction([self.truth(arg, member) for arg in args])
            case Compare(op, left, right):
                if isinstance(left.type, Code):
                    return algebra.same_code(self.code(left, member), self.code(right, member))
                compare = {"<": algebra.less, "<=": algebra.less_equal, "=": algebra.equal}[op]
                return compare(self.number(left, member), self.number(right, member))
            case OneOf(arg):
                return algebra.one_of(expr, self.code(arg, member))
            case Cases(type=Truth()):
                return algebra.choose_truth(expr, *self._reached(expr, self.truth, member))
            case Cases(type=Code()):
                return algebra.choose_code(expr, *self._reached(expr, self.code, member))
            case Cases():
                return algebra.choose_number(expr, *self._reached(expr, self.number, member))
            case Not(arg):
                return algebra.negation(self.truth(arg, member))
            case Min(args):
                return algebra.minimum([self.number(arg, member) for arg in args])
            case Max(args):
                return algebra.maximum([self.number(arg, member) for arg in args])
            case Add(args):
                return algebra.add([self.number(arg, member) for arg in args])
            case Multiply(left, right):
                return algebra.multiply(expr, self.number(left, member), self.number(right, member))
            case Scale(arg):
                return algebra.scale(expr, self.number(arg, member))
            case Or(args):
                return algebra.disjunction([self.truth(arg, member) for arg in args])
            case Divide(left, right):
                return algebra.divide(expr, self.number(left, member), self.number(right, member))
            case Members():
                return self._aggregate(expr)
            case Gather():
                return self._gather(expr, member)
            case Clamp(arg):
                return algebra.clamp(expr, self.number(arg, member))
            case DateDiff(_, start, end):
                return algebra.date_diff(expr, self.number(start, member), self.number(end, member))
            case Shift(day, amount):
                return algebra.shift(expr, self.number(day, member), self.number(amount, member))
            case Calendar(_, day):
                return algebra.calendar(expr, self.number(day, member))
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
        self, node: Cases, branch_value: Callable[[Expr, int | None], V], member: int | None
    ) -> tuple[list[T], list[V]]:
        """The tests and values that take part: no branch refuted, and none behind one that is proven."""
        tests: list[T] = []
        values: list[V] = []
        for test, branch in node.branches:
            tested = self.truth(test, member)
            if self.algebra.refuted(tested):
                continue
            tests.append(tested)
            values.append(branch_value(branch, member))
            if self.algebra.proven(tested):
                return tests, values
        values.append(branch_value(node.otherwise, member))
        return tests, values

    def _aggregate(self, node: Members) -> T | N:
        """What is asked about members, which is the household's, whoever is looked at."""
        algebra = self.algebra
        where = [self.present(node.where, one) for one in self.members]
        match node.aggregate:
            case Aggregate.ANY:
                return algebra.disjunction(where)
            case Aggregate.COUNT:
                return algebra.count_of(where)
            case Aggregate.SUM:
                return algebra.sum_of(where, self._values(node))
            case Aggregate.MIN:
                return algebra.least_of(where, self._values(node), self._default(node))
            case Aggregate.MAX:
                return algebra.greatest_of(where, self._values(node), self._default(node))
            case _:
                assert_never(node.aggregate)

    def _gather(self, node: Gather, member: int | None) -> N:
        """What is made of rows. One that surely fails has no say, nor has the default where one surely holds."""
        algebra = self.algebra
        where: list[T] = []
        values: list[N] = []
        for test, value in node.rows:
            tested = self.truth(test, member)
            if not algebra.refuted(tested):
                where.append(tested)
                values.append(self.number(value, member))
        sure = (value for tested, value in zip(where, values, strict=True) if algebra.proven(tested))
        default = next(sure, None)
        default = self.number(node.default, member) if default is None else default
        return (algebra.sum_of if node.aggregate is Aggregate.SUM else algebra.greatest_of)(where, values, default)

    def _values(self, node: Members) -> list[N]:
        assert node.value is not None, node
        return [self.number(node.value, one) for one in self.members]

    def _default(self, node: Members) -> N:
        assert node.default is not None, node
        return self.number(node.default, None)


def position(level: Level, member: int | None) -> int:
    """Where a definition's or a fact's value stands: a member's at the member's position, all others first."""
    if level != "member":
        return 0
    if member is None:
        raise AssertionError("a member's value outside of a member")
    return member
