"""DataFrames of households decided on the workers.

In: DataFrames and a `Ruleset`. Out: `DecidedFrame`. Called by users.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from fupin_policy.batch.evaluate import OPEN_AND_GRANTED, BatchRequest, check_request
from fupin_policy.batch.list_tables import named_lists
from fupin_policy.batch.spark.grouped import decide_tables_of
from fupin_policy.batch.spark.nested import decide_nested
from fupin_policy.batch.spark.outcome import DecidedFrame
from fupin_policy.batch.spark.shipping import Shipped
from fupin_policy.batch.sql import ROW
from fupin_policy.diagnostics import InputError
from fupin_policy.ruleset import Ruleset, day_of


def decide(
    households: DataFrame,
    members: DataFrame | None,
    ruleset: Ruleset,
    as_of: date | str,
    asked: BatchRequest = OPEN_AND_GRANTED,
    partitions: int | None = None,
    months: Sequence[DataFrame] = (),
    lists: Mapping[str, DataFrame] = MappingProxyType({}),
) -> DecidedFrame:
    """Decide households on the workers. Nothing runs before something of the outcome is asked for.

    `members` is None where each household has its own in a column `members`, a list of structs; the rows then stay in
    the partitions where they are. Otherwise it is a table with the ids of its households, and rows of both are brought
    together by these, in so many `partitions` as are given or in Spark's own number; a worker holds one of them in
    memory at a time. Columns are named as facts are, by name, label or alias. A column `_row` has the numbers by which
    rejects name rows; without it rows are numbered upwards, with gaps between the partitions of their DataFrame.
    `months` are further tables beside two such, with a row for each month of a household or member; inside of rows
    facts by month are maps, or arrays of structs with `month`.
    `lists` are by name or label of a list further tables with a row for each item, which then are all there are; inside
    of rows lists are arrays of structs.
    Raises InputError for a wrong date or column, for lists that there are not, and for `months` or `lists` where
    members are inside.
    """
    if members is None and (months or lists):
        raise InputError.of("B194", "months" if months else "lists")
    check_request(asked, ruleset.program)
    question = Shipped(ruleset, day_of(ruleset.program, as_of).isoformat(), asked)
    if members is None:
        return decide_nested(_numbered(households), question)
    by_month = [_numbered(one) for one in months]
    named = named_lists(ruleset.program, [(name, name) for name in lists])
    items = [(one, _numbered(lists[name])) for one, name in named]
    return decide_tables_of(_numbered(households), _numbered(members), question, partitions, by_month, items)


def _numbered(frame: DataFrame) -> DataFrame:
    return frame if ROW in frame.columns else frame.withColumn(ROW, F.monotonically_increasing_id() + 1)
