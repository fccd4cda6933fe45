"""Outcomes in a module's memory as Arrow tables: a row for each decision, or for each household.

In: a `Chunk` decided in a `Space`. Out: tables. Called by `evaluate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, get_args

import numpy as np
import pyarrow as pa

from fupin_policy.batch.answering_columns import ANSWERING, ASKED_BODIES, AnsweringColumns, answers
from fupin_policy.batch.assumed_columns import ASSUMED, Resting, assumes
from fupin_policy.batch.audience_columns import OWN, AudienceColumns
from fupin_policy.batch.beneficiary_columns import MOST, WHOM, Beneficiaries, chooses, of_rows
from fupin_policy.batch.buffers import Array
from fupin_policy.batch.chunks import Chunk
from fupin_policy.batch.figure_columns import FigureColumns
from fupin_policy.batch.first_day_columns import FirstDayColumns
from fupin_policy.batch.missing_facts import MissingFacts
from fupin_policy.core.benefits import Per
from fupin_policy.core.decision import STATUS_OF_TRUTH, Status
from fupin_policy.core.policies import Force, Policy
from fupin_policy.core.possible import FALSE, TRUE
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.decisions.rule_metadata import RuleMetadata, metadata_of
from fupin_policy.evaluators.wasm.columnar import Space
from fupin_policy.evaluators.wasm.layout import Layout, MemoryColumn

PERIODS: tuple[str, ...] = get_args(Per)
FORCES: tuple[str, ...] = get_args(Force)
STATUSES = tuple(status.value for status in (Status.INELIGIBLE, Status.UNKNOWN, Status.ELIGIBLE))
_STATUS_AT = np.array([0, 0, 1, 2], np.int8)
"""By the two bits of a truth: its place in STATUSES."""

LONG = pa.schema(
    [
        ("household", pa.dictionary(pa.int32(), pa.string())),
        ("member", pa.dictionary(pa.int32(), pa.string())),
        ("policy", pa.dictionary(pa.int16(), pa.string())),
        ("title", pa.dictionary(pa.int16(), pa.string())),
        ("status", pa.dictionary(pa.int8(), pa.string())),
        ("amount_min", pa.int64()),
        ("amount_max", pa.int64()),
        ("per", pa.dictionary(pa.int8(), pa.string())),
        ("provisional", pa.bool_()),
        ("persons", pa.int32()),
    ]
)
"""A row for each decision asked for; `member` is null for a household's policy, amounts where there are none.

`persons` is 1 for a member's decision, and for a household's the number of its members, or of those who surely benefit.

