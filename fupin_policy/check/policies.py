"""Policies with their versions: what they give, who answers for them, what they rest on.

In: documents and what is declared. Out: CORE's policies. Called by `program`; their conditions are definitions.
"""

from __future__ import annotations

from dataclasses import replace

from fupin_policy.check import declarations as declare
from fupin_policy.check import yearly_windows
from fupin_policy.check.audiences import Shown
from fupin_policy.check.definition_sources import PolicySource
from fupin_policy.check.obtaining_terms import brought
from fupin_policy.check.scope import Scope
from fupin_policy.check.targets_duties import Registrar
from fupin_policy.core.benefits import Per
from fupin_policy.core.policies import Benefit, Obtain, Policy, PolicyVersion
from fupin_policy.core.types import Code
from fupin_policy.documents import model
from fupin_policy.documents.obtaining import ObtainDoc
from fupin_policy.documents.parts import TextDoc, named_bodies


def policy(doc: model.PolicyDoc, source: PolicySource, registrar: Registrar, scope: Scope, shown: Shown) -> Policy:
    """A policy, on the days on which each version of its source holds."""
    versions = [_version(version, registrar, scope) for version in doc.versions]
    pairs = zip(versions, source.versions, strict=True)
    dated = [replace(version, validity=stretch) for version, held in pairs for stretch in held.stretches]
    ordered = tuple(sorted(dated, key=lambda version: version.validity.start))
    has = any(version.benefit.amount is not None for version in doc.versions)
    group = None if doc.benefit_group is None else doc.benefit_group.text
    chooses = any(version.beneficiaries is not None for version in doc.versions)
    made = Policy(doc.id.text, declare.words(doc.title), doc.level, ordered, has, group, chooses, source.answers)
    audience, section = shown.named(made, doc)
    conditional = max((len(version.brought) for version in source.versions), default=0)
    return replace(made, audience=audience, section=section, conditional=conditional)


def _version(doc: model.VersionDoc, registrar: Registrar, scope: Scope) -> PolicyVersion:
    per = doc.benefit.per if doc.benefit.amount is not None else None
    basis = registrar.basis(doc.basis)
    lead, cooperating = registrar.answering((*named_bodies(doc.lead),), (*named_bodies(doc.cooperating),), basis)
    if not (lead or doc.lead or registrar.incomplete & {"sources", "clauses"}):
        registrar.reporter.report("N126", doc.span)
    return PolicyVersion(
        declare.validity(doc.valid),
        _benefit(doc.benefit, per, registrar, scope),
        lead,
        cooperating,
        basis,
        None if doc.note is None else declare.words(doc.note),
        doc.span,
        doc.function,
        doc.starts,
        doc.force,
        None if doc.obtain is None else _obtain(doc.obtain, registrar),
    )


def _obtain(doc: ObtainDoc, registrar: Registrar) -> Obtain:
    where = registrar.bodies.all(() if doc.where is None else (doc.where,))
    return Obtain(doc.how, next(iter(where), None), brought(doc), doc.days, doc.phone, doc.working_days)


def _benefit(doc: model.BenefitDoc, per: Per | None, registrar: Registrar, scope: Scope) -> Benefit:
    sets = None if doc.sets is None else _sets(doc.sets, scope)
    source = None if doc.window is None else yearly_windows.window_source(doc.window, registrar.reporter)
    given = None if source is None else yearly_windows.window(source, scope)
    return Benefit(doc.kind, per, sets, tuple(sorted({int(month.text) for month in doc.pay})), given)


def _sets(given: tuple[TextDoc, TextDoc], scope: Scope) -> tuple[str, int] | None:
    """The fact that a benefit enters in the registry, and the index of its new code."""
    name, word = given
    fact = scope.facts.get(name.text)
    if fact is None or fact.kind != "code" or not isinstance(fact.type, Code):
        if name.text not in scope.broken:
            known = [fact.label for fact in scope.facts.values() if fact.kind == "code"]
            scope.reporter.report(
                "N115", name.span, suggestion=scope.reporter.suggest(name.text, known), name=name.text
            )
        return None
    index = scope.code(fact.type.code_list, word.text)
    if index is None:
        labels = [code.label for code in scope.code_lists[fact.type.code_list].codes]
        words = {"name": word.text, "list": fact.type.code_list, "known": labels[:12]}
        scope.reporter.report("N102", word.span, suggestion=scope.reporter.suggest(word.text, labels), **words)
        return None
    return fact.name, index
