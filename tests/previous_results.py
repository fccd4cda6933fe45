"""A small ruleset that asks what was decided last time, for the tests of several rooms.

In: a folder. Out: a loaded ruleset. Called by the tests of intake, batches and hosts.
"""

from __future__ import annotations

from pathlib import Path

from small_rulesets import policy, written

from fupin_policy import Ruleset

FACTS = """\
- {name: income, label: 收入, for: household, type: number, unit: 欧元, decimals: 2, range: 0..100000}
- {name: had_aid, label: 上期低保, for: household, type: truth, previous: 低保}
- {name: had_phase, label: 上期渐退, for: household, type: truth, previous: 渐退}
- {name: phase_began, label: 上期渐退起始日, for: household, type: date, none: 无, previous: p.phase}
- {name: aid_before, label: 上期金额, for: household, type: number, unit: 欧元, decimals: 2, range: 0..1000,
    previous: 低保}
- {name: able, label: 有劳力, for: member, type: truth}
- {name: trained, label: 上期培训, for: member, type: truth, previous: 培训}
- {name: training_began, label: 培训起始日, for: member, type: date, none: 无, previous: 培训}
"""
LINE = 500
POLICIES = (
    policy(f"收入 < {LINE}欧元", name="aid", amount=f"{LINE}欧元 - 收入").replace("政策aid", "低保")
    + policy(
        f"非 收入 < {LINE}欧元 且 (上期低保 或 (上期渐退 且 满月数(若有(上期渐退起始日 否则 基准日)) < 3))",
        name="phase",
        amount="较小(上期金额, 50欧元)",
    ).replace("政策phase", "渐退")
    + policy("有劳力 或 (上期培训 且 满月数(若有(培训起始日 否则 基准日)) < 2)", "member", name="training").replace(
        "政策training", "培训"
    )
)


def with_previous(folder: Path) -> Ruleset:
    """A ruleset of which a household's and a member's policy rest on what was decided last time."""
    folder.mkdir(exist_ok=True)
    return written(folder, FACTS, POLICIES)
