"""Some households read into a module's memory, and who among them cannot be decided.

In: a slice of a record batch, its binding, a running module. Out: `Chunk`. Called by `evaluate`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.buffers import Array, given_in, offsets_of
from fupin_policy.batch.column_binding import Binding, BoundItems, BoundTable
from fupin_policy.batch.column_readers import Refusals
from fupin_policy.batch.column_writers import Absent, LevelColumns
from fupin_policy.batch.household_ids import bad_ids, ids_of, repeated
from fupin_policy.batch.item_columns import ItemEntries, list_writers
from fupin_policy.batch.number_columns import NOTHING_ONCE, DerivedRows, Once, numbers_fill
from fupin_policy.batch.previous_values import PreviousValues
from fupin_policy.batch.rejects import Faulty, one_fault
from fupin_policy.core.program import Program
from fupin_policy.evaluators.wasm.columnar import Space, Worker
from fupin_policy.evaluators.wasm.layout import Layout
from fupin_policy.intake.partial import slot
from fupin_policy.intake.scalars import Fault


@dataclass(frozen=True, slots=True)
class Chunk:
    """Households read: `owners` has each member's household, `refused` says which must not be decided.

    `member_rows` and the households and members of `faults` are positions in the batch that was read.
    """

    ids: pa.Array
    member_ids: pa.Array
    offsets: Array
    owners: Array
    member_rows: Array
    refused: Array
    faults: tuple[Faulty, ...]
    exact: bool
    assumable: tuple[Absent, ...] = ()
    exact_if_assumed: bool = True
    unused: Mapping[str, int] = field(default_factory=dict)
    """By fact, how many values are of months that no rule looks at."""
    derived: tuple[DerivedRows, ...] = ()
    item_offsets: tuple[Array, ...] = ()
    """Of each list where each owner's items start among those of all, and the last one's end."""

    def derived_counts(self) -> dict[str, int]:
        """Of how many households and members that are decided numbers of identity tell a fact, by its label."""
        found = {}
        for one in self.derived:
            refused = self.refused[self.owners] if one.fact.level == "member" else self.refused
            found[one.fact.label] = int((one.rows & ~refused).sum())
        return found

    def assume(self, space: Space) -> Space:
        """Write what is assumed of facts that are not given. Out: the space as it was before, with its results."""
        pointers = [column.pointer for absent in self.assumable for column in absent.columns]
        before = {pointer: space.inputs[pointer].copy() for pointer in pointers}
        for absent in self.assumable:
            for column, end in zip(absent.columns, absent.ends, strict=False):
                space.inputs[column.pointer][absent.rows] = end[absent.rows]
        results = {pointer: found.copy() for pointer, found in space.results.items()}
        return replace(space, inputs={**space.inputs, **before}, results=results)

    @contextmanager
    def nothing_assumed(self, space: Space, bare: Space) -> Iterator[None]:
        """The inputs for the time being as they were before anything was assumed, so that the module may be asked.

        It decides again what it is asked about, and leaves the results.
        """
        pointers = [column.pointer for absent in self.assumable for column in absent.columns]
        written = [*(space.inputs[pointer] for pointer in pointers), *space.results.values()]
        shown = [column.copy() for column in written]
        for pointer in pointers:
            space.inputs[pointer][:] = bare.inputs[pointer]
        yield
        for column, before in zip(written, shown, strict=True):
            column[:] = before


class Filler:
    """Reads batches into the memory of one program's module. Safe to share between threads."""

    __slots__ = ("_households", "_lists", "_members", "_program")

    def __init__(self, program: Program, layout: Layout) -> None:
        places = {fact.name for fact in program.facts if fact.level == "village"}
        self._program, self._lists = program, list_writers(program, layout)
        own, inner = program.household_inputs, program.member_inputs
        assuming = [fact for fact in program.facts if fact.absent is not None or fact.previous is not None]
        assuming = [fact for fact in assuming if fact.level not in program.item_inputs]
        slots = [slot(fact, own, program.code_lists) for fact in assuming if fact.level != "member"]
        filled = numbers_fill(program)
        fillable = [slot(fact, own, program.code_lists) for fact in filled if fact.level != "member"]
        self._households = LevelColumns(own, layout.household_inputs, places, slots, fillable)
        slots = [slot(fact, inner, program.code_lists) for fact in assuming if fact.level == "member"]
        fillable = [slot(fact, inner, program.code_lists) for fact in filled if fact.level == "member"]
        self._members = LevelColumns(inner, layout.member_inputs, places, slots, fillable)

    def fill(
        self,
        batch: pa.RecordBatch,
        binding: Binding,
        worker: Worker,
        as_of: int,
        assume: bool = True,
        previous: PreviousValues | None = None,
        once: Once = NOTHING_ONCE,
    ) -> tuple[Chunk, Space]:
        """Write a batch's values into the worker's memory; what is refused is written as unknown."""
        before, inner_before = previous or (None, None)
        persons, offsets, rows, faults = self._listed(batch, binding)
        owners = np.repeat(np.arange(batch.num_rows), np.diff(offsets))
        table, members = binding.households, binding.members
        fields = [] if members is None else persons.flatten()
        found = self._items(batch, table, fields, members, len(owners)) if self._lists else []
        space = worker.space(batch.num_rows, len(owners), [one.count for one in found])
        space.offsets[:] = offsets
        ids, member_ids = ids_of(batch.column(table.id)), pa.nulls(len(owners), pa.string())
        faults += _placed(table.id_name, bad_ids(ids, "H002"), None, None)
        columns = {at: batch.column(at) for at in table.positions}
        own = self._households.fill(table, columns, space, as_of, assume, before, once[0])
        levels = [own]
        for name, one in own.refused:
            faults += _placed(name, [one], None, None)
        if members is not None:
            member_ids = ids_of(fields[members.id])
            wrong = [*bad_ids(member_ids, "H008"), *repeated(member_ids, offsets, owners)]
            faults += _placed(members.id_name, wrong, owners, rows)
            inner = {at: fields[at] for at in members.positions}
            of_rows = None if inner_before is None else inner_before.at(rows)
            stands_once = {name: truths[rows] for name, truths in once[1].items()}
            of_members = self._members.fill(members, inner, space, as_of, assume, of_rows, stands_once)
            for name, one in of_members.refused:
                faults += _placed(name, [one], owners, rows)
            levels.append(of_members)
        for place, (writer, items) in enumerate(zip(self._lists, found, strict=False)):
            of_items = writer.fill(items, place, space, as_of, assume)
            of_whom = (owners, rows) if writer.declared.of == "member" else (None, None)
            for name, one in of_items.refused:
                faults += _placed(name, [one], *of_whom)
            levels.append(of_items)
        refused = np.zeros(batch.num_rows, bool)
        for faulty in faults:
            refused[faulty.households] = True
        exact, if_assumed = (all(getattr(one, name) for one in levels) for name in ("exact", "exact_if_assumed"))
        absent = tuple(one for level in levels for one in level.assumable)
        whose = (offsets, owners, rows)
        unused = sum((Counter(one.unused) for one in levels), Counter())
        derived = tuple(one for level in levels for one in level.derived)
        starts = tuple(one.offsets for one in found)
        read = Chunk(
            ids, member_ids, *whose, refused, tuple(faults), exact, absent, if_assumed, unused, derived, starts
        )
        return read, space

    def _items(
        self, batch: pa.RecordBatch, table: BoundTable, fields: list[pa.Array], members: BoundTable | None, persons: int
    ) -> list[ItemEntries]:
        """What the columns of lists say; of lists without a column that nothing is said."""
        own = {one.declared.name: (one, batch.column(one.position)) for one in table.items}
        inner = {one.declared.name: (one, fields[one.position]) for one in (() if members is None else members.items)}
        columns: dict[str, tuple[BoundItems | None, pa.Array | None]] = {**own, **inner}
        owners = {"household": batch.num_rows, "member": persons}
        declared = ((writer, writer.declared) for writer in self._lists)
        return [writer.items(*columns.get(one.name, (None, None)), owners[one.of]) for writer, one in declared]

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


def _flattened(column: pa.Array) -> tuple[pa.Array, Array]:
    """The entries of a column of lists, and where each list starts among them."""
    if column.null_count:
        lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
        return column.flatten(), np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    offsets = offsets_of(column)
    first, last = int(offsets[0]), int(offsets[-1])
    return column.values.slice(first, last - first), offsets - offsets[0]


def _placed(name: str, found: Iterable[Refusals], owners: Array | None, rows: Array | None) -> list[Faulty]:
    """What is refused in a column at the households, and the members, that it is in."""
    return [
        Faulty(
            name,
            one.positions if owners is None else owners[one.positions],
            None if rows is None else rows[one.positions],
            one.kinds,
            one.reasons,
            one.list,
            one.entries,
        )
        for one in found
    ]
