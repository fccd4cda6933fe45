"""Bounds of a table's rows that are parameters: what a row allows on a day.

In: cells, typed. Out: the stretches of days on which they stay the same, and intervals of integers on each.
Called by `decision_tables`. Rows may meet on some days only, so gaps and overlaps are sought on each stretch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from fupin_policy.check.context import TypingContext
from fupin_policy.check.declarations import dates_text
from fupin_policy.check.numbers import align, number
from fupin_policy.check.table_coverage import ClosedInterval, Region
from fupin_policy.core.days import Validity
from fupin_policy.core.expressions import Const, Expr, Parameter
from fupin_policy.core.types import Day, Number
from fupin_policy.diagnostics import Span


@dataclass(frozen=True, slots=True)
class Between:
    """A cell that is a range; its ends are constants or parameters. An end that is None is the domain's."""

    column: Expr
    domain: ClosedInterval
    low: Const | Parameter | None
    high: Const | Parameter | None
    high_open: bool

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters among its ends."""
        return tuple(end.name for end in (self.low, self.high) if isinstance(end, Parameter))


Allowed = Region | Between
"""What a cell allows: always the same, or by the values of parameters."""


def days_of_bounds(context: TypingContext, cells: Iterable[Allowed], span: Span) -> list[Validity] | None:
    """Stretches of the rule's days on which all bounds stay the same; None, and reported, where one has no value."""
    covered = context.scope.covers
    names = {name for cell in cells if isinstance(cell, Between) for name in cell.parameters}
    dated = [*context.days, *(value.validity for name in names for value in context.scope.parameters[name].values)]
    edges = {edge for one in dated for edge in (one.start, one.end) if covered.start < edge < covered.end}
    every = [Validity(first, last) for first, last in pairwise(sorted({covered.start, covered.end, *edges}))]
    # of a rule that is in force on no covered day any one day is looked at
    stretches = [one for one in every if any(days.covers(one.start) for days in context.days)] if names else []
    stretches = stretches or every[:1]
    for name in sorted(names):
        unknown = [one for one in stretches if _value(context, name, one.start) is None]
        if unknown:
            days = [dates_text(one) for one in unknown]
            context.wrong("R311", span, name=context.scope.parameters[name].label, days=days)
            return None
    return stretches


def region_on(context: TypingContext, cell: Allowed, day: int) -> Region:
    """What a cell allows on a day; a range that ends before it begins allows nothing."""
    if not isinstance(cell, Between):
        return cell
    low, high = cell.domain
    first, last = ends_on(context, cell, day)
    if first is not None:
        low = lattice(cell.column, first, up=True)
    if last is not None:
        high = lattice(cell.column, last, up=cell.high_open) - cell.high_open
    return ((low, high),)


def ends_on(context: TypingContext, cell: Between, day: int) -> tuple[Const | None, Const | None]:
    """The ends of a range on a day, on which they have values."""
    return _constant(context, cell.low, day), _constant(context, cell.high, day)


def _constant(context: TypingContext, end: Const | Parameter | None, day: int) -> Const | None:
    if not isinstance(end, Parameter):
        return end
    value = _value(context, end.name, day)
    if value is None or not isinstance(end.type, Number | Day):
        raise AssertionError(end)
    return Const(value, replace(end.type, low=value, high=value), end.span)


def _value(context: TypingContext, parameter: str, day: int) -> int | None:
    values = context.scope.parameters[parameter].values
    return next((value.values.get(None) for value in values if value.validity.covers(day)), None)


def lattice(column: Expr, bound: Const, up: bool) -> int:
    """A bound in the column's own integers, rounded up or down where it lies between two."""
    if not isinstance(column.type, Number):
        return bound.value
    finer, aligned = align(column, bound)
    factor: int = 10 ** (number(finer).scale - column.type.scale)
    value = number(aligned).low
    return -(-value // factor) if up else value // factor
