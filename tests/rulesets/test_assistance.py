"""The ruleset of today's social assistance: its clauses, its examples, and what the demonstration leaves open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from fupin_policy import load
from fupin_policy.analysis.clause_accounts import accounts
from fupin_policy.analysis.example_coverage import example_coverage
from fupin_policy.analysis.examples import run_examples
from fupin_policy.batch.population import read_population
from fupin_policy.cli.main import main
from fupin_policy.core.decision import Status
from fupin_policy.diagnostics import InputError, Reporter, RulesetError
from fupin_policy.documents import read
from fupin_policy.intake.csv_extract import read_extract

FOLDER = Path(__file__).parents[2] / "policies" / "assistance"
RULES = load(FOLDER)
PROGRAM = RULES.program
DAY = "2026-06-30"


def test_its_examples_hold_and_decide_every_part_of_every_condition() -> None:
    ran, failures = run_examples(FOLDER)
    assert ran >= 400 and failures == ()
    parts, gaps = example_coverage(FOLDER)
    assert parts > 500
    assert gaps == ()


def test_every_policy_has_examples_that_grant_refuse_and_leave_open() -> None:
    for policy in read(FOLDER, Reporter()).policies:
        found = {
            word for one in policy.examples for word in re.findall(r"eligible|ineligible|unknown", str(one.expect))
        }
        assert found >= {"eligible", "ineligible", "unknown"}, policy.id.text


def test_all_clauses_are_accounted_for() -> None:
    assert [one.clause.id for one in accounts(PROGRAM) if not one.accounted] == []


def test_every_figure_of_the_county_is_marked_as_an_example() -> None:
    own = {"yunling", "example-figures"}
    values = [value for one in PROGRAM.parameters.values() for value in one.values if not one.reading]
    assert {value.standing for value in values if value.basis.source in own} == {"example"}


@pytest.fixture(scope="module")
def households() -> list[Mapping[str, Any]]:
    reporter, demo = Reporter(), FOLDER / "demo"
    found = read_extract(demo / "households.csv", demo / "members.csv", PROGRAM, reporter)
    assert reporter.diagnostics == ()
    return found


def shares(households: list[Mapping[str, Any]], assume: bool) -> dict[Status, float]:
    counted = Counter(one.status for given in households for one in RULES.evaluate(given, DAY, assume=assume).decisions)
    return {status: round(100 * count / counted.total(), 1) for status, count in counted.items()}


def test_what_the_demonstration_leaves_open_is_as_the_page_says(households: list[Mapping[str, Any]]) -> None:
    page = (FOLDER.parents[1] / "docs" / "assistance.md").read_text(encoding="utf-8")
    for assume in (False, True):
        found = shares(households, assume)
        told = (found[one] for one in (Status.UNKNOWN, Status.ELIGIBLE, Status.INELIGIBLE))
        assert " | ".join(f"{share} %" for share in told) in page
    assert shares(households, True)[Status.UNKNOWN] < 10


def test_the_demonstration_has_a_household_for_every_policy_of_the_season(
    households: list[Mapping[str, Any]],
) -> None:
    granted = {one.policy for given in households for one in RULES.evaluate(given, DAY).eligible}
    seasonal = {"disaster.winter", "festival.visit", "heating.allowance"}
    assert {policy.id for policy in RULES.policies} - granted == seasonal


def test_the_allowance_makes_up_the_difference_to_the_yuan() -> None:
    for income in (0, 1, 8399, 8388, 4201):
        household = {
            "id": "h",
            "户籍类别": "农村",
            "经营净收入": income,
            "义务人": [],
            "家庭金融资产": 0,
            "住房套数": 1,
            "members": [
                {
                    "id": "m",
                    "出生日期": "1980-01-01",
                    "与申请人关系": "本人",
                    "在读学段": "不在校",
                    "残疾等级": "无等级",
                    "残疾类别": "无残疾",
                    "工资性收入": {"each": 0},
                    "财产和转移净收入": 0,
                }
            ],
        }
        amount = RULES.evaluate(household, DAY)["dibao.allowance"].amount
        assert amount is not None and amount.low == amount.high == 100 * -(-(12 * 700 - income) // 12)


def test_an_invented_registry_has_wages_by_month_and_is_read_whole(tmp_path: Path) -> None:
    assert main(["synth", "--ruleset", str(FOLDER), "--households", "60", "--seed", "1", "-o", str(tmp_path)]) == 0
    reporter = Reporter()
    found = read_extract(tmp_path / "households.csv", tmp_path / "members.csv", PROGRAM, reporter)
    assert reporter.diagnostics == () and len(found) == 60
    assert all(set(member["工资性收入"]) == {"each"} for household in found for member in household["members"])
    assert any(household["义务人"] for household in found)
    assert any(member["就医结算"] for household in found for member in household["members"])
    assert any(RULES.evaluate(household, DAY)["medical.inpatient"].status is Status.ELIGIBLE for household in found)
    assert any(RULES.evaluate(household, DAY)["dibao.allowance"].status is Status.ELIGIBLE for household in found)


def test_the_cap_of_medical_aid_is_used_up_in_the_order_of_settlement(households: list[Mapping[str, Any]]) -> None:
    """The table of the demonstration has long treatment first, though the hospital bill was settled before it."""
    (given,) = (one for one in households if one["id"] == "YL0012")
    found = RULES.evaluate(given, DAY)
    assert [bill["就医方式"] for bill in given["members"][0]["就医结算"]] == ["门诊慢特病", "住院"]
    amounts = [found[policy].amount for policy in ("medical.inpatient", "medical.outpatient")]
    assert [amount and (amount.low, amount.high) for amount in amounts] == [(3_000_000, 3_000_000), (0, 0)]


def test_support_is_counted_of_each_household_that_owes_it(households: list[Mapping[str, Any]]) -> None:
    """Above the line, below it, waived for a brother, adjudged, exempt, and above the line for one family alone."""
    asked = [one for one in households if one["义务人"]]
    found = {str(one["id"]): RULES.evaluate(one, DAY).figure("赡养抚养费").values[0].value for one in asked}
    own = {"YL0001": 28_700, "YL0004": 0, "YL0007": 20_000, "YL0016": 0, "YL0025": 7_500}
    assert found == {name: (sum_, sum_) for name, sum_ in own.items()}


def test_whether_there_are_supporters_is_asked_and_their_income_makes_a_range() -> None:
    of_one = {"义务关系": "子女", "家庭人口": 2, "供养户数": 1}
    cases: dict[str, dict[str, Any]] = {"asked": {}, "none": {"义务人": []}, "one": {"义务人": [of_one]}}
    home = {"id": "h", "户籍类别": "农村", "members": [{"id": "m"}]}
    found = {name: RULES.evaluate(home | given, DAY).figure("赡养抚养费") for name, given in cases.items()}
    assert found["asked"].missing[0].label == "义务人（共有哪些）" and found["none"].missing == ()
    assert found["none"].values[0].value == (0, 0)
    assert found["one"].values[0].value == (0, 100 * ((200_000 - 2 * 1050) // 2))
    assert [one.label for one in found["one"].missing] == ["义务人第1项的家庭月收入"]


def test_a_population_names_a_fact_by_month_with_its_month(tmp_path: Path) -> None:
    text = (FOLDER / "population" / "population.yaml").read_text(encoding="utf-8")
    file = tmp_path / "population.yaml"
    file.write_text(text.replace("工资性收入 each", "工资性收入"), encoding="utf-8")
    with pytest.raises(RulesetError) as raised:
        read_population(file, PROGRAM)
    (problem,) = raised.value.diagnostics
    assert problem.code == "P001" and "工资性收入 each" in problem.advice("zh")


def test_who_died_before_being_born_is_sent_back() -> None:
    member = {"id": "m", "出生日期": "2021-05-01", "去世日期": "2021-04-30"}
    with pytest.raises(InputError) as raised:
        RULES.evaluate({"id": "h", "members": [member]}, DAY)
    assert [one.code for one in raised.value.diagnostics] == ["H073"]
    RULES.evaluate({"id": "h", "members": [{**member, "去世日期": "2021-05-01"}]}, DAY)


def test_a_cost_that_is_deducted_from_the_income_counts_once_against_it() -> None:
    """A cost of severe illness lowers the income for the allowance only, and is not taken off twice elsewhere."""
    home = {"户籍类别": "农村", "户籍乡镇": "城关镇", "义务人": [], "家庭金融资产": 0, "住房套数": 1}
    member = {
        "出生日期": "1980-01-01",
        "与申请人关系": "本人",
        "在读学段": "不在校",
        "残疾等级": "无等级",
        "残疾类别": "无残疾",
    }
    sums = {"工资性收入": {"each": 0}, "财产和转移净收入": 0, "教育支出": 0, "康复支出": 0, "患重特大疾病": "是"}
    person = {"id": "m", **member, **sums, "近十二月自负医疗费": 9000, "法定义务人情形": "有履行义务能力"}
    household = {"id": "h", **home, "经营净收入": 20000, "members": [person]}
    assert RULES.evaluate(household, DAY)["temporary.spending"].status is Status.INELIGIBLE  # 45 % and not 82 %
    assert RULES.evaluate({**household, "经营净收入": 11250}, DAY)["temporary.spending"].status is Status.ELIGIBLE


def test_what_is_for_employers_is_not_listed_for_families() -> None:
    own = {
        status: RULES.evaluate({"id": "h", "开办企业": status, "members": [{"id": "m"}]}, DAY)["work.hiring"].own
        for status in ("是", "否")
    }
    assert own == {"是": True, "否": False}
