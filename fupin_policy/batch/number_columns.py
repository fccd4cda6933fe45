"""What numbers of identity tell of the rows of a table, met with what its other columns say.

In: the columns of one table. Out: columns of facts as if they had been given. Called by `column_writers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.column_binding import Binding, Bound, BoundTable
from fupin_policy.batch.column_readers import ReadColumn
from fupin_policy.batch.identity_columns import read_numbers, repeated
from fupin_policy.core.declarations import FactDecl, IdentityFormat
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN, top
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day
from fupin_policy.diagnostics import InputError


@dataclass(frozen=True, slots=True)
class DerivedRows:
    """The rows of which a number tells more of a fact than is given."""

    fact: FactDecl
    rows: Array


@dataclass(frozen=True, slots=True)
class _Told:
    """What numbers say of one fact: of which rows, and what; the truths beside the number are changed by it."""

    part: str
    rows: Array
    values: Array
    number: str


@dataclass(slots=True)
class TableNumbers:
    """The numbers of a table's rows. `beside` has, by the names of the facts beside numbers, what is known of them."""

    told: dict[str, _Told]
    beside: dict[str, Array]
    derived: list[DerivedRows]
    count: int = 0

    @classmethod
    def of(
        cls,
        bound: Iterable[Bound],
        columns: Mapping[int, pa.Array],
        facts: Mapping[str, FactDecl],
        as_of: int,
        once: Mapping[str, Array],
    ) -> TableNumbers:
        """What columns of numbers tell; `facts` are those that they may fill, `once` says whether each stands once."""
        found = cls({}, {}, [])
        for one in bound:
            if one.fact.number is not None:
                found.count = len(columns[one.position])
                found._add(one.fact, one.fact.number, columns[one.position], facts, as_of)
                if one.fact.number.unique:
                    found.beside[f"{one.fact.name}.unique"] = once.get(
                        one.fact.name, np.full(found.count, UNKNOWN, np.uint8)
                    )
        return found

    def _add(
        self, fact: FactDecl, number: IdentityFormat, column: pa.Array, facts: Mapping[str, FactDecl], as_of: int
    ) -> None:
        read = read_numbers(column, number.kind)
        valid = read.valid.copy()
        if number.birth is not None:
            born = facts[number.birth]
            if isinstance(born.type, Day):
                most = min(born.type.high, as_of) if born.past else born.type.high
                valid[(valid == TRUE) & ((read.birth < born.type.low) | (read.birth > most))] = FALSE
        right = valid == TRUE
        if number.kind is not None:
            self.beside |= {f"{fact.name}.legible": read.legible, f"{fact.name}.valid": valid}
        if number.birth is not None:
            self.told[number.birth] = _Told("birth", right, read.birth, fact.name)
        if number.sex is not None:
            masks = np.where(read.male, np.uint64(number.sex.male), np.uint64(number.sex.female))
            self.told[number.sex.name] = _Told("sex", right, masks, fact.name)

    def without_column(self, bound: Iterable[Bound]) -> set[str]:
        """The facts that numbers fill and of which there is no column."""
        return set(self.told) - {one.fact.name for one in bound}

    def taken(self, fact: FactDecl, read: ReadColumn) -> ReadColumn:
        """What a column says and numbers tell of it: where they contradict each other, what the column says."""
        told = self.told.get(fact.name)
        if told is None:
            return read
        if isinstance(fact.type, Code):
            agrees, same = (read.low & told.values) != 0, read.low == told.values
        else:
            agrees = (read.low <= told.values) & (told.values <= read.high)
            same = (read.low == told.values) & (read.high == told.values)
        truths = np.full(len(agrees), UNKNOWN, np.uint8)
        truths[told.rows] = np.where(agrees[told.rows], np.uint8(TRUE), np.uint8(FALSE))
        self.beside[f"{told.number}.{told.part}"] = truths
        taken = told.rows & agrees
        given = np.ones(len(agrees), np.uint8) if read.given is None else read.given
        self.derived.append(DerivedRows(fact, taken & (~same | (given != 1))))
        low = np.where(taken, told.values, read.low).astype(read.low.dtype)
        high = low if isinstance(fact.type, Code) else np.where(taken, told.values, read.high).astype(read.high.dtype)
        stands = np.where(taken, np.uint8(1), given)
        single = (low & (low - low.dtype.type(1))) == 0 if isinstance(fact.type, Code) else low == high
        return replace(read, low=low, high=high, given=stands, exact=bool(single.all()))


def nothing_given(fact: FactDecl, count: int) -> ReadColumn:
    """A column of a fact of which nothing is given."""
    whole = top(fact.type) if fact.type is not None else UNKNOWN
    low, high = whole if isinstance(whole, tuple) else (whole, whole)
    kind = np.uint64 if isinstance(fact.type, Code) else np.int64
    ends = np.full(count, low, kind)
    return ReadColumn(ends, ends if high == low else np.full(count, high, kind), np.zeros(count, np.uint8))


Once = tuple[Mapping[str, Array], Mapping[str, Array]]
"""Of households and of members: by number of identity that must stand once the truths whether each does."""
NOTHING_ONCE: Once = ({}, {})


def once_in(batch: pa.RecordBatch, binding: Binding) -> Once:
    """Whether each number stands once among all rows of a batch: that it does not is sure, that it does is not."""
    own = {one.position: batch.column(one.position) for one in _unique(binding.households)}
    inner: dict[int, pa.Array] = {}
    if binding.members is not None and binding.list is not None and _unique(binding.members):
        fields = batch.column(binding.list).flatten().flatten()
        inner = {one.position: fields[one.position] for one in _unique(binding.members)}
    return _repeated(binding.households, own), _repeated(binding.members, inner)


def _unique(table: BoundTable | None) -> list[Bound]:
    facts = () if table is None else table.facts
    return [one for one in facts if one.fact.number is not None and one.fact.number.unique]


def _repeated(table: BoundTable | None, columns: Mapping[int, pa.Array]) -> dict[str, Array]:
    numbers = ((one.fact, one.fact.number, columns[one.position]) for one in _unique(table))
    return {fact.name: repeated(read_numbers(column, number.kind)) for fact, number, column in numbers if number}


def part_of(once: Once, households: slice, members: slice) -> Once:
    """The same of some rows of each table."""
    own, inner = once
    return {name: one[households] for name, one in own.items()}, {name: one[members] for name, one in inner.items()}


def numbers_fill(program: Program) -> list[FactDecl]:
    """The facts that numbers of identity fill."""
    facts = {fact.name: fact for fact in program.facts}
    return [facts[name] for fact in program.facts if fact.number is not None for name in fact.number.fills]


def refuse_unique(facts: Iterable[FactDecl], code: str = "B201") -> None:
    """Refuse facts of which it must be seen in all rows at once whether each stands once. Raises InputError."""
    for fact in facts:
        if fact.number is not None and fact.number.unique:
            raise InputError.of(code, fact.label, name=fact.label)
