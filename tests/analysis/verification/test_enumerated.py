"""On a small world the solver's answers are those of looking at every household."""

from __future__ import annotations

from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from text_files import write_files

from fupin_policy import Ruleset, load
from fupin_policy.analysis.verification.differences import differences
from fupin_policy.analysis.verification.prove import prove
from fupin_policy.core.decision import Status
from fupin_policy.core.identifiers import DefinitionId

AS_OF = "2019-06-30"
MOST = 2

FILES = {
    "ruleset.yaml": """\
kind: ruleset
id: small
title: {zh: 小, en: Small}
covers: 2019-01-01..2019-12-31
members: 0..2
identifiers: {household: 户编号, member: 人编号}
units:
  - {name: yuan, label: 元, money: CNY, decimals: 2}
""",
    "facts.yaml": """\
kind: facts
code_lists:
  - name: grade
    codes:
      - {code: "1", name: one, label: 一级}
      - {code: "2", name: two, label: 二级}
      - {code: "3", name: three, label: 三级}
facts:
  - {name: poor, label: 贫困, for: household, type: truth}
  - {name: grade_of, label: 等级, for: household, type: code, codes: grade}
  - {name: income, label: 收入, for: household, type: number, unit: 元, decimals: 0, range: 0..3, benefits: never_rise}
  - {name: ill, label: 患病, for: member, type: truth}
  - {name: wage, label: 工资, for: member, type: number, unit: 元, decimals: 0, range: 0..2}
""",
    "departments.yaml": """\
kind: departments
departments:
  - {id: office, names: [{valid: .., zh: 民政局, en: Office}]}
""",
    "sources.yaml": """\
kind: sources
sources:
  - {id: paper, title: {zh: 文, en: Paper}}
""",
}

POLICIES = """\
kind: policies
policies:
  - id: first
    title: {{zh: 甲, en: First}}
    for: household
    versions:
      - valid: ..
        when: "{first}"
        benefit: {{kind: cash, amount: "{amount}", per: year}}
        lead: [民政局]
        basis: [paper]
  - id: second
    title: {{zh: 乙, en: Second}}
    for: household
    versions:
      - {{valid: .., when: "{second}", benefit: {{kind: service}}, lead: [民政局], basis: [paper]}}
groups:
  - {{id: either, title: {{zh: 其一, en: Either}}, keep: first, policies: [first, second]}}
"""

ATOMS = st.sampled_from(
    [
        "贫困",
        "等级 = 一级",
        "等级 在 {二级, 三级}",
        "收入 < 2元",
        "收入 >= 1元",
        "收入 > 2元",
        "收入 <= 0元",
        "有成员满足（患病）",
        "有成员满足（工资 >= 1元）",
        "有成员满足（患病 且 工资 < 2元）",
        "所有成员满足（患病）",
        "成员数 >= 2",
        "成员数 > 2",
        "成员合计(工资) > 收入",
        "成员合计(工资) <= 4元",
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({} 且 {})".format, inner, inner),
        st.builds("({} 或 {})".format, inner, inner),
        st.builds("(非 {})".format, inner),
    ),
    max_leaves=4,
)
AMOUNTS = st.sampled_from(
    [
        "2元 - 收入",
        "收入",
        "5元 - 收入",
        "1元",
        "收入 × 2 - 1元",
        "成员合计(工资) - 1元",
        "较小(收入, 2元)",
        "较大(3元 - 收入 × 2, 0元)",
    ]
)
SLOW = settings(max_examples=settings().max_examples // 5, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("small")


def ruleset(root: Path, first: str, second: str, amount: str = "1元") -> Ruleset:
    folder = root / str(abs(hash((first, second, amount))))
    folder.mkdir(exist_ok=True)
    policies = POLICIES.format(first=first, second=second, amount=amount)
    write_files(folder, {**FILES, "policies.yaml": policies})
    return load(folder, cache=False)


@cache
def world() -> tuple[dict[str, Any], ...]:
    """Every household there can be."""
    members = [{"患病": ill, "工资": wage} for ill, wage in product((True, False), range(3))]
    sets = [(), *((one,) for one in members), *product(members, members)]
    return tuple(
        {
            "id": "h",
            "贫困": poor,
            "等级": grade,
            "收入": income,
            "members": [{"id": f"m{i}", **m} for i, m in enumerate(those)],
        }
        for poor, grade, income, those in product((True, False), ("一级", "二级", "三级"), range(4), sets)
    )


def outcomes(rules: Ruleset, policy: str) -> list[tuple[bool, int]]:
    """Of every household whether it draws a policy, and how much in 分."""
    found = []
    for household in world():
        decision = rules.evaluate(household, AS_OF)[policy]
        granted = decision.status is Status.ELIGIBLE
        found.append((granted, decision.amount.low if granted and decision.amount is not None else 0))
    return found


def codes(rules: Ruleset, about: str) -> set[str]:
    return {finding.code for finding in prove(rules.program, MOST) if str(finding.about).endswith(f":{about}")}


@SLOW
@given(CONDITIONS, CONDITIONS, AMOUNTS)
def test_findings(root: Path, first: str, second: str, amount: str) -> None:
    rules = ruleset(root, first, second, amount)
    drawn = outcomes(rules, "first")
    found = codes(rules, "first")
    assert ("V101" in found) == (not any(granted for granted, _ in drawn))
    assert ("V102" in found) == all(granted for granted, _ in drawn)
    assert ("V108" in found) == any(paid < 0 for _, paid in drawn)
    by_rest: dict[str, dict[int, int]] = {}
    for household, (_, paid) in zip(world(), drawn, strict=True):
        rest = repr({key: value for key, value in household.items() if key != "收入"})
        by_rest.setdefault(rest, {})[household["收入"]] = paid
    rises = any(paid[high] > paid[high - 1] for paid in by_rest.values() for high in (1, 2, 3))
    assert ("V109" in found) == rises
    cliff = any(paid[low] - paid[low + 1] > 100 for paid in by_rest.values() for low in (0, 1, 2))
    assert ("V111" in found) == cliff
    own = [one[DefinitionId("when", "second")][0].value == 3 for one in map(rules_of(rules), world())]
    never = not any(granted for granted, _ in outcomes(rules, "second"))
    assert ("V103" in codes(rules, "second")) == (any(own) and never)


def rules_of(rules: Ruleset) -> Any:
    """How the interpreter traces a household."""
    from fupin_policy.evaluators import interpreter

    found = rules.snapshot(AS_OF)

    def traced(household: dict[str, Any]) -> Any:
        read, day = rules.read(household, AS_OF)
        return interpreter.trace(found, read, day)

    return traced


@SLOW
@given(CONDITIONS, CONDITIONS)
def test_differences(root: Path, first: str, second: str) -> None:
    one, other = ruleset(root, first, "贫困"), ruleset(root, second, "贫困")
    same = outcomes(one, "first") == outcomes(other, "first")
    found = {difference.policy: difference for difference in differences(one.program, other.program, MOST)}
    verdict = found["first"].verdict if "first" in found else "same"
    assert verdict == ("same" if same else "differs")
    if not same:
        stretch = found["first"].stretches[0]
        assert stretch.before is not None and stretch.after is not None
        day = stretch.before.as_of
        before, after = one.interpret(stretch.before.household, day), other.interpret(stretch.after.household, day)
        assert before["first"].status != after["first"].status
