"""Which header of a foreign table is which fact, and what facts a table may have.

In: headers and a program. Out: `RegistryMapping`, the ids and facts that headers may be. Called by `mapping_file`,
`implied_mapping` and `mapping_proposal`, which make mappings, and by `staging`, which reads tables by them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fupin_policy.core.declarations import Each, FactDecl, ListDecl
from fupin_policy.core.expressions import Level
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.csv_extract import HOUSEHOLD_ID, HOUSEHOLD_IDS, MEMBER_ID, MEMBER_IDS
from fupin_policy.intake.notation import RESERVED
from fupin_policy.intake.period_headers import PERIODS, fact_of_header

KIND = "mapping"
"""The kind of documents that are mapping files."""


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

    In a table with a row for each month or year, `period` says which. One whose rows are items of a list has its name.
    """

    household: str
    member: str | None
    columns: tuple[MappedColumn, ...]
    period: PeriodColumn | None = None
    list: str | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The headers that tell whose a row is, and of when."""
        further = (self.member, None if self.period is None else self.period.header)
        return (self.household, *(one for one in further if one is not None))


@dataclass(frozen=True, slots=True)
class RegistryMapping:
    """The tables of households and, where there are any, of members, of facts by month, and of items of lists."""

    households: TableMapping
    members: TableMapping | None
    months: tuple[TableMapping, ...] = ()
    lists: tuple[TableMapping, ...] = ()

    @property
    def further(self) -> tuple[TableMapping, ...]:
        """The tables whose rows belong to households or members."""
        return (*self.months, *self.lists)


@dataclass(frozen=True, slots=True)
class Headers:
    """A table's name as shown to people, and its headers."""

    name: str
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FurtherHeaders:
    """The tables besides those of households and members: of facts by month, and of each list that is given."""

    months: tuple[Headers, ...] = ()
    lists: tuple[tuple[ListDecl, Headers], ...] = ()


NO_FURTHER = FurtherHeaders()
"""Households and members are all there is."""


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


def ids_in(program: Program, level: Level, headers: Sequence[str]) -> tuple[str | None, str | None]:
    """The headers of the ids of households, or of members and their households, the ruleset's own word first."""
    own = [program.identifiers.get("household", HOUSEHOLD_ID), *HOUSEHOLD_IDS]
    persons = [program.identifiers.get("member", MEMBER_ID), *MEMBER_IDS]
    household = next((name for name in own if name in headers), None)
    if level == "household":
        return household or next((name for name in RESERVED["member"] if name in headers), None), None
    return household, next((name for name in persons if name in headers and name != household), None)


def facts_of(program: Program, level: Level) -> dict[str, FactDecl]:
    """By each of their names the facts of a table of members, of items of a list, or of households.

    Those of villages stand in the table of households.
    """
    inside = {"member", *(one.name for one in program.lists)}
    facts = (one for one in program.facts if one.level == level or (level == "household" and one.level not in inside))
    return {key: fact for fact in facts for key in fact.called}


def series_of(program: Program, level: Level, each: Each) -> dict[str, FactDecl]:
    """Of these the facts by month, or by year."""
    found = facts_of(program, level).items()
    return {key: fact for key, fact in found if fact.series is not None and fact.series.each == each}
