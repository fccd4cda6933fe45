"""What can be done about a fault at once, and that the fault is gone then."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from edited_ruleset import LESSON

from fupin_policy.editor.quick_fixes import QuickFix, quick_fixes
from fupin_policy.editor.renaming import edited
from fupin_policy.editor.vocabulary import Vocabulary
from fupin_policy.editor.workspace import Workspace

WHEN = "when: 享受低保 且 年龄 >= 80"


def _faulty(name: str, old: str, new: str) -> tuple[Workspace, list[str], list[QuickFix]]:
    """The lesson with one thing changed: its faults, and what can be done about them."""
    workspace = Workspace()
    text = (LESSON / name).read_text(encoding="utf-8")
    assert old in text
    workspace.open(LESSON / name, text.replace(old, new, 1))
    snapshot = workspace.snapshot(LESSON)
    names = Vocabulary.of(snapshot)
    fixes = [fix for one in snapshot.diagnostics for fix in quick_fixes(one, snapshot, names)]
    return workspace, [one.code for one in snapshot.diagnostics], fixes


def _after(workspace: Workspace, fix: QuickFix) -> tuple[str, list[str]]:
    """The text once a fix was done, and what is wrong then."""
    given = workspace.texts.get(fix.path)
    text = edited(fix.path.read_text(encoding="utf-8") if given is None else given, fix.edits)
    workspace.open(fix.path, text)
    return text, [one.code for one in workspace.snapshot(LESSON).diagnostics]


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "title"),
    [
        ("policies.yaml", WHEN, "when: 享受低宝 且 年龄 >= 80", "N101", "改成“享受低保”"),
        ("policies.yaml", WHEN, "when: 享受低保且年龄 >= 80", "N101", "改成“享受低保 且 年龄”"),
        ("policies.yaml", WHEN, "when: 残疾等级 = 五级", "N102", "改成“二级”"),
        ("policies.yaml", WHEN, "when: 享受低保 AND 年龄 >= 80", "S021", "改成“and”"),
        ("policies.yaml", WHEN, "when: 享受低保 && 年龄 >= 80", "S002", "改成“且”"),
        ("policies.yaml", "lead: [县民政局]", "lead: [县民政所]", "N105", "改成“县民政局”"),
        ("policies.yaml", "[lesson-1 1.1]", "[lesson-2 1.1]", "N106", "改成“lesson-1”"),
        ("policies.yaml", "cooperating: [各", "coperating: [各", "Y201", "改成“cooperating”"),
        ("policies.yaml", "kind: cash", "kind: csh", "Y204", "改成“cash”"),
    ],
)
def test_what_was_meant_is_written_in_its_place(name: str, old: str, new: str, code: str, title: str) -> None:
    workspace, codes, fixes = _faulty(name, old, new)
    assert codes == [code]
    assert fixes[0].title.zh == title and fixes[0].preferred
    assert _after(workspace, fixes[0])[1] == []


@pytest.mark.parametrize(
    ("when", "one", "other"),
    [
        (
            "享受低保 且 年龄 >= 80 或 重度残疾",
            "(享受低保 且 年龄 >= 80) 或 重度残疾",
            "享受低保 且 (年龄 >= 80 或 重度残疾)",
        ),
        (
            "重度残疾 或 享受低保 且 年龄 >= 80",
            "重度残疾 或 (享受低保 且 年龄 >= 80)",
            "(重度残疾 或 享受低保) 且 年龄 >= 80",
        ),
        (
            "非 (享受低保 且 年龄 >= 80 或 重度残疾)",
            "非 ((享受低保 且 年龄 >= 80) 或 重度残疾)",
            "非 (享受低保 且 (年龄 >= 80 或 重度残疾))",
        ),
    ],
)
def test_brackets_are_put_in_either_way(when: str, one: str, other: str) -> None:
    for number, way in enumerate((one, other)):
        workspace, codes, fixes = _faulty("policies.yaml", WHEN, f"when: {when}")
        assert codes == ["T228"] and len(fixes) == 2
        text, after = _after(workspace, fixes[number])
        assert f"when: {way}\n" in text and after == []


def test_the_row_that_a_table_lacks_is_added_and_waits_for_its_value() -> None:
    workspace, codes, fixes = _faulty("policies.yaml", "            otherwise: 0元\n", "")
    assert codes == ["R303"] and fixes[0].title.zh == "补上缺的行：0岁..59岁"
    text, after = _after(workspace, fixes[0])
    assert "\n              - [80.., 参数.津贴_80岁以上]\n              - [0岁..59岁, 待填]\n" in text
    assert after == ["N101"]
    workspace.open(LESSON / "policies.yaml", text.replace("待填", "0元"))
    assert workspace.snapshot(LESSON).diagnostics == ()


def test_codes_that_a_table_lacks_stand_each_by_itself() -> None:
    table = "{by: [残疾等级], rows: [[一级, 5元]]}"
    workspace, codes, fixes = _faulty("policies.yaml", "amount: 参数.津贴_80岁以上", f"amount: {table}")
    assert codes == ["R303"]
    text, after = _after(workspace, fixes[0])
    assert "rows: [[一级, 5元], [[二级, 三级, 无残疾], 待填]]}" in text and after == ["N101"]


def test_a_code_that_a_list_lacks_is_added_to_it() -> None:
    workspace, codes, fixes = _faulty("policies.yaml", WHEN, "when: 残疾等级 = 五级")
    assert codes == ["N102"] and fixes[1].title.en == 'Add "五级" to the code list "disability_level"'
    text, after = _after(workspace, fixes[1])
    assert '\n      - {code: "4", name: disability_level_1, label: 五级}\nterms' not in text and after == []
    assert '\n      - {code: "4", name: disability_level_1, label: 五级}\n' in text


def test_days_without_a_version_get_one_as_the_version_before() -> None:
    workspace, codes, fixes = _faulty("policies.yaml", "valid: 2019-01-01..", "valid: 2019-03-01..")
    assert codes == ["N130"]
    text, after = _after(workspace, fixes[0])
    assert "      - valid: 2019-01-01..2019-02-28\n        when: 享受低保 且 年龄 >= 80\n" in text and after == []


def test_what_an_extended_ruleset_says_is_not_changed_here(tmp_path: Path) -> None:
    shutil.copytree(LESSON, tmp_path / "base")
    base = tmp_path / "base" / "policies.yaml"
    base.write_text(base.read_text(encoding="utf-8").replace(WHEN, "when: 享受低宝"), encoding="utf-8")
    top = tmp_path / "top"
    top.mkdir()
    (top / "ruleset.yaml").write_text("kind: ruleset\nextends: ../base\n", encoding="utf-8")
    snapshot = Workspace().snapshot(top)
    names = Vocabulary.of(snapshot)
    assert "N101" in [one.code for one in snapshot.diagnostics]
    assert not [fix for one in snapshot.diagnostics for fix in quick_fixes(one, snapshot, names)]
