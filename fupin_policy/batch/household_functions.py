"""Functions of SQL that decide households with their members inside, or beside them in a list.

In: columns as DuckDB hands them over. Out: a struct for each row: what was decided, and why it was not. Called by
`duckdb` and `registry_functions`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.column_binding import MEMBERS, Binder
from fupin_policy.batch.evaluate import BatchEvaluator, BatchRequest
from fupin_policy.batch.mapping import ids_in
from fupin_policy.batch.number_columns import refuse_unique
from fupin_policy.batch.rejects import FAULT, nested_places, told
from fupin_policy.batch.sql_answers import Answers, LongAnswers, WideAnswers, joined, listed, rows_of, whole
from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.intake.notation import RESERVED
from fupin_policy.ruleset import day_of

LISTS = tuple(key for key, meaning in RESERVED["household"].items() if meaning == MEMBERS)
REJECTED = pa.struct(list(FAULT))
"""Why a household is not decided: the column, as `members[1].birth_date`, the value and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a connection's functions decide by: which rules and decisions, and on which day if none is said."""

    evaluator: BatchEvaluator
    asked: BatchRequest
    as_of: date | None

    @property
    def program(self) -> Program:
        """The rules."""
        return self.evaluator.ruleset.program

    def answers(self, form: Literal["long", "wide"]) -> Answers:
        """How decisions are told, the same on all days."""
        day, asked = to_date(self.program.covers.start), replace(self.asked, form=form)
        schema = self.evaluator.decide(_nobody(self.program), day, asked).decisions.schema
        return LongAnswers.of_columns(schema) if form == "long" else WideAnswers.of_columns(schema, self.program)


class HouseholdFunction:
    """`(household struct, members list if wanted, day if wanted)`: what is decided of each row."""

    __slots__ = ("_answers", "_asked", "_binder", "_rules", "type")

    def __init__(self, rules: Rules, form: Literal["long", "wide"]) -> None:
        self._rules, self._asked = rules, replace(rules.asked, form=form)
        self._answers, self._binder = rules.answers(form), Binder(rules.program)
        self.type = result_type(self._answers, REJECTED)

    def __call__(self, *columns: pa.ChunkedArray) -> pa.Array:
        """A struct a row; null where the household is. Raises InputError for wrong columns, or no day."""
        household, members, days = _arguments([whole(column) for column in columns])

        def decided(at: Array, day: date) -> pa.Array:
            stands = pc.is_valid(household).to_numpy(zero_copy_only=False)[at]
            rows = pa.array(at[stands])
            beside = None if members is None else members.take(rows)
            found = self._decide(_batch(household.take(rows), beside, self._rules.program), day)
            places = np.cumsum(stands) - 1
            return found.take(pa.array(places, mask=~stands))

        return by_day(days, len(household), self._rules, self.type, decided)

    def _decide(self, batch: pa.RecordBatch, day: date) -> pa.Array:
        program, reporter = self._rules.program, Reporter()
        bound = reporter.result(self._binder.bind(batch.schema, to_day(day), reporter), InputError)
        refuse_unique((one.fact for table in (bound.households, bound.members) if table for one in table.facts), "B272")
        found = self._rules.evaluator.decide(batch, day, self._asked)
        lengths = np.zeros(batch.num_rows, np.int64)
        if bound.list is not None:
            lengths = pc.fill_null(pc.list_value_length(batch.column(bound.list)), 0).to_numpy(zero_copy_only=False)
        faults, owners = found.rejects, found.rejects["household_row"].to_numpy()
        places = pa.array(nested_places(faults, lengths, program), pa.string())
        placed = faults.set_column(faults.column_names.index("column"), "column", places)
        lost = np.zeros(batch.num_rows, bool)
        lost[owners] = True
        answers = self._answers.of(found.decisions, found.household_rows, lost)
        rejected = listed(rows_of(placed, REJECTED), owners, batch.num_rows)
        return pa.StructArray.from_arrays([*answers, rejected], fields=list(self.type))


def result_type(answers: Answers, rejected: pa.StructType) -> pa.StructType:
    """What a function returns: the decisions, and why there are none."""
    return pa.struct([*answers.columns, ("rejected", pa.list_(rejected))])


