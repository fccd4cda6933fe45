"""Which header of a foreign table is which fact: read from a file, taken from equal names, or proposed.

In: a mapping file or headers, and a program. Out: `RegistryMapping`, diagnostics, or YAML for people to edit.
Called by `run` and the command line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from fupin_policy.batch.period_headers import fact_of_header
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.program import Program
from fupin_policy.core.types import Number
from fupin_policy.diagnostics import Reporter, Source, Span, suggest
from fupin_policy.documents import nodes_of
from fupin_policy.documents import reader as yaml
from fupin_policy.files.bounded import bytes_of
from fupin_policy.intake.csv_extract import HOUSEHOLD_ID, HOUSEHOLD_IDS, MEMBER_ID, MEMBER_IDS
from fupin_policy.intake.notation import RESERVED

KIND = "mapping"

_FACTOR = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_UNIT = re.compile(r"(.+?)\s*[（(\[【]\s*(?:单位\s*[:：]?\s*)?([^（()）\[\]【】]{1,6})\s*[)）\]】]")
"""A header with a unit in brackets: 医疗费用（万元）."""

_MONEY = {"元": 0, "圆": 0, "百元": 2, "千元": 3, "万元": 4, "万": 4, "亿元": 8}
_SHARE = -2


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A header, the fact that it is, and how values are rewritten: as given, as the fact takes them.

    A `factor` brings amounts to the fact's unit: 10000 where they are in 万元 and the fact is in 元.
    """

    header: str
    fact: FactDecl
    values: tuple[tuple[str, str], ...] = ()
    factor: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TableMapping:
    """One table: the headers of the ids (`member` is None in the households' table) and the columns used."""

    household: str
    member: str | None
    columns: tuple[MappedColumn, ...]


@dataclass(frozen=True, slots=True)
class RegistryMapping:
    """The tables of households and, where there are any, of members."""

    households: TableMapping
    members: TableMapping | None


TableLevel = Literal["household", "member"]
"""What a row of a table is about. Facts of villages stand in the table of households."""


@dataclass(frozen=True, slots=True)
class Headers:
    """A table's name as shown to people, and its headers."""

    name: str
    headers: tuple[str, ...]


def read_mapping(
    path: Path, program: Program, households: Headers, members: Headers | None, reporter: Reporter
) -> RegistryMapping | None:
    """A mapping file, checked by the headers; None with every problem reported. Raises OSError if it is not there."""
    path.stat()
    data = bytes_of(path)
    if data is None:
        reporter.report("Y117", Span(Source(path.as_posix(), ""), 0, 0))
        return None
    node = nodes_of(path.as_posix(), data, KIND, reporter)
    if not isinstance(node, yaml.YamlMapping) or reporter.errors:
        return None
    own = _table(node.get("households"), program, "household", households, reporter)
    inner = None if members is None else _table(node.get("members"), program, "member", members, reporter)
    if members is not None and node.get("members") is None:
        place = Span(node.span.source, node.span.start, node.span.start + 1)
        right = "members: {household: 户编号, member: 人编号, columns: […]}"
        reporter.report("Y202", place, key="members", sample=right)
    return None if reporter.errors or own is None else RegistryMapping(own, inner)


def _table(
    node: yaml.YamlNode | None, program: Program, level: TableLevel, table: Headers, reporter: Reporter
) -> TableMapping | None:
    if not isinstance(node, yaml.YamlMapping):
        return None
    facts = facts_of(program, level)
    columns: list[MappedColumn] = []
    taken: dict[str, str] = {}
    for item in _items(node.get("columns")):
        header, named = _scalar(item, "column"), _scalar(item, "fact")
        _demand_header(header, table, reporter)
        fact = fact_of_header(facts, named.text)
        if fact is None:
            reporter.report("B106", named.span, suggestion=reporter.suggest(named.text, facts), name=named.text)
        elif fact.name in taken:
            reporter.report("B107", header.span, name=named.text, first=taken[fact.name], second=header.text)
        else:
            taken[fact.name] = header.text
            columns.append(MappedColumn(header.text, fact, _values(item, reporter), _factor(item, fact, reporter)))
    own = _scalar(node, "household")
    member = _scalar(node, "member") if level == "member" else None
    for one in (own, member):
        if one is not None:
            _demand_header(one, table, reporter)
    ids = [one.text for one in (own, member) if one is not None]
    ignored = _ignored(node, table, {column.header for column in columns}, ids, reporter)
    used = {column.header for column in columns} | ignored | set(ids)
    for name in table.headers:
        if name not in used:
            reporter.report("B103", f"{table.name}:{name}", column=name)
    return TableMapping(own.text, None if member is None else member.text, tuple(columns))


