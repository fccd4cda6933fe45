"""What a month's result comes to, and what its lists of changes do: counts, and sums of what is settled.

In: the result of a run and the changes beside it. Out: `MonthTotals`, in the currency's smallest units. Called by the
command line. Money counts as the household sees it: what it pays itself is below zero, loans are left out.
The sums of the changes are the sum after less the sum before, period by period.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from fupin_policy.batch.changes import CHANGES
from fupin_policy.batch.results import intact
from fupin_policy.batch.sql import parquet
from fupin_policy.core.days import to_day
from fupin_policy.core.program import Program

Sums = Mapping[str, int]
"""By its period a sum of money."""

_SETTLED = "status{at} = 'eligible' AND amount_min{at} = amount_max{at}"
"""SQL: what surely applies, with an amount that is settled."""


@dataclass(frozen=True, slots=True)
class ChangeTotal:
    """How many decisions became so, and what was settled of them before and after."""

    count: int = 0
    before: Sums = field(default_factory=dict)
    after: Sums = field(default_factory=dict)

    @property
    def difference(self) -> Sums:
        """After less before, where that is anything."""
        found = {per: self.after.get(per, 0) - self.before.get(per, 0) for per in {**self.before, **self.after}}
        return {per: value for per, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """Decisions by status, the settled sums, how many amounts are ranges; and what has changed, by `CHANGES`."""

    statuses: Mapping[str, int]
    settled: Sums
    ranges: int
    changes: Mapping[str, ChangeTotal]


def month_totals(
    result: Path, changes: Path | None, program: Program, as_of: date, previous: date | None = None
) -> MonthTotals:
    """The totals of a Parquet result, and of its table of changes since `previous`. Raises InputError if damaged."""
    with intact(result), duckdb.connect() as connection:
        now = parquet([result])
        counted = f"SELECT CAST(status AS VARCHAR), count(*) FROM {now} GROUP BY ALL"
        statuses = {str(status): int(count) for status, count in connection.execute(counted).fetchall()}
        settled = _sums(connection, now, "", program, as_of)
        ranged = f"SELECT count(*) FROM {now} WHERE status = 'eligible' AND amount_min < amount_max"
        ranges = int(connection.execute(ranged).fetchall()[0][0])
        changed = {}
        if changes is not None and previous is not None:
            table = parquet([changes])
            for kind in CHANGES:
                some = f"(SELECT * FROM {table} WHERE change = '{kind}')"
                count = int(connection.execute(f"SELECT count(*) FROM {some}").fetchall()[0][0])
                sides = (("_before", previous), ("", as_of))
                before, after = (_sums(connection, some, at, program, day) for at, day in sides)
                changed[kind] = ChangeTotal(count, before, after)
    return MonthTotals(statuses, settled, ranges, changed)


def _sums(connection: duckdb.DuckDBPyConnection, rows: str, at: str, program: Program, day: date) -> Sums:
    """The settled sums of some rows, as they were (`_before`) or are (``), by the signs of a day."""
    where = _SETTLED.format(at=at)
    query = f"""SELECT CAST(policy AS VARCHAR), CAST(per{at} AS VARCHAR), CAST(sum(amount_min{at}) AS VARCHAR)
        FROM {rows} WHERE {where} GROUP BY ALL"""
    found: Sequence[tuple[str, str, str]] = connection.execute(query).fetchall()
    signs = {policy.id: policy.sign_on(to_day(day)) for policy in program.policies}
    sums: dict[str, int] = {}
    for policy, per, amount in found:
        sums[per] = sums.get(per, 0) + signs.get(policy, 0) * int(amount)
    return {per: value for per, value in sums.items() if value}
