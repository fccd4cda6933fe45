"""Parameters: dated values, read in their units, with the range that holds on every day.

In: documents and what is declared before. Out: `ParameterDecl`s by name. Called by `program`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate, pairwise

from fupin_policy.check.brackets import bracket_words, scale_of
from fupin_policy.check.citations import clause
from fupin_policy.check.declarations import (
    FIRST_DAY,
    LAST_DAY,
    Namespace,
    dates_text,
    decimals_with_unit,
    disjoint,
    fact_named,
    not_a,
    number_type,
    sense_of,
    validity,
    with_unit,
    words,
)
from fupin_policy.check.definitions import DatedSource, Make
from fupin_policy.check.makers import Makers
from fupin_policy.check.numbers import decimal_text, to_scale
from fupin_policy.check.parsed import Brackets
from fupin_policy.check.units import Units, UnitSense
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity, day_of, to_date, to_day
from fupin_policy.core.declarations import CodeDecl, CodeList, DatedValue, FactDecl, ParameterDecl
from fupin_policy.core.expressions import Expr, Parameter
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Definition
from fupin_policy.core.registers import ClauseRef, SourceDecl
from fupin_policy.core.types import PLAIN, Code, Day, ErrorType, Number, Type
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.parts import TextDoc


def parameters(
    documents: model.Documents,
    known: Sequence[FactDecl],
    lists: Mapping[str, CodeList],
    unit_senses: Units,
    cited: Mapping[str, SourceDecl],
    covered: Validity,
    makers: Makers,
) -> tuple[dict[str, ParameterDecl], dict[str, DatedSource], dict[str, Brackets]]:
    """Every parameter, by English name; those that are worked out, which are typed when they are used; and scales."""
    reporter = makers.reporter
    names = Namespace(reporter, {})
    found: dict[str, ParameterDecl] = {}
    worked_out = {}
    scales = {}
    for doc in documents.parameters:
        for name in {n.text: n for n in (doc.name, doc.label)}.values():
            names.take(name)
        scale = scale_of(doc, makers) if doc.type == "scale" else None
        said = doc if scale is None else scale.doc
        builder = _ParameterBuilder(said, known, lists, unit_senses, cited, covered, documents.broken, makers)
        made, source = builder.build()
        if source is not None:
            worked_out[made.name] = source
        if scale is not None:
            made = replace(made, brackets=bracket_words(scale, documents.parameters, unit_senses))
            scales[made.name] = scale.brackets(made)
        found[made.name] = replace(made, type=ErrorType()) if doc.type == "scale" and scale is None else made
    return found, worked_out, scales


def with_use(parameter: ParameterDecl, done: Mapping[DefinitionId, Definition]) -> ParameterDecl:
    """A parameter with the type of what it is worked out to be, where it is."""
    use = done.get(DefinitionId("use", parameter.name))
    return parameter if use is None else replace(parameter, type=use.type)


@dataclass(frozen=True, slots=True)
class _Read:
    """A value as it was read: what is a number, and what is worked out."""

    dated: DatedValue
    formulas: Mapping[int | None, Make]

    @property
    def keys(self) -> frozenset[int | None]:
        """The codes for which there is a value, whichever way."""
        return self.dated.worked_out.union(self.dated.values)


@dataclass(frozen=True, slots=True)
class _ParameterBuilder:
    doc: model.ParameterDoc
    known: Sequence[FactDecl]
    lists: Mapping[str, CodeList]
    units: Units
    cited: Mapping[str, SourceDecl]
    covered: Validity
    broken: frozenset[str]
    makers: Makers

    @property
    def reporter(self) -> Reporter:
        """Where problems go to."""
        return self.makers.reporter

    def build(self) -> tuple[ParameterDecl, DatedSource | None]:
        """The parameter, and how it is worked out where it is."""
        doc = self.doc
        key = None if doc.by is None else fact_named(doc.by, self.known, self.broken, self.reporter)
        declared = self._declared()
        known = [value for value in doc.values if not _unknown(value)]
        values = tuple(self._value(value, key, declared) for value in known)
        kept = tuple(value for value in values if value is not None)
        for one in self._every(key):
            held = [value for value in doc.values if self._says_of(value, one)]
            disjoint(doc.name.text, [(validity(v.valid), v.valid.span) for v in held], self.reporter)
        complete = len(kept) == len(values)
        if complete:
            self._warn_of_days()
            self._warn_of_codes(key)
        type_ = self._type(declared, kept, key) if complete else ErrorType()
        dated = tuple(value.dated for value in kept)
        decl = ParameterDecl(doc.name.text, doc.label.text, type_, key, dated, doc.name.span, doc.label_en)
        return decl, self._source(decl, kept) if any(value.formulas for value in kept) else None

    def _source(self, decl: ParameterDecl, values: Sequence[_Read]) -> DatedSource:
        """How the parameter is worked out on each stretch: on those of a number, or without a value, it is itself."""
        edges = {edge for value in values for edge in (value.dated.validity.start, value.dated.validity.end)}
        inner = sorted(edge for edge in edges if self.covered.start < edge < self.covered.end)
        versions = []
        for start, end in pairwise([self.covered.start, *inner, self.covered.end]):
            makes = (value.formulas.get(None) for value in values if value.dated.validity.covers(start))
            plain: Expr = Parameter(decl.name, None, decl.type, decl.span)
            versions.append((Validity(start, end), next((make for make in makes if make), lambda _, own=plain: own)))
        words = Bilingual(f"参数.{decl.label}", f"parameter.{decl.name}")
        return DatedSource(words, "household", tuple(versions), decl.words, self.doc.name.span)

    def _codes(self, key: str | None) -> tuple[CodeDecl, ...]:
        """The codes that the parameter is looked up by."""
        fact = next((fact for fact in self.known if fact.name == key), None)
        return self.lists[fact.type.code_list].codes if fact is not None and isinstance(fact.type, Code) else ()

    def _every(self, key: str | None) -> tuple[CodeDecl | None, ...]:
        """What values are given for: each code, or None alone where the parameter is not looked up by any."""
        return self._codes(key) or (None,)

    def _says_of(self, value: model.ValueDoc, one: CodeDecl | None) -> bool:
        """Whether a value is one for a code; what is said of no code in particular is for all."""
        names = () if one is None else (one.code, one.name, one.label)
        return one is None or any(code is None or code.text in names for code, _ in value.values)

    def _held_from(self, start: int, one: CodeDecl) -> int:
        """The first day from `start` on for which nothing is said of a code."""
        return _until(start, [validity(value.valid) for value in self.doc.values if self._says_of(value, one)])

    def _declared(self) -> Type:
        """The type before the values are known: its range is the declared one, or as wide as can be."""
        doc = self.doc
        if doc.type == "date":
            return Day(FIRST_DAY, LAST_DAY)
        wide = TextDoc("-1000000000000..1000000000000", doc.name.span)
        return number_type(doc.unit, self._decimals(), doc.range or wide, self.units, self.reporter)

    def _decimals(self) -> int | None:
        """The declared decimals; of a number without a unit as many as its percentages have."""
        doc = self.doc
        if doc.decimals is not None or doc.unit is not None:
            return doc.decimals
        texts = [text.text for value in doc.values for _, text in value.values]
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

    def _warn_of_codes(self, key: str | None) -> None:
        """Warn of codes that are left out of a value."""
        for value in self.doc.values:
            if not _unknown(value):
                # of values for the same days each may be for some of the codes
                days = validity(value.valid)
                absent = [one.label for one in self._codes(key) if self._held_from(days.start, one) < days.end]
                if absent:
                    shown = [*absent[:12], *(["…"] if len(absent) > 12 else [])]
                    words = {"name": self.doc.label.text, "days": self._days(days)}
                    self.reporter.report("N129", value.valid.span, **words, count=len(absent), codes=shown)

    def _value(self, value: model.ValueDoc, key: str | None, declared: Type) -> _Read | None:
        # a value that is only tried rests on nothing
        cited = value.source
        ref = ClauseRef("", "") if cited is None else clause(cited, self.cited, self.broken, self.reporter)
        if value.status == "enacted" and cited is not None and not ref.clause:
            self.reporter.report("N122", cited.span)
        read: dict[int | None, int] = {}
        formulas: dict[int | None, Make] = {}
        sound = not isinstance(declared, ErrorType)
        if value.rows and self.doc.type != "scale":
            self.reporter.report("T262", value.valid.span, name=self.doc.label.text)
            sound = False
        for code, text in value.values:
            index = self._position(code, key)
            if text.text in model.UNKNOWN:
                sound = sound and (code is None or index is not None)
                continue
            formula = None if self._is_literal(text, declared) else self.makers.formula(self.doc, text)
            if formula is not None:
                formulas[index] = formula
                continue
            number = None if isinstance(declared, ErrorType) else self._read(text, declared)
            sound = sound and number is not None and (code is None or index is not None)
            if number is not None:
                read.update(
                    dict.fromkeys(range(len(self._codes(key))) or (None,) if code is None else (index,), number)
                )
        if not sound:
            return None
        note = None if value.note is None else words(value.note)
        dated = DatedValue(validity(value.valid), read, value.status, ref, note, frozenset(formulas))
        return _Read(dated, formulas)

    def _position(self, code: TextDoc | None, key: str | None) -> int | None:
        if self.doc.type == "scale":
            return None if code is None else int(code.text)
        fact = next((fact for fact in self.known if fact.name == key), None)
        if code is None or fact is None or not isinstance(fact.type, Code):
            if code is not None and fact is None and self.doc.by is None:
                not_a(code, "数值（没有 by 时不能按代码取值）", "a value (codes need 'by')", self.reporter)
            return None
        for index, one in enumerate(self.lists[fact.type.code_list].codes):
            if code.text in (one.code, one.name, one.label):
                return index
        labels = [one.label for one in self.lists[fact.type.code_list].codes]
        known = labels[:12]
        hint = self.reporter.suggest(code.text, labels)
        self.reporter.report("N102", code.span, suggestion=hint, name=code.text, list=fact.type.code_list, known=known)
        return None

    def _is_literal(self, text: TextDoc, declared: Type) -> bool:
        """Whether a value is written as a number or a day, not as a formula."""
        match declared:
            case Day():
                return day_of(text.text) is not None
            case Number(unit):
                return with_unit(text.text, UnitSense(unit, 0, Bilingual("", "")), self.units) is not None
            case _:
                return False

    def _read(self, text: TextDoc, declared: Type) -> int | None:
        if isinstance(declared, Day):
            day = day_of(text.text)
            if day is None:
                not_a(text, "日期", "a date", self.reporter)
            return None if day is None else to_day(day)
        assert isinstance(declared, Number)
        own = sense_of(self.doc.unit, self.units)
        assert own is not None
        found = with_unit(text.text, own, self.units)
        if found is None:
            example = f"80{'' if self.doc.unit is None else self.doc.unit.text}"
            not_a(text, f"数字（例如 {example}）", f"a number (as {example})", self.reporter)
            return None
        digits, power = found
        value = to_scale(digits, declared.scale, power)
        if value is None:
            self.reporter.report("T222", text.span, value=text.text, decimals=declared.scale + own.power)
        elif not declared.low <= value <= declared.high:
            self._outside(text, digits, declared, own)
            return None
        return value

    def _outside(self, text: TextDoc, digits: str, declared: Number, own: UnitSense) -> None:
        """Report a value outside its range, both in the declared unit."""
        unit = "" if self.doc.unit is None else self.doc.unit.text
        low, high = (f"{decimal_text(end, declared.scale + own.power)}{unit}" for end in (declared.low, declared.high))
        value = text.text if text.text.endswith(unit) else f"{text.text}{unit}"
        near = _guess(digits, declared, own)
        self.reporter.report("R310", text.span, suggestion=near, value=value, low=low, high=high)

    def _type(self, declared: Type, values: tuple[_Read, ...], key: str | None) -> Type:
        """The declared range where something is unknown on some day; else the hull of the values."""
        gap = self._gap(values, key)
        if isinstance(declared, ErrorType):
            return declared
        if gap is not None and self.doc.range is None and not isinstance(declared, Day):
            first, last = gap
            name = self.doc.label.text
            self.reporter.report("D102", self.doc.name.span, name=name, from_=first, to=last)
            return ErrorType()
        numbers = [number for value in values for number in value.dated.values.values()]
        if gap is not None or not numbers:
            return declared
        low, high = min(numbers), max(numbers)
        return replace(declared, low=low, high=high) if isinstance(declared, Day | Number) else declared

    def _held(self, values: tuple[_Read, ...], key: str | None) -> list[list[Validity]]:
        """The stretches that have a value, for every code looked up; those on which each rate of a scale has one."""
        if self.doc.type == "scale":
            whole = (one for one in self.doc.values if all(text.text not in model.UNKNOWN for _, text in one.values))
            return [[validity(one.valid) for one in whole]]
        wanted: Iterable[int | None] = range(len(self._codes(key))) or (None,)
        return [[value.dated.validity for value in values if one in value.keys] for one in wanted]

    def _gap(self, values: tuple[_Read, ...], key: str | None) -> tuple[date, date] | None:
        """The first stretch of covered days that has no value, for every code looked up."""
        reached = min(_until(self.covered.start, held) for held in self._held(values, key))
        if reached >= self.covered.end:
            return None
        later = [v.dated.validity.start for v in values if v.dated.validity.start > reached]
        return to_date(reached), to_date(min([*later, self.covered.end])) - timedelta(days=1)


def _until(start: int, held: Iterable[Validity]) -> int:
    """The end of what some stretches cover from a day on without a gap: that day where none covers it."""
    for one in sorted(held, key=lambda one: one.start):
        if one.start <= start:
            start = max(start, one.end)
    return start


def _unknown(value: model.ValueDoc) -> bool:
    """Whether a value is said to be unknown as a whole."""
    return len(value.values) == 1 and value.values[0][0] is None and value.values[0][1].text in model.UNKNOWN


def _guess(digits: str, declared: Number, own: UnitSense) -> str | None:
    """What was perhaps meant: 5 (万元) where 50000 was written, 25% where 25."""
    power = 0 if own.power else -2 if own.unit == PLAIN else None
    meant = None if power is None else to_scale(digits, declared.scale, power)
    if meant is None or not declared.low <= meant <= declared.high:
        return None
    return decimal_text(meant, declared.scale + own.power) if own.power else f"{digits}%"
