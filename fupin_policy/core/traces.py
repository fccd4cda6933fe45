"""What an evaluator works out of a household: findings, and a trace of every node with its value.

In: nothing. Out: `Findings`, `Trace`, immutable; of traced choices and tables what decided them. Made by
the evaluators.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fupin_policy.core import possible
from fupin_policy.core.expressions import Aggregate, Cases, Expr, Gather, Items, Ref
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.subjects import Item, meant, position


@dataclass(frozen=True, slots=True)
class Findings:
    """What an evaluator found, a row for each rule of the snapshot.

    A row has one entry for a household's policy, and one for each member, in order, for a member's. `further` are the
    values of the other outputs of the program, in order, likewise.
    """

    outcomes: tuple[tuple[int, ...], ...]
    amounts: tuple[tuple[Interval, ...] | None, ...]
    further: tuple[tuple[Value, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """An expression with the value it had and how its parts came out; of which member, and of which item, if of one."""

    expr: Expr
    value: Value
    children: tuple[Trace, ...]
    member: str | None = None
    item: Item | None = None


def subject_of(trace: Trace, subject: int) -> int:
    """Of whom the definition is that a traced reference names: of an item, if it was asked of one, or of a member."""
    assert isinstance(trace.expr, Ref), trace.expr
    level = trace.expr.level
    if trace.item is not None:
        return position(level, meant(trace.expr, trace.item))
    return subject if level == "member" else 0


def tests_and_values(trace: Trace) -> tuple[tuple[Trace, ...], tuple[Trace, ...], Trace | None]:
    """Of a traced aggregate the tests, the values where it has some, and the default.

    Where there may be further items, what stands for these comes last of each.
    """
    node = trace.expr
    assert isinstance(node, Items), node
    parts = trace.children
    if node.value is None:
        return parts, (), None
    default = None if node.default is None else parts[-1]
    count = (len(parts) - (default is not None)) // 2
    return parts[:count], parts[count : 2 * count], default


Traces = Mapping[DefinitionId, tuple[Trace, ...]]
"""For each definition its trace: one for a household's, one a member for a member's."""


def as_said(traces: Traces) -> Traces:
    """The same where people are told: of what rests on open readings what it says itself, unless options say more."""

    def own(name: DefinitionId, found: tuple[Trace, ...]) -> tuple[Trace, ...]:
        pairs = zip(traces.get(name.left_open, found), found, strict=True)
        return tuple(said if said.value == one.value else one for said, one in pairs)

    return {name: own(name, found) for name, found in traces.items()}


def under_options(trace: Trace) -> list[tuple[Expr, DefinitionId]]:
    """Of a definition that rests on open readings what each test of options makes it; else nothing."""
    match trace.expr:
        case Cases(branches=((_, Ref(DefinitionId(taken=taken))), *_)) if taken:
            return [(test, value.definition) for test, value in trace.expr.branches if isinstance(value, Ref)]
    return []


def traced_cases(choice: Trace) -> list[tuple[Trace | None, Trace]]:
    """Of a traced `Cases` the values that it may have, each with its test; that of `otherwise`, the last, has none."""
    assert isinstance(choice.expr, Cases), choice.expr
    parts = iter(choice.children)
    found: list[tuple[Trace | None, Trace]] = []
    for _ in choice.expr.branches:
        test = next(parts)
        if test.value != possible.FALSE:
            found.append((test, next(parts)))
        if test.value == possible.TRUE:
            return found
    return [*found, *((None, value) for value in parts)]


def traced_rows(table: Trace) -> tuple[list[tuple[Trace, Trace | None]], Trace | None]:
    """Of a traced `Gather` the tests, each with the value where it may hold; and the default where none surely does."""
    assert isinstance(table.expr, Gather), table.expr
    parts = iter(table.children)
    tests = (next(parts) for _ in table.expr.rows)
    rows = [(test, None if test.value == possible.FALSE else next(parts)) for test in tests]
    return rows, next(parts, None)


def kept_rows(table: Trace) -> list[int]:
    """Which rows of a traced `Gather` surely made its value, one past the last being the default.

    Of several that are the highest it is the first; where it is open which one that is there is none.
    """
    rows, default = traced_rows(table)
    sure = [at for at, (test, _) in enumerate(rows) if test.value == possible.TRUE]
    if default is not None and all(value is None for _, value in rows):
        return [len(rows)]
    if isinstance(table.expr, Gather) and table.expr.aggregate is Aggregate.MAX:
        settled = possible.is_singleton(table.expr.type, table.value)
        return [at for at in sure if settled and (row := rows[at][1]) and row.value == table.value][:1]
    return sure


def same_row(node: Cases | Gather, index: int) -> int:
    """The first row that gives the same text as one: the rest of a table may be cut into several."""
    spans = [value.span for _, value in (node.rows if isinstance(node, Gather) else node.branches)]
    return index if spans[index] is None else spans.index(spans[index])
