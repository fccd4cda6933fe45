"""Columns of lists that the rules declare, `list<struct<facts…>>`, written into a module's memory.

In: a bound column, or none, and how many owners there are. Out: how many items there are, then what is refused.
Called by `chunks` for the lists of each of the two levels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.buffers import Array, entries, given_in
from fupin_policy.batch.column_binding import BoundItems, BoundTable
from fupin_policy.batch.column_readers import Refusals, refused_at
from fupin_policy.batch.column_writers import Absent, Filled, LevelColumns
from fupin_policy.core.declarations import ListDecl
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.program import Program
from fupin_policy.evaluators.wasm.columnar import Space
from fupin_policy.evaluators.wasm.layout import Layout, ListColumns, MemoryColumn
from fupin_policy.intake.partial import slot
from fupin_policy.intake.scalars import Fault


@dataclass(frozen=True, slots=True)
class ItemEntries:
    """The items of all owners, one after the other, each owner's from its offset on.

    `more`: how many further items each owner may have. `unsaid`: of which owners nothing is said of the list.
    `numbers`: of each item the row in a table, or else the place in its list.
    """

    bound: BoundItems | None
    offsets: Array
    more: Array
    unsaid: Array
    numbers: Array
    parts: tuple[pa.Array, ...]
    refused: tuple[Refusals, ...] = ()

    @property
    def count(self) -> int:
        """How many items there are in all."""
        return int(self.offsets[-1])

    @property
    def owners(self) -> Array:
        """Whose each item is."""
        return np.repeat(np.arange(len(self.more)), np.diff(self.offsets))


class ListColumnsWriter:
    """One list of a program, and where in memory it stands."""

    __slots__ = ("_columns", "_declared", "_level", "_order", "_ordering")

    def __init__(self, program: Program, columns: ListColumns) -> None:
        self._columns, self._declared = columns, columns.declared
        inputs = program.item_inputs[self._declared.name]
        facts = [fact for fact in program.facts if fact.level == self._declared.name]
        slots = [slot(fact, inputs, program.code_lists) for fact in facts if fact.absent is not None]
        self._level = LevelColumns(inputs, columns.inputs, set(), slots)
        names = [one.name for one in inputs]
        self._order = [columns.inputs[names.index(name)] for name in self._declared.order]
        labels = {fact.name: fact.label for fact in facts}
        self._ordering = [labels[name] for name in self._declared.order]

    @property
    def declared(self) -> ListDecl:
        """The list."""
        return self._declared

    def items(self, bound: BoundItems | None, column: pa.Array | None, owners: int) -> ItemEntries:
        """What a column says of so many owners. Of those that have too many items none are taken."""
        most = self._declared.most
        unsaid = np.ones(owners, bool) if column is None else _absent(column)
        listed = column if bound is None or bound.within is None or column is None else column.flatten()[bound.within]
        if bound is None or listed is None or pa.types.is_null(listed.type):
            nothing = np.zeros(owners + 1, np.int64)
            return ItemEntries(bound, nothing, np.full(owners, most), unsaid, nothing[:0], ())
        lengths = pc.fill_null(pc.list_value_length(listed), 0).to_numpy(zero_copy_only=False).astype(np.int64)
        items, refused = listed.flatten(), self._too_many(lengths)
        if refused:
            items = items.filter(pa.array(np.repeat(lengths <= most, lengths)))
            lengths = np.where(lengths <= most, lengths, 0)
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        parts = tuple(items.flatten()) if pa.types.is_struct(items.type) else ()
        numbers = np.arange(len(items)) - np.repeat(offsets[:-1], lengths)
        if bound.row is not None:
            numbers = entries(parts[bound.row].cast(pa.int64()))
        more = np.where(_absent(listed), most, 0 if bound.within is None else most - lengths)
        found = ItemEntries(bound, offsets, more, unsaid, numbers, parts, refused)
        nothing = np.flatnonzero(_absent(items))
        fault = Fault("H097", (("name", self._declared.label), ("given", "null")))
        wrong = (_placed(one, found, bound) for one in refused_at(nothing, "null", fault))
        return replace(found, refused=(*refused, *wrong))

    def _too_many(self, lengths: Array) -> tuple[Refusals, ...]:
        at = np.flatnonzero(lengths > self._declared.most)
        counts, kinds = np.unique(lengths[at], return_inverse=True)
        words = [(("count", count), ("most", self._declared.most)) for count in counts.tolist()]
        reasons = tuple((str(one[0][1]), Fault("H095", one)) for one in words)
        return (Refusals(at, kinds, reasons),) if len(at) else ()

    def fill(self, found: ItemEntries, place: int, space: Space, as_of: int, assume: bool) -> Filled:
        """Write what was found of the list, the program's at a place, with the facts of its items."""
        bound, more = found.bound, self._columns.more
        space.item_offsets[place][:] = found.offsets
        space.inputs[more.pointer][:] = found.more
        table = BoundTable(-1, "", () if bound is None else bound.facts)
        columns = {one.position: found.parts[one.position] for one in table.facts}
        filled = self._level.fill(table, columns, space, as_of, assume, None)
        taken = tuple(self._empty(found)) if assume else ()
        open_ended = found.more > 0
        left = open_ended & ~found.unsaid if taken else open_ended
        exact = (filled.exact or not found.count) and not open_ended.any()
        exact_if_assumed = (filled.exact_if_assumed or not found.count) and not left.any()
        if bound is None:
            return replace(filled, exact=exact, assumable=taken, exact_if_assumed=exact_if_assumed)
        refused = [(bound.name, one) for one in found.refused]
        refused += [(name, _placed(one, found, bound)) for name, one in filled.refused]
        refused += [(bound.name, one) for one in self._out_of_order(found, bound, space)]
        assumable = (*taken, *filled.assumable)
        return replace(
            filled, refused=tuple(refused), exact=exact, assumable=assumable, exact_if_assumed=exact_if_assumed
        )

    def _empty(self, found: ItemEntries) -> Iterator[Absent]:
        """That the list is empty where it is not given, if it says so."""
        if self._declared.empty is not None and found.unsaid.any():
            none = np.zeros(len(found.more), np.int64)
            name = InputId(self._declared.name)
            yield Absent(name, (self._columns.more,), (none, none), found.unsaid)

    def _out_of_order(self, found: ItemEntries, bound: BoundItems, space: Space) -> Iterator[Refusals]:
        """Items that stand where another of the same owner stands in the order, so that neither is before the other."""
        if not self._order or found.count < 2:
            return
        pairs = [tuple(space.inputs[part.pointer] for part in _ends(parts)) for parts in self._order]
        at = np.flatnonzero(np.logical_and.reduce([low == high for low, high in pairs]))
        keys = [*(low[at] for low, _ in reversed(pairs)), found.owners[at]]
        order = np.lexsort((at, *keys))
        same = np.logical_and.reduce([one[order][1:] == one[order][:-1] for one in keys])
        if not same.any():
            return
        starts = np.flatnonzero(np.concatenate(([True], ~same)))
        firsts = at[order][np.repeat(starts, np.diff([*starts, len(order)]))]
        again = np.flatnonzero(np.concatenate(([False], same)))
        numbers, kinds = np.unique(found.numbers[firsts[again]], return_inverse=True)
        words = ("order", self._ordering)
        form = "{}[{}]" if bound.row is None else "{}:{}"
        places = [form.format(bound.name, number) for number in numbers.tolist()]
        reasons = tuple(("", Fault("H098", (("first", first), words))) for first in places)
        yield _placed(Refusals(at[order][again], kinds, reasons), found, bound)


def list_writers(program: Program, layout: Layout) -> tuple[ListColumnsWriter, ...]:
    """Those of a program's lists, in order."""
    return tuple(ListColumnsWriter(program, one) for one in layout.lists)


def _ends(parts: tuple[MemoryColumn, ...]) -> tuple[MemoryColumn, MemoryColumn]:
    return parts[0], parts[-1]


def _absent(column: pa.Array) -> Array:
    given = given_in(column)
    return np.zeros(len(column), bool) if given is None else given == 0


def _placed(one: Refusals, found: ItemEntries, bound: BoundItems) -> Refusals:
    """What is refused of items, at their owners, with the items' numbers."""
    at = one.positions
    return replace(one, positions=found.owners[at], list=bound.name, entries=found.numbers[at])
