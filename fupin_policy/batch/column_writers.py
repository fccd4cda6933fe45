"""The facts of households, or of members, written into a module's memory.

In: the columns of one table. Out: what is refused. Called by `chunks` for each of the two levels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.column_binding import Bound, BoundTable
from fupin_policy.batch.column_readers import ColumnReader, ReadColumn, Refusals, refused_at
from fupin_policy.batch.number_columns import DerivedRows, TableNumbers, nothing_given
from fupin_policy.batch.period_lists import BoundList, listed, read_part
from fupin_policy.batch.previous_values import PreviousColumns
from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import Input
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN, Value, top
from fupin_policy.core.types import Code, Day, Number, Truth, Type
from fupin_policy.evaluators.wasm.columnar import Space
from fupin_policy.evaluators.wasm.layout import MemoryColumn
from fupin_policy.intake.partial import Slot
from fupin_policy.intake.scalars import Fault, Unreadable, number_text


@dataclass(frozen=True, slots=True)
class Absent:
    """An input whose fact is not given for the subjects that `rows` marks, and what is taken there of each: what its
    fact declares, or, where `previous` is its day, what an earlier result says."""

    input: InputId
    columns: tuple[MemoryColumn, ...]
    ends: tuple[Array, ...]
    rows: Array
    previous: int | None = None

    def value(self, row: int) -> Value:
        """What is taken of a subject."""
        found = [int(end[row]) for end in self.ends[: len(self.columns)]]
        return (found[0], found[1]) if len(found) > 1 else found[0]

    @property
    def exact(self) -> bool:
        """Whether it is known exactly of every subject."""
        low, high = self.ends
        known = low == high if len(self.columns) > 1 or self.previous is None else low != UNKNOWN
        return bool((known | ~self.rows).all())


@dataclass(frozen=True, slots=True)
class Filled:
    """What is refused, by the column's name; and whether every input is known exactly.

    `assumable` are the inputs of which something may be assumed, `exact_if_assumed` whether all are exact then.
    `unused`: by fact, how many values are of months that no rule looks at.
    """

    refused: tuple[tuple[str, Refusals], ...]
    exact: bool
    assumable: tuple[Absent, ...]
    exact_if_assumed: bool
    unused: Mapping[str, int]
    derived: tuple[DerivedRows, ...] = ()
    """Of which rows numbers of identity tell more than is given."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The columns in memory of one input; `past`: it reaches up to the day that is asked about."""

    input: Input
    columns: tuple[MemoryColumn, ...]
    past: bool


