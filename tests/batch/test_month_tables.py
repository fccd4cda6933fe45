"""Tables with a row for each month beside a registry: read as columns of months are, right and wrong."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import by_month
import duckdb
import openpyxl
import pytest
from reject_rows import reject_rows
from same_runs import check_it_depends_on_nothing_else, rows_of

from fupin_policy import InputError, Ruleset
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.run import Job, Report, run
from fupin_policy.cli.main import main
from fupin_policy.core.decision import Status

DAY = "2019-06-15"
EVERY = BatchRequest(statuses=frozenset(Status), missing=True)
Rows = list[list[str]]


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return by_month.rules(tmp_path_factory.mktemp("rules"))


def write(path: Path, rows: Iterable[Sequence[str]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def registry(folder: Path, count: int, seed: int) -> tuple[dict[str, Rows], tuple[str, str], tuple[str, str]]:
    """Tables by month; and files of the same households: without months, and with a column for each."""
    chance = random.Random(seed)
    wage: Rows = [["户编号", "月份", "工资", "享受低保"]]
    pension: Rows = [["户编号", "人编号", "月份", "养老金"]]
    yearly: Rows = [["户编号", "年份", "年收入"]]
    months = [*(f"2018-{m:02}" for m in range(5, 13)), *(f"2019-{m:02}" for m in range(1, 7)), "1990-01", "each"]
    own: list[dict[str, str]] = []
    inner: list[dict[str, str]] = []
    for at in range(count):
        household = {"户编号": f"h{at}"}
        for month in chance.sample(months, chance.randrange(len(months))):
            row = [chance.choice(["", "0", "900", "1200.50"]), chance.choice(["", "是", "否"])]
            wage.append([f"h{at}", month, *row])
            household |= {f"工资 {month}": row[0], f"享受低保 {month}": row[1]}
        for year in chance.sample(["2017", "2018", "2019"], chance.randrange(4)):
            yearly.append([f"h{at}", year, value := str(chance.randrange(9000))])
            household[f"年收入 {year}"] = value
        for number in range(chance.randrange(1, 4)):
            member = {"户编号": f"h{at}", "人编号": f"m{number}", "出生日期": f"19{chance.randrange(30, 99)}-01-01"}
            for month in chance.sample(months, chance.randrange(5)):
                pension.append([f"h{at}", f"m{number}", month, value := str(chance.randrange(3000))])
                member[f"养老金 {month}"] = value
            inner.append(member)
        own.append(household)
    long = {"wage": wage, "pension": pension, "yearly": yearly}
    for rows in long.values():
        rows[1:] = chance.sample(rows[1:], len(rows) - 1)
    plain = _files(folder / "long", own, inner, lambda name: " " not in name)
    return long, plain, _files(folder / "wide", own, inner, lambda name: True)


def _files(folder: Path, own: list[dict[str, str]], inner: list[dict[str, str]], kept: Any) -> tuple[str, str]:
    folder.mkdir()
    found = []
    for name, rows in (("households", own), ("members", inner)):
        headers = [one for one in dict.fromkeys(key for row in rows for key in row) if kept(one)]
        found.append(write(folder / f"{name}.csv", [headers, *([row.get(key, "") for key in headers] for row in rows)]))
    return found[0], found[1]


def tables(folder: Path, long: dict[str, Rows]) -> tuple[str, ...]:
    return tuple(write(folder / f"{name}.csv", rows) for name, rows in long.items())


def decided(rules: Ruleset, given: tuple[str, str], output: Path, months: tuple[str, ...] = (), **how: Any) -> Report:
    return run(Job(rules, *given, DAY, output, asked=EVERY, months=months, **how))


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_are_read_as_columns_are(rules: Ruleset, tmp_path: Path, seed: int) -> None:
    long, plain, wide = registry(tmp_path, 60, seed)
    found = decided(rules, plain, tmp_path / "a.parquet", tables(tmp_path, long))
    same = decided(rules, wide, tmp_path / "b.parquet")
    assert rows_of(tmp_path / "a.parquet") == rows_of(tmp_path / "b.parquet")
    read = {f"{name}.csv": len(rows) - 1 for name, rows in long.items()}
    assert found.counts.rows == read and not any(found.counts.rows_rejected.values())
    assert found.counts.unused == same.counts.unused != {}


def test_other_forms_of_tables(rules: Ruleset, tmp_path: Path) -> None:
    long, plain, _ = registry(tmp_path, 20, 3)
    names = tables(tmp_path, long)
    decided(rules, plain, tmp_path / "a.parquet", names)
    others: list[str] = []
    with duckdb.connect(str(tmp_path / "all.duckdb")) as connection:
        for name in names:
            connection.execute(f"CREATE TABLE t{len(others)} AS FROM read_csv('{name}', all_varchar = true)")
            others.append(f"{tmp_path / 'all.duckdb'}:t{len(others)}")
        connection.execute(f"COPY t1 TO '{tmp_path / 'pension.parquet'}'")
    decided(rules, plain, tmp_path / "b.parquet", (others[0], str(tmp_path / "pension.parquet"), others[2]))
    assert rows_of(tmp_path / "a.parquet") == rows_of(tmp_path / "b.parquet")


WRONG = {
    "unknown household": (["h99", "2019-05", "1", ""], "户编号", "B190", False),
    "no household": (["", "2019-05", "1", ""], "户编号", "H069", True),
    "the same month twice": (["h0", "2019年5月", "1", ""], "工资", "H092", True),
    "for all months twice": (["h0", "每月", "1", ""], "工资", "H092", True),
    "no month": (["h0", "", "1", ""], "月份", "H091", True),
    "wrong month": (["h0", "5月", "1", ""], "月份", "H091", True),
    "a day": (["h0", "2019-05-01", "1", ""], "月份", "H091", True),
    "wrong value": (["h0", "2019-04", "x", ""], "工资", "H021", True),
    "wrong value outside the window": (["h0", "1990-01", "x", ""], "工资", "H021", True),
    "several wrong values": (["h0", "2019-04", "1", "maybe"], "享受低保", "H020", True),
    "too many cells": (["h0", "2019-04", "1", "", ""], None, "B111", True),
    "an unknown member": (["h0", "m7", "2019-04", "1"], "人编号", "B191", True),
    "no member": (["h0", "", "2019-04", "1"], "人编号", "B191", True),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_rows(rules: Ruleset, tmp_path: Path, kind: str) -> None:
    row, column, code, with_household = WRONG[kind]
    _, plain, _ = registry(tmp_path, 3, 4)
    wage = [["户编号", "月份", "工资", "享受低保"], ["h0", "2019-05", "5", ""], ["h0", "each", "5", ""]]
    pension = [["户编号", "人编号", "月份", "养老金"], ["h0", "m0", "2019-05", "5"], ["h1", "m0", "2019-05", "5"]]
    wrong = pension if column == "人编号" else wage
    wrong.append(row)
    long = {"wage": wage, "pension": pension}
    report = decided(rules, plain, tmp_path / "a.parquet", tables(tmp_path, long))
    rejects = reject_rows(tmp_path / "a.rejects.csv")
    name = "pension.csv" if wrong is pension else "wage.csv"
    (fault,) = [one for one in rejects if one["code"] == code]
    assert (fault["file"], fault["row"]) == (name, "4")
    assert column is None or fault["column"] == column
    assert report.counts.households_rejected == int(with_household)
    lost = {"wage.csv": 2 * with_household, "pension.csv": 1 * with_household}
    lost[name] += 1
    assert report.counts.rows_rejected == {key: value for key, value in lost.items() if value}
    by_file = [one["file"] for one in rejects if one["file"] in lost]
    assert {key: by_file.count(key) for key in set(by_file)} == dict(report.counts.rows_rejected)


def test_the_result_does_not_depend_on_buckets_threads_or_resuming(
    rules: Ruleset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long, plain, _ = registry(tmp_path, 40, 5)
    long["wage"] += [["h99", "2019-05", "1", ""], ["h3", "5月", "1", ""], ["h7", "2019-05", "x", ""]]
    names = tables(tmp_path, long)
    check_it_depends_on_nothing_else(
        lambda output, **how: decided(rules, plain, output, names, **how), tmp_path, monkeypatch
    )


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (["户编号", "工资"], "B193"),
        (["户编号", "月份", "年份", "工资"], "B193"),
        (["月份", "工资"], "B105"),
        (["户编号", "月份", "年收入"], "B103"),
        (["户编号", "年份", "工资"], "B103"),
        (["户编号", "月份", "养老金"], "B103"),
        (["户编号", "人编号", "月份", "工资"], "B103"),
        (["户编号", "月份", "工资", "月工资"], "B107"),
        (["户编号", "月份", "工资", "户编号 2"], "B103"),
        (["户编号", "月份", "工资 2019-05"], "B103"),
    ],
)
def test_wrong_headers(rules: Ruleset, tmp_path: Path, headers: list[str], code: str) -> None:
    _, plain, _ = registry(tmp_path, 3, 4)
    with pytest.raises(InputError) as raised:
        decided(rules, plain, tmp_path / "a.parquet", (write(tmp_path / "t.csv", [headers]),))
    assert {one.code for one in raised.value.diagnostics} == {code}


def test_a_fact_is_given_in_one_table_only(rules: Ruleset, tmp_path: Path) -> None:
    long, plain, wide = registry(tmp_path, 20, 4)
    wage, pension, _ = tables(tmp_path, long)
    for given, months in ((wide, (wage,)), (wide, (pension,)), (plain, (wage, wage))):
        with pytest.raises(InputError) as raised:
            decided(rules, given, tmp_path / "a.parquet", months)
        assert {one.code for one in raised.value.diagnostics} == {"B107"}


def test_a_mapping_of_tables_by_month(rules: Ruleset, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What `fupin map` proposes is what the run takes, with other headers too."""
    long, plain, _ = registry(tmp_path, 20, 6)
    names = tables(tmp_path, long)
    decided(rules, plain, tmp_path / "a.parquet", names)
    long["wage"][0] = ["户编号", "月份", "工资", "享受低保的"]
    long["pension"].insert(0, ["户编号", "人编号", "所属期", "养老金"])
    del long["pension"][1]
    names = tables(tmp_path, long)
    folder = str(tmp_path.parent / "x")
    write_rules = by_month.rules(Path(folder))
    options = [option for name in names for option in ("--months", name)]
    assert main(["map", "--ruleset", folder, *plain, *options]) == 0
    text = capsys.readouterr().out.replace('month: "月份"  # 请核对 / check', 'month: "所属期"')
    text = text.replace('    ignored:\n      - "所属期"\n', "")
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    assert '{column: "享受低保的", fact: "享受低保"}  # 请核对' in text
    decided(write_rules, plain, tmp_path / "b.parquet", names, mapping=tmp_path / "m.yaml")
    assert rows_of(tmp_path / "a.parquet") == rows_of(tmp_path / "b.parquet")
    with pytest.raises(InputError) as raised:
        decided(write_rules, plain, tmp_path / "c.parquet", names[:2], mapping=tmp_path / "m.yaml")
    assert [one.code for one in raised.value.diagnostics] == ["B192"]


