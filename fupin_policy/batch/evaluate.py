"""Record batches in, decisions out, a chunk of households at a time.

In: a `Ruleset`, then Arrow record batches (a row a household, `members` a list of structs). Out: `Decided`.
Called by users and `run`. Nothing is done row by row.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.assumed_columns import NOTHING_ASSUMED, Resting
from fupin_policy.batch.buffers import Array
from fupin_policy.batch.chunks import Chunk, Filler
from fupin_policy.batch.column_binding import Binder, Binding
from fupin_policy.batch.counts import Counts
from fupin_policy.batch.data_checks import DataChecks
from fupin_policy.batch.missing_facts import MissingFacts
from fupin_policy.batch.number_columns import once_in, part_of
from fupin_policy.batch.output_layouts import Long, OutputLayout, Wide, with_trial
from fupin_policy.batch.previous_values import PreviousValues
from fupin_policy.batch.rejects import Faulty, diagnostics_of, shifted, table_of
from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.decision import Status
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.diagnostics import InputError, Reporter, UnknownNameError, suggest
from fupin_policy.diagnostics.events import events_of, record_event
from fupin_policy.evaluators.wasm.columnar import ColumnarModule
from fupin_policy.ruleset import Ruleset, day_of

_LOG = events_of("batch")
CHUNK = 32768
"""Households read into memory at once: few enough to stay in a processor's cache, fewer than 65536."""


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """What is wanted of a batch: which policies (all, in the ruleset's order, if None), and which outcomes.

    `long` has a row for each decision, `wide` one for each household; `missing` adds what must be known to decide.
    `assume`: of a fact that is not given what it declares is taken, and said where a decision rests on it.
    """

    form: Literal["long", "wide"] = "long"
    policies: frozenset[str] | None = None
    statuses: frozenset[Status] = frozenset({Status.ELIGIBLE, Status.UNKNOWN})
    missing: bool = False
    assume: bool = True


def check_request(asked: BatchRequest, program: Program) -> None:
    """Raises UnknownNameError for a form, a policy or a status that there is not."""
    forms, statuses = ("long", "wide"), [one.value for one in Status]
    if asked.form not in forms:
        raise UnknownNameError.among("N233", "form", asked.form, forms, known=forms)
    for status in asked.statuses:
        if not isinstance(status, Status):
            raise UnknownNameError.among("N233", "statuses", status, statuses, known=statuses)
    ids = {one.id for one in program.policies}
    for policy in asked.policies or ():
        if policy not in ids:
            meant = program.policy_names.get(policy) or suggest(policy, ids)
            raise UnknownNameError.of("N104", "policies", suggestion=meant, name=policy)


OPEN_AND_GRANTED = BatchRequest()
"""Each decision that grants something or is still open, one a row."""


@dataclass(frozen=True, slots=True)
class Decided:
    """`decisions`, and `rejects` with a row for each fault; `counts` of decisions that rest on an assumption has all,
    shown or not.

    `household_rows` and `member_rows` (-1: none) say from which rows of the batch each decision comes.
    """

    decisions: pa.Table
    rejects: pa.Table
    counts: Counts
    household_rows: Array
    member_rows: Array