What is repeated from row to row is kept once, in dictionaries.
"""


_OWN = pa.schema(list(LONG)[2:])
FORCE = pa.field("force", pa.dictionary(pa.int8(), pa.string()))
"""A column of the results of rules of which some are no entitlement."""


def has_forces(program: Program) -> bool:
    """Whether some policy is no entitlement."""
    return any(policy.forces - {"entitlement"} for policy in program.policies)


def forces_of(rules: Sequence[RuleMetadata], numbers: Array) -> pa.Array:
    """The forces of rules by their numbers."""
    forces = np.array([FORCES.index(one.force) for one in rules], np.int8)
    return pa.DictionaryArray.from_arrays(pa.array(forces[numbers]), pa.array(FORCES, pa.string()))


_COUNTS = ("persons", MOST)
_MISSING = pa.field("missing", pa.list_(pa.string()))
_WHOM = [pa.field(MOST, pa.int32()), *WHOM]


def with_trial(table: pa.Table, program: Program) -> pa.Table:
    """With a column of the values that were only tried, if any: a file of plain text says it no other way."""
    if not program.trial:
        return table
    told = pa.array(["; ".join(program.trial)], pa.string())
    whole = pa.DictionaryArray.from_arrays(pa.array(np.zeros(table.num_rows, np.int8)), told)
    return table.append_column("trial", whole)


class OutputLayout(Protocol):
    """How decisions are laid out."""

    def take(self, chunk: Chunk, space: Space, start: int, members: int, resting: Resting) -> None:
        """Take down a decided chunk, whose first household and member are at these rows of the batch."""

    def finish(self) -> tuple[pa.Table, Array, Array]:
        """All that was taken down, and the rows of the household and member (or -1) of each entry."""


@dataclass(frozen=True, slots=True)
class _Output:
    """A rule with its columns in memory. `per` is the place of its period in PERIODS, -1 where it states no amount."""

    number: int
    policy: Policy
    metadata: RuleMetadata
    columns: tuple[MemoryColumn, ...]
    of_members: bool
    per: int


def _outputs(snapshot: Snapshot, layout: Layout, policies: frozenset[str] | None) -> list[_Output]:
    outputs = []
    for number, rule in enumerate(snapshot.rules):
        policy, metadata = rule.policy, metadata_of(snapshot, rule)
        results = (policy.outcome, policy.payable) if policy.has_amount else (policy.outcome,)
        columns = tuple(column for name in results for column in layout.outputs[name])
        if policies is None or policy.id in policies:
            per = PERIODS.index(metadata.per) if metadata.per else -1
            outputs.append(_Output(number, policy, metadata, columns, policy.level == "member", per))
    return outputs


@dataclass(slots=True)
class Long:
    """A row for each decision asked for, by household, policy and member."""

    snapshot: Snapshot
    layout: Layout
    day: int
    policies: frozenset[str] | None
    statuses: frozenset[Status]
    asker: MissingFacts | None
    _outputs: list[_Output] = field(init=False)
    _figures: FigureColumns = field(init=False)
    _tables: list[pa.Table] = field(default_factory=list)
    _rows: list[Array] = field(default_factory=list)
    _member_rows: list[Array] = field(default_factory=list)
    _ids: list[pa.Array] = field(default_factory=list)
    _member_ids: list[pa.Array] = field(default_factory=list)
    _members: list[Array] = field(default_factory=list)
    _seen: int = 0

    def __post_init__(self) -> None:
        self._outputs = _outputs(self.snapshot, self.layout, self.policies)
        self._figures = FigureColumns(self.snapshot.program, self.layout)

    def take(self, chunk: Chunk, space: Space, start: int, members: int, resting: Resting) -> None:
        """Take down a chunk's decisions."""
        self._ids.append(chunk.ids)
        self._member_ids.append(chunk.member_ids)
        wanted = np.array([STATUS_OF_TRUTH.get(bits) in self.statuses for bits in range(4)])
        parts = [part for output in self._outputs if (part := _part(output, chunk, space, wanted)) is not None]
        unordered = list(zip(_NO_PART, *parts, strict=True))
        # stable, so that policies and members keep their order; sixteen bits are sorted by counting
        order = np.argsort(np.concatenate(unordered[0]).astype(np.uint16), kind="stable")
        # one column after another, each in the memory that the one before it has left
        ordered = (np.concatenate(column)[order] for column in unordered)
        whose, who, low, high, numbers, status, per, provisional = ordered
        none = per < 0
        policies = [rule.policy.id for rule in self.snapshot.rules]
        titles = [rule.policy.title.zh for rule in self.snapshot.rules]
        persons = most = np.where(who < 0, np.diff(chunk.offsets)[whose], 1).astype(np.int32)
        lists: list[pa.Array] = []
        program = self.snapshot.program
        if chooses(program.policies):
            persons, most, lists = of_rows(program, self.layout, chunk, space, numbers, whose, persons)
        columns = [
            pa.DictionaryArray.from_arrays(pa.array(numbers), pa.array(policies, pa.string())),
            pa.DictionaryArray.from_arrays(pa.array(numbers), pa.array(titles, pa.string())),
            pa.DictionaryArray.from_arrays(pa.array(status), pa.array(STATUSES, pa.string())),
            pa.array(low, mask=none),
            pa.array(high, mask=none),
            pa.DictionaryArray.from_arrays(pa.array(per, mask=none), pa.array(PERIODS, pa.string())),
            pa.array(provisional),
            pa.array(persons),
        ]
        found: dict[pa.Field, pa.Array] = dict(zip(_OWN, columns, strict=True))
        if lists:
            found |= zip(_WHOM, [pa.array(most), *lists], strict=True)
        if self.asker is not None:
            opened = (status == STATUSES.index("unknown")) | (low != high) | (persons != most)
            found[_MISSING] = self.asker.missing(chunk, numbers, opened, whose, who)
        if answers(program):
            columns, opened = AnsweringColumns(self.snapshot, self.layout).of_rows(space, numbers, whose, who)
            found |= zip(ANSWERING, columns, strict=True)
            if self.asker is not None:
                opened &= status != STATUSES.index("ineligible")
                found[ASKED_BODIES] = self.asker.missing(chunk, numbers, opened, whose, who, bodies=True)
        if assumes(program):
            found[ASSUMED] = resting.rows(numbers, whose, who)
        if has_forces(program):
            found[FORCE] = forces_of([metadata_of(self.snapshot, rule) for rule in self.snapshot.rules], numbers)
        table = pa.Table.from_arrays(list(found.values()), schema=pa.schema(list(found)))
        for name, column in AudienceColumns(self.snapshot, self.layout).of_rows(space, numbers, whose).items():
            table = table.append_column(name, column)
        refused = status == STATUSES.index("ineligible")
        first_days = FirstDayColumns(self.snapshot, self.layout, self.day)
        for name, column in first_days.of_rows(space, numbers, whose, who, refused).items():
            table = table.append_column(name, column)
        for name, column in self._figures.of_rows(space, whose, who, resting).items():
            table = table.append_column(name, column)
        self._tables.append(table)
        self._rows.append(whose + start)
        rows = np.append(chunk.member_rows + members, -1)  # -1: of no member
        self._member_rows.append(rows[who])
        places = np.append(np.arange(self._seen, self._seen + len(chunk.member_ids), dtype=np.int32), np.int32(-1))
        self._members.append(places[who])
        self._seen += len(chunk.member_ids)

    def finish(self) -> tuple[pa.Table, Array, Array]:
        """One table of all chunks."""
        table = pa.concat_tables(self._tables)
        rows, member_rows = np.concatenate(self._rows), np.concatenate(self._member_rows)
        table = table.add_column(0, LONG.field(0), dictionary_of(rows, self._ids))
        ids = dictionary_of(np.concatenate(self._members), self._member_ids)
        return table.add_column(1, LONG.field(1), ids), rows, member_rows


