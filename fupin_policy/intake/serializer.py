"""A household as it would be given: the inverse of reading it.

In: a household of core whose facts are exact or wholly unknown. Out: a mapping by English names, ready for JSON.
Called by `analysis.verification`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from fupin_policy.core import possible
from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import FactDecl, Input
from fupin_policy.core.expressions import Level
from fupin_policy.core.household import Household, ItemList
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.periods import period_on
from fupin_policy.core.possible import Value
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day, Number, Truth, Type


def serialize(program: Program, household: Household) -> dict[str, Any]:
    """The household with what is known of it; numbers are texts in their declared unit, codes go by English name."""
    known = {column.id: value for column, value in zip(program.household_inputs, household.facts, strict=True)}
    own = _facts(program, program.subject, known, household.as_of)
    apart = {program.subject, "member", *program.item_inputs}
    levels = dict.fromkeys(fact.level for fact in program.facts if fact.level not in apart)
    others = {level: facts for level in levels if (facts := _facts(program, level, known, household.as_of))}
    members = []
    for person in household.members:
        own_facts = {column.id: value for column, value in zip(program.member_inputs, person.facts, strict=True)}
        lists = _lists(program, "member", person.lists)
        members.append({"id": person.id, **_facts(program, "member", own_facts, household.as_of), **lists})
    result = {"id": household.id, **own, **others, **_lists(program, "household", household.lists)}
    return {**result, "members": members} if program.subject == "household" else result


def _lists(program: Program, owner: Level, lists: Sequence[ItemList]) -> dict[str, Any]:
    """What is known of the lists of a household or a member, by their names."""
    found: dict[str, Any] = {}
    for declared, known in zip(program.lists_of(owner), lists, strict=True):
        inputs = program.item_inputs[declared.name]
        items = [_facts(program, declared.name, _by_input(inputs, item), None) for item in known.items]
        if items or known.more < declared.most:
            found[declared.name] = {"at_least": items} if known.more else items
        elif declared.empty is not None:
            found[declared.name] = "unknown"
    return found


def _by_input(inputs: Sequence[Input], values: Sequence[Value]) -> dict[InputId, Value]:
    return {column.id: value for column, value in zip(inputs, values, strict=True)}


def labelled(program: Program, said: Mapping[str, Any]) -> dict[str, Any]:
    """The same with facts and codes by their labels; what is no fact keeps its name."""
    facts = {(fact.series or fact).name: fact for fact in program.facts}
    labels = {name: (fact.series or fact).label for name, fact in facts.items()}
    labels |= {one.name: one.label for one in program.lists}
    lists = {name: _labels(program, fact) for name, fact in facts.items()}

    def again(value: Any) -> Any:
        match value:
            case Mapping():
                return {labels.get(key, key): by_label(key, item) for key, item in value.items()}
            case list():
                return [again(item) for item in value]
            case _:
                return value

    def by_label(key: str, value: Any) -> Any:
        codes = lists.get(key)
        if not codes:
            return again(value)
        if key in facts and facts[key].series is not None:
            return {period: codes.get(item, item) for period, item in value.items()}
        return [codes[code] for code in value] if isinstance(value, list) else codes.get(value, value)

    return {**again(said)}


def _labels(program: Program, fact: FactDecl) -> dict[str, str]:
    """The labels of a fact's codes, by their names."""
    if not isinstance(fact.type, Code):
        return {}
    return {code.name: code.label for code in program.code_lists[fact.type.code_list].codes}


def _facts(program: Program, level: str, known: Mapping[InputId, Value], as_of: int | None) -> dict[str, Any]:
    """What is known of the facts of one level; of those by month as of a day."""
    facts = [fact for fact in program.facts if fact.level == level]
    # whether there is a day is told by that day where it is told
    told = {fact.given for fact in facts if fact.given is not None and _fact(program, fact, known) is not None}
    facts = [fact for fact in facts if fact.name not in told]
    given: dict[str, Any] = {}
    for fact in facts:
        found = _fact(program, fact, known)
        if found is not None and (fact.series is None or as_of is None):
            given[fact.name] = found
        elif found is not None and fact.series is not None and as_of is not None:
            given.setdefault(fact.series.name, {})[period_on(fact.series, fact.ago, as_of)] = found
    return given


def _fact(program: Program, fact: FactDecl, known: Mapping[InputId, Value]) -> Any:
    if fact.kind == "codes":
        return _codes(fact, known)
    value = known.get(InputId(fact.name))
    if fact.type is None or value is None:
        return None
    there = possible.TRUE if fact.given is None else known[InputId(fact.given)]
    if there == possible.FALSE:
        return "none"
    if there == possible.UNKNOWN:
        return (
            {"one_of": ["none", exact(program, fact.given_type, value)]}
            if possible.is_singleton(fact.type, value)
            else None
        )
    return exact(program, fact.given_type, value) if possible.is_singleton(fact.type, value) else _unknown(fact)


def _unknown(fact: FactDecl) -> str | None:
    """Of a fact that would be assumed if it were left out it is said that nobody knows it."""
    return None if fact.absent is None else "unknown"


def _codes(fact: FactDecl, known: Mapping[InputId, Value]) -> list[str] | str | None:
    """The codes that hold. Those of which nothing is known are taken not to."""
    held = {column.code: value for column, value in known.items() if column.fact == fact.name}
    if all(value == possible.UNKNOWN for value in held.values()):
        return _unknown(fact) if held else None
    return [code for code, value in held.items() if code is not None and value == possible.TRUE]


def exact(program: Program, type_: Type | None, value: Value) -> Any:
    """One exact value as it is given: a truth, the name of a code, a date or number in its declared unit as text."""
    match type_, value:
        case Truth(), int(bits):
            return bits == possible.TRUE
        case Code(code_list), int(mask):
            return program.code_lists[code_list].codes[mask.bit_length() - 1].name
        case Day(), (day, _):
            return to_date(day).isoformat()
        case Number(_, scale), (number, _):
            return int(number) * 10**-scale if scale <= 0 else str(Decimal(number).scaleb(-scale))
        case _:
            raise AssertionError(type_, value)
