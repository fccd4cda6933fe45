"""Parameters: dated values, read in their units, with the range that holds on every day.

In: documents and what is declared before. Out: `ParameterDecl`s by name. Called by `program`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fupin_policy.check.citations import clause
from fupin_policy.check.declarations import (
    FIRST_DAY,
    LAST_DAY,
    Namespace,
    disjoint,
    fact_named,
    not_a,
    number_type,
    validity,
    words,
)
from fupin_policy.check.numbers import decimal_text, read_decimal, to_scale
from fupin_policy.check.units import Units
from fupin_policy.core.program import (
    CodeList,
    DatedValue,
    FactDecl,
    ParameterDecl,
    SourceDecl,
    Validity,
    to_date,
    to_day,
)
from fupin_policy.core.types import Code, Day, Number, Poison, Type
from fupin_policy.days import day_of
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model


def parameters(
    documents: model.Documents,
    known: Sequence[FactDecl],
    lists: Mapping[str, CodeList],
    unit_senses: Units,
    cited: Mapping[str, SourceDecl],
    covered: Validity,
    reporter: Reporter,
) -> dict[str, ParameterDecl]:
    """Every parameter, by English name."""
    names = Namespace(reporter, {})
    found = {}
    for doc in documents.parameters:
        for name in {n.text: n for n in (doc.name, doc.label)}.values():
            names.take(name)
        builder = _ParameterBuilder(doc, known, lists, unit_senses, cited, covered, documents.broken, reporter)
        found[doc.name.text] = builder.build()
    return found


@dataclass(frozen=True, slots=True)
class _ParameterBuilder:
    doc: model.ParameterDoc
    known: Sequence[FactDecl]
    lists: Mapping[str, CodeList]
    units: Units
    cited: Mapping[str, SourceDecl]
    covered: Validity
    broken: frozenset[str]
    reporter: Reporter

    def build(self) -> ParameterDecl:
        doc = self.doc
        key = None if doc.by is None else fact_named(doc.by, self.known, self.broken, self.reporter)
        declared = self._declared()
        values = tuple(self._value(value, key, declared) for value in doc.values)
        kept = tuple(value for value in values if value is not None)
        disjoint(doc.name.text, [(validity(v.valid), v.valid.span) for v in doc.values], self.reporter)
        complete = len(kept) == len(values)
        type_ = self._type(declared, kept, key) if complete else Poison()
        return ParameterDecl(doc.name.text, doc.label.text, type_, key, kept, doc.name.span)

    def _declared(self) -> Type:
        """The type before the values are known: its range is the declared one, or as wide as can be."""
        doc = self.doc
        if doc.type == "date":
            return Day(FIRST_DAY, LAST_DAY)
        wide = model.Text("-1000000000000..1000000000000", doc.name.span)
        return number_type(doc.unit, doc.decimals, doc.range or wide, self.units, self.reporter)

    def _value(self, value: model.ValueDoc, key: str | None, declared: Type) -> DatedValue | None:
        ref = clause(value.source, self.cited, self.broken, self.reporter)
        if value.status == "enacted" and not ref.clause:
            self.reporter.report("N122", value.source.span)
        read: dict[int | None, int] = {}
        sound = not isinstance(declared, Poison)
        for code, text in value.values:
            index = self._position(code, key)
            number = None if isinstance(declared, Poison) else self._read(text, declared)
            sound = sound and number is not None and (code is None or index is not None)
            if number is not None:
                read[index] = number
        if not sound:
            return None
        note = None if value.note is None else words(value.note)
        return DatedValue(validity(value.valid), read, value.status, ref, note)

    def _position(self, code: model.Text | None, key: str | None) -> int | None:
        fact = next((fact for fact in self.known if fact.name == key), None)
        if code is None or fact is None or not isinstance(fact.type, Code):
            if code is not None and fact is None and self.doc.by is None:
                not_a(code, "数值（没有 by 时不能按代码取值）", "a value (codes need 'by')", self.reporter)
            return None
        for index, one in enumerate(self.lists[fact.type.code_list].codes):
            if code.text in (one.code, one.name, one.label):
                return index
        labels = [one.label for one in self.lists[fact.type.code_list].codes]
        known = "、".join(labels[:12])
        hint = self.reporter.suggest(code.text, labels)
        self.reporter.report("N102", code.span, suggestion=hint, name=code.text, list=fact.type.code_list, known=known)
        return None

    def _read(self, text: model.Text, declared: Type) -> int | None:
        if isinstance(declared, Day):
            day = day_of(text.text)
            if day is None:
                not_a(text, "日期", "a date", self.reporter)
            return None if day is None else to_day(day)
        assert isinstance(declared, Number)
        if read_decimal(text.text) is None:
            not_a(text, "数字", "a number", self.reporter)
            return None
        sense = None if self.doc.unit is None else self.units.sense(self.doc.unit.text)
        value = to_scale(text.text, declared.scale, 0 if sense is None else sense.power)
        if value is None:
            self.reporter.report("T222", text.span, value=text.text, decimals=declared.scale)
        elif not declared.low <= value <= declared.high:
            low, high = (decimal_text(end, declared.scale) for end in (declared.low, declared.high))
            self.reporter.report("R310", text.span, value=text.text, low=low, high=high)
            return None
        return value

    def _type(self, declared: Type, values: tuple[DatedValue, ...], key: str | None) -> Type:
        """The declared range where something is unknown on some day; else the hull of the values."""
        gap = self._gap(values, key)
        if isinstance(declared, Poison):
            return declared
        if gap is not None and self.doc.range is None and not isinstance(declared, Day):
            first, last = gap
            name = self.doc.label.text
            self.reporter.report("D102", self.doc.name.span, name=name, from_=first, to=last)
            return Poison()
        numbers = [number for value in values for number in value.values.values()]
        if gap is not None or not numbers:
            return declared
        low, high = min(numbers), max(numbers)
        return replace(declared, low=low, high=high) if isinstance(declared, Day | Number) else declared

    def _gap(self, values: tuple[DatedValue, ...], key: str | None) -> tuple[date, date] | None:
        """The first stretch of covered days that has no value, for every code looked up."""
        fact = next((fact for fact in self.known if fact.name == key), None)
        wanted = set(range(fact.type.size)) if fact is not None and isinstance(fact.type, Code) else {None}
        reached = self.covered.start
        for value in sorted(values, key=lambda v: v.validity.start):
            if value.validity.start > reached:
                break
            if wanted <= set(value.values):
                reached = max(reached, value.validity.end)
        if reached >= self.covered.end:
            return None
        later = [v.validity.start for v in values if v.validity.start > reached]
        return to_date(reached), to_date(min([*later, self.covered.end])) - timedelta(days=1)
