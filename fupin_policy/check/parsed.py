"""Tables, slices and scales as files say them, parsed and not typed yet.

In: nothing. Out: data only. Built by `value_makers` and `brackets`, typed by `decision_tables` and `scale_uses`.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_policy.core.days import Validity
from fupin_policy.core.declarations import ParameterDecl
from fupin_policy.core.expressions import Parameter
from fupin_policy.diagnostics import Span
from fupin_policy.documents.parts import TextDoc
from fupin_policy.language import syntax
from fupin_policy.language.syntax import Syntax

TableCell = tuple[Syntax, ...]
"""What a cell says: one value, range or 任意, or the codes of a list."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row, parsed: a cell for each column, or a condition, and the value; that of a scale may be one of its own."""

    cells: tuple[TableCell, ...]
    value: Syntax | Parameter
    span: Span
    when: Syntax | None = None


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A table that picks a row, or what it says to keep of rows that may overlap, parsed."""

    by: tuple[Syntax, ...]
    rows: tuple[TableRow, ...]
    otherwise: Syntax | None
    span: Span
    keep: TextDoc | None = None

    @property
    def conditions(self) -> bool:
        """Whether some row has a condition of its own, so that nothing can be said of gaps and overlaps."""
        return any(row.when is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class Slices:
    """A table that adds up slices, parsed: each row a range and a rate."""

    of: Syntax
    rows: tuple[TableRow, ...]
    rounding: syntax.RoundingStep | None
    span: Span


@dataclass(frozen=True, slots=True)
class Brackets:
    """A parameter that is a scale: its rows on each stretch of days on which it has some."""

    parameter: ParameterDecl
    stretches: tuple[tuple[Validity, tuple[TableRow, ...]], ...]
