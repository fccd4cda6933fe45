"""Dates moved, counted and placed in the calendar, with what they can be.

In: typed days and numbers. Out: CORE expressions. Called by `typing`.
Sugar ends here: the last day of a month is the first of the next, less a day; the next 1 July is the last one, moved by
a year.
"""

from __future__ import annotations

from collections.abc import Iterable

from fupin_policy.check import units
from fupin_policy.check.common_types import bounds_of
from fupin_policy.check.context import TypingContext
from fupin_policy.check.numbers import number
from fupin_policy.core import possible
from fupin_policy.core.days import DAY_MAX, DAY_MIN, MonthDay
from fupin_policy.core.expressions import Calendar, CalendarPart, Const, DateDiff, Expr, Period, Shift
from fupin_policy.core.identifiers import AssessmentDay
from fupin_policy.core.types import PLAIN, Day, ErrorType, Number, Unit
from fupin_policy.diagnostics import Span
from fupin_policy.language import syntax
from fupin_policy.language.syntax import Syntax

PERIOD_OF_UNIT = {
    units.YEAR: Period.YEARS,
    units.YEARS_OLD: Period.YEARS,
    units.MONTH: Period.MONTHS,
    units.DAY: Period.DAYS,
}
_UNIT_OF_PERIOD = {Period.YEARS: units.YEARS_OLD, Period.MONTHS: units.MONTH, Period.DAYS: units.DAY}
_STARTS: dict[str, tuple[CalendarPart | MonthDay, int]] = {
    "month": (CalendarPart.START_OF_MONTH, 1),
    "quarter": (CalendarPart.START_OF_QUARTER, 3),
    "year": (MonthDay(1, 1), 12),
}
"""With what a month, a quarter, a year begins, and how many months it has."""


def elapsed(period: Period, start: Expr, end: Expr, span: Span | None) -> Expr:
    """Completed periods between two days."""
    low, high = possible.date_diff(period, bounds_of(start.type), bounds_of(end.type))
    return DateDiff(period, start, end, Number(_UNIT_OF_PERIOD[period], 0, low, high), span)


def shifted(context: TypingContext, day: Expr, amount: Expr, period: Period, node: Syntax) -> Expr:
    """A day moved by a number of periods."""
    if isinstance(day.type, ErrorType):
        return day
    by = number(amount)
    try:
        low, high = possible.shift(bounds_of(day.type), (by.low, by.high), period)
    except (ValueError, OverflowError):
        return context.wrong("R302", node)
    fits = low >= DAY_MIN and high <= DAY_MAX
    return Shift(day, amount, period, Day(low, high), node.span) if fits else context.wrong("R302", node)


def assessment_day(context: TypingContext, day: Expr, steps: Iterable[AssessmentDay], node: Syntax) -> Expr:
    """The day whose circumstances count, from the day asked about."""
    for back, of in steps:
        day = _end_of(context, of, day, node) if back == 0 else _before(context, of, back, day, node)
    return day


def calendar(context: TypingContext, day: Expr, node: syntax.Calendar) -> Expr:
    """The year or month of a day, or the first or last day of its month, quarter or year."""
    match node.part:
        case "year" | "month":
            return _placed(context, CalendarPart(node.part), day, node)
        case word:
            end, _, of = word.partition("_of_")
            return _placed(context, _STARTS[of][0], day, node) if end == "start" else _end_of(context, of, day, node)


def anniversary(context: TypingContext, day: Expr, node: syntax.Anniversary) -> Expr:
    """The last month and day on or before a day, or the next after it."""
    last = _placed(context, MonthDay(node.month, node.day), day, node)
    return last if node.which == "last" else _later(context, last, 1, Period.YEARS, node)


def _end_of(context: TypingContext, of: str, day: Expr, node: Syntax) -> Expr:
    part, months = _STARTS[of]
    first = _placed(context, part, day, node)
    return _later(context, _later(context, first, months, Period.MONTHS, node), -1, Period.DAYS, node)


def _before(context: TypingContext, of: str, back: int, day: Expr, node: Syntax) -> Expr:
    """The last day of the month or year that is so many before."""
    part, months = _STARTS[of]
    first = _placed(context, part, day, node)
    if back > 1:
        first = _later(context, first, -(back - 1) * months, Period.MONTHS, node)
    return _later(context, first, -1, Period.DAYS, node)


def _placed(context: TypingContext, part: CalendarPart | MonthDay, day: Expr, node: Syntax) -> Expr:
    if isinstance(day.type, ErrorType):
        return day
    try:
        low, high = possible.calendar(part, bounds_of(day.type))
    except ValueError:
        return context.wrong("R302", node)
    number_asked = part in (CalendarPart.YEAR, CalendarPart.MONTH)
    return Calendar(part, day, Number(PLAIN, 0, low, high) if number_asked else Day(low, high), node.span)


def _later(context: TypingContext, day: Expr, by: int, period: Period, node: Syntax) -> Expr:
    unit: Unit = _UNIT_OF_PERIOD[period]
    return shifted(context, day, Const(by, Number(unit, 0, by, by), node.span), period, node)