def workbook_of(path: Path, rows: Rows, months: bool) -> str:
    """A workbook with these rows; months as people type them, which Excel takes for days and shows as months."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for line in range(2, len(rows) + 1 if months else 2):
        cell = book.active.cell(line, rows[0].index("月份") + 1)
        if cell.value != "each" and line % 2:
            cell.value, cell.number_format = datetime.fromisoformat(f"{cell.value}-01"), "yyyy-mm"
    book.save(path)
    return str(path)


def test_worksheets(rules: Ruleset, tmp_path: Path) -> None:
    """In columns of months, with headers such as 工资 2019-05, and in rows."""
    long, plain, wide = registry(tmp_path, 25, 7)
    names = tables(tmp_path, long)
    decided(rules, plain, tmp_path / "a.parquet", names)
    sheets = (
        workbook_of(tmp_path / "w.xlsx", long["wage"], True),
        workbook_of(tmp_path / "p.xlsx", long["pension"], True),
    )
    decided(rules, plain, tmp_path / "b.parquet", (*sheets, names[2]))
    assert rows_of(tmp_path / "a.parquet") == rows_of(tmp_path / "b.parquet")
    books = []
    for name in wide:
        with Path(name).open(encoding="utf-8") as file:
            books.append(workbook_of(Path(name).with_suffix(".xlsx"), list(csv.reader(file)), False))
    decided(rules, (books[0], books[1]), tmp_path / "c.parquet")
    assert rows_of(tmp_path / "a.parquet") == rows_of(tmp_path / "c.parquet")


def test_a_row_of_a_sheet_without_a_household_is_of_the_one_above(rules: Ruleset, tmp_path: Path) -> None:
    _, plain, _ = registry(tmp_path, 3, 4)
    rows = [["户编号", "月份", "工资"], ["h0", "2019-05", "1"], ["", "2019-04", "1"], ["合计", "", "2"]]
    report = decided(rules, plain, tmp_path / "a.parquet", (workbook_of(tmp_path / "w.xlsx", rows, False),))
    assert report.counts.households_rejected == 1 and report.counts.rows_rejected == {"w.xlsx": 3}
    found = [(one["file"], one["row"], one["code"]) for one in reject_rows(tmp_path / "a.rejects.csv")]
    sheet = {("w.xlsx", row, code) for row, code in (("2", "B102"), ("3", "H069"), ("4", "B145"))}
    assert {*sheet, ("households.csv", "2", "B147")} <= {*found}
