"""A whole ruleset in CORE: what is declared, and every definition with its dated versions.

In: nothing. Out: `Program` and its parts, data only. Built by `check`, dated by `core.snapshot`.
Days are integers, days since 1970-01-01; validities are half-open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from fupin_policy.core.benefits import BenefitKind, Frequency, Per, sign
from fupin_policy.core.expressions import Expr, Level
from fupin_policy.core.types import PLAIN, Number, Type, Unit
from fupin_policy.diagnostics import Lang, Span

EPOCH = date(1970, 1, 1).toordinal()
DAY_MIN, DAY_MAX = date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH

FactKind = Literal["truth", "number", "date", "code", "codes", "text"]
Standing = Literal["enacted", "reported", "example"]
PaymentPeriod = Literal["month", "quarter", "year"]
Monotonicity = Literal["never_rise", "never_fall"]
"""What benefits must never do when a fact rises."""


def to_day(value: date) -> int:
    """A date as days since 1970-01-01."""
    return value.toordinal() - EPOCH


def to_date(day: int) -> date:
    """The date of a day number."""
    return date.fromordinal(day + EPOCH)


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in both languages."""

    zh: str
    en: str

    def as_json(self) -> dict[str, str]:
        """The text as plain data, by language."""
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Validity:
    """The days from `start` up to but not including `end`."""

    start: int
    end: int

    def covers(self, day: int) -> bool:
        """Whether the day lies within."""
        return self.start <= day < self.end


ALWAYS = Validity(DAY_MIN, DAY_MAX + 1)


def plain(name: str) -> str:
    """An identifier as English words: `old_age` → `old age`."""
    return name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class CodeDecl:
    """One code of a list: the registry's code, English name, Chinese label, English label if it has one."""

    code: str
    name: str
    label: str
    label_en: str | None = None

    @property
    def words(self) -> Bilingual:
        """What the code is called where people read it."""
        return Bilingual(self.label, self.label_en or plain(self.name))


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes; the code at index i is bit `1 << i`."""

    name: str
    codes: tuple[CodeDecl, ...]


@dataclass(frozen=True, slots=True)
class FactDecl:
    """A fact as the ruleset declares it. `type` is None for text, which no rule can use.

    A number is given in its declared unit, which is `10**power` of the type's: 4 for 万元, -2 for %. What is `fixed`
    never changes, such as a date of the past: no advice is given that it should. `per` is the period for which a sum of
    money is given, such as a month's income.
    """

    name: str
    label: str
    aliases: tuple[str, ...]
    level: Level
    kind: FactKind
    type: Type | None
    past: bool
    required: bool
    note: Bilingual | None = None
    power: int = 0
    benefits: Monotonicity | None = None
    fixed: bool = False
    per: Frequency | None = None
    label_en: str | None = None

    @property
    def words(self) -> Bilingual:
        """What the fact is called where people read it."""
        return Bilingual(self.label, self.label_en or plain(self.name))

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything that the fact is called: by its English name, its Chinese label, its aliases."""
        return (self.name, self.label, *self.aliases)

    @property
    def given_type(self) -> Type | None:
        """The type of values as they are given: in the declared unit the same integers have another scale."""
        if self.power and isinstance(self.type, Number):
            return replace(self.type, scale=self.type.scale + self.power)
        return self.type


@dataclass(frozen=True, slots=True)
class Input:
    """One column that evaluators read: a fact, or one code of a fact that holds several (`health.ill`)."""

    name: str
    level: Level
    type: Type
    past: bool
    required: bool


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """A paragraph of a source document: `anfa-2018-31`, `4.2` (article.paragraph); the clause may be empty."""

    source: str
    clause: str


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter's value (in units of its type) over a stretch of time, with its standing and source."""

    validity: Validity
    values: Mapping[int | None, int]
    """By the index of the code looked up, or by None where the parameter is not keyed."""
    standing: Standing
    basis: ClauseRef
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class ParameterDecl:
    """A named dated value; a day that no value covers makes it unknown within `type`'s range."""

    name: str
    label: str
    type: Type
    key: str | None
    values: tuple[DatedValue, ...]
    span: Span | None = field(default=None, compare=False, repr=False)
    label_en: str | None = None

    @property
    def words(self) -> Bilingual:
        """What the parameter is called where people read it."""
        return Bilingual(self.label, self.label_en or plain(self.name))


@dataclass(frozen=True, slots=True)
class DatedName:
    """What a body is called over a stretch of time."""

    validity: Validity
    name: Bilingual
    source: str | None


@dataclass(frozen=True, slots=True)
class Move:
    """A function that another body (`to`, an id) takes over for a stretch of time."""

    function: str
    to: str
    validity: Validity
    source: str | None


@dataclass(frozen=True, slots=True)
class Department:
    """A body with its succession of names, and the functions that moved away from it.

    `place` is the fact whose place's office it stands for (各镇街区).
    """

    id: str
    names: tuple[DatedName, ...]
    place: str | None
    group: bool
    moved: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A town, village, …; `office` is the body that answers for it."""

    name: str
    label: str
    kind: str
    code: str | None
    within: str | None
    office: Bilingual


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as registered: the digest of its text, what it says in our words, who answers for it as it lists them.

    Departments are ids, the leading ones apart. `nothing` says why nothing in it is encoded, where that is so.
    """

    source: str
    id: str
    digest: str | None
    summary: Bilingual
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    nothing: Bilingual | None


