"""What would have to be otherwise for a policy to apply: the nearest changes.

In: a household for which a policy's outcome is false, as a worksheet. Out: `Counterfactuals`. Called by
`advice`. Only facts that are known and can change are changed, and only towards what a person can want (`reach`).
The search rests on possible values alone: an outcome that is false while some facts may be anything stays false
whatever they are, so whole ranges are ruled out at once, and what is found first, going outwards from the facts as
they are, is nearest.
Where several facts count in one sum there is no end of ways that are equally near. Then they are moved together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from heapq import heapify, heappop, heappush
from itertools import count
from typing import cast

from fupin_policy.core import possible
from fupin_policy.core.declarations import Input
from fupin_policy.core.expressions import Items, walk
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.subjects import with_values
from fupin_policy.core.types import Code, Truth
from fupin_policy.evaluators.incremental import Worksheet
from fupin_policy.explanation.search_domains import (
    FAR,
    Position,
    SearchDomain,
    outwards,
    places_in_items,
    rests_on_item,
    room,
    supposing,
    value_at,
)

MAX_CHANGES = 3
MAX_ASKED = 500
"""How many outcomes are asked for in the search for the nearest value of one fact, or of a few together."""
MAX_JOINT = 4
MAX_WORK = 6_000
"""How many values are worked out for each person, and for the household, before the search ends unfinished."""


class SearchVerdict(Enum):
    """What the search has come to."""

    FOUND = "found"
    """There are changes that would do."""
    IMPOSSIBLE = "impossible"
    """Proven: no change of what can change would do."""
    UNWANTED = "unwanted"
    """Proven: none would do but such as nobody would want, as a higher income."""
    NO_SINGLE_CHANGE = "no_single_change"
    """Proven: no change of one fact would do. Whether several together would was not searched to the end."""
    NOT_SETTLED = "not_settled"
    """The search has found nothing, and was not brought to its end."""


@dataclass(frozen=True, slots=True)
class Altered:
    """One input, of a member, an item or the household, with another value than it has."""

    place: Position
    before: Value
    after: Value

    @property
    def column(self) -> Input:
        """The input."""
        return self.place.column


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact, or several together, that would have to be otherwise. `surely`: nothing unknown then matters."""

    altered: tuple[Altered, ...]
    surely: bool
    household: Household
    """As it would be."""


@dataclass(frozen=True, slots=True)
class Counterfactuals:
    """The nearest changes, and what the search has come to."""

    changes: tuple[FactChange, ...]
    verdict: SearchVerdict


Reach = Callable[[Position], Value]
"""What a person can want a fact to be; what it is now where nothing else can be wanted."""


def nearest(sheet: Worksheet, outcome: DefinitionId, reach: Reach) -> Counterfactuals:
    """The nearest changes by which a definition, which is false, becomes true, or may. The best member's counts."""
    every = tuple(places_of(sheet, outcome))
    open_ = SearchVerdict.NOT_SETTLED if _asks_lists(sheet, outcome) else None
    wide = {place: possible.top(place.column.type) for place in every}
    if not every or best_of(supposing(sheet, wide), outcome) == possible.FALSE:
        return Counterfactuals((), open_ or SearchVerdict.IMPOSSIBLE)
    within = {place: value for place in every if (value := reach(place)) != value_at(sheet.household, place)}
    search = _Search(sheet, outcome, within, [MAX_WORK * (1 + len(sheet.household.members))])
    proven = open_ or (SearchVerdict.IMPOSSIBLE if within == wide else SearchVerdict.UNWANTED)
    if not within or search.asked(within) == possible.FALSE:
        return Counterfactuals((), proven)
    singles, each_ended = search.nearest([(place,) for place in within])
    found = singles or sorted(
        search.together(),
        key=lambda one: (len(one.altered), sum(_far(a.column, a.before, a.after) for a in one.altered)),
    )
    if found:
        return Counterfactuals(tuple(found[:MAX_CHANGES]), SearchVerdict.FOUND)
    found, ended = search.nearest([tuple(within)])
    if found:
        return Counterfactuals(tuple(found), SearchVerdict.FOUND)
    if ended:
        return Counterfactuals((), proven)
    # a further item may be a single change, too
    single = open_ or SearchVerdict.NO_SINGLE_CHANGE
    return Counterfactuals((), single if each_ended else SearchVerdict.NOT_SETTLED)


def _asks_lists(sheet: Worksheet, outcome: DefinitionId) -> bool:
    """Whether a definition rests on items of lists, of which no further ones are tried: then nothing is impossible."""
    nodes = (node for one in sheet.net.snapshot.needed([outcome]) for node in walk(one.expr))
    return any(isinstance(node, Items) and node.list != "member" for node in nodes)


def best_of(sheet: Worksheet, outcome: DefinitionId) -> int:
    """A truth: the best of its members' for a member's."""
    return max(cast(tuple[int, ...], sheet.values(outcome)), default=possible.FALSE)


