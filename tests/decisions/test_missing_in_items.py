"""What is missing where a question about items asks for a fact of their owner: it is the owner's, and told so."""

from __future__ import annotations

from pathlib import Path

from checked_ruleset import policy, written
from of_lists import FACTS, bill

from fupin_policy import load

TERMS = """kind: terms
terms:
  - {name: old_bills, label: 老人就医, for: member, output: true,
     value: "个数(就医记录：出生日期 < 1959-01-01 且 额 > 10元)"}
  - {name: helpers, label: 有助者, for: household, output: true, value: "个数(赡养人：甲 且 月收入 > 10元)"}
"""


def test_a_fact_of_the_owner_is_missing_of_the_owner(tmp_path: Path) -> None:
    rules = load(written(tmp_path, TERMS, policy("甲"), facts=FACTS), cache=False)
    members = [
        {"id": "m1", "born": "1950-01-01", "bills": [bill(20, "2019-01-01")]},
        {"id": "m2", "bills": [bill(20, "2019-01-01"), bill(5, "2019-01-02")]},
        {"id": "m3"},
    ]
    household = {"id": "h", "supporters": [{"monthly": 20}], "members": members}
    for evaluation in (rules.evaluate(household, "2019-06-01"), rules.interpret(household, "2019-06-01")):
        asked = {one.name: [(need.member, need.fact) for need in one.missing] for one in evaluation.figures}
        assert asked == {"old_bills": [("m2", "born")], "helpers": [(None, "a")]}
