"""When a target's period ends, by a plain reading of the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.registers import PaymentPeriod
from fupin_policy.decisions.judgements import period_end

QUARTERS = ((1, 2, 3), (4, 5, 6), (7, 8, 9), (10, 11, 12))


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
@example(date(2019, 3, 31))
@example(date(2019, 12, 31))
@example(date(2020, 2, 29))
def test_the_last_day_of_a_period(day: date) -> None:
    months: dict[PaymentPeriod, tuple[int, ...]] = {
        "month": (day.month,),
        "quarter": next(months for months in QUARTERS if day.month in months),
        "year": tuple(range(1, 13)),
    }
    for period, inside in months.items():
        end = to_date(period_end(period, to_day(day)))
        assert end >= day and end.year == day.year and end.month == inside[-1]
        assert (end + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("month", "last"), [(1, 3), (2, 3), (3, 3), (4, 6), (6, 6), (7, 9), (9, 9), (10, 12), (12, 12)]
)
def test_quarters(month: int, last: int) -> None:
    assert to_date(period_end("quarter", to_day(date(2019, month, 1)))).month == last
