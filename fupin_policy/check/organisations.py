"""Who answers for things: departments with their names and moved functions over time, and places.

In: documents. Out: CORE's departments and places, and which department a word means. Called by `program`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from fupin_policy.check.declarations import disjoint, fact_named, once, validity, words
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import CodeList, FactDecl
from fupin_policy.core.dependencies import each_once
from fupin_policy.core.expressions import Level
from fupin_policy.core.registers import DatedName, Department, Move, Place
from fupin_policy.core.types import Code
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.parts import TextDoc


@dataclass(frozen=True, slots=True)
class PlaceTerm:
    """A term of households that tells a place, as a department names it; `places` in the order of its codes."""

    name: str
    word: TextDoc
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Organisations:
    """Every department, by id, with the facts for whose place's office it stands; `ids` by every word for one.

    `terms` by the names of those that tell a household's place.
    """

    departments: Mapping[str, Department]
    offices: Mapping[str, tuple[FactDecl, ...]]
    ids: Mapping[str, str]
    broken: frozenset[str]
    reporter: Reporter
    terms: Mapping[str, PlaceTerm]

    def id(self, name: TextDoc) -> str:
        """The id of the department that a word names; one that does not exist is reported."""
        if name.text not in self.ids and name.text not in self.broken:
            self.reporter.report(
                "N105", name.span, suggestion=self.reporter.suggest(name.text, self.ids), name=name.text
            )
        return self.ids.get(name.text, name.text)

    def all(self, names: Sequence[TextDoc]) -> tuple[str, ...]:
        """The ids of several."""
        return tuple(self.id(name) for name in names)

    def place_terms(self, ids: Iterable[str]) -> list[PlaceTerm]:
        """The terms that tell the places of some departments, or of those that a function passes to, each once."""

        def heirs(name: str) -> list[str]:
            return [move.to for move in self.departments[name].moved if move.to in self.departments]

        every = each_once((one for one in ids if one in self.departments), heirs, str)
        known = (self.departments[one].term for one in every)
        return [self.terms[name] for name in dict.fromkeys(known) if name is not None]

    def seen_from(self, levels: Sequence[Level]) -> dict[str, Department]:
        """The departments as a kind of subject meets them: offices of places that it knows by its own facts."""
        found = {}
        for name, department in self.departments.items():
            own = [fact.name for fact in self.offices[name] if fact.level in levels]
            found[name] = replace(department, place=own[0] if own else None)
        return found


def organisations(
    documents: model.Documents, known: Sequence[FactDecl], lists: Mapping[str, CodeList], reporter: Reporter
) -> Organisations:
    """Every department. Its names on one day must not be two."""
    once(reporter, (doc.id for doc in documents.departments))
    # a body that always had a name comes before one that took it over
    first = [(word, doc.id.text) for doc in documents.departments for word in (doc.id.text, doc.names[0].zh.text)]
    later = [(name.zh.text, doc.id.text) for doc in documents.departments for name in doc.names[1:]]
    ids = dict(reversed([*first, *later]))
    found = Organisations({}, {}, ids, documents.broken, reporter, {})
    declared = {doc.id.text: _department(doc, found) for doc in documents.departments}
    by_name = {fact.name: fact for fact in known}
    keys = {key: fact for fact in known for key in fact.keys}
    terms = {word.text: doc for doc in documents.terms for word in (doc.name, doc.label) if word.text not in keys}
    of_places = {one.name.text for one in documents.code_lists if one.places is not None}
    telling = {word: doc for word, doc in terms.items() if _tells(doc, of_places)}
    own_places = [key for key, fact in keys.items() if isinstance(fact.type, Code) and fact.type.code_list in of_places]
    offices, told = {}, dict[str, PlaceTerm]()
    for doc in documents.departments:
        of_terms = [place for place in doc.places if place.text in terms]
        others = (place for place in doc.places if place not in of_terms)
        facts = (fact_named(place, known, documents.broken, reporter, telling) for place in others)
        offices[doc.id.text] = tuple(by_name[fact] for fact in facts if fact is not None)
        for place in of_terms:
            term = terms[place.text]
            if place.text in telling:
                codes = lists[term.codes.text].codes if term.codes is not None else ()
                own = PlaceTerm(term.name.text, place, tuple(code.name for code in codes))
                told.setdefault(own.name, own)
                declared[doc.id.text] = replace(declared[doc.id.text], term=own.name)
            elif place.text not in documents.broken:
                hint = reporter.suggest(place.text, [*own_places, *telling])
                reporter.report("N191", place.span, suggestion=hint, name=place.text)
    return replace(found, departments=declared, offices=offices, terms=told)


def _tells(doc: model.TermDoc, of_places: Collection[str]) -> bool:
    """Whether a term tells a place of households, as its codes are declared to be places."""
    return doc.level == "household" and doc.codes is not None and doc.codes.text in of_places


def _department(doc: model.DepartmentDoc, known: Organisations) -> Department:
    names = tuple(DatedName(validity(n.valid), Bilingual(n.zh.text, n.en), n.source) for n in doc.names)
    dates = [(name.validity, entry.valid.span) for name, entry in zip(names, doc.names, strict=True)]
    disjoint(doc.id.text, dates, known.reporter)
    moved = tuple(Move(m.function.text, known.id(m.to), validity(m.valid), m.source) for m in doc.moved)
    return Department(doc.id.text, names, None, doc.group, moved)


def places(documents: model.Documents) -> dict[str, Place]:
    """Every place, by name."""
    found = {}
    for doc in documents.places:
        office = Bilingual(doc.label.text, doc.name.text) if doc.office is None else words(doc.office)
        code = None if doc.code is None else doc.code.text
        within = None if doc.within is None else doc.within.text
        found[doc.name.text] = Place(doc.name.text, doc.label.text, doc.kind.text, code, within, office)
    return found
