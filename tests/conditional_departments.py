"""A small ruleset in which it is by condition who answers, for the tests of several rooms.

In: a folder. Out: a loaded ruleset. Called by the tests of decisions and of hosts.
"""

from __future__ import annotations

from pathlib import Path

from small_rulesets import GRADE, written

from fupin_policy import Ruleset

FACTS = """
- {name: wet, label: 受灾, for: household, type: truth}
- {name: poor, label: 困难, for: member, type: truth}
- {name: grade_of, label: 残疾等级, for: member, type: code, codes: grade}
"""
BODIES = """\
kind: departments
departments:
  - {id: d, names: [{valid: .., zh: 某局, en: Bureau}]}
  - {id: e, names: [{valid: .., zh: 残联, en: Federation}]}
  - {id: f, names: [{valid: .., zh: 农业局, en: Agriculture}]}
"""
CARE = "[{when: 残疾等级 ≠ 无级, then: 残联, otherwise: {when: 受灾, then: [某局, 农业局], otherwise: 某局}}]"


def rules(folder: Path, lead: str = CARE, more: str = "") -> Ruleset:
    """A member's policy of which this is the `lead`; `more` follows it."""
    policies = (
        "  - id: p.care\n    title: {zh: 护理, en: Care}\n    for: member\n    versions:\n"
        "      - valid: ..\n        when: 困难\n        benefit: {kind: cash, amount: 80欧元, per: month}\n"
        f"        lead: {lead}\n        basis: [s]\n{more}"
    )
    return written(folder, FACTS, policies, lists=GRADE, departments=BODIES)
