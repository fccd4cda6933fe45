"""Figures in results of runs: columns of every form of file, and the sheet of what falls due in a month."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pytest
from figures import with_figures
from small_rulesets import DAY

from fupin_policy import Ruleset
from fupin_policy.batch.evaluate import BatchEvaluator, BatchRequest
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.reports.masking import mask
from fupin_policy.reports.worklist import write_worklists

HOUSEHOLDS = (
    "id,收入,最近复核日期\nh1,50,2018-06-03\nh2,60,2018-07-01\nh3,70,2018\nh4,,2018-06-30\nh5,99999,2018-06-30\n"
)
MEMBERS = "household,id,出生日期,残疾等级\nh1,m1,1959-06-10,一级\nh2,m2,1959-07-01,\nh5,m3,2015-01-01,二级\n"


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return with_figures(tmp_path_factory.mktemp("figures"))


def decided(ruleset: Ruleset, folder: Path, name: str, asked: BatchRequest) -> Path:
    """A run over the two tables."""
    (folder / "h.csv").write_text(HOUSEHOLDS, encoding="utf-8")
    (folder / "m.csv").write_text(MEMBERS, encoding="utf-8")
    output = folder / name
    run(Job(ruleset, str(folder / "h.csv"), str(folder / "m.csv"), DAY, output, asked=asked, raw=True))
    return output


def test_what_falls_due_this_month(ruleset: Ruleset, tmp_path: Path) -> None:
    result = open_result(decided(ruleset, tmp_path, "out.parquet", BatchRequest()), ruleset)
    write_worklists(result, ruleset, tmp_path / "lists")
    (book,) = (tmp_path / "lists").rglob("*.xlsx")
    head, notes, names, *rows = openpyxl.load_workbook(book)["本月到期"].iter_rows(values_only=True)
    assert str(head[0]).endswith("本月到期  2019-06") and notes[0] == "只含有符合或待核实的政策的户"
    assert names[:6] == ("序号", "户编号", "成员编号", "事项", "到期日", "到期日至")
    # h5 draws nothing; m2's sixtieth birthday is in July; of h3 only the year is known
    assert [row[0] for row in rows] == [1, 2, 3, 4] and {row[6] for row in rows} == {"□"}
    assert [row[1:6] for row in rows] == [
        ("h1", "m1", "证件到期日", "2019-06-10", None),
        ("h1", None, "复核到期日", "2019-06-03", None),
        ("h3", None, "复核到期日", "2019-01-01", "2019-12-31"),
        ("h4", None, "复核到期日", "2019-06-30", None),
    ]


def test_what_is_not_told_of_what_falls_due_is_said(ruleset: Ruleset, tmp_path: Path) -> None:
    """Where only policies of households were asked for there is no row of a member, and so no date of one."""
    result = open_result(decided(ruleset, tmp_path, "out.parquet", BatchRequest(policies=frozenset({"p.p"}))), ruleset)
    write_worklists(result, ruleset, tmp_path / "lists")
    (book,) = (tmp_path / "lists").rglob("*.xlsx")
    _, notes, _, *rows = openpyxl.load_workbook(book)["本月到期"].iter_rows(values_only=True)
    assert notes[0] == "只含有符合或待核实的政策的户；这里没有成员的政策，不含成员的事项"
    assert not [row for row in rows if row[2]]


def test_what_falls_due_shows_no_whole_number_of_a_person(
    ruleset: Ruleset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = "370784196005171234"
    monkeypatch.setitem(globals(), "MEMBERS", MEMBERS.replace("m1", number))
    result = open_result(decided(ruleset, tmp_path, "out.parquet", BatchRequest()), ruleset)
    write_worklists(result, ruleset, tmp_path / "lists")
    (path,) = (tmp_path / "lists").rglob("*.xlsx")
    book = openpyxl.load_workbook(path)
    told = {sheet.title: [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row] for sheet in book}
    assert mask(number) in told["本月到期"]
    assert not [title for title, cells in told.items() for cell in cells if number in cell]


@pytest.mark.parametrize("form", ["long", "wide"])
@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out.duckdb", "out.parquet"])
def test_every_form_of_file_holds_them(ruleset: Ruleset, tmp_path: Path, form: str, name: str) -> None:
    output = decided(ruleset.with_figures(["年龄", "half"]), tmp_path, name, BatchRequest(form=form))  # type: ignore[arg-type]
    columns = '"figure.per_head.min", "figure.due_on.max", "figure.half.max"'
    row = found(output, f"SELECT {columns} FROM {{}} WHERE household = 'h1' LIMIT 1")
    assert tuple(str(cell).rstrip("0").removesuffix(" 00:00:").rstrip() for cell in row) == (
        "7.14",
        "2019-06-03",
        "0.25",
    )


def found(output: Path, query: str) -> tuple[object, ...]:
    """A row of a result."""
    if output.suffix == ".xlsx":
        names, *rows = openpyxl.load_workbook(output).active.iter_rows(values_only=True)
        by_name = dict(zip(names, next(row for row in rows if row[0] == "h1"), strict=True))
        return tuple(by_name[name] for name in ("figure.per_head.min", "figure.due_on.max", "figure.half.max"))
    if output.suffix == ".duckdb":
        with duckdb.connect(str(output)) as connection:
            row = connection.execute(query.format("decisions")).fetchone()
    else:
        row = duckdb.execute(query.format(f"'{output}'")).fetchone()
    assert row is not None
    return row


def test_a_code_is_told_by_its_label_or_by_all_that_it_may_be(tmp_path: Path) -> None:
    ruleset = with_figures(tmp_path)
    people: list[dict[str, Any]] = [
        {"id": f"m{at}", "出生日期": "1950-01-01", "残疾等级": grade} for at, grade in enumerate("12")
    ]
    people.append({"id": "m2", "出生日期": "1950-01-01", "残疾等级": None})
    rows = pa.RecordBatch.from_pylist([{"id": "h", "收入": "5", "members": people}])
    found = BatchEvaluator(ruleset).decide(rows, DAY).decisions
    told = {row["member"]: row["figure.graded"] for row in found.to_pylist() if row["member"] is not None}
    assert told == {"m0": "一级", "m1": "二级", "m2": "一级或二级或无级"}
