"""The path that the staff guide shows, command by command, on an invented registry whose headers are not the facts'."""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path

import pytest

from fupin_policy.cli.main import main

GUIDE = Path(__file__).parents[2] / "docs" / "guide.zh.md"


@pytest.fixture
def registry(tmp_path: Path) -> tuple[Path, Path]:
    """600 households with two headers renamed, one of them beyond guessing."""
    assert main(["synth", "--households", "600", "--seed", "3", "-o", str(tmp_path / "r")]) == 0
    path = tmp_path / "r" / "members.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows[0] = [{"出生日期": "出生年月日", "文化程度": "学历"}.get(name, name) for name in rows[0]]
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    return tmp_path / "r" / "households.csv", path


def test_the_whole_path(registry: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files, mapping = [str(path) for path in registry], tmp_path / "map.yaml"
    assert main(["run", *files, "--as-of", "2019-06-30", "-o", str(tmp_path / "out.parquet")]) == 1
    assert "B103" in capsys.readouterr().err
    assert main(["map", *files, "-o", str(mapping)]) == 0
    assert '{column: "出生年月日", fact: "出生日期"}  # 请核对' in mapping.read_text(encoding="utf-8")
    given = ["--mapping", str(mapping), "--as-of", "2019-06-30"]
    capsys.readouterr()
    assert main(["run", *files, *given, "-o", str(tmp_path / "out.parquet"), "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["households"] == {"read": 600, "decided": 600, "rejected": 0} and said["decisions"] > 600
    assert main(["run", *files, *given, "-o", str(tmp_path / "wide.csv"), "--form", "wide", "--raw"]) == 0
    assert len((tmp_path / "wide.csv").read_text(encoding="utf-8-sig").splitlines()) == 601
    assert main(["summary", str(tmp_path / "out.parquet"), "-o", str(tmp_path / "s.html"), "--format", "json"]) == 0
    assert (tmp_path / "s.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert main(["worklist", str(tmp_path / "out.parquet"), "-o", str(tmp_path / "lists")]) == 0
    assert "--missing" in capsys.readouterr().out
    assert any((tmp_path / "lists").rglob("*.xlsx"))


def test_only_some_policies_and_outcomes(registry: tuple[Path, Path], tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    files = [str(path) for path in registry]
    main(["map", *files, "-o", str(mapping)])
    given = [
        "run",
        *files,
        "--mapping",
        str(mapping),
        "--as-of",
        "2019-06-30",
        "-o",
        str(tmp_path / "out.csv"),
        "--raw",
    ]
    assert main([*given, "--policy", "elderly.old_age_allowance", "--status", "eligible", "--keep", "行政村"]) == 0
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows and {(row["policy"], row["status"]) for row in rows} == {("elderly.old_age_allowance", "eligible")}
    assert all(row["行政村"] for row in rows) and "姓名" not in rows[0]


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        (["--policy", "elderly.old_age_alowance"], "B117"),
        (["--keep", "没有这项"], "B106"),
        (["-o", "out.docx"], "B108"),
        (["--as-of", "1900-01-01"], "H041"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_read(
    extra: list[str], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = Path(__file__).parents[2] / "policies" / "anqiu" / "demo"
    files = [str(demo / "households.csv"), str(demo / "members.csv")]
    monkeypatch.chdir(tmp_path)
    assert main(["run", *files, "--as-of", "2019-06-30", "-o", "out.parquet", *extra]) == 1
    assert code in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "package,command,extra",
    [
        ("duckdb", ["map", "a.csv"], "batch"),
        ("pyspark", ["run", "a.csv", "--as-of", "2019-06-30", "-o", "b.csv", "--engine", "spark"], "spark"),
    ],
)
def test_a_missing_package_is_named(
    package: str, command: list[str], extra: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("fupin_policy.batch")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    assert main(command) == 1
    said = capsys.readouterr().err
    assert "B114" in said and f"fupin-policy[{extra}]" in said


@pytest.mark.parametrize(
    ("page", "first", "after"),
    [("guide.zh.md", "### 计算整个登记册", "## 九、"), ("guide.md", "### Decide a whole registry", "## Read error")],
)
def test_the_guide_names_every_option(page: str, first: str, after: str) -> None:
    text = (GUIDE.parent / page).read_text(encoding="utf-8")
    section = text[text.index(first) : text.index(after)]
    from fupin_policy.cli.main import parser_in

    commands = next(action for action in parser_in("both")._actions if action.dest == "command").choices
    assert isinstance(commands, dict)
    options = {option for action in commands["run"]._actions for option in action.option_strings if option[:2] == "--"}
    assert {one for one in options - {"--help", "--ruleset", "--format", "--output"} if one not in section} == set()
    assert re.search(r"fupin summary .*-o", section)
