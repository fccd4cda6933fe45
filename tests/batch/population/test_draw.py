"""Days of birth are drawn evenly over the year in which somebody is as old as was drawn."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_policy.batch.population.draw import _days
from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.expressions import Period
from fupin_policy.core.possible import date_diff_days

WHOLE = 2**32


def drawn(years: int, rest: int, as_of: date) -> date:
    (found,) = _days(np.array([years], np.int64), np.array([rest], np.uint64), as_of).tolist()
    return to_date(found)


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(0, 90), st.integers(0, 2**64 - 1))
def test_whoever_is_drawn_is_as_old_as_was_drawn(as_of: date, years: int, rest: int) -> None:
    born = to_day(drawn(years, rest, as_of))
    assert date_diff_days(Period.YEARS, born, to_day(as_of)) == years


@pytest.mark.parametrize(
    "as_of", [date(2019, 6, 30), date(2019, 1, 1), date(2019, 12, 31), date(2020, 2, 29), date(2020, 2, 1)]
)
def test_the_last_day_is_the_birthday_and_the_first_the_day_after_a_year_before(as_of: date) -> None:
    """29 February counts as 28, as most years have no such day."""
    day = as_of.replace(day=28) if (as_of.month, as_of.day) == (2, 29) else as_of
    assert drawn(40, 0, as_of) == day.replace(year=as_of.year - 40)
    assert drawn(40, WHOLE - 1, as_of).toordinal() == day.replace(year=as_of.year - 40).toordinal() - 364


def test_each_day_of_the_year_is_drawn_as_often() -> None:
    """Of all that the lower half of what is drawn can be a 365th part each, cut at whole numbers."""
    last = date(1979, 6, 30).toordinal()
    for day in range(365):
        first = -(-day * WHOLE // 365)
        for rest in (first, first + 1, -(-(day + 1) * WHOLE // 365) - 1):
            for upper in (0, 2**31):
                assert drawn(40, upper * WHOLE + rest, date(2019, 6, 30)).toordinal() == last - day
