"""The recipes of the guide: all their examples hold, and each row and condition is tried by one.

In: docs/examples/recipes. Out: assertions. Called by pytest.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from fupin_policy.analysis.example_coverage import example_coverage
from fupin_policy.analysis.examples import run_examples
from fupin_policy.analysis.payments import payments
from fupin_policy.analysis.timeline import timeline
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Status
from fupin_policy.diagnostics import Lang
from fupin_policy.explanation.sum_text import sum_lines
from fupin_policy.ruleset import load

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "recipes"
RECIPES = load(FOLDER)
LANGS: tuple[Lang, Lang] = ("zh", "en")


def told(policy: str, member: dict[str, Any]) -> list[str]:
    """How a member's amount came about, in both languages, a blank for each gap."""
    household = {"id": "h", "享受低保": "是", "members": [{"id": "m0", **member}]}
    (explanation,) = RECIPES.explain(household, "2021-06-30", policy)
    assert explanation.sum is not None
    lines = [line for lang in LANGS for line in sum_lines(explanation.sum, lang)]
    return [" ".join(line.split()) for line in lines]


@pytest.mark.parametrize(
    "folder",
    [FOLDER, *(FOLDER.parent / name for name in ("spending", "dates", "phase_out", "items"))],
    ids=["recipes", "spending", "dates", "phase_out", "items"],
)
def test_every_example_of_the_recipes_holds_and_every_row_is_tried(folder: Path) -> None:
    ran, failures = run_examples(folder)
    assert ran and not failures
    wanted, missing = example_coverage(folder)
    assert wanted and not missing


def test_what_stands_before_an_item_is_one_part_that_two_items_are_needed_for(tmp_path: Path) -> None:
    """With one bill each, no example is decided by another bill standing before it; the comparisons are not asked."""
    folder = copytree(FOLDER.parent / "items", tmp_path / "items")
    kept = "      - name: 未过起付线"
    text = (folder / "policies.yaml").read_text(encoding="utf-8")
    head, _, rest = text.partition(kept)
    one = kept + rest[: rest.index("      - name: 起付线按先后扣")]
    (folder / "policies.yaml").write_text(head + one, encoding="utf-8")
    _, missing = example_coverage(folder)
    found = [one for one in missing if one.span is not None and one.span.text == "先于本项"]
    assert [(one.code, "决定为真" in one.sentence("zh")) for one in found] == [("E403", True)] * 2


