"""Whether a fact named as missing can change a decision: by the solver, two completions that differ in it alone.

In: a ruleset, a household as read, a decision. Out: yes or no. Called by tests.
"""

from __future__ import annotations

from typing import Any, cast

import z3

from fupin_policy import Ruleset
from fupin_policy.analysis.verification.solver import Solver
from fupin_policy.core import possible
from fupin_policy.core.days import Validity, to_date
from fupin_policy.core.decision import Decision, Missing
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import ParameterNeed
from fupin_policy.core.subjects import Item
from fupin_policy.core.types import Code, Day, Truth, Type
from fupin_policy.evaluators.smt import calendar
from fupin_policy.evaluators.smt.formulas import Formulas
from fupin_policy.evaluators.smt.people import SymbolicHousehold, bounds


def allowed(variable: Any, value: possible.Value, type_: Type) -> Any:
    """That a variable has one of the values that a partly known fact may have."""
    match type_:
        case Truth():
            sides = [variable] if cast(int, value) & 1 else []
            sides += [z3.Not(variable)] if not cast(int, value) & 2 else []
            return z3.And(sides) if sides else z3.BoolVal(True)
        case Code(_, size):
            return z3.Or([variable == bit for bit in range(size) if cast(int, value) >> bit & 1])
        case Day():
            low, high = cast(possible.Interval, value)
            return z3.And(variable >= calendar.key_of(low), variable <= calendar.key_of(high))
        case _:
            low, high = cast(possible.Interval, value)
            return z3.And(variable >= low, variable <= high)


def matters(ruleset: Ruleset, household: Household, day: int, decision: Decision, need: Missing) -> bool:
    """Whether some completion's decision turns on the fact alone. Raises Undecided."""
    member, fact = need.member, need.fact
    snapshot = ruleset.snapshot(to_date(day))
    people = SymbolicHousehold((ruleset.program,), max(1, len(household.members)))
    formulas = Formulas(snapshot, people)
    rule = next(one for one in snapshot.rules if one.policy.id == decision.policy)
    of_member = rule.policy.level == "member"
    wholes = [
        formulas.of(name, position if of_member else None)
        for name in (rule.outcome, rule.payable)
        if name is not None
        for position in (range(len(household.members)) if of_member else (0,))
    ]
    ids = [person.id for person in household.members]
    known = [people.size == len(ids), people.as_of == calendar.key_of(day)]
    places = {}
    for (name, position), variable in people.facts.items():
        if (
            isinstance(name, ParameterNeed)
            or isinstance(position, Item)
            or (position is not None and position >= len(ids))
        ):
            continue
        columns = ruleset.program.household_inputs if position is None else ruleset.program.member_inputs
        values = household.facts if position is None else household.members[position].facts
        index = [column.id for column in columns].index(name)
        known.append(allowed(variable, values[index], columns[index].type))
        if name.fact == fact and position == (None if member is None else ids.index(member)):
            places[name] = (variable, values[index], columns[index].type)
    pairs, others = [], []
    for name, (variable, value, type_) in places.items():
        other = z3.Bool(f"other {name}") if isinstance(type_, Truth) else z3.Int(f"other {name}")
        pairs.append((variable, other))
        others += [allowed(other, value, type_), *bounds(other, type_)]
    differ = z3.Or([whole != z3.substitute(whole, *pairs) for whole in wholes])
    return Solver().possible(people, [Validity(day, day + 1)], [*known, *others, differ])
