"""Tables parted into buckets of households with their members and other rows, out of core, by DuckDB.

In: tables and a mapping. Out: a folder with a Parquet file or more for each bucket. Called by `run`.
A household, its members and its other rows have the same id and so the same bucket, in whatever order they stand.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping as Mapped
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import duckdb

from fupin_policy.batch.asked_facts import use_of
from fupin_policy.batch.household_ids import BLANKS
from fupin_policy.batch.mapping import MappedColumn, RegistryMapping, TableMapping
from fupin_policy.batch.repeated_numbers import Sealer, find_repeated, sealed_columns
from fupin_policy.batch.sources import SourceTable, damage, opened
from fupin_policy.batch.sql import FAULTS, ROW, Use, identifier, parquet, text
from fupin_policy.diagnostics import InputError

NO_RECORD = (
    r"^[（(]?(本页|全[县乡镇村]|累)?\s*(合\s*计|总\s*计|小\s*计|共\s*计)|^(制表|填表|审核|负责|经办|复核|统计)(单位|日期|时间)?人?\s*[:：]"
    r"|^(制表|填表|审核|负责|经办|复核)人|^(备\s*注|说\s*明|注)\s*[:：]|^填报(单位|人|日期|时间)"
)
"""What stands first in a row below a sheet's records: totals, who made it, remarks."""

HOUSEHOLD, MEMBER, PERIOD, BUCKET = "_household", "_member", "_period", "_bucket"
HOUSEHOLDS, MEMBERS, SUSPECTS = "households", "members", "suspects.json"
FURTHER = "further"
"""Facts by month and items of lists, a row each: of the first table `further0`, and so on."""
PREVIOUS, PREVIOUS_FACTS = "previous", "previous_facts"
"""What an earlier run decided, and what was known then, parted into the same buckets."""
ANSWERS = "answers"
"""Facts that people were asked for, parted likewise."""
MEMORY = "700MB"

Suspects = Mapped[str, tuple[str, int]]
"""By household that may lack a member: the file and the row that may be of it."""


@dataclass(frozen=True, slots=True)
class Staged:
    """How many rows were read of each table, those with a wrong number of cells included."""

    households: int
    members: int
    further: tuple[int, ...] = ()


