"""Worksheets as tables: which are read, where the header stands, what each cell says in the column it stands in.

In: a workbook, the sheets asked for, and what each header is used for. Out: `Sheets`, then rows of texts.
Called by `sources`. A cell that cannot be taken at its word is a fault of its row; in an id's column, of the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from fupin_policy.batch.header_row import LOOKED_AT, header_at, named
from fupin_policy.batch.sql import FAULTS, ROW, ROWS_OF_A_SHEET, Use
from fupin_policy.batch.xlsx import Epoch, Merged, Sheet, SheetCell, SheetRow, Workbook, column_letters, open_workbook
from fupin_policy.batch.xlsx_parts import Unusable
from fupin_policy.diagnostics import InputError, Reporter, suggest
from fupin_policy.intake.scalars import Fault, shown

AT_ONCE = 10_000
"""Rows of a batch."""

EXACT = 10**15
"""From here on Excel does not keep a number's last digits."""

LATEST = 2_958_465
"""31 December 9999 as Excel counts days."""


@dataclass(frozen=True, slots=True)
class OneSheet:
    """A sheet to be read: where its header begins and ends, how many rows are written, which cells are merged."""

    sheet: Sheet
    header: int
    below: int
    written: int
    merged: tuple[Merged, ...]


@dataclass(slots=True)
class Sheets:
    """The sheets of one table, all with the same headers; `notes` are for people."""

    path: Path
    headers: tuple[str, ...]
    sheets: tuple[OneSheet, ...]
    notes: list[Fault] = field(default_factory=list)
    full: int = 0
    """Rows below the headers, blank ones left out, once all have been read."""

    @property
    def written(self) -> int:
        """Rows below the headers, blank ones among them."""
        return sum(sheet.written - sheet.below for sheet in self.sheets)

    def place(self, row: int) -> tuple[str, int]:
        """The sheet and the row in it of a row's number."""
        at, number = divmod(row, ROWS_OF_A_SHEET)
        return self.sheets[at].sheet.name, number

    def batches(self, uses: Mapping[str, Use]) -> Iterator[pa.RecordBatch]:
        """All rows as texts with their numbers, and as JSON what is wrong with cells. Raises InputError."""
        schema = pa.schema([*((name, pa.string()) for name in self.headers), (ROW, pa.int64()), (FAULTS, pa.string())])
        with reading_workbook(self.path), open_workbook(self.path) as book:
            rows = self._all(book, [uses.get(name, "other") for name in self.headers])
            while some := list(islice(rows, AT_ONCE)):
                columns = zip(zip(*some, strict=True), schema.types, strict=True)
                arrays = [pa.array(column, kind) for column, kind in columns]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _all(self, book: Workbook, uses: list[Use]) -> Iterator[list[Any]]:
        self.full = 0
        for at, one in enumerate(self.sheets):
            reader = _Reader(self, one, uses, book.epoch)
            for values, faults, number in reader.read(book.rows(one.sheet)):
                yield [*values, at * ROWS_OF_A_SHEET + number, faults]
            if reader.seen != one.written:
                name = f"{self.path.name}:{one.sheet.name}"
                raise InputError.of("B143", self.path.name, file=name, read=reader.seen, counted=one.written)
            self.full += reader.full
            self.notes += reader.notes()


def sheets_of(path: Path, asked: tuple[str, ...], reporter: Reporter) -> Sheets | None:
    """The sheets to be read: those asked for, or the only one that is shown and has something in it."""
    with reading_workbook(path), open_workbook(path) as book:
        notes: list[Fault] = []
        chosen = _asked(path, book, asked, reporter) if asked else _only(path, book, notes, reporter)
        found: list[tuple[OneSheet, tuple[str, ...]]] = []
        for sheet in chosen:
            headed = _headed(book, sheet)
            if headed is None:
                words = {"file": f"{path.name}:{sheet.name}", "problem": "没有表头", "problem_en": "it has no header"}
                reporter.report("B110", path.name, **words)
                continue
            one, headers = headed
            if found and headers != found[0][1]:
                words = {"file": path.name, "first": found[0][0].sheet.name, "other": sheet.name}
                reporter.report("B153", f"{path.name}:{sheet.name}", **words)
            else:
                found.append((one, headers))
                if one.header > 1:
                    notes.append(Fault("B156", (("file", f"{path.name}:{sheet.name}"), ("row", one.header))))
    if not found or reporter.errors:
        return None
    return Sheets(path, found[0][1], tuple(one for one, _ in found), notes)


