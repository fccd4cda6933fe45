"""Who answers for things: departments with their names and moved functions over time, and places.

In: documents. Out: CORE's departments and places, and which department a word means. Called by `program`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fupin_policy.check.declarations import disjoint, fact_named, once, validity, words
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.expressions import Level
from fupin_policy.core.registers import DatedName, Department, Move, Place
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.parts import TextDoc


@dataclass(frozen=True, slots=True)
class Organisations:
    """Every department, by id, with the facts for whose place's office it stands; `ids` by every word for one."""

    departments: Mapping[str, Department]
    offices: Mapping[str, tuple[FactDecl, ...]]
    ids: Mapping[str, str]
    broken: frozenset[str]
    reporter: Reporter

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

    def seen_from(self, levels: Sequence[Level]) -> dict[str, Department]:
        """The departments as a kind of subject meets them: offices of places that it knows by its own facts."""
        found = {}
        for name, department in self.departments.items():
            own = [fact.name for fact in self.offices[name] if fact.level in levels]
            found[name] = replace(department, place=own[0] if own else None)
        return found


def organisations(documents: model.Documents, known: Sequence[FactDecl], reporter: Reporter) -> Organisations:
    """Every department. Its names on one day must not be two."""
    once(reporter, (doc.id for doc in documents.departments))
    # a body that always had a name comes before one that took it over
    first = [(word, doc.id.text) for doc in documents.departments for word in (doc.id.text, doc.names[0].zh.text)]
    later = [(name.zh.text, doc.id.text) for doc in documents.departments for name in doc.names[1:]]
    ids = dict(reversed([*first, *later]))
    found = Organisations({}, {}, ids, documents.broken, reporter)
    declared = {doc.id.text: _department(doc, found) for doc in documents.departments}
    by_name = {fact.name: fact for fact in known}
    offices = {}
    for doc in documents.departments:
        facts = (fact_named(place, known, documents.broken, reporter) for place in doc.places)
        offices[doc.id.text] = tuple(by_name[fact] for fact in facts if fact is not None)
    return replace(found, departments=declared, offices=offices)


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
