"""Hand-made CORE programs, and households for them, hand-made or random.

In: expressions, or Hypothesis's choices. Out: `Program`s, `Household`s. Called by the tests of the backends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity, to_day
from fupin_policy.core.declarations import CodeDecl, CodeList, DatedValue, Input, ParameterDecl
from fupin_policy.core.expressions import (
    AsOf,
    Const,
    Expr,
    Fact,
    Level,
    Max,
    Min,
    OneOf,
    Parameter,
    Ref,
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


def least(args: tuple[Expr, ...], greatest: bool) -> Min | Max:
    """The least or greatest, and its range."""
    low, high = possible.extreme([range_of(arg) for arg in args], greatest)
    node_class = Max if greatest else Min
    return node_class(args, Day(low, high) if isinstance(args[0].type, Day) else number(low, high))


def range_of(expr: Expr) -> tuple[int, int]:
    """The range of a number or day."""
    found = possible.top(expr.type)
    assert isinstance(found, tuple)
    return found