class LevelColumns:
    """The inputs of one level of a program, and where in memory they stand."""

    __slots__ = ("_assuming", "_dates", "_declared", "_fillable", "_groups")

    def __init__(
        self,
        inputs: tuple[Input, ...],
        columns: tuple[tuple[MemoryColumn, ...], ...],
        places: set[str],
        slots: Iterable[Slot],
        fillable: Iterable[Slot] = (),
    ) -> None:
        slots = tuple(slots)
        self._fillable = {one.fact.name: Bound(-1, one.fact.label, one.fact, ColumnReader(one)) for one in fillable}
        self._assuming = tuple(one for one in slots if one.columns)
        self._declared = {one.fact.name for one in self._assuming}
        self._dates = {one.fact.given: one.fact.name for one in slots if one.fact.given is not None}
        self._groups = tuple(
            _Group(one, parts, one.past and isinstance(one.type, Day) and one.name not in places)
            for one, parts in zip(inputs, columns, strict=True)
        )

    def fill(
        self,
        table: BoundTable,
        columns: Mapping[int, pa.Array],
        space: Space,
        as_of: int,
        assume: bool,
        previous: PreviousColumns | None,
        once: Mapping[str, Array] = MappingProxyType({}),
    ) -> Filled:
        """Write every input: what has no column, or is refused, as unknown. With `assume` what is declared is taken.

        `once` has, by number of identity, the truths whether each stands once.
        """
        refused: list[tuple[str, Refusals]] = []
        filled: set[int] = set()
        given: dict[str, Array | None] = {}
        there: dict[int, Array] = {}
        unused: Counter[str] = Counter()
        exact = exact_if_assumed = True
        numbers = TableNumbers.of(
            table.facts, columns, {name: one.fact for name, one in self._fillable.items()}, as_of, once
        )
        for bound in (*table.facts, *(self._fillable[name] for name in numbers.without_column(table.facts))):
            if bound.reader is None:
                continue
            given_column = columns.get(bound.position)
            read = nothing_given(bound.fact, numbers.count) if given_column is None else bound.reader.read(given_column)
            read = numbers.taken(bound.fact, read)
            found = [*read.refused, *_demanded(bound, read)]
            used = bound.reader.slot.columns
            if used and not bound.reader.several and self._groups[used[0]].past:
                found += _late(read, as_of)
                read = _settled(read, as_of)
            if read.there is not None or self._tells(bound.fact.name):
                found += _met(there, used[-1], bound, read)
            refused += [(bound.name, one) for one in found]
            if bound.fact.series is not None and not bound.looked_at:
                unused[bound.fact.series.label] += len(read.low) if read.given is None else int((read.given != 0).sum())
            self._write(bound, read, space, filled)
            filled.update(used)
            exact = exact and (read.exact or not used)
            if bound.fact.name not in self._declared:
                exact_if_assumed = exact_if_assumed and (read.exact or not used)
            else:
                exact_if_assumed = exact_if_assumed and _exact_where_given(bound.reader, read)
            for name in (bound.fact.name, bound.fact.given, self._dates.get(bound.fact.name)):
                if name in self._declared:
                    given[name] = _either(given[name], read.given) if name in given else read.given
        for one in table.lists:
            settled = self._fill_list(one, columns[one.position], space, as_of, filled, refused, unused)
            exact, exact_if_assumed = exact and settled, exact_if_assumed and settled
        settled = self._write_beside(numbers, space, filled)
        exact, exact_if_assumed = exact and settled, exact_if_assumed and settled
        for index, truths in there.items():
            space.inputs[self._groups[index].columns[0].pointer][:] = truths
        for index, group in enumerate(self._groups):
            if index not in filled:
                _write_unknown(group, space, as_of)
        taken = [one for slot in self._assuming for one in self._taken(slot, given, space, assume, previous)]
        if previous is not None:
            refused += [fault for slot in self._assuming for fault in _beyond(slot, taken, previous)]
        exact = exact and len(filled) == len(self._groups)
        filled.update(index for slot in self._assuming for index in slot.columns)
        exact_if_assumed = exact_if_assumed and len(filled) == len(self._groups) and (assume or previous is None)
        if_assumed = exact_if_assumed and all(one.exact for one in taken)
        return Filled(tuple(refused), exact, tuple(taken), if_assumed, unused, tuple(numbers.derived))

    def _fill_list(
        self,
        bound: BoundList,
        column: pa.Array,
        space: Space,
        as_of: int,
        filled: set[int],
        refused: list[tuple[str, Refusals]],
        unused: Counter[str],
    ) -> bool:
        """Write the months of a column of lists; whether all of them are known exactly."""
        found = listed(bound, column)
        refused += [(bound.period_name, one) for one in found.refused]
        exact = True
        for part in bound.parts:
            told = read_part(part, bound, found, as_of)
            refused += told.refused
            unused[part.series.label] += told.unused
            known = {index: np.zeros(len(column), bool) for columns in part.columns for index in columns}
            for index in known:
                _write_unknown(self._groups[index], space, as_of)
            for columns, subjects, at in told.places:
                for index in columns:
                    for target, values in zip(
                        self._groups[index].columns, (told.read.low, told.read.high), strict=False
                    ):
                        space.inputs[target.pointer][subjects] = values[at]
                    known[index][subjects] = True
            filled.update(known)
            exact = exact and told.read.exact and all(one.all() for one in known.values())
        return exact

    def _write_beside(self, numbers: TableNumbers, space: Space, filled: set[int]) -> bool:
        """Write what is known of numbers of identity; whether all of that is known exactly."""
        exact = True
        for index, group in enumerate(self._groups):
            truths = numbers.beside.get(str(group.input.id))
            if truths is not None:
                space.inputs[group.columns[0].pointer][:] = truths
                filled.add(index)
                exact = exact and bool((truths != UNKNOWN).all())
        return exact

    def _tells(self, name: str) -> bool:
        """Whether a fact is that beside a date that may be none."""
        return name in self._dates

    def _taken(
        self,
        slot: Slot,
        given: Mapping[str, Array | None],
        space: Space,
        assume: bool,
        previous: PreviousColumns | None,
    ) -> Iterator[Absent]:
        """What is taken of a fact where it is not given: what an earlier result says, or else what it declares."""
        before = None if previous is None else previous.columns.get(slot.fact.name)
        absent = slot.fact.absent if assume else None
        if before is None and absent is None:
            return
        stands = given.get(slot.fact.name, np.zeros(1, np.uint8))
        groups = [self._groups[index] for index in slot.columns]
        count = len(space.inputs[groups[0].columns[0].pointer])
        rows = np.zeros(count, bool) if stands is None else np.broadcast_to(stands == 0, count)
        if not rows.any():
            return
        if before is not None and previous is not None:
            low, high = (_within(groups[0].input.type, end) for end in (before.low, before.high))
            ends = [(low, high), *([] if before.there is None else [(before.there, before.there)])]
            for group, pair in zip(groups, ends, strict=True):
                yield Absent(group.input.id, group.columns, pair, rows, previous.day)
        elif absent is not None:
            for group, value in zip(groups, slot.values(absent.value), strict=True):
                both = value if isinstance(value, tuple) else (value, value)
                yield Absent(group.input.id, group.columns, tuple(np.broadcast_to(end, count) for end in both), rows)

    def _write(self, bound: Bound, read: ReadColumn, space: Space, filled: Collection[int]) -> None:
        """What a column says; of a month only where it says something, if the column for all months was `filled` in."""
        slot = bound.reader.slot if bound.reader is not None else None
        if slot is None or not slot.columns:
            return
        if bound.reader is not None and bound.reader.several:
            for index, bit in zip(slot.columns, slot.bits, strict=True):
                _write_bit(self._groups[index], read, bit, space)
            return
        for index in slot.columns[:1] if bound.fact.series is None else slot.columns:
            said = slice(None) if index not in filled or read.given is None else read.given != 0
            for column, values in zip(self._groups[index].columns, (read.low, read.high), strict=False):
                space.inputs[column.pointer][said] = values[said]


