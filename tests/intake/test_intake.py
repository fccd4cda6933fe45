"""The intake: what is read, what is refused and where. In: the small program. Called by pytest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from programs import FACTS, MONEY, PROGRAM

from fupin_policy.core.days import to_day
from fupin_policy.core.household import Household
from fupin_policy.core.possible import leq
from fupin_policy.diagnostics import Diagnostic, Reporter, render
from fupin_policy.diagnostics.messages import Message
from fupin_policy.diagnostics.messages.household import MESSAGES
from fupin_policy.intake import Intake, parse_json, read_date
from fupin_policy.intake.scalars import number_text

AS_OF = to_day(date(2019, 6, 30))
INTAKE = Intake(PROGRAM)
OWN = {one.name: index for index, one in enumerate(PROGRAM.household_inputs)}
MEMBER = {one.name: index for index, one in enumerate(PROGRAM.member_inputs)}

INCOME = [number_text(end, MONEY.scale) for end in (MONEY.low, MONEY.high)]


def read(data: Any, as_of: int = AS_OF, intake: Intake = INTAKE) -> tuple[Household | None, tuple[Diagnostic, ...]]:
    reporter = Reporter()
    household = intake.read(data, as_of, reporter)
    assert (household is None) == bool(reporter.errors)
    return household, reporter.diagnostics


def member(**facts: Any) -> dict[str, Any]:
    return {"id": "h1", "members": [{"id": "m1", **facts}]}


def value(name: str, raw: Any) -> Any:
    """The value of a member's fact, read twice: fresh, and from what is remembered."""
    intake = Intake(PROGRAM)
    for _ in range(2):
        household, problems = read(member(**{name: raw}), intake=intake)
        assert household is not None, [render(problem) for problem in problems]
        found = household.members[0].facts[MEMBER[name]]
    return found


def faults(data: Any) -> list[tuple[str, str | None]]:
    _, problems = read(data)
    for problem in problems:
        assert render(problem)
    return [(problem.code, problem.path) for problem in problems]


def fault(raw: Any, name: str) -> str:
    found = faults(member(**{name: raw}))
    assert len(found) == 1
    assert found[0][1] is not None
    assert found[0][1].startswith(f"members[0].{name}")
    return found[0][0]


def days(first: str, last: str | None = None) -> tuple[int, int]:
    return (to_day(date.fromisoformat(first)), to_day(date.fromisoformat(last or first)))


@pytest.mark.parametrize(
    ("raw", "cents"),
    [
        (80, 8000),
        ("80", 8000),
        ("12,345.60", 1234560),
        ("１２．５", 1250),
        (" -3.5 ", -350),
        (Decimal("80.05"), 8005),
        (Decimal("1E+2"), 10000),
        (Decimal("0E+99999"), 0),
        (80.5, 8050),
        (80.0, 8000),
    ],
)
def test_numbers(raw: Any, cents: int) -> None:
    assert value("wage", raw) == (cents, cents)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("80.123", "H023"),
        (Decimal("80.120"), "H023"),
        (0.1 + 0.2, "H023"),
        ("-10.01", "H024"),
        (-11, "H024"),
        (10**400, "H024"),
        pytest.param(10**5000, "H024", id="huge"),
        ("9" * 400, "H024"),
        ("9" * 5000, "H024"),
        (Decimal("1E+999999"), "H024"),
        (float("nan"), "H022"),
        (Decimal("-Infinity"), "H022"),
        (Decimal("sNaN"), "H022"),
        ("NaN", "H021"),
        ("1e5", "H021"),
        ("1,23", "H021"),
        ("80元", "H021"),
        (True, "H021"),
        ([1], "H021"),
        (b"1", "H021"),
        ({"min": 5, "max": 4}, "H033"),
        ({"min": -99}, "H024"),
        ({"least": 4}, "H032"),
        ({"one_of": []}, "H034"),
        ({"one_of": 4}, "H034"),
        ({"one_of": [4], "min": 3}, "H036"),
        ({"min": {"min": 3}}, "H021"),
    ],
)
def test_numbers_refused(raw: Any, code: str) -> None:
    assert fault(raw, "wage") == code


