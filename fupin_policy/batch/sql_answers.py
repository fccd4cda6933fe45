"""Decisions of a batch as one struct for each household, as functions of SQL return them.

In: decided tables with the households of their rows. Out: columns, and their types. Called by `household_functions`
and `registry_functions`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.sql_types import plain
from fupin_policy.core.program import Program

_ENDS = {"": "status", "min": "amount_min", "max": "amount_max"}
"""What of a policy's columns in the wide form is called otherwise in a struct."""


class Answers(Protocol):
    """How what is decided of a household is told in one row."""

    @property
    def columns(self) -> tuple[pa.Field, ...]:
        """The columns."""

    def of(self, table: pa.Table, rows: Array, lost: Array) -> list[pa.Array]:
        """Decisions of households at `rows`, of as many as `lost` says; null where one is lost."""


@dataclass(frozen=True, slots=True)
class LongAnswers:
    """A list of decisions, a struct each."""

    decision: pa.StructType

    @classmethod
    def of_columns(cls, schema: pa.Schema) -> LongAnswers:
        """For tables with these columns."""
        return cls(pa.struct([(one.name, plain(one.type)) for one in schema if one.name != "household"]))

    @property
    def columns(self) -> tuple[pa.Field, ...]:
        """The column of lists."""
        return (pa.field("decisions", pa.list_(self.decision)),)

    def of(self, table: pa.Table, rows: Array, lost: Array) -> list[pa.Array]:
        """Decisions in the order of households; of one that is lost there are none."""
        return [listed(rows_of(table, self.decision), rows, len(lost), lost)]


@dataclass(frozen=True, slots=True)
class WideAnswers:
    """A struct with one for each policy, by its id, and one of figures if there are any."""

    parts: tuple[tuple[str, pa.DataType, tuple[str, ...]], ...]
    """A name, its type, and the columns of the table that it is put together from: of policies one after another."""

    @classmethod
    def of_columns(cls, schema: pa.Schema, program: Program) -> WideAnswers:
        """For tables with these columns."""
        ids = sorted((policy.id for policy in program.policies), key=len, reverse=True)
        policies: dict[str, list[pa.Field]] = {}
        others: list[pa.Field] = []
        order: list[str] = []
        for one in schema:
            whose = next((id_ for id_ in ids if one.name == id_ or one.name.startswith(f"{id_}.")), None)
            if whose is not None:
                last = one.name[len(whose) + 1 :]
                policies.setdefault(whose, []).append(pa.field(_ENDS.get(last, last), plain(one.type)))
                order.append(one.name)
            elif one.name != "household":
                others.append(pa.field(one.name, plain(one.type)))
        of_policies = pa.struct([(name, pa.struct(fields)) for name, fields in policies.items()])
        of_others = [(one.name, one.type, (one.name,)) for one in others]
        return cls((("policies", of_policies, tuple(order)), *of_others))

    @property
    def columns(self) -> tuple[pa.Field, ...]:
        """The structs."""
        return tuple(pa.field(name, kind) for name, kind, _ in self.parts)

    def of(self, table: pa.Table, rows: Array, lost: Array) -> list[pa.Array]:
        """A row for each household, null where it is lost."""
        places = np.full(len(lost), -1)
        places[rows] = np.arange(len(rows))
        taken = pa.array(places, mask=places < 0)
        return [self._part(table, kind, columns).take(taken) for _, kind, columns in self.parts]

    def _part(self, table: pa.Table, kind: pa.DataType, columns: tuple[str, ...]) -> pa.Array:
        if not pa.types.is_struct(kind):
            return whole(table[columns[0]])
        left = iter(columns)
        inner = []
        for at in range(kind.num_fields):
            own = kind.field(at).type
            parts = [whole(table[next(left)]) for _ in range(own.num_fields)]
            inner.append(pa.StructArray.from_arrays(parts, fields=list(own)))
        return pa.StructArray.from_arrays(inner, fields=list(kind)) if inner else pa.array([{}] * table.num_rows, kind)


def rows_of(table: pa.Table, kind: pa.StructType) -> pa.StructArray:
    """Rows as structs of those of its columns that the type has."""
    fields = [kind.field(at) for at in range(kind.num_fields)]
    return pa.StructArray.from_arrays([whole(table[one.name]) for one in fields], fields=fields)


def listed(values: pa.Array, owners: Array, count: int, none: Array | None = None) -> pa.ListArray:
    """Values in lists of so many owners, by whom they are sorted; null where there is to be no list."""
    ends = np.searchsorted(owners, np.arange(count + 1)).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(ends), values, mask=None if none is None else pa.array(none))


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column in one piece, of a plain type."""
    found = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(found, pa.ChunkedArray):
        found = found.chunk(0) if found.num_chunks else pa.array([], found.type)
    kind = plain(found.type)
    return found if found.type == kind else found.cast(kind)


def joined(pieces: Iterable[tuple[Array, pa.Array]], count: int, kind: pa.DataType) -> pa.Array:
    """Arrays for some rows each, put together in the order of rows."""
    given = [*pieces]
    if len(given) == 1:
        return given[0][1]
    places = np.zeros(count, np.int64)
    at = 0
    for rows, _ in given:
        places[rows] = np.arange(at, at + len(rows))
        at += len(rows)
    return pa.concat_arrays([pa.array([], kind), *(piece for _, piece in given)]).take(pa.array(places))