def places_of(sheet: Worksheet, outcome: DefinitionId) -> Iterator[Position]:
    """The facts that a definition rests on, that are known at least in part, and that can change."""
    program, household = sheet.net.snapshot.program, sheet.household
    fixed = {fact.name for fact in program.facts if fact.fixed}
    own, inner = sheet.net.read([sheet.net.of[outcome]])
    levels: list[tuple[int | None, Sequence[Input], list[int]]] = [(None, program.household_inputs, own)]
    levels += [(member, program.member_inputs, inner) for member in range(len(household.members))]
    for member, inputs, positions in levels:
        for at in positions:
            place = Position(member, at, inputs[at])
            known = value_at(household, place) != possible.top(place.column.type)
            if known and place.column.id.fact not in fixed:
                yield place
    cell = sheet.net.of[outcome]
    for place in places_in_items(sheet) if program.lists else ():
        known = value_at(household, place) != possible.top(place.column.type)
        if known and place.column.id.fact not in fixed and rests_on_item(sheet.net, cell, place):
            yield place


@dataclass(frozen=True, slots=True)
class _Search:
    """The facts that can change and what they may become, and how to ask what comes of it.

    `left` is how much work is left, in a list of one.
    """

    sheet: Worksheet
    outcome: DefinitionId
    reach: Mapping[Position, Value]
    left: list[int]
    _shared: dict[frozenset[tuple[Position, Value]], tuple[Worksheet, tuple[Value, ...]]] = field(default_factory=dict)

    def asked(self, box: SearchDomain) -> int:
        """The outcome where these facts have these possible values."""
        shared = frozenset((place, value) for place, value in box.items() if place.member is None)
        known = self._shared.get(shared)
        if known is None:
            # what several boxes say of the household is worked out once
            self._shared.clear()
            sheet = supposing(self.sheet, dict(shared))
            known = self._shared[shared] = sheet, sheet.values(self.outcome)
            self.left[0] -= sheet.work
        sheet, before = known
        of_members = {place: value for place, value in box.items() if place.member is not None}
        if of_members:
            own = supposing(sheet, of_members)
            before = own.changes(self.outcome, before)
            self.left[0] -= own.work
        self.left[0] -= len(before)
        return max(cast(tuple[int, ...], before), default=possible.FALSE)

    def open(self, places: Iterable[Position]) -> dict[Position, Value]:
        """These facts with all that they may become."""
        return {place: self.reach[place] for place in places}

    @property
    def spent(self) -> bool:
        """Whether no work is left."""
        return self.left[0] <= 0

    def now(self, place: Position) -> Value:
        return value_at(self.sheet.household, place)

    def together(self) -> Iterator[FactChange]:
        """Changes of several facts: of the household and one member, or, where that will not do, of all."""
        groups = [
            tuple(place for place in self.reach if place.member in (None, member))
            for member in range(len(self.sheet.household.members))
        ]
        found = least_changes(self._of_groups(groups))
        yield from found or self._of_groups([tuple(self.reach)])

    def _of_groups(self, groups: Sequence[tuple[Position, ...]]) -> Iterator[FactChange]:
        """A change in each group; of what else it could be in the groups only as much as is asked for."""
        least = {group: needed for group in groups if (needed := self.fewest(group))}
        found = [change for group, needed in least.items() if (change := self._several(needed) or self.along(group))]
        yield from found
        seen, count = {frozenset(places) for places in least.values()}, len(found)
        for whole, without in ((group, one) for group, needed in least.items() for one in needed):
            if count >= MAX_CHANGES:
                return
            places = self.fewest(tuple(one for one in whole if one != without))
            if places and frozenset(places) not in seen:
                seen.add(frozenset(places))
                if change := self._several(places):
                    count += 1
                    yield change

    def _several(self, places: tuple[Position, ...]) -> FactChange | None:
        """All of some facts otherwise; where two are numbers there may be no end of ways that are equally near."""
        numbers = sum(isinstance(self.reach[place], tuple) for place in places)
        found = self.nearest([places])[0] if len(places) <= MAX_JOINT and numbers < 2 else []
        return found[0] if found else self.along(places)

    def fewest(self, group: tuple[Position, ...]) -> tuple[Position, ...]:
        """Facts of which none can be left as it is while the rest of the group is; none if all will not do."""
        if self.spent or self.asked(self.open(group)) == possible.FALSE:
            return ()
        kept = list(group)
        for place in group:
            rest = [one for one in kept if one != place]
            if self.asked(self.open(rest)) != possible.FALSE:
                kept = rest
        return tuple(kept)

    def nearest(self, groups: Sequence[tuple[Position, ...]]) -> tuple[list[FactChange], bool]:
        """For groups of facts, the nearest values of all in a group for which the outcome is not false.

        Those of no more than `MAX_CHANGES` groups, the nearest first; and whether all values were looked through.
        """
        found: list[FactChange] = []
        ended, order, asked = True, count(), [0] * len(groups)
        waiting = [(0, number, next(order), self.open(places)) for number, places in enumerate(groups)]
        while waiting and len(found) < MAX_CHANGES:
            _, number, _, box = heappop(waiting)
            asked[number] += 1
            if asked[number] > MAX_ASKED or self.spent:
                ended = False
                continue
            bits = self.asked(box)
            if bits == possible.FALSE:
                continue
            if bits == possible.TRUE or not any(self._room(place, value) for place, value in box.items()):
                found.append(self._change(box, bits))
                waiting = [one for one in waiting if one[1] != number]
                heapify(waiting)
                continue
            for smaller in self._split(box):
                heappush(waiting, (self._distance(smaller), number, next(order), smaller))
        return found, ended and not waiting

    def along(self, places: Sequence[Position]) -> FactChange | None:
        """Facts altered together: the first values found for which the outcome is no longer false."""
        goal = self._goal(places)
        return None if goal is None else self._change(goal, self.asked(goal))

    def _goal(self, places: Sequence[Position]) -> SearchDomain | None:
        """Some values for which the outcome is not false, by going to the nearer part first.

        So none that would do has all facts as near as these and one of them nearer: it lies in a part asked before.
        """
        waiting = [self.open(places)]
        for _ in range(MAX_ASKED):
            if not waiting or self.spent:
                return None
            box = waiting.pop()
            bits = self.asked(box)
            if bits == possible.FALSE:
                continue
            if bits == possible.TRUE or not any(self._room(place, value) for place, value in box.items()):
                return {place: self._altered(place, value).after for place, value in box.items()}
            waiting += sorted(self._split(box), key=self._distance, reverse=True)
        return None

    def _distance(self, box: SearchDomain) -> int:
        return sum(_far(place.column, self.now(place), value) for place, value in box.items())

    def _room(self, place: Position, value: Value) -> int:
        """How much is left to choose; nothing where the fact stays as it is."""
        return 0 if value == self.now(place) else room(place.column, value)

    def _change(self, box: SearchDomain, bits: int) -> FactChange:
        chosen, bits = self._all_codes(box, bits)
        every = {place: self._altered(place, value) for place, value in chosen.items()}
        altered = {place: one for place, one in every.items() if one.after != one.before}
        # of several codes that would do, one
        after = [(place.whose, place.position, _one(place.column, one.after)) for place, one in altered.items()]
        household = with_values(self.sheet.net.snapshot.program, self.sheet.household, after)
        return FactChange(tuple(altered.values()), bits == possible.TRUE, household)

    def _all_codes(self, box: SearchDomain, bits: int) -> tuple[SearchDomain, int]:
        """Where one code was changed: every code that would do as well, or better, as none of them is nearer."""
        place, *others = box
        if others or not isinstance(place.column.type, Code):
            return box, bits
        found = {1 << at: self.asked({place: 1 << at}) for at in range(place.column.type.size)}
        best = max(found.values())
        return {place: sum(code for code, outcome in found.items() if outcome == best)}, best

    def _altered(self, place: Position, value: Value) -> Altered:
        before = self.now(place)
        return Altered(place, before, _closest(place.column, before, value))

    def _split(self, box: SearchDomain) -> Iterator[dict[Position, Value]]:
        """Smaller boxes that together are the box; nothing of one that holds but one value for each fact."""
        widest = max(box, key=lambda place: self._room(place, box[place]))
        for part in outwards(widest.column, self.now(widest), box[widest]):
            yield {**box, widest: part}


