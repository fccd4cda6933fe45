"""Hypothesis strategies: dates, households of any ruleset, and households that complete a given one.

In: a `Ruleset`. Out: strategies. Called by tests, the users' own too.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.declarations import FactDecl, ListDecl, Series
from fupin_policy.core.expressions import Level
from fupin_policy.core.periods import period_of, period_on, period_text
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day, Number
from fupin_policy.intake.number_facts import without_numbers
from fupin_policy.ruleset import Ruleset
from fupin_policy.testing.identity_numbers import named_by_facts, numbers

GivenFacts = dict[str, Any]
MOST_ITEMS = 3
"""How many items of a list are drawn at most."""


def as_of_dates(ruleset: Ruleset) -> SearchStrategy[date]:
    """Dates that a ruleset covers, with more weight on its breakpoints and the days around them."""
    covers = ruleset.program.covers
    first, last = to_date(covers.start), to_date(covers.end - 1)
    near = [to_date(day) for edge in ruleset.breakpoints for day in _around(edge, covers.start, covers.end)]
    return st.one_of(st.dates(first, last), st.sampled_from(near))


def households(ruleset: Ruleset, as_of: date | None = None, *, known: bool = False) -> SearchStrategy[GivenFacts]:
    """Valid households as `Ruleset.evaluate` takes them, for `as_of` (by default the first covered date).

    Facts are exact, partly known or missing; with `known` all are exact.
    """
    program = ruleset.program
    day = to_date(program.covers.start) if as_of is None else as_of
    own = _given(program, [fact for fact in program.facts if fact.level == "household"], day, known)
    village = _given(program, [fact for fact in program.facts if fact.level == "village"], day, known)
    if program.lists_of("household"):
        own = st.builds(operator.or_, own, _lists(program, "household", day, known))
    member = _given(program, [fact for fact in program.facts if fact.level == "member"], day, known)
    if program.lists_of("member"):
        member = st.builds(operator.or_, member, _lists(program, "member", day, known))
    most = max(program.min_members, min(program.max_members, 5))
    members = st.lists(member, min_size=program.min_members, max_size=most)
    return st.builds(_household, own, village, members)


def completions(ruleset: Ruleset, household: Mapping[str, Any], as_of: date) -> SearchStrategy[GivenFacts]:
    """Households that fill in what is missing or partly known in a given one; what is assumed stays so.

    They stay completions on later days: what holds for each month, and for a month after `as_of`, is in them too.
    """
    program = ruleset.program
    if any(fact.number is not None for fact in program.facts):
        household = named_by_facts(program, without_numbers(program, household, to_day(as_of)))
    levels: dict[str, list[FactDecl]] = {}
    for fact in program.facts:
        levels.setdefault(fact.level, []).append(fact)
    own = _completed(program, levels.get("household", []), household, as_of)
    village = _completed(program, levels.get("village", []), household.get("village", {}), as_of)
    members = [_completed(program, levels.get("member", []), member, as_of) for member in household["members"]]
    if program.lists:
        own = st.builds(operator.or_, own, _completed_lists(program, "household", household, as_of))
        pairs = zip(members, household["members"], strict=True)
        members = [
            st.builds(operator.or_, one, _completed_lists(program, "member", member, as_of)) for one, member in pairs
        ]
    return st.builds(_household, own, village, st.tuples(*members).map(list))


def _household(own: GivenFacts, village: GivenFacts, members: list[GivenFacts]) -> GivenFacts:
    listed = [{"id": f"m{index}", **member} for index, member in enumerate(members, 1)]
    return {"id": "h1", **own, **({"village": village} if village else {}), "members": listed}


def _around(edge: date, start: int, end: int) -> list[int]:
    day = edge.toordinal() - date(1970, 1, 1).toordinal()
    return [near for near in (day - 1, day, day + 1) if start <= near < end]


def _given(program: Program, facts: list[FactDecl], as_of: date, known: bool) -> SearchStrategy[GivenFacts]:
    strategies: dict[str, SearchStrategy[Any]] = {}
    # whether there is a day is told by the date
    beside = {fact.given for fact in facts}
    for fact in facts:
        exact = _exact(program, fact, as_of)
        if fact.number is not None:
            strategies[fact.name] = numbers(fact.number)
        elif fact.tells_of is not None:
            continue  # told by the number
        elif exact is not None and fact.series is not None:
            if fact.ago == 0:
                value = exact if known else _maybe(program, fact, as_of, exact)
                strategies[fact.series.name] = _by_period(fact.series, value, as_of, known)
        elif exact is not None and fact.name not in beside:
            strategies[fact.name] = exact if known or fact.required else _maybe(program, fact, as_of, exact)
    return st.fixed_dictionaries(strategies).map(lambda given: {k: v for k, v in given.items() if v is not None})


def _lists(program: Program, owner: Level, as_of: date, known: bool) -> SearchStrategy[GivenFacts]:
    """Lists of a household or a member: exact, with items that there surely are, or not given."""
    strategies = {one.name: _items(program, one, as_of, known) for one in program.lists_of(owner)}
    return st.fixed_dictionaries(strategies).map(lambda given: {k: v for k, v in given.items() if v is not None})


def _items(program: Program, declared: ListDecl, as_of: date, known: bool) -> SearchStrategy[Any]:
    item = _given(program, [fact for fact in program.facts if fact.level == declared.name], as_of, known)
    items = st.lists(item, max_size=min(declared.most, MOST_ITEMS))
    if declared.order:  # two that stand in one place of the order are refused
        items = st.lists(
            item,
            max_size=min(declared.most, MOST_ITEMS),
            unique_by=lambda one: tuple(str(one.get(name)) for name in declared.order),
        )
    some = items.map(lambda listed: {"at_least": listed})
    return items if known else st.one_of(items, items, some, st.none(), st.just("不详"))


def _completed_lists(
    program: Program, owner: Level, given: Mapping[str, Any], as_of: date
) -> SearchStrategy[GivenFacts]:
    """Exact lists that what is given allows: its items filled in, and further ones where there may be some."""
    strategies = {
        one.name: _completed_items(program, one, given.get(one.name), as_of) for one in program.lists_of(owner)
    }
    return st.fixed_dictionaries(strategies).map(lambda found: {k: v for k, v in found.items() if v is not None})


def _completed_items(program: Program, declared: ListDecl, given: Any, as_of: date) -> SearchStrategy[Any]:
    if given is None and declared.empty is not None:
        return st.none()
    facts = [fact for fact in program.facts if fact.level == declared.name]
    listed = given["at_least"] if isinstance(given, Mapping) else given if isinstance(given, list) else []
    found = st.tuples(*(_completed(program, facts, one, as_of) for one in listed)).map(list)
    if not isinstance(given, list):
        most = min(declared.most - len(listed), MOST_ITEMS)
        found = st.builds(operator.add, found, st.lists(_given(program, facts, as_of, True), max_size=most))
    return found.filter(lambda items: _told_apart(declared, items)) if declared.order else found


def _told_apart(declared: ListDecl, items: list[GivenFacts]) -> bool:
    """Whether no two items stand in one place of the order, which would be refused."""
    return len({tuple(str(one.get(name)) for name in declared.order) for one in items}) == len(items)


def _by_period(series: Series, value: SearchStrategy[Any], as_of: date, known: bool) -> SearchStrategy[GivenFacts]:
    """Some months or years, inside and outside of what rules may look at, and perhaps what holds for each other."""
    now = period_of(series.each, to_day(as_of))
    keys = [period_text(series.each, period) for period in range(now - series.back - 1, now + 2)]
    each = value.map(lambda found: {"each": found})
    return st.builds(
        operator.or_,
        each if known else st.one_of(each, st.just({})),
        st.dictionaries(st.sampled_from(keys), value, max_size=3),
    )


def _exact(program: Program, fact: FactDecl, as_of: date) -> SearchStrategy[Any] | None:
    match fact.given_type:
        case Number(_, scale, low, high):
            edges = st.sampled_from([low, high])
            return st.one_of(st.integers(low, high), edges).map(lambda value: str(Decimal(value).scaleb(-scale)))
        case Day(low, high):
            last = min(to_date(high), as_of) if fact.past else to_date(high)
            days = st.dates(to_date(low), last).map(date.isoformat)
            return days if fact.given is None else st.one_of(days, st.just("无"))
        case Code(code_list):
            names = [code.name for code in program.code_lists[code_list].codes]
            if fact.kind == "codes":
                return st.lists(st.sampled_from(names), unique=True, max_size=3)
            return st.sampled_from(names)
        case None:
            return None
        case _:
            return st.booleans()


def _maybe(program: Program, fact: FactDecl, as_of: date, exact: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """An exact value, nothing, or a part of the knowledge."""
    partial: SearchStrategy[Any]
    match fact.type:
        case Number():
            partial = st.tuples(exact, exact).map(_bounds)
        case Day():
            partial = st.one_of(exact.map(lambda text: text[:7]), exact.map(lambda text: text[:4]))
            partial = partial.filter(lambda text: text == "无" or _starts_within(text, fact))
            if fact.given is not None:
                partial = st.one_of(partial, exact.map(lambda text: {"one_of": ["无", text]}))
        case Code() if fact.kind == "code":
            partial = st.lists(exact, min_size=1, max_size=3, unique=True).map(lambda codes: {"one_of": codes})
        case _:
            partial = st.none()
    return st.one_of(exact, exact, st.none(), st.just("不详"), partial)


def _starts_within(text: str, fact: FactDecl) -> bool:
    """A month or year of which some day lies before the fact's range would be refused."""
    assert isinstance(fact.type, Day)
    year, month = int(text[:4]), int(text[5:7] or 1)
    last = date(year, int(text[5:7] or 12), 28)
    return to_date(fact.type.low) <= date(year, month, 1) and last.replace(day=28) <= to_date(fact.type.high)


