"""What is decided: policies' outcomes with amounts, who answers, and what is missing.

In: nothing. Out: `Decision`, `MemberDecision`, `Amount`, immutable. Made by `decisions`, read by everything after it.
What is made anew for each granted policy is a named tuple: a frozen dataclass takes four times as long to make.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

from fupin_policy.core.benefits import PER
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.first_days import FirstDay
from fupin_policy.core.missing import Assumed, Missing
from fupin_policy.core.policies import Audience, Force, Obtain, Section
from fupin_policy.core.registers import ClauseRef
from fupin_policy.diagnostics.showing import shown
from fupin_policy.files.value_tables import ValueColumn, arrow_table, data_frame


class Status(Enum):
    """Whether a policy applies."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNKNOWN = "unknown"

    @property
    def words(self) -> Bilingual:
        """What a decision with it is called in lists."""
        return _STATUS_WORDS[self]


_STATUS_WORDS = {
    Status.ELIGIBLE: Bilingual("符合", "eligible"),
    Status.INELIGIBLE: Bilingual("不符合", "ineligible"),
    Status.UNKNOWN: Bilingual("待定", "unknown"),
}

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

    @property
    def words(self) -> Bilingual:
        """`80.00 CNY 每月`, and `80.00 CNY a month`."""
        per = PER.get(self.per, Bilingual(self.per, self.per))
        return Bilingual(f"{self.told} {self.currency} {per.zh}", f"{self.told} {self.currency} {per.en}")

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

    def to_dict(self) -> dict[str, Any]:
        """The decision as plain data, as `as_json` gives it."""
        return self.as_json()

    def to_arrow(self) -> Any:
        """A `pyarrow.Table` of one row, with the columns of `Evaluation.to_arrow` but whose it is.

        Raises FupinError where the extra `batch` is not installed.
        """
        return arrow_table(self._columns(), {})

    def to_pandas(self) -> Any:
        """A `pandas.DataFrame` of one row, as `to_arrow`. Raises FupinError without the extra `pandas`."""
        return data_frame(self._columns(), {})

    def __repr__(self) -> str:
        """The policy, how it came out, what it gives and to whom, in one line."""
        amount = "" if self.amount is None else f" {self.amount.words.en}"
        whom = f": {self.beneficiaries_text}" if self.beneficiaries_text else ""
        return shown(f"<Decision {self.policy} {self.status.value}{amount}{whom}>")

    def _repr_html_(self) -> str:
        """A table for a notebook, in Chinese with the English below it."""
        from fupin_policy.core.shown_decisions import html_of_decision

        return html_of_decision(self)

    def _columns(self) -> tuple[ValueColumn, ...]:
        from fupin_policy.core.decision_columns import decision_columns

        return decision_columns([self])

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
