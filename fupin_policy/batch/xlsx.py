"""The parts of an Excel workbook, read as a stream within stated bounds: its sheets, and the cells of one.

In: a path. Out: `Workbook`: `Sheet`s, rows of `SheetCell`s. Called by `worksheets`.
A library that keeps formats and shared texts as objects can be made to take all memory by a small file, and while it
streams it tells neither merged cells nor formulas without a value; so the XML is read here, a block at a time.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Literal, Self
from xml.parsers import expat

BLOCK = 1 << 16
SMALL, FORMATS, TEXTS, SHEET = 8 << 20, 32 << 20, 400 << 20, 2 << 30
"""The most bytes, unpacked, of a small part, of the formats, of the shared texts, of a sheet."""

MAX_SHEETS, MAX_ROWS, MAX_COLUMNS, MAX_CHARACTERS = 1000, 1 << 20, 1 << 14, 32767
"""What the format itself allows."""

MAX_CELLS, MAX_TEXTS, MAX_TEXT = 50_000_000, 4_000_000, 200_000_000
"""Cells of a sheet, shared texts, and characters of these, that are read."""

PACKED = 100
"""A sheet that is packed more tightly than this has nothing in it but repetition."""

NumberFormat = Literal["general", "day", "month", "year", "percent", "padded"]
"""What a cell's format says of its number. `padded`: digits with zeros in front."""

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})[\"']")
_ROWS = re.compile(rb"<(?:\w+:)?row[\s/>]")
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATES = {14: "day", 15: "day", 16: "day", 17: "month", 22: "day", 27: "month", 28: "day", 29: "day", 30: "day"} | {
    31: "day", 36: "month", 50: "month", 51: "day", 52: "month", 53: "day", 54: "day", 55: "month", 56: "day",
    57: "month", 58: "day",
}  # fmt: skip
"""What numbers of formats that are in no list mean, in Chinese editions too."""


class Unusable(Exception):
    """A file that is no workbook, or one out of all bounds; `zh` and `en` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


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


@dataclass(slots=True)
class Workbook:
    """An opened workbook. Raises Unusable wherever it is no workbook."""

    sheets: tuple[Sheet, ...]
    since_1904: bool
    _file: BinaryIO = field(repr=False)
    _zip: zipfile.ZipFile = field(repr=False)
    _texts: list[str] | None = None
    _forms: list[tuple[NumberFormat, int]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        self._file.close()

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """The rows of a sheet that are written, in order."""
        if self._texts is None:
            self._texts = _shared_texts(self._zip)
        if self._forms is None:
            self._forms = _forms(self._zip)
        yield from _Rows(self._texts, self._forms).read(self._zip, sheet.part)

    def looked_through(self, sheet: Sheet) -> tuple[int, list[Merged]]:
        """How many rows are written, counted without reading them, and the merged blocks."""
        rows, merged, left = 0, [], b""
        for block in _blocks(self._zip, sheet.part, SHEET):
            text = left + block
            # what may go on in the next block is looked at then
            end = max(0, text.rfind(b"<"))
            whole, left = text[:end], text[end:][-BLOCK:]
            rows += len(_ROWS.findall(whole))
            merged += [Merged(*_corner(a), *_corner(b)) for a, b in _MERGED.findall(whole)]
        return rows + len(_ROWS.findall(left)), merged


def open_workbook(path: Path) -> Workbook:
    """A workbook's sheets. Raises Unusable, or OSError if the file is not there."""
    file = path.open("rb")
    try:
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            raise Unusable(
                "不是 .xlsx 工作簿，可能是 .xls、文本，或加了密码",
                "it is no .xlsx workbook, perhaps .xls, text, or locked by a password",
            ) from None
        related = _related(archive)
        sheets: list[Sheet] = []
        since_1904 = False
        for name, given, _ in _elements(archive, "xl/workbook.xml", SMALL):
            if name == "workbookPr":
                since_1904 = given.get("date1904") in ("1", "true")
            elif name == "sheet":
                kind, part = related.get(next((v for k, v in given.items() if k.endswith(" id")), ""), ("", ""))
                if kind == "worksheet":
                    sheets.append(Sheet(given.get("name", ""), part, given.get("state", "visible") == "visible"))
        if not sheets or len(sheets) > MAX_SHEETS:
            raise Unusable("工作簿里没有工作表", "the workbook has no worksheet")
        return Workbook(tuple(sheets), since_1904, file, archive)
    except BaseException:
        file.close()
        raise


