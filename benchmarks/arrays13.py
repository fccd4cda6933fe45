"""The thirteen rules on plain arrays: a kernel in C, and NumPy. See `batch_peers`."""

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
from columns13 import HOUSEHOLD_RULES, MEMBER_RULES, Answer, Run, plain
from registry13 import Array

HERE = Path(__file__).parent
EPOCH = date(1970, 1, 1).toordinal()


@functools.cache
def compiled() -> Any:
    """The function of `kernel13.c`, compiled once a process."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "kernel13.so"
        command = ("gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(HERE / "kernel13.c"))
        subprocess.run(command, check=True)
        return ctypes.CDLL(str(library)).decide


def prepare_c(batch: pa.RecordBatch, as_of: date, threads: int) -> Run:
    """The kernel in C, on one thread, into arrays that it is given."""
    columns, decide = plain(batch), compiled()
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
    """Vectors over all members and all households."""
    c = plain(batch)
    starts, sizes = c["offsets"][:-1], np.diff(c["offsets"])
    today = as_of.year * 512 + as_of.month * 32 + as_of.day

    def ages() -> Array:
        days = c["born"].astype("datetime64[D]")
        years = days.astype("datetime64[Y]")
        months = days.astype("datetime64[M]")
        month = (months - years.astype("datetime64[M]")).astype(np.int64) + 1
        day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
        return np.asarray((today - ((years.astype(np.int64) + 1970) * 512 + month * 32 + day)) >> 9)

    def run() -> Answer:
        age, level, school, cost = ages(), c["level"], c["school"], c["cost"]
        allowance, insured = c["allowance"] == 1, c["insured"] == 1
        served = c["state"] < 2
        s = np.repeat(served, sizes)
        severe = (level == 1) | (level == 2)
        first = np.clip(cost, 500_000, 10_000_000) - 500_000
        second = np.clip(cost, 10_000_000, 20_000_000) - 10_000_000
        paid = (first * 65 + second * 75 + np.maximum(cost - 20_000_000, 0) * 85 + 50) // 100
        disabled = np.add.reduceat(severe.astype(np.int64), starts)
        able = np.maximum.reduceat(c["able"], starts) == 1
        over = np.add.reduceat(np.where(insured, cost, 0), starts) - 3_000_000
        income, house = c["income"], c["house"]
        tier = np.where(age < 80, 8_000, np.where(age < 90, 10_000, 20_000))
        return {
            "old_age": np.where(s & allowance & (age >= 60), tier, 0),
            "severe": np.where(s & severe, np.where(level == 1, 12_000, 10_000), 0),
            "living": np.where(s & allowance & (level != 0), 11_000, 0),
            "yulu": np.where(s & (school >= 2), 300_000, 0),
            "pension": np.where(s & insured & (age >= 16) & (age <= 59) & (school == 0), 10_000, 0),
            "illness": np.where(s & insured & (cost > 500_000), paid, 0),
            "care": np.where(s & severe & ~allowance, np.where(age >= 60, 10_000, 8_000), 0),
            "school_aid": np.where(s & (school == 1) & (age >= 6) & (age <= 14), 100_000, 0),
            "premium": np.where(served, 15_000 * sizes, 0),
            "subsistence": np.where(served & ~able & (income < 510_000), (510_000 - income) * sizes, 0),
            "housing": np.where(served & (house >= 2), np.where(house == 3, 3_500_000, 1_500_000), 0),
            "many_disabled": np.where(served & (disabled >= 2), 50_000 * disabled, 0),
            "family_cost": np.where(served & (over > 0), np.minimum((over * 30 + 50) // 100, 2_000_000), 0),
        }

    return run