def _bounds(pair: tuple[str, str]) -> dict[str, str]:
    low, high = sorted(pair, key=Decimal)
    return {"min": low, "max": high}


def _completed(
    program: Program, facts: list[FactDecl], given: Mapping[str, Any], as_of: date
) -> SearchStrategy[GivenFacts]:
    strategies: dict[str, SearchStrategy[Any]] = {}
    periods: dict[str, dict[str, SearchStrategy[Any]]] = {}
    declared = {fact.name: fact.absent for fact in facts}
    beside = {fact.given for fact in facts}
    for fact in facts:
        exact = _exact(program, fact, as_of)
        if exact is not None and fact.series is not None:
            key = period_on(fact.series, fact.ago, to_day(as_of))
            said = given.get(fact.series.name, {})
            value = said.get("each") if said.get(key) is None else said[key]
            whole = periods.setdefault(fact.series.name, {})
            if fact.ago == 0:  # what holds for each other period holds on later days too
                whole |= {other: _within(fact, told, exact, as_of) for other, told in said.items() if told is not None}
            whole[key] = _within(fact, value, exact, as_of)
            continue
        absent = fact.absent if fact.given is None else declared[fact.given]
        assumed = absent is not None and given.get(fact.name) is None
        if exact is not None and not assumed and fact.name not in beside:
            strategies[fact.name] = _within(fact, given.get(fact.name), exact, as_of)
    return st.fixed_dictionaries(strategies | {name: st.fixed_dictionaries(some) for name, some in periods.items()})


