"""What a ruleset declares, besides its rules: units, codes, facts, parameters, bodies, places, sources.

In: documents. Out: CORE declarations by name; doubles and bad values are reported. Called by `program`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from fupin_policy.check.assumptions import assumption
from fupin_policy.check.fact_parts import parts
from fupin_policy.check.identity_numbers import number_format, with_numbers
from fupin_policy.check.lookalikes import look, odd_signs
from fupin_policy.check.numbers import read_decimal, to_scale
from fupin_policy.check.previous_facts import previous_policy
from fupin_policy.check.units import BUILT_IN, Units, UnitSense
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import ALWAYS, DAY_MAX, Validity, day_of, to_date, to_day
from fupin_policy.core.declarations import CodeDecl, CodeList, FactDecl
from fupin_policy.core.types import PLAIN, Code, Day, ErrorType, Number, Truth, Type
from fupin_policy.diagnostics import Reporter, Span, locate
from fupin_policy.documents import model
from fupin_policy.documents.parts import BilingualDoc, Dates, TextDoc
from fupin_policy.language import is_keyword, is_name

MAX_CODES = 64
PLAIN_SENSE = UnitSense(PLAIN, 0, Bilingual("", ""))
NamedDoc = model.FactDoc | model.TermDoc | model.PlaceDoc | model.CodeDoc | model.UnitDoc | model.MultipleDoc
FIRST_DAY, LAST_DAY = to_day(date(1900, 1, 1)), to_day(date(2199, 12, 31))


@dataclass(slots=True)
class Namespace:
    """Names that may be taken once."""

    reporter: Reporter
    taken: dict[str, Span]
    looks: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.looks.update({look(word): word for word in self.taken})

    def take(self, name: TextDoc, *, as_word: bool = True) -> None:
        """Take a name, or report that it is taken or no name."""
        if as_word and (not is_name(name.text) or is_keyword(name.text)):
            self.reporter.report("N111", name.span, name=name.text)
        other = self.taken.get(name.text)
        if other is not None:
            self.reporter.report("N110", name.span, name=name.text, other=place_of(other))
        else:
            self.taken[name.text] = name.span
            self._compare(name, self.looks.setdefault(look(name.text), name.text))

    def entry(self, names: Iterable[TextDoc]) -> None:
        """Take all words for one thing, which may be the same."""
        for name in {name.text: name for name in names}.values():
            self.take(name, as_word=False)

    def _compare(self, name: TextDoc, other: str) -> None:
        """Warn of a name that cannot be told from another by the eye."""
        if other != name.text:
            place, signs = place_of(self.taken[other]), odd_signs(name.text, other)
            self.reporter.report("N127", name.span, name=name.text, other=other, place=place, signs=signs)


def taken_twice(documents: model.Documents) -> frozenset[str]:
    """The words that two facts or terms claim: which of them is meant cannot be said."""
    docs: tuple[NamedDoc, ...] = (*documents.facts, *documents.terms)
    claimed = Counter(word for doc in docs for word in words_of([doc]))
    return frozenset(word for word, count in claimed.items() if count > 1)


def every_word(documents: model.Documents, ruleset: model.RulesetDoc) -> frozenset[str]:
    """Every word by which an expression may name a fact, a term, a code or a unit."""
    codes = (code for doc in documents.code_lists for code in doc.codes)
    multiples = (multiple for unit in ruleset.units for multiple in unit.multiples)
    plain: tuple[NamedDoc, ...] = (*documents.facts, *documents.terms, *documents.places)
    named: tuple[NamedDoc, ...] = (*plain, *codes, *ruleset.units, *multiples)
    return words_of(named) | frozenset(BUILT_IN)


def words_of(docs: Iterable[NamedDoc]) -> frozenset[str]:
    """The words by which an expression may name what some entries declare."""
    aliases = (one for doc in docs if isinstance(doc, model.FactDoc) for one in doc.aliases)
    return frozenset(name.text for name in (*(one for doc in docs for one in (doc.name, doc.label)), *aliases))


def place_of(span: Span) -> str:
    """`file:line` of a span."""
    return f"{span.source.path}:{locate(span.source, span.start).line}"


def validity(dates: Dates) -> Validity:
    """Half-open days of an inclusive stretch."""
    start = ALWAYS.start if dates.start is None else to_day(dates.start)
    end = ALWAYS.end if dates.end is None else to_day(dates.end) + 1
    return Validity(start, end)


def words(given: BilingualDoc) -> Bilingual:
    """A text in both languages."""
    return Bilingual(given.zh, given.en)


def covers(doc: model.RulesetDoc, reporter: Reporter) -> Validity:
    """The days for which decisions can be asked."""
    if doc.covers.start is None or doc.covers.end is None:
        reporter.report("D103", doc.covers.span)
        return Validity(to_day(date(2000, 1, 1)), to_day(date(2000, 1, 2)))
    return validity(doc.covers)


def units(doc: model.RulesetDoc, reporter: Reporter) -> Units:
    """The built-in units and the ruleset's own."""
    senses = dict(BUILT_IN)
    labels = {sense.unit[0][0]: sense.words for sense in BUILT_IN.values() if sense.unit}
    decimals: dict[str, int] = {}
    names = Namespace(reporter, {})
    money = [unit for unit in doc.units if unit.money is not None]
    for unit in doc.units:
        base, own = unit.name.text, Bilingual(unit.label.text, unit.name.text)
        labels[base], decimals[base] = own, unit.decimals
        for name, label, power in ((unit.name, unit.label, 0), *((m.name, m.label, m.power) for m in unit.multiples)):
            sense = UnitSense(((base, 1),), power, Bilingual(label.text, name.text))
            for word in {name.text: name, label.text: label}.values():
                names.take(word, as_word=False)
                senses[word.text] = sense
    if len(money) != 1:
        reporter.report("N121", doc.span, count=len(money))
        return Units(senses, labels, decimals, None, "XXX")
    (first,) = money
    assert first.money is not None
    return Units(senses, labels, decimals, first.name.text, first.money.text)


