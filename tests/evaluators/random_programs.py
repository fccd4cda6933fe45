"""Random CORE programs, whose expressions carry the ranges that `check` would infer, so that 64 bits suffice.

In: Hypothesis's choices. Out: `Program`s. Called by the tests of the backends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from core_programs import (
    AS_OF,
    CODES,
    COVERS,
    CUTS,
    DAYS,
    FACTS,
    FIRST,
    LAST,
    LEAPS,
    LIMIT,
    MAX_MEMBERS,
    PARAMETERS,
    Draft,
    constant,
    hull,
    least,
    number,
    parameter,
    range_of,
)
from hypothesis import strategies as st

from fupin_policy.core import possible
from fupin_policy.core.days import MonthDay, Validity
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    And,
    Calendar,
    CalendarPart,
    Cases,
    Compare,
    DateDiff,
    Divide,
    Expr,
    Items,
    Level,
    Multiply,
    Not,
    OneOf,
    Or,
    Period,
    Ref,
    Rounding,
    Scale,
    Shift,
)
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day, Number, Truth, Type

Kind = Literal["truth", "number", "day", "code"]
T = TypeVar("T")


@dataclass(slots=True)
class Growing:
    """Grows one random expression. `of_member` says whether members' values are in sight."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    refs: list[Ref]

    def pick(self, options: Sequence[T]) -> T:
        """One of several."""
        found: T = self.draw(st.sampled_from(options))
        return found

    def expr(self, kind: Kind, of_member: bool, depth: int, like: Type | None = None) -> Expr:
        """An expression of a kind; a code's is of the list of `like`."""
        if depth <= 0 or self.draw(st.integers(0, 9)) == 0:
            return self.leaf(kind, of_member, like)
        match kind:
            case "truth":
                return self.truth(of_member, depth - 1)
            case "number":
                grown = self.number(of_member, depth - 1)
                return grown if _fits(grown.type, -LIMIT, LIMIT) else self.leaf(kind, of_member)
            case "day":
                grown = self.day(of_member, depth - 1)
                return grown if _fits(grown.type, FIRST + 90_000, LAST - 90_000) else self.leaf(kind, of_member)
            case "code":
                chosen = like or self.pick(CODES)
                values = [self.expr("code", of_member, depth - 1, chosen) for _ in range(2)]
                test = self.expr("truth", of_member, depth - 1)
                return Cases(((test, values[0]),), values[1], chosen)

    def leaf(self, kind: Kind, of_member: bool, like: Type | None = None) -> Expr:
        """A fact, a reference, a parameter or a constant."""
        seen = [f for (member, _), f in FACTS.items() if of_member or not member]
        refs = [ref for ref in self.refs if of_member or ref.level != "member"]
        leaves: tuple[Expr, ...] = (*seen, *refs, *refs)
        known = [leaf for leaf in leaves if _kind(leaf.type) == kind]
        known += [parameter(name) for name, p in PARAMETERS.items() if not p.keys and _kind(p.type) == kind]
        if like is not None:
            known = [leaf for leaf in known if leaf.type == like]
        match kind:
            case "truth":
                known += [constant(0, Truth()), constant(3, Truth())]
            case "number":
                value = self.draw(st.integers(-50, 50) | st.integers(-100_000, 100_000))
                known += [constant(value), constant(value), parameter("keyed", self.draw(st.integers(0, 4)))]
            case "day":
                day = self.draw(st.integers(DAYS.low, DAYS.high) | st.sampled_from(LEAPS))
                known += [constant(day, Day(day, day)), AS_OF, AS_OF]
            case "code":
                code = like if isinstance(like, Code) else self.pick(CODES)
                known.append(constant(1 << self.draw(st.integers(0, code.size - 1)), code))
        return self.pick(known)

    def truth(self, of_member: bool, depth: int) -> Expr:
        """A truth with parts."""

        def part(kind: Kind, like: Type | None = None) -> Expr:
            return self.expr(kind, of_member, depth, like)

        match self.draw(st.integers(0, 9)):
            case 0:
                return Not(part("truth"))
            case 1:
                return And(tuple(part("truth") for _ in range(self.draw(st.integers(1, 3)))))
            case 2:
                return Or(tuple(part("truth") for _ in range(self.draw(st.integers(1, 3)))))
            case 3 | 4:
                return Compare(self.pick(("<", "<=", "=")), part("number"), part("number"))
            case 5:
                return Compare(self.pick(("<", "<=", "=")), part("day"), part("day"))
            case 6:
                code = self.pick(CODES)
                return Compare("=", part("code", code), part("code", code))
            case 7:
                code = self.pick(CODES)
                return OneOf(part("code", code), self.draw(st.integers(0, (1 << code.size) - 1)))
            case 8:
                return self.cases("truth", of_member, depth)
            case _:
                return Items(Aggregate.ANY, self.expr("truth", True, depth), None, None, Truth())

    def number(self, of_member: bool, depth: int) -> Expr:
        """A number with parts, and its range."""

        def part(kind: Kind) -> Expr:
            return self.expr(kind, of_member, depth)

        match self.draw(st.integers(0, 9)):
            case 0:
                args = tuple(part("number") for _ in range(self.draw(st.integers(1, 3))))
                ranges = [range_of(arg) for arg in args]
                return Add(args, number(sum(low for low, _ in ranges), sum(high for _, high in ranges)))
            case 1:
                arg, factor = part("number"), self.draw(st.integers(-100, 100))
                return Scale(arg, factor, number(*possible.scaled(range_of(arg), factor)))
            case 2:
                left, right = part("number"), part("number")
                return Multiply(left, right, number(*possible.times(range_of(left), range_of(right))))
            case 3 | 4:
                rounding = self.pick(tuple(Rounding))
                left, right = part("number"), self.nonzero(of_member, depth)
                return Divide(left, right, rounding, number(*possible.over(range_of(left), range_of(right), rounding)))
            case 5:
                args = tuple(part("number") for _ in range(self.draw(st.integers(1, 3))))
                return least(args, self.draw(st.booleans()))
            case 6:
                return self.cases("number", of_member, depth)
            case 7 if self.draw(st.booleans()):
                placed, number_of = part("day"), self.pick((CalendarPart.YEAR, CalendarPart.MONTH))
                return Calendar(number_of, placed, number(*possible.calendar(number_of, range_of(placed))))
            case 7:
                start, end, period = part("day"), part("day"), self.pick(tuple(Period))
                longest = possible.date_diff_days(period, range_of(start)[0], max(range_of(start)[0], range_of(end)[1]))
                return DateDiff(period, start, end, number(0, longest))
            case _:
                return self.members("number", depth)

    def nonzero(self, of_member: bool, depth: int) -> Expr:
        """A number that cannot be zero, of either sign."""
        arg = self.expr("number", of_member, depth)
        low, high = range_of(arg)
        if low > 0 or high < 0:
            return arg
        above = least((arg, constant(self.draw(st.integers(1, 30)))), True)
        if self.draw(st.booleans()):
            return above
        return Scale(above, -1, number(*possible.scaled(range_of(above), -1)))

    def day(self, of_member: bool, depth: int) -> Expr:
        """A day with parts, and its range."""
        match self.draw(st.integers(0, 5)):
            case 0 | 1:
                arg, period = self.expr("day", of_member, depth), self.pick(tuple(Period))
                bound = self.draw(st.integers(0, 90))
                amount = least((self.expr("number", of_member, depth), constant(bound)), False)
                amount = least((amount, constant(-bound)), True)
                moved = possible.shift(range_of(arg), range_of(amount), period)
                return Shift(arg, amount, period, Day(*moved))
            case 2:
                args = tuple(self.expr("day", of_member, depth) for _ in range(self.draw(st.integers(1, 3))))
                return least(args, self.draw(st.booleans()))
            case 3:
                return self.cases("day", of_member, depth)
            case 4:
                starts: tuple[CalendarPart | MonthDay, ...] = (
                    CalendarPart.START_OF_MONTH,
                    CalendarPart.START_OF_QUARTER,
                    MonthDay(9, 1),
                )
                start_of = self.pick(starts)
                placed = self.expr("day", of_member, depth)
                return Calendar(start_of, placed, Day(*possible.calendar(start_of, range_of(placed))))
            case _:
                return self.members("day", depth)

    def cases(self, kind: Kind, of_member: bool, depth: int) -> Expr:
        """A choice among one to three branches and the rest."""
        count = self.draw(st.integers(1, 3))
        branches = tuple(
            (self.expr("truth", of_member, depth), self.expr(kind, of_member, depth)) for _ in range(count)
        )
        otherwise = self.expr(kind, of_member, depth)
        return Cases(branches, otherwise, hull([otherwise.type, *(value.type for _, value in branches)]))

    def members(self, kind: Literal["number", "day"], depth: int) -> Expr:
        """A count, sum or extreme over members."""
        where = self.expr("truth", True, depth)
        extremes = (Aggregate.MIN, Aggregate.MAX)
        aggregate = self.pick(extremes if kind == "day" else (*extremes, Aggregate.COUNT, Aggregate.SUM))
        if aggregate is Aggregate.COUNT:
            return Items(aggregate, where, None, None, number(0, MAX_MEMBERS))
        value = self.expr(kind, True, depth)
        low, high = range_of(value)
        if aggregate is Aggregate.SUM:
            return Items(aggregate, where, value, None, number(MAX_MEMBERS * min(0, low), MAX_MEMBERS * max(0, high)))
        default = self.expr(kind, False, depth)
        return Items(aggregate, where, value, default, hull([value.type, default.type]))


