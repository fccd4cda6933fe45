"""The parts of an Excel file, unpacked and parsed a block at a time, within stated bounds.

In: an opened archive, the name of a part. Out: bytes, elements; `Unusable` past a bound. Called by the readers of
workbooks. A library that keeps formats and shared texts as objects can be made to take all memory by a small file, and
while it streams it tells neither merged cells nor formulas without a value; so the XML is read here.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

BLOCK = 1 << 16
SMALL, FORMATS, TEXTS, SHEET = 8 << 20, 32 << 20, 400 << 20, 2 << 30
"""The most bytes, unpacked, of a small part, of the formats, of the shared texts, of a sheet."""

MAX_SHEETS, MAX_ROWS, MAX_COLUMNS, MAX_CHARACTERS = 1000, 1 << 20, 1 << 14, 32767
"""What the format itself allows."""

PACKED = 100
"""A sheet that is packed more tightly than this has nothing in it but repetition."""


class Unusable(Exception):
    """A file that is no workbook, or one out of all bounds; `zh` and `en` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


def related_parts(archive: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """By id: of what kind a part of the workbook is, and where it stands."""
    found = {}
    for name, given, _ in elements(archive, "xl/_rels/workbook.xml.rels", SMALL):
        if name == "Relationship":
            target = given.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            found[given.get("Id", "")] = (given.get("Type", "").rpartition("/")[2], part)
    return found


def blocks(archive: zipfile.ZipFile, part: str, most: int) -> Iterator[bytes]:
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


def parsed(archive: zipfile.ZipFile, part: str, most: int, parser: Any) -> Iterator[None]:
    """Feed a part to a parser, block by block."""

    def refuse(*given: object) -> None:
        raise Unusable("其中有不应有的定义", "it has definitions that do not belong there")

    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    try:
        for block in blocks(archive, part, most):
            parser.Parse(block, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError:
        raise Unusable(f"其中的 {part} 读不通", f"its part {part} cannot be read") from None


def elements(archive: zipfile.ZipFile, part: str, most: int) -> Iterator[tuple[str, dict[str, str], str]]:
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
    for _ in parsed(archive, part, most, parser):
        yield from found
        found.clear()


def too_long() -> Unusable:
    """A cell that Excel itself could not hold."""
    return Unusable(f"有一格的文字超过 {MAX_CHARACTERS} 字", f"a cell has more than {MAX_CHARACTERS} characters")


def whole_number(text: str | None) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else 0
