"""Small pieces of Markdown: links between pages, tables, text in both languages.

In: names and texts. Out: Markdown. Called by every page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import DAY_MAX, DAY_MIN, Validity, to_date
from fupin_policy.core.program import Program
from fupin_policy.core.registers import ClauseRef

_MARKS = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>#|$~"})


def plain(text: object) -> str:
    """A text with nothing in it that Markdown would take as a mark."""
    return str(text).translate(_MARKS).replace("\n", " ")


def both(words: Bilingual) -> str:
    """Chinese with English beside it."""
    return f"{plain(words.zh)} / {plain(words.en)}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; nothing where it has no rows."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *lines]) if lines else ""


def link(kind: str, name: str, shown: str) -> str:
    """A link to the page of a policy, target, department or clause, from any page of these."""
    return f"[{plain(shown)}](../{kind}/{name}.md)"


def clause_page(source: str, clause: str) -> str:
    """The name of a clause's page."""
    return f"{source}-{clause}"


def clauses(program: Program, basis: Iterable[ClauseRef]) -> str:
    """Links to clauses; a source without a register is named only."""
    return "、".join(_clause(program, ref) for ref in basis)


def _clause(program: Program, ref: ClauseRef) -> str:
    source = program.sources.get(ref.source)
    if source is None or ref.clause not in source.clauses:
        return plain(f"{ref.source} {ref.clause}".strip() if source is None else source.title.zh)
    return link("clauses", clause_page(ref.source, ref.clause), f"{source.number or ref.source} {ref.clause}")


def bodies(program: Program, departments: Iterable[str]) -> str:
    """Links to departments, by their first names."""
    return (
        "、".join(
            link("departments", department, program.departments[department].names[0].name.zh)
            for department in departments
        )
        or "—"
    )


def dates(validity: Validity) -> str:
    """A stretch of days, both ends inclusive."""
    low = "" if validity.start <= DAY_MIN else to_date(validity.start).isoformat()
    high = "" if validity.end > DAY_MAX else to_date(validity.end - 1).isoformat()
    return f"{low or '…'} 至 / to {high or '…'}"
