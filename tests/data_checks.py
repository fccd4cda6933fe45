"""A small ruleset with checks of data, one of which rejects households, for the tests of several rooms.

In: a folder. Out: a loaded ruleset. Called by the tests of decisions and of hosts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from small_rulesets import policy, written

from fupin_policy import Ruleset

FACTS = """\
- {name: income, label: 收入, for: household, type: number, unit: 欧元, decimals: 2, range: 0..100000}
- {name: head, label: 户主, for: member, type: truth}
- {name: birth, label: 出生日期, for: member, type: date, range: 1900-01-01.., past: true}
- {name: at_school, label: 在校, for: member, type: truth, absent: 否, why: {zh: 多数人不在校, en: Most are not}}
"""
CHECKS = """\
kind: checks
checks:
  - name: one_head
    label: 户主只有一人
    for: household
    must: 成员数(户主) = 1
    severity: reject
    words: {zh: 应当有且只有一名户主, en: there must be exactly one head}
    basis: [s]
  - name: school_age
    label: {zh: 在校年龄相符, en: school age}
    for: member
    must: 非 在校 或 周岁数(出生日期) < 30
    severity: warn
    words: {zh: 三十岁以上仍登记在校, en: at school at thirty or over}
"""
POLICIES = policy("收入 < 100欧元", amount="10欧元") + policy("在校", "member", name="pupil")


def with_checks(folder: Path, checks: str = CHECKS) -> Ruleset:
    """A ruleset with one check that rejects households and one of members that warns."""
    folder.mkdir(exist_ok=True)
    (folder / "checks.yaml").write_text(checks, encoding="utf-8")
    return written(folder, FACTS, POLICIES)


def member(number: int = 1, **facts: Any) -> dict[str, Any]:
    return {"id": f"m{number}", "户主": number == 1, "出生日期": "1980-01-01", "在校": "否", **facts}


def household(*members: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return {"id": "h1", "收入": "50", "members": list(members or (member(),)), **facts}
