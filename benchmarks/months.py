"""A registry with two tables of facts by month, a row a month, decided by `fupin run`; and DuckDB on the same tables.

`python benchmarks/months.py [HOUSEHOLDS]` (250000, so that both tables have three million rows). DuckDB reads the four
tables, groups the rows by household and month and writes them, which is the least that any answer needs. Each is a
process of its own; prints seconds and the most memory of each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

RULES = Path(__file__).parents[1] / "docs" / "examples" / "months"
DAY = "2019-06-30"
MONTHS = 12
GROUPED = """
SET memory_limit = '700MB'; SET temp_directory = '{folder}/spilled'; SET preserve_insertion_order = false;
COPY (
    SELECT h.id, wages, aided
    FROM read_csv('{folder}/households.csv', all_varchar = true) h
    LEFT JOIN (
        SELECT p.户编号 AS id, map_from_entries(list((p.人编号 || ' ' || 月份, 工资))) AS wages
        FROM read_csv('{folder}/members.csv', all_varchar = true) p
        JOIN read_csv('{folder}/wages.csv', all_varchar = true) w USING (户编号, 人编号)
        GROUP BY ALL
    ) USING (id)
    LEFT JOIN (
        SELECT 户编号 AS id, map_from_entries(list((月份, 享受低保))) AS aided
        FROM read_csv('{folder}/allowance.csv', all_varchar = true) GROUP BY ALL
    ) USING (id)
) TO '{folder}/grouped.parquet' (FORMAT parquet)
"""


def write(folder: Path, count: int) -> int:
    """Households with a member each, whose rows stand in no order; how many rows by month there are in each table."""
    month = "strftime(DATE '2018-07-01' + to_months(CAST({} AS INTEGER)), '%Y-%m')"
    tables = {
        "households": f"SELECT 'h' || range AS id FROM range({count})",
        "members": f"SELECT 'h' || range AS 户编号, 'm1' AS 人编号 FROM range({count})",
        "wages": f"""
            SELECT 'h' || range % {count} AS 户编号, 'm1' AS 人编号, {month.format(f"range // {count}")} AS 月份,
            CAST(hash(range) % 500000 AS DECIMAL(18, 2)) / 100 AS 工资
            FROM range({count * MONTHS}) ORDER BY hash(range)""",
        "allowance": f"""SELECT 'h' || range % {count} AS 户编号, {month.format(f"range // {count}")} AS 月份,
            CASE WHEN hash(range + 7) % 3 = 0 THEN '是' ELSE '否' END AS 享受低保
            FROM range({count * MONTHS}) ORDER BY hash(range)""",
    }
    with duckdb.connect() as connection:
        for name, query in tables.items():
            connection.execute(f"COPY ({query}) TO '{folder / f'{name}.csv'}' (HEADER)")
    return count * MONTHS


def measured(command: list[str]) -> tuple[float, float]:
    """The seconds that a process took, and the most memory that it had, in MB."""
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:3]} failed")
    return time.monotonic() - started, used.ru_maxrss / 1024


def compare(folder: Path, rules: Path, grouped: str, tables: list[str]) -> None:
    """DuckDB's grouping and a run over the same tables, one after the other; `tables` are the run's further ones."""
    query = f"import duckdb; duckdb.connect().execute('''{grouped.format(folder=folder)}''')"
    seconds, memory = measured([sys.executable, "-c", query])
    print(f"DuckDB, read, grouped and written: {seconds:.1f} s, {memory:.0f} MB", flush=True)
    given = ["run", "--ruleset", str(rules), str(folder / "households.csv"), str(folder / "members.csv"), *tables]
    command = [sys.executable, "-m", "fupin_policy.cli.main", *given]
    seconds, memory = measured([*command, "--as-of", DAY, "-o", str(folder / "decisions.parquet")])
    print(f"fupin run: {seconds:.1f} s, {memory:.0f} MB", flush=True)


def main(count: int) -> None:
    """Both, one after the other."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{count} households, 2 tables of {write(folder, count)} rows", flush=True)
        compare(folder, RULES, GROUPED, [f"--months={folder / one}.csv" for one in ("wages", "allowance")])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 250_000)
