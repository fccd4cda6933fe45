"""The command line with one household: what it is given, what it prints, what the library itself decides.

In: texts, arguments. Out: files, printed lines as JSON, decisions. Called by `test_cli` and `test_cli_eval`.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fupin_policy.ruleset import Ruleset, load

SHIPPED = Path(__file__).parents[2] / "policies" / "anqiu"
DAY = "2019-06-30"
HOUSEHOLD: dict[str, Any] = {
    "户编号": "h1",
    "脱贫属性": "未脱贫",
    "乡镇": "辉渠镇",
    "人均纯收入": "5099.99",
    "可依靠产业就业脱贫": "否",
    "是否危房": "是",
    "危房等级": "D级",
    "members": [
        {"id": "m1", "出生日期": "1950-01-01", "是否享受低保": "是", "残疾等级": "一级", "劳动技能": "无劳动力"},
        {"id": "m2", "出生日期": "2008-01-15", "在校生状况": "小学", "是否寄宿": "是", "劳动技能": "无劳动力"},
    ],
}


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rulesets are kept in a cache of this run, not of the user. A module that imports it has it for all its tests."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cli_cache"))


def written(folder: Path, name: str, text: str) -> str:
    """A file with a text in it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def dumped(value: object) -> str:
    """A value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False)


@cache
def shipped() -> Ruleset:
    """The shipped ruleset, compiled once."""
    return load(SHIPPED, cache=False)


def expected(household: dict[str, Any] = HOUSEHOLD) -> Any:
    """What the library itself decides, as JSON reads it back."""
    return json.loads(json.dumps(shipped().evaluate(household, DAY).as_json(), ensure_ascii=False))


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[Any]:
    """What was printed, each line read as JSON; nothing on the error stream."""
    out, err = capsys.readouterr()
    assert err == ""
    return [json.loads(line) for line in out.splitlines()]


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Give the command something on its standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def fupin(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "fupin_policy", *arguments], input=given, capture_output=True, check=False, timeout=60
    )