def test_a_true_is_not_a_one_that_was_remembered() -> None:
    assert value("months", 1) == (1, 1)
    assert INTAKE.read(member(months=1), AS_OF, Reporter())
    assert fault(True, "months") == "H021"
    assert value("months", 1.0) == (1, 1)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1959-06-30", days("1959-06-30")),
        ("19590630", days("1959-06-30")),
        (19590630, days("1959-06-30")),
        ("1959/6/30", days("1959-06-30")),
        ("1959年6月30日", days("1959-06-30")),
        (date(1959, 6, 30), days("1959-06-30")),
        ("1959", days("1959-01-01", "1959-12-31")),
        (1959, days("1959-01-01", "1959-12-31")),
        ("1960-02", days("1960-02-01", "1960-02-29")),
        ("1959/3", days("1959-03-01", "1959-03-31")),
        ("195903", days("1959-03-01", "1959-03-31")),
        (195903, days("1959-03-01", "1959-03-31")),
        ("1959年3月", days("1959-03-01", "1959-03-31")),
        ("2019", days("2019-01-01", "2019-06-30")),
        (None, days("1900-01-01", "2019-06-30")),
        ("", days("1900-01-01", "2019-06-30")),
        ({"min": "1959"}, days("1959-01-01", "2019-06-30")),
        ({"max": "1959"}, days("1900-01-01", "1959-12-31")),
        ({"one_of": ["1959-03", "1961-01-02"]}, days("1959-03-01", "1961-01-02")),
    ],
)
def test_dates(raw: Any, expected: tuple[int, int]) -> None:
    assert value("birth_date", raw) == expected


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2019-07-01", "H028"),
        ("2020", "H028"),
        ({"min": "2020"}, "H028"),
        ("1899-12-31", "H027"),
        ("1959-02-29", "H026"),
        ("1959-13", "H026"),
        ("0000", "H026"),
        ("9" * 400, "H025"),
        ("soon", "H025"),
        pytest.param(10**5000, "H025", id="huge"),
        (True, "H025"),
        (1959.0, "H025"),
        ({"min": "1960", "max": "1950"}, "H033"),
    ],
)
def test_dates_refused(raw: Any, code: str) -> None:
    assert fault(raw, "birth_date") == code


@pytest.mark.fault("B3")
@pytest.mark.parametrize(
    ("raw", "first", "other"),
    [
        ("1959.1", "1959-01", "1959-10"),
        (" １９５９．１ ", "1959-01", "1959-10"),
        ("190612", "1906-12", "2019-06-12"),
        (190612, "1906-12", "2019-06-12"),
        ("200101", "2001-01", "2020-01-01"),
    ],
)
def test_a_date_of_two_meanings_is_refused_with_both(raw: Any, first: str, other: str) -> None:
    for form in (raw, {"min": raw}, {"one_of": [raw]}):
        _, (problem,) = read(member(birth_date=form))
        assert problem.code == "H110"
        assert problem.sentence("en") == f'the date "{raw}" can be read in two ways: {first} or {other}'
        assert problem.sentence("zh") == f"日期“{raw}”有两种读法：{first} 或 {other}"
        assert problem.advice("zh") == f"请写清楚，如 {first} 或 {other}"


@pytest.mark.fault("B3")
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1959.10", days("1959-10-01", "1959-10-31")),
        ("1959.01", days("1959-01-01", "1959-01-31")),
        ("1959.2", days("1959-02-01", "1959-02-28")),
        ("1959.1.1", days("1959-01-01")),
        ("1959-1", days("1959-01-01", "1959-01-31")),
        ("1959/1", days("1959-01-01", "1959-01-31")),
        ("1959年1月", days("1959-01-01", "1959-01-31")),
        ("195906", days("1959-06-01", "1959-06-30")),  # no month is the 59th
        (195906, days("1959-06-01", "1959-06-30")),
    ],
)
def test_dates_of_one_meaning_are_kept(raw: Any, expected: tuple[int, int]) -> None:
    assert value("birth_date", raw) == expected


def test_what_is_no_text_is_no_json() -> None:
    reporter = Reporter()
    assert parse_json(None, reporter) is None  # type: ignore[arg-type]
    (problem,) = reporter.diagnostics
    assert (problem.code, problem.place) == ("H111", "<json>")
    assert problem.sentence("zh") == "这里应当是 JSON 文字或它的 UTF-8 字节，却是“null”"
    assert problem.sentence("en") == 'this should be a JSON text or its bytes in UTF-8, but here stands "null"'


@pytest.mark.fault("B3")
@pytest.mark.parametrize("raw", [1959.1, Decimal("1959.1"), Decimal("1959.10"), 1959.0, 21731, 19061])
def test_numbers_that_write_no_date_are_refused(raw: Any) -> None:
    assert fault(raw, "birth_date") == "H025"


def test_a_date_of_the_future_is_fine_where_it_need_not_be_past() -> None:
    assert value("due", "2030-01-01") == days("2030-01-01")


def test_a_date_is_late_even_where_the_range_starts_after_as_of() -> None:
    data = {**member(), "poor_since": "2014-01-01"}
    _, problems = read(data, to_day(date(2012, 1, 1)))
    assert [(p.code, p.path) for p in problems] == [("H028", "poor_since")]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(True, 3), (False, 0), ("是", 3), ("否", 0), ("Yes", 3), ("false", 0), (None, 2), ({"one_of": [True, "否"]}, 2)],
)
def test_truths(raw: Any, expected: int) -> None:
    assert value("student", raw) == expected


@pytest.mark.parametrize(
    ("raw", "code"), [("1", "H020"), (1, "H020"), (0, "H020"), ([], "H020"), ({"min": True}, "H035")]
)
def test_truths_refused(raw: Any, code: str) -> None:
    assert fault(raw, "student") == code


@pytest.mark.parametrize(
    ("raw", "mask"),
    [("1", 1), (2, 2), ("c", 4), ("四级", 8), (" 四级 ", 8), (None, 15), ({"one_of": ["一级", "b"]}, 3), ({}, 15)],
)
def test_codes(raw: Any, mask: int) -> None:
    assert value("grade", raw) == mask


