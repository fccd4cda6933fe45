"""What is advised: sums moved together, only what a person can want, and "impossible" only of what is proven so.

In: small rulesets, every household of small domains. Out: assertions. Called by pytest.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_rulesets import DAY, GRADE, policy, written

from fupin_policy import Explanation, Ruleset, Status
from fupin_policy.explanation import counterfactuals
from fupin_policy.explanation.counterfactuals import SearchVerdict

SUM = """\
- {name: a_income, label: 甲收入, for: household, type: number, unit: 欧元, range: 0..1000000}
- {name: b_income, label: 乙收入, for: household, type: number, unit: 欧元, range: 0..1000000}
"""
WAGES = "- {name: wage, label: 工资, for: member, type: number, unit: 欧元, range: 0..100000}\n"
ASSETS = """\
- {name: assets, label: 金融资产, for: household, type: number, unit: 欧元, range: 0..100000, benefits: never_rise}
"""
BORN = "- {name: birth, label: 出生日期, for: member, type: date, range: 1900-01-01.., past: true}\n"


def told(ruleset: Ruleset, household: dict[str, Any]) -> Explanation:
    (found,) = ruleset.explain({"id": "h", "members": [], **household}, DAY)
    return found


def made(household: dict[str, Any], way: Any) -> dict[str, Any]:
    """The household with every change of a way made."""

    def of(member: str | None) -> dict[str, Any]:
        return {one.fact: one.needed.zh.removesuffix(" 欧元") for one in way.facts if one.member == member}

    members = [{**person, **of(person["id"])} for person in household.get("members", [])]
    return {"id": "h", **household, **of(None), "members": members}


def does_what_was_said(ruleset: Ruleset, household: dict[str, Any], found: Explanation) -> None:
    assert found.advice is not None
    for way in found.advice.ways:
        status = ruleset.evaluate(made(household, way), DAY)[found.decision.policy].status
        assert status is (Status.UNKNOWN if way.open else Status.ELIGIBLE)


@pytest.mark.fault("A1")
class TestSums:
    def test_of_two_facts(self, tmp_path: Path) -> None:
        ruleset = written(tmp_path, SUM, policy("a_income + b_income <= 500 欧元"))
        household = {"a_income": 700, "b_income": 600}
        found = told(ruleset, household)
        assert found.advice is not None and found.advice.verdict is SearchVerdict.FOUND
        (way,) = found.advice.ways
        assert [one.fact for one in way.facts] == ["a_income", "b_income"]
        does_what_was_said(ruleset, household, found)
        assert "不会符合" not in found.text("zh")

    def test_of_the_members(self, tmp_path: Path) -> None:
        ruleset = written(tmp_path, WAGES, policy("成员合计(工资) <= 500 欧元"))
        household = {"members": [{"id": f"m{at}", "wage": wage} for at, wage in enumerate((300, 400, 800, 900))]}
        found = told(ruleset, household)
        assert found.advice is not None and found.advice.ways
        does_what_was_said(ruleset, household, found)

    def test_of_the_members_and_the_household(self, tmp_path: Path) -> None:
        ruleset = written(tmp_path, SUM + WAGES, policy("成员合计(工资) + a_income + b_income < 100 欧元"))
        household = {"a_income": 500, "b_income": 1, "members": [{"id": "m1", "wage": 99}, {"id": "m2", "wage": 5000}]}
        found = told(ruleset, household)
        assert found.advice is not None and found.advice.ways
        does_what_was_said(ruleset, household, found)

    def test_none_is_moved_farther_than_the_others_ask_for(self, tmp_path: Path) -> None:
        ruleset = written(tmp_path, SUM, policy("a_income + b_income <= 500 欧元"))
        found = told(ruleset, {"a_income": 700, "b_income": 600})
        assert found.advice is not None
        after = [float(one.needed.en.split()[0]) for one in found.advice.ways[0].facts]
        assert sum(after) == 500


@pytest.mark.fault("A1")
class TestImpossible:
    def test_is_said_of_what_is_proven(self, tmp_path: Path) -> None:
        ruleset = written(tmp_path, SUM, policy("a_income + b_income >= 2500000 欧元"))
        found = told(ruleset, {"a_income": 1, "b_income": 1})
        assert found.advice is not None and found.advice.verdict is SearchVerdict.IMPOSSIBLE
        assert "改变任何可变的情况都不会符合" in found.text("zh")
        assert found.as_json()["advice"]["verdict"] == "impossible"

    def test_is_not_said_where_the_search_ended_early(self, tmp_path: Path) -> None:
        """Products of two facts that must be one certain number: no range is ruled out, and no line leads there."""
        facts = "".join(
            f"- {{name: {name}, label: {name}, for: household, type: number, range: 0..100000}}\n" for name in "xyz"
        )
        ruleset = written(tmp_path, facts, policy("x * y = 71 * z * z + 5 且 x > 70 且 y > 70 且 z > 70"))
        found = told(ruleset, {"x": 1, "y": 2, "z": 3})
        assert found.advice is not None
        if not found.advice.ways:
            assert found.advice.verdict is SearchVerdict.NO_SINGLE_CHANGE
            assert "没有查到底" in found.text("zh") and "not searched to the end" in found.text("en")
            assert "改变任何" not in found.text("zh")

    @pytest.mark.parametrize("work", [0, 1, 2, 5, 10, 20])
    def test_nor_where_the_work_ran_out(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: int) -> None:
        """However little is looked at, what is advised does, and nothing is called impossible that is not."""
        monkeypatch.setattr(counterfactuals, "MAX_WORK", work)
        ruleset = written(tmp_path, SUM, policy("a_income + b_income <= 500 欧元 或 a_income > 700000 欧元"))
        household = {"a_income": 600, "b_income": 700}
        found = told(ruleset, household)
        assert found.advice is not None
        does_what_was_said(ruleset, household, found)
        if not found.advice.ways:
            assert found.advice.verdict is SearchVerdict.NOT_SETTLED
            assert "没有查到底" in found.text("zh") and "not everything was searched" in found.text("en")
        assert work or not found.advice.ways

    def test_what_is_known_in_part_can_change_too(self, tmp_path: Path) -> None:
        ruleset = written(tmp_path, SUM, policy("a_income <= 500 欧元"))
        found = told(ruleset, {"a_income": {"min": "600", "max": "700"}})
        assert found.advice is not None and found.advice.verdict is SearchVerdict.FOUND
        assert "甲收入是 500.00 欧元（现在是 600.00–700.00 欧元）" in found.text("zh")


CHECKED = [
    "x + y <= 1",
    "x + y + z >= 8",
    "x * y = 6 且 z = 2",
    "x + y <= 1 且 flag",
    "(x + y <= 1 且 z > 2) 或 (flag 且 x = y 且 x > z)",
    "若 flag 则 x > 3 否则 x + z < 2",
    "x - y = 2 且 y - z = 1",
    "x * x + y * y = z * z + 1 且 x > y",
    "(x > 2 或 y > 2) 且 (z < 1 或 非 flag)",
    "x + y < 1 且 x + y > 6",
]
SMALL = "".join(f"- {{name: {one}, label: {one}, for: household, type: number, range: 0..3}}\n" for one in "xyz")
SMALL += "- {name: flag, label: flag, for: household, type: truth}\n"


@pytest.mark.fault("A1")
@pytest.mark.parametrize("when", CHECKED)
def test_by_trying_every_household_of_a_small_domain(tmp_path: Path, when: str) -> None:
    """What is advised does, nothing smaller would, and "impossible" is true."""
    ruleset = written(tmp_path, SMALL, policy(when))
    every = [
        {"x": x, "y": y, "z": z, "flag": flag} for x, y, z in product(range(4), repeat=3) for flag in (True, False)
    ]
    granted = (ruleset.evaluate({"id": "h", "members": [], **one}, DAY)["p.p"].status for one in every)
    good = [one for one, status in zip(every, granted, strict=True) if status is Status.ELIGIBLE]
    for household in every[::5]:
        if household in good:
            continue
        found = told(ruleset, household)
        assert found.advice is not None
        if not good:
            assert found.advice.verdict is SearchVerdict.IMPOSSIBLE
            continue
        assert found.advice.verdict is SearchVerdict.FOUND
        does_what_was_said(ruleset, household, found)
        fewest = min(sum(one[name] != household[name] for name in household) for one in good)
        assert len(found.advice.ways[0].facts) == fewest


@pytest.mark.fault("A14")
class TestDirections:
    def test_no_asset_is_advised_to_rise(self, tmp_path: Path) -> None:
        ruleset = written(tmp_path, ASSETS, policy("assets > 40000 欧元"))
        found = told(ruleset, {"assets": 1600})
        assert found.advice is not None and found.advice.verdict is SearchVerdict.UNWANTED
        assert "除非「金融资产」更多，否则怎样改变都不会符合；这样的改变不作建议" in found.text("zh")
        assert 'no change would do unless "assets" were higher, which is not advised' in found.text("en")

    def test_an_asset_may_be_advised_to_fall(self, tmp_path: Path) -> None:
        found = told(written(tmp_path, ASSETS, policy("assets < 1000 欧元")), {"assets": 1600})
        assert "若金融资产是 999.99 欧元（现在是 1600.00 欧元，要少 600.01 欧元）" in found.text("zh")

    def test_the_money_of_a_child_is_no_matter_of_advice(self, tmp_path: Path) -> None:
        ruleset = written(
            tmp_path,
            BORN + WAGES,
            policy("周岁数(出生日期) < 70 且 成员合计(工资) < 900 欧元", "member", amount="10 欧元"),
        )
        people = [
            {"id": "child", "出生日期": "2006-05-01", "wage": 800},
            {"id": "adult", "出生日期": "1980-05-01", "wage": 800},
        ]
        found = told(ruleset, {"members": people})
        assert found.advice is not None and found.advice.ways
        assert {one.member for way in found.advice.ways for one in way.facts} == {"adult"}
        child = told(ruleset, {"members": [{**people[0], "wage": 5000}]})
        assert child.advice is not None and child.advice.verdict is SearchVerdict.UNWANTED
        assert "除非 child 的「工资」有变" in child.text("zh")

    def test_who_has_been_somewhere_for_a_few_years_is_no_child(self, tmp_path: Path) -> None:
        """Only a date that is always past is one of birth; a contract may begin tomorrow."""
        began = "- {name: began, label: 合同起始日, for: member, type: date, range: 1990-01-01..2030-12-31}\n"
        ruleset = written(
            tmp_path,
            began + WAGES,
            policy("周岁数(合同起始日) < 70 且 成员合计(工资) < 900 欧元", "member", amount="10 欧元"),
        )
        found = told(ruleset, {"members": [{"id": "m", "合同起始日": "2015-05-01", "wage": 5000}]})
        assert found.advice is not None and found.advice.ways


@pytest.mark.fault("A1", "A14")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    wages=st.lists(st.integers(0, 3000), min_size=1, max_size=5),
    own=st.integers(0, 3000),
    limit=st.sampled_from([0, 1, 500, 2000]),
)
def test_each_advised_change_does_what_was_said(
    tmp_path_factory: pytest.TempPathFactory, wages: list[int], own: int, limit: int
) -> None:
    ruleset = SUMS.get(limit) or SUMS.setdefault(
        limit,
        written(
            tmp_path_factory.mktemp("sums"),
            SUM + WAGES,
            policy(f"成员合计(工资) + 甲收入 <= {limit} 欧元 且 乙收入 <= 甲收入"),
        ),
    )
    household = {
        "a_income": own,
        "b_income": 2 * own,
        "members": [{"id": f"m{at}", "wage": wage} for at, wage in enumerate(wages)],
    }
    found = told(ruleset, household)
    if found.decision.status is Status.INELIGIBLE:
        assert found.advice is not None and found.advice.ways
        does_what_was_said(ruleset, household, found)


SUMS: dict[int, Ruleset] = {}


@pytest.mark.fault("A14")
def test_a_grade_is_advised_only_where_it_would_do(tmp_path: Path) -> None:
    facts = "- {name: level, label: 残疾等级, for: member, type: code, codes: grade}\n"
    ruleset = written(tmp_path, facts, policy("残疾等级 在 {一级, 二级}", "member"), lists=GRADE)
    found = told(ruleset, {"members": [{"id": "m1", "残疾等级": "无级"}]})
    assert "若 m1 的残疾等级是一级或二级（现在是无级）" in found.text("zh")
