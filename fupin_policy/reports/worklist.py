"""Workbooks for offices: for each leading department and place, who is entitled to what and what must be asked.

In: a `RunResult`. Out: a folder of Excel workbooks, whole or not at all. Called by the command line.
"""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb

from fupin_policy.batch.assumed_columns import ASSUMED
from fupin_policy.batch.audience_columns import OWN
from fupin_policy.batch.beneficiary_columns import MOST
from fupin_policy.batch.change_lists import NOWHERE, office_files
from fupin_policy.batch.figure_columns import name_of
from fupin_policy.batch.output_layouts import FORCE
from fupin_policy.batch.results import NEEDED, RunResult, leading, leads_in, names_at, rules_in_force
from fupin_policy.batch.sql import identifier
from fupin_policy.batch.table_files import open_workbook, write_rows
from fupin_policy.core.benefits import sign, signed
from fupin_policy.core.decision import Status
from fupin_policy.core.outputs import DataCheck, FigureDecl
from fupin_policy.core.policies import Force
from fupin_policy.core.program import Program
from fupin_policy.core.registers import ClauseRef
from fupin_policy.files.atomic import atomic_folder, check_folder
from fupin_policy.prose.obtaining import obtain_words
from fupin_policy.prose.statuses import FORCES, STATUSES
from fupin_policy.prose.wording import PER, trial_lines
from fupin_policy.reports.masking import mask
from fupin_policy.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Written:
    """How many workbooks and rows there are in the folder, and how many rows of the result are for other audiences."""

    folder: Path
    workbooks: int
    rows: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class _Listed:
    """A policy on a worklist. `way` is that in which its money goes."""

    title: str
    clauses: str
    cooperating: str
    force: Force
    obtain: str
    way: int
    section: str = ""
    leads: tuple[str, ...] = ()
    """Where it depends on facts who leads, the texts of `leads_in` of the rows in which the office does or may."""


@dataclass(frozen=True, slots=True)
class _Office:
    """A department in a place, with the policies that it leads there by their ids."""

    department: str
    place: str | None
    policies: Mapping[str, _Listed]


@dataclass(frozen=True, slots=True)
class _Columns:
    """What stands after a result's own columns, with its headings; figures that fall due; what was tried; checks.

    Amounts have so many `decimals`; numbers of persons are `masked` or not. `of_members` are the policies that have a
    row for each member.
    """

    kept: tuple[str, ...]
    headings: tuple[str, ...]
    due: tuple[FigureDecl, ...]
    trial: str
    of_members: frozenset[str]
    shown: str
    """Which rows of the result are shown, as SQL."""
    checks: tuple[tuple[FigureDecl, DataCheck], ...]
    decimals: int
    masked: bool


def write_worklists(
    result: RunResult, ruleset: Ruleset, folder: Path, masked: bool = True, every: bool = False
) -> Written:
    """Write the workbooks `folder/department/place.xlsx`; numbers of identity cards and telephones are masked.

    What people pay themselves stands below zero, so that a sheet's column adds up. What is for audiences that the
    household is not among is left out, unless `every` row is wanted.

    Raises InputError where the folder holds anything but earlier worklists, and OSError.
    """
    check_folder(folder)
    shown = "true" if every or OWN.name not in result.columns else f"(audience IS NULL OR {OWN.name} IS NOT false)"
    with duckdb.connect() as connection:
        offices = list(_offices(result, ruleset, connection, shown))
        count = f"SELECT count(*) FROM {result.relation} WHERE status != 'ineligible' AND NOT {shown}"
        left_out = int(connection.execute(count).fetchall()[0][0])
    write = partial(_write, result=result, columns=_columns(result, ruleset.program, shown, masked))
    with atomic_folder(folder) as aside:
        paths = [aside / name for name in workbook_names((one.department, one.place) for one in offices)]
        for path in paths:
            path.parent.mkdir(exist_ok=True)
        # making a sheet holds the interpreter's lock, so the workbooks are shared out among processes
        with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=_uninterrupted) as pool:
            try:
                rows = sum(pool.map(write, paths, offices, chunksize=4))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        workbooks = sum(1 for _ in aside.rglob("*.xlsx"))
    return Written(folder, workbooks, rows, left_out)


