"""What rules rest on: source documents, their clauses, and which of two documents prevails.

In: documents. Out: `SourceDecl`s, references to clauses, and the days on which versions of one policy hold.
Called by `program`, `parameters` and `targets_duties`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fupin_policy.check.declarations import dates_text, once, validity, words
from fupin_policy.check.organisations import Organisations
from fupin_policy.core.days import Validity
from fupin_policy.core.dependencies import each_once
from fupin_policy.core.registers import Clause, ClauseRef, SourceDecl
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.parts import TextDoc

EARLIER = "earlier"


def sources(documents: model.Documents, known: Organisations, reporter: Reporter) -> dict[str, SourceDecl]:
    """Every source document with its clauses, by id."""
    once(reporter, (doc.id for doc in documents.sources))
    clauses = _clauses(documents, known, reporter)
    by_id = {doc.id.text: doc for doc in documents.sources}
    over = {name: _over(doc, by_id, documents.broken, reporter) for name, doc in by_id.items()}
    found = {}
    for name, doc in by_id.items():
        below = set(each_once(over[name], lambda one: over.get(one, ()), key=str))
        if name in below:
            reporter.report("N125", doc.id.span, name=name)
        issuer = None if doc.issuer is None else words(doc.issuer)
        below_others = frozenset(below - {name})
        listed = clauses.get(name, {})
        numbering = doc.numbering or "articles"
        found[name] = SourceDecl(
            name, doc.number, words(doc.title), doc.issued, issuer, below_others, listed, numbering
        )
    return found


def _clauses(documents: model.Documents, known: Organisations, reporter: Reporter) -> dict[str, dict[str, Clause]]:
    ids = {doc.id.text for doc in documents.sources}
    listed: dict[str, list[model.ClauseDoc]] = {}
    for doc in documents.clauses:
        listed.setdefault(doc.source.text, []).append(doc)
    found: dict[str, dict[str, Clause]] = {}
    for source, docs in listed.items():
        once(reporter, (doc.id for doc in docs))
        if source not in ids and source not in documents.broken:
            reporter.report("N106", docs[0].source.span, suggestion=reporter.suggest(source, ids), name=source)
        found[source] = {doc.id.text: _clause(doc, known) for doc in docs}
    return found


def _clause(doc: model.ClauseDoc, known: Organisations) -> Clause:
    return Clause(
        doc.source.text,
        doc.id.text,
        doc.digest,
        words(doc.summary),
        known.all(doc.lead),
        known.all(doc.cooperating),
        None if doc.nothing is None else words(doc.nothing),
    )


def _over(
    doc: model.SourceDoc, every: Mapping[str, model.SourceDoc], broken: frozenset[str], reporter: Reporter
) -> set[str]:
    """The sources over which one says that it prevails."""
    found: set[str] = set()
    for name in doc.prevails_over:
        if name.text == EARLIER:
            found.update(other.id.text for other in every.values() if _is_earlier(other, doc))
        elif name.text in every:
            found.add(name.text)
        elif name.text not in broken:
            reporter.report("N106", name.span, suggestion=reporter.suggest(name.text, every), name=name.text)
    return found


def _is_earlier(other: model.SourceDoc, doc: model.SourceDoc) -> bool:
    same = other.issuer is not None and other.issuer == doc.issuer
    return same and other.issued is not None and doc.issued is not None and other.issued < doc.issued


def clause(text: TextDoc, known: Mapping[str, SourceDecl], broken: frozenset[str], reporter: Reporter) -> ClauseRef:
    """`anfa-2018-31 4.2` as a reference; what does not exist is reported."""
    source, _, part = text.text.strip().partition(" ")
    ref = ClauseRef(source, part.strip())
    found = known.get(source)
    if found is None and source in broken:
        pass
    elif found is None:
        reporter.report("N106", text.span, suggestion=reporter.suggest(source, known), name=source)
    elif ref.clause and found.clauses and ref.clause not in found.clauses:
        hint = reporter.suggest(ref.clause, found.clauses)
        reporter.report("N107", text.span, suggestion=hint, source=source, clause=ref.clause)
    return ref


def in_force(
    name: str, versions: Sequence[model.VersionDoc], known: Mapping[str, SourceDecl], reporter: Reporter
) -> tuple[tuple[Validity, ...], ...]:
    """For each version of a policy the days on which it holds: where two overlap, the prevailing source's does.

    Two versions that overlap are reported if they rest on one source, or on two of which neither prevails.
    """
    stretches: list[tuple[Validity, ...]] = [(validity(version.valid),) for version in versions]
    for index, version in enumerate(versions):
        for before, other in enumerate(versions[:index]):
            first, second = validity(other.valid), validity(version.valid)
            if max(first.start, second.start) >= min(first.end, second.end):
                continue
            one, two = _source(other), _source(version)
            if two in known and one in known[two].prevails_over:
                stretches[before] = _without(stretches[before], second)
            elif one in known and two in known[one].prevails_over:
                stretches[index] = _without(stretches[index], first)
            elif one == two:
                dates = {"first": dates_text(first), "second": dates_text(second)}
                reporter.report("D101", version.valid.span, name=name, **dates)
            elif one in known and two in known:  # of another it is reported where it is cited
                reporter.report("D104", version.valid.span, name=name, one=one, two=two)
    return tuple(stretches)


def _source(version: model.VersionDoc) -> str:
    return version.basis[0].text.strip().partition(" ")[0] if version.basis else ""


def _without(stretches: tuple[Validity, ...], gone: Validity) -> tuple[Validity, ...]:
    found = []
    for one in stretches:
        parts = (Validity(one.start, min(one.end, gone.start)), Validity(max(one.start, gone.end), one.end))
        found += [part for part in parts if part.start < part.end]
    return tuple(found)
