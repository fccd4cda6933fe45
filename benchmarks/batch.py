"""Many households at once: ours beside a kernel in C, numpy, Polars, DuckDB and openfisca-core, on the same data.

Run `python benchmarks/batch.py`. All answers are compared before anything is timed; only ratios of one run count.
Peers start from columns laid out as each likes best, which is not timed; ours starts from the nested record batch.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from arrays13 import prepare_c, prepare_c_blocks, prepare_numpy
from batch_peers import same
from columns13 import HOUSEHOLD_RULES, MEMBER_RULES, Answer
from duckdb13 import prepare_duckdb
from numba13 import prepare_numba
from openfisca13 import openfisca_population, prepare_openfisca
from polars13 import prepare_polars
from registry13 import registry

from fupin_policy import load
from fupin_policy.batch import BatchEvaluator
from fupin_policy.batch.chunks import Filler
from fupin_policy.batch.column_binding import Binder
from fupin_policy.batch.evaluate import CHUNK, BatchRequest
from fupin_policy.core.days import to_day
from fupin_policy.diagnostics import Reporter
from fupin_policy.evaluators.wasm.columnar import ColumnarModule

HERE = Path(__file__).parent
AS_OF = date(2019, 6, 30)
ROUNDS = 5
PEERS = {
    "C, household by household": ("", prepare_c, 1),
    "C, rule by rule over blocks": ("", prepare_c_blocks, 1),
    "numpy in blocks": ("numpy", prepare_numpy, 1),
    "Numba in blocks": ("numba", prepare_numba, 1),
    "Polars": ("polars", prepare_polars, 0),
    "DuckDB": ("duckdb", prepare_duckdb, 0),
    "openfisca-core, calculation": ("openfisca-core", prepare_openfisca, 1),
}


def seconds(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of some runs, after one that is not counted."""
    action()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def halves(batch: pa.RecordBatch, threads: int) -> list[pa.RecordBatch]:
    """The batch in as many parts as there are threads."""
    size = -(-batch.num_rows // threads)
    return [batch.slice(start, size) for start in range(0, batch.num_rows, size)]


def ours(batch: pa.RecordBatch, threads: int, form: str) -> Callable[[], list[pa.Table]]:
    """The whole way from the nested record batch to Arrow."""
    evaluator, parts = BatchEvaluator(load(HERE / "rules13", cache=False)), halves(batch, threads)
    asked = BatchRequest(form="wide") if form == "wide" else BatchRequest()

    def run() -> list[pa.Table]:
        with ThreadPoolExecutor(threads) as pool:
            return [found.decisions for found in pool.map(lambda part: evaluator.decide(part, AS_OF, asked), parts)]

    return run


def kernel(batch: pa.RecordBatch, threads: int) -> Callable[[], None]:
    """The record batch into the module's memory and decided there; its columns of results are the answer."""
    ruleset = load(HERE / "rules13", cache=False)
    module = ColumnarModule(ruleset.program, ruleset.compile())
    filler = Filler(ruleset.program, module.layout)
    binding = Binder(ruleset.program).bind(batch.schema, to_day(AS_OF), Reporter())
    assert binding is not None
    workers = [module.worker() for _ in range(threads)]

    def part(given: tuple[pa.RecordBatch, Any]) -> None:
        for start in range(0, given[0].num_rows, CHUNK):
            chunk, _ = filler.fill(given[0].slice(start, CHUNK), binding, given[1], to_day(AS_OF))
            given[1].run(to_day(AS_OF), chunk.exact)

    def run() -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, zip(halves(batch, threads), workers, strict=True)))

    return run


def module_alone(batch: pa.RecordBatch) -> float:
    """Seconds that the compiled module itself takes, on one thread, its inputs in its memory already."""
    ruleset = load(HERE / "rules13", cache=False)
    module = ColumnarModule(ruleset.program, ruleset.compile())
    filler = Filler(ruleset.program, module.layout)
    binding, worker = Binder(ruleset.program).bind(batch.schema, to_day(AS_OF), Reporter()), module.worker()
    assert binding is not None
    spent = 0.0
    for start in range(0, batch.num_rows, CHUNK):
        chunk, _ = filler.fill(batch.slice(start, CHUNK), binding, worker, to_day(AS_OF))
        worker.run(to_day(AS_OF), chunk.exact)
        begun = time.perf_counter()
        worker.run(to_day(AS_OF), chunk.exact)
        spent += time.perf_counter() - begun
    return spent


def answer_of(found: pa.Table, batch: pa.RecordBatch) -> Answer:
    """Our long table as the peers' columns."""
    persons = batch.column("members").values.flatten()[0]
    members, households = len(persons), batch.num_rows
    answer = {name: np.zeros(members, np.int64) for name in MEMBER_RULES}
    answer |= {name: np.zeros(households, np.int64) for name in HOUSEHOLD_RULES}
    for row in found.select(["household", "member", "policy", "amount_min"]).to_pylist():
        member, household = row["member"], row["household"]
        place = int(household[1:]) if member is None else int(member[1:])
        answer[row["policy"]][place] = row["amount_min"]
    return answer


