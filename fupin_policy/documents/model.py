"""What the files of a ruleset say, as data: names still unresolved, expressions still spans of text.

In: built by `documents.model_builder`. Out: one class for each kind of entry. Called by the checker and the formatter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fupin_policy.core.benefits import BenefitKind, Frequency, Per, Starts
from fupin_policy.core.declarations import Each, FactKind, Monotonicity
from fupin_policy.core.expressions import Level
from fupin_policy.core.policies import Force, GroupPreference
from fupin_policy.core.registers import Numbering, PaymentPeriod
from fupin_policy.diagnostics import Span
from fupin_policy.documents.audiences import AudienceDoc, SectionDoc
from fupin_policy.documents.data_checks import DataCheckDoc
from fupin_policy.documents.lists import ListDoc
from fupin_policy.documents.number_formats import IdentityFormatDoc
from fupin_policy.documents.obtaining import ObtainDoc
from fupin_policy.documents.parts import BilingualDoc, BodyDoc, Dates, ExpressionDoc, RuleBodyDoc, TextDoc, ValueDoc

Decimals = Annotated[int, range(10)]
Back = Annotated[int, range(61)]
ParameterKind = Literal["number", "date", "scale", "code", "truth"]

UNKNOWN = frozenset({"unknown", "未知", "不详"})
"""How the value of a parameter is written that is not known, on purpose."""


@dataclass(frozen=True, slots=True)
class MultipleDoc:
    """Another word for a unit, `10**power` of it."""

    name: TextDoc
    label: TextDoc
    power: Annotated[int, range(-9, 13)] = 0


@dataclass(frozen=True, slots=True)
class UnitDoc:
    """A unit; `money` is its ISO 4217 code."""

    name: TextDoc
    label: TextDoc
    money: TextDoc | None
    multiples: tuple[MultipleDoc, ...]
    decimals: Decimals = 0


@dataclass(frozen=True, slots=True)
class RulesetDoc:
    """The ruleset itself."""

    id: TextDoc
    title: BilingualDoc
    covers: Dates
    members: TextDoc
    identifiers: Mapping[str, str]
    units: tuple[UnitDoc, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class CodeDoc:
    """One code of a list."""

    code: TextDoc
    name: TextDoc
    label: TextDoc
    label_en: str | None = None


@dataclass(frozen=True, slots=True)
class CodeListDoc:
    """A list of codes, written out or taken from the places of a kind. `of_reading`: they are a reading's options."""

    name: TextDoc
    codes: tuple[CodeDoc, ...]
    places: TextDoc | None
    of_reading: bool = False


@dataclass(frozen=True, slots=True)
class AssumptionDoc:
    """What is taken of a fact that is not given: one word, or a list of codes; and why."""

    words: tuple[TextDoc, ...]
    listed: bool
    span: Span
    why: BilingualDoc


@dataclass(frozen=True, slots=True)
class FactDoc:
    """A fact."""

    name: TextDoc
    label: TextDoc
    aliases: tuple[TextDoc, ...]
    level: Level
    type: FactKind
    unit: TextDoc | None
    decimals: Decimals | None
    range: TextDoc | None
    codes: TextDoc | None
    past: bool
    required: bool
    note: BilingualDoc | None
    benefits: Monotonicity | None = None
    fixed: bool = False
    per: Frequency | None = None
    label_en: str | None = None
    absent: AssumptionDoc | None = None
    none: TextDoc | None = None
    previous: TextDoc | None = None
    each: Each | None = None
    back: Back = 0
    number: IdentityFormatDoc | None = None


@dataclass(frozen=True, slots=True)
class TermVersionDoc:
    """What a term is worth over a stretch of time; `valid` is None where it is so always."""

    valid: Dates | None
    value: RuleBodyDoc