def stage(
    folder: Path,
    mapping: RegistryMapping,
    households: SourceTable,
    members: SourceTable | None,
    buckets: int,
    threads: int,
    previous: Mapped[str, list[Path]] = MappingProxyType({}),
    further: Sequence[SourceTable] = (),
) -> Staged:
    """Read the tables and part them; `further` in the order of the mapping.

    Memory is bounded; what does not fit goes to the folder for a while.
    `previous` has the files of PREVIOUS, PREVIOUS_FACTS and ANSWERS, where there are any: they are parted likewise.

    Raises InputError where a table cannot be read to its end, or has not as many rows as somebody else counts.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tables = (*((households,) if members is None else (households, members)), *further)
    with opened(*tables), duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET threads = {threads}")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"SET temp_directory = {text(str(folder / 'spilled'))}")
        Sealer().open(connection)
        own = _part(connection, folder / HOUSEHOLDS, mapping.households, households, buckets)
        inner = 0
        if members is not None and mapping.members is not None:
            inner = _part(connection, folder / MEMBERS, mapping.members, members, buckets)
        others = list(zip(mapping.further, further, strict=True))
        rows = [_part(connection, folder / f"{FURTHER}{at}", *one, buckets) for at, one in enumerate(others)]
        for name, one in ((HOUSEHOLDS, mapping.households), (MEMBERS, mapping.members)):
            if one is not None:
                ids = [HOUSEHOLD, *([] if one.member is None else [MEMBER])]
                find_repeated(connection, folder, name, [column.fact for column in one.columns], [*ids, BUCKET])
        for name, files in previous.items():
            _part_result(connection, folder / name, files, buckets)
        says = [] if members is None else [(MEMBERS, members, f"coalesce({MEMBER}, '')")]
        says += [(f"{FURTHER}{at}", table, _said(mapped)) for at, (mapped, table) in enumerate(others)]
        _keep_suspects(connection, folder, households, says)
    return Staged(own, inner, tuple(rows))


def _part_result(connection: duckdb.DuckDBPyConnection, folder: Path, files: list[Path], buckets: int) -> None:
    """Part files that a run wrote, by the ids of households."""
    rows = f"SELECT *, {_bucket_of('household', buckets)} FROM {parquet(files)}"
    try:
        connection.execute(f"COPY ({rows}) TO {text(str(folder))} ({_PARTED})")
    except duckdb.Error as error:
        names = [file.name for file in files]
        raise InputError.of("B110", ", ".join(names), file=names, **damage(error)) from None


_PARTED = f"FORMAT parquet, PARTITION_BY ({BUCKET}), COMPRESSION snappy, OVERWRITE true"


def _bucket_of(column: str, buckets: int) -> str:
    """SQL for the bucket of a household by the column of its id."""
    return f"CAST(hash(coalesce(CAST({column} AS VARCHAR), '')) % {buckets} AS INTEGER) AS {BUCKET}"


def _part(
    connection: duckdb.DuckDBPyConnection, folder: Path, mapping: TableMapping, table: SourceTable, buckets: int
) -> int:
    relation = table.relation(connection, folder.name, _uses(mapping), mapping.household)
    ids = [(HOUSEHOLD, mapping.household)] + ([] if mapping.member is None else [(MEMBER, mapping.member)])
    ids += [] if mapping.period is None else [(PERIOD, mapping.period.header)]
    chosen = [f"{_trimmed(header)} AS {name}" for name, header in ids]
    if table.headers[0] not in mapping.ids:
        # where numbers stand first, so does the word by which a row of totals is known
        own, first = _trimmed(mapping.household), _trimmed(table.headers[0])
        total = f"coalesce({own}, '') = '' AND regexp_matches({first}, {text(NO_RECORD)})"
        chosen[0] = f"CASE WHEN {total} THEN {first} ELSE {own} END AS {HOUSEHOLD}"
    facts = [sql for column in mapping.columns for sql in _fact_sql(column)]
    faults = [FAULTS] if table.marked else []
    given = " OR ".join(f"{identifier(header)} IS NOT NULL" for header in table.headers) if table.blanks else "true"
    inner = f"SELECT {', '.join([*chosen, *facts, *faults, ROW])} FROM {relation} WHERE {given}"
    rows = f"SELECT *, {_bucket_of(HOUSEHOLD, buckets)} FROM ({inner})"
    written = connection.execute(f"COPY ({rows}) TO {text(str(folder))} ({_PARTED})").fetchone()
    read = (0 if written is None else int(written[0])) + len(table.bad)
    if read != table.counted:
        raise InputError.of("B143", table.name, file=table.name, read=read, counted=table.counted)
    return read


def _trimmed(header: str) -> str:
    """SQL for a column's texts without blanks around them."""
    return f"trim(CAST({identifier(header)} AS VARCHAR), {text(BLANKS)})"


def _fact_sql(column: MappedColumn) -> list[str]:
    """SQL for what is kept of a column."""
    if column.fact.number is not None:
        return sealed_columns(column.fact, column_sql(column))
    return [f"{column_sql(column)} AS {identifier(column.fact.name)}"]


def _uses(mapping: TableMapping) -> dict[str, Use]:
    """What each header is used for."""
    return {column.header: use_of(column.fact) for column in mapping.columns} | dict.fromkeys(mapping.ids, "id")


