"""A household in formulas: a variable for each fact that is asked for, within its range; and households read back.

In: one program, or two that are compared, and the most members, and items of a list, to look at. Out: formulas for
facts, what holds of every household, and from a solver's model a household of core. Called by `formulas` and
`analysis.verification`.
Two programs see one household: a fact of both has a value that both allow; codes are the same by their names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any, assert_never

import z3

from fupin_policy.core import possible
from fupin_policy.core.days import Validity
from fupin_policy.core.declarations import Input, ListDecl
from fupin_policy.core.expressions import Fact, Level, Unknown
from fupin_policy.core.household import Household, ItemList, Person
from fupin_policy.core.identifiers import InputId, ParameterNeed
from fupin_policy.core.possible import Value
from fupin_policy.core.program import Program
from fupin_policy.core.subjects import Item, ListSlots, Whose, whose_input
from fupin_policy.core.types import Code, Day, ErrorType, Number, Truth, Type
from fupin_policy.evaluators.smt.calendar import day_of, key_of, valid

FactPosition = tuple[InputId | ParameterNeed, Whose]
"""An input, a list (how many items it has) or a parameter, and whose it is."""


@dataclass(slots=True)
class SymbolicHousehold:
    """The variables of a household. `tag` tells the variables of several households apart.

    Of each list as many items are looked at as it may have, and at most `items`.
    """

    programs: tuple[Program, ...]
    most: int
    tag: str = ""
    items: int = 3
    lists: Mapping[Level, ListSlots] = field(default_factory=dict)
    """By name the slots of each list, one for each item that is looked at."""
    facts: dict[FactPosition, Any] = field(default_factory=dict)
    always: list[Any] = field(default_factory=list)
    size: Any = None
    as_of: Any = None

    def __post_init__(self) -> None:
        self.size, self.as_of = z3.Int(f"{self.tag}size"), z3.Int("as_of")
        self.lists = {name: self._slots(declared) for name, declared in self._declared().items()}
        least = max(program.min_members for program in self.programs)
        most = min(self.most, *(program.max_members for program in self.programs))
        self.always += [self.size >= least, self.size <= most, valid(self.as_of)]
        for program in self.programs:
            for column in program.household_inputs:
                if column.required:
                    self._known((column.id, None))
            for column in program.member_inputs:
                if column.required:
                    for member in range(self.most):
                        self._known((column.id, member))

    def within(self, stretches: Sequence[Validity]) -> Any:
        """That the date asked for lies in one of some stretches of time."""
        each = [(key_of(one.start), key_of(one.end - 1)) for one in stretches]
        return z3.Or([z3.And(self.as_of >= first, self.as_of <= last) for first, last in each])

    def present(self, subject: Whose) -> Any:
        """That the household has a member at this position, or an item of a list; it itself is there."""
        match subject:
            case None:
                return z3.BoolVal(True)
            case Item("member", slot):
                return self.size > slot
            case Item(name, _, owner, int(number)):
                return self._count(name, owner) > number
            case Item():
                return z3.BoolVal(False)
            case _:
                return self.size > subject

    def looked_at(self, subject: Whose) -> bool:
        """Whether there may be such a member or item among those looked at."""
        match subject:
            case Item("member", slot):
                return slot < self.most
            case Item(name, slot, owner):
                return slot in self.lists[name].slots[owner or 0]
            case _:
                return subject is None or subject < self.most

    def fact(self, node: Fact, subject: Whose, program: int = 0) -> Any:
        """A fact as one of the programs sees it."""
        place = (node.input, whose_input(node.level, subject))
        self._known(place)
        return self._seen(place, program)

    def variable(self, name: InputId, member: int | None) -> Any:
        """The variable of a fact that was asked for, or None."""
        return self.facts.get((name, member))

    def bounded(self) -> tuple[tuple[ListDecl, int], ...]:
        """The lists asked about that may have more items than are looked at, each with how many it may have."""
        asked = {name for name, _ in self.facts}
        found = [(one, self._most(name)) for name, one in self._declared().items() if InputId(name) in asked]
        return tuple((one, most) for one, most in found if most > self.items)

    def items_in_all(self) -> Any:
        """How many items all lists have that are asked about; None where no list is."""
        names = set(map(InputId, self.lists))
        counts = [variable for (name, _), variable in self.facts.items() if name in names]
        return z3.Sum(counts) if counts else None

    def parameter(self, node: Unknown) -> Any:
        """A parameter without a value: anything in its range, the same wherever it is used."""
        place = (ParameterNeed(node.parameter), None)
        if place not in self.facts:
            self.facts[place] = self._variable(place, node.type)
            self.always += bounds(self.facts[place], node.type)
        return self.facts[place]

    def household(self, model: Any, program: int) -> Household:
        """The household of a model, as a program reads it. A fact that no formula asked for is left unknown."""
        of, size = self.programs[program], self._integer(model, self.size)
        own = tuple(self._value(model, column, None, program) for column in of.household_inputs)
        members = [
            Person(
                f"m{index + 1}",
                tuple(self._value(model, column, index, program) for column in of.member_inputs),
                self._lists(model, "member", index, program),
            )
            for index in range(size)
        ]
        return Household("witness", own, tuple(members), lists=self._lists(model, "household", None, program))

    def _lists(self, model: Any, owner: Level, whose: int | None, program: int) -> tuple[ItemList, ...]:
        """The lists of the household or of a member; one that no formula asked for is left unknown."""
        found = []
        for declared in self.programs[program].lists_of(owner):
            count = self.facts.get((InputId(declared.name), whose))
            if count is None:
                found.append(ItemList((), declared.most))
                continue
            inputs = self.programs[program].item_inputs[declared.name]
            items = list(self._items(declared.name, whose))[: self._integer(model, count)]
            values = tuple(tuple(self._value(model, column, one, program) for column in inputs) for one in items)
            found.append(ItemList(values, 0))
        return tuple(found)

    def day(self, model: Any) -> int:
        """The date of a model."""
        return day_of(self._integer(model, self.as_of))

    def parameters(self, model: Any) -> dict[str, int]:
        """The values that a model gives to parameters without one: a code's bit, a truth's bits, a day."""
        found = {}
        for (name, _), variable in self.facts.items():
            if isinstance(name, ParameterNeed):
                found[name.parameter] = self._integer(model, variable)
        return found

    def _declared(self) -> dict[Level, ListDecl]:
        """Every list of the programs, by name."""
        return {one.name: one for program in reversed(self.programs) for one in program.lists}

    def _most(self, name: Level) -> int:
        """How many items a list may have that all programs can read that know it."""
        return min(one.most for program in self.programs for one in program.lists if one.name == name)

    def _slots(self, declared: ListDecl) -> ListSlots:
        of_members, each = declared.of == "member", min(self.items, self._most(declared.name))
        owners = self.most if of_members else 1
        slots = tuple(range(owner * each, (owner + 1) * each) for owner in range(owners))
        return ListSlots(slots, (0,) * owners, owners * each, of_members)

    def _items(self, name: Level, owner: int | None) -> Iterator[Item]:
        """The items of a list that are looked at."""
        for number, slot in enumerate(self.lists[name].slots[owner or 0]):
            yield Item(name, slot, owner, number)

    def _count(self, name: Level, owner: int | None) -> Any:
        """How many items a list has: none of a member who is not there."""
        place = (InputId(name), owner)
        if place not in self.facts:
            count = self.facts[place] = z3.Int(f"{self.tag}{name}" + ("" if owner is None else f"@{owner}"))
            items = list(self._items(name, owner))
            self.always += [count >= 0, z3.If(self.present(owner), count <= len(items), count == 0)]
            for program in self.programs:
                for declared in (one for one in program.lists if one.name == name):
                    self._in_order(program, declared, items)
        return self.facts[place]

    def _in_order(self, program: Program, declared: ListDecl, items: Sequence[Item]) -> None:
        """What is required of items is known, and no two that there are stand at one place in their order."""
        inputs = program.item_inputs[declared.name]
        wanted = [column.id for column in inputs if column.required or column.name in declared.order]
        for name, item in product(wanted, items):
            self._known((name, item))
        ordering = [column.id for column in inputs if column.name in declared.order]
        for one, other in combinations(items, 2) if ordering else ():
            alike = [self.facts[name, one] == self.facts[name, other] for name in ordering]
            self.always.append(z3.Implies(self.present(other), z3.Not(z3.And(alike))))

    def _known(self, place: FactPosition) -> None:
        if place in self.facts:
            return
        columns = [column for program in self.programs if (column := _column(program, place)) is not None]
        variable = self._variable(place, columns[0].type)
        self.facts[place] = variable
        for column in columns:
            if column.past:
                self.always.append(variable <= self.as_of)
        for position, program in enumerate(self.programs):
            if (column := _column(program, place)) is not None:
                self.always += bounds(self._seen(place, position), column.type)

    def _variable(self, place: FactPosition, type_: Type) -> Any:
        name = f"{self.tag}{place[0]}{_suffix(place[1])}"
        return z3.Bool(name) if isinstance(type_, Truth) else z3.Int(name)

    def _seen(self, place: FactPosition, program: int) -> Any:
        variable = self.facts[place]
        own = _column(self.programs[program], place)
        known = [one for one in self.programs if _column(one, place) is not None]
        first = _column(known[0], place)
        if own is None or first is None or self.programs[program] is known[0]:
            return variable
        return _converted(variable, first.type, own.type, known[0], self.programs[program])

    def _value(self, model: Any, column: Input, whose: Whose, program: int) -> Value:
        place = (column.id, whose)
        if place not in self.facts:
            return possible.top(column.type)
        found = model.eval(self._seen(place, program), model_completion=True)
        match column.type:
            case Truth():
                return possible.TRUE if z3.is_true(found) else possible.FALSE
            case Code():
                return 1 << int(found.as_long())
            case Day():
                day = day_of(found.as_long())
                return (day, day)
            case Number():
                return (found.as_long(), found.as_long())
            case ErrorType():
                raise AssertionError(column)
            case _:
                assert_never(column.type)

    def _integer(self, model: Any, variable: Any) -> int:
        found = model.eval(variable, model_completion=True)
        return int(found.as_long()) if z3.is_int(found) else (possible.TRUE if z3.is_true(found) else possible.FALSE)


def bounds(value: Any, type_: Type) -> list[Any]:
    """That a value lies in its type's range."""
    match type_:
        case Truth():
            return []
        case Number(_, _, low, high):
            return [value >= low, value <= high]
        case Day(low, high):
            return [value >= key_of(low), value <= key_of(high), valid(value)]
        case Code(_, size):
            return [value >= 0, value < size]
        case _:
            raise AssertionError(type_)


