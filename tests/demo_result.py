"""The households of the demonstration, decided each alone and as a batch, for the tests of what is reported of them.

In: nothing. Out: fixtures: a result, evaluations, a folder of lists; and the rows of the sheets in these.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import openpyxl
import pytest

from fupin_policy import Evaluation, load
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import RunResult, open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.csv_extract import read_extract
from fupin_policy.prose.statuses import FORCES
from fupin_policy.reports.worklist import EVERY, write_worklists
from fupin_policy.ruleset import SHIPPED

RULESET = load()
AS_OF = "2019-06-30"
DEMO = SHIPPED / "demo"
DETAILS = {*(words.sheet for words in FORCES.values()), "待核实"}


@pytest.fixture(scope="module")
def result() -> RunResult:
    return decided()


@cache
def decided() -> RunResult:
    """The result, which is made once for all modules."""
    output = Path(mkdtemp()) / "out.parquet"
    own, inner = (str(DEMO / name) for name in ("households.csv", "members.csv"))
    run(Job(RULESET, own, inner, AS_OF, output, asked=BatchRequest(missing=True)))
    return open_result(output, RULESET)


@pytest.fixture(scope="module")
def evaluations() -> list[Evaluation]:
    return alone()


@cache
def alone() -> list[Evaluation]:
    """Each household decided by itself."""
    households = read_extract(DEMO / "households.csv", DEMO / "members.csv", RULESET.program, Reporter())
    return [RULESET.evaluate(one, AS_OF) for one in households]


@pytest.fixture(scope="module")
def lists() -> Path:
    return written_lists()


@cache
def written_lists() -> Path:
    """The folder of lists, which are written once for all modules."""
    folder = Path(mkdtemp()) / "名单"
    write_worklists(decided(), RULESET, folder)
    return folder


@cache
def book(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of each sheet of a workbook, which is read once: that takes longer than to write it."""
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path).worksheets}


def of_departments(folder: Path) -> list[Path]:
    """The workbooks in which decisions stand one by one; those of all departments of a place have only lists."""
    return [path for path in sorted(folder.rglob("*.xlsx")) if path.parent.name != EVERY]


def rows(folder: Path, sheet: str) -> Iterator[tuple[str, dict[str, object]]]:
    for path in of_departments(folder):
        yield from rows_of(path, sheet)


def granted(folder: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """What is granted, with each force: sheets that not every body has."""
    for path in of_departments(folder):
        for sheet in {words.sheet for words in FORCES.values()} & book(path).keys():
            yield from rows_of(path, sheet)


def rows_of(path: Path, sheet: str) -> Iterator[tuple[str, dict[str, object]]]:
    above = book(path)[sheet]
    # lists that are printed have a line of notes, and numbered rows with sums below
    _, names, *found = above if sheet in DETAILS else above[1:]
    for row in found if sheet in DETAILS else [row for row in found if row[0] != "合计"]:
        yield path.parent.name, dict(zip((str(name) for name in names), row, strict=False))
