"""Who answers for something on a day: the bodies in being, by succession of names and of functions.

In: a program, ids of departments, a day. Out: `Organisation`s, and their names at a place. Called by `rule_metadata`,
`judgements`, `analysis` and `batch.results`.
That responsibility follows the function when bodies are reorganised is 安发〔2018〕31号 20.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.decision import Departments
from fupin_policy.core.expressions import Fact
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Program
from fupin_policy.core.registers import Department
from fupin_policy.core.types import Code

OfficeLookup = Callable[[str], Bilingual | None]
"""By the fact that names a place (各镇街区) the office there, where it is known."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A department by its name on the day. With `place` it stands for the office of that fact's place, where known."""

    name: Bilingual
    place: str | None


@dataclass(frozen=True, slots=True)
class Answering:
    """Those who lead and those who cooperate."""

    lead: tuple[Organisation, ...]
    cooperating: tuple[Organisation, ...]


def answering(
    answers: Sequence[Answering], outcomes: Sequence[int], masks: Sequence[int]
) -> tuple[Answering, Answering]:
    """Who surely answers for a policy, and who may besides, by its subjects' outcomes and possible answers.

    Of several members those count to whom it applies; where it is open to whom it does, whoever answers in every case.
    """
    told = list(zip(outcomes, masks, strict=True))
    may = [mask for truth, mask in told if truth != possible.FALSE] or list(masks) or [(1 << len(answers)) - 1]
    every = reduce(or_, may)
    settled = [mask for truth, mask in told if truth == possible.TRUE] or [every]

    def bodies(part: Callable[[Answering], tuple[Organisation, ...]]) -> tuple[tuple[Organisation, ...], ...]:
        named = list(dict.fromkeys(body for at, one in enumerate(answers) if every >> at & 1 for body in part(one)))
        cases = [[part(one) for at, one in enumerate(answers) if mask >> at & 1] for mask in settled]
        sure = [body for body in named if any(all(body in case for case in some) for some in cases)]
        return tuple(sure), tuple(body for body in named if body not in sure)

    lead, cooperating = bodies(lambda one: one.lead), bodies(lambda one: one.cooperating)
    return Answering(lead[0], cooperating[0]), Answering(lead[1], cooperating[1])


def departments(
    answers: Sequence[Answering],
    outcomes: Sequence[int],
    masks: Sequence[int],
    office: OfficeLookup = lambda place: None,
) -> Departments:
    """The names of those who answer, as `answering` has them; whoever surely does is not among those who may."""
    sure, may = answering(answers, outcomes, masks)
    lead, joining = names_of(sure.lead, office), names_of(sure.cooperating, office)
    others = names_of(may.lead, office), names_of(may.cooperating, office)
    return Departments(
        lead,
        joining,
        tuple(one for one in others[0] if one not in lead),
        tuple(one for one in others[1] if one not in joining),
    )


def in_being(program: Program, department: str, function: str | None, day: int) -> Department:
    """The department that has a function on a day: the one named, or whoever took the function over."""
    holder, passed = program.departments[department], {department}
    while function is not None:
        heir = next((m.to for m in holder.moved if m.function == function and m.validity.covers(day)), None)
        if heir is None or heir in passed or heir not in program.departments:
            return holder
        holder = program.departments[heir]
        passed.add(heir)
    return holder


def name_on(department: Department, day: int) -> Bilingual:
    """What a body is called on a day; its last name where no name covers the day."""
    named = [dated.name for dated in department.names if dated.validity.covers(day)]
    return named[0] if named else department.names[-1].name


def organisations(
    program: Program, departments: Iterable[str], function: str | None, day: int, told: Sequence[tuple[str, str]] = ()
) -> tuple[Organisation, ...]:
    """All who answer on a day, in the order given; `told` are places, by the terms by which departments go."""

    def body(holder: Department) -> Organisation:
        settled = holder.term in [term for term, _ in told]
        name = holder.called(told, program.places, name_on(holder, day))
        return Organisation(name, None if settled else holder.place)

    return tuple(body(in_being(program, name, function, day)) for name in departments)


def names_of(bodies: Iterable[Organisation], office: OfficeLookup = lambda place: None) -> tuple[Bilingual, ...]:
    """The names of those who answer, each once; of the office at the place at hand where it is known."""
    return tuple(dict.fromkeys((body.place and office(body.place)) or body.name for body in bodies))


def place_facts(program: Program) -> frozenset[str]:
    """The facts that name the places by which departments go (各镇街区)."""
    return frozenset(one.place for one in program.departments.values() if one.place is not None)


def filing_places(program: Program) -> tuple[str, ...]:
    """The facts by whose places households may be filed, what most go by first.

    A term that chooses between places (受理地) says last where a household belongs that is no exception; then come the
    facts that departments go by themselves.
    """
    terms = [DefinitionId("term", one.term) for one in program.departments.values() if one.term is not None]
    named = (node for term in terms for node in reversed(program.dependencies.direct[term]) if isinstance(node, Fact))
    own = (fact.name for fact in program.facts if fact.name in place_facts(program))
    read = (node.input.fact for node in named if isinstance(node.type, Code))
    return tuple(dict.fromkeys((*read, *own)))


def offices(program: Program, place: str) -> tuple[Bilingual | None, ...]:
    """For each code of a household's fact that names a place the office there."""
    type_ = next(column.type for column in program.household_inputs if column.name == place)
    if not isinstance(type_, Code):
        raise AssertionError(place)
    places = (program.places.get(code.name) for code in program.code_lists[type_.code_list].codes)
    return tuple(None if known is None else known.office for known in places)


def office_of(program: Program, household: Household) -> OfficeLookup:
    """The offices of the places that a household's facts name, where they are known."""

    def office(place: str) -> Bilingual | None:
        position = [column.name for column in program.household_inputs].index(place)
        mask, type_ = household.facts[position], program.household_inputs[position].type
        if not isinstance(mask, int) or not possible.is_singleton(type_, mask):
            return None
        return offices(program, place)[mask.bit_length() - 1]

    return office
