"""Invented registries for the comparisons of batches: Arrow, a row a household, members in a list of structs.

In: how many households. Out: a record batch with the facts of `rules13`. Called by `batch.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

STATES = ("not_out", "out_benefiting", "out")
GRADES = ("a", "b", "c", "d")
LEVELS = ("no_level", "one", "two", "three")
SCHOOLS = ("not_in_school", "primary", "vocational", "college")
SIZES = ((1, 0.2), (2, 0.35), (3, 0.23), (4, 0.13), (5, 0.06), (6, 0.02), (7, 0.007), (8, 0.003))

Array = np.ndarray[Any, Any]


def named(letter: str, count: int) -> pa.Array:
    """`p0`, `p1`, …"""
    return pc.binary_join_element_wise(letter, pa.array(np.arange(count)).cast(pa.string()), "")


def registry(households: int, seed: int, missing: float = 0.0) -> pa.RecordBatch:
    """Households with 2.6 members on average; `missing` is the share of facts that nobody gave."""
    chance = np.random.default_rng(seed)
    sizes = chance.choice([size for size, _ in SIZES], households, p=[share for _, share in SIZES])
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    members = int(offsets[-1])

    def lost(count: int) -> Array | None:
        return chance.random(count) < missing if missing else None

    def codes(names: tuple[str, ...], shares: list[float], count: int) -> pa.Array:
        drawn = chance.choice(len(names), count, p=shares).astype(np.int8)
        return pa.DictionaryArray.from_arrays(pa.array(drawn, mask=lost(count)), pa.array(names))

    def money(fen: Array) -> pa.Array:
        words = np.zeros((len(fen), 2), np.int64)
        words[:, 0] = fen
        column = pa.Array.from_buffers(pa.decimal128(18, 2), len(fen), [None, pa.py_buffer(words)])
        gone = lost(len(fen))
        return column if gone is None else pc.if_else(pa.array(gone), None, column)

    def truths(share: float, count: int) -> pa.Array:
        return pa.array(chance.random(count) < share, mask=lost(count))

    born = chance.integers(-16436, 17897, members).astype(np.int32)  # 1925 to 2018
    cost = np.where(chance.random(members) < 0.6, 0, chance.integers(0, 40_000_000, members))
    person = {
        "id": named("p", members),
        "born": pa.array(born, pa.date32(), mask=lost(members)),
        "allowance": truths(0.4, members),
        "level": codes(LEVELS, [0.85, 0.05, 0.05, 0.05], members),
        "school": codes(SCHOOLS, [0.75, 0.15, 0.05, 0.05], members),
        "insured": truths(0.9, members),
        "able": truths(0.5, members),
        "cost": money(cost),
    }
    structs = pa.StructArray.from_arrays(list(person.values()), list(person))
    own = {
        "id": named("h", households),
        "state": codes(STATES, [0.3, 0.5, 0.2], households),
        "income": money(chance.integers(100_000, 1_000_000, households)),
        "house": codes(GRADES, [0.7, 0.2, 0.07, 0.03], households),
        "members": pa.ListArray.from_arrays(pa.array(offsets), structs),
    }
    return pa.RecordBatch.from_arrays(list(own.values()), list(own))