def by_day(
    days: pa.Array | None,
    count: int,
    rules: Rules,
    kind: pa.StructType,
    decided: Callable[[Array, date], pa.Array],
) -> pa.Array:
    """So many rows, decided day by day; where a row's day is none that the rules cover, that is said.

    Raises InputError where no day is said at all.
    """
    if days is None and rules.as_of is None:
        raise InputError.of("B270", "as_of")
    if days is None:
        return decided(np.arange(count), day_of(rules.program, rules.as_of or ""))
    encoded = days.dictionary_encode()
    numbers = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    said = dict(enumerate(encoded.dictionary.to_pylist())) | {-1: ""}
    pieces = []
    for number in np.unique(numbers).tolist():
        at = np.flatnonzero(numbers == number)
        try:
            day = day_of(rules.program, said[number])
        except InputError as error:
            pieces.append((at, _wrong_day(error, str(said[number]), len(at), kind)))
        else:
            pieces.append((at, decided(at, day)))
    return joined(pieces, count, kind)


def _wrong_day(error: InputError, said: str, count: int, kind: pa.StructType) -> pa.Array:
    """Rows whose day is wrong."""
    texts = []
    for one in error.diagnostics:
        zh, en = told(one)
        texts.append({"column": "as_of", "value": said, "code": one.code, "zh": zh, "en": en})
    return pa.array([{"rejected": texts}] * count, kind)


def _arguments(columns: Sequence[pa.Array]) -> tuple[pa.StructArray, pa.ListArray | None, pa.Array | None]:
    """The households, their members and the days, told from one another by their types."""
    kinds = [one.type for one in columns]
    members, days = None, None
    for column in columns[1:]:
        if pa.types.is_list(column.type) and members is None:
            members = column
        elif (pa.types.is_temporal(column.type) or pa.types.is_string(column.type)) and days is None:
            days = column
        else:
            raise InputError.of("B271", "fupin", given=", ".join(map(str, kinds)))
    if not columns or not pa.types.is_struct(kinds[0]):
        raise InputError.of("B271", "fupin", given=", ".join(map(str, kinds)) or "-")
    return columns[0], members, days


def _batch(households: pa.StructArray, members: pa.ListArray | None, program: Program) -> pa.RecordBatch:
    """Households with their members as the evaluator takes them."""
    names = [households.type.field(at).name for at in range(households.type.num_fields)]
    columns = dict(zip(names, households.flatten(), strict=True))
    inside = [name for name in names if name in LISTS]
    if members is not None:
        if inside:
            raise InputError.of("H015", MEMBERS, name=MEMBERS, other=inside[0])
        columns[MEMBERS] = members
    key = ids_in(program, "household", names)[0]
    found = {"id" if name == key else name: column for name, column in columns.items()}
    found = {name: _listed(one, program) if name in LISTS else one for name, one in found.items()}
    return pa.RecordBatch.from_arrays([*found.values()], [*found])


def _listed(members: pa.Array, program: Program) -> pa.Array:
    """Members under the name that their id has with us, and without that of their household."""
    if not pa.types.is_list(members.type) or not pa.types.is_struct(members.type.value_type):
        return members
    persons = members.flatten()
    names = [persons.type.field(at).name for at in range(persons.type.num_fields)]
    household, member = ids_in(program, "member", names)
    parts = [(name, one) for name, one in zip(names, persons.flatten(), strict=True) if name != household]
    called = ["id" if name == member else name for name, _ in parts]
    inner = pa.StructArray.from_arrays([one for _, one in parts], called, mask=pc.is_null(persons))
    lengths = pc.fill_null(pc.list_value_length(members), 0).to_numpy(zero_copy_only=False)
    return pa.ListArray.from_arrays(pa.array(np.concatenate(([0], np.cumsum(lengths))), pa.int32()), inner)


def _nobody(program: Program) -> pa.RecordBatch:
    """No household, with the columns that there must be."""
    needed = [fact for fact in program.facts if fact.required and fact.level not in program.item_inputs]
    inner = [(one.name, pa.string()) for one in needed if one.level == "member"]
    own = [(one.name, pa.string()) for one in needed if one.level != "member"]
    persons = pa.list_(pa.struct([("id", pa.string()), *inner]))
    return pa.RecordBatch.from_pylist([], pa.schema([("id", pa.string()), *own, (MEMBERS, persons)]))
