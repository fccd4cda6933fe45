"""Households with their members inside, decided batch by batch where they are.

In: a DataFrame with numbered rows. Out: `DecidedFrame`. Called by `frames`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from fupin_policy.batch.bucket_decisions import Bucket
from fupin_policy.batch.buffers import Array
from fupin_policy.batch.column_binding import Binder, Binding
from fupin_policy.batch.evaluate import BatchEvaluator, Decided
from fupin_policy.batch.excluded_households import REJECTS
from fupin_policy.batch.household_ids import ids_of
from fupin_policy.batch.number_columns import refuse_unique
from fupin_policy.batch.rejects import nested_places
from fupin_policy.batch.spark.outcome import Batches, DecidedFrame, outcome_of, rows_of, schema_of
from fupin_policy.batch.spark.shipping import Order, Shipped, ship, unpack
from fupin_policy.batch.sql import ROW
from fupin_policy.core.days import to_day
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.ruleset import day_of

FILE = "households"
"""How rejects name the DataFrame."""


def decide_nested(frame: DataFrame, question: Shipped) -> DecidedFrame:
    """Decide the households of a DataFrame. Raises InputError for a wrong column."""
    given = to_arrow_schema(frame.drop(ROW).schema)
    none = pa.RecordBatch.from_pylist([], schema=given)
    reporter = Reporter()
    program = question.ruleset.program
    bound = reporter.result(Binder(program).bind(given, to_day(day_of(program, question.as_of)), reporter), InputError)
    refuse_unique(one.fact for table in (bound.households, bound.members) if table for one in table.facts)
    decided = BatchEvaluator(question.ruleset).decide(none, question.as_of, question.asked)
    schema = schema_of(decided.decisions.schema)
    order = ship(frame.sparkSession, question)
    whole = frame.mapInArrow(_deciding(order, schema), from_arrow_schema(schema))
    return outcome_of(whole, order)


def _deciding(order: Order, schema: pa.Schema) -> Callable[[Batches], Batches]:
    """What a worker does with the batches of a partition."""

    def run(batches: Batches) -> Batches:
        program, evaluator = unpack(order.shipment)
        binder = Binder(program)
        for numbered in batches:
            batch = numbered.drop_columns([ROW])
            found = evaluator.decide(batch, order.as_of, order.asked)
            reporter = Reporter()
            binding = reporter.result(binder.bind(batch.schema, to_day(day_of(program, order.as_of)), reporter))
            yield from rows_of(_bucket(found, batch, numbered.column(ROW), binding, program), schema)

    return run


def _bucket(found: Decided, batch: pa.RecordBatch, numbers: pa.Array, binding: Binding, program: Program) -> Bucket:
    lengths = np.zeros(batch.num_rows, np.int64)
    if binding.list is not None:
        lengths = pc.fill_null(pc.list_value_length(batch.column(binding.list)), 0).to_numpy(zero_copy_only=False)
    ids = ids_of(batch.column(binding.households.id))
    return Bucket(found.decisions, _rejects(found.rejects, numbers, ids, lengths, program), found.counts)


def _rejects(faults: pa.Table, numbers: pa.Array, ids: pa.Array, lengths: Array, program: Program) -> pa.Table:
    """The faults at the numbers of their rows; a member, or the item of a list, is named by its place."""
    whose = faults["household_row"].combine_chunks()
    columns = nested_places(faults, lengths, program)
    texts = [faults[name].combine_chunks() for name in ("value", "code", "zh", "en")]
    head = [pa.array([FILE] * len(whose), pa.string()), numbers.take(whose), ids.take(whose)]
    return pa.Table.from_arrays([*head, pa.array(columns, pa.string()), *texts], schema=REJECTS)
