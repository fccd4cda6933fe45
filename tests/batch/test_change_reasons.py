"""Which rules are named as why a decision changed: those that the policy rests on, if another version of them holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
from small_rulesets import policy, written

from fupin_policy.batch.change_reasons import ChangeReasons
from fupin_policy.core.days import to_day

TERMS = """\
- name: poor
  label: 困难
  for: household
  versions:
    - {valid: ..2019-06-30, value: 收入 < 100欧元}
    - {valid: 2019-07-01.., value: 收入 < 200欧元}
"""


def test_a_rule_is_named_by_the_policies_that_rest_on_it_on_the_days_of_which_it_changes(tmp_path: Path) -> None:
    rules = written(
        tmp_path,
        "- {name: income, label: 收入, for: household, type: number, unit: 欧元, range: 0..1000}\n",
        policy("困难") + policy("收入 < 300欧元", name="q"),
        TERMS,
    ).program

    def named(before: str, day: str) -> dict[str, list[str]]:
        days = (to_day(date.fromisoformat(one)) for one in (before, day))
        none = pa.table({})
        found = ChangeReasons(rules, next(days), rules.digest, next(days), None, none, frozenset())
        return {policy: [words.zh for words in some] for policy, some in found.rules.items()}

    assert named("2019-06-30", "2019-07-01") == {"p.p": ["规则“困难”有变"], "p.q": []}
    for same in (("2019-06-01", "2019-06-30"), ("2019-07-01", "2019-07-31")):
        assert named(*same) == {"p.p": [], "p.q": []}
