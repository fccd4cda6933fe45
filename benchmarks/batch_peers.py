"""The thirteen rules of `rules13` as each peer would have them, for a million households at once.

In: the record batch of `registry13`. Out: for each peer a preparation, which is not timed, and a run, which is: amounts
in fen by rule, a member's rule with an entry for each member, a household's for each household. Called by `batch.py`.
`python benchmarks/batch_peers.py --check` compares the answers; without it, preparation and run are timed, each alone.
"""

from __future__ import annotations

import argparse
import ctypes
import functools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from registry13 import registry

from fupin_policy import load

HERE = Path(__file__).parent
MEMBER_RULES = ("old_age", "severe", "living", "yulu", "pension", "illness", "care", "school_aid")
HOUSEHOLD_RULES = ("premium", "subsistence", "housing", "many_disabled", "family_cost")
OPENFISCA_STEPS = ("age", "is_severe", "served")

Array = np.ndarray[Any, Any]
Answer = dict[str, Array]
Run = Callable[[], Answer]
EPOCH = date(1970, 1, 1).toordinal()


def plain(batch: pa.RecordBatch) -> dict[str, Array]:
    """The columns as plain arrays: codes as bytes, days as int32, money in fen as int64, truths as bytes."""

    def column(array: pa.Array) -> Array:
        if pa.types.is_dictionary(array.type):
            return np.ascontiguousarray(array.indices.to_numpy(zero_copy_only=False).astype(np.uint8))
        if pa.types.is_decimal(array.type):
            return np.ascontiguousarray(np.frombuffer(array.buffers()[1], np.int64)[: 2 * len(array) : 2])
        if pa.types.is_boolean(array.type):
            return np.asarray(array.to_numpy(zero_copy_only=False), np.uint8)
        return np.ascontiguousarray(array.cast(pa.int32()).to_numpy())

    lists = batch.column("members")
    persons = dict(zip((f.name for f in lists.type.value_type), lists.values.flatten(), strict=True))
    own = {name: column(batch.column(name)) for name in ("state", "income", "house")}
    inner = {name: column(persons[name]) for name in persons if name != "id"}
    return {"offsets": lists.offsets.to_numpy(), **own, **inner}


