"""A name that nothing is called is declared as a fact: of the type, and for those, that its use asks for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from edited_ruleset import LESSON

from fupin_policy.editor.quick_fixes import QuickFix, quick_fixes
from fupin_policy.editor.renaming import edited
from fupin_policy.editor.snapshot import EditorSnapshot
from fupin_policy.editor.vocabulary import Vocabulary
from fupin_policy.editor.workspace import Workspace

WHEN = "when: 享受低保 且 年龄 >= 80"
AMOUNT = "amount: 参数.津贴_80岁以上"


def _fix(workspace: Workspace, folder: Path) -> tuple[EditorSnapshot, QuickFix]:
    snapshot = workspace.snapshot(folder)
    names = Vocabulary.of(snapshot)
    fixes = [fix for one in snapshot.diagnostics for fix in quick_fixes(one, snapshot, names)]
    return snapshot, next(fix for fix in fixes if fix.title.en.startswith("Declare"))


@pytest.mark.parametrize(
    ("old", "new", "entry", "left"),
    [
        (WHEN, "when: 独居", "{name: fact_1, label: 独居, for: member, type: truth}", []),
        (WHEN, "when: lives_alone", "{name: lives_alone, label: lives_alone, for: member, type: truth}", []),
        (WHEN, "when: 月工资 >= 3000元", "label: 月工资, for: member, type: number, unit: 元, range: 待填}", ["T221"]),
        (WHEN, "when: 3000元 > 月工资", "label: 月工资, for: member, type: number, unit: 元, range: 待填}", ["T221"]),
        (WHEN, "when: 登记日期 <= 2019-01-01", "label: 登记日期, for: member, type: date, range: 待填}", ["T221"]),
        (WHEN, "when: 原等级 属于 {一级, 二级}", "for: member, type: code, codes: disability_level}", []),
        (AMOUNT, "amount: 月工资 + 3元", "label: 月工资, for: member, type: number", ["T221"]),
        ("when: 享受低保 或 有成员满足(重度残疾)", "when: 有成员满足(独居)", "for: member, type: truth}", []),
        ("when: 享受低保 或 有成员满足(重度残疾)", "when: 非 住楼房", "for: household, type: truth}", []),
    ],
)
def test_a_name_is_declared_as_its_use_asks_for(
    tmp_path: Path, old: str, new: str, entry: str, left: list[str]
) -> None:
    folder, workspace = tmp_path / "lesson", Workspace()
    shutil.copytree(LESSON, folder)
    path = folder / "policies.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    workspace.open(path, text.replace(old, new, 1))
    snapshot, fix = _fix(workspace, folder)
    assert entry in fix.title.zh and fix.path.name == "facts.yaml" and not fix.preferred
    facts = edited(snapshot.files[fix.path.as_posix()].text, fix.edits)
    assert f"\n  - {fix.title.zh.removeprefix('声明为事实：')}\n" in facts
    workspace.open(fix.path, facts)
    found = workspace.snapshot(folder).diagnostics
    assert [one.code for one in found if one.span is not None and "待填" in one.span.text] == left
    assert left or found == ()
