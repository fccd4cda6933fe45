"""A whole registry decided: read, parted into buckets, decided on all cores, and written whole or not at all.

In: a `Job`. Out: decisions, rejects, and a `Report` that adds up. Called by the command line.
Each bucket's result is kept in a folder until the end, so that an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from fupin_policy.batch import checkpoints
from fupin_policy.batch.answers import staged_answers
from fupin_policy.batch.change_lists import check_beside, write_beside
from fupin_policy.batch.change_rows import PREVIOUS_DAY, changes_beside
from fupin_policy.batch.checkpoints import Work
from fupin_policy.batch.counts import Counts
from fupin_policy.batch.destinations import Destination, FileResult, result_at
from fupin_policy.batch.evaluate import OPEN_AND_GRANTED, BatchEvaluator, BatchRequest
from fupin_policy.batch.excluded_households import REJECTS, Names
from fupin_policy.batch.implied_mapping import implied_mapping
from fupin_policy.batch.kept_facts import kept_facts
from fupin_policy.batch.list_tables import named_lists
from fupin_policy.batch.mapping import FurtherHeaders, Headers, RegistryMapping
from fupin_policy.batch.mapping_file import read_mapping
from fupin_policy.batch.people_form import PeopleForm
from fupin_policy.batch.previous_run import (
    CURRENCY,
    OPEN_OR_GRANTED,
    POLICIES,
    STATUSES,
    PreviousRun,
    open_previous,
)
from fupin_policy.batch.rejects import sentences
from fupin_policy.batch.sources import SourceTable, in_sheets, open_table
from fupin_policy.batch.staging import ANSWERS, PREVIOUS, PREVIOUS_FACTS, Staged, stage
from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import FactDecl
from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.files.addresses import is_address
from fupin_policy.files.atomic import anything, atomic_file, locked
from fupin_policy.intake.previous_result import asked_of_previous
from fupin_policy.intake.scalars import Fault
from fupin_policy.ruleset import Ruleset, day_of

LOCK = "lock"
"""The file in a run's folder that is locked while the run goes on."""

BUCKET = 100_000
"""Households of a bucket, about: what each thread holds in memory at a time."""

StageProgress = Callable[[str, int, int], None]
"""Told a stage's name, and how many of how many households are done."""

Engine = Callable[[Ruleset, Work, Sequence[int]], Iterable[Counts]]
"""Decides the buckets of these numbers, wherever that may be; gives each one's counts once its result is kept."""


def threads(count: int = 0) -> Engine:
    """Buckets decided in this process, so many at a time; 0 for as many as there are cores."""

    def decide(ruleset: Ruleset, work: Work, numbers: Sequence[int]) -> Iterator[Counts]:
        evaluator = BatchEvaluator(ruleset)
        with ThreadPoolExecutor(count or _cores()) as pool:
            try:
                yield from pool.map(lambda number: work.decide(evaluator, ruleset.program, number), numbers)
            except BaseException:
                # what has not begun is left for the run that resumes this one
                pool.shutdown(cancel_futures=True)
                raise

    return decide


