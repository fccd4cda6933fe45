"""What is decided: policies' outcomes with amounts, departments and what is missing; figures; all of a household.

In: nothing. Out: `Decision`, `Figure`, `Evaluation`, all immutable. Made by `decisions`, read by everything after it.
What is made anew for each granted policy is a named tuple: a frozen dataclass takes four times as long to make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, NamedTuple

from fupin_policy.core.bilingual import Bilingual, pick, plain
from fupin_policy.core.declarations import Assumption
from fupin_policy.core.derived_facts import DerivedFact
from fupin_policy.core.first_days import FirstDay
from fupin_policy.core.outputs import FigureDecl
from fupin_policy.core.policies import Audience, Force, Obtain, Section
from fupin_policy.core.possible import FALSE, UNKNOWN, Value
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.types import Code, Truth
from fupin_policy.diagnostics import Lang


class Status(Enum):
    """Whether a policy applies."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNKNOWN = "unknown"


STATUS_OF_TRUTH = {0: Status.INELIGIBLE, 2: Status.UNKNOWN, 3: Status.ELIGIBLE}


class Amount(NamedTuple):
    """Money in the currency's smallest units (分): `low == high` where it is exact. `per` is the period it is for."""

    low: int
    high: int
    currency: str
    decimals: int
    per: str

    @property
    def exact(self) -> bool:
        """Whether the amount is settled."""
        return self.low == self.high

    def text(self, smallest: int) -> str:
        """An integer of the smallest units as a decimal string, `8000` → `80.00`."""
        return format(Decimal(smallest).scaleb(-self.decimals), f".{self.decimals}f")

    @property
    def told(self) -> str:
        """`80.00`, or a range `80.00–200.00`."""
        return self.text(self.low) if self.exact else f"{self.text(self.low)}–{self.text(self.high)}"

    def as_json(self) -> dict[str, str | None]:
        """`value` is None where the amount is a range."""
        low, high = self.text(self.low), self.text(self.high)
        return {
            "value": low if self.exact else None,
            "min": low,
            "max": high,
            "unit": self.currency,
            "per": self.per,
        }


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that must be known to decide: whose (a member's id, or None for the household's), and its names.

    Where a parameter has no value on the date, `fact` is `parameter.NAME`, and `parameter` what it is called. It is a
    `reading` of the law if no option of it is taken.
    """

    fact: str
    label: str
    member: str | None
    english: str = ""
    parameter: Bilingual | None = None
    reading: bool = False

    def as_json(self) -> dict[str, str]:
        """The fact as plain data."""
        return {"fact": self.fact, "label": self.label, **({} if self.member is None else {"member": self.member})}

    @property
    def text(self) -> str:
        """`m1.残疾等级`, or `家庭纯收入` for a household's fact."""
        return self.said("zh")

    def said(self, lang: Lang) -> str:
        """Whose it is and what it is called in a language."""
        name = self.label if lang == "zh" else self.english or plain(self.fact)
        return name if self.member is None else f"{self.member}.{name}"


@dataclass(frozen=True, slots=True)
class Assumed:
    """A fact that was not given, with what was taken instead, as its declaration says."""

    fact: Missing
    assumption: Assumption

    def as_json(self) -> dict[str, Any]:
        """The fact and its value as plain data."""
        return {**self.fact.as_json(), "value": self.assumption.words.as_json()}

    @property
    def text(self) -> str:
        """`m1.在校=否`."""
        return self.said("zh")

    @property
    def counted(self) -> str:
        """Under what it is counted among many households: what was taken, or from where."""
        taken = self.assumption.source or self.assumption.words
        return f"{self.fact.label}={taken.zh}"

    def said(self, lang: Lang) -> str:
        """Whose it is, what it is called, and what was taken."""
        return f"{self.fact.said(lang)}={pick(self.assumption.words, lang)}"


CheckStatus = Literal["holds", "violated", "not_checkable"]
"""How a check of data came out; it is not checkable where facts are missing."""


class FigureValue(NamedTuple):
    """A figure of one subject (a member's id, or None): its possible value, and what that may be, told.

    Told are both ends of a number (in its declared unit) or date, one where it is settled; of a truth `true` and
    `false`, of a code the names, those that are possible; `labels` are what people call these codes.
    """

    member: str | None
    value: Value
    told: tuple[str, ...]
    labels: tuple[Bilingual, ...] = ()

    def as_json(self, figure: FigureDecl) -> dict[str, Any]:
        """The value as plain data: None where it is not settled."""
        settled = self.told[0] if len(self.told) == 1 else None
        match figure.type:
            case Truth():
                return {"value": None if settled is None else settled == "true"}
            case Code():
                return {"value": settled, "one_of": list(self.told)}
            case _:
                return {"value": settled, "min": self.told[0], "max": self.told[-1]}