@functools.cache
def compiled() -> Any:
    """The function of `kernel13.c`, compiled once a process."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "kernel13.so"
        command = ("gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(HERE / "kernel13.c"))
        subprocess.run(command, check=True)
        return ctypes.CDLL(str(library)).decide


def prepare_c(batch: pa.RecordBatch, as_of: date, threads: int) -> Run:
    """The kernel in C, on one thread, into arrays that it is given."""
    columns, decide = plain(batch), compiled()
    order = ("offsets", "state", "income", "house", "born", "allowance", "level", "school", "insured", "able", "cost")
    households, members = batch.num_rows, len(columns["born"])
    given = (ctypes.c_void_p * len(order))(*(columns[name].ctypes.data for name in order))
    day = as_of.toordinal() - EPOCH

    answer = {name: np.zeros(members, np.int64) for name in MEMBER_RULES}
    answer.update({name: np.zeros(households, np.int64) for name in HOUSEHOLD_RULES})
    places = (ctypes.c_void_p * len(answer))(*(column.ctypes.data for column in answer.values()))

    def run() -> Answer:
        decide(households, day, given, places)
        return answer

    run.kept = columns  # type: ignore[attr-defined]
    return run


def prepare_numpy(batch: pa.RecordBatch, as_of: date, threads: int) -> Run:
    """Vectors over all members and all households."""
    c = plain(batch)
    starts, sizes = c["offsets"][:-1], np.diff(c["offsets"])
    today = as_of.year * 512 + as_of.month * 32 + as_of.day

    def ages() -> Array:
        days = c["born"].astype("datetime64[D]")
        years = days.astype("datetime64[Y]")
        months = days.astype("datetime64[M]")
        month = (months - years.astype("datetime64[M]")).astype(np.int64) + 1
        day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
        return np.asarray((today - ((years.astype(np.int64) + 1970) * 512 + month * 32 + day)) >> 9)

    def run() -> Answer:
        age, level, school, cost = ages(), c["level"], c["school"], c["cost"]
        allowance, insured = c["allowance"] == 1, c["insured"] == 1
        served = c["state"] < 2
        s = np.repeat(served, sizes)
        severe = (level == 1) | (level == 2)
        first = np.clip(cost, 500_000, 10_000_000) - 500_000
        second = np.clip(cost, 10_000_000, 20_000_000) - 10_000_000
        paid = (first * 65 + second * 75 + np.maximum(cost - 20_000_000, 0) * 85 + 50) // 100
        disabled = np.add.reduceat(severe.astype(np.int64), starts)
        able = np.maximum.reduceat(c["able"], starts) == 1
        over = np.add.reduceat(np.where(insured, cost, 0), starts) - 3_000_000
        income, house = c["income"], c["house"]
        tier = np.where(age < 80, 8_000, np.where(age < 90, 10_000, 20_000))
        return {
            "old_age": np.where(s & allowance & (age >= 60), tier, 0),
            "severe": np.where(s & severe, np.where(level == 1, 12_000, 10_000), 0),
            "living": np.where(s & allowance & (level != 0), 11_000, 0),
            "yulu": np.where(s & (school >= 2), 300_000, 0),
            "pension": np.where(s & insured & (age >= 16) & (age <= 59) & (school == 0), 10_000, 0),
            "illness": np.where(s & insured & (cost > 500_000), paid, 0),
            "care": np.where(s & severe & ~allowance, np.where(age >= 60, 10_000, 8_000), 0),
            "school_aid": np.where(s & (school == 1) & (age >= 6) & (age <= 14), 100_000, 0),
            "premium": np.where(served, 15_000 * sizes, 0),
            "subsistence": np.where(served & ~able & (income < 510_000), (510_000 - income) * sizes, 0),
            "housing": np.where(served & (house >= 2), np.where(house == 3, 3_500_000, 1_500_000), 0),
            "many_disabled": np.where(served & (disabled >= 2), 50_000 * disabled, 0),
            "family_cost": np.where(served & (over > 0), np.minimum((over * 30 + 50) // 100, 2_000_000), 0),
        }

    return run


def tables(batch: pa.RecordBatch) -> tuple[pa.Table, pa.Table]:
    """Households, and members with the number of their household; money in fen, codes as texts."""
    lists = batch.column("members")
    persons = lists.values
    offsets = lists.offsets.to_numpy()
    owners = np.repeat(np.arange(batch.num_rows, dtype=np.int32), np.diff(offsets))

    def column(array: pa.Array) -> pa.Array:
        if not pa.types.is_decimal(array.type):
            return array
        fen = np.frombuffer(array.buffers()[1], np.int64)[: 2 * len(array) : 2]
        return pa.array(fen, mask=array.is_null().to_numpy(zero_copy_only=False) if array.null_count else None)

    own = {"h": pa.array(np.arange(batch.num_rows, dtype=np.int32)), "size": pa.array(np.diff(offsets))}
    own |= {name: column(batch.column(name)) for name in ("state", "income", "house")}
    inner = {"h": pa.array(owners), "m": pa.array(np.arange(len(persons), dtype=np.int32))}
    names = [field.name for field in persons.type]
    inner |= {n: column(a) for n, a in zip(names, persons.flatten(), strict=True) if n != "id"}
    return pa.table(own), pa.table(inner)


_DUCK_MEMBERS = """
SELECT
  CASE WHEN served AND allowance AND age >= 60
    THEN CASE WHEN age < 80 THEN 8000 WHEN age < 90 THEN 10000 ELSE 20000 END ELSE 0 END AS old_age,
  CASE WHEN served AND level IN ('one', 'two')
    THEN CASE level WHEN 'one' THEN 12000 ELSE 10000 END ELSE 0 END AS severe,
  CASE WHEN served AND allowance AND level != 'no_level' THEN 11000 ELSE 0 END AS living,
  CASE WHEN served AND school IN ('vocational', 'college') THEN 300000 ELSE 0 END AS yulu,
  CASE WHEN served AND insured AND age BETWEEN 16 AND 59 AND school = 'not_in_school' THEN 10000 ELSE 0 END AS pension,
  CASE WHEN served AND insured AND cost > 500000 THEN
    ((least(cost, 10000000) - 500000) * 65 + greatest(least(cost, 20000000) - 10000000, 0) * 75
      + greatest(cost - 20000000, 0) * 85 + 50) // 100 ELSE 0 END AS illness,
  CASE WHEN served AND level IN ('one', 'two') AND NOT allowance
    THEN CASE WHEN age >= 60 THEN 10000 ELSE 8000 END ELSE 0 END AS care,
  CASE WHEN served AND school = 'primary' AND age BETWEEN 6 AND 14 THEN 100000 ELSE 0 END AS school_aid
