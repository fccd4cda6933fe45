"""Tables written whole or not at all: to another name first, which then takes the place of the old file.

In: tables in order, and where they go. Out: one file. Called by `run` and the reports.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from fupin_policy.batch.sql import identifier
from fupin_policy.diagnostics import InputError, Reporter

BOM = b"\xef\xbb\xbf"
"""So that a spreadsheet takes a CSV for UTF-8."""

EXCEL_ROWS = 1_000_000
"""Rows of one sheet; the most that the format holds is 1048576."""

Writer = Callable[[Path, pa.Schema, Iterable[pa.Table]], None]


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A name to write to; when all went well the file is made durable and takes the name `path`."""
    aside = path.with_name(f".{path.name}.part")
    aside.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    yield aside
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(aside, path)


def link_whole(path: Path, parts: Iterable[Path]) -> None:
    """A folder of files that exist already, under their own names; it takes the place of an older one."""
    aside = path.with_name(f".{path.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for part in parts:
        try:
            os.link(part, aside / part.name)
        except OSError:
            shutil.copyfile(part, aside / part.name)
    put_in_place(aside, path)


def put_in_place(aside: Path, folder: Path) -> None:
    """Give a finished folder its name; what had that name before is gone."""
    old = folder.with_name(f".{folder.name}.old")
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        os.replace(folder, old)
    os.replace(aside, folder)
    shutil.rmtree(old, ignore_errors=True)


def writer_for(path: Path, again: bool = False) -> Writer:
    """How a file of that name is written; `again` where an interrupted run may have written it already.

    Raises InputError for another form, or for a database that is there.
    """
    reporter = Reporter()
    writers = {".parquet": _parquet, ".csv": _csv, ".xlsx": _excel, ".duckdb": _database, ".db": _database}
    found = writers.get(path.suffix.lower())
    if found is None:
        reporter.report("B108", path.name, file=path.name)
    elif found is _database and path.exists() and not again:
        reporter.report("B112", path.name, file=path.name)
    reporter.raise_errors(InputError)
    if found is None:
        raise AssertionError("no writer and no error")
    return found


def _parquet(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    with pq.ParquetWriter(path, schema, compression="snappy") as writer:
        for table in tables:
            writer.write_table(table)


def _csv(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    plain = pa.schema([(one.name, plain_type(one.type)) for one in schema])
    with path.open("wb") as file:
        file.write(BOM)
        with pyarrow.csv.CSVWriter(file, plain) as writer:
            for table in tables:
                writer.write_table(plain_table(table, plain))


def _excel(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    plain = pa.schema([(one.name, plain_type(one.type)) for one in schema])
    rows = (
        row
        for table in tables
        for row in zip(*(column.to_pylist() for column in plain_table(table, plain).columns), strict=True)
    )
    with open_workbook(path, constant_memory=True) as book:
        write_rows(book, "结果", [schema.names], rows)


@contextmanager
def open_workbook(path: Path, constant_memory: bool = False) -> Iterator[Any]:
    """A new Excel workbook in which every text stays a text; with `constant_memory` of any size, but slower."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": constant_memory}
    with xlsxwriter.Workbook(str(path), {**options, "tmpdir": str(path.parent)}) as book:
        yield book


def write_rows(book: Any, title: str, head: Sequence[Sequence[str]], rows: Iterable[Sequence[Any]]) -> int:
    """A sheet of rows below some lines of headings, and further sheets where one is full. How many rows there were."""
    sheet, count = _sheet(book, title, head), 0
    for row in rows:
        if count and count % EXCEL_ROWS == 0:
            sheet = _sheet(book, f"{title}{count // EXCEL_ROWS + 1}", head)
        sheet.write_row(count % EXCEL_ROWS + len(head), 0, row)
        count += 1
    return count


def _sheet(book: Any, title: str, head: Sequence[Sequence[str]]) -> Any:
    sheet = book.add_worksheet(title)
    sheet.set_column(0, 20, 16)
    sheet.freeze_panes(len(head), 0)
    for number, line in enumerate(head):
        sheet.write_row(number, 0, line)
    return sheet


def _database(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    # what an interrupted run left in the log would be taken for part of this one
    Path(f"{path}.wal").unlink(missing_ok=True)
    plain = pa.schema([(one.name, plain_type(one.type, lists=True)) for one in schema])
    columns = (batch for table in tables for batch in plain_table(table, plain).to_batches())
    with duckdb.connect(str(path)) as connection:
        connection.register("found", pa.RecordBatchReader.from_batches(plain, columns))
        connection.execute(f"CREATE TABLE {identifier('decisions')} AS SELECT * FROM found")


def decoded(table: pa.Table, names: Collection[str]) -> pa.Table:
    """The table with some of its columns as plain values instead of dictionaries."""
    fields = [one.with_type(plain_type(one.type, lists=True)) if one.name in names else one for one in table.schema]
    return table.cast(pa.schema(fields))


def plain_type(kind: pa.DataType, lists: bool = False) -> pa.DataType:
    """A type without dictionaries, and without lists where a form has none."""
    if pa.types.is_dictionary(kind):
        return kind.value_type
    return kind if lists or not pa.types.is_list(kind) else pa.string()


def plain_table(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Dictionaries as their values, and lists as texts where a form has none."""
    columns = []
    for column, field in zip(table.columns, schema, strict=True):
        if pa.types.is_list(column.type) and pa.types.is_string(field.type):
            column = pc.binary_join(column, "、")
        columns.append(column.cast(field.type))
    return pa.Table.from_arrays(columns, schema=schema)