def _demand_header(header: yaml.YamlScalar, table: Headers, reporter: Reporter) -> None:
    if header.text not in table.headers:
        hint = reporter.suggest(header.text, table.headers)
        reporter.report("B104", header.span, suggestion=hint, column=header.text, file=table.name)


def _ignored(
    node: yaml.YamlMapping, table: Headers, mapped: set[str], ids: Sequence[str], reporter: Reporter
) -> set[str]:
    """The headers that are left out; each must be there, and be used for nothing else."""
    listed = node.get("ignored")
    found: set[str] = set()
    for one in listed.items if isinstance(listed, yaml.YamlSequence) else ():
        if isinstance(one, yaml.YamlScalar):
            found.add(one.text)
            _demand_header(one, table, reporter)
            if one.text in mapped:
                reporter.report("B164", one.span, column=one.text)
            if one.text in ids:
                reporter.report("B165", one.span, column=one.text)
    return found


def _values(item: yaml.YamlMapping, reporter: Reporter) -> tuple[tuple[str, str], ...]:
    """How values are rewritten; one given twice must mean the same."""
    found: dict[str, str] = {}
    for one in _items(item.get("values")):
        given, means = _scalar(one, "given"), _scalar(one, "means").text
        before = found.setdefault(given.text.strip(), means)
        if before != means:
            reporter.report("B163", given.span, given=given.text, first=before, second=means)
    return tuple(found.items())


def _factor(item: yaml.YamlMapping, fact: FactDecl, reporter: Reporter) -> Decimal | None:
    """By what amounts are multiplied."""
    given = item.get("factor")
    if not isinstance(given, yaml.YamlScalar):
        return None
    if fact.kind != "number" or not _FACTOR.fullmatch(given.text) or not Decimal(given.text):
        reporter.report("B166", given.span, factor=given.text, name=fact.label)
        return None
    return Decimal(given.text)


def _items(node: yaml.YamlNode | None) -> Iterator[yaml.YamlMapping]:
    for item in node.items if isinstance(node, yaml.YamlSequence) else ():
        if isinstance(item, yaml.YamlMapping):
            yield item


def _scalar(node: yaml.YamlMapping, key: str) -> yaml.YamlScalar:
    found = node.get(key)
    if not isinstance(found, yaml.YamlScalar):
        raise AssertionError(f"the schema asks for {key}")
    return found


def implied_mapping(
    program: Program, households: Headers, members: Headers | None, reporter: Reporter
) -> RegistryMapping:
    """The mapping of tables whose headers are the facts' own names, labels or aliases; others are reported."""
    own = _implied(program, "household", households, reporter)
    return RegistryMapping(own, None if members is None else _implied(program, "member", members, reporter))


def _implied(program: Program, level: TableLevel, table: Headers, reporter: Reporter) -> TableMapping:
    facts = facts_of(program, level)
    household, member = _ids(program, level, table.headers)
    columns: list[MappedColumn] = []
    taken: dict[str, str] = {}
    for name in table.headers:
        fact = fact_of_header(facts, name)
        if name in (household, member):
            continue
        if fact is None:
            reporter.report("B103", f"{table.name}:{name}", suggestion=reporter.suggest(name, facts), column=name)
        elif fact.name in taken:
            reporter.report("B107", f"{table.name}:{name}", name=fact.label, first=taken[fact.name], second=name)
        else:
            taken[fact.name] = name
            columns.append(MappedColumn(name, fact))
    if household is None:
        reporter.report("B105", table.name, file=table.name, what="户编号", what_en="the household's id")
    if level == "member" and member is None:
        reporter.report("B105", table.name, file=table.name, what="成员编号", what_en="the member's id")
    return TableMapping(household or "", member, tuple(columns))


