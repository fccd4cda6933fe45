"""Every name that a ruleset declares, with what an editor can tell of it: what it means, its type, where it stands.

In: a snapshot. Out: names by kind. Called by `completion`, `hover`, `references`, `renaming` and `describing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from fupin_policy.check.declarations import units
from fupin_policy.check.units import BUILT_IN, Units
from fupin_policy.core.declarations import ParameterDecl
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day, Number, Truth, Type, Unit
from fupin_policy.diagnostics import Reporter, Span
from fupin_policy.documents import Documents, model
from fupin_policy.documents.parts import BilingualDoc, TextDoc
from fupin_policy.editor.snapshot import EditorSnapshot

NameSort = Literal[
    "fact", "term", "parameter", "reading", "code", "code_list", "policy", "department", "source", "clause",
    "place", "unit", "list", "group", "audience", "section", "target", "duty",
]  # fmt: skip
Sense = Literal["truth", "number", "date", "code", "text", "unknown"]
"""Of which kind a value is, as far as an editor needs it to say what fits."""


@dataclass(frozen=True, slots=True)
class DeclaredName:
    """Something that is declared: what rules call it, what people do, and what is known of its values."""

    sort: NameSort
    name: str
    label: str
    spans: tuple[Span, ...] = field(compare=False)
    """Where it is named in its declaration: name, label, aliases."""
    aliases: tuple[str, ...] = ()
    level: str | None = None
    sense: Sense = "unknown"
    unit: str | None = None
    codes: str | None = None
    within: str | None = None
    """Of a code its list, of a clause its source."""
    range: str | None = None
    zh: str = ""
    en: str = ""
    type: Type | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that it is called in files."""
        return tuple(dict.fromkeys((self.name, self.label, *self.aliases)))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All names of a ruleset."""

    names: tuple[DeclaredName, ...]
    units: Units

    @classmethod
    def of(cls, snapshot: EditorSnapshot) -> Vocabulary:
        """The names of a snapshot, as they could be read last."""
        documents = snapshot.documents
        known = Units(BUILT_IN, {}, {}, None, "XXX")
        if documents.ruleset is not None:
            known = units(documents.ruleset, Reporter())
        return cls(tuple(_names(documents, snapshot.program)), known)

    def unit_of(self, named: DeclaredName) -> Unit | None:
        """The unit of a number; None where it has none, or is none."""
        if named.unit is None:
            return None
        found = self.units.sense(named.unit)
        return ((named.unit, 1),) if found is None else found.unit

    def sorts(self, *sorts: NameSort) -> list[DeclaredName]:
        """The names of some kinds."""
        return [one for one in self.names if one.sort in sorts]

    def called(self, word: str, *sorts: NameSort) -> list[DeclaredName]:
        """What a word may stand for."""
        return [one for one in self.names if word in one.words and (not sorts or one.sort in sorts)]

    def codes_of(self, code_list: str) -> list[DeclaredName]:
        """The codes of a list."""
        return [one for one in self.names if one.sort == "code" and one.within == code_list]


def _names(documents: Documents, program: Program | None) -> Iterator[DeclaredName]:
    types = {} if program is None else _types(program)
    yield from map(_fact, documents.facts)
    for term in documents.terms:
        yield _term(term, types.get(term.name.text))
    for parameter in documents.parameters:
        yield _parameter(parameter, None if program is None else program.parameters.get(parameter.name.text))
    for code_list in documents.code_lists:
        yield DeclaredName("code_list", code_list.name.text, code_list.name.text, (code_list.name.span,))
        yield from _codes(code_list, documents.places)
    for policy in documents.policies:
        yield _titled("policy", policy.id, policy.title, policy.level)
    for group in documents.groups:
        yield _titled("group", group.id, group.title)
    for target in documents.targets:
        yield _titled("target", target.id, target.title, target.level)
    for duty in documents.duties:
        yield _titled("duty", duty.id, duty.title)
    yield from _bodies(documents)


def _bodies(documents: Documents) -> Iterator[DeclaredName]:
    for department in documents.departments:
        labels = tuple(one.zh.text for one in department.names)
        spans = (department.id.span, *(one.zh.span for one in department.names))
        en = department.names[-1].en if department.names else ""
        zh = labels[-1] if labels else department.id.text
        yield DeclaredName("department", department.id.text, zh, spans, labels[:-1], zh=zh, en=en)
    for source in documents.sources:
        yield _titled("source", source.id, source.title)
    for clause in documents.clauses:
        name, summary = f"{clause.source.text} {clause.id.text}", clause.summary
        yield DeclaredName(
            "clause", name, name, (clause.id.span,), within=clause.source.text, zh=summary.zh, en=summary.en
        )
    for place in documents.places:
        spans = (place.name.span, place.label.span)
        yield DeclaredName("place", place.name.text, place.label.text, spans, within=place.kind.text)
    for unit in () if documents.ruleset is None else documents.ruleset.units:
        words = ((unit.name, unit.label), *((one.name, one.label) for one in unit.multiples))
        yield from (DeclaredName("unit", one.text, two.text, (one.span, two.span)) for one, two in words)
    for listed in documents.lists:
        yield DeclaredName("list", listed.name.text, listed.label.text, (listed.name.span, listed.label.span))
    for audience in documents.audiences:
        yield DeclaredName("audience", audience.name.text, audience.label.text, (audience.name.span,))
    for section in documents.sections:
        yield DeclaredName("section", section.name.text, section.label.text, (section.name.span,))


def _titled(sort: NameSort, name: TextDoc, title: BilingualDoc, level: str | None = None) -> DeclaredName:
    spans = (name.span, *(() if title.span is None else (title.span,)))
    return DeclaredName(sort, name.text, title.zh, spans, level=level, zh=title.zh, en=title.en)


def _fact(doc: model.FactDoc) -> DeclaredName:
    zh, en = ("", "") if doc.note is None else (doc.note.zh, doc.note.en)
    return DeclaredName(
        "fact",
        doc.name.text,
        doc.label.text,
        _spans(doc.name, doc.label, *doc.aliases),
        tuple(one.text for one in doc.aliases),
        doc.level,
        "code" if doc.type == "codes" else doc.type,
        _text(doc.unit),
        _text(doc.codes),
        range=_text(doc.range),
        zh=zh,
        en=en or doc.label_en or "",
    )


def _term(doc: model.TermDoc, known: Type | None) -> DeclaredName:
    sense, unit, codes = sense_of(known)
    zh, en = ("", "") if doc.note is None else (doc.note.zh, doc.note.en)
    return DeclaredName(
        "term",
        doc.name.text,
        doc.label.text,
        _spans(doc.name, doc.label),
        (),
        doc.level,
        sense,
        _text(doc.unit) or unit,
        _text(doc.codes) or codes,
        zh=zh,
        en=en or doc.label_en or "",
        type=known,
    )


def _parameter(doc: model.ParameterDoc, known: ParameterDecl | None) -> DeclaredName:
    sense: Sense = "number" if doc.type == "scale" else doc.type
    return DeclaredName(
        "parameter" if doc.reading is None else "reading",
        doc.name.text,
        doc.label.text,
        _spans(doc.name, doc.label),
        sense=sense,
        unit=_text(doc.unit),
        codes=_text(doc.codes),
        range=_text(doc.range),
        en=doc.label_en or "",
        type=None if known is None else known.type,
    )


def _codes(doc: model.CodeListDoc, places: Iterable[model.PlaceDoc]) -> Iterator[DeclaredName]:
    for one in doc.codes:
        spans = _spans(one.name, one.label, one.code)
        aliases = (one.code.text,)
        yield DeclaredName("code", one.name.text, one.label.text, spans, aliases, within=doc.name.text)
    kind = _text(doc.places)
    for place in places:
        if kind is not None and place.kind.text == kind:
            spans = _spans(place.name, place.label)
            yield DeclaredName("code", place.name.text, place.label.text, spans, within=doc.name.text)


def _types(program: Program) -> dict[str, Type]:
    every = (program, *program.by_place.values())
    return {
        definition.id.name: definition.type
        for one in every
        for definition in one.definitions
        if definition.id == DefinitionId("term", definition.id.name)
    }


def sense_of(known: Type | None) -> tuple[Sense, str | None, str | None]:
    """Of which kind the values of a type are, with their unit or list of codes."""
    match known:
        case Truth():
            return "truth", None, None
        case Number(unit=unit):
            return "number", unit[0][0] if len(unit) == 1 and unit[0][1] == 1 else None, None
        case Day():
            return "date", None, None
        case Code(code_list):
            return "code", None, code_list
        case _:
            return "unknown", None, None


def _spans(*texts: TextDoc) -> tuple[Span, ...]:
    return tuple({(one.span.source.path, one.span.start): one.span for one in texts}.values())


def _text(given: TextDoc | None) -> str | None:
    return None if given is None else given.text
