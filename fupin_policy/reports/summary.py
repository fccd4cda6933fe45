"""Totals of a run: households, persons and money, by policy, department, place and month.

In: results of one or several months. Out: `Summary`, data only. Called by the command line and `summary_page`.
Sums are net: what people pay themselves is taken off what they are given. Loans stand in the table of policies only.
What must be given, what may be given and what is encouraged are added up apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from fupin_policy.batch.figure_columns import name_of
from fupin_policy.batch.output_layouts import has_forces
from fupin_policy.batch.reject_files import rows_of_rejects
from fupin_policy.batch.results import RunResult
from fupin_policy.batch.sql import identifier, text
from fupin_policy.core.benefits import Per
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.program import Program
from fupin_policy.prose.statuses import FORCES
from fupin_policy.reports.facts_in_rows import AskedFact, asked_facts, assumed_counts
from fupin_policy.reports.provisional_values import ProvisionalValue, provisional_values
from fupin_policy.reports.summary_rows import (
    BETWEEN,
    NO_PLACE,
    NO_WORDS,
    TOTAL,
    UNKNOWN_PLACE,
    gather_all,
    of_two,
    told,
)
from fupin_policy.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class PeriodTotals:
    """Sums in the smallest units of money for one period and force: both ends, and what of the upper is provisional.

    They are net of what people pay themselves, `paid_low` to `paid_high`, which is never below zero.
    """

    per: Per
    low: int
    high: int
    provisional: int
    paid_low: int = 0
    paid_high: int = 0
    force: str = ""
    """That of the benefits, in words; nothing where they must be given."""

    @property
    def given(self) -> tuple[int, int]:
        """What is given, least and most, before what is paid is taken off."""
        return self.low + self.paid_high, self.high + self.paid_low


@dataclass(frozen=True, slots=True)
class SummaryGroup:
    """A group: households and persons that are surely entitled, decisions still open, and the money of the former.

    `persons_max`: with those members of whom it is open whether they benefit. `key` is a policy's id; `within` are the
    departments that lead a policy, or the town of a village.
    """

    name: str
    households: int
    persons: int
    open: int
    money: tuple[PeriodTotals, ...]
    persons_max: int
    open_households: int = 0
    words: Bilingual = NO_WORDS
    key: str = ""
    within: tuple[Bilingual, ...] = ()
    provisional: bool = False
    """Some of the decisions rest on a value that no source states."""


@dataclass(frozen=True, slots=True)
class RejectedRows:
    """What was not decided, by the code of what is wrong and the column in which: rows of the tables, households."""

    code: str
    column: str
    rows: int
    households: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Lines by what they are grouped by. Of results of several days the lines are of the last; `months` are of all."""

    days: tuple[str, ...]
    total: SummaryGroup
    policies: tuple[SummaryGroup, ...]
    departments: tuple[SummaryGroup, ...]
    places: tuple[SummaryGroup, ...]
    months: tuple[SummaryGroup, ...]
    forces: tuple[SummaryGroup, ...] = ()
    """By force, where not all is entitlements."""
    assumed: tuple[tuple[str, int], ...] = ()
    """How many of the decisions rest on each assumption, such as `在校=否`."""
    violated: tuple[tuple[str, int], ...] = ()
    """For how many of the households with a decision each check of data does not hold."""
    trial: tuple[str, ...] = ()
    """The values that were only tried."""
    villages: tuple[SummaryGroup, ...] = ()
    """Where the result says of households in which village they are."""
    facts: tuple[AskedFact, ...] | None = None
    """The facts that keep decisions open; None where the run did not ask for them."""
    rejects: tuple[RejectedRows, ...] = ()
    provisional: tuple[ProvisionalValue, ...] = ()
    """The values that no document states, on which some of it rests."""