def test_a_code_outside_the_list_gets_a_suggestion() -> None:
    _, problems = read(member(残疾等级="一級"))
    assert [(p.code, p.path, p.suggestion) for p in problems] == [("H029", "members[0].残疾等级", "一级")]
    assert fault(5, "grade") == fault(True, "grade") == fault(["a"], "grade") == "H029"
    assert faults(member(grade={"one_of": ["a", "x", None]})) == [
        ("H029", "members[0].grade.one_of[1]"),
        ("H029", "members[0].grade.one_of[2]"),
    ]


@pytest.mark.parametrize(
    ("raw", "truths"),
    [
        (["healthy"], (3, 0, 0)),
        ("长期慢性病、患有大病", (0, 3, 3)),
        ("2|3", (0, 3, 3)),
        (3, (0, 0, 3)),
        ([], (0, 0, 0)),
        ({}, (2, 2, 2)),
        (None, (2, 2, 2)),
        ("", (2, 2, 2)),
    ],
)
def test_several_codes(raw: Any, truths: tuple[int, ...]) -> None:
    for _ in range(2):
        household, _ = read(member(健康状况=raw))
        assert household is not None
        found = household.members[0].facts
        assert tuple(found[MEMBER[f"health.{name}"]] for name in ("healthy", "chronic", "ill")) == truths


def test_several_codes_refused() -> None:
    assert faults(member(health="健康,肥胖")) == [("H029", "members[0].health[1]")]
    assert fault({"one_of": ["健康"]}, "health") == "H030"
    assert fault({"a": 1}, "full_name") == "H031"


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


def test_json_is_read_exactly() -> None:
    reporter = Reporter()
    assert parse_json('\ufeff{"a": [1, 1.10, "x", null, true]}'.encode(), reporter) == {
        "a": [1, Decimal("1.10"), "x", None, True]
    }
    number = parse_json("9" * 5000, reporter)
    assert number == Decimal("9" * 5000)
    assert not reporter.diagnostics


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ('{"a": "NaN",\n "b": NaN}', "H051", "<json>:2:7"),
        ("[-Infinity]", "H051", "<json>:1:2"),
        ('{"a": 1, "a": 2}', "H052", "a"),
        ("[" * 100_000, "H053", "<json>:1:1"),
        ("[" * 100_000 + "]" * 100_000, "H053", "<json>:1:1"),
        ('{"a":' * 100_000, "H053", "<json>:1:1"),
        ('{"a": 1,\n b}', "H050", "<json>:2:2"),
        ("", "H050", "<json>:1:1"),
        (b"\xb0\xb2\xc7\xf0", "H055", "<json>:1:1"),
        ('\ufeff{\n"安": "'.encode() + b"\xb0\xb2", "H055", "<json>:2:7"),
        ("1e99999999999999999999", "H056", "<json>:1:1"),
    ],
)
def test_json_refused(text: str | bytes, code: str, place: str) -> None:
    reporter = Reporter()
    assert parse_json(text, reporter) is None
    assert [(d.code, d.place) for d in reporter.diagnostics] == [(code, place)]
    assert render(reporter.diagnostics[0])


def test_a_number_of_five_thousand_digits_in_json() -> None:
    reporter = Reporter()
    data = parse_json('{"id": "h", "income": ' + "9" * 5000 + ', "members": [{"id": "m"}]}', reporter)
    assert faults(data) == [("H024", "income")]


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


@given(st.text() | st.binary() | st.text(alphabet='{}[]":,0123456789.eE+-truefalsn\\'))
def test_any_text_is_read_or_reported(text: str | bytes) -> None:
    reporter = Reporter()
    value_ = parse_json(text, reporter)
    assert value_ is None or not reporter.diagnostics


@given(st.tuples(*[st.integers(-1000, 10_000_000)] * 3), st.dates(date(1900, 1, 1), date(2019, 6, 30)))
def test_knowing_more_narrows(cents: tuple[int, ...], born: date) -> None:
    low, middle, high = (str(Decimal(one).scaleb(-2)) for one in sorted(cents))
    chains: list[tuple[str, list[Any]]] = [
        ("wage", [None, {"min": low}, {"min": low, "max": high}, {"one_of": [middle, low]}, low]),
        ("birth_date", [None, {"max": born.isoformat()[:4]}, born.isoformat()[:4], born.isoformat()[:7], born]),
        ("grade", [None, {"one_of": ["一级", "2"]}, "二级"]),
        ("student", [None, {"one_of": [True]}]),
    ]
    for name, steps in chains:
        type_ = PROGRAM.member_inputs[MEMBER[name]].type
        found = [value(name, step) for step in steps]
        for wide, narrow in pairwise(found):
            assert leq(type_, narrow, wide)


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_messages_use_the_same_words_in_both_languages(code: str) -> None:
    import string

    def words(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    message: Message = MESSAGES[code]
    assert words(message.zh) == words(message.en)
    assert words(message.help_zh) == words(message.help_en)
