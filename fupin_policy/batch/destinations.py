"""Where a run's result goes: a file, a folder of Parquet files, or two tables of PostgreSQL.

In: what `-o` says. Out: something to be checked before the work and written after it. Called by `run`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fupin_policy.batch.people_files import write_people
from fupin_policy.batch.people_form import PeopleForm
from fupin_policy.batch.people_reading import PEOPLE_FORMS
from fupin_policy.batch.postgres_address import locate
from fupin_policy.batch.postgres_ingest import PostgresResult
from fupin_policy.batch.previous_run import UNDECIDED, refused_in
from fupin_policy.batch.reject_files import people_rejects
from fupin_policy.batch.results import rejects_beside
from fupin_policy.batch.table_files import FileForm, file_form, link_all
from fupin_policy.files.addresses import is_address
from fupin_policy.files.atomic import atomic_file, atomic_folder, check_file, check_folder
from fupin_policy.files.names import file_name


@dataclass(frozen=True, slots=True)
class FileResult:
    """A file or, without a suffix, a folder. The rejects are a file beside it."""

    decisions: Path
    people: PeopleForm | None = None
    """How people read it, where it is for them: a CSV or a workbook, and what stands beside in such files."""

    @property
    def rejects(self) -> Path:
        """The file of rejects beside it."""
        return rejects_beside(self.decisions)

    @property
    def work(self) -> Path:
        """The folder beside it that keeps what has been decided."""
        return self.decisions.parent / f".{file_name(self.decisions.name)}.work"

    def check(self, run: str, again: bool) -> None:
        """Raises InputError if something stands there that may not be replaced, and OSError.

        `again` where this run may have been interrupted: what it wrote then may be replaced.
        """
        if self.decisions.suffix:
            check_file(self.decisions, file_form(self.decisions, run if again else None).own)
        else:
            check_folder(self.decisions)
        check_file(self.rejects, file_form(self.rejects).own)

    def write(self, run: str, rejects: Sequence[pa.Table], parts: Sequence[Path]) -> None:
        """Put the parts together in order; the rejects first, so that decisions never stand without them."""
        form = file_form(self.rejects)
        with atomic_file(self.rejects, form.own, self.work) as aside:
            told = list(rejects) if self.people is None else list(map(people_rejects, rejects))
            form.write(aside, told[0].schema, told)
        if not self.decisions.suffix:
            with atomic_folder(self.decisions, self.work) as folder:
                link_all(parts, folder)
            return
        form = file_form(self.decisions, run)
        with atomic_file(self.decisions, form.own, self.work) as aside:
            self._write(form, aside, _schema(parts), (pq.read_table(part) for part in parts))

    def _write(self, form: FileForm, aside: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
        suffix = self.decisions.suffix.lower()
        if self.people is not None and suffix in PEOPLE_FORMS:
            write_people(self.people, suffix, aside, schema, tables)
        else:
            form.write(aside, schema, tables)


def _schema(parts: Sequence[Path]) -> pa.Schema:
    """The columns of all parts; what each says of the households that it could not decide is said of all."""
    schema = pq.read_schema(parts[0])
    rejected = sorted({name for part in parts for name in refused_in(part)})
    return schema.with_metadata({**(schema.metadata or {}), UNDECIDED: json.dumps(rejected, ensure_ascii=False)})


Destination = FileResult | PostgresResult


def result_at(output: str | Path, people: PeopleForm | None = None) -> Destination:
    """Where a result goes, if for people how they read it. Raises InputError for an address that cannot be read."""
    return PostgresResult(locate(str(output))) if is_address(output) else FileResult(Path(output), people)
