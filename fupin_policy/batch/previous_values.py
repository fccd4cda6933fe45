"""What an earlier result says of the facts of many households, row by row.

In: the decisions of an earlier run on them. Out: columns for each level. Called by `bucket_decisions`, read by
`chunks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.column_readers import ReadColumn
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.possible import FALSE, UNKNOWN
from fupin_policy.core.program import Program
from fupin_policy.core.types import Day, Number
from fupin_policy.intake.previous_result import OUTCOMES


@dataclass(frozen=True, slots=True)
class PreviousColumns:
    """By fact what a result of the day `day` says of each subject of one level, in the order of a batch."""

    day: int
    columns: Mapping[str, ReadColumn]

    def at(self, rows: slice | Array) -> PreviousColumns:
        """Of some of them."""
        return PreviousColumns(self.day, {name: _rows(one, rows) for name, one in self.columns.items()})


PreviousValues = tuple[PreviousColumns, PreviousColumns]
"""What an earlier result says of households, and of their members."""


def _rows(column: ReadColumn, rows: slice | Array) -> ReadColumn:
    there = None if column.there is None else column.there[rows]
    return ReadColumn(column.low[rows], column.high[rows], there=there)


@dataclass(frozen=True, slots=True)
class PreviousDecisions:
    """The rows of an earlier result: ids, policy, status, ends of amounts and first days.

    Who has no row was refused by the policies of which the result is `complete`, but for the households that were
    `rejected` then: of these nothing is known.
    """

    day: int
    rows: pa.Table
    complete: frozenset[str]
    rejected: frozenset[str]

    def values(self, program: Program, households: pa.Array, owners: Array, members: pa.Array) -> PreviousValues:
        """Of households by their ids, and of members by theirs and the row of their household."""
        lost = pc.is_in(households, value_set=pa.array(sorted(self.rejected), pa.string()))
        unknown = lost.to_numpy(zero_copy_only=False)
        ids = {"household": (households, unknown)}
        ids["member"] = (joined_ids(households.take(pa.array(owners, pa.int64())), members), unknown[owners])
        own, inner = (
            {
                fact.name: self._column(program, fact, *ids[level])
                for fact in program.facts
                if fact.previous is not None and fact.level == level
            }
            for level in ids
        )
        return PreviousColumns(self.day, own), PreviousColumns(self.day, inner)

    def _column(self, program: Program, fact: FactDecl, ids: pa.Array, unknown: Array) -> ReadColumn:
        """What is known of a fact for each of some subjects."""
        rows = self.rows.filter(pc.equal(self.rows["policy"], fact.previous))
        names = ("household", "member") if fact.level == "member" else ("household",)
        named = joined_ids(*(rows[name] for name in names))
        at = pc.fill_null(pc.index_in(ids, value_set=named), -1).to_numpy(zero_copy_only=False)
        silent = np.where(unknown | (fact.previous not in self.complete), UNKNOWN, FALSE)
        told = np.array([*(OUTCOMES[one] for one in rows["status"].to_pylist()), FALSE], np.uint8)
        outcome = np.where(at < 0, silent, told[at]).astype(np.uint8)
        if isinstance(fact.type, Number):
            power = 10 ** (fact.type.scale - program.decimals)
            low, high = _ends(rows, "amount", at, (fact.type.low, fact.type.high), power)
            nothing = outcome == FALSE
            return ReadColumn(np.where(nothing, 0, low), np.where(nothing, 0, high))
        if isinstance(fact.type, Day):
            low, high = _ends(rows, "first_day", at, (fact.type.low, fact.type.high))
            return ReadColumn(low, high, there=outcome)
        return ReadColumn(outcome, outcome)


def _ends(rows: pa.Table, name: str, at: Array, whole: tuple[int, int], power: int = 1) -> tuple[Array, Array]:
    """Both ends of what stands at some rows; the whole range where there is no row (-1), or nothing in it."""
    found = []
    for end, bound in zip(("min", "max"), whole, strict=True):
        column = rows[f"{name}_{end}"] if f"{name}_{end}" in rows.column_names else pa.nulls(rows.num_rows, pa.int64())
        numbers = column.cast(pa.int32()) if pa.types.is_date32(column.type) else column
        given = pc.is_valid(numbers).to_numpy(zero_copy_only=False)
        values = pc.fill_null(numbers.cast(pa.int64()), 0).to_numpy(zero_copy_only=False) * power
        found.append(np.append(np.where(given, values, bound), bound)[at])
    return found[0], found[1]


def joined_ids(*columns: pa.Array) -> pa.Array:
    """Ids that together tell rows apart, as one text each; no line ends in them."""
    joined = pc.binary_join_element_wise(*columns, "\n", null_handling="replace")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
