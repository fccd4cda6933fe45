"""What of a dated expression is the same for everybody, worked out once: formulas over parameters come to numbers.

In: an expression without parameters. Out: the same, with constants for what rests on constants alone. Called by
`snapshot`, of uses of parameters. What rests on a value that is not known stays as it is written, so that every backend
finds its interval, and names what is missing, as for any other expression.
"""

from __future__ import annotations

from dataclasses import replace

from fupin_policy.core import possible
from fupin_policy.core.expressions import (
    Add,
    Calendar,
    Const,
    DateDiff,
    Divide,
    Expr,
    Max,
    Min,
    Multiply,
    Scale,
    Shift,
    children,
)
from fupin_policy.core.possible import Interval
from fupin_policy.core.rewriting import rewrite
from fupin_policy.core.types import Day, Number


def folded(expr: Expr) -> Expr:
    """The expression with each number or day that rests on constants alone as a constant."""
    return rewrite(expr, _folded)


def _folded(expr: Expr) -> Expr:
    if not isinstance(expr.type, Number | Day) or not children(expr):
        return expr
    ends = [(part.value, part.value) for part in children(expr) if isinstance(part, Const)]
    value = _value(expr, ends) if len(ends) == len(children(expr)) else None
    if value is None:
        return expr
    return Const(value[0], replace(expr.type, low=value[0], high=value[0]), expr.span, origin=expr)


def _value(expr: Expr, args: list[Interval]) -> Interval | None:
    """What an operation on numbers or days gives; None of what is none."""
    match expr:
        case Add():
            return possible.add(args)
        case Scale(_, factor):
            return possible.scaled(args[0], factor)
        case Multiply():
            return possible.times(*args)
        case Divide():
            return possible.over(args[0], args[1], expr.rounding)
        case Min() | Max():
            return possible.extreme(args, isinstance(expr, Max))
        case DateDiff():
            return possible.date_diff(expr.period, args[0], args[1])
        case Shift():
            return possible.shift(args[0], args[1], expr.period)
        case Calendar():
            return possible.calendar(expr.part, args[0])
        case _:
            return None
