"""Foreign tables: what is proposed for their headers, what a mapping file says, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from fupin_policy import load
from fupin_policy.batch.mapping import Headers, Mapping, implied_mapping, propose, read_mapping
from fupin_policy.diagnostics import Reporter

PROGRAM = load().program
OWN = Headers("户.csv", ("户编号", "乡镇", "人均收入", "备注一二三四五六七八九十"))
INNER = Headers("人.csv", ("户编号", "人编号", "出生年月", "是否低保户"))

GOOD = """
kind: mapping
households:
  household: 户编号
  columns:
    - {column: 乡镇, fact: 乡镇}
    - {column: 人均收入, fact: per_capita_income}
  ignored: [备注一二三四五六七八九十]
members:
  household: 户编号
  member: 人编号
  columns:
    - {column: 出生年月, fact: 出生日期}
    - column: 是否低保户
      fact: 是否享受低保
      values: [{given: 1, means: 是}, {given: 2, means: 否}]
"""


def read(
    text: str, tmp_path: Path, own: Headers = OWN, inner: Headers | None = INNER
) -> tuple[Mapping | None, Reporter]:
    path, reporter = tmp_path / "对照.yaml", Reporter()
    path.write_text(text, encoding="utf-8")
    return read_mapping(path, PROGRAM, own, inner, reporter), reporter


def test_a_mapping_is_read(tmp_path: Path) -> None:
    income = next(fact.name for fact in PROGRAM.facts if fact.label == "人均纯收入")
    found, reporter = read(GOOD.replace("per_capita_income", income), tmp_path)
    assert reporter.diagnostics == ()
    assert found is not None and found.members is not None
    assert [column.fact.label for column in found.households.columns] == ["乡镇", "人均纯收入"]
    assert found.members.columns[1].values == (("1", "是"), ("2", "否"))
    assert (found.members.household, found.members.member) == ("户编号", "人编号")


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "suggestion"),
    [
        ("fact: 出生日期", "fact: 出生日子", "B106", "对照.yaml:13:28", "出生日期"),
        ("column: 出生年月", "column: 出生月", "B104", "对照.yaml:13:16", "出生年月"),
        ("  ignored: [备注一二三四五六七八九十]\n", "", "B103", "户.csv:备注一二三四五六七八九十", None),
        ("per_capita_income", "乡镇", "B107", "对照.yaml:7:16", None),
        ("  member: 人编号\n", "", "Y202", "对照.yaml", None),
        ("values: [{given: 1, means: 是}", "values: [{given: 1}", "Y202", "对照.yaml", None),
        ("household: 户编号\n  columns", "household: 户号\n  columns", "B104", "对照.yaml:4:14", "户编号"),
    ],
)  # fmt: skip
def test_what_is_wrong_has_a_place(
    tmp_path: Path, old: str, new: str, code: str, place: str, suggestion: str | None
) -> None:
    income = next(fact.name for fact in PROGRAM.facts if fact.label == "人均纯收入")
    text = GOOD.replace(old, new, 1)
    found, reporter = read(text.replace("per_capita_income", income), tmp_path)
    problems = {one.code: one for one in reporter.diagnostics}
    assert found is None and code in problems, reporter.diagnostics
    assert place in problems[code].place
    if suggestion is not None:
        assert problems[code].suggestion == suggestion


def test_a_proposal_is_a_mapping_that_asks_to_be_checked(tmp_path: Path) -> None:
    text = propose(PROGRAM, OWN, INNER)
    assert '{column: "人均收入", fact: "人均纯收入"}  # 请核对 / check' in text
    assert '- "备注一二三四五六七八九十"' in text
    found, reporter = read(text, tmp_path)
    assert reporter.diagnostics == () and found is not None and found.members is not None
    labels = {column.header: column.fact.label for column in (*found.households.columns, *found.members.columns)}
    assert labels["乡镇"] == "乡镇" and labels["出生年月"] == "出生日期"


def test_odd_headers_survive_the_proposal(tmp_path: Path) -> None:
    odd = Headers("户.csv", ("户编号", 'a"b', "c\\d", "e: f", "#g", "换\n行", "乡镇"))
    found, reporter = read(propose(PROGRAM, odd, None), tmp_path, odd, None)
    assert reporter.diagnostics == ()
    assert found is not None and [column.header for column in found.households.columns] == ["乡镇"]


def test_headers_that_are_facts_need_no_mapping() -> None:
    reporter = Reporter()
    found = implied_mapping(PROGRAM, Headers("h", ("编号", "乡镇", "脱贫属性")), None, reporter)
    assert reporter.diagnostics == () and found.households.household == "编号"
    implied_mapping(PROGRAM, Headers("h", ("乡镇", "乡真")), INNER, reporter)
    assert {one.code for one in reporter.diagnostics} == {"B103", "B105"}
