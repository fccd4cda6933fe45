"""The ladders of each policy's conditions, for a page that lights up what decided.

In: a program. Out: drawings with the days on which they are so. Called by `html_pages`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity
from fupin_policy.core.expressions import Expr
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.policies import Policy
from fupin_policy.core.program import Definition, Program, choice_of
from fupin_policy.core.types import Truth
from fupin_policy.reports.site.ladder import is_ladder, ladder

_CONDITION, _WHO = Bilingual("条件", "condition"), Bilingual("受益人", "beneficiaries")


@dataclass(frozen=True, slots=True)
class PolicyLadder:
    """A drawing of a policy's condition, of the choice among members, or of a term that one of these names."""

    policy: str
    title: Bilingual
    validity: Validity
    svg: str


def condition_ladders(program: Program) -> Iterator[PolicyLadder]:
    """All drawings of all policies of households and members."""
    known = {one.id: one for one in program.definitions}
    for policy in program.policies:
        for title, definition in _parts(policy, known):
            yield from _drawn(program, policy, title, definition)


def _parts(policy: Policy, known: dict[DefinitionId, Definition]) -> Iterator[tuple[Bilingual, Definition]]:
    yield _CONDITION, known[policy.condition]
    if policy.chooses:
        yield _WHO, known[policy.beneficiary]


def _drawn(program: Program, policy: Policy, title: Bilingual, definition: Definition) -> Iterator[PolicyLadder]:
    """The drawings of a definition, and of the terms that it names where it is drawn in none itself."""
    for validity, expr in definition.versions:
        own = choice_of(expr) if definition.id == policy.beneficiary else expr
        if own is not None and is_ladder(own):
            yield _one(program, policy, title, validity, own)
            continue
        named = set(program.dependencies.named(definition.id)) if own is not None else set()
        for term in program.definitions:
            if term.id in named and term.id.part == "term" and isinstance(term.type, Truth):
                for days, below in term.versions:
                    if is_ladder(below):
                        yield _one(program, policy, term.name, days, below)


def _one(program: Program, policy: Policy, title: Bilingual, validity: Validity, expr: Expr) -> PolicyLadder:
    return PolicyLadder(policy.id, title, validity, ladder(expr, program, title.zh))
