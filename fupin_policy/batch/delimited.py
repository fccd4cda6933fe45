"""A CSV, surveyed before it is read: its encoding, its header, and how many rows it has by another reader's count.

In: a path. Out: `Survey`, or diagnostics with the line; then record batches. Called by `sources`.
Python's own reader of CSV counts, Arrow's reads: a quotation mark that swallows rows cannot go unseen.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv

from fupin_policy.batch.header_row import LOOKED_AT, header_at, named
from fupin_policy.batch.sql import ROW
from fupin_policy.diagnostics import Reporter

BLOCK = 1 << 22

LINES_OF_A_CELL = 20
"""A cell of more lines is no remark but a quotation mark gone astray."""

MAX_NAMED = 20
"""How many faulty places of one file are named."""

_PRIVATE = dict(
    zip(
        (*range(0xE78D, 0xE797), 0xE816, 0xE817, 0xE818, 0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE831, 0xE832, 0xE83B,
         0xE843, 0xE854, 0xE855, 0xE864, 0xE7C7),
        (0xFE10, 0xFE12, 0xFE11, 0xFE13, 0xFE14, 0xFE15, 0xFE16, 0xFE17, 0xFE18, 0xFE19, 0x20087, 0x20089, 0x200CC,
         0x9FB4, 0x9FB5, 0x9FB6, 0x9FB7, 0x215D7, 0x9FB8, 0x2298F, 0x9FB9, 0x9FBA, 0x241FE, 0x9FBB, 0x1E3F),
        strict=True,
    )
)  # fmt: skip
"""What older mappings of GB18030 leave in the private area, as GB18030-2022 has it (龴 and others)."""


@dataclass(frozen=True, slots=True)
class Survey:
    """`lines` are the physical lines up to the header's end, `header` the number of its row, `rows` those below it."""

    encoding: str
    headers: tuple[str, ...]
    lines: int
    header: int
    rows: int


def survey(path: Path, reporter: Reporter) -> Survey | None:
    """Look a CSV through; None with the faults reported."""
    looked = _encoding(path)
    if looked is None:
        reporter.report("H070", path.name)
        return None
    encoding, plain = looked
    with _text(path, encoding) as file:
        reader = csv.reader(file, strict=True)
        first: list[tuple[list[str], int]] = []
        with suppress(csv.Error):  # which is reported, with its line, when all rows are counted
            first.extend((cells, reader.line_num) for cells in islice(reader, LOOKED_AT))
        at = header_at([[cell.strip() for cell in cells] for cells, _ in first])
        headers = named(first[at][0]) if first else ()
    if not headers:
        reporter.report("B110", path.name, file=path.name, problem="没有表头", problem_en="it has no header")
        return None
    with _text(path, encoding) as file:
        rows = _lines_below(file, at + 1) if plain else _rows_below(file, at + 1, len(headers), path.name, reporter)
    return Survey(encoding, headers, first[at][1], at + 1, rows)


def _encoding(path: Path) -> tuple[str, bool] | None:
    """A file's encoding, and whether each of its lines is a row: it has no quotation marks, nor old line ends.

    Spreadsheets often write GB18030. The file must not end inside a character.
    """
    decoders: dict[str, Any] = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8", "gb18030")}
    plain = True
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK)
            plain = plain and b'"' not in block and not re.search(rb"\r(?!\n)", block)
            for name in list(decoders):
                try:
                    text = decoders[name].decode(block, final=not block)
                except UnicodeDecodeError:
                    if not block and name == "utf-8":
                        return None  # all was UTF-8 but the last character, of which the end is not there
                    del decoders[name]
                    continue
                if "\0" in text:
                    return None
                if name == "utf-8":
                    break
            if not decoders:
                return None
            if not block:
                return next(iter(decoders)), plain