def check(batch: pa.RecordBatch) -> None:
    """All peers that are installed, and ours, say the same. Exits where they do not."""
    wanted = prepare_c(batch, AS_OF, 1)()
    answers = {"ours": answer_of(pa.concat_tables(ours(batch, 2, "long")()), batch)}
    for name, (package, prepare, _) in PEERS.items():
        if installed(package):
            answers[name] = prepare(batch, AS_OF, 2)()
    for name, answer in answers.items():
        same(name, answer, wanted)


def installed(package: str) -> str | None:
    """A package's version; "" for none needed, None where it is not there."""
    try:
        return version(package) if package else " "
    except PackageNotFoundError:
        return None


def compare(households: int, threads: int) -> None:
    """The table of ratios."""
    batch = registry(households, 1)
    members = len(batch.column("members").values)
    print(f"{households} households, {members} members, 13 rules, {threads} threads, median of {ROUNDS}\n")
    ours_seconds = {n: seconds(kernel(batch, n)) for n in (1, threads)}
    rows = [
        ("ours, the module alone", 1, module_alone(batch)),
        ("ours, Arrow to columns", 1, ours_seconds[1]),
        ("ours, Arrow to columns", threads, ours_seconds[threads]),
        ("ours, Arrow to long Arrow", threads, seconds(ours(batch, threads, "long"))),
        ("ours, Arrow to wide Arrow", threads, seconds(ours(batch, threads, "wide"))),
    ]
    for name, (package, prepare, own) in PEERS.items():
        found = installed(package)
        if found is None:
            print(f"{name}: not installed, left out")
            continue
        rows.append((f"{name} {found}".strip(), own or threads, seconds(prepare(batch, AS_OF, threads))))
    if installed("openfisca-core"):
        build = openfisca_population(batch, AS_OF)
        rows.append(("openfisca-core, with its population", 1, seconds(lambda: build()[1](), 1)))
    print(f"{'':38}{'threads':>8}{'seconds':>10}{'ratio to ours':>16}")
    for name, used, taken in rows:
        base = ours_seconds[1] if used == 1 else ours_seconds[threads]
        print(f"{name:38}{used:8}{taken:10.3f}{taken / base:16.2f}")


def with_gaps(households: int, threads: int) -> None:
    """5 % of all facts missing, against DuckDB, whose nulls are no sound answer to what is possible."""
    full, open_ = registry(households, 2), registry(households, 2, missing=0.05)
    base, taken = seconds(kernel(full, threads)), seconds(kernel(open_, threads))
    print(f"\n5 % of facts missing: ours {taken:.3f} s, {taken / base:.2f} times what it takes with all known")
    if installed("duckdb"):
        peer = seconds(prepare_duckdb(open_, AS_OF, threads))
        print(f"DuckDB with nulls {peer:.3f} s, {peer / taken:.2f} times ours")


def growth(threads: int) -> None:
    """How the cost of a household falls and stays, from one to many."""
    print("\nhouseholds   seconds   µs a household (Arrow to long Arrow)")
    for power in range(7):
        batch = registry(10**power, 3)
        taken = seconds(ours(batch, min(threads, 10**power), "long"), 3)
        print(f"{10**power:10}{taken:10.4f}{taken / 10**power * 1e6:12.2f}")


def end_to_end(households: int, threads: int) -> None:
    """Parquet in to Parquet out with the shipped ruleset, beside DuckDB's merely reading, grouping and writing."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        fupin = [sys.executable, "-m", "fupin_policy"]
        made = [*fupin, "synth", "--households", str(households), "--to", "parquet", "-o", f"{folder}/registry"]
        subprocess.run(made, check=True, capture_output=True)
        own, inner = f"{folder}/registry/households.parquet", f"{folder}/registry/members.parquet"

        def whole() -> None:
            command = [*fupin, "run", own, inner, "--as-of", AS_OF.isoformat(), "-o", f"{folder}/decided"]
            subprocess.run([*command, "--threads", str(threads)], check=True, capture_output=True)

        def merely() -> None:
            with duckdb.connect() as connection:
                connection.execute(f"SET threads = {threads}")
                connection.execute(
                    f"COPY (SELECT h.*, m.members FROM read_parquet('{own}') h LEFT JOIN "
                    f"(SELECT 户编号, list(m) AS members FROM read_parquet('{inner}') m GROUP BY 户编号) m "
                    f"USING (户编号)) TO '{folder}/grouped.parquet'"
                )

        taken, base = seconds(whole, 1), seconds(merely, 1)
        print(f"\n{households} households, Parquet to Parquet, the shipped ruleset: {taken:.1f} s, a whole process;")
        print(f"DuckDB's reading, grouping and writing of the same rows: {base:.1f} s; ratio {taken / base:.2f}")


def main() -> None:
    """Check, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--check", action="store_true", help="compare the answers only")
    arguments = parser.parse_args()
    threads = os.cpu_count() or 1
    check(registry(100_000, 1))
    print("all answers are the same on 100000 households")
    if arguments.check:
        return
    compare(arguments.households, threads)
    with_gaps(arguments.households, threads)
    growth(threads)
    end_to_end(arguments.households, threads)


if __name__ == "__main__":
    main()
