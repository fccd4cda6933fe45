"""A run's result as two tables of PostgreSQL, written by COPY over Arrow (ADBC) in one transaction.

In: the parts of a run. Out: the tables `name` and `name_rejects`. Called by `destinations`.
Both tables are there, complete, or neither is. A table that is there already is never written to.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fupin_policy.batch.postgres import connected, execute, rows_of, told
from fupin_policy.batch.postgres_address import Location
from fupin_policy.batch.previous_run import UNDECIDED
from fupin_policy.batch.sql import identifier, text
from fupin_policy.batch.table_files import plain_schema, plain_table

MARK = "fupin.run"
"""In the comment of a table: the run that wrote it."""


@dataclass(frozen=True, slots=True)
class PostgresResult:
    """Where the decisions go."""

    location: Location

    @property
    def decisions(self) -> str:
        """The table of decisions, as shown."""
        return self.location.shown

    @property
    def _rejects(self) -> Location:
        within = f"{self.location.table}_rejects"
        return replace(self.location, table=within, shown=self.location.shown + "_rejects")

    @property
    def rejects(self) -> str:
        """The table of rejects, as shown."""
        return self._rejects.shown

    @property
    def work(self) -> Path:
        """The folder, where the command is run, that keeps what has been decided."""
        kept = re.sub(r"[^\w.-]", "_", self.location.within)
        return Path(f".{kept}-{hashlib.sha256(self.location.shown.encode()).hexdigest()[:8]}.work")

    def check(self, run: str, again: bool) -> None:
        """Raises InputError if the tables cannot be made: they are made and taken back. `again` may have made them."""
        with connected(self.location) as connection:
            if again and self._written(connection, run):
                return
            self._create(connection, pa.schema([]), pa.schema([]))

    def write(self, run: str, rejects: Sequence[pa.Table], parts: Sequence[Path]) -> None:
        """Write both tables, unless this run had written them before it was interrupted."""
        schema = pq.read_schema(parts[0])
        own, refused = plain_schema(schema, lists=True), plain_schema(rejects[0].schema, lists=True)
        said = {key.decode(): value.decode() for key, value in (schema.metadata or {}).items() if b"fupin" in key}
        said.pop(UNDECIDED, None)
        with connected(self.location) as connection:
            if self._written(connection, run):
                return
            self._create(connection, own, refused)
            self._copy(connection, self.location, own, (pq.read_table(part) for part in parts))
            self._copy(connection, self._rejects, refused, rejects)
            comment = text(json.dumps({**said, MARK: run}, ensure_ascii=False))
            with told(self.location, "B134"):
                execute(connection, f"COMMENT ON TABLE {self.location.sql} IS {comment}")
                connection.commit()

    def _written(self, connection: Any, run: str) -> bool:
        """Whether this very run has written the tables."""
        with told(self.location, "B134"):
            found = rows_of(connection, "SELECT obj_description(to_regclass($1), 'pg_class')", self.location.sql)
        try:
            said = json.loads(found[0][0] or "{}")
        except ValueError:
            return False
        return isinstance(said, dict) and said.get(MARK) == run

    def _create(self, connection: Any, decisions: pa.Schema, rejects: pa.Schema) -> None:
        for location, schema in ((self.location, decisions), (self._rejects, rejects)):
            columns = ", ".join(f"{identifier(field.name)} {_type(field.type)}" for field in schema)
            with told(location, "B134", exists="B135"):
                execute(connection, f"CREATE TABLE {location.sql} ({columns})")

    def _copy(self, connection: Any, location: Location, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
        batches = pa.RecordBatchReader.from_batches(schema, _batches(tables, schema))
        with told(location, "B134"), connection.cursor() as cursor:
            cursor.adbc_ingest(location.table, batches, mode="append", db_schema_name=location.schema)


def _type(kind: pa.DataType) -> str:
    """What PostgreSQL calls a type; amounts of money are whole 分 in 64 bits."""
    if pa.types.is_list(kind):
        return f"{_type(kind.value_type)}[]"
    if pa.types.is_decimal(kind):
        return f"numeric({kind.precision}, {kind.scale})"
    known = {
        pa.string(): "text",
        pa.bool_(): "boolean",
        pa.int32(): "integer",
        pa.int64(): "bigint",
        pa.date32(): "date",
    }
    return known[kind]


def _batches(tables: Iterable[pa.Table], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for table in tables:
        columns = [_storable(column) for column in plain_table(table, schema).columns]
        yield from pa.Table.from_arrays(columns, schema=schema).to_batches()


def _storable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """PostgreSQL keeps no text with the sign NUL, which faulty rows may have."""
    if pa.types.is_string(column.type) and pc.any(pc.match_substring(column, "\0")).as_py():
        return pc.replace_substring(column, "\0", "�")
    return column
