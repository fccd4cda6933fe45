"""A CORE program that has every node, with every kind of operand.

In: nothing. Out: a `Program`. Called by `test_wasm`.
"""

from __future__ import annotations

from collections.abc import Iterator

import core_programs as make
from core_programs import AS_OF, CUTS, Draft, constant, fact, hull, least, number, parameter

from fupin_policy.core.days import MonthDay, Validity
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    And,
    Calendar,
    CalendarPart,
    Cases,
    Clamp,
    Compare,
    Const,
    DateDiff,
    Divide,
    Expr,
    Gather,
    Items,
    Multiply,
    Never,
    Not,
    OneOf,
    Or,
    Period,
    Rounding,
    Scale,
    Shift,
)
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Program
from fupin_policy.core.types import Number, Truth

YES = constant(3, Truth())


def _age(start: Expr, period: Period = Period.YEARS) -> DateDiff:
    return DateDiff(period, start, AS_OF, number(0, 60_000))


def _product(left: Expr, right: Expr) -> Multiply:
    return Multiply(left, right, number(-(2**62), 2**62))


def _ratios(left: Expr, right: Expr) -> list[Expr]:
    return [Divide(left, right, rounding, number(-(2**50), 2**50)) for rounding in Rounding]


def _questions(where: Expr, value: Expr, default: Expr) -> list[Expr]:
    wide = number(-(10**7), 10**7) if isinstance(value.type, Number) else hull([value.type, default.type])
    found: list[Expr] = [Items(aggregate, where, value, default, wide) for aggregate in (Aggregate.MIN, Aggregate.MAX)]
    if isinstance(value.type, Number):
        found.append(Items(Aggregate.SUM, where, value, None, wide))
    found.append(Items(Aggregate.ANY, where, None, None, Truth()))
    found.append(Items(Aggregate.COUNT, where, None, None, number(0, make.MAX_MEMBERS)))
    return found


def _household_exprs() -> Iterator[Expr]:
    income, area, wealth, place = (fact(name) for name in ("income", "area", "wealth", "place"))
    yield from (fact(i.name) for i in make.HOUSEHOLD_INPUTS)
    yield from (parameter(name) for name in make.PARAMETERS if name != "keyed")
    yield from (parameter("keyed", key) for key in range(5))
    yield from (Const(8, make.SMALL), Const(1 << 63, make.CODES[4]), Const(1 << 31, make.CODES[2]), AS_OF)
    yield from (Not(fact("poor")), Not(fact("listed")), Not(YES), Not(parameter("open")))
    for node in (And, Or):
        yield from (node((fact("poor"),)), node((fact("poor"), fact("listed"), parameter("open"))))
        yield from (node((YES, fact("poor"))), node((Not(YES), fact("poor"))))
    for sign in ("<", "<=", "="):
        yield from (Compare(sign, income, wealth), Compare(sign, area, constant(120)))
        yield Compare(sign, fact("moved"), AS_OF)
    yield from (Compare("=", place, place), Compare("=", place, parameter("favoured")))
    yield from (
        Compare("=", fact("full"), Const(1 << 63, make.CODES[4])),
        Compare("=", fact("kind"), Const(2, make.MID)),
    )
    yield from (
        OneOf(fact(name), mask) for name in ("place", "kind", "full", "village") for mask in (0, 5, (1 << 70) - 1)
    )
    yield Add((income, area, constant(-7)), number(-(10**7), 10**8))
    yield from (Scale(income, factor, number(-(10**10), 10**10)) for factor in (-100, -1, 0, 1, 10))
    above, below = (least((income, constant(0)), greatest) for greatest in (True, False))
    yield from (
        _product(x, y)
        for x in (income, above, below, area)
        for y in (constant(-3), area, above, below, parameter("share"))
    )
    over, under = least((income, constant(3)), True), least((income, constant(-3)), False)
    for divisor in (over, under, constant(7), constant(8), constant(-5), constant(-2), parameter("share"), constant(1)):
        for left in (income, above, below, area):
            yield from _ratios(left, divisor)
    yield from (least((income, wealth, area), greatest) for greatest in (True, False))
    yield from _household_cases()
    yield from (_age(fact("moved"), period) for period in Period)
    yield from (_age(fact("registered"), period) for period in Period)
    yield from (DateDiff(period, parameter("since"), fact("moved"), number(0, 60_000)) for period in Period)
    amount = least((least((income, constant(-40)), True), constant(40)), False)
    yield from (Shift(day, amount, period, make.DAYS) for day in (fact("moved"), AS_OF) for period in Period)
    yield from (Shift(fact("registered"), constant(13), period, make.DAYS) for period in Period)
    for part in (*CalendarPart, MonthDay(9, 1), MonthDay(2, 28)):
        asked = part in (CalendarPart.YEAR, CalendarPart.MONTH)
        kind = number(1, 9999) if asked else make.DAYS
        yield from (Calendar(part, day, kind) for day in (fact("moved"), fact("registered"), AS_OF))


