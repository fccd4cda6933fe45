"""Each mistake is reported once: one does not cause others elsewhere, and hides none beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fupin_policy.diagnostics import RulesetError
from fupin_policy.ruleset import SHIPPED, check_folder

LESSON = Path(__file__).parent.parent.parent / "docs" / "examples" / "lesson"
FILES = [
    pytest.param(folder, path.relative_to(folder).as_posix(), marks=marks, id=path.relative_to(folder).as_posix())
    for folder, marks in ((LESSON, ()), (SHIPPED, pytest.mark.long))
    for path in sorted(folder.rglob("*.yaml"))
]

pytestmark = pytest.mark.fault("D14")


def found(folder: Path) -> list[tuple[str, str]]:
    """Code and `file:line` of all that is wrong in a folder."""
    with pytest.raises(RulesetError) as caught:
        check_folder(folder)
    return [
        (one.code, one.place.removeprefix(f"{folder.as_posix()}/").rpartition(":")[0])
        for one in caught.value.diagnostics
    ]


@pytest.mark.parametrize(("base", "name"), FILES)
def test_a_file_that_cannot_be_read_is_one_diagnostic(tmp_path: Path, base: Path, name: str) -> None:
    folder = Path(shutil.copytree(base, tmp_path / "rules"))
    lines = (folder / name).read_text(encoding="utf-8").split("\n")
    middle = len(lines) // 2
    lines.insert(middle, "  bad: [")
    (folder / name).write_text("\n".join(lines), encoding="utf-8")
    ((code, place),) = found(folder)
    assert code == "Y103" and place.startswith(f"{name}:")


@pytest.mark.parametrize("line", ["kind：sources", "kind: surces", "sort: sources"])
def test_so_is_one_whose_kind_cannot_be_read(tmp_path: Path, line: str) -> None:
    folder = Path(shutil.copytree(LESSON, tmp_path / "lesson"))
    text = (folder / "sources.yaml").read_text(encoding="utf-8")
    (folder / "sources.yaml").write_text(text.replace("kind: sources", line, 1), encoding="utf-8")
    ((_, place),) = found(folder)
    assert place == "sources.yaml:2"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("policies.yaml", "per: month}", "per: week}"),
        ("policies.yaml", "        benefit: {kind: cash, amount: 参数.津贴_80岁以上, per: month}\n", ""),
        ("policies.yaml", "    for: member\n", ""),
        ("policies.yaml", "valid: ..2018-12-31", "valid: ..2018-13-31"),
        ("policies.yaml", "title: {zh: 高龄津贴, en: Old-age allowance}", "title: 高龄津贴"),
    ],
)
def test_what_is_wrong_with_the_form_hides_nothing_beside_it(tmp_path: Path, file: str, old: str, new: str) -> None:
    folder = Path(shutil.copytree(LESSON, tmp_path / "lesson"))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    # a name in a condition, in an amount, of a department and of a clause, each in the entry that is wrong
    for right, wrong in (
        ("享受低保 且 年龄 >= 60", "享受低宝 且 年龄 >= 60"),
        ("[60..79, 参数.津贴_60至79岁]", "[60..79, 参数.津贴_60至69岁]"),
        ("cooperating: [各乡镇]", "cooperating: [各乡真]"),
        ("basis: [lesson-1 1.2]", "basis: [lesson-2 1.2]"),
    ):
        assert right in text
        text = text.replace(right, wrong, 1)
    (folder / file).write_text(text, encoding="utf-8")
    codes = [code for code, _ in found(folder)]
    assert sorted(code for code in codes if code[0] == "N") == ["N101", "N103", "N105", "N106"]
    assert len([code for code in codes if code[0] == "Y"]) == 1 and len(codes) == 5


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("facts.yaml", "name: town, label: 乡镇, for: household", "name: town, label: 乡镇", "Y202"),
        ("sources.yaml", "title: {zh: 教学用文件, en: Document for the lesson}", "title: 教学用文件", "Y203"),
        ("places.yaml", "kind: town, office", "kinds: town, office", "Y201"),
        ("departments.yaml", ", en: Health Commission}", "}", "Y202"),
        ("parameters.yaml", "status: example", "status: exmpl", "Y204"),
        ("terms.yaml", "for: member, value", "for: member, valu", "Y201"),
    ],
)
def test_an_entry_that_cannot_be_read_is_one_diagnostic(
    tmp_path: Path, file: str, old: str, new: str, code: str
) -> None:
    folder = Path(shutil.copytree(LESSON, tmp_path / "lesson"))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert [one for one, _ in found(folder)] == [code]


def test_a_mistake_in_the_parameters_source_is_found_beside_a_wrong_status(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(LESSON, tmp_path / "lesson"))
    text = (folder / "parameters.yaml").read_text(encoding="utf-8")
    wrong = text.replace("status: example, source: lesson-figures", "status: exmpl, source: lesson-figurs", 1)
    (folder / "parameters.yaml").write_text(wrong, encoding="utf-8")
    assert sorted(code for code, _ in found(folder)) == ["N106", "Y204"]
