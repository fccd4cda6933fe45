"""The thirteen rules as lazy expressions of Polars. See `batch_peers`."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
from columns13 import Answer, Run, tables


def prepare_polars(batch: pa.RecordBatch, as_of: date, threads: int) -> Run:
    """Lazy expressions; Polars uses all cores."""
    import polars as pl

    own, inner = (pl.from_arrow(table) for table in tables(batch))
    if not isinstance(own, pl.DataFrame) or not isinstance(inner, pl.DataFrame):
        raise AssertionError("tables are data frames")
    born, level, school, cost = pl.col("born"), pl.col("level"), pl.col("school"), pl.col("cost")
    later = (born.dt.month() > as_of.month) | ((born.dt.month() == as_of.month) & (born.dt.day() > as_of.day))
    age = (as_of.year - born.dt.year() - later.cast(pl.Int32)).alias("age")
    served = pl.col("state").is_in(["not_out", "out_benefiting"]).alias("served")
    severe = level.is_in(["one", "two"])

    def when(test: Any, amount: Any) -> Any:
        return pl.when(test).then(amount).otherwise(0).cast(pl.Int64)

    def run() -> Answer:
        s, a = pl.col("served"), pl.col("age")
        tier = pl.when(a < 80).then(8_000).when(a < 90).then(10_000).otherwise(20_000)
        top = (cost - 20_000_000).clip(0)
        slices = (cost.clip(500_000, 10_000_000) - 500_000) * 65 + (cost.clip(10_000_000, 20_000_000) - 10_000_000) * 75
        whose = own.lazy().select("h", served)
        persons = inner.lazy().with_columns(age).join(whose, on="h", how="left", maintain_order="left")
        of_members = persons.select(
            old_age=when(s & pl.col("allowance") & (a >= 60), tier),
            severe=when(s & severe, pl.when(level == "one").then(12_000).otherwise(10_000)),
            living=when(s & pl.col("allowance") & (level != "no_level"), 11_000),
            yulu=when(s & school.is_in(["vocational", "college"]), 300_000),
            pension=when(s & pl.col("insured") & a.is_between(16, 59) & (school == "not_in_school"), 10_000),
            illness=when(s & pl.col("insured") & (cost > 500_000), (slices + top * 85 + 50) // 100),
            care=when(s & severe & ~pl.col("allowance"), pl.when(a >= 60).then(10_000).otherwise(8_000)),
            school_aid=when(s & (school == "primary") & a.is_between(6, 14), 100_000),
        )
        groups = (
            inner.lazy()
            .group_by("h")
            .agg(
                able=pl.col("able").any(),
                disabled=severe.sum().cast(pl.Int64),
                over=pl.when(pl.col("insured")).then(cost).otherwise(0).sum() - 3_000_000,
            )
        )
        size, income, house = pl.col("size").cast(pl.Int64), pl.col("income"), pl.col("house")
        homes = own.lazy().with_columns(served).join(groups, on="h", how="left", maintain_order="left")
        of_households = homes.select(
            premium=when(s, 15_000 * size),
            subsistence=when(s & ~pl.col("able") & (income < 510_000), (510_000 - income) * size),
            housing=when(s & house.is_in(["c", "d"]), pl.when(house == "d").then(3_500_000).otherwise(1_500_000)),
            many_disabled=when(s & (pl.col("disabled") >= 2), 50_000 * pl.col("disabled")),
            family_cost=when(s & (pl.col("over") > 0), pl.min_horizontal((pl.col("over") * 30 + 50) // 100, 2_000_000)),
        )
        found = [*pl.collect_all([of_members, of_households])]
        return {name: frame[name].to_numpy() for frame in found for name in frame.columns}

    return run
