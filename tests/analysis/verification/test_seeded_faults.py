"""Faults put into copies of the shipped ruleset: each is found by proof or comparison, with a household that shows it.

The prover and the comparison are asked through the same functions as the commands use; every witness is evaluated anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fupin_policy import Ruleset, load
from fupin_policy.analysis.verification.differences import Difference, differences
from fupin_policy.analysis.verification.findings import Finding, id_of
from fupin_policy.analysis.verification.prove import prove
from fupin_policy.core.decision import Decision, Status
from fupin_policy.ruleset import SHIPPED, check_folder

pytestmark = pytest.mark.long

COMPARED = {
    "an age off by one": (
        "terms",
        "年龄 >= 60 且 (读法",
        "年龄 > 60 且 (读法",
        "elderly.nursing_subsidy",
    ),
    "a swapped comparison": (
        "subsistence",
        "人均纯收入 < 参数.农村低保标准",
        "人均纯收入 > 参数.农村低保标准",
        "subsistence.rural_allowance",
    ),
    "a gap in a table": ("terms", "- [80..89, 参数", "- [80..88, 参数", "elderly.old_age_allowance"),
    "a lost NOT": (
        "disability",
        "重度残疾 且 非 由特困供养",
        "重度残疾 且 由特困供养",
        "disability.severe_nursing",
    ),
    "OR for AND": ("care", " 且 ", " 或 ", "care.centre"),
    "a double benefit": (
        "disability",
        "    policies: [disability.severe_nursing, elderly.nursing_subsidy]\n",
        "    policies: [disability.severe_nursing, disability.living_subsidy]\n",
        "elderly.nursing_subsidy",
    ),
    "another rounding": (
        "health",
        "大病保险后余额 × 参数.医疗机构减免比例 四舍五入到 分",
        "大病保险后余额 × 参数.医疗机构减免比例 舍去到 分",
        "health.institution_reduction",
    ),
    "a code left out": ("terms", "在 {一级, 二级, 三级, 四级}", "在 {一级, 二级, 三级}", "disability.living_subsidy"),
    "a wrong figure": (
        "parameters",
        "label: 高龄津贴_60至79岁, unit: 元, values: [{valid: .., value: 80,",
        "label: 高龄津贴_60至79岁, unit: 元, values: [{valid: .., value: 800,",
        "elderly.old_age_allowance",
    ),
    "rows exchanged": (
        "disability",
        "- [一级, 参数.重度残疾人护理补贴_一级]",
        "- [一级, 参数.重度残疾人护理补贴_二级]",
        "disability.severe_nursing",
    ),
    "a slice's rate": (
        "health",
        "参数.大病报销比例_第一段]\n                - [参数.大病第二段起点..参数.大病第三段起点",
        "参数.大病报销比例_第二段]\n                - [参数.大病第二段起点..参数.大病第三段起点",
        "health.major_illness",
    ),
}

PROVED = {
    "a contradiction": ("subsistence", "when: ", "when: 人均纯收入 > 900000元 且 非 已在低保 且 ", "V101"),
    "a condition that is always true": (
        "subsistence",
        "when: 享受政策 且 有成员满足(低保保障人员) 且 (已在低保 或 人均纯收入 < 参数.农村低保标准)",
        "when: 享受政策 或 非 享受政策",
        "V102",
    ),
    "a shadowed policy": (
        "disability",
        "    policies: [disability.severe_nursing, elderly.nursing_subsidy]\n",
        "    policies: [disability.severe_nursing, elderly.nursing_subsidy]\n"
        "  - {id: shadow, title: {zh: 影, en: Shadow}, keep: first,\n"
        "     policies: [disability.living_subsidy, elderly.shadowed]}\n",
        "V103",
    ),
    "a part that can never hold": (
        "elderly",
        "年龄 >= 参数.低保老年人补贴起始年龄\n",
        "(年龄 > 200 或 年龄 >= 参数.低保老年人补贴起始年龄)\n",
        "V104",
    ),
    "a redundant part": (
        "elderly",
        "年龄 >= 参数.低保老年人补贴起始年龄\n",
        "年龄 >= 参数.低保老年人补贴起始年龄 且 年龄 >= 50\n",
        "V105",
    ),
    "a row never used": (
        "terms",
        "- [90.., 参数",
        "- [90..199, 参数.高龄津贴_90岁以上]\n        - [200.., 参数",
        "V106",
    ),
    "an amount below zero": (
        "subsistence",
        "较大(0元, 参数.农村低保标准 - 低保前人均收入)",
        "(4000元 - 低保前人均收入)",
        "V108",
    ),
    "more for a higher income": ("subsistence", "参数.农村低保标准 - 低保前人均收入", "低保前人均收入 - 0元", "V109"),
    "a cliff": (
        "subsistence",
        "'较大(0元, 参数.农村低保标准 - 低保前人均收入) × 成员数(低保保障人员)'",
        "3000元",
        "V111",
    ),
}


def edited(root: Path, file: str, before: str, after: str) -> Path:
    folder = root / "edited"
    shutil.copytree(SHIPPED, folder)
    path = folder / f"{file}.yaml" if (folder / f"{file}.yaml").exists() else folder / "policies" / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    if "elderly.shadowed" in after:
        _add_shadowed(folder)
    return folder


def _add_shadowed(folder: Path) -> None:
    """A policy whose every recipient draws another of its group."""
    path = folder / "policies" / "elderly.yaml"
    text = path.read_text(encoding="utf-8")
    head, rest = text.split("policies:\n", 1)
    added = """\
  - id: elderly.shadowed
    title: {zh: 高龄残疾补贴, en: For the old and disabled}
    for: member
    versions:
      - valid: ..
        when: 享受政策 且 有残疾 且 是否享受低保 且 年龄 >= 70
        benefit: {kind: cash, amount: 50元, per: month}
        lead: [市民政局]
        basis: [anfa-2018-31 4.2]
