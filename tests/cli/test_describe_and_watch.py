"""`fupin describe` and `fupin check --watch`: what an editor would tell, without one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command_line import own_cache as own_cache

from fupin_policy.cli.main import main
from fupin_policy.documents.file_state import file_state

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"


def described(capsys: pytest.CaptureFixture[str], name: str, *more: str) -> str:
    assert main(["describe", name, "--ruleset", str(LESSON), *more]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "expected", "uses"),
    [
        ("享受低保", "事实 · 户", 7),
        ("年龄", "0 岁 .. 120 岁", 3),
        ("age", "0 岁 .. 120 岁", 3),
        ("一级", "代码 · disability_level", 1),
        ("参数.津贴_60至79岁", "示例 · lesson-figures", 1),
        ("县民政局", "Civil Affairs Bureau", 3),
        ("elderly.old_age_allowance", "2019-01-01..: 享受低保 且 年龄 >= 60", 0),
        ("lesson-1", "教学〔2018〕1号", 3),
        ("元", "单位", 3),
    ],
)
def test_each_sort_of_name_is_told_with_its_uses(
    name: str, expected: str, uses: int, capsys: pytest.CaptureFixture[str]
) -> None:
    text = described(capsys, name)
    assert expected in text and f"用在 {uses} 处" in text
    (found,) = json.loads(described(capsys, name, "--format", "json"))["names"]
    assert len(found["used"]) == uses and found["declared"] and not set(found["used"]) & set(found["declared"])
    for place in found["used"]:
        file, line, column = place.rsplit(":", 2)
        rest = Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1][int(column) - 1 :]
        assert rest.startswith((found["name"], found["label"], "参数.", *name.split(".")))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("年龄", ["- 周岁数(出生日期)"]),
        ("高龄津贴", ["- 2019-01-01..: 金额：按 年龄 的表；牵头：县民政局；依据：lesson-1 1.2"]),
        ("1.2", ["lesson-1 1.2", "没有登记", "教学〔2018〕1号 · 教学用文件", "用在 1 处", "basis: [lesson-1 1.2]"]),
        ("lesson-1 1.2", ["没有登记", "用在 1 处"]),
        ("教学〔2018〕1号", ["教学用文件", "来源"]),
        ("元", ["货币: CNY", "小数位数: 2", "1 万元 = 10000 元", "1 元 = 100 分"]),
        ("万元", ["1 万元 = 10000 元"]),
        ("且", ["且 and", "所有条件都成立"]),
        ("周岁数", ["周岁数 completed_years", "规则语言的词", "  周岁数(出生日期)"]),
    ],
)
def test_a_new_user_is_told_what_a_name_comes_to(
    name: str, expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = described(capsys, name)
    assert [one for one in expected if one not in text] == [], text


def test_a_clause_is_found_by_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("4.2", "安发〔2018〕31号 4.2", "anfa-2018-31 4.2"):
        assert main(["describe", name]) == 0
        text = capsys.readouterr().out
        assert "anfa-2018-31 4.2" in text and "牵头: 市民政局" in text and "安发〔2018〕31号 · " in text


def test_a_word_of_the_language_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    text = described(capsys, "completed_years", "--lang", "en")
    assert "completed_years(birth_date)" in text and "use" not in text.split()
    (found,) = json.loads(described(capsys, "周岁数", "--format", "json"))["names"]
    assert found["sort"] == "keyword" and found["declared"] == found["used"] == []


def test_a_value_is_that_of_the_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert "2019-06-30: 80元" in described(capsys, "津贴_60至79岁", "--as-of", "2019-06-30")
    assert "2018-06-30:" not in described(capsys, "津贴_60至79岁", "--as-of", "2018-06-30")
    assert "used" not in described(capsys, "年龄") and "3 uses" in described(capsys, "年龄", "--lang", "en")


def test_what_is_nearly_right_has_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", "年令", "--ruleset", str(LESSON)]) == 1
    said = capsys.readouterr().err
    assert "N231" in said and "年龄" in said
    assert main(["describe", "年龄", "--ruleset", str(LESSON), "--as-of", "2019-13-01"]) == 1
    assert "H040" in capsys.readouterr().err


def test_a_change_is_checked_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(LESSON, tmp_path / "lesson"))
    file = folder / "policies.yaml"
    right = file.read_text(encoding="utf-8")
    texts = [right.replace("年龄 >= 60", "年令 >= 60 "), right]

    def wait(_: float) -> None:
        if not texts:
            raise KeyboardInterrupt
        file.write_text(texts.pop(0), encoding="utf-8")

    monkeypatch.setattr("time.sleep", wait)
    assert main(["check", "--watch", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert out.count("没有问题") == 2 and out.count("Ctrl-C") == 3 * 2
    assert err.count("年令") > 0 and "interrupted" not in err


def test_files_of_what_is_extended_are_watched_too() -> None:
    county = LESSON.parent / "county"
    names = {Path(path).resolve() for path, _, _ in file_state(county)}
    assert county / "ruleset.yaml" in names and any(county not in name.parents for name in names)
