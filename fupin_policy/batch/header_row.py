"""Where the header of a sheet stands, below whatever titles it has.

In: the first rows of a CSV or a worksheet. Out: the position of the header. Called by `delimited` and `worksheets`.
"""

from __future__ import annotations

from collections.abc import Sequence

from fupin_policy.diagnostics.showing import hidden_signs

LOOKED_AT = 30
"""How many rows are looked at."""

SHARE = 0.6
"""A header fills at least this share of the cells that the fullest row fills; a title fills one or two."""

ENOUGH = 3


def header_at(rows: Sequence[Sequence[str | None]]) -> int:
    """The position of the header among the first rows: the first that fills most of the table's width."""
    filled = [sum(1 for cell in row if cell) for row in rows]
    width = max(filled, default=0)
    if width < ENOUGH:
        return next((at for at, count in enumerate(filled) if count), 0)
    return next(at for at, count in enumerate(filled) if count >= SHARE * width)


def named(cells: Sequence[str | None]) -> tuple[str, ...]:
    """Headers without blanks around them or signs that nobody sees; `列3` for a blank one, if not at the end."""
    names = [" ".join(_seen(cell or "").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(name or f"列{at}" for at, name in enumerate(names, 1))


def _seen(text: str) -> str:
    """A text without the signs that nobody sees."""
    hidden = [sign for sign in hidden_signs(text) if not sign.isspace()]
    return "".join(sign for sign in text if sign not in hidden)
