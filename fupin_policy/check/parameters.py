"""A parameter: dated values, read in their units, with the range that holds on every day.

In: a document and what is declared before. Out: a `ParameterDecl`. Called by `parameter_index`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import accumulate

from fupin_policy.check.citations import clause
from fupin_policy.check.declarations import (
    code_type,
    dates_text,
    day_type,
    decimals_with_unit,
    disjoint,
    fact_named,
    not_a,
    number_type,
    validity,
    words,
)
from fupin_policy.check.declared_range import DeclaredRange
from fupin_policy.check.definition_sources import DatedSource
from fupin_policy.check.keyed_parameters import Cells, KeyedParameter, KeyedRow, KeyedValue
from fupin_policy.check.literals import Literals
from fupin_policy.check.typing import Typer
from fupin_policy.check.units import Units
from fupin_policy.check.value_makers import Makers
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import DAY_MAX, Validity, stretches_within, to_date
from fupin_policy.core.declarations import CodeList, DatedValue, FactDecl, ParameterDecl, Reading
from fupin_policy.core.expressions import Expr, Level, Parameter
from fupin_policy.core.registers import ClauseRef, SourceDecl
from fupin_policy.core.types import Code, Day, ErrorType, Number, Truth, Type
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.parts import TextDoc, ValueDoc

_Numbers = dict[tuple[Bilingual, bool, int], int]
"""The number of a row by what it is for, whether that is the rest, and the layer that it is told apart by."""


_FIXED = (Bilingual("任意", "any"), Bilingual("是", "yes"), Bilingual("否", "no"))
"""Cells that every language of a rule has a word for."""


@dataclass(frozen=True, slots=True)
class ParameterKey:
    """What a parameter is looked up by: a fact or a term, with its codes where they are known."""

    name: str
    level: Level
    codes: CodeList | None


@dataclass(frozen=True, slots=True)
class _Read:
    """A value as it was read."""

    doc: ValueDoc
    dated: DatedValue
    rows: tuple[KeyedRow, ...]


@dataclass(frozen=True, slots=True)
class ParameterBuilder:
    doc: model.ParameterDoc
    known: Sequence[FactDecl]
    terms: Mapping[str, ParameterKey]
    lists: Mapping[str, CodeList]
    units: Units
    cited: Mapping[str, SourceDecl]
    covered: Validity
    broken: frozenset[str]
    makers: Makers
    several: Container[Level] = ()
    """The names of lists of things."""

    @property
    def reporter(self) -> Reporter:
        """Where problems go to."""
        return self.makers.reporter

    def read(self) -> tuple[ParameterDecl, DatedSource | None]:
        """The parameter, and how it is worked out where each use of it is a definition."""
        doc = self.doc
        keys = self._keys() if doc.type != "scale" else []
        names = tuple(key.name for key in keys if key is not None)
        declared = self._declared()
        numbers: _Numbers = {}
        read = [self._value(value, keys, declared, numbers) for value in doc.values]
        kept = tuple(value for value in read if value is not None)
        complete = len(kept) == len(read) and len(names) == len(keys)
        if not keys:
            disjoint(doc.name.text, [(validity(v.valid), v.valid.span) for v in doc.values], self.reporter)
        if complete:
            self._warn_of_days()
        dated = tuple(value.dated for value in kept if not _unknown(value.doc))
        type_ = self._type(declared, dated) if complete else ErrorType()
        rows = tuple(row for row, _, _ in numbers)
        said, reading = (doc.name.text, doc.label.text), self._reading(kept)
        decl = ParameterDecl(*said, type_, names, dated, doc.name.span, doc.label_en, rows, reading)
        used = not isinstance(type_, ErrorType) and (keys or any(value.worked_out for value in dated))
        return decl, self._source(decl, kept, keys, declared) if used else None

    def _keys(self) -> list[ParameterKey | None]:
        """What it is looked up by; None where something is reported."""
        keys = [self._key(name) for name in self.doc.by]
        for at, (name, key) in enumerate(zip(self.doc.by, keys, strict=True)):
            if key is not None and key in keys[:at]:
                self.reporter.report("N173", name.span, name=name.text)
                keys[at] = None
        return keys

    def _reading(self, values: Sequence[_Read]) -> Reading | None:
        """What makes it a reading, whichever of its options is taken, or none."""
        said = self.doc.reading
        return None if said is None or not values else Reading(values[0].dated.basis, tuple(map(words, said.reasons)))

    def _key(self, name: TextDoc) -> ParameterKey | None:
        """The fact or the term that is meant; None where it is reported, or could not be read."""
        if name.text in self.terms:
            return self.terms[name.text]
        found = fact_named(name, self.known, self.broken, self.reporter)
        fact = next((fact for fact in self.known if fact.name == found), None)
        if fact is None:
            return None
        code_list = self.lists[fact.type.code_list] if isinstance(fact.type, Code) else None
        return ParameterKey(fact.name, fact.level, code_list)

    def _words(self, cells: Cells | None, keys: Sequence[ParameterKey | None]) -> Bilingual:
        """What a row is for."""
        if cells is None:
            return Bilingual("其他", "others")
        said = [[_word(text.text, key) for text in cell] for cell, key in zip(cells, keys, strict=False)]
        return Bilingual(
            "，".join("、".join(word.zh for word in cell) for cell in said),
            ", ".join(" or ".join(word.en for word in cell) for cell in said),
        )

    def _source(
        self, decl: ParameterDecl, values: Sequence[_Read], keys: Sequence[ParameterKey | None], declared: Type
    ) -> DatedSource:
        """How the parameter is worked out on each stretch: on those of a number, or without a value, it is itself."""
        stretches = stretches_within(self.covered, (value.dated.validity for value in values))
        levels = [key.level for key in keys if key is not None]
        # an item sees its member, a member the household
        within = [one for one in levels if one in self.several]
        level = next((one for one in (*within, "member", "household", *levels) if one in levels), "household")
        called = Bilingual(f"参数.{decl.label}", f"parameter.{decl.name}")
        if keys:
            rows = [KeyedValue(value.doc, value.rows) for value in values]
            keyed = KeyedParameter(self.doc, rows, self._hull(declared, decl.values), declared, self.covered)
            versions = [(days, partial(_of_keys, keyed, days)) for days in stretches]
        else:
            versions = [(days, partial(_of_none, decl, values, days)) for days in stretches]
        return DatedSource(called, level, tuple(versions), decl.words, self.doc.name.span)

    def _declared(self) -> Type:
        """The type before the values are known: its range is the declared one, or as wide as can be."""
        doc = self.doc
        if doc.type in ("truth", "code") and doc.range is not None:
            self.reporter.report("T264", doc.range.span, name=doc.label.text, name_en=doc.name.text)
        match doc.type:
            case "date":
                return day_type(doc, DAY_MAX, self.reporter)
            case "truth":
                return Truth()
            case "code":
                return code_type(doc.codes or doc.name, self.lists, self.broken, self.reporter)
        wide = TextDoc("-1000000000000..1000000000000", doc.name.span)
        return number_type(doc.unit, self._decimals(), doc.range or wide, self.units, self.reporter)

    def _decimals(self) -> int | None:
        """The declared decimals; of a number without a unit as many as its percentages have."""
        doc = self.doc
        if doc.decimals is not None or doc.unit is not None:
            return doc.decimals
        texts = [text.text for value in doc.values for text in value.texts]
        return max((decimals_with_unit(text, self.units) for text in texts), default=0) or None

    def _warn_of_days(self) -> None:
        """Warn of days between two values that have none, not even one that is said to be unknown."""
        dated = sorted(self.doc.values, key=lambda value: validity(value.valid).start)
        ends = accumulate((validity(value.valid).end for value in dated), max)
        for end, value in zip(ends, dated[1:], strict=False):
            gap = Validity(end, validity(value.valid).start)
            if max(gap.start, self.covered.start) < min(gap.end, self.covered.end):
                self.reporter.report("N128", value.valid.span, name=self.doc.label.text, days=self._days(gap))

    def _days(self, given: Validity) -> str:
        """A stretch, as far as the ruleset covers it."""
        return dates_text(Validity(max(given.start, self.covered.start), min(given.end, self.covered.end)))

    def _value(
        self, value: ValueDoc, keys: Sequence[ParameterKey | None], declared: Type, numbers: _Numbers
    ) -> _Read | None:
        """What a value says; None where something in it is reported. `numbers` are those of rows, by layer."""
        # a value that is only tried rests on nothing
        cited = value.source if self.doc.reading is None else self.doc.reading.clause
        ref = ClauseRef("", "") if cited is None else clause(cited, self.cited, self.broken, self.reporter)
        if value.status == "enacted" and cited is not None and not ref.clause:
            self.reporter.report("N122" if self.doc.reading is None else "N187", cited.span)
        if value.rows and not keys and self.doc.type != "scale":
            text = value.rows[0].cells[0][0]
            if ".." in text.text:
                self.reporter.report("T262", value.valid.span, name=self.doc.label.text)
                return None
            not_a(text, "数值（没有 by 时不能按代码取值）", "a value (codes need 'by')", self.reporter)
            return None
        rows: list[KeyedRow | None] = []
        for cells, text in zip(_cells_of(value), value.texts, strict=True):
            rows.append(self._row(self._number(value, cells, keys, numbers), cells, text, keys, declared))
        kept = tuple(row for row in rows if row is not None)
        if len(kept) < len(rows):
            return None
        note = None if value.note is None else Bilingual(value.note.zh, value.note.en)
        known = {row.number: row.value for row in kept if row.value is not None}
        worked_out = frozenset(row.number for row in kept if row.make is not None)
        return _Read(value, DatedValue(validity(value.valid), known, value.status, ref, note, worked_out), kept)

    def _number(
        self, value: ValueDoc, cells: Cells | None, keys: Sequence[ParameterKey | None], numbers: _Numbers
    ) -> int | None:
        """By which number a row is looked up, that of its bracket in a scale; None where there is but one."""
        if self.doc.type == "scale":
            return None if cells is None else int(cells[0][0].text)
        if not keys:
            return None
        words = self._words(cells, keys)
        return numbers.setdefault((words, cells is None, self._apart(value, words, keys)), len(numbers))

    def _apart(self, value: ValueDoc, words: Bilingual, keys: Sequence[ParameterKey | None]) -> int:
        """The layer of a row that another of the same words, in a layer below, holds beside on some days; else 0."""
        days = validity(value.valid)
        below = (one for one in self.doc.values if one.layer < value.layer and _meet(validity(one.valid), days))
        return value.layer if any(self._words(cells, keys) == words for one in below for cells in _cells_of(one)) else 0

    def _row(
        self,
        number: int | None,
        cells: Cells | None,
        text: TextDoc,
        keys: Sequence[ParameterKey | None],
        declared: Type,
    ) -> KeyedRow | None:
        """A row: a value, a formula or what is said to be unknown; None where something was reported."""
        if isinstance(declared, ErrorType):
            return None
        if text.text in model.UNKNOWN:
            return KeyedRow(number, cells, None, None, text.span)
        names = tuple(key.name for key in keys if key is not None)
        literals = Literals(self.doc, self.units, self.lists, self.reporter)
        make = None if literals.holds(text, declared) else self.makers.formula(self.doc, text, names)
        if make is not None and self.doc.range is not None and isinstance(declared, Number):
            make = partial(DeclaredRange(self.doc, declared, self.units).kept, make, text)
        value = None if make is not None else literals.read(text, declared)
        return None if make is None and value is None else KeyedRow(number, cells, value, make, text.span)

    def _type(self, declared: Type, values: tuple[DatedValue, ...]) -> Type:
        """The declared range where something is unknown on some day; else the hull of the values.

        Of what is looked up by keys that is seen when they are known.
        """
        gap = None if self.doc.by else self._gap()
        if isinstance(declared, ErrorType):
            return declared
        if gap is not None and self.doc.range is None and isinstance(declared, Number):
            first, last = gap
            name = self.doc.label.text
            self.reporter.report("D102", self.doc.name.span, name=name, from_=first, to=last)
            return ErrorType()
        return declared if gap is not None else self._hull(declared, values)

    def _hull(self, declared: Type, values: tuple[DatedValue, ...]) -> Type:
        """The declared type with the range of the values, if there are any."""
        numbers = [number for value in values for number in value.values.values()]
        if not numbers or not isinstance(declared, Day | Number):
            return declared
        return replace(declared, low=min(numbers), high=max(numbers))

    def _gap(self) -> tuple[date, date] | None:
        """The first stretch of covered days on which it, or some rate of a scale, has no value."""
        whole = (one for one in self.doc.values if all(text.text not in model.UNKNOWN for text in one.texts))
        held = [validity(one.valid) for one in whole]
        reached = _until(self.covered.start, held)
        if reached >= self.covered.end:
            return None
        later = [days.start for days in held if days.start > reached]
        return to_date(reached), to_date(min([*later, self.covered.end])) - timedelta(days=1)


def _of_keys(keyed: KeyedParameter, days: Validity, typer: Typer) -> Expr:
    return keyed.on(typer, days)


def _of_none(decl: ParameterDecl, values: Sequence[_Read], days: Validity, typer: Typer) -> Expr:
    held = (row.make for value in values if value.dated.validity.covers(days.start) for row in value.rows)
    make = next((one for one in held if one is not None), None)
    return Parameter(decl.name, None, decl.type, decl.span) if make is None else make(typer)


def _meet(one: Validity, other: Validity) -> bool:
    return max(one.start, other.start) < min(one.end, other.end)


def _unknown(value: ValueDoc) -> bool:
    """Whether a value is said to be unknown as a whole."""
    return not value.rows and value.otherwise is not None and value.otherwise.text in model.UNKNOWN


def _cells_of(value: ValueDoc) -> tuple[Cells | None, ...]:
    """The cells of each row of a value; None of what is for all others."""
    return (*(row.cells for row in value.rows), *(() if value.otherwise is None else (None,)))


def _word(text: str, key: ParameterKey | None) -> Bilingual:
    """What a cell's part is called."""
    codes = () if key is None or key.codes is None else key.codes.codes
    named = (one.words for one in codes if text in (one.code, one.name, one.label))
    return next(named, next((one for one in _FIXED if text in (one.zh, one.en)), Bilingual(text, text)))


def _until(start: int, held: Iterable[Validity]) -> int:
    """The end of what some stretches cover from a day on without a gap: that day where none covers it."""
    for one in sorted(held, key=lambda one: one.start):
        if one.start <= start:
            start = max(start, one.end)
    return start
