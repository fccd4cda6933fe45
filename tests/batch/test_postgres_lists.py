"""Items of lists from a PostgreSQL server, a table for each list, as from files."""

from __future__ import annotations

from pathlib import Path

import by_list
from postgres_server import Server
from postgres_tables import NEEDS_POSTGRES, placed
from postgres_tables import empty as empty
from postgres_tables import folder as folder
from postgres_tables import server as server
from same_runs import rows_of
from test_list_tables import decided, rejects_of

pytestmark = NEEDS_POSTGRES


def test_a_table_for_each_list(server: Server, folder: Path) -> None:
    rules = by_list.rules(folder / "rules")
    found = by_list.registry(30, 9)
    found.lists["赡养人"] += [["h99", "1", "", ""], ["h3", "x", "", ""], *([["h7", "1", "", ""]] * 5)]
    found.lists["就医记录"].append(["h5", "m9", "1", "2019-02-01", "1", ""])
    plain, tables = found.files(folder / "files"), found.tables(folder / "files")
    wanted = decided(rules, plain, folder / "a.parquet", tables)
    own, inner = (placed(server, f"t{at}", path) for at, path in enumerate(plain))
    lists = tuple((name, placed(server, f"l{at}", path)) for at, (name, path) in enumerate(tables))
    report = decided(rules, (own, inner), folder / "b.parquet", lists)
    assert rows_of(folder / "a.parquet") == rows_of(folder / "b.parquet")
    assert report.counts.households_rejected == wanted.counts.households_rejected == 3
    codes = [
        sorted((one["code"], one["household"]) for one in rejects_of(folder / f"{name}.rejects.csv")) for name in "ab"
    ]
    assert codes[0] == codes[1]
    assert {"B190", "B191", "H021", "H095"} <= {code for code, _ in codes[0]}
