"""Days in formulas: a key of year, month and day of month in which years and months are plain quotients.

In: keys (formulas or integers). Out: formulas. Called by `formulas` and `people`.
The key is `year * 372 + (month - 1) * 31 + (day - 1)`: it keeps the order of days, and completed years are the quotient
of a difference of keys by 372, completed months by 31, with 29 February completed on 1 March.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import z3

from fupin_policy.core.days import EPOCH, MonthDay, to_date, to_day
from fupin_policy.core.expressions import CalendarPart, Period

YEAR, MONTH = 372, 31
LEAST_MONTH = 28
"""The days of the shortest month."""
_FROM_MARCH = 719_468
"""Days from 1 March of the year 0 to 1970-01-01."""
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
"""Days of a common year before each month."""
_SHORT = (3, 5, 8, 10)
"""Months of thirty days, counted from 0."""


def _once(make: Callable[..., Any]) -> Callable[..., Any]:
    """A formula that is made once, of variables; for other arguments the solver puts these in their place.

    Making each anew, node by node, took most of the time of writing rules as formulas.
    """

    @cache
    def made(count: int) -> tuple[list[Any], Any]:
        variables = [z3.Int(f"{make.__name__}.{position}") for position in range(count)]
        return variables, make(*variables)

    def of(*given: Any) -> Any:
        variables, formula = made(len(given))
        return z3.substitute(formula, *zip(variables, given, strict=True))

    return of


def key_of(day: int) -> int:
    """The key of a day (since 1970-01-01)."""
    date = to_date(day)
    return date.year * YEAR + (date.month - 1) * MONTH + date.day - 1


def day_of(key: int) -> int:
    """The day of a valid key."""
    year, rest = divmod(key, YEAR)
    month, day = divmod(rest, MONTH)
    return to_day(to_date(0).replace(year=year, month=month + 1, day=day + 1))


def valid(key: Any) -> Any:
    """Whether a key is that of a day: a month of thirty days has no 31st."""
    return key % MONTH <= _last(key / MONTH)


def elapsed(period: Period, start: Any, end: Any) -> Any:
    """Completed periods between two keys; 0 where the end is before the start."""
    if period is Period.DAYS:
        difference = number(end) - number(start)
    else:
        difference = (end - start) / (YEAR if period is Period.YEARS else MONTH)
    return z3.If(end >= start, difference, z3.IntVal(0))


@_once
def shifted_months(key: Any, months: Any) -> Any:
    """A key moved by months; a day past the month's end becomes its last."""
    month, day = key / MONTH + months, key % MONTH
    last = _last(month)
    return month * MONTH + z3.If(day <= last, day, last)


def shifted_days(key: Any, days: Any) -> Any:
    """A key moved by days.

    By less than a month it is in the same month, the one before or the one after; farther, the day is counted and
    the key made of its number, by Howard Hinnant's civil_from_days (years from March, in eras of 400 years).
    """
    if z3.is_int_value(days) and abs(days.as_long()) <= LEAST_MONTH:
        return _within_a_month(key, days)
    return _farther(key, days)


@_once
def _farther(key: Any, days: Any) -> Any:
    counted = number(key) + days + _FROM_MARCH
    of_era = counted % 146_097
    year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365
    of_year = of_era - (365 * year + year / 4 - year / 100)
    month = (5 * of_year + 2) / 153
    return (counted / 146_097 * 400 + year) * YEAR + (month + 2) * MONTH + of_year - (153 * month + 2) / 5


@_once
def _within_a_month(key: Any, days: Any) -> Any:
    month, day = key / MONTH, key % MONTH + days
    length = _last(month) + 1
    before = (month - 1) * MONTH + _last(month - 1) + 1 + day
    after = (month + 1) * MONTH + day - length
    return z3.If(day < 0, before, z3.If(day >= length, after, month * MONTH + day))


def calendar(part: CalendarPart | MonthDay, key: Any) -> Any:
    """What the calendar gives for a key: a number, or a key."""
    match part:
        case CalendarPart.YEAR:
            return key / YEAR
        case CalendarPart.MONTH:
            return (key % YEAR) / MONTH + 1
        case CalendarPart.START_OF_MONTH:
            return key - key % MONTH
        case CalendarPart.START_OF_QUARTER:
            return key - key % (3 * MONTH)
        case MonthDay(month, day):
            first = (month - 1) * MONTH + day - 1
            return (key - first) / YEAR * YEAR + first


@_once
def number(key: Any) -> Any:
    """A key's day since 1970-01-01."""
    year, month, day = key / YEAR, (key % YEAR) / MONTH, key % MONTH
    before = year - 1
    leaps = before / 4 - before / 100 + before / 400
    extra = z3.If(z3.And(month >= 2, _leap(year)), 1, 0)
    return 365 * before + leaps + _chosen(month, _BEFORE) + extra + day + 1 - EPOCH


@_once
def _last(month: Any) -> Any:
    """The last day, counted from 0, of a month counted from the year 0."""
    of_year = month % 12
    short = z3.Or([of_year == one for one in _SHORT])
    return z3.If(of_year == 1, z3.If(_leap(month / 12), 28, 27), z3.If(short, 29, 30))


def _leap(year: Any) -> Any:
    return z3.And(year % 4 == 0, z3.Or(year % 100 != 0, year % 400 == 0))


def _chosen(index: Any, values: tuple[int, ...]) -> Any:
    found = z3.IntVal(values[-1])
    for position in range(len(values) - 2, -1, -1):
        found = z3.If(index == position, z3.IntVal(values[position]), found)
    return found
