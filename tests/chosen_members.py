"""A small ruleset whose policies choose among a household's members, for the tests of several rooms.

In: a folder. Out: a loaded ruleset. Called by the tests of beneficiaries.
"""

from __future__ import annotations

from pathlib import Path

from small_rulesets import written

from fupin_policy import Ruleset

FACTS = """
- {name: income, label: 收入, for: household, type: number, unit: 欧元, decimals: 2, range: 0..100000}
- {name: lives, label: 共同生活, for: member, type: truth}
- {name: birth, label: 出生日期, for: member, type: date, range: 1900-01-01.., past: true}
- {name: at_school, label: 在校, for: member, type: truth, absent: 否, why: {zh: 多数人不在校, en: Most are not}}
"""


def household_policy(name: str, beneficiaries: str, more: str = "", when: str = "收入 < 100欧元") -> str:
    """A policy for households; without a condition it is for all members."""
    chosen = f"        beneficiaries: {beneficiaries}\n" if beneficiaries else ""
    return (
        f"  - id: p.{name}\n    title: {{zh: 政策{name}, en: Policy {name}}}\n    for: household\n    versions:\n"
        f"      - valid: ..\n        when: {when}\n        benefit: {{kind: cash, amount: 80欧元, per: month}}\n"
        f"        lead: [某局]\n        basis: [s]\n{chosen}{more}"
    )


POLICIES = (
    household_policy("together", "共同生活")
    + household_policy("pupils", "在校 且 非 共同生活")
    + household_policy("later", "出生日期 + 60年 <= 基准日", "        starts: next_month\n")
    + household_policy("whole", "出生日期 + 60年 <= 基准日", "        starts: same_month\n", "有成员满足(共同生活)")
)


def with_chosen_members(folder: Path) -> Ruleset:
    """The ruleset."""
    return written(folder, FACTS, POLICIES)
