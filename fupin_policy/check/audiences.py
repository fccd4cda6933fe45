"""Whom policies are for, and under what they are shown: what is declared, and what policies name.

In: documents. Out: CORE's audiences and sections. Called by `program`; an audience's condition is a definition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from fupin_policy.check import declarations as declare
from fupin_policy.check.definition_sources import DatedSource, Make
from fupin_policy.core.bilingual import Bilingual, plain
from fupin_policy.core.days import ALWAYS
from fupin_policy.core.policies import Audience, Policy, Section
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.audiences import AudienceDoc, SectionDoc
from fupin_policy.documents.parts import ExpressionDoc, TextDoc

_Named = TypeVar("_Named", Audience, Section)
_AUDIENCE, _SECTION = Bilingual("受众", "audience"), Bilingual("栏目", "section")


@dataclass(frozen=True, slots=True)
class Shown:
    """What policies may name, by every word for it."""

    audiences: Mapping[str, Audience]
    sections: Mapping[str, Section]
    reporter: Reporter
    incomplete: bool

    @classmethod
    def of(cls, documents: model.Documents, reporter: Reporter) -> Shown:
        """What is declared; a word that is taken twice, or that no policy names, is reported."""
        names = declare.Namespace(reporter, {}), declare.Namespace(reporter, {})
        for doc in documents.audiences:
            names[0].entry((doc.name, doc.label))
        for one in documents.sections:
            names[1].entry((one.name, one.label))
        audiences = {word: Audience(d.name.text, _words(d)) for d in documents.audiences for word in _keys(d)}
        sections = {word: Section(d.name.text, _words(d)) for d in documents.sections for word in _keys(d)}
        found = cls(audiences, sections, reporter, "audiences" in documents.incomplete)
        if "policies" not in documents.incomplete:
            _warn_of_unused(_AUDIENCE, documents.audiences, (doc.audience for doc in documents.policies), reporter)
            _warn_of_unused(_SECTION, documents.sections, (doc.section for doc in documents.policies), reporter)
        return found

    def named(self, policy: Policy, doc: model.PolicyDoc) -> tuple[Audience | None, Section | None]:
        """The audience and the section that a policy names. That of a place is for no household."""
        if doc.audience is not None and policy.level not in ("household", "member"):
            self.reporter.report("T272", doc.audience.span, level=policy.level)
        return self._found(_AUDIENCE, doc.audience, self.audiences), self._found(_SECTION, doc.section, self.sections)

    def _found(self, what: Bilingual, name: TextDoc | None, known: Mapping[str, _Named]) -> _Named | None:
        found = None if name is None else known.get(name.text)
        if name is not None and found is None and not self.incomplete:
            hint = self.reporter.suggest(name.text, known)
            self.reporter.report("N195", name.span, suggestion=hint, name=name.text, **_said(what))
        return found


def audience_sources(docs: Iterable[AudienceDoc], condition: Callable[[ExpressionDoc], Make]) -> dict[str, DatedSource]:
    """The conditions of audiences before they are typed, by their names: each is of a household."""
    return {
        doc.name.text: DatedSource(
            Bilingual(doc.label.text, doc.name.text),
            "household",
            ((ALWAYS, condition(doc.when)),),
            _words(doc),
            doc.name.span,
        )
        for doc in docs
    }


def _keys(doc: AudienceDoc | SectionDoc) -> tuple[str, str]:
    return doc.name.text, doc.label.text


def _words(doc: AudienceDoc | SectionDoc) -> Bilingual:
    return Bilingual(doc.label.text, doc.label_en or plain(doc.name.text))


def _said(what: Bilingual) -> dict[str, str]:
    return {"what": what.zh, "what_en": what.en}


def _warn_of_unused(
    what: Bilingual,
    docs: Iterable[AudienceDoc | SectionDoc],
    named: Iterable[TextDoc | None],
    reporter: Reporter,
) -> None:
    """Warn of what is declared and no policy names."""
    used = {one.text for one in named if one is not None}
    for doc in docs:
        if not used & {*_keys(doc)}:
            reporter.report("N196", doc.name.span, name=doc.label.text, key=what.en, **_said(what))
