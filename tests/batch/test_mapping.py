"""Foreign tables: what is proposed for their headers, what a mapping file says, and what is wrong with one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy import load
from fupin_policy.batch.header_row import named
from fupin_policy.batch.implied_mapping import implied_mapping
from fupin_policy.batch.mapping import Headers, MappedColumn, RegistryMapping
from fupin_policy.batch.mapping_file import read_mapping
from fupin_policy.batch.mapping_proposal import propose
from fupin_policy.batch.staging import column_sql
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
) -> tuple[RegistryMapping | None, Reporter]:
    path, reporter = tmp_path / "对照.yaml", Reporter()
    path.write_text(text, encoding="utf-8")
    return read_mapping(path, PROGRAM, own, inner, reporter), reporter


def test_a_mapping_is_read(tmp_path: Path) -> None:
    income = next(fact.name for fact in PROGRAM.facts if fact.label == "人均纯收入")
    found, reporter = read(GOOD.replace("per_capita_income", income), tmp_path)
    assert not reporter.diagnostics
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
    assert not reporter.diagnostics and found is not None and found.members is not None
    labels = {column.header: column.fact.label for column in (*found.households.columns, *found.members.columns)}
    assert labels["乡镇"] == "乡镇" and labels["出生年月"] == "出生日期"


def test_odd_headers_survive_the_proposal(tmp_path: Path) -> None:
    odd = Headers("户.csv", ("户编号", 'a"b', "c\\d", "e: f", "#g", "换\n行", "乡镇"))
    found, reporter = read(propose(PROGRAM, odd, None), tmp_path, odd, None)
    assert not reporter.diagnostics
    assert found is not None and [column.header for column in found.households.columns] == ["乡镇"]


def test_headers_that_are_facts_need_no_mapping() -> None:
    reporter = Reporter()
    found = implied_mapping(PROGRAM, Headers("h", ("编号", "乡镇", "脱贫属性")), None, reporter)
    assert not reporter.diagnostics and found.households.household == "编号"
    implied_mapping(PROGRAM, Headers("h", ("乡镇", "乡真")), INNER, reporter)
    assert {one.code for one in reporter.diagnostics} == {"B103", "B105"}


@pytest.mark.fault("E6")
@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("{given: 2, means: 否}", "{given: 1, means: 否}", ["B163 对照.yaml:16:46"]),
        ("{given: 2, means: 否}", "{given: 1, means: 是}", []),
        ("ignored: [备注一二三四五六七八九十]", "ignored: [备注一二三四五六七八九十, 乡镇]", ["B164 对照.yaml:8:27"]),
        ("ignored: [备注一二三四五六七八九十]", "ignored: [备注一二三四五六七八九十, 户编号]", ["B165 对照.yaml:8:27"]),
        ("ignored: [备注一二三四五六七八九十]", "ignored: [备注一二三四五六七八九十, 备住]", ["B104 对照.yaml:8:27"]),
        ("fact: 人均纯收入}", "fact: 人均纯收入, factor: 0}", ["B166 对照.yaml:7:43"]),
        ("fact: 乡镇}", "fact: 乡镇, factor: 10}", ["B166 对照.yaml:6:38"]),
        ("fact: 人均纯收入}", "fact: 人均纯收入, factor: 10000}", []),
    ],
)  # fmt: skip
def test_what_a_mapping_says_twice_or_of_nothing(tmp_path: Path, old: str, new: str, found: list[str]) -> None:
    text = GOOD.replace("per_capita_income", "人均纯收入")
    assert old in text
    _, reporter = read(text.replace(old, new, 1), tmp_path)
    assert [f"{one.code} {one.place.rpartition('/')[2]}" for one in reporter.diagnostics] == found


@pytest.mark.fault("E6")
def test_a_mapping_that_is_no_file_is_refused(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "对照.yaml")
    reporter = Reporter()
    assert read_mapping(tmp_path / "对照.yaml", PROGRAM, OWN, INNER, reporter) is None
    assert [one.code for one in reporter.diagnostics] == ["Y117"]


@pytest.mark.fault("E6")
@given(st.lists(st.text(min_size=1, max_size=6), max_size=6, unique=True))
@settings(max_examples=60, deadline=None)
def test_what_is_proposed_is_taken(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    seen = dict.fromkeys(named(["户编号", "乡镇", *names]))
    table = Headers("户.csv", tuple(seen))
    found, reporter = read(propose(PROGRAM, table, None), tmp_path_factory.mktemp("map"), table, None)
    assert not reporter.diagnostics
    assert found is not None and found.households.columns[0].header == "乡镇"


@pytest.mark.fault("E6")
def test_two_headers_of_one_fact_are_not_both_proposed(tmp_path: Path) -> None:
    fact = next(fact for fact in PROGRAM.facts if fact.label == "乡镇")
    table = Headers("户.csv", ("户编号", *fact.keys))
    found, reporter = read(propose(PROGRAM, table, None), tmp_path, table, None)
    assert not reporter.diagnostics and found is not None and len(found.households.columns) == 1


@pytest.mark.fault("B11")
@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("医疗总费用（万元）", 'column: "医疗总费用（万元）", fact: "医疗总费用", factor: 10000}  # 请核对'),
        ("医疗费用(单位：千元)", 'column: "医疗费用(单位：千元)", fact: "医疗总费用", factor: 1000}  # 请核对'),
        ("医疗总费用（元）", 'column: "医疗总费用（元）", fact: "医疗总费用"}  # 请核对'),
        ("医疗总费用（次）", '- "医疗总费用（次）"'),
        ("医疗总费用（%）", '- "医疗总费用（%）"'),
        ("耕地面积（万元）", '- "耕地面积（万元）"'),
    ],
)
def test_the_unit_in_a_header_is_read(header: str, line: str) -> None:
    table = Headers("t", ("户编号", "人编号", header))
    text = propose(PROGRAM, Headers("h", ("户编号", header)), table)
    assert line in text


@pytest.mark.fault("B11")
@pytest.mark.parametrize(("given", "amount"), [("1.2", "12000"), ("0.00015", "1.5"), ("-0", "0"), ("100", "1000000")])
def test_a_factor_brings_amounts_to_the_facts_unit(given: str, amount: str) -> None:
    assert staged(given) == amount


@pytest.mark.fault("B11")
@pytest.mark.parametrize("given", ["1.2万", "很多", "1e3", "1,000"])
def test_what_is_no_plain_number_is_not_multiplied(given: str) -> None:
    assert staged(given) == f"{given} × 10000"


@pytest.mark.fault("B11")
@pytest.mark.parametrize("given", [None, "", "  "])
def test_what_is_said_of_nothing_holds_of_empty_cells(given: str | None) -> None:
    fact = next(fact for fact in PROGRAM.facts if fact.label == "是否享受低保")
    columns = [MappedColumn("低保", fact, values) for values in ((("", "否"),), (("√", "是"),))]
    with duckdb.connect() as connection:
        chosen = ", ".join(map(column_sql, columns))
        found = connection.execute(f'SELECT {chosen} FROM (SELECT CAST(? AS VARCHAR) AS "低保")', [given]).fetchone()
    assert found == ("否", given)


def staged(text: str) -> str:
    """What a cell of a column with a factor is staged as."""
    fact = next(fact for fact in PROGRAM.facts if fact.label == "医疗总费用")
    sql = column_sql(MappedColumn("费用", fact, (), Decimal(10000)))
    with duckdb.connect() as connection:
        found = connection.execute(f'SELECT {sql} FROM (SELECT ? AS "费用")', [text]).fetchone()
    assert found is not None
    return str(found[0])
