"""A random registry of a random ruleset: two tables of texts, and what each household alone is given.

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
    assume: bool

    def job(self, folder: Path, output: Path | str, **other: Any) -> Job:
        """A run over its tables as CSV files, in buckets of a household or two."""
        files = write(folder / "h.csv", self.own), write(folder / "m.csv", self.inner)
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


def registry(data: st.DataObject, folder: Path) -> Registry:
    """Random rules with a registry."""
    ruleset = loaded(folder, data.draw(rules_as_run()))
    as_of = data.draw(as_of_dates(ruleset))
    found = data.draw(st.lists(households(ruleset, as_of), min_size=1, max_size=6))
    given = [{**_cells(one), "id": f"h{at}"} for at, one in enumerate(found)]
    series = {one.series.name for one in ruleset.facts if one.series is not None}
    flat = [months_apart({**one, **one.get("village", {})}, series) for one in given]
    people = [(one["id"], months_apart(person, series)) for one in given for person in one["members"]]
    plain = [one for one in ruleset.facts if one.series is None]
    own = _names([one.name for one in plain if one.level != "member"], flat)
    inner = _names([one.name for one in plain if one.level == "member"], [person for _, person in people])
    own_rows = [["户编号", *own], *([one["id"], *_row(one, own)] for one in flat)]
    members = [["户编号", "人编号", *inner], *([whose, one["id"], *_row(one, inner)] for whose, one in people)]
    return Registry(ruleset, as_of, given, own_rows, members, data.draw(st.booleans()))


def _names(facts: list[str], rows: list[dict[str, Any]]) -> list[str]:
    """The columns of facts, and one for each month or year of those that are given so."""
    return [*facts, *dict.fromkeys(name for one in rows for name in one if " " in name)]


def _row(one: dict[str, Any], names: list[str]) -> list[str]:
    return [one.get(name, "") for name in names]


def _cells(given: dict[str, Any]) -> dict[str, Any]:
    """What is given as the texts of cells, which have no words for what is known between two ends."""
    facts = {key: _cell(value) for key, value in given.items() if key != "members"}
    return facts if "members" not in given else {**facts, "members": [_cells(one) for one in given["members"]]}


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
