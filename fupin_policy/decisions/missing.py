"""Which unknown facts a value rests on.

In: traces of one household. Out: the facts that must be known to settle a definition. Called by `ruleset`,
`judgements` and `batch`.
Sufficient: a part that is settled stays settled, so knowing what stands below the unsettled parts settles the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import RESULT_OF, Assumption, FactDecl, Input, ListDecl
from fupin_policy.core.expressions import Aggregate, Fact, Items, Level, Ref, Unknown
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId, FactNeed, InputId, Need, ParameterNeed
from fupin_policy.core.item_facts import name_in_list, words_in_list
from fupin_policy.core.missing import Assumed, Missing
from fupin_policy.core.periods import named_on
from fupin_policy.core.possible import Value
from fupin_policy.core.program import Program
from fupin_policy.core.subjects import Item, lists_in, meant, position
from fupin_policy.core.traces import Trace, Traces, subject_of, tests_and_values

_TRUTHS = {
    possible.FALSE: Bilingual("否", "no"),
    possible.TRUE: Bilingual("是", "yes"),
    possible.UNKNOWN: Bilingual("未知", "unknown"),
}


def needs_of_questions(program: Program, traces: Traces, members: tuple[str, ...]) -> tuple[tuple[Need, ...], ...]:
    """For each question of a program (each rule, then each other output) the inputs that keep it open."""
    return tuple(needs_of(traces, members, [output.definition for output in asked]) for asked in program.questions)


def needs_of(traces: Traces, members: tuple[str, ...], definitions: Iterable[DefinitionId]) -> tuple[Need, ...]:
    """The inputs that keep definitions open, for any of their subjects."""
    return tuple(
        dict.fromkeys(
            need
            for definition in definitions
            for subject in range(len(traces[definition]))
            for need in unsettled(traces, members, definition, subject)
        )
    )


def missing_of(need: Need, program: Program, facts: Mapping[str, FactDecl], day: int | None) -> Missing:
    """A need as people read it; `facts` are a program's, by name. Those by month are looked at on a day."""
    match need:
        case ParameterNeed(parameter):
            found = program.parameters[parameter]
            return Missing(need.name, found.called.zh, None, found.called.en, found.words, found.reading is not None)
        case FactNeed(InputId(fact), member, item):
            name, words = (fact, _list_words(program, fact)) if fact not in facts else named_on(facts[fact], day)
            if item is not None:
                of = _list_named(program, facts[fact].level)
                name, place = name_in_list(of.name, item, name), of.words
                words = words_in_list(place, item, words)
            return Missing(name, words.zh, member, words.en)


def _list_named(program: Program, name: str) -> ListDecl:
    return next(one for one in program.lists if one.name == name)


def _list_words(program: Program, name: str) -> Bilingual:
    """Which items a list has, as something to be known."""
    words = _list_named(program, name).words
    return Bilingual(f"{words.zh}（共有哪些）", f"{words.en} (which there are)")


def assumed_facts(program: Program, household: Household) -> set[Need]:
    """The facts of a household of which something was assumed."""
    given = household.given or household

    def of(inputs: Sequence[Input], member: str | None, facts: Sequence[Value], bare: Sequence[Value]) -> set[Need]:
        pairs = zip(inputs, facts, bare, strict=True)
        return {FactNeed(column.id, member) for column, value, known in pairs if value != known}

    own = of(program.household_inputs, None, household.facts, given.facts)
    people = zip(household.members, given.members, strict=True)
    own = own.union(*(of(program.member_inputs, one.id, one.facts, bare.facts) for one, bare in people))
    return own | _assumed_lists(program, household, given)


def _assumed_lists(program: Program, household: Household, given: Household) -> set[Need]:
    """The lists of which it was assumed that there is nothing in them, and facts of items of which something was."""
    found: set[Need] = set()
    for (declared, shown), (_, bare) in zip(lists_in(program, household), lists_in(program, given), strict=True):
        members = household.ids if declared.of == "member" else (None,)
        inputs = program.item_inputs[declared.name]
        for member, one, other in zip(members, shown, bare, strict=True):
            if one.more != other.more:
                found.add(FactNeed(InputId(declared.name), member))
            for number, values in enumerate(zip(one.items, other.items, strict=True)):
                pairs = zip(inputs, *values, strict=True)
                found |= {FactNeed(column.id, member, number) for column, value, known in pairs if value != known}
    return found


CONTINUED = Assumption(
    0,
    Bilingual("沿用最近一次的值", "as last given"),
    Bilingual("按最近一次给出的月份（年份）计", "taken to be as in the last month or year that is given"),
)
"""What is assumed of a month or year after the last one that is given, where that is asked for."""


Before = Callable[[FactDecl, str | None], Assumption | None]
"""What was taken from an earlier result of a fact (of a member, or None); None where nothing was."""


