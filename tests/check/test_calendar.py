"""The calendar's functions: what each gives on every day, in every evaluator, and that old names go on."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path

import pytest
from checked_ruleset import checked, policy, written
from hypothesis import example, given, settings
from hypothesis import strategies as st
from worlds import world

from fupin_policy import load
from fupin_policy.core import possible
from fupin_policy.core.days import DAY_MAX, DAY_MIN, MonthDay, to_date, to_day
from fupin_policy.core.expressions import Calendar, CalendarPart
from fupin_policy.core.possible import Interval, calendar, calendar_of_day
from fupin_policy.core.types import Day, Number

MONTH_DAYS = st.dates(date(2001, 1, 1), date(2001, 12, 31)).map(lambda day: MonthDay(day.month, day.day))
STARTS = (CalendarPart.START_OF_MONTH, CalendarPart.START_OF_QUARTER)


@given(st.dates())
@example(date.min)
@example(date.max)
def test_numbers_and_starts_are_those_of_the_calendar(day: date) -> None:
    at = to_day(day)
    assert calendar_of_day(CalendarPart.YEAR, at) == day.year
    assert calendar_of_day(CalendarPart.MONTH, at) == day.month
    assert to_date(calendar_of_day(CalendarPart.START_OF_MONTH, at)) == day.replace(day=1)
    first = to_date(calendar_of_day(CalendarPart.START_OF_QUARTER, at))
    assert first.day == 1 and first.month in (1, 4, 7, 10) and first.year == day.year
    assert first <= day and (day.month - first.month) in (0, 1, 2)
    assert to_date(calendar_of_day(MonthDay(1, 1), at)) == date(day.year, 1, 1)


@given(st.dates(date(2, 1, 1)), MONTH_DAYS)
def test_the_last_is_the_nearest_that_is_not_later(day: date, anchor: MonthDay) -> None:
    last = to_date(calendar_of_day(anchor, to_day(day)))
    assert (last.month, last.day) == (anchor.month, anchor.day) and last <= day
    assert day < date(9999, 1, 1) or last.year >= 9998
    if last.year < 9999:
        assert last.replace(year=last.year + 1) > day


@settings(max_examples=60, deadline=None)
@given(st.integers(DAY_MIN + 400, DAY_MAX), st.integers(0, 900), st.data())
def test_of_days_that_are_possible_the_answer_is_the_hull(low: int, more: int, data: st.DataObject) -> None:
    high = min(DAY_MAX, low + more)
    part = data.draw(st.one_of(st.sampled_from(list(CalendarPart)), MONTH_DAYS))
    every = [calendar_of_day(part, day) for day in range(low, high + 1)]
    hull = (min(every), max(every))
    # a whole year is taken for what it may be, although some months of two are not among them
    wide = part is CalendarPart.MONTH and to_date(low).year != to_date(high).year
    assert calendar(part, (low, high)) == ((1, 12) if wide else hull)
    if wide:
        assert possible.leq(Number((), 0, 1, 12), hull, (1, 12))


ENDS = {
    "月末": lambda day: date(day.year, day.month, monthrange(day.year, day.month)[1]),
    "季末": lambda day: (
        (date(day.year, day.month - (day.month - 1) % 3 + 2, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    ),
    "年末": lambda day: date(day.year, 12, 31),
    "下一个(07-01, {})": lambda day: date(day.year + ((day.month, day.day) >= (7, 1)), 7, 1),
    "next(02-28, {})": lambda day: date(day.year + ((day.month, day.day) >= (2, 28)), 2, 28),
}
FACT = "  - {name: d, label: 某日, for: household, type: date, range: 0002-01-01..9998-11-30}\n"
WORLD = world(FACT)


@settings(max_examples=150, deadline=None)
@given(st.dates(date(2, 1, 1), date(9998, 11, 30)), st.sampled_from(sorted(ENDS)))
@example(date(2020, 2, 29), "月末")
@example(date(2019, 7, 1), "下一个(07-01, {})")
@example(date(2019, 6, 30), "下一个(07-01, {})")
def test_sugar_is_what_it_stands_for(day: date, function: str) -> None:
    text = function.format("某日") if "{}" in function else f"{function}(某日)"
    expr = WORLD.typed(text)
    assert isinstance(expr.type, Day) and not isinstance(expr, Calendar)
    at = to_day(day)
    assert WORLD.evaluated(expr, {"某日": at}) == (to_day(ENDS[function](day)),) * 2


def test_old_names_go_on(tmp_path: Path) -> None:
    facts = """kind: facts
facts:
  - {name: month, label: 月份, for: household, type: number, range: 0..12}
  - {name: last, label: 年初, for: household, type: truth}
  - {name: next, label: 下一个, for: household, type: truth}
"""
    ruleset = load(
        written(tmp_path, facts, policy("年初 且 非 next 且 月份 > 3 且 month <= 月份(基准日)")), cache=False
    )
    for given_month, expected in ((6, "eligible"), (7, "ineligible"), (3, "ineligible")):
        household = {"id": "h", "月份": given_month, "年初": "是", "next": "否", "members": [{"id": "m"}]}
        assert ruleset.evaluate(household, "2019-06-30")["p"].status.value == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("有成员满足(最近的(02-29, 出生日期) < 基准日)", "S026"),
        ("有成员满足(下一个(2-30, 出生日期) < 基准日)", "S025"),
        ("有成员满足(last(13-1, 出生日期) < 基准日)", "S025"),
        ("有成员满足(月末(9999-12-01) < 基准日)", "R302"),
        ("有成员满足(最近的(09-01, 0001-01-01) < 基准日)", "R302"),
        ("月份(收入) = 3", "T212"),
    ],
)
def test_wrong_uses_are_said(tmp_path: Path, text: str, code: str) -> None:
    assert [one.code for one in checked(tmp_path, policy(f"'{text}'"))[1]] == [code]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("0001-01-03 - 2天", True), ("0001-01-03 - 3天", False), ("9999-12-29 + 2天", True),
        ("9999-12-29 + 3天", False), ("0002-01-01 - 12个月", True), ("0002-01-01 - 13个月", False),
        ("9998-12-31 + 1年", True), ("9998-12-31 + 2年", False),
    ],
)  # fmt: skip
def test_days_go_from_the_first_year_to_the_last(tmp_path: Path, text: str, fits: bool) -> None:
    """A day moved lies between 0001-01-01 and 9999-12-31, both of them days."""
    assert [one.code for one in checked(tmp_path, policy(f"'{text} <= 基准日'"))[1]] == ([] if fits else ["R302"])


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("出生日期 在 2000-01-01..2000-01-01", True), ("出生日期 在 2000-01-02..2000-01-01", False),
        ("出生日期 在 2000-01-01..2000-01-02", True),
    ],
)  # fmt: skip
def test_a_stretch_of_days_may_be_one_day(tmp_path: Path, text: str, fits: bool) -> None:
    found = checked(tmp_path, policy(f"'有成员满足({text})'"))[1]
    assert [one.code for one in found] == ([] if fits else ["R308"])


def interval(first: date, last: date) -> Interval:
    return to_day(first), to_day(last)


def test_two_decembers_are_any_month() -> None:
    assert calendar(CalendarPart.MONTH, interval(date(2018, 12, 31), date(2019, 1, 1))) == (1, 12)
    assert calendar(CalendarPart.MONTH, interval(date(2019, 3, 31), date(2019, 4, 1))) == (3, 4)
