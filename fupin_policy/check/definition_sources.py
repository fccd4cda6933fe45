"""Terms, policies and targets before they are typed: what each says, and what types it when it is wanted.

In: built by `program` and `value_makers`. Out: data, and what it says of itself. Called by `definitions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from fupin_policy.check.typing import Typer
from fupin_policy.core.benefits import Per, Starts
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import MonthDay, Validity
from fupin_policy.core.expressions import Expr, Level
from fupin_policy.core.identifiers import AssessmentDay, DefinitionId
from fupin_policy.core.policies import Answer, Group
from fupin_policy.diagnostics import Span
from fupin_policy.language.syntax import Syntax

Make = Callable[[Typer], Expr]
"""Types what a file says, with a typer of the definition's level."""


ASSESSED_ON: Mapping[Starts, tuple[AssessmentDay, ...]] = {
    "same_day": (),
    "next_month": (AssessmentDay(1),),
    "same_month": (AssessmentDay(0), AssessmentDay(1)),
}
"""The days whose circumstances count, the one that is looked at first before the other."""


@dataclass(frozen=True, slots=True)
class DatedSource:
    """A term, or a use of a parameter, before it is typed: something for each stretch of days.

    `words` are what rules call it, `shown` what people read.
    """

    words: Bilingual
    level: Level
    versions: tuple[tuple[Validity, Make], ...]
    shown: Bilingual
    span: Span
    last: tuple[MonthDay, ...] = ()
    """As of the last of which months and days the parameters that it names are read."""
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    """Who answers, by conditions: the tree of the first that holds; where `otherwise` is None, one of them does."""

    branches: tuple[tuple[Make, AnswerTree], ...]
    otherwise: AnswerTree | None


AnswerTree = Answer | AnswerChoice
NO_ANSWER = Answer((), ())


@dataclass(frozen=True, slots=True)
class VersionSource:
    """A version of a policy before it is typed, and the days on which it holds."""

    stretches: tuple[Validity, ...]
    when: Make
    amount: Make | None
    span: Span
    starts: Starts = "same_day"
    window: Syntax | None = None
    beneficiaries: Make | None = None
    answering: AnswerTree = NO_ANSWER
    per: Per | None = None
    brought: tuple[Make, ...] = ()
    """Whether documents must be brought, of those of which that is by condition."""


@dataclass(frozen=True, slots=True)
class TargetSource:
    """A target before it is typed; without `applies` it is for every place of its kind."""

    id: str
    words: Bilingual
    level: Level
    applies: Make | None
    goal: Make


@dataclass(frozen=True, slots=True)
class PolicySource:
    """A policy before it is typed; the group it stands in, if any, and what that comes to at most, if it is capped."""

    id: str
    words: Bilingual
    level: Level
    versions: tuple[VersionSource, ...]
    group: Group | None
    most: Make | None = None
    answers: tuple[Answer, ...] = ()
    """What may come out of who answers for it, where that is by condition."""

    @property
    def span(self) -> Span | None:
        """Where its first version is."""
        return self.versions[0].span if self.versions else None


def has_amount(policy: PolicySource) -> bool:
    """Whether some version of a policy states an amount."""
    return any(version.amount is not None for version in policy.versions)


def results_of(policy: PolicySource) -> Iterator[DefinitionId]:
    """The definitions that all else of a policy rests on."""
    yield DefinitionId("outcome", policy.id)
    if has_amount(policy):
        yield DefinitionId("payable", policy.id)
    if chooses(policy):
        yield DefinitionId("beneficiary", policy.id)
    if policy.answers:
        yield DefinitionId("lead", policy.id)
    for number in range(max((len(version.brought) for version in policy.versions), default=0)):
        yield DefinitionId("document", f"{policy.id}/{number}")


def chooses(policy: PolicySource) -> bool:
    """Whether some version of a policy says which of the household's members benefit."""
    return any(version.beneficiaries is not None for version in policy.versions)