def code_lists(documents: model.Documents, reporter: Reporter) -> dict[str, CodeList]:
    """Every list of codes, those taken from places too."""
    names = Namespace(reporter, {})
    found = {}
    for doc in documents.code_lists:
        if not doc.of_reading:
            names.take(doc.name)
        codes = doc.codes if doc.places is None else _codes_of_places(documents, doc.places, reporter)
        if len(codes) > MAX_CODES:
            reporter.report("N116", doc.name.span, list=doc.name.text, count=len(codes))
            codes = codes[:MAX_CODES]
        # rules and data may name a code by any of its words, so none of them may mean two
        taken = Namespace(reporter, {})
        for code in codes:
            taken.entry((code.code, code.name, code.label))
        declared = tuple(CodeDecl(code.code.text, code.name.text, code.label.text, code.label_en) for code in codes)
        found[doc.name.text] = CodeList(doc.name.text, declared)
    return found


def once(reporter: Reporter, given: Iterable[TextDoc]) -> None:
    names = Namespace(reporter, {})
    for name in given:
        names.take(name, as_word=False)


def _codes_of_places(documents: model.Documents, kind: TextDoc, reporter: Reporter) -> tuple[model.CodeDoc, ...]:
    places = [place for place in documents.places if place.kind.text == kind.text]
    # where no place could be read at all, that was reported already
    if not places and (documents.places or not documents.broken):
        hint = reporter.suggest(kind.text, {place.kind.text for place in documents.places})
        reporter.report("N119", kind.span, suggestion=hint, kind=kind.text)
    return tuple(model.CodeDoc(place.code or place.name, place.name, place.label, place.label_en) for place in places)