def _within(fact: FactDecl, value: Any, exact: SearchStrategy[Any], as_of: date) -> SearchStrategy[Any]:
    """Exact values that a partly known one allows."""
    if value is None or value == "不详":
        return exact
    if isinstance(value, dict) and "one_of" in value:
        return st.sampled_from(value["one_of"])
    if isinstance(value, dict) and isinstance(fact.given_type, Number):
        scale = fact.given_type.scale
        low, high = (int(Decimal(value[end]).scaleb(scale)) for end in ("min", "max"))
        return st.integers(low, high).map(lambda number: str(Decimal(number).scaleb(-scale)))
    if isinstance(fact.type, Day) and value != "无" and len(value) < 10:
        return _within_date(value, fact, as_of)
    return st.just(value)


def _within_date(text: str, fact: FactDecl, as_of: date) -> SearchStrategy[str]:
    assert isinstance(fact.type, Day)
    first = date(int(text[:4]), int(text[5:7] or 1), 1)
    month = int(text[5:7] or 12)
    last = date(first.year + month // 12, month % 12 + 1, 1)
    latest = date.fromordinal(last.toordinal() - 1)
    latest = min(latest, to_date(fact.type.high), as_of) if fact.past else min(latest, to_date(fact.type.high))
    return st.dates(max(first, to_date(fact.type.low)), latest).map(date.isoformat)
