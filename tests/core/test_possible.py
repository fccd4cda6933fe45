"""What is possible, against enumeration: every operation holds all that can be, and nothing wider than it must.

A partly known value stands for a set of values; an operation must give just what the exact operation gives over all of
them. A truth is written as the set of what it may be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_policy.core import possible
from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.expressions import Period, Rounding
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN, Interval
from fupin_policy.core.types import INT64_MAX, INT64_MIN, Code, Day, ErrorType, Number, Truth

SPAN = range(-3, 4)
INTERVALS: list[Interval] = [(low, high) for low in SPAN for high in SPAN if low <= high]
MASKS = range(1, 8)
TRUTHS = {FALSE: {False}, UNKNOWN: {False, True}, TRUE: {True}}


def within(interval: Interval) -> range:
    """The values of an interval."""
    return range(interval[0], interval[1] + 1)


def codes(mask: int) -> list[int]:
    """The bits of a mask."""
    return [1 << at for at in range(3) if mask >> at & 1]


def bits(values: set[bool]) -> int:
    """A set of truths as its bits."""
    return {frozenset({False}): FALSE, frozenset({True}): TRUE, frozenset({False, True}): UNKNOWN}[frozenset(values)]


def hull(values: list[int]) -> Interval:
    """The interval of some values."""
    return (min(values), max(values))


COMPARISONS: list[tuple[Callable[[Interval, Interval], int], Callable[[int, int], bool]]] = [
    (possible.less, lambda x, y: x < y),
    (possible.less_equal, lambda x, y: x <= y),
    (possible.equal, lambda x, y: x == y),
]


@pytest.mark.parametrize(("operation", "exact"), COMPARISONS, ids=["less", "less_equal", "equal"])
def test_comparisons(operation: Callable[[Interval, Interval], int], exact: Callable[[int, int], bool]) -> None:
    for a, b in product(INTERVALS, repeat=2):
        assert operation(a, b) == bits({exact(x, y) for x in within(a) for y in within(b)}), (a, b)


def test_codes() -> None:
    for a, b in product(MASKS, repeat=2):
        assert possible.same_code(a, b) == bits({x == y for x in codes(a) for y in codes(b)}), (a, b)
        assert possible.one_of(a, b) == bits({x in codes(b) for x in codes(a)}), (a, b)
    assert possible.one_of(5, 0) == FALSE


def test_the_contrary() -> None:
    for a, values in TRUTHS.items():
        assert possible.negate(a) == bits({not value for value in values})
    assert (FALSE, UNKNOWN, TRUE) == (0, 2, 3)
    assert {(p, s): possible.truth(p, s) for p, s in product((False, True), repeat=2)} == {
        (False, False): FALSE,
        (True, False): UNKNOWN,
        (True, True): TRUE,
        (False, True): possible.bottom(Truth()),
    }


def test_products() -> None:
    for a, b in product(INTERVALS, repeat=2):
        assert possible.times(a, b) == hull([x * y for x in within(a) for y in within(b)]), (a, b)
    for a, factor in product(INTERVALS, SPAN):
        assert possible.scaled(a, factor) == hull([x * factor for x in within(a)]), (a, factor)


def rounded(value: Fraction, mode: Rounding) -> int:
    """The oracle of a rounded quotient."""
    size = abs(value)
    whole = size.numerator // size.denominator
    rest = size - whole
    more = {Rounding.HALF_UP: rest >= Fraction(1, 2), Rounding.UP: rest > 0, Rounding.DOWN: False}[mode]
    return (whole + more) * (-1 if value < 0 else 1)


@pytest.mark.parametrize("mode", Rounding)
def test_quotients(mode: Rounding) -> None:
    for x, y in product(range(-13, 14), range(-7, 8)):
        if y:
            assert possible.quotient(x, y, mode) == rounded(Fraction(x, y), mode), (x, y)
    for a, b in product(INTERVALS, INTERVALS):
        if not b[0] <= 0 <= b[1]:
            found = [rounded(Fraction(x, y), mode) for x in within(a) for y in within(b)]
            assert possible.over(a, b, mode) == hull(found), (a, b)


@given(st.integers(-(2**63), 2**63), st.integers(-(2**40), 2**40).filter(bool), st.sampled_from(list(Rounding)))
def test_large_quotients(x: int, y: int, mode: Rounding) -> None:
    assert possible.quotient(x, y, mode) == rounded(Fraction(x, y), mode)


@pytest.mark.parametrize("greatest", [False, True])
def test_extremes(greatest: bool) -> None:
    pick = max if greatest else min
    small = [(low, high) for low in range(-1, 2) for high in range(-1, 2) if low <= high]
    for size in (1, 2, 3):
        for args in product(small, repeat=size):
            assert possible.extreme(args, greatest) == hull([pick(xs) for xs in product(*map(within, args))]), args


def selections(size: int) -> Iterator[tuple[tuple[int, ...], list[tuple[bool, ...]]]]:
    """Partly known selections of members, each with all the selections that it may be."""
    for selected in product(TRUTHS, repeat=size):
        yield selected, list(product(*(sorted(TRUTHS[one]) for one in selected)))


FEW = [(-2, -1), (-1, 1), (0, 0), (1, 3), (2, 2)]


def test_counts_and_totals() -> None:
    for size in range(4):
        for selected, ways in selections(size):
            assert possible.count(selected) == hull([sum(way) for way in ways]), selected
            for values in product(FEW[:4], repeat=size) if size < 3 else [tuple(FEW[:3])]:
                found = [
                    sum(x for x, taken in zip(xs, way, strict=True) if taken)
                    for way in ways
                    for xs in product(*map(within, values))
                ]
                assert possible.total(selected, values) == hull(found), (selected, values)


VALUES = st.sampled_from(INTERVALS)


@given(st.lists(st.tuples(st.sampled_from(sorted(TRUTHS)), VALUES), max_size=4), VALUES)
def test_what_is_gathered_of_rows_is_just_what_can_be(rows: list[tuple[int, Interval]], default: Interval) -> None:
    """The sum and the greatest of the values whose test holds, or the default where none does."""
    selected, values = [bits_ for bits_, _ in rows], [value for _, value in rows]
    sums, most = set[int](), set[int]()
    for way in product(*(TRUTHS[bits_] for bits_ in selected)):
        taken = [value for value, chosen in zip(values, way, strict=True) if chosen]
        for xs in product(*map(within, taken)):
            sums.update([sum(xs)] if xs else within(default))
            most.update([max(xs)] if xs else within(default))
    assert possible.total(selected, values, default) == hull(list(sums))
    assert possible.extreme_of(selected, values, default, True) == hull(list(most))


@pytest.mark.parametrize("greatest", [False, True])
def test_the_extreme_of_those_selected(greatest: bool) -> None:
    pick = max if greatest else min
    for size in range(3):
        for selected, ways in selections(size):
            for values in product(FEW, repeat=size):
                for default in ((0, 0), (-3, 3)):
                    found = [
                        pick([x for x, taken in zip(xs, way, strict=True) if taken], default=d)
                        for way in ways
                        for xs in product(*map(within, values))
                        for d in within(default)
                    ]
                    assert possible.extreme_of(selected, values, default, greatest) == hull(found), (selected, values)


def test_what_either_may_be() -> None:
    number = Number((), 0, -3, 3)
    for a, b in product(INTERVALS, repeat=2):
        assert possible.join(number, a, b) == hull([*within(a), *within(b)])
    for x, y in product(TRUTHS, repeat=2):
        assert possible.join(Truth(), x, y) == bits(TRUTHS[x] | TRUTHS[y])
    for x, y in product(MASKS, repeat=2):
        assert set(codes(int(str(possible.join(Code("l", 3), x, y))))) == {*codes(x), *codes(y)}


@pytest.mark.parametrize("type_", [Truth(), Number((), 0, -3, 3), Day(-3, 3), Code("l", 3)])
def test_nothing_adds_nothing(type_: Truth | Number | Day | Code) -> None:
    none = possible.bottom(type_)
    values = {Truth: list(TRUTHS), Code: list(MASKS)}.get(type(type_), INTERVALS)
    for value in values:
        assert possible.join(type_, none, value) == value == possible.join(type_, value, none)
    assert possible.bottom(Number((), 0, 0, 0)) == (INT64_MAX, INT64_MIN) == (2**63 - 1, -(2**63))


def test_all_that_an_unknown_value_may_be() -> None:
    assert possible.top(Truth()) == UNKNOWN
    assert possible.top(Number((), 2, -5, 7)) == (-5, 7)
    assert possible.top(Day(3, 9)) == (3, 9)
    assert possible.top(Code("l", 4)) == 0b1111
    with pytest.raises(AssertionError):
        possible.top(ErrorType())


def test_what_is_exact_and_what_is_narrower() -> None:
    number = Number((), 0, -3, 3)
    for a in INTERVALS:
        assert possible.is_singleton(number, a) == (len(within(a)) == 1)
        for b in INTERVALS:
            assert possible.leq(number, a, b) == (set(within(a)) <= set(within(b)))
    for truth, values in TRUTHS.items():
        assert possible.is_singleton(Truth(), truth) == (len(values) == 1)
        for other, others in TRUTHS.items():
            assert possible.leq(Truth(), truth, other) == (values <= others)
    for mask in MASKS:
        assert possible.is_singleton(Code("l", 3), mask) == (len(codes(mask)) == 1)
        for wide in MASKS:
            assert possible.leq(Code("l", 3), mask, wide) == (set(codes(mask)) <= set(codes(wide)))


# -- the calendar -----------------------------------------------------------------------------------------------------


def moved(day: date, months: int) -> date:
    """The oracle of moving by months: the same day of the month, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


