"""The decision tables that a rule rests on, each as a picture and as a table: where what holds, and which
value that gives; and its amounts by slices.

In: a program and the ids of definitions. Out: blocks. Called by `rules`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity
from fupin_policy.core.expressions import Cases, Expr, Never, children
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Definition, Program
from fupin_policy.prose.expressions import say
from fupin_policy.reports.site.blocks import BlockRow, Drawing, Heading, Inline, PageBlock, Paragraph, Table
from fupin_policy.reports.site.sliced_amounts import SlicedAmount, rate_words, slice_words, sliced_amount
from fupin_policy.reports.site.table_drawings import slices_drawing, table_drawing

_WRITTEN = ("term", "stated", "use", "lead")
"""Definitions that people wrote; what an outcome makes of an amount is no table of theirs."""

_PICTURE = Bilingual("表的图", "picture of the table")
_SLICES = Bilingual("分段的图", "picture of the slices")
_SLICE_HEAD = (Bilingual("分段", "slice"), Bilingual("比例", "rate"))
_HEAD = (Bilingual("若", "where"), Bilingual("则", "then"))


def choice_tables(program: Program, roots: list[DefinitionId]) -> tuple[PageBlock, ...]:
    """The tables of the definitions and of all terms below them, with the days on which they are so; else nothing."""
    closure = {*roots, *program.dependencies.closure(roots)}
    parts = [
        part
        for one in program.definitions
        if one.id in closure and one.id.part in _WRITTEN
        for part in _tables(program, one)
    ]
    return (Heading(Bilingual("表", "tables")), *parts) if parts else ()


def _tables(program: Program, definition: Definition) -> Iterator[PageBlock]:
    """The tables of a definition; one that stays the same for several versions stands once."""
    before: list[Cases | SlicedAmount] = []
    for validity, expr in definition.versions:
        found = list(_choices(expr))
        if found and found != before:
            yield Paragraph((definition.name,), strong=True, validity=validity)
            for one in found:
                if isinstance(one, Cases):
                    yield Drawing(table_drawing(program, one, definition.name), _PICTURE, validity)
                    yield Table(_HEAD, _rows(program, one), validity)
                else:
                    yield Drawing(slices_drawing(program, one, definition.name, validity), _SLICES, validity)
                    yield Table(_SLICE_HEAD, _slices(program, one, validity), validity)
        before = found


def _choices(expr: Expr) -> Iterator[Cases | SlicedAmount]:
    """The outermost choices of an expression, and its amounts by slices with the choices in these."""
    if isinstance(expr, Cases):
        yield expr
    elif (amount := sliced_amount(expr)) is not None:
        yield amount
        for inner in (amount.of, *(one.rate for one in amount.slices)):
            yield from _choices(inner)
    else:
        for child in children(expr):
            yield from _choices(child)


def _rows(program: Program, cases: Cases) -> tuple[BlockRow, ...]:
    rows = [BlockRow(((_words(program, test),), (_words(program, value),))) for test, value in cases.branches]
    if not isinstance(cases.otherwise, Never):
        rows.append(BlockRow(((Bilingual("其余", "otherwise"),), (_words(program, cases.otherwise),))))
    return tuple(rows)


def _slices(program: Program, amount: SlicedAmount, validity: Validity) -> tuple[BlockRow, ...]:
    return tuple(
        BlockRow(((slice_words(program, one),), (_inline(rate_words(program, one, validity)),)))
        for one in amount.slices
    )


def _words(program: Program, expr: Expr) -> Inline:
    return _inline(Bilingual(say(expr, program, "zh"), say(expr, program, "en")))


def _inline(words: Bilingual) -> Inline:
    """Words in both languages, once where they are the same."""
    return words.zh if words.zh == words.en else words
