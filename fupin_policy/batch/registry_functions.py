"""Functions of SQL that decide a registry: the rows of two tables, brought together by household.

In: lists of rows with their numbers, as DuckDB hands them over. Out: a struct for each household. Called by `duckdb`.
Rows are put together, set apart and refused as in a run, of which all that DuckDB hands over at once is a bucket.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.bucket_decisions import by_row, decide_tables
from fupin_policy.batch.buffers import Array
from fupin_policy.batch.excluded_households import REJECTS, Names
from fupin_policy.batch.household_functions import Rules, by_day, result_type
from fupin_policy.batch.household_ids import ids_of
from fupin_policy.batch.implied_mapping import implied_mapping
from fupin_policy.batch.mapping import Headers, TableMapping, ids_in
from fupin_policy.batch.number_columns import refuse_unique
from fupin_policy.batch.sql import ROW
from fupin_policy.batch.sql_answers import listed, rows_of, whole
from fupin_policy.batch.staging import HOUSEHOLD, MEMBER
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import InputError, Reporter

OWN, INNER = "households", "members"
"""What the two tables are called where their rows are rejected."""
REJECTED = pa.struct([field for field in REJECTS if field.name != "household"])
"""Why a row of a household is not decided: the table and the number of the row in it, from 1; the column, the value."""


class KeyFunction:
    """`(row struct, which table)`: the household's id in each row, as a text; null where it is blank."""

    __slots__ = ("_program", "type")

    def __init__(self, program: Program) -> None:
        self._program, self.type = program, pa.string()

    def __call__(self, rows: pa.ChunkedArray, table: pa.ChunkedArray) -> pa.Array:
        """The ids. Raises InputError where no column has them."""
        found = whole(rows)
        name = whole(table)[0].as_py() if len(found) else OWN
        headers = [found.type.field(at).name for at in range(found.type.num_fields)]
        header = ids_in(self._program, "member" if name == INNER else "household", headers)[0]
        if header is None:
            own = self._program.identifiers.get("household", "户编号")
            raise InputError.of("B273", name, table=name, name=own)
        ids = ids_of(found.field(header))
        return pc.if_else(pc.equal(ids, ""), None, ids)


class RegistryFunction:
    """`(rows, their numbers, members' rows, their numbers, day)`: what is decided of each household."""

    __slots__ = ("_answers", "_rules", "type")

    def __init__(self, rules: Rules) -> None:
        self._rules, self._answers = rules, rules.answers("long")
        self.type = result_type(self._answers, REJECTED)

    def __call__(self, *columns: pa.ChunkedArray) -> pa.Array:
        """A struct a household. Raises InputError for wrong columns."""
        *sides, days = (whole(column) for column in columns)

        def decided(at: Array, day: date) -> pa.Array:
            own, own_rows, inner, inner_rows = (one.take(pa.array(at)) for one in sides)
            return self._decide(_Side(own, own_rows), _Side(inner, inner_rows), len(at), day)

        return by_day(days, len(days), self._rules, self.type, decided)

    def _decide(self, own: _Side, inner: _Side, count: int, day: date) -> pa.Array:
        program, reporter = self._rules.program, Reporter()
        mapping = implied_mapping(program, own.headers(OWN), inner.headers(INNER), reporter)
        reporter.raise_errors(InputError)
        if mapping.members is None:
            raise AssertionError("two tables have two mappings")
        mapped = (mapping.households, mapping.members)
        refuse_unique((column.fact for one in mapped for column in one.columns), "B272")
        tables = own.table(mapping.households), inner.table(mapping.members)
        names = Names.of(mapping, OWN, INNER)
        asked = self._rules.asked
        found = decide_tables(*tables, self._rules.evaluator, program, names, day.isoformat(), asked)
        owners = _owners(own, inner, found.rejects)
        order = np.argsort(owners, kind="stable")
        rejects, owners = found.rejects.take(pa.array(order)), owners[order]
        refused = found.rejects["row"].filter(pc.equal(found.rejects["file"], OWN))
        decided = np.setdiff1d(found.own[ROW].to_numpy(), refused.to_numpy())
        households = own.owners_of(decided)
        lost = np.ones(count, bool)
        lost[households] = False
        keys = found.own[HOUSEHOLD].filter(pc.is_in(found.own[ROW], value_set=pa.array(decided)))
        named = pc.cast(found.decisions["household"], pa.string())
        whose = households[pc.index_in(named, value_set=keys).to_numpy()]
        ordered = np.argsort(whose, kind="stable")
        answers = self._answers.of(found.decisions.take(pa.array(ordered)), whose[ordered], lost)
        rejected = listed(rows_of(rejects, REJECTED), owners, count)
        return pa.StructArray.from_arrays([*answers, rejected], fields=list(self.type))


class _Side:
    """The rows of one table, in a list for each household, with their numbers."""

    __slots__ = ("_numbers", "_owners", "_rows")

    def __init__(self, rows: pa.ListArray, numbers: pa.ListArray) -> None:
        lengths = pc.fill_null(pc.list_value_length(rows), 0).to_numpy(zero_copy_only=False)
        self._rows, self._numbers = rows.flatten(), numbers.flatten().to_numpy(zero_copy_only=False)
        self._owners = np.repeat(np.arange(len(rows)), lengths)

    def headers(self, name: str) -> Headers:
        """The table's columns."""
        return Headers(name, tuple(self._rows.type.field(at).name for at in range(self._rows.type.num_fields)))

    def table(self, mapping: TableMapping) -> pa.Table:
        """The rows as a bucket has them, in the order of their numbers."""
        found = {HOUSEHOLD: ids_of(self._rows.field(mapping.household))}
        if mapping.member is not None:
            found[MEMBER] = ids_of(self._rows.field(mapping.member))
        found |= {one.fact.name: self._rows.field(one.header) for one in mapping.columns}
        return by_row(pa.table({**found, ROW: pa.array(self._numbers, pa.int64())}))

    def owners_of(self, numbers: Array) -> Array:
        """The households of rows with these numbers."""
        order = np.argsort(self._numbers, kind="stable")
        found: Array = self._owners[order[np.searchsorted(self._numbers, numbers, sorter=order)]]
        return found


def _owners(own: _Side, inner: _Side, rejects: pa.Table) -> Array:
    """The households of rejected rows."""
    numbers, of_own = rejects["row"].to_numpy(), pc.equal(rejects["file"], OWN).to_numpy()
    found = np.zeros(len(numbers), np.int64)
    found[of_own] = own.owners_of(numbers[of_own])
    found[~of_own] = inner.owners_of(numbers[~of_own])
    return found
