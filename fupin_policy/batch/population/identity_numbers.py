"""Numbers of identity for invented people: right by their form, and nobody's, as there are no areas that begin with 99.

In: drawn columns of one level. Out: a column of numbers for each fact that is one. Called by `tables`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.population.draw import DrawnColumns, Integers
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.expressions import Level
from fupin_policy.core.program import Program
from fupin_policy.intake.identity_numbers import CHECKS, WEIGHTS

NOWHERE = 990_000
"""The first of ten thousand areas that are not in use."""

_AREAS, _ORDERS, _PLACES = 10_000, 500, 8
"""Together these tell apart the people of one day of birth and sex in 625 000 households of up to eight."""


def invented_numbers(
    program: Program, level: Level, columns: DrawnColumns, numbers: Integers, places: Integers
) -> Iterator[tuple[str, pa.Array]]:
    """By the label of each number whose day of birth is drawn, and which is not drawn itself, the column.

    `numbers` are the households', `places` the members' in them. A number is empty where the day of birth is.
    """
    facts = {fact.name: fact for fact in program.facts}
    for fact in program.facts:
        if fact.level == level and fact.number is not None and fact.number.birth and fact.label not in columns:
            born = columns.get(facts[fact.number.birth].label)
            if born is not None:
                men = _men(fact, facts, columns, numbers)
                yield fact.label, _numbers(born.values, born.filled, men, numbers * _PLACES + places % _PLACES)


def _men(fact: FactDecl, facts: dict[str, FactDecl], columns: DrawnColumns, numbers: Integers) -> Integers:
    """1 for whom a man's number is to be invented; where no sex is drawn it alternates."""
    sex = None if fact.number is None else fact.number.sex
    drawn = None if sex is None else columns.get(facts[sex.name].label)
    if sex is None or drawn is None:
        return numbers % 2
    return np.where(drawn.filled, drawn.values == sex.male.bit_length() - 1, numbers % 2).astype(np.int64)


def _numbers(days: Integers, filled: np.ndarray, men: Integers, who: Integers) -> pa.Array:
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    of_month = days - months.astype("datetime64[D]").astype(np.int64) + 1
    year, month = np.divmod(months.astype(np.int64) + 1970 * 12, 12)
    areas, orders = NOWHERE + who // _ORDERS % _AREAS, who % _ORDERS * 2 + men
    whole = ((areas * 10_000 + year) * 100 + month + 1) * 100 + of_month
    digits = (whole[:, None] // 10 ** np.arange(13, -1, -1)) % 10
    digits = np.concatenate((digits, (orders[:, None] // 10 ** np.arange(2, -1, -1)) % 10), axis=1)
    checks = pa.array(list(CHECKS)).take(pa.array((digits * np.array(WEIGHTS)).sum(axis=1) % 11))
    texts = pc.utf8_lpad(pa.array(orders).cast(pa.string()), 3, "0")
    joined = pc.binary_join_element_wise(pa.array(whole).cast(pa.string()), texts, checks, "")
    return pc.if_else(pa.array(filled), joined, pa.scalar(None, pa.string()))
