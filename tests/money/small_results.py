"""What comes of small rulesets: along a fact's values, run over households, compared, proved.

In: rulesets, households. Out: results of the analyses. Called by the tests of this folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from small import write

from fupin_policy import Ruleset, load
from fupin_policy.analysis.sensitivity.cliffs import Money
from fupin_policy.analysis.sensitivity.segments import Sensitivity, over_values
from fupin_policy.analysis.sensitivity.sweep_variable import asked, bounds
from fupin_policy.analysis.verification.findings import Finding
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.reports.comparison import Comparison, Side, compare

AS_OF = "2019-06-30"


def along(ruleset: Ruleset, household: dict[str, Any], fact: str, first: str, last: str) -> tuple[Sensitivity, Money]:
    """A household along the values of a fact, and its money."""
    read, day = ruleset.read(household, AS_OF)
    varied = asked(fact, ruleset.snapshot(AS_OF), read)
    found = over_values(ruleset, read, day, varied, bounds(varied, day, first, last))
    return found, Money.of(found, ruleset.snapshot(AS_OF))


def ran(folder: Path, ruleset: Ruleset, households: list[dict[str, Any]], name: str) -> Side:
    """The households decided as a batch."""
    rows = [{"户编号": f"h{number}", **one} for number, one in enumerate(households)]
    pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
    run(Job(ruleset, str(folder / f"{name}.parquet"), None, AS_OF, folder / f"{name}-out"))
    return Side(open_result(folder / f"{name}-out", ruleset), ruleset)


def of(found: tuple[Finding, ...], code: str) -> list[dict[str, str]]:
    """The words of each finding with this code."""
    return [dict(one.words) for one in found if one.code == code]


def compared(
    root: Path, before: tuple[str, ...], after: tuple[str, ...], households: list[dict[str, Any]]
) -> Comparison:
    """Two rulesets over the same households, run and compared."""
    sides = []
    for name, policies in (("before", before), ("after", after)):
        ruleset = load(write(root / name, *policies), cache=False)
        sides.append(ran(root, ruleset, households, name))
    return compare(*sides)
