"""Policies with their dated versions, what they give, and groups of which only one may be drawn.

In: nothing. Out: data only. Built by `check`, part of a `Program`. Their conditions and amounts are definitions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from fupin_policy.core.benefits import BenefitKind, Per, Starts, sign
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import MonthDay, Validity
from fupin_policy.core.expressions import Level
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.registers import ClauseRef
from fupin_policy.diagnostics import Span

GroupPreference = Literal["highest", "first", "capped"]
"""Which of a group's policies is drawn, or all of them up to a sum."""

Force = Literal["entitlement", "discretion", "encouraged"]
"""Whether who meets the condition must be given it (应), may be given it (可), or is where it is offered (鼓励)."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days of each year, from `start` up to but not including `end`, over the year's end where that comes first.

    Where both are the same it is the whole year.
    """

    start: MonthDay
    end: MonthDay


@dataclass(frozen=True, slots=True)
class ParameterWindow:
    """The days from the date that one parameter has to that which another has, both included."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a policy gives. `per` is the period an amount is for; None where there is no amount.

    What has come due is paid in the next of the months `pay`, if there are any; what comes once comes once in each
    `window`, if there is one. `sets` is the fact that is entered in the registry, with the index of its new code.
    """

    kind: BenefitKind
    per: Per | None
    sets: tuple[str, int] | None = None
    pay: tuple[int, ...] = ()
    window: Window | ParameterWindow | None = None


Channel = Literal["application", "automatic", "referral"]
"""Who must take the first step: those who are entitled, nobody, or a body that passes them on."""


@dataclass(frozen=True, slots=True)
class NeededDocument:
    """What to bring; `when`: where only, in words. The policy's condition number `asked` says whether it is needed."""

    name: Bilingual
    when: Bilingual | None = None
    asked: int | None = None

    def as_json(self) -> dict[str, object]:
        """Plain data; `when` only where it is not sure that it is needed."""
        return {**self.name.as_json(), **({} if self.when is None else {"when": self.when.as_json()})}


@dataclass(frozen=True, slots=True)
class Obtain:
    """How a benefit is obtained: where to go (a department), what to bring, settled in how many days, whom to call.

    Days are those of the calendar, or working days, of which no calendar is known here. At most one is given.
    """

    how: Channel
    where: str | None
    documents: tuple[NeededDocument, ...]
    days: int | None
    phone: str | None
    working_days: int | None = None

    def as_json(self, where: object) -> dict[str, object]:
        """Plain data; `where` tells the department, or is None."""
        return {
            "how": self.how,
            "where": where,
            "documents": [one.as_json() for one in self.documents],
            "days": self.days,
            **({} if self.working_days is None else {"working_days": self.working_days}),
            "phone": self.phone,
        }


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom some policies are for, as poor households or those who run a business, and what people call it."""

    name: str
    words: Bilingual

    @property
    def definition(self) -> DefinitionId:
        """The definition of whether a household is among them."""
        return DefinitionId("audience", self.name)


@dataclass(frozen=True, slots=True)
class Section:
    """Under what a policy is shown, as money or services, and what people call it."""

    name: str
    words: Bilingual


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers for a policy in some cases: ids of the bodies that lead, and of those that cooperate.

    `places` are those whose offices such bodies are, by the terms that tell them.
    """

    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    places: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A policy as it stands over a stretch of time. Departments are ids; `function` is what they answer for.

    Where they differ by condition, all that may answer are named.
    """

    validity: Validity
    benefit: Benefit
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    basis: tuple[ClauseRef, ...]
    note: Bilingual | None
    span: Span | None = field(default=None, compare=False, repr=False)
    function: str | None = None
    starts: Starts = "same_day"
    force: Force = "entitlement"
    obtain: Obtain | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy; versions do not overlap and stand in order of time. `has_amount` if any version states one.

    `chooses`: a version says by a condition who of the household's members benefits; all do where a version does not.
    Policies of one `benefit_group` give the same benefit: who draws two of them is given it twice.
    """

    id: str
    title: Bilingual
    level: Level
    versions: tuple[PolicyVersion, ...]
    has_amount: bool
    benefit_group: str | None = None
    chooses: bool = False
    answers: tuple[Answer, ...] = ()
    """Where it depends on facts who answers for it, in any of its versions: what may come out."""
    audience: Audience | None = None
    """Whom it is shown to; everybody where it names nobody."""
    section: Section | None = None
    conditional: int = 0
    """Of how many documents to bring, at most, it is by condition whether they are needed."""

    @property
    def condition(self) -> DefinitionId:
        """The definition of its own condition."""
        return DefinitionId("when", self.id)

    @property
    def outcome(self) -> DefinitionId:
        """The definition of whether it applies, after exclusions."""
        return DefinitionId("outcome", self.id)

    @property
    def stated(self) -> DefinitionId:
        """The definition of its amount as written; there is none without amounts."""
        return DefinitionId("stated", self.id)

    @property
    def payable(self) -> DefinitionId:
        """The definition of what is paid; there is none without amounts."""
        return DefinitionId("payable", self.id)

    @property
    def beneficiary(self) -> DefinitionId:
        """The definition of whether it is for a member; there is none where it does not choose."""
        return DefinitionId("beneficiary", self.id)

    @property
    def answering(self) -> DefinitionId:
        """The definition of which of its `answers` it is; there is none where there are none."""
        return DefinitionId("lead", self.id)

    @property
    def bringing(self) -> tuple[DefinitionId, ...]:
        """The definitions of whether its documents are needed, where that is by condition."""
        return tuple(DefinitionId("document", f"{self.id}/{at}") for at in range(self.conditional))

    @property
    def results(self) -> tuple[DefinitionId, ...]:
        """The definitions that it comes to: its outcome, its amount if it has one, and for whom it is if it chooses."""
        amount = (self.payable,) if self.has_amount else ()
        return (self.outcome, *amount, self.beneficiary) if self.chooses else (self.outcome, *amount)

    @property
    def told(self) -> tuple[DefinitionId, ...]:
        """What it comes to, and who answers for it where that is by condition: all that is told of it."""
        return (*self.results, self.answering) if self.answers else self.results

    def version_on(self, day: int) -> PolicyVersion | None:
        """The version in force on a day."""
        return next((version for version in self.versions if version.validity.covers(day)), None)

    @property
    def forces(self) -> frozenset[Force]:
        """The force that it has in any of its versions."""
        return frozenset(version.force for version in self.versions)

    def sign_on(self, day: int) -> int:
        """Which way its money goes on a day (`core.benefits.sign`); 0 where it is not in force."""
        version = self.version_on(day)
        return 0 if version is None else sign(version.benefit.kind)


@dataclass(frozen=True, slots=True)
class Group:
    """Policies of which only one may be drawn, the highest or the first listed; or that together are capped."""

    id: str
    title: Bilingual
    keep: GroupPreference
    policies: tuple[str, ...]