@dataclass(frozen=True, slots=True)
class SourceDecl:
    """A document that rules rest on; `clauses` by `article.paragraph`. `prevails_over` are ids of other sources."""

    id: str
    number: str | None
    title: Bilingual
    issued: date | None
    issuer: Bilingual | None
    prevails_over: frozenset[str]
    clauses: Mapping[str, Clause]


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a policy gives. `per` is the period an amount is for; None where there is no amount.

    `sets` is the fact that is entered in the registry, with the index of its new code.
    """

    kind: BenefitKind
    per: Per | None
    sets: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A policy as it stands over a stretch of time. Departments are ids; `function` is what they answer for."""

    validity: Validity
    benefit: Benefit
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    basis: tuple[ClauseRef, ...]
    note: Bilingual | None
    span: Span | None = field(default=None, compare=False, repr=False)
    function: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy; versions do not overlap and stand in order of time. `has_amount` if any version states one.

    Policies of one `benefit_group` give the same benefit: who draws two of them is given it twice.
    """

    id: str
    title: Bilingual
    level: Level
    versions: tuple[PolicyVersion, ...]
    has_amount: bool
    benefit_group: str | None = None

    def version_on(self, day: int) -> PolicyVersion | None:
        """The version in force on a day."""
        return next((version for version in self.versions if version.validity.covers(day)), None)

    def sign_on(self, day: int) -> int:
        """Which way its money goes on a day (`core.benefits.sign`); 0 where it is not in force."""
        version = self.version_on(day)
        return 0 if version is None else sign(version.benefit.kind)


@dataclass(frozen=True, slots=True)
class Group:
    """Policies of which only one may be drawn: the highest, or the first listed."""

    id: str
    title: Bilingual
    keep: Literal["highest", "first"]
    policies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A goal for places of a kind: to reach by a day, or to `keep` throughout; `by` a day or `each` period's end.

    Its condition is the definition `goal:T`, to whom it applies `applies:T`.
    """

    id: str
    title: Bilingual
    level: Level
    keep: bool
    by: int | None
    each: PaymentPeriod | None
    validity: Validity
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    function: str | None
    basis: tuple[ClauseRef, ...]
    note: Bilingual | None


@dataclass(frozen=True, slots=True)
class Duty:
    """What departments must do by a day or in each period.

    `within` are the first and last day of each year, as (month, day), in which a yearly one falls.
    """

    id: str
    title: Bilingual
    whom: Bilingual | None
    validity: Validity
    by: int | None
    each: PaymentPeriod | None
    within: tuple[tuple[int, int], tuple[int, int]] | None
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    function: str | None
    basis: tuple[ClauseRef, ...]
    note: Bilingual | None


@dataclass(frozen=True, slots=True)
class Definition:
    """A named expression with its dated versions: a term, or a part of a policy.

    A policy P has `when:P` (its own condition), `outcome:P` (after exclusions) and, with amounts, `stated:P` (the
    amount as written) and `payable:P` (that amount where the outcome is true, else 0). A term T is `term:T`.
    A target T has `applies:T` and `goal:T`. On a day that no version covers, the value is `absent`.
    """

    id: str
    level: Level
    type: Type
    versions: tuple[tuple[Validity, Expr], ...]
    absent: int | None
    name: Bilingual


@dataclass(frozen=True, slots=True)
class Program:
    """A checked ruleset. `definitions` stand in order of dependency; every reference points backwards.

    It is of one kind of subject: households with members, or (in `by_place`) places of a kind, which have none.
    """

    id: str
    title: Bilingual
    covers: Validity
    currency: str
    decimals: int
    max_members: int
    min_members: int
    identifiers: Mapping[str, str]
    unit_labels: Mapping[str, Bilingual]
    code_lists: Mapping[str, CodeList]
    facts: tuple[FactDecl, ...]
    household_inputs: tuple[Input, ...]
    member_inputs: tuple[Input, ...]
    parameters: Mapping[str, ParameterDecl]
    departments: Mapping[str, Department]
    places: Mapping[str, Place]
    sources: Mapping[str, SourceDecl]
    policies: tuple[Policy, ...]
    groups: tuple[Group, ...]
    definitions: tuple[Definition, ...]
    digest: str
    subject: Level = "household"
    targets: tuple[Target, ...] = ()
    duties: tuple[Duty, ...] = ()
    by_place: Mapping[Level, Program] = field(default_factory=dict)
    money: Unit = PLAIN
    """The unit of amounts."""


def is_income(fact: FactDecl, program: Program) -> bool:
    """Whether a fact is money with which benefits never rise: what more of it brings is held against what they lose."""
    return (
        fact.benefits == "never_rise"
        and isinstance(fact.type, Number)
        and bool(program.money)
        and fact.type.unit == program.money
    )


def unit_text(unit: Unit, labels: Mapping[str, Bilingual], lang: Lang) -> str:
    """A unit as people write it: 元, 元/亩."""
    above = "·".join(_label(base, labels, lang) for base, power in unit if power > 0)
    below = "·".join(_label(base, labels, lang) for base, power in unit if power < 0)
    return f"{above or '1'}/{below}" if below else above


def _label(base: str, labels: Mapping[str, Bilingual], lang: Lang) -> str:
    words = labels.get(base)
    return base if words is None else (words.zh if lang == "zh" else words.en)
