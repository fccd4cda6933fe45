"""The nodes of CORE: typed, total, integer-only expressions.

In: nothing. Out: node classes. Built by `check`, read by every backend with `match`.
Every node has a `type`; `span` says which text of the ruleset it came from and takes no part in equality.
Values at run time are possibilities (`core.possible`): a truth is two bits, a number or day an interval,
a code a bit mask of possible codes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from fupin_policy.core.days import MonthDay
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.types import Day, Number, Truth, Type
from fupin_policy.diagnostics import Span

TRUTH = Truth()
Level = str
"""`household`, `member`, a kind of place (`village`, `town`, …), or the name of a declared list."""


class Rounding(Enum):
    """How a division or a lowering of scale is rounded."""

    HALF_UP = "half_up"
    """To the nearest; a half goes away from zero (四舍五入)."""
    DOWN = "down"
    """Toward zero (舍去)."""
    UP = "up"
    """Away from zero (进位)."""


class Period(Enum):
    """Completed years, months or days between two dates."""

    YEARS = "years"
    MONTHS = "months"
    DAYS = "days"


class CalendarPart(Enum):
    """What of a day's place in the calendar is asked. The start of a year is the last 1 January."""

    YEAR = "year"
    MONTH = "month"
    START_OF_MONTH = "start_of_month"
    START_OF_QUARTER = "start_of_quarter"


class Aggregate(Enum):
    """What is asked of the items of a list, or of the rows of a table that fit."""

    ANY = "any"
    COUNT = "count"
    SUM = "sum"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class Const:
    """A known value: a number or day (integer), a truth (0 false, 3 true), or a code (its bit)."""

    value: int
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)
    source: Parameter | None = field(default=None, compare=False, repr=False)
    """The parameter of which it is the dated value."""
    origin: Expr | None = field(default=None, compare=False, repr=False)
    """The formula over other constants that came to it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """An input field; its level is that of its declaration. `outer`: of the item for which an aggregate is asked."""

    input: InputId
    level: Level
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)
    outer: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated value, which `snapshot` replaces by a `Const` or an `Unknown`; `key` is the row it is looked up in."""

    name: str
    key: int | None
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value not known on the snapshot's date: anything in the range of `type`. `parameter` is what has no value."""

    parameter: str
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)
    source: Parameter | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Never:
    """No value at all: what is left of a choice whose branches cover everything. It adds nothing to a join."""

    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """The value of another definition (a term, a policy's outcome or amount), by its id. `outer` as of a fact."""

    definition: DefinitionId
    level: Level
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)
    outer: bool = False


@dataclass(frozen=True, slots=True)
class AsOf:
    """The date for which the decision is asked."""

    type: Day
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary of a truth."""

    arg: Expr
    span: Span | None = field(default=None, compare=False, repr=False)
    type: Truth = TRUTH


@dataclass(frozen=True, slots=True)
class And:
    """All of the truths; at least one."""

    args: tuple[Expr, ...]
    span: Span | None = field(default=None, compare=False, repr=False)
    type: Truth = TRUTH


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the truths; at least one is given."""

    args: tuple[Expr, ...]
    span: Span | None = field(default=None, compare=False, repr=False)
    type: Truth = TRUTH


