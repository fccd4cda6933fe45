"""Of the facts that an open decision lacks those that matter: any that it can do without are taken off.

In: what is missing by `decisions.missing`, which suffices, and a worksheet of the household. Out: the part that is
needed. Called by `ruleset` for explanations. A fact is not needed if with all the others known, whatever they turn out
to be, the decision is settled without it. The answers to the others are halved until that is seen, or until one is
found for which it is not. Only for those members is asked whose outcome rests on the fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fupin_policy.core import possible
from fupin_policy.core.household import Household
from fupin_policy.core.item_facts import parts_of_name
from fupin_policy.core.missing import Missing
from fupin_policy.core.policies import Policy
from fupin_policy.core.possible import Value
from fupin_policy.core.types import Truth, Type
from fupin_policy.evaluators.incremental import IncrementalNode, Worksheet
from fupin_policy.explanation.search_domains import (
    Position,
    SearchDomain,
    halves,
    places_in_items,
    rests_on_item,
    room,
    supposing,
    value_at,
)

MAX_WORK = 400
"""How many values are worked out, for each fact, before a fact counts as needed all the same."""

MAX_LAYERS = 8
"""How many worksheets are put on one another before a new one is begun."""

Root = tuple[IncrementalNode, int]
"""A result of the policy, and the member whose it is (0 for the household's)."""


def needed_of(sheet: Worksheet, policy: Policy, missing: Sequence[Missing]) -> tuple[Missing, ...]:
    """The missing facts without those that the others make needless, the later ones first."""
    net = sheet.net
    roots = [(net.of[name], subject) for name in policy.results for subject in sheet.subjects(name)]
    search = _Search(sheet, roots, {need: tuple(_places(sheet, need)) for need in missing}, [MAX_WORK * len(missing)])
    kept, corners = list(missing), search.corners(missing)
    for need in reversed(missing):
        # which items there are in a list is not tried
        if need.parameter is not None or not search.places[need]:
            continue
        others, without = [one for one in kept if one != need], search.without(corners, need)
        if search.suffice(others, need, without):
            kept, corners = others, without if len(kept) % MAX_LAYERS else search.corners(others)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class _Search:
    """The roots to be settled, the places of each missing fact, and how much work is left (in a list of one)."""

    sheet: Worksheet
    roots: Sequence[Root]
    places: Mapping[Missing, tuple[Position, ...]]
    left: list[int]

    def corners(self, needs: Sequence[Missing]) -> tuple[Worksheet, ...]:
        """A few exact answers to all needs, of which one most often shows at once that a further fact is needed."""
        box = self._box(needs)
        ends = ({place: _end(place.column.type, box[place], last) for place in box} for last in (False, True))
        return tuple(supposing(self.sheet, corner) for corner in ends)

    def without(self, corners: Sequence[Worksheet], need: Missing) -> tuple[Worksheet, ...]:
        """The corners where one need is not known."""
        return tuple(supposing(corner, self._box([need])) for corner in corners)

    def suffice(self, others: Sequence[Missing], need: Missing, corners: Sequence[Worksheet]) -> bool:
        """Whether knowing the others surely settles the decision; `corners` are answers to these."""
        roots = [root for root in self.roots if any(self._rests(root, place) for place in self.places[need])]
        if not all(self._settled(corner, roots) for corner in corners):
            return False
        every = (place for one in others for place in self.places[one])
        matter = (place for place in every if any(self._rests(root, place) for root in roots))
        return self._always_settled({place: value_at(self.sheet.household, place) for place in matter}, roots)

    def _always_settled(self, box: SearchDomain, roots: Sequence[Root]) -> bool:
        waiting = [box]
        while waiting:
            box = waiting.pop()
            if self.left[0] <= 0:
                return False
            if self._settled(supposing(self.sheet, box), roots):
                continue
            self.left[0] -= len(box) // 2
            smaller = list(_split(box))
            if not smaller:
                return False
            waiting += smaller
        return True

    def _settled(self, sheet: Worksheet, roots: Sequence[Root]) -> bool:
        settled = all(possible.is_singleton(cell.expr.type, sheet.at(cell, subject)) for cell, subject in roots)
        self.left[0] -= sheet.work + len(roots)
        return settled

    def _rests(self, root: Root, place: Position) -> bool:
        """Whether a result rests on an input."""
        (cell, subject), bit = root, 1 << place.position
        if place.item is not None:
            return rests_on_item(self.sheet.net, cell, place)
        if place.member is None:
            return bool(cell.shared & bit)
        return bool(cell.inner & bit) or (place.member == subject and bool(cell.own & bit))

    def _box(self, needs: Sequence[Missing]) -> dict[Position, Value]:
        return {place: value_at(self.sheet.household, place) for need in needs for place in self.places[need]}


def _places(sheet: Worksheet, need: Missing) -> Iterator[Position]:
    """The inputs of a fact that are not known exactly."""
    program, household = sheet.net.snapshot.program, sheet.household
    member = None if need.member is None else household.ids.index(need.member)
    listed, number, fact = parts_of_name(need.fact)
    if listed is not None:
        for place in places_in_items(sheet):
            item = place.item
            of_need = item is not None and (item.list, item.owner, item.number) == (listed, member, number)
            if of_need and place.column.id.fact == fact and not _is_known(household, place):
                yield place
        return
    inputs = program.household_inputs if member is None else program.member_inputs
    for at, column in enumerate(inputs):
        place = Position(member, at, column)
        if column.id.fact == need.fact and not _is_known(household, place):
            yield place


def _is_known(household: Household, place: Position) -> bool:
    return possible.is_singleton(place.column.type, value_at(household, place))


def _end(type_: Type, value: Value, last: bool) -> Value:
    match type_, value:
        case _, (low, high):
            return (high, high) if last else (low, low)
        case Truth(), int():
            return possible.TRUE if last else possible.FALSE
        case _, int(mask):
            return 1 << (mask.bit_length() - 1) if last else mask & -mask
        case _:
            raise AssertionError(value)


def _split(box: SearchDomain) -> Iterator[SearchDomain]:
    if not box:
        return
    widest = max(box, key=lambda place: room(place.column, box[place]))
    for part in halves(widest.column, box[widest]):
        yield {**box, widest: part}
