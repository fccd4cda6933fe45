"""The thirteen rules on plain arrays: two kernels in C, and NumPy. See `batch_peers`."""

from __future__ import annotations

import ctypes
import functools
import subprocess
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from columns13 import HOUSEHOLD_RULES, MEMBER_RULES, Answer, Run, cuts, plain
from registry13 import Array

HERE = Path(__file__).parent
EPOCH = date(1970, 1, 1).toordinal()
BLOCK = 16_384


@functools.cache
def compiled(name: str) -> Any:
    """The function of a kernel, compiled once a process."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / f"{name}.so"
        command = ("gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(HERE / f"{name}.c"))
        subprocess.run(command, check=True)
        return ctypes.CDLL(str(library)).decide


def prepare_c(batch: pa.RecordBatch, as_of: date, threads: int) -> Run:
    """The kernel in C that goes household by household, on one thread, into arrays that it is given."""
    return _prepare_kernel("kernel13", batch, as_of)


def prepare_c_blocks(batch: pa.RecordBatch, as_of: date, threads: int) -> Run:
    """The kernel in C that goes rule by rule over blocks of members, without branches."""
    return _prepare_kernel("kernel13_blocks", batch, as_of)


def _prepare_kernel(name: str, batch: pa.RecordBatch, as_of: date) -> Run:
    columns, decide = plain(batch), compiled(name)
    order = ("offsets", "state", "income", "house", "born", "allowance", "level", "school", "insured", "able", "cost")
    households, members = batch.num_rows, len(columns["born"])
    given = (ctypes.c_void_p * len(order))(*(columns[name].ctypes.data for name in order))
    day = as_of.toordinal() - EPOCH

    answer = {name: np.zeros(members, np.int64) for name in MEMBER_RULES}
    answer.update({name: np.zeros(households, np.int64) for name in HOUSEHOLD_RULES})
    places = (ctypes.c_void_p * len(answer))(*(column.ctypes.data for column in answer.values()))

    def run() -> Answer:
        decide(households, day, given, places)
        return answer

    run.kept = columns  # type: ignore[attr-defined]
    return run


def prepare_numpy(batch: pa.RecordBatch, as_of: date, threads: int) -> Run:
    """Vectors over blocks that stay in the processor's cache, into arrays that stand ready; ages as cuts of birth days.

    A sparse amount (the slices of a cost) is worked out for those it concerns only.
    """
    c, day = plain(batch), cuts(as_of)
    offsets, households = c["offsets"], batch.num_rows
    allowance, insured, able = (c[name].view(bool) for name in ("allowance", "insured", "able"))
    answer = {name: np.zeros(len(c["born"]), np.int64) for name in MEMBER_RULES}
    answer |= {name: np.zeros(households, np.int64) for name in HOUSEHOLD_RULES}

    def of_members(part: slice, s: Array) -> tuple[Array, Array]:
        born, level, school, cost = c["born"][part], c["level"][part], c["school"][part], c["cost"][part]
        given, sure = s & allowance[part], s & insured[part]
        old, severe = born <= day[60], (level == 1) | (level == 2)
        tier = np.int64(8_000) + np.int64(2_000) * (born <= day[80]) + np.int64(10_000) * (born <= day[90])
        np.multiply(tier, given & old, out=answer["old_age"][part])
        np.multiply(np.int64(10_000) + np.int64(2_000) * (level == 1), s & severe, out=answer["severe"][part])
        np.multiply(given & (level != 0), np.int64(11_000), out=answer["living"][part])
        np.multiply(s & (school >= 2), np.int64(300_000), out=answer["yulu"][part])
        in_work = sure & (born <= day[16]) & ~old & (school == 0)
        np.multiply(in_work, np.int64(10_000), out=answer["pension"][part])
        care = s & severe & ~allowance[part]
        np.multiply(np.int64(8_000) + np.int64(2_000) * old, care, out=answer["care"][part])
        at_school = s & (school == 1) & (born <= day[6]) & (born > day[15])
        np.multiply(at_school, np.int64(100_000), out=answer["school_aid"][part])
        ill = np.flatnonzero(sure & (cost > 500_000))
        answer["illness"][part].fill(0)
        answer["illness"][part][ill] = _slices(cost[ill])
        return severe, cost * insured[part]

    def of_households(part: slice, sizes: Array, disabled: Array, any_able: Array, over: Array) -> None:
        served, income, house = c["state"][part] < 2, c["income"][part], c["house"][part]
        np.multiply(sizes, served * np.int64(15_000), out=answer["premium"][part])
        poor = served & ~any_able & (income < 510_000)
        np.multiply((510_000 - income) * sizes, poor, out=answer["subsistence"][part])
        worth = np.where(house == 3, np.int64(3_500_000), np.int64(1_500_000))
        np.multiply(served & (house >= 2), worth, out=answer["housing"][part])
        np.multiply(disabled * 50_000, served & (disabled >= 2), out=answer["many_disabled"][part])
        share = np.minimum((over * 30 + 50) // 100, 2_000_000)
        np.multiply(share, served & (over > 0), out=answer["family_cost"][part])

    def run() -> Answer:
        for first in range(0, households, BLOCK):
            homes = slice(first, min(households, first + BLOCK))
            edges = offsets[homes.start : homes.stop + 1]
            people, sizes, starts = slice(edges[0], edges[-1]), np.diff(edges), edges[:-1] - edges[0]
            severe, cost = of_members(people, np.repeat(c["state"][homes] < 2, sizes))
            disabled = np.add.reduceat(severe, starts, dtype=np.int64)
            any_able = np.logical_or.reduceat(able[people], starts)
            of_households(homes, sizes, disabled, any_able, np.add.reduceat(cost, starts) - 3_000_000)
        return answer

    return run


def _slices(cost: Array) -> Array:
    """What is paid of costs above the first 5,000 元, in 分."""
    first, second = np.minimum(cost, 10_000_000) - 500_000, np.minimum(cost, 20_000_000) - 10_000_000
    third = cost - 20_000_000
    return np.asarray((first * 65 + np.maximum(second, 0) * 75 + np.maximum(third, 0) * 85 + 50) // 100)
