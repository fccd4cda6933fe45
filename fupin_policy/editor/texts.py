"""Offsets in a text, and the lines and characters of which editors speak.

In: a text, an offset in code points or a position. Out: the other. Called by `server`, which alone knows of positions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal

CharacterUnit = Literal["utf-8", "utf-16", "utf-32"]
"""In what an editor counts the characters of a line."""
_BYTES = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}


@dataclass(frozen=True, slots=True)
class Lines:
    """A text with the offsets at which its lines begin."""

    text: str
    starts: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Lines:
        """The lines of a text."""
        return cls(text, tuple(accumulate((len(line) + 1 for line in text.split("\n")[:-1]), initial=0)))

    def position(self, offset: int, encoding: CharacterUnit) -> tuple[int, int]:
        """The line and the character of an offset, both counted from 0."""
        line = bisect_right(self.starts, offset) - 1
        return line, _units(self.text[self.starts[line] : offset], encoding)

    def offset(self, line: int, character: int, encoding: CharacterUnit) -> int:
        """The offset of a line and a character; the nearest that there is."""
        if line >= len(self.starts):
            return len(self.text)
        start = self.starts[line]
        end = self.text.find("\n", start)
        content = self.text[start : len(self.text) if end < 0 else end]
        if encoding == "utf-32" or content.isascii():
            return start + min(character, len(content))
        kind, width = _BYTES[encoding]
        return start + len(content.encode(kind, "surrogatepass")[: character * width].decode(kind, "ignore"))


def _units(text: str, encoding: CharacterUnit) -> int:
    if encoding == "utf-32" or text.isascii():
        return len(text)
    kind, width = _BYTES[encoding]
    return len(text.encode(kind, "surrogatepass")) // width


def is_word_sign(sign: str) -> bool:
    """Whether a sign may stand in a name, dots among them."""
    return sign.isalnum() or sign in "_."


def word_at(text: str, offset: int, within: Callable[[str], bool] = is_word_sign) -> tuple[int, int]:
    """From where to where the word goes in which, or at whose end, an offset stands; nothing where there is none."""
    start = end = offset
    while start > 0 and within(text[start - 1]):
        start -= 1
    while end < len(text) and within(text[end]):
        end += 1
    return start, end
