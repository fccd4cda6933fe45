"""Which parts of an expression decided its value, as the interpreter traced it.

In: traces of a snapshot and a household. Out: traces of parts, the inputs behind them. Called by the rest of the room.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from fupin_policy.core import possible
from fupin_policy.core.expressions import Aggregate, And, Fact, Members, Not, Or, Ref
from fupin_policy.core.identifiers import FactNeed, Need
from fupin_policy.core.traces import Trace, Traces


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
                return [(self.target(trace.expr, subject), subject, negated)]
            case Not():
                return [(trace.children[0], subject, not negated)]
            case And() | Or():
                return [(part, subject, negated) for part in deciding_parts(trace, negated)]
            case Members(Aggregate.ANY):
                alike = [(part, at, False) for at, part in enumerate(trace.children) if part.value == trace.value]
                return alike[:1] if trace.value == possible.TRUE else alike
            case Members():
                return [(part, at, False) for at, part in self.of_members(trace)]
            case _:
                return [(part, subject, False) for part in trace.children]

    def of_members(self, trace: Trace) -> Iterator[tuple[int, Trace]]:
        """The parts of a question about members, each with whose it is; tests, then values, then what else it is."""
        count = len(trace.children) // (1 if cast(Members, trace.expr).value is None else 2)
        return ((at % max(count, 1), part) for at, part in enumerate(trace.children))

    def target(self, ref: Ref, subject: int) -> Trace:
        """The trace of the definition that is referred to."""
        return self.traces[ref.definition][subject if ref.level == "member" else 0]


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
    return frozenset({FactNeed(trace.expr.input, trace.member if trace.expr.level == "member" else None)})
