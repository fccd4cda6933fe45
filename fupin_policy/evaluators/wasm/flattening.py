"""A household's values as the integers of a module's columns.

In: a layout, households. Out: functions that flatten facts and lists, and where each entry is among what was flattened.
Called by `host` and `columnar`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from operator import add, itemgetter
from typing import Any

from fupin_policy.core.household import Household, ItemList
from fupin_policy.core.possible import top
from fupin_policy.core.program import Program
from fupin_policy.evaluators.wasm.layout import Layout, ListColumns, MemoryColumn

Picker = Callable[[Sequence[Any]], tuple[Any, ...]]
Flattener = Callable[[Sequence[Any]], list[int]]
ListsGiven = Sequence[ItemList]
"""What is known of a list, of the household or of each member."""


@dataclass(frozen=True, slots=True)
class ListValues:
    """How the items of a list are flattened, and what stands for those of which only the number is bounded.

    The list is that at `place` of the household, or of each member (`of_members`).
    """

    flatten: Flattener
    further: tuple[int, ...]
    most: int
    of_members: bool
    place: int

    @classmethod
    def of(cls, program: Program, layout: Layout) -> tuple[ListValues, ...]:
        """Those of a program's lists, in order."""
        found: list[ListValues] = []
        for one in layout.lists:
            flatten = flattener(one.inputs)
            further = flatten([top(column.type) for column in program.item_inputs[one.declared.name]])
            of_members = one.declared.of == "member"
            place = sum(of_members == known.of_members for known in found)
            found.append(cls(flatten, tuple(further), one.most, of_members, place))
        return tuple(found)

    def given(self, household: Household) -> ListsGiven:
        """What is known of the list, owner by owner."""
        if self.of_members:
            return [person.lists[self.place] for person in household.members]
        return (household.lists[self.place],)

    def of_owners(self, given: ListsGiven) -> list[int]:
        """The offsets, how many further items there may be, the items one after the other, what stands for others."""
        counts, more = [len(one.items) for one in given], [one.more for one in given]
        greatest = max(map(add, counts, more), default=0)
        if greatest > self.most:
            raise ValueError(f"{greatest} items; the ruleset allows {self.most}")
        values, flatten = [0, *accumulate(counts), *more], self.flatten
        for one in given:
            for item in one.items:
                values += flatten(item)
        values += self.further
        return values


def item_counts(lists: Iterable[ListsGiven]) -> tuple[int, ...]:
    """How many items of each list there are in all."""
    return tuple([sum([len(one.items) for one in given]) for given in lists])


def known_items(lists: Iterable[ListsGiven]) -> list[list[int]]:
    """For each list how many items each owner surely has."""
    return [[len(one.items) for one in given] for given in lists]


def list_entries(
    layout: Layout, households: int, members: int, items: Sequence[int]
) -> Iterator[tuple[MemoryColumn, int]]:
    """The columns of lists with how many entries each has."""
    for one, count in zip(layout.lists, items, strict=True):
        owners = members if one.declared.of == "member" else households
        yield one.offsets, owners + 1
        yield one.more, owners
        yield from ((column, count + 1) for group in one.inputs for column in group)


def flattener(groups: tuple[tuple[MemoryColumn, ...], ...]) -> Callable[[Sequence[Any]], list[int]]:
    """A function from facts to integers: masks first, then both ends of each interval, also where one suffices."""
    plain, pairs = _kinds(groups)
    masks, intervals = picker(plain), picker(pairs)
    return lambda facts: [*masks(facts), *chain.from_iterable(intervals(facts))]


def _kinds(groups: tuple[tuple[MemoryColumn, ...], ...]) -> tuple[list[int], list[int]]:
    """The positions of facts that are masks, and of those that are intervals."""
    plain = [i for i, group in enumerate(groups) if group[0].storage.startswith("u")]
    return plain, [i for i in range(len(groups)) if i not in plain]


def column_order(layout: Layout, members: int, items: Sequence[int]) -> list[int]:
    """For each entry of the columns, where it is among the flattened values."""
    order = [at for places in _flat_places(layout.household_inputs) for at in places]
    base = sum(_widths(layout.household_inputs))
    width = sum(_widths(layout.member_inputs))
    for places in _flat_places(layout.member_inputs):
        order += [base + member * width + at for at in places for member in range(members)]
    base += members * width
    for one, count in zip(layout.lists, items, strict=True):
        order += _list_order(one, base, members, count)
        base += _list_width(one, members, count)
    return order


def _list_width(one: ListColumns, members: int, items: int) -> int:
    owners = members if one.declared.of == "member" else 1
    return 2 * owners + 1 + (items + 1) * sum(_widths(one.inputs))


def _list_order(one: ListColumns, base: int, members: int, items: int) -> list[int]:
    owners = members if one.declared.of == "member" else 1
    first, width = base + 2 * owners + 1, sum(_widths(one.inputs))
    places = [at for group in _flat_places(one.inputs) for at in group]
    return [*range(base, first), *(first + item * width + at for at in places for item in range(items + 1))]


def _widths(groups: tuple[tuple[MemoryColumn, ...], ...]) -> list[int]:
    return [1 if group[0].storage.startswith("u") else 2 for group in groups]


def _flat_places(groups: tuple[tuple[MemoryColumn, ...], ...]) -> list[list[int]]:
    """For each fact, where the entries of its columns are among the flattened facts of one subject."""
    plain, pairs = _kinds(groups)
    places: dict[int, list[int]] = {fact: [at] for at, fact in enumerate(plain)}
    for number, fact in enumerate(pairs):
        at = len(plain) + 2 * number
        places[fact] = [at, at + 1][: len(groups[fact])]
    return [places[fact] for fact in range(len(groups))]


def picker(positions: Sequence[int]) -> Picker:
    """A function that picks the entries at positions, always as a tuple."""
    if len(positions) > 1:
        return itemgetter(*positions)
    if positions:
        only = positions[0]
        return lambda values: (values[only],)
    return lambda values: ()
