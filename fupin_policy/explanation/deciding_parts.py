"""Which parts of an expression decided its value, as the interpreter traced it.

In: traces of a snapshot and a household. Out: traces of parts, the inputs behind them. Called by the rest of the room.
"""

from __future__ import annotations

from collections.abc import Iterator

from fupin_policy.core import possible
from fupin_policy.core.expressions import Aggregate, And, Fact, Items, Not, Or, Ref
from fupin_policy.core.identifiers import FactNeed, InputId, Need
from fupin_policy.core.subjects import Item, meant
from fupin_policy.core.traces import Trace, Traces, subject_of, tests_and_values


class DecidingParts:
    """Follows what decided from parts to the inputs below; what definitions have in common is followed once."""

    def __init__(self, traces: Traces) -> None:
        self.traces = traces
        self._bases: dict[tuple[int, int, bool], frozenset[Need]] = {}

    def basis(self, trace: Trace, subject: int, negated: bool) -> frozenset[Need]:
        """The inputs that what decided rests on; each part is visited once, from a list, as names may nest deep."""
        waiting = [(trace, subject, negated)]
        while waiting:
            part, whose, contrary = waiting[-1]
            key = (id(part), whose, contrary)
            below = self._below(part, whose, contrary)
            missing = [one for one in below if (id(one[0]), *one[1:]) not in self._bases]
            if missing:
                waiting += missing
                continue
            own = _input_of(part)
            self._bases[key] = own.union(*(self._bases[id(one[0]), *one[1:]] for one in below))
            waiting.pop()
        return self._bases[id(trace), subject, negated]

    def _below(self, trace: Trace, subject: int, negated: bool) -> list[tuple[Trace, int, bool]]:
        """What decided a part: each with the member looked at and whether its contrary is meant."""
        match trace.expr:
            case Ref():
                return [(self.target(trace, subject), subject, negated)]
            case Not():
                return [(trace.children[0], subject, not negated)]
            case And() | Or():
                return [(part, subject, negated) for part in deciding_parts(trace, negated)]
            case Items(Aggregate.ANY):
                alike = [(part, at, False) for at, part in self.of_items(trace, subject) if part.value == trace.value]
                return alike[:1] if trace.value == possible.TRUE else alike
            case Items():
                return [(part, at, False) for at, part in self.of_items(trace, subject)]
            case _:
                return [(part, subject, False) for part in trace.children]

    def of_items(self, trace: Trace, subject: int) -> Iterator[tuple[int, Trace]]:
        """The parts of an aggregate, each with the member looked at; tests, then values, then what else it is.

        Within another list that is the one whose the list is: of the items their traces know.
        """
        tests, values, default = tests_and_values(trace)
        of_members = isinstance(trace.expr, Items) and trace.expr.list == "member"
        for some in (tests, values):
            yield from ((at if of_members else subject, part) for at, part in enumerate(some))
        if default is not None:
            yield subject, default

    def target(self, trace: Trace, subject: int) -> Trace:
        """The trace of the definition that a traced reference names."""
        assert isinstance(trace.expr, Ref), trace.expr
        return self.traces[trace.expr.definition][subject_of(trace, subject)]


def deciding_parts(trace: Trace, negated: bool) -> tuple[Trace, ...]:
    """Of an AND or OR the parts that settle it, or that keep it open; one where one is enough."""
    alike = tuple(child for child in trace.children if child.value == trace.value)
    settled = trace.value == (possible.FALSE if negated else possible.TRUE)
    return alike[:1] if settled and not all_must_hold(trace, negated) else alike


def all_must_hold(trace: Trace, negated: bool) -> bool:
    """Whether all parts of an AND or OR must hold, or fail where it is `negated`."""
    return isinstance(trace.expr, And) is not negated


def _input_of(trace: Trace) -> frozenset[Need]:
    if not isinstance(trace.expr, Fact):
        return frozenset()
    whose = None if trace.item is None else meant(trace.expr, trace.item)
    if isinstance(whose, Item) and whose.list == trace.expr.level != "member":
        # of further items nothing is known: the list is named
        asked = trace.expr.input if whose.number is not None else InputId(whose.list)
        return frozenset({FactNeed(asked, trace.member, whose.number)})
    return frozenset({FactNeed(trace.expr.input, trace.member if trace.expr.level == "member" else None)})
