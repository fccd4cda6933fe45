"""A result's decisions as rows of DuckDB, each with its place, its leading department, its force and its money's way.

In: a result and its rules. Out: views and tables of a connection; what is called how in both languages. Called by
`summary` and `comparison`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from fupin_policy.batch.figure_columns import name_of
from fupin_policy.batch.results import RunResult, leading, leads_in, rules_in_force
from fupin_policy.batch.sql import identifier, text
from fupin_policy.core.benefits import sign, span_of, times
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.prose.statuses import FORCES
from fupin_policy.reports.office_rows import PeopleColumns
from fupin_policy.ruleset import Ruleset

TOTAL = Bilingual("合计", "total")
NO_WORDS = Bilingual("", "")
NO_PLACE = Bilingual("未注明地点", "no place")
UNKNOWN_PLACE = f"{NO_PLACE.zh} / {NO_PLACE.en}"
BETWEEN = "\x1f"
"""Stands between the two names of a group of two, in one text."""
OF_PEOPLE = ("姓名", "电话", "手机", "身份", "干部", "书记", "主任")
"""Words in what a fact is called that tells of a person, though it speaks of a village."""

_COLUMNS = "policy VARCHAR, place VARCHAR, leads VARCHAR, department VARCHAR, force VARCHAR, way INT"
_LISTS = dict.fromkeys(("assumed", "missing", "beneficiaries", "possible_beneficiaries"), "VARCHAR[]")


def of_two(first: str, second: str) -> str:
    """SQL for the name of a group by two expressions; what is of no place says so."""
    unknown = text(UNKNOWN_PLACE)
    return f"coalesce({first}, {unknown}) || {text(BETWEEN)} || coalesce({second}, {unknown})"


def gather(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    result: RunResult,
    ruleset: Ruleset,
    more: Iterable[str] = (),
    factor: int = 1,
) -> dict[str, Bilingual]:
    """A view of a result's decisions with their place, leading department and force, and some more columns.

    `low` and `high` are amounts times a factor; `least` and `most` are what people are better off by, which is less
    than nothing where they pay; `worth` is the least in a `span`. Where several departments may lead, all of them
    together are one, so that each case counts once. Returned is what departments are called, by their names here.
    """
    place = "NULL" if result.place is None else identifier(result.place)
    texts = [f"CAST({one} AS VARCHAR) AS {one}" for one in ("member", "policy", "title", "per")]
    ends = [f"amount_min * {factor} AS low", f"amount_max * {factor} AS high"]
    where = [f"CAST({place} AS VARCHAR) AS place", f"{leads_in(result)} AS leads"]
    columns = ", ".join(["household", *texts, "status", *ends, *where, *more])
    view = f"SELECT {columns} FROM {result.relation} WHERE status != 'ineligible'"
    connection.execute(f"CREATE TABLE {name}_leads ({_COLUMNS}, span VARCHAR, times INT, number INT)")
    in_force, called = rules_in_force(ruleset, result.as_of), dict[str, Bilingual]()
    rows: list[tuple[Any, ...]] = []
    for policy, *at in connection.execute(f"SELECT DISTINCT policy, place, leads FROM ({view})").fetchall():
        if policy in in_force:
            version, metadata = in_force[policy]
            sure, may = leading(ruleset.program, metadata, at[1], at[0], result.place)
            per = version.benefit.per
            yearly = (None, None) if per is None else (span_of(per), times(per))
            body = sure[0] if sure else _either(may)
            called[told(body)] = body
            force = told(FORCES[version.force].said)
            rows.append((policy, *at, told(body), force, sign(version.benefit.kind), *yearly, len(rows)))
    if rows:
        connection.executemany(f"INSERT INTO {name}_leads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.execute(
        f"CREATE VIEW {name} AS SELECT v.*, l.department, l.force, l.way, l.span, l.number, "
        "CASE WHEN way < 0 THEN -high ELSE low END AS least, CASE WHEN way < 0 THEN -low ELSE high END AS most, "
        f"least * l.times AS worth FROM ({view}) v JOIN {name}_leads l ON v.policy = l.policy "
        "AND v.place IS NOT DISTINCT FROM l.place AND v.leads IS NOT DISTINCT FROM l.leads"
    )
    return called


def gather_all(
    connection: duckdb.DuckDBPyConnection, results: Sequence[RunResult], ruleset: Ruleset
) -> dict[str, Bilingual]:
    """Tables of all results in which texts are numbers, and the view `found` of those of the last day.

    A row of `decided` is a decision: whose (`h`), of which row of `kinds` (`d`: policy, department, force, place, day)
    and of `villages` (`v`); `named` are the members whom decisions name, `sums` their money added up by kind and
    village. Returned is what departments are called.
    """
    last = max(result.as_of for result in results)
    checks = {name_of(figure): "BOOLEAN" for figure, _ in ruleset.program.checks}
    called, views, of_last, kinds = dict[str, Bilingual](), list[str](), list[str](), list[str]()
    for at, result in enumerate(results):
        own = (
            f"{identifier(one) if one in result.columns else f'CAST(NULL AS {kind})'} AS {identifier(one)}"
            for one, kind in (_LISTS | checks).items()
        )
        village, name = village_column(ruleset, result), f"found_{at}"
        beside = f"CAST({'NULL' if village is None else identifier(village)} AS VARCHAR) AS village"
        called |= gather(connection, name, result, ruleset, ["provisional", "persons", beside, *own])
        views.append(f"SELECT *, number * {len(results)} + {at} AS d FROM {name}")
        kinds.append(
            f"SELECT number * {len(results)} + {at} AS d, policy, department, force, way, place, "
            f"DATE '{result.as_of.isoformat()}' AS as_of FROM {name}_leads"
        )
        of_last += [f"FROM {name}"] if result.as_of == last else []
    connection.execute(f"CREATE VIEW found AS {' UNION ALL '.join(of_last)}")
    connection.execute(f"CREATE VIEW every AS {' UNION ALL '.join(views)}")
    connection.execute(f"CREATE TABLE kinds AS {' UNION ALL '.join(kinds)}")
    for statement in _TABLES:
        connection.execute(statement)
    return called


_TABLES = (
    "CREATE TABLE villages AS "
    "SELECT village, CAST(row_number() OVER () AS INT) AS v FROM (SELECT DISTINCT village FROM every)",
    "CREATE TABLE households AS "
    "SELECT household, CAST(row_number() OVER () AS INT) AS h FROM (SELECT DISTINCT household FROM every)",
    "CREATE TABLE decided AS SELECT h, d, v, status = 'eligible' AS sure, "
    "CASE WHEN member IS NULL AND beneficiaries IS NULL THEN persons END AS everybody "
    "FROM every JOIN households USING (household) JOIN villages w ON every.village IS NOT DISTINCT FROM w.village",
    "CREATE TABLE named AS SELECT h, d, v, person, bool_or(surely) AS surely FROM ("
    "SELECT household, d, village, unnest(coalesce(beneficiaries, [member])) AS person, true AS surely "
    "FROM every WHERE status = 'eligible' UNION ALL "
    "SELECT household, d, village, unnest(possible_beneficiaries) AS person, false AS surely "
    "FROM every WHERE status = 'eligible') found "
    "JOIN households USING (household) JOIN villages w ON found.village IS NOT DISTINCT FROM w.village "
    "WHERE person IS NOT NULL GROUP BY ALL",
    "CREATE TABLE sums AS SELECT d, v, status = 'eligible' AS sure, per, provisional, count(*) AS decisions, "
    "sum(least) AS least, sum(most) AS most, sum(low) AS low, sum(high) AS high "
    "FROM every JOIN villages w ON every.village IS NOT DISTINCT FROM w.village GROUP BY ALL",
)


def village_column(ruleset: Ruleset, result: RunResult) -> str | None:
    """The column of the households' villages, if the result has one; none that tells of a person."""
    village = PeopleColumns.of(ruleset.program, result).village
    return None if village is None or any(word in village for word in OF_PEOPLE) else village


def _either(may: Sequence[Bilingual]) -> Bilingual:
    """Those of whom one leads, but nobody can say yet which."""
    if not may:
        return Bilingual("—", "—")
    return Bilingual("或".join(one.zh for one in may), " or ".join(one.en for one in may))


def told(words: Bilingual) -> str:
    """Both languages in one name; the same once."""
    return f"{words.zh} / {words.en}"
