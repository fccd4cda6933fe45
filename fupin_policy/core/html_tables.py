"""A small table for a notebook, in HTML that needs no style sheet.

In: texts, a heading's in both languages. Out: HTML, in which every text is escaped.
Called by `evaluation` and `decision`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.diagnostics.showing import shown

Cell = str | Bilingual
_LEFT = "text-align:left;vertical-align:top;padding:4px 10px"
_RULE = "border-bottom:1px solid rgba(128,128,128,.35)"
_QUIET = "opacity:.65;font-size:85%"


def html_table(caption: Cell, headings: Sequence[Bilingual], rows: Iterable[Sequence[Cell]], below: Cell = "") -> str:
    """A table with a heading over each column; `below` is a line under it."""
    top = "".join(f'<th scope="col" style="{_LEFT};{_RULE}">{_both(one)}</th>' for one in headings)
    body = (f"<tr>{''.join(_data(cell) for cell in row)}</tr>" for row in rows)
    return _framed(caption, f"<thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody>", below)


def html_list(caption: Cell, entries: Iterable[tuple[Bilingual, Cell]]) -> str:
    """A table with a line for each entry, its heading before it."""
    rows = (
        f'<tr><th scope="row" style="{_LEFT};{_RULE}">{_both(name)}</th>{_data(cell)}</tr>' for name, cell in entries
    )
    return _framed(caption, f"<tbody>{''.join(rows)}</tbody>", "")


def _framed(caption: Cell, inside: str, below: Cell) -> str:
    title = f'<caption style="{_LEFT};font-weight:600;caption-side:top">{_both(caption)}</caption>'
    under = f'<div style="{_QUIET};padding:4px 10px">{_both(below)}</div>' if below else ""
    return f'<div><table style="border-collapse:collapse">{title}{inside}</table>{under}</div>'


def _data(cell: Cell) -> str:
    return f'<td style="{_LEFT};{_RULE}">{_both(cell)}</td>'


def _both(cell: Cell) -> str:
    """The Chinese text with the English one below it, if that is another."""
    if isinstance(cell, str):
        return escape(shown(cell))
    zh, en = (escape(shown(text)) for text in cell.both)
    return zh if zh == en else f'{zh}<br><span lang="en" style="{_QUIET}">{en}</span>'