def _household_cases() -> Iterator[Expr]:
    tests = (fact("poor"), fact("listed"), parameter("open"), Compare("<", fact("income"), fact("wealth")))
    for first in tests:
        branches = (first, fact("income")), (OneOf(fact("place"), 3), constant(5))
        yield Cases(branches, fact("area"), number(-(10**7), 10**8))
        yield Cases(((first, fact("poor")), (fact("poor"), YES)), fact("listed"), Truth())
        yield Cases(((first, fact("place")),), Const(2, make.SMALL), make.SMALL)
        yield Cases(((first, fact("full")),), Const(2, make.CODES[4]), make.CODES[4])
        yield Cases(((first, fact("moved")),), AS_OF, make.DAYS)
    whole = tuple((test, fact("area")) for test in (fact("poor"), Not(fact("poor"))))
    yield Cases(whole, Never(fact("area").type), fact("area").type)
    rows = ((fact("poor"), fact("income")), (fact("listed"), fact("area")))
    yield Gather(Aggregate.SUM, rows, constant(5), number(-(10**7), 10**8))
    yield Gather(Aggregate.MAX, rows, fact("wealth"), number(-(2**40), 2**40))
    yield Clamp(fact("income"), -1_000, 90_000, number(-1_000, 90_000))
    yield Cases(((YES, constant(1)),), constant(2), number(1, 2))
    yield Cases(((Not(YES), constant(1)),), constant(2), number(1, 2))


def _member_exprs() -> Iterator[Expr]:
    yield from (fact(i.name) for i in make.MEMBER_INPUTS)
    yield from (_age(fact(name), period) for name in ("born", "joined") for period in Period)
    yield from _ratios(fact("wage"), fact("debt"))
    yield from (_product(fact(x), fact(y)) for x in ("wage", "rank", "debt") for y in ("wage", "rank", "debt"))
    yield from (Compare("=", fact("stage"), fact("role")), Compare("=", fact("stage"), fact("place")))
    count = Items(Aggregate.COUNT, fact("ill"), None, None, number(0, make.MAX_MEMBERS))
    yield Compare("<", count, fact("rank"))
    share = Divide(fact("income"), least((count, constant(1)), True), Rounding.HALF_UP, number(-(10**7), 10**8))
    yield Add((share, fact("wage")), number(-(10**7), 10**8))


def _all_questions() -> Iterator[Expr]:
    old = Compare("<=", constant(60), _age(fact("born")))
    for where in (YES, Not(YES), fact("ill"), fact("enrolled"), old):
        for value in (fact("wage"), fact("rank"), fact("debt"), constant(4)):
            yield from _questions(where, value, fact("area"))
            yield from _questions(where, value, parameter("share"))
        yield from _questions(where, fact("born"), fact("moved"))
    nested = Items(Aggregate.ANY, And((fact("ill"), old)), None, None, Truth())
    yield from _questions(Or((nested, fact("enrolled"))), fact("wage"), _questions(old, fact("rank"), fact("area"))[0])


def program_of_every_node() -> Program:
    """A program that shows every expression above."""
    draft = Draft()
    for expr in (*_household_exprs(), *_all_questions()):
        draft.show("household", expr)
    for expr in _member_exprs():
        draft.show("member", expr)
    draft.policy("household", fact("poor"), fact("income"), Validity(*CUTS))
    draft.policy("member", fact("ill"), fact("wage"), Validity(*CUTS))
    _chain(draft)
    return draft.program()


def _chain(draft: Draft) -> None:
    """Members' values that later loops need again, over several stages."""
    base = draft.define(
        DefinitionId("term", "base"), "member", [(make.COVERS, Add((fact("wage"), fact("rank")), number(-520, 90_020)))]
    )
    sick = draft.define(
        DefinitionId("term", "sick"), "member", [(make.COVERS, And((fact("ill"), OneOf(fact("stage"), 6))))]
    )
    fixed = draft.define(
        DefinitionId("term", "fixed"), "member", [(make.COVERS, Scale(fact("rank"), 3, number(-60, 60)))]
    )
    plain = draft.define(DefinitionId("term", "plain"), "member", [(make.COVERS, fact("area"))])
    total = Items(Aggregate.SUM, sick, base, None, number(-2_600, 450_100))
    first = draft.define(DefinitionId("term", "total"), "household", [(make.COVERS, total)])
    own = Add((first, base, fixed, plain), number(-4_000, 600_000))
    second = draft.define(DefinitionId("term", "own"), "member", [(make.COVERS, own)])
    top = Items(Aggregate.MAX, Or((sick, Compare("<", first, base))), second, first, number(-4_000, 600_000))
    third = draft.define(DefinitionId("term", "top"), "household", [(make.COVERS, top)])
    draft.show("household", third)
    draft.show("member", Compare("=", Add((second, base), number(-5_000, 700_000)), third))
    draft.show("member", Or((sick, Compare("<", third, second))))
    draft.show("member", plain)
