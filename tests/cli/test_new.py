"""`fupin new`: a folder that checks, is wholly there or not at all, and tells how to go on."""

from __future__ import annotations

import io
import json
import re
import shlex
import sys
from pathlib import Path

import pytest
from command_line import own_cache as own_cache

from fupin_policy.cli.main import main
from fupin_policy.editor.schemas import schema_text


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder outside the repository, and nothing on the standard input."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return tmp_path


def test_what_is_written_checks_and_each_command_of_its_page_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["new", "我的县", "--year", "2026"]) == 0
    monkeypatch.chdir("我的县")
    for page in ("先读这里.md", "READ-ME-FIRST.md"):
        commands = re.findall(r"`fupin ([^`]*--as-of[^`]*|[^`]*(?:check|test) 规则)`", Path(page).read_text("utf-8"))
        assert len(commands) >= 5
        for command in commands:
            assert main(shlex.split(command)) == 0, command
    assert "高龄津贴" in Path("结果.csv").read_text("utf-8-sig")
    assert ".fupin" not in [one.name for one in Path().iterdir()]


def test_examples_try_every_part(capsys: pytest.CaptureFixture[str]) -> None:
    main(["new", "县", "--year", "2024"])
    capsys.readouterr()
    assert main(["test", "--coverage", "县/规则", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["examples"] == 4 and not found.get("untried")


def test_answers_and_options_stand_in_the_rules(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('"新"文件: #1\n\n99.5\n'))
    assert main(["new", "东县", "--department", "- 局", "-o", "甲/乙", "--year", "2025"]) == 0
    assert capsys.readouterr().out.count("]：") == 3
    main(["eval", "--ruleset", "甲/乙/规则", "--as-of", "2025-06-30", "--format", "json", "甲/乙/一户.json"])
    (decision,) = json.loads(capsys.readouterr().out)["decisions"]
    assert decision["title"]["zh"] == "高龄津贴" and decision["amount"]["min"] == "99.50"
    assert decision["departments"]["lead"][0]["zh"] == "- 局"
    assert '"\\"新\\"文件: #1"' in Path("甲/乙/规则/sources.yaml").read_text("utf-8")


def test_each_first_line_leads_to_the_schema_that_is_shipped() -> None:
    main(["new", "县"])
    main(["new", "教", "--lesson"])
    files = [*Path().rglob("*.yaml")]
    assert len(files) > 14
    for file in files:
        first = file.read_text("utf-8").splitlines()
        found = file.parent / first[0].removeprefix("# yaml-language-server: $schema=")
        assert found.read_text("utf-8") == schema_text(first[1].removeprefix("kind: ")), file


def test_the_lesson_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "教", "--lesson"]) == 0
    assert main(["test", "教/规则"]) == 0
    assert main(["eval", "--ruleset", "教/规则", "--as-of", "2019-06-30", "教/一户.json"]) == 0


def test_nothing_is_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("夹", "文件"):
        if name == "夹":
            Path(name).mkdir()
        else:
            Path(name).write_text("mine", encoding="utf-8")
        assert main(["new", name]) == 1
        assert "B280" in capsys.readouterr().err
    assert [*Path("夹").iterdir()] == [] and Path("文件").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--amount", "很多"], "B281"),
        (["--amount", "-1"], "B281"),
        (["--policy", " "], "B282"),
        (["--year", "26"], "B283"),
        (["--policy", "高\u202e龄"], "Y127"),
    ],
)
def test_what_cannot_be_used_leaves_nothing(
    options: list[str], code: str, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "县", *[f"{options[0]}={options[1]}"]]) == 1
    assert code in capsys.readouterr().err
    assert [*elsewhere.iterdir()] == []
