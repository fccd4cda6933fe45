"""A registry extract: CSV tables of households, members and lists, joined into households as the intake takes them.

In: files and a program. Out: mappings in the order of the households' table. Called by `cli.demo` and users.
Every problem is reported with file and line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fupin_policy.core.declarations import FactDecl, ListDecl
from fupin_policy.core.expressions import Level
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Reporter, Source, Span, suggest
from fupin_policy.intake.notation import RESERVED
from fupin_policy.intake.period_headers import fact_of_header

HOUSEHOLD_ID, MEMBER_ID = "户编号", "人编号"
HOUSEHOLD_IDS = (HOUSEHOLD_ID, "household", "household_id")
MEMBER_IDS = (MEMBER_ID, *RESERVED["member"], "member", "member_id")

HeaderColumns = dict[int, tuple[str, str, str]]
"""By position: the header as written (of a fact by month its label), whose it is: `household`, `member` (their ids), or
the fact's level, and the month, if any."""


@dataclass(frozen=True, slots=True)
class _Row:
    span: Span
    line: int
    household: str
    member: str
    facts: dict[str, dict[str, Any]]
    """By level: the cells that are not empty, by header; of facts by month or year they are gathered by that."""


def read_extract(households: Path, members: Path, program: Program, reporter: Reporter) -> list[Mapping[str, Any]]:
    """The households of an extract (UTF-8 or GB18030). What could not be read is left out and reported.

    A list has its table beside that of households, called as the list is in English (`bills.csv`): who has no rows
    there has no items. Of a list without a table nothing is given.
    """
    own = list(_rows(households, program, "household", ("household", "village"), reporter))
    persons = list(_rows(members, program, "member", ("member",), reporter))
    found: dict[str, tuple[_Row, list[dict[str, Any]]]] = {}
    for row in own:
        if row.household in found:
            reporter.report("H065", row.span, id=_shown(row.household), line=found[row.household][0].line)
        else:
            found[row.household] = (row, [])
    _join(persons, found, reporter)
    for row, listed in found.values():
        if not listed and program.min_members > 0:
            reporter.report("H067", row.span, id=_shown(row.household))
    read: list[dict[str, Any]] = [_household(row, listed) for row, listed in found.values()]
    for declared, path in lists_beside(households, program):
        rows = _rows(path, program, declared.of, (declared.name,), reporter)
        _add_items(declared, rows, read, reporter)
    return [*read]


def lists_beside(households: Path, program: Program) -> list[tuple[ListDecl, Path]]:
    """The lists that have a table beside that of households, each with its table."""
    tables = ((declared, households.parent / f"{declared.name}.csv") for declared in program.lists)
    return [(declared, path) for declared, path in tables if path.exists()]


def _add_items(declared: ListDecl, rows: Iterator[_Row], households: list[dict[str, Any]], reporter: Reporter) -> None:
    """Each row of a list's table with its household or member; all others are said to have none."""
    owners: dict[tuple[str, str], dict[str, Any]] = {(one["id"], ""): one for one in households}
    if declared.of == "member":
        owners = {(one["id"], person["id"]): person for one in households for person in one["members"]}
    for one in owners.values():
        one[declared.label] = []
    known = {one["id"] for one in households}
    for row in rows:
        whose = owners.get((row.household, row.member))
        if whose is not None:
            whose[declared.label].append(row.facts[declared.name])
        elif row.household in known:
            reporter.report("B191", row.span, id=_shown(row.member))
        else:
            reporter.report("B190", row.span, id=_shown(row.household))


def _join(persons: list[_Row], found: dict[str, tuple[_Row, list[dict[str, Any]]]], reporter: Reporter) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row in persons:
        key = (row.household, row.member)
        if row.household not in found:
            reporter.report("H068", row.span, id=_shown(row.household))
        elif key in seen:
            reporter.report("H066", row.span, id=_shown(row.member), line=seen[key])
        else:
            seen[key] = row.line
            found[row.household][1].append({"id": row.member, **row.facts["member"]})


def _household(row: _Row, members: list[dict[str, Any]]) -> dict[str, Any]:
    village = row.facts["village"]
    return {
        "id": row.household,
        **row.facts["household"],
        **({"village": village} if village else {}),
        "members": members,
    }


def _rows(path: Path, program: Program, owner: Level, levels: tuple[str, ...], reporter: Reporter) -> Iterator[_Row]:
    """The rows of a table that have their identifiers: those of households, or of members with their households'."""
    source = _source(path, reporter)
    if source is None:
        return
    records = _records(source, reporter)
    head = next(records, None)
    if head is None:
        reporter.report("H060", Span(source, 0, 0))
        return
    span, header = head[0], [cell.strip() for cell in head[2]]
    columns = _columns(header, program, owner, levels, span, reporter)
    if columns is None:
        return
    for where, line, cells in records:
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            reporter.report("H064", where, count=len(cells), columns=len(header))
            continue
        row = _row(where, line, cells, columns, levels)
        empty = [name for name, kind, _ in columns.values() if kind in _ids(owner) and not getattr(row, kind[3:])]
        for name in empty:
            reporter.report("H069", where, name=name)
        if not empty:
            yield row


