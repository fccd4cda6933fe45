"""Registry extracts: encodings, joining, and problems with file and line. In: CSV texts. Called by pytest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from programs import PROGRAM

from fupin_policy import load
from fupin_policy.core.days import to_day
from fupin_policy.diagnostics import Reporter, render
from fupin_policy.intake import Intake
from fupin_policy.intake.csv_extract import read_extract

HOUSEHOLDS = '户编号,家庭纯收入,是否享受低保,村人口\r\nh2,"12,345.60",是,300\r\nh1,,否,\r\n'
MEMBERS = (
    "户编号,人编号,姓名,出生日期,健康状况\nh1,1,甲,19590630,健康\nh2,1,乙,1959/3,\nh1,2,丙,,长期慢性病、患有大病\n"
)


def read(
    folder: Path, households: str | bytes, members: str | bytes, encoding: str = "utf-8"
) -> tuple[list[Mapping[str, Any]], list[tuple[str, str]], Reporter]:
    paths = folder / "households.csv", folder / "members.csv"
    for path, text in zip(paths, (households, members), strict=True):
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    reporter = Reporter()
    found = read_extract(*paths, PROGRAM, reporter)
    for problem in reporter.diagnostics:
        assert render(problem)
    return found, [(d.code, d.place.replace(f"{folder}/", "")) for d in reporter.diagnostics], reporter


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_an_extract_is_joined_in_the_order_of_households(tmp_path: Path, encoding: str) -> None:
    found, problems, reporter = read(tmp_path, HOUSEHOLDS, MEMBERS, encoding)
    assert not problems
    assert found == [
        {
            "id": "h2",
            "家庭纯收入": "12,345.60",
            "是否享受低保": "是",
            "village": {"村人口": "300"},
            "members": [{"id": "1", "姓名": "乙", "出生日期": "1959/3"}],
        },
        {
            "id": "h1",
            "是否享受低保": "否",
            "members": [
                {"id": "1", "姓名": "甲", "出生日期": "19590630", "健康状况": "健康"},
                {"id": "2", "姓名": "丙", "健康状况": "长期慢性病、患有大病"},
            ],
        },
    ]
    intake = Intake(PROGRAM)
    assert all(intake.read(one, to_day(date(2019, 6, 30)), reporter) for one in found)


def test_rows_that_do_not_fit_together(tmp_path: Path) -> None:
    households = "户编号,income\nh1,1\nh1,2\n,3\nh3,4\nh4,5,6\n"
    members = '户编号,人编号,姓名\nh1,1,"甲\n乙"\nh1,1,丙\nh9,1,丁\nh1,,戊\n'
    found, problems, _ = read(tmp_path, households, members)
    assert problems == [
        ("H065", "households.csv:3:1"),
        ("H069", "households.csv:4:1"),
        ("H067", "households.csv:5:1"),
        ("H064", "households.csv:6:1"),
        ("H066", "members.csv:4:1"),
        ("H068", "members.csv:5:1"),
        ("H069", "members.csv:6:1"),
    ]
    assert [one["id"] for one in found] == ["h1", "h3"]


def test_columns(tmp_path: Path) -> None:
    _, problems, reporter = read(
        tmp_path, "户编号,家庭纯收人,收支,income,纯收入\nh1,,,,\n", "户编号,人编号,家庭纯收入\nh1,1,2\n"
    )
    assert sorted(problems) == [
        ("H061", "households.csv:1:1"),
        ("H061", "households.csv:1:1"),
        ("H061", "members.csv:1:1"),
        ("H063", "households.csv:1:1"),
    ]
    assert "家庭纯收入" in {d.suggestion for d in reporter.diagnostics}
    assert ("H062", "members.csv:1:1") in read(tmp_path, HOUSEHOLDS, "户编号,姓名\nh1,甲\n")[1]


@pytest.mark.parametrize(
    ("households", "members", "absent"),
    [
        (HOUSEHOLDS.replace("户编号", "户号码"), MEMBERS, "户编号"),
        (HOUSEHOLDS, MEMBERS.replace("人编号", "人号码"), "人编号"),
        (HOUSEHOLDS, MEMBERS.replace("户编号", "户号码"), "户编号"),
    ],
)
def test_the_identifier_that_is_absent_is_named(tmp_path: Path, households: str, members: str, absent: str) -> None:
    reporter = read(tmp_path, households, members)[2]
    (said,) = (one for one in reporter.diagnostics if one.code == "H062")
    assert f"“{absent}”" in said.sentence("zh")


def test_without_declared_identifiers_the_columns_have_their_usual_names(tmp_path: Path) -> None:
    paths = tmp_path / "households.csv", tmp_path / "members.csv"
    for path, text in zip(paths, (HOUSEHOLDS, MEMBERS), strict=True):
        path.write_text(text, encoding="utf-8")
    reporter = Reporter()
    found = read_extract(*paths, replace(PROGRAM, identifiers={}), reporter)
    assert not reporter.diagnostics and [len(household["members"]) for household in found] == [1, 2]


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    assert ("H060", "households.csv:1:1") in read(tmp_path, "", MEMBERS)[1]
    assert ("H070", "households.csv:1:1") in read(tmp_path, b"\xff\xfe\x00", MEMBERS)[1]
    assert ("H070", "members.csv:1:1") in read(tmp_path, HOUSEHOLDS, "户编号,人编号\nh1,\0\n")[1]
    assert ("H071", "members.csv:3:1") in read(tmp_path, HOUSEHOLDS, '户编号,人编号\nh1,1\nh2,"1')[1]


def test_a_fact_by_month_has_a_column_for_each_month_and_one_for_the_rest(tmp_path: Path) -> None:
    program = load(Path(__file__).parents[2] / "docs" / "examples" / "months").program
    households, members = tmp_path / "households.csv", tmp_path / "members.csv"
    households.write_text("户编号,享受低保 2019-06\nh1,是\n", encoding="utf-8")
    members.write_text("户编号,人编号,工资 each,工资 2019-03,工资（上月）\nh1,m1,2000,9000,1\n", encoding="utf-8")
    reporter = Reporter()
    found = read_extract(households, members, program, reporter)
    assert found == [
        {
            "id": "h1",
            "享受低保": {"2019-06": "是"},
            "members": [{"id": "m1", "工资": {"each": "2000", "2019-03": "9000"}}],
        }
    ]
    (problem,) = reporter.diagnostics
    assert (problem.code, "工资（上月）" in problem.sentence("zh")) == ("H061", True)
