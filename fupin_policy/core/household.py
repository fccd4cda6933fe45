"""Who is decided on: a household with its members, a possible value for each fact.

In: nothing. Out: `Household`, `Person`, immutable. Made by `intake`, read by every evaluator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from fupin_policy.core.possible import Value


@dataclass(frozen=True, slots=True)
class ItemList:
    """What is known of a list: the items that there surely are, with their facts, and at most `more` others."""

    items: tuple[tuple[Value, ...], ...]
    more: int


class Person(NamedTuple):
    """A member: an id, and a possible value for each of the program's `member_inputs`, in that order.

    `lists` are those of the program that are `of` members, in order.
    """

    id: str
    facts: tuple[Value, ...]
    lists: tuple[ItemList, ...] = ()


@dataclass(frozen=True, slots=True)
class PeriodValue:
    """What is given of a fact by month or year: for one of these, by its number, or for each if `period` is None.

    `member` is the member's position, or None for the household's.
    """

    member: int | None
    series: str
    period: int | None
    value: Value


@dataclass(frozen=True, slots=True)
class Household:
    """An id, a possible value for each of the program's `household_inputs` in that order, the members, its own lists.

    `given` is the same without what was assumed of facts that were not given; None where nothing was. Of those that an
    earlier result tells it was taken from that of the day `previous`, where there is one.
    `by_period` has all that was given by month or year, of which the facts are the values as of one day, `as_of`; None
    where the program has no such facts. If it `continues`, what lies after the last of these values is assumed to be as
    that one.
    """

    id: str
    facts: tuple[Value, ...]
    members: tuple[Person, ...]
    given: Household | None = None
    previous: int | None = None
    by_period: tuple[PeriodValue, ...] = ()
    as_of: int | None = None
    continues: bool = False
    derived: tuple[tuple[int | None, str], ...] = ()
    """The facts of which a number of identity tells more than is given: the member's position or None, the fact."""
    lists: tuple[ItemList, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The members' ids, in order."""
        return tuple([person.id for person in self.members])


def changed(household: Household, values: Iterable[tuple[int | None, int, Value]]) -> Household:
    """The household with other values: each with the member's position or None, the input's position, the value.

    What is changed counts as given.
    """
    values = tuple(values)
    own = list(household.facts)
    inner: dict[int, list[Value]] = {}
    for member, position, value in values:
        if member is None:
            own[position] = value
        else:
            inner.setdefault(member, list(household.members[member].facts))[position] = value
    members = tuple(
        person._replace(facts=tuple(inner[at])) if at in inner else person
        for at, person in enumerate(household.members)
    )
    given = None if household.given is None else changed(household.given, values)
    return replace(household, facts=tuple(own), members=members, given=given)
