"""`fupin readings`: what it lists, and for how many households each option changes something, counted by hand too."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from fupin_policy import load
from fupin_policy.cli.main import main

RULESET = "docs/examples/readings"


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["readings", "--ruleset", RULESET, *arguments]) == 0
    return capsys.readouterr().out


def tables(folder: Path) -> list[str]:
    """Five households: with the first grade alone, the second, both, neither, and one of whom nothing is known."""
    grades = {"1": ["一级"], "2": ["二级"], "3": ["一级", "二级"], "4": ["三级"], "5": [""]}
    own, inner = folder / "户.csv", folder / "人.csv"
    own.write_text("\n".join(["户编号", *grades]) + "\n", encoding="utf-8")
    rows = [f"{home},m{at},{one}" for home, some in grades.items() for at, one in enumerate(some)]
    inner.write_text("\n".join(["户编号,人编号,残疾等级", *rows]) + "\n", encoding="utf-8")
    return [str(own), str(inner), "--as-of", "2021-06-30"]


def test_it_lists_readings_with_their_clause_and_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    told = answered(capsys)
    assert "读法.重度残疾  〔figures 3.1〕" in told
    assert "● 一级和二级（采用）" in told and "○ 只指一级  理由：按字面" in told
    english = answered(capsys, "--lang", "en")
    assert "reading severe disability" in english and "(taken)" in english
    (one,) = json.loads(answered(capsys, "--format", "json", "--open-readings", "all"))["readings"]
    assert [option["taken"] for option in one["options"]] == [False, False]


def test_it_counts_the_households_that_an_option_changes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    given = tables(tmp_path)
    found = json.loads(answered(capsys, "--format", "json", *given))
    assert found["households"] == 5
    # the second grade alone, and beside the first; what is open stays so
    assert [option.get("households") for option in found["readings"][0]["options"]] == [2, None]
    opened = json.loads(answered(capsys, "--format", "json", "--open-readings", "重度残疾", *given))
    assert [option.get("households") for option in opened["readings"][0]["options"]] == [2, 2]


def test_only_some_policies_are_counted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """By id or title; one that there is not is refused with what is near."""
    given = tables(tmp_path)
    first, care = load(RULESET).policies[0], "recipe.care"
    for name, changed in ((first.title.zh, 0), (care, 2)):
        found = json.loads(answered(capsys, "--format", "json", *given, "--policy", name))
        assert found["readings"][0]["options"][0]["households"] == changed
    assert main(["readings", "--ruleset", RULESET, *given, "--policy", first.title.zh[:-1]]) == 1
    assert "B117" in (told := capsys.readouterr().err) and f"是否想写“{first.title.zh}”" in told
    run = ["run", "--ruleset", RULESET, *given, "-o", str(tmp_path / "out.csv"), "--policy", first.title.zh]
    assert main([*run, "--raw"]) == 0
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["policy"] for row in csv.DictReader(file)} == {first.id}


def test_a_ruleset_without_readings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["readings", "--ruleset", "docs/examples/lesson"]) == 0
    assert capsys.readouterr().out.strip() == "没有登记读法"
