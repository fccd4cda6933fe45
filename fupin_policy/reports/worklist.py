"""Workbooks for offices: for each leading department and place, and for each place, who gets what, what must be asked.

In: a `RunResult`. Out: a folder of Excel workbooks, whole or not at all. Called by the command line.
"""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import duckdb

from fupin_policy.batch.audience_columns import OWN
from fupin_policy.batch.change_lists import office_files
from fupin_policy.batch.results import RunResult, leading, leads_in, names_at, rules_in_force
from fupin_policy.batch.row_seals import RowSeal
from fupin_policy.batch.sql import identifier
from fupin_policy.batch.table_files import open_workbook
from fupin_policy.core.benefits import sign
from fupin_policy.files.atomic import atomic_folder, check_folder
from fupin_policy.prose.obtaining import obtain_words
from fupin_policy.prose.references import references_text
from fupin_policy.reports.change_list import changed_offices
from fupin_policy.reports.office_book import OfficeBook
from fupin_policy.reports.office_rows import Office, OfficePolicy, OfficeRows, ResultColumns
from fupin_policy.ruleset import Ruleset

EVERY = "各部门"
"""Whose the workbook of all departments of a place is said to be."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many workbooks and rows there are in the folder, and how many rows of the result are for other audiences."""

    folder: Path
    workbooks: int
    rows: int
    left_out: int = 0


def write_worklists(
    result: RunResult, ruleset: Ruleset, folder: Path, masked: bool = True, every: bool = False
) -> Written:
    """Write the workbooks `folder/department/place.xlsx`; numbers of identity cards and telephones are masked.

    Where several departments lead at a place there is one more for them all, `各部门/place.xlsx`, without the decisions
    one by one; its rows are not counted again.

    Ids with such numbers are sealed: what is filled in is read back with the result.

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
    seal = RowSeal.of(result.given) if masked else None
    write = partial(_write, result=result, columns=ResultColumns.of(result, ruleset.program, shown, seal))
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
) -> Iterator[Office]:
    place = "NULL" if result.place is None else identifier(result.place)
    columns = f"CAST(policy AS VARCHAR), {place}, {leads_in(result)}"
    query = f"SELECT DISTINCT {columns} FROM {result.relation} WHERE status != 'ineligible' AND {shown}"
    offices: dict[tuple[str, str | None], dict[str, OfficePolicy]] = {}
    in_force, program = rules_in_force(ruleset, result.as_of), ruleset.program
    for policy, label, leads in connection.execute(query).fetchall():
        if policy not in in_force:
            continue
        version, metadata = in_force[policy]
        cooperating = names_at(program, metadata.cooperating, label, result.place)
        decided = next(one for one in ruleset.policies if one.id == policy)
        section = "" if decided.section is None else decided.section.words.zh
        names = "、".join(body.zh for body in cooperating)
        where = next(iter(names_at(program, metadata.where, label, result.place)), None)
        obtain = "" if metadata.obtain is None else obtain_words(metadata.obtain, where).zh
        way = sign(version.benefit.kind)
        clauses = references_text(metadata.basis, program.sources, "zh")
        registers = version.benefit.kind == "registration"
        said = OfficePolicy(decided.title.zh, clauses, names, metadata.force, obtain, way, registers, section)
        for body in {one.zh for some in leading(program, metadata, leads, label, result.place) for one in some}:
            own = offices.setdefault((body, label), {})
            before = own[policy].leads if policy in own else ()
            own[policy] = replace(said, leads=before if leads is None else (*before, leads))
    for body, label in changed_offices(result, connection):
        offices.setdefault((body, label), {})
    places: dict[str | None, list[dict[str, OfficePolicy]]] = {}
    for (department, label), policies in sorted(offices.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        yield Office(department, label, policies)
        places.setdefault(label, []).append(policies)
    taken = {department for department, _ in offices}
    whole = next(name for name in (EVERY, f"{EVERY}（全部）") if name not in taken)
    for label, some in places.items():
        if len(some) > 1:
            every = {id_: replace(one, leads=()) for policies in some for id_, one in policies.items()}
            yield Office(whole, label, every, whole=True)


def _write(path: Path, office: Office, result: RunResult, columns: ResultColumns) -> int:
    with duckdb.connect() as connection, open_workbook(path, constant_memory=False) as book:
        return OfficeBook(OfficeRows(office, result, columns, connection), book).write()