def least_changes(changes: Iterable[FactChange]) -> list[FactChange]:
    """The changes without those that ask for all that another asks for, and more."""
    found = list(changes)
    asked = [frozenset(one.place for one in change.altered) for change in found]
    return [change for change, facts in zip(found, asked, strict=True) if not any(other < facts for other in asked)]


def _far(column: Input, before: Value, value: Value) -> int:
    """How far the nearest of the possible values is from what it is now, as a share of `FAR`."""
    if isinstance(value, tuple) and isinstance(before, tuple):
        low, high = cast(Interval, possible.top(column.type))
        return max(0, value[0] - before[1], before[0] - value[1]) * FAR // max(1, high - low)
    if isinstance(column.type, Truth):
        return 0 if before in (value, possible.UNKNOWN) or value == possible.UNKNOWN else FAR
    return 0 if cast(int, before) & cast(int, value) else FAR


def _closest(column: Input, before: Value, value: Value) -> Value:
    """Of the possible values the one nearest to what it is now; of codes all, as none is nearer."""
    if value == before:
        return before
    if isinstance(value, tuple) and isinstance(before, tuple):
        at = before[0] if value[1] <= before[0] else before[1]
        at = min(max(at, value[0]), value[1])
        return (at, at)
    if isinstance(column.type, Truth) and value == possible.UNKNOWN:
        return before
    return value


def _one(column: Input, value: Value) -> Value:
    return value & -value if isinstance(column.type, Code) and isinstance(value, int) else value
