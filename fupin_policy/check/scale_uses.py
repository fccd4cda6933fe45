"""What a scale comes to where a rule uses it: an expression for each stretch of days.

In: a use, the scale's brackets. Out: dated CORE expressions of one type. Called by `definitions`.
They are what the tables and slices would be that somebody wrote in place of the use, one version of a rule for each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fupin_policy.check.common_types import alike, hull
from fupin_policy.check.decision_tables import picked, share, sliced
from fupin_policy.check.parsed import Brackets, DecisionTable, TableRow
from fupin_policy.check.typing import Typer
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity
from fupin_policy.core.expressions import Expr, Parameter
from fupin_policy.core.program import BracketUse
from fupin_policy.core.types import ErrorType, Type
from fupin_policy.diagnostics import Reporter, Span
from fupin_policy.language import syntax

DatedExpressions = tuple[tuple[Validity, Expr], ...]
"""An expression for each stretch of days."""


@dataclass(frozen=True, slots=True)
class DatedUse:
    """The expressions of a use, the type that holds them all, and what the scale is called."""

    versions: DatedExpressions
    type: Type
    words: Bilingual


def dated_use(typer: Typer, use: BracketUse, span: Span | None) -> DatedUse | None:
    """What a scale comes to where it is used; None where something is reported."""
    brackets = typer.scope.brackets[use.parameter]
    place = span or brackets.parameter.span
    if place is None:
        raise AssertionError(use)
    last = () if brackets.parameter.of is None else brackets.parameter.of.days
    typer = replace(typer, last=last)
    if alike(typer, [use.arg, *_bounds(typer, brackets)], place) is None:
        return None
    found = [(days, _on(replace(typer, days=(days,)), use, rows)) for days, rows in brackets.stretches]
    unknown = Parameter(brackets.parameter.name, None, brackets.parameter.type, place)
    found += [(days, _unknown(typer, use, unknown, place)) for days in _between(typer.scope.covers, brackets)]
    exprs = [expr for _, expr in found]
    if any(isinstance(expr.type, ErrorType) for expr in exprs):
        return None
    values = alike(typer, exprs, place)
    if values is None:
        return None
    versions = tuple(zip((days for days, _ in found), values, strict=True))
    return DatedUse(versions, hull([value.type for value in values]), brackets.parameter.words)


def _bounds(typer: Typer, brackets: Brackets) -> list[Expr]:
    """The bounds of a scale, if they are of one kind; none otherwise, as is reported where they stand."""
    quiet = replace(typer, scope=replace(typer.scope, reporter=Reporter()))
    cells = [cell for _, rows in brackets.stretches for row in rows for cell in row.cells[0]]
    ends = [end for cell in cells if isinstance(cell, syntax.Range) for end in (cell.low, cell.high) if end is not None]
    bounds = [quiet.expr(end) for end in ends]
    return [] if not bounds or alike(quiet, bounds, cells[0]) is None else bounds


def _on(typer: Typer, use: BracketUse, rows: tuple[TableRow, ...]) -> Expr:
    """The use while some rows hold."""
    if use.how == "slices":
        return sliced(typer, use.arg, rows, rows[0].span)
    return picked(typer, [use.arg], DecisionTable((), rows, None, rows[0].span))


def _unknown(typer: Typer, use: BracketUse, rate: Parameter, span: Span) -> Expr:
    """The use while there is no scale: one slice of which the rate is not known, or a value that is not known."""
    everything = (syntax.Range(None, None, False, span),)
    return share(typer, use.arg, TableRow((everything,), rate, span)) if use.how == "slices" else rate


def _between(covered: Validity, brackets: Brackets) -> list[Validity]:
    """The covered days on which a scale has no rows."""
    found, start = [], covered.start
    for days, _ in sorted(brackets.stretches, key=lambda one: one[0].start):
        if start < min(days.start, covered.end):
            found.append(Validity(start, min(days.start, covered.end)))
        start = max(start, days.end)
    return [*found, Validity(start, covered.end)] if start < covered.end else found
