"""Boxes: some facts of a household, each with what it may be, split into smaller ones.

In: inputs with possible values. Out: parts of them. Called by `nearest` and `relevant`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from fupin_policy.core import possible
from fupin_policy.core.decision import Household, changed
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.program import Input
from fupin_policy.core.types import Code, Truth

FAR = 10**12
"""How far another truth or code is, and the two ends of a number's range."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the position of an input, of the household's or of a member's."""

    member: int | None
    position: int
    column: Input


Box = Mapping[Place, Value]


def value_at(household: Household, place: Place) -> Value:
    """What a fact of the household may be."""
    facts = household.facts if place.member is None else household.members[place.member].facts
    return facts[place.position]


def put(household: Household, box: Box) -> Household:
    """The household with what the box says."""
    return changed(household, ((place.member, place.position, value) for place, value in box.items()))


def width(column: Input, value: Value) -> int:
    """How much is left to choose, to split what is widest."""
    if isinstance(value, tuple):
        low, high = cast(Interval, possible.whole(column.type))
        return (value[1] - value[0]) * FAR // max(1, high - low)
    if isinstance(column.type, Truth):
        return FAR if value == possible.UNKNOWN else 0
    return FAR if value & (value - 1) else 0


def parts(column: Input, before: Value, value: Value) -> Iterator[Value]:
    match column.type, value:
        case Truth(), possible.UNKNOWN:
            yield from (possible.FALSE, possible.TRUE)
        case Code(), int(mask) if mask & (mask - 1):
            bits = [1 << at for at in range(mask.bit_length()) if mask >> at & 1]
            half = len(bits) // 2
            yield from (sum(bits[:half]), sum(bits[half:]))
        case _, (low, high) if low < high:
            yield from _intervals(low, high, before)
        case _:
            return


def _intervals(low: int, high: int, before: Value) -> Iterator[Interval]:
    """Apart at what it is now, so that either side is searched outwards; then in halves."""
    now = before[0] if isinstance(before, tuple) else low
    middle = now if low < now <= high else (low + high) // 2 + 1
    yield (low, middle - 1)
    yield (middle, high)
