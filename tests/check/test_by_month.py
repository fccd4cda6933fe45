"""Facts by month and year: what rules make of them, against sums of a plain list of months; and what is refused."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import by_month
import pytest
from checked_ruleset import checked, policy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_policy import InputError, Ruleset
from fupin_policy.core.identifiers import AssessmentDay

DAYS = st.dates(date(2018, 1, 1), date(2020, 12, 31))
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
MONTHS = st.dictionaries(st.integers(2016 * 12, 2021 * 12 - 1), st.integers(0, 10_000_000), max_size=30)
MEMBER = {"id": "m", "出生日期": "1959-03-15"}


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return by_month.rules(tmp_path_factory.mktemp("by_month") / "rules")


def month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def named(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}"


def money(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def figures(ruleset: Ruleset, household: dict[str, Any], day: date) -> dict[str, tuple[str, ...]]:
    whole = {"id": "h", "members": [MEMBER], **household}
    found = ruleset.evaluate(whole, day)
    assert found == ruleset.interpret(whole, day)
    return {one.figure.name: one.values[0].told for one in found.figures}


@FEW
@given(DAYS, MONTHS, st.integers(0, 10_000_000))
def test_sums_are_those_of_a_list_of_months(ruleset: Ruleset, day: date, months: dict[int, int], each: int) -> None:
    """What is named wins over `each`, months outside the window count for nothing."""
    given = {named(month): money(value) for month, value in months.items()} | {"each": money(each)}
    now = month_of(day)

    def total(first: int, last: int) -> int:
        return sum(months.get(month, each) for month in range(now - last, now - first + 1))

    found = figures(ruleset, {"工资": given}, day)
    assert found["last12"] == (money(total(0, 11)),)
    assert found["before12"] == (money(total(1, 12)),)
    assert found["this_year"] == (money(total(0, day.month - 1)),)
    assert found["last"] == (money(total(1, 1)),)
    # a year is looked at on its last day, so in its December
    assert found["at_its_end"] == (money(total(day.month, day.month)),)
    for name, count in (("mean", 3), ("mean_of_year", day.month)):
        mean = Fraction(total(0, count - 1), count) + Fraction(1, 2)
        assert found[name] == (money(mean.numerator // mean.denominator),)


@FEW
@given(DAYS, st.lists(st.sampled_from([True, True, True, False, None]), min_size=60, max_size=60))
def test_every_month_is_all_of_them(ruleset: Ruleset, day: date, held: list[bool | None]) -> None:
    first = 2016 * 12
    given = {named(first + at): one for at, one in enumerate(held)}
    whole = {"id": "h", "members": [MEMBER], "享受低保": given}
    (six,) = (one for one in ruleset.evaluate(whole, day).figures if one.figure.name == "six")
    now = month_of(day) - first
    wanted = [held[at] for at in range(now - 5, now + 1)]
    assert six.values[0].value == (0 if False in wanted else 2 if None in wanted else 3)


@FEW
@given(DAYS)
def test_years_are_those_of_the_day_that_counts(ruleset: Ruleset, day: date) -> None:
    found = figures(ruleset, {"年收入": {str(year): year for year in range(2010, 2021)}}, day)
    assert found["years"] == (f"{3 * day.year - 3}.00",)
    assert found["year_before"] == (f"{day.year - 1}.00",)


def test_a_benefit_that_starts_next_month_looks_a_month_further_back(ruleset: Ruleset) -> None:
    def status(day: str, wages: dict[str, Any], years: dict[str, Any]) -> str:
        whole = {"id": "h", "工资": wages, "年收入": years, "members": [MEMBER]}
        return ruleset.evaluate(whole, day)["p"].status.value

    wages = {"each": "999", "2019-04": "5000"}
    assert status("2019-05-10", wages, {"each": 1}) == "eligible"
    assert status("2019-06-10", wages, {"each": 1}) == "ineligible"
    assert status("2019-07-10", wages, {"each": 1}) == "eligible"
    # in January the day that counts lies in the year before
    assert status("2019-01-10", {"each": 1}, {"2018": 4999, "2019": 9999}) == "eligible"
    assert status("2019-02-10", {"each": 1}, {"2018": 4999, "2019": 9999}) == "ineligible"


def test_what_is_not_given_is_missing_by_its_month(ruleset: Ruleset) -> None:
    found = ruleset.evaluate({"id": "h", "工资": {"2019-06": 1}, "members": [MEMBER]}, "2019-06-30")
    missing = {one.figure.name: [need.text for need in one.missing] for one in found.figures}
    assert missing["last"] == ["工资 2019-05"]
    assert missing["year_before"] == ["年收入 2018"]
    assert missing["own"] == ["m.养老金 2019-06", "m.养老金 2019-05"]
    assert {"fact": "wage 2019-04", "label": "工资 2019-04"} in [one.as_json() for one in found["p"].missing]
    assert "wage 2019-04" in [one.said("en") for one in found["p"].missing]


def test_the_explanation_names_the_month(ruleset: Ruleset) -> None:
    household = {"id": "h", "工资": {"each": 10, "2019-04": 5000}, "年收入": {"each": 1}, "members": [MEMBER]}
    (found,) = ruleset.explain(household, "2019-06-30")
    assert "工资 2019-04 小于 1000.00 元" in found.text("zh")
    assert "从 2019-07-01 起符合" in found.text("zh")


def test_a_month_that_is_past_is_not_to_be_changed(ruleset: Ruleset) -> None:
    household = {"id": "h", "工资": {"each": 5000}, "年收入": {"each": 1}, "members": [MEMBER]}
    (found,) = ruleset.explain(household, "2019-06-30")
    assert "若工资 2019-04" not in found.text("zh")


@pytest.mark.parametrize(
    ("given", "code", "place"),
    [
        ("1200", "H090", "工资"),
        ({"min": 1}, "H091", "工资.min"),
        ({"2019-13": 1}, "H091", "工资.2019-13"),
        ({"2019-05": 1, "2019-5": 2}, "H092", "工资.2019-5"),
        ({"2019-05": "x"}, "H021", "工资.2019-05"),
        ({"1999-05": -1}, "H024", "工资.1999-05"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(ruleset: Ruleset, given: Any, code: str, place: str) -> None:
    with pytest.raises(InputError) as error:
        ruleset.evaluate({"id": "h", "工资": given, "members": [MEMBER]}, "2019-06-30")
    assert [(one.code, one.path) for one in error.value.diagnostics] == [(code, place)]


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("合计(工资, 近15个月) > 0元", "T290"),
        ("工资(近3个月) > 0元", "S030"),
        ("合计(工资, 近0个月) > 0元", "S031"),
        ("合计(工资, 近几个月) > 0元", "S031"),
        ("工资(上上月) > 0元", "S024"),
        ("平均(工资, 近3个月) > 0元", "T206"),
        ("各月都(工资, 近3个月)", "T201"),
        ("合计(享受低保, 近3个月) > 0元", "T202"),
        ("最大值(收入, 工资) > 0元", "S024"),
    ],
)
def test_what_rules_cannot_say(tmp_path: Path, when: str, code: str) -> None:
    program, found = checked(tmp_path / "rules", policy(f"'{when}'"), facts=by_month.FACTS)
    assert program is None
    assert {one.code for one in found if one.severity == "error"} == {code}


@pytest.mark.parametrize("more", ["required: true", "absent: 否, why: {zh: 试, en: Trial}"])
def test_what_a_fact_by_month_cannot_be(tmp_path: Path, more: str) -> None:
    line = f"  - {{name: odd, label: 某事, for: household, type: truth, each: month, back: 2, {more}}}\n"
    _, found = checked(tmp_path / "rules", policy("甲"), facts=by_month.FACTS + line)
    assert [one.code for one in found if one.severity == "error"] == ["N200"]


def test_only_what_looks_at_the_date_or_at_months_is_looked_at_anew(tmp_path: Path) -> None:
    terms = """kind: terms
