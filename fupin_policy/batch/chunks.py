"""Some households read into a module's memory, and who among them cannot be decided.

In: a slice of a record batch, its binding, a running module. Out: `Chunk`. Called by `evaluate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.backends.wasm.columnar import Space, Worker
from fupin_policy.backends.wasm.layout import Column, layout_of
from fupin_policy.batch.binding import Binding, Bound, Table
from fupin_policy.batch.buffers import Array, given_in, offsets_of
from fupin_policy.batch.identifiers import bad_ids, ids_of, repeated
from fupin_policy.batch.lanes import Lanes
from fupin_policy.batch.rejects import Faulty, one_fault
from fupin_policy.core.possible import TRUE, UNKNOWN, whole
from fupin_policy.core.program import Input, Program, to_date
from fupin_policy.core.types import Day
from fupin_policy.intake.scalars import Fault


@dataclass(frozen=True, slots=True)
class Chunk:
    """Households read: `owners` has each member's household, `refused` says which must not be decided.

    The households and members of `faults` are positions in the batch that was read.
    """

    ids: pa.Array
    member_ids: pa.Array
    offsets: Array
    owners: Array
    refused: Array
    faults: tuple[Faulty, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """The columns in memory of one input, and the day its past ends on where it has one."""

    input: Input
    columns: tuple[Column, ...]
    past: bool


class Filler:
    """Reads batches into the memory of one program's module. Safe to share between threads."""

    __slots__ = ("_households", "_members", "_program")

    def __init__(self, program: Program) -> None:
        layout = layout_of(program)
        places = {fact.name for fact in program.facts if fact.level == "village"}
        self._program = program
        self._households = _groups(program.household_inputs, layout.household_inputs, places)
        self._members = _groups(program.member_inputs, layout.member_inputs, places)

    def fill(self, batch: pa.RecordBatch, binding: Binding, worker: Worker, as_of: int) -> tuple[Chunk, Space]:
        """Write a batch's values into the worker's memory; what is refused is written as unknown."""
        persons, offsets, rows, faults = self._listed(batch, binding)
        owners = np.repeat(np.arange(batch.num_rows), np.diff(offsets))
        space = worker.space(batch.num_rows, len(owners))
        space.offsets[:] = offsets
        table, members = binding.households, binding.members
        ids, member_ids = ids_of(batch.column(table.id)), pa.nulls(len(owners), pa.string())
        faults += [Faulty(table.id_name, at, None, *why) for at, why in bad_ids(ids, "H002")]
        columns = {bound.position: batch.column(bound.position) for bound in table.facts}
        found, exact = self._level(table, columns, self._households, space, as_of, None, None)
        faults += found
        if members is not None:
            fields = persons.flatten()
            member_ids = ids_of(fields[members.id])
            wrong = [*bad_ids(member_ids, "H008"), *repeated(member_ids, offsets, owners)]
            faults += [Faulty(members.id_name, owners[at], rows[at], *why) for at, why in wrong]
            inner = {bound.position: fields[bound.position] for bound in members.facts}
            found, all_members = self._level(members, inner, self._members, space, as_of, owners, rows)
            faults, exact = faults + found, exact and all_members
        refused = np.zeros(batch.num_rows, bool)
        for faulty in faults:
            refused[faulty.households] = True
        return Chunk(ids, member_ids, offsets, owners, refused, tuple(faults), exact), space

    def _listed(self, batch: pa.RecordBatch, binding: Binding) -> tuple[pa.Array, Array, Array, list[Faulty]]:
        """The members of all households in one array, where each household's start, and each one's row.

        A household with more members than the module takes is left without any.
        """
        if binding.list is None:
            return pa.array([]), np.zeros(batch.num_rows + 1, np.int32), np.zeros(0, np.int64), []
        column = batch.column(binding.list)
        persons, offsets = _flattened(column)
        rows, counts = np.arange(len(persons)), np.diff(offsets)
        least, most = self._program.min_members, self._program.max_members
        name, faults = batch.schema.field(binding.list).name, []
        if least > 0 and (none := np.flatnonzero(counts == 0)).size:
            faults.append(one_fault(name, none, None, "", Fault("H004")))
        wrong = np.flatnonzero((counts > most) | ((counts < least) & (counts > 0)))
        for at in wrong.tolist():
            words = (("count", int(counts[at])), ("low", least), ("high", most))
            faults.append(one_fault(name, np.array([at]), None, str(counts[at]), Fault("H006", words)))
        if len(wrong):
            kept = np.ones(len(counts), bool)
            kept[wrong] = False
            rows = np.flatnonzero(np.repeat(kept, counts))
            persons = persons.take(pa.array(rows))
            offsets = np.concatenate(([0], np.cumsum(np.where(kept, counts, 0)))).astype(np.int32)
        absent = given_in(persons)
        if absent is not None:
            none = np.flatnonzero(absent == 0)
            owners = np.repeat(np.arange(len(counts)), np.diff(offsets))[none]
            faults.append(one_fault(name, owners, rows[none], "null", Fault("H007", (("given", "null"),))))
        return persons, offsets, rows, faults

    def _level(
        self,
        table: Table,
        columns: Mapping[int, pa.Array],
        groups: tuple[_Group, ...],
        space: Space,
        as_of: int,
        owners: Array | None,
        rows: Array | None,
    ) -> tuple[list[Faulty], bool]:
        """Fill the columns of one level; the faults found, and whether every value is known exactly."""
        faults: list[Faulty] = []
        filled: set[int] = set()
        exact = True

        def fault(bound: Bound, at: Array, kinds: Array, reasons: tuple[tuple[str, Fault], ...]) -> None:
            whose, who = (at, None) if owners is None or rows is None else (owners[at], rows[at])
            faults.append(Faulty(bound.name, whose, who, kinds, reasons))

        for bound in table.facts:
            if bound.reader is None:
                continue
            lanes = bound.reader.read(columns[bound.position])
            for one in lanes.refused:
                fault(bound, one.positions, one.kinds, one.reasons)
            if bound.fact.required and lanes.given is not None and (at := np.flatnonzero(lanes.given == 0)).size:
                why = ("", Fault("H016", (("name", bound.fact.label),)))
                fault(bound, at, np.zeros(len(at), np.int64), (why,))
            slot = bound.reader.slot
            exact = exact and (lanes.exact or not slot.columns)
            for number, index in enumerate(slot.columns):
                filled.add(index)
                group = groups[index]
                if bound.reader.several:
                    _write_bit(group, lanes, slot.bits[number], space)
                    continue
                if group.past:
                    lanes, late = _settled(lanes, as_of)
                    for day in np.unique(lanes.low[late]).tolist():
                        at = late[lanes.low[late] == day]
                        why = (str(to_date(day)), Fault("H028", (("given", to_date(day)), ("as_of", to_date(as_of)))))
                        fault(bound, at, np.zeros(len(at), np.int64), (why,))
                _write(group, lanes, space)
        for index, group in enumerate(groups):
            if index not in filled:
                _write_unknown(group, space, as_of)
        return faults, exact and len(filled) == len(groups)


