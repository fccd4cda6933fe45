"""Workbooks for offices: for each leading department and place, who is entitled to what and what must be asked.

In: a `Result`. Out: a folder of Excel workbooks, whole or not at all. Called by the command line.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb

from fupin_policy.batch.outputs import open_workbook, put_in_place, write_rows
from fupin_policy.batch.results import NEEDED, Result, bodies_of, version_on
from fupin_policy.batch.sql import identifier
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
    """A department in a place, with the policies that it leads there: by id: title, clauses, who cooperates."""

    department: str
    place: str | None
    policies: Mapping[str, tuple[str, str, str]]


def write_worklists(result: Result, ruleset: Ruleset, folder: Path, masked: bool = True) -> Written:
    """Write the workbooks `folder/department/place.xlsx`; numbers of identity cards and telephones are masked."""
    aside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    with duckdb.connect() as connection:
        offices = list(_offices(result, ruleset, connection))
    paths = [aside / safe_name(one.department) / f"{safe_name(one.place or NOWHERE)}.xlsx" for one in offices]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
    write = partial(_write, result=result, masked=masked, decimals=ruleset.program.decimals)
    # making a sheet holds the interpreter's lock, so the workbooks are shared out among processes
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        rows = sum(pool.map(write, paths, offices, chunksize=4))
    put_in_place(aside, folder)
    return Written(folder, len(paths), rows)


def _offices(result: Result, ruleset: Ruleset, connection: duckdb.DuckDBPyConnection) -> Iterator[_Office]:
    place = "NULL" if result.place is None else identifier(result.place)
    query = f"SELECT DISTINCT CAST(policy AS VARCHAR), {place} FROM {result.relation} WHERE status != 'ineligible'"
    offices: dict[tuple[str, str | None], dict[str, tuple[str, str, str]]] = {}
    for policy, label in connection.execute(query).fetchall():
        version = version_on(ruleset, policy, result.as_of)
        if version is None:
            continue
        lead, cooperating = bodies_of(ruleset.program, version, result.as_of, label)
        title = next(one.title.zh for one in ruleset.policies if one.id == policy)
        said = (title, _clauses(ruleset, version.basis), "、".join(body.zh for body in cooperating))
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


def _write(path: Path, office: _Office, result: Result, masked: bool, decimals: int) -> int:
    own = [name for name in result.columns if name not in _OWN]
    count = 0
    with duckdb.connect() as connection, open_workbook(path) as book:
        for status, title in _SHEETS.items():
            rows = _rows(office, result, connection, status, own, decimals)
            shown = ([mask(cell) if masked and isinstance(cell, str) else cell for cell in row] for row in rows)
            head = f"{office.department}  {office.place or NOWHERE}  {title}  基准日 {result.as_of.isoformat()}"
            count += write_rows(book, title, [[head], [*_HEAD, *own]], shown)
        basis = ([policy, *said] for policy, said in office.policies.items())
        write_rows(book, "政策", [["编号", "政策", "条款", "配合部门"]], basis)
    return count


_OWN = frozenset((*NEEDED, "missing"))
_HEAD = ("户编号", "成员编号", "政策", "金额", "金额至", "周期", "含暂定数额", "待核实的事项", "条款")


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
            _, clauses, _ = office.policies[policy]
            period = PER[per].zh if per else None
            ends = [None if end is None else Decimal(end).scaleb(-decimals) for end in (low, high)]
            flag = "是" if provisional else None
            yield [household, member, title, *ends, period, flag, asked, clauses, *rest]


def mask(value: str) -> str:
    """A text in which numbers of identity cards and mobile telephones show their ends only."""
    return _PHONE.sub(r"\1****\2", _ID_NUMBER.sub(r"\1********\2", value))


def safe_name(name: str) -> str:
    """A name that any file system takes."""
    return _UNSAFE.sub("_", name).strip(" .") or "_"
