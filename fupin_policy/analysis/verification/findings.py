"""A finding: what was proved, where, on which days, with households that show it.

In: nothing. Out: `Finding`, whether a note explains it, and how many items of lists were looked at. Called by `prove`,
`money`, `differences`, `cli` and `reports`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from fupin_policy.analysis.verification.solver import Witness
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Diagnostic, Span
from fupin_policy.evaluators.smt.people import SymbolicHousehold

MAX_ITEMS = 3
"""How many items of each list are looked at, to find a household."""
FURTHER_ITEMS = 8
"""How many, before it is said that there is no such household."""
NEVER = frozenset({"V101", "V102", "V103", "V104", "V105", "V106"})
"""Findings that something can never be."""


@dataclass(frozen=True, slots=True)
class ListBound:
    """A list that may have more items than were looked at."""

    name: str
    words: Bilingual
    looked: int
    most: int

    def as_json(self) -> dict[str, Any]:
        """The list with how many of its items were looked at, as plain data."""
        return {"list": self.name, "looked": self.looked, "most": self.most}


def bounded(people: SymbolicHousehold) -> tuple[ListBound, ...]:
    """The lists that were asked about and may have more items than were looked at."""
    return tuple(ListBound(one.name, one.words, people.items, most) for one, most in people.bounded())


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `about` is a definition, or the id of a policy or the ruleset.

    `stretches` are the days on which it is so.

    Where something can never be, the households show the rule as it is: who fulfils the rest and is refused; `bounded`
    are the lists of which not as many items were looked at as there may be.
    """

    code: str
    about: DefinitionId | str
    span: Span | None
    words: tuple[tuple[str, str], ...]
    stretches: tuple[Validity, ...]
    witnesses: tuple[Witness, ...]
    explained: bool = False
    bounded: tuple[ListBound, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """The same for one fault that is found on several stretches of days."""
        return (self.code, self.about, self.span, tuple(pair for pair in self.words if pair[0] != "lost"))

    @property
    def diagnostic(self) -> Diagnostic:
        """The finding as a diagnostic with its place."""
        return Diagnostic.of(self.code, self.span, suggestion=None, **dict(self.words), code=self.code)


def merged(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for each fault: all stretches of days on which it was found, and the households of the first."""
    kept: dict[tuple[object, ...], Finding] = {}
    for one in found:
        first = kept.get(one.key)
        kept[one.key] = one if first is None else replace(first, stretches=first.stretches + one.stretches)
    return tuple(replace(one, stretches=_joined(one.stretches)) for one in kept.values())


def _joined(stretches: tuple[Validity, ...]) -> tuple[Validity, ...]:
    """The stretches in order of time, those that touch as one."""
    found: list[Validity] = []
    for one in sorted(stretches, key=lambda stretch: stretch.start):
        if found and one.start <= found[-1].end:
            found[-1] = Validity(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return tuple(found)


def name_of(program: Program, about: DefinitionId | str) -> dict[str, str]:
    """A policy's title, a term's name, in both languages."""
    name = id_of(about)
    titles = {policy.id: policy.title for policy in program.policies}
    titles |= {target.id: target.title for target in program.targets}
    terms = {one.id.name: one.name for one in program.definitions if one.id.part == "term" and not one.id.days}
    is_term = isinstance(about, DefinitionId) and about.part == "term"
    words = (terms if is_term else titles).get(name, Bilingual(name, name))
    return {"name": words.zh, "name_en": words.en}


def id_of(about: DefinitionId | str) -> str:
    """The id of the policy or target, or the name of the term, that something found is about."""
    return about.name if isinstance(about, DefinitionId) else about


def explained(program: Program, finding: Finding) -> bool:
    """Whether a note of the policy or the term, or of the fact, names the finding's code."""
    name = id_of(finding.about)
    notes = [version.note for policy in program.policies if policy.id == name for version in policy.versions]
    about = finding.about
    if isinstance(about, DefinitionId) and about.part == "term":
        notes = [one.note for one in program.definitions if one.id == about]
    notes += [fact.note for fact in program.facts if fact.label == dict(finding.words).get("fact")]
    return any(note is not None and finding.code in note.zh for note in notes)