@dataclass(frozen=True, slots=True)
class TermDoc:
    """A term; `type`, `codes`, `unit` and `decimals` where it declares them. `output`: it is reported as a figure."""

    name: TextDoc
    label: TextDoc
    level: Level
    type: str | None
    codes: TextDoc | None
    versions: tuple[TermVersionDoc, ...]
    label_en: str | None = None
    unit: TextDoc | None = None
    decimals: Decimals | None = None
    output: bool = False
    due: bool = False
    check: DataCheckDoc | None = None
    note: BilingualDoc | None = None


@dataclass(frozen=True, slots=True)
class ReadingPartDoc:
    """What makes a parameter a reading: the clause that is read, and why each option could be taken."""

    clause: TextDoc
    reasons: tuple[BilingualDoc, ...]


@dataclass(frozen=True, slots=True)
class ParameterDoc:
    """A parameter."""

    name: TextDoc
    label: TextDoc
    by: tuple[TextDoc, ...]
    values: tuple[ValueDoc, ...]
    type: ParameterKind = "number"
    unit: TextDoc | None = None
    decimals: Decimals | None = None
    range: TextDoc | None = None
    label_en: str | None = None
    codes: TextDoc | None = None
    reading: ReadingPartDoc | None = None


@dataclass(frozen=True, slots=True)
class NameDoc:
    """What a department is called over a stretch of time."""

    valid: Dates
    zh: TextDoc
    en: str
    source: str | None


@dataclass(frozen=True, slots=True)
class MoveDoc:
    """A function that another body takes over."""

    function: TextDoc
    to: TextDoc
    valid: Dates
    source: str | None


@dataclass(frozen=True, slots=True)
class DepartmentDoc:
    """A department; `places` are the facts for whose place's office it stands."""

    id: TextDoc
    names: tuple[NameDoc, ...]
    places: tuple[TextDoc, ...]
    group: bool
    moved: tuple[MoveDoc, ...]


@dataclass(frozen=True, slots=True)
class PlaceDoc:
    """A place."""

    name: TextDoc
    label: TextDoc
    kind: TextDoc
    code: TextDoc | None
    within: TextDoc | None
    office: BilingualDoc | None
    label_en: str | None = None


@dataclass(frozen=True, slots=True)
class SourceDoc:
    """A source document; `prevails_over` are ids of sources, or `earlier`."""

    id: TextDoc
    number: str | None
    title: BilingualDoc
    issued: date | None
    issuer: BilingualDoc | None
    prevails_over: tuple[TextDoc, ...]
    numbering: Numbering | None


@dataclass(frozen=True, slots=True)
class ClauseDoc:
    """A clause of a source: who answers for it as the text lists them, and why nothing encodes it, if nothing does."""

    source: TextDoc
    id: TextDoc
    digest: str | None
    summary: BilingualDoc
    lead: tuple[TextDoc, ...]
    cooperating: tuple[TextDoc, ...]
    nothing: BilingualDoc | None


@dataclass(frozen=True, slots=True)
class BenefitDoc:
    """What a policy gives."""

    kind: BenefitKind
    amount: RuleBodyDoc | None
    per: Per | None
    sets: tuple[TextDoc, TextDoc] | None
    span: Span
    pay: tuple[TextDoc, ...] = ()
    window: TextDoc | None = None


@dataclass(frozen=True, slots=True)
class VersionDoc:
    """A policy over a stretch of time; one that is only encouraged says where it is `offered`."""

    valid: Dates
    when: ExpressionDoc
    benefit: BenefitDoc
    lead: tuple[BodyDoc, ...]
    cooperating: tuple[BodyDoc, ...]
    function: str | None
    basis: tuple[TextDoc, ...]
    note: BilingualDoc | None
    span: Span
    starts: Starts = "same_day"
    force: Force = "entitlement"
    offered: ExpressionDoc | None = None
    obtain: ObtainDoc | None = None
    beneficiaries: ExpressionDoc | None = None


