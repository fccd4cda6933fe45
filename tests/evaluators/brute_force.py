"""What an expression comes to where everything is known, worked out without any of what is tested.

In: expressions, a household's plain values. Out: truths, integers, day numbers, positions of codes. Called by
`test_algebras`. It knows nothing of possible values, and counts periods by their anniversaries.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any, assert_never

from fupin_policy.core.days import MonthDay, to_date, to_day
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    And,
    AsOf,
    Calendar,
    CalendarPart,
    Cases,
    Clamp,
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
    Ref,
    Rounding,
    Scale,
    Shift,
    Unknown,
)
from fupin_policy.core.identifiers import ParameterNeed
from fupin_policy.core.possible import TRUE, Value
from fupin_policy.core.types import Code, Truth, Type


@dataclass(frozen=True, slots=True)
class World:
    """A household of which everything is known: truths, numbers, day numbers, and positions of codes."""

    as_of: int
    own: Mapping[Any, Any]
    members: tuple[Mapping[Any, Any], ...]

    def exact(self, expr: Expr, member: int | None = None) -> Any:
        """What an expression comes to."""

        def of(part: Expr) -> Any:
            return self.exact(part, member)

        match expr:
            case Const(value, type_):
                return plain_value(type_, value if isinstance(type_, Truth | Code) else (value, value))
            case Fact(name, level):
                return self.own[name] if level == "household" or member is None else self.members[member][name]
            case Parameter(name) | Unknown(name):
                return self.own[ParameterNeed(name)]
            case AsOf():
                return self.as_of
            case Not(arg):
                return not of(arg)
            case And(args):
                return all(of(arg) for arg in args)
            case Or(args):
                return any(of(arg) for arg in args)
            case Compare(op, left, right):
                return {"<": operator.lt, "<=": operator.le, "=": operator.eq}[op](of(left), of(right))
            case OneOf(arg, mask):
                return of(arg) in {index for index in range(mask.bit_length()) if mask >> index & 1}
            case Add(args):
                return sum(of(arg) for arg in args)
            case Scale(arg, factor):
                return of(arg) * factor
            case Multiply(left, right):
                return of(left) * of(right)
            case Divide(left, right, rounding):
                return _rounded(Fraction(of(left), of(right)), rounding)
            case Min(args):
                return min(of(arg) for arg in args)
            case Max(args):
                return max(of(arg) for arg in args)
            case Cases(branches, otherwise):
                return of(next((value for test, value in branches if of(test)), otherwise))
            case Items():
                return self._aggregate(expr)
            case Gather(aggregate, rows, default):
                values = [of(value) for test, value in rows if of(test)]
                chosen = max(values, default=None) if aggregate is Aggregate.MAX else sum(values)
                return chosen if values else of(default)
            case DateDiff(period, start, end):
                return _completed(period, of(start), of(end))
            case Shift(arg, amount, period):
                return _moved(period, of(arg), of(amount))
            case Calendar(part, arg):
                return in_calendar(part, to_date(of(arg)))
            case Never() | Ref() | Clamp():
                raise AssertionError(expr)
            case _:
                assert_never(expr)

    def _aggregate(self, expr: Items) -> Any:
        chosen = [member for member in range(len(self.members)) if self.exact(expr.where, member)]
        values = [] if expr.value is None else [self.exact(expr.value, member) for member in chosen]
        match expr.aggregate:
            case Aggregate.ANY:
                return bool(chosen)
            case Aggregate.COUNT:
                return len(chosen)
            case Aggregate.SUM:
                return sum(values)
            case Aggregate.MIN | Aggregate.MAX:
                extreme = min if expr.aggregate is Aggregate.MIN else max
                assert expr.default is not None
                return extreme(values) if values else self.exact(expr.default)
            case _:
                assert_never(expr.aggregate)


def _rounded(quotient: Fraction, rounding: Rounding) -> int:
    size = abs(quotient)
    match rounding:
        case Rounding.HALF_UP:
            whole = floor(size + Fraction(1, 2))
        case Rounding.DOWN:
            whole = floor(size)
        case Rounding.UP:
            whole = -floor(-size)
        case _:
            assert_never(rounding)
    return whole if quotient >= 0 else -whole


def _month_later(start: date, months: int) -> tuple[int, int]:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return year, month + 1


def _completed(period: Period, start: int, end: int) -> int:
    """How many anniversaries have come; one that falls on no day of its month comes on the first of the next."""
    if period is Period.DAYS:
        return max(0, end - start)
    first, count, step = to_date(start), 0, 12 if period is Period.YEARS else 1
    while True:
        year, month = _month_later(first, (count + 1) * step)
        try:
            anniversary = date(year, month, first.day)
        except ValueError:
            anniversary = date(year, month + 1, 1)
        if anniversary > to_date(end):
            return count
        count += 1


def _moved(period: Period, day: int, amount: int) -> int:
    """The day after some periods, or the last of its month."""
    start = to_date(day)
    if period is Period.DAYS:
        return to_day(start + timedelta(days=amount))
    year, month = _month_later(start, amount * (12 if period is Period.YEARS else 1))
    for of_month in range(start.day, 0, -1):
        try:
            return to_day(date(year, month, of_month))
        except ValueError:
            continue
    raise AssertionError(start)


def in_calendar(part: CalendarPart | MonthDay, day: date) -> int:
    """The year, the month, or the day found by going back day by day."""
    match part:
        case CalendarPart.YEAR:
            return day.year
        case CalendarPart.MONTH:
            return day.month
        case MonthDay(month, of_month):
            wanted = [(month, of_month)]
        case CalendarPart.START_OF_MONTH:
            wanted = [(month, 1) for month in range(1, 13)]
        case CalendarPart.START_OF_QUARTER:
            wanted = [(1, 1), (4, 1), (7, 1), (10, 1)]
    while (day.month, day.day) not in wanted:
        day -= timedelta(days=1)
    return to_day(day)


def plain_value(type_: Type, value: Value) -> Any:
    """The one value that is possible."""
    if isinstance(type_, Truth):
        return value == TRUE
    if isinstance(type_, Code):
        assert isinstance(value, int)
        return value.bit_length() - 1
    assert isinstance(value, tuple)
    return value[0]