def anniversaries(start: date, end: date, every: int) -> int:
    """The oracle of completed periods of so many months: how many have their day reached by `end`.

    A day that a month lacks is reached on the first of the next month.
    """
    count = 0
    while True:
        year, month = divmod(start.year * 12 + start.month - 1 + (count + 1) * every, 12)
        try:
            reached = date(year, month + 1, start.day)
        except ValueError:
            reached = date(year + (month == 11), (month + 1) % 12 + 1, 1)
        if reached > end:
            return count
        count += 1


EDGES = [
    date(1999, 12, 31), date(2000, 2, 28), date(2000, 2, 29), date(2000, 3, 1), date(2001, 2, 28), date(2001, 3, 1),
    date(2004, 2, 29), date(2019, 1, 29), date(2019, 1, 30), date(2019, 1, 31), date(2019, 2, 28), date(2019, 3, 31),
    date(2019, 4, 30), date(2019, 5, 1), date(2019, 12, 31), date(2020, 1, 1), date(2020, 2, 29), date(2020, 3, 1),
]  # fmt: skip


@pytest.mark.parametrize(("period", "months"), [(Period.YEARS, 12), (Period.MONTHS, 1)])
def test_completed_periods(period: Period, months: int) -> None:
    for start, end in product(EDGES, repeat=2):
        wanted = anniversaries(start, end, months) if start <= end else 0
        assert possible.date_diff_days(period, to_day(start), to_day(end)) == wanted, (start, end)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_completed_years_and_days(start: date, end: date) -> None:
    years = anniversaries(start, end, 12) if start <= end else 0
    assert possible.date_diff_days(Period.YEARS, to_day(start), to_day(end)) == years
    assert possible.date_diff_days(Period.DAYS, to_day(start), to_day(end)) == max(0, (end - start).days)