def _cores() -> int:
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Job:
    """What to decide. `members` is None for rules about households without members.

    An `output` without a suffix is a folder of Parquet files; like the tables it may be an address of PostgreSQL.
    `bucket` is about how many households a thread holds. `engine` decides the buckets: as many `threads` of this
    process, if None.
    """

    ruleset: Ruleset
    households: str
    members: str | None
    as_of: str
    output: Path | str
    mapping: Path | None = None
    asked: BatchRequest = OPEN_AND_GRANTED
    keep: tuple[str, ...] | None = None
    threads: int = 0
    bucket: int = BUCKET
    restart: bool = False
    engine: Engine | None = None
    sheets: tuple[str, ...] = ()
    """The sheets of the households' workbook; the only one that is shown, if none are named."""
    member_sheets: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    """Tables of facts by month or year, a row for each, with the ids of households, or of these and their members."""
    lists: tuple[tuple[str, str], ...] = ()
    """By the name or label of a list the table of its items, a row for each, with the ids of those who have them.

    Who has no rows there has no items. Of a list without a table nothing is known.
    """
    raw: bool = False
    """Whether CSVs and workbooks have a machine's columns, rejects and changes too; else they are for people."""
    previous: Path | None = None
    """The result of an earlier run, from which this one goes on: facts that it tells, and what has changed since."""
    answers: Path | str | None = None
    """A table of facts that people were asked for, as `fupin readback` writes it: they hold over the registry's."""
    goes_on: bool = False
    """Whether what is known is kept for a later run in any case, and not only where the rules or `previous` ask."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of every row. `resumed` buckets had been decided before the run was interrupted."""

    output: Path | str
    rejects: Path | str
    counts: Counts
    buckets: int
    resumed: int
    notes: tuple[Fault, ...] = ()
    """What people should know about how the tables were read."""
    changes: Path | None = None
    """The folder of what has changed since the run before."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A job with its tables opened and its columns mapped."""

    job: Job
    tables: tuple[SourceTable, SourceTable | None]
    further: tuple[SourceTable, ...]
    mapping: RegistryMapping
    kept: tuple[FactDecl, ...]
    buckets: int
    work: Work
    result: Destination
    answers: SourceTable | None = None

    @property
    def opened(self) -> list[SourceTable]:
        """All tables."""
        return [*(table for table in self.tables if table is not None), *self.further]

    @property
    def beside(self) -> list[SourceTable]:
        """The tables besides those of households and members."""
        return [*self.further, *([] if self.answers is None else [self.answers])]

    @property
    def fingerprint(self) -> str:
        """The same for the same input, rules and options, so that only such a run is resumed."""
        job = self.job
        files = [table.state for table in self.opened]
        asked = (job.asked.form, sorted(job.asked.policies or ()), sorted(s.value for s in job.asked.statuses))
        said = [
            job.ruleset.digest,
            job.as_of,
            files,
            repr(self.mapping),
            asked,
            job.asked.policies is None,
            job.asked.missing,
            [figure.name for figure in job.ruleset.program.figures],
            job.asked.assume,
            [fact.name for fact in self.kept],
            None if self.work.previous is None else self.work.previous.state,
            None if self.answers is None else self.answers.state,
            self.buckets,
            duckdb.__version__,
            pa.__version__,
        ]
        return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def run(job: Job, progress: StageProgress = lambda stage, done, of: None) -> Report:
    """Decide a registry. Raises InputError for wrong headers, mappings, dates or files."""
    plan = _plan(job)
    plan.result.check(plan.fingerprint, again=plan.work.folder.exists())
    if plan.work.goes_on:
        check_beside(Path(job.output))
    with _working(plan.work), _told(plan.work.folder):
        staged = _staged(plan, progress)
        notes = tuple(Fault(code, tuple(map(tuple, words))) for code, words in staged["notes"])
        counts, resumed = _decide(plan, staged["rows"]["households"] - len(staged["bad"][0]), progress)
        rejected = _bad_rows(plan, staged)
        own, inner, *further = map(len, staged["bad"])
        lost = Counter(dict(zip((one.name for one in plan.further), further, strict=True)))
        counts += Counts(own, inner, own, inner, rows=lost, rows_rejected=lost)
        # a table without rows is told, too
        counts = replace(counts, rows={**{one.name: 0 for one in plan.beside}, **counts.rows})
        _finish(plan, rejected)
    changed = changes_beside(Path(job.output)) if job.previous is not None else None
    return Report(plan.result.decisions, plan.result.rejects, counts, plan.buckets, resumed, notes, changed)


