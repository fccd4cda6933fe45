"""An Excel workbook, read as a stream within stated bounds: its sheets, and the cells of one.

In: a path. Out: `Workbook`: `Sheet`s, rows of `SheetCell`s. Called by `worksheets`.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal
from xml.parsers import expat

from fupin_policy.batch.xlsx_formats import NumberFormat, styled_formats
from fupin_policy.batch.xlsx_parts import (
    BLOCK,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    SHEET,
    SMALL,
    Unusable,
    blocks,
    elements,
    parsed,
    related_parts,
    too_long,
    whole_number,
)
from fupin_policy.batch.xlsx_texts import shared_texts

MAX_CELLS = 50_000_000
"""Cells of a sheet that are read."""

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})[\"']")
_ROWS = re.compile(rb"<(?:\w+:)?row[\s/>]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name, the part that holds it, whether it is shown."""

    name: str
    part: str
    visible: bool


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell: column from 0; `kind` is `n` for a number, `s` a text, `b` a truth, `e` an error, `f` no value yet."""

    column: int
    kind: str
    text: str
    form: NumberFormat = "general"
    digits: int = 0
    """How many digits a `padded` number is shown with."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row by its number, from 1."""

    number: int
    cells: tuple[SheetCell, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """A block of cells made one: the corners, rows from 1, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int


Epoch = Literal[1900, 1904]
"""The year from which a workbook counts its days."""


@dataclass(slots=True)
class Workbook:
    """An opened workbook. Raises Unusable wherever it is no workbook."""

    sheets: tuple[Sheet, ...]
    epoch: Epoch
    _zip: zipfile.ZipFile = field(repr=False)
    _texts: list[str] | None = None
    _forms: list[tuple[NumberFormat, int]] | None = None

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """The rows of a sheet that are written, in order."""
        if self._texts is None:
            self._texts = shared_texts(self._zip)
        if self._forms is None:
            self._forms = styled_formats(self._zip)
        yield from _Rows(self._texts, self._forms).read(self._zip, sheet.part)

    def looked_through(self, sheet: Sheet) -> tuple[int, list[Merged]]:
        """How many rows are written, counted without reading them, and the merged blocks."""
        rows, merged, left = 0, [], b""
        for block in blocks(self._zip, sheet.part, SHEET):
            text = left + block
            # what may go on in the next block is looked at then
            end = max(0, text.rfind(b"<"))
            whole, left = text[:end], text[end:][-BLOCK:]
            rows += len(_ROWS.findall(whole))
            merged += [Merged(*_corner(a), *_corner(b)) for a, b in _MERGED.findall(whole)]
        return rows + len(_ROWS.findall(left)), merged


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """A workbook's sheets. Raises Unusable, or OSError if the file is not there."""
    with path.open("rb") as file, _archive(file) as archive:
        related = related_parts(archive)
        sheets: list[Sheet] = []
        epoch: Epoch = 1900
        for name, given, _ in elements(archive, "xl/workbook.xml", SMALL):
            if name == "workbookPr":
                epoch = 1904 if given.get("date1904") in ("1", "true") else 1900
            elif name == "sheet":
                kind, part = related.get(next((v for k, v in given.items() if k.endswith(" id")), ""), ("", ""))
                if kind == "worksheet":
                    sheets.append(Sheet(given.get("name", ""), part, given.get("state", "visible") == "visible"))
        if not sheets or len(sheets) > MAX_SHEETS:
            raise Unusable("工作簿里没有工作表", "the workbook has no worksheet")
        yield Workbook(tuple(sheets), epoch, archive)


def _archive(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise Unusable(
            "不是 .xlsx 工作簿，可能是 .xls、文本，或加了密码",
            "it is no .xlsx workbook, perhaps .xls, text, or locked by a password",
        ) from None


class _Rows:
    """Reads a sheet's rows."""

    def __init__(self, texts: list[str], forms: list[tuple[NumberFormat, int]]) -> None:
        self._texts, self._forms = texts, forms
        self._done: list[SheetRow] = []
        self._cells: list[SheetCell] = []
        self._number = self._count = 0
        self._hidden = self._collecting = self._phonetic = self._formula = self._valued = False
        self._column, self._kind, self._style = -1, "n", 0
        self._parts: list[str] = []
        self._length = 0

    def read(self, archive: zipfile.ZipFile, part: str) -> Iterator[SheetRow]:
        """The rows of a part."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        for _ in parsed(archive, part, SHEET, parser):
            yield from self._done
            self._done.clear()

    def _start(self, name: str, given: dict[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "row":
                number = int(given["r"]) if re.fullmatch("[1-9][0-9]{0,6}", given.get("r", "")) else self._number + 1
                if number <= self._number or number > MAX_ROWS:
                    raise misplaced(given.get("r", ""))
                self._number, self._column = number, -1
                self._hidden = given.get("hidden") in ("1", "true")
            case "c":
                self._column = self._column + 1 if "r" not in given else self._placed(given["r"])
                self._count += 1
                if self._column >= MAX_COLUMNS or self._count > MAX_CELLS:
                    raise Unusable("单元格的数目超出可读的范围", "it has more cells than are read")
                self._kind, self._style = given.get("t", "n"), whole_number(given.get("s"))
                self._parts, self._length = [], 0
                self._formula = self._valued = False
            case "v":
                self._collecting = self._valued = True
            case "t":
                self._collecting = not self._phonetic
                self._valued = True
            case "rPh":
                self._phonetic = True
            case "f":
                self._formula = True

    def _placed(self, reference: str) -> int:
        found = _REFERENCE.fullmatch(reference)
        if found is None or int(found[2]) != self._number:
            raise misplaced(reference)
        column = column_number(found[1])
        if column <= self._column:
            raise misplaced(reference)
        return column

    def _characters(self, text: str) -> None:
        if self._collecting:
            self._parts.append(text)
            self._length += len(text)
            if self._length > MAX_CHARACTERS:
                raise too_long()

    def _end(self, name: str) -> None:
        match name.rpartition(" ")[2]:
            case "v" | "t":
                self._collecting = False
            case "rPh":
                self._phonetic = False
            case "c":
                cell = self._cell()
                if cell is not None:
                    self._cells.append(cell)
            case "row":
                self._done.append(SheetRow(self._number, tuple(self._cells), self._hidden))
                self._cells = []

    def _cell(self) -> SheetCell | None:
        if not self._valued:
            return SheetCell(self._column, "f", "") if self._formula else None
        text = "".join(self._parts)
        match self._kind:
            case "s":
                at = whole_number(text)
                if at >= len(self._texts) or not text.strip().isdigit():
                    raise Unusable("有一格的文字没有写在文件里", "the text of a cell is not in the file")
                return SheetCell(self._column, "s", self._texts[at])
            case "str" | "inlineStr":
                return SheetCell(self._column, "s", text)
            case "b":
                return SheetCell(self._column, "b", "1" if text.strip() == "1" else "0")
            case "e":
                return SheetCell(self._column, "e", text)
            case "d":
                return SheetCell(self._column, "s", text.removesuffix("T00:00:00"))
        form, digits = self._forms[self._style] if self._style < len(self._forms) else ("general", 0)
        if not text.strip():
            return SheetCell(self._column, "f", "") if self._formula else None
        return SheetCell(self._column, "n", text.strip(), form, digits)


def misplaced(reference: str) -> Unusable:
    given = reference[:20]
    return Unusable(f"单元格的位置“{given}”写错了", f'the place of a cell, "{given}", is wrong')


def column_number(letters: str) -> int:
    """The number of a column, from 0, by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """The letters of a column by its number, from 0."""
    letters, left = "", number + 1
    while left:
        left, at = divmod(left - 1, 26)
        letters = chr(65 + at) + letters
    return letters


def _corner(reference: bytes) -> tuple[int, int]:
    letters, digits = re.fullmatch("([A-Z]+)([0-9]+)", reference.decode()).groups()  # type: ignore[union-attr]
    return int(digits), column_number(letters)
