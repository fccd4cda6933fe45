"""Tables written whole or not at all: to another name first, which then takes the place of the old file.

In: tables in order, and where they go. Out: one file. Called by `run` and the reports.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from fupin_policy.batch.sources import identifier
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
    aside, old = path.with_name(f".{path.name}.part"), path.with_name(f".{path.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for part in parts:
        try:
            os.link(part, aside / part.name)
        except OSError:
            shutil.copyfile(part, aside / part.name)
    if path.exists():
        shutil.rmtree(old, ignore_errors=True)
        os.replace(path, old)
    os.replace(aside, path)
    shutil.rmtree(old, ignore_errors=True)


def writer_for(path: Path) -> Writer:
    """How a file of that name is written. Raises InputError for another form, or what must not be overwritten."""
    reporter = Reporter()
    writers = {".parquet": _parquet, ".csv": _csv, ".xlsx": _excel, ".duckdb": _database, ".db": _database}
    found = writers.get(path.suffix.lower())
    if found is None:
        reporter.report("B108", path.name, file=path.name)
    elif found is _database and path.exists():
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
    plain = pa.schema([(one.name, _plain_type(one.type)) for one in schema])
    with path.open("wb") as file:
        file.write(BOM)
        with pyarrow.csv.CSVWriter(file, plain) as writer:
            for table in tables:
                writer.write_table(_plain(table, plain))


def _excel(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet: Any = None
    plain = pa.schema([(one.name, _plain_type(one.type)) for one in schema])
    count = 0
    for table in tables:
        for row in zip(*(column.to_pylist() for column in _plain(table, plain).columns), strict=True):
            if count % EXCEL_ROWS == 0:
                sheet = book.create_sheet(f"结果{count // EXCEL_ROWS + 1}")
                sheet.append(schema.names)
            sheet.append([excel_cell(sheet, cell) for cell in row])
            count += 1
    if sheet is None:
        book.create_sheet("结果1").append(schema.names)
    book.save(path)


def excel_cell(sheet: Any, value: object) -> Any:
    """A cell with a value as it is: a text that begins with = is no formula."""
    if not isinstance(value, str) or not value.startswith("="):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _database(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    plain = pa.schema([(one.name, _plain_type(one.type, lists=True)) for one in schema])
    columns = (batch for table in tables for batch in _plain(table, plain).to_batches())
    with duckdb.connect(str(path)) as connection:
        connection.register("found", pa.RecordBatchReader.from_batches(plain, columns))
        connection.execute(f"CREATE TABLE {identifier('decisions')} AS SELECT * FROM found")


def decoded(table: pa.Table, names: Collection[str]) -> pa.Table:
    """The table with some of its columns as plain values instead of dictionaries."""
    fields = [one.with_type(_plain_type(one.type, lists=True)) if one.name in names else one for one in table.schema]
    return table.cast(pa.schema(fields))


def _plain_type(kind: pa.DataType, lists: bool = False) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return kind.value_type
    return kind if lists or not pa.types.is_list(kind) else pa.string()


def _plain(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Dictionaries as their values, and lists as texts where a form has none."""
    columns = []
    for column, field in zip(table.columns, schema, strict=True):
        if pa.types.is_list(column.type) and pa.types.is_string(field.type):
            column = pc.binary_join(column, "、")
        columns.append(column.cast(field.type))
    return pa.Table.from_arrays(columns, schema=schema)
