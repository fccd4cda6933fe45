"""A small ruleset whose members are given with numbers of identity, for the tests of several rooms.

In: a folder. Out: a loaded ruleset. Called by the tests of decisions, batches and hosts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from small_rulesets import policy, written

from fupin_policy import Ruleset

FACTS = """\
- {name: income, label: 收入, for: household, type: number, unit: 欧元, decimals: 2, range: 0..100000}
- {name: birth, label: 出生日期, for: member, type: date, range: 1900-01-01.., past: true}
- {name: sex, label: 性别, for: member, type: code, codes: sex}
- {name: id_number, label: 身份证号, for: member, type: text, format: gb11643, birth: 出生日期, sex: sex, unique: true}
- {name: name, label: 姓名, for: member, type: text}
"""
SEXES = """\
code_lists:
  - name: sex
    codes:
      - {code: "1", name: male, label: 男}
      - {code: "2", name: female, label: 女}
"""
OLD_WOMEN = "周岁数(出生日期) >= 60 且 性别 = 女"
POLICIES = policy(OLD_WOMEN, "member", name="old") + policy("收入 < 100欧元", amount="10欧元")
WOMAN, MAN = "11010519491231002X", "440524198001010013"
"""Of 1949-12-31 and 1980-01-01; the first is the standard's example."""


def numbered(folder: Path, facts: str = FACTS, policies: str = POLICIES) -> Ruleset:
    """A ruleset that asks for the age and sex of its members, who have numbers of identity."""
    folder.mkdir(exist_ok=True)
    return written(folder, facts, policies, lists=SEXES)


def rejecting(folder: Path) -> Ruleset:
    """The same, where what is wrong with a number keeps a household from being decided."""
    return numbered(folder, FACTS.replace("unique: true", "unique: true, severity: reject"))


def household(*members: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return {"id": "h1", "收入": "50", "members": [dict(one, id=f"m{at}") for at, one in enumerate(members, 1)], **facts}
