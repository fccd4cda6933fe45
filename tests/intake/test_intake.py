"""A whole household: what is read, what is refused and where. In: the small program. Called by pytest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from programs import FACTS, MONEY, PROGRAM
from read_households import AS_OF, OWN, faults, member, read

from fupin_policy.diagnostics import Reporter, render
from fupin_policy.diagnostics.messages import Message
from fupin_policy.diagnostics.messages.household import MESSAGES
from fupin_policy.intake import Intake, read_date
from fupin_policy.intake.scalars import number_text

INCOME = [number_text(end, MONEY.scale) for end in (MONEY.low, MONEY.high)]


def test_labels_aliases_villages_and_identifiers() -> None:
    given_ = {
        "户编号": 7,
        "纯收入": "80",
        "村": {"村人口": 300, "key_village": "是"},
        "成员": [{"人编号": 1}, {"编号": "b"}],
    }
    household, problems = read(given_)
    assert household is not None, problems
    assert household.id == "7"
    assert [one.id for one in household.members] == ["1", "b"]
    assert household.facts[OWN["income"]] == (8000, 8000)
    assert household.facts[OWN["village_people"]] == (300, 300)
    assert household.facts[OWN["key_village"]] == 3
    assert household.facts[OWN["on_allowance"]] == 2


def test_all_problems_come_in_one_report() -> None:
    data = {
        "incom": 4,
        "家庭纯收入": -5,
        "income": 3,
        "出生日期": "1959",
        "village": {"村人口": "many", "income": 1},
        "members": [
            {"id": "a", "出生日期": "2030-01-01", "残疾等级": "九级"},
            {"id": "a", "wage": "1.234", "村人口": 3},
            {"wage": float("inf")},
            {"id": 1.5},
            "nobody",
        ],
    }
    assert sorted(faults(data), key=str) == sorted(
        [
            ("H002", "id"),
            ("H011", "incom"),
            ("H024", "家庭纯收入"),
            ("H015", "income"),
            ("H013", "出生日期"),
            ("H021", "village.村人口"),
            ("H012", "village.income"),
            ("H028", "members[0].出生日期"),
            ("H029", "members[0].残疾等级"),
            ("H009", "members[1]"),
            ("H023", "members[1].wage"),
            ("H014", "members[1].村人口"),
            ("H008", "members[2].id"),
            ("H022", "members[2].wage"),
            ("H003", "members[3].id"),
            ("H007", "members[4]"),
        ],
        key=str,
    )


def test_an_unknown_name_gets_a_suggestion() -> None:
    _, problems = read(member(残疾级别="1", birthdate="1959"))
    assert {p.path: p.suggestion for p in problems} == {
        "members[0].残疾级别": "残疾等级",
        "members[0].birthdate": "birth_date",
    }


def test_fifty_of_many_unknown_names_get_a_suggestion() -> None:
    """Each takes time: a household of thousands of them must not take minutes."""
    for number in (1, 49, 50, 51, 60):
        wrong = {f"残疾级别{at}": "1" for at in range(number)}
        _, problems = read({"id": "h", "members": [{"id": "m", **wrong}]})
        assert len(problems) == number and sum(p.suggestion is not None for p in problems) == min(number, 50)


@pytest.mark.parametrize("second", ["80", "81", "82.5"])
def test_a_fact_given_twice(second: str) -> None:
    assert faults({**member(), "income": "80", "纯收入": second}) == [("H015", "纯收入")]
    assert faults({**member(), "income": None, "纯收入": second}) == []


@pytest.mark.parametrize("nothing", [{}, {"min": None}, {"min": INCOME[0], "max": INCOME[1]}])
def test_what_says_nothing_is_as_if_it_were_not_given(nothing: dict[str, Any]) -> None:
    for first, second in (("income", "纯收入"), ("纯收入", "income")):
        assert faults({**member(), first: nothing, second: "80"}) == []
        assert faults({**member(), first: "80", second: nothing}) == [("H015", second)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ([], ("H001", "household")),
        ({"id": "h"}, ("H004", "members")),
        ({"id": "h", "members": []}, ("H004", "members")),
        ({"id": "h", "members": {}}, ("H005", "members")),
        ({"id": "h", "members": [{"id": i} for i in range(6)]}, ("H006", "members")),
        ({"id": True, "members": [{"id": 1}]}, ("H003", "id")),
        ({"id": 10**5000, "members": [{"id": 1}]}, ("H003", "id")),
        ({"id": "a\ud800", "members": [{"id": 1}]}, ("H003", "id")),
        ({"id": " ", "members": [{"id": 1}]}, ("H002", "id")),
        ({"id": "h", "村": 3, "members": [{"id": 1}]}, ("H010", "村")),
        ({"id": "h", "编号": "h", "members": [{"id": 1}]}, ("H015", "编号")),
        ({"id": "h", "members": [{"id": "1"}, {"id": 1}]}, ("H009", "members[1]")),
        ({"id": "h", "members": [{"id": 1}], 5: 1}, ("H011", "5")),
    ],
)
def test_the_shape_of_a_household(data: Any, expected: tuple[str, str]) -> None:
    assert faults(data) == [expected]


def test_required_facts() -> None:
    facts = tuple(replace(f, required=f.name in ("income", "birth_date", "key_village")) for f in FACTS)
    intake = Intake(replace(PROGRAM, facts=facts))
    _, problems = read({**member(birth_date="1959-01-01"), "income": ""}, intake=intake)
    assert [(p.code, p.path) for p in problems] == [("H016", "village.是否重点村"), ("H016", "家庭纯收入")]
    assert read({**member(出生日期="1959-01-01"), "纯收入": 1, "village": {"key_village": False}}, intake=intake)[0]


@pytest.mark.parametrize("income", [{"min": 1, "max": 2}, {}, {"one_of": [1, 2]}])
def test_required_facts_are_known_exactly_or_refused(income: Any) -> None:
    """The module holds one value of each: one known in part was decided by its low end."""
    facts = tuple(replace(f, required=f.name in ("income", "birth_date")) for f in FACTS)
    intake = Intake(replace(PROGRAM, facts=facts))
    _, problems = read({**member(birth_date="1959"), "income": income}, intake=intake)
    assert [(p.code, p.path) for p in problems] == [("H037", "income"), ("H037", "members[0].birth_date")]
    exact = {"min": "2", "max": "2.00"}
    assert read({**member(birth_date="1959-02-03"), "income": exact}, intake=intake)[0]


def test_dates_asked_about() -> None:
    reporter = Reporter()
    assert read_date("2019-06-30", PROGRAM, reporter) == AS_OF
    assert read_date(date(2022, 12, 31), PROGRAM, reporter) == PROGRAM.covers.end - 1
    assert not reporter.diagnostics
    for wrong, code in (("2023-01-01", "H041"), (date(2017, 12, 31), "H041"), ("2019-6-30", "H040"), (None, "H040")):
        one = Reporter()
        assert read_date(wrong, PROGRAM, one) is None  # type: ignore[arg-type]
        assert [d.code for d in one.errors] == [code]
        assert render(one.errors[0])
    assert dict(one.errors[0].args)["given"] == "null"


KEYS = st.sampled_from(
    ["id", "编号", "members", "成员", "village", "村", "min", "max", "one_of"]
    + [key for fact in FACTS for key in (fact.name, fact.label, *fact.aliases)]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["1959", "1959-03", "一级", "健康、患有大病", "是", "12.5", "h1"]),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=5)
)


@given(VALUES | st.dictionaries(KEYS, VALUES))
def test_any_value_is_read_or_reported(data: Any) -> None:
    read(data)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_member_is_read_or_reported(data: dict[str, Any]) -> None:
    read({"id": "h", "members": [{"id": "m1", **data}]})


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_messages_use_the_same_words_in_both_languages(code: str) -> None:
    import string

    def words(text: str) -> set[str]:
        return {name.removesuffix("_en") for _, name, _, _ in string.Formatter().parse(text) if name}

    message: Message = MESSAGES[code]
    assert words(message.zh) == words(message.en)
    assert words(message.help_zh) == words(message.help_en)
