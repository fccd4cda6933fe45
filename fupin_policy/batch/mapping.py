"""Which header of a foreign table is which fact: read from a file, taken from equal names, or proposed.

In: a mapping file or headers, and a program. Out: `RegistryMapping`, diagnostics, or YAML for people to edit.
Called by `run` and the command line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Literal

from fupin_policy.core.declarations import Each, FactDecl
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.documents import nodes_of
from fupin_policy.documents import reader as yaml
from fupin_policy.files.bounded import bytes_of
from fupin_policy.intake.csv_extract import HOUSEHOLD_ID, HOUSEHOLD_IDS, MEMBER_ID, MEMBER_IDS
from fupin_policy.intake.notation import RESERVED
from fupin_policy.intake.period_headers import PERIODS, fact_of_header

KIND = "mapping"

_FACTOR = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")


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
class PeriodColumn:
    """The header that says of which month, or year, a row is."""

    header: str
    each: Each


@dataclass(frozen=True, slots=True)
class TableMapping:
    """One table: the headers of the ids (`member` is None in the households' table) and the columns used.

    In a table with a row for each month or year, `period` says which.
    """

    household: str
    member: str | None
    columns: tuple[MappedColumn, ...]
    period: PeriodColumn | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The headers that tell whose a row is, and of when."""
        further = (self.member, None if self.period is None else self.period.header)
        return (self.household, *(one for one in further if one is not None))


@dataclass(frozen=True, slots=True)
class RegistryMapping:
    """The tables of households and, where there are any, of members, and of facts by month."""

    households: TableMapping
    members: TableMapping | None
    months: tuple[TableMapping, ...] = ()


TableLevel = Literal["household", "member"]
"""What a row of a table is about. Facts of villages stand in the table of households."""


@dataclass(frozen=True, slots=True)
class Headers:
    """A table's name as shown to people, and its headers."""

    name: str
    headers: tuple[str, ...]


def read_mapping(
    path: Path,
    program: Program,
    households: Headers,
    members: Headers | None,
    reporter: Reporter,
    months: Sequence[Headers] = (),
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
    listed = list(_items(node.get("months")))
    if len(listed) != len(months):
        reporter.report("B192", node.span, told=len(listed), given=len(months))
    by_month = [_month_table(one, program, table, reporter) for one, table in zip(listed, months, strict=False)]
    if own is not None and not reporter.errors:
        given_once(RegistryMapping(own, inner, tuple(by_month)), reporter)
    return None if reporter.errors or own is None else RegistryMapping(own, inner, tuple(by_month))


def _table(
    node: yaml.YamlNode | None, program: Program, level: TableLevel, table: Headers, reporter: Reporter
) -> TableMapping | None:
    if not isinstance(node, yaml.YamlMapping):
        return None
    return _mapped(node, facts_of(program, level), level, table, (), reporter)


def _mapped(
    node: yaml.YamlMapping,
    facts: Mapping[str, FactDecl],
    level: TableLevel,
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


def _month_table(node: yaml.YamlMapping, program: Program, table: Headers, reporter: Reporter) -> TableMapping:
    """A table with a row for each month or year."""
    level: TableLevel = "household" if node.get("member") is None else "member"
    period = _scalar(node, "month" if node.get("year") is None else "year")
    each: Each = "month" if node.get("year") is None else "year"
    facts = series_of(program, level, each)
    _demand_header(period, table, reporter)
    return replace(_mapped(node, facts, level, table, [period.text], reporter), period=PeriodColumn(period.text, each))


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
    program: Program, households: Headers, members: Headers | None, reporter: Reporter, months: Sequence[Headers] = ()
) -> RegistryMapping:
    """The mapping of tables whose headers are the facts' own names, labels or aliases; others are reported."""
    own = _implied(program, "household", households, reporter)
    inner = None if members is None else _implied(program, "member", members, reporter)
    by_month = [one for one in (_implied_months(program, table, reporter) for table in months) if one is not None]
    found = RegistryMapping(own, inner, tuple(by_month))
    given_once(found, reporter)
    return found


def _implied_months(program: Program, table: Headers, reporter: Reporter) -> TableMapping | None:
    """A table with a row for each month or year, of households, or of members where there are ids of these."""
    period = period_column(table.headers)
    if period is None:
        reporter.report("B193", table.name, file=table.name)
        return None
    level: TableLevel = "household" if ids_in(program, "member", table.headers)[1] is None else "member"
    facts = series_of(program, level, period.each)
    return replace(_implied(program, level, table, reporter, facts, period.header), period=period)


def period_column(headers: Sequence[str]) -> PeriodColumn | None:
    """The header that says of which month or year a row is; None where none does, or several."""
    found = [PeriodColumn(name, PERIODS[name]) for name in headers if name in PERIODS]
    return found[0] if len(found) == 1 else None


def fact_of_rows(facts: Mapping[str, FactDecl], header: str) -> FactDecl | None:
    """The fact of a header where a column of its own says the month."""
    return fact_of_header(facts, header) if header in facts else None


def given_once(mapping: RegistryMapping, reporter: Reporter) -> None:
    """A fact by month is given in one table only, and either in a column a month or in rows."""
    taken: dict[str, str] = {}
    for table in mapping.months:
        for column in table.columns:
            if column.fact.name in taken:
                words = {"first": taken[column.fact.name], "second": column.header}
                reporter.report("B107", column.header, name=column.fact.label, **words)
            taken[column.fact.name] = column.header
    for wide in (mapping.households, mapping.members):
        for column in () if wide is None else wide.columns:
            series = column.fact.series
            if series is not None and series.name in taken:
                words = {"first": taken[series.name], "second": column.header}
                reporter.report("B107", column.header, name=series.label, **words)


def _implied(
    program: Program,
    level: TableLevel,
    table: Headers,
    reporter: Reporter,
    facts: Mapping[str, FactDecl] | None = None,
    period: str | None = None,
) -> TableMapping:
    facts = facts_of(program, level) if facts is None else facts
    household, member = ids_in(program, level, table.headers)
    columns: list[MappedColumn] = []
    taken: dict[str, str] = {}
    for name in table.headers:
        fact = fact_of_header(facts, name) if period is None else fact_of_rows(facts, name)
        if name in (household, member, period):
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


def ids_in(program: Program, level: TableLevel, headers: Sequence[str]) -> tuple[str | None, str | None]:
    """The headers of the ids, the ruleset's own word for them first."""
    own = [program.identifiers.get("household", HOUSEHOLD_ID), *HOUSEHOLD_IDS]
    persons = [program.identifiers.get("member", MEMBER_ID), *MEMBER_IDS]
    household = next((name for name in own if name in headers), None)
    if level == "household":
        return household or next((name for name in RESERVED["member"] if name in headers), None), None
    return household, next((name for name in persons if name in headers and name != household), None)


def facts_of(program: Program, level: TableLevel) -> dict[str, FactDecl]:
    """By each of their names the facts that a table of members, or of households with their villages', may have."""
    facts = (fact for fact in program.facts if (fact.level == "member") == (level == "member"))
    return {key: fact for fact in facts for key in fact.called}


def series_of(program: Program, level: TableLevel, each: Each) -> dict[str, FactDecl]:
    """Of these the facts by month, or by year."""
    found = facts_of(program, level).items()
    return {key: fact for key, fact in found if fact.series is not None and fact.series.each == each}