def text_rows(path: Path) -> Iterator[list[str]]:
    """All rows of a CSV as texts, none of a file that is no text. Raises csv.Error where quotation marks are astray."""
    looked = _encoding(path)
    if looked is not None:
        with _text(path, looked[0]) as file:
            yield from csv.reader(file, strict=True)


def _lines_below(file: io.TextIOWrapper, header: int) -> int:
    """How many lines with something in them stand below the header, where each line is a row."""
    for _ in islice(file, header):
        pass
    return sum(1 for line in file if line.strip(",\r\n"))


def _rows_below(file: io.TextIOWrapper, header: int, columns: int, name: str, reporter: Reporter) -> int:
    """How many rows with something in them stand below the header; quotation marks gone astray are reported."""
    reader, rows, begun, told = csv.reader(file, strict=True), 0, 0, 0
    try:
        for number, cells in enumerate(reader, 1):
            lines, first = reader.line_num - begun, begun + 1
            begun = reader.line_num
            if lines > 1 and told < MAX_NAMED and _swallowed(cells, columns):
                told += 1
                reporter.report("B141", f"{name}:{first}", file=name, line=first, last=begun)
            rows += number > header and any(cells)
    except csv.Error:
        reporter.report("B140", f"{name}:{begun + 1}", file=name, line=begun + 1)
    return rows


def _swallowed(cells: list[str], columns: int) -> bool:
    """Whether a row of several lines is likely to be several rows that a quotation mark holds together."""
    longest = max(cell.count("\n") for cell in cells)
    several = any("\n" in cell and cell.count(",") >= columns - 1 for cell in cells)
    return longest >= LINES_OF_A_CELL or several or len(cells) != columns


def batches(path: Path, found: Survey, refuse: Callable[[int, int, str], None]) -> Iterator[pa.RecordBatch]:
    """The rows as texts with their numbers; `refuse` is told number, count of cells and text of the others."""
    bad: set[int] = set()

    def skip(row: Any) -> str:
        number = row.number - found.lines + found.header
        bad.add(number)
        if any(next(csv.reader([row.text]), [])):
            refuse(number, row.actual_columns, row.text)
        return "skip"

    row = found.header + 1
    with _bytes(path, found.encoding) as file, closing(_reader(file, found, skip)) as reader:
        for batch in reader:
            numbers: list[int] = []
            while len(numbers) < batch.num_rows:
                if row not in bad:
                    numbers.append(row)
                row += 1
            column = pa.array(numbers, pa.int64())
            yield pa.RecordBatch.from_arrays([*batch.columns, column], [*found.headers, ROW])


def _reader(file: BinaryIO, found: Survey, skip: Callable[[Any], str]) -> Any:
    return pyarrow.csv.open_csv(
        file,
        read_options=pyarrow.csv.ReadOptions(
            use_threads=False, block_size=BLOCK, column_names=found.headers, skip_rows=found.lines
        ),
        parse_options=pyarrow.csv.ParseOptions(
            invalid_row_handler=skip, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(found.headers, pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        ),
    )


def cell_of(line: str, position: int) -> str | None:
    """The cell at a position of a row that has too many or too few; None where it has none."""
    cells = next(csv.reader([line]), [])
    return cells[position].strip() or None if position < len(cells) else None


def _text(path: Path, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(_bytes(path, encoding), encoding="utf-8-sig", newline="")


def _bytes(path: Path, encoding: str) -> BinaryIO:
    """A file's bytes as UTF-8."""
    return path.open("rb") if encoding == "utf-8" else io.BufferedReader(_Recoded(path, encoding), BLOCK)


class _Recoded(io.RawIOBase):
    """A file of another encoding, read as UTF-8 a block at a time."""

    def __init__(self, path: Path, encoding: str) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._left = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; 0 at the end."""
        while not self._left:
            block = self._file.read(BLOCK)
            self._left = self._decoder.decode(block, final=not block).translate(_PRIVATE).encode()
            if not block:
                break
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count

    def close(self) -> None:
        """Close the file beneath."""
        self._file.close()
        super().close()
