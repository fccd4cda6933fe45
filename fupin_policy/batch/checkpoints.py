"""What is kept of each bucket of a run until all are put together, so that a run goes on where it stopped.

In: a `Work` and a bucket's number. Out: files in its folder. Called by `run` or by its engine.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fupin_policy.batch.answered_rows import AnsweredRows
from fupin_policy.batch.answers import STAGED
from fupin_policy.batch.bucket_decisions import Bucket, decide_tables, read_bucket
from fupin_policy.batch.change_reasons import ChangeReasons
from fupin_policy.batch.changes import changes
from fupin_policy.batch.counts import Counts
from fupin_policy.batch.evaluate import BatchEvaluator, BatchRequest
from fupin_policy.batch.excluded_households import Names
from fupin_policy.batch.known_facts import IDS, known_facts
from fupin_policy.batch.output_layouts import LONG
from fupin_policy.batch.previous_run import UNDECIDED, PreviousRun
from fupin_policy.batch.previous_values import PreviousDecisions
from fupin_policy.batch.repeated_numbers import with_repeated_rows
from fupin_policy.batch.results import place_column
from fupin_policy.batch.staging import (
    ANSWERS,
    BUCKET,
    FURTHER,
    HOUSEHOLDS,
    MEMBERS,
    PREVIOUS,
    PREVIOUS_FACTS,
    bucket_files,
    suspects_in,
)
from fupin_policy.batch.table_files import decoded, plain_schema
from fupin_policy.core.days import to_day
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.program import Program
from fupin_policy.files.atomic import anything, atomic_file
from fupin_policy.ruleset import Ruleset, day_of

DECISIONS, REJECTS, DONE = "decisions.parquet", "rejects.parquet", "json"
FACTS, CHANGES = "facts.parquet", "changes.parquet"
"""What is kept for the next run, and what is not as in the one before."""


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
    previous: PreviousRun | None = None
    answers: str = ""
    """How the table of facts is called that people were asked for; "" without one."""
    goes_on: bool = False
    """Whether another run may go on from this one, or this one does from another: then what is known is kept."""

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
        own, inner = (self._rows(table, number) for table in (HOUSEHOLDS, MEMBERS))
        others = (f"{FURTHER}{at}" for at in range(len(self.names.further)))
        further = [read_bucket(bucket_files(self.staged, table, number)) for table in others]
        suspects = suspects_in(self.staged)
        before = None if self.previous is None else self.previous.decisions(self._staged_rows(PREVIOUS, number))
        answers = self._staged_rows(ANSWERS, number).to_pylist() if self.answers else []
        filled = AnsweredRows(self.answers, own, inner, further, self.names.further)
        filled.fill(answers)
        own, inner, further = filled.own, filled.persons, filled.further
        found = decide_tables(
            own, inner, evaluator, program, self.names, self.as_of, self.asked, self.kept, suspects, before, further
        )
        found = filled.told(found, answers) if answers else found
        # what has nulls is written as texts: pyarrow packs dictionaries with nulls badly, and not the same way twice
        open_columns = frozenset({"member", "per", *(fact.label for fact in self.kept)})
        rejected = sorted(set(found.rejects["household"].drop_null().to_pylist()))
        said = {**self.origin, UNDECIDED: json.dumps(rejected, ensure_ascii=False)}
        decisions = decoded(found.decisions, open_columns).replace_schema_metadata(said)
        parts = {DECISIONS: decisions, REJECTS: found.rejects}
        counts = found.counts
        if self.goes_on:
            parts[FACTS] = known_facts(program, found.own, found.persons, found.further)
        if before is not None:
            parts[CHANGES] = self._changes(evaluator.ruleset, number, before, found, parts[FACTS], frozenset(rejected))
            counts = replace(counts, changes=dict(Counter(parts[CHANGES]["变化"].to_pylist())))
        for kind, table in parts.items():
            with atomic_file(self.part(number, kind), anything) as aside:
                pq.write_table(table, aside, compression="snappy")
        with atomic_file(self.part(number, DONE), anything) as aside:
            aside.write_text(json.dumps(asdict(counts), ensure_ascii=False), encoding="utf-8")
        return counts

    def _rows(self, table: str, number: int) -> pa.Table:
        """The rows of a bucket, of whose numbers of identity it is known which stand once."""
        rows = read_bucket(bucket_files(self.staged, table, number))
        return with_repeated_rows(rows, self.staged, table, f"{BUCKET}={number}")

    def _staged_rows(self, table: str, number: int) -> pa.Table:
        """What a bucket has of an earlier result, or of answers."""
        files = bucket_files(self.staged, table, number)
        if not files:
            known = {PREVIOUS: plain_schema(LONG), ANSWERS: STAGED}
            return known.get(table, pa.schema([(name, pa.string()) for name in IDS])).empty_table()
        return pa.concat_tables([pq.ParquetFile(file).read() for file in files], promote_options="default")

    def _changes(
        self,
        ruleset: Ruleset,
        number: int,
        before: PreviousDecisions,
        found: Bucket,
        facts: pa.Table,
        rejected: frozenset[str],
    ) -> pa.Table:
        """What is not as in the run before, with the reasons."""
        assert self.previous is not None
        then = None if self.previous.facts is None else self._staged_rows(PREVIOUS_FACTS, number)
        day = to_day(day_of(ruleset.program, self.as_of))
        digest = self.previous.digest
        reasons = ChangeReasons(ruleset.program, before.day, digest, day, then, facts, rejected)
        place = place_column(ruleset.program, (*found.decisions.column_names, *before.rows.column_names))
        kept = [fact.label for fact in self.kept]
        found_changes = changes(before, found.decisions, ruleset, reasons, place, kept)
        return found_changes.replace_schema_metadata(dict(self.origin))
