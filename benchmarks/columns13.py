"""The columns of the record batch of `registry13` as the peers take them: as plain arrays, or as two flat tables.

In: the record batch. Out: arrays, or tables; the names of the rules, and what an answer is. Called by the peers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
from registry13 import Array

MEMBER_RULES = ("old_age", "severe", "living", "yulu", "pension", "illness", "care", "school_aid")
HOUSEHOLD_RULES = ("premium", "subsistence", "housing", "many_disabled", "family_cost")

Answer = dict[str, Array]
Run = Callable[[], Answer]


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
    """Households, and members with the number of their household; money in fen, codes as texts."""
    lists = batch.column("members")
    persons = lists.values
    offsets = lists.offsets.to_numpy()
    owners = np.repeat(np.arange(batch.num_rows, dtype=np.int32), np.diff(offsets))

    def column(array: pa.Array) -> pa.Array:
        if not pa.types.is_decimal(array.type):
            return array
        fen = np.frombuffer(array.buffers()[1], np.int64)[: 2 * len(array) : 2]
        return pa.array(fen, mask=array.is_null().to_numpy(zero_copy_only=False) if array.null_count else None)

    own = {"h": pa.array(np.arange(batch.num_rows, dtype=np.int32)), "size": pa.array(np.diff(offsets))}
    own |= {name: column(batch.column(name)) for name in ("state", "income", "house")}
    inner = {"h": pa.array(owners), "m": pa.array(np.arange(len(persons), dtype=np.int32))}
    names = [field.name for field in persons.type]
    inner |= {n: column(a) for n, a in zip(names, persons.flatten(), strict=True) if n != "id"}
    return pa.table(own), pa.table(inner)
