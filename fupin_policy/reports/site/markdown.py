"""Pages as Markdown, as Sphinx with MyST reads it.

In: blocks. Out: Markdown. Called by `site`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity
from fupin_policy.reports.site.blocks import (
    DatedBlocks,
    Drawing,
    Heading,
    Identifier,
    Inline,
    Ladder,
    Line,
    Link,
    Page,
    PageBlock,
    Paragraph,
    Remark,
    Sentences,
    Table,
    dates,
)

_MARKS = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>#|$~"})


def plain(text: object) -> str:
    """A text with nothing in it that Markdown would take as a mark."""
    return str(text).translate(_MARKS).replace("\n", " ")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; nothing where it has no rows."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *lines]) if lines else ""


def written(page: Page) -> str:
    """A page."""
    parts = [f"# {plain(page.title)}", _line(page.beside), *map(_block, page.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: PageBlock) -> str:
    match block:
        case Heading(words):
            return f"## {_both(words)}"
        case Paragraph(line, strong, validity):
            text = f"**{_line(line)}**" if strong else _line(line)
            return text if validity is None else f"{text} ({dates(validity)})"
        case Table(heads, rows):
            return table([_inline(one) for one in heads], [[_line(cell) for cell in row.cells] for row in rows])
        case Sentences(title, words, after):
            beside = "" if after is None else f" ({_both(after)})"
            return f"**{_both(title)}**{beside}\n\n- {plain(words.zh)}\n- {plain(words.en)}"
        case Remark(words):
            return f"> {_both(words)}"
        case Drawing(svg, _, _):
            return _drawing(svg)
        case Ladder(title, svg, validity):
            above = "" if validity is None else f"**{_both(title)}** ({dates(validity)})\n\n"
            return above + _drawing(svg)
        case DatedBlocks(validity, blocks):
            parts = [f"## {dates(validity)}", *map(_block, blocks)]
            return "\n\n".join(part for part in parts if part)
        case _:
            assert_never(block)


def _drawing(svg: str) -> str:
    """A picture; its words stand on the page besides, and the search need not find them twice."""
    return f'```{{raw}} html\n:class: no-search\n\n<div class="drawing">{svg}</div>\n```'


def _line(line: Line) -> str:
    return "".join(map(_inline, line))


def _inline(one: Inline) -> str:
    match one:
        case str():
            return plain(one)
        case Bilingual():
            return _both(one)
        case Link(kind, name, shown):
            return f"[{plain(shown)}](../{kind}/{name}.md)"
        case Identifier(text):
            return f"`{text}`"
        case Validity():
            return dates(one)
        case _:
            assert_never(one)


def _both(words: Bilingual) -> str:
    return f"{plain(words.zh)} / {plain(words.en)}"
