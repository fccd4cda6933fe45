"""What is told of a name, where it stands, and how it is changed everywhere or refused."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from edited_ruleset import LESSON, ROOT, file_of, read

from fupin_policy.editor.hover import hovered
from fupin_policy.editor.outline import names_found, outline
from fupin_policy.editor.references import name_at, uses_of
from fupin_policy.editor.renaming import RenameRefused, edited, renamed
from fupin_policy.editor.workspace import Workspace


def _told(file: str, at: str, folder: Path = LESSON, lang: str = "zh") -> str:
    snapshot, names = read(folder)
    one = file_of(snapshot, file)
    found = hovered(snapshot, names, one, one.text.index(at) + 1, "zh" if lang == "zh" else "en", date(2019, 6, 30))
    return "" if found is None else "\n".join(found.lines)


@pytest.mark.parametrize(
    ("file", "at", "told"),
    [
        ("policies.yaml", "享受低保 且", "**享受低保** `on_allowance`\n事实 · 户 · 是否"),
        ("policies.yaml", "年龄 >= 80", "数，0 岁 .. 120 岁"),
        ("policies.yaml", "津贴_80岁", "2019-06-30: **200元**\n- 2018-01-01..: 200元 — 示例 · lesson-figures"),
        ("terms.yaml", "残疾等级", "一级、二级、三级、无残疾"),
        ("policies.yaml", "versions", "各时期的版本"),
        ("policies.yaml", "县卫生健康局", "- ..2019-01-31: 县卫计局 / Health and Family Planning Bureau"),
        ("policies.yaml", "lesson-1 1.1", "教学〔2018〕1号"),
        ("policies.yaml", "东河镇", "代码 · town"),
    ],
)
def test_what_is_told_of_what_stands_there(file: str, at: str, told: str) -> None:
    assert told in _told(file, at)


def test_a_part_of_an_expression_has_a_type_and_a_range() -> None:
    assert "`年龄 >= 80`: 是否" in _told("policies.yaml", ">= 80")
    assert _told("policies.yaml", ">= 80", lang="en") == "`年龄 >= 80`: truth"


def test_a_clause_is_told_by_its_summary() -> None:
    folder = ROOT / "policies" / "assistance"
    snapshot, names = read(folder)
    clause = next(one for one in names.sorts("clause") if one.name == "yunling 4")
    uses = [span for span in uses_of(snapshot, names, clause) if "/policies/" in span.source.path]
    file = snapshot.files[uses[0].source.path]
    found = hovered(snapshot, names, file, uses[0].start + 1, "zh", date(2024, 1, 1))
    assert found is not None and clause.zh in found.lines


def test_every_use_of_a_fact_is_found() -> None:
    snapshot, names = read()
    policies = file_of(snapshot, "policies.yaml")
    found = name_at(snapshot, names, policies, policies.text.index("享受低保"))
    assert found is not None and found[0].name == "on_allowance"
    spans = uses_of(snapshot, names, found[0])
    assert [span.text for span in spans] == ["on_allowance", *["享受低保"] * 8]
    every = sum(file.text.count("享受低保") for file in snapshot.files.values())
    assert every == len(spans) - 1


def _renamed(workspace: Workspace, folder: Path, file: str, at: str, new: str) -> dict[str, str]:
    snapshot, names = read(folder, workspace)
    one = file_of(snapshot, file)
    found = name_at(snapshot, names, one, one.text.index(at) + 1)
    assert found is not None
    edits = renamed(workspace, snapshot, names, found[0], found[1].text.strip(), new)
    return {path.name: edited(path.read_text(encoding="utf-8"), some) for path, some in edits.items()}


@pytest.mark.parametrize(
    ("file", "at", "new"),
    [
        ("policies.yaml", "享受低保", "领取低保"),
        ("facts.yaml", "on_allowance", "receives_allowance"),
        ("terms.yaml", "重度残疾", "残疾程度重"),
        ("terms.yaml", "一级", "甲级"),
        ("policies.yaml", "津贴_80岁以上", "高龄标准"),
        ("policies.yaml", "县民政局", "市民政局"),
        ("policies.yaml", "elderly.old_age_allowance", "elderly.grant"),
        ("places.yaml", "东河镇", "河东镇"),
        ("sources.yaml", "lesson-1", "lesson-2018"),
    ],
)
def test_a_name_is_changed_everywhere(tmp_path: Path, file: str, at: str, new: str) -> None:
    folder = tmp_path / "lesson"
    shutil.copytree(LESSON, folder)
    for name, text in _renamed(Workspace(), folder, file, at, new).items():
        (folder / name).write_text(text, encoding="utf-8")
        assert new in text
    snapshot, _ = read(folder)
    assert snapshot.diagnostics == () and snapshot.current


@pytest.mark.parametrize(
    ("file", "at", "new", "why"),
    [
        ("policies.yaml", "享受低保", "年龄", "已经是"),
        ("policies.yaml", "享受低保", "享受 低保", "不能作为名称"),
        ("policies.yaml", "享受低保", "且", "不能作为名称"),
        ("policies.yaml", "elderly.old_age_allowance", "高龄", "编号只能由"),
        ("policies.yaml", "县民政局", "县民政局: 一", "要加引号"),
        ("policies.yaml", "elderly.old_age_allowance", "health.medical_aid", "已经是"),
    ],
)
def test_a_name_that_would_collide_or_cannot_be_read_is_refused(file: str, at: str, new: str, why: str) -> None:
    with pytest.raises(RenameRefused) as refused:
        _renamed(Workspace(), LESSON, file, at, new)
    assert why in refused.value.why.zh and refused.value.why.en


def test_a_files_entries_and_a_rulesets_names() -> None:
    snapshot, names = read()
    found = outline(file_of(snapshot, "policies.yaml"))
    assert [(one.label, one.detail) for one in found] == [
        ("高龄津贴", "elderly.old_age_allowance"),
        ("医疗救助", "health.medical_aid"),
    ]
    assert [one.label for one in found[1].children] == ["2018-01-01..", "两段相加"]
    assert [one.label for one in names_found(names, "津80")] == ["津贴_80岁以上"]
