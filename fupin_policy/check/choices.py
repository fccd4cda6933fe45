"""Choices among typed values: by conditions, or the least or greatest.

In: typed expressions. Out: CORE expressions of one unit and scale. Called by `typing` and `decision_tables`.
"""

from __future__ import annotations

from typing import Literal

from fupin_policy.check.common_types import alike, bounds_of, hull, with_bounds
from fupin_policy.check.context import TypingContext, span_of
from fupin_policy.check.scope import BROKEN
from fupin_policy.core import possible
from fupin_policy.core.expressions import Aggregate, Cases, Expr, Gather, Max, Min, Never
from fupin_policy.core.types import INT64_MAX, INT64_MIN, Day, ErrorType, Number
from fupin_policy.diagnostics import Span
from fupin_policy.language.syntax import Syntax


def cases(context: TypingContext, branches: list[tuple[Expr, Expr]], otherwise: Expr, node: Syntax | Span) -> Expr:
    """A choice among values of one kind, brought to one unit and scale."""
    values = alike(context, [*(value for _, value in branches), otherwise], node)
    if values is None or any(isinstance(test.type, ErrorType) for test, _ in branches):
        return BROKEN
    tests = [test for test, _ in branches]
    last = values[-1]
    pairs = list(zip(tests, values[:-1], strict=True))
    if isinstance(last, Cases):
        pairs, last = [*pairs, *last.branches], last.otherwise
    return Cases(tuple(pairs), last, hull([value.type for value in values]), span_of(node))


def complete(context: TypingContext, branches: list[tuple[Expr, Expr]], span: Span) -> Expr:
    """A choice among branches of which one always holds."""
    values = alike(context, [value for _, value in branches], span)
    if values is None or any(isinstance(test.type, ErrorType) for test, _ in branches):
        return BROKEN
    pairs = tuple((test, value) for (test, _), value in zip(branches, values, strict=True))
    type_ = hull([value.type for value in values])
    return Cases(pairs, Never(type_, span), type_, span)


def gathered(
    context: TypingContext,
    aggregate: Literal[Aggregate.SUM, Aggregate.MAX],
    rows: list[tuple[Expr, Expr]],
    otherwise: Expr | None,
    span: Span,
) -> Expr:
    """The sum or the greatest of the values whose test holds, else `otherwise`; without that one test always holds."""
    values = alike(context, [*(value for _, value in rows), *(() if otherwise is None else (otherwise,))], span)
    if values is None or any(isinstance(test.type, ErrorType) for test, _ in rows):
        return BROKEN
    kept = hull([value.type for value in values])
    if aggregate is Aggregate.SUM:
        bounds = [bounds_of(value.type) for value in values[: len(rows)]]
        rest = bounds_of(values[-1].type) if otherwise is not None else (INT64_MAX, INT64_MIN)
        kept = with_bounds(kept, *possible.total([possible.UNKNOWN] * len(rows), bounds, rest))
    default = Never(kept, span) if otherwise is None else values[-1]
    pairs = tuple((test, value) for (test, _), value in zip(rows, values, strict=False))
    return context.bounded(Gather(aggregate, pairs, default, kept, span))


def extreme(context: TypingContext, args: list[Expr], greatest: bool, node: Syntax | Span) -> Expr:
    """The least or greatest of numbers, or of days."""
    for arg in args:
        if not isinstance(arg.type, Number | Day | ErrorType):
            return context.wrong("T202", arg.span or node, **context.kinds(found=arg.type))
    values = alike(context, args, node)
    if values is None:
        return BROKEN
    low, high = possible.extreme([bounds_of(value.type) for value in values], greatest)
    node_class = Max if greatest else Min
    return node_class(tuple(values), with_bounds(values[0].type, low, high), span_of(node))
