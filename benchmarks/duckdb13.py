"""The thirteen rules as queries of DuckDB: amounts, or statuses alone. See `batch_peers`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
from columns13 import Answer, Run, tables

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
