"""`fupin chart`: files, text, JSON, and what it says of wrong questions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from matplotlib.ft2font import FT2Font

from fupin_policy.cli.main import main

HOUSEHOLD = {
    "id": "户一",
    "脱贫属性": "未脱贫",
    "人均纯收入": 3000,
    "members": [
        {
            "id": "m1",
            "出生日期": "1950-03-01",
            "是否享受低保": "是",
            "是否参加城乡居民基本医疗保险": "是",
            "是否患病就诊": "是",
        },
        {"id": "m2", "在校生状况": "小学", "是否享受低保": "否"},
    ],
}


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "h.json"
    path.write_text(json.dumps(HOUSEHOLD, ensure_ascii=False), encoding="utf-8")
    return str(path)


def asked(file: str, fact: str, *more: str) -> list[str]:
    return ["chart", file, "--as-of", "2019-06-30", "--vary", fact, *more]


@pytest.mark.parametrize(
    ("fact", "lang", "suffix"),
    [
        ("人均纯收入", "zh", ".svg"),
        ("m1.出生日期", "en", ".png"),
        ("m1.目录内费用", "zh", ".png"),
        ("m2.在校生状况", "zh", ".png"),
        ("m1.boarding", "en", ".svg"),
    ],
)
def test_a_file_is_drawn_and_is_the_same_each_time(
    file: str, tmp_path: Path, fact: str, suffix: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A glyph that the font lacks would be a warning, and so a failure."""
    files = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for one in files:
        assert main(asked(file, fact, "--lang", lang, "-o", str(one))) == 0
    assert str(files[0]) in capsys.readouterr().out
    content = files[0].read_bytes()
    assert content == files[1].read_bytes()
    assert content.startswith(b"\x89PNG" if suffix == ".png" else b"<?xml")
    if suffix == ".svg":
        # outlines only: nothing is left for the reader's machine to find a font for
        assert b"<text" not in content and b"font-family" not in content


def test_the_font_has_every_character_of_the_rules() -> None:
    from importlib.util import find_spec

    from fupin_policy import load
    from fupin_policy.reports.charts.sheet import _FILE, _PACKAGE

    spec = find_spec(_PACKAGE)
    assert spec is not None and spec.origin is not None
    known = FT2Font(str(Path(spec.origin).parent / _FILE)).get_charmap()
    ruleset = load()
    words = [one.title.zh for one in ruleset.policies] + [one.label for one in ruleset.facts]
    words += [code.label for codes in ruleset.program.code_lists.values() for code in codes.codes]
    assert {char for word in words for char in word if ord(char) not in known} == set()


def test_as_text(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(file, "m1.出生日期")) == 0
    shown = capsys.readouterr().out
    assert "1929-07-01  低保老年人高龄津贴: 符合 每月 200.00 元 [m1] → 符合 每月 100.00 元 [m1]" in shown
    assert "1929-07-01  一年合计少 1,200.00（低保老年人高龄津贴）" in shown
    assert "本户: 1950-03-01" in shown and "金额为暂定" in shown and "月的乘 12" in shown


def test_in_english(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(file, "m1.birth_date", "--lang", "en")) == 0
    shown = capsys.readouterr().out
    assert "1929-07-01  total a year loses 1,200.00 (Old-age allowance)" in shown and "as given: 1950-03-01" in shown


def data_of(file: str, fact: str, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert main(asked(file, fact, "--format", "json", *more)) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_as_json(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = data_of(file, "m1.目录内费用", capsys, "--from", "0", "--to", "1000")
    assert found["segments"][0]["from"] == "0" and found["settled"]
    assert found["segments"][-1]["to"] == "1000"
    assert "500.01" in {one["at"] for one in found["thresholds"]}
    cliffs = data_of(file, "m1.出生日期", capsys)["cliffs"]
    first = next(one for one in cliffs if one["at"] == "1929-07-01")
    assert first["lost"] == {"min": "1200.00", "max": "1200.00"} and first["per"] == "year"


def test_codes_as_json(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = data_of(file, "m2.在校生状况", capsys)
    assert found["own"] == "小学" and len(found["cases"]) == 21 and found["segments"] == []


def test_json_and_a_drawing(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "c.svg"
    assert data_of(file, "人均纯收入", capsys, "-o", str(target))["fact"] == "income_per_head"
    assert target.exists()


@pytest.mark.parametrize(
    ("fact", "more", "code"),
    [
        ("人均纯收", [], "H011"),
        ("m9.出生日期", [], "H082"),
        ("出生日期", [], "H081"),
        ("m1.人均纯收入", [], "H080"),
        ("户主姓名", [], "H083"),
        ("m1.姓名", [], "H083"),
        ("m2.在校生状况", ["--from", "1"], "H084"),
        ("人均纯收入", ["--from", "9", "--to", "8"], "H085"),
        ("人均纯收入", ["--from", "9e9"], "H021"),
        ("人均纯收入", ["--to", "99999999999"], "H024"),
        ("人均纯收入", ["--to", "1.234"], "H023"),
        ("m1.出生日期", ["--from", "1800-01-01"], "H027"),
        ("m1.出生日期", ["--from", "2020-01-01"], "H028"),
        ("m1.出生日期", ["--from", "昨天"], "H025"),
        ("人均纯收入", ["-o", "chart.pdf"], "H086"),
    ],
)
def test_wrong_questions(file: str, fact: str, more: list[str], code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(file, fact, *more)) == 1
    assert code in capsys.readouterr().err


def test_a_near_name_is_suggested(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(asked(file, "人均纯收"))
    assert "人均纯收入" in capsys.readouterr().err


def test_one_household_a_drawing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "two.json"
    path.write_text(json.dumps([HOUSEHOLD, {**HOUSEHOLD, "id": "户二"}]), encoding="utf-8")
    assert main(asked(str(path), "人均纯收入", "-o", str(tmp_path / "a.svg"))) == 1
    assert "H087" in capsys.readouterr().err
    assert main(asked(str(path), "人均纯收入")) == 0
    shown = capsys.readouterr().out
    assert "户一" in shown and "户二" in shown


@pytest.mark.parametrize("package", ["matplotlib", "zhplot"])
def test_without_the_extra(file: str, tmp_path: Path, package: str) -> None:
    # in a process of its own: a module that was imported without the package would stay so for other tests
    entry = "from fupin_policy.cli.main import main; sys.exit(main(sys.argv[1:]))"
    program = f"import sys; sys.modules[{package!r}] = None; {entry}"
    arguments = asked(file, "人均纯收入", "-o", str(tmp_path / "a.svg"))
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", program, *arguments], capture_output=True, check=False)
    shown = done.stderr.decode()
    assert done.returncode == 1
    assert "B114" in shown and "fupin-policy[chart]" in shown
