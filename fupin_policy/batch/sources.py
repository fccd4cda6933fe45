"""Tables wherever they are kept, as relations of DuckDB: CSV, Excel, Parquet, or a table of a database.

In: `households.csv`, `x.xlsx`, `x.parquet`, `x.duckdb:table` or an address of PostgreSQL. Out: headers, and SQL with a
row number. Called by `staging`. Texts stay texts here; what they mean is for the readers of facts.
Each table says how many rows it has by the count of somebody else than who reads them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from fupin_policy.batch import delimited
from fupin_policy.batch.delimited import Survey
from fupin_policy.batch.postgres import PostgresTable, open_postgres, snapshot
from fupin_policy.batch.sql import FAULTS, ROW, Use, identifier, parquet, text
from fupin_policy.batch.worksheets import Sheets, sheets_of
from fupin_policy.batch.xlsx_parts import MAX_COLUMNS
from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.files.addresses import is_address, normal
from fupin_policy.intake.scalars import Fault, shown

_ELSEWHERE = re.compile(r"(?!postgres)[a-z][a-z0-9+.-]*://")


@dataclass(slots=True)
class BadRow:
    """A row that has not as many cells as the header. `household` is what stands where the household's id should."""

    row: int
    count: int
    columns: int
    text: str
    household: str | None


