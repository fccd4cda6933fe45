"""Facts by month from a PostgreSQL server, in columns of months and in tables with a row a month, as from files."""

from __future__ import annotations

from pathlib import Path

import by_month
from postgres_server import Server
from postgres_tables import NEEDS_POSTGRES, placed
from postgres_tables import empty as empty
from postgres_tables import folder as folder
from postgres_tables import server as server
from same_runs import rows_of
from test_month_tables import decided, registry, tables

pytestmark = NEEDS_POSTGRES


def test_columns_and_rows(server: Server, folder: Path) -> None:
    rules = by_month.rules(folder / "rules")
    long, plain, wide = registry(folder, 30, 9)
    long["wage"] += [["h99", "2019-05", "1", ""], ["h3", "5月", "1", ""], ["h7", "2019-05", "x", ""]]
    names = tables(folder, long)
    wanted = decided(rules, plain, folder / "a.parquet", names)
    own, inner, *months = (placed(server, f"t{at}", path) for at, path in enumerate((*plain, *names)))
    found = decided(rules, (own, inner), folder / "b.parquet", tuple(months))
    assert rows_of(folder / "a.parquet") == rows_of(folder / "b.parquet")
    assert sorted(found.counts.rows_rejected.values()) == sorted(wanted.counts.rows_rejected.values()) != []
    decided(rules, wide, folder / "c.parquet")
    own, inner = (placed(server, f"w{at}", path) for at, path in enumerate(wide))
    decided(rules, (own, inner), folder / "d.parquet")
    assert rows_of(folder / "c.parquet") == rows_of(folder / "d.parquet")
