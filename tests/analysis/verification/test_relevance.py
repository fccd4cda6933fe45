"""The facts named as missing matter: for each there are two households that differ in it alone and in the decision.

Ranges are sound and not exact, so a fact is rightly named too where the evaluator, told all the others, leaves the
decision open for want of it alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from facts_that_matter import matters
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_policy import load
from fupin_policy.core import possible
from fupin_policy.core.decision import Decision
from fupin_policy.core.household import Household
from fupin_policy.core.missing import Missing
from fupin_policy.core.types import Type
from fupin_policy.testing import as_of_dates, households

SHIPPED = load()


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
    return matters(SHIPPED, household, day, decision, need) or left_open(household, day, decision, need)


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
        assert not matters(SHIPPED, household, day, found.decision, need)
        assert left_open(household, day, found.decision, need)