def facts(
    documents: model.Documents, lists: Mapping[str, CodeList], known: Units, last_day: int, reporter: Reporter
) -> tuple[FactDecl, ...]:
    """Every fact, in the order of the files."""
    names = Namespace(reporter, {})
    found = []
    for doc in documents.facts:
        for name in {n.text: n for n in (doc.name, doc.label, *doc.aliases)}.values():
            names.take(name, as_word=name not in doc.aliases and doc.type != "text")
        type_ = _fact_type(doc, lists, known, last_day, documents.broken, reporter)
        sense = None if doc.unit is None or doc.type != "number" else known.sense(doc.unit.text)
        money = known.money is None or (isinstance(type_, Number) and type_.unit == known.amount_unit)
        if doc.per is not None and not (money or isinstance(type_, ErrorType)):
            reporter.report("N140", doc.name.span, fact=doc.label.text, per=doc.per)
        absent = assumption(doc, type_, lists, partial(_given, type_, sense or PLAIN_SENSE, known), reporter)
        fact = FactDecl(
            doc.name.text,
            doc.label.text,
            tuple(alias.text for alias in doc.aliases),
            doc.level,
            doc.type,
            type_,
            doc.past,
            doc.required,
            None if doc.note is None else words(doc.note),
            0 if sense is None else sense.power,
            doc.benefits,
            doc.fixed or doc.past,
            doc.per,
            doc.label_en,
            absent,
            previous=previous_policy(doc, type_, known, documents, reporter),
            number=number_format(doc, documents.facts, lists, reporter),
        )
        inputs = parts(doc, fact, reporter)
        for one in inputs[1:]:
            names.take(TextDoc(one.label, doc.label.span), as_word=False)
        found += inputs
    every = with_numbers(found)
    for fact in every:
        if fact.tells_of is not None:
            span = next(doc.label.span for doc in documents.facts if doc.name.text == fact.tells_of)
            names.take(TextDoc(fact.label, span), as_word=False)
    return tuple(every)


def _fact_type(
    doc: model.FactDoc,
    lists: Mapping[str, CodeList],
    known: Units,
    last_day: int,
    broken: frozenset[str],
    reporter: Reporter,
) -> Type | None:
    match doc.type:
        case "text":
            return None
        case "truth":
            return Truth()
        case "date":
            return day_type(doc, last_day if doc.past else DAY_MAX, reporter)
        case "number":
            if doc.range is None:
                reporter.report("T227", doc.name.span)
                return ErrorType()
            return number_type(doc.unit, doc.decimals, doc.range, known, reporter)
    return code_type(doc.codes or doc.name, lists, broken, reporter)


def code_type(name: TextDoc, lists: Mapping[str, CodeList], broken: frozenset[str], reporter: Reporter) -> Type:
    """The type of the codes of a list."""
    if name.text in lists:
        return Code(name.text, len(lists[name.text].codes))
    if name.text not in broken:
        reporter.report("N108", name.span, suggestion=reporter.suggest(name.text, lists), name=name.text)
    return ErrorType()


def day_type(doc: model.FactDoc | model.ParameterDoc, last_day: int, reporter: Reporter) -> Type:
    """A date's type from its declared range, up to the last day that it may be."""
    low, high = FIRST_DAY, min(LAST_DAY, last_day)
    if doc.range is not None:
        ends = _ends(doc.range, reporter)
        if ends is None:
            return ErrorType()
        read = [None if not end else day_of(end) for end in ends]
        if any(end and day is None for end, day in zip(ends, read, strict=True)):
            not_a(doc.range, "日期范围", "a range of dates", reporter)
            return ErrorType()
        low = low if read[0] is None else to_day(read[0])
        high = high if read[1] is None else min(last_day, to_day(read[1]))
    if low > high:
        reporter.report("R308", doc.name.span if doc.range is None else doc.range.span)
        return ErrorType()
    return Day(low, high)


def number_type(unit: TextDoc | None, decimals: int | None, range_: TextDoc, known: Units, reporter: Reporter) -> Type:
    """A number's type from its declared unit, decimals and range."""
    sense = sense_of(unit, known)
    if sense is None:
        assert unit is not None
        reporter.report("N109", unit.span, suggestion=reporter.suggest(unit.text, known.senses), name=unit.text)
        return ErrorType()
    scale = max(0, decimals_of(sense, decimals, known) - sense.power)
    ends = _ends(range_, reporter)
    if ends is None:
        return ErrorType()
    low, high = (_end(end, scale, sense, known) for end in ends)
    if low is None or high is None:
        not_a(range_, "数字范围", "a range of numbers", reporter)
        return ErrorType()
    if low > high:
        reporter.report("R308", range_.span)
        return ErrorType()
    if low < -(2**62) or high > 2**62:
        reporter.report("R301", range_.span, fact=range_.text)
        return ErrorType()
    return Number(sense.unit, scale, low, high)


