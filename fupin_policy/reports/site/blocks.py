"""What stands on a page, whatever it is written in: headings, tables, sentences, drawings, links between pages.

In: nothing. Out: data only. Built by `rules`, `clauses_departments` and `choice_tables`; written by `markdown` and, as
HTML, by `html_pages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import DAY_MAX, DAY_MIN, Validity, to_date
from fupin_policy.core.program import Program
from fupin_policy.core.registers import ClauseRef

PageKind = Literal["policies", "targets", "departments", "clauses"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link to the page of a policy, target, department or clause."""

    kind: PageKind
    name: str
    shown: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name as the files of rules have it."""

    text: str


Inline = str | Bilingual | Link | Identifier | Validity
Line = tuple[Inline, ...]
"""Pieces that follow one another."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the blocks after it are about."""

    kind: ClassVar[str] = "heading"
    words: Bilingual


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line by itself; `strong` where it names what follows."""

    kind: ClassVar[str] = "paragraph"
    line: Line
    strong: bool = False
    validity: Validity | None = None


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A row of a table, and when it is so; None: always."""

    cells: tuple[Line, ...]
    validity: Validity | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; where the heads are blank its rows say what something is."""

    kind: ClassVar[str] = "table"
    heads: tuple[Inline, ...]
    rows: tuple[BlockRow, ...]
    validity: Validity | None = None


@dataclass(frozen=True, slots=True)
class Sentences:
    """An expression in both languages under what it is."""

    kind: ClassVar[str] = "sentences"
    title: Bilingual
    words: Bilingual
    after: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said besides."""

    kind: ClassVar[str] = "remark"
    words: Bilingual


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG, and what it is; `validity` where it is so for a time only."""

    kind: ClassVar[str] = "drawing"
    svg: str
    title: Bilingual
    validity: Validity | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """A condition drawn as a ladder, as an SVG. `validity` where its title is to be told, too."""

    kind: ClassVar[str] = "ladder"
    title: Bilingual
    svg: str
    validity: Validity | None = None


@dataclass(frozen=True, slots=True)
class DatedBlocks:
    """What is so over a stretch of time."""

    kind: ClassVar[str] = "version"
    validity: Validity
    blocks: tuple[PageBlock, ...]


PageBlock = Heading | Paragraph | Table | Sentences | Remark | Drawing | Ladder | DatedBlocks


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its title, what stands beside that, its blocks."""

    title: str
    beside: Line
    blocks: tuple[PageBlock, ...]


def listed(items: Iterable[Inline], none: str = "—") -> Line:
    """Pieces one after another; `none` where there are none."""
    found = list(items)
    line: list[Inline] = found[:1]
    for one in found[1:]:
        line += ["、", one]
    return tuple(line) or ((none,) if none else ())


def facts(pairs: Sequence[tuple[Inline, Line]]) -> Table:
    """A table of what something is."""
    return Table(("", ""), tuple(BlockRow(((name,), line)) for name, line in pairs))


def clause_name(source: str, clause: str) -> str:
    """The name of a clause's page."""
    return f"{source}-{clause}"


def clauses(program: Program, basis: Iterable[ClauseRef]) -> Line:
    """Links to clauses; a source without a register is named only."""
    return listed((_clause(program, ref) for ref in basis), "")


def _clause(program: Program, ref: ClauseRef) -> Inline:
    source = program.sources.get(ref.source)
    if source is None:
        return f"{ref.source} {ref.clause}".strip()
    if ref.clause not in source.clauses:
        return source.title.zh
    return Link("clauses", clause_name(ref.source, ref.clause), f"{source.number or ref.source} {ref.clause}")


def bodies(program: Program, departments: Iterable[str]) -> Line:
    """Links to departments, by their first names."""
    return listed(Link("departments", one, program.departments[one].names[0].name.zh) for one in departments)


def dates(validity: Validity) -> str:
    """A stretch of days, both ends inclusive."""
    low = "" if validity.start <= DAY_MIN else to_date(validity.start).isoformat()
    high = "" if validity.end > DAY_MAX else to_date(validity.end - 1).isoformat()
    return f"{low or '…'} 至 / to {high or '…'}" if low or high else "一直如此 / at all times"
