"""Parameters that are scales: brackets with a rate each, over time.

In: a parameter's document. Out: the same with its rates as values by position, and its brackets, parsed.
Called by `parameters`. A rate is a number, a formula over other parameters, or unknown; values of numbers and unknown
ones are looked up by the position within the whole scale, as those of others are by codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from fupin_policy.check.declarations import validity
from fupin_policy.check.parsed import Brackets, TableRow
from fupin_policy.check.units import Units
from fupin_policy.check.value_makers import Makers, names_parameter
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import ParameterDecl
from fupin_policy.core.expressions import Parameter
from fupin_policy.diagnostics import Lang, Span
from fupin_policy.documents import model
from fupin_policy.documents.parts import ExpressionDoc, KeyedDoc, RowDoc, TextDoc, ValueDoc
from fupin_policy.language import syntax
from fupin_policy.language.printer import NameKind, show


@dataclass(frozen=True, slots=True)
class ScaleDoc:
    """A scale's document with its rates as values, and for each of its values the rows, parsed."""

    doc: model.ParameterDoc
    rows: tuple[tuple[ValueDoc, tuple[TableRow, ...]], ...]

    def brackets(self, parameter: ParameterDecl) -> Brackets:
        """The rows over time, each rate that is a number in them as a parameter."""
        position, found = 0, []
        for value, rows in self.rows:
            kept = []
            for row in rows:
                if _own_rate(row) is not None:
                    rate = Parameter(parameter.name, position, parameter.type, row.value.span)
                    row = replace(row, value=rate)
                kept.append(row)
                position += 1
            found.append((validity(value.valid), tuple(kept)))
        # a value that a parameter as of other days has on none is passed over
        return Brackets(parameter, tuple((days, rows) for days, rows in found if days.start < days.end))


def scale_of(doc: model.ParameterDoc, makers: Makers) -> ScaleDoc | None:
    """What a scale says; None where a row cannot be read or a value has none, as is reported."""
    position, values, parsed = 0, [], []
    rest = (value.otherwise for value in doc.values if value.rows)
    strange = [("by", doc.by[0].span)] if doc.by else []
    strange += [("otherwise", text.span) for text in rest if text is not None]
    for key, span in strange:
        makers.reporter.report("T263", span, name=doc.label.text, name_en=doc.name.text, key=key)
    sound = not strange
    for value in doc.values:
        if not value.rows:
            values.append(value)
            if any(text.text not in model.UNKNOWN for text in value.texts):
                makers.reporter.report("T262", value.valid.span, name=doc.label.text)
                sound = False
            continue
        for long in (row for row in value.rows if len(row.cells) != 1):
            makers.reporter.report("R305", long.value.span, found=len(long.cells) + 1, wanted=2)
            sound = False
        rows = [makers.row(_row_of(row)) for row in value.rows]
        sound = sound and None not in rows
        rates = []
        for row in rows:
            rate = None if row is None else _own_rate(row)
            if rate is not None:
                rates.append(KeyedDoc(((TextDoc(str(position), rate.span),),), rate))
            elif row is not None and row.value.span is not None:
                makers.formula(doc, TextDoc(row.value.span.text, row.value.span), ())  # for what is wrong with it
            position += 1
        values.append(replace(value, rows=tuple(rates)))
        parsed.append((value, tuple(row for row in rows if row is not None)))
    return ScaleDoc(replace(doc, values=tuple(values)), tuple(parsed)) if sound else None


def _row_of(row: KeyedDoc) -> RowDoc:
    """A bracket and its rate as a row of a table."""
    cells = tuple(tuple(ExpressionDoc(text.span) for text in cell) for cell in row.cells)
    return RowDoc(cells, ExpressionDoc(row.value.span), row.value.span)


def _own_rate(row: TableRow) -> TextDoc | None:
    """A row's rate where it is a number or unknown; None where it is worked out from other parameters."""
    span = row.value.span
    return None if span is None or names_parameter(span.text) else TextDoc(span.text.strip(), span)


def bracket_words(scale: ScaleDoc, parameters: Iterable[model.ParameterDoc], units: Units) -> tuple[Bilingual, ...]:
    """What each bracket of a scale is called, by its position."""
    labels = {
        word: Bilingual(doc.label.text, doc.label_en or doc.name.text)
        for doc in parameters
        for word in (doc.name.text, doc.label.text)
    }
    cells = [row.cells[0][0] for _, rows in scale.rows for row in rows]
    zh, en = ([_shown(cell, lang, labels, units) for cell in cells] for lang in ("zh", "en"))
    return tuple(map(Bilingual, zh, en))


def _shown(cell: syntax.Syntax, lang: Lang, labels: Mapping[str, Bilingual], units: Units) -> str:
    """A bracket as it is written, in the words of a language."""

    def word(text: str, span: Span | None, kind: NameKind) -> str:
        sense = units.sense(text) if kind == "unit" else None
        words = labels.get(text) if kind == "parameter" else None if sense is None else sense.words
        return text if words is None else words.zh if lang == "zh" else words.en

    return show(cell, lang, word)
