"""Where a run's result goes: a file, a folder of Parquet files, or two tables of PostgreSQL.

In: what `-o` says. Out: something to be checked before the work and written after it. Called by `run`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fupin_policy.batch.ingest import PostgresResult
from fupin_policy.batch.location import is_location, locate
from fupin_policy.batch.outputs import link_whole, whole, writer_for


@dataclass(frozen=True, slots=True)
class FileResult:
    """A file or, without a suffix, a folder. The rejects are a file beside it."""

    decisions: Path

    @property
    def rejects(self) -> Path:
        """The file of rejects beside it."""
        return self.decisions.with_name(f"{self.decisions.stem}.rejects.csv")

    @property
    def work(self) -> Path:
        """The folder beside it that keeps what has been decided."""
        return self.decisions.with_name(f".{self.decisions.name}.work")

    def check(self, run: str, again: bool) -> None:
        """Raises InputError if it cannot be written; `again` where an interrupted run may have written it already."""
        if self.decisions.suffix:
            writer_for(self.decisions, again)

    def write(self, run: str, rejects: Sequence[pa.Table], parts: Sequence[Path]) -> None:
        """Put the parts together in order; the rejects first, so that decisions never stand without them."""
        with whole(self.rejects) as aside:
            writer_for(self.rejects, again=True)(aside, rejects[0].schema, rejects)
        if not self.decisions.suffix:
            link_whole(self.decisions, parts)
            return
        with whole(self.decisions) as aside:
            write = writer_for(self.decisions, again=True)
            write(aside, pq.read_schema(parts[0]), (pq.read_table(part) for part in parts))


Result = FileResult | PostgresResult


def result_at(output: str | Path) -> Result:
    """Where a result goes. Raises InputError for an address that cannot be read."""
    return PostgresResult(locate(str(output))) if is_location(output) else FileResult(Path(output))
