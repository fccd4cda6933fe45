"""What is missing: what can still decide, and nothing that surely has no say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_rulesets import DAY, policy, written

FACTS = """
- {name: base, label: 基数, for: household, type: number, unit: 欧元, range: 0..1000}
- {name: wage, label: 工资, for: member, type: number, unit: 欧元, range: 0..1000}
- {name: works, label: 务工, for: member, type: truth}
"""


@pytest.mark.parametrize(
    ("member", "missing"),
    [
        ({"务工": True}, ["m.工资"]),
        ({"工资": 100}, ["m.务工", "基数"]),
        ({"务工": False}, ["基数"]),
        ({}, ["m.务工", "m.工资", "基数"]),
    ],
    ids=["surely in", "perhaps in", "surely out", "nothing known"],
)
def test_what_stands_in_for_nobody_matters_where_there_may_be_nobody(
    tmp_path: Path, member: dict[str, Any], missing: list[str]
) -> None:
    rules = written(tmp_path, FACTS, policy("成员最大(工资, 务工 否则 基数) >= 500欧元"))
    household = {"id": "h", "members": [{"id": "m", **member}]}
    for evaluation in (rules.evaluate(household, DAY), rules.interpret(household, DAY)):
        assert sorted(one.text for one in evaluation["p.p"].missing) == missing