def _asked(path: Path, book: Workbook, asked: tuple[str, ...], reporter: Reporter) -> list[Sheet]:
    known = {sheet.name: sheet for sheet in book.sheets}
    for name in asked:
        if name not in known:
            near = suggest(name, known)
            names = [shown(one) for one in known]
            reporter.report("B152", path.name, suggestion=near, file=path.name, sheet=shown(name), sheets=names)
    return [known[name] for name in dict.fromkeys(asked) if name in known]


def _only(path: Path, book: Workbook, notes: list[Fault], reporter: Reporter) -> list[Sheet]:
    """The one sheet that is shown and has something in it. Those that are hidden are told of."""
    hidden = tuple(shown(sheet.name) for sheet in book.sheets if not sheet.visible)
    if hidden:
        notes.append(Fault("B157", (("file", path.name), ("sheets", hidden))))
    full = [sheet for sheet in book.sheets if sheet.visible and any(row.cells for row in book.rows(sheet))]
    if len(full) == 1:
        return full
    names = [shown(sheet.name) for sheet in full or book.sheets]
    reporter.report("B151" if full else "B154", path.name, file=path.name, sheets=names)
    return []


def _headed(book: Workbook, sheet: Sheet) -> tuple[OneSheet, tuple[str, ...]] | None:
    """Where a sheet's header stands and what it says; None where there is none.

    A header of several rows is read from the lowest that says it.
    """
    first = list(islice((row for row in book.rows(sheet) if row.cells), LOOKED_AT))
    if not first:
        return None
    written, merged = book.looked_through(sheet)
    width = max(cell.column for row in first for cell in row.cells) + 1
    lines = [_line(row, width) for row in first]
    at = header_at(lines)
    header = first[at].number
    below = max([header, *(one.bottom for one in merged if one.top == header and one.bottom <= first[-1].number)])
    block = {row.number: line for row, line in zip(first, lines, strict=True) if header <= row.number <= below}
    for one in merged:
        if one.top in block:
            for number in range(one.top, min(one.bottom, below) + 1):
                line = block.setdefault(number, [None] * width)
                line[one.left : one.right + 1] = [block[one.top][one.left]] * (min(one.right, width - 1) - one.left + 1)
    stacked = [[cell for cell in dict.fromkeys(column) if cell] for column in zip(*block.values(), strict=True)]
    lowest = [cells[-1] if cells else None for cells in stacked]
    names = [
        "".join(cells) if cells and lowest.count(cells[-1]) > 1 else cell
        for cells, cell in zip(stacked, lowest, strict=True)
    ]
    return OneSheet(sheet, header, below, written, tuple(merged)), named(names)


def _line(row: SheetRow, width: int) -> list[str | None]:
    line: list[str | None] = [None] * width
    for cell in row.cells:
        line[cell.column] = cell.text.strip() or None
    return line


class _Reader:
    """Reads the rows of one sheet below its header."""

    def __init__(self, table: Sheets, sheet: OneSheet, uses: list[Use], epoch: Epoch) -> None:
        self._name = f"{table.path.name}:{sheet.sheet.name}"
        self._headers, self._below, self._uses = table.headers, sheet.below, uses
        self._epoch = epoch
        self.seen = self.full = 0
        self._hidden = self._filled = 0
        self._open: dict[int, tuple[Merged, str | None]] = {}
        self._starts: dict[tuple[int, int], Merged] = {
            (block.top, block.left): block
            for block in sheet.merged
            if block.bottom > block.top > sheet.below and block.left < len(uses)
        }

    def read(self, rows: Iterable[SheetRow]) -> Iterator[tuple[list[str | None], str | None, int]]:
        """Values, faults, number of each row that has something in it."""
        for row in rows:
            self.seen += 1
            if row.number <= self._below:
                continue
            values: list[str | None] = [None] * len(self._uses)
            faults: list[tuple[str, str, str, dict[str, object]]] = []
            more = 0
            for cell in row.cells:
                if cell.column < len(values):
                    values[cell.column] = self._value(cell, row.number, faults)
                elif cell.text.strip() or cell.kind == "f":
                    more = cell.column + 1
            said = any(value is not None for value in values) or bool(faults)
            self._fill(row.number, values, faults, said)
            if not said and not more:
                continue
            if more:
                faults.append(("", "", "B111", {"count": more, "columns": len(values)}))
            self.full += 1
            self._hidden += row.hidden
            yield values, json.dumps(faults, ensure_ascii=False) if faults else None, row.number

    def _fill(self, number: int, values: list[str | None], faults: list[Any], said: bool) -> None:
        """Merged cells stand in each row that they cover; an amount among them may be each row's, or that of all."""
        for column, (block, value) in list(self._open.items()):
            if number > block.bottom:
                del self._open[column]
            elif said and value is not None:
                values[column] = value
                self._filled += 1
                if self._uses[column] in ("number", "percent"):
                    faults.append(self._merged(column, block, value))
        if not self._starts:
            return
        for column, value in enumerate(values):
            found = self._starts.get((number, column))
            if found is not None:
                self._open[column] = (found, value)
                if value is not None and self._uses[column] in ("number", "percent"):
                    faults.append(self._merged(column, found, value))

    def _merged(self, column: int, block: Merged, value: str) -> tuple[str, str, str, dict[str, object]]:
        words = {"given": shown(value), "first": block.top, "last": block.bottom}
        return (self._headers[column], shown(value), "B149", words)

    def _value(self, cell: SheetCell, row: int, faults: list[Any]) -> str | None:
        """What a cell says in its column, as it would be typed."""
        use, header = self._uses[cell.column], self._headers[cell.column]
        said = cell_text(cell, use, self._epoch)
        if not isinstance(said, Fault):
            return said
        if use == "id":
            raise InputError.of(
                said.code, f"{self._name}!{column_letters(cell.column)}{row}", suggestion=None, **dict(said.args)
            )
        faults.append((header, shown(cell.text), said.code, dict(said.args)))
        return None

    def notes(self) -> list[Fault]:
        """What people should know about how the rows were read."""
        found = []
        if self._hidden:
            found.append(Fault("B158", (("file", self._name), ("rows", self._hidden))))
        if self._filled:
            found.append(Fault("B159", (("file", self._name), ("cells", self._filled))))
        return found


