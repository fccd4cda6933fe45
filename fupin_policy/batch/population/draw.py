"""One block of households, drawn column by column.

In: a `Population`, a seed and the block's number. Out: `Block`, integers in numpy columns. Called by `tables`.
Each column has a stream of its own, seeded by (seed, block, its name): blocks do not depend on each other, and an
entry added to the file leaves the other columns as they were. Only raw 64-bit integers of the generator are used,
which numpy keeps the same across versions and machines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from fupin_policy.batch.population.model import (
    ITEM,
    SIZE,
    STRUCTURE,
    Choice,
    Draw,
    DrawnList,
    DrawRule,
    Matches,
    Population,
)

BLOCK = 10_000
"""How many households are drawn together."""

Integers = NDArray[np.int64]
Raw = NDArray[np.uint64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DrawnColumn:
    """Values with what is filled in; an empty one has the value 0."""

    values: Integers
    filled: Truths

    def taken(self, rows: Integers) -> DrawnColumn:
        """The column with these rows."""
        return DrawnColumn(self.values[rows], self.filled[rows])


DrawnColumns = Mapping[str, DrawnColumn]


@dataclass(frozen=True, slots=True)
class DrawnItems:
    """The items of a list in the order of their owners; `of` is each one's owner, a row of households or members."""

    columns: DrawnColumns
    of: Integers
    of_households: bool

    def first(self, owners: int) -> DrawnItems:
        """Those of the first so many owners."""
        rows = np.arange(int(np.searchsorted(self.of, owners)))
        return DrawnItems(
            {name: column.taken(rows) for name, column in self.columns.items()}, self.of[rows], self.of_households
        )


@dataclass(frozen=True, slots=True)
class Block:
    """Households in order with their members; `of` is each member's household, `place` its number there from 0.

    `lists` are those of the population, in its order.
    """

    households: DrawnColumns
    members: DrawnColumns
    of: Integers
    place: Integers
    lists: tuple[DrawnItems, ...] = ()


@dataclass(frozen=True, slots=True)
class Stream:
    """Where a column's random integers come from."""

    seed: int
    block: int
    within: str = ""
    """The list whose items are drawn: those of two lists that are called alike do not go together."""

    def raw(self, name: str, count: int) -> tuple[Raw, Raw, Raw]:
        """Three columns of 64 random bits, for one named column."""
        source = np.random.PCG64(
            np.random.SeedSequence([self.seed, self.block, crc32(f"{self.within}{name}".encode())])
        )
        first, second, third = source.random_raw((3, count))
        return first, second, third


