"""Hand-made and random CORE programs and households for them.

In: expressions, or Hypothesis's choices. Out: `Program`s, `Household`s. Called by the tests of the backends.
Random expressions carry the ranges that `check` would infer, so that 64 bits suffice for every value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, TypeVar

from hypothesis import strategies as st

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import MonthDay, Validity, to_day
from fupin_policy.core.declarations import CodeDecl, CodeList, DatedValue, Input, ParameterDecl
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
    Level,
    Max,
    Members,
    Min,
    Multiply,
    Not,
    OneOf,
    Or,
    Parameter,
    Period,
    Ref,
    Rounding,
    Scale,
    Shift,
)
from fupin_policy.core.household import Household, Person
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.policies import Benefit, Policy, PolicyVersion
from fupin_policy.core.possible import Value
from fupin_policy.core.program import Definition, Program
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.types import PLAIN, Code, Day, Number, Truth, Type

MAX_MEMBERS = 5
COVERS = Validity(to_day(date(2015, 1, 1)), to_day(date(2025, 1, 1)))
CUTS = (to_day(date(2018, 3, 1)), to_day(date(2020, 2, 29)))
DAYS = Day(to_day(date(1900, 1, 1)), to_day(date(2030, 12, 31)))
FIRST, LAST = to_day(date.min), to_day(date.max)
LIMIT = 2**60


def number(low: int, high: int) -> Number:
    """The type of a plain number in a range."""
    return Number(PLAIN, 0, low, high)


SMALL, MID, LARGE = Code("small", 5), Code("mid", 12), Code("large", 40)
CODES = (SMALL, MID, Code("wide", 32), LARGE, Code("full", 64))
AS_OF = AsOf(Day(COVERS.start, COVERS.end - 1))


def _inputs(level: Level, *rows: tuple[str, Type, bool]) -> tuple[Input, ...]:
    return tuple(Input(InputId(name), level, type_, isinstance(type_, Day), required) for name, type_, required in rows)


HOUSEHOLD_INPUTS = _inputs(
    "household",
    ("income", number(-1_000_000, 50_000_000), False),
    ("area", number(0, 500), True),
    ("wealth", number(-(2**40), 2**40), False),
    ("moved", DAYS, False),
    ("registered", DAYS, True),
    ("place", SMALL, False),
    ("village", LARGE, False),
    ("full", CODES[4], False),
    ("kind", MID, True),
    ("poor", Truth(), False),
    ("listed", Truth(), True),
)
MEMBER_INPUTS = _inputs(
    "member",
    ("born", DAYS, False),
    ("joined", DAYS, True),
    ("wage", number(-500, 90_000), False),
    ("rank", number(-20, 20), True),
    ("debt", number(-90_000, -1), False),
    ("stage", SMALL, False),
    ("work", MID, False),
    ("wide", CODES[2], False),
    ("role", SMALL, True),
    ("ill", Truth(), False),
    ("enrolled", Truth(), True),
)
FACTS = {(i.level == "member", i.name): Fact(i.id, i.level, i.type) for i in (*HOUSEHOLD_INPUTS, *MEMBER_INPUTS)}
WORDS = Bilingual("甲", "a")


def fact(name: str) -> Fact:
    """A fact by name; the names of household and members differ."""
    return next(found for (_, known), found in FACTS.items() if known == name)


def constant(value: int, type_: Type | None = None) -> Const:
    """A known value, a plain number unless its type is given."""
    return Const(value, type_ or number(value, value))


def _dated(*stretches: tuple[int, int, dict[int | None, int]]) -> tuple[DatedValue, ...]:
    ref = ClauseRef("source", "1")
    return tuple(DatedValue(Validity(start, end), values, "enacted", ref) for start, end, values in stretches)


PARAMETERS = {
    "line": ParameterDecl(
        "line",
        "线",
        number(-5_000, 400_000),
        (),
        _dated((COVERS.start, CUTS[0], {None: 300_000}), (CUTS[0], CUTS[1], {None: -2_500})),
    ),
    "share": ParameterDecl("share", "份", number(1, 100), (), _dated((CUTS[0], COVERS.end, {None: 7}))),
    "keyed": ParameterDecl(
        "keyed",
        "表",
        number(0, 9_000),
        ("small",),
        _dated((COVERS.start, CUTS[1], {0: 10, 1: 20, 3: 4_000}), (CUTS[1], COVERS.end, {0: 11, 2: 8_999})),
    ),
    "since": ParameterDecl("since", "日", DAYS, (), _dated((COVERS.start, CUTS[1], {None: to_day(date(2000, 2, 29))}))),
    "favoured": ParameterDecl("favoured", "码", SMALL, (), _dated((CUTS[0], CUTS[1], {None: 4}))),
    "open": ParameterDecl(
        "open", "开", Truth(), (), _dated((COVERS.start, CUTS[0], {None: 3}), (CUTS[1], COVERS.end, {None: 0}))
    ),
}


def parameter(name: str, key: int | None = None) -> Parameter:
    """A parameter's value."""
    return Parameter(name, key, PARAMETERS[name].type)


