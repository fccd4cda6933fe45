"""One value of a fact: numbers, dates, truths and codes, read or refused. In: the small program. Called by pytest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from programs import PROGRAM
from read_households import AS_OF, INTAKE, MEMBER, days, fault, faults, member, read, value

from fupin_policy.core.days import to_day
from fupin_policy.core.possible import leq
from fupin_policy.diagnostics import Reporter


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
