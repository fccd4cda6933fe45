"""What an expression says, as a tree: one class for each rule of grammar/expression.lark.

In: built by parser.py (or by hand). Out: names still unresolved, nothing typed; positions take no part in equality.
Called by the checker and the printer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, assert_never

from fupin_policy.diagnostics import Span
from fupin_policy.language.windows import EarlierWindow

Operator = Literal["=", "!=", "<", "<=", ">", ">="]
AdditiveOperator = Literal["+", "-"]
MultiplicativeOperator = Literal["*", "/"]
Mode = Literal["half_up", "down", "up"]
Quantifier = Literal["any", "all", "none"]
PeriodWord = Literal["years", "months", "days"]
CalendarWord = Literal[
    "year", "month", "start_of_month", "end_of_month", "start_of_quarter", "end_of_quarter", "start_of_year",
    "end_of_year",
]  # fmt: skip
AnniversaryWord = Literal["last", "next"]
BracketWord = Literal["slices", "pick"]
EarlierWord = Literal["one", "total", "average", "every"]
ListWord = Literal["any", "count", "sum", "least", "greatest"]


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, term or code, or a policy's id (then with dots, always the ASCII one)."""

    text: str
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, not negative: ASCII digits with at most one dot, decimals as written; `unit` as written, or a sign."""

    number: str
    unit: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar date."""

    date: date
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A code (or a policy's title) that was written in quotes, without them; never with a line break."""

    text: str
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TruthLiteral:
    """是 or 否."""

    value: bool
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    arg: Syntax
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class And:
    """All hold; two or more. A chain is flat, parentheses make an And inside an And."""

    args: tuple[Syntax, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one holds; two or more."""

    args: tuple[Syntax, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared."""

    op: Operator
    left: Syntax
    right: Syntax
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Set:
    """Values listed in braces; one or more."""

    items: tuple[Syntax, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`; at least one is there. `high_open`: `high` itself is outside."""

    low: Syntax | None
    high: Syntax | None
    high_open: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class In:
    """The value is (`negated`: is not) among the choices."""

    arg: Syntax
    choices: Set | Range
    negated: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Contains:
    """A fact of several codes has this one."""

    arg: Syntax
    code: Syntax
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """The opposite of a number."""

    arg: Syntax
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sum:
    """A first value, and one or more added or taken away."""

    first: Syntax
    rest: tuple[tuple[AdditiveOperator, Syntax], ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Product:
    """A first value, and one or more by which it is multiplied or divided, from left to right."""

    first: Syntax
    rest: tuple[tuple[MultiplicativeOperator, Syntax], ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RoundingStep:
    """How to round, by itself (the start rule `rounding_spec`). A unit alone is a step of `"1"`."""

    mode: Mode
    step: Quantity
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Rounded:
    """A value rounded; `四舍五入到 分` has the step `Quantity("1", "分")`."""

    arg: Syntax
    mode: Mode
    step: Quantity
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class If:
    """The first value where the test holds, otherwise the second."""

    test: Syntax
    then: Syntax
    otherwise: Syntax
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Extreme:
    """The greatest, or else the least, of two or more values."""

    greatest: bool
    args: tuple[Syntax, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Quantified:
    """Any, all or none of the members satisfy the condition."""

    kind: Quantifier
    where: Syntax
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ListAggregate:
    """What is asked of those items of a list that satisfy the condition, if there is one; without `items` of members.

    `value` is what is added up or compared, `default` the least or greatest of none.
    """

    how: ListWord
    items: Name | None
    value: Syntax | None = None
    where: Syntax | None = None
    default: Syntax | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ThisItem:
    """A fact or term of the item for which an aggregate over its list is asked."""

    name: Name
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EarlierItem:
    """An item stands before the one for which an aggregate over its list is asked, in the order of the list."""

    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DateDiff:
    """Whole periods from one date to another. `end` None is the day asked about; with `days` there is always an end."""

    period: PeriodWord
    start: Syntax
    end: Syntax | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The year or month of a date, or the first or last day of its month, quarter or year."""

    part: CalendarWord
    arg: Syntax
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Anniversary:
    """The last day of a month and day on or before a date, or the next one after it; a month and day of every year."""

    which: AnniversaryWord
    month: int
    day: int
    arg: Syntax
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day asked about."""

    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """The value of a parameter; `name` without the word 参数. `last`: as of the last such month and day."""

    name: str
    last: tuple[int, int] | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Bracketed:
    """A number worked out by a parameter that is a scale: slice by slice, or as the value of the bracket it lies in."""

    how: BracketWord
    arg: Syntax
    brackets: ParameterRef
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Given:
    """A date that may be none, or another day where there is none; without another whether there is one."""

    fact: Name | Text
    otherwise: Syntax | None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class EarlierValue:
    """A value of the month or year before, or over a window the total, the average, whether it always holds."""

    how: EarlierWord
    arg: Syntax
    window: EarlierWindow
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a policy applies."""

    policy: Name | Text
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AmountRef:
    """The amount of a policy, nothing where it does not apply."""

    policy: Name | Text
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AnyCell:
    """A cell of a table that any value fits."""

    span: Span | None = field(default=None, compare=False, repr=False)


Syntax = (
    Name | Quantity | Date | Text | TruthLiteral | Not | And | Or | Compare | Set | Range | In | Contains | Negative
    | Sum | Product | RoundingStep | Rounded | If | Extreme | Quantified
    | DateDiff | Calendar | Anniversary | AsOf | ParameterRef | Bracketed | Outcome | AmountRef | Given | EarlierValue
    | ListAggregate | ThisItem | EarlierItem | AnyCell
)  # fmt: skip


def children(node: Syntax) -> tuple[Syntax, ...]:
    """The nodes right below one, in the order in which they are written."""
    match node:
        case Name() | Quantity() | Date() | Text() | TruthLiteral() | AsOf() | ParameterRef():
            return ()
        case AnyCell() | ThisItem() | EarlierItem():
            return ()
        case Not(arg) | Negative(arg) | Calendar(_, arg) | Anniversary(_, _, _, arg) | EarlierValue(_, arg):
            return (arg,)
        case RoundingStep(_, arg) | Outcome(arg) | AmountRef(arg):
            return (arg,)
        case And(args) | Or(args) | Set(args) | Extreme(_, args):
            return args
        case Compare(_, left, right) | Contains(left, right) | In(left, right):
            return (left, right)
        case Range(low, high):
            return _present(low, high)
        case Sum(first, rest) | Product(first, rest):
            return (first, *(part for _, part in rest))
        case Rounded(arg, _, last) | Bracketed(_, arg, last):
            return (arg, last)
        case If(test, then, otherwise):
            return (test, then, otherwise)
        case Quantified(_, where):
            return (where,)
        case Given(value, condition):
            return _present(value, condition)
        case ListAggregate(_, _, value, condition, default):
            return _present(value, condition, default)
        case DateDiff(_, start, end):
            return _present(start, end)
        case _:
            assert_never(node)


def walk(tree: Syntax) -> list[Syntax]:
    """All nodes of a tree, wholes before parts."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(reversed(children(node)))
    return found


def _present(*nodes: Syntax | None) -> tuple[Syntax, ...]:
    return tuple(node for node in nodes if node is not None)