def assumed_of(program: Program, needs: Iterable[Missing], before: Before) -> tuple[Assumed, ...]:
    """Facts that would be missing, with what was assumed of them, or taken from an earlier result."""
    facts, lists = {fact.name: fact for fact in program.facts}, {one.name: one for one in program.lists}
    found = []
    for one in (one for one in needs if one.parameter is None):
        fact, of_list = facts.get(one.fact), lists.get(one.fact.partition("[")[0])
        if of_list is not None:
            item_fact = facts.get(one.fact.rpartition(".")[2])
            taken = of_list.empty if item_fact is None else item_fact.absent
        else:
            # what is named by its month was not declared, it goes on
            taken = CONTINUED if fact is None else before(fact, one.member) or fact.absent
        if taken is not None:
            found.append(Assumed(one, taken))
    return tuple(found)


def before_in(program: Program, household: Household) -> Before:
    """What was taken of a household's facts from the earlier result that it was read with."""
    people = {one.id: one.facts for one in household.members}

    def before(fact: FactDecl, member: str | None) -> Assumption | None:
        if fact.previous is None or household.previous is None:
            return None
        inputs = program.household_inputs if member is None else program.member_inputs
        values = household.facts if member is None else people[member]
        return taken_before(fact, values[[one.name for one in inputs].index(fact.name)], household.previous)

    return before


def taken_before(fact: FactDecl, value: Value, day: int) -> Assumption:
    """What was taken of a fact from the result of a day, in words."""
    date = to_date(day).isoformat()
    source = Bilingual(RESULT_OF.zh.format(date=date), RESULT_OF.en.format(date=date))
    return Assumption(value, _told(fact, value), source, source)


def _told(fact: FactDecl, value: Value) -> Bilingual:
    """A truth, or both ends of an amount or of days, as people read them."""
    if not isinstance(value, tuple):
        return _TRUTHS[value]
    ends = [to_date(end).isoformat() if fact.kind == "date" else _number(fact, end) for end in value]
    told = "–".join(dict.fromkeys(ends))
    return Bilingual(told, told)


def _number(fact: FactDecl, value: int) -> str:
    return format(Decimal(value).scaleb(-fact.given_scale), "f")


def unsettled(traces: Traces, members: tuple[str, ...], definition: DefinitionId, subject: int) -> list[Need]:
    """The inputs that keep a definition open for a subject (a member's position, or 0 for a household's)."""
    found: dict[Need, None] = {}
    seen: set[int] = set()
    waiting = [_where_open(traces, definition, subject)]
    while waiting:
        trace = waiting.pop()
        if id(trace) in seen or possible.is_singleton(trace.expr.type, trace.value):
            continue
        seen.add(id(trace))
        match trace.expr:
            case Fact(name, level):
                found.setdefault(_need_of(name, level, trace, members))
            case Unknown(parameter):
                found.setdefault(ParameterNeed(parameter))
            case Ref(target, level):
                at = members.index(trace.member) if level == "member" and trace.member is not None else 0
                waiting.append(_where_open(traces, target, subject_of(trace, at)))
            case Items() as node:
                further = next((one.item for one in trace.children if one.item and one.item.number is None), None)
                if further is not None:
                    owner = None if further.owner is None else members[further.owner]
                    found.setdefault(FactNeed(InputId(node.list), owner))
                waiting.extend(reversed(_of_items(node, trace)))
            case _:
                waiting.extend(reversed(trace.children))
    return list(found)


def _where_open(traces: Traces, definition: DefinitionId, subject: int) -> Trace:
    """The trace in which it is looked for what keeps a definition open: of what it says itself, if readings are."""
    found = traces[definition][subject]
    own = traces.get(definition.left_open)
    return found if own is None or possible.is_singleton(found.expr.type, found.value) else own[subject]


def _need_of(name: InputId, level: Level, trace: Trace, members: tuple[str, ...]) -> FactNeed:
    """An input that is not known, of whom it is; of further items of a list that these are not known."""
    item = trace.item
    if item is not None and isinstance(trace.expr, Fact):
        whose = meant(trace.expr, item)
        if isinstance(whose, Item) and level == whose.list:
            owner = None if whose.owner is None else members[whose.owner]
            if whose.number is None:
                return FactNeed(InputId(level), owner)
            return FactNeed(name, owner, whose.number) if level != "member" else FactNeed(name, members[whose.slot])
        return FactNeed(name, members[position(level, whose)] if level == "member" else None)
    return FactNeed(name, trace.member if level == "member" else None)


def _of_items(node: Items, trace: Trace) -> list[Trace]:
    """An item surely left out has no say in a sum or extreme; the default has none where one is surely in."""
    where, values, default = tests_and_values(trace)
    kept = [value for test, value in zip(where, values, strict=False) if test.value != possible.FALSE]
    rest = [] if default is None else [default]
    # of further items none is surely there
    sure = any(test.value == possible.TRUE and not (test.item and test.item.number is None) for test in where)
    if node.aggregate is not Aggregate.SUM and sure:
        rest = []
    return [*where, *kept, *rest]
