"""Codes of lists that were filled in and read back, and of the facts that a run takes from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from asked_facts import fill, job, questions, registry, rules
from outside import How, Outside, raised
from reject_rows import reject_rows

from fupin_policy import Ruleset
from fupin_policy.batch.readback import read_back
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import run
from fupin_policy.diagnostics import Diagnostic, words_of
from fupin_policy.reports.worklist import write_worklists


@cache
def _list() -> tuple[Ruleset, Path]:
    """The rules, and a list of one household with a number of a person as its id, and of another."""
    folder = Path(mkdtemp())
    found, tables = rules(folder / "rules"), registry(1, 1)
    person = "370784195301011234"
    tables["h"].append([person, *tables["h"][1][1:]])
    tables["m"].append([person, "m", "", "", ""])
    asked = replace(job(found, tables, folder / "tables", folder / "out.parquet"), lists=())
    run(asked)
    write_worklists(open_result(folder / "out.parquet", found), found, folder / "lists")
    (book,) = (folder / "lists").rglob("*.xlsx")
    return found, book


def _row(household: str, asked: str) -> int:
    found = ((one, row) for one, row in questions(_list()[1]))
    return next(row for one, row in found if one.household.startswith(household) and one.asked == asked)


def _refused(*changes: Callable[[Any], None]) -> How:
    """What is refused of the list, of which one is filled in otherwise for each change; they are read together."""

    def how(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
        paths = []
        for number, change in enumerate(changes):
            book = openpyxl.load_workbook(_list()[1])
            change(book["上门核实"])
            paths.append(folder / f"{number}.xlsx")
            book.save(paths[-1])
        found = read_back(paths, _list()[0].program).refused
        return [Diagnostic(one.fault.code, words_of(one.fault.args), path=one.place.text) for one in found[:1]]

    return how


def _filled(asked: str, value: object, household: str = "H000", heading: str = "答") -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        column = [cell.value for cell in sheet[3]].index(heading) + 1
        sheet.cell(_row(household, asked), column).value = value

    return change


def _both(*changes: Callable[[Any], None]) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for one in changes:
            one(sheet)

    return change


def _raised_by(change: Callable[[Any], None], with_result: bool = False) -> How:
    def how(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
        found, path = _list()
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(folder / "名单.xlsx")
        filled = fill(path, {}, folder / "另一.xlsx")
        result = path.parents[2] / "out.parquet" if with_result else None
        return raised(lambda: read_back([filled, folder / "名单.xlsx"], found.program, result))

    return how


def _on_top(column: int, value: str) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book["回读"].cell(1, column).value = value

    return change


def _put_in(*rows: str, nested: bool = False) -> How:
    """What a run says of facts that were filled in, of which the registry has some otherwise."""

    def how(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
        head = "户编号,成员编号,明细,项次,事项,值\n"
        (folder / "回填.csv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
        tables = registry(1, 1)
        tables["赡养人"] = [["户编号", "月收入"], ["H000", "900"]]
        asked = job(_list()[0], tables, folder / "t", folder / "out.parquet", answers=folder / "回填.csv")
        if nested:
            income = pa.array([{"min": 1, "max": 2}])
            pq.write_table(pa.table({"户编号": ["H000"], "收入": income}), folder / "h.parquet")
            return raised(lambda: run(replace(asked, households=str(folder / "h.parquet"))))
        found = [one for one in reject_rows(run(asked).rejects) if one["file"] == "回填.csv"]
        words = (("given", "900"), ("text", "800"))
        return [Diagnostic(one["code"], words, path=f"回填.csv:{one['row']}") for one in found]

    return how


ANSWERS = (
    Outside(
        "B220",
        "名单.xlsx",
        "名单.xlsx 不是 fupin worklist 写的名单，或隐藏的工作表“回读”没有了",
        "名单.xlsx is no list that fupin worklist wrote, or its hidden sheet 回读 is gone",
        _raised_by(lambda book: book.remove(book["回读"])),
    ),
    Outside(
        "B221",
        "0.xlsx:上门核实!F19",
        "“赡养人（共有哪些）”不能填在名单里读回",
        '"赡养人（共有哪些）" cannot be read back from a list',
        _refused(_filled("赡养人（共有哪些）", "两人")),
    ),
    Outside(
        "B222",
        "名单.xlsx",
        "名单.xlsx 是另一套规则的名单，或写名单后规则改过：0123；现在是 small",
        "名单.xlsx is a list of other rules, or of these as they were before: 0123; these are small",
        _raised_by(_on_top(2, "0123")),
    ),
    Outside(
        "B223",
        "0.xlsx:上门核实!1",
        "工作表“上门核实”读不回：没有 上门核实；其中 23 行都没有读",
        "the sheet 上门核实 cannot be read back: 上门核实 is gone; none of its 23 rows was read",
        _refused(lambda sheet: sheet.parent.remove(sheet)),
    ),
    Outside(
        "B224",
        "0.xlsx:上门核实!K15",
        "这一行不是名单里的：没有回读码，或码被改过、是别的工作簿的",
        "this row is none of the list: its code is gone, was changed, or is of another workbook",
        _refused(_both(_filled("比例", None, heading="回读码"), _filled("比例", "是"))),
    ),
    Outside(
        "B225",
        "0.xlsx:上门核实!C15",
        "“户编号”一栏原是“H000”，现在是“H9”：填的是谁、是哪件事，看不出来",
        '"户编号" was "H000" and is "H9" now: of whom, or of what it was filled in cannot be told',
        _refused(_filled("比例", "H9", heading="户编号")),
    ),
    Outside(
        "B226",
        "0.xlsx:上门核实",
        "名单里的这一行不见了",
        "this row of the list is gone",
        _refused(lambda sheet: sheet.delete_rows(_row("H000", "比例"))),
    ),
    Outside(
        "B227",
        "0.xlsx:上门核实!F5",
        "编号里有证件号码或电话，名单里已遮盖，只凭名单读不回",
        "the ids are numbers of persons and masked in the list, which cannot be read back by itself",
        _refused(_filled("比例", "是", "3707")),
    ),
    Outside(
        "B228",
        "0.xlsx:上门核实!I15",
        "打勾一栏写的是“大概”，看不出是不是打了勾",
        'the column to tick says "大概", which is neither a tick nor none',
        _refused(_filled("比例", "大概", heading="□")),
    ),
    Outside(
        "B229",
        "0.xlsx:上门核实!F15",
        "“比例”有两处填得不一样：另一处 1.xlsx:上门核实!F15 写的是“4”",
        '"比例" is filled in twice and otherwise: 1.xlsx:上门核实!F15 says "4"',
        _refused(_filled("比例", 3), _filled("比例", 4)),
    ),
    Outside(
        "B234",
        "回填.csv:2",
        "明细的这一项已经有值“900”，回填的是“800”：表可能换过，不知道是不是同一项",
        'this item of the list has the value "900", and "800" was filled in: the table may be another one',
        _put_in("H000,,赡养人,1,月收入,800"),
    ),
    Outside(
        "B235",
        "收入",
        "“收入”在登记册里是成组的值，回填不能并进去",
        '"收入" has nested values in the registry, into which nothing can be filled in',
        _put_in("H000,,,,收入,800", nested=True),
    ),
    Outside(
        "B236",
        "名单.xlsx",
        "名单.xlsx 是 2019-07-31 的名单，另一.xlsx 是 2019-06-30 的；不能一起读",
        "名单.xlsx is a list of 2019-07-31, and 另一.xlsx of 2019-06-30; they cannot be read together",
        _raised_by(_on_top(4, "2019-07-31")),
    ),
    Outside(
        "B237",
        "名单.xlsx",
        "名单.xlsx 不是用 out.parquet 写的名单，遮盖的编号对不上",
        "名单.xlsx is no list of out.parquet, so masked ids cannot be told",
        _raised_by(_on_top(6, "0123"), with_result=True),
    ),
)
