"""Totals of a run: households, persons and money, by policy, department, place and month.

In: results of one or several months. Out: `Summary`, data only. Called by the command line and `summary_page`.
Sums are net: what people pay themselves is taken off what they are given. Loans stand in the table of policies only.
What must be given, what may be given and what is encouraged are added up apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from fupin_policy.batch.figure_columns import name_of
from fupin_policy.batch.output_layouts import has_forces
from fupin_policy.batch.results import RunResult, leading, leads_in, rules_in_force
from fupin_policy.batch.sql import identifier, text
from fupin_policy.core.benefits import Per, sign, span_of, times
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.prose.statuses import FORCES
from fupin_policy.ruleset import Ruleset

UNKNOWN_PLACE = "未注明地点 / no place"


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

    `persons_max`: with those members of whom it is open whether they benefit.
    """

    name: str
    households: int
    persons: int
    open: int
    money: tuple[PeriodTotals, ...]
    persons_max: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Lines by what they are grouped by."""

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


def summarize(results: Sequence[RunResult], ruleset: Ruleset) -> Summary:
    """Add up results. A household that a department serves by several policies counts once for it."""
    with duckdb.connect() as connection:
        _gather(results, ruleset, connection)
        total = _lines(connection, "'合计 / total'")
        return Summary(
            tuple(result.as_of.isoformat() for result in results),
            total[0] if total else SummaryGroup("合计 / total", 0, 0, 0, (), 0),
            _lines(connection, "title"),
            _lines(connection, "department"),
            _lines(connection, "place"),
            _lines(connection, "month"),
            _lines(connection, "force") if has_forces(ruleset.program) else (),
            tuple(_assumed(connection, ruleset)),
            tuple(_violated(connection, ruleset)),
            ruleset.program.trial,
        )


def _assumed(connection: duckdb.DuckDBPyConnection, ruleset: Ruleset) -> Iterator[tuple[str, int]]:
    """How many decisions rest on each assumption; a member's is told with an id before it."""
    for fact in ruleset.facts:
        if fact.absent is not None:
            name = f"{fact.label}={fact.absent.words.zh}"
            told = "'\n' || array_to_string(assumed, '\n') || '\n'"
            same = (f"contains({told}, {text(f'{before}{name}{chr(10)}')})" for before in ("\n", "."))
            query = f"SELECT count(*) FROM found WHERE {' OR '.join(same)}"
            ((count,),) = connection.execute(query).fetchall()
            if count:
                yield name, count


def _violated(connection: duckdb.DuckDBPyConnection, ruleset: Ruleset) -> Iterator[tuple[str, int]]:
    """For how many households each check of data does not hold."""
    for figure, _ in ruleset.program.checks:
        query = f"SELECT count(DISTINCT household) FROM found WHERE NOT {identifier(name_of(figure))}"
        ((count,),) = connection.execute(query).fetchall()
        if count:
            yield figure.words.zh, count


def _gather(results: Sequence[RunResult], ruleset: Ruleset, connection: duckdb.DuckDBPyConnection) -> None:
    """One view of all results, with what the summary tells beside."""
    lists = dict.fromkeys(("assumed", "beneficiaries", "possible_beneficiaries"), "VARCHAR[]")
    kinds = lists | {name_of(figure): "BOOLEAN" for figure, _ in ruleset.program.checks}
    names = [f"found_{number}" for number in range(len(results))]
    for name, result in zip(names, results, strict=True):
        own = (
            f"{identifier(one) if one in result.columns else f'CAST(NULL AS {kind})'} AS {identifier(one)}"
            for one, kind in kinds.items()
        )
        gather(connection, name, result, ruleset, ["provisional, persons", *own, f"'{result.as_of:%Y-%m}' AS month"])
    connection.execute(f"CREATE VIEW found AS {' UNION ALL '.join(f'FROM {name}' for name in names)}")


_COLUMNS = "policy VARCHAR, place VARCHAR, leads VARCHAR, department VARCHAR, force VARCHAR, way INT"


