"""A result of a run, opened for reports: its rows as a relation of DuckDB, and where it comes from.

In: the Parquet file or folder that a run wrote. Out: `Result`. Called by `worklist` and `summary`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fupin_policy.batch.forms import LONG
from fupin_policy.batch.sql import parquet
from fupin_policy.core.program import Department, Place, PolicyVersion, Program, Words, to_day
from fupin_policy.core.responsibility import bodies
from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.ruleset import Ruleset

NEEDED = tuple(LONG.names)


@dataclass(frozen=True, slots=True)
class Result:
    """One run's decisions on a date. `relation` is SQL for its rows; `place` the column of the households' places."""

    relation: str
    columns: tuple[str, ...]
    as_of: date
    place: str | None


def open_result(path: Path, ruleset: Ruleset) -> Result:
    """A result of these rules. Raises InputError where it is none, or of other rules; OSError if it is not there."""
    reporter = Reporter()
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise FileNotFoundError(2, "no such file", str(path))
    try:
        schema = pq.read_schema(files[0])
    except pa.ArrowInvalid:
        schema = pa.schema([])
    said = {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}
    lacking = [name for name in NEEDED if name not in schema.names]
    if lacking or "fupin.as_of" not in said:
        reporter.report("B113", path.name, file=path.name, columns="、".join(lacking) or "fupin.as_of")
    elif said.get("fupin.digest") != ruleset.digest:
        reporter.report("B118", path.name, file=path.name, digest=said.get("fupin.ruleset", "?"))
    reporter.raise_errors(InputError)
    labels = (fact.label for fact in ruleset.program.facts if fact.name in _places(ruleset.program))
    place = next((label for label in labels if label in schema.names), None)
    day = date.fromisoformat(said["fupin.as_of"])
    return Result(parquet(files), tuple(schema.names), day, place)


def _places(program: Program) -> set[str | None]:
    return {department.place for department in program.departments.values()}


def version_on(ruleset: Ruleset, policy: str, day: date) -> PolicyVersion | None:
    """The version of a policy in force on a date."""
    found = next(one for one in ruleset.policies if one.id == policy)
    return next((version for version in found.versions if version.validity.covers(to_day(day))), None)


def bodies_of(
    program: Program, version: PolicyVersion, day: date, place: str | None
) -> tuple[list[Words], list[Words]]:
    """Who leads and who cooperates, for households of a place (its label, or None where it is not known)."""
    office = _office(program, place)
    both = (version.lead, version.cooperating)
    lead, cooperating = (list(bodies(program, ids, version.function, to_day(day), office)) for ids in both)
    return lead, cooperating


def _office(program: Program, place: str | None) -> Callable[[Department], Words | None]:
    found: Place | None = next((one for one in program.places.values() if one.label == place), None)
    return lambda department: None if found is None or department.place is None else found.office
