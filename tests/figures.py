"""A small ruleset with figures of every kind, for the tests of several rooms.

In: a folder. Out: a loaded ruleset. Called by the tests of outputs.
"""

from __future__ import annotations

from pathlib import Path

from small_rulesets import GRADE, policy, written

from fupin_policy import Ruleset

FACTS = """
- {name: income, label: 收入, for: household, type: number, unit: 欧元, decimals: 2, range: 0..100000}
- {name: review, label: 最近复核日期, for: household, type: date, range: 2010-01-01..2030-01-01}
- {name: birth, label: 出生日期, for: member, type: date, range: 1900-01-01.., past: true}
- {name: grade, label: 残疾等级, for: member, type: code, codes: grade}
"""
TERMS = """
- name: per_head
  label: 人均收入
  for: household
  output: true
  unit: 欧元
  value: 收入 ÷ 7 四舍五入到 0.01欧元
- {name: thousands, label: 收入比例, for: household, output: true, unit: "%", decimals: 1, value: 12.5%}
- {name: due_on, label: 复核到期日, for: household, output: true, due: true, value: 最近复核日期 + 1年}
- {name: poor, label: 贫困, for: household, output: true, value: 收入 < 100欧元}
- {name: is_old, label: 老人, for: member, output: true, value: 周岁数(出生日期) >= 60}
- {name: graded, label: 等级, for: member, output: true, value: 残疾等级}
- {name: card, label: 证件到期日, for: member, output: true, due: true, value: 出生日期 + 60年}
- {name: age, label: 年龄, for: member, value: 周岁数(出生日期)}
- {name: half, label: 一半, for: household, value: 收入 × 0.005}
"""
POLICIES = policy("收入 < 100欧元", amount="收入") + policy(
    "周岁数(出生日期) >= 18", "member", amount="10欧元", name="q"
)


def with_figures(folder: Path) -> Ruleset:
    """The ruleset."""
    return written(folder, FACTS, POLICIES, TERMS, GRADE)
