"""The nine rules as a module of Rego, queried once a household. Called by `peers`."""

from __future__ import annotations

import json
from typing import Any

from rules9_answers import HOUSEHOLD_RULES, MEMBER_RULES, Answer, Engine, Household

_REGO = """
package rules
served if input.state in {"not_out", "out_benefiting"}
tier(a) := 8000 if a < 80
tier(a) := 10000 if { a >= 80; a < 90 }
tier(a) := 20000 if a >= 90
severe("one") := 12000
severe("two") := 10000
slice(c, low, top, rate) := (c - low) * rate if { c > low; c < top }
slice(c, low, top, rate) := (top - low) * rate if c >= top
slice(c, low, top, rate) := 0 if c <= low
old_age[i] := tier(m.age) if { served; some i, m in input.members; m.allowance; m.age >= 60 }
severe_nursing[i] := severe(m.level) if { served; some i, m in input.members }
living[i] := 11000 if { served; some i, m in input.members; m.allowance; m.level != "no_level" }
yulu[i] := 300000 if { served; some i, m in input.members; m.school in {"vocational", "college"} }
pension[i] := 10000 if {
  served; some i, m in input.members; m.insured; m.age >= 16; m.age <= 59; m.school == "not_in_school" }
illness[i] := floor((slice(m.cost, 500000, 10000000, 65) + slice(m.cost, 10000000, 20000000, 75)
  + slice(m.cost, 20000000, 1000000000, 85) + 50) / 100) if {
  served; some i, m in input.members; m.insured; m.cost > 500000 }
premium := 15000 * count(input.members) if served
any_able if { some m in input.members; m.able }
subsistence := (510000 - input.income) * count(input.members) if { served; not any_able; input.income < 510000 }
housing := 3500000 if { served; input.house == "d" }
housing := 1500000 if { served; input.house == "c" }
"""


def prepare_rego() -> Engine:
    """regopy: one module, one query a household."""
    from regopy import Interpreter

    engine = Interpreter()
    engine.add_module("rules", _REGO)
    names = {**{rule: rule for rule in MEMBER_RULES}, "severe": "severe_nursing"}

    def evaluate(h: Household) -> Answer:
        engine.set_input(h)
        found = json.loads(str(engine.query("x = data.rules")))["bindings"]["x"]
        size = len(h["members"])
        of_members = {r: [int(dict(_items(found.get(n, {}))).get(i, 0)) for i in range(size)] for r, n in names.items()}
        return {**of_members, **{rule: int(found.get(rule, 0)) for rule in HOUSEHOLD_RULES}}

    return evaluate


def _items(found: Any) -> list[tuple[int, int]]:
    return [(int(key), value) for key, value in found.items()]
