"""Expressions with every operation of CORE over facts that have few values, and households of these.

In: nothing. Out: expressions, programs, households known in part, their completions. Called by `test_algebras`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product
from random import Random
from typing import Any

from brute_force import World
from core_programs import SMALL, Draft, number

from fupin_policy.core.days import MonthDay, to_day
from fupin_policy.core.declarations import Input, ParameterDecl
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    And,
    AsOf,
    Calendar,
    CalendarPart,
    Cases,
    Compare,
    Const,
    DateDiff,
    Divide,
    Expr,
    Fact,
    Gather,
    Items,
    Max,
    Min,
    Multiply,
    Never,
    Not,
    OneOf,
    Or,
    Parameter,
    Period,
    Rounding,
    Scale,
    Shift,
    walk,
)
from fupin_policy.core.household import Household, Person
from fupin_policy.core.identifiers import DefinitionId, InputId, ParameterNeed
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN, Value
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day, Number, Truth, Type

AS_OF = to_day(date(2021, 3, 1))
LEAP = to_day(date(2020, 2, 29))
FEW, DAYS = number(-2, 2), Day(to_day(date(2018, 1, 31)), LEAP + 1)
WIDE, SPAN, LATER = number(-10_000, 10_000), number(0, 1_200), Day(DAYS.low - 800, DAYS.high + 800)
POINTS: Mapping[type, tuple[Value, ...]] = {
    Truth: (FALSE, TRUE),
    Number: tuple((x, x) for x in range(-2, 3)),
    Day: tuple((day, day) for day in (DAYS.low, LEAP - 365, LEAP - 1, LEAP, LEAP + 1)),
    Code: tuple(1 << index for index in range(SMALL.size)),
}
PARTIAL: Mapping[type, tuple[Value, ...]] = {
    Truth: (UNKNOWN,),
    Number: ((-2, 2), (0, 2), (-2, -1)),
    Day: ((LEAP - 1, LEAP + 1), (DAYS.low, LEAP - 365)),
    Code: (0b00011, 0b10110, 0b11111),
}


def _inputs(level: str, **types: Type) -> tuple[Input, ...]:
    return tuple(Input(InputId(name), level, type_, False, False) for name, type_ in types.items())


OWN = _inputs("household", x=FEW, y=FEW, p=Truth(), q=Truth(), d=DAYS, e=DAYS, c=SMALL, k=SMALL)
EACH = _inputs("member", w=FEW, s=Truth(), b=DAYS, g=SMALL)
X, Y, P, Q, D, E, C, K, W, S, B, G = (Fact(column.id, column.level, column.type) for column in (*OWN, *EACH))
GONE = ParameterDecl("gone", "无", FEW, (), ())
UNSET = Parameter("gone", None, FEW)


def whole(value: int) -> Const:
    """A known number."""
    return Const(value, number(value, value))


def _code(index: int) -> Const:
    return Const(1 << index, SMALL)


def _aggregates(where: Expr) -> Iterator[Expr]:
    yield Items(Aggregate.ANY, where, None, None, Truth())
    yield Items(Aggregate.COUNT, where, None, None, number(0, 2))
    yield Items(Aggregate.SUM, where, W, None, WIDE)
    yield from (Items(aggregate, where, W, X, WIDE) for aggregate in (Aggregate.MIN, Aggregate.MAX))


def _expressions() -> Iterator[Expr]:
    yield from (
        Const(TRUE, Truth()),
        Const(FALSE, Truth()),
        whole(-2),
        _code(3),
        Const(LEAP, DAYS),
        AsOf(Day(0, 30_000)),
    )
    yield from (X, P, C, D, UNSET, Add((UNSET, X), WIDE))
    yield from (Not(P), And((P, Q)), Or((P, Q)), Not(And((P, Not(Q)))), Or((P, Not(P))))
    for sign in ("<", "<=", "="):
        yield from (Compare(sign, X, Y), Compare(sign, X, whole(1)), Compare(sign, D, E))
    yield from (Compare("=", C, K), Compare("=", C, _code(2)), OneOf(C, 0b00110), OneOf(C, 0), OneOf(C, 0b11111))
    yield from (Add((X, Y, whole(1)), WIDE), Add((X, Scale(X, -2, WIDE)), WIDE))
    yield from (Scale(X, factor, WIDE) for factor in (-3, -1, 0, 2))
    yield Scale(Add((X, Y), WIDE), -2, WIDE)
    yield from (Multiply(X, Y, WIDE), Multiply(X, whole(-2), WIDE), Multiply(X, Add((X, whole(1)), WIDE), WIDE))
    for rounding in Rounding:
        yield from (Divide(X, whole(by), rounding, WIDE) for by in (2, -2, 3, 4, 1))
        yield Divide(Scale(X, 3, WIDE), Max((Y, whole(1)), number(1, 2)), rounding, WIDE)
        yield Divide(X, Min((Y, whole(-1)), number(-2, -1)), rounding, WIDE)
    yield from (
        Min((X, Y), FEW),
        Max((X, Y), FEW),
        Min((D, E), DAYS),
        Max((D, E), DAYS),
        Max((X, Scale(X, -1, FEW)), FEW),
    )
    for period in Period:
        yield from (DateDiff(period, D, E, SPAN), DateDiff(period, D, AsOf(Day(AS_OF, AS_OF)), SPAN))
        yield from (Shift(D, X, period, LATER), Shift(D, whole(1), period, LATER), Shift(D, whole(-1), period, LATER))
    for part in (*CalendarPart, *(MonthDay(*day) for day in ((1, 1), (2, 1), (3, 1), (2, 28), (12, 31)))):
        kind: Number | Day = number(1, 2100) if part in (CalendarPart.YEAR, CalendarPart.MONTH) else LATER
        yield from (Calendar(part, D, kind), Calendar(part, AsOf(Day(AS_OF, AS_OF)), kind))
    yield from _choices()
    for where in (S, Const(TRUE, Truth()), Compare("<", W, X), Compare("=", G, C), Or((S, P))):
        yield from _aggregates(where)
    yield Items(Aggregate.MAX, S, B, D, DAYS)
    yield Items(Aggregate.SUM, And((S, Items(Aggregate.ANY, S, None, None, Truth()))), whole(2), None, WIDE)


def _choices() -> Iterator[Expr]:
    low = Compare("<", X, whole(0))
    for one, other, last, type_ in (
        (X, Y, whole(2), FEW),
        (Q, P, Not(Q), Truth()),
        (C, K, _code(4), SMALL),
        (D, E, D, DAYS),
    ):
        yield Cases(((P, one),), other, type_)
        yield Cases(((P, one), (Q, other)), last, type_)
        yield Cases(((P, one), (Not(P), other)), Never(type_), type_)
        yield Cases(((low, one), (Compare("<=", whole(1), X), other)), last, type_)
        yield Cases(((low, one), (P, other)), last, type_)
        yield Cases(((P, one), (low, other)), last, type_)
    code = Cases(((low, C),), K, SMALL)
    yield from (OneOf(code, 0b00110), Compare("=", code, K))
    yield from _gathered()
    yield Cases(((Const(TRUE, Truth()), X),), Y, FEW)
    yield Cases(((Const(FALSE, Truth()), X),), Y, FEW)


def _gathered() -> Iterator[Expr]:
    low = Compare("<", X, whole(0))
    for aggregate in (Aggregate.SUM, Aggregate.MAX):
        for default in (whole(0), whole(2), whole(-1), whole(-2)):
            yield Gather(aggregate, ((P, X), (Q, Y)), default, WIDE)
        yield Gather(aggregate, ((P, whole(2)), (Q, whole(1))), whole(0), WIDE)
        yield Gather(aggregate, ((P, whole(-1)), (Q, whole(-2))), X, WIDE)
        yield Gather(aggregate, ((low, Y), (Or((P, Compare("<=", whole(0), X))), X)), Never(WIDE), WIDE)
        yield Gather(aggregate, ((low, Y), (P, X)), Scale(X, 3, WIDE), WIDE)
        yield Gather(aggregate, ((Const(FALSE, Truth()), X),), Y, WIDE)
        yield Gather(aggregate, ((Const(TRUE, Truth()), X), (P, Y)), Y, WIDE)
        yield Gather(aggregate, ((OneOf(C, 0b00110), X), (OneOf(C, 0b01100), Y)), whole(1), WIDE)
    yield Gather(Aggregate.MAX, ((P, D), (Q, E)), Const(LEAP, DAYS), DAYS)
    yield Add((Gather(Aggregate.SUM, ((P, X), (Q, Y)), X, WIDE), whole(1)), WIDE)


EXPRESSIONS = list(dict.fromkeys(_expressions()))
TERM = DefinitionId("term", "t0")
"""The term of the first expression."""
MOST = 50
"""How many households of each size are tried of an expression."""


@cache
def program_of(*exprs: Expr) -> Program:
    """Policies that show each expression, through a term."""
    draft = Draft()
    for at, expr in enumerate(exprs):
        draft.show(
            "household", draft.define(DefinitionId("term", f"t{at}"), "household", [(Draft().program().covers, expr)])
        )
    program = replace(draft.program(), household_inputs=OWN, member_inputs=EACH, parameters={"gone": GONE})
    return replace(program, max_members=2)


def _within(type_: Type, value: Value) -> list[Any]:
    """All values that are possible, of those tried."""
    match value:
        case (low, high) if isinstance(type_, Day):
            return [day for (day, _) in POINTS[Day] if low <= day <= high]  # type: ignore[misc]
        case (low, high):
            return list(range(low, high + 1))
        case int(bits) if isinstance(type_, Truth):
            return [True, False] if bits == UNKNOWN else [bits == TRUE]
        case int(mask):
            return [index for index in range(SMALL.size) if mask & 1 << index]


def shapes(expr: Expr, known: bool) -> list[Household]:
    """Households in which what the expression looks at has each of its few values, or each few possible values."""
    looked_at = {node.input for node in walk(expr) if isinstance(node, Fact)}
    households = []
    for size in range(3) if any(isinstance(node, Items) for node in walk(expr)) else [0]:
        choices = [_tried(column, known, column.id in looked_at) for column in (*OWN, *(EACH * size))]
        values_tried = list(product(*choices))
        chosen = values_tried if len(values_tried) <= MOST else Random(14).sample(values_tried, MOST)
        households += [_household(values, size) for values in chosen]
    return households


def _tried(column: Input, known: bool, looked_at: bool) -> tuple[Value, ...]:
    points = POINTS[type(column.type)]
    if not looked_at:
        return points[:1]
    return points if known else (*points, *PARTIAL[type(column.type)])


def _household(values: tuple[Value, ...], size: int) -> Household:
    own, rest = values[: len(OWN)], values[len(OWN) :]
    people = tuple(Person(f"m{at}", rest[at * len(EACH) : (at + 1) * len(EACH)]) for at in range(size))
    return Household("h", own, people)


def worlds(expr: Expr, household: Household) -> Iterator[World]:
    """Every completion of what is known in part."""
    columns = [*OWN, *(EACH * len(household.members))]
    values = [*household.facts, *(value for person in household.members for value in person.facts)]
    gone = _within(FEW, (FEW.low, FEW.high)) if any(isinstance(node, Parameter) for node in walk(expr)) else [0]
    for *exact, parameter in product(*map(_within, (column.type for column in columns), values), gone):
        named = [(column.id, value) for column, value in zip(columns, exact, strict=True)]
        own, rest = dict(named[: len(OWN)]), named[len(OWN) :]
        people = tuple(dict(rest[at : at + len(EACH)]) for at in range(0, len(rest), len(EACH)))
        yield World(AS_OF, {**own, ParameterNeed("gone"): parameter}, people)
