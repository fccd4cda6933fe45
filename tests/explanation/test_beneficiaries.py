"""Who benefits of a household's policy: everybody in it, also who is not counted. The guide says so.

In: a small ruleset, the guide. Out: assertions. Called by pytest.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from small_rulesets import DAY, policy, written

GUIDE = Path(__file__).parents[2] / "docs" / "guide.zh.md"
FACTS = "- {name: away, label: 服刑, for: member, type: truth}\n"
HOUSEHOLD = {"id": "h", "members": [{"id": "m1", "服刑": False}, {"id": "m2", "服刑": True}]}


@pytest.mark.fault("A21")
def test_a_household_s_policy_benefits_all_also_who_is_not_counted(tmp_path: Path) -> None:
    """Nothing in such a policy says who benefits, so nothing is guessed of it; `beneficiaries:` is for later."""
    ruleset = written(tmp_path, FACTS, policy("有成员满足(非 服刑)", amount="成员数(非 服刑) × 80 欧元"))
    found = ruleset.evaluate(HOUSEHOLD, DAY)["p.p"]
    assert found.amount is not None and found.amount.low == 8000
    assert found.beneficiaries == ("m1", "m2")
    assert "整户的政策符合时，受益人列出全户每一个成员" in GUIDE.read_text(encoding="utf-8")


def test_of_what_is_paid_it_says_who_pays(tmp_path: Path) -> None:
    """Nobody benefits by a contribution."""
    paid = policy("真", amount="80 欧元").replace("kind: cash", "kind: contribution")
    paid = paid.replace("benefit:", "beneficiaries: 非 服刑, benefit:")
    open_ = {"id": "h", "members": [{"id": "m1", "服刑": False}, {"id": "m2"}]}
    (told,) = written(tmp_path, FACTS, paid).explain(open_, DAY)
    assert {"  由谁缴：m1", "  可能由谁缴：m2", "  哪些成员要缴："} <= set(told.text("zh").splitlines())
    assert {"  who pays: m1", "  who may pay: m2", "  which members pay:"} <= set(told.text("en").splitlines())
    assert "受益" not in told.text("zh") and "benefi" not in told.text("en")


@pytest.mark.fault("A21")
def test_a_member_s_policy_names_those_who_are_counted(tmp_path: Path) -> None:
    ruleset = written(tmp_path, FACTS, policy("非 服刑", "member", amount="80 欧元"))
    assert ruleset.evaluate(HOUSEHOLD, DAY)["p.p"].beneficiaries == ("m1",)
