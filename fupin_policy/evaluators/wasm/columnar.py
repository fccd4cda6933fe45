"""Runs a module over many households at once, on numpy views of its memory.

In: a `Program`, its module, then values written into views. Out: views of outcomes and amounts. Called by `batch`.
A `Worker` belongs to one thread at a time; the call into the module lets other threads run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import wasmtime

from fupin_policy.core.possible import top
from fupin_policy.core.program import Program
from fupin_policy.evaluators.wasm.flattening import list_entries
from fupin_policy.evaluators.wasm.layout import (
    AS_OF,
    ASKED,
    EXACT,
    HOUSEHOLDS,
    MEMBER,
    NEEDS,
    OFFSETS,
    PAGE,
    Layout,
    MemoryColumn,
    layout_of,
)
from fupin_policy.evaluators.wasm.loading import module_of
from fupin_policy.evaluators.wasm.manifest import read_manifest
from fupin_policy.evaluators.wasm.needs import NeedsLayout

Array = npt.NDArray[Any]

DTYPES = {"u8": "<u1", "u16": "<u2", "u32": "<u4", "u64": "<u8", "i32": "<i4", "i64": "<i8"}


@dataclass(frozen=True, slots=True)
class Space:
    """A place in memory for some households: views to fill, and views to read after `Worker.run`.

    `inputs` and `results` are by the column's `pointer`; `offsets` has one entry more than there are households. Inputs
    are also, of each list, how many further items each owner may have, and the facts of the items of all owners.
    """

    households: int
    members: int
    offsets: Array
    inputs: Mapping[int, Array]
    results: Mapping[int, Array]
    item_offsets: tuple[Array, ...] = ()
    """Of each list where each owner's items start, and the last one's end."""


class ColumnarModule:
    """A compiled program for many households. Safe to share; each thread asks for a `worker` of its own."""

    __slots__ = ("_engine", "_heap", "_module", "layout", "program")

    def __init__(self, program: Program, wasm: bytes, serialized: bytes | None = None) -> None:
        self.program = program
        self.layout = layout_of(program)
        self._heap: int = read_manifest(wasm)["header"]["heap"]
        self._engine = wasmtime.Engine()
        self._module = module_of(self._engine, wasm, serialized)

    def worker(self) -> Worker:
        """A running module with memory of its own."""
        store = wasmtime.Store(self._engine)
        exports = wasmtime.Instance(store, self._module, []).exports(store)
        run, missing, memory = exports["run"], exports["missing"], exports["memory"]
        if not isinstance(run, wasmtime.Func) or not isinstance(missing, wasmtime.Func):
            raise ValueError("the module lacks `run` or `missing`")
        if not isinstance(memory, wasmtime.Memory):
            raise ValueError("the module lacks `memory`")
        needs = (len(self.program.questions), NeedsLayout.of(self.program).stride)
        return Worker(self.layout, self._heap, needs, store, run, missing, memory, _further(self.program, self.layout))


@dataclass(slots=True)
class Worker:
    """One running module."""

    layout: Layout
    heap: int
    needs: tuple[int, int]
    """About how many questions it says what is missing, and in how many bytes each."""
    store: wasmtime.Store
    deciding: wasmtime.Func
    asking: wasmtime.Func
    memory: wasmtime.Memory
    further: Mapping[int, int]
    """By pointer the value of the entry that stands for all further items of a list."""

    def space(self, households: int, members: int, items: Sequence[int] = ()) -> Space:
        """Room for so many households with so many members in all, and so many items of each list; what an earlier
        space held is lost."""
        addresses, end = _addresses(self.layout, self.heap, households, members, items)
        self._grow(end + self.needs[0] * self.needs[1])
        whole = self._bytes()
        header = whole[: self.layout.header].view("<i4")
        header[HOUSEHOLDS // 4], header[OFFSETS // 4], header[NEEDS // 4] = households, self.heap, end

        def view(column: MemoryColumn, count: int) -> Array:
            start = addresses[column.pointer]
            header[column.pointer // 4] = start
            found: Array = whole[start : start + count * column.size].view(DTYPES[column.storage])
            return found

        def views(columns: Sequence[MemoryColumn]) -> dict[int, Array]:
            return {one.pointer: view(one, members if one.of_members else households) for one in columns}

        offsets = whole[self.heap : self.heap + 4 * (households + 1)].view("<i4")
        listed = {one.pointer: view(one, count) for one, count in list_entries(self.layout, households, members, items)}
        for pointer, value in self.further.items():
            listed[pointer][-1] = value
            listed[pointer] = listed[pointer][:-1]
        item_offsets = tuple(listed.pop(one.offsets.pointer) for one in self.layout.lists)
        inputs = {**views(self.layout.inputs), **listed}
        return Space(households, members, offsets, inputs, views(self.layout.results), item_offsets)

    def run(self, as_of: int, exact: bool) -> None:
        """Decide what was written into the last space; `exact`: every value is known exactly.

        Raises wasmtime.Trap for a day not covered.
        """
        whole = self._bytes()
        for place, value in ((AS_OF, as_of), (EXACT, int(exact))):
            whole[place : place + 4].view("<i4")[0] = value
        self.deciding(self.store)

    def missing(self, household: int, member: int) -> Array:
        """For each question a byte for each need: 1 where it keeps open what is in memory of a household.

        `member`: as for `header.member`.
        """
        whole = self._bytes()
        header = whole[: self.layout.header].view("<i4")
        header[ASKED // 4], header[MEMBER // 4] = household, member
        self.asking(self.store)
        start, (questions, stride) = int(header[NEEDS // 4]), self.needs
        return whole[start : start + questions * stride].reshape(questions, stride).copy()

    def _bytes(self) -> Array:
        buffer: Any = self.memory.get_buffer_ptr(self.store)
        return np.frombuffer(buffer, np.uint8)

    def _grow(self, end: int) -> None:
        missing = end - int(self.memory.data_len(self.store))
        if missing > 0:
            self.memory.grow(self.store, -(-missing // PAGE))


def _addresses(
    layout: Layout, heap: int, households: int, members: int, items: Sequence[int]
) -> tuple[dict[int, int], int]:
    """Where each column stands, each at a multiple of eight, and where all of it ends."""
    at = _aligned(heap + 4 * (households + 1))
    addresses: dict[int, int] = {}
    columns = [(one, members if one.of_members else households) for one in (*layout.inputs, *layout.results)]
    for column, count in (*columns, *list_entries(layout, households, members, items)):
        addresses[column.pointer] = at
        at = _aligned(at + column.size * count)
    return addresses, at


def _further(program: Program, layout: Layout) -> dict[int, int]:
    """Of each column of items what stands for a value of which nothing is known."""
    found: dict[int, int] = {}
    for one in layout.lists:
        for column, parts in zip(program.item_inputs[one.declared.name], one.inputs, strict=True):
            value = top(column.type)
            ends = value if isinstance(value, tuple) else (value,)
            found |= {part.pointer: end for part, end in zip(parts, ends, strict=True)}
    return found


def _aligned(address: int) -> int:
    return (address + 7) // 8 * 8