class BatchEvaluator:
    """A ruleset ready to decide batches. Safe to share between threads, which then run side by side."""

    __slots__ = ("_binder", "_checks", "_filler", "_module", "_pool", "_ruleset")

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._module = ColumnarModule(ruleset.program, ruleset.compile(), ruleset.serialize())
        self._binder, self._filler = Binder(ruleset.program), Filler(ruleset.program, self._module.layout)
        self._checks = DataChecks(ruleset.program, self._module.layout)
        self._pool: list[MissingFacts] = []

    @property
    def ruleset(self) -> Ruleset:
        """The rules."""
        return self._ruleset

    def evaluate_batch(
        self,
        batch: pa.RecordBatch,
        as_of: date | str,
        asked: BatchRequest = OPEN_AND_GRANTED,
        rejects: Callable[[pa.Table], None] | None = None,
    ) -> pa.RecordBatch:
        """The decisions for a batch, amounts in the currency's smallest units (分).

        Columns are named as facts are, by name or label; nulls are unknown. Households with faults are left out and
        their faults given to `rejects`. Raises InputError for a wrong date or column, or, where there is no
        `rejects`, for a faulty household.
        """
        found = self.decide(batch, as_of, asked)
        if found.rejects.num_rows:
            if rejects is None:
                raise InputError(diagnostics_of(found.rejects))
            rejects(found.rejects)
        batches = found.decisions.combine_chunks().to_batches()
        return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=found.decisions.schema)

    def decide(
        self,
        batch: pa.RecordBatch,
        as_of: date | str,
        asked: BatchRequest = OPEN_AND_GRANTED,
        previous: PreviousValues | None = None,
    ) -> Decided:
        """The decisions for a batch with what was rejected; `previous` is what an earlier result says of its rows.

        Raises InputError for a wrong date or column, and for a name in `asked` that there is not.
        """
        program, begun = self._ruleset.program, perf_counter()
        check_request(asked, program)
        day = to_day(day_of(program, as_of))
        reporter = Reporter()
        binding = reporter.result(self._binder.bind(batch.schema, day, reporter), InputError)
        snapshot = self._ruleset.snapshot(day_of(program, as_of))
        faults: list[Faulty] = []
        counts = Counts()
        once = once_in(batch, binding)
        asker = self._asker().on(day)
        worker = asker.worker
        form = self._form(snapshot, asked, asker, day)
        try:
            # of no rows at all there is an empty chunk, whose columns say of what types they are
            for start in range(0, max(1, batch.num_rows), CHUNK):
                part, since = batch.slice(start, CHUNK), perf_counter()
                sizes = _sizes(part, binding)
                before = None if previous is None else _part(previous, start, counts.members, int(sizes.sum()))
                inner = slice(counts.members, counts.members + int(sizes.sum()))
                stands = part_of(once, slice(start, start + CHUNK), inner)
                chunk, space = self._filler.fill(part, binding, worker, day, asked.assume, before, stands)
                worker.run(day, chunk.exact)
                refusals = self._checks.refuse(chunk, space)
                resting = NOTHING_ASSUMED
                if chunk.assumable:
                    bare = chunk.assume(space)
                    worker.run(day, chunk.exact_if_assumed)
                    resting = Resting.on(asker, chunk, space, bare, asked.policies)
                form.take(chunk, space, start, counts.members, resting)
                faults += [shifted(fault, start, counts.members) for fault in (*chunk.faults, *refusals)]
                counts += _rows(sizes, chunk) + self._checks.counts(chunk, space)
                counts += Counts(unused=chunk.unused, derived=chunk.derived_counts())
                _record_chunk(start, sizes, chunk, since)
                counts += Counts(assumed=resting.counts(len(snapshot.rules), snapshot.program))
        finally:
            self._pool.append(asker)
        table, households, persons = form.finish()
        counts = replace(counts, decisions=table.num_rows)
        rejects = table_of(faults)
        _record_batch(program, to_date(day), counts, rejects, begun)
        return Decided(with_trial(table, program), rejects, counts, households, persons)

    def _form(self, snapshot: Snapshot, asked: BatchRequest, asker: MissingFacts, day: int) -> OutputLayout:
        layout = self._module.layout
        if asked.form == "wide":
            return Wide(snapshot, layout, asked.policies)
        return Long(snapshot, layout, day, asked.policies, asked.statuses, asker if asked.missing else None)

    def _asker(self) -> MissingFacts:
        """A worker that nobody uses, with what it says of what is missing; the words of that are made once for it."""
        try:
            return self._pool.pop()
        except IndexError:
            return MissingFacts.of(self._ruleset.program, self._module.worker())


def _part(previous: PreviousValues, start: int, members: int, count: int) -> PreviousValues:
    """What is said of a chunk's households and members, whose first rows these are."""
    own, inner = previous
    return own.at(slice(start, start + CHUNK)), inner.at(slice(members, members + count))


def _sizes(batch: pa.RecordBatch, binding: Binding) -> Array:
    """How many members each household has."""
    if binding.list is None:
        return np.zeros(batch.num_rows, np.int64)
    found: Array = pc.fill_null(pc.list_value_length(batch.column(binding.list)), 0).to_numpy(zero_copy_only=False)
    return found


def _rows(sizes: Array, chunk: Chunk) -> Counts:
    refused = chunk.refused
    return Counts(len(sizes), int(sizes.sum()), int(refused.sum()), int(sizes[refused].sum()))


def _record_chunk(start: int, sizes: Array, chunk: Chunk, since: float) -> None:
    if _LOG.isEnabledFor(logging.DEBUG):
        told = {"first": start, "households": len(sizes), "members": int(sizes.sum())}
        refused, seconds = int(chunk.refused.sum()), round(perf_counter() - since, 3)
        record_event(_LOG, logging.DEBUG, "chunk.decided", **told, households_rejected=refused, seconds=seconds)


def _record_batch(program: Program, day: date, counts: Counts, rejects: pa.Table, since: float) -> None:
    """What came of a batch, in numbers, and how many faults there were of each code."""
    if not _LOG.isEnabledFor(logging.INFO):
        return
    record_event(
        _LOG,
        logging.INFO,
        "batch.decided",
        ruleset=program.id,
        digest=program.digest,
        as_of=day.isoformat(),
        households=counts.households,
        members=counts.members,
        households_rejected=counts.households_rejected,
        members_rejected=counts.members_rejected,
        decisions=counts.decisions,
        seconds=round(perf_counter() - since, 3),
    )
    if rejects.num_rows:
        found = sorted(Counter(rejects.column("code").to_pylist()).items())
        record_event(_LOG, logging.INFO, "batch.rejected", faults=rejects.num_rows, codes=dict(found))
