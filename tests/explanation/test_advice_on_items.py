"""What is said of items of lists: what of them would have to be otherwise, and which of their facts are needed.

In: the ruleset of `of_lists`. Out: assertions. Called by pytest. The laws on random rulesets are in
`test_counterfactuals`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import of_lists
import pytest
from checked_ruleset import policy, written
from of_lists import LAST, bill

from fupin_policy import Explanation, load
from fupin_policy.explanation.counterfactuals import SearchVerdict

MEMBERS = [{"id": "m"}]


def told(folder: Path, when: str, household: dict[str, Any]) -> Explanation:
    rules = load(written(folder, of_lists.TERMS, policy(when), facts=of_lists.FACTS), cache=False)
    (found,) = rules.explain({"id": "h", "members": MEMBERS, **household}, LAST)
    return found


def test_the_fact_of_an_item_that_would_do_is_named(tmp_path: Path) -> None:
    items = [{"月收入": 2000, "健在": "否"}, {"月收入": 2500, "健在": "是"}]
    found = told(tmp_path, "有(赡养人：月收入 > 3000元 且 健在)", {"赡养人": items})
    assert found.advice is not None
    (nearest, *_), *_ = (way.facts for way in found.advice.ways)
    assert (nearest.fact, nearest.member) == ("supporters[2].monthly", None)
    assert "若赡养人第2项的月收入是 3000.01 元（现在是 2500.00 元，要多 500.01 元）" in found.text("zh")
    assert "if monthly (item 2 of supporters) is 3000.01 yuan (now 2500.00 yuan, 500.01 yuan more)" in found.text("en")
    why = "赡养人 2 项均不符合：第1项（月收入：2000.00 元；健在：否）；第2项（月收入：2500.00 元）"
    assert why in found.text("zh")


def test_the_bill_of_a_member_is_named_with_the_member(tmp_path: Path) -> None:
    members = [{"id": "a", "就医记录": []}, {"id": "b", "就医记录": [bill(100, "2019-01-02"), bill(900, "2019-01-03")]}]
    found = told(tmp_path, "有成员满足(合计(就医记录：额) > 2000元)", {"members": members})
    assert found.advice is not None
    facts = [(one.member, one.fact) for way in found.advice.ways for one in way.facts]
    assert facts == [("b", "bills[2].cost"), ("b", "bills[1].cost")] or facts == [
        ("b", "bills[1].cost"),
        ("b", "bills[2].cost"),
    ]
    assert "b 的就医记录第2项的额是" in found.text("zh")


@pytest.mark.parametrize("items", [[], [{"月收入": 2000, "健在": "是"}]])
def test_nothing_is_impossible_where_there_may_be_another_item(tmp_path: Path, items: list[dict[str, Any]]) -> None:
    found = told(tmp_path, "个数(赡养人) > 2", {"赡养人": items})
    assert found.advice is not None and found.advice.verdict is SearchVerdict.NOT_SETTLED


@pytest.mark.parametrize(
    ("where", "asked"),
    [
        ("健在 且 (月收入 > 100元 或 健在)", ["赡养人第1项的健在"]),
        ("健在 且 月收入 > 100元", ["赡养人第1项的健在", "赡养人第1项的月收入"]),
    ],
)
def test_what_the_others_make_needless_is_not_asked_of_an_item(tmp_path: Path, where: str, asked: list[str]) -> None:
    found = told(tmp_path, f"有(赡养人：{where})", {"赡养人": [{"健在": "不详"}]})
    assert [one.text for one in found.decision.missing] == asked


def test_which_items_there_are_stays_needed(tmp_path: Path) -> None:
    items = {"at_least": [{"健在": "不详", "月收入": 200}]}
    found = told(tmp_path, "有(赡养人：健在 且 月收入 > 100元)", {"赡养人": items})
    assert {one.text for one in found.decision.missing} == {"赡养人（共有哪些）", "赡养人第1项的健在"}
    assert "赡养人至少 1 项中 1 项待核实" in found.text("zh")
    assert "of at least 1 supporters 1 to be checked" in found.text("en")
