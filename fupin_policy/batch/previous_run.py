"""The result of an earlier run, opened so that the next one may go on from it.

In: the file or folder that a run wrote, the rules. Out: `PreviousRun`. Called by `run` and `staging`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fupin_policy.batch.people_reading import ReadFolder
from fupin_policy.batch.previous_values import PreviousDecisions
from fupin_policy.batch.results import opened_files
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Status
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.intake.previous_result import report_absent

CURRENCY, POLICIES, STATUSES, UNDECIDED = "fupin.currency", "fupin.policies", "fupin.statuses", "fupin.rejected"
"""What a result says of itself for the next run: of what money, policies and outcomes it is, who was not decided."""

OPEN_OR_GRANTED = frozenset({Status.ELIGIBLE.value, Status.UNKNOWN.value})
"""The outcomes of which a result must have all rows, so that who is not in it was refused."""


@dataclass(frozen=True, slots=True)
class PreviousRun:
    """A result of the day `day`; `facts` is the file of what was known then, `place` the column of places, if any."""

    files: tuple[Path, ...]
    day: int
    digest: str
    complete: frozenset[str]
    rejected: frozenset[str]
    columns: frozenset[str]
    facts: Path | None
    given: tuple[Path, ...]
    """Its files as they were given."""
    copy: ReadFolder | None = None

    def decisions(self, rows: pa.Table) -> PreviousDecisions:
        """Some of its rows."""
        return PreviousDecisions(self.day, rows, self.complete, self.rejected)

    @property
    def state(self) -> list[tuple[str, int, int]]:
        """By which another file in its place is told."""
        files = (*self.given, *(() if self.facts is None else (self.facts,)))
        return [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files]


def open_previous(path: Path, program: Program, as_of: date) -> PreviousRun:
    """A result from which a run on a date may go on. Raises InputError where it is of others, or not before the date;
    OSError if it is not there."""
    opened = opened_files(path)
    said, reporter = opened.said, Reporter()
    policies = frozenset(json.loads(said.get(POLICIES, "[]")))
    if said.get("fupin.ruleset") != program.id:
        reporter.report("H075", path.name, found=said.get("fupin.ruleset", "-"), wanted=program.id)
    elif CURRENCY not in said or UNDECIDED not in said:
        reporter.report("B113", path.name, file=path.name, columns=CURRENCY)
    else:
        if said[CURRENCY] != program.currency:
            reporter.report("H076", path.name, found=said[CURRENCY], wanted=program.currency)
        if opened.as_of >= as_of:
            reporter.report("H077", path.name, found=opened.as_of, as_of=as_of)
        report_absent(program, dict.fromkeys(policies), path.name, reporter)
    reporter.raise_errors(InputError)
    told = frozenset(said.get(STATUSES, "").split(",")) >= OPEN_OR_GRANTED
    facts = facts_beside(path)
    return PreviousRun(
        opened.files,
        to_day(opened.as_of),
        said["fupin.digest"],
        policies if told else frozenset(),
        frozenset(name for file in opened.files for name in refused_in(file)),
        frozenset(opened.columns),
        facts if facts.is_file() else None,
        opened.given,
        opened.copy,
    )


def facts_beside(decisions: Path) -> Path:
    """The file beside a result of what was known of the households when it was made."""
    return decisions.parent / f"{decisions.stem}.facts.parquet"


def refused_in(file: Path) -> Iterable[str]:
    """The households that a file of decisions says were not decided."""
    metadata = pq.read_schema(file).metadata or {}
    found: list[str] = json.loads(metadata.get(UNDECIDED.encode(), b"[]"))
    return found
