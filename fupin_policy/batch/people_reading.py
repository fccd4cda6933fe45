"""Results for people read back: a CSV or a workbook as the Parquet file that the same run would have written.

In: a file, and by which apostrophes its texts are told. Out: a Parquet file in a folder that goes away by itself.
Called by `results`. Whoever has opened and kept the file in a spreadsheet may have changed how numbers and days look.
"""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fupin_policy.batch.delimited import text_rows
from fupin_policy.batch.people_cells import (
    EXACT,
    IN_CSV,
    IN_SHEETS,
    MONEY,
    POLICY,
    TITLE,
    CellFault,
    CellForm,
    read_cells,
    read_money,
)
from fupin_policy.batch.people_notes import ResultNotes, read_notes
from fupin_policy.batch.xlsx import SheetRow, open_workbook
from fupin_policy.batch.xlsx_parts import Unusable
from fupin_policy.diagnostics import InputError
from fupin_policy.intake.scalars import shown

PEOPLE_FORMS = (".csv", ".xlsx")
"""The forms of files in which results are for people."""

RESULT_SHEET, NOTES_SHEET = "结果", "说明"

_ROWS = 20_000
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

_Cells = list[str | None]


class ReadFolder:
    """A folder with a result that was read back; it goes away with the last who holds this."""

    __slots__ = ("__weakref__", "folder")

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fupin-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def __reduce__(self) -> tuple[type[Path], tuple[str]]:
        """Another process reads it, and leaves it there."""
        return Path, (str(self.folder),)


def parquet_of(path: Path) -> tuple[Path, ReadFolder]:
    """A result for people as a Parquet file, and what keeps that there. Raises InputError where it is none, or cannot
    be read; OSError if it is not there."""
    copy = ReadFolder()
    found = copy.folder / "decisions.parquet"
    read_people(path, found)
    return found, copy


def read_people(path: Path, to: Path) -> None:
    """Write a result for people as the Parquet file of a run. Raises InputError where it is none, or cannot be read."""
    try:
        if path.suffix.lower() == ".csv":
            _read(path, to, IN_CSV, _opened_csv(path))
        else:
            _read(path, to, IN_SHEETS, _opened_sheets(path))
    except Unusable as error:
        raise InputError.of("B110", path.name, file=path.name, problem=error.zh, problem_en=error.en) from None
    except csv.Error as error:
        told = {"problem": "引号不成对，或某一格太长", "problem_en": str(error)}
        raise InputError.of("B110", path.name, file=path.name, **told) from None


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file's header, its rows below that, the rows of its notes."""

    head: Sequence[str]
    rows: Iterator[_Cells]
    notes: Sequence[_Cells]


def _opened_csv(path: Path) -> _Opened:
    """A header, rows, a blank row, notes. It is read twice: what the rows mean stands below them."""
    below = text_rows(path)
    head = next(below, [])
    for _ in takewhile(any, below):
        pass
    rows = takewhile(any, islice(text_rows(path), 1, None))
    return _Opened(head, ([cell or None for cell in row] for row in rows), [[*row] for row in below])


def _opened_sheets(path: Path) -> _Opened:
    """Sheets of rows, each with a header, and one of notes."""
    rows = _rows(path, RESULT_SHEET)
    head = [cell or "" for cell in next(rows, [])]
    return _Opened(head, rows, list(_rows(path, NOTES_SHEET)))


def _rows(path: Path, begin: str) -> Iterator[_Cells]:
    """The rows of all sheets that are called so, the header once."""
    with open_workbook(path) as book:
        named = [one for one in book.sheets if re.fullmatch(f"{begin}[0-9]*", one.name)]
        for number, sheet in enumerate(named):
            yield from map(_texts, islice(book.rows(sheet), 1 if number else 0, None))


def _texts(row: SheetRow) -> _Cells:
    found: _Cells = []
    for cell in row.cells:
        found += [None] * (cell.column - len(found))
        text = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), cell.text) if cell.kind == "s" else cell.text
        if cell.kind == "n":
            with suppress(ArithmeticError):
                text = f"{EXACT.create_decimal(text):f}"
        found.append(text or None)
    return found


def _read(path: Path, to: Path, form: CellForm, opened: _Opened) -> None:
    head = opened.head
    notes = read_notes([[form.read(cell or "") for cell in row] for row in opened.notes if row])
    if notes is None:
        raise InputError.of("B168" if head[:1] == ["household"] else "B250", path.name, file=path.name)
    lacking = [one.heading for one in notes.columns if one.heading and head.count(one.heading) != 1]
    if lacking:
        raise InputError.of("B113", path.name, file=path.name, columns=lacking)
    count, writer = 0, None
    try:
        while (part := list(islice(opened.rows, _ROWS))) or writer is None:
            table = _table(path, part, count, head, notes, form)
            writer = writer or pq.ParquetWriter(to, table.schema.with_metadata(dict(notes.said)), compression="snappy")
            writer.write_table(table)
            count += len(part)
    finally:
        if writer is not None:
            writer.close()
    if count != notes.rows:
        raise InputError.of("B252", path.name, file=path.name, wanted=notes.rows, found=count)


def _table(
    path: Path, rows: Sequence[_Cells], before: int, head: Sequence[str], notes: ResultNotes, form: CellForm
) -> pa.Table:
    """Some rows as a run writes them, below so many others."""
    width, found = len(head), dict[str, pa.Array]()
    full = [[*row[:width], *[None] * (width - len(row))] for row in rows]
    columns = dict(zip(head, zip(*full, strict=True) if full else ((),) * width, strict=True))
    ids, ways = {one.title: one.id for one in notes.policies}, {one.id: one.way for one in notes.policies}
    titles = {one.id: one.title for one in notes.policies}
    headings = {one.name: one.heading for one in notes.columns}
    for column in sorted(notes.columns, key=lambda one: one.name != POLICY):
        heading = column.heading
        try:
            if column.name in found:
                continue
            if column.kind == TITLE:
                found[column.name] = pa.array([titles[one] for one in found[POLICY].to_pylist()], pa.string())
            elif column.kind.startswith(f"{MONEY}."):
                begin = column.name.removesuffix("min").removesuffix("max")
                pair = f"{begin}min", f"{begin}max"
                whose = found[POLICY].to_pylist() if begin == "amount_" else [begin.removesuffix(".")] * len(rows)
                low, high = (columns[headings[one]] for one in pair)
                ends = read_money(low, high, [ways[one] for one in whose], notes.decimals)
                found |= zip(pair, ends, strict=True)
            else:
                found[column.name] = read_cells(columns[heading], column.kind, ids, form)
        except CellFault as fault:
            row, value = before + fault.at + 2, shown(fault.cell)
            raise InputError.of("B251", path.name, file=path.name, row=row, column=heading, value=value) from None
    return pa.table({one.name: found[one.name] for one in notes.columns})
