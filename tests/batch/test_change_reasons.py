"""Why a decision changed: rules of which another version holds, members who came and left, what is known of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
from small_rulesets import policy, written

from fupin_policy import Ruleset
from fupin_policy.batch.change_reasons import ChangeReasons
from fupin_policy.batch.known_facts import known_facts
from fupin_policy.batch.staging import HOUSEHOLD, MEMBER
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


FACTS = """\
- {name: income, label: 收入, for: household, type: number, unit: 欧元, range: 0..1000}
- {name: able, label: 有劳力, for: member, type: truth}
"""


def known(rules: Ruleset, income: str, members: dict[str, str]) -> pa.Table:
    """What is known of one household, `h`, and of its members: whether each is able."""
    own = pa.table({HOUSEHOLD: ["h"], "income": pa.array([income]).dictionary_encode()})
    able = pa.array(list(members.values()), pa.string()).dictionary_encode()
    persons = pa.table({HOUSEHOLD: ["h"] * len(members), MEMBER: list(members), "able": able})
    return known_facts(rules.program, own, persons)


def test_what_is_known_of_members_is_theirs(tmp_path: Path) -> None:
    rules = written(tmp_path, FACTS, policy("收入 < 10欧元 且 有成员满足(有劳力)"))
    rows = known(rules, "7", {"a": "是", "b": "否"}).to_pylist()
    assert [(row["member"], row["income"], row["able"]) for row in rows] == [
        (None, "7.00", None),
        ("a", None, "是"),
        ("b", None, "否"),
    ]


def test_who_came_and_who_left_is_told_and_nobody_else(tmp_path: Path) -> None:
    rules = written(tmp_path, FACTS, policy("收入 < 10欧元 且 有成员满足(有劳力)"))
    days = [to_day(date(2019, month, 1)) for month in (6, 7)]
    then, now = known(rules, "7", {"a": "是", "b": "否"}), known(rules, "7", {"b": "否", "c": "否"})
    found = ChangeReasons(rules.program, days[0], rules.program.digest, days[1], then, now, frozenset())
    (why,) = [found.known(pa.array(["h"])).of("h", None, "p.p")]
    assert why.zh == "成员 a 不再登记；成员 c 新登记"
    assert why.en == "member a left; member c came"
