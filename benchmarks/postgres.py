"""A registry from and to PostgreSQL beside the same registry from and to Parquet, with the shipped ruleset.

Run `python benchmarks/postgres.py`. It starts a server of its own. The four ways are compared row for row, then timed,
in turn and as whole processes. Beside them stands what the driver alone takes to move the same rows.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "batch"))
from postgres_server import Server, running

AS_OF = "2019-06-30"
FUPIN = [sys.executable, "-m", "fupin_policy"]
KEYS = {"households": "户编号", "members": "户编号, 人编号"}
NAMES = tuple(KEYS)


def load(server: Server, folder: Path) -> None:
    """The registry's Parquet files as tables of the server."""
    for name in NAMES:
        table = pq.read_table(folder / f"{name}.parquet")
        plain = [(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
        with server.connect() as connection, connection.cursor() as cursor:
            cursor.adbc_ingest(name, table.cast(pa.schema(plain)), mode="create")
        server.ask(f"ALTER TABLE {name} ADD PRIMARY KEY ({KEYS[name]})")
        server.ask(f"ANALYZE {name}")


def decide(given: list[str], output: str, threads: int, folder: Path) -> tuple[float, int]:
    """Seconds and the most memory (MB) of one run, which keeps its work in the folder."""
    command = [*FUPIN, "run", *given, "--as-of", AS_OF, "-o", output, "--threads", str(threads)]
    start = time.perf_counter()
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stdout
    found = re.search(r"内存最多 (\d+) MB", said)
    return time.perf_counter() - start, int(found[1]) if found else 0


def same(server: Server, folder: Path) -> int:
    """How many decisions there are; AssertionError where the server's are not those of the files."""
    wanted = pq.read_schema(next(folder.glob("*.parquet"))).names
    row = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in wanted)
    ask = f"SELECT count(*), sum(hash({row})) FROM "
    with server.connect() as connection, connection.cursor() as cursor, duckdb.connect() as local:
        cursor.execute("SELECT * FROM decisions")
        local.register("found", cursor.fetch_record_batch())
        found = local.execute(f"{ask} found").fetchall()
        assert found == local.execute(f"{ask} read_parquet('{folder}/*.parquet')").fetchall()
    return int(found[0][0])


def merely(server: Server, folder: Path) -> float:
    """Seconds in which the driver reads both tables as they are and copies the decisions in."""
    start = time.perf_counter()
    for name in NAMES:
        with server.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {name}")
            for _ in cursor.fetch_record_batch():
                pass
    table = pq.read_table(folder)
    plain = [(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("copied", table.cast(pa.schema(plain)), mode="create")
    taken = time.perf_counter() - start
    server.ask("DROP TABLE copied")
    return taken


def main() -> None:
    """Compare, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    threads = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as named, running() as server:
        os.environ["PGPASSFILE"] = str(server.passfile)
        folder = Path(named)
        made = [*FUPIN, "synth", "--households", str(arguments.households), "--to", "parquet", "-o", named]
        subprocess.run(made, check=True, capture_output=True)
        load(server, folder)
        files, tables = [str(folder / f"{name}.parquet") for name in NAMES], [server.address(name) for name in NAMES]
        ways: dict[str, Callable[[], tuple[float, int]]] = {
            "Parquet to Parquet": lambda: decide(files, str(folder / "decided"), threads, folder),
            "PostgreSQL to Parquet": lambda: decide(tables, str(folder / "again"), threads, folder),
            "Parquet to PostgreSQL": lambda: decide(files, server.address("decisions"), threads, folder),
            "PostgreSQL to PostgreSQL": lambda: decide(tables, server.address("decisions"), threads, folder),
        }
        taken: dict[str, list[tuple[float, int]]] = {name: [] for name in ways}
        alone: list[float] = []
        rows = 0
        for _ in range(arguments.rounds):
            for name, way in ways.items():
                taken[name].append(way())
                if name.endswith("to PostgreSQL"):
                    rows = same(server, folder / "decided")
                    server.ask("DROP TABLE decisions, decisions_rejects")
            alone.append(merely(server, folder / "decided"))
        versions = f"PostgreSQL {server.version}, adbc-driver-postgresql {version('adbc-driver-postgresql')}"
    print(f"{arguments.households} households, {rows} decisions, {threads} threads, {versions}")
    print(f"whole processes, median of {arguments.rounds}; the tables written are the same, row for row\n")
    base = statistics.median(seconds for seconds, _ in taken["Parquet to Parquet"])
    print(f"{'':38} {'seconds':>7} {'ratio':>6} {'peak MB':>8}")
    for name, runs in taken.items():
        middle = statistics.median(seconds for seconds, _ in runs)
        print(f"{name:38} {middle:7.1f} {middle / base:6.2f} {max(memory for _, memory in runs):8}")
    middle = statistics.median(alone)
    print(f"{'the driver alone, reading and copying':38} {middle:7.1f} {middle / base:6.2f}")


if __name__ == "__main__":
    main()
