"""What is kept of each bucket of a run until all are put together, so that a run goes on where it stopped.

In: a `Work` and a bucket's number. Out: files in its folder. Called by `run` or by its engine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow.parquet as pq

from fupin_policy.batch.bucket_decisions import decide_tables, read_bucket
from fupin_policy.batch.counts import Counts
from fupin_policy.batch.evaluate import BatchEvaluator, BatchRequest
from fupin_policy.batch.excluded_households import Names
from fupin_policy.batch.staging import HOUSEHOLDS, MEMBERS, bucket_files, suspects_in
from fupin_policy.batch.table_files import decoded
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.program import Program
from fupin_policy.files.atomic import anything, atomic_file

DECISIONS, REJECTS, DONE = "decisions.parquet", "rejects.parquet", "json"


@dataclass(frozen=True, slots=True)
class Work:
    """A folder with staged buckets, and how they are decided. May be sent to other machines that see the folder."""

    folder: Path
    names: Names
    as_of: str
    asked: BatchRequest
    kept: tuple[FactDecl, ...]
    origin: Mapping[str, str]
    """What each file of decisions says about where it comes from."""

    @property
    def staged(self) -> Path:
        """Where the buckets stand."""
        return self.folder / "staged"

    @property
    def journal(self) -> Path:
        """What says which run the folder is of, once its tables are parted into buckets."""
        return self.folder / "journal.json"

    def part(self, number: int, kind: str) -> Path:
        """A bucket's file of a kind: DECISIONS, REJECTS or DONE."""
        return self.folder / "parts" / f"{number:06d}.{kind}"

    def is_done(self, number: int) -> bool:
        """Whether a bucket has been decided."""
        return self.part(number, DONE).exists()

    def counts(self, number: int) -> Counts:
        """The counts of a bucket that has been decided."""
        return Counts(**json.loads(self.part(number, DONE).read_text(encoding="utf-8")))

    def decide(self, evaluator: BatchEvaluator, program: Program, number: int) -> Counts:
        """Decide a bucket and keep its result; the counts are written last, and say that it is done."""
        own, inner = (read_bucket(bucket_files(self.staged, table, number)) for table in (HOUSEHOLDS, MEMBERS))
        suspects = suspects_in(self.staged)
        found = decide_tables(own, inner, evaluator, program, self.names, self.as_of, self.asked, self.kept, suspects)
        # what has nulls is written as texts: pyarrow packs dictionaries with nulls badly, and not the same way twice
        open_columns = frozenset({"member", "per", *(fact.label for fact in self.kept)})
        decisions = decoded(found.decisions, open_columns).replace_schema_metadata(dict(self.origin))
        for kind, table in ((DECISIONS, decisions), (REJECTS, found.rejects)):
            with atomic_file(self.part(number, kind), anything) as aside:
                pq.write_table(table, aside, compression="snappy")
        with atomic_file(self.part(number, DONE), anything) as aside:
            aside.write_text(json.dumps(asdict(found.counts), ensure_ascii=False), encoding="utf-8")
        return found.counts
