"""Who has the same number of identity as another, in a whole registry: two passes over staged tables, no number kept.

In: a table on its way into buckets; later the buckets. Out: sealed numbers, and which rows share one. Called by
`staging` and `checkpoints`. What is the same for the same person is hashed with a key that is drawn for each staging
and thrown away with it: what stands in the folder can neither be read nor compared with anything.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fupin_policy.batch.identity_columns import read_numbers, sealed, with_repeated
from fupin_policy.batch.sql import ARROW_FUNCTION, ROW, identifier, parquet, text
from fupin_policy.core.declarations import FactDecl, FormatKind
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN

REPEATED = "repeated"
"""The folder of what was found, parted into the same buckets."""
_PERSON = "_person:"
"""Before the name of a fact: the column of the hashes of its numbers."""
_SEALED = "STRUCT(number UBIGINT, person VARCHAR)"


@dataclass(frozen=True, slots=True)
class Sealer:
    """Takes numbers out of tables on their way into buckets. `key` is never written down."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def open(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Give a connection the functions that `columns` calls."""
        kinds: tuple[FormatKind | None, ...] = (None, *get_args(FormatKind))
        for kind in kinds:
            connection.create_function(
                _function(kind),
                self._sealing(kind),
                ["VARCHAR"],
                _SEALED,
                **ARROW_FUNCTION,
            )

    def _sealing(self, kind: FormatKind | None) -> Callable[[Any], Any]:
        def seal(column: Any) -> Any:
            return self._seal(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column, kind)

        return seal

    def _seal(self, column: pa.Array, kind: FormatKind | None) -> pa.Array:
        read = read_numbers(column, kind)
        persons = [
            hashlib.blake2b(one, key=self.key, digest_size=16).hexdigest() if one else None
            for one in read.persons.tolist()
        ]
        names = ["number", "person"]
        return pa.StructArray.from_arrays([pa.array(sealed(read), pa.uint64()), pa.array(persons, pa.string())], names)


def _function(kind: FormatKind | None) -> str:
    return f"seal_{kind or 'any'}"


def sealed_columns(number: FactDecl, column: str) -> list[str]:
    """SQL for a number's column as it is kept: what it tells, and a hash where it must stand once."""
    kept = number.number
    if kept is None:
        raise AssertionError("no number of identity")
    given = f"{_function(kept.kind)}(CAST({column} AS VARCHAR))"
    person = [f"{given}.person AS {identifier(_PERSON + number.name)}"] if kept.unique else []
    return [f"{given}.number AS {identifier(number.name)}", *person]


def find_repeated(
    connection: duckdb.DuckDBPyConnection, folder: Path, table: str, facts: Iterable[FactDecl], who: Sequence[str]
) -> None:
    """The second pass: which rows of a staged table share a number with another household, or member. `who` are the
    columns that tell these apart, the bucket's last.
    """
    files = sorted((folder / table).rglob("*.parquet"))
    if not files:
        return
    *ids, bucket = who
    for fact in (one for one in facts if one.number is not None and one.number.unique):
        person = identifier(_PERSON + fact.name)
        holder = " || chr(31) || ".join(f"coalesce(CAST({one} AS VARCHAR), '')" for one in ids)
        number = f"CAST(regexp_extract(filename, '.*{bucket}=([0-9]+)', 1) AS INTEGER) AS {bucket}"
        table_rows = parquet(files, "filename = true")
        rows = f"SELECT {person} AS person, {holder} AS holder, {ROW}, {number} FROM {table_rows}"
        by_person = f"FROM ({rows}) WHERE person IS NOT NULL GROUP BY person"
        several = f"SELECT person {by_person} HAVING min(holder) <> max(holder)"
        found = f"SELECT {ROW}, {bucket} FROM ({rows}) SEMI JOIN ({several}) USING (person)"
        target = folder / REPEATED / f"{table}-{fact.name}"
        target.parent.mkdir(exist_ok=True)
        connection.execute(f"COPY ({found}) TO {text(str(target))} (FORMAT parquet, PARTITION_BY ({bucket}))")


def with_repeated_rows(rows: pa.Table, folder: Path, table: str, bucket: str) -> pa.Table:
    """The rows of a bucket whose numbers say whether each stands once, without the hashes."""
    for name in [name for name in rows.column_names if name.startswith(_PERSON)]:
        fact = name.removeprefix(_PERSON)
        files = sorted((folder / REPEATED / f"{table}-{fact}" / bucket).glob("*.parquet"))
        again = pa.concat_tables([pq.ParquetFile(file).read([ROW]) for file in files])[ROW] if files else pa.array([])
        known = pc.is_valid(rows[name]).to_numpy(zero_copy_only=False)
        shared = pc.is_in(rows[ROW], value_set=pa.array(again.to_pylist(), pa.int64())).to_numpy(zero_copy_only=False)
        once = np.where(known, np.where(shared, np.uint8(FALSE), np.uint8(TRUE)), np.uint8(UNKNOWN))
        kept = with_repeated(pc.fill_null(rows[fact], 0).to_numpy().astype(np.uint64), once)
        rows = rows.drop_columns([name])
        rows = rows.set_column(rows.schema.get_field_index(fact), fact, pa.array(kept, pa.uint64()))
    return rows
