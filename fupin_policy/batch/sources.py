"""Tables wherever they are kept, as relations of DuckDB: CSV, Excel, Parquet, or a table of a database.

In: `households.csv`, `x.xlsx`, `x.parquet`, `x.duckdb:table` or an address of PostgreSQL. Out: headers, and SQL with a
row number.
Called by `staging`. Texts stay texts here; what they mean is for the readers of facts.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from fupin_policy.batch.location import is_location
from fupin_policy.batch.postgres import PostgresTable, open_postgres, snapshot
from fupin_policy.batch.sql import ROW, identifier, text
from fupin_policy.diagnostics import InputError, Reporter

BLOCK = 1 << 22
EXCEL_ROWS = 10_000


@dataclass(slots=True)
class BadRow:
    """A row that has not as many cells as the header."""

    row: int
    count: int
    columns: int
    text: str


@dataclass(slots=True)
class FileTable:
    """A table kept in a file: its name as shown, its headers, about how many rows it has, its bad rows when read."""

    name: str
    path: Path
    headers: tuple[str, ...]
    rows: int
    inside: str | None = None
    encoding: str = "utf-8"
    bad: list[BadRow] = field(default_factory=list)

    @property
    def state(self) -> tuple[object, ...]:
        """The same as long as the file is."""
        found = self.path.stat()
        return (str(self.path.resolve()), self.inside, found.st_size, found.st_mtime_ns)

    def relation(self, connection: duckdb.DuckDBPyConnection, alias: str) -> str:
        """SQL for all rows with their headers and `_row`. A CSV's or Excel's can be read once."""
        match self.path.suffix.lower():
            case ".parquet":
                rows = f"read_parquet({text(str(self.path))}, file_row_number = true)"
                return f"(SELECT * EXCLUDE (file_row_number), file_row_number + 1 AS {ROW} FROM {rows})"
            case ".duckdb" | ".db":
                connection.execute(f"ATTACH {text(str(self.path))} AS {alias} (READ_ONLY)")
                return f"(SELECT *, rowid + 1 AS {ROW} FROM {alias}.{identifier(self.inside or '')})"
            case ".xlsx":
                return self._registered(connection, alias, _excel(self.path))
            case _:
                return self._registered(connection, alias, self._csv())

    def _registered(self, connection: duckdb.DuckDBPyConnection, alias: str, batches: Iterator[pa.RecordBatch]) -> str:
        fields = [(name, pa.string()) for name in self.headers]
        schema = pa.schema([*fields, (ROW, pa.int64())])
        connection.register(alias, pa.RecordBatchReader.from_batches(schema, batches))
        return alias

    def _csv(self) -> Iterator[pa.RecordBatch]:
        bad_numbers: set[int] = set()

        def refuse(row: Any) -> str:
            bad_numbers.add(row.number)
            self.bad.append(BadRow(row.number, row.actual_columns, row.expected_columns, row.text[:80]))
            return "skip"

        row = 2
        with closing(_open_csv(self.path, self.encoding, self.headers, refuse)) as reader:
            for batch in reader:
                numbers: list[int] = []
                if not bad_numbers:
                    column = pa.array(range(row, row + batch.num_rows), pa.int64())
                    row += batch.num_rows
                else:
                    while len(numbers) < batch.num_rows:
                        if row not in bad_numbers:
                            numbers.append(row)
                        row += 1
                    column = pa.array(numbers, pa.int64())
                yield pa.RecordBatch.from_arrays([*batch.columns, column], [*self.headers, ROW])


Table = FileTable | PostgresTable


def open_table(spec: str) -> Table:
    """What a table is like. Raises InputError if it cannot be read, OSError if it is not there."""
    if is_location(spec):
        return open_postgres(spec)
    reporter = Reporter()
    table = _open(spec, reporter)
    if table is not None:
        for name in dict.fromkeys(table.headers):
            if table.headers.count(name) > 1:
                reporter.report("B115", table.name, file=table.name, column=name)
    reporter.raise_errors(InputError)
    if table is None:
        raise AssertionError("a table without errors was not opened")
    return table


@contextmanager
def opened(*tables: Table) -> Iterator[None]:
    """While these tables are read."""
    with snapshot(table for table in tables if isinstance(table, PostgresTable)):
        yield


def _open(spec: str, reporter: Reporter) -> FileTable | None:
    path, inside = Path(spec), None
    if not path.exists() and ":" in spec:
        before, _, inside = spec.rpartition(":")
        path = Path(before)
    if not path.is_file():
        raise FileNotFoundError(2, "no such file", str(path))
    try:
        match path.suffix.lower():
            case ".csv":
                return _csv_table(path, reporter)
            case ".xlsx":
                return _excel_table(path)
            case ".parquet":
                file = pq.ParquetFile(path)
                return FileTable(path.name, path, tuple(file.schema_arrow.names), file.metadata.num_rows)
            case ".duckdb" | ".db":
                return _database_table(path, inside, reporter)
    except (pa.ArrowInvalid, duckdb.Error, OSError, KeyError, ValueError) as error:
        reporter.report("B110", path.name, file=path.name, problem=str(error).splitlines()[0])
        return None
    reporter.report("B108", path.name, file=path.name)
    return None


def _csv_table(path: Path, reporter: Reporter) -> FileTable | None:
    encoding, lines = _survey(path)
    if encoding is None:
        reporter.report("H070", path.name)
        return None
    with closing(_open_csv(path, encoding, (), lambda row: "skip")) as reader:
        headers = tuple(name.strip() for name in reader.schema.names)
    return FileTable(path.name, path, headers, lines, encoding=encoding)


def _survey(path: Path) -> tuple[str | None, int]:
    """A file's encoding and number of lines; spreadsheets often write GB18030."""
    found: dict[str, Any] = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8", "gb18030")}
    lines = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            lines += block.count(b"\n")
            for name in list(found):
                try:
                    found[name].decode(block)
                except UnicodeDecodeError:
                    del found[name]
                    continue
                if name == "utf-8":
                    break
    return next(iter(found), None), lines


