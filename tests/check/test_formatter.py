"""`fupin fmt`: turning one language into the other changes no meaning, and there and back changes nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from small_rulesets import policy, written

from fupin_policy.analysis.examples import run_examples
from fupin_policy.check.formatter import format_folder
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Lang
from fupin_policy.ruleset import SHIPPED, check_folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "anqiu"))


def meaning(folder: Path) -> Program:
    """The checked program without what depends on the bytes of the files."""
    program = check_folder(folder)
    places = {kind: replace(place, digest="") for kind, place in program.by_place.items()}
    return replace(program, digest="", by_place=places)


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml")}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_neither_language_changes_the_meaning(copy: Path, lang: str) -> None:
    before = meaning(copy)
    format_folder(copy, "zh" if lang == "zh" else "en", write=True)
    assert meaning(copy) == before
    ran, failures = run_examples(copy)
    assert ran and not failures


def test_there_and_back_is_where_we_began(copy: Path) -> None:
    format_folder(copy, "zh", write=True)
    before = texts(copy)
    assert format_folder(copy, "en", write=True)
    assert texts(copy) != before
    format_folder(copy, "zh", write=True)
    assert texts(copy) == before


@pytest.mark.fault("C6", "E1")
def test_a_file_that_cannot_be_written_stays_as_it_was(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = texts(copy)

    def full(path: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        format_folder(copy, "en", write=True)
    assert texts(copy) == before and not list(copy.rglob("*.part"))


def test_formatting_twice_changes_nothing(copy: Path) -> None:
    format_folder(copy, None, write=True)
    assert format_folder(copy, None, write=True) == []


LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"


def formatted(tmp_path: Path, when: str, lang: Lang | None = None, key: str = "        when: ") -> str:
    """What becomes of a condition of the lesson, its key left out; formatted again it stays the same."""
    folder = Path(shutil.copytree(LESSON, tmp_path / "lesson"))
    file = folder / "policies.yaml"
    text = file.read_text(encoding="utf-8")
    old = "        when: 享受低保 且 年龄 >= 60\n"
    assert old in text
    start = text.index(old)
    file.write_text(text.replace(old, f"{key}{when}\n"), encoding="utf-8")
    before = meaning(folder)
    format_folder(folder, lang, write=True)
    assert format_folder(folder, lang, write=True) == []
    assert meaning(folder) == before
    # what stands before it was in canonical form, but not in English
    after = file.read_text(encoding="utf-8")
    start = after.index(key, after.index("- valid: 2019"))
    return after[start + len(key) : after.index("\n        benefit:", start)]


@pytest.mark.fault("A18")
@pytest.mark.parametrize(
    ("written", "lang", "expected"),
    [
        ("享受低保  且  年龄>=60", None, "享受低保 且 年龄 >= 60"),
        ("享受低保  且  age>=60", None, "享受低保 且 age >= 60"),
        ("享受低保 且 age >= 60", "zh", "享受低保 且 年龄 >= 60"),
        ("享受低保 且 年龄 >= 60", "en", "on_allowance and age >= 60"),
        ('残疾等级 = "1" 或 残疾等级 = 二级', "en", 'disability_level = "1" or disability_level = two'),
        ("年龄 不低于 60 且 享受低保", None, "年龄 >= 60 且 享受低保"),
    ],
)
def test_the_writer_s_choice_of_names_is_kept(tmp_path: Path, written: str, lang: Lang | None, expected: str) -> None:
    assert formatted(tmp_path, written, lang) == expected


@pytest.mark.fault("A18")
@pytest.mark.parametrize(
    ("written", "lang", "expected"),
    [
        ("享受低保 或 符合(高龄津贴)", None, "享受低保 或 符合(高龄津贴)"),
        ("享受低保 或 符合(elderly.old_age_allowance)", None, "享受低保 或 符合(elderly.old_age_allowance)"),
        ('享受低保 或 符合("高龄津贴")', None, '享受低保 或 符合("高龄津贴")'),
        ("享受低保 或 符合(elderly.old_age_allowance)", "zh", "享受低保 或 符合(elderly.old_age_allowance)"),
        ("享受低保 或 符合(elderly.old_age_allowance)", "en", "on_allowance or eligible(elderly.old_age_allowance)"),
        ("享受低保 或 符合(高龄津贴)", "en", 'on_allowance or eligible("Old-age allowance")'),
        ('on_allowance or eligible("Old-age allowance")', "zh", '享受低保 或 符合("高龄津贴")'),
    ],
)
def test_so_is_the_choice_of_title_or_id(tmp_path: Path, written: str, lang: Lang | None, expected: str) -> None:
    folder = Path(shutil.copytree(LESSON, tmp_path / "lesson"))
    file = folder / "terms.yaml"
    term = "  - {name: helped, label: 受助, for: member, value: WHEN}\n"
    file.write_text(file.read_text(encoding="utf-8") + term.replace("WHEN", f"'{written}'"), encoding="utf-8")
    before = meaning(folder)
    format_folder(folder, lang, write=True)
    assert meaning(folder) == before
    last = file.read_text(encoding="utf-8").splitlines()[-1]
    assert last.partition("value: ")[2].strip("}'") == expected


LONG = (
    "享受低保 且 年龄 >= 60 且 (重度残疾 或 残疾等级 属于 {一级, 二级, 三级} "
    "或 (非 重度残疾 且 医疗费用 >= 100000元 且 年龄 在 18..110 且 非 享受低保))"
)


@pytest.mark.fault("A18")
@pytest.mark.parametrize("key", ["        when: ", "        when: |\n          ", "        when:\n            "])
def test_a_long_line_is_broken_before_its_joints(tmp_path: Path, key: str) -> None:
    indent = " " * (len(key.rpartition("\n")[2]) if "\n" in key else 10)
    assert formatted(tmp_path, LONG, key=key).strip().strip("'").split("\n") == [
        "享受低保",
        f"{indent}且 年龄 >= 60",
        f"{indent}且 (重度残疾",
        f"{indent}   或 残疾等级 在 {{一级, 二级, 三级}}",
        f"{indent}   或 (非 重度残疾 且 医疗费用 >= 100000元 且 年龄 在 18..110 且 非 享受低保))",
    ]


@pytest.mark.parametrize(("latin", "signs"), [("abcdef", "且"), ("abcdefg", "and"), ("abcde", "且")])
def test_a_language_is_that_of_most_words_a_sign_counting_as_three_letters(
    tmp_path: Path, latin: str, signs: str
) -> None:
    """Two signs, of a name and of a keyword, and six letters: as much of either, which is Chinese."""
    named = (("a", "甲"), (latin, "乙"))
    facts = (f"- {{name: {name}, label: {label}, for: household, type: truth}}\n" for name, label in named)
    written(tmp_path, "".join(facts), policy(f"甲 且    {latin}"))
    format_folder(tmp_path, None, write=True)
    assert f"甲 {signs} {latin}" in (tmp_path / "policies.yaml").read_text(encoding="utf-8")
