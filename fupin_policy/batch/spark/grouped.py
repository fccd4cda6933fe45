"""Households and members in two DataFrames, brought together by Spark and decided a partition at a time.

In: two DataFrames with numbered rows. Out: `DecidedFrame`. Called by `frames`.
Rows of both travel in one DataFrame, each in a struct of its own; a partition is then a bucket, and decided as one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from fupin_policy.batch.bucket_decisions import by_row, decide_tables
from fupin_policy.batch.evaluate import BatchEvaluator
from fupin_policy.batch.excluded_households import Names
from fupin_policy.batch.household_ids import BLANKS
from fupin_policy.batch.implied_mapping import implied_mapping
from fupin_policy.batch.mapping import FurtherHeaders, Headers, RegistryMapping, TableMapping
from fupin_policy.batch.number_columns import refuse_unique
from fupin_policy.batch.spark.outcome import Batches, DecidedFrame, outcome_of, quoted, rows_of, schema_of
from fupin_policy.batch.spark.shipping import Order, Shipped, ship, unpack
from fupin_policy.batch.sql import ROW
from fupin_policy.batch.staging import HOUSEHOLD, MEMBER, PERIOD
from fupin_policy.core.declarations import ListDecl
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import InputError, Reporter

OWN, INNER, MONTHS, LIST = "households", "members", "months", "list_"
"""The structs of the tables' rows, `months0` of the first by month, `list_bills` of a list; rejects name the tables so
too."""


def decide_tables_of(
    households: DataFrame,
    members: DataFrame,
    question: Shipped,
    partitions: int | None,
    months: Sequence[DataFrame] = (),
    lists: Sequence[tuple[ListDecl, DataFrame]] = (),
) -> DecidedFrame:
    """Decide the households of two DataFrames, and of others with facts by month or items of lists.

    Raises InputError for a wrong column.
    """
    program = question.ruleset.program
    frames = {OWN: households, INNER: members} | {f"{MONTHS}{at}": one for at, one in enumerate(months)}
    frames |= {f"{LIST}{one.name}": frame for one, frame in lists}
    mapping = _mapping(program, frames, [one for one, _ in lists])
    if mapping.members is None:
        raise AssertionError("two tables have two mappings")
    mapped = (mapping.households, mapping.members, *mapping.further)
    refuse_unique(column.fact for one in mapped for column in one.columns)
    sides = {name: _facts(frame, one) for (name, frame), one in zip(frames.items(), mapped, strict=True)}
    further = list(frames)[2:]
    names = Names.of(mapping, OWN, INNER, further=further)
    # of no rows at all, here: a problem with the columns is still the caller's to see
    none = {name: to_arrow_schema(side.schema).empty_table() for name, side in sides.items()}
    evaluator = BatchEvaluator(question.ruleset)
    empty = [none[name] for name in further]
    asked = (names, question.as_of, question.asked)
    decided = decide_tables(none[OWN], none[INNER], evaluator, program, *asked, further=empty)
    schema = schema_of(decided.decisions.schema)
    order = ship(households.sparkSession, question)
    parted = _together(sides, partitions)
    whole = parted.mapInArrow(_deciding(order, names, schema), from_arrow_schema(schema))
    return outcome_of(whole, order)


def _deciding(order: Order, names: Names, schema: pa.Schema) -> Callable[[Batches], Batches]:
    """What a worker does with a partition."""

    def run(batches: Batches) -> Batches:
        rows = list(batches)
        if not rows:
            return
        program, evaluator = unpack(order.shipment)
        table = pa.Table.from_batches(rows)
        further = (one.file for one in names.further)
        own, inner, *others = (_side(table, name) for name in (OWN, INNER, *further))
        del rows, table
        found = decide_tables(own, inner, evaluator, program, names, order.as_of, order.asked, further=others)
        yield from rows_of(found, schema)

    return run


def _side(table: pa.Table, name: str) -> pa.Table:
    """One of the two tables, in the order of its rows; its texts each kept once."""
    found = _given(pa.Table.from_struct_array(table[name].filter(pc.is_valid(table[name]))))
    for at, field in enumerate(found.schema):
        if pa.types.is_string(field.type) and field.name not in (HOUSEHOLD, MEMBER):
            found = found.set_column(at, field.name, found.column(at).dictionary_encode())
    return by_row(found.unify_dictionaries().combine_chunks())


def _given(table: pa.Table) -> pa.Table:
    """The rows that say something. Asked of Spark, so many alternatives would keep its planner busy for a minute."""
    if not table[HOUSEHOLD].null_count:
        return table
    said = pc.is_valid(table[HOUSEHOLD])
    for name in table.column_names:
        if name != ROW:
            said = pc.or_(said, pc.is_valid(table[name]))
    return table.filter(said)


def _mapping(program: Program, frames: Mapping[str, DataFrame], lists: Sequence[ListDecl]) -> RegistryMapping:
    reporter = Reporter()
    own, inner, *others = (
        Headers(name, tuple(column for column in frame.columns if column != ROW)) for name, frame in frames.items()
    )
    first = len(others) - len(lists)
    further = FurtherHeaders(tuple(others[:first]), tuple(zip(lists, others[first:], strict=True)))
    mapping = implied_mapping(program, own, inner, reporter, further)
    reporter.raise_errors(InputError)
    return mapping


def _facts(frame: DataFrame, mapping: TableMapping) -> DataFrame:
    """A table's ids, facts and row numbers under their own names."""
    ids = {HOUSEHOLD: mapping.household} | ({MEMBER: mapping.member} if mapping.member else {})
    ids |= {} if mapping.period is None else {PERIOD: mapping.period.header}
    texts = {name: F.col(quoted(header)).cast("string") for name, header in ids.items()}
    chosen = [F.btrim(column, F.lit(BLANKS)).alias(name) for name, column in texts.items()]
    chosen += [F.col(quoted(column.header)).alias(column.fact.name) for column in mapping.columns]
    return frame.select(*chosen, F.col(ROW).cast("bigint").alias(ROW))


def _together(sides: Mapping[str, DataFrame], partitions: int | None) -> DataFrame:
    """The rows of all tables, those of the same household in one partition."""
    wrapped = [_wrapped(side, name) for name, side in sides.items()]
    whole = reduce(lambda some, one: some.unionByName(one, allowMissingColumns=True), wrapped)
    parted = whole.repartition(HOUSEHOLD) if partitions is None else whole.repartition(partitions, HOUSEHOLD)
    return parted.drop(HOUSEHOLD)


def _wrapped(side: DataFrame, name: str) -> DataFrame:
    household = F.coalesce(F.col(HOUSEHOLD), F.lit("")).alias(HOUSEHOLD)
    return side.select(household, F.struct(*(F.col(quoted(name)) for name in side.columns)).alias(name))