def _related(archive: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """By id: of what kind a part of the workbook is, and where it stands."""
    found = {}
    for name, given, _ in _elements(archive, "xl/_rels/workbook.xml.rels", SMALL):
        if name == "Relationship":
            target = given.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            found[given.get("Id", "")] = (given.get("Type", "").rpartition("/")[2], part)
    return found


def _blocks(archive: zipfile.ZipFile, part: str, most: int) -> Iterator[bytes]:
    """A part's bytes, unpacked. Raises Unusable."""
    try:
        info = archive.getinfo(part)
        if info.file_size > most or (info.file_size > SMALL and info.file_size > PACKED * max(1, info.compress_size)):
            raise Unusable(
                f"其中的 {part} 展开后有 {info.file_size >> 20} MB，超出可读的范围",
                f"its {part} has {info.file_size >> 20} MB when unpacked, more than is read",
            )
        with archive.open(info) as file:
            yield from iter(lambda: file.read(BLOCK), b"")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise Unusable("文件不完整或已损坏", "the file is cut short or damaged") from None
    except KeyError:
        raise Unusable(f"其中缺少 {part}", f"its part {part} is not there") from None


def _parsed(archive: zipfile.ZipFile, part: str, most: int, parser: Any) -> Iterator[None]:
    """Feed a part to a parser, block by block."""

    def refuse(*given: object) -> None:
        raise Unusable("其中有不应有的定义", "it has definitions that do not belong there")

    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    try:
        for block in _blocks(archive, part, most):
            parser.Parse(block, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError:
        raise Unusable(f"其中的 {part} 读不通", f"its part {part} cannot be read") from None


def _elements(archive: zipfile.ZipFile, part: str, most: int) -> Iterator[tuple[str, dict[str, str], str]]:
    """The elements of a small part as they begin: name, attributes, and the name of the one around it."""
    found: list[tuple[str, dict[str, str], str]] = []
    around: list[str] = [""]

    def start(name: str, given: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        found.append((local, given, around[-1]))
        around.append(local)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: around.pop()
    for _ in _parsed(archive, part, most, parser):
        yield from found
        found.clear()


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    """The texts that cells refer to by number."""
    part = next((name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"), None)
    if part is None:
        return []
    reader = _Texts()
    for _ in _parsed(archive, part, TEXTS, reader.parser):
        pass
    return reader.found


class _Texts:
    """Collects shared texts; readings in phonetic signs are none of them."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._length = self._total = 0
        self._inside = self._phonetic = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _start(self, name: str, given: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self._phonetic = self._phonetic or local == "rPh"
        self._inside = local == "t" and not self._phonetic

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        self._inside = False
        if local == "rPh":
            self._phonetic = False
        elif local == "si":
            self.found.append("".join(self._parts))
            self._total += self._length
            self._parts, self._length = [], 0
            if len(self.found) > MAX_TEXTS or self._total > MAX_TEXT:
                raise Unusable("其中的文字超出可读的范围", "it has more texts than are read")

    def _characters(self, text: str) -> None:
        if self._inside:
            self._parts.append(text)
            self._length += len(text)
            if self._length > MAX_CHARACTERS:
                raise too_long()


def too_long() -> Unusable:
    """A cell that Excel itself could not hold."""
    return Unusable(f"有一格的文字超过 {MAX_CHARACTERS} 字", f"a cell has more than {MAX_CHARACTERS} characters")


def _forms(archive: zipfile.ZipFile) -> list[tuple[NumberFormat, int]]:
    """For each number of a cell's style: what it says of a number."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    if "xl/styles.xml" not in archive.namelist():
        return []
    for name, given, around in _elements(archive, "xl/styles.xml", FORMATS):
        if name == "numFmt" and around == "numFmts":
            codes[_whole(given.get("numFmtId"))] = given.get("formatCode", "")[:300]
        elif name == "xf" and around == "cellXfs":
            styles.append(_whole(given.get("numFmtId")))
    return [form_of(number, codes.get(number)) for number in styles]


def form_of(number: int, code: str | None) -> tuple[NumberFormat, int]:
    """What a format says of a number: one of the known numbers, or a code such as `yyyy"年"m"月"`."""
    if code is None:
        form: Any = _DATES.get(number, "percent" if number in (9, 10) else "general")
        return form, 0
    signs = _NOT_SHOWN.sub("", code.split(";")[0]).lower()
    if "general" in signs or not signs:
        return "general", 0
    if "%" in signs:
        return "percent", 0
    if re.fullmatch("0{2,}", signs):
        return "padded", len(signs)
    if "y" in signs or "d" in signs or "h" in signs or "s" in signs or "m" in signs:
        dayless = "d" not in signs and "h" not in signs and "s" not in signs and "y" in signs
        return (("month" if "m" in signs else "year") if dayless else "day"), 0
    return "general", 0


def _whole(text: str | None) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else 0


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
        for _ in _parsed(archive, part, SHEET, parser):
            yield from self._done
            self._done.clear()

    def _start(self, name: str, given: dict[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "row":
                number = int(given["r"]) if re.fullmatch("[1-9][0-9]{0,6}", given.get("r", "")) else self._number + 1
                if number <= self._number or number > MAX_ROWS:
                    raise _misplaced(given.get("r", ""))
                self._number, self._column = number, -1
                self._hidden = given.get("hidden") in ("1", "true")
            case "c":
                self._column = self._column + 1 if "r" not in given else self._placed(given["r"])
                self._count += 1
                if self._column >= MAX_COLUMNS or self._count > MAX_CELLS:
                    raise Unusable("单元格的数目超出可读的范围", "it has more cells than are read")
                self._kind, self._style = given.get("t", "n"), _whole(given.get("s"))
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
            raise _misplaced(reference)
        column = column_number(found[1])
        if column <= self._column:
            raise _misplaced(reference)
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
                at = _whole(text)
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


def _misplaced(reference: str) -> Unusable:
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