def gather(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    result: RunResult,
    ruleset: Ruleset,
    more: Iterable[str] = (),
    factor: int = 1,
) -> None:
    """A view of a result's decisions with their place, leading department and force, and some more columns.

    `low` and `high` are amounts times a factor; `least` and `most` are what people are better off by, which is less
    than nothing where they pay; `worth` is the least in a `span`. Where several departments may lead, all of them
    together are one, so that each case counts once.
    """
    place = "NULL" if result.place is None else identifier(result.place)
    texts = [f"CAST({one} AS VARCHAR) AS {one}" for one in ("member", "policy", "title", "per")]
    ends = [f"amount_min * {factor} AS low", f"amount_max * {factor} AS high"]
    where = [f"CAST({place} AS VARCHAR) AS place", f"{leads_in(result)} AS leads"]
    columns = ", ".join(["household", *texts, "status", *ends, *where, *more])
    view = f"SELECT {columns} FROM {result.relation} WHERE status != 'ineligible'"
    connection.execute(f"CREATE TABLE {name}_leads ({_COLUMNS}, span VARCHAR, times INT)")
    in_force, rows = rules_in_force(ruleset, result.as_of), []
    for policy, *at in connection.execute(f"SELECT DISTINCT policy, place, leads FROM ({view})").fetchall():
        if policy in in_force:
            version, metadata = in_force[policy]
            sure, may = leading(ruleset.program, metadata, at[1], at[0])
            per = version.benefit.per
            yearly = (None, None) if per is None else (span_of(per), times(per))
            told = (_told(sure[0]) if sure else _either(may), _told(FORCES[version.force].said))
            rows.append((policy, *at, *told, sign(version.benefit.kind), *yearly))
    if rows:
        connection.executemany(f"INSERT INTO {name}_leads VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.execute(
        f"CREATE VIEW {name} AS SELECT v.*, l.department, l.force, l.way, l.span, "
        "CASE WHEN way < 0 THEN -high ELSE low END AS least, CASE WHEN way < 0 THEN -low ELSE high END AS most, "
        f"least * l.times AS worth FROM ({view}) v JOIN {name}_leads l ON v.policy = l.policy "
        "AND v.place IS NOT DISTINCT FROM l.place AND v.leads IS NOT DISTINCT FROM l.leads"
    )


def _either(may: Sequence[Bilingual]) -> str:
    """Those of whom one leads, but nobody can say yet which."""
    if not may:
        return "—"
    return _told(Bilingual("或".join(one.zh for one in may), " or ".join(one.en for one in may)))


def _told(words: Bilingual) -> str:
    return f"{words.zh} / {words.en}"


def _lines(connection: duckdb.DuckDBPyConnection, group: str) -> tuple[SummaryGroup, ...]:
    name = f"coalesce({group}, '{UNKNOWN_PLACE}')"
    sure = "status = 'eligible'"
    counts = connection.execute(
        f"SELECT {name} AS name, count(DISTINCT household) FILTER ({sure}), "
        "count(*) FILTER (status = 'unknown') FROM found GROUP BY name ORDER BY name"
    ).fetchall()
    persons = {label: ends for label, *ends in connection.execute(_PERSONS.format(name=name)).fetchall()}
    # a loan is shown with its policy, and added to nothing else
    where = f"{sure} AND per IS NOT NULL" + ("" if group == "title" else " AND way != 0")
    # lines that are by force say it in their name
    must = text(_told(FORCES["entitlement"].said))
    force = "''" if group == "force" else f"CASE WHEN force = {must} THEN '' ELSE force END"
    sums = connection.execute(
        f"SELECT {name} AS name, per, {force}, sum(least), sum(most), coalesce(sum(most) FILTER (provisional), 0), "
        f"coalesce(sum(low) FILTER (way < 0), 0), coalesce(sum(high) FILTER (way < 0), 0) "
        f"FROM found WHERE {where} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return tuple(
        SummaryGroup(label, households, sure, opened, _money(sums, label), most)
        for label, households, opened in counts
        for sure, most in [map(int, persons.get(label, (0, 0)))]
    )


_PERSONS = """
SELECT name, sum(greatest(everybody, sure)), sum(greatest(everybody, most)) FROM (
  SELECT {name} AS name, household,
    coalesce(max(persons) FILTER (member IS NULL AND beneficiaries IS NULL), 0) AS everybody,
    len(list_distinct(flatten(list(coalesce(beneficiaries, [member]))))) AS sure,
    len(list_distinct(flatten(list(
      list_concat(coalesce(beneficiaries, [member]), possible_beneficiaries))))) AS most
  FROM found WHERE status = 'eligible' GROUP BY ALL)
GROUP BY name
"""
"""A household's decision is for all its members, or for those named; a member's is for one."""


def _money(sums: Iterable[tuple[Any, ...]], label: str) -> tuple[PeriodTotals, ...]:
    found = []
    for name, per, force, *figures in sums:
        if name == label:
            low, high, provisional, paid_low, paid_high = map(int, figures)
            found.append(PeriodTotals(per, low, high, provisional, paid_low, paid_high, force))
    return tuple(found)