def _open_csv(path: Path, encoding: str, headers: tuple[str, ...], refuse: Any) -> Any:
    return pyarrow.csv.open_csv(
        path,
        read_options=pyarrow.csv.ReadOptions(
            encoding="utf8" if encoding == "utf-8" else encoding,
            use_threads=False,
            block_size=BLOCK,
            column_names=headers or None,
            skip_rows_after_names=1 if headers else 0,
        ),
        parse_options=pyarrow.csv.ParseOptions(
            invalid_row_handler=refuse, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(headers, pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _excel_table(path: Path) -> FileTable:
    with closing(_workbook(path)) as book:
        sheet = book.worksheets[0]
        first = next(sheet.iter_rows(max_row=1, values_only=True), ())
        headers = tuple(_cell(cell) or "" for cell in first)
        while headers and not headers[-1]:
            headers = headers[:-1]
        return FileTable(path.name, path, headers, sheet.max_row or 0)


def _excel(path: Path) -> Iterator[pa.RecordBatch]:
    headers = _excel_table(path).headers
    schema = pa.schema([*((name, pa.string()) for name in headers), (ROW, pa.int64())])
    with closing(_workbook(path)) as book:
        rows: list[list[Any]] = []
        for number, cells in enumerate(book.worksheets[0].iter_rows(min_row=2, values_only=True), 2):
            values = [_cell(cell) for cell in cells[: len(headers)]]
            rows.append([*values, *[None] * (len(headers) - len(values)), number])
            if len(rows) == EXCEL_ROWS:
                yield _batch(rows, schema)
                rows = []
        if rows:
            yield _batch(rows, schema)


def _batch(rows: list[list[Any]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [pa.array(column, one.type) for column, one in zip(zip(*rows, strict=True), schema, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _workbook(path: Path) -> Any:
    import openpyxl

    return openpyxl.load_workbook(path, read_only=True, data_only=True)


def _cell(value: object) -> str | None:
    """A cell as it would be typed: whole numbers without a point, dates without a time."""
    match value:
        case None:
            return None
        case bool():
            return "是" if value else "否"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value).strip() or None


def _database_table(path: Path, inside: str | None, reporter: Reporter) -> FileTable | None:
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
        if inside not in names:
            reporter.report("B116", path.name, file=path.name, table=inside or "?")
            return None
        described = connection.execute(f"DESCRIBE {identifier(inside or '')}").fetchall()
        count = connection.execute(f"SELECT count(*) FROM {identifier(inside or '')}").fetchone()
    rows = 0 if count is None else int(count[0])
    return FileTable(f"{path.name}:{inside}", path, tuple(row[0] for row in described), rows, inside)
