"""How unknown and partly known values combine: the only place that knows.

In: possible values. Out: possible values. Called by the interpreter; the compiled backends follow it to the letter.

A truth is two bits, possibly-true (2) and surely-true (1): 0 false, 2 unknown, 3 true; 1 is `nothing`.
A number or a day is an interval `(low, high)`; a code is a mask of the codes that are possible.
Every operation is sound (the true answer lies inside the one given) and monotone (knowing more only narrows).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from typing import cast

from fupin_policy.core.days import MonthDay, to_date, to_day
from fupin_policy.core.expressions import CalendarPart, Period, Rounding
from fupin_policy.core.types import INT64_MAX, INT64_MIN, Code, Day, Number, Truth, Type

FALSE, UNKNOWN, TRUE = 0, 2, 3

Interval = tuple[int, int]
Value = int | Interval


def top(type_: Type) -> Value:
    """What an unknown value of a type may be: everything in its range."""
    match type_:
        case Truth():
            return UNKNOWN
        case Number(_, _, low, high) | Day(low, high):
            return (low, high)
        case Code(_, size):
            return (1 << size) - 1
        case _:
            raise AssertionError(type_)


def bottom(type_: Type) -> Value:
    """No possible value: joined with another it leaves that one as it is."""
    match type_:
        case Truth():
            return 1
        case Code():
            return 0
        case _:
            return (INT64_MAX, INT64_MIN)


def is_singleton(type_: Type, value: Value) -> bool:
    """Whether only one value is possible."""
    match type_, value:
        case Truth(), int(bits):
            return bits != UNKNOWN
        case Code(), int(mask):
            return mask & (mask - 1) == 0
        case _, (low, high):
            return bool(low == high)
        case _:
            raise AssertionError(type_, value)


def leq(type_: Type, narrow: Value, wide: Value) -> bool:
    """Whether everything that `narrow` allows is allowed by `wide`."""
    match type_, narrow, wide:
        case Truth(), int(a), int(b):
            return b in (a, UNKNOWN)
        case Code(), int(a), int(b):
            return a & ~b == 0
        case _, (low, high), (least, most):
            return bool(least <= low and high <= most)
        case _:
            raise AssertionError(type_)


def join(type_: Type, a: Value, b: Value) -> Value:
    """What is possible when either value may be the right one."""
    match type_:
        case Truth():
            return join_truths(cast(int, a), cast(int, b))
        case Code():
            return cast(int, a) | cast(int, b)
        case _:
            return join_intervals(cast(Interval, a), cast(Interval, b))


def join_truths(a: int, b: int) -> int:
    """The same, of truths."""
    return ((a | b) & 2) | (a & b & 1)


def join_intervals(a: Interval, b: Interval) -> Interval:
    """The same, of numbers or days."""
    return (min(a[0], b[0]), max(a[1], b[1]))


def truth(possible: bool, sure: bool) -> int:
    """The two bits of a truth."""
    return (2 if possible else 0) | (1 if sure else 0)


def negate(a: int) -> int:
    """The contrary: surely becomes not possibly, and the other way round."""
    return TRUE - (a >> 1 | (a & 1) << 1)


def less(a: Interval, b: Interval) -> int:
    """`a < b`."""
    return truth(a[0] < b[1], a[1] < b[0])


def less_equal(a: Interval, b: Interval) -> int:
    """`a <= b`."""
    return truth(a[0] <= b[1], a[1] <= b[0])


def equal(a: Interval, b: Interval) -> int:
    """`a = b`."""
    return truth(a[0] <= b[1] and b[0] <= a[1], a[0] == b[1] and a[1] == b[0])


def same_code(a: int, b: int) -> int:
    """Whether two codes are the same."""
    return truth(a & b != 0, a == b and a & (a - 1) == 0)


def one_of(a: int, mask: int) -> int:
    """Whether a code is among those of a mask."""
    return truth(a & mask != 0, a & ~mask == 0)


def add(args: Sequence[Interval]) -> Interval:
    """The sum."""
    return (sum([low for low, _ in args]), sum([high for _, high in args]))


def times(a: Interval, b: Interval) -> Interval:
    """The product."""
    return _corners(lambda x, y: x * y, a, b)


def over(a: Interval, b: Interval, rounding: Rounding) -> Interval:
    """The rounded quotient; `b` does not contain 0."""
    return _corners(lambda x, y: quotient(x, y, rounding), a, b)


def scaled(a: Interval, factor: int) -> Interval:
    """`a` times a constant."""
    return (a[0] * factor, a[1] * factor) if factor >= 0 else (a[1] * factor, a[0] * factor)


def quotient(numerator: int, denominator: int, rounding: Rounding) -> int:
    """`numerator / denominator` rounded to an integer; the denominator is not 0."""
    size, rest = divmod(abs(numerator), abs(denominator))
    match rounding:
        case Rounding.HALF_UP:
            size += rest >= abs(denominator) - rest
        case Rounding.UP:
            size += rest > 0
        case Rounding.DOWN:
            pass
    return size if (numerator < 0) == (denominator < 0) else -size


def date_diff(period: Period, start: Interval, end: Interval) -> Interval:
    """Completed periods between two days, least and most."""
    return (date_diff_days(period, start[1], end[0]), date_diff_days(period, start[0], end[1]))


def date_diff_days(period: Period, start: int, end: int) -> int:
    """Completed years, months or days from day `start` to day `end`; 0 where `end` is earlier.

    29 February is completed on 1 March of a year that has no 29 February.
    """
    if end < start:
        return 0
    if period is Period.DAYS:
        return end - start
    first, last = to_date(start), to_date(end)
    if period is Period.YEARS:
        return last.year - first.year - ((last.month, last.day) < (first.month, first.day))
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def shift(day: Interval, amount: Interval, period: Period) -> Interval:
    """A day moved by a number of periods."""
    return (shift_day(day[0], amount[0], period), shift_day(day[1], amount[1], period))


def shift_day(day: int, amount: int, period: Period) -> int:
    """A day moved by years, months (a day past the month's end becomes its last) or days."""
    if period is Period.DAYS:
        return day + amount
    start = to_date(day)
    months = start.year * 12 + start.month - 1 + amount * (12 if period is Period.YEARS else 1)
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    return to_day(start.replace(year=year, month=month + 1, day=min(start.day, last)))


def calendar(part: CalendarPart | MonthDay, day: Interval) -> Interval:
    """What the calendar gives for a day: end by end, but for the month, which begins again with each year."""
    low, high = (calendar_of_day(part, end) for end in day)
    if part is CalendarPart.MONTH and to_date(day[0]).year != to_date(day[1]).year:
        return (1, 12)
    return (low, high)


def calendar_of_day(part: CalendarPart | MonthDay, day: int) -> int:
    """The year, the month (1 to 12), or the first day of the month or quarter; or the last month and day until then."""
    date = to_date(day)
    match part:
        case CalendarPart.YEAR:
            return date.year
        case CalendarPart.MONTH:
            return date.month
        case CalendarPart.START_OF_MONTH:
            return to_day(date.replace(day=1))
        case CalendarPart.START_OF_QUARTER:
            return to_day(date.replace(month=date.month - (date.month - 1) % 3, day=1))
        case MonthDay(month, of_month):
            year = date.year - ((date.month, date.day) < (month, of_month))
            return to_day(date.replace(year=year, month=month, day=of_month))


def clamp(a: Interval, low: int, high: int) -> Interval:
    """`a` kept within two numbers; beyond them it is the nearer one."""
    return (min(max(a[0], low), high), min(max(a[1], low), high))


def extreme(args: Sequence[Interval], greatest: bool) -> Interval:
    """The least or the greatest of several numbers or days; at least one."""
    pick: Callable[..., int] = max if greatest else min
    return (pick(low for low, _ in args), pick(high for _, high in args))


def count(selected: Sequence[int]) -> Interval:
    """How many truths hold."""
    return (sum(bits & 1 for bits in selected), sum(bits >> 1 for bits in selected))


def total(selected: Sequence[int], values: Sequence[Interval], default: Interval = (0, 0)) -> Interval:
    """The sum of the values whose truth holds; `default` where none does."""
    low = high = 0
    for bits, (least, most) in zip(selected, values, strict=True):
        if bits == TRUE:
            low, high = low + least, high + most
        elif bits == UNKNOWN:
            low, high = low + min(0, least), high + max(0, most)
    if default == (0, 0) or TRUE in selected:
        return (low, high)
    # at least one is taken, which is of several the one that least adds to the end or takes from it
    maybe = [v for bits, v in zip(selected, values, strict=True) if bits != FALSE]
    lows = [low] if low < 0 else [least for least, _ in maybe]
    highs = [high] if high > 0 else [most for _, most in maybe]
    return (min([*lows, default[0]]), max([*highs, default[1]]))


def extreme_of(selected: Sequence[int], values: Sequence[Interval], default: Interval, greatest: bool) -> Interval:
    """The least or greatest of the values whose truth holds; `default` where none does."""
    if greatest:
        low, high = extreme_of(selected, [scaled(v, -1) for v in values], scaled(default, -1), False)
        return (-high, -low)
    sure = [v for bits, v in zip(selected, values, strict=True) if bits == TRUE]
    maybe = [v for bits, v in zip(selected, values, strict=True) if bits != FALSE]
    if sure:
        return (min(low for low, _ in maybe), min(high for _, high in sure))
    reached = [*maybe, default]
    return (min(low for low, _ in reached), max(high for _, high in reached))


def _corners(operation: Callable[[int, int], int], a: Interval, b: Interval) -> Interval:
    found = [operation(x, y) for x in a for y in b]
    return (min(found), max(found))