def _ids(program: Program, level: TableLevel, headers: Sequence[str]) -> tuple[str | None, str | None]:
    """The headers of the ids, the ruleset's own word for them first."""
    own = [program.identifiers.get("household", HOUSEHOLD_ID), *HOUSEHOLD_IDS]
    persons = [program.identifiers.get("member", MEMBER_ID), *MEMBER_IDS]
    household = next((name for name in own if name in headers), None)
    if level == "household":
        return household or next((name for name in RESERVED["member"] if name in headers), None), None
    return household, next((name for name in persons if name in headers and name != household), None)


def propose(program: Program, households: Headers, members: Headers | None) -> str:
    """A mapping file for tables, to be looked through by a person: near names are marked as to be checked."""
    lines = [
        "# 列的对照：表头对照到哪一项事实。标“请核对”的是按相近的名称猜的。",
        "# Which header is which fact; what is marked 请核对 was guessed from similar names.",
        f"kind: {KIND}",
        "households:",
        *_proposed(program, "household", households),
    ]
    if members is not None:
        lines += ["members:", *_proposed(program, "member", members)]
    return "\n".join(lines) + "\n"


def _proposed(program: Program, level: TableLevel, table: Headers) -> list[str]:
    facts = facts_of(program, level)
    household, member = _ids(program, level, table.headers)
    ids = [("household", household, HOUSEHOLD_ID)] + ([("member", member, MEMBER_ID)] if level == "member" else [])
    lines = [f"  {key}: {quoted(name or wanted)}{'' if name else '  # 请核对 / check'}" for key, name, wanted in ids]
    exact: dict[str, FactDecl] = {}
    for name in table.headers:
        fact = None if name in (household, member) else fact_of_header(facts, name)
        if fact is not None and fact not in exact.values():
            exact[name] = fact
    taken = {fact.name for fact in exact.values()}
    used, ignored = [], []
    for name in table.headers:
        if name in (household, member):
            continue
        fact, factor = exact.get(name), None
        mark = "" if fact else "  # 请核对 / check"
        if fact is None and name not in facts:
            free = {key: one for key, one in facts.items() if one.name not in taken and one.series is None}
            fact, factor = _near(name, free)
        if fact is None:
            ignored.append(f"    - {quoted(name)}")
            continue
        taken.add(fact.name)
        times = "" if factor is None else f", factor: {factor}"
        used.append(f"    - {{column: {quoted(name)}, fact: {quoted(fact.label)}{times}}}{mark}")
    lines += ["  columns:", *used] if used else ["  columns: []"]
    return lines + (["  ignored:", *ignored] if ignored else [])


def _near(header: str, facts: dict[str, FactDecl]) -> tuple[FactDecl | None, Decimal | None]:
    """The fact that a header is likely to mean, and the factor of its unit; none where the unit leaves a doubt."""
    split = _UNIT.fullmatch(header)
    name = split[1] if split else header
    near = name if name in facts else suggest(name, facts)
    if near is None:
        return None, None
    fact = facts[near]
    if split is None or fact.kind != "number" or not isinstance(fact.type, Number):
        return fact, None
    if split[2] == "%":
        return (fact, None) if fact.power == _SHARE else (None, None)
    if split[2] not in _MONEY or fact.type.unit != (("yuan", 1),):
        return None, None
    power = _MONEY[split[2]] - fact.power
    return fact, Decimal(f"{Decimal(1).scaleb(power):f}") if power else None


def quoted(text: str) -> str:
    """A text as a YAML scalar in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else _escape(char) for char in escaped) + '"'


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def facts_of(program: Program, level: TableLevel) -> dict[str, FactDecl]:
    """By each of their names the facts that a table of members, or of households with their villages', may have."""
    facts = (fact for fact in program.facts if (fact.level == "member") == (level == "member"))
    return {key: fact for fact in facts for key in fact.called}


__all__ = ["Headers", "MappedColumn", "RegistryMapping", "TableMapping", "implied_mapping", "propose", "read_mapping"]