def _row(span: Span, line: int, cells: list[str], columns: HeaderColumns, levels: tuple[str, ...]) -> _Row:
    ids = {"id:household": "", "id:member": ""}
    facts: dict[str, dict[str, Any]] = {level: {} for level in levels}
    for index, cell in enumerate(cells):
        name, kind, period = columns.get(index, ("", "", ""))
        value = cell.strip()
        if kind in ids:
            ids[kind] = value
        elif kind and value and period:
            facts[kind].setdefault(name, {})[period] = value
        elif kind and value:
            facts[kind][name] = value
    return _Row(span, line, ids["id:household"], ids["id:member"], facts)


def _ids(owner: Level) -> tuple[str, ...]:
    return ("id:household", "id:member") if owner == "member" else ("id:household",)


def _columns(
    header: list[str], program: Program, owner: Level, levels: tuple[str, ...], span: Span, reporter: Reporter
) -> HeaderColumns | None:
    """What each column is; None where an identifier has no column."""
    ids, facts = _known_ids(program, owner), _known_facts(program, levels)
    columns: HeaderColumns = {}
    taken: dict[str, str] = {}
    for index, name in enumerate(header):
        if not name:
            continue
        fact = None if name in ids else fact_of_header(facts, name)
        if fact is None and name not in ids:
            nearest = suggest(name, [*facts, *ids]) if len(name) <= 40 else None
            reporter.report("H061", span, suggestion=nearest, name=_shown(name))
            continue
        meaning = ids[name] if fact is None else fact.name
        if meaning in taken:
            reporter.report("H063", span, name=name, other=taken[meaning])
            continue
        taken[meaning] = name
        if fact is None:
            columns[index] = (name, meaning, "")
        elif fact.series is None:
            columns[index] = (name, fact.level, "")
        else:
            columns[index] = (fact.series.label, fact.level, fact.name.removeprefix(fact.series.name).strip())
    absent = [one for one in _ids(owner) if one not in taken]
    for one in absent:
        reporter.report("H062", span, name=_identifier(program, one[3:]))
    return None if absent else columns


def _known_facts(program: Program, levels: tuple[str, ...]) -> dict[str, FactDecl]:
    """The facts of these levels by every name that a header may have; one by month has its month after it."""
    return {key: fact for fact in program.facts if fact.level in levels for key in fact.called}


def _known_ids(program: Program, owner: Level) -> dict[str, str]:
    """By header of an identifier which it is: `id:household` or `id:member`."""
    of_household = HOUSEHOLD_IDS if owner == "member" else (*HOUSEHOLD_IDS, *RESERVED["member"])
    known = dict.fromkeys(of_household, "id:household")
    if owner == "member":
        known.update(dict.fromkeys((*MEMBER_IDS, _identifier(program, "member")), "id:member"))
    known[_identifier(program, "household")] = "id:household"
    return known


def _identifier(program: Program, level: str) -> str:
    return program.identifiers.get(level) or (HOUSEHOLD_ID if level == "household" else MEMBER_ID)


def _source(path: Path, reporter: Reporter) -> Source | None:
    """A table's text with plain line ends; files of spreadsheets are often GB18030."""
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return Source(str(path), text.replace("\r\n", "\n").replace("\r", "\n"))
    reporter.report("H070", Span(Source(str(path), ""), 0, 0))
    return None


def _records(source: Source, reporter: Reporter) -> Iterator[tuple[Span, int, list[str]]]:
    """The rows that are not empty, each with the stretch and the number of its first line."""
    lines = source.text.split("\n")
    starts = [0]
    for text in lines:
        starts.append(starts[-1] + len(text) + 1)
    reader = csv.reader(io.StringIO(source.text), strict=True)
    while True:
        line = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            reporter.report("H071", _line(source, lines, starts, line))
            return
        if any(cell.strip() for cell in cells):
            yield _line(source, lines, starts, line), line + 1, cells


def _line(source: Source, lines: list[str], starts: list[int], line: int) -> Span:
    index = min(line, len(lines) - 1)
    return Span(source, starts[index], starts[index] + len(lines[index]))


def _shown(text: str) -> str:
    clean = "".join(char if char.isprintable() else "�" for char in text[:41])
    return clean if len(text) <= 40 else f"{clean[:39]}…"
