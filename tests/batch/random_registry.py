"""A random registry of a random ruleset: tables of texts, and what each household alone is given.

In: what Hypothesis draws. Out: rows, households, decisions to compare. Called by the tests of runs on every engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from decided_rows import EVERY, alone, check_rows
from demo_tables import Rows, write
from household_batches import months_apart
from hypothesis import strategies as st
from rules_as_run import loaded, rules_as_run

from fupin_policy import Evaluation, Ruleset
from fupin_policy.batch.run import Job
from fupin_policy.testing import as_of_dates, households


@dataclass(frozen=True)
class Registry:
    """Tables of a ruleset's households, header first; `given` are the same households, each as its cells say.

    With `assume` what the rules declare is taken of facts that are not given.
    """

    ruleset: Ruleset
    as_of: date
    given: list[dict[str, Any]]
    own: Rows
    inner: Rows
    lists: dict[str, Rows]
    assume: bool

    def job(self, folder: Path, output: Path | str, **other: Any) -> Job:
        """A run over its tables as CSV files, in buckets of a household or two."""
        files = write(folder / "h.csv", self.own), write(folder / "m.csv", self.inner)
        lists = tuple((name, write(folder / f"{name}.csv", rows)) for name, rows in self.lists.items())
        other = {"lists": lists, **other}
        whole: dict[str, Any] = {"asked": replace(EVERY, assume=self.assume), "bucket": 2, "threads": 1, **other}
        return Job(self.ruleset, *files, str(self.as_of), output, **whole)

    def alone(self, as_of: date) -> dict[str, Evaluation]:
        """What each household is given by itself; those that are refused are left out."""
        return alone(self.ruleset, self.given, as_of, self.assume)

    def check(self, rows: list[dict[str, Any]], rejected: int) -> None:
        """The rows of a run are what each household alone is given, and the others were rejected."""
        evaluations = self.alone(self.as_of)
        assert rejected == len(self.given) - len(evaluations)
        order = {policy.id: at for at, policy in enumerate(self.ruleset.policies)}
        ids = {one["id"]: [person["id"] for person in one["members"]] for one in self.given}
        told = [*evaluations]
        rows = sorted(
            rows,
            key=lambda row: (
                told.index(row["household"]),
                order[row["policy"]],
                -1 if row["member"] is None else ids[row["household"]].index(row["member"]),
            ),
        )
        check_rows(self.ruleset, rows, evaluations, self.given)


def registry(data: st.DataObject, folder: Path, lists: bool = False) -> Registry:
    """Random rules with a registry, with `lists` most of them about lists, for some of which there are tables."""
    ruleset = loaded(folder, data.draw(rules_as_run(lists=lists)))
    as_of = data.draw(as_of_dates(ruleset))
    found = data.draw(st.lists(households(ruleset, as_of), min_size=1, max_size=6))
    tables = [one.name for one in ruleset.program.lists if data.draw(st.booleans())]
    given = [{**_told(ruleset, one, tables), "id": f"h{at}"} for at, one in enumerate(found)]
    series = {one.series.name for one in ruleset.facts if one.series is not None}
    flat = [months_apart({**one, **one.get("village", {})}, series) for one in given]
    people = [(one["id"], months_apart(person, series)) for one in given for person in one["members"]]
    plain = [one for one in ruleset.facts if one.series is None]
    apart = {"member", *(one.name for one in ruleset.program.lists)}
    own = _names([one.name for one in plain if one.level not in apart], flat)
    inner = _names([one.name for one in plain if one.level == "member"], [person for _, person in people])
    own_rows = [["户编号", *own], *([one["id"], *_row(one, own)] for one in flat)]
    members = [["户编号", "人编号", *inner], *([whose, one["id"], *_row(one, inner)] for whose, one in people)]
    items = {name: _items(ruleset, name, given) for name in tables}
    return Registry(ruleset, as_of, given, own_rows, members, items, data.draw(st.booleans()))


def _told(ruleset: Ruleset, given: dict[str, Any], tables: list[str]) -> dict[str, Any]:
    """What cells say of a household: all of the lists that have tables, and nothing of the others."""

    def owned(one: dict[str, Any], owner: str) -> dict[str, Any]:
        plain = _cells({key: value for key, value in one.items() if key not in names and key != "members"})
        items = {name: _listed(one.get(name)) for name in tables if names[name] == owner}
        return plain | {name: [_cells(item) for item in some] for name, some in items.items()}

    names = {one.name: one.of for one in ruleset.program.lists}
    return owned(given, "household") | {"members": [owned(person, "member") for person in given["members"]]}


def _listed(given: Any) -> list[dict[str, Any]]:
    found = given["at_least"] if isinstance(given, dict) else given
    return found if isinstance(found, list) else []


def _items(ruleset: Ruleset, name: str, given: list[dict[str, Any]]) -> Rows:
    """A table of a list."""
    facts = [one.name for one in ruleset.facts if one.level == name]
    if next(one.of for one in ruleset.program.lists if one.name == name) == "household":
        ids, owners = ["户编号"], [([one["id"]], one) for one in given]
    else:
        ids = ["户编号", "人编号"]
        owners = [([one["id"], person["id"]], person) for one in given for person in one["members"]]
    return [[*ids, *facts], *([*own, *_row(item, facts)] for own, one in owners for item in one[name])]


def _names(facts: list[str], rows: list[dict[str, Any]]) -> list[str]:
    """The columns of facts, and one for each month or year of those that are given so."""
    return [*facts, *dict.fromkeys(name for one in rows for name in one if " " in name)]


def _row(one: dict[str, Any], names: list[str]) -> list[str]:
    return [one.get(name, "") for name in names]


def _cells(given: dict[str, Any]) -> dict[str, Any]:
    """What is given as the texts of cells, which have no words for what is known between two ends."""
    return {key: _cell(value) for key, value in given.items()}


def _cell(value: Any) -> Any:
    match value:
        case bool():
            return "是" if value else "否"
        case {"min": _} | {"max": _} | {"one_of": _}:
            return "不详"
        case dict():
            return _cells(value)
        case list():
            return "、".join(value) or "、"
        case _:
            return str(value)