def summarize(results: Sequence[RunResult], ruleset: Ruleset) -> Summary:
    """Add up results. A household that a department serves by several policies counts once for it."""
    program, last = ruleset.program, max(result.as_of for result in results)
    of_last = [result for result in results if result.as_of == last]
    with duckdb.connect() as connection:
        called = gather_all(connection, results, ruleset)
        months = _lines(connection, "strftime(as_of, '%Y-%m')")
        for table in ("decided", "named", "sums"):
            connection.execute(f"DELETE FROM {table} WHERE d NOT IN (SELECT d FROM kinds WHERE as_of = ?)", [last])
        total = _lines(connection, text(told(TOTAL)))
        policies = _policies(connection, program, called)
        return Summary(
            tuple(result.as_of.isoformat() for result in results),
            replace(total[0] if total else SummaryGroup(told(TOTAL), 0, 0, 0, (), 0), words=TOTAL),
            policies,
            _departments(_lines(connection, "department"), policies, called),
            _places(_lines(connection, "place"), program),
            tuple(replace(line, words=Bilingual(line.name, line.name)) for line in months),
            _forces(_lines(connection, "force")) if has_forces(program) else (),
            tuple(assumed_counts(connection, program)),
            tuple(_violated(connection, ruleset)),
            program.trial,
            _villages(connection, program),
            asked_facts(connection, program, last) if any("missing" in one.columns for one in of_last) else None,
            tuple(_rejected(connection, [one.rejects for one in of_last if one.rejects is not None])),
            provisional_values(ruleset, last, {line.key for line in policies}),
        )


def _policies(
    connection: duckdb.DuckDBPyConnection, program: Program, called: Mapping[str, Bilingual]
) -> tuple[SummaryGroup, ...]:
    """A line a policy, in the order of the rules."""
    leads: dict[str, list[Bilingual]] = {}
    for policy, body in connection.execute(_LEADS).fetchall():
        leads.setdefault(policy, []).append(called[body])
    found = {line.name: line for line in _lines(connection, "policy")}
    return tuple(
        replace(found[one.id], name=one.title.zh, words=one.title, key=one.id, within=tuple(leads[one.id]))
        for one in program.policies
        if one.id in found
    )


def _departments(
    lines: Iterable[SummaryGroup], policies: Iterable[SummaryGroup], called: Mapping[str, Bilingual]
) -> tuple[SummaryGroup, ...]:
    """A line a department, in the order in which the rules name them."""
    order = list(dict.fromkeys(told(body) for policy in policies for body in policy.within))
    named: list[SummaryGroup] = [replace(line, words=called[line.name]) for line in lines]
    return tuple(sorted(named, key=lambda line: order.index(line.name)))


def _places(lines: Iterable[SummaryGroup], program: Program) -> tuple[SummaryGroup, ...]:
    """A line a town, in the order of the rules; last those that the rules do not know, and what is of no town."""
    return tuple(replace(line, words=_place(line.name)) for line in sorted(lines, key=_by_place(program)))


def _villages(connection: duckdb.DuckDBPyConnection, program: Program) -> tuple[SummaryGroup, ...]:
    """A line a village, by towns; none where the result says of nobody in which village they are."""
    if not connection.execute("SELECT 1 FROM villages WHERE village IS NOT NULL").fetchall():
        return ()
    parted = [(line, line.name.partition(BETWEEN)) for line in _lines(connection, of_two("place", "village"))]
    named = [
        replace(line, name=village, words=_place(village), within=(_place(town),))
        for line, (town, _, village) in parted
    ]
    by_place = _by_place(program)
    return tuple(sorted(named, key=lambda line: (by_place(line.within[0].zh), by_place(line.name))))


def _by_place(program: Program) -> Callable[[SummaryGroup | str], tuple[int, str]]:
    """The order of places by their names."""
    order = {place.label: number for number, place in enumerate(program.places.values())}
    last = {UNKNOWN_PLACE: len(order) + 1, NO_PLACE.zh: len(order) + 1}

    def of(place: SummaryGroup | str) -> tuple[int, str]:
        name = place if isinstance(place, str) else place.name
        return order.get(name, last.get(name, len(order))), name

    return of


def _place(name: str) -> Bilingual:
    return NO_PLACE if name == UNKNOWN_PLACE else Bilingual(name, name)


def _forces(lines: Iterable[SummaryGroup]) -> tuple[SummaryGroup, ...]:
    words = {told(one.said): one.said for one in FORCES.values()}
    ordered = sorted(lines, key=lambda line: [*words].index(line.name))
    return tuple(replace(line, words=words[line.name]) for line in ordered)


def _violated(connection: duckdb.DuckDBPyConnection, ruleset: Ruleset) -> Iterator[tuple[str, int]]:
    """For how many households each check of data does not hold."""
    for figure, _ in ruleset.program.checks:
        query = f"SELECT count(DISTINCT household) FROM found WHERE NOT {identifier(name_of(figure))}"
        ((count,),) = connection.execute(query).fetchall()
        if count:
            yield figure.words.zh, count