@dataclass(slots=True)
class FileTable:
    """A table kept in a file: its name as shown, its headers, how many rows it has, its bad rows when read.

    `content` is what was found out about a CSV, a workbook or a database's table when it was opened.
    """

    name: str
    path: Path
    headers: tuple[str, ...]
    rows: int
    content: Survey | Sheets | str | None = None
    bad: list[BadRow] = field(default_factory=list)
    failed: Exception | None = None

    @property
    def state(self) -> tuple[object, ...]:
        """The same as long as the file is."""
        found = self.path.stat()
        inside = self.content if isinstance(self.content, str) else None
        if isinstance(self.content, Sheets):
            inside = repr([sheet.sheet.name for sheet in self.content.sheets])
        return (str(self.path.resolve()), inside, found.st_size, found.st_mtime_ns)

    @property
    def counted(self) -> int:
        """How many rows there are, blank ones left out, once they have been read."""
        return self.content.full if isinstance(self.content, Sheets) else self.rows

    @property
    def blanks(self) -> bool:
        """Whether there may be rows in which nothing stands, which are no rows."""
        return isinstance(self.content, Survey)

    @property
    def marked(self) -> bool:
        """Whether rows say what is wrong with their cells."""
        return isinstance(self.content, Sheets)

    @property
    def ordered(self) -> bool:
        """Whether a row stands below another because somebody put it there, as in sheets."""
        return isinstance(self.content, Survey | Sheets)

    @property
    def notes(self) -> list[Fault]:
        """What people should know about how the table was read."""
        return self.content.notes if isinstance(self.content, Sheets) else []

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets that the table is put together from, where there are several."""
        several = self.content.sheets if isinstance(self.content, Sheets) else ()
        return tuple(one.sheet.name for one in several) if len(several) > 1 else ()

    def place(self, row: int) -> tuple[str, int]:
        """The table and the row as people find them: each sheet of a workbook counts its own rows."""
        if isinstance(self.content, Sheets) and self.sheets:
            sheet, number = self.content.place(row)
            return f"{self.path.name}:{sheet}", number
        return self.name, row

    def relation(
        self, connection: duckdb.DuckDBPyConnection, alias: str, uses: Mapping[str, Use], household: str
    ) -> str:
        """SQL for all rows with their headers and `_row`. A CSV's or Excel's can be read once.

        `uses` says what headers are used for, `household` which is the household's id.
        """
        match self.content:
            case Survey() as survey:
                return self._registered(connection, alias, self._csv(survey, household), ())
            case Sheets() as sheets:
                return self._registered(connection, alias, sheets.batches(uses), (FAULTS,))
            case str(inside):
                return _inside(connection, alias, self.path, inside)
            case None:
                rows = parquet([self.path], "file_row_number = true")
                return f"(SELECT * EXCLUDE (file_row_number), file_row_number + 1 AS {ROW} FROM {rows})"

    def _registered(
        self,
        connection: duckdb.DuckDBPyConnection,
        alias: str,
        batches: Iterator[pa.RecordBatch],
        more: tuple[str, ...],
    ) -> str:
        texts = [(name, pa.string()) for name in self.headers]
        schema = pa.schema([*texts, (ROW, pa.int64()), *((name, pa.string()) for name in more)])
        connection.register(alias, pa.RecordBatchReader.from_batches(schema, self._watched(batches)))
        return alias

    def _watched(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """What stops the reading is kept: DuckDB, which asks for the rows, makes an error of its own of it."""
        try:
            yield from batches
        except Exception as error:
            self.failed = error
            raise

    def _csv(self, survey: Survey, household: str) -> Iterator[pa.RecordBatch]:
        position = self.headers.index(household)

        def refuse(row: int, count: int, line: str) -> None:
            self.bad.append(BadRow(row, count, len(self.headers), shown(line), delimited.cell_of(line, position)))

        return delimited.batches(self.path, survey, refuse)


SourceTable = FileTable | PostgresTable


def open_table(spec: str, sheets: tuple[str, ...] = ()) -> SourceTable:
    """What a table is like, of a workbook these sheets. Raises InputError, or OSError if it is not there."""
    if is_address(spec) and not _ELSEWHERE.match(normal(spec)):
        if sheets:
            raise InputError.of("B155", "--sheet", file="postgresql://")
        return open_postgres(spec)
    reporter = Reporter()
    table = reporter.result(_open(spec, sheets, reporter), InputError)
    if len(table.headers) > MAX_COLUMNS:
        raise InputError.of("B169", table.name, file=table.name, count=len(table.headers), most=MAX_COLUMNS)
    for name, count in Counter(table.headers).items():
        if count > 1:
            reporter.report("B115", table.name, file=table.name, column=name)
        if name in (ROW, FAULTS):
            reporter.report("B161", table.name, file=table.name, column=name)
    reporter.raise_errors(InputError)
    return table


@contextmanager
def opened(*tables: SourceTable) -> Iterator[None]:
    """While these tables are read. Raises InputError where one cannot be read to its end."""
    try:
        with snapshot(table for table in tables if isinstance(table, PostgresTable)):
            yield
    except (duckdb.Error, pa.ArrowException) as error:
        for table in tables:
            if isinstance(table, FileTable) and isinstance(table.failed, InputError):
                raise table.failed from None
        for table in tables:
            if isinstance(table, FileTable) and (table.failed or table.content is None):
                raise InputError.of("B110", table.name, file=table.name, **damage(table.failed or error)) from error
        raise


def _open(spec: str, sheets: tuple[str, ...], reporter: Reporter) -> FileTable | None:
    address = _ELSEWHERE.match(normal(spec))
    if address is not None:
        reporter.report("B160", address[0], address=address[0])
        return None
    path, inside = Path(spec), None
    if not path.exists() and ":" in spec:
        before, _, inside = spec.rpartition(":")
        path = Path(before)
    if not path.is_file():
        raise FileNotFoundError(2, "no such file", str(path))
    form = path.suffix.lower()
    if sheets and form != ".xlsx":
        reporter.report("B155", "--sheet", file=path.name)
        return None
    try:
        match form:
            case ".csv":
                survey = delimited.survey(path, reporter)
                return None if survey is None else FileTable(path.name, path, survey.headers, survey.rows, survey)
            case ".xlsx":
                found = sheets_of(path, (inside,) if inside is not None else sheets, reporter)
                if found is None:
                    return None
                one = (sheets or inside) and len(found.sheets) == 1
                name = f"{path.name}:{found.sheets[0].sheet.name}" if one else path.name
                return FileTable(name, path, found.headers, found.written, found)
            case ".parquet":
                file = pq.ParquetFile(path)
                return FileTable(path.name, path, tuple(file.schema_arrow.names), file.metadata.num_rows)
            case ".duckdb" | ".db":
                return _database_table(path, inside, reporter)
    except (pa.ArrowException, duckdb.Error, OSError, KeyError, ValueError) as error:
        reporter.report("B110", path.name, file=path.name, **damage(error))
        return None
    reporter.report("B108", path.name, file=path.name)
    return None


def in_sheets(tables: Iterable[SourceTable], rejects: pa.Table) -> pa.Table:
    """Rejects at the rows of sheets, where a table has several."""
    several = {table.name: table for table in tables if table.sheets}
    if not several or not rejects.num_rows:
        return rejects
    given = zip(rejects["file"].to_pylist(), rejects["row"].to_pylist(), strict=True)
    places = [several[file].place(row) if file in several else (file, row) for file, row in given]
    columns = zip(*places, strict=True)
    for name, values in zip(("file", "row"), columns, strict=True):
        at = rejects.schema.get_field_index(name)
        rejects = rejects.set_column(at, rejects.schema.field(at), pa.array(values, rejects.schema.field(at).type))
    return rejects


def damage(error: Exception) -> dict[str, str]:
    """What keeps a file from being read, `problem` and `problem_en`: in English a line of the library that read it."""
    refused = isinstance(error, OSError) and error.errno is not None
    said = (str(error).splitlines() or [""])[0][:200]
    return {
        "problem": "系统不让读，或读到一半断了" if refused else "文件损坏、不完整，或者不是这种格式",
        "problem_en": "".join(char if char.isprintable() else "�" for char in said),
    }


def _database_table(path: Path, inside: str | None, reporter: Reporter) -> FileTable | None:
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
        if inside not in names:
            reporter.report("B116", path.name, file=path.name, table=inside or "?")
            return None
        described = connection.execute(f"DESCRIBE {identifier(inside or '')}").fetchall()
        count = connection.execute(f"SELECT count(*) FROM {identifier(inside or '')}").fetchone()
    rows = 0 if count is None else int(count[0])
    return FileTable(f"{path.name}:{inside}", path, tuple(row[0] for row in described), rows, inside or "")


def _inside(connection: duckdb.DuckDBPyConnection, alias: str, path: Path, inside: str) -> str:
    """A table's or a view's rows; a view's are numbered as they come."""
    base = f"base_{alias}"
    connection.execute(f"ATTACH {text(str(path))} AS {identifier(base)} (READ_ONLY)")
    asked = "SELECT count(*) FROM duckdb_views() WHERE database_name = ? AND view_name = ?"
    found: Any = connection.execute(asked, [base, inside]).fetchone()
    number = "row_number() OVER ()" if found[0] else "rowid + 1"
    return f"(SELECT *, {number} AS {ROW} FROM {identifier(base)}.{identifier(inside)})"