def dictionary_of(rows: Array, texts: list[pa.Array]) -> pa.Array:
    """Texts at rows (-1: none), each text kept once."""
    whole = pa.concat_arrays([pa.array([], pa.string()), *(text.fill_null("") for text in texts)])
    # 0 under a null: a writer of Parquet packs what stands there too
    indices = pa.array(np.maximum(rows, 0).astype(np.int32, copy=False), mask=rows < 0)
    return pa.DictionaryArray.from_arrays(indices, whole)


_NO_PART = tuple(np.zeros(0, kind) for kind in ("i8", "i8", "i8", "i8", "i2", "i1", "i1", "?"))
"""So that what is taken down of no decisions has the same types."""


def _part(output: _Output, chunk: Chunk, space: Space, wanted: Array) -> tuple[Array, ...] | None:
    """One policy's decisions in a chunk: households, members, least, most, policy, status, period, provisional."""
    outcomes = space.results[output.columns[0].pointer]
    at = np.flatnonzero(wanted[outcomes])
    if chunk.refused.any():
        at = at[~chunk.refused[chunk.owners[at] if output.of_members else at]]
    if not len(at):
        return None
    bits = outcomes[at]
    per = np.full(len(at), output.per, np.int8)
    provisional = np.full(len(at), output.metadata.provisional)
    if wanted[FALSE]:
        refusal = bits == FALSE
        per[refusal], provisional[refusal] = -1, output.metadata.provisional_refusal
    if output.per >= 0:
        low, high = (space.results[column.pointer][at] for column in output.columns[1:])
    else:
        low = high = np.zeros(len(at), np.int64)
    return (
        chunk.owners[at] if output.of_members else at,
        at if output.of_members else np.full(len(at), -1, np.int64),
        low,
        high,
        np.full(len(at), output.number, np.int16),
        _STATUS_AT[bits],
        per,
        provisional,
    )