"""
    path.write_text(f"{head}policies:\n{added}{rest}", encoding="utf-8")


@pytest.mark.parametrize("fault", COMPARED)
def test_comparison_finds(fault: str, tmp_path: Path) -> None:
    file, before, after, policy = COMPARED[fault]
    original, changed = load(), load(edited(tmp_path, file, before, after), cache=False)
    found = {one.policy: one for one in differences(original.program, changed.program)}
    assert found[policy].verdict == "differs"
    confirm(found[policy], original, changed)


def confirm(found: Difference, original: Ruleset, changed: Ruleset) -> None:
    for stretch in found.stretches:
        if stretch.verdict == "differs":
            assert stretch.before is not None and stretch.after is not None
            day = stretch.before.as_of
            before = original.interpret(stretch.before.household, day)[found.policy]
            after = changed.interpret(stretch.after.household, day)[found.policy]
            assert (before.status, before.amount, before.members) != (after.status, after.amount, after.members)
            assert before == original.evaluate(stretch.before.household, day)[found.policy]


@pytest.mark.parametrize("fault", PROVED)
def test_proofs_find(fault: str, tmp_path: Path) -> None:
    file, before, after, code = PROVED[fault]
    folder = edited(tmp_path, file, before, after)
    found = [one for one in prove(check_folder(folder)) if one.code == code]
    if code == "V111":
        # the allowance's own note explains one that is none
        found = [one for one in found if lost(one) > 1000]
    else:
        # what the notes of the rules as they are shipped explain is not what was put in here
        found = [one for one in found if not one.explained]
    assert found and all(one.witnesses for one in found)
    if code in ("V108", "V109"):
        confirm_amounts(found[0], load(folder, cache=False))


def lost(finding: Finding) -> int:
    return int(dict(finding.words)["lost"].split(".")[0])


def confirm_amounts(finding: Finding, rules: Ruleset) -> None:
    shown = [decided(rules, finding, index) for index in range(len(finding.witnesses))]
    amounts = [0 if one.amount is None else one.amount.low for one in shown]
    assert amounts[0] < 0 if finding.code == "V108" else amounts[0] < amounts[1]


def decided(rules: Ruleset, finding: Finding, index: int) -> Decision:
    witness = finding.witnesses[index]
    found = rules.interpret(witness.household, witness.as_of)[id_of(finding.about)]
    assert found.status is not Status.UNKNOWN
    return found


def test_the_shipped_ruleset_has_no_finding_that_its_notes_do_not_explain() -> None:
    found = prove(check_folder(SHIPPED))
    assert [one.diagnostic.code for one in found if not one.explained] == []
    assert {one.code for one in found} == {"V104", "V105", "V110", "V111"}


def test_another_way_of_writing_is_proved_the_same(tmp_path: Path) -> None:
    before = "享受政策\n          且 有残疾\n"
    after = "非 (非 有残疾 或 非 享受政策)\n"
    changed = check_folder(edited(tmp_path, "disability", before, after))
    found = {one.policy: one for one in differences(check_folder(SHIPPED), changed)}
    assert found["disability.living_subsidy"].proved
    assert all(one.verdict == "same" for one in found.values())


def test_a_version_that_starts_a_day_late_changes_nothing_where_the_earlier_follows_a_parameter(tmp_path: Path) -> None:
    """Written off as a fault first: on that day the earlier version has the new age through its parameter."""
    before = "- valid: 2019-01-01..2020-12-31\n        when: 享受政策\n"
    folder = edited(tmp_path, "elderly", before, before.replace("2019-01-01..", "2019-01-02.."))
    rules = folder / "policies" / "elderly.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("2018-12-29..2018-12-31", "2018-12-29..2019-01-01", 1), encoding="utf-8")
    changed = check_folder(folder)
    found = {one.policy: one for one in differences(check_folder(SHIPPED), changed)}
    # both say the same on each day, so there is nothing to prove; without the earlier one it is not
    assert "elderly.old_age_allowance" not in found


def test_who_answers_is_compared_too(tmp_path: Path) -> None:
    folder = edited(tmp_path, "subsistence", "lead: [市民政局]", "lead: [市财政局]")
    found = {one.policy: one for one in differences(check_folder(SHIPPED), check_folder(folder))}
    (said,) = found["subsistence.rural_allowance"].said
    assert (said.what.en, said.before, said.after) == ("lead", "市民政局", "市财政局")
