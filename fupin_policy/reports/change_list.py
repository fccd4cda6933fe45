"""The list 新增停发变动: a row for each decision that is not as in the run before, with both amounts and the reason.

In: an office's rows. Out: what stands on a sheet. Called by `office_book`; `worklist` asks which offices have some.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import duckdb

from fupin_policy.batch.change_lists import NOBODY
from fupin_policy.batch.changes import CHANGES
from fupin_policy.batch.results import RunResult
from fupin_policy.batch.row_codes import SIGNED, TICK
from fupin_policy.batch.sql import identifier
from fupin_policy.core.benefits import PER, signed
from fupin_policy.core.decision import Status
from fupin_policy.reports.office_rows import OfficeRows, ResultColumns
from fupin_policy.reports.paper_sheet import PaperRow, money_form
from fupin_policy.reports.paper_widths import PaperColumn

TITLE = "新增停发变动"
_SIDE = ("status", "amount_min", "amount_max", "per")
_LEADS = f"CASE WHEN len(lead) > 0 THEN lead ELSE ['{NOBODY}'] END"
"""Who leads, as SQL; where nobody does, that."""


def changed_offices(result: RunResult, connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str | None]]:
    """The departments and places that have something to do with what has changed."""
    if result.changes is None:
        return []
    place = "NULL" if result.place is None else "place"
    asked = f"SELECT DISTINCT unnest({_LEADS}), {place} FROM {result.changes.relation}"
    return connection.execute(asked).fetchall()


def change_list(rows: OfficeRows) -> tuple[str, list[str], list[PaperColumn], list[PaperRow]]:
    """Title, notes, columns and rows."""
    people, unit = len(rows.people_columns()), rows.columns.unit
    numbers = money_form(rows.columns.decimals)
    columns = [
        *rows.people_columns(),
        PaperColumn("户编号", 12, known=True),
        PaperColumn("成员", 12, known=True, flowing=True),
        PaperColumn("变化", 9, known=True),
        PaperColumn("政策", 20, known=True, flowing=True),
        PaperColumn(f"原来（{unit}）", 12, numbers),
        PaperColumn(f"现在（{unit}）", 12, numbers),
        PaperColumn("周期", 6),
        PaperColumn("原因", 50, flowing=True),
        PaperColumn(TICK, 2),
        PaperColumn(SIGNED, 12),
    ]
    names, listed, counts = rows.names(), [], Counter[str]()
    for *whose, member, change, policy, title, was, becomes in _changes(rows):
        counts[change] += 1
        whom = None if member is None else names.get(member, member)
        way = rows.columns.ways.get(policy, 1)
        sides = [_side(one, way, rows.columns) for one in (was, becomes)]
        cells = [*whose, whom, change, title, *sides, _period(was[3], becomes[3]), becomes[4], TICK, None]
        key = rows.key(whose[-1], f"{title} {change}", member)
        listed.append(PaperRow(cells, rows.village_of(whose[:people]), key=key))
    told = "，".join(f"{one.zh} {counts[one.zh]}" for one in CHANGES.values() if counts[one.zh])
    return TITLE, [told or "与上期相比没有变化"], columns, listed


def _changes(rows: OfficeRows) -> Iterator[tuple[Any, ...]]:
    """What stands first of the household, the member, what became of which policy, and both sides with the reason."""
    found = rows.result.changes
    assert found is not None
    headed = [name for name, _ in rows.columns.people.headed]
    people = [f"CAST({identifier(name)} AS VARCHAR)" if name in found.columns else "NULL" for name in headed]
    sides = [*(f"{name}_before" for name in _SIDE), *_SIDE, '"原因"']
    chosen = [*people, "household", "member", '"变化"', "policy", "title", *sides]
    tests, values = ["true"], list[str | None]()
    if not rows.office.whole:
        tests.append(f"list_contains({_LEADS}, ?)")
        values.append(rows.office.department)
    if rows.result.place is not None:
        tests.append("place IS NOT DISTINCT FROM ?")
        values.append(rows.office.place)
    if rows.columns.shown != "true":
        others = f"SELECT household, policy FROM {rows.result.relation} WHERE NOT ({rows.columns.shown})"
        tests.append(f"(household, policy) NOT IN (SELECT (household, CAST(policy AS VARCHAR)) FROM ({others}))")
    village = rows.columns.people.village
    first = f"{identifier(village)} NULLS LAST, " if village is not None and village in found.columns else ""
    asked = f"SELECT {', '.join(chosen)} FROM {found.relation} WHERE {' AND '.join(tests)} "
    asked += f"ORDER BY {first}household, policy, member"
    at = len(people) + 5
    for row in rows.connection.execute(asked, values).fetchall():
        yield *row[:at], row[at : at + 4], row[at + 4 :]


def _side(side: Sequence[Any], way: int, columns: ResultColumns) -> Any:
    """An amount as a number, both ends of one that is open as a text; what has none, in words."""
    status, low, high, per, *_ = side
    if status == Status.INELIGIBLE.value:
        return "不享受"
    if per is None or low is None:
        return "享受" if status == Status.ELIGIBLE.value else "待核实"
    ends = signed((low, high), -1) if way < 0 else (low, high)
    first, last = (Decimal(end).scaleb(-columns.decimals) for end in ends)
    if first == last and status == Status.ELIGIBLE.value:
        return first
    told = f"{first:,f}" if first == last else f"{first:,f}至{last:,f}"
    return told if status == Status.ELIGIBLE.value else f"待核实 {told}"


def _period(was: str | None, becomes: str | None) -> str | None:
    told = dict.fromkeys(PER[one].zh for one in (was, becomes) if one)
    return "→".join(told) or None