@dataclass(slots=True)
class Wide:
    """A row for each household; a policy has its status, the ends of its amount, and how many members surely receive,
    or at most where it chooses among them.

    A member's policy is eligible if it surely is for some member, and its amount is the sum over members.
    """

    snapshot: Snapshot
    layout: Layout
    policies: frozenset[str] | None
    _outputs: list[_Output] = field(init=False)
    _figures: FigureColumns = field(init=False)
    _tables: list[pa.Table] = field(default_factory=list)
    _rows: list[Array] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._outputs = _outputs(self.snapshot, self.layout, self.policies)
        self._figures = FigureColumns(self.snapshot.program, self.layout)

    def take(self, chunk: Chunk, space: Space, start: int, members: int, resting: Resting) -> None:
        """Take down a chunk's decisions."""
        columns: dict[str, Any] = {"household": chunk.ids}
        for output in self._outputs:
            columns.update(_columns(output, chunk, space))
            if output.policy.chooses:
                counts = Beneficiaries.of(output.policy, self.layout, chunk, space).counts
                columns |= {f"{output.policy.id}.{name}": of for name, of in zip(_COUNTS, counts, strict=True)}
            if output.policy.audience is not None:
                audiences = AudienceColumns(self.snapshot, self.layout)
                columns[f"{output.policy.id}.{OWN.name}"] = audiences.of_households(space, output.policy.audience)
            if output.policy.forces - {"entitlement"}:
                columns[f"{output.policy.id}.{FORCE.name}"] = forces_of(
                    [output.metadata], np.zeros(len(chunk.ids), int)
                )
            if output.policy.answers:
                bodies = AnsweringColumns(self.snapshot, self.layout)
                columns |= bodies.of_households(space, output.number, chunk.offsets)
            if assumes(self.snapshot.program):
                found = resting.households(output.number, output.of_members, chunk.offsets)
                columns[f"{output.policy.id}.assumed"] = found
        columns.update(self._figures.of_households(space, chunk, resting))
        kept = np.flatnonzero(~chunk.refused)
        table = pa.table(columns)
        self._tables.append(table if len(kept) == len(chunk.refused) else table.take(pa.array(kept)))
        self._rows.append(kept + start)

    def finish(self) -> tuple[pa.Table, Array, Array]:
        """One table of all chunks."""
        rows = np.concatenate(self._rows)
        return pa.concat_tables(self._tables), rows, np.full(len(rows), -1, np.int64)


def _columns(output: _Output, chunk: Chunk, space: Space) -> dict[str, Any]:
    outcomes, name = space.results[output.columns[0].pointer], output.policy.id
    best = _over_members(np.maximum, outcomes, chunk.offsets) if output.of_members else outcomes
    status = pa.DictionaryArray.from_arrays(pa.array(_STATUS_AT[best]), pa.array(STATUSES, pa.string()))
    columns: dict[str, Any] = {name: status}
    for end, column in zip(("min", "max"), output.columns[1:], strict=False):
        values = space.results[column.pointer]
        total = _over_members(np.add, values, chunk.offsets) if output.of_members else values.copy()
        columns[f"{name}.{end}"] = pa.array(total, mask=(best == FALSE) | (output.per < 0))
    if output.of_members:
        sure = _over_members(np.add, (outcomes == TRUE).astype(np.int32), chunk.offsets)
        columns[f"{name}.persons"] = pa.array(sure)
    return columns


def _over_members(operation: np.ufunc, values: Array, offsets: Array) -> Array:
    """Over each household's members; 0 where it has none."""
    found = np.zeros(len(offsets) - 1, values.dtype)
    full = offsets[1:] > offsets[:-1]
    if full.any():
        found[full] = operation.reduceat(values, offsets[:-1][full])
    return found