class Figure(NamedTuple):
    """What a term that is reported came to: for the household, or for each of its members in order.

    `missing` must be known to settle it; `provisional`: it rests on a value that no source states.
    """

    figure: FigureDecl
    values: tuple[FigureValue, ...]
    missing: tuple[Missing, ...]
    provisional: bool
    assumed: tuple[Assumed, ...] = ()

    @property
    def name(self) -> str:
        """The term's English name."""
        return self.figure.name

    @property
    def status(self) -> CheckStatus:
        """How a check of data came out: of members it is violated where it surely is for any of them."""
        values = {one.value for one in self.values}
        return "violated" if FALSE in values else "not_checkable" if UNKNOWN in values else "holds"

    def as_json(self) -> dict[str, Any]:
        """The figure as plain data, its value or its members' values in it."""
        unit, check = self.figure.unit, self.figure.check
        words = {} if check is None else {"words": check.words.as_json()}
        values = [(one.member, one.as_json(self.figure)) for one in self.values]
        own = {"members": [{"member": member, **value} for member, value in values]}
        return {
            "figure": self.figure.name,
            "label": self.figure.words.as_json(),
            "unit": None if unit is None else unit.as_json(),
            **(own if self.figure.level == "member" else values[0][1]),
            "missing": [one.as_json() for one in self.missing],
            "assumed": [one.as_json() for one in self.assumed],
            "provisional": self.provisional,
            **({} if check is None else {"check": {"severity": check.severity, "status": self.status, **words}}),
        }


