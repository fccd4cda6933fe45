"""The thirteen rules as a function that Numba compiles: rule by rule over blocks of members. See `batch_peers`."""

from __future__ import annotations

import functools
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from columns13 import HOUSEHOLD_RULES, MEMBER_RULES, Answer, Run, cuts, plain

BLOCK = 1024
COLUMNS = ("offsets", "state", "income", "house", "born", "allowance", "level", "school", "insured", "able", "cost")


def prepare_numba(batch: pa.RecordBatch, as_of: date, threads: int) -> Run:
    """One thread, into arrays that stand ready; its compiling is part of the preparation."""
    columns, days, decide = plain(batch), cuts(as_of), compiled()
    answer: Answer = {name: np.zeros(len(columns["born"]), np.int64) for name in MEMBER_RULES}
    answer |= {name: np.zeros(batch.num_rows, np.int64) for name in HOUSEHOLD_RULES}
    given: list[Any] = [columns[name] for name in COLUMNS]
    given += [np.int32(days[years]) for years in (60, 80, 90, 16, 6, 15)]

    def run() -> Answer:
        decide(*given, *answer.values())
        return answer

    return run


@functools.cache
def compiled() -> Any:
    """The function, compiled when it is first called."""
    from numba import njit

    return njit(_decide)


def _decide(  # type: ignore[no-untyped-def]
    offsets, state, income, house, born, allowance, level, school, insured, able, cost,
    d60, d80, d90, d16, d6, d15,
    old_age, severe, living, yulu, pension, illness, care, school_aid,
    premium, subsistence, housing, many_disabled, family_cost,
):  # fmt: skip
    served = np.empty(offsets[-1], np.uint8)
    first = 0
    while first < len(state):
        stop = min(len(state), first + BLOCK)
        start, end = offsets[first], offsets[stop]
        for h in range(first, stop):
            for m in range(offsets[h], offsets[h + 1]):
                served[m] = state[h] < 2
        for m in range(start, end):
            tier = 8_000 + 2_000 * (born[m] <= d80) + 10_000 * (born[m] <= d90)
            old_age[m] = tier * (served[m] & allowance[m] & (born[m] <= d60))
        for m in range(start, end):
            severe[m] = (served[m] & ((level[m] == 1) | (level[m] == 2))) * (10_000 + 2_000 * (level[m] == 1))
        for m in range(start, end):
            living[m] = (served[m] & allowance[m] & (level[m] != 0)) * 11_000
        for m in range(start, end):
            yulu[m] = (served[m] & (school[m] >= 2)) * 300_000
        for m in range(start, end):
            in_work = (born[m] <= d16) & (born[m] > d60) & (school[m] == 0)
            pension[m] = (served[m] & insured[m] & in_work) * 10_000
        for m in range(start, end):
            paid = (min(cost[m], 10_000_000) - 500_000) * 65 + max(min(cost[m], 20_000_000) - 10_000_000, 0) * 75
            paid = max(paid + max(cost[m] - 20_000_000, 0) * 85 + 50, 0)
            illness[m] = np.int64(np.uint64(paid) // np.uint64(100)) * (served[m] & insured[m] & (cost[m] > 500_000))
        for m in range(start, end):
            needed = served[m] & ((level[m] == 1) | (level[m] == 2)) & (allowance[m] ^ 1)
            care[m] = needed * (8_000 + 2_000 * (born[m] <= d60))
        for m in range(start, end):
            school_aid[m] = (served[m] & (school[m] == 1) & (born[m] <= d6) & (born[m] > d15)) * 100_000
        for h in range(first, stop):
            any_able, disabled, total = 0, 0, 0
            for m in range(offsets[h], offsets[h + 1]):
                any_able |= able[m]
                disabled += (level[m] == 1) | (level[m] == 2)
                total += cost[m] * insured[m]
            s, size = np.int64(state[h] < 2), offsets[h + 1] - offsets[h]
            over = max(total - 3_000_000, 0)
            premium[h] = s * 15_000 * size
            subsistence[h] = s * (any_able == 0) * max(510_000 - income[h], 0) * size
            housing[h] = s * (3_500_000 * (house[h] == 3) + 1_500_000 * (house[h] == 2))
            many_disabled[h] = s * (disabled >= 2) * 50_000 * disabled
            family_cost[h] = s * min((over * 30 + 50) // 100 * (over > 0), 2_000_000)
        first = stop
