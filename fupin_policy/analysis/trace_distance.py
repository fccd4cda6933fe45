"""How far a household is from having a part of a condition decide: what would have to come out otherwise.

In: the traces of a household's definitions, the part. Out: an integer, 0 where nothing stands in the way. Called by
`example_search`, which goes where it falls. It only guides a search: whether a part decides is for `example_coverage`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fupin_policy.core import possible
from fupin_policy.core.expressions import And, Cases, Clamp, Compare, Gather, Items, Not, Or, Ref
from fupin_policy.core.traces import Trace, Traces, subject_of, traced_rows
from fupin_policy.core.types import Truth

_UNMET = 1000
"""What it costs that a part is not as it should be, and nothing tells how nearly."""
_NEAR, _PER_BIT = 100, 10
"""What an unmet comparison costs at least, and for each binary digit of what is lacking."""


@dataclass(frozen=True, slots=True)
class TraceDistance:
    """Distances within the traces of one household; `members` are the positions of its members by their ids."""

    traces: Traces
    members: Mapping[str, int]

    def to_part(self, trace: Trace, path: Sequence[int], value: int) -> int:
        """How far a part, named by its path, is from deciding with a value (1: from being the row that is used)."""
        if not isinstance(trace.expr.type, Truth):
            return self._below(trace, path, value)
        cost, at = 0, trace
        rest = list(path)
        while rest and isinstance(at.expr, And | Or | Not):
            step = rest.pop(0)
            if step >= len(at.children):
                return cost + _UNMET * (1 + len(rest))
            if not isinstance(at.expr, Not):
                others = possible.TRUE if isinstance(at.expr, And) else possible.FALSE
                cost += sum(self.to_value(one, others) for one in (*at.children[:step], *at.children[step + 1 :]))
            at = at.children[step]
        if rest:
            return self._below(at, rest, value)  # what the part is within may come out either way
        return cost + self.to_value(at, value)

    def to_value(self, trace: Trace, wanted: int) -> int:
        """How far a condition is from coming out so."""
        if trace.value == wanted:
            return 0
        parts = trace.children
        match trace.expr:
            case And() | Or() if parts:
                found = [self.to_value(part, wanted) for part in parts]
                return sum(found) if isinstance(trace.expr, And) == (wanted == possible.TRUE) else min(found)
            case Not() if parts:
                return self.to_value(parts[0], possible.negate(wanted))
            case Ref(definition) if definition in self.traces:
                named = self.traces[definition]
                at = subject_of(trace, self.members.get(trace.member or "", 0))
                return self.to_value(named[at], wanted) if at < len(named) else _UNMET
            case Compare() if len(parts) == 2:
                return self._apart(parts[0], parts[1])
            case Items(_, _, None) if parts:
                found = [self.to_value(part, wanted) for part in parts]
                return sum(found) if wanted == possible.FALSE else min(found)
            case _:
                return _UNMET

    def _apart(self, left: Trace, right: Trace) -> int:
        match left.value, right.value:
            case (int(low), int(high)), (int(least), int(most)) if low == high and least == most:
                return min(_UNMET, _NEAR + _PER_BIT * abs(low - least).bit_length())
            case _:
                return _UNMET

    def _below(self, trace: Trace, path: Sequence[int], value: int) -> int:
        """The same of a part within what is no condition, or within a part of one: members, rows of tables."""
        if not path:
            return 0
        step, rest, parts = path[0], path[1:], trace.children
        match trace.expr:
            case Items(_, _, worth):
                people = len(parts) if worth is None else len(parts) // 2
                asked = parts[:people] if step == 0 else parts[people : 2 * people]
                further = self.to_part if step == 0 else self._below
                return min((further(one, rest, value) for one in asked), default=_UNMET * (1 + len(rest)))
            case Clamp():
                return self._below(parts[0], path, value)
            case Cases():
                return self._row(trace, step // 2, rest, value)
            case Gather():
                return self._gathered(trace, step // 2, rest, value)
            case _:
                if step >= len(parts):
                    return _UNMET * (1 + len(rest))
                return self.to_part(parts[step], rest, value)

    def _row(self, table: Trace, row: int, rest: Sequence[int], value: int) -> int:
        """A row is used where its test holds and none before it; the trace ends with the first that surely does."""
        parts, cost = iter(table.children), 0
        assert isinstance(table.expr, Cases)
        for index in range(len(table.expr.branches)):
            test = next(parts, None)
            if test is None:
                return cost + _UNMET * (1 + len(rest))
            if index == row:
                used = None if test.value == possible.FALSE else next(parts, None)
                cost += self.to_value(test, possible.TRUE)
                return cost + (_UNMET * len(rest) if used is None else self._below(used, rest, value))
            cost += self.to_value(test, possible.FALSE)
            if test.value != possible.FALSE:
                next(parts, None)
        last = next(parts, None)
        return cost + (_UNMET * len(rest) if last is None else self._below(last, rest, value))

    def _gathered(self, table: Trace, row: int, rest: Sequence[int], value: int) -> int:
        rows, default = traced_rows(table)
        if row >= len(rows):
            cost = sum(self.to_value(test, possible.FALSE) for test, _ in rows)
            return cost + (0 if default is None else self._below(default, rest, value))
        test, used = rows[row]
        return self.to_value(test, possible.TRUE) + (0 if used is None else self._below(used, rest, value))
