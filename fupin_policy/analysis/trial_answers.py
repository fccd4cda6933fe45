"""What answers to questions would settle: each tried on a worksheet of the household.

In: a worksheet, what is missing and for which policies. Out: the needs, the best to ask first. Called by `interview`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any, TypeVar

from fupin_policy.core import possible
from fupin_policy.core.expressions import Level
from fupin_policy.core.household import ItemList
from fupin_policy.core.item_facts import name_in_list, parts_of_name
from fupin_policy.core.missing import Missing
from fupin_policy.core.possible import Value
from fupin_policy.core.subjects import Item, Whose, list_of, with_list
from fupin_policy.core.types import Code, Truth
from fupin_policy.evaluators.incremental import IncrementalNode, Supposed, Worksheet

QUARTERS = 4
MAX_TRIED = 12
"""How many facts are tried before one is chosen."""
MAX_MIXED = 32
"""How many answers to everything at once are tried before a result counts as one that cannot be settled."""

_Answer = TypeVar("_Answer")
_Root = tuple[IncrementalNode, int]
"""A result of a policy, and the member whose it is (0 for the household's)."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What answers would settle. `wanted` has the numbers of the policies that lack each fact not yet asked for."""

    sheet: Worksheet
    needs: tuple[Missing, ...]
    wanted: Mapping[Missing, Sequence[int]]
    asked: frozenset[tuple[str, str | None]]
    members: dict[str, int] = field(default_factory=dict)
    _sheets: dict[tuple[tuple[Missing, int], ...], Worksheet] = field(default_factory=dict)
    """By how many items lists have: worksheets of such households."""

    def ordered(self, needs: Sequence[Missing]) -> list[Missing]:
        """The needs, the best of the first few first; without those that are seen to settle nothing any more."""
        self.members.update({person.id: at for at, person in enumerate(self.sheet.household.members)})
        tried: dict[tuple[object, ...], Fraction | None] = {}
        kept: dict[Missing, Fraction] = {}
        rest: list[Missing] = []
        for need in needs:
            listed, _, fact = parts_of_name(need.fact)
            key = (listed, fact, self._state(need))
            if key not in tried and len(kept) < MAX_TRIED:
                tried[key] = self._worth(need)
            worth = tried.get(key)
            if worth is not None and len(kept) < MAX_TRIED:
                kept[need] = worth
            elif worth is not None or key not in tried:
                rest.append(need)
        return [*sorted(kept, key=lambda need: -kept[need]), *rest] if kept else []

    def _state(self, need: Missing) -> object:
        """What is known of the member or the item, and was asked: of those for whom that is the same one is tried."""
        owner, item = None, None
        if need.member is not None:
            person = self.sheet.household.members[self.members[need.member]]
            owner = person.facts, person.lists, frozenset(fact for fact, one in self.asked if one == need.member)
        listed, number, _ = parts_of_name(need.fact)
        if listed is not None and number is not None:
            known = self._known(listed, need).items[number]
            names = (parts_of_name(name) for name, member in self.asked if member == need.member)
            item = known, frozenset(fact for of, at, fact in names if (of, at) == (listed, number))
        return owner, item

    def _known(self, listed: Level, need: Missing) -> ItemList:
        """What is known of a list, of the household or of the member whose it is."""
        return list_of(self.sheet.net.snapshot.program, self.sheet.household, listed, self._position(need))

    def _counts(self, need: Missing) -> list[int]:
        """How many items a list is tried with, where it is asked for that; else none."""
        if need.fact not in self.sheet.lists:
            return []
        known = self._known(need.fact, need)
        least, spread = len(known.items), known.more
        return sorted({least + spread * step // QUARTERS for step in range(QUARTERS + 1)})

    def _with_items(self, counts: Mapping[Missing, int]) -> Worksheet:
        """The worksheet of the household with so many items in lists, of which nothing more is known."""
        key = tuple(counts.items())
        if key not in self._sheets:
            program, household = self.sheet.net.snapshot.program, self.sheet.household
            for need, count in counts.items():
                items = self._known(need.fact, need).items
                further = tuple(possible.top(column.type) for column in program.item_inputs[need.fact])
                whole = ItemList((*items, *[further] * (count - len(items))), 0)
                household = with_list(program, household, need.fact, self._position(need), whole)
            self._sheets[key] = self.sheet.of_household(household)
        return self._sheets[key]

    def _worth(self, need: Missing) -> Fraction | None:
        """How many decisions an answer settles on average; None where it settles nothing, with whatever else."""
        trials = [self._with_items({need: count}) for count in self._counts(need)]
        trials = trials or list(_answers(self.sheet, need.fact, self._position(need)))
        closed = sum(not self._open(sheet, number) for sheet in trials for number in self.wanted[need])
        if closed or self._might_settle(need, trials):
            return Fraction(closed, len(trials))
        return None

    def _position(self, need: Missing) -> int | None:
        return None if need.member is None else self.members[need.member]

    def _open(self, sheet: Worksheet, number: int) -> bool:
        """Whether a policy is not decided, or with an amount that is not."""
        return any(not possible.is_singleton(cell.expr.type, sheet.at(cell, one)) for cell, one in self._roots(number))

    def _roots(self, number: int) -> Iterator[_Root]:
        policy = self.sheet.net.snapshot.program.policies[number]
        for name in policy.results:
            for subject in self.sheet.subjects(name):
                yield self.sheet.net.of[name], subject

    def _might_settle(self, need: Missing, trials: Sequence[Worksheet]) -> bool:
        """Whether answers to this and all else that may still be asked were found that settle some result."""
        seen: set[object] = set()
        for root in (root for number in self.wanted[need] for root in self._roots(number)):
            cell, subject = root
            rests = self.sheet.net.rests_on(cell, need.fact) or trials[0].touched(cell, subject)
            if not rests or possible.is_singleton(cell.expr.type, self.sheet.at(cell, subject)):
                continue
            state = (cell.number, self._state(Missing("", "", list(self.members)[subject])) if cell.own else subject)
            if state not in seen and self._settles(root):
                return True
            seen.add(state)
        return False

    def _settles(self, root: _Root) -> bool:
        cell, subject = root
        random = Random(0)
        lists = [need for need in self.needs if self.sheet.net.rests_on(cell, need.fact)]
        answers = [] if lists else self._answers_on(self.sheet, root, {})
        for at in range(MAX_MIXED):
            # all the first answers, all the last, then mixed ones
            sheet = self.sheet
            if lists:
                counts = {need: _chosen(self._counts(need), at, random) for need in lists}
                sheet = self._with_items(counts)
                answers = self._answers_on(sheet, root, counts)
            chosen = [_chosen(answer, at, random) for answer in answers]
            sheet = sheet.supposing(value for values in chosen for value in values)
            if possible.is_singleton(cell.expr.type, sheet.at(cell, subject)):
                return True
        return False

    def _answers_on(self, sheet: Worksheet, root: _Root, counts: Mapping[Missing, int]) -> list[list[list[Supposed]]]:
        """Answers to all that may still be asked and that a result rests on; `counts`: to how many items, too."""
        asked = [(need.fact, self._position(need)) for need in self.needs if need.fact not in sheet.lists]
        for need, count in counts.items():
            columns = sheet.net.snapshot.program.item_inputs[need.fact]
            numbers = range(len(self._known(need.fact, need).items), count)
            for number, fact in product(numbers, dict.fromkeys(column.id.fact for column in columns)):
                asked.append((name_in_list(need.fact, number, fact), self._position(need)))
        found = (_values_of(sheet, fact, member) for fact, member in asked)
        return [values for values in found if values and sheet.supposing(values[0]).touched(*root)]


def _chosen(answers: Sequence[_Answer], at: int, random: Random) -> _Answer:
    return answers[0] if at == 0 else answers[-1] if at == 1 else random.choice(answers)


def _answers(sheet: Worksheet, fact: str, member: int | None) -> Iterator[Worksheet]:
    """The worksheet with each of the answers to try."""
    return (sheet.supposing(values) for values in _values_of(sheet, fact, member))


def _values_of(sheet: Worksheet, fact: str, member: int | None) -> list[list[Supposed]]:
    """Answers to try: for each the values of the fact's columns."""
    program, household = sheet.net.snapshot.program, sheet.household
    listed, number, fact = parts_of_name(fact)
    whose: Whose = member
    if listed is not None and number is not None:
        inputs, facts = program.item_inputs[listed], list_of(program, household, listed, member).items[number]
        whose = Item(listed, sheet.lists[listed].slots[member or 0][number], member, number)
    else:
        inputs = program.household_inputs if member is None else program.member_inputs
        facts = household.facts if member is None else household.members[member].facts
    columns = [at for at, one in enumerate(inputs) if one.id.fact == fact]
    if len(columns) > 1:
        # of several codes none, or just one, holds
        return [
            [(whose, at, possible.TRUE if at == chosen else possible.FALSE) for at in columns]
            for chosen in (None, *columns)
        ]
    (at,) = columns
    return [[(whose, at, value)] for value in _values(inputs[at].type, facts[at])]


def _values(type_: Any, known: Value) -> Iterator[Value]:
    match type_, known:
        case Truth(), _:
            yield from (possible.FALSE, possible.TRUE)
        case Code(), int(mask):
            yield from (1 << at for at in range(mask.bit_length()) if mask >> at & 1)
        case _, (low, high):
            for step in range(QUARTERS + 1):
                value = low + (high - low) * step // QUARTERS
                yield (value, value)
