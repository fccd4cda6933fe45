"""Rules as functions of SQL: households decided inside a query of DuckDB.

In: a connection and a `Ruleset`. Out: functions and a table macro on that connection. Called by users.
DuckDB calls a function with columns as Arrow arrays, about two thousand rows at a time, which are decided as any batch.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from fupin_policy.batch.evaluate import OPEN_AND_GRANTED, BatchEvaluator, BatchRequest
from fupin_policy.batch.household_functions import HouseholdFunction, Rules
from fupin_policy.batch.registry_functions import KeyFunction, RegistryFunction
from fupin_policy.batch.sql import ARROW_FUNCTION, identifier, text
from fupin_policy.batch.sql_types import sql_type
from fupin_policy.ruleset import Ruleset, day_of


def register(
    connection: duckdb.DuckDBPyConnection,
    ruleset: Ruleset,
    as_of: date | str | None = None,
    asked: BatchRequest = OPEN_AND_GRANTED,
    prefix: str = "fupin",
) -> None:
    """Let queries of a connection decide households. Amounts are in the currency's smallest units (分).

    `fupin_decide(household, …)` gives a struct with one for each policy, `fupin_decisions(household, …)` a list of
    decisions as `asked` has them; both take a struct named as facts are, if wanted a list of its members, if wanted a
    day, without which `as_of` counts. `FROM fupin_registry('households', 'members', day)` is a macro over two tables,
    for DuckDB lets Python add no table functions: a row for each household. In each result `rejected` says why a
    household was not decided; its decisions are then null. A wrong day or column stops the query with what is wrong.
    Registered again under the same `prefix`, functions take the place of those before. Raises InputError for a wrong
    date.
    """
    if as_of is not None:
        as_of = day_of(ruleset.program, as_of)
    rules = Rules(BatchEvaluator(ruleset), asked, as_of)
    functions: dict[str, HouseholdFunction | KeyFunction | RegistryFunction] = {
        "decide": HouseholdFunction(rules, "wide"),
        "decisions": HouseholdFunction(rules, "long"),
        "household_id": KeyFunction(ruleset.program),
        "of_registry": RegistryFunction(rules),
    }
    for name, function in functions.items():
        _create(connection, f"{prefix}_{name}", function)
    connection.execute(_registry(prefix))


def _create(
    connection: duckdb.DuckDBPyConnection, name: str, function: HouseholdFunction | KeyFunction | RegistryFunction
) -> None:
    # so declared, a function takes columns of any types
    def called(*columns: Any) -> pa.Array:
        return function(*columns)

    known = "SELECT count(*) FROM duckdb_functions() WHERE function_name = ? AND function_type = 'scalar'"
    if connection.execute(known, [name]).fetchall() != [(0,)]:
        connection.remove_function(name)
    connection.create_function(name, called, None, sql_type(function.type), **ARROW_FUNCTION)


def _registry(prefix: str) -> str:
    """The macro: the rows of both tables by household, numbered as the tables give them."""
    key, decided = identifier(f"{prefix}_household_id"), identifier(f"{prefix}_of_registry")

    def side(table: str) -> str:
        rows = f"SELECT r, row_number() OVER () AS n FROM (FROM query_table({table})) r"
        whose = f"{key}(r, {text(table)})"
        return f"SELECT {whose} AS household, list(r ORDER BY n) AS r, list(n ORDER BY n) AS n FROM ({rows}) GROUP BY 1"

    return f"""
        CREATE OR REPLACE TEMP MACRO {identifier(f"{prefix}_registry")}(households, members, as_of) AS TABLE
        SELECT household, given, decided.decisions AS decisions, decided.rejected AS rejected FROM (
            SELECT coalesce(own.household, inner_.household) AS household, own.r[1] AS given,
                {decided}(own.r, own.n, inner_.r, inner_.n, as_of) AS decided
            FROM ({side("households")}) own FULL JOIN ({side("members")}) inner_ ON own.household = inner_.household)
    """
