"""Expressions made anew from expressions: a node with other parts, a tree with other nodes.

In: expressions. Out: expressions. Called by `snapshot`, `narrowing` and whoever puts other nodes in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import assert_never

from fupin_policy.core.expressions import (
    Add,
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
    children,
)


def rewrite(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with `change` applied to every node, the innermost first."""
    return change(with_parts(expr, [rewrite(part, change) for part in children(expr)]))


def with_parts(expr: Expr, parts: Sequence[Expr]) -> Expr:
    """The node with other direct sub-expressions, in the order of `children`; itself where they are the same."""
    if all(one is other for one, other in zip(parts, children(expr), strict=True)):
        return expr
    match expr:
        case Const() | Fact() | Parameter() | Unknown() | Never() | Ref() | AsOf():
            return expr
        case Not() | OneOf() | Scale() | Calendar() | Clamp():
            return replace(expr, arg=parts[0])
        case And() | Or() | Add() | Min() | Max():
            return replace(expr, args=tuple(parts))
        case Compare() | Multiply() | Divide():
            return replace(expr, left=parts[0], right=parts[1])
        case Cases():
            return replace(expr, branches=_pairs(parts), otherwise=parts[-1])
        case Gather():
            return replace(expr, rows=_pairs(parts), default=parts[-1])
        case Items():
            rest = iter(parts[1:])
            value = None if expr.value is None else next(rest)
            return replace(expr, where=parts[0], value=value, default=next(rest, None))
        case DateDiff():
            return replace(expr, start=parts[0], end=parts[1])
        case Shift():
            return replace(expr, arg=parts[0], amount=parts[1])
        case _:
            assert_never(expr)


def _pairs(parts: Sequence[Expr]) -> tuple[tuple[Expr, Expr], ...]:
    """Tests with their values, all parts but the last."""
    return tuple(zip(parts[:-1:2], parts[1:-1:2], strict=True))
