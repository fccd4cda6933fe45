"""A registry with two tables of lists, a row an item, decided by `fupin run`; and DuckDB on the same tables.

`python benchmarks/list_tables.py [HOUSEHOLDS]` (375000, so that both tables have three million rows). DuckDB reads the
four tables, groups the items by household and by member and writes them, which is the least that any answer needs. Each
is a process of its own; prints seconds and the most memory of each.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb
from months import compare

RULES = Path(__file__).parents[1] / "docs" / "examples" / "bills"
ITEMS = 8
GROUPED = """
SET memory_limit = '700MB'; SET temp_directory = '{folder}/spilled'; SET preserve_insertion_order = false;
COPY (
    SELECT h.户编号, supporters, bills
    FROM read_csv('{folder}/households.csv', all_varchar = true) h
    LEFT JOIN (
        SELECT 户编号, list(月收入) AS supporters
        FROM read_csv('{folder}/supporters.csv', all_varchar = true) GROUP BY ALL
    ) USING (户编号)
    LEFT JOIN (
        SELECT p.户编号, list((p.人员编号, 医疗费用, 就医日期)) AS bills
        FROM read_csv('{folder}/members.csv', all_varchar = true) p
        JOIN read_csv('{folder}/bills.csv', all_varchar = true) w USING (户编号, 人员编号)
        GROUP BY ALL
    ) USING (户编号)
) TO '{folder}/grouped.parquet' (FORMAT parquet)
"""


def write(folder: Path, count: int) -> int:
    """Households with a member each, whose rows stand in no order; how many items there are in each table."""
    day = f"DATE '2018-07-01' + CAST(range // {count} * 40 AS INTEGER)"
    tables = {
        "households": f"SELECT 'h' || range AS 户编号 FROM range({count})",
        "members": f"SELECT 'h' || range AS 户编号, 'm1' AS 人员编号 FROM range({count})",
        "supporters": f"""SELECT 'h' || range % {count} AS 户编号,
            CAST(hash(range) % 330000 AS DECIMAL(18, 2)) / 100 AS 月收入
            FROM range({count * ITEMS}) ORDER BY hash(range)""",
        "bills": f"""SELECT 'h' || range % {count} AS 户编号, 'm1' AS 人员编号, hash(range + 7) % 2000 AS 医疗费用,
            {day} AS 就医日期 FROM range({count * ITEMS}) ORDER BY hash(range)""",
    }
    with duckdb.connect() as connection:
        for name, query in tables.items():
            connection.execute(f"COPY ({query}) TO '{folder / f'{name}.csv'}' (HEADER)")
    return count * ITEMS


def main(count: int) -> None:
    """Both, one after the other."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{count} households, 2 tables of {write(folder, count)} rows", flush=True)
        compare(folder, RULES, GROUPED, [f"--list={one}={folder / one}.csv" for one in ("supporters", "bills")])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 375_000)