def _within(type_: Type, values: Array) -> Array:
    """Values kept within what a type allows: those that are not are refused."""
    return np.clip(values, type_.low, type_.high) if isinstance(type_, Number | Day) else values


def _beyond(slot: Slot, taken: Iterable[Absent], previous: PreviousColumns) -> Iterator[tuple[str, Refusals]]:
    """Where an earlier result says of a fact what that cannot be."""
    fact, type_ = slot.fact, slot.fact.type
    rows = next((one.rows for one in taken if one.input.fact == fact.name), None)
    if rows is None or fact.name not in previous.columns or not isinstance(type_, Number | Day):
        return
    low, high = previous.columns[fact.name].low, previous.columns[fact.name].high
    for at in np.flatnonzero(rows & ((low < type_.low) | (high > type_.high))).tolist():
        end = int(low[at]) if low[at] < type_.low else int(high[at])
        raw = to_date(end).isoformat() if isinstance(type_, Day) else number_text(end, fact.given_scale)
        try:
            slot.read(raw)
        except Unreadable as error:
            yield fact.label, Refusals(np.array([at]), np.zeros(1, np.int64), ((raw, error.faults[0]),))


def _met(there: dict[int, Array], index: int, bound: Bound, read: ReadColumn) -> tuple[Refusals, ...]:
    """Whether there is a day, of which two facts may tell; they may not contradict each other."""
    said = read.low if read.there is None else read.there
    known = there.get(index, np.full(len(said), UNKNOWN, np.uint8))
    there[index] = np.where(known == UNKNOWN, said, known)
    at = np.flatnonzero((known != UNKNOWN) & (said != UNKNOWN) & (known != said))
    return refused_at(at, "", Fault("H038", (("name", bound.fact.label),)))


