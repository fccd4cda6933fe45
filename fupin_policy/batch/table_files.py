"""Tables as files of each form: how one is written, and how one that was written here is known.

In: tables in order, and where they go. Out: one file. Called by `run` and the reports.
"""

from __future__ import annotations

import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from fupin_policy.batch.sql import identifier, text
from fupin_policy.diagnostics import InputError
from fupin_policy.files.atomic import Own, atomic_file, bears

BOM = b"\xef\xbb\xbf"
"""So that a spreadsheet takes a CSV for UTF-8."""

EXCEL_ROWS = 1_000_000
"""Rows of one sheet; the most that the format holds is 1048576."""

MAX_CELL = 32767
"""Characters of a cell of Excel's."""

Writer = Callable[[Path, pa.Schema, Iterable[pa.Table]], None]


FORMULA_SIGNS = r"=+\-@＝＋－＠\t\r\n"
FORMULAS = f"^[{FORMULA_SIGNS}]"
"""How a text begins that a spreadsheet would take for a formula, or cut the sign off to find one."""

_NUMBER = r"^-[0-9]+(\.[0-9]+)?$"

PAGE_SIGN = '<meta name="generator" content="fupin">'
"""Stands in every page that is written here."""


PEOPLE_SIGN = "由 fupin run 写成"
"""Stands at the end of every result for people."""

OWN_PAGE = bears(PAGE_SIGN.encode())


