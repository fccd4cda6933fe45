"""How wide columns are on a page of A4 across, so that letters print as large as they are, on few lines; how high rows.

In: columns and rows of cells. Out: widths in digits, heights in points. Called by `paper_sheet` and `household_list`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any
from unicodedata import east_asian_width

import numpy as np

from fupin_policy.diagnostics.showing import width_of

FONT, LINE, DENSE_FONT, DENSE_LINE = 8, 11.6, 6.85, 10.7
"""Points of the letters, and from line to line; of the letters of a dense sheet as it is printed, and its lines."""
_PAGE = 842 - 2 * 18 - 4
"""Points across a page, less what is left blank at its sides, and some to spare."""
_DIGIT, _EDGE = 5.25, 3.75
"""Points of a digit by which widths are measured, and of what is around the text of a cell."""
_HALF = 4.1
"""Points of a letter of half width at most, of that font."""
_NARROWEST = 7.0
_HIGHEST = 400.0
"""Points that a row may take."""
_LOOKED_AT = 400
"""Rows by which widths are chosen."""
_STEPS = (6.0, 2.0, 1.0)


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column: its heading, its width in digits, the form of its numbers ("" for texts), whether it is added up.

    By what stands in `known` ones people know the row, so that it can be told whether that was changed. Those that
    are `flowing` share what the others leave of a page.
    """

    heading: str
    width: float
    numbers: str = ""
    total: bool = False
    known: bool = False
    flowing: bool = False


def page_widths(columns: Sequence[PaperColumn], rows: Sequence[Sequence[Any]], dense: bool = False) -> list[float]:
    """The widths with which all columns fill a page, and rows take few lines; wider than one only if it must be.

    What is dense is wider than a page, and printed smaller.
    """
    widths = [_own_width(column, [row[at] for row in rows]) for at, column in enumerate(columns)]
    flowing = [at for at, column in enumerate(columns) if column.flowing]
    if not flowing:
        return widths
    fixed = sum(width for at, width in enumerate(widths) if at not in flowing)
    page = _PAGE * FONT / DENSE_FONT if dense else _PAGE
    left = max((page - _EDGE * len(columns)) / _DIGIT - fixed, _NARROWEST * len(flowing))
    texts = np.array([[_wide(row[at]) for at in flowing] for row in rows[:: 1 + len(rows) // _LOOKED_AT]] or [[1]])
    shares = np.full(len(flowing), left / len(flowing))
    fewest = _lines(texts, shares)
    for step in _STEPS:
        better = True
        while better:
            better = False
            for giving, taking in permutations(range(len(flowing)), 2):
                tried = shares.copy()
                tried[giving] -= step
                tried[taking] += step
                if tried[giving] >= _NARROWEST and (lines := _lines(texts, tried)) < fewest:
                    shares, fewest, better = tried, lines, True
    for at, share in zip(flowing, shares.tolist(), strict=True):
        widths[at] = share
    return widths


def height(widths: Sequence[float], cells: Sequence[Any], dense: bool = False) -> float:
    """Points that a row takes with its texts wrapped."""
    lines = max(-(-_wide(cell) // _in_line(width)) for width, cell in zip(widths, cells, strict=True))
    return float(min(max(int(lines), 1) * (DENSE_LINE if dense else LINE) + 1.5, _HIGHEST))


def page_width(widths: Sequence[float]) -> float:
    """A column's width that is as wide as all of these."""
    return sum(widths) + (len(widths) - 1) * _EDGE / _DIGIT


def _own_width(column: PaperColumn, cells: Sequence[Any]) -> float:
    if not column.numbers:
        texts = [_wide(cell) for cell in cells if isinstance(cell, str)]
        longest = max([width_of(column.heading) // 2, *texts]) if texts else 0
        return min(column.width, _room_for(longest)) if texts else column.width
    numbers = [cell for cell in cells if cell is not None]
    shown = [*numbers, sum(numbers)] if column.total else numbers
    longest = max((_wide(one) if isinstance(one, str) else len(f"{one:,.2f}") for one in shown), default=4)
    return max(longest * _HALF * 1.1 / _DIGIT + 0.6, 6.0)


def _wide(cell: Any) -> int:
    """Letters of half width; signs like ① are of full width in Chinese fonts."""
    return width_of(cell) + sum(east_asian_width(sign) == "A" for sign in cell) if isinstance(cell, str) else 1


def _in_line(width: float) -> int:
    """Letters of half width in a line; one of full width, or a sign that may not begin one, goes on to the next."""
    return max(2, int((width * _DIGIT - 1) / _HALF) - 1)


def _room_for(letters: int) -> float:
    """The width in which so many letters stand in a line."""
    return ((letters + 1) * _HALF + 1.5) / _DIGIT


def _lines(texts: Any, shares: Any) -> int:
    """The lines of all rows, and of all cells in a second place, so that narrow ones are not left over."""
    room = np.array([_in_line(share) for share in shares.tolist()])
    lines = -(-texts // room)
    return int(lines.max(axis=1).sum()) * 10_000 + int(lines.sum())
