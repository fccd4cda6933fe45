"""Rows as Spark has them, against the embedded engine's. In: tables. Out: frames, rows. For tests of Spark."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from household_batches import batch_of
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from reject_rows import reject_rows

from fupin_policy import Ruleset


def sorted_rows(table: pa.Table) -> pa.Table:
    """Decisions in an order of their own, without dictionaries."""
    plain = pa.table(
        {name: column.cast(_plain(column.type)) for name, column in zip(table.column_names, table, strict=True)}
    )
    keys = [name for name in ("household", "policy", "member") if name in plain.column_names]
    return plain.sort_by([(name, "ascending") for name in keys]).combine_chunks()


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def same_rows(found: DataFrame, wanted: pa.Table) -> None:
    """Equal names and values; nulls may stand anywhere in Spark's columns."""
    ours, theirs = sorted_rows(wanted), sorted_rows(found.toArrow())
    assert theirs.column_names == ours.column_names
    assert theirs.cast(ours.schema).equals(ours), _first_difference(theirs, ours)


def _first_difference(found: pa.Table, wanted: pa.Table) -> Any:
    pairs = zip(found.to_pylist(), wanted.to_pylist(), strict=False)
    return next(((one, two) for one, two in pairs if one != two), (found.num_rows, wanted.num_rows))


def parquet_of(path: Path, rows: list[list[str]]) -> Path:
    """Rows as wide as the header, as texts in small row groups."""
    whole = [row for row in rows[1:] if len(row) == len(rows[0])]
    columns = {name: pa.array([row[at] or None for row in whole], pa.string()) for at, name in enumerate(rows[0])}
    pq.write_table(pa.table(columns), path, row_group_size=4000)
    return path


def with_rows(frame: DataFrame) -> DataFrame:
    """With the number of each row in its file."""
    return frame.withColumn("_row", F.col("_metadata.row_index") + 1)


def rejects_of(path: Path) -> list[tuple[Any, ...]]:
    """The file of rejects, with the names by which Spark's call the tables; an empty cell is a null, or no text."""
    rows = reject_rows(path)
    return sorted((row.pop("file").removesuffix(".parquet"), int(row.pop("row")), *row.values()) for row in rows)


def batch_with_ids(ruleset: Ruleset, found: list[dict[str, Any]]) -> pa.RecordBatch:
    """Households as a batch, each with an id of its own."""
    return batch_of(ruleset, [{**one, "id": f"h{number}"} for number, one in enumerate(found)])


def numbered(spark: SparkSession, batch: pa.RecordBatch) -> DataFrame:
    """A batch as a DataFrame of three partitions.

    Spark hands tables to Arrow's cast, which makes an invalid array of a column of nothing inside a list (Arrow 26), so
    that such columns are texts here.
    """
    numbers = pa.array(range(1, batch.num_rows + 1), pa.int64())
    table = pa.Table.from_batches([_texts_for_nothing(batch)]).append_column("_row", numbers)
    return spark.createDataFrame(table).repartition(3, "_row")


def _texts_for_nothing(batch: pa.RecordBatch) -> pa.RecordBatch:
    schema = pa.schema([(field.name, _inside(field.type)) for field in batch.schema])
    if schema.types == batch.schema.types:
        return batch
    columns = [
        column if column.type == kind else pa.array(column.to_pylist(), kind)
        for column, kind in zip(batch.columns, schema.types, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _inside(kind: pa.DataType) -> pa.DataType:
    """A type with texts where it has nothing inside of structs."""
    if pa.types.is_list(kind):
        return pa.list_(_inside(kind.value_type))
    if not pa.types.is_struct(kind):
        return kind
    parts = [kind.field(at) for at in range(kind.num_fields)]
    return pa.struct([(one.name, pa.string() if pa.types.is_null(one.type) else _inside(one.type)) for one in parts])


def placed(rejects: pa.Table, batch: pa.RecordBatch, lists: Collection[str]) -> Iterator[tuple[Any, ...]]:
    """A batch's rejects as Spark's name their places."""
    lengths = [len(one or ()) for one in batch.column("members").to_pylist()]
    for row in rejects.to_pylist():
        at, member = row["household_row"], row["member_row"]
        place = "" if member is None else f"members[{member - sum(lengths[:at])}]."
        column = row["column"]
        if row["list"] in lists:
            inner = "" if column == row["list"] else f".{column}"
            column = f"{row['list']}[{row['entry']}]{inner}"
        yield (at + 1, f"{place}{column}", *(row[name] for name in ("value", "code", "zh", "en")))


def registry_of(spark: SparkSession, path: Path) -> DataFrame:
    """A CSV as a DataFrame of texts, with the numbers of its rows as a run counts them."""
    with path.open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    kinds = ", ".join(f"`{name}` string" for name in ("_row", *header))
    found = [(str(at), *(cell or None for cell in row)) for at, row in enumerate(rows, 2)]
    return spark.createDataFrame(found, kinds)
