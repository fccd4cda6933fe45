"""For how many households two runs over the same tables come to something else.

In: two results with decisions of every status. Out: a count. Called by the command line.
"""

from __future__ import annotations

import duckdb

from fupin_policy.batch.results import RunResult
from fupin_policy.batch.sql import identifier

_ASIDE = ("title", "provisional", "assumed", "force", "audience", "own_audience", "section", "trial")
"""What is said of a decision or a figure, and is not what was decided."""


def _aside(column: str) -> bool:
    return column in _ASIDE or (column.startswith("figure.") and column.split(".")[2:] == ["assumed"])


def households_changed(before: RunResult, after: RunResult) -> int:
    """The households of which some status, amount, beneficiary or figure is otherwise, or no longer as narrow."""
    kept = [name for name in before.columns if name in after.columns and not _aside(name)]
    columns = ", ".join(map(identifier, kept))
    one, other = (f"(SELECT {columns} FROM {side.relation})" for side in (before, after))
    differing = f"(FROM {one} EXCEPT ALL FROM {other}) UNION ALL (FROM {other} EXCEPT ALL FROM {one})"
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT count(DISTINCT household) FROM ({differing})").fetchall()
    return int(rows[0][0])
