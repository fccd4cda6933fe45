"""Dates and what the calendar gives for them, in words.

In: days, expressions. Out: texts, and templates for what is said of a date. Called by `expressions`.
The sugar of `check.dates` is recognised here and said as it was written: 月末, not 月初 + 1 个月 - 1 天.
"""

from __future__ import annotations

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import DAY_MAX, DAY_MIN, MonthDay, to_date
from fupin_policy.core.expressions import Calendar, Const, Expr, Period, Shift
from fupin_policy.prose import wording


def date_text(day: int) -> str:
    """A day, as far as the calendar goes."""
    return to_date(min(max(day, DAY_MIN), DAY_MAX)).isoformat()


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
        case Shift(Calendar(MonthDay() as day, arg), Const(value=1), Period.YEARS):
            return _named(wording.NEXT, day), arg
        case _:
            return None


def _named(words: Bilingual, day: MonthDay) -> Bilingual:
    return Bilingual(
        words.zh.replace("{day}", f"{day.month} 月 {day.day} 日"),
        words.en.replace("{day}", f"{day.day} {wording.MONTHS[day.month - 1]}"),
    )
