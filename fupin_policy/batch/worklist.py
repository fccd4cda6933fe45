"""Workbooks for offices: for each leading department and place, who is entitled to what and what must be asked.

In: a `Result`. Out: a folder of Excel workbooks, whole or not at all. Called by the command line.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from fupin_policy.batch.outputs import EXCEL_ROWS, excel_cell
from fupin_policy.batch.results import NEEDED, Result, bodies_of, version_on
from fupin_policy.batch.sources import identifier
from fupin_policy.core.program import ClauseRef
from fupin_policy.rendering import PER
from fupin_policy.ruleset import Ruleset

NOWHERE = "未注明地点"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_ID_NUMBER = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?![\dXx])")
_PHONE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")
_SHEETS = {"eligible": "应享受", "unknown": "待核实"}


@dataclass(frozen=True, slots=True)
class Written:
    """How many workbooks and rows were written."""

    folder: Path
    workbooks: int
    rows: int


@dataclass(frozen=True, slots=True)
class _Office:
    """A department in a place, with the policies that it leads there: by id, who cooperates and the clauses."""

    department: str
    place: str | None
    policies: Mapping[str, tuple[str, str]]


def write_worklists(result: Result, ruleset: Ruleset, folder: Path, masked: bool = True) -> Written:
    """Write the workbooks `folder/department/place.xlsx`; numbers of identity cards and telephones are masked."""
    aside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    rows = books = 0
    with duckdb.connect() as connection:
        for office in _offices(result, ruleset, connection):
            path = aside / safe_name(office.department) / f"{safe_name(office.place or NOWHERE)}.xlsx"
            path.parent.mkdir(exist_ok=True)
            found = _write(path, office, result, connection, masked, ruleset.program.decimals)
            books, rows = books + 1, rows + found
    old = folder.with_name(f".{folder.name}.old")
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    aside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return Written(folder, books, rows)


def _offices(result: Result, ruleset: Ruleset, connection: duckdb.DuckDBPyConnection) -> Iterator[_Office]:
    place = "NULL" if result.place is None else identifier(result.place)
    query = f"SELECT DISTINCT CAST(policy AS VARCHAR), {place} FROM {result.relation} WHERE status != 'ineligible'"
    offices: dict[tuple[str, str | None], dict[str, tuple[str, str]]] = {}
    for policy, label in connection.execute(query).fetchall():
        version = version_on(ruleset, policy, result.as_of)
        if version is None:
            continue
        lead, cooperating = bodies_of(ruleset.program, version, result.as_of, label)
        said = ("、".join(body.zh for body in cooperating), _clauses(ruleset, version.basis))
        for body in lead:
            offices.setdefault((body.zh, label), {})[policy] = said
    for (department, label), policies in sorted(offices.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        yield _Office(department, label, policies)


def _clauses(ruleset: Ruleset, basis: tuple[ClauseRef, ...]) -> str:
    found = []
    for ref in basis:
        source = ruleset.program.sources[ref.source]
        found.append(f"{source.number or source.title.zh} {ref.clause}".strip())
    return "；".join(found)


def _write(
    path: Path, office: _Office, result: Result, connection: duckdb.DuckDBPyConnection, masked: bool, decimals: int
) -> int:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    own = [name for name in result.columns if name not in _OWN]
    count = 0
    for status, title in _SHEETS.items():
        sheet: Any = None
        rows = 0
        for row in _rows(office, result, connection, status, own, decimals):
            if rows % EXCEL_ROWS == 0:
                name = title if rows == 0 else f"{title}{rows // EXCEL_ROWS + 1}"
                sheet = _sheet(book, name, office, result.as_of, own)
            cells = [mask(cell) if masked and isinstance(cell, str) else cell for cell in row]
            sheet.append([excel_cell(sheet, cell) for cell in cells])
            rows += 1
        if sheet is None:
            _sheet(book, title, office, result.as_of, own)
        count += rows
    book.save(path)
    return count


_OWN = frozenset((*NEEDED, "missing"))
_HEAD = (
    "户编号",
    "成员编号",
    "政策",
    "金额（元）",
    "金额至（元）",
    "周期",
    "含暂定数额",
    "待核实的事项",
    "条款",
    "配合部门",
)


def _sheet(book: Any, title: str, office: _Office, as_of: date, own: list[str]) -> Any:
    sheet = book.create_sheet(title)
    for column, width in zip("ABCDEFGHIJKLMNOP", (14, 16, 24, 12, 12, 8, 10, 30, 26, 40), strict=False):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A3"
    sheet.append([f"{office.department}  {office.place or NOWHERE}  {title}  基准日 {as_of.isoformat()}"])
    sheet.append([*_HEAD, *own])
    return sheet


def _rows(
    office: _Office, result: Result, connection: duckdb.DuckDBPyConnection, status: str, own: list[str], decimals: int
) -> Iterator[list[Any]]:
    names = ["household", "member", "policy", "title", "amount_min", "amount_max", "per", "provisional"]
    missing = "array_to_string(missing, '、')" if "missing" in result.columns else "NULL"
    columns = [*(identifier(name) for name in names), missing, *(identifier(name) for name in own)]
    marks = ", ".join("?" for _ in office.policies)
    where = f"status = ? AND policy IN ({marks})"
    values: list[str | None] = [status, *office.policies]
    if result.place is not None:
        where += f" AND {identifier(result.place)} IS NOT DISTINCT FROM ?"
        values.append(office.place)
    query = f"SELECT {', '.join(columns)} FROM {result.relation} WHERE {where} ORDER BY household, policy, member"
    found = connection.execute(query, values)
    while batch := found.fetchmany(10_000):
        for household, member, policy, title, low, high, per, provisional, asked, *rest in batch:
            cooperating, clauses = office.policies[policy]
            period = PER[per].zh if per else None
            ends = [None if end is None else Decimal(end).scaleb(-decimals) for end in (low, high)]
            flag = "是" if provisional else None
            yield [household, member, title, *ends, period, flag, asked, clauses, cooperating, *rest]


def mask(value: str) -> str:
    """A text in which numbers of identity cards and mobile telephones show their ends only."""
    return _PHONE.sub(r"\1****\2", _ID_NUMBER.sub(r"\1********\2", value))


def safe_name(name: str) -> str:
    """A name that any file system takes."""
    return _UNSAFE.sub("_", name).strip(" .") or "_"
