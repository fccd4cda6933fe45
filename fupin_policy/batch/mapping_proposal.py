"""Which header of a foreign table is likely to be which fact: a mapping file for people to look through.

In: headers and a program. Out: YAML. Called by the command line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from fupin_policy.batch.mapping import (
    KIND,
    NO_FURTHER,
    FurtherHeaders,
    Headers,
    PeriodColumn,
    facts_of,
    ids_in,
    period_column,
    series_of,
)
from fupin_policy.core.declarations import FactDecl, ListDecl
from fupin_policy.core.expressions import Level
from fupin_policy.core.program import Program
from fupin_policy.core.types import Number
from fupin_policy.diagnostics import suggest
from fupin_policy.intake.csv_extract import HOUSEHOLD_ID, MEMBER_ID
from fupin_policy.intake.period_headers import fact_of_header

_UNIT = re.compile(r"(.+?)\s*[（(\[【]\s*(?:单位\s*[:：]?\s*)?([^（()）\[\]【】]{1,6})\s*[)）\]】]")
"""A header with a unit in brackets: 医疗费用（万元）."""

_MONEY = {"元": 0, "圆": 0, "百元": 2, "千元": 3, "万元": 4, "万": 4, "亿元": 8}
_SHARE = -2


def propose(
    program: Program, households: Headers, members: Headers | None, further: FurtherHeaders = NO_FURTHER
) -> str:
    """A mapping file for tables, to be looked through by a person: near names are marked as to be checked."""
    lines = [
        "# 列的对照：表头对照到哪一项事实。标“请核对”的是按相近的名称猜的。",
        "# Which header is which fact; what is marked 请核对 was guessed from similar names.",
        f"kind: {KIND}",
        "households:",
        *_proposed(program, "household", households, facts_of(program, "household")),
    ]
    if members is not None:
        lines += ["members:", *_proposed(program, "member", members, facts_of(program, "member"))]
    if further.months:
        lines.append("months:")
    for table in further.months:
        lines += _entry(_proposed_months(program, table))
    if further.lists:
        lines.append("lists:")
    for declared, table in further.lists:
        lines += _entry(_proposed_items(program, declared, table))
    return "\n".join(lines) + "\n"


def _entry(lines: Sequence[str]) -> list[str]:
    """Lines as an entry of a list of tables."""
    first, *rest = lines
    return [f"  - {first.strip()}", *(f"  {line}" for line in rest)]


def _proposed_items(program: Program, declared: ListDecl, table: Headers) -> list[str]:
    """A table with a row for each item of a list."""
    found = _proposed(program, declared.of, table, facts_of(program, declared.name))
    return [f"  list: {quoted(declared.label)}", *found]


def _proposed_months(program: Program, table: Headers) -> list[str]:
    """A table with a row for each month, or year."""
    period = period_column(table.headers) or PeriodColumn("月份", "month")
    level: Level = "household" if ids_in(program, "member", table.headers)[1] is None else "member"
    found = _proposed(program, level, table, series_of(program, level, period.each), period.header)
    mark = "" if period.header in table.headers else "  # 请核对 / check"
    return [found[0], f"  {period.each}: {quoted(period.header)}{mark}", *found[1:]]


def _proposed(
    program: Program,
    level: Level,
    table: Headers,
    facts: Mapping[str, FactDecl],
    period: str | None = None,
) -> list[str]:
    """The ids and columns of a table that may have some facts: of members, or else of households."""
    household, member = ids_in(program, level, table.headers)
    ids = [("household", household, HOUSEHOLD_ID)] + ([("member", member, MEMBER_ID)] if level == "member" else [])
    lines = [f"  {key}: {quoted(name or wanted)}{'' if name else '  # 请核对 / check'}" for key, name, wanted in ids]
    exact: dict[str, FactDecl] = {}
    for name in table.headers:
        fact = None if name in (household, member, period) else fact_of_header(facts, name)
        if period is not None and name not in facts:
            fact = None
        if fact is not None and fact not in exact.values():
            exact[name] = fact
    taken = {fact.name for fact in exact.values()}
    used, ignored = [], []
    for name in table.headers:
        if name in (household, member, period):
            continue
        fact, factor = exact.get(name), None
        mark = "" if fact else "  # 请核对 / check"
        if fact is None and name not in facts:
            of_kind = {key: _whole(one) for key, one in facts.items() if (one.series is None) == (period is None)}
            free = {key: one for key, one in of_kind.items() if one.name not in taken}
            fact, factor = _near(name, free)
        if fact is None:
            ignored.append(f"    - {quoted(name)}")
            continue
        taken.add(fact.name)
        times = "" if factor is None else f", factor: {factor}"
        used.append(f"    - {{column: {quoted(name)}, fact: {quoted(fact.label)}{times}}}{mark}")
    lines += ["  columns:", *used] if used else ["  columns: []"]
    return lines + (["  ignored:", *ignored] if ignored else [])


def _whole(fact: FactDecl) -> FactDecl:
    """Of a fact by month all of it, under its own name."""
    return fact if fact.series is None else replace(fact, name=fact.series.name, label=fact.series.label)


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