def _rejected(connection: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> Iterator[RejectedRows]:
    """What was not decided, most first; neither whose row it is nor what stands in it."""
    if not files:
        return
    rows = connection.execute(
        "SELECT code, coalesce(\"column\", ''), count(DISTINCT (file, row)), count(DISTINCT household) "
        f"FROM ({rows_of_rejects(files)}) "
        "GROUP BY ALL ORDER BY 3 DESC, 1, 2"
    ).fetchall()
    yield from (RejectedRows(*row) for row in rows)


_LEADS = "SELECT DISTINCT policy, department FROM kinds WHERE d IN (SELECT d FROM sums) ORDER BY ALL"


def _lines(connection: duckdb.DuckDBPyConnection, group: str) -> list[SummaryGroup]:
    """A line for each value of an expression, in order; rows without one are of no place."""
    connection.execute(
        f"CREATE OR REPLACE TABLE groups AS SELECT d, v, coalesce({group}, '{UNKNOWN_PLACE}') AS name, "
        "dense_rank() OVER (ORDER BY name) AS k "
        "FROM (SELECT DISTINCT d, v FROM sums) JOIN kinds USING (d) JOIN villages USING (v)"
    )
    counts = connection.execute(_HOUSEHOLDS).fetchall()
    opened = {label: found for label, *found in connection.execute(_OPEN).fetchall()}
    persons = {label: ends for label, *ends in connection.execute(_PERSONS).fetchall()}
    # a loan is shown with its policy, and added to nothing else
    where = "sure AND per IS NOT NULL" + ("" if group == "policy" else " AND way != 0")
    # lines that are by force say it in their name
    must = text(told(FORCES["entitlement"].said))
    force = "''" if group == "force" else f"CASE WHEN force = {must} THEN '' ELSE force END"
    sums = connection.execute(
        f"SELECT name, per, {force}, sum(least), sum(most), coalesce(sum(most) FILTER (provisional), 0), "
        f"coalesce(sum(low) FILTER (way < 0), 0), coalesce(sum(high) FILTER (way < 0), 0) "
        f"FROM sums JOIN groups USING (d, v) JOIN kinds USING (d) WHERE {where} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    money: dict[str, list[PeriodTotals]] = {}
    for label, per, of, *figures in sums:
        low, high, provisional, paid_low, paid_high = map(int, figures)
        money.setdefault(label, []).append(PeriodTotals(per, low, high, provisional, paid_low, paid_high, of))
    return [
        SummaryGroup(
            *(label, households, surely, int(opened[label][0]), tuple(money.get(label, ())), most, asking),
            provisional=opened[label][1],
        )
        for label, households, asking in counts
        for surely, most in [map(int, persons.get(label, (0, 0)))]
    ]


_HOUSEHOLDS = """
SELECT any_value(name), count(*) FILTER (surely), count(*) FILTER (opened) FROM (
  SELECT k, h, bool_or(sure) AS surely, bool_or(NOT sure) AS opened
  FROM decided JOIN groups USING (d, v) GROUP BY ALL)
JOIN (SELECT DISTINCT k, name FROM groups) USING (k) GROUP BY k ORDER BY k
"""
_OPEN = """
SELECT name, coalesce(sum(decisions) FILTER (NOT sure), 0), coalesce(bool_or(provisional) FILTER (sure), false)
FROM sums JOIN groups USING (d, v) GROUP BY name
"""
_PERSONS = """
SELECT any_value(name), sum(greatest(everybody, surely)), sum(greatest(everybody, most)) FROM (
  SELECT k, h, max(everybody) AS everybody, max(surely) AS surely, max(most) AS most FROM (
    SELECT k, h, coalesce(max(everybody), 0) AS everybody, 0 AS surely, 0 AS most
    FROM decided JOIN groups USING (d, v) WHERE sure GROUP BY ALL
    UNION ALL
    SELECT k, h, 0, count(*) FILTER (surely), count(*) FROM (
      SELECT k, h, person, bool_or(surely) AS surely FROM named JOIN groups USING (d, v) GROUP BY ALL)
    GROUP BY ALL)
  GROUP BY ALL)
JOIN (SELECT DISTINCT k, name FROM groups) USING (k) GROUP BY k
"""
"""A household's decision is for all its members, or for those named; a member's is for one."""