def cell_text(cell: SheetCell, use: Use, epoch: Epoch) -> str | Fault | None:
    """What a cell says, as it would be typed; None where that is nothing."""
    match cell.kind:
        case "s":
            return cell.text.strip() or None
        case "b":
            return "是" if cell.text == "1" else "否"
        case "f" | "e":
            given = shown(cell.text)
            return Fault("B148", (("given", given or "文件里没有存下"), ("given_en", given or "the file holds none")))
        case _:
            return _number(cell, use, epoch)


def _number(cell: SheetCell, use: Use, epoch: Epoch) -> str | Fault:
    """A number: Excel's own dates as dates, percentages as they are shown, digits that are not kept refused."""
    given = (("given", shown(cell.text)),)
    try:
        exact = Decimal(cell.text)
    except InvalidOperation:
        exact = Decimal("NaN")
    if not exact.is_finite() or abs(exact) >= EXACT:
        return Fault("B142", given)
    # what Excel shows and keeps: 0.1 + 0.2 is 0.3
    value = Decimal(f"{float(exact):.15g}")
    if cell.form in ("day", "month", "year"):
        return _date(value, cell.form, epoch) or Fault("H025", given)
    if cell.form == "percent":
        if use in ("number", "day"):
            return Fault("B144", (("given", f"{_plain(value * 100)}%"),))
        return _plain(value * 100) + ("" if use == "percent" else "%")
    text = _plain(value)
    if use == "day":
        return _day(text, value, epoch) or Fault("B146", given)
    if use in ("id", "text") and cell.form == "padded" and text.isdigit():
        return text.zfill(cell.digits)
    return text


def _plain(value: Decimal) -> str:
    """A number in digits, without zeros at the end."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _day(text: str, value: Decimal, epoch: Epoch) -> str | None:
    """A number that is one date: a year, with a month, with a day too, or a day as Excel counts them."""
    if not text.isdigit():
        return None
    if len(text) in (4, 6, 8):
        return text
    return _date(value, "day", epoch) if len(text) == 5 else None


def _date(value: Decimal, form: str, epoch: Epoch) -> str | None:
    """A day as Excel counts it, no more precise than it is shown; None where there is none such."""
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    # Excel has a day 60 that never was
    if not 0 < value <= LATEST or (int(value) == 60 and epoch == 1900):
        return None
    found = from_excel(float(value), CALENDAR_MAC_1904 if epoch == 1904 else CALENDAR_WINDOWS_1900)
    if not isinstance(found, datetime):
        return None
    if form != "day":
        return f"{found:%Y-%m}" if form == "month" else f"{found:%Y}"
    return found.date().isoformat() if found.time() == time() else found.isoformat()


@contextmanager
def reading_workbook(path: Path) -> Iterator[None]:
    """While a workbook is read. Raises InputError where it is none that can be read."""
    try:
        yield
    except Unusable as error:
        raise InputError.of("B162", path.name, file=path.name, zh=error.zh, en=error.en) from None