@given(st.dates(date(1500, 1, 1), date(2500, 1, 1)), st.integers(-2000, 2000))
def test_a_day_that_is_moved(day: date, amount: int) -> None:
    at = to_day(day)
    assert to_date(possible.shift_day(at, amount, Period.DAYS)) == day + timedelta(days=amount)
    assert to_date(possible.shift_day(at, amount, Period.MONTHS)) == moved(day, amount)
    assert to_date(possible.shift_day(at, amount // 10, Period.YEARS)) == moved(day, amount // 10 * 12)


@pytest.mark.parametrize("period", Period)
def test_partly_known_days(period: Period) -> None:
    base = to_day(date(2020, 2, 27))
    few = [(low, high) for low in range(4) for high in range(low, 4)]
    for a, b in product(few, repeat=2):
        start, end = (a[0] + base, a[1] + base), (b[0] + base + 364, b[1] + base + 366)
        found = [possible.date_diff_days(period, x, y) for x in within(start) for y in within(end)]
        assert possible.date_diff(period, start, end) == hull(found)
        moves = [possible.shift_day(x, n, period) for x in within(start) for n in within(b)]
        assert possible.shift(start, b, period) == hull(moves)


@given(st.dates())
def test_days_are_counted_from_1970(day: date) -> None:
    assert to_day(day) == (day - date(1970, 1, 1)).days
    assert to_date(to_day(day)) == day
