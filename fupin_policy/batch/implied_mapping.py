"""The mapping of tables whose headers are the facts' own names.

In: headers and a program. Out: `RegistryMapping`, diagnostics. Called by `run` and `spark`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fupin_policy.batch.mapping import (
    NO_FURTHER,
    FurtherHeaders,
    Headers,
    MappedColumn,
    RegistryMapping,
    TableMapping,
    fact_of_rows,
    facts_of,
    given_once,
    ids_in,
    period_column,
    series_of,
)
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.expressions import Level
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.period_headers import fact_of_header


def implied_mapping(
    program: Program,
    households: Headers,
    members: Headers | None,
    reporter: Reporter,
    further: FurtherHeaders = NO_FURTHER,
) -> RegistryMapping:
    """The mapping of tables whose headers are the facts' own names, labels or aliases; others are reported."""
    own = _implied(program, "household", households, reporter)
    inner = None if members is None else _implied(program, "member", members, reporter)
    months = [_implied_months(program, table, reporter) for table in further.months]
    lists = [
        replace(
            _implied(program, one.of, table, reporter, facts_of(program, one.name)),
            list=one.name,
        )
        for one, table in further.lists
    ]
    found = RegistryMapping(own, inner, tuple(one for one in months if one is not None), tuple(lists))
    given_once(found, reporter)
    return found


def _implied_months(program: Program, table: Headers, reporter: Reporter) -> TableMapping | None:
    """A table with a row for each month or year, of households, or of members where there are ids of these."""
    period = period_column(table.headers)
    if period is None:
        reporter.report("B193", table.name, file=table.name)
        return None
    level: Level = "household" if ids_in(program, "member", table.headers)[1] is None else "member"
    facts = series_of(program, level, period.each)
    return replace(_implied(program, level, table, reporter, facts, period.header), period=period)


def _implied(
    program: Program,
    level: Level,
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