def draw_block(population: Population, seed: int, number: int) -> Block:
    """All households of a block."""
    stream = Stream(seed, number)
    structure = _structures(population, stream)
    sizes = np.array([len(one.relations) for one in population.structures], np.int64)[structure]
    households = {STRUCTURE: _full(structure), SIZE: _full(sizes)}
    for entry in population.households:
        _add(entry, households, BLOCK, stream, population.as_of)
    of = np.repeat(np.arange(BLOCK), sizes)
    place = np.arange(len(of)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    members = {name: column.taken(of) for name, column in households.items()}
    members[population.relation.name] = _full(_relations(population, structure[of], place))
    for entry in population.members:
        _add(entry, members, len(of), stream, population.as_of)
    owners = {"household": households, "member": members}
    lists = tuple(_items(one, owners, of, stream, population.as_of) for one in population.lists)
    return Block(households, members, of, place, lists)


def _items(
    listed: DrawnList, levels: dict[str, dict[str, DrawnColumn]], household: Integers, stream: Stream, as_of: date
) -> DrawnItems:
    """The items of all owners; how many each has is known from then on, of households to their members too."""
    owners, name = levels[listed.owner], listed.count.variable.name
    count = len(next(iter(owners.values())).values)
    _add(listed.count, owners, count, stream, as_of)
    sizes = owners[name].values
    if listed.owner == "household":
        levels["member"][name] = owners[name].taken(household)
    stream = replace(stream, within=listed.name)
    of = np.repeat(np.arange(count), sizes)
    columns = {name: column.taken(of) for name, column in owners.items()}
    columns[ITEM] = _full(np.arange(len(of)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1)
    for entry in listed.items:
        _add(entry, columns, len(of), stream, as_of)
    return DrawnItems(columns, of, listed.owner == "household")


def _structures(population: Population, stream: Stream) -> Integers:
    pick, within, _ = stream.raw(STRUCTURE, BLOCK)
    return _drawn(population.shares, {}, pick, within).values


def _relations(population: Population, structure: Integers, place: Integers) -> Integers:
    """Each member's relation to the head, by the structure and the member's place in it."""
    most = max(len(one.relations) for one in population.structures)
    padded = [[*one.relations, *([0] * (most - len(one.relations)))] for one in population.structures]
    return np.array(padded, np.int64)[structure, place]


def _add(entry: DrawRule, columns: dict[str, DrawnColumn], count: int, stream: Stream, as_of: date) -> None:
    """Draw one more column."""
    pick, within, rest = stream.raw(entry.variable.name, count)
    column = _moved(entry, _drawn(entry.draw, columns, pick, within), columns)
    if entry.missing:
        # the choice has used `pick`; `rest` is independent of it
        column = DrawnColumn(column.values, column.filled & (rest >= np.uint64(entry.missing)))
    if entry.years is not None:
        columns[entry.years] = column
    if entry.variable.kind == "date":
        column = DrawnColumn(_days(column.values, rest, as_of), column.filled)
    columns[entry.variable.name] = DrawnColumn(np.where(column.filled, column.values, 0), column.filled)


def _drawn(draw: Draw, columns: DrawnColumns, pick: Raw, within: Raw) -> DrawnColumn:
    column = DrawnColumn(np.zeros(len(pick), np.int64), np.zeros(len(pick), np.bool_))
    _fill(draw, np.arange(len(pick)), column, columns, (pick, within))
    return column


def _fill(draw: Draw, rows: Integers, column: DrawnColumn, columns: DrawnColumns, raw: tuple[Raw, Raw]) -> None:
    """Draw some rows of a column: those that a row of the table holds, then the others."""
    if isinstance(draw, Choice):
        _choose(draw, rows, column, raw)
        return
    by = columns[draw.variable]
    for matches, inner in draw.rows:
        held = _held(matches, by.taken(rows))
        _fill(inner, rows[held], column, columns, raw)
        rows = rows[~held]
    _fill(draw.otherwise, rows, column, columns, raw)


def _held(matches: Matches, by: DrawnColumn) -> Truths:
    held = np.zeros(len(by.values), np.bool_)
    for low, high in matches:
        held |= (by.values >= low) & (by.values <= high)
    return held & by.filled


def _choose(choice: Choice, rows: Integers, column: DrawnColumn, raw: tuple[Raw, Raw]) -> None:
    pick, within = (bits[rows] for bits in raw)
    option = np.searchsorted(np.array(choice.cuts, np.uint64), pick, side="right")
    counts = np.array(choice.counts, np.uint64)[option]
    # the upper 32 bits times the count: even to one part in 2**32, which no table of shares comes near
    step = ((within >> np.uint64(32)) * counts >> np.uint64(32)).astype(np.int64) * choice.step
    column.values[rows] = np.array(choice.lows, np.int64)[option] + step
    column.filled[rows] = counts > 0


def _moved(entry: DrawRule, column: DrawnColumn, columns: DrawnColumns) -> DrawnColumn:
    """Multiplied, rounded half up to the variable's decimals, added to, and held within its range."""
    values, filled = column.values, column.filled
    for name in entry.times:
        values, filled = values * columns[name].values, filled & columns[name].filled
    if entry.times:
        unit = 10**entry.divided
        values = (values * 2 + unit) // (unit * 2)
    if entry.plus is not None:
        values, filled = values + columns[entry.plus].values, filled & columns[entry.plus].filled
    if entry.variable.kind in ("number", "date"):
        values = np.clip(values, entry.low, entry.high)
    return DrawnColumn(values, filled)


def _days(years: Integers, rest: Raw, as_of: date) -> Integers:
    """Days since 1970 on which somebody of these completed years was born, even over the year."""
    months = (as_of.year - years - 1970) * 12 + as_of.month - 1
    # on 29 February as on the 28th: most years have no such day
    day = min(as_of.day, 28) if as_of.month == 2 else as_of.day
    birthday = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + day - 1
    # the lower bits, because the upper ones decide what is missing
    earlier: Integers = ((rest & np.uint64(2**32 - 1)) * np.uint64(365) >> np.uint64(32)).astype(np.int64)
    return birthday - earlier


def _full(values: Integers) -> DrawnColumn:
    return DrawnColumn(values, np.ones(len(values), np.bool_))
