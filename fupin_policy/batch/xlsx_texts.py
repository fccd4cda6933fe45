"""The texts that an Excel file keeps once and its cells refer to by number.

In: an opened archive. Out: texts. Called by `xlsx`.
"""

from __future__ import annotations

import zipfile
from xml.parsers import expat

from fupin_policy.batch.xlsx_parts import MAX_CHARACTERS, TEXTS, Unusable, parsed, too_long

MAX_TEXTS, MAX_TEXT = 4_000_000, 200_000_000
"""Shared texts, and characters of these, that are read."""


def shared_texts(archive: zipfile.ZipFile) -> list[str]:
    """The texts that cells refer to by number."""
    part = next((name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"), None)
    if part is None:
        return []
    reader = _SharedTexts()
    for _ in parsed(archive, part, TEXTS, reader.parser):
        pass
    return reader.found


class _SharedTexts:
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
