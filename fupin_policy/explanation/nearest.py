"""What would have to be otherwise for a policy to apply: the nearest changes, and the first day on which it does.

In: a household for which a policy's outcome is false, and how to ask for the outcome of another. Out: `Changes`, a day.
Called by `advice`. Only facts that are known and can change are changed. The search rests on possible values alone: an
outcome that is false while some facts may be anything stays false whatever they are, so whole ranges are ruled out at
once, and what is found first, going outwards from the facts as they are, is nearest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from typing import cast

from fupin_policy.backends import interpret
from fupin_policy.backends.wasm.plan import needed
from fupin_policy.core import possible
from fupin_policy.core.decision import Household
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.program import Input, Program
from fupin_policy.core.snapshot import Rule, Snapshot
from fupin_policy.core.types import Code, Truth
from fupin_policy.explanation.boxes import FAR, Box, Place, parts, put, value_at, width

Outcome = Callable[[Household], int]
"""The policy's outcome for a household: the best of its members' for a member's policy."""

MOST_CHANGES = 3
MOST_ASKED = 4000
"""How many outcomes are asked for before the search for the nearest values of some facts is given up."""


@dataclass(frozen=True, slots=True)
class Altered:
    """One input, of a member or of the household (None), with another value than it has."""

    column: Input
    member: int | None
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Change:
    """One fact, or several together, that would have to be otherwise. `surely`: nothing unknown then matters."""

    altered: tuple[Altered, ...]
    surely: bool
    household: Household
    """As it would be."""


Changes = tuple[Change, ...]


def nearest(program: Program, household: Household, read: set[str], outcome: Outcome) -> tuple[Changes, bool]:
    """The nearest changes of facts that are read, and whether none would do."""
    search = _Search(household, outcome, tuple(_places(program, household, read)))
    if not search.places or search.asked(_open(search.places)) == possible.FALSE:
        return (), True
    found: list[Change] = [change for place in search.places if (change := search.best((place,))) is not None]
    if not found:
        found = list(search.together())
    found.sort(key=lambda one: (len(one.altered), sum(_far(a.column, a.before, a.after) for a in one.altered)))
    return tuple(found[:MOST_CHANGES]), False


def first_day(
    snapshots: Iterable[Snapshot], policy: str, household: Household, after: int, *, surely: bool = True
) -> int | None:
    """The first day after a day on which the policy surely applies, or may apply, the household staying as it is."""
    for whole in snapshots:
        rule = next(rule for rule in whole.rules if rule.policy.id == policy)
        snapshot = replace(whole, definitions=needed(whole.definitions, [rule.outcome]))
        first = max(snapshot.validity.start, after + 1)
        if rule.version is None or first >= snapshot.validity.end:
            continue
        found = _first(snapshot, rule, household, (first, snapshot.validity.end - 1), surely)
        if found is not None:
            return found
    return None


def _first(snapshot: Snapshot, rule: Rule, household: Household, days: Interval, surely: bool) -> int | None:
    bits = [trace.value for trace in interpret.trace_over(snapshot, household, days)[rule.outcome]]
    if possible.TRUE in bits:
        # true for one and the same subject whichever of these days it is
        return days[0]
    if all(one == possible.FALSE for one in bits):
        return None
    if days[0] == days[1]:
        return None if surely else days[0]
    middle = (days[0] + days[1]) // 2
    earlier = _first(snapshot, rule, household, (days[0], middle), surely)
    return earlier if earlier is not None else _first(snapshot, rule, household, (middle + 1, days[1]), surely)


def opened(program: Program, household: Household, read: set[str]) -> Household:
    """The household with everything unknown that is read and can change."""
    return put(household, _open(_places(program, household, read)))


def _places(program: Program, household: Household, read: set[str]) -> Iterator[Place]:
    fixed = {fact.name for fact in program.facts if fact.fixed}
    can_change = [
        (inputs, [at for at, one in enumerate(inputs) if one.name in read and one.name.split(".")[0] not in fixed])
        for inputs in (program.household_inputs, program.member_inputs)
    ]
    (own, own_at), (inner, inner_at) = can_change
    yield from (Place(None, at, own[at]) for at in own_at if possible.exact(own[at].type, household.facts[at]))
    for member, person in enumerate(household.members):
        known = (at for at in inner_at if possible.exact(inner[at].type, person.facts[at]))
        yield from (Place(member, at, inner[at]) for at in known)


def _open(places: Iterable[Place]) -> dict[Place, Value]:
    return {place: possible.whole(place.column.type) for place in places}


