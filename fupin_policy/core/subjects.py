"""Of whom an expression is asked: the household, a member, an item of a list.

In: nothing; a household. Out: subjects, where the values of a level stand for one, what is given of it. Called by the
evaluators.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from fupin_policy.core.declarations import Input, ListDecl
from fupin_policy.core.expressions import Fact, Items, Level, Ref
from fupin_policy.core.household import Household, ItemList, changed
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.possible import Value, top
from fupin_policy.core.program import Program


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list by its slot, the position of the member whose it is, and the item that it is compared with.

    `number` is its place among its owner's; None of what stands for further ones. Slots count the items of all owners,
    one after the other; then for each owner one that stands for all further items of which only the number is bounded.
    Of members themselves the slot is the position.
    """

    list: Level
    slot: int
    owner: int | None = None
    number: int | None = None
    outer: Whose = None


Whose = int | Item | None
"""A member by position, an item, or None: the household."""


def position(level: Level, subject: Whose) -> int:
    """Where a definition's or a fact's value stands: an item's at its slot, a member's at the position."""
    if isinstance(subject, Item):
        if level == subject.list:
            return subject.slot
        subject = subject.slot if subject.list == "member" else subject.owner
    if level != "member":
        return 0
    if subject is None:
        raise AssertionError("a member's value outside of a member")
    return subject


def whose_input(level: Level, subject: Whose) -> Whose:
    """Whose an input of a level is, to somebody asked about: an item's alone, a member's by position."""
    if isinstance(subject, Item) and level == subject.list and level != "member":
        return alone(subject)
    return position("member", subject) if level == "member" else None


def meant(node: Fact | Ref, subject: Whose) -> Whose:
    """Whose value a reference means: that of the item for which an aggregate is asked, or of the one looked at."""
    if not node.outer:
        return subject
    if not isinstance(subject, Item):
        raise AssertionError(f"{node} outside of an aggregate")
    return subject.outer


def alone(subject: Whose) -> Whose:
    """An item without the one that it is compared with."""
    if not isinstance(subject, Item):
        return subject
    own = Item(subject.list, subject.slot, subject.owner, subject.number)
    return subject.slot if subject.list == "member" else own


def asked_of(node: Items, subject: Whose) -> Whose:
    """For whom an aggregate has a value of its own: for the item it compares with, else for the owner of the list."""
    if node.paired:
        if isinstance(subject, Item):
            return (
                subject.slot
                if subject.list == "member"
                else Item(subject.list, subject.slot, subject.owner, subject.number)
            )
        return subject
    return position("member", subject) if node.owner == "member" else None


@dataclass(frozen=True, slots=True)
class ListSlots:
    """A list's items in a household: for each owner the slots of those that there are, and how many more there may be.

    `items` is how many there are in all: from that slot on there is one for each owner.
    """

    slots: tuple[range, ...]
    more: tuple[int, ...]
    items: int
    of_members: bool

    def subjects(self, name: Level) -> tuple[Whose, ...]:
        """Every slot as a subject, in order."""
        owners = [at if self.of_members else None for at in range(len(self.slots))]
        pairs = zip(owners, self.slots, strict=True)
        own = [Item(name, slot, owner, number) for owner, slots in pairs for number, slot in enumerate(slots)]
        return (*own, *(Item(name, self.items + at, owner) for at, owner in enumerate(owners)))


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """A household's facts by level, by whose they are, by input; and the slots of its lists."""

    values: Mapping[Level, Sequence[Mapping[InputId, Value]]]
    lists: Mapping[Level, ListSlots]

    @classmethod
    def of(cls, program: Program, household: Household) -> HouseholdFacts:
        """The facts of a household. Those of further items may be anything."""
        members = [_named(program.member_inputs, person.facts) for person in household.members]
        values: dict[Level, Sequence[Mapping[InputId, Value]]] = {"member": members}
        values["household"] = [_named(program.household_inputs, household.facts)]
        lists = {}
        for declared, given in lists_in(program, household):
            inputs = program.item_inputs[declared.name]
            further = {column.id: top(column.type) for column in inputs}
            items = [_named(inputs, item) for one in given for item in one.items]
            values[declared.name] = [*items, *([further] * len(given))]
            lists[declared.name] = _slots(given, declared.of == "member")
        return cls(values, lists)

    def value(self, node: Fact, subject: Whose) -> Value:
        """What is given of an input."""
        known = self.values.get(node.level) or self.values["household"]
        return known[position(node.level, subject)][node.input]


def lists_in(program: Program, household: Household) -> Iterator[tuple[ListDecl, tuple[ItemList, ...]]]:
    """Each list of a program with what is known of it: of the household one, or one of each member."""
    own, inner = iter(household.lists), 0
    for declared in program.lists:
        if declared.of == "household":
            yield declared, (next(own),)
        else:
            yield declared, tuple([person.lists[inner] for person in household.members])
            inner += 1


def list_of(program: Program, household: Household, name: Level, owner: int | None) -> ItemList:
    """What is known of a list of the household, or of the member at a position."""
    return next(given for declared, given in lists_in(program, household) if declared.name == name)[owner or 0]


def with_list(program: Program, household: Household, name: Level, owner: int | None, known: ItemList) -> Household:
    """The household where something else is known of a list. What is changed counts as given."""
    at = [one.name for one in program.lists_of("household" if owner is None else "member")].index(name)
    given = None if household.given is None else with_list(program, household.given, name, owner, known)
    if owner is None:
        lists = (*household.lists[:at], known, *household.lists[at + 1 :])
        return replace(household, lists=lists, given=given)
    person = household.members[owner]
    person = person._replace(lists=(*person.lists[:at], known, *person.lists[at + 1 :]))
    members = (*household.members[:owner], person, *household.members[owner + 1 :])
    return replace(household, members=members, given=given)


def with_values(program: Program, household: Household, values: Iterable[tuple[Whose, int, Value]]) -> Household:
    """The household with other values, of items too: each with whose it is, the input's position, the value."""
    own: list[tuple[int | None, int, Value]] = []
    items: dict[tuple[Level, int | None], list[tuple[int, int, Value]]] = {}
    for whose, at, value in values:
        if not isinstance(whose, Item):
            own.append((whose, at, value))
        elif whose.number is not None:
            items.setdefault((whose.list, whose.owner), []).append((whose.number, at, value))
    household = changed(household, own) if own else household
    for (name, owner), some in items.items():
        known = list_of(program, household, name, owner)
        facts = [list(item) for item in known.items]
        for number, at, value in some:
            facts[number][at] = value
        household = with_list(program, household, name, owner, replace(known, items=tuple(map(tuple, facts))))
    return household


def _slots(given: Sequence[ItemList], of_members: bool) -> ListSlots:
    ends = [0, *accumulate(len(one.items) for one in given)]
    slots = tuple(range(*pair) for pair in pairwise(ends))
    return ListSlots(slots, tuple(one.more for one in given), ends[-1], of_members)


def _named(inputs: tuple[Input, ...], facts: tuple[Value, ...]) -> Mapping[InputId, Value]:
    return {column.id: value for column, value in zip(inputs, facts, strict=True)}
