"""What came of deciding DataFrames: one table that holds decisions, rejects and counts, worked out once, and its parts.

In: `Bucket`s on workers; the DataFrame of their rows on the driver. Out: `DecidedFrame`. Called by `frames`.
Spark's functions give one table. A row of it is a decision, or else only has `_reject` or `_counts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from fupin_policy.batch.bucket_decisions import Bucket
from fupin_policy.batch.counts import NAMED_COUNTS, NUMBERS, Counts
from fupin_policy.batch.excluded_households import REJECTS
from fupin_policy.batch.spark.shipping import Order
from fupin_policy.batch.table_files import decoded

REJECT, COUNTS = "_reject", "_counts"
AT_ONCE = 32768
"""Rows given to Spark at a time."""

Batches = Iterator[pa.RecordBatch]
"""What Spark gives a worker, and takes from it."""

_NAMED = pa.list_(pa.struct([("name", pa.string()), ("count", pa.int64())]))
_TAGS = (
    pa.field(REJECT, pa.struct(list(REJECTS))),
    pa.field(
        COUNTS, pa.struct([*((name, pa.int64()) for name in NUMBERS), *((name, _NAMED) for name in NAMED_COUNTS)])
    ),
)


@dataclass(frozen=True, slots=True)
class DecidedFrame:
    """Decisions and rejects, in no particular order. Both are worked out once, when first asked for, and kept by Spark.

    `decisions` has the columns of a batch's decisions, `rejects` those of a run's, a row for each fault.
    """

    decisions: DataFrame
    rejects: DataFrame
    _whole: DataFrame
    _order: Order

    def counts(self) -> Counts:
        """Rows read, decided and rejected. Works everything out if nothing has been asked for yet."""
        counts = self._whole.where(F.col(COUNTS).isNotNull())
        found = counts.agg(*(F.sum(F.col(f"{COUNTS}.{name}")).alias(name) for name in NUMBERS)).first()
        sums: dict[str, Any] = {name: (found and found[name]) or 0 for name in NUMBERS}
        return Counts(**sums | {name: _added(counts, name) for name in NAMED_COUNTS})

    @property
    def compilations(self) -> int:
        """How many executors have compiled the module so far."""
        return int(self._order.shipment.compilations.value)

    def release(self) -> None:
        """Let Spark forget what it keeps; what is asked for afterwards is worked out anew."""
        self._whole.unpersist()


def _added(counts: DataFrame, name: str) -> dict[str, int]:
    """Named counts of all buckets, added up."""
    each = counts.select(F.explode(F.col(f"{COUNTS}.{name}")).alias("one")).select("one.*")
    return {row["name"]: row["sum"] for row in each.groupBy("name").agg(F.sum("count").alias("sum")).collect()}


def schema_of(decisions: pa.Schema) -> pa.Schema:
    """The schema of the one table, from that of the decisions."""
    plain = decoded(decisions.empty_table(), decisions.names).schema
    return pa.schema([*(one.with_nullable(True) for one in plain), *_TAGS])


def rows_of(found: Bucket, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """A bucket as rows of the one table."""
    for start in range(0, found.decisions.num_rows, AT_ONCE):
        part = found.decisions.slice(start, AT_ONCE)
        yield _batch(decoded(part, part.schema.names), schema)
    if found.rejects.num_rows:
        yield _batch(pa.table({REJECT: found.rejects.to_struct_array().combine_chunks()}), schema)
    counts = {name: getattr(found.counts, name) for name in NUMBERS} | {
        counted: [{"name": name, "count": count} for name, count in getattr(found.counts, counted).items()]
        for counted in NAMED_COUNTS
    }
    yield _batch(pa.table({COUNTS: pa.array([counts], schema.field(COUNTS).type)}), schema)


def _batch(table: pa.Table, schema: pa.Schema) -> pa.RecordBatch:
    """The columns that there are, and nulls for the others."""
    there = set(table.column_names)
    columns = [
        table[field.name].combine_chunks().cast(field.type)
        if field.name in there
        else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def outcome_of(whole: DataFrame, order: Order) -> DecidedFrame:
    """The parts of the one table, which Spark keeps from its first use on."""
    kept = whole.persist()
    names = [name for name in whole.columns if name not in (REJECT, COUNTS)]
    reject, counts = F.col(REJECT), F.col(COUNTS)
    decisions = kept.where(reject.isNull() & counts.isNull()).select(*(F.col(quoted(name)) for name in names))
    return DecidedFrame(decisions, kept.where(reject.isNotNull()).select(f"{REJECT}.*"), kept, order)


def quoted(name: str) -> str:
    """A column's name as Spark reads it, dots and all."""
    return "`" + name.replace("`", "``") + "`"