def workbook_names(offices: Iterable[tuple[str, str | None]]) -> list[Path]:
    """Where the workbook of each department and place stands; None is a place that is not known."""
    return office_files(Path(), offices, ".xlsx")


def _uninterrupted() -> None:
    """Who interrupts a command means its first process, which ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _offices(
    result: RunResult, ruleset: Ruleset, connection: duckdb.DuckDBPyConnection, shown: str
) -> Iterator[_Office]:
    place = "NULL" if result.place is None else identifier(result.place)
    columns = f"CAST(policy AS VARCHAR), {place}, {leads_in(result)}"
    query = f"SELECT DISTINCT {columns} FROM {result.relation} WHERE status != 'ineligible' AND {shown}"
    offices: dict[tuple[str, str | None], dict[str, _Listed]] = {}
    in_force, program = rules_in_force(ruleset, result.as_of), ruleset.program
    for policy, label, leads in connection.execute(query).fetchall():
        if policy not in in_force:
            continue
        version, metadata = in_force[policy]
        cooperating = names_at(program, metadata.cooperating, label)
        decided = next(one for one in ruleset.policies if one.id == policy)
        section = "" if decided.section is None else decided.section.words.zh
        names = "、".join(body.zh for body in cooperating)
        where = next(iter(names_at(program, metadata.where, label)), None)
        obtain = "" if metadata.obtain is None else obtain_words(metadata.obtain, where).zh
        way = sign(version.benefit.kind)
        clauses = _clauses(ruleset, metadata.basis)
        said = _Listed(decided.title.zh, clauses, names, metadata.force, obtain, way, section)
        for body in {one.zh for some in leading(program, metadata, leads, label) for one in some}:
            own = offices.setdefault((body, label), {})
            before = own[policy].leads if policy in own else ()
            own[policy] = replace(said, leads=before if leads is None else (*before, leads))
    for (department, label), policies in sorted(offices.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        yield _Office(department, label, policies)


def _clauses(ruleset: Ruleset, basis: tuple[ClauseRef, ...]) -> str:
    found = []
    for ref in basis:
        source = ruleset.program.sources[ref.source]
        found.append(f"{source.number or source.title.zh} {ref.clause}".strip())
    return "；".join(found)


def _columns(result: RunResult, program: Program, shown: str, masked: bool) -> _Columns:
    kept = tuple(name for name in result.columns if name not in _OWN)
    labels = {name_of(figure): figure.words.zh for figure in program.figures}
    ends = {f"{name}.{end}": f"{said}{word}" for name, said in labels.items() for end, word in _ENDS}
    headings = {**_SHOWN, **labels, **ends}
    due = tuple(one for one in program.figures if one.due and f"{name_of(one)}.min" in kept)
    trial = "".join(trial_lines(program.trial, "zh"))
    of_members = frozenset(policy.id for policy in program.policies if policy.level == "member")
    checks = {name_of(figure): (figure, check) for figure, check in program.checks if name_of(figure) in kept}
    kept = tuple(name for name in kept if name.removesuffix(f".{ASSUMED.name}") not in checks)
    headed, asked = tuple(headings.get(name, name) for name in kept), tuple(checks.values())
    return _Columns(kept, headed, due, trial, of_members, shown, asked, program.decimals, masked)


def _write(path: Path, office: _Office, result: RunResult, columns: _Columns) -> int:
    with duckdb.connect() as connection, open_workbook(path, constant_memory=False) as book:
        return _OfficeBook(office, result, columns, connection, book).write()


def _sheets(office: _Office) -> Iterator[tuple[Status, str, list[str]]]:
    """Sheets of decisions: their status, the title and the policies. What is no entitlement stands apart."""
    for force, words in FORCES.items():
        policies = [id_ for id_, one in office.policies.items() if one.force == force]
        if policies or force == "entitlement":
            yield Status.ELIGIBLE, words.sheet, policies
    yield Status.UNKNOWN, STATUSES[Status.UNKNOWN].sheet, list(office.policies)


_EXTRA = {
    "beneficiaries": "受益人",
    "possible_beneficiaries": "可能的受益人",
    "lead": "牵头部门",
    "possible_lead": "可能的牵头部门",
    "cooperating": "配合部门",
    "possible_cooperating": "可能的配合部门",
    "departments_missing": "确定部门须核实",
    "assumed": "没有给出而当作",
}
"""Lists in results, each with its heading."""
_SHOWN = {"audience": "面向", "section": "栏目"}
"""Further columns of results that have a heading of their own."""


_OWN = frozenset((*NEEDED, MOST, "missing", *_EXTRA, FORCE.name, OWN.name))
_ENDS = (("min", "（最早、最少）"), ("max", "（最晚、最多）"), ("assumed", "（没有给出而当作）"))
_DOUBT, _DOUBT_HEAD = "数据疑点", ("户编号", "成员编号", "核对", "说明")
_DUE, _DUE_HEAD = "本月到期", ("户编号", "成员编号", "事项", "到期日", "到期日至")
_HEAD = ("户编号", "成员编号", "政策", "金额", "金额至", "周期", "含暂定数额", "待核实的事项", "条款")


def _extra(result: RunResult) -> list[str]:
    """The lists that the results of some rules have: who benefits, what is assumed."""
    return [name for name in _EXTRA if name in result.columns]


def _shown(name: str) -> str:
    """A further column as SQL: what a figure rests on, which is a list, as one text."""
    column = identifier(name)
    return f"array_to_string({column}, '、')" if name.startswith("figure.") and name.endswith(".assumed") else column


@dataclass(frozen=True, slots=True)
class _OfficeBook:
    """The workbook of an office while it is written."""

    office: _Office
    result: RunResult
    columns: _Columns
    connection: duckdb.DuckDBPyConnection
    book: Any

    def write(self) -> int:
        """Write all sheets; how many rows there are, but for those of the policies."""
        columns, policies, day = self.columns, self.office.policies, f"基准日 {self.result.as_of.isoformat()}"
        head = [*_HEAD, *(_EXTRA[name] for name in _extra(self.result)), *columns.headings]
        count = 0
        for status, title, some in _sheets(self.office):
            count += self._sheet(title, day, head, self._rows(status, some))
        if columns.due:
            month = f"{self.result.as_of:%Y-%m}"
            count += self._sheet(_DUE, month, _DUE_HEAD, self._due(), self._not_told(columns.due))
        if columns.checks:
            told = self._not_told(figure for figure, _ in columns.checks)
            count += self._sheet(_DOUBT, day, _DOUBT_HEAD, self._doubts(), told)
        ways = ["办理"] if any(one.obtain for one in policies.values()) else []
        listed = sorted(policies.items(), key=lambda one: (one[1].section == "", one[1].section))
        basis = ([id_, one.title, one.clauses, one.cooperating, *([one.obtain] if ways else [])] for id_, one in listed)
        write_rows(self.book, "政策", [["编号", "政策", "条款", "配合部门", *ways]], basis)
        return count

    def _sheet(self, title: str, when: str, head: Sequence[str], rows: Iterable[list[Any]], *told: str) -> int:
        """Write a sheet, in which the numbers of persons show their ends only, where that is asked for."""
        place = NOWHERE if self.office.place is None else self.office.place
        first = f"{self.office.department}  {place}  {title}  {when}{self.columns.trial}"
        masked = self.columns.masked
        shown = ([mask(cell) if masked and isinstance(cell, str) else cell for cell in row] for row in rows)
        return write_rows(self.book, title, [[first, *told], head], shown)

    def _rows(self, status: Status, policies: list[str]) -> Iterator[list[Any]]:
        names = ["household", "member", "policy", "title", "amount_min", "amount_max", "per", "provisional"]
        missing = "array_to_string(missing, '、')" if "missing" in self.result.columns else "NULL"
        lists = [f"array_to_string({name}, '、')" for name in _extra(self.result)]
        columns = [*map(identifier, names), missing, *lists, *map(_shown, self.columns.kept)]
        found = self._found(columns, policies, "status = ?", [status.value], "household, policy, member")
        while batch := found.fetchmany(10_000):
            for household, member, policy, title, low, high, per, provisional, asked, *rest in batch:
                listed = self.office.policies[policy]
                period = PER[per].zh if per else None
                low, high = signed((low, high), -1) if listed.way < 0 and low is not None else (low, high)
                ends = [None if end is None else Decimal(end).scaleb(-self.columns.decimals) for end in (low, high)]
                flag = "是" if provisional else None
                kept = (cell.isoformat() if isinstance(cell, date) else cell for cell in rest)
                yield [household, member, title, *ends, period, flag, asked, listed.clauses, *kept]

    def _found(
        self, columns: Iterable[str], policies: Iterable[str], where: str, given: list[Any], order: str
    ) -> duckdb.DuckDBPyConnection:
        """The rows of some policies with which the office has to do, asked for by SQL."""
        tests, values = ["false"], list[str | None]()
        for policy in policies:
            leads = self.office.policies[policy].leads
            marks = ", ".join("?" for _ in leads)
            tests.append(f"policy = ? AND {leads_in(self.result)} IN ({marks})" if leads else "policy = ?")
            values += [policy, *leads]
        where = f"{where} AND {self.columns.shown} AND ({' OR '.join(tests)})"
        if self.result.place is not None:
            where += f" AND {identifier(self.result.place)} IS NOT DISTINCT FROM ?"
            values.append(self.office.place)
        query = f"SELECT {', '.join(columns)} FROM {self.result.relation} WHERE {where} ORDER BY {order}"
        return self.connection.execute(query, [*given, *values])

    def _not_told(self, figures: Iterable[FigureDecl]) -> str:
        """What of all that falls due, or is in doubt, stands in no row of the result, and so not in the sheet."""
        said, of_members = "只含有符合或待核实的政策的户", self.columns.of_members
        if any(one.level == "member" for one in figures) and not of_members.intersection(self.office.policies):
            said += "；这里没有成员的政策，不含成员的事项"
        return said

    def _once(self, figure: FigureDecl, columns: Sequence[str], where: str, *given: Any) -> list[tuple[Any, ...]]:
        """What is told of the households and members that the office has to do with, once for all their decisions."""
        whose = "member" if figure.level == "member" else "NULL"
        told = [f"DISTINCT household, {whose}", *columns]
        where = f"status != 'ineligible' AND {where}"
        return self._found(told, self.office.policies, where, [*given], "ALL").fetchall()

    def _due(self) -> Iterator[list[Any]]:
        """What falls due, or may, in the month of the result."""
        first = self.result.as_of.replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        for figure in self.columns.due:
            low, high = (identifier(f"{name_of(figure)}.{end}") for end in ("min", "max"))
            found = self._once(figure, (low, high), f"{low} <= ? AND {high} >= ?", last, first)
            for household, member, start, end in found:
                yield [household, member, figure.words.zh, start.isoformat(), None if end == start else end.isoformat()]

    def _doubts(self) -> Iterator[list[Any]]:
        """The checks of data that do not hold."""
        for figure, check in self.columns.checks:
            for household, member in self._once(figure, (), f"NOT {identifier(name_of(figure))}"):
                yield [household, member, figure.words.zh, check.words.zh]