def write_page(path: Path, text: str) -> None:
    """An HTML page, whole or not at all. Raises InputError where something else stands there, and OSError."""
    with atomic_file(path, OWN_PAGE) as aside:
        aside.write_text(text, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class FileForm:
    """A form of files: how one is written, and how one is known that was written here and may be replaced."""

    write: Writer
    own: Own


def link_all(parts: Iterable[Path], folder: Path) -> None:
    """Files that exist already, under their own names in another folder."""
    for part in parts:
        try:
            os.link(part, folder / part.name)
        except OSError:
            shutil.copyfile(part, folder / part.name)


def file_form(path: Path, run: str | None = None) -> FileForm:
    """The form of a file of that name. A database may be replaced only by the very run that wrote it.

    Raises InputError for another form, or for a database that is there.
    """
    suffix = path.suffix.lower()
    if suffix in (".duckdb", ".db"):
        database = FileForm(partial(_database, run=run), partial(_is_of_run, run=run))
        if path.is_file() and not database.own(path):
            raise InputError.of("B112", path.name, file=path.name)
        return database
    if suffix not in _FORMS:
        raise InputError.of("B108", path.name, file=path.name)
    return _FORMS[suffix]


def _parquet(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    with pq.ParquetWriter(path, schema, compression="snappy") as writer:
        for table in tables:
            writer.write_table(table)


def _csv(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    plain = plain_schema(schema)
    with path.open("wb") as file:
        file.write(BOM)
        with pyarrow.csv.CSVWriter(file, plain) as writer:
            for table in tables:
                writer.write_table(harmless(plain_table(table, plain)))


_of_people = bears(PEOPLE_SIGN.encode(), at_start=BOM + '"户编号"'.encode())


_OWN_CSV = tuple(
    BOM + begin.encode()
    for begin in ('"household","', '"file","row","household","column"', '"文件","行","户编号","栏"')
)
"""How results for machines begin, and rejects for machines and for people."""


def _is_own_csv(path: Path) -> bool:
    if _of_people(path):
        return True
    with path.open("rb") as file:
        return file.read(64).startswith(_OWN_CSV)


def harmless(table: pa.Table) -> pa.Table:
    """Texts that a spreadsheet would take for formulas begin with an apostrophe: it shows them as they are.

    A number below zero is no formula, though it begins like one, and stays as it is.
    """
    for index, column in enumerate(table.columns):
        if pa.types.is_string(column.type):
            told = pc.replace_substring_regex(column, FORMULAS, r"'\0")
            kept = pc.if_else(pc.match_substring_regex(column, _NUMBER), column, told)
            table = table.set_column(index, table.field(index), kept)
    return table


def _excel(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    plain = plain_schema(schema)
    rows = (
        row
        for table in tables
        for row in zip(*(column.to_pylist() for column in plain_table(table, plain).columns), strict=True)
    )
    with open_workbook(path, constant_memory=True) as book:
        write_rows(book, "结果", [schema.names], rows)


@contextmanager
def open_workbook(path: Path, *, constant_memory: bool) -> Iterator[Any]:
    """A new Excel workbook in which every text stays a text; with `constant_memory` of any size, but slower."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": constant_memory}
    try:
        with xlsxwriter.Workbook(str(path), {**options, "tmpdir": str(path.parent)}) as book:
            book.set_properties({"comments": _WORKBOOK_SIGN})
            yield book
    except xlsxwriter.exceptions.FileCreateError as error:
        # it keeps the system's own words as its argument
        raise error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error)) from None


def _is_own_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as book, book.open("docProps/core.xml") as said:
            return _WORKBOOK_SIGN.encode() in said.read(1 << 16)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return False


def write_rows(book: Any, title: str, head: Sequence[Sequence[str]], rows: Iterable[Sequence[Any]]) -> int:
    """A sheet of rows below some lines of headings, and further sheets where one is full. How many rows there were.

    Raises InputError for a text that a cell cannot hold, which would be cut otherwise.
    """
    sheet, count = _sheet(book, title, head), 0
    for row in rows:
        check_cells(title, count + 1, row)
        if count and count % EXCEL_ROWS == 0:
            sheet = _sheet(book, f"{title}{count // EXCEL_ROWS + 1}", head)
        sheet.write_row(count % EXCEL_ROWS + len(head), 0, row)
        count += 1
    return count


def check_cells(title: str, number: int, row: Iterable[Any]) -> None:
    """Raises InputError for a text that a cell cannot hold, in the row of that number of a sheet."""
    longest = max((len(cell) for cell in row if isinstance(cell, str)), default=0)
    if longest > MAX_CELL:
        raise InputError.of("B167", f"{title}:{number}", count=longest, most=MAX_CELL)


def _sheet(book: Any, title: str, head: Sequence[Sequence[str]]) -> Any:
    sheet = book.add_worksheet(title)
    sheet.set_column(0, 20, 16)
    sheet.freeze_panes(len(head), 0)
    for number, line in enumerate(head):
        sheet.write_row(number, 0, line)
    return sheet


def _database(path: Path, schema: pa.Schema, tables: Iterable[pa.Table], run: str | None) -> None:
    plain = plain_schema(schema, lists=True)
    columns = (batch for table in tables for batch in plain_table(table, plain).to_batches())
    with duckdb.connect(str(path)) as connection:
        connection.register("found", pa.RecordBatchReader.from_batches(plain, columns))
        connection.execute(f"CREATE TABLE {identifier('decisions')} AS SELECT * FROM found")
        connection.execute(f"COMMENT ON TABLE {identifier('decisions')} IS {text(run or '')}")


def _is_of_run(path: Path, run: str | None) -> bool:
    if run is None:
        return False
    ask = "SELECT comment FROM duckdb_tables() WHERE table_name = 'decisions'"
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(ask).fetchall() == [(run,)]
    except duckdb.Error:
        return False


_WORKBOOK_SIGN = "fupin-policy"

_FORMS = {
    ".parquet": FileForm(_parquet, bears(b"fupin.digest", at_start=b"PAR1")),
    ".csv": FileForm(_csv, _is_own_csv),
    ".xlsx": FileForm(_excel, _is_own_workbook),
}


def decoded(table: pa.Table, names: Collection[str]) -> pa.Table:
    """The table with some of its columns as plain values instead of dictionaries."""
    fields = [
        field.with_type(plain_type(field.type, lists=True)) if field.name in names else field for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def plain_type(kind: pa.DataType, lists: bool = False) -> pa.DataType:
    """A type without dictionaries, and without lists and days where a form has none."""
    if pa.types.is_dictionary(kind):
        return kind.value_type
    return kind if lists or not (pa.types.is_list(kind) or pa.types.is_date(kind)) else pa.string()


def plain_schema(schema: pa.Schema, lists: bool = False) -> pa.Schema:
    """A schema of such types."""
    return pa.schema([(field.name, plain_type(field.type, lists)) for field in schema])


def plain_table(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Dictionaries as their values, and lists as texts where a form has none."""
    columns = []
    for column, field in zip(table.columns, schema, strict=True):
        if pa.types.is_list(column.type) and pa.types.is_string(field.type):
            column = pc.binary_join(column, "、")
        columns.append(column.cast(field.type))
    return pa.Table.from_arrays(columns, schema=schema)
