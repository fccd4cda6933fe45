"""Who gains and who loses between two rulesets, over a registry decided by both: by policy, department and place.

In: two results of runs over the same tables on the same date. Out: `Comparison`, data only. Called by the command line.

A household gains by a policy that it surely has after and had not before, or by a contribution that it surely need not
pay any more. Money is what is surely due for each period, net of what people pay. Amounts for different periods are
brought to a year before they are compared; a yearly amount that becomes one paid once is both lost and gained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from fupin_policy.batch.reject_files import rows_of_rejects
from fupin_policy.batch.results import RunResult
from fupin_policy.batch.sql import text
from fupin_policy.core.benefits import Per, times
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import InputError
from fupin_policy.prose.amounts import money_unit
from fupin_policy.reports.summary_rows import BETWEEN, NO_PLACE, NO_WORDS, TOTAL, UNKNOWN_PLACE, gather, of_two, told
from fupin_policy.ruleset import Ruleset

BIGGEST = 12
"""How many of the groups of which most changes are told."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs: its result and its rules."""

    result: RunResult
    ruleset: Ruleset


@dataclass(frozen=True, slots=True)
class GroupChange:
    """A group: households that gain, lose, get more, get less, become open or settled; money in the smallest units.

    `money` has for each period what households are better off by before and after. Loans are in the lines of the
    policies themselves only. `within` is the town of a group that is a policy in a town, else empty.
    """

    name: str
    words: Bilingual
    within: Bilingual
    gain: int
    lose: int
    more: int
    less: int
    opened: int
    settled: int
    money: tuple[tuple[Per, int, int], ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """The households of each kind, as listed above."""
        return (self.gain, self.lose, self.more, self.less, self.opened, self.settled)

    @property
    def yearly(self) -> int:
        """What a year brings more; what is paid once is not in it."""
        return sum((after - before) * times(per) for per, before, after in self.money if per != "once")

    @property
    def changed(self) -> bool:
        """Whether anything is otherwise."""
        return any(self.counts) or any(before != after for _, before, after in self.money)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Changes in all, and by what they are grouped by; groups in which nothing changes are left out.

    Amounts are in units of `10**-decimals` of the currency. Households that only the first or only the second ruleset
    refuses are in no other figure.
    """

    as_of: str
    currency: str
    decimals: int
    refused_before: int
    refused_after: int
    total: GroupChange
    policies: tuple[GroupChange, ...]
    departments: tuple[GroupChange, ...]
    places: tuple[GroupChange, ...]
    trial: tuple[str, ...] = ()
    """The values that are only tried, of either ruleset."""
    biggest: tuple[GroupChange, ...] = ()
    """The policies in a town of which most changes: by what a year brings, then by how many households."""
    unit: str = ""
    """What amounts are in, in Chinese."""

    @property
    def changed(self) -> bool:
        """Whether anything is otherwise for anybody."""
        return self.total.changed or bool(self.policies) or self.refused_before + self.refused_after > 0


def check_currencies(before: Program, after: Program) -> None:
    """Raises InputError where amounts of the two are in different currencies."""
    if before.currency != after.currency:
        raise InputError.of("V114", after.id, before=before.currency, after=after.currency)


def compare(before: Side, after: Side) -> Comparison:
    """Add up what is otherwise. A household that changes in several policies of a group counts once a column.

    Raises InputError where the two are in different currencies.
    """
    programs = (before.ruleset.program, after.ruleset.program)
    check_currencies(*programs)
    decimals = max(program.decimals for program in programs)
    called = {told(TOTAL): TOTAL}
    with duckdb.connect() as connection:
        for name, side in (("b", before), ("a", after)):
            factor = 10 ** (decimals - side.ruleset.program.decimals)
            called |= gather(connection, name, side.result, side.ruleset, factor=factor)
            _refuse(connection, name, side)
        connection.execute(_JOIN)
        named = _Named.of(programs, called)
        total = named.changes(connection, text(told(TOTAL)))
        return Comparison(
            after.result.as_of.isoformat(),
            programs[1].currency,
            decimals,
            _refused(connection, "b", "a"),
            _refused(connection, "a", "b"),
            total[0] if total else GroupChange(told(TOTAL), TOTAL, NO_WORDS, 0, 0, 0, 0, 0, 0, ()),
            named.changes(connection, "title"),
            named.changes(connection, "department"),
            named.changes(connection, "place"),
            tuple(dict.fromkeys(value for program in programs for value in program.trial)),
            named.biggest(connection),
            money_unit(programs[1]),
        )


def _refuse(connection: duckdb.DuckDBPyConnection, name: str, side: Side) -> None:
    """A table of the households that a run refused: named among its rejects, and not decided."""
    rejects = "SELECT NULL AS household WHERE false"
    if (file := side.result.rejects) is not None:
        rejects = f"SELECT household FROM ({rows_of_rejects([file])})"
    connection.execute(
        f"CREATE TABLE {name}_refused AS SELECT DISTINCT household FROM ({rejects}) WHERE household IS NOT NULL "
        f"AND household NOT IN (SELECT CAST(household AS VARCHAR) FROM {name})"
    )


def _refused(connection: duckdb.DuckDBPyConnection, name: str, other: str) -> int:
    """How many households only one of the runs refused."""
    asked = f"SELECT count(*) FROM (FROM {name}_refused EXCEPT FROM {other}_refused)"
    (count,) = connection.execute(asked).fetchall()[0]
    return int(count)


_JOIN = """
CREATE TABLE pairs AS
SELECT coalesce(a.household, b.household) AS household, coalesce(a.title, b.title) AS title,
  coalesce(a.department, b.department) AS department, coalesce(a.place, b.place) AS place,
  coalesce(b.status, 'ineligible') AS was, coalesce(a.status, 'ineligible') AS becomes,
  coalesce(b.way, a.way) AS way_before, coalesce(a.way, b.way) AS way_after,
  CASE WHEN b.status = 'eligible' THEN b.least END AS least_before,
  CASE WHEN a.status = 'eligible' THEN a.least END AS least_after,
  CASE WHEN b.status = 'eligible' THEN b.worth END AS worth_before,
  CASE WHEN a.status = 'eligible' THEN a.worth END AS worth_after,
  b.per AS per_before, a.per AS per_after,
  coalesce(b.span, a.span) IS DISTINCT FROM coalesce(a.span, b.span) AS other_span
FROM b FULL OUTER JOIN a
  ON a.household = b.household AND a.policy = b.policy AND a.member IS NOT DISTINCT FROM b.member
WHERE CAST(coalesce(a.household, b.household) AS VARCHAR) NOT IN (FROM b_refused UNION FROM a_refused)
"""

_BEGINS = "was != 'eligible' AND becomes = 'eligible'"
_ENDS = "was = 'eligible' AND becomes != 'eligible'"
_BOTH = "was = 'eligible' AND becomes = 'eligible'"
_RISE = "coalesce(worth_after, 0) - coalesce(worth_before, 0)"
_COLUMNS = (
    f"({_BEGINS}) AND way_after >= 0 OR ({_ENDS}) AND way_before < 0 OR ({_BOTH}) AND other_span",
    f"({_ENDS}) AND way_before >= 0 OR ({_BEGINS}) AND way_after < 0 OR ({_BOTH}) AND other_span",
    f"{_BOTH} AND NOT other_span AND {_RISE} > 0",
    f"{_BOTH} AND NOT other_span AND {_RISE} < 0",
    "was != 'unknown' AND becomes = 'unknown'",
    "was = 'unknown' AND becomes != 'unknown'",
)


@dataclass(frozen=True, slots=True)
class _Named:
    """What groups are called, by their names in SQL; policies in the order of the rules, the later ones first."""

    words: Mapping[str, Bilingual]
    order: Mapping[str, int]

    @staticmethod
    def of(programs: Sequence[Program], called: Mapping[str, Bilingual]) -> _Named:
        titles = {policy.title.zh: policy.title for program in programs for policy in program.policies}
        ordered = [policy.title.zh for program in reversed(programs) for policy in program.policies]
        places = [place.label for program in reversed(programs) for place in program.places.values()]
        order = {name: number for number, name in enumerate(dict.fromkeys([*ordered, *places]))}
        return _Named({**titles, **called, UNKNOWN_PLACE: NO_PLACE}, order)

    def changes(self, connection: duckdb.DuckDBPyConnection, group: str) -> tuple[GroupChange, ...]:
        """The groups in which anything is otherwise, in the order of the rules."""
        found = [change for row in _changes(connection, group) if (change := self._change(row)).changed]
        return tuple(sorted(found, key=lambda change: self.order.get(change.name, len(self.order))))

    def biggest(self, connection: duckdb.DuckDBPyConnection) -> tuple[GroupChange, ...]:
        """The policies in a town of which most changes."""
        rows = _changes(connection, of_two("title", "place"))
        found = [change for row in rows if (change := self._change(row)).changed]
        size = [(-abs(change.yearly), -sum(change.counts), change.name) for change in found]
        return tuple(change for _, change in sorted(zip(size, found, strict=True), key=lambda pair: pair[0]))[:BIGGEST]

    def _change(self, row: Sequence[Any]) -> GroupChange:
        name, _, town = str(row[0]).partition(BETWEEN)
        return GroupChange(name, self._words(name), self._words(town), *row[1:])

    def _words(self, name: str) -> Bilingual:
        return self.words.get(name, Bilingual(name, name))


def _changes(connection: duckdb.DuckDBPyConnection, group: str) -> list[tuple[Any, ...]]:
    """By a name the households of each kind, and the money of each period before and after."""
    name = f"coalesce({group}, '{UNKNOWN_PLACE}')"
    counts = ", ".join(f"count(DISTINCT household) FILTER ({condition})" for condition in _COLUMNS)
    rows = connection.execute(f"SELECT {name} AS name, {counts} FROM pairs GROUP BY name ORDER BY name").fetchall()
    # a loan is shown with its policy, and added to nothing else
    before, after = ("" if "title" in group else f"AND way_{side} != 0" for side in ("before", "after"))
    money = connection.execute(
        f"SELECT name, per, CAST(sum(before) AS BIGINT), CAST(sum(after) AS BIGINT) FROM ("
        f"SELECT {name} AS name, per_before AS per, least_before AS before, 0 AS after FROM pairs "
        f"WHERE least_before IS NOT NULL {before} UNION ALL "
        f"SELECT {name} AS name, per_after AS per, 0 AS before, least_after AS after FROM pairs "
        f"WHERE least_after IS NOT NULL {after}) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    sums: dict[str, list[tuple[Per, int, int]]] = {}
    for label, *figures in money:
        sums.setdefault(label, []).append((figures[0], figures[1], figures[2]))
    return [(*row, tuple(sums.get(row[0], ()))) for row in rows]