class Departments(NamedTuple):
    """Who surely answers, and of those who may, as some facts are unknown, those who need not."""

    lead: tuple[Bilingual, ...]
    cooperating: tuple[Bilingual, ...]
    possible_lead: tuple[Bilingual, ...] = ()
    possible_cooperating: tuple[Bilingual, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether facts are missing to say who answers."""
        return bool(self.possible_lead or self.possible_cooperating)

    def as_json(self) -> dict[str, Any]:
        """The names as plain data; those who may are there only where that is open."""
        told = self._asdict() if self.is_open else {"lead": self.lead, "cooperating": self.cooperating}
        return {name: [words.as_json() for words in bodies] for name, bodies in told.items()}


class MemberDecision(NamedTuple):
    """How a member's policy came out for one member; who answers for this one, where that is by condition.

    `first_day` is since when it has applied, where the rules ask for it the next time.
    """

    member: str
    status: Status
    amount: Amount | None
    departments: Departments | None = None
    first_day: FirstDay | None = None

    def as_json(self) -> dict[str, Any]:
        """The member's decision as plain data."""
        return {
            "member": self.member,
            "status": self.status.value,
            "amount": None if self.amount is None else self.amount.as_json(),
            **({} if self.departments is None else {"departments": self.departments.as_json()}),
            **({} if self.first_day is None else {"first_day": self.first_day.as_json()}),
        }


class Decision(NamedTuple):
    """The outcome of one policy for one household.

    A member's policy is eligible if it surely is for some member; the amount is the sum over members, and `members`
    has each one's own outcome. `beneficiaries` are the ids of those who surely receive, `possible_beneficiaries` of
    those of whom that is open; of a household's policy the amount is for all of them together. It is None where the
    policy states none or the outcome is ineligible. `provisional`: it rests on a value that no source states.
    `assumed`: what would be missing if nothing were assumed of facts that were not given; empty where without
    assumptions the values are the same.
    """

    policy: str
    title: Bilingual
    status: Status
    amount: Amount | None
    beneficiaries: tuple[str, ...]
    lead: tuple[Bilingual, ...]
    cooperating: tuple[Bilingual, ...]
    basis: tuple[ClauseRef, ...]
    missing: tuple[Missing, ...]
    provisional: bool
    members: tuple[MemberDecision, ...]
    assumed: tuple[Assumed, ...] = ()
    force: Force = "entitlement"
    obtain: Obtain | None = None
    where: Bilingual | None = None
    """The department to go to, by its name on the day."""
    possible_beneficiaries: tuple[str, ...] = ()
    possible_lead: tuple[Bilingual, ...] = ()
    """Of those who may answer, as some facts are unknown, those who need not; `lead` and `cooperating` surely do."""
    possible_cooperating: tuple[Bilingual, ...] = ()
    departments_missing: tuple[Missing, ...] = ()
    """What must be known to say who answers; it does not keep the decision open."""
    audience: Audience | None = None
    """Whom the policy is shown to; everybody where it names nobody."""
    own: bool | None = None
    """Whether the household is among its audience; None where that is not known, or it names none."""
    section: Section | None = None
    first_day: FirstDay | None = None
    """Since when a household's policy has applied, where it applies or may, and the rules ask for it the next time."""

    @property
    def is_of_others(self) -> bool:
        """Whether the policy is surely for an audience that the household is not among."""
        return self.audience is not None and self.own is False

    @property
    def departments(self) -> Departments:
        """Who answers for the policy; of a member's policy, for all its members together."""
        return Departments(self.lead, self.cooperating, self.possible_lead, self.possible_cooperating)

    @property
    def departments_by_member(self) -> dict[Departments, list[str]]:
        """Who answers for whom, by ids, where not the same bodies answer for all; else nothing."""
        found: dict[Departments, list[str]] = {}
        for one in self.members:
            if one.departments is not None:
                found.setdefault(one.departments, []).append(one.member)
        return found if len(found) > 1 else {}

    @property
    def open_beneficiaries(self) -> tuple[str, ...]:
        """Of a household's policy that surely applies, the members of whom it is open whether they benefit."""
        return self.possible_beneficiaries if self.status is Status.ELIGIBLE and not self.members else ()

    @property
    def beneficiaries_text(self) -> str:
        """`m1, m2?`: who surely benefits, and of whom it is open."""
        return ", ".join([*self.beneficiaries, *(f"{one}?" for one in self.open_beneficiaries)])

    def as_json(self) -> dict[str, Any]:
        """The decision as plain data; see the format in `docs/`."""
        return {
            "policy": self.policy,
            "title": self.title.as_json(),
            "status": self.status.value,
            "force": self.force,
            **self._shown(),
            "amount": None if self.amount is None else self.amount.as_json(),
            "beneficiaries": list(self.beneficiaries),
            "possible_beneficiaries": list(self.possible_beneficiaries),
            "departments": self._departments(),
            "obtain": None if self.obtain is None else self.obtain.as_json(self.where and self.where.as_json()),
            "basis": [{"source": ref.source, "clause": ref.clause} for ref in self.basis],
            "missing": [one.as_json() for one in self.missing],
            "assumed": [one.as_json() for one in self.assumed],
            "provisional": self.provisional,
            "members": [one.as_json() for one in self.members],
            **({} if self.first_day is None else {"first_day": self.first_day.as_json()}),
        }

    def _shown(self) -> dict[str, Any]:
        """Whom the policy is shown to, and under what, where the rules say it."""
        found: dict[str, Any] = {}
        if self.audience is not None:
            found["audience"] = {"name": self.audience.name, **self.audience.words.as_json(), "own": self.own}
        if self.section is not None:
            found["section"] = {"name": self.section.name, **self.section.words.as_json()}
        return found

    def _departments(self) -> dict[str, Any]:
        """Who answers; where that is open also who may, and what must be known to say it."""
        told = self.departments
        missing = {"missing": [one.as_json() for one in self.departments_missing]} if told.is_open else {}
        return {**told.as_json(), **missing}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All decisions for one household on one date, in the order of the ruleset's policies; and the figures."""

    household: str
    as_of: date
    ruleset: str
    digest: str
    decisions: tuple[Decision, ...]
    figures: tuple[Figure, ...] = ()
    trial: tuple[str, ...] = ()
    """The values that are only tried, as `参数.X=150`; what is decided with them is no decision on anybody."""
    derived: tuple[DerivedFact, ...] = ()

    def figure(self, name: str) -> Figure:
        """A figure by its English name or its label. Raises KeyError."""
        for figure in self.figures:
            if name in (figure.name, figure.figure.words.zh, figure.figure.words.en):
                return figure
        raise KeyError(name)

    @property
    def violated(self) -> tuple[Figure, ...]:
        """The checks of data that do not hold."""
        return tuple(one for one in self.figures if one.figure.check is not None and one.status == "violated")

    def __getitem__(self, policy: str) -> Decision:
        """The decision of a policy, by its id. Raises KeyError."""
        for decision in self.decisions:
            if decision.policy == policy:
                return decision
        raise KeyError(policy)

    @property
    def eligible(self) -> tuple[Decision, ...]:
        """The decisions that grant something."""
        return tuple(d for d in self.decisions if d.status is Status.ELIGIBLE)

    def as_json(self) -> Mapping[str, Any]:
        """The evaluation as plain data, ready for `json.dumps`."""
        return {
            "household": self.household,
            "as_of": self.as_of.isoformat(),
            "ruleset": {"id": self.ruleset, "digest": self.digest},
            **({"trial": list(self.trial)} if self.trial else {}),
            "decisions": [decision.as_json() for decision in self.decisions],
            "figures": [figure.as_json() for figure in self.figures],
            **({"derived": [fact.as_json() for fact in self.derived]} if self.derived else {}),
        }