terms:
  - {name: low, label: 低收入, for: household, value: 工资 < 100元}
  - {name: rich, label: 高收入, for: household, value: 收入 > 100元}
  - {name: long, label: 一直低, for: household, output: true, value: "各月都(低收入 且 非 高收入, 近3个月)"}
"""
    program, found = checked(tmp_path / "rules", terms, policy("一直低"), facts=by_month.FACTS)
    assert program is not None, found
    days = {name: {one.id.days for one in program.definitions if one.id.name == name} for name in ("low", "rich")}
    assert days == {"low": {(), (AssessmentDay(1),), (AssessmentDay(2),)}, "rich": {()}}


def test_months_go_on_as_the_last_one_given(tmp_path: Path) -> None:
    """Evaluated, interpreted and explained as if they had been given so, which is said."""
    rules = by_month.rules(tmp_path / "rules")
    people: list[dict[str, Any]] = [{"id": "m", "出生日期": "1959-03-15", "养老金": {"2019-02": 7}}]
    partly: dict[str, Any] = {
        "id": "h",
        "工资": {"2019-03": "900", "2019-02": "5"},
        "年收入": {"2018": 4000},
        "members": people,
    }
    whole = {
        **partly,
        "工资": {**partly["工资"], "2019-04": "900", "2019-05": "900", "2019-06": "900"},
        "年收入": {"2018": 4000, "2019": 4000},
        "members": [{**people[0], "养老金": {f"2019-{month:02}": 7 for month in range(2, 7)}}],
    }
    day = "2019-06-15"
    found, wanted = rules.evaluate(partly, day, continues=True), rules.evaluate(whole, day)
    assert found == rules.interpret(partly, day, continues=True) != rules.evaluate(partly, day)
    for one, other in zip(found.decisions, wanted.decisions, strict=True):
        assert (one.status, one.amount, one.missing) == (other.status, other.amount, other.missing)
    assert [figure.values for figure in found.figures] == [figure.values for figure in wanted.figures]
    said = {fact.text for fact in found["p"].assumed}
    assert said == {f"{one}=沿用最近一次的值" for one in ("工资 2019-04", "工资 2019-05", "年收入 2019")}
    (explained,) = rules.explain(partly, day, continues=True)
    assert explained.decision == found["p"]
    assert rules.evaluate(whole, day, continues=True) == wanted
