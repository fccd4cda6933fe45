"""A small ruleset of which some facts declare what is assumed where they are not given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from small_rulesets import policy, written

from fupin_policy import Ruleset

LISTS = """\
code_lists:
  - name: kind
    codes:
      - {code: "1", name: one, label: 一类}
      - {code: "2", name: two, label: 二类}
  - name: illness
    codes:
      - {code: "1", name: chronic, label: 慢性病}
      - {code: "2", name: severe, label: 大病}
"""
WHY = "why: {zh: 登记册只记有的, en: The register lists only those who have it}"
FACTS = f"""\
- {{name: cars, label: 车辆数, for: household, type: number, range: 0..9, absent: 0, {WHY}}}
- {{name: kind, label: 户类, for: household, type: code, codes: kind, absent: 二类, {WHY}}}
- {{name: land, label: 耕地, for: household, type: number, range: 0..99}}
- {{name: studying, label: 在校, for: member, type: truth, absent: 否, {WHY}}}
- {{name: ill, label: 病种, for: member, type: codes, codes: illness, absent: [], {WHY}}}
- {{name: working, label: 务工, for: member, type: truth}}
"""
POLICIES = (
    policy("车辆数 < 2 且 非 有成员满足(在校)", name="modest")
    + policy("户类 = 一类", name="first_kind", amount="10欧元")
    + policy("非 (病种 包含 大病) 且 (在校 或 务工)", level="member", name="healthy", amount="5欧元")
)


def ruleset(folder: Path) -> Ruleset:
    """Three policies that rest on facts which may be assumed, and on others."""
    return written(folder, FACTS, POLICIES, lists=LISTS)


def household(**facts: Any) -> dict[str, Any]:
    """A household of two members; `m1` and `m2` are what is given of them."""
    members = [{"id": name, **facts.pop(name, {})} for name in ("m1", "m2")]
    return {"id": "h1", **facts, "members": members}
