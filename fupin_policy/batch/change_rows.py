"""The changes that stand beside a result of a run, opened for reports.

In: the file or folder of a result, and what it says of itself. Out: `ChangeRows`, of that very result. Called by
`results`; `change_lists` writes where these are looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fupin_policy.batch.sql import parquet

WHOLE = "changes.parquet"
"""The file in a folder of changes with all of them."""

PREVIOUS_DAY = "fupin.previous"
"""What a result that goes on from an earlier one says of itself: the day of that."""

_SAME = (PREVIOUS_DAY, "fupin.as_of", "fupin.ruleset", "fupin.digest")


@dataclass(frozen=True, slots=True)
class ChangeRows:
    """What has changed since an earlier result. `relation` is SQL for the rows."""

    relation: str
    columns: tuple[str, ...]


def changes_beside(decisions: Path) -> Path:
    """The folder beside a result in which changes stand."""
    return decisions.parent / f"{decisions.stem}.changes"


def changes_of(decisions: Path, said: Mapping[str, str]) -> ChangeRows | None:
    """The changes of a result that says so of itself; None where it has none, or they are not beside it."""
    path = changes_beside(decisions) / WHOLE
    if PREVIOUS_DAY not in said or not path.is_file():
        return None
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError):
        return None
    known = schema.metadata or {}
    if any(known.get(key.encode(), b"").decode(errors="replace") != said.get(key, "") for key in _SAME):
        return None
    return ChangeRows(parquet([path]), tuple(schema.names))
