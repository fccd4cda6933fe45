"""What must be brought to obtain a benefit, and where only.

In: a version's documents as they are written; a program. Out: CORE's documents, with their conditions in words.
Called by `program` and `policies`; the conditions are definitions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.policies import NeededDocument, Obtain, Policy, PolicyVersion
from fupin_policy.core.program import Program
from fupin_policy.documents.obtaining import ObtainDoc
from fupin_policy.documents.parts import ExpressionDoc
from fupin_policy.prose.expressions import Speaker


def conditions(doc: ObtainDoc) -> Iterator[ExpressionDoc]:
    """The conditions of documents that are not always needed, in order."""
    return (one.when for one in doc.documents if one.when is not None)


def brought(doc: ObtainDoc) -> tuple[NeededDocument, ...]:
    """The documents, each with the number of its condition, if it has one."""
    found, count = list[NeededDocument](), 0
    for one in doc.documents:
        found.append(NeededDocument(Bilingual(one.zh, one.en), None, None if one.when is None else count))
        count += one.when is not None
    return tuple(found)


def in_words(program: Program) -> Program:
    """The program whose documents say in words where they are needed."""
    if not any(policy.conditional for policy in program.policies):
        return program
    speakers = Speaker(program, "zh"), Speaker(program, "en")
    known = {one.id: one for one in program.definitions}

    def told(policy: Policy, version: PolicyVersion, document: NeededDocument) -> NeededDocument:
        found = None if document.asked is None else known.get(policy.bringing[document.asked])
        if found is None:
            return document
        expr = next(expr for stretch, expr in found.versions if stretch == version.validity)
        return replace(document, when=Bilingual(*(speaker.say(expr) for speaker in speakers)))

    def version_of(policy: Policy, version: PolicyVersion) -> PolicyVersion:
        obtain = version.obtain
        return version if obtain is None else replace(version, obtain=_with(obtain, policy, version))

    def _with(obtain: Obtain, policy: Policy, version: PolicyVersion) -> Obtain:
        return replace(obtain, documents=tuple(told(policy, version, one) for one in obtain.documents))

    policies = (
        replace(one, versions=tuple(version_of(one, version) for version in one.versions)) for one in program.policies
    )
    return replace(program, policies=tuple(policies))
