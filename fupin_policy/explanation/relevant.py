"""Of the facts that an open decision lacks those that matter: any that it can do without are taken off.

In: what is missing by `core.relevance`, which suffices, and how to ask whether a decision is settled. Out: the part of
it that is needed. Called by `ruleset` for explanations. A fact is not needed if with all the others known, whatever
they turn out to be, the decision is settled without it. The answers to the others are halved until that is seen, or
until one is found for which it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from fupin_policy.core import possible
from fupin_policy.core.decision import Household, Missing
from fupin_policy.core.possible import Value
from fupin_policy.core.program import Program
from fupin_policy.core.types import Truth, Type
from fupin_policy.explanation.boxes import Box, Place, parts, put, value_at, width

Settled = Callable[[Household], bool]

MOST_ASKED = 300
"""How often is asked before a fact counts as needed all the same."""


def needed_of(
    program: Program, household: Household, missing: Sequence[Missing], settled: Settled
) -> tuple[Missing, ...]:
    """The missing facts without those that the others make needless, the later ones first."""
    kept = list(missing)
    for need in reversed(missing):
        others = [one for one in kept if one != need]
        if not need.fact.startswith("parameter.") and _suffice(program, household, others, settled):
            kept = others
    return tuple(kept)


def _suffice(program: Program, household: Household, needs: Sequence[Missing], settled: Settled) -> bool:
    """Whether knowing these facts surely settles the decision."""
    ids = [person.id for person in household.members]
    places = [place for need in needs for place in _places(program, household, need, ids)]
    start = {place: value_at(household, place) for place in places}
    if any(not settled(put(household, corner)) for corner in _corners(start)):
        return False
    left = MOST_ASKED
    waiting: list[Box] = [start]
    while waiting:
        box = waiting.pop()
        left -= 1
        if left == 0:
            return False
        if settled(put(household, box)):
            continue
        smaller = list(_split(box))
        if not smaller:
            return False
        waiting += smaller
    return True


def _places(program: Program, household: Household, need: Missing, ids: Sequence[str]) -> Iterator[Place]:
    """The inputs of a fact that are not known exactly."""
    member = None if need.member is None else ids.index(need.member)
    inputs = program.household_inputs if member is None else program.member_inputs
    for at, column in enumerate(inputs):
        place = Place(member, at, column)
        if column.name.split(".")[0] == need.fact and not possible.exact(column.type, value_at(household, place)):
            yield place


def _corners(box: Box) -> Iterator[Box]:
    """A few exact answers, of which one most often shows at once that more is needed."""
    for last in (False, True):
        yield {place: _end(place.column.type, value, last) for place, value in box.items()}


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


def _split(box: Box) -> Iterator[Box]:
    if not box:
        return
    widest = max(box, key=lambda place: width(place.column, box[place]))
    for part in parts(widest.column, box[widest], box[widest]):
        yield {**box, widest: part}