def _fits(type_: Type, low: int, high: int) -> bool:
    found = possible.top(type_)
    return isinstance(found, tuple) and low <= found[0] and found[1] <= high


def _kind(type_: Type) -> Kind:
    match type_:
        case Truth():
            return "truth"
        case Number():
            return "number"
        case Day():
            return "day"
        case _:
            return "code"


@st.composite
def programs(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Program:
    """Random programs: terms that refer to earlier ones, with one or more versions, and policies of both levels."""
    draft = Draft()
    refs: list[Ref] = []
    growing = Growing(draw, refs)
    for position in range(draw(st.integers(0, 4))):
        level: Level = growing.pick(("household", "member"))
        kind: Kind = growing.pick(("truth", "number", "day"))
        depth = draw(st.integers(1, 3))
        stretches = growing.pick(([COVERS], [Validity(COVERS.start, CUTS[1]), Validity(CUTS[1], COVERS.end)]))
        versions = [(stretch, growing.expr(kind, level == "member", depth)) for stretch in stretches]
        refs.append(draft.define(DefinitionId("term", f"t{position}"), level, versions))
    for _ in range(draw(st.integers(1, 3))):
        level = growing.pick(("household", "member"))
        when = growing.expr("truth", level == "member", draw(st.integers(1, 4)))
        pays = growing.expr("number", level == "member", draw(st.integers(1, 4)))
        validity = growing.pick((COVERS, Validity(CUTS[0], CUTS[1]), Validity(COVERS.start, CUTS[0])))
        draft.policy(level, when, pays if draw(st.booleans()) else None, validity)
    for ref in refs:
        draft.show(ref.level, ref)
    return draft.program()