@dataclass(slots=True)
class Draft:
    """A program in the making: definitions and the policies that show them."""

    definitions: list[Definition] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)

    def define(
        self, name: DefinitionId, level: Level, versions: Sequence[tuple[Validity, Expr]], absent: int | None = None
    ) -> Ref:
        """A definition; its type is the hull of its versions'."""
        type_ = hull([expr.type for _, expr in versions], absent)
        self.definitions.append(Definition(name, level, type_, tuple(versions), absent, WORDS))
        return Ref(name, level, type_)

    def policy(self, level: Level, when: Expr, pays: Expr | None, validity: Validity = COVERS) -> None:
        """A policy whose outcome and amount are the expressions."""
        name = f"p{len(self.policies)}"
        version = PolicyVersion(validity, Benefit("cash", "month"), (), (), (), None)
        self.policies.append(Policy(name, WORDS, level, (version,), pays is not None))
        self.define(DefinitionId("outcome", name), level, [(validity, when)], 0)
        if pays is not None:
            self.define(DefinitionId("payable", name), level, [(validity, pays)], 0)

    def show(self, level: Level, expr: Expr, validity: Validity = COVERS) -> None:
        """Policies whose findings tell an expression's value."""
        match expr.type:
            case Truth():
                self.policy(level, expr, None, validity)
            case Code(_, size):
                for bit in {0, 1, size - 1}:
                    self.policy(level, OneOf(expr, 1 << bit), None, validity)
                self.policy(level, OneOf(expr, 0b10110), None, validity)
            case _:
                self.policy(level, constant(3, Truth()), expr, validity)

    def program(self) -> Program:
        """The finished program."""
        lists = {code.code_list: CodeList(code.code_list, _codes(code.size)) for code in CODES}
        return Program(
            id="test",
            title=WORDS,
            covers=COVERS,
            currency="CNY",
            decimals=2,
            max_members=MAX_MEMBERS,
            min_members=0,
            identifiers={},
            unit_labels={},
            code_lists=lists,
            facts=(),
            household_inputs=HOUSEHOLD_INPUTS,
            member_inputs=MEMBER_INPUTS,
            parameters=PARAMETERS,
            departments={},
            places={},
            sources={},
            policies=tuple(self.policies),
            groups=(),
            definitions=tuple(self.definitions),
            digest="sha256:test",
        )


def _codes(size: int) -> tuple[CodeDecl, ...]:
    return tuple(CodeDecl(str(i), f"c{i}", f"码{i}") for i in range(size))


def hull(types: Sequence[Type], also: int | None = None) -> Type:
    """The narrowest type that holds all values of the types."""
    first = types[0]
    if not isinstance(first, Number | Day):
        return first
    ranges = [possible.top(t) for t in types] + ([(also, also)] if also is not None else [])
    low = min(r[0] for r in ranges if isinstance(r, tuple))
    high = max(r[1] for r in ranges if isinstance(r, tuple))
    return Day(low, high) if isinstance(first, Day) else number(low, high)


def households() -> st.SearchStrategy[Household]:
    """Households of nobody up to the most members, with facts known, partly known and unknown."""
    member = st.tuples(*map(facts_of, MEMBER_INPUTS))
    return st.builds(
        lambda own, people: Household("h", own, tuple(Person(f"m{i}", facts) for i, facts in enumerate(people))),
        st.tuples(*map(facts_of, HOUSEHOLD_INPUTS)),
        st.lists(member, max_size=MAX_MEMBERS),
    )


def facts_of(column: Input) -> st.SearchStrategy[Value]:
    """Possible values of an input."""
    match column.type:
        case Truth():
            return st.sampled_from([0, 3] if column.required else [0, 2, 3])
        case Code(_, size):
            single = st.integers(0, size - 1).map(lambda bit: 1 << bit)
            return single if column.required else single | st.integers(1, (1 << size) - 1) | st.just((1 << size) - 1)
        case Day(low, high):
            ends = st.integers(low, high) | st.sampled_from(LEAPS)
        case Number(_, _, low, high):
            ends = (
                st.integers(low, high)
                | st.sampled_from([low, high])
                | st.integers(max(low, -9), max(low, min(high, 9)))
            )
        case _:
            raise AssertionError(column)
    exact = ends.map(lambda end: (end, end))
    if column.required:
        return exact
    return exact | st.tuples(ends, ends).map(lambda pair: (min(pair), max(pair))) | st.just((low, high))