def _either(one: Array | None, other: Array | None) -> Array | None:
    """Where one of two columns says something; None where one does everywhere."""
    return None if one is None or other is None else np.maximum(one, other)


def _demanded(bound: Bound, read: ReadColumn) -> tuple[Refusals, ...]:
    """A required fact that is not given, or known in part only."""
    if not bound.fact.required:
        return ()
    words = (("name", bound.fact.label),)
    given = np.ones(len(read.low), bool) if read.given is None else read.given != 0
    partly = given & ~_exact(bound.reader, read) if bound.reader is not None else ~given
    lacking = refused_at(np.flatnonzero(~given), "", Fault("H016", words))
    return lacking + refused_at(np.flatnonzero(given & partly), "", Fault("H037", words))


def _exact_where_given(reader: ColumnReader, read: ReadColumn) -> bool:
    """Whether all values that are given are known exactly."""
    return read.exact or bool((_exact(reader, read) | (read.given == 0)).all())


def _exact(reader: ColumnReader, read: ReadColumn) -> Array:
    """Which values are known exactly."""
    if reader.several:
        return np.ones(len(read.low), bool) if read.given is None else read.given == 1
    match reader.type:
        case Truth():
            found = read.low != UNKNOWN
        case Code():
            masks = read.low.astype(np.uint64)
            found = (masks & (masks - np.uint64(1))) == 0
        case _:
            found = read.low == read.high
            if read.there is not None:
                found = (found & (read.there == TRUE)) | (read.there == FALSE)
    return np.asarray(found)


def _late(read: ReadColumn, as_of: int) -> list[Refusals]:
    """A fact of the past that is given as later than the day asked about."""
    later = read.low > as_of if read.there is None else (read.low > as_of) & (read.there != FALSE)
    at = np.flatnonzero(later if read.given is None else later & (read.given == 1))
    if not len(at):
        return []
    days, kinds = np.unique(read.low[at], return_inverse=True)
    dates = [to_date(day) for day in days.tolist()]
    reasons = tuple((str(date), Fault("H028", (("given", date), ("as_of", to_date(as_of))))) for date in dates)
    return [Refusals(at, kinds, reasons)]


def _settled(read: ReadColumn, as_of: int) -> ReadColumn:
    """A fact of the past reaches no further than the day asked about."""
    if read.high is read.low:
        return read
    return replace(read, high=np.where(read.low > as_of, read.high, np.minimum(read.high, as_of)))


def _write_bit(group: _Group, read: ReadColumn, bit: int, space: Space) -> None:
    """One code of a fact that holds several."""
    truths = np.where((read.low & np.uint64(bit)) != 0, np.uint8(TRUE), np.uint8(0))
    if read.given is not None:
        truths = np.where(read.given == 1, truths, np.uint8(UNKNOWN))
    space.inputs[group.columns[0].pointer][:] = truths


def _write_unknown(group: _Group, space: Space, as_of: int) -> None:
    value = top(group.input.type)
    low, high = value if isinstance(value, tuple) else (value, value)
    if group.past and low <= as_of:
        high = min(high, as_of)
    for column, end in zip(group.columns, (low, high), strict=False):
        space.inputs[column.pointer][:] = end
