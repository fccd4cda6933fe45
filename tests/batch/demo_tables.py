"""The demonstration's tables, written in every form, and runs over them.

In: how many copies of it. Out: rows, files, jobs. Called by the tests of batches.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from reject_rows import reject_rows

from fupin_policy import load
from fupin_policy.batch.run import Job
from fupin_policy.ruleset import SHIPPED

RULESET = load()
AS_OF = "2019-06-30"
DEMO = SHIPPED / "demo"

Rows = list[list[str]]


def demo(copies: int) -> tuple[Rows, Rows]:
    """The demonstration's tables, header first, its households several times under other ids; members shuffled."""
    own, inner = (read(DEMO / name) for name in ("households.csv", "members.csv"))
    households = [own[0]] + [[f"{row[0]}x{copy}", *row[1:]] for copy in range(copies) for row in own[1:]]
    members = [[f"{row[0]}x{copy}", *row[1:]] for copy in range(copies) for row in inner[1:]]
    random.Random(1).shuffle(members)
    return households, [inner[0], *members]


def read(path: Path) -> Rows:
    """The rows of a CSV file, header first."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def rejects_in(folder: Path) -> list[dict[str, str]]:
    """What a run rejected whose output is `out` with any ending."""
    return reject_rows(folder / "out.rejects.csv")


def write(path: Path, rows: Rows, encoding: str = "utf-8") -> str:
    """The path of a CSV file with these rows."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def job(folder: Path, households: str, members: str, output: str = "out.parquet") -> Job:
    """A run over two tables in small buckets."""
    return Job(RULESET, households, members, AS_OF, folder / output, bucket=500, threads=2)


def small(folder: Path, copies: int = 3) -> Job:
    """A run over the demonstration as CSV files."""
    own, inner = demo(copies)
    return job(folder, write(folder / "h.csv", own), write(folder / "m.csv", inner))


def texts(rows: Rows) -> pa.Table:
    """Rows as columns of texts; an empty cell is a null."""
    columns = [pa.array([row[at] or None for row in rows[1:]], pa.string()) for at in range(len(rows[0]))]
    return pa.table(columns, names=rows[0])


def _xlsx(folder: Path, name: str, rows: Rows) -> str:
    book = openpyxl.Workbook()
    for row in rows:
        assert book.active is not None
        book.active.append([cell or None for cell in row])
    book.save(folder / f"{name}.xlsx")
    return str(folder / f"{name}.xlsx")


def _parquet(folder: Path, name: str, rows: Rows) -> str:
    pq.write_table(texts(rows), folder / f"{name}.parquet")
    return str(folder / f"{name}.parquet")


def _duckdb(folder: Path, name: str, rows: Rows) -> str:
    path = _parquet(folder, name, rows)
    with duckdb.connect(str(folder / f"{name}.duckdb")) as connection:
        connection.execute(f"CREATE TABLE t AS SELECT * FROM read_parquet('{path}')")
    return f"{folder / f'{name}.duckdb'}:t"


write_as: dict[str, Callable[[Path, str, Rows], str]] = {
    "gb18030": lambda folder, name, rows: write(folder / f"{name}-gb.csv", rows, "gb18030"),
    "xlsx": _xlsx,
    "parquet": _parquet,
    "duckdb": _duckdb,
}
