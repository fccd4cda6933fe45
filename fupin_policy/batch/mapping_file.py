"""Mapping files: which header of a foreign table is which fact, and how values are rewritten.

In: a file, the headers of tables, a program. Out: `RegistryMapping`, or diagnostics. Called by `run`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from fupin_policy.batch.mapping import (
    KIND,
    NO_FURTHER,
    FurtherHeaders,
    Headers,
    MappedColumn,
    PeriodColumn,
    RegistryMapping,
    TableMapping,
    fact_of_rows,
    facts_of,
    given_once,
    series_of,
)
from fupin_policy.core.declarations import Each, FactDecl, ListDecl
from fupin_policy.core.expressions import Level
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.documents import nodes_of
from fupin_policy.documents import reader as yaml
from fupin_policy.files.bounded import bytes_of
from fupin_policy.intake.period_headers import fact_of_header

_OWNERS = {"household": {"of": "户", "of_en": "household"}, "member": {"of": "成员", "of_en": "member"}}
_FACTOR = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")


def read_mapping(
    path: Path,
    program: Program,
    households: Headers,
    members: Headers | None,
    reporter: Reporter,
    further: FurtherHeaders = NO_FURTHER,
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
        right = "members: {household: 户编号, member: 人编号, columns: […]}"
        reporter.report("Y202", _start_of(node), key="members", sample=right)
    listed = list(_items(node.get("months")))
    if len(listed) != len(further.months):
        reporter.report("B192", node.span, told=len(listed), given=len(further.months))
    by_month = [_month_table(*one, program, reporter) for one in zip(listed, further.months, strict=False)]
    lists = _list_tables(node, program, further.lists, reporter)
    found = None if own is None else RegistryMapping(own, inner, tuple(by_month), tuple(lists))
    if found is not None and not reporter.errors:
        given_once(found, reporter)
    return None if reporter.errors else found


def _table(
    node: yaml.YamlNode | None, program: Program, level: Level, table: Headers, reporter: Reporter
) -> TableMapping | None:
    if not isinstance(node, yaml.YamlMapping):
        return None
    return _mapped(node, facts_of(program, level), level, table, (), reporter)


def _mapped(
    node: yaml.YamlMapping,
    facts: Mapping[str, FactDecl],
    level: Level,
    table: Headers,
    further: Sequence[str],
    reporter: Reporter,
) -> TableMapping:
    """The columns of a table that are mapped to some facts; `further` are headers used besides the ids."""
    columns: list[MappedColumn] = []
    taken: dict[str, str] = {}
    for item in _items(node.get("columns")):
        header, named = _scalar(item, "column"), _scalar(item, "fact")
        _demand_header(header, table, reporter)
        fact = fact_of_header(facts, named.text) if not further else fact_of_rows(facts, named.text)
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
    ids = [*(one.text for one in (own, member) if one is not None), *further]
    ignored = _ignored(node, table, {column.header for column in columns}, ids, reporter)
    used = {column.header for column in columns} | ignored | set(ids)
    for name in table.headers:
        if name not in used:
            reporter.report("B103", f"{table.name}:{name}", column=name)
    return TableMapping(own.text, None if member is None else member.text, tuple(columns))


def _month_table(node: yaml.YamlMapping, table: Headers, program: Program, reporter: Reporter) -> TableMapping:
    """A table with a row for each month or year."""
    level: Level = "household" if node.get("member") is None else "member"
    period = _scalar(node, "month" if node.get("year") is None else "year")
    each: Each = "month" if node.get("year") is None else "year"
    facts = series_of(program, level, each)
    _demand_header(period, table, reporter)
    return replace(_mapped(node, facts, level, table, [period.text], reporter), period=PeriodColumn(period.text, each))


def _list_tables(
    node: yaml.YamlMapping, program: Program, given: Sequence[tuple[ListDecl, Headers]], reporter: Reporter
) -> Iterator[TableMapping]:
    """The tables of lists, in the order in which they are given."""
    known = {key: one for one in program.lists for key in one.keys}
    tables = {one.name: table for one, table in given}
    told: dict[str, TableMapping] = {}
    for entry in _items(node.get("lists")):
        named = _scalar(entry, "list")
        declared = known.get(named.text)
        if declared is None:
            reporter.report("B210", named.span, suggestion=reporter.suggest(named.text, known), name=named.text)
        elif declared.name not in tables:
            reporter.report("B213", named.span, name=declared.label)
        elif declared.name in told:
            reporter.report("B211", named.span, name=declared.label)
        else:
            told[declared.name] = _list_table(entry, declared, program, tables[declared.name], reporter)
    for declared, table in given:
        if declared.name in told:
            yield told[declared.name]
        else:
            reporter.report("B214", _start_of(node), name=declared.label, file=table.name)


def _list_table(
    node: yaml.YamlMapping, declared: ListDecl, program: Program, table: Headers, reporter: Reporter
) -> TableMapping:
    """A table whose rows are items of a list, each of a household or of a member."""
    if (node.get("member") is not None) != (declared.of == "member"):
        wrong = node.get("member") or _scalar(node, "list")
        reporter.report("B215", wrong.span, name=declared.label, **_OWNERS[declared.of])
        return TableMapping("", None, ())
    found = _mapped(node, facts_of(program, declared.name), declared.of, table, (), reporter)
    return replace(found, list=declared.name)


def _start_of(node: yaml.YamlNode) -> Span:
    return Span(node.span.source, node.span.start, node.span.start + 1)


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
