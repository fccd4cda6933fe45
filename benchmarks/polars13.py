"""The thirteen rules as lazy expressions of Polars. See `batch_peers`.

Members stand in the order of their households, so a household's sum is the difference of two running sums, and its
state is gathered for its members: no join, no grouping.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
from columns13 import HOUSEHOLD_RULES, MEMBER_RULES, Answer, Run, cuts, tables


def prepare_polars(batch: pa.RecordBatch, as_of: date, threads: int) -> Run:
    """Lazy expressions; Polars uses all cores."""
    import polars as pl

    own, inner = (pl.DataFrame(table) for table in tables(batch))
    inner = inner.with_columns(pl.col("born").to_physical())
    last = own["size"].cum_sum() - 1
    day = cuts(as_of)
    born, level, school, cost = (pl.col(name) for name in ("born", "level", "school", "cost"))
    allowance, insured, s = (pl.col(name) for name in ("allowance", "insured", "served"))
    severe, old = level.is_between(1, 2), born <= day[60]
    size, income, house = pl.col("size"), pl.col("income"), pl.col("house")
    disabled, over = pl.col("disabled"), pl.col("over")

    def fen(amount: int) -> Any:
        return pl.lit(amount, pl.Int64)

    def when(test: Any, amount: Any) -> Any:
        return pl.when(test).then(amount).otherwise(fen(0))

    tier = pl.when(born > day[80]).then(fen(8_000)).when(born > day[90]).then(fen(10_000)).otherwise(fen(20_000))
    slices = (cost.clip(500_000, 10_000_000) - 500_000) * 65 + (cost.clip(10_000_000, 20_000_000) - 10_000_000) * 75
    of_members = {
        "old_age": when(s & allowance & old, tier),
        "severe": when(s & severe, pl.when(level == 1).then(fen(12_000)).otherwise(fen(10_000))),
        "living": when(s & allowance & (level != 0), fen(11_000)),
        "yulu": when(s & (school >= 2), fen(300_000)),
        "pension": when(s & insured & (born <= day[16]) & ~old & (school == 0), fen(10_000)),
        "illness": when(s & insured & (cost > 500_000), (slices + (cost - 20_000_000).clip(0) * 85 + 50) // 100),
        "care": when(s & severe & ~allowance, pl.when(old).then(fen(10_000)).otherwise(fen(8_000))),
        "school_aid": when(s & (school == 1) & (born <= day[6]) & (born > day[15]), fen(100_000)),
    }
    running = {
        "disabled": severe.cast(pl.Int64).cum_sum(),
        "able": pl.col("able").cast(pl.Int64).cum_sum(),
        "over": when(insured, cost).cum_sum(),
    }
    worth = pl.when(house == 3).then(fen(3_500_000)).otherwise(fen(1_500_000))
    of_households = {
        "premium": when(s, size * 15_000),
        "subsistence": when(s & (pl.col("able") == 0) & (income < 510_000), (510_000 - income) * size),
        "housing": when(s & (house >= 2), worth),
        "many_disabled": when(s & (disabled >= 2), disabled * 50_000),
        "family_cost": when(
            s & (over > 3_000_000), pl.min_horizontal(((over - 3_000_000) * 30 + 50) // 100, fen(2_000_000))
        ),
    }

    def run() -> Answer:
        served = own["state"] < 2
        people = inner.with_columns(served=served.gather(inner["h"])).lazy().select(**of_members, **running).collect()
        sums = people.select(*running).select(pl.all().gather(last)).select(pl.all().diff().fill_null(pl.all().first()))
        homes = own.with_columns(served=served).hstack(sums).lazy().select(**of_households).collect()
        found: Answer = {name: people[name].to_numpy() for name in MEMBER_RULES}
        return found | {name: homes[name].to_numpy() for name in HOUSEHOLD_RULES}

    return run