@dataclass(frozen=True, slots=True)
class _Search:
    """The facts that can change, and how to ask what comes of it."""

    household: Household
    outcome: Outcome
    places: tuple[Place, ...]

    def asked(self, box: Box) -> int:
        """The outcome where these facts have these possible values."""
        return self.outcome(put(self.household, box))

    def together(self) -> Iterator[Change]:
        """Changes of several facts: of the household and one member, or, where that will not do, of all."""
        groups = [
            tuple(place for place in self.places if place.member in (None, member))
            for member in range(len(self.household.members))
        ]
        found = list(self._of_groups(groups))
        yield from found or self._of_groups([self.places])

    def _of_groups(self, groups: Iterable[tuple[Place, ...]]) -> Iterator[Change]:
        seen: set[frozenset[Place]] = set()
        for group in groups:
            needed = self.fewest(group)
            others = (self.fewest(tuple(p for p in group if p != without)) for without in needed)
            for places in (needed, *others):
                if places and frozenset(places) not in seen:
                    seen.add(frozenset(places))
                    change = self.best(places)
                    if change is not None:
                        yield change

    def fewest(self, group: tuple[Place, ...]) -> tuple[Place, ...]:
        """Facts of which none can be left as it is while the rest of the group is; none if all will not do."""
        if self.asked(_open(group)) == possible.FALSE:
            return ()
        kept = list(group)
        for place in group:
            rest = [one for one in kept if one != place]
            if self.asked(_open(rest)) != possible.FALSE:
                kept = rest
        return tuple(kept)

    def best(self, places: tuple[Place, ...]) -> Change | None:
        """The nearest values of some facts for which the outcome is not false; None where none was found."""
        order, waiting = count(), [(0, 0, _open(places))]
        for _ in range(MOST_ASKED):
            if not waiting:
                return None
            _, _, box = heappop(waiting)
            bits = self.asked(box)
            if bits == possible.TRUE or (bits != possible.FALSE and not any(width(p.column, box[p]) for p in box)):
                return self._change(box, bits)
            if bits != possible.FALSE:
                for smaller in self._split(box):
                    far = sum(
                        _far(place.column, value_at(self.household, place), value) for place, value in smaller.items()
                    )
                    heappush(waiting, (far, next(order), smaller))
        return None

    def _distance(self, box: Box) -> int:
        return sum(_far(place.column, value_at(self.household, place), value) for place, value in box.items())

    def _change(self, box: Box, bits: int) -> Change:
        chosen, bits = self._all_codes(box, bits)
        altered = {place: self._altered(place, value) for place, value in chosen.items()}
        # of several codes that would do, one
        after = {place: _one(place.column, one.after) for place, one in altered.items()}
        return Change(tuple(altered.values()), bits == possible.TRUE, put(self.household, after))

    def _all_codes(self, box: Box, bits: int) -> tuple[Box, int]:
        """Where one code was changed: every code that would do as well, or better, as none of them is nearer."""
        place, *others = box
        if others or not isinstance(place.column.type, Code):
            return box, bits
        found = {1 << at: self.asked({place: 1 << at}) for at in range(place.column.type.size)}
        best = max(found.values())
        return {place: sum(code for code, outcome in found.items() if outcome == best)}, best

    def _altered(self, place: Place, value: Value) -> Altered:
        before = value_at(self.household, place)
        return Altered(place.column, place.member, before, _closest(place.column, before, value))

    def _split(self, box: Box) -> Iterator[dict[Place, Value]]:
        """Smaller boxes that together are the box; nothing of one that holds but one value for each fact."""
        widest = max(box, key=lambda place: width(place.column, box[place]))
        for part in parts(widest.column, value_at(self.household, widest), box[widest]):
            yield {**box, widest: part}


def _far(column: Input, before: Value, value: Value) -> int:
    """How far the nearest of the possible values is from what it is now, as a share of `FAR`."""
    if isinstance(value, tuple) and isinstance(before, tuple):
        low, high = cast(Interval, possible.whole(column.type))
        return max(0, value[0] - before[1], before[0] - value[1]) * FAR // max(1, high - low)
    if isinstance(column.type, Truth):
        return 0 if before in (value, possible.UNKNOWN) or value == possible.UNKNOWN else FAR
    return 0 if cast(int, before) & cast(int, value) else FAR


def _closest(column: Input, before: Value, value: Value) -> Value:
    """Of the possible values the one nearest to what it is now; of codes all, as none is nearer."""
    if isinstance(value, tuple) and isinstance(before, tuple):
        at = min(max(before[0], value[0]), value[1])
        return (at, at)
    if isinstance(column.type, Truth) and value == possible.UNKNOWN:
        return before
    return value


def _one(column: Input, value: Value) -> Value:
    return value & -value if isinstance(column.type, Code) and isinstance(value, int) else value
