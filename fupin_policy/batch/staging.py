"""Two tables parted into buckets of households with their members, out of core, by DuckDB.

In: tables and a mapping. Out: a folder with a Parquet file or more for each bucket. Called by `run`.
A household and its members have the same id and so the same bucket, in whatever order they stand.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from fupin_policy.batch.identifiers import BLANKS
from fupin_policy.batch.mapping import Mapping, TableMapping
from fupin_policy.batch.sources import Table, opened
from fupin_policy.batch.sql import ROW, identifier, text

HOUSEHOLD, MEMBER, BUCKET = "_household", "_member", "_bucket"
MEMORY = "700MB"


@dataclass(frozen=True, slots=True)
class Staged:
    """How many rows were read of each table, those with a wrong number of cells included."""

    households: int
    members: int


def stage(
    folder: Path, mapping: Mapping, households: Table, members: Table | None, buckets: int, threads: int
) -> Staged:
    """Read the tables and part them. Memory is bounded; what does not fit goes to the folder for a while."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tables = (households,) if members is None else (households, members)
    with opened(*tables), duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET threads = {threads}")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"SET temp_directory = {text(str(folder / 'spilled'))}")
        own = _part(connection, folder / "households", mapping.households, households, buckets)
        inner = 0
        if members is not None and mapping.members is not None:
            inner = _part(connection, folder / "members", mapping.members, members, buckets)
    return Staged(own, inner)


def _part(
    connection: duckdb.DuckDBPyConnection, folder: Path, mapping: TableMapping, table: Table, buckets: int
) -> int:
    relation = table.relation(connection, folder.name)
    ids = [(HOUSEHOLD, mapping.household)] + ([] if mapping.member is None else [(MEMBER, mapping.member)])
    chosen = [f"trim(CAST({identifier(header)} AS VARCHAR), {text(BLANKS)}) AS {name}" for name, header in ids]
    facts = [f"{_value(column.header, column.values)} AS {identifier(column.fact.name)}" for column in mapping.columns]
    given = " OR ".join(
        f"{identifier(header)} IS NOT NULL" for header in [*(h for _, h in ids), *(c.header for c in mapping.columns)]
    )
    inner = f"SELECT {', '.join([*chosen, *facts, ROW])} FROM {relation} WHERE {given}"
    bucket = f"CAST(hash(coalesce({HOUSEHOLD}, '')) % {buckets} AS INTEGER) AS {BUCKET}"
    where = text(str(folder))
    options = f"FORMAT parquet, PARTITION_BY ({BUCKET}), COMPRESSION snappy, OVERWRITE true"
    written = connection.execute(f"COPY (SELECT *, {bucket} FROM ({inner})) TO {where} ({options})").fetchone()
    return (0 if written is None else int(written[0])) + len(table.bad)


def _value(header: str, values: tuple[tuple[str, str], ...]) -> str:
    column = identifier(header)
    if not values:
        return column
    cases = " ".join(f"WHEN {text(given)} THEN {text(means)}" for given, means in values)
    return f"CASE trim(CAST({column} AS VARCHAR)) {cases} ELSE CAST({column} AS VARCHAR) END"


def bucket_files(folder: Path, table: str, bucket: int) -> list[Path]:
    """The files of one bucket of a table (`households` or `members`)."""
    return sorted((folder / table / f"{BUCKET}={bucket}").glob("*.parquet"))