@dataclass(frozen=True, slots=True)
class ExampleDoc:
    """A household, or a place's figures, with what should come out for it; plain values."""

    name: TextDoc
    as_of: TextDoc
    given: Any
    expect: Any
    span: Span


@dataclass(frozen=True, slots=True)
class PolicyDoc:
    """A policy."""

    id: TextDoc
    title: BilingualDoc
    level: Level
    versions: tuple[VersionDoc, ...]
    examples: tuple[ExampleDoc, ...]
    span: Span
    benefit_group: TextDoc | None = None
    audience: TextDoc | None = None
    section: TextDoc | None = None


@dataclass(frozen=True, slots=True)
class TargetDoc:
    """A goal for a kind of place: `keep` throughout, or else reach, by a day or in each period."""

    id: TextDoc
    title: BilingualDoc
    level: Level
    applies: ExpressionDoc | None
    goal: ExpressionDoc
    keep: bool
    by: date | None
    each: PaymentPeriod | None
    valid: Dates
    lead: tuple[TextDoc, ...]
    cooperating: tuple[TextDoc, ...]
    function: str | None
    basis: tuple[TextDoc, ...]
    note: BilingualDoc | None
    examples: tuple[ExampleDoc, ...]


@dataclass(frozen=True, slots=True)
class DutyDoc:
    """What departments must do: by a day, or in each period (`within` some days of the year, `06-01..06-30`)."""

    id: TextDoc
    title: BilingualDoc
    whom: BilingualDoc | None
    valid: Dates
    by: date | None
    each: PaymentPeriod | None
    within: TextDoc | None
    lead: tuple[TextDoc, ...]
    cooperating: tuple[TextDoc, ...]
    function: str | None
    basis: tuple[TextDoc, ...]
    note: BilingualDoc | None


@dataclass(frozen=True, slots=True)
class GroupDoc:
    """Policies of which only one may be drawn, or which together give no more than `most`."""

    id: TextDoc
    title: BilingualDoc
    keep: GroupPreference
    policies: tuple[TextDoc, ...]
    span: Span
    most: ExpressionDoc | None = None


@dataclass(frozen=True, slots=True)
class StrayDoc:
    """What stands in an entry that could not be read as a whole, so that its parts' mistakes are found on its days."""

    level: Level
    conditions: tuple[ExpressionDoc, ...]
    values: tuple[RuleBodyDoc, ...]
    bodies: tuple[TextDoc, ...]
    basis: tuple[TextDoc, ...]
    valid: Dates | None


@dataclass(frozen=True, slots=True)
class Documents:
    """All that a ruleset's folder says. `broken` are the names of entries that could not be read.

    `incomplete` are the kinds of these, `strays` what stands in them; `inherited` the files of the rulesets that it
    extends; `trial` values only tried; `files` their SHA-256.
    """

    ruleset: RulesetDoc | None
    code_lists: tuple[CodeListDoc, ...]
    facts: tuple[FactDoc, ...]
    terms: tuple[TermDoc, ...]
    parameters: tuple[ParameterDoc, ...]
    departments: tuple[DepartmentDoc, ...]
    places: tuple[PlaceDoc, ...]
    sources: tuple[SourceDoc, ...]
    clauses: tuple[ClauseDoc, ...]
    policies: tuple[PolicyDoc, ...]
    groups: tuple[GroupDoc, ...]
    targets: tuple[TargetDoc, ...]
    duties: tuple[DutyDoc, ...]
    broken: frozenset[str]
    digest: str
    incomplete: frozenset[str] = frozenset()
    strays: tuple[StrayDoc, ...] = ()
    inherited: frozenset[str] = frozenset()
    files: tuple[tuple[int, str, str], ...] = ()
    trial: tuple[str, ...] = ()
    audiences: tuple[AudienceDoc, ...] = ()
    sections: tuple[SectionDoc, ...] = ()
    lists: tuple[ListDoc, ...] = ()
