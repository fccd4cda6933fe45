"""The columns of the record batch of `registry13` as the peers take them: as plain arrays, or as two flat tables.

In: the record batch. Out: arrays, or tables; the names of the rules, and what an answer is. Called by the peers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa
from registry13 import Array

MEMBER_RULES = ("old_age", "severe", "living", "yulu", "pension", "illness", "care", "school_aid")
HOUSEHOLD_RULES = ("premium", "subsistence", "housing", "many_disabled", "family_cost")

EPOCH = date(1970, 1, 1).toordinal()

Answer = dict[str, Array]
Run = Callable[[], Answer]


AGES = (6, 15, 16, 60, 80, 90)
"""The ages at which a rule says something else."""


def cuts(as_of: date) -> dict[int, int]:
    """For each of these ages the last day of birth, as days since 1970, of those who have completed it on a day.

    One born on 29 February completes a year of a common year on 1 March.
    """

    def last(years: int) -> date:
        try:
            return as_of.replace(year=as_of.year - years)
        except ValueError:
            return date(as_of.year - years, 2, 28)

    return {years: last(years).toordinal() - EPOCH for years in AGES}


def plain(batch: pa.RecordBatch) -> dict[str, Array]:
    """The columns as plain arrays: codes as bytes, days as int32, money in fen as int64, truths as bytes."""

    def column(array: pa.Array) -> Array:
        if pa.types.is_dictionary(array.type):
            return np.ascontiguousarray(array.indices.to_numpy(zero_copy_only=False).astype(np.uint8))
        if pa.types.is_decimal(array.type):
            return np.ascontiguousarray(np.frombuffer(array.buffers()[1], np.int64)[: 2 * len(array) : 2])
        if pa.types.is_boolean(array.type):
            return np.asarray(array.to_numpy(zero_copy_only=False), np.uint8)
        return np.ascontiguousarray(array.cast(pa.int32()).to_numpy())

    lists = batch.column("members")
    persons = dict(zip((f.name for f in lists.type.value_type), lists.values.flatten(), strict=True))
    own = {name: column(batch.column(name)) for name in ("state", "income", "house")}
    inner = {name: column(persons[name]) for name in persons if name != "id"}
    return {"offsets": lists.offsets.to_numpy(), **own, **inner}


def tables(batch: pa.RecordBatch) -> tuple[pa.Table, pa.Table]:
    """Households with their sizes, and members with their numbers; money in 分, codes as small numbers."""
    offsets = batch.column("members").offsets.to_numpy()
    sizes = np.diff(offsets)
    persons = batch.column("members").values
    own = {"h": pa.array(np.arange(batch.num_rows, dtype=np.int32)), "size": pa.array(sizes.astype(np.int64))}
    own |= {name: _small(batch.column(name)) for name in ("state", "income", "house")}
    inner = {"h": pa.array(np.repeat(np.arange(batch.num_rows, dtype=np.int32), sizes))}
    inner["m"] = pa.array(np.arange(len(persons), dtype=np.int32))
    names = [field.name for field in persons.type]
    inner |= {name: _small(one) for name, one in zip(names, persons.flatten(), strict=True) if name != "id"}
    return pa.table(own), pa.table(inner)


def _small(array: pa.Array) -> pa.Array:
    """A column as engines of tables like it best; what is missing stays so."""
    if pa.types.is_dictionary(array.type):
        return array.indices.cast(pa.uint8())
    if pa.types.is_decimal(array.type):
        fen = np.frombuffer(array.buffers()[1], np.int64)[: 2 * len(array) : 2]
        return pa.array(fen, mask=array.is_null().to_numpy(zero_copy_only=False) if array.null_count else None)
    return array
