"""Slices of a number in a sum: which part of it lies between two ends.

In: a traced product. Out: what is cut and where, if it is a slice. Called by `sum_working`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from fupin_policy.core.expressions import Add, Const, Expr, Max, Min, Multiply, Scale
from fupin_policy.core.traces import Trace
from fupin_policy.prose.ratios import factor_of, scale_of


@dataclass(frozen=True, slots=True)
class SumSlice:
    """What is cut, and between which ends, in the integers of what lies in it; `high` is None where it has no end."""

    of: Trace
    low: int
    high: int | None


def slice_of(trace: Trace) -> SumSlice | None:
    """A slice of a table of slices, which is `较大(较小(x, high) − low, 0) × rate`."""
    match trace.expr:
        case Multiply(Max((_, Const(value=0))) as inside):
            pass
        case _:
            return None
    part, low, high = aligned(trace.children[0].children[0]), Fraction(0), None
    match part.expr:
        case Add((_, less)) if (end := _constant(less)) is not None and end < 0:
            low, part = -end, aligned(part.children[0])
    match part.expr:
        case Min((_, most)) if (end := _constant(most)) is not None:
            high, part = end, aligned(part.children[0])
    size = 10 ** scale_of(inside)
    return SumSlice(part, int(low * size), None if high is None else int(high * size))


def _constant(expr: Expr) -> Fraction | None:
    """The number of a constant, or of a parameter on the day, aligned or taken away; None of anything else."""
    match expr:
        case Const(value=value):
            return Fraction(value, 10 ** scale_of(expr))
        case Scale(arg):
            return None if (inner := _constant(arg)) is None else inner * factor_of(expr)
        case _:
            return None


def aligned(trace: Trace) -> Trace:
    """A trace without the alignments around it."""
    while isinstance(trace.expr, Scale) and factor_of(trace.expr) == 1:
        (trace,) = trace.children
    return trace
