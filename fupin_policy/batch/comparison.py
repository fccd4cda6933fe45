"""Who gains and who loses between two rulesets, over a registry decided by both: by policy, department and place.

In: two results of runs over the same tables on the same date. Out: `Comparison`, data only. Called by the command line.
A household gains a policy that it surely has after and had not before; money is what is surely due, for each period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from fupin_policy.batch.results import Result, bodies_of, version_on
from fupin_policy.batch.sql import identifier
from fupin_policy.batch.summary import UNKNOWN_PLACE
from fupin_policy.core.program import NOT_GIVEN
from fupin_policy.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Change:
    """A group: households that gain, lose, get more, get less, become open or settled; money in the smallest units.

    `money` has for each period what is due before and after. What people pay themselves and loans are not in it, but in
    the lines of the policies themselves.
    """

    name: str
    gain: int
    lose: int
    more: int
    less: int
    opened: int
    settled: int
    money: tuple[tuple[str, int, int], ...]

    @property
    def changed(self) -> bool:
        """Whether anything is otherwise."""
        counts = (self.gain, self.lose, self.more, self.less, self.opened, self.settled)
        return any(counts) or any(before != after for _, before, after in self.money)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Changes in all, and by what they are grouped by; groups in which nothing changes are left out."""

    as_of: str
    total: Change
    policies: tuple[Change, ...]
    departments: tuple[Change, ...]
    places: tuple[Change, ...]


def compare(before: tuple[Result, Ruleset], after: tuple[Result, Ruleset]) -> Comparison:
    """Add up what is otherwise. A household that changes in several policies of a group counts once a column."""
    with duckdb.connect() as connection:
        for name, (result, ruleset) in (("b", before), ("a", after)):
            _gather(connection, name, result, ruleset)
        connection.execute(_JOIN)
        total = _changes(connection, "'合计 / total'", given=True)
        nothing = Change("合计 / total", 0, 0, 0, 0, 0, 0, ())
        return Comparison(
            after[0].as_of.isoformat(),
            total[0] if total else nothing,
            _changes(connection, "title", given=False),
            _changes(connection, "department", given=True),
            _changes(connection, "place", given=True),
        )


def _gather(connection: duckdb.DuckDBPyConnection, name: str, result: Result, ruleset: Ruleset) -> None:
    """One table of a result's decisions with their leading department and place."""
    place = "NULL" if result.place is None else identifier(result.place)
    view = (
        "SELECT household, CAST(member AS VARCHAR) AS member, CAST(policy AS VARCHAR) AS policy, "
        f"CAST(title AS VARCHAR) AS title, status, amount_min AS amount, CAST(per AS VARCHAR) AS per, "
        f"CAST({place} AS VARCHAR) AS place FROM {result.relation} WHERE status != 'ineligible'"
    )
    connection.execute(f"CREATE TABLE {name}_leads (policy VARCHAR, place VARCHAR, department VARCHAR, given BOOL)")
    leads = []
    for policy, where in connection.execute(f"SELECT DISTINCT policy, place FROM ({view})").fetchall():
        version = version_on(ruleset, policy, result.as_of)
        if version is not None:
            lead, _ = bodies_of(ruleset.program, version, result.as_of, where)
            department = f"{lead[0].zh} / {lead[0].en}" if lead else "—"
            leads.append((policy, where, department, version.benefit.kind not in NOT_GIVEN))
    if leads:
        connection.executemany(f"INSERT INTO {name}_leads VALUES (?, ?, ?, ?)", leads)
    connection.execute(
        f"CREATE VIEW {name} AS SELECT v.*, l.department, l.given FROM ({view}) v "
        f"JOIN {name}_leads l ON v.policy = l.policy AND v.place IS NOT DISTINCT FROM l.place"
    )


_JOIN = """
CREATE TABLE pairs AS
SELECT coalesce(a.household, b.household) AS household, coalesce(a.title, b.title) AS title,
  coalesce(a.department, b.department) AS department, coalesce(a.place, b.place) AS place,
  coalesce(a.given, b.given) AS given,
  coalesce(b.status, 'ineligible') AS was, coalesce(a.status, 'ineligible') AS becomes,
  CASE WHEN b.status = 'eligible' THEN b.amount END AS amount_before,
  CASE WHEN a.status = 'eligible' THEN a.amount END AS amount_after, b.per AS per_before, a.per AS per_after
FROM b FULL OUTER JOIN a
  ON a.household = b.household AND a.policy = b.policy AND a.member IS NOT DISTINCT FROM b.member
"""

_SURE_BEFORE, _SURE_AFTER = "was = 'eligible'", "becomes = 'eligible'"
_BOTH = f"{_SURE_BEFORE} AND {_SURE_AFTER} AND per_before IS NOT DISTINCT FROM per_after"
_COLUMNS = (
    f"NOT ({_SURE_BEFORE}) AND {_SURE_AFTER}",
    f"{_SURE_BEFORE} AND NOT ({_SURE_AFTER})",
    f"{_BOTH} AND amount_after > amount_before",
    f"{_BOTH} AND amount_after < amount_before",
    "was != 'unknown' AND becomes = 'unknown'",
    "was = 'unknown' AND becomes != 'unknown'",
)


def _changes(connection: duckdb.DuckDBPyConnection, group: str, given: bool) -> tuple[Change, ...]:
    name = f"coalesce({group}, '{UNKNOWN_PLACE}')"
    counts = ", ".join(f"count(DISTINCT household) FILTER ({condition})" for condition in _COLUMNS)
    rows = connection.execute(f"SELECT {name} AS name, {counts} FROM pairs GROUP BY name ORDER BY name").fetchall()
    only = "AND given" if given else ""
    money = connection.execute(
        f"SELECT name, per, CAST(sum(before) AS BIGINT), CAST(sum(after) AS BIGINT) FROM ("
        f"SELECT {name} AS name, per_before AS per, amount_before AS before, 0 AS after FROM pairs "
        f"WHERE amount_before IS NOT NULL {only} UNION ALL "
        f"SELECT {name} AS name, per_after AS per, 0 AS before, amount_after AS after FROM pairs "
        f"WHERE amount_after IS NOT NULL {only}) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    sums = {label: tuple((per, low, high) for where, per, low, high in money if where == label) for label, *_ in rows}
    found = (_change(row, sums[row[0]]) for row in rows)
    return tuple(change for change in found if change.changed)


def _change(row: tuple[Any, ...], money: tuple[tuple[str, int, int], ...]) -> Change:
    name, gain, lose, more, less, opened, settled = row
    return Change(name, gain, lose, more, less, opened, settled, money)