@pytest.mark.parametrize("cents", range(179_990, 180_011))
def test_a_total_is_compared_as_it_is_and_a_rounded_share_moves_the_line(cents: int) -> None:
    spending = load(FOLDER.parent / "spending")
    household = {"id": "h", "家庭月收入": f"{cents / 100:.2f}", "members": [{"id": one} for one in "abc"]}
    found = spending.evaluate(household, "2021-06-30")
    by_total, by_head = (found[name].status is Status.ELIGIBLE for name in ("spending.by_total", "spending.by_head"))
    assert by_total == (cents < 3 * 60_000)
    assert by_head == ((2 * cents + 3) // 6 < 60_000)
    assert (by_total, by_head) == (cents < 180_000, cents < 179_999)


@pytest.mark.parametrize("day", ["2021-06-30", "2022-06-30"])
def test_what_is_paid_in_a_year_comes_to_the_cap(day: str) -> None:
    spending, paid = load(FOLDER.parent / "spending"), 0
    for bill in (9_000, 12_500, 300, 20_000, 5):
        household = {"享受低保": True, "本次自付费用": bill, "本年已补": f"{paid / 100:.2f}", "members": [{"id": "m"}]}
        amount = spending.evaluate({"id": "h", **household}, day)["spending.capped"].amount
        assert amount is not None and amount.low == amount.high
        paid += amount.low
    assert paid == 2_000_000


def test_of_rows_that_are_equally_high_the_first_is_named() -> None:
    assert told("recipe.highest", {"出生日期": "1940-01-01", "残疾等级": "二级"}) == [
        "m0：金额：较大(100.00， 100.00) = 100.00 元",
        "年龄不小于 80 岁 残疾等级是二级",
        "（取最高的一行：年龄不小于 80 岁）",
        "m0: amount:",
        "the greatest of (100.00, 100.00) = 100.00 yuan",
        "age is at degree of disability",
        'least 80 years is "second degree"',
        "(the highest row is kept: age is at least 80 years)",
    ]


def test_where_the_highest_is_open_the_rows_are_named_that_may_be() -> None:
    assert told("recipe.highest", {"出生日期": "1940-01-01"})[:4] == [
        "m0：金额：",
        "100.00 或 120.00 或 100.00 = 100.00–120.00 元",
        "年龄不小于 80 岁 残疾等级是一级 残疾等级是二级",
        "待核实 待核实",
    ]


def test_where_no_row_fits_the_rest_is_said() -> None:
    assert told("recipe.highest", {"出生日期": "1990-01-01", "残疾等级": "无残疾"}) == [
        "m0：金额：0.00 元",
        "（各行都不符合）",
        "m0: amount: 0.00 yuan",
        "(no row fits)",
    ]


def test_rows_that_are_added_up_are_all_named() -> None:
    member = {"出生日期": "1940-01-01", "患重病": "否", "残疾等级": "一级", "在校就读": "否"}
    assert told("recipe.by_category", member)[:3] == [
        "m0：金额：60.00 + 90.00 = 150.00 元",
        "年龄不小于 70 岁 重度残疾 或 患",
        "重病为「是」",
    ]


def test_an_allowance_from_the_next_month_is_paid_by_quarters() -> None:
    given = json.loads((FOLDER.parent / "recipes_payments.json").read_text(encoding="utf-8"))
    household, _ = RECIPES.read(given, "2021-01-01")
    found = timeline(RECIPES, household, to_day(date(2021, 1, 1)), to_day(date(2022, 3, 31)))
    due: dict[str, list[tuple[str, int, int]]] = {}
    for one in payments(found, RECIPES.program):
        due.setdefault(one.policy, []).append((one.month, one.low // 10000, one.high // 10000))
    assert due["recipe.next_month"] == [("2021-06", 1, 1), ("2021-09", 3, 3), ("2021-12", 3, 3), ("2022-03", 3, 3)]
    assert due["recipe.festival"] == [("2021-02", 5, 5), ("2022-01", 5, 5)]
    assert due["recipe.school_stage"] == [("2021-03", 5, 5), ("2021-09", 5, 5), ("2022-03", 5, 5)]


def test_rows_of_a_table_about_members_are_said_of_each(tmp_path: Path) -> None:
    """A household's amount that adds up what a table gives for each member."""
    copytree(FOLDER, tmp_path / "rules")
    policy = (FOLDER / "top_up.yaml").read_text(encoding="utf-8").partition("    examples:")[0]
    (tmp_path / "rules" / "top_up.yaml").write_text(
        policy.replace("全家保障线 - 家庭月收入", "成员合计(加发)"), "utf-8"
    )
    with (tmp_path / "rules" / "terms.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "  - name: extra\n    label: 加发\n    for: member\n    value:\n      keep: highest\n      rows:\n"
            "        - {when: 年龄 >= 80, then: 30元}\n        - {when: 在校就读, then: 20元}\n      otherwise: 0元\n"
        )
    members = [{"id": "old", "出生日期": "1930-01-01", "在校就读": "否"}, {"id": "young", "出生日期": "2010-01-01"}]
    (found,) = load(tmp_path / "rules", cache=False).explain(
        {"id": "h", "家庭月收入": "100", "members": members}, "2021-06-30", "recipe.top_up"
    )
    assert found.sum is not None
    assert [" ".join(line.split()) for line in sum_lines(found.sum, "zh")] == [
        "old：加发：30.00 元",
        "年龄不小于 80 岁",
        "young：加发：20.00 或 0.00 = 0.00–20.00 元",
        "在校就读为「是」 其他情况",
        "待核实",
        "金额：30.00 + (0.00–20.00) = 30.00–50.00 元",
        "old：加发 young：加发",
    ]
