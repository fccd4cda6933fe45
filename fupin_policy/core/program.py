"""A whole ruleset in CORE: what is declared, and every definition with its dated versions.

In: nothing. Out: `Program` and its parts, data only. Built by `check`, dated by `core.snapshot`.
Days are integers, days since 1970-01-01; validities are half-open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import Literal

from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.days import Validity
from fupin_policy.core.declarations import CodeList, FactDecl, Input, ListDecl, ParameterDecl
from fupin_policy.core.dependencies import Dependencies
from fupin_policy.core.expressions import And, Const, Expr, Level
from fupin_policy.core.identifiers import AssessmentDay, DefinitionId
from fupin_policy.core.open_readings import opened
from fupin_policy.core.outputs import DataCheck, FigureDecl, Output, outputs_of, questions
from fupin_policy.core.policies import Audience, Group, Policy
from fupin_policy.core.registers import Department, Duty, Place, SourceDecl, Target
from fupin_policy.core.types import PLAIN, Code, Number, Type, Unit
from fupin_policy.diagnostics import Lang


@dataclass(frozen=True, slots=True)
class BracketUse:
    """A use of a scale in a rule: slice by slice, or as the bracket in which something lies; and of what."""

    parameter: str
    how: Literal["slices", "pick"]
    arg: Expr


@dataclass(frozen=True, slots=True)
class Definition:
    """A named expression with its dated versions: a term, or a part of a policy.

    A policy P has `when:P` (its own condition), `outcome:P` (after exclusions) and, with amounts, `stated:P` (the
    amount as written) and `payable:P` (that amount where the outcome is true, else 0). A term T is `term:T`.
    What a parameter P that is worked out comes to is `use:P`; what a scale P comes to where it is used the nth time,
    `use:P/n`. `lead:P` says which of its answers it is.
    A target T has `applies:T` and `goal:T`. On a day that no version covers, the value is `absent`.
    """

    id: DefinitionId
    level: Level
    type: Type
    versions: tuple[tuple[Validity, Expr], ...]
    absent: int | None
    name: Bilingual
    use: BracketUse | None = None
    note: Bilingual | None = field(default=None, compare=False)
    """What is said of a term beside it."""


_ASSESSED: Mapping[str, Bilingual] = {
    "month_before": Bilingual("上月末", "the last day of the month before"),
    "month_end": Bilingual("月末", "the last day of the month"),
    "year_before": Bilingual("上年末", "the last day of the year before"),
}
_UNITS = {"month": Bilingual("个月", "month"), "year": Bilingual("年", "year")}


def _assessed(day: AssessmentDay) -> Bilingual:
    unit, back = _UNITS[day.of], day.back
    zh, en = f"{back}{unit.zh}前的{unit.zh[-1]}末", f"the last day of the {unit.en} {back} {unit.en}s before"
    return _ASSESSED.get(str(day), Bilingual(zh, en))


def choice_of(expr: Expr) -> Expr | None:
    """What the definition of whether a policy is for a member asks of the member, as it is in force, if anything."""
    match expr:
        case And((_, own)) if not isinstance(own, Const):
            return own
        case _:
            return None


def as_of_days(words: Bilingual, days: Iterable[AssessmentDay]) -> Bilingual:
    """What a clone of a definition is called: `高龄（截至上月末）`."""
    for day in days:
        shown = _assessed(day)
        words = Bilingual(f"{words.zh}（截至{shown.zh}）", f"{words.en} (as of {shown.en})")
    return words


@dataclass(frozen=True)  # without slots, for the cached properties
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
    figures: tuple[FigureDecl, ...] = ()
    audiences: tuple[Audience, ...] = ()
    """Whom policies are for, in the order of their names."""
    trial: tuple[str, ...] = ()
    """The parameters' values that are only tried, as `参数.X=150`."""
    lists: tuple[ListDecl, ...] = ()
    item_inputs: Mapping[Level, tuple[Input, ...]] = field(default_factory=dict)
    """By the name of a list the inputs of its items."""
    files: tuple[tuple[int, str, str], ...] = field(default=(), compare=False)
    """The SHA-256 of each file by how far below it stands and its name: those of a ruleset that is extended count 1."""

    def inputs_of(self, level: Level) -> tuple[Input, ...]:
        """The inputs of a level: of a list's items, of a member, or else of the household."""
        if level in self.item_inputs:
            return self.item_inputs[level]
        return self.member_inputs if level == "member" else self.household_inputs

    def lists_of(self, owner: Level) -> tuple[ListDecl, ...]:
        """The lists of households or of members."""
        return tuple(one for one in self.lists if one.of == owner)

    @cached_property
    def outputs(self) -> tuple[Output, ...]:
        """All that is reported, in order."""
        return outputs_of(self.policies, self.figures, self.audiences, {one.id: one.type for one in self.definitions})

    @cached_property
    def further(self) -> tuple[Output, ...]:
        """The outputs that are neither outcomes nor amounts."""
        return tuple(one for one in self.outputs if one.role not in ("outcome", "amount"))

    @cached_property
    def questions(self) -> tuple[tuple[Output, ...], ...]:
        """Outputs of each of which it is asked what is missing: policies, then figures, then for whom policies are."""
        return questions(self.outputs)

    @cached_property
    def uses(self) -> Mapping[DefinitionId, Definition]:
        """The definitions that are uses of parameters, by id."""
        return {one.id: one for one in self.evaluated if one.id.part == "use"}

    @cached_property
    def asked(self) -> tuple[tuple[int, ...], ...]:
        """For each policy, then each figure, the numbers of the questions about it: a policy may have two."""
        found = {(some[0].role, some[0].id): number for number, some in enumerate(self.questions)}
        keys = [[("outcome", policy.id), ("beneficiary", policy.id)] for policy in self.policies]
        keys += [[("figure", figure.name)] for figure in self.figures]
        return tuple(tuple(found[key] for key in wanted if key in found) for wanted in keys)

    @cached_property
    def asked_of_bodies(self) -> tuple[tuple[int, ...], ...]:
        """For each policy the number of the question who answers for it, where that is by condition."""
        answering = {some[0].id: at for at, some in enumerate(self.questions) if some[0].role == "lead"}
        return tuple((answering[one.id],) if one.answers else () for one in self.policies)

    @cached_property
    def rests(self) -> tuple[tuple[int, ...], ...]:
        """As `asked`, with the questions who answers for a policy, whether its audience is the household's, and what
        must be brought: what all that is told of it rests on."""
        numbers = {some[0].definition: at for at, some in enumerate(self.questions)}
        named = [[*([one.audience.definition] if one.audience else []), *one.bringing] for one in self.policies]
        shown = [tuple(numbers[name] for name in some) for some in named]
        every = zip_longest(self.asked, self.asked_of_bodies, shown, fillvalue=())
        return tuple((*some, *bodies, *besides) for some, bodies, besides in every)

    @cached_property
    def told(self) -> tuple[tuple[Output, ...], ...]:
        """The outputs that are told together: for each policy all of its own, then each figure."""
        return tuple(tuple(one for number in asked for one in self.questions[number]) for asked in self.rests)

    @cached_property
    def checks(self) -> tuple[tuple[FigureDecl, DataCheck], ...]:
        """The figures that are checks of data."""
        return tuple((one, one.check) for one in self.figures if one.check is not None)

    @cached_property
    def first_day_facts(self) -> Mapping[str, FactDecl]:
        """By the policies of which rules ask since when they have applied, the fact that tells it of the last time."""
        used = {one.name for one in (*self.household_inputs, *self.member_inputs)}
        facts = [fact for fact in self.facts if fact.kind == "date" and {fact.name, fact.given} <= used]
        return {fact.previous: fact for fact in facts if fact.previous is not None}

    @cached_property
    def policy_names(self) -> dict[str, str]:
        """By each word that names a policy (its titles, its id) the id."""
        return {word: one.id for one in self.policies for word in (one.title.en, one.title.zh, one.id)}

    @cached_property
    def dependencies(self) -> Dependencies:
        """What definitions rest on in any of their versions."""
        return _dependencies(self.definitions)

    @cached_property
    def open_readings(self) -> Mapping[str, Code]:
        """The readings of which no option is taken, by name."""
        readings = (one for one in self.parameters.values() if one.reading)
        return {one.name: one.type for one in readings if isinstance(one.type, Code) and not one.values}

    @cached_property
    def evaluated(self) -> tuple[Definition, ...]:
        """The definitions as evaluators take them: those that rest on open readings are told apart by options."""
        return opened(self.definitions, self.open_readings) if self.open_readings else self.definitions

    @cached_property
    def evaluated_dependencies(self) -> Dependencies:
        """What these rest on."""
        return _dependencies(self.evaluated) if self.open_readings else self.dependencies

    def with_left_open(self, roots: Iterable[DefinitionId]) -> list[DefinitionId]:
        """Definitions, and what those that they rest on say themselves where a reading is left open."""
        roots = list(roots)
        if self.open_readings:
            known = self.evaluated_dependencies.direct
            roots += [one.left_open for one in self.dependencies.closure(roots) if one.left_open in known]
        return roots


def _dependencies(definitions: Iterable[Definition]) -> Dependencies:
    return Dependencies.of((one.id, [expr for _, expr in one.versions]) for one in definitions)


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
    return base if words is None else pick(words, lang)