LEAPS = [to_day(date(year, 2, 29)) + off for year in (1904, 1960, 2000, 2012, 2016, 2020) for off in (-1, 0, 1)]
MONTH_ENDS = [to_day(date(y, m, 1) - timedelta(1)) for y in (2016, 2017, 2019, 2021) for m in range(1, 13)]


def days() -> st.SearchStrategy[int]:
    """Dates to decide for: any, those at which something changes, and calendar corners."""
    edges = [COVERS.start, COVERS.end - 1, *CUTS, *(cut - 1 for cut in CUTS)]
    corners = [day for day in (*LEAPS, *MONTH_ENDS) if COVERS.covers(day)]
    return st.integers(COVERS.start, COVERS.end - 1) | st.sampled_from(edges) | st.sampled_from(corners)


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
                return Members(Aggregate.ANY, self.expr("truth", True, depth), None, None, Truth())

    def number(self, of_member: bool, depth: int) -> Expr:
        """A number with parts, and its range."""

        def part(kind: Kind) -> Expr:
            return self.expr(kind, of_member, depth)

        match self.draw(st.integers(0, 9)):
            case 0:
                args = tuple(part("number") for _ in range(self.draw(st.integers(1, 3))))
                ranges = [_range(arg) for arg in args]
                return Add(args, number(sum(low for low, _ in ranges), sum(high for _, high in ranges)))
            case 1:
                arg, factor = part("number"), self.draw(st.integers(-100, 100))
                return Scale(arg, factor, number(*possible.scaled(_range(arg), factor)))
            case 2:
                left, right = part("number"), part("number")
                return Multiply(left, right, number(*possible.times(_range(left), _range(right))))
            case 3 | 4:
                rounding = self.pick(tuple(Rounding))
                left, right = part("number"), self.nonzero(of_member, depth)
                return Divide(left, right, rounding, number(*possible.over(_range(left), _range(right), rounding)))
            case 5:
                args = tuple(part("number") for _ in range(self.draw(st.integers(1, 3))))
                return least(args, self.draw(st.booleans()))
            case 6:
                return self.cases("number", of_member, depth)
            case 7 if self.draw(st.booleans()):
                placed, number_of = part("day"), self.pick((CalendarPart.YEAR, CalendarPart.MONTH))
                return Calendar(number_of, placed, number(*possible.calendar(number_of, _range(placed))))
            case 7:
                start, end, period = part("day"), part("day"), self.pick(tuple(Period))
                longest = possible.date_diff_days(period, _range(start)[0], max(_range(start)[0], _range(end)[1]))
                return DateDiff(period, start, end, number(0, longest))
            case _:
                return self.members("number", depth)

    def nonzero(self, of_member: bool, depth: int) -> Expr:
        """A number that cannot be zero, of either sign."""
        arg = self.expr("number", of_member, depth)
        low, high = _range(arg)
        if low > 0 or high < 0:
            return arg
        above = least((arg, constant(self.draw(st.integers(1, 30)))), True)
        if self.draw(st.booleans()):
            return above
        return Scale(above, -1, number(*possible.scaled(_range(above), -1)))

    def day(self, of_member: bool, depth: int) -> Expr:
        """A day with parts, and its range."""
        match self.draw(st.integers(0, 5)):
            case 0 | 1:
                arg, period = self.expr("day", of_member, depth), self.pick(tuple(Period))
                bound = self.draw(st.integers(0, 90))
                amount = least((self.expr("number", of_member, depth), constant(bound)), False)
                amount = least((amount, constant(-bound)), True)
                moved = possible.shift(_range(arg), _range(amount), period)
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
                return Calendar(start_of, placed, Day(*possible.calendar(start_of, _range(placed))))
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
            return Members(aggregate, where, None, None, number(0, MAX_MEMBERS))
        value = self.expr(kind, True, depth)
        low, high = _range(value)
        if aggregate is Aggregate.SUM:
            return Members(aggregate, where, value, None, number(MAX_MEMBERS * min(0, low), MAX_MEMBERS * max(0, high)))
        default = self.expr(kind, False, depth)
        return Members(aggregate, where, value, default, hull([value.type, default.type]))


def least(args: tuple[Expr, ...], greatest: bool) -> Min | Max:
    """The least or greatest, and its range."""
    low, high = possible.extreme([_range(arg) for arg in args], greatest)
    node_class = Max if greatest else Min
    return node_class(args, Day(low, high) if isinstance(args[0].type, Day) else number(low, high))


def _range(expr: Expr) -> tuple[int, int]:
    found = possible.top(expr.type)
    assert isinstance(found, tuple)
    return found


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