def _keep_suspects(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    households: SourceTable,
    further: Sequence[tuple[str, SourceTable, str]],
) -> None:
    """Write down which households may lack a row of theirs, as the household's id of a row was not to be read.

    Beside each table stands SQL for what is not '' where a row says something.
    Such a row belongs to the household whose id stands there, or else to that of the row above it.
    """
    tables = (households, *(table for _, table, _ in further))
    places = {bad.household: table.place(bad.row) for table in tables for bad in table.bad if bad.household}
    own = list((folder / HOUSEHOLDS).rglob("*.parquet"))
    known: set[str] = set()
    if places and own:
        asked = f"SELECT {HOUSEHOLD} FROM {parquet(own)} WHERE {HOUSEHOLD} IN (SELECT unnest(CAST(? AS VARCHAR[])))"
        known = {household for (household,) in connection.execute(asked, [list(places)]).fetchall()}
    suspects = {household: place for household, place in places.items() if household in known}
    for name, table, said in further:
        rows = list((folder / name).rglob("*.parquet"))
        if rows and table.ordered:
            lost = [bad.row for bad in table.bad if bad.household not in known]
            asked = _above(rows, said)
            suspects |= {one: table.place(row) for one, row in connection.execute(asked, [lost]).fetchall()}
    (folder / SUSPECTS).write_text(json.dumps(suspects, ensure_ascii=False), encoding="utf-8")


def _said(mapping: TableMapping) -> str:
    """SQL for what is not '' where a row of a further table says something: its month; of an item anything at all."""
    if mapping.period is not None:
        return f"coalesce({PERIOD}, '')"
    names = [identifier(column.fact.name) for column in mapping.columns] + ([] if mapping.member is None else [MEMBER])
    return f"concat({', '.join([text(''), *(f'CAST({name} AS VARCHAR)' for name in names)])})"


def _above(files: list[Path], said: str) -> str:
    """SQL for the household above each row without one that says something, and above each of some other rows."""
    rows, blank = parquet(files), f"coalesce({HOUSEHOLD}, '') = ''"
    lost = f"SELECT {ROW} FROM {rows} WHERE {blank} AND {said} != '' UNION ALL SELECT unnest(?::BIGINT[])"
    there = f"SELECT {HOUSEHOLD}, {ROW} FROM {rows} WHERE NOT ({blank})"
    joined = f"({lost}) AS lost({ROW}) ASOF JOIN ({there}) AS there ON there.{ROW} <= lost.{ROW}"
    return f"SELECT there.{HOUSEHOLD}, lost.{ROW} FROM {joined}"


def suspects_in(folder: Path) -> Suspects:
    """What `stage` wrote down."""
    found: Suspects = json.loads((folder / SUSPECTS).read_text(encoding="utf-8"))
    return found


def column_sql(column: MappedColumn) -> str:
    """SQL for a column's values as the fact takes them. With a factor a text that is no plain number shows both."""
    name, given = identifier(column.header), _trimmed(column.header)
    value = name
    if column.factor is not None:
        plain = f"regexp_full_match({given}, '[+-]?[0-9]{{1,15}}(\\.[0-9]{{1,6}})?')"
        product = f"CAST(CAST({given} AS DECIMAL(21, 6)) * CAST('{column.factor}' AS DECIMAL(16, 6)) AS VARCHAR)"
        shorter = f"regexp_replace(regexp_replace({product}, '(\\.[0-9]*?)0+$', '\\1'), '\\.$', '')"
        value = f"CASE WHEN {plain} THEN {shorter} ELSE {given} || ' × {column.factor}' END"
    if not column.values:
        return value
    cases = " ".join(f"WHEN {text(one)} THEN {text(means)}" for one, means in column.values)
    # what is said of cells with nothing in them holds of those that are empty, too
    return f"CASE coalesce({given}, '') {cases} ELSE CAST({value} AS VARCHAR) END"


def bucket_files(folder: Path, table: str, bucket: int) -> list[Path]:
    """The files of one bucket of a table (`households` or `members`)."""
    return sorted((folder / table / f"{BUCKET}={bucket}").glob("*.parquet"))
