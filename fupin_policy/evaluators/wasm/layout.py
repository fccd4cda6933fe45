"""Where a module finds its inputs and leaves its outputs: columns, and the header that points to them.

In: a `Program`. Out: a `Layout`. Called by `module`, `manifest` and every host.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fupin_policy.core.declarations import Input, ListDecl
from fupin_policy.core.expressions import Level
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.outputs import Output
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day, Number, Truth, Type

Storage = Literal["u8", "u16", "u32", "u64", "i32", "i64"]
ColumnPart = Literal["both", "low", "high", "outcome", "offsets", "more"]

SIZES: dict[Storage, int] = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "i32": 4, "i64": 8}
LETTERS: dict[Storage, str] = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i32": "i", "i64": "q"}
"""Of Python's `struct`, little-endian."""

AS_OF, HOUSEHOLDS, OFFSETS, EXACT, ASKED, MEMBER, NEEDS, FAULT, FAULT_AT, POINTERS = range(0, 40, 4)
"""Where in memory the date, the number of households, the address of the member offsets, and the columns' stand.

At `EXACT` stands 1 where every fact of every household is known exactly, else 0. For `missing` there stands at `ASKED`
which household is asked about, at `MEMBER` which of its members as far as policies for members go (from 1; 0: all
together), and at `NEEDS` the address where the answer goes. `check` leaves at `FAULT` which input column (in order,
from 1) has a value that is not allowed, or 0, and at `FAULT_AT` the entry in it.
"""

PAGE = 65536


@dataclass(frozen=True, slots=True)
class MemoryColumn:
    """One array in memory, with an entry for each household, each member, or each item of a list and one further.

    `name` is an input's, a policy's, a figure's or a list's; `pointer` is where the header holds the array's address.
    """

    name: str
    level: Level
    part: ColumnPart
    storage: Storage
    pointer: int

    @property
    def of_members(self) -> bool:
        """Whether it has an entry for each member."""
        return self.level == "member"

    @property
    def size(self) -> int:
        """Bytes of an entry."""
        return SIZES[self.storage]

    def bytes(self, members: int) -> int:
        """Bytes of the column for one household."""
        return self.size * (members if self.of_members else 1)


@dataclass(frozen=True, slots=True)
class ListColumns:
    """Of a list the offsets, one more than there are owners, how many further items each owner may have, the inputs.

    After the items each input has one entry more, which may be anything: it stands for all that are further.
    """

    declared: ListDecl
    offsets: MemoryColumn
    more: MemoryColumn
    inputs: tuple[tuple[MemoryColumn, ...], ...]

    @property
    def most(self) -> int:
        """How many items an owner has at most."""
        return self.declared.most

    @property
    def columns(self) -> tuple[MemoryColumn, ...]:
        """All of its columns, in the order of the header."""
        return (self.offsets, self.more, *(column for group in self.inputs for column in group))

    def bytes(self, owners: int, items: int) -> tuple[int, ...]:
        """Of each column the bytes, where so many owners have so many items in all."""
        first = (self.offsets.size * (owners + 1), self.more.size * owners)
        return (*first, *(column.size * (items + 1) for group in self.inputs for column in group))


@dataclass(frozen=True, slots=True)
class Layout:
    """All columns, in the order of the header. `header` is its length in bytes."""

    household_inputs: tuple[tuple[MemoryColumn, ...], ...]
    member_inputs: tuple[tuple[MemoryColumn, ...], ...]
    outputs: Mapping[DefinitionId, tuple[MemoryColumn, ...]]
    lists: tuple[ListColumns, ...]
    header: int

    @property
    def inputs(self) -> tuple[MemoryColumn, ...]:
        """The input columns of households and members, household's first."""
        return tuple(column for group in (*self.household_inputs, *self.member_inputs) for column in group)

    @property
    def results(self) -> tuple[MemoryColumn, ...]:
        """The output columns, for each policy its outcome and then the ends of its amount; then those of figures."""
        return tuple(column for group in self.outputs.values() for column in group)

    def room(self, members: int) -> int:
        """Bytes that one household's columns and offsets take, with room to align each column to eight."""
        return (
            8
            + sum(column.bytes(members) + 7 for column in (*self.inputs, *self.results))
            + sum(size + 7 for one in self.lists for size in _most_bytes(one, members))
        )


def _most_bytes(one: ListColumns, members: int) -> tuple[int, ...]:
    owners = members if one.declared.of == "member" else 1
    return one.bytes(owners, owners * one.most)


def bounds_of(type_: Type) -> tuple[int, int]:
    """The least and the greatest integer that a column of a type may hold."""
    match type_:
        case Truth():
            return 0, 3
        case Code(_, size):
            return 1, (1 << size) - 1
        case Number(_, _, low, high) | Day(low, high):
            return low, high
        case _:
            raise AssertionError(type_)


def layout_of(program: Program) -> Layout:
    """The layout of a program's columns."""
    next_pointer = POINTERS

    def group(name: str, level: Level, parts: tuple[tuple[ColumnPart, Storage], ...]) -> tuple[MemoryColumn, ...]:
        nonlocal next_pointer
        start = next_pointer
        next_pointer += 4 * len(parts)
        return tuple(MemoryColumn(name, level, part, kind, start + 4 * i) for i, (part, kind) in enumerate(parts))

    household = tuple(group(column.name, "household", _input_parts(column)) for column in program.household_inputs)
    member = tuple(group(column.name, "member", _input_parts(column)) for column in program.member_inputs)
    outputs = {one.definition: group(one.id, one.level, _output_parts(one)) for one in program.outputs}
    lists = []
    for one in program.lists:
        offsets, more = group(one.name, one.of, (("offsets", "u32"), ("more", "u32")))
        items = (group(column.name, one.name, _item_parts(column)) for column in program.item_inputs[one.name])
        lists.append(ListColumns(one, offsets, more, tuple(items)))
    return Layout(household, member, outputs, tuple(lists), next_pointer)


def storage_of(type_: Type) -> Storage:
    """What a value (or one end of it) is kept in."""
    match type_:
        case Truth():
            return "u8"
        case Code(name, size):
            return _mask(name, size)
        case Number(_, _, low, high) | Day(low, high):
            return "i32" if low >= -(2**31) and high < 2**31 else "i64"
        case _:
            raise AssertionError(type_)


def _mask(name: str, size: int) -> Storage:
    if size > 64:
        raise ValueError(f"the code list {name} has {size} codes; a compiled ruleset takes 64 at most")
    return "u8" if size <= 8 else "u16" if size <= 16 else "u32" if size <= 32 else "u64"


def _input_parts(column: Input) -> tuple[tuple[ColumnPart, Storage], ...]:
    kind = storage_of(column.type)
    if column.required or isinstance(column.type, Truth | Code):
        return (("both", kind),)
    return (("low", kind), ("high", kind))


def _item_parts(column: Input) -> tuple[tuple[ColumnPart, Storage], ...]:
    """As of other inputs, but that one that is required is not known of further items."""
    kind = storage_of(column.type)
    return (("both", kind),) if isinstance(column.type, Truth | Code) else (("low", kind), ("high", kind))


def _output_parts(output: Output) -> tuple[tuple[ColumnPart, Storage], ...]:
    """Of a number or day both ends, as wide as the module works with them; of a code its mask, likewise."""
    match output.type:
        case Truth():
            return (("outcome" if output.role == "outcome" else "both", "u8"),)
        case Code(name, size):
            return (("both", "u64" if _mask(name, size) == "u64" else "u32"),)
        case _:
            return (("low", "i64"), ("high", "i64"))
