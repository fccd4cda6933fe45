"""Which facts keep decisions open, and what was assumed of facts, counted over a result without naming anybody.

In: the view `found` of `summary_rows`, whose lists name facts with the ids of members before them. Out: counts.
Called by `summary`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import duckdb

from fupin_policy.batch.sql import text
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_day
from fupin_policy.core.periods import named_on
from fupin_policy.core.program import Program

OTHER = Bilingual("其他事项", "other facts")
_ITEM = re.compile("第[0-9]+项的")


@dataclass(frozen=True, slots=True)
class AskedFact:
    """A fact that must be known to settle decisions: of how many households, how many decisions, which policies.

    `policies` have their ids and how many of the decisions are theirs, most first. Nobody can be asked for what is not
    `askable`: a value that the rules lack.
    """

    name: str
    words: Bilingual
    level: str
    askable: bool
    households: int
    decisions: int
    policies: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Named:
    words: Bilingual
    level: str
    askable: bool = True


def asked_facts(connection: duckdb.DuckDBPyConnection, program: Program, day: date) -> tuple[AskedFact, ...]:
    """The facts that keep decisions open on a day, those of most households first."""
    known = dict(_known(program, to_day(day)))
    _name(connection, "missing", known)
    by_policy: dict[str, list[tuple[str, int]]] = {}
    grouped = "SELECT name, policy, count(*) AS rows FROM missing_named GROUP BY ALL ORDER BY rows DESC, policy"
    for name, policy, count in connection.execute(grouped).fetchall():
        by_policy.setdefault(name, []).append((policy, count))
    counts = "count(DISTINCT household) AS households, count(*) AS rows"
    counted = f"SELECT name, {counts} FROM missing_named GROUP BY name ORDER BY households DESC, rows DESC, name"
    return tuple(
        AskedFact(one.words.zh, one.words, one.level, one.askable, households, decisions, tuple(by_policy[name]))
        for name, households, decisions in connection.execute(counted).fetchall()
        for one in [known.get(name, _Named(OTHER, "household"))]
    )


def assumed_counts(connection: duckdb.DuckDBPyConnection, program: Program) -> Iterator[tuple[str, int]]:
    """How many decisions rest on each assumption, such as `在校=否`."""
    names = [f"{fact.label}={fact.absent.words.zh}" for fact in program.facts if fact.absent is not None]
    _name(connection, "assumed", names)
    counts = dict(connection.execute("SELECT name, count(*) FROM assumed_named GROUP BY name").fetchall())
    yield from ((name, counts[name]) for name in names if name in counts)


def _known(program: Program, day: int) -> Iterator[tuple[str, _Named]]:
    """All that can be missing on a day, by its Chinese name; items of a list are not told apart."""
    lists = {one.name: one for one in program.lists}
    for fact in program.facts:
        words = named_on(fact, day)[1]
        if fact.level in lists:
            listed = lists[fact.level].words
            inner = Bilingual(f"{listed.zh}的{words.zh}", f"{words.en} (of {listed.en})")
            yield f"{listed.zh}第项的{words.zh}", _Named(inner, "item")
        else:
            yield words.zh, _Named(words, fact.level)
    for one in lists.values():
        which = Bilingual(f"{one.words.zh}（共有哪些）", f"{one.words.en} (which there are)")
        yield which.zh, _Named(which, one.of)
    for parameter in program.parameters.values():
        yield parameter.called.zh, _Named(parameter.called, "", askable=False)


def _name(connection: duckdb.DuckDBPyConnection, column: str, names: Iterable[str]) -> None:
    """A table of each decision with the facts in one of its lists by their names, without whose they are.

    What is none of the names has an empty one: it may hold an id.
    """
    patterns = sorted(map(re.escape, names), key=len, reverse=True)
    pattern = f"(?:^|\\.)({'|'.join(patterns)})$" if patterns else "^()$"
    plain = f"regexp_replace(told, {text(_ITEM.pattern)}, '第项的')"
    bare = f"list_distinct(list_transform({column}, lambda told: regexp_extract({plain}, {text(pattern)}, 1)))"
    connection.execute(f"CREATE TABLE {column}_named AS SELECT household, policy, unnest({bare}) AS name FROM found")
