"""Boxes: some facts of a household, each with what it may be, split into smaller ones.

In: inputs with possible values. Out: parts of them. Called by `counterfactuals` and `minimal_missing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from fupin_policy.core import possible
from fupin_policy.core.declarations import Input
from fupin_policy.core.household import Household
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.types import Code, Truth
from fupin_policy.evaluators.incremental import Worksheet

FAR = 10**12
"""How far another truth or code is, and the two ends of a number's range."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a value stands: the position of an input, of the household's or of a member's."""

    member: int | None
    position: int
    column: Input

    def __hash__(self) -> int:
        return hash((self.member, self.position))


SearchDomain = Mapping[Position, Value]


def value_at(household: Household, place: Position) -> Value:
    """What a fact of the household may be."""
    facts = household.facts if place.member is None else household.members[place.member].facts
    return facts[place.position]


def supposing(sheet: Worksheet, box: SearchDomain) -> Worksheet:
    """A worksheet with what the box says."""
    return sheet.supposing((place.member, place.position, value) for place, value in box.items())


def room(column: Input, value: Value) -> int:
    """How much is left to choose, to split what is widest."""
    if isinstance(value, tuple):
        low, high = cast(Interval, possible.top(column.type))
        return (value[1] - value[0]) * FAR // max(1, high - low)
    if isinstance(column.type, Truth):
        return FAR if value == possible.UNKNOWN else 0
    return FAR if value & (value - 1) else 0


def halves(column: Input, value: Value) -> Iterator[Value]:
    """Two parts that together are the value; none of what is exact."""
    match column.type, value:
        case Truth(), possible.UNKNOWN:
            yield from (possible.FALSE, possible.TRUE)
        case Code(), int(mask) if mask & (mask - 1):
            bits = [1 << at for at in range(mask.bit_length()) if mask >> at & 1]
            half = len(bits) // 2
            yield from (sum(bits[:half]), sum(bits[half:]))
        case _, (low, high) if low < high:
            middle = (low + high) // 2
            yield from ((low, middle), (middle + 1, high))
        case _:
            return


def outwards(column: Input, before: Value, value: Value) -> Iterator[Value]:
    """Parts that together are the value: what it is now first apart, so that either side is searched outwards."""
    if value == before:
        return
    match value, before:
        case (low, high), (first, last) if low <= first and last <= high:
            sides = ((low, first - 1), before, (last + 1, high))
            yield from (side for side in sides if side[0] <= side[1])
        case int(), int() if isinstance(column.type, Code) and value & before:
            yield before
            yield value & ~before
        case _:
            yield from halves(column, value)
