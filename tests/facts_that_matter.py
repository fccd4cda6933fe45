"""Whether a fact named as missing can change a decision: by the solver, two completions that differ in it alone.

In: a ruleset, a household as read, a decision. Out: yes or no. Called by tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import z3
from solver_literals import literal

from fupin_policy import Ruleset
from fupin_policy.analysis.verification.solver import Solver
from fupin_policy.core import possible
from fupin_policy.core.days import Validity, to_date
from fupin_policy.core.decision import Decision
from fupin_policy.core.declarations import Input
from fupin_policy.core.household import Household, ItemList
from fupin_policy.core.identifiers import FactNeed, InputId, ParameterNeed
from fupin_policy.core.missing import Missing
from fupin_policy.core.program import Program
from fupin_policy.core.subjects import Item, Whose, lists_in
from fupin_policy.core.types import Code, Day, Number, Truth
from fupin_policy.decisions.missing import missing_of
from fupin_policy.evaluators.smt import calendar
from fupin_policy.evaluators.smt.formulas import Formulas
from fupin_policy.evaluators.smt.people import FactPosition, SymbolicHousehold

FURTHER = 2
"""How many items a list is tried with beyond those that are given."""


@dataclass(frozen=True, slots=True)
class Open:
    """What decides of a policy, as formulas of the facts that are not known; and what holds of those facts."""

    program: Program
    day: int
    people: SymbolicHousehold
    wholes: tuple[Any, ...]
    holds: tuple[Any, ...]
    variables: dict[FactPosition, Any]
    ids: tuple[str, ...]
    given: dict[tuple[str, Whose], int]
    """By list and owner, how many items are given."""

    @classmethod
    def of(cls, ruleset: Ruleset, household: Household, day: int, decision: Decision) -> Open:
        """What a decision on a household, as read, leaves open."""
        snapshot, ids = ruleset.snapshot(to_date(day)), household.ids
        lists: dict[tuple[str, Whose], ItemList] = {
            (declared.name, None if declared.of == "household" else at): one
            for declared, given in lists_in(ruleset.program, household)
            for at, one in enumerate(given)
        }
        items = max((len(one.items) + min(one.more, FURTHER) for one in lists.values()), default=1)
        people = SymbolicHousehold((ruleset.program,), max(1, len(ids)), items=max(1, items))
        formulas = Formulas(snapshot, people)
        rule = next(one for one in snapshot.rules if one.policy.id == decision.policy)
        subjects: tuple[int | None, ...] = (None,) if rule.policy.level != "member" else tuple(range(len(ids)))
        names = [name for name in (rule.outcome, rule.payable) if name is not None]
        wholes = [formulas.of(name, whose) for name in names for whose in subjects]
        exact = [(people.size, z3.IntVal(len(ids))), (people.as_of, z3.IntVal(calendar.key_of(day)))]
        holds, variables = [], {}
        for place, variable in people.facts.items():
            if (found := _value(ruleset.program, household, place)) is not None:
                column, value = found
                if possible.is_singleton(column.type, value):
                    exact.append((variable, literal(value, column.type)))
                    continue
                holds.append(_allowed(variable, column, value))
            elif isinstance(place[0], InputId) and (name := (place[0].fact, place[1])) in lists:
                one = lists[name]
                holds += [variable >= len(one.items), variable <= len(one.items) + one.more]
            elif isinstance(place[1], int) and place[1] >= len(ids):
                continue
            variables[place] = variable
        small = [z3.simplify(z3.substitute(one, *exact)) for one in wholes]
        holds = [z3.simplify(z3.substitute(one, *exact)) for one in [*people.always, *holds]]
        given = {whose: len(one.items) for whose, one in lists.items()}
        return cls(ruleset.program, day, people, tuple(small), tuple(holds), variables, ids, given)

    def matters(self, need: Missing) -> bool:
        """Whether some completion's decision turns on the fact alone. Raises Undecided."""
        pairs = [
            (one, z3.Bool(f"other {one}") if z3.is_bool(one) else z3.Int(f"other {one}")) for one in self._named(need)
        ]
        others = [z3.substitute(one, *pairs) for one in self.holds]
        differ = z3.Or([whole != z3.substitute(whole, *pairs) for whole in self.wholes])
        return Solver().possible(self.people, [Validity(self.day, self.day + 1)], [*self.holds, *others, differ])

    def _named(self, need: Missing) -> Iterator[Any]:
        """The variables of a fact; of a list that of how many items it has, and those of the items not given."""
        facts = {fact.name: fact for fact in self.program.facts}
        for (name, whose), variable in self.variables.items():
            if isinstance(name, ParameterNeed):
                continue
            item = whose if isinstance(whose, Item) else None
            owner = item.owner if item is not None else cast("int | None", whose)
            member = None if owner is None else self.ids[owner]
            further = item is not None and (item.number or 0) >= self.given[item.list, owner]
            asked = FactNeed(InputId(item.list), member) if item is not None and further else None
            asked = asked or FactNeed(name, member, None if item is None else item.number)
            if missing_of(asked, self.program, facts, self.day) == need:
                yield variable


def matters(ruleset: Ruleset, household: Household, day: int, decision: Decision, need: Missing) -> bool:
    """Whether some completion's decision turns on the fact alone. Raises Undecided."""
    return Open.of(ruleset, household, day, decision).matters(need)


def _value(program: Program, household: Household, place: FactPosition) -> tuple[Input, possible.Value] | None:
    """An input with what is known of it; None of a list, a parameter, and whoever is not given."""
    name, whose = place
    match whose:
        case None:
            columns, facts = program.household_inputs, household.facts
        case Item(list=of, owner=owner, number=number):
            given = {declared.name: one for declared, one in lists_in(program, household)}[of][owner or 0].items
            if number is None or number >= len(given):
                return None
            columns, facts = program.item_inputs[of], given[number]
        case position:
            if position >= len(household.members):
                return None
            columns, facts = program.member_inputs, household.members[position].facts
    found = [(column, value) for column, value in zip(columns, facts, strict=True) if column.id == name]
    return found[0] if found else None


def _allowed(variable: Any, column: Input, value: possible.Value) -> Any:
    """That a variable has one of the values that a partly known fact may have."""
    match column.type:
        case Truth():
            return z3.BoolVal(True)
        case Code(_, size):
            return z3.Or([variable == bit for bit in range(size) if cast(int, value) >> bit & 1])
        case Day():
            low, high = cast(possible.Interval, value)
            return z3.And(variable >= calendar.key_of(low), variable <= calendar.key_of(high))
        case Number():
            low, high = cast(possible.Interval, value)
            return z3.And(variable >= low, variable <= high)
        case _:
            raise AssertionError(column)
