"""Dates and what the calendar gives for them, in words.

In: days, expressions. Out: texts, and templates for what is said of a date. Called by `expressions`.
The sugar of `check.dates` is recognised here and said as it was written: 月末, not 月初 + 1 个月 - 1 天.
"""

from __future__ import annotations

from datetime import date, timedelta

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import DAY_MAX, DAY_MIN, MonthDay, to_date
from fupin_policy.core.expressions import Calendar, CalendarPart, Compare, Const, Expr, Period, Shift
from fupin_policy.prose import wording

_COMMON_YEAR = 2001


def date_text(day: int) -> str:
    """A day, as far as the calendar goes."""
    return to_date(min(max(day, DAY_MIN), DAY_MAX)).isoformat()


def month_day_text(day: MonthDay) -> Bilingual:
    """A month and day of every year: `9 月 1 日`, `1 September`."""
    return Bilingual(f"{day.month} 月 {day.day} 日", f"{day.day} {wording.MONTHS[day.month - 1]}")


def day_before(day: MonthDay) -> MonthDay:
    """The day before, of a common year."""
    before = date(_COMMON_YEAR, day.month, day.day) - timedelta(days=1)
    return MonthDay(before.month, before.day)


def calendar_words(expr: Calendar) -> tuple[Bilingual, Expr]:
    """A template for what the calendar gives for a date, and that date."""
    match expr.part:
        case MonthDay() as day if day not in wording.CALENDAR:
            return _named(wording.LAST, day), expr.arg
        case part:
            return wording.CALENDAR[part], expr.arg


def shift_words(expr: Shift) -> tuple[Bilingual, Expr] | None:
    """The same, of a date moved; None where nothing more is meant by it."""
    match expr:
        case Shift(Shift(Calendar(part, arg), Const(value=months), Period.MONTHS), Const(value=-1), Period.DAYS):
            ends = wording.CALENDAR_ENDS.get((part, months))
            return None if ends is None else (ends, arg)
        case Shift(Calendar(CalendarPart.START_OF_MONTH, arg), Const(value=-1), Period.DAYS):
            return wording.MONTH_BEFORE, arg
        case Shift(Calendar(MonthDay() as day, arg), Const(value=1), Period.YEARS):
            return _named(wording.NEXT, day), arg
        case _:
            return None


def window_words(expr: Compare, holds: bool) -> tuple[Bilingual, Expr] | None:
    """A template for a window of each year, which is that its last end was before its last beginning; else None."""
    match expr:
        case Compare("<", Calendar(MonthDay() as end, arg), Calendar(MonthDay() as start, other)) if arg == other:
            return _named(_named(wording.WINDOW[holds], start), day_before(end), "{last}"), arg
        case _:
            return None


def _named(words: Bilingual, day: MonthDay, place: str = "{day}") -> Bilingual:
    shown = month_day_text(day)
    return Bilingual(words.zh.replace(place, shown.zh), words.en.replace(place, shown.en))
