"""The meaning of CORE: one household, one value a node, and the trace of how it came about.

In: a `Snapshot`, a `Household`, a day. Out: `Findings`, and traces on request. Called by `ruleset`; the other
evaluators are compared with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import cast

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
    Items,
    Multiply,
    Never,
    OneOf,
    Scale,
    Shift,
    Unknown,
)
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.possible import FALSE, TRUE, Interval, Value
from fupin_policy.core.snapshot import Dated, Snapshot
from fupin_policy.core.subjects import HouseholdFacts, Item, Whose, asked_of
from fupin_policy.core.traces import Findings, Trace, Traces
from fupin_policy.core.types import Code, Truth
from fupin_policy.evaluators.traversal import Traversal


class PossibleValues:
    """The algebra of possible values: truths of two bits, intervals, masks of codes.

    What each operation is stands in `traversal.Algebra`, how possible values combine in `core.possible`.
    """

    __slots__ = ()

    negation = staticmethod(possible.negate)
    less = staticmethod(possible.less)
    less_equal = staticmethod(possible.less_equal)
    equal = staticmethod(possible.equal)
    same_code = staticmethod(possible.same_code)
    add = staticmethod(possible.add)
    count_of = staticmethod(possible.count)

    def constant(self, node: Const) -> Value:
        return node.value if isinstance(node.type, Truth | Code) else (node.value, node.value)

    def unknown(self, node: Unknown) -> Value:
        return possible.top(node.type)

    def never(self, node: Never) -> Value:
        return possible.bottom(node.type)

    def conjunction(self, args: Sequence[int]) -> int:
        return reduce(and_, args, TRUE)

    def disjunction(self, args: Sequence[int]) -> int:
        return reduce(or_, args, FALSE)

    def one_of(self, node: OneOf, arg: int) -> int:
        return possible.one_of(arg, node.mask)

    def scale(self, node: Scale, arg: Interval) -> Interval:
        return possible.scaled(arg, node.factor)

    def multiply(self, node: Multiply, left: Interval, right: Interval) -> Interval:
        return possible.times(left, right)

    def divide(self, node: Divide, left: Interval, right: Interval) -> Interval:
        return possible.over(left, right, node.rounding)

    def minimum(self, args: Sequence[Interval]) -> Interval:
        return possible.extreme(args, False)

    def maximum(self, args: Sequence[Interval]) -> Interval:
        return possible.extreme(args, True)

    def clamp(self, node: Clamp, arg: Interval) -> Interval:
        return possible.clamp(arg, node.low, node.high)

    def date_diff(self, node: DateDiff, start: Interval, end: Interval) -> Interval:
        return possible.date_diff(node.period, start, end)

    def shift(self, node: Shift, day: Interval, amount: Interval) -> Interval:
        return possible.shift(day, amount, node.period)

    def calendar(self, node: Calendar, day: Interval) -> Interval:
        return possible.calendar(node.part, day)

    def refuted(self, test: int) -> bool:
        return test == FALSE

    def proven(self, test: int) -> bool:
        return test == TRUE

    def choose_truth(self, node: Cases, tests: Sequence[int], values: Sequence[int]) -> int:
        return reduce(possible.join_truths, values)

    def choose_number(self, node: Cases, tests: Sequence[int], values: Sequence[Interval]) -> Interval:
        return reduce(possible.join_intervals, values)

    def choose_code(self, node: Cases, tests: Sequence[int], values: Sequence[int]) -> int:
        return reduce(or_, values)

    def sum_of(self, where: Sequence[int], values: Sequence[Interval], default: Interval | None = None) -> Interval:
        return possible.total(where, values, default or (0, 0))

    def least_of(self, where: Sequence[int], values: Sequence[Interval], default: Interval) -> Interval:
        return possible.extreme_of(where, values, default, False)

    def greatest_of(self, where: Sequence[int], values: Sequence[Interval], default: Interval) -> Interval:
        return possible.extreme_of(where, values, default, True)


class Interpreter(Traversal[int, Interval, int]):
    """Evaluates a household's definitions, and notes down how the parts of each node came out."""

    __slots__ = ("_days", "_facts", "_ids", "_traced", "_traces")

    def __init__(self, snapshot: Snapshot, household: Household, days: Interval) -> None:
        self._facts = HouseholdFacts.of(snapshot.program, household)
        super().__init__(PossibleValues(), len(household.members), self._facts.lists)
        self._days = days
        self._ids = household.ids
        self._traced: dict[tuple[int, Whose], Trace] = {}
        """By a node's identity and of whom it is asked: what was traced already, as nodes may have parts in common."""
        self._traces: list[Trace] = []
        """Of the parts of the node that is being evaluated, in the order in which it asked for them."""

    def fact(self, node: Fact, subject: Whose) -> Value:
        """What an input is worth."""
        return self._facts.value(node, subject)

    def as_of(self, node: AsOf) -> Interval:
        """The first and the last day that the day of the decision may be."""
        return self._days

    def value(self, expr: Expr, subject: Whose) -> Value:
        """What an expression is worth; its trace becomes part of what it was asked for."""
        # what is asked about the items of a list is its owner's, whoever is looked at
        whose = asked_of(expr, subject) if isinstance(expr, Items) else subject
        key = (id(expr), whose)
        trace = self._traced.get(key)
        if trace is None:
            outer, self._traces = self._traces, []
            value = self.step(expr, whose)
            trace = Trace(expr, value, tuple(self._traces), *self._told(whose))
            self._traces = outer
            self._traced[key] = trace
        self._traces.append(trace)
        return trace.value

    def _told(self, subject: Whose) -> tuple[str | None, Item | None]:
        """The id of the member of whom something is asked, and the item."""
        if not isinstance(subject, Item):
            return None if subject is None else self._ids[subject], None
        at = subject.slot if subject.list == "member" else subject.owner
        return None if at is None else self._ids[at], subject

    def traces(self, snapshot: Snapshot) -> Traces:
        """Every definition's trace, in order of dependency."""
        return {definition.id: self.traced(definition) for definition in snapshot.definitions}

    def traced(self, definition: Dated) -> tuple[Trace, ...]:
        """A definition's trace; it rests only on those traced before."""
        self._traces = []
        self.run([definition])
        return tuple(self._traces)


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
    outputs = snapshot.program.further
    return Findings(outcomes, amounts, tuple(tuple(t.value for t in traces[one.definition]) for one in outputs))


def trace(snapshot: Snapshot, household: Household, as_of: int) -> Traces:
    """Every definition's trace, in order of dependency."""
    return trace_over(snapshot, household, (as_of, as_of))


def trace_over(snapshot: Snapshot, household: Household, days: Interval) -> Traces:
    """The traces for a date that is not known, but for the first and the last day that it may be."""
    return Interpreter(snapshot, household, days).traces(snapshot)


def trace_as_bounded(
    snapshot: Snapshot, household: Household, as_of: int, roots: Iterable[DefinitionId], known: Traces
) -> Traces:
    """The traces of some definitions, and of all that they rest on, as they are written, but kept within their guards.

    `known` are the snapshot's own traces of the household: a name means what it has there, which may be narrower.
    """
    found, traces = Interpreter(snapshot, household, (as_of, as_of)), {}
    needed = snapshot.in_force.closure(roots)
    for definition in snapshot.as_bounded:
        if definition.id in needed:
            own = known[definition.id]
            # of what is left open by readings `known` may have what it says itself, which is another expression
            same = definition.id in snapshot.same_as_bounded and definition.id.left_open not in known
            traces[definition.id] = own if same else found.traced(definition)
            found.defined[definition.id] = tuple(trace.value for trace in own)
    return traces
