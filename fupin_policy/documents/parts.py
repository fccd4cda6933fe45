"""Parts of entries as data: words and texts where they stand, stretches of days, expressions, tables of a rule.

In: built by `documents.entry_reader` and `documents.model_builder`. Out: data only. Read by `check`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from fupin_policy.core.declarations import Standing
from fupin_policy.diagnostics import Span

TablePreference = Literal["highest", "first", "all"]
"""What a table is worth of whose rows several may fit: the greatest value, that of the first row, or all added up."""


@dataclass(frozen=True, slots=True)
class TextDoc:
    """A word that may turn out to be wrong, and where it stands."""

    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class BilingualDoc:
    """A text in both languages, and where it stands."""

    zh: str
    en: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Dates:
    """A stretch of days, both ends inclusive; None is open."""

    start: date | None
    end: date | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ExpressionDoc:
    """An expression where it stands. `escaped`: in double quotes with a backslash, which cannot be parsed in place."""

    span: Span
    escaped: bool = False


@dataclass(frozen=True, slots=True)
class RowDoc:
    """A row of a table: a cell for each column (one expression, or the codes of a list), and the value.

    Or, in place of cells, a condition of its own.
    """

    cells: tuple[tuple[ExpressionDoc, ...], ...]
    value: ExpressionDoc
    span: Span
    when: ExpressionDoc | None = None


@dataclass(frozen=True, slots=True)
class TableDoc:
    """A table that picks a row; or out of rows that may overlap, where it says what to `keep` (a `TablePreference`)."""

    by: tuple[ExpressionDoc, ...]
    rows: tuple[RowDoc, ...]
    otherwise: ExpressionDoc | None
    span: Span
    keep: TextDoc | None = None


@dataclass(frozen=True, slots=True)
class SlicesDoc:
    """A table that adds up slices."""

    of: ExpressionDoc
    rows: tuple[RowDoc, ...]
    rounding: ExpressionDoc | None
    span: Span


RuleBodyDoc = ExpressionDoc | TableDoc | SlicesDoc


@dataclass(frozen=True, slots=True)
class KeyedDoc:
    """What a parameter is for some keys: a cell for each, of one range or value, or of several codes."""

    cells: tuple[tuple[TextDoc, ...], ...]
    value: TextDoc


@dataclass(frozen=True, slots=True)
class ValueDoc:
    """A parameter's dated value: rows by its keys, and `otherwise`; that alone without keys. Unknown needs no source.

    `layer` says how far above the ruleset at the bottom it stands: there it stands alone, wherever it says something.
    """

    valid: Dates
    rows: tuple[KeyedDoc, ...]
    otherwise: TextDoc | None
    status: Standing
    source: TextDoc | None
    note: BilingualDoc | None
    layer: int = 0

    @property
    def texts(self) -> tuple[TextDoc, ...]:
        """All that it says, in order."""
        return (*(row.value for row in self.rows), *(() if self.otherwise is None else (self.otherwise,)))


@dataclass(frozen=True, slots=True)
class BodyChoiceDoc:
    """Bodies by a condition; each of them may be such a choice again."""

    when: ExpressionDoc
    then: tuple[BodyDoc, ...]
    otherwise: tuple[BodyDoc, ...]
    spans: tuple[Span, Span] = field(compare=False)
    """Where both stand."""


BodyDoc = TextDoc | BodyChoiceDoc
"""A body that answers for a policy, by name or by a condition."""


def nobody_named(bodies: Iterable[BodyDoc]) -> Iterator[Span]:
    """Where by a condition no body is named."""
    for body in bodies:
        if isinstance(body, BodyChoiceDoc):
            for side, span in zip((body.then, body.otherwise), body.spans, strict=True):
                yield from nobody_named(side) if side else (span,)


def named_bodies(bodies: Iterable[BodyDoc]) -> Iterator[TextDoc]:
    """Every body that may answer."""
    for body in bodies:
        if isinstance(body, BodyChoiceDoc):
            yield from named_bodies((*body.then, *body.otherwise))
        else:
            yield body


def asked_of_bodies(bodies: Iterable[BodyDoc]) -> Iterator[ExpressionDoc]:
    """Every condition on which it depends who answers, in the order in which they are written."""
    for body in bodies:
        if isinstance(body, BodyChoiceDoc):
            yield body.when
            yield from asked_of_bodies((*body.then, *body.otherwise))
