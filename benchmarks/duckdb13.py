"""The thirteen rules as queries of DuckDB: amounts, or statuses alone. See `batch_peers`.

Codes are small numbers and ages are cuts of birth days. Rows come in any order and are put in place by their numbers,
which takes less than to have them sorted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from columns13 import HOUSEHOLD_RULES, MEMBER_RULES, Answer, Run, cuts, tables

_EPOCH = date(1970, 1, 1)
_FROM_MEMBERS = "FROM (SELECT members.*, state < 2 AS s FROM members JOIN households USING (h))"
_GROUPED = """
WITH g AS (SELECT h, bool_or(able) AS any_able, sum((level BETWEEN 1 AND 2)::UTINYINT)::BIGINT AS disabled,
    sum(CASE WHEN insured THEN cost ELSE 0 END)::BIGINT - 3000000 AS over FROM members GROUP BY h)"""
_FROM_HOUSEHOLDS = "FROM g JOIN (SELECT *, state < 2 AS s FROM households) USING (h)"

_TESTS_OF_MEMBERS = {
    "old_age": "s AND allowance AND born <= {d60}",
    "severe": "s AND level BETWEEN 1 AND 2",
    "living": "s AND allowance AND level <> 0",
    "yulu": "s AND school >= 2",
    "pension": "s AND insured AND born <= {d16} AND born > {d60} AND school = 0",
    "illness": "s AND insured AND cost > 500000",
    "care": "s AND level BETWEEN 1 AND 2 AND NOT allowance",
    "school_aid": "s AND school = 1 AND born <= {d6} AND born > {d15}",
}
_AMOUNTS_OF_MEMBERS = {
    "old_age": "CASE WHEN born > {d80} THEN 8000 WHEN born > {d90} THEN 10000 ELSE 20000 END",
    "severe": "CASE WHEN level = 1 THEN 12000 ELSE 10000 END",
    "living": "11000",
    "yulu": "300000",
    "pension": "10000",
    "illness": "((least(cost, 10000000) - 500000) * 65 + greatest(least(cost, 20000000) - 10000000, 0) * 75"
    " + greatest(cost - 20000000, 0) * 85 + 50) // 100",
    "care": "CASE WHEN born <= {d60} THEN 10000 ELSE 8000 END",
    "school_aid": "100000",
}
_TESTS_OF_HOUSEHOLDS = {
    "premium": "s",
    "subsistence": "s AND NOT any_able AND income < 510000",
    "housing": "s AND house >= 2",
    "many_disabled": "s AND disabled >= 2",
    "family_cost": "s AND over > 0",
}
_AMOUNTS_OF_HOUSEHOLDS = {
    "premium": "15000 * size",
    "subsistence": "(510000 - income) * size",
    "housing": "CASE WHEN house = 3 THEN 3500000 ELSE 1500000 END",
    "many_disabled": "50000 * disabled",
    "family_cost": "least((over * 30 + 50) // 100, 2000000)",
}


def prepare_duckdb(batch: pa.RecordBatch, as_of: date, threads: int) -> Run:
    """Amounts by SQL over DuckDB's own tables; a test that is NULL gives 0, as if it were false."""
    connection, days = duckdb_tables(batch, threads), _days(as_of)

    def paid(tests: dict[str, str], amounts: dict[str, str]) -> str:
        columns = [f"CASE WHEN {tests[name]} THEN {amounts[name]} ELSE 0 END::BIGINT AS {name}" for name in tests]
        return ", ".join(columns).format_map(days)

    of_members = f"SELECT m, {paid(_TESTS_OF_MEMBERS, _AMOUNTS_OF_MEMBERS)} {_FROM_MEMBERS}"
    of_households = f"{_GROUPED} SELECT h, {paid(_TESTS_OF_HOUSEHOLDS, _AMOUNTS_OF_HOUSEHOLDS)} {_FROM_HOUSEHOLDS}"

    def run() -> Answer:
        answer: Answer = {}
        for query, number, rules in ((of_members, "m", MEMBER_RULES), (of_households, "h", HOUSEHOLD_RULES)):
            found = connection.sql(query).to_arrow_table()
            place = found[number].to_numpy()
            for name in rules:
                answer[name] = np.empty(len(place), np.int64)
                answer[name][place] = found[name].to_numpy()
        return answer

    return run


def prepare_duckdb_status(batch: pa.RecordBatch, as_of: date, threads: int) -> Callable[[], dict[str, Any]]:
    """Statuses by SQL's three-valued logic: true, false, NULL for open; no amounts.

    Only its speed is compared: sums, counts and bool_or skip NULLs, so its answers about households are not sound.
    """
    connection, days = duckdb_tables(batch, threads), _days(as_of)

    def told(tests: dict[str, str]) -> str:
        return ", ".join(f"{test} AS {name}" for name, test in tests.items()).format_map(days)

    queries = (
        f"SELECT {told(_TESTS_OF_MEMBERS)} {_FROM_MEMBERS}",
        f"{_GROUPED} SELECT h, {told(_TESTS_OF_HOUSEHOLDS)} {_FROM_HOUSEHOLDS}",
    )

    def run() -> dict[str, Any]:
        found = [connection.sql(query).to_arrow_table() for query in queries]
        return {name: table[name] for table in found for name in table.column_names}

    return run


def _days(as_of: date) -> dict[str, str]:
    """The cuts by their ages as text: `DATE '1959-06-30'`."""
    return {f"d{years}": f"DATE '{_EPOCH + timedelta(day)}'" for years, day in cuts(as_of).items()}


def duckdb_tables(batch: pa.RecordBatch, threads: int) -> Any:
    """A connection with the registry in DuckDB's own tables `households` and `members`."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    for name, table in zip(("households", "members"), tables(batch), strict=True):
        connection.register("given", table)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        connection.unregister("given")
    return connection
