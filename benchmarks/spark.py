"""Spark beside the embedded engine: the same registry, the shipped ruleset, Parquet in and a folder of Parquet out.

Run `make bench-spark`, or `python benchmarks/spark.py --households 300000`. Both sides must make as many decisions;
only ratios of one run count. Times are of one run each, after Spark has started and been used once. Processor seconds
are those of this process, of Java and of Python's workers together (Linux), and depend less on what else is running.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from fupin_policy import load
from fupin_policy.batch.run import Job, run
from fupin_policy.batch.spark import decide, engine, grouped, session
from fupin_policy.batch.spark.frames import _numbered

AS_OF = "2019-06-30"
RULESET = load()
CONF = {"spark.driver.memory": "4g"}
PARTITIONS = (2, 4, 8, 16)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run takes: seconds, and seconds of processors."""

    seconds: float
    processors: float


def cost(action: Callable[[], object]) -> Cost:
    """What one run takes."""
    start, used = time.perf_counter(), processors()
    action()
    return Cost(time.perf_counter() - start, processors() - used)


def processors() -> float:
    """Seconds of processors that this process and all below it have used; of those that ended, their parents know."""
    found: dict[int, tuple[int, float]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parts = path.read_text().rpartition(")")[2].split()
            found[int(path.parent.name)] = int(parts[1]), sum(map(int, parts[11:15])) / TICKS
    below, total = [os.getpid()], 0.0
    while below:
        one = below.pop()
        total += found[one][1]
        below += [pid for pid, (parent, _) in found.items() if parent == one]
    return total


def registry(folder: Path, households: int) -> tuple[Path, Path]:
    """Two tables of invented households."""
    made = ["synth", "--households", str(households), "--to", "parquet", "-o", str(folder / "registry")]
    subprocess.run([sys.executable, "-m", "fupin_policy", *made], check=True, capture_output=True)
    return folder / "registry" / "households.parquet", folder / "registry" / "members.parquet"


def nested_registry(own: Path, inner: Path, folder: Path) -> Path:
    """The same as one table, each household with its members inside."""
    found = folder / "nested.parquet"
    names = [name for name in pq.read_schema(inner).names if name != "户编号"]
    structs = ", ".join(f"'{'id' if name == '人编号' else name}': m.\"{name}\"" for name in names)
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT h.*, members FROM read_parquet('{own}') h LEFT JOIN "
            f"(SELECT 户编号, list({{{structs}}}) AS members FROM read_parquet('{inner}') m GROUP BY 户编号) "
            f"USING (户编号)) TO '{found}' (ROW_GROUP_SIZE 20000)"
        )
    return found


def whole_runs(own: Path, inner: Path, folder: Path, spark: SparkSession, threads: int) -> tuple[Cost, int]:
    """`fupin run` on either engine, in this process."""
    job = Job(RULESET, str(own), str(inner), AS_OF, folder / "embedded", keep=(), threads=threads)
    embedded = cost(lambda: run(job))
    decisions = rows(job.output)
    tell("embedded, fupin run", embedded, embedded)
    there = Job(
        RULESET, str(own), str(inner), AS_OF, folder / "buckets", keep=(), threads=threads, engine=engine(spark)
    )
    tell("Spark, fupin run --engine spark", cost(lambda: run(there)), embedded)
    assert rows(there.output) == decisions
    return embedded, decisions


def rows(folder: Path | str) -> int:
    """Rows of a folder of Parquet files."""
    return sum(pq.ParquetFile(path).metadata.num_rows for path in Path(folder).glob("*.parquet"))


def tell(what: str, taken: Cost, embedded: Cost) -> None:
    """A line of the table."""
    ratios = taken.seconds / embedded.seconds, taken.processors / embedded.processors
    print(f"{what:44}{taken.seconds:9.1f}{ratios[0]:8.2f}{taken.processors:12.1f}{ratios[1]:8.2f}", flush=True)


def frames(spark: SparkSession, own: Path, inner: Path) -> tuple[DataFrame, DataFrame]:
    """The two tables as DataFrames."""
    return spark.read.parquet(str(own)), spark.read.parquet(str(inner))


def decided(folder: Path, households: DataFrame, members: DataFrame | None, partitions: int | None = None) -> int:
    """DataFrames to folders of decisions and rejects; how many decisions there are."""
    found = decide(households, members, RULESET, AS_OF, partitions=partitions)
    found.decisions.write.mode("overwrite").parquet(str(folder / "decisions"))
    found.rejects.write.mode("overwrite").parquet(str(folder / "rejects"))
    found.release()
    return rows(folder / "decisions")


def steps(spark: SparkSession, own: Path, inner: Path, embedded: Cost, partitions: int) -> None:
    """Where the time goes: each line does what the one before does, and a step more."""
    households, members = (_numbered(frame) for frame in frames(spark, own, inner))
    mapping = grouped._mapping(RULESET.program, {grouped.OWN: households, grouped.INNER: members}, [])
    assert mapping.members is not None
    own_side, inner_side = grouped._facts(households, mapping.households), grouped._facts(members, mapping.members)
    together = grouped._together({grouped.OWN: own_side, grouped.INNER: inner_side}, partitions)
    tell("  rows read and brought together", cost(lambda: into_nothing(together)), embedded)
    there = together.mapInArrow(_nothing, together.schema)
    tell("  and given to Python as Arrow", cost(lambda: into_nothing(there)), embedded)
    found = decide(*frames(spark, own, inner), RULESET, AS_OF, partitions=partitions)
    found.release()
    tell("  and decided, given back to Spark", cost(lambda: into_nothing(found._whole)), embedded)
    tell("  and written as Parquet", cost(lambda: found.decisions.write.parquet(str(own.parent / "w"))), embedded)
    shutil.rmtree(own.parent / "w")


def _nothing(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield batch.slice(0, 0)


def into_nothing(frame: DataFrame) -> None:
    """Work a DataFrame out and forget it."""
    frame.write.format("noop").mode("overwrite").save()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_000_000)
    arguments = parser.parse_args()
    threads = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own, inner = registry(folder, arguments.households)
        nested = nested_registry(own, inner, folder)
        begun = time.perf_counter()
        spark = session(f"local[{threads}]", CONF)
        started = time.perf_counter() - begun
        some, their_members = (frame.limit(1000) for frame in frames(spark, own, inner))
        first = cost(lambda: decided(folder, some, their_members, 2)).seconds
        print(f"Spark {spark.version} starts in {started:.1f} s; its first 1000 households take {first:.1f} s\n")
        head = f"{arguments.households} households, local[{threads}]"
        print(f"{head:44}{'seconds':>9}{'ratio':>8}{'processors':>12}{'ratio':>8}")
        embedded, decisions = whole_runs(own, inner, folder, spark, threads)
        for count in PARTITIONS:
            taken = cost(partial(decided, folder, *frames(spark, own, inner), count))
            tell(f"Spark, two DataFrames, {count} partitions", taken, embedded)
            assert rows(folder / "decisions") == decisions
        tell("Spark, members inside", cost(lambda: decided(folder, spark.read.parquet(str(nested)), None)), embedded)
        assert rows(folder / "decisions") == decisions
        print("of two DataFrames in 16 partitions:")
        steps(spark, own, inner, embedded, 16)
        spark.stop()
        one = session("local[1]", CONF)
        taken = cost(lambda: decided(folder, *frames(one, own, inner), 16))
        tell("Spark, two DataFrames, 16, one worker", taken, embedded)
    print(f"{decisions} decisions each time")


if __name__ == "__main__":
    main()
