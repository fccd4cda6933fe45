"""Tables besides those of households and members, whose rows belong to one of these: facts by month, items of lists.

In: the rows of a bucket, and who their owners are. Out: rows with their owners, in lists as the evaluator takes them,
and what is rejected. Called by `excluded_households` and `bucket_decisions`.
A household is decided only with all that its rows say: a row that belongs to none of its members takes it with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.mapping import TableMapping
from fupin_policy.batch.previous_values import joined_ids
from fupin_policy.batch.sql import ROW
from fupin_policy.batch.staging import HOUSEHOLD, MEMBER, PERIOD
from fupin_policy.intake.scalars import Fault, shown


@dataclass(frozen=True, slots=True)
class FurtherNames:
    """How a table and its columns are called where rejects are reported; `member` is None where rows are of households.

    `period` is the part of an entry that says of which month or year it is; `list` the list whose items rows are.
    """

    file: str
    household: str
    member: str | None
    period: str
    columns: Mapping[str, str]
    list: str | None = None

    @classmethod
    def of(cls, mapping: TableMapping, file: str) -> FurtherNames:
        """Of a mapped table that is called so."""
        columns = {column.fact.name: column.header for column in mapping.columns}
        period = "month" if mapping.period is None else mapping.period.each
        header = "" if mapping.period is None else mapping.period.header
        if mapping.list is None:
            columns[period] = header
        return cls(file, mapping.household, mapping.member, period, columns, mapping.list)

    def header(self, column: str) -> str:
        """The header of a column as the evaluator calls it, perhaps with a month."""
        if column == self.list:
            # what is wrong with a list itself is said of whose it is
            return self.member or self.household
        name = column.split(" ")[0]
        return self.columns.get(name, name)


def owners(rows: pa.Table, own: pa.Table, persons: pa.Table, names: FurtherNames) -> Array:
    """The row of each row's owner; -1 where there is none."""
    if names.member is None:
        ids, known = _whole(rows[HOUSEHOLD]), _whole(own[HOUSEHOLD])
    else:
        ids, known = (joined_ids(*(table[name] for name in (HOUSEHOLD, MEMBER))) for table in (rows, persons))
    found: Array = pc.fill_null(pc.index_in(ids, value_set=known), -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def without_owner(
    rows: pa.Table, own: pa.Table, persons: pa.Table, names: FurtherNames
) -> Iterator[tuple[int, str, bool, Fault]]:
    """By position the rows whose household is not there, or of whose household the member is not (then true)."""
    lost = np.flatnonzero(owners(rows, own, persons, names) < 0)
    if not len(lost):
        return
    there = pc.is_in(_whole(rows[HOUSEHOLD]), value_set=_whole(own[HOUSEHOLD])).to_numpy(zero_copy_only=False)
    for at in lost.tolist():
        if there[at]:
            member = rows[MEMBER][at].as_py() or ""
            yield at, member, True, Fault("B191", (("id", shown(member)),))
        else:
            household = rows[HOUSEHOLD][at].as_py()
            yield at, household, False, Fault("B190", (("id", shown(household)),))


@dataclass(frozen=True, slots=True)
class Further:
    """The rows of a table by their owners, and for each the rows of its owner and of its household."""

    rows: pa.Table
    names: FurtherNames
    owners: Array
    households: Array

    @classmethod
    def of(cls, rows: pa.Table, names: FurtherNames, own: pa.Table, persons: pa.Table) -> Further:
        """Of rows all of which have owners; those of one owner stay in their order."""
        whose = owners(rows, own, persons, names)
        order = np.argsort(whose, kind="stable")
        rows = rows.take(pa.array(order))
        households = pc.index_in(_whole(rows[HOUSEHOLD]), value_set=_whole(own[HOUSEHOLD]))
        return cls(rows, names, whose[order], households.to_numpy(zero_copy_only=False))

    @property
    def is_given(self) -> bool:
        """Whether the rows say something: items of a list do where there are none, too."""
        return self.names.list is not None or self.rows.num_rows > 0

    def lists(self, count: int) -> pa.Array:
        """The rows as lists of so many owners, each list in the order of its rows, with their numbers.

        An owner without rows has an empty list, which is to say: nothing, not: unknown.
        """
        offsets = np.searchsorted(self.owners, np.arange(count + 1)).astype(np.int32)
        inner = [name for name in self.rows.column_names if name not in (HOUSEHOLD, MEMBER)]
        columns = {self.names.period if name == PERIOD else name: _whole(self.rows[name]) for name in inner}
        for name in () if self.rows.num_rows else self.names.columns:
            columns.setdefault(name, pa.array([], pa.string()))
        structs = pa.StructArray.from_arrays([*columns.values()], [*columns])
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structs)

    def last_row(self, owner: int) -> int:
        """The number of the last row of an owner who has some."""
        return int(self.rows[ROW][int(np.searchsorted(self.owners, owner, "right")) - 1].as_py())


def by_columns(further: Sequence[Further]) -> dict[str, Further]:
    """Further tables by the columns in which their rows travel: a list's own name, or one that no fact has."""
    return {one.names.list or f"_further{at}": one for at, one in enumerate(further)}


def _whole(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    if isinstance(found, pa.ChunkedArray):
        found = found.chunk(0) if found.num_chunks else pa.array([], found.type)
    return found
