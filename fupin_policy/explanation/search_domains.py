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
from fupin_policy.core.subjects import Item, Whose, lists_in
from fupin_policy.core.types import Code, Truth
from fupin_policy.evaluators.incremental import IncrementalNode, Net, Worksheet

FAR = 10**12
"""How far another truth or code is, and the two ends of a number's range."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a value stands: the position of an input, of the household's, of a member's or of an item's.

    Of an item `member` is whose list it stands in, and `list_at` which of their lists that is.
    """

    member: int | None
    position: int
    column: Input
    item: Item | None = None
    list_at: int = 0

    def __hash__(self) -> int:
        return hash((self.member, self.position, self.list_at, None if self.item is None else self.item.number))

    @property
    def whose(self) -> Whose:
        """Whose the value is, to evaluators."""
        return self.member if self.item is None else self.item


SearchDomain = Mapping[Position, Value]


def value_at(household: Household, place: Position) -> Value:
    """What a fact of the household may be."""
    owner = household if place.member is None else household.members[place.member]
    if place.item is None or place.item.number is None:
        return owner.facts[place.position]
    return owner.lists[place.list_at].items[place.item.number][place.position]


def places_in_items(sheet: Worksheet) -> Iterator[Position]:
    """The facts of all known items of a household."""
    program = sheet.net.snapshot.program
    numbers = {"household": 0, "member": 0}
    for declared, given in lists_in(program, sheet.household):
        list_at, slot = numbers[declared.of], 0
        numbers[declared.of] += 1
        for owner, one in enumerate(given):
            member = owner if declared.of == "member" else None
            for number in range(len(one.items)):
                item = Item(declared.name, slot, member, number)
                for at, column in enumerate(program.item_inputs[declared.name]):
                    yield Position(member, at, column, item, list_at)
                slot += 1


def rests_on_item(net: Net, cell: IncrementalNode, place: Position) -> bool:
    """Whether a cell rests on a fact of the items of a list: of whichever item."""
    return place.item is not None and bool(cell.shared & net.of_item(place.item.list, place.position))


def supposing(sheet: Worksheet, box: SearchDomain) -> Worksheet:
    """A worksheet with what the box says."""
    return sheet.supposing((place.whose, place.position, value) for place, value in box.items())


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