def comparable(first: Type, second: Type) -> bool:
    """Whether values of one type can be values of the other: numbers of one unit, days, codes, truths."""
    match first, second:
        case Number(unit), Number(other):
            return unit == other
        case _:
            return type(first) is type(second)


def _converted(value: Any, first: Type, own: Type, one: Program, other: Program) -> Any:
    """A value of the first program's type as the other's type has it."""
    match first, own:
        case Number(_, scale), Number(_, own_scale):
            return value * 10 ** (own_scale - scale) if own_scale >= scale else value / 10 ** (scale - own_scale)
        case Code(), Code():
            return _recoded(value, _names(one, first), _names(other, own))
        case _:
            return value


def _recoded(value: Any, names: Sequence[str], own: Sequence[str]) -> Any:
    """The index of the same code in another list; -1, which no list allows, where it is not there."""
    if list(names) == list(own):
        return value
    found = z3.IntVal(-1)
    for index, name in enumerate(names):
        found = z3.If(value == index, z3.IntVal(own.index(name) if name in own else -1), found)
    return found


def _names(program: Program, type_: Code) -> list[str]:
    return [code.name for code in program.code_lists[type_.code_list].codes]


def _suffix(whose: Whose) -> str:
    """Whose a variable is, in its name."""
    if isinstance(whose, Item):
        return f"@{whose.list}.{whose.slot}"
    return "" if whose is None else f"@{whose}"


def _column(program: Program, place: FactPosition) -> Input | None:
    match place[1]:
        case None:
            inputs = program.household_inputs
        case Item(name):
            inputs = program.item_inputs.get(name, ())
        case _:
            inputs = program.member_inputs
    return next((column for column in inputs if column.id == place[0]), None)
