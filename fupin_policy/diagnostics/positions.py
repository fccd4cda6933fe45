"""Texts that positions refer to, stretches of them, lines and columns.

In: a path and a text. Out: spans and positions. Called by every stage that reads text.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Source:
    """A text that positions refer to: `path` as shown to people, `text` in full; `line` is that of its beginning."""

    path: str
    text: str = field(repr=False)
    line: int = 1


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open stretch `[start, end)` of a source, in code points."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters that the span covers."""
        return self.source.text[self.start : self.end]


def line_of(span: Span) -> str:
    """The line in which a span begins, without the blanks around it."""
    text = span.source.text
    end = text.find("\n", span.start)
    return text[text.rfind("\n", 0, span.start) + 1 : len(text) if end < 0 else end].strip()


@dataclass(frozen=True, slots=True)
class LineColumn:
    """A line and a column, both counted from 1."""

    line: int
    column: int


def locate(source: Source, offset: int) -> LineColumn:
    """The line and column of an offset (code points) in a source."""
    starts = _line_starts(source)
    line = bisect_right(starts, offset)
    return LineColumn(source.line + line - 1, offset - starts[line - 1] + 1)


@lru_cache(maxsize=2)  # diagnostics come file by file; a service must not keep every text that was wrong
def _line_starts(source: Source) -> tuple[int, ...]:
    return tuple(accumulate((len(line) + 1 for line in source.text.split("\n")[:-1]), initial=0))
