"""Foreign text as it may be shown: on a terminal, in a diagnostic, as a file's name.

In: any text. Out: the same with what a terminal would obey, or nobody would see, written out; and not too long.
The only way in which text that is not our own reaches a person.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import zip_longest
from typing import TextIO

_OPENING, _CLOSING = "「（“", "，：；、）」。)”"
MAX_LENGTH = 300
"""What a name, a value or a list of choices may take of a sentence, in characters."""

# controls, line and paragraph separators, what turns the direction of writing, what has no width, lone surrogates, tags
_UNSEEN = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f"
)
_IN_A_LINE = re.compile(f"[{_UNSEEN}]")
_IN_LINES = re.compile(f"[{_UNSEEN}]".replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))


def shown(text: str, longest: int = MAX_LENGTH) -> str:
    """A text for a place in a line: hidden and control signs as `<U+202E>`, line ends as blanks, cut to a length."""
    if len(text) > longest:
        text = f"{text[: longest - 1]}…"
    return _IN_A_LINE.sub(_written_out, text)


def shown_lines(text: str) -> str:
    """Lines for a terminal, as many and as long as they are; only their ends stay what they are."""
    return _IN_LINES.sub(_written_out, text)


def hidden_signs(text: str) -> list[str]:
    """The signs of a text that nobody would see or a terminal would obey, each once."""
    return list(dict.fromkeys(_IN_A_LINE.findall(text)))


def width_of(text: str) -> int:
    """The columns that a text takes on a terminal, where Chinese signs take two."""
    return sum(2 if is_wide(sign) else 1 for sign in text)


def in_columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows of as many cells with their columns under one another, two blanks apart; empty columns are left out."""
    kept = [column for column in zip(*rows, strict=True) if any(column)]
    widths = [max(width_of(text) for text in column) for column in kept]
    for row in zip(*kept, strict=True):
        cells = (text + " " * (width - width_of(text)) for text, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def is_wide(sign: str) -> bool:
    """Whether a sign takes two columns."""
    return unicodedata.east_asian_width(sign) in "WF"


@cache
def wide_signs() -> list[int]:
    """The signs that take two columns: by turns how far it is to where such begin, and to where they have ended."""
    steps, last, wide = list[int](), 0, False
    for point in range(sys.maxunicode + 1):
        if is_wide(chr(point)) is not wide:
            steps.append(point - last)
            last, wide = point, not wide
    return steps


def words_in(text: str) -> Iterator[str]:
    """What a line is not broken within: a Chinese sign, or others up to a blank; with it stands what closes it."""
    word = ""
    for sign, following in zip_longest(text, text[1:], fillvalue=" "):
        word += sign
        apart = (is_wide(sign) or is_wide(following)) and sign not in _OPENING and following not in _CLOSING
        if sign == " " or apart:
            yield word
            word = ""
    if word:
        yield word


def json_line(value: object) -> str:
    """A value as one line of JSON, hidden and control signs in the escapes of JSON."""
    return _IN_A_LINE.sub(lambda found: json.dumps(found.group())[1:-1], json.dumps(value, ensure_ascii=False))


def tell(text: str = "", *, end: str = "\n", file: TextIO | None = None, flush: bool = False) -> None:
    """Print lines on the terminal (standard output, unless `file` says otherwise)."""
    print(shown_lines(text), end=end, file=file, flush=flush)


def _written_out(found: re.Match[str]) -> str:
    sign = found.group()
    return " " if sign in "\r\n" else f"<U+{ord(sign):04X}>"
