"""Lists as they are given: read, assumed, written again; and what is missing of them."""

from __future__ import annotations

from typing import Any

import of_lists
import pytest

from fupin_policy import InputError, Ruleset
from fupin_policy.core.household import ItemList
from fupin_policy.intake.serializer import serialize

DAY = "2019-06-01"


@pytest.fixture(scope="module")
def listy(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return of_lists.rules(tmp_path_factory.mktemp("listy"))


def given(supporters: Any = None, bills: Any = None) -> dict[str, Any]:
    return {"id": "h", "赡养人": supporters, "members": [{"id": "m", "就医记录": bills}]}


def read(listy: Ruleset, household: dict[str, Any], assume: bool = True) -> tuple[ItemList, ItemList]:
    found, _ = listy.read(household, DAY, assume=assume)
    return found.lists[0], found.members[0].lists[0]


def test_not_given_is_any_number_of_items(listy: Ruleset) -> None:
    cases: tuple[Any, ...] = (None, "", "不详", {})
    for nothing in cases:
        assert read(listy, given(nothing, nothing), assume=False) == (ItemList((), 3), ItemList((), 4))


def test_where_it_is_declared_not_given_is_none(listy: Ruleset) -> None:
    assert read(listy, given()) == (ItemList((), 3), ItemList((), 0))
    found, _ = listy.read(given(), DAY)
    assert found.given is not None
    assert found.given.members[0].lists == (ItemList((), 4),)
    # blanks are as if they were left out
    assert read(listy, given(None, " \u3000"))[1] == ItemList((), 0)
    # who says that nobody knows has not left it out
    assert read(listy, given(None, "unknown"))[1] == ItemList((), 4)


def test_none_is_given_as_an_empty_list(listy: Ruleset) -> None:
    assert read(listy, given([], [])) == (ItemList((), 0), ItemList((), 0))


def test_some_that_there_surely_are(listy: Ruleset) -> None:
    own, _ = read(listy, given({"至少": [{"月收入": 2000}]}))
    assert (len(own.items), own.more) == (1, 2)


def test_items_under_both_words_are_given_twice(listy: Ruleset) -> None:
    with pytest.raises(InputError) as caught:
        read(listy, given({"at_least": [{}], "至少": [{}, {}]}))
    assert [(one.code, one.path) for one in caught.value.diagnostics] == [("H015", "赡养人.至少")]


def test_facts_of_an_item_are_assumed_as_others_are(listy: Ruleset) -> None:
    bare, _ = read(listy, given([{}]), assume=False)
    full, _ = read(listy, given([{}]))
    assert bare.items != full.items
    (support,) = [one for one in listy.evaluate(given([{"月收入": 2000}]), DAY).figures if one.figure.name == "support"]
    assert [one.fact.label for one in support.assumed] == ["赡养人第1项的健在"]


@pytest.mark.parametrize("assume", [True, False])
def test_what_is_read_is_written_again(listy: Ruleset, assume: bool) -> None:
    some = [{"月收入": "2000", "健在": "是"}, {"月收入": "1.5", "健在": "否"}]
    for household in (
        given(some, [of_lists.bill("3.00", "2019-01-02")]),
        given({"at_least": some}, {"at_least": []}),
        given([], []),
    ):
        found, day = listy.read(household, DAY, assume=assume)
        again, _ = listy.read(serialize(listy.program, found), DAY, assume=assume)
        assert listy.findings(again, day) == listy.findings(found, day)
        assert (again.lists, again.members[0].lists) == (found.lists, found.members[0].lists)


def test_what_is_missing_is_named(listy: Ruleset) -> None:
    figures = {one.figure.name: one for one in listy.evaluate(given(), DAY).figures}
    assert [one.label for one in figures["support"].missing] == ["赡养人（共有哪些）"]
    assert [one.fact for one in figures["support"].missing] == ["supporters"]
    figures = {one.figure.name: one for one in listy.evaluate(given([{"月收入": 3}, {}]), DAY).figures}
    assert [one.fact for one in figures["support"].missing] == ["supporters[2].monthly"]


def test_it_is_said_what_was_assumed_of_a_list(listy: Ruleset) -> None:
    figures = {one.figure.name: one for one in listy.evaluate(given([]), DAY).figures}
    (assumed,) = figures["all_paid"].assumed
    assert (assumed.fact.fact, assumed.fact.member, assumed.assumption.words.zh) == ("bills", "m", "没有")
    assert figures["support"].assumed == ()


def test_an_explanation_says_how_many_items_there_are_and_which_count(listy: Ruleset) -> None:
    (found,) = listy.explain(given([{"月收入": 2000}, {"月收入": 4000}, {}]), DAY)
    said = found.text("zh")
    assert "赡养人 3 项中 1 项符合，1 项待核实：第1项（月收入：2000.00 元）" in said
    (found,) = listy.explain(given([{"月收入": 4000}]), DAY)
    assert "改变任何可变的情况都不会符合" not in found.text("zh")


def test_the_interpreter_says_the_same(listy: Ruleset) -> None:
    for household in (
        given(),
        given([{"月收入": 2000}]),
        given({"at_least": []}, [of_lists.bill("3.00", "2019-01-02")]),
    ):
        assert listy.interpret(household, DAY) == listy.evaluate(household, DAY)
