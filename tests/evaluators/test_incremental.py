"""What is supposed of a household on a worksheet is what the interpreter says of such a household.

In: random rules, households, facts supposed otherwise. Out: assertions. Called by pytest.
"""

from __future__ import annotations

from pathlib import Path

import of_lists
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from text_files import write_files

from fupin_policy import Ruleset, load
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.program import Program
from fupin_policy.core.subjects import HouseholdFacts, Item, lists_in, with_values
from fupin_policy.evaluators import interpreter
from fupin_policy.evaluators.incremental import Net, Supposed, Worksheet
from fupin_policy.testing import as_of_dates, households, rulesets

SLOW = settings(max_examples=settings().max_examples // 5, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worksheet")


@pytest.fixture(scope="module")
def listy(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return of_lists.rules(tmp_path_factory.mktemp("listy"))


def other_facts(data: st.DataObject, household: Household, other: Household) -> list[Supposed]:
    """Some of a household's facts as they are in another one."""
    places: list[tuple[int | None, int]] = [(None, at) for at in range(len(household.facts))]
    both = min(len(household.members), len(other.members))
    places += [(member, at) for member in range(both) for at in range(len(household.members[member].facts))]
    chosen = data.draw(st.lists(st.sampled_from(places), max_size=6, unique=True))
    return [
        (member, at, other.facts[at] if member is None else other.members[member].facts[at]) for member, at in chosen
    ]


@SLOW
@given(data=st.data())
def test_it_is_the_interpreter_s_word(root: Path, data: st.DataObject) -> None:
    files = data.draw(rulesets(lists=True))
    folder = root / str(abs(hash(tuple(sorted(files.items())))))
    folder.mkdir(exist_ok=True)
    write_files(folder, files)
    ruleset = load(folder, cache=False)
    as_of = data.draw(as_of_dates(ruleset))
    household, day = ruleset.read(data.draw(households(ruleset, as_of)), as_of)
    snapshot = ruleset.snapshot(as_of)
    sheet = Worksheet(Net.of_snapshot(snapshot), household, (day, day))
    agree(sheet, household, (day, day))
    for _ in range(3):
        other, _ = ruleset.read(data.draw(households(ruleset, as_of)), as_of)
        values = other_facts(data, household, other)
        days = data.draw(st.sampled_from([(day, day), (day, min(day + 40, snapshot.validity.end - 1))]))
        household = with_values(ruleset.program, household, values)
        sheet = sheet.supposing(values, days)
        agree(sheet, household, days)


def test_what_is_compared_rests_on_both_members(listy: Ruleset) -> None:
    """How many were born on the day of a member changes with that member's day too."""
    given_ = {"id": "h", "members": [{"id": "m1", "出生日期": "1980-01-01"}, {"id": "m2"}]}
    household, day = listy.read(given_, of_lists.LAST)
    alike = DefinitionId("term", "alike")
    sheet = listy.worksheet(household, day)
    assert sheet.values(alike) == ((1, 2), (0, 2))
    born = household.members[0].facts[0]
    assert sheet.supposing([(1, 0, born)]).values(alike) == ((2, 2), (2, 2))


def test_what_was_supposed_before_holds_where_another_is_supposed(listy: Ruleset) -> None:
    """Of two members who are compared one is supposed on a worksheet, and the other on one below."""
    members = [{"id": "m1", "出生日期": "1980"}, {"id": "m2", "出生日期": "1980-01-01"}]
    household, day = listy.read({"id": "h", "members": members}, of_lists.LAST)
    alike, (other, own) = DefinitionId("term", "alike"), (one.facts[0] for one in household.members)
    sheet = listy.worksheet(household, day)
    # a day that is not known is not known to be itself
    assert sheet.values(alike) == ((0, 2), (1, 2))
    sheet = sheet.supposing([(1, 0, (0, 0))])
    assert sheet.values(alike) == ((0, 1), (1, 1))
    assert sheet.supposing([(0, 0, own)]).values(alike) == ((1, 1), (1, 1))
    assert sheet.supposing([(0, 0, (0, 0))]).values(alike) == ((2, 2), (2, 2))
    assert sheet.supposing([(1, 0, other)]).values(alike) == ((0, 2), (0, 2))


def test_what_was_supposed_of_an_item_before_holds_where_another_is_supposed(listy: Ruleset) -> None:
    given_ = [{"monthly": "1600"}, {"monthly": "1700"}]
    household, day = listy.read({"id": "h", "supporters": given_, "members": [{"id": "m1"}]}, of_lists.LAST)
    support, (inputs, two) = DefinitionId("term", "support"), (listy.program.item_inputs["supporters"], [0, 1])
    at = [one.id for one in inputs].index(InputId("monthly"))
    first, second = (Item("supporters", slot, None, slot) for slot in two)
    sheet = listy.worksheet(household, day)
    assert sheet.values(support) == ((15000, 15000),)
    sheet = sheet.supposing([(first, at, (190000, 190000))])
    assert sheet.values(support) == ((30000, 30000),)
    assert sheet.supposing([(second, at, (150000, 150000))]).values(support) == ((20000, 20000),)


def test_a_definition_of_items_has_a_value_for_each_slot(listy: Ruleset) -> None:
    bills = [of_lists.bill(10, "2019-01-01"), of_lists.bill(20, "2019-01-02")]
    members = [{"id": "m1", "bills": bills}, {"id": "m2", "bills": {"at_least": []}}]
    household, day = listy.read({"id": "h", "members": members}, of_lists.LAST)
    found = listy.worksheet(household, day).values(DefinitionId("term", "before"))
    # two items, and one further for each member
    assert found[:2] == ((0, 0), (1000, 1000)) and len(found) == 4
    agree(listy.worksheet(household, day), household, (day, day))


@settings(SLOW, max_examples=settings().max_examples // 20)
@given(data=st.data())
def test_so_it_is_of_facts_of_items(listy: Ruleset, data: st.DataObject) -> None:
    household, day = listy.read(data.draw(households(listy, of_lists.LAST)), of_lists.LAST)
    sheet = listy.worksheet(household, day)
    further = [one.definition for one in listy.program.further]
    for _ in range(3):
        other, _ = listy.read(data.draw(households(listy, of_lists.LAST)), of_lists.LAST)
        values = other_facts(data, household, other) + other_items(data, listy.program, household, other)
        household, sheet = with_values(listy.program, household, values), sheet.supposing(values)
        assert tuple(map(sheet.values, further)) == listy.findings(household, day).further


def other_items(data: st.DataObject, program: Program, household: Household, other: Household) -> list[Supposed]:
    """Some facts of items as they are of items in another household."""
    lists = zip(lists_in(program, household), lists_in(program, other), strict=True)
    found: list[Supposed] = []
    for (declared, own), (_, those) in lists:
        name = declared.name
        slots = HouseholdFacts.of(program, household).lists[name].slots
        items = [item for one in those for item in one.items]
        for owner, one in enumerate(own if items else ()):
            for number, slot in enumerate(slots[owner]):
                subject = Item(name, slot, owner if declared.of == "member" else None, number)
                at = data.draw(st.integers(0, len(one.items[number])))
                facts = data.draw(st.sampled_from(items))
                found += [(subject, at, facts[at])] if at < len(facts) else []
    return found


def agree(sheet: Worksheet, household: Household, days: tuple[int, int]) -> None:
    snapshot = sheet.net.snapshot
    traces = interpreter.trace_over(snapshot, household, days)
    for definition in snapshot.definitions:
        assert sheet.values(definition.id) == tuple(trace.value for trace in traces[definition.id])
