"""The recipes of the guide: all their examples hold, and each row and condition is tried by one.

In: docs/examples/recipes. Out: assertions. Called by pytest.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

from fupin_policy.analysis.coverage import example_coverage
from fupin_policy.analysis.examples import run_examples
from fupin_policy.analysis.payments import payments
from fupin_policy.analysis.timeline import timeline
from fupin_policy.core.days import to_day
from fupin_policy.ruleset import load

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "recipes"
RECIPES = load(FOLDER)


def notes(policy: str, *members: dict[str, Any]) -> list[tuple[str, str]]:
    """The remarks on a decision, in both languages."""
    household = {"id": "h", "享受低保": "是", "members": [{"id": f"m{at}", **one} for at, one in enumerate(members)]}
    (explanation,) = RECIPES.explain(household, "2021-06-30", policy)
    return [(note.zh, note.en) for note in explanation.notes]


def test_every_example_of_the_recipes_holds_and_every_row_is_tried() -> None:
    ran, failures = run_examples(FOLDER)
    assert ran and not failures
    wanted, missing = example_coverage(FOLDER)
    assert wanted and not missing


def test_of_rows_that_are_equally_high_the_first_is_named() -> None:
    assert notes("recipe.highest", {"出生日期": "1940-01-01", "残疾等级": "二级"}) == [
        (
            "m0：取最高的一行：年龄不小于 80 岁（100 元）",
            "m0: the highest row is kept: age is at least 80 years (100 yuan)",
        )
    ]


def test_where_the_highest_is_open_the_rows_are_named_that_may_be() -> None:
    (note,) = notes("recipe.highest", {"出生日期": "1940-01-01"})
    assert note == (
        "m0：取哪一行待定：年龄不小于 80 岁（100 元）；残疾等级是一级（120 元，待核实）；"
        "残疾等级是二级（100 元，待核实）",
        "m0: it is open which of these rows is kept: age is at least 80 years (100 yuan); degree of disability is first"
        " degree (120 yuan, to be checked); degree of disability is second degree (100 yuan, to be checked)",
    )


def test_where_no_row_fits_the_rest_is_said() -> None:
    assert notes("recipe.highest", {"出生日期": "1990-01-01", "残疾等级": "无残疾"}) == [
        ("m0：各行都不符合，取其他情况：0 元", "m0: no row fits, and otherwise it is: 0 yuan")
    ]


def test_rows_that_are_added_up_are_all_named() -> None:
    (note,) = notes(
        "recipe.by_category", {"出生日期": "1940-01-01", "患重病": "否", "残疾等级": "一级", "在校就读": "否"}
    )
    assert note == (
        "m0：相加的各行：年龄不小于 70 岁（60 元）；重度残疾 或 患重病为「是」（90 元）",
        'm0: added up: age is at least 70 years (60 yuan); severely disabled or "severely ill" is yes (90 yuan)',
    )


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
    assert [note.zh for note in found.notes] == [
        "old：取最高的一行：年龄不小于 80 岁（30 元）",
        "young：取哪一行待定：在校就读为「是」（20 元，待核实）",
    ]
