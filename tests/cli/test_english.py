"""`--lang en` prints no Chinese: the English label of a fact, code, term or parameter, or else its English name."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import pytest

from fupin_policy.cli.main import main
from fupin_policy.ruleset import check_folder, load

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
CHINESE = re.compile("[\u3400-\u9fff]")
DAY = ["--as-of", "2019-06-30", "--lang", "en"]
HOUSEHOLD = {"id": "h1", "乡镇": "东河镇", "members": [{"id": "m1", "出生日期": "1959"}, {"id": "m2"}]}
LABELS = (
    ("facts.yaml", "label: 享受低保", "label: {zh: 享受低保, en: receives the allowance}"),
    ("facts.yaml", "label: 出生日期", "label: {zh: 出生日期, en: born on}"),
    ("facts.yaml", "label: 残疾等级", "label: {zh: 残疾等级, en: degree of disability}"),
    ("facts.yaml", "label: 一级", "label: {zh: 一级, en: first degree}"),
    ("terms.yaml", "label: 年龄", "label: {zh: 年龄, en: age in years}"),
    ("parameters.yaml", "label: 津贴_60至79岁", "label: {zh: 津贴_60至79岁, en: allowance up to 79}"),
    ("places.yaml", "label: 东河镇", "label: {zh: 东河镇, en: Donghe}"),
)

pytestmark = pytest.mark.fault("A19")


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """The lesson with English labels."""
    folder = Path(shutil.copytree(LESSON, tmp_path / "lesson"))
    for file, old, new in LABELS:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, old
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.fixture
def household(tmp_path: Path) -> str:
    path = tmp_path / "h.json"
    path.write_text(json.dumps(HOUSEHOLD, ensure_ascii=False), encoding="utf-8")
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    main(list(command))
    out, err = capsys.readouterr()
    assert not CHINESE.search(out), out
    assert not err
    return out


def test_decisions_explanations_and_timelines(
    labelled: Path, household: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("eval", "explain"):
        out = said(capsys, command, household, "--ruleset", str(labelled), *DAY)
        assert "born on" in out and "degree of disability" in out
    out = said(capsys, "explain", household, "--ruleset", str(labelled), *DAY)
    assert "age in years" in out and "receives the allowance" in out and "allowance up to 79" in out
    span = ["--lang", "en", "--from", "2019-01-01", "--to", "2019-12-31"]
    said(capsys, "timeline", household, "--ruleset", str(labelled), *span)


def test_without_a_label_the_english_name(household: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "eval", household, "--ruleset", str(LESSON), *DAY)
    assert "m1, m2.birth date" in out
    assert "on allowance" in said(capsys, "explain", household, "--ruleset", str(LESSON), *DAY)


def test_questions(
    labelled: Path, household: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n" * 30))
    out = said(capsys, "interview", household, "--ruleset", str(labelled), *DAY)
    assert "m1's born on" in out
    assert "first degree" in out


def test_differences(labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("z3")
    other = Path(shutil.copytree(labelled, tmp_path / "other"))
    text = (other / "policies.yaml").read_text(encoding="utf-8")
    (other / "policies.yaml").write_text(text.replace("年龄 >= 60", "年龄 >= 61", 1), encoding="utf-8")
    out = said(capsys, "diff", str(labelled), str(other), *DAY)
    assert "Old-age allowance" in out


def test_charts(labelled: Path, household: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for fact in ("出生日期", "残疾等级"):
        out = said(capsys, "chart", household, "--ruleset", str(labelled), *DAY, "--vary", f"m1.{fact}")
        assert "born on" in out or "degree of disability" in out


def test_rules_and_data_use_the_chinese_label_as_before(labelled: Path) -> None:
    plain, changed = check_folder(LESSON), check_folder(labelled)
    assert [fact.keys for fact in changed.facts] == [fact.keys for fact in plain.facts]
    assert changed.code_lists["disability_level"].codes[0].words.en == "first degree"
    assert (
        load(labelled, cache=False).evaluate(HOUSEHOLD, "2019-06-30").as_json()["decisions"]
        == (load(LESSON, cache=False).evaluate(HOUSEHOLD, "2019-06-30").as_json()["decisions"])
    )