def _plan(job: Job) -> _Plan:
    result = result_at(job.output, _people(job))
    day = day_of(job.ruleset.program, job.as_of)
    previous = None if job.previous is None else _previous(job, job.previous, day)
    reporter = Reporter()
    own = open_table(job.households, job.sheets)
    inner = None if job.members is None else open_table(job.members, job.member_sheets)
    months = tuple(map(open_table, job.months))
    lists = [(one, open_table(spec)) for one, spec in named_lists(job.ruleset.program, job.lists)]
    others = (*months, *(table for _, table in lists))
    headers = (_headers(own), None if inner is None else _headers(inner))
    further = FurtherHeaders(tuple(map(_headers, months)), tuple((one, _headers(table)) for one, table in lists))
    program = job.ruleset.program
    if job.mapping is None:
        mapping: RegistryMapping | None = implied_mapping(program, *headers, reporter, further)
    else:
        mapping = read_mapping(job.mapping, program, *headers, reporter, further)
    kept = kept_facts(program, job.keep, reporter)
    mapping = reporter.result(mapping, InputError)
    buckets = max(1, -(-own.rows // job.bucket))
    folder = result.work.absolute()
    names = Names.of(mapping, own.name, "" if inner is None else inner.name, own.sheets, [one.name for one in others])
    trial = {"fupin.trial": "; ".join(job.ruleset.program.trial)} if job.ruleset.program.trial else {}
    assumed = {} if job.asked.assume else {"fupin.assume": "none"}
    rules = {"fupin.ruleset": job.ruleset.id, "fupin.digest": job.ruleset.digest}
    since = {} if previous is None else {PREVIOUS_DAY: to_date(previous.day).isoformat()}
    origin = {"fupin.as_of": job.as_of, **rules, **trial, **assumed, **_for_the_next(job), **since}
    wanted = job.goes_on or previous is not None or bool(asked_of_previous(program))
    goes_on = isinstance(result, FileResult) and wanted
    answers = None if job.answers is None else open_table(str(job.answers))
    called = "" if answers is None else answers.name
    work = Work(folder, names, job.as_of, job.asked, kept, origin, previous, called, goes_on)
    return _Plan(job, (own, inner), others, mapping, kept, buckets, work, result, answers)


def _people(job: Job) -> PeopleForm | None:
    """How people read what is for them; None where it is for machines."""
    return None if job.raw else PeopleForm(job.ruleset, job.as_of)


def _headers(table: SourceTable) -> Headers:
    return Headers(table.name, table.headers)


def _previous(job: Job, path: Path, day: date) -> PreviousRun:
    """The run from which a job goes on. Raises InputError where the lists of changes could not be whole or written."""
    statuses = frozenset(status.value for status in job.asked.statuses)
    if job.asked.form != "long" or not statuses >= OPEN_OR_GRANTED or is_address(job.output):
        raise InputError.of("B184", path.name)
    return open_previous(path, job.ruleset.program, day)


def _for_the_next(job: Job) -> dict[str, str]:
    """What a result says so that the next run may go on from it."""
    program, asked = job.ruleset.program, job.asked
    policies = [one.id for one in program.policies if asked.policies is None or one.id in asked.policies]
    statuses = ",".join(sorted(status.value for status in asked.statuses))
    return {CURRENCY: program.currency, POLICIES: json.dumps(policies, ensure_ascii=False), STATUSES: statuses}


@contextmanager
def _working(work: Work) -> Iterator[None]:
    """While one run works in its folder, which bears a lock: it says so, and that the folder is a run's.

    What it holds is kept for a run that resumes it, unless nothing was decided yet.
    """
    folder, lock = work.folder, work.folder / LOCK
    if folder.is_dir() and not lock.is_file() and (others := sorted(folder.iterdir())):
        raise InputError.of("B175", str(folder), folder=folder, first=others[0].name, count=len(others))
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(lock, "ab"))
        except BlockingIOError:
            raise InputError.of("B177", str(folder), work=folder) from None
        try:
            yield
        finally:
            if not work.journal.exists():
                _clear(folder)
                # where an open file cannot be removed, an empty folder with a lock stays
                with suppress(OSError):
                    lock.unlink()
                    folder.rmdir()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """What the engine for tables says of files that it cannot write, as a problem."""
    try:
        yield
    except duckdb.Error as error:
        raise InputError.of("B181", str(folder), problem=str(error).splitlines()[0]) from None


def _clear(folder: Path) -> None:
    """Remove all that a run keeps but its lock."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def _staged(plan: _Plan, progress: StageProgress) -> dict[str, Any]:
    """Read and part the tables, unless an interrupted run has done so: what it took down."""
    journal, work = plan.work.journal, plan.work.folder
    if plan.job.restart:
        _clear(work)
    if journal.exists():
        found: dict[str, Any] = json.loads(journal.read_text(encoding="utf-8"))
        if found["fingerprint"] != plan.fingerprint:
            raise InputError.of("B109", str(work), work=str(work))
        return found
    _clear(work)
    progress("read", 0, plan.tables[0].rows)
    own, inner = plan.tables
    earlier, threads = plan.work.previous, plan.job.threads or _cores()
    files = {} if earlier is None else {PREVIOUS: list(earlier.files)}
    if earlier is not None and earlier.facts is not None:
        files[PREVIOUS_FACTS] = [earlier.facts]
    if plan.answers is not None:
        files[ANSWERS] = [work / f"{ANSWERS}.parquet"]
        pq.write_table(staged_answers(plan.answers, plan.job.ruleset.program), files[ANSWERS][0])
    rows: Staged = stage(plan.work.staged, plan.mapping, own, inner, plan.buckets, threads, files, plan.further)
    tables = (own, inner, *plan.further)
    # a row with too many cells may hold a number of identity anywhere: its place says enough
    numbered = any(fact.number is not None for fact in plan.job.ruleset.program.facts)
    bad = [
        [(b.row, b.count, b.columns, "…" if numbered else b.text) for b in table.bad] if table else []
        for table in tables
    ]
    notes = [(note.code, note.args) for table in tables if table for note in table.notes]
    taken = {"fingerprint": plan.fingerprint, "rows": asdict(rows), "bad": bad, "notes": notes}
    (work / "parts").mkdir()
    with atomic_file(journal, anything) as aside:
        aside.write_text(json.dumps(taken, ensure_ascii=False), encoding="utf-8")
    progress("read", rows.households, rows.households)
    return taken


def _decide(plan: _Plan, households: int, progress: StageProgress) -> tuple[Counts, int]:
    """Decide every bucket that has not been; the counts of all."""
    work, job = plan.work, plan.job
    done = [number for number in range(plan.buckets) if work.is_done(number)]
    left = sorted(set(range(plan.buckets)) - set(done))
    counts = sum((work.counts(number) for number in done), Counts())
    progress("decide", counts.households, households)
    if left:
        engine = job.engine or threads(job.threads)
        for found in engine(job.ruleset, work, left):
            counts += found
            progress("decide", counts.households, households)
    return counts, len(done)


def _bad_rows(plan: _Plan, staged: dict[str, Any]) -> pa.Table:
    """The rows with a wrong number of cells, as rejects."""
    rows = []
    for table, bad in zip((*plan.tables, *plan.further), staged["bad"], strict=True):
        for row, count, columns, text in bad:
            zh, en = sentences(Fault("B111", (("count", count), ("columns", columns))))
            name = "" if table is None else table.name
            rows.append({"file": name, "row": row, "value": text, "code": "B111", "zh": zh, "en": en})
    return pa.Table.from_pylist(rows, schema=REJECTS)


def _finish(plan: _Plan, bad: pa.Table) -> None:
    """Write what was kept, in the order of buckets; it need not be kept any more then."""
    work, numbers = plan.work, range(plan.buckets)
    rejects = [bad, *(pq.read_table(work.part(number, checkpoints.REJECTS)) for number in numbers)]
    rejects = [in_sheets(plan.opened, table) for table in rejects]
    if work.goes_on:
        facts, changed = (
            [work.part(number, kind) for number in numbers] for kind in (checkpoints.FACTS, checkpoints.CHANGES)
        )
        write_beside(Path(plan.job.output), work.folder, facts, changed, _people(plan.job))
    plan.result.write(plan.fingerprint, rejects, [work.part(number, checkpoints.DECISIONS) for number in numbers])
    work.journal.unlink()