FROM (SELECT p.*, date_sub('year', p.born, DATE '{as_of}') AS age, h.state IN ('not_out', 'out_benefiting') AS served
  FROM members p JOIN households h USING (h)) ORDER BY m
"""
_DUCK_HOUSEHOLDS = """
WITH g AS (SELECT h, bool_or(able) AS able, count(*) FILTER (level IN ('one', 'two')) AS disabled,
    coalesce(sum(cost) FILTER (insured), 0)::BIGINT - 3000000 AS over FROM members GROUP BY h)
SELECT
  CASE WHEN served THEN 15000 * size ELSE 0 END AS premium,
  CASE WHEN served AND NOT able AND income < 510000 THEN (510000 - income) * size ELSE 0 END AS subsistence,
  CASE WHEN served AND house IN ('c', 'd') THEN CASE house WHEN 'd' THEN 3500000 ELSE 1500000 END ELSE 0 END AS housing,
  CASE WHEN served AND disabled >= 2 THEN 50000 * disabled ELSE 0 END AS many_disabled,
  CASE WHEN served AND over > 0 THEN least((over * 30 + 50) // 100, 2000000) ELSE 0 END AS family_cost
FROM (SELECT *, state IN ('not_out', 'out_benefiting') AS served FROM households JOIN g USING (h)) ORDER BY h
"""


_STATUS_MEMBERS = """
SELECT
  served AND allowance AND age >= 60 AS old_age,
  served AND level IN ('one', 'two') AS severe,
  served AND allowance AND level != 'no_level' AS living,
  served AND school IN ('vocational', 'college') AS yulu,
  served AND insured AND age BETWEEN 16 AND 59 AND school = 'not_in_school' AS pension,
  served AND insured AND cost > 500000 AS illness,
  served AND level IN ('one', 'two') AND NOT allowance AS care,
  served AND school = 'primary' AND age BETWEEN 6 AND 14 AS school_aid
FROM (SELECT p.*, date_sub('year', p.born, DATE '{as_of}') AS age, h.state IN ('not_out', 'out_benefiting') AS served
  FROM members p JOIN households h USING (h)) ORDER BY m
"""
_STATUS_HOUSEHOLDS = """
WITH g AS (SELECT h, bool_or(able) AS able, count(*) FILTER (level IN ('one', 'two')) AS disabled,
    coalesce(sum(cost) FILTER (insured), 0)::BIGINT - 3000000 AS over FROM members GROUP BY h)
SELECT
  served AS premium,
  served AND NOT able AND income < 510000 AS subsistence,
  served AND house IN ('c', 'd') AS housing,
  served AND disabled >= 2 AS many_disabled,
  served AND over > 0 AS family_cost
FROM (SELECT *, state IN ('not_out', 'out_benefiting') AS served FROM households JOIN g USING (h)) ORDER BY h
"""


def prepare_duckdb(batch: pa.RecordBatch, as_of: date, threads: int) -> Run:
    """Amounts by SQL over DuckDB's own tables; a test that is NULL gives 0, as if it were false."""
    connection = duckdb_tables(batch, threads)

    def run() -> Answer:
        answer: Answer = {}
        for query in (_DUCK_MEMBERS, _DUCK_HOUSEHOLDS):
            found = connection.sql(query.format(as_of=as_of)).to_arrow_table()
            answer.update({name: found[name].to_numpy() for name in found.column_names})
        return answer

    return run


def prepare_duckdb_status(batch: pa.RecordBatch, as_of: date, threads: int) -> Callable[[], dict[str, Any]]:
    """Statuses by SQL's three-valued logic: true, false, NULL for open; no amounts.

    Only its speed is compared: sums, counts and bool_or skip NULLs, so its answers about households are not sound.
    """
    connection = duckdb_tables(batch, threads)

    def run() -> dict[str, Any]:
        statuses: dict[str, Any] = {}
        for query in (_STATUS_MEMBERS, _STATUS_HOUSEHOLDS):
            found = connection.sql(query.format(as_of=as_of)).to_arrow_table()
            statuses.update({name: found[name] for name in found.column_names})
        return statuses

    return run


def duckdb_tables(batch: pa.RecordBatch, threads: int) -> Any:
    """A connection with the registry in DuckDB's own tables `households` and `members`."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    own, inner = tables(batch)
    for name, table in (("households", own), ("members", inner)):
        connection.register("given", table)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        connection.unregister("given")
    return connection


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


def prepare_openfisca(batch: pa.RecordBatch, as_of: date, threads: int) -> Run:
    """openfisca-core's calculation alone, on a population that stands; what it keeps of an earlier run is dropped."""
    simulation, calculate = openfisca_population(batch, as_of)()
    month = f"{as_of.year}-{as_of.month:02d}"

    def run() -> Answer:
        for name in (*OPENFISCA_STEPS, *MEMBER_RULES, *HOUSEHOLD_RULES):
            simulation.delete_arrays(name, month)
        return calculate()

    return run


def openfisca_population(batch: pa.RecordBatch, as_of: date) -> Callable[[], tuple[Any, Run]]:
    """A function that builds a simulation and gives it with its calculation; codes as numbers, ages given."""
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = build_entity(key="person", plural="persons", label="Person", is_person=True)
    role = {"key": "member", "plural": "members", "label": "Member"}
    home = build_entity(key="household", plural="households", label="Household", roles=[role])
    month = f"{as_of.year}-{as_of.month:02d}"

    def variable(name: str, kind: type, entity: Any, formula: Any = None) -> type[Variable]:
        fields: dict[str, Any] = {"value_type": kind, "entity": entity, "definition_period": DateUnit.MONTH}
        return type(name, (Variable,), fields if formula is None else {**fields, "formula": formula})

    def age(p: Any, at: Any) -> Any:
        days = p("born", at).astype("datetime64[D]")
        years, months = days.astype("datetime64[Y]"), days.astype("datetime64[M]")
        number = (months - years.astype("datetime64[M]")).astype(np.int64) * 32 + (
            days - months.astype("datetime64[D]")
        ).astype(np.int64)
        later = number > (as_of.month - 1) * 32 + as_of.day - 1
        return as_of.year - (years.astype(np.int64) + 1970) - later

    def served(h: Any, at: Any) -> Any:
        return h("state", at) < 2

    def is_severe(p: Any, at: Any) -> Any:
        level = p("level", at)
        return (level == 1) | (level == 2)

    def of(p: Any, at: Any) -> Any:
        return p.household("served", at)

    def old_age(p: Any, at: Any) -> Any:
        years = p("age", at)
        tier = np.where(years < 80, 8_000, np.where(years < 90, 10_000, 20_000))
        return np.where(of(p, at) & p("allowance", at) & (years >= 60), tier, 0)

    def severe(p: Any, at: Any) -> Any:
        return np.where(of(p, at) & p("is_severe", at), np.where(p("level", at) == 1, 12_000, 10_000), 0)

    def living(p: Any, at: Any) -> Any:
        return np.where(of(p, at) & p("allowance", at) & (p("level", at) != 0), 11_000, 0)

    def yulu(p: Any, at: Any) -> Any:
        return np.where(of(p, at) & (p("school", at) >= 2), 300_000, 0)

    def pension(p: Any, at: Any) -> Any:
        years = p("age", at)
        test = of(p, at) & p("insured", at) & (years >= 16) & (years <= 59) & (p("school", at) == 0)
        return np.where(test, 10_000, 0)

    def illness(p: Any, at: Any) -> Any:
        cost = p("cost", at).astype(np.int64)
        first = np.clip(cost, 500_000, 10_000_000) - 500_000
        second = np.clip(cost, 10_000_000, 20_000_000) - 10_000_000
        paid = (first * 65 + second * 75 + np.maximum(cost - 20_000_000, 0) * 85 + 50) // 100
        return np.where(of(p, at) & p("insured", at) & (cost > 500_000), paid, 0)

    def care(p: Any, at: Any) -> Any:
        test = of(p, at) & p("is_severe", at) & ~p("allowance", at)
        return np.where(test, np.where(p("age", at) >= 60, 10_000, 8_000), 0)

    def school_aid(p: Any, at: Any) -> Any:
        years = p("age", at)
        return np.where(of(p, at) & (p("school", at) == 1) & (years >= 6) & (years <= 14), 100_000, 0)

    def premium(h: Any, at: Any) -> Any:
        return np.where(h("served", at), 15_000 * h.nb_persons(), 0)

    def subsistence(h: Any, at: Any) -> Any:
        income, able = h("income", at), h.any(h.members("able", at))
        return np.where(h("served", at) & ~able & (income < 510_000), (510_000 - income) * h.nb_persons(), 0)

    def housing(h: Any, at: Any) -> Any:
        house = h("house", at)
        return np.where(h("served", at) & (house >= 2), np.where(house == 3, 3_500_000, 1_500_000), 0)

    def many_disabled(h: Any, at: Any) -> Any:
        count = h.sum(h.members("is_severe", at))
        return np.where(h("served", at) & (count >= 2), 50_000 * count, 0)

    def family_cost(h: Any, at: Any) -> Any:
        over = h.sum(np.where(h.members("insured", at), h.members("cost", at), 0)).astype(np.int64) - 3_000_000
        return np.where(h("served", at) & (over > 0), np.minimum((over * 30 + 50) // 100, 2_000_000), 0)

    system = TaxBenefitSystem([person, home])
    inner = {"born": int, "allowance": bool, "level": int, "school": int, "insured": bool, "able": bool, "cost": int}
    own = {"state": int, "income": int, "house": int}
    for name, kind in inner.items():
        system.add_variable(variable(name, kind, person))
    for name, kind in own.items():
        system.add_variable(variable(name, kind, home))
    for formula, kind in ((age, int), (is_severe, bool)):
        system.add_variable(variable(formula.__name__, kind, person, formula))
    system.add_variable(variable("served", bool, home, served))
    for formula in (old_age, severe, living, yulu, pension, illness, care, school_aid):
        system.add_variable(variable(formula.__name__, int, person, formula))
    for of_home in (premium, subsistence, housing, many_disabled, family_cost):
        system.add_variable(variable(of_home.__name__, int, home, of_home))
    columns = plain(batch)
    owners = np.repeat(np.arange(batch.num_rows), np.diff(columns["offsets"]))
    roles = np.zeros(len(owners), np.int64)

    def build() -> tuple[Any, Run]:
        builder = SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("person", np.arange(len(owners)))
        group = builder.declare_entity("household", np.arange(batch.num_rows))
        builder.join_with_persons(group, owners, roles)
        simulation = builder.build(system)
        for name, kind in {**inner, **own}.items():
            simulation.set_input(name, month, columns[name].astype(kind))

        def calculate() -> Answer:
            return {rule: simulation.calculate(rule, month) for rule in (*MEMBER_RULES, *HOUSEHOLD_RULES)}

        return simulation, calculate

    return build


PEERS: dict[str, tuple[str, Callable[[pa.RecordBatch, date, int], Callable[[], Any]]]] = {
    "C": ("", prepare_c),
    "numpy": ("numpy", prepare_numpy),
    "Polars": ("polars", prepare_polars),
    "DuckDB": ("duckdb", prepare_duckdb),
    "openfisca-core": ("openfisca-core", prepare_openfisca),
}
DAYS = (date(2019, 6, 30), date(2020, 2, 29), date(2021, 2, 28))


def label(name: str, package: str) -> str | None:
    """The peer's name with its version; None, with a line printed, where its package or gcc is not there."""
    try:
        if not package and not shutil.which("gcc"):
            raise PackageNotFoundError
        return f"{name} {version(package)}" if package else name
    except PackageNotFoundError:
        print(f"{name}: not installed, left out")
        return None


def as_input(value: Any) -> Any:
    """A value of Arrow's as one household's evaluation takes it: decimals and dates as text."""
    if isinstance(value, dict):
        return {name: as_input(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_input(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def by_one(batch: pa.RecordBatch, as_of: date) -> Answer:
    """The amounts in fen by `Ruleset.evaluate`, a household at a time: the reference for all others."""
    ruleset = load(HERE / "rules13", cache=False)
    found: dict[str, list[int]] = {rule: [] for rule in (*MEMBER_RULES, *HOUSEHOLD_RULES)}
    for household in as_input(batch.to_pylist()):
        decisions = {one.policy: one for one in ruleset.evaluate(household, as_of).decisions}
        for rule in MEMBER_RULES:
            given = {one.member: one.amount.low for one in decisions[rule].members if one.amount is not None}
            found[rule] += [given.get(member["id"], 0) for member in household["members"]]
        for rule in HOUSEHOLD_RULES:
            amount = decisions[rule].amount
            found[rule].append(0 if amount is None else amount.low)
    return {rule: np.array(amounts, np.int64) for rule, amounts in found.items()}


def same(name: str, answer: Answer, wanted: Answer) -> None:
    """Exits, saying where, if two answers differ."""
    for rule, amounts in wanted.items():
        if not np.array_equal(np.asarray(answer[rule], np.int64), amounts):
            at = int(np.flatnonzero(np.asarray(answer[rule]) != amounts)[0])
            sys.exit(f"{name} differs in {rule} at {at}: {answer[rule][at]} instead of {amounts[at]}")


def check(few: int = 300, many: int = 100_000) -> None:
    """The kernel against one household at a time, then every peer, run twice, against the kernel."""
    if label("C", "") is None:
        sys.exit("the kernel in C is the reference: gcc is needed")
    small, large = registry(few, 1), registry(many, 1)
    for as_of in DAYS:
        same("C", prepare_c(small, as_of, 1)(), by_one(small, as_of))
    print(f"C: as Ruleset.evaluate on {few} households, on {len(DAYS)} days")
    for name, (package, prepare) in PEERS.items():
        shown = label(name, package) if name != "C" else None
        if shown is None:
            continue
        for as_of in DAYS:
            wanted, run = prepare_c(large, as_of, 1)(), prepare(large, as_of, 2)
            same(name, run(), wanted)
            same(f"{name}, run again", run(), wanted)
        print(f"{shown}: as C on {many} households, on {len(DAYS)} days")


def taken(action: Callable[[], object], rounds: int) -> float:
    """Seconds, the median of some rounds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(households: int, threads: int, rounds: int = 5) -> None:
    """Seconds of each peer's preparation and run; openfisca-core's preparation builds its population and variables."""
    full, open_ = registry(households, 1), registry(households, 2, missing=0.05)
    rows = [(name, package, prepare, full) for name, (package, prepare) in PEERS.items()]
    rows.append(("DuckDB, 5 % missing, amounts", "duckdb", prepare_duckdb, open_))
    rows.append(("DuckDB, 5 % missing, statuses", "duckdb", prepare_duckdb_status, open_))
    print(
        f"{households} households, {len(full.column('members').values)} members, {threads} threads, median of {rounds}"
    )
    print(f"{'':40}{'prepare':>10}{'run':>10}   seconds")
    for name, package, prepare, batch in rows:
        shown = label(name, package)
        if shown is None:
            continue
        run = prepare(batch, DAYS[0], threads)
        run()
        run_seconds = taken(run, rounds)
        del run
        prepared = taken(functools.partial(prepare, batch, DAYS[0], threads), rounds)
        print(f"{shown:40}{prepared:10.3f}{run_seconds:10.3f}")


def main() -> None:
    """Check, or time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare the answers only")
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="DuckDB's; Polars takes all cores")
    arguments = parser.parse_args()
    if arguments.check:
        check()
    else:
        measure(arguments.households, arguments.threads)


if __name__ == "__main__":
    main()
