"""The thirteen rules of `rules13` as each peer would have them, for a million households at once.

In: the record batch of `registry13`. Out: for each peer a preparation, which is not timed, and a run, which is: amounts
in fen by rule, a member's rule with an entry for each member, a household's for each household. Called by `batch.py`.
How each peer has them stands in `arrays13`, `numba13`, `duckdb13`, `polars13` and `openfisca13`.
`python benchmarks/batch_peers.py --check` compares the answers; without it, preparation and run are timed, each alone.
"""

from __future__ import annotations

import argparse
import functools
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from arrays13 import prepare_c, prepare_c_blocks, prepare_numpy
from columns13 import HOUSEHOLD_RULES, MEMBER_RULES, Answer
from duckdb13 import prepare_duckdb, prepare_duckdb_status
from numba13 import prepare_numba
from openfisca13 import prepare_openfisca
from polars13 import prepare_polars
from registry13 import registry

from fupin_policy import load

HERE = Path(__file__).parent
PEERS: dict[str, tuple[str, Callable[[pa.RecordBatch, date, int], Callable[[], Any]]]] = {
    "C": ("", prepare_c),
    "C in blocks": ("", prepare_c_blocks),
    "numpy in blocks": ("numpy", prepare_numpy),
    "Numba": ("numba", prepare_numba),
    "Polars": ("polars", prepare_polars),
    "DuckDB": ("duckdb", prepare_duckdb),
    "openfisca-core": ("openfisca-core", prepare_openfisca),
}
DAYS = (date(2019, 6, 30), date(2020, 2, 29), date(2021, 2, 28))


def label(name: str, package: str) -> str | None:
    """The peer's name with its version; None, with a line printed, where its package or gcc is not there."""
    try:
        if not package and not shutil.which("gcc"):
            raise PackageNotFoundError
        return f"{name} {version(package)}" if package else name
    except PackageNotFoundError:
        print(f"{name}: not installed, left out")
        return None


def as_input(value: Any) -> Any:
    """A value of Arrow's as one household's evaluation takes it: decimals and dates as text."""
    if isinstance(value, dict):
        return {name: as_input(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_input(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def by_one(batch: pa.RecordBatch, as_of: date) -> Answer:
    """The amounts in fen by `Ruleset.evaluate`, a household at a time: the reference for all others."""
    ruleset = load(HERE / "rules13", cache=False)
    found: dict[str, list[int]] = {rule: [] for rule in (*MEMBER_RULES, *HOUSEHOLD_RULES)}
    for household in as_input(batch.to_pylist()):
        decisions = {one.policy: one for one in ruleset.evaluate(household, as_of).decisions}
        for rule in MEMBER_RULES:
            given = {one.member: one.amount.low for one in decisions[rule].members if one.amount is not None}
            found[rule] += [given.get(member["id"], 0) for member in household["members"]]
        for rule in HOUSEHOLD_RULES:
            amount = decisions[rule].amount
            found[rule].append(0 if amount is None else amount.low)
    return {rule: np.array(amounts, np.int64) for rule, amounts in found.items()}


def same(name: str, answer: Answer, wanted: Answer) -> None:
    """Exits, saying where, if two answers differ."""
    for rule, amounts in wanted.items():
        if not np.array_equal(np.asarray(answer[rule], np.int64), amounts):
            at = int(np.flatnonzero(np.asarray(answer[rule]) != amounts)[0])
            sys.exit(f"{name} differs in {rule} at {at}: {answer[rule][at]} instead of {amounts[at]}")


def check(few: int = 300, many: int = 100_000) -> None:
    """The kernel against one household at a time, then every peer, run twice, against the kernel."""
    if label("C", "") is None:
        sys.exit("the kernel in C is the reference: gcc is needed")
    small, large = registry(few, 1), registry(many, 1)
    for as_of in DAYS:
        same("C", prepare_c(small, as_of, 1)(), by_one(small, as_of))
    print(f"C: as Ruleset.evaluate on {few} households, on {len(DAYS)} days")
    for name, (package, prepare) in PEERS.items():
        shown = label(name, package) if name != "C" else None
        if shown is None:
            continue
        for as_of in DAYS:
            wanted, run = prepare_c(large, as_of, 1)(), prepare(large, as_of, 2)
            same(name, run(), wanted)
            same(f"{name}, run again", run(), wanted)
        print(f"{shown}: as C on {many} households, on {len(DAYS)} days")


def taken(action: Callable[[], object], rounds: int) -> float:
    """Seconds, the median of some rounds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(households: int, threads: int, rounds: int = 5) -> None:
    """Seconds of each peer's preparation and run; openfisca-core's preparation builds its population and variables."""
    full, open_ = registry(households, 1), registry(households, 2, missing=0.05)
    rows = [(name, package, prepare, full) for name, (package, prepare) in PEERS.items()]
    rows.append(("DuckDB, 5 % missing, amounts", "duckdb", prepare_duckdb, open_))
    rows.append(("DuckDB, 5 % missing, statuses", "duckdb", prepare_duckdb_status, open_))
    print(
        f"{households} households, {len(full.column('members').values)} members, {threads} threads, median of {rounds}"
    )
    print(f"{'':40}{'prepare':>10}{'run':>10}   seconds")
    for name, package, prepare, batch in rows:
        shown = label(name, package)
        if shown is None:
            continue
        run = prepare(batch, DAYS[0], threads)
        run()
        run_seconds = taken(run, rounds)
        del run
        prepared = taken(functools.partial(prepare, batch, DAYS[0], threads), rounds)
        print(f"{shown:40}{prepared:10.3f}{run_seconds:10.3f}")


def main() -> None:
    """Check, or time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare the answers only")
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="DuckDB's; Polars takes all cores")
    arguments = parser.parse_args()
    if arguments.check:
        check()
    else:
        measure(arguments.households, arguments.threads)


if __name__ == "__main__":
    main()