@dataclass(frozen=True, slots=True)
class Compare:
    """Two numbers of one unit and scale, or two days, or (for `=` only) two codes of one list."""

    op: Literal["<", "<=", "="]
    left: Expr
    right: Expr
    span: Span | None = field(default=None, compare=False, repr=False)
    type: Truth = TRUTH


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether a code is among those of a mask."""

    arg: Expr
    mask: int
    span: Span | None = field(default=None, compare=False, repr=False)
    type: Truth = TRUTH


@dataclass(frozen=True, slots=True)
class Add:
    """The sum of numbers that have one unit and scale. All partial sums fit 64 bits."""

    args: tuple[Expr, ...]
    type: Number
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Scale:
    """A number times a constant integer: a minus sign, or an alignment of scales by a power of ten."""

    arg: Expr
    factor: int
    type: Number
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Multiply:
    """The product of two numbers; scales add."""

    left: Expr
    right: Expr
    type: Number
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Divide:
    """`left / right` of the integers as they are, rounded to an integer. `right`'s range excludes zero."""

    left: Expr
    right: Expr
    rounding: Rounding
    type: Number
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Min:
    """The least of numbers or days of one type; at least one."""

    args: tuple[Expr, ...]
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Max:
    """The greatest of numbers or days of one type; at least one."""

    args: tuple[Expr, ...]
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Cases:
    """The value of the first branch whose test is true, else `otherwise`. Any type, the same in all branches.

    Where the tests cover everything, `otherwise` is `Never`.
    """

    branches: tuple[tuple[Expr, Expr], ...]
    otherwise: Expr
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Items:
    """An aggregate over those items of a list for which `where` holds; a household's members are the first list.

    `list` is the level of what is inside, `owner` that of the node: whose items are looked at. `value` is given for
    SUM, MIN and MAX; `default` for MIN and MAX is the value when no item is selected. Facts and definitions of the
    list's level inside mean the item looked at; those that are `outer`, the item of the same list for which the node
    is asked: then it is `paired`, and has a value for each of these.
    """

    aggregate: Aggregate
    where: Expr
    value: Expr | None
    default: Expr | None
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)
    list: Level = "member"
    owner: Level = "household"
    paired: bool = False


@dataclass(frozen=True, slots=True)
class Gather:
    """The sum (SUM) or the greatest (MAX) of the values whose test is true; `default` where none is.

    Where the tests cover everything, `default` is `Never`. All partial sums fit 64 bits.
    """

    aggregate: Literal[Aggregate.SUM, Aggregate.MAX]
    rows: tuple[tuple[Expr, Expr], ...]
    default: Expr
    type: Type
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Clamp:
    """A number kept within constants, between which it lies wherever it counts; beyond them it is the nearer one.

    Not written by anybody (`core.narrowing`), so that it is the number that is shown.
    """

    arg: Expr
    low: int
    high: int
    type: Number
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DateDiff:
    """Completed years, months or days from `start` to `end`; 0 where `end` is before `start`.

    Someone born on 29 February completes a year on 1 March of a year that has no 29 February.
    """

    period: Period
    start: Expr
    end: Expr
    type: Number
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Shift:
    """A day moved by a number (scale 0) of years, months or days; a day past a month's end becomes its last day.

    The range of `amount` and `arg` is such that the result lies within 0001-01-01 .. 9999-12-31.
    """

    arg: Expr
    amount: Expr
    period: Period
    type: Day
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A number or a day that the calendar gives for a day; for a `MonthDay` the last one on or before it.

    The range of `arg` is such that the result lies within 0001-01-01 .. 9999-12-31.
    """

    part: CalendarPart | MonthDay
    arg: Expr
    type: Number | Day
    span: Span | None = field(default=None, compare=False, repr=False)


Expr = (
    Const
    | Fact
    | Parameter
    | Unknown
    | Never
    | Ref
    | AsOf
    | Not
    | And
    | Or
    | Compare
    | OneOf
    | Add
    | Scale
    | Multiply
    | Divide
    | Min
    | Max
    | Cases
    | Items
    | Gather
    | Clamp
    | DateDiff
    | Shift
    | Calendar
)


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct sub-expressions of a node, in the order in which they are written."""
    match expr:
        case Const() | Fact() | Parameter() | Unknown() | Never() | Ref() | AsOf():
            return ()
        case Not(arg) | OneOf(arg) | Scale(arg) | Clamp(arg) | Calendar(_, arg):
            return (arg,)
        case And(args) | Or(args) | Add(args) | Min(args) | Max(args):
            return args
        case Compare(_, left, right) | DateDiff(_, left, right):
            return (left, right)
        case Multiply(left, right) | Divide(left, right) | Shift(left, right):
            return (left, right)
        case Cases(branches, otherwise):
            return (*(part for branch in branches for part in branch), otherwise)
        case Items(_, where, value, default):
            return tuple(part for part in (where, value, default) if part is not None)
        case Gather(_, rows, default):
            return (*(part for row in rows for part in row), default)


def walk(expr: Expr) -> list[Expr]:
    """The node and all below it, parents before children."""
    found, waiting = [], [expr]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(reversed(children(node)))
    return found