def sense_of(unit: TextDoc | None, known: Units) -> UnitSense | None:
    """What a declared unit means; without one, a plain number."""
    return PLAIN_SENSE if unit is None else known.sense(unit.text)


def _given(type_: Type | None, sense: UnitSense, known: Units, text: str) -> int | None:
    """A number as it could be given for a fact of a type, in its declared unit."""
    return _end(text, type_.scale, sense, known) if isinstance(type_, Number) else None


_WITH_UNIT = re.compile(r"([+-]?[0-9.]+)\s*([^0-9.\s].*)?")


def with_unit(text: str, own: UnitSense, known: Units) -> tuple[str, int] | None:
    """`3万元` as digits and the power of ten they count by; None if it is no number, or one in another unit.

    A number without a unit is in the declared one.
    """
    found = _WITH_UNIT.fullmatch(text)
    if found is None or read_decimal(found[1]) is None:
        return None
    sense = own if found[2] is None else known.sense(found[2])
    return None if sense is None or sense.unit != own.unit else (found[1], sense.power)


def decimals_with_unit(text: str, known: Units) -> int:
    """How many decimals a number with a unit has when that is counted in: 2 of `25%`; 0 of one without."""
    found = _WITH_UNIT.fullmatch(text)
    sense = None if found is None or found[2] is None else known.sense(found[2])
    read = None if found is None or sense is None else read_decimal(found[1])
    return 0 if read is None or sense is None else max(0, read[1] - sense.power)


def _end(text: str, scale: int, sense: UnitSense, known: Units) -> int | None:
    read = with_unit(text, sense, known)
    return None if read is None else to_scale(read[0], scale, read[1])


def decimals_of(sense: UnitSense, decimals: int | None, known: Units) -> int:
    """How many decimals a number in a declared unit has: as declared, or as money of that unit has."""
    if decimals is not None:
        return decimals
    return known.decimals.get(sense.unit[0][0], 0) if len(sense.unit) == 1 and sense.power == 0 else 0


def _ends(range_: TextDoc, reporter: Reporter) -> tuple[str, str] | None:
    low, dots, high = range_.text.partition("..")
    if not dots:
        not_a(range_, "范围（a..b）", "a range (a..b)", reporter)
        return None
    return low.strip(), high.strip()


def not_a(text: TextDoc, wanted: str, wanted_en: str, reporter: Reporter) -> None:
    reporter.report("T221", text.span, value=text.text, wanted=wanted, wanted_en=wanted_en)


def member_bounds(doc: model.RulesetDoc, reporter: Reporter) -> tuple[int, int]:
    """The least and greatest size of a household."""
    type_ = number_type(None, 0, doc.members, Units({}, {}, {}, None, ""), reporter)
    if not isinstance(type_, Number) or type_.low < 0 or type_.high > 10_000:
        if isinstance(type_, Number):
            not_a(doc.members, "成员数范围（0..10000 之内）", "a range of members within 0..10000", reporter)
        return 1, 40
    return type_.low, type_.high


def fact_named(
    name: TextDoc,
    known: Sequence[FactDecl],
    broken: frozenset[str],
    reporter: Reporter,
    others: Iterable[str] = (),
) -> str | None:
    """The declared fact that a word names; None with the word reported, or where it could not be read.

    `others` are words that would do as well.
    """
    by_key = {key: fact for fact in known for key in fact.called}
    fact = by_key.get(name.text)
    if fact is None and name.text in broken:
        return None
    if fact is None:
        reporter.report("N115", name.span, suggestion=reporter.suggest(name.text, [*by_key, *others]), name=name.text)
        return None
    return fact.called[0]


def disjoint(name: str, dates: Sequence[tuple[Validity, Span]], reporter: Reporter) -> None:
    """Report versions that are valid on the same day."""
    for index, (one, span) in enumerate(dates):
        for other, _ in dates[:index]:
            if max(one.start, other.start) < min(one.end, other.end):
                reporter.report("D101", span, name=name, first=dates_text(other), second=dates_text(one))


def dates_text(given: Validity) -> str:
    """`2019-01-01..2019-12-31`, an open end left out."""
    start = "" if given.start <= ALWAYS.start else to_date(given.start).isoformat()
    end = "" if given.end >= ALWAYS.end else to_date(given.end - 1).isoformat()
    return f"{start}..{end}"
