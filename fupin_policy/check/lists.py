"""Lists: what a household or each member has several of, and what may stand in their items.

In: documents, the facts. Out: `ListDecl`s, documents that name lists by their names. Called by `program`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from fupin_policy.check.declarations import Namespace
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import Assumption, FactDecl, ListDecl
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.lists import ListDoc
from fupin_policy.documents.parts import TextDoc

MEMBERS = ("成员", "member", "members")
"""What the list of a household's members is called in rules."""
_TAKEN = (*MEMBERS, "household", "户", "村", "village", "id", "编号")
_ORDERED = ("number", "date")


def by_name(documents: model.Documents) -> model.Documents:
    """The documents with lists under `for:` by their names, where they are written by label."""
    names = {doc.label.text: doc.name.text for doc in documents.lists}
    facts = tuple(replace(doc, level=names.get(doc.level, doc.level)) for doc in documents.facts)
    terms = tuple(replace(doc, level=names.get(doc.level, doc.level)) for doc in documents.terms)
    return replace(documents, facts=facts, terms=terms)


def lists_of(documents: model.Documents, facts: Sequence[FactDecl], reporter: Reporter) -> tuple[ListDecl, ...]:
    """Every list, in the order of their names."""
    taken = {name.text: name.span for doc in documents.facts for name in (doc.name, doc.label, *doc.aliases)}
    names, found = Namespace(reporter, taken), []
    kinds = {place.kind.text for place in documents.places}
    for doc in documents.lists:
        for name in {name.text: name for name in (doc.name, doc.label)}.values():
            names.take(name)
            if name.text in _TAKEN or name.text in kinds:
                reporter.report("N208", name.span, name=name.text)
        _check_facts(doc, documents.facts, reporter)
        order = tuple(_ordering(doc, facts, documents.broken, reporter))
        empty = None if doc.absent is None else Bilingual(doc.absent.why.zh, doc.absent.why.en)
        taken_as = None if empty is None else Assumption(0, Bilingual("没有", "none"), empty)
        label = doc.label.text
        found.append(ListDecl(doc.name.text, label, doc.of, doc.most, doc.label_en, taken_as, order))
    _check_terms(documents.terms, {doc.name.text for doc in documents.lists}, reporter)
    return tuple(found)


def _check_facts(doc: ListDoc, facts: Iterable[model.FactDoc], reporter: Reporter) -> None:
    """Report facts of a list's items that have no meaning there."""
    for fact in facts:
        wrong = [key for key in ("each", "previous", "benefits") if getattr(fact, key) is not None]
        if fact.level == doc.name.text and wrong:
            reporter.report("N209", fact.name.span, fact=fact.label.text, list=doc.label.text, key=wrong[0])


def _ordering(doc: ListDoc, facts: Sequence[FactDecl], broken: frozenset[str], reporter: Reporter) -> Iterable[str]:
    """The facts by which items are told apart: numbers and dates of the list, of which each item has one."""
    own = [one for one in facts if one.level == doc.name.text and one.kind in _ORDERED and one.given is None]
    known = {key: one for one in own for key in one.called}
    for name in doc.order:
        fact = known.get(name.text)
        if fact is not None:
            yield fact.name
        elif name.text not in broken:
            hint = reporter.suggest(name.text, known)
            reporter.report("N210", name.span, suggestion=hint, name=name.text, list=doc.label.text)


def _check_terms(terms: Iterable[model.TermDoc], lists: set[str], reporter: Reporter) -> None:
    """What is of each item is no figure of a household."""
    for doc in terms:
        if doc.level in lists and (doc.output or doc.due):
            reporter.report("N211", doc.name.span, name=doc.label.text)


def known_as(lists: Iterable[ListDecl]) -> dict[str, ListDecl]:
    """By each word that rules may use the list that it names; members are known without that."""
    return {key: one for one in lists for key in one.keys}


def words_of_lists(docs: Iterable[ListDoc]) -> list[TextDoc]:
    """The words by which an expression may name a list."""
    return [name for doc in docs for name in (doc.name, doc.label)]
