"""The facts named as missing matter: for each there are two households that differ in it alone and in the decision.

Ranges are sound and not exact, so a fact is rightly named too where the evaluator, told all the others, leaves the
decision open for want of it alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product
from typing import Any, cast

import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_policy import load
from fupin_policy.analysis.verification.solver import Solver
from fupin_policy.core import possible
from fupin_policy.core.days import Validity, to_date
from fupin_policy.core.decision import Decision, Missing
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import ParameterNeed
from fupin_policy.core.subjects import Item
from fupin_policy.core.types import Code, Day, Truth, Type
from fupin_policy.evaluators.smt import calendar
from fupin_policy.evaluators.smt.formulas import Formulas
from fupin_policy.evaluators.smt.people import SymbolicHousehold, bounds
from fupin_policy.testing import as_of_dates, households

SHIPPED = load()


def allowed(variable: Any, value: possible.Value, type_: Type) -> Any:
    """That a variable has one of the values that a partly known fact may have."""
    match type_:
        case Truth():
            sides = [variable] if cast(int, value) & 1 else []
            sides += [z3.Not(variable)] if not cast(int, value) & 2 else []
            return z3.And(sides) if sides else z3.BoolVal(True)
        case Code(_, size):
            return z3.Or([variable == bit for bit in range(size) if cast(int, value) >> bit & 1])
        case Day():
            low, high = cast(possible.Interval, value)
            return z3.And(variable >= calendar.key_of(low), variable <= calendar.key_of(high))
        case _:
            low, high = cast(possible.Interval, value)
            return z3.And(variable >= low, variable <= high)


def matters(household: Household, day: int, decision: Decision, member: str | None, fact: str) -> bool:
    """Whether some completion's decision turns on the fact alone."""
    snapshot = SHIPPED.snapshot(to_date(day))
    people = SymbolicHousehold((SHIPPED.program,), max(1, len(household.members)))
    formulas = Formulas(snapshot, people)
    rule = next(one for one in snapshot.rules if one.policy.id == decision.policy)
    of_member = rule.policy.level == "member"
    wholes = [
        formulas.of(name, position if of_member else None)
        for name in (rule.outcome, rule.payable)
        if name is not None
        for position in (range(len(household.members)) if of_member else (0,))
    ]
    ids = [person.id for person in household.members]
    known = [people.size == len(ids), people.as_of == calendar.key_of(day)]
    places = {}
    for (name, position), variable in people.facts.items():
        if (
            isinstance(name, ParameterNeed)
            or isinstance(position, Item)
            or (position is not None and position >= len(ids))
        ):
            continue
        columns = SHIPPED.program.household_inputs if position is None else SHIPPED.program.member_inputs
        values = household.facts if position is None else household.members[position].facts
        index = [column.id for column in columns].index(name)
        known.append(allowed(variable, values[index], columns[index].type))
        if name.fact == fact and position == (None if member is None else ids.index(member)):
            places[name] = (variable, values[index], columns[index].type)
    pairs, others = [], []
    for name, (variable, value, type_) in places.items():
        other = z3.Bool(f"other {name}") if isinstance(type_, Truth) else z3.Int(f"other {name}")
        pairs.append((variable, other))
        others += [allowed(other, value, type_), *bounds(other, type_)]
    differ = z3.Or([whole != z3.substitute(whole, *pairs) for whole in wholes])
    return Solver().possible(people, [Validity(day, day + 1)], [*known, *others, differ])


def answers(household: Household, need: Missing) -> Iterator[Household]:
    """The household with each exact answer to a missing fact, numbers and days at their ends alone."""
    program = SHIPPED.program
    at = None if need.member is None else [person.id for person in household.members].index(need.member)
    columns = program.household_inputs if at is None else program.member_inputs
    facts = household.facts if at is None else household.members[at].facts
    places = [place for place, column in enumerate(columns) if column.id.fact == need.fact]
    for values in product(*(ends(columns[place].type, facts[place]) for place in places)):
        told = list(facts)
        for place, value in zip(places, values, strict=True):
            told[place] = value
        if at is None:
            yield replace(household, facts=tuple(told))
        else:
            members = list(household.members)
            members[at] = members[at]._replace(facts=tuple(told))
            yield replace(household, members=tuple(members))


def ends(type_: Type, value: possible.Value) -> list[possible.Value]:
    match type_, value:
        case _, (low, high):
            return list(dict.fromkeys([(low, low), (high, high)]))
        case _, int(mask):
            return [1 << bit for bit in range(mask.bit_length()) if mask >> bit & 1]
        case _:
            raise AssertionError(value)


def left_open(household: Household, day: int, decision: Decision, missing: Missing) -> bool:
    """Whether some answer to all the other facts named leaves the decision open to the evaluator."""
    told = [household]
    for other in decision.missing:
        if other != missing:
            told = list(islice((more for one in told for more in answers(one, other)), 4000))
    return any(SHIPPED.decide(one, day)[decision.policy].missing for one in told)


def justified(household: Household, day: int, decision: Decision, need: Missing) -> bool:
    return matters(household, day, decision, need.member, need.fact) or left_open(household, day, decision, need)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_fact_named_as_missing_matters(data: st.DataObject) -> None:
    as_of = data.draw(as_of_dates(SHIPPED))
    given_ = data.draw(households(SHIPPED, as_of))
    household, day = SHIPPED.read(given_, as_of)
    open_ones = [decision for decision in SHIPPED.evaluate(given_, as_of).decisions if decision.missing]
    for chosen in data.draw(st.lists(st.sampled_from(open_ones), max_size=3, unique=True)) if open_ones else ():
        (found,) = SHIPPED.explain(given_, as_of, chosen.policy)
        decision = found.decision
        assert set(decision.missing) <= set(chosen.missing)
        if any(need.parameter is not None for need in decision.missing):
            continue  # nothing settles it
        for need in decision.missing:
            assert justified(household, day, decision, need), (decision.policy, need)


def test_what_another_fact_makes_needless_is_not_named() -> None:
    """Found by Hypothesis on 2026-11-25: a severe grade gives the higher subsidy, whatever the other rests on."""
    member = {"id": "m1", "出生日期": "1942-02-03", "残疾等级": {"one_of": ["一级", "四级"]}, "是否特困供养": "否"}
    member["具备自理能力"] = "不详"
    given_ = {"id": "h", "脱贫属性": "未脱贫", "members": [member]}
    named = SHIPPED.evaluate(given_, "2019-06-30")["disability.severe_nursing"].missing
    (found,) = SHIPPED.explain(given_, "2019-06-30", "disability.severe_nursing")
    assert {need.fact for need in named} == {"disability_level", "on_allowance", "cares_for_self"}
    assert [need.fact for need in found.decision.missing] == ["disability_level"]


def test_what_no_answer_turns_on_is_named_where_the_ranges_do_not_show_it() -> None:
    """Found by Hypothesis on 2026-11-27: never enough is left of a bill, which ranges of what is left do not show."""
    member = {"id": "m1", "是否患病就诊": "是", "目录内费用": "1216.23"}
    given_ = {"id": "h", "members": [member]}
    (found,) = SHIPPED.explain(given_, "2019-09-01", "health.commercial")
    household, day = SHIPPED.read(given_, "2019-09-01")
    assert {need.fact for need in found.decision.missing} == {"exit_state", "medical_insured"}
    for need in found.decision.missing:
        assert not matters(household, day, found.decision, need.member, need.fact)
        assert left_open(household, day, found.decision, need)
