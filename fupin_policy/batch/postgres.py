"""Tables and views of PostgreSQL, read over Arrow (ADBC) as they stand at one moment.

In: a `Location`. Out: `PostgresTable`: headers, and record batches with a row number. Called by `sources`.
Needs the extra `postgres`. What has no exact Arrow type of its own comes as the text that PostgreSQL writes for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from fupin_policy.batch.postgres_address import Location, locate
from fupin_policy.batch.sql import ROW, Use, identifier
from fupin_policy.diagnostics import InputError, suggest

PLAIN = ("bool", "int2", "int4", "int8", "text", "varchar")
"""Types whose values come as they are."""

ALIAS = "fupin_row"
"""What a row is called in queries: a column of the same name would be taken for it."""

EXISTS = "42P07"
"""PostgreSQL's code for a table that is there already."""

_COLUMNS = """
SELECT a.attname, coalesce(b.typname, t.typname), coalesce(b.typcategory, t.typcategory),
  array_position(i.indkey::int2[], a.attnum)
FROM pg_attribute a
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_type b ON b.oid = t.typbasetype
  LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
"""

_NAMES = """
SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname ELSE n.nspname || '.' || c.relname END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""

_SESSION = (
    "SET client_encoding TO 'UTF8'",
    "SET DateStyle TO 'ISO'",
    # rows in a stable order: a large table may be read from where another reader is, or by several at once
    "SET synchronize_seqscans TO off",
    "SET max_parallel_workers_per_gather TO 0",
)


@dataclass(slots=True)
class PostgresTable:
    """A table to be read. Rows are numbered from 1 in the order of the primary key, or as the server gives them."""

    location: Location
    headers: tuple[str, ...]
    chosen: str
    order: str
    bad: tuple[Any, ...] = ()
    notes: tuple[Any, ...] = ()
    sheets: tuple[str, ...] = ()
    blanks: bool = False
    marked: bool = False
    ordered: bool = False
    connection: Any = field(default=None, repr=False)
    fault: str | None = None
    _content: tuple[Any, ...] | None = None

    @property
    def name(self) -> str:
        """The table's name as shown."""
        return self.location.name

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self._read_through()[0])

    @property
    def state(self) -> tuple[object, ...]:
        """The same as long as the table holds the same rows."""
        return (self.location.shown, self.headers, self.order, *self._read_through())

    def _read_through(self) -> tuple[Any, ...]:
        """The number of rows and a digest of them, made by the server once."""
        if self._content is None:
            digest = f"coalesce(sum(hashtextextended({ALIAS}::text, 0)), 0)::text"
            ask = f"SELECT count(*), {digest} FROM {self.location.sql} {ALIAS}"
            with connected(self.location) as connection, told(self.location, "B133"):
                self._content = rows_of(connection, ask)[0]
        return self._content

    @property
    def counted(self) -> int:
        """How many rows there are at the moment of the snapshot, by the server's own count."""
        with told(self.location, "B133"):
            return int(rows_of(self.connection, f"SELECT count(*) FROM {self.location.sql}")[0][0])

    def place(self, row: int) -> tuple[str, int]:
        """The table and the row as people find them."""
        return self.name, row

    def relation(
        self, connection: duckdb.DuckDBPyConnection, alias: str, uses: Mapping[str, Use], household: str
    ) -> str:
        """SQL for all rows with their headers and `_row`, inside `snapshot`. It can be read once."""
        with told(self.location, "B133"):
            cursor = self.connection.cursor()
            cursor.execute(f"SELECT {self.chosen} FROM {self.location.sql} {ALIAS}{self.order}")
            reader = cursor.fetch_record_batch()
        schema = pa.schema([*reader.schema, pa.field(ROW, pa.int64())])
        connection.register(alias, pa.RecordBatchReader.from_batches(schema, self._numbered(cursor, reader, schema)))
        return alias

    def _numbered(self, cursor: Any, reader: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        row = 1
        with cursor:
            try:
                for batch in reader:
                    numbers = pa.array(range(row, row + batch.num_rows), pa.int64())
                    row += batch.num_rows
                    yield pa.RecordBatch.from_arrays([*batch.columns, numbers], schema=schema)
            except (OSError, pa.ArrowException) as error:
                self.fault = self.location.problem(error)
                raise


def open_postgres(spec: str) -> PostgresTable:
    """What a table is like. Raises InputError where it is not there, or may not be read."""
    location = locate(spec)
    with connected(location) as connection, told(location, "B133"):
        columns = rows_of(connection, _COLUMNS, location.sql)
        chosen = ", ".join(
            f"{_value(name, kind, category)} AS {identifier(name)}" for name, kind, category, _ in columns
        )
        if columns:
            rows_of(connection, f"SELECT {chosen} FROM {location.sql} {ALIAS} LIMIT 0")
        elif rows_of(connection, "SELECT 1 WHERE to_regclass($1) IS NOT NULL", location.sql):
            raise InputError.of("B183", location.shown, table=location.within)
        else:
            near = suggest(location.within, [name for (name,) in rows_of(connection, _NAMES)])
            raise InputError.of("B132", location.shown, suggestion=near, table=location.within)
    key = [
        identifier(name)
        for name, *_ in sorted((column for column in columns if column[3] is not None), key=lambda c: c[3])
    ]
    order = f" ORDER BY {', '.join(f'{ALIAS}.{name}' for name in key)}" if key else ""
    return PostgresTable(location, tuple(name for name, *_ in columns), chosen, order)


def _value(name: str, kind: str, category: str) -> str:
    """A column as it is read: amounts as exact decimals in digits, midnights as days, lists as lists of texts."""
    column = f"{ALIAS}.{identifier(name)}"
    if kind in PLAIN:
        return column
    if kind in ("numeric", "money"):
        return f"trim_scale({column}::numeric)::text"
    if kind == "timestamp":
        return f"CASE WHEN {column} = date_trunc('day', {column}) THEN {column}::date::text ELSE {column}::text END"
    return f"{column}::text[]" if category == "A" else f"{column}::text"


@contextmanager
def snapshot(tables: Iterable[PostgresTable]) -> Iterator[None]:
    """While these tables are read: those of one database show the same moment, whatever others write meanwhile."""
    tables = list(tables)
    with ExitStack() as stack:
        found: dict[str, Any] = {}
        for table in tables:
            address = table.location.address
            if address not in found:
                found[address] = stack.enter_context(connected(table.location))
                with told(table.location, "B133"):
                    execute(found[address], "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            table.connection = found[address]
        try:
            yield
        except duckdb.Error:
            for table in tables:
                if table.fault is not None:
                    where = table.location
                    raise InputError.of("B133", where.shown, table=where.within, problem=table.fault) from None
            raise


@contextmanager
def connected(location: Location) -> Iterator[Any]:
    """A connection to a table's database, in a transaction that ends with it. Raises InputError if there is none."""
    from adbc_driver_postgresql import dbapi

    with told(location, "B131"):
        connection = dbapi.connect(location.address)
    with connection:
        with told(location, "B131"):
            for setting in _SESSION:
                execute(connection, setting)
            connection.commit()
        yield connection


@contextmanager
def told(location: Location, code: str, exists: str | None = None) -> Iterator[None]:
    """What the driver raises becomes a problem with this code, or with `exists` where a table is there already."""
    from adbc_driver_manager import Error

    try:
        yield
    except (Error, OSError, pa.ArrowException) as error:
        if location.refused(error):
            code = "B182"
        if exists is not None and getattr(error, "sqlstate", None) == EXISTS:
            code = exists
        said = {} if code == "B182" else {"problem": location.problem(error)}
        raise InputError.of(code, location.shown, table=location.within, suggestion=None, **said) from None


def execute(connection: Any, command: str) -> None:
    """Have the server do something."""
    with connection.cursor() as cursor:
        cursor.execute(command)


def rows_of(connection: Any, query: str, *parameters: str) -> list[tuple[Any, ...]]:
    """The rows that a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters or None)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
