"""Blocks as tables, of households, members and items of lists, with the types and the words of the registry.

In: a program, a population, how many households, a seed. Out: tuples of pyarrow record batches, one a block.
Called by `writing` and users. Columns are named by the facts' Chinese labels, in the order of the ruleset, those of
months in the order of the population.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.population.draw import (
    BLOCK,
    Block,
    DrawnColumn,
    DrawnColumns,
    DrawnItems,
    Integers,
    draw_block,
)
from fupin_policy.batch.population.identity_numbers import invented_numbers
from fupin_policy.batch.population.model import ITEM, DrawnList, DrawRule, Population, Variable
from fupin_policy.core.expressions import Level
from fupin_policy.core.program import Program
from fupin_policy.intake.csv_extract import HOUSEHOLD_ID, MEMBER_ID

PREFIX, DIGITS = "SY", 8
MAX_HOUSEHOLDS = 10**DIGITS - 1
CHARACTERS = "甲乙丙丁戊己庚辛壬癸"
"""What `{字}` in a text becomes, by the household's number."""

_PART = re.compile(r"(\{.\})")


def synthesize(
    program: Program, population: Population, households: int, seed: int
) -> Iterator[tuple[pa.RecordBatch, ...]]:
    """The registry, block by block: households, their members, and the items of each list of the population.

    The same numbers give the same rows, and the first households are the same however many are asked for.
    """
    for number, first in enumerate(range(0, households, BLOCK)):
        block = _cut(draw_block(population, seed, number), min(BLOCK, households - first))
        lists = zip(population.lists, block.lists, strict=True)
        yield (
            _households(program, population, block, first + 1),
            _members(program, population, block, first + 1),
            *(_items(program, *one, block, first + 1) for one in lists),
        )


def _cut(block: Block, households: int) -> Block:
    """The first households of a block; it is always drawn whole, so that they do not depend on how many there are."""
    own, of = np.arange(households), block.of[block.of < households]
    rows = np.arange(len(of))
    # the members of these households are the first ones
    lists = tuple(one.first(households if one.of_households else len(of)) for one in block.lists)
    return Block(
        {name: column.taken(own) for name, column in block.households.items()},
        {name: column.taken(rows) for name, column in block.members.items()},
        of,
        block.place[rows],
        lists,
    )


def _households(program: Program, population: Population, block: Block, first: int) -> pa.RecordBatch:
    numbers = first + np.arange(len(next(iter(block.households.values())).values))
    ids = {program.identifiers.get("household", HOUSEHOLD_ID): _ids(numbers)}
    return _table(program, "household", _shown(population.households), block.households, ids, (numbers, numbers))


def _members(program: Program, population: Population, block: Block, first: int) -> pa.RecordBatch:
    numbers, places = first + block.of, block.place + 1
    of = _ids(numbers)
    ids = {
        program.identifiers.get("household", HOUSEHOLD_ID): of,
        program.identifiers.get("member", MEMBER_ID): _joined(of, "-", pa.array(places).cast(pa.string())),
    }
    variables = (population.relation, *_shown(population.members))
    return _table(program, "member", variables, block.members, ids, (numbers, places))


def _items(program: Program, listed: DrawnList, items: DrawnItems, block: Block, first: int) -> pa.RecordBatch:
    """The items of a list, with the ids of those who have them."""
    households = first + (block.of[items.of] if listed.owner == "member" else items.of)
    ids = {program.identifiers.get("household", HOUSEHOLD_ID): _ids(households)}
    if listed.owner == "member":
        places = pa.array(block.place[items.of] + 1).cast(pa.string())
        ids[program.identifiers.get("member", MEMBER_ID)] = _joined(_ids(households), "-", places)
    at = (households, items.columns[ITEM].values)
    return _table(program, listed.name, _shown(listed.items), items.columns, ids, at)


def _shown(entries: tuple[DrawRule, ...]) -> tuple[Variable, ...]:
    return tuple(entry.variable for entry in entries if entry.shown)


def _table(
    program: Program,
    level: Level,
    variables: tuple[Variable, ...],
    columns: DrawnColumns,
    ids: dict[str, pa.Array],
    at: tuple[Integers, Integers],
) -> pa.RecordBatch:
    arrays = {variable.name: _array(variable, columns[variable.name], at) for variable in variables}
    arrays |= dict(invented_numbers(program, level, columns, *at))
    declared = [fact.label for fact in program.facts if fact.label in arrays]
    return pa.RecordBatch.from_pydict({**ids, **{name: arrays[name] for name in (*declared, *arrays)}})


def _ids(numbers: Integers) -> pa.Array:
    return _joined(PREFIX, pc.utf8_lpad(pa.array(numbers).cast(pa.string()), DIGITS, "0"))


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _array(variable: Variable, column: DrawnColumn, at: tuple[Integers, Integers]) -> pa.Array:
    """A column as the registry has it."""
    empty = ~column.filled
    match variable.kind:
        case "truth":
            return pa.array(column.values == 1, mask=empty)
        case "code" | "codes":
            return _codes(variable, column)
        case "text":
            return _texts(variable, column, at)
        case "date":
            return pa.array(column.values.astype("datetime64[D]"), pa.date32(), mask=empty)
        case "number":
            return _decimals(column, variable.scale) if variable.scale else pa.array(column.values, mask=empty)


def _codes(variable: Variable, column: DrawnColumn) -> pa.Array:
    indices = pa.array(column.values.astype(np.int32), mask=~column.filled)
    return pa.DictionaryArray.from_arrays(indices, pa.array(variable.labels, pa.string()))


def _texts(variable: Variable, column: DrawnColumn, at: tuple[Integers, Integers]) -> pa.Array:
    """Each row's template with its blanks filled in."""
    numbers, places = at
    blanks = {
        "{字}": pa.array(list(CHARACTERS)).take(pa.array(numbers % len(CHARACTERS))),
        "{户}": pa.array(numbers).cast(pa.string()),
        "{人}": pa.array(places).cast(pa.string()),
    }
    texts = [
        pa.array([label]).take(pa.array(np.zeros(len(numbers), np.int64)))
        if "{" not in label
        else _joined("", *(blanks.get(part, part) for part in _PART.split(label) if part))
        for label in variable.labels
    ]
    return pc.choose(pa.array(column.values, mask=~column.filled), *texts)


def _decimals(column: DrawnColumn, scale: int) -> pa.Array:
    """Integers in units of `10**-scale` as 128-bit decimals: two's complement, the lower word first."""
    words = np.stack([column.values, column.values >> 63], axis=1)
    filled = pa.py_buffer(np.packbits(column.filled, bitorder="little"))
    type_ = pa.decimal128(18, scale)
    return pa.Array.from_buffers(type_, len(column.values), [filled, pa.py_buffer(words)])
