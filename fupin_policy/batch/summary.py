"""What a run comes to: households, persons and money, by policy, department, place and month.

In: results of one or several months. Out: `Summary`, data only. Called by the command line and `summary_page`.
Money that people pay themselves and loans are no money given: they stand in the table of policies only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from fupin_policy.batch.results import Result, bodies_of, version_on
from fupin_policy.batch.sql import identifier
from fupin_policy.core.program import NOT_GIVEN
from fupin_policy.ruleset import Ruleset

UNKNOWN_PLACE = "未注明地点 / no place"


@dataclass(frozen=True, slots=True)
class Money:
    """Sums in the currency's smallest units for one period: the ends, and the provisional part of the upper end."""

    per: str
    low: int
    high: int
    provisional: int


@dataclass(frozen=True, slots=True)
class Line:
    """A group: households and persons that are surely entitled, decisions still open, and the money of the former."""

    name: str
    households: int
    persons: int
    open: int
    money: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Lines by what they are grouped by."""

    days: tuple[str, ...]
    total: Line
    policies: tuple[Line, ...]
    departments: tuple[Line, ...]
    places: tuple[Line, ...]
    months: tuple[Line, ...]


def summarize(results: Sequence[Result], ruleset: Ruleset) -> Summary:
    """Add up results. A household that a department serves by several policies counts once for it."""
    with duckdb.connect() as connection:
        _gather(results, ruleset, connection)
        total = _lines(connection, "'合计 / total'", given=True)
        return Summary(
            tuple(result.as_of.isoformat() for result in results),
            total[0] if total else Line("合计 / total", 0, 0, 0, ()),
            _lines(connection, "title", given=False),
            _lines(connection, "department", given=True),
            _lines(connection, "place", given=True),
            _lines(connection, "month", given=True),
        )


def _gather(results: Sequence[Result], ruleset: Ruleset, connection: duckdb.DuckDBPyConnection) -> None:
    """One view of all results, each decision with its leading department, place and month."""
    leads: list[tuple[str, str, str | None, str, bool]] = []
    views = []
    for result in results:
        place = "NULL" if result.place is None else identifier(result.place)
        month = result.as_of.isoformat()[:7]
        columns = "household, member, CAST(policy AS VARCHAR) AS policy, CAST(title AS VARCHAR) AS title, status, "
        columns += f"amount_min, amount_max, per, provisional, persons, {place} AS place, '{month}' AS month"
        view = f"SELECT {columns} FROM {result.relation} WHERE status != 'ineligible'"
        views.append(view)
        found = connection.execute(f"SELECT DISTINCT policy, place FROM ({view})").fetchall()
        leads += _leads(found, result, month, ruleset)
    connection.execute(
        "CREATE TABLE leads (month VARCHAR, policy VARCHAR, place VARCHAR, department VARCHAR, given BOOL)"
    )
    if leads:
        connection.executemany("INSERT INTO leads VALUES (?, ?, ?, ?, ?)", leads)
    connection.execute(
        f"CREATE VIEW found AS SELECT f.*, l.department, l.given FROM ({' UNION ALL '.join(views)}) f "
        "JOIN leads l ON f.policy = l.policy AND f.month = l.month AND f.place IS NOT DISTINCT FROM l.place"
    )


def _leads(
    found: Iterable[tuple[str, str | None]], result: Result, month: str, ruleset: Ruleset
) -> list[tuple[str, str, str | None, str, bool]]:
    rows = []
    for policy, place in found:
        version = version_on(ruleset, policy, result.as_of)
        if version is not None:
            lead, _ = bodies_of(ruleset.program, version, result.as_of, place)
            name = f"{lead[0].zh} / {lead[0].en}" if lead else "—"
            rows.append((month, policy, place, name, version.benefit.kind not in NOT_GIVEN))
    return rows


def _lines(connection: duckdb.DuckDBPyConnection, group: str, given: bool) -> tuple[Line, ...]:
    name = f"coalesce({group}, '{UNKNOWN_PLACE}')"
    sure = "status = 'eligible'"
    counts = connection.execute(
        f"SELECT {name} AS name, count(DISTINCT household) FILTER ({sure}), "
        # a household's decision is for all its members, a member's for one; in the larger of both all are contained
        "0, count(*) FILTER (status = 'unknown') FROM found GROUP BY name ORDER BY name"
    ).fetchall()
    persons = dict(connection.execute(_PERSONS.format(name=name)).fetchall())
    where = f"{sure} AND per IS NOT NULL" + (" AND given" if given else "")
    sums = connection.execute(
        f"SELECT {name} AS name, CAST(per AS VARCHAR), sum(amount_min), sum(amount_max), "
        f"coalesce(sum(amount_max) FILTER (provisional), 0) FROM found WHERE {where} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return tuple(
        Line(label, households, int(persons.get(label, 0)), opened, _money(sums, label))
        for label, households, _, opened in counts
    )


_PERSONS = """
SELECT name, sum(persons) FROM (
  SELECT {name} AS name, household,
    greatest(coalesce(max(persons) FILTER (member IS NULL), 0), count(DISTINCT member)) AS persons
  FROM found WHERE status = 'eligible' GROUP BY ALL)
GROUP BY name
"""


def _money(sums: Iterable[tuple[Any, ...]], label: str) -> tuple[Money, ...]:
    return tuple(Money(per, int(low), int(high), int(unsure)) for name, per, low, high, unsure in sums if name == label)