def _groups(inputs: tuple[Input, ...], columns: tuple[tuple[Column, ...], ...], places: set[str]) -> tuple[_Group, ...]:
    return tuple(
        _Group(one, parts, one.past and isinstance(one.type, Day) and one.name not in places)
        for one, parts in zip(inputs, columns, strict=True)
    )


def _flattened(column: pa.Array) -> tuple[pa.Array, Array]:
    """The entries of a column of lists, and where each list starts among them."""
    if column.null_count:
        lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
        return column.flatten(), np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    offsets = offsets_of(column)
    first, last = int(offsets[0]), int(offsets[-1])
    return column.values.slice(first, last - first), offsets - offsets[0]


def _settled(lanes: Lanes, as_of: int) -> tuple[Lanes, Array]:
    """A fact of the past reaches up to `as_of`; and where it is given as later than that."""
    later = lanes.low > as_of
    late = np.flatnonzero(later if lanes.given is None else later & (lanes.given == 1))
    if lanes.high is lanes.low:
        return lanes, late
    high = np.where(later, lanes.high, np.minimum(lanes.high, as_of))
    return Lanes(lanes.low, high, lanes.given), late


def _write(group: _Group, lanes: Lanes, space: Space) -> None:
    ends = (lanes.low, lanes.high)
    for column, values in zip(group.columns, ends, strict=False):
        space.inputs[column.pointer][:] = values


def _write_bit(group: _Group, lanes: Lanes, bit: int, space: Space) -> None:
    """One code of a fact that holds several."""
    truths = np.where((lanes.low & np.uint64(bit)) != 0, np.uint8(TRUE), np.uint8(0))
    if lanes.given is not None:
        truths = np.where(lanes.given == 1, truths, np.uint8(UNKNOWN))
    space.inputs[group.columns[0].pointer][:] = truths


def _write_unknown(group: _Group, space: Space, as_of: int) -> None:
    value = whole(group.input.type)
    low, high = value if isinstance(value, tuple) else (value, value)
    if group.past and low <= as_of:
        high = min(high, as_of)
    for column, end in zip(group.columns, (low, high), strict=False):
        space.inputs[column.pointer][:] = end
