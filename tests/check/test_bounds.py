"""The proof that 64 bits suffice, tried just inside and just outside; divisors that touch zero; ranges of dates.

A value of 2**63 - 1 and one of -2**63 mean "no value" at run time, so the proof keeps clear of both.
"""

from __future__ import annotations

from datetime import date

import pytest
from worlds import World, world

from fupin_policy.core.days import DAY_MAX, DAY_MIN, to_day
from fupin_policy.core.types import Day, Number

MOST, LEAST = 2**63 - 2, -(2**63) + 1
HALF = 2**62


def number(name: str, low: int | str, high: int | str, level: str = "household", more: str = "") -> str:
    """A plain number as a fact called `name`."""
    return f"- {{name: {name}, label: {name.upper()}, for: {level}, type: number, range: {low}..{high}{more}}}\n"


def of(*facts: str, members: str = "0..3") -> World:
    """A world of some facts."""
    return world("".join(facts), members=members)


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_literal_at_the_edge(sign: str) -> None:
    made = world()
    assert made.codes(f"{sign}{MOST} = 0") == []
    assert made.codes(f"{sign}{MOST + 1} = 0") == ["R301"]
    scaled = f"{MOST // 10**4}.{MOST % 10**4:04d}"
    assert made.codes(f"{sign}{scaled} = 0.0000") == []
    assert made.codes(f"{sign}{MOST // 10**4}.{MOST % 10**4 + 1:04d} = 0.0000") == ["R301"]


def test_a_declared_range_at_the_edge() -> None:
    assert of(number("a", -HALF, HALF)).codes("A > 0") == []
    with pytest.raises(AssertionError, match="may leave 64 bits"):
        of(number("a", 0, HALF + 1))
    with pytest.raises(AssertionError, match="may leave 64 bits"):
        of(number("a", -HALF - 1, 0))


SUMS = [
    ((0, HALF), (0, HALF - 2), "A + B", []),
    ((0, HALF), (0, HALF - 1), "A + B", ["R301"]),
    ((-HALF, 0), (-HALF + 1, 0), "A + B", []),
    ((-HALF, 0), (-HALF, 0), "A + B", ["R301"]),
    ((0, HALF), (-HALF + 2, 0), "A - B", []),
    ((0, HALF), (-HALF + 1, 0), "A - B", ["R301"]),
    ((0, HALF), (0, HALF), "A - B", []),
    # a partial sum may leave 64 bits although the whole does not
    ((HALF, HALF), (HALF - 1, HALF - 1), "A + B - A", ["R301"]),
    ((HALF, HALF), (HALF - 2, HALF - 2), "A + B - A", []),
    ((-HALF, -HALF), (-HALF, -HALF), "A + B - A", ["R301"]),
    ((-HALF, -HALF), (1 - HALF, 1 - HALF), "A + B - A", []),
]


@pytest.mark.parametrize(("a", "b", "text", "said"), SUMS)
def test_sums_at_the_edge(a: tuple[int, int], b: tuple[int, int], text: str, said: list[str]) -> None:
    assert of(number("a", *a), number("b", *b)).codes(text) == said


PRODUCTS = [
    ((0, 2**31), (0, 2**32 - 1), []),
    ((0, 2**31), (0, 2**32), ["R301"]),
    ((-(2**31), 0), (0, 2**32 - 1), []),
    ((-(2**31), 0), (0, 2**32), ["R301"]),
    ((-(2**31), 5), (-(2**32) + 1, 5), []),
    ((-(2**31), 5), (-(2**32), 5), ["R301"]),
    ((-3, 2**40), (-(2**23) + 1, 1), []),
    ((-3, 2**40), (-(2**23), 1), ["R301"]),
]


@pytest.mark.parametrize(("a", "b", "said"), PRODUCTS)
def test_products_at_the_edge(a: tuple[int, int], b: tuple[int, int], said: list[str]) -> None:
    made = of(number("a", *a), number("b", *b))
    assert made.codes("A × B") == said
    assert made.codes("B × A") == said


@pytest.mark.parametrize("members", [1, 2, 7])
def test_sums_over_members_at_the_edge(members: int) -> None:
    most, least = MOST // members, -(-LEAST // members) if LEAST % members else LEAST // members
    high, low = min(most, HALF), max(least, -HALF)
    made = of(number("a", low, high, "member"), members=f"0..{members}")
    assert made.codes("成员合计(A)") == []
    if members > 1:
        assert of(number("a", 0, high + 1, "member"), members=f"0..{members}").codes("成员合计(A)") == ["R301"]
        assert of(number("a", low - 1, 0, "member"), members=f"0..{members}").codes("成员合计(A)") == ["R301"]


SCALED = [
    # the left is brought to two decimals, times a hundred
    (MOST // 100, "A = 0.01", []),
    (MOST // 100 + 1, "A = 0.01", ["R301"]),
    (MOST // 100, "A + 0.00", []),
    (MOST // 100 + 1, "A + 0.00", ["R301"]),
    (MOST // 100, "较大(A, 0.01)", []),
    (MOST // 100 + 1, "较大(A, 0.01)", ["R301"]),
    (MOST // 100, "若 A > 0 则 A 否则 0.01", []),
    (MOST // 100 + 1, "若 A > 0 则 A 否则 0.01", ["R301"]),
    # a numerator is brought to the decimals of the step
    (MOST // 1000, "A ÷ 3 四舍五入到 0.001", []),
    (MOST // 1000 + 1, "A ÷ 3 四舍五入到 0.001", ["R301"]),
    # rounded up, it may come to be more than it was
    (HALF, "A 进位到 1000", []),
]


@pytest.mark.parametrize(("high", "text", "said"), SCALED)
def test_scales_at_the_edge(high: int, text: str, said: list[str]) -> None:
    assert of(number("a", 0, high)).codes(text) == said
    if not text.startswith("若"):
        assert of(number("a", -high - (2 if said else 0), 0)).codes(text) == said


def test_a_step_that_is_larger_than_the_range_at_the_edge() -> None:
    step = 3 * 10**18
    made = of(number("a", 0, HALF))
    # 4.6e18 in steps of 3e18 are two steps, 6e18; in steps of 5e18 one; in steps of 1e19 the step itself is too wide
    assert made.codes(f"A 进位到 {step}") == []
    assert made.codes(f"A 进位到 {5 * 10**18}") == []
    assert made.codes(f"A 进位到 {10**19}") == ["R301"]


def test_a_denominator_at_the_edge() -> None:
    # in steps of 10 the denominator is ten times as large
    made = of(number("a", 0, 5), number("b", 1, MOST // 10), number("c", 1, MOST // 10 + 1))
    assert made.codes("A ÷ B 进位到 10") == []
    assert made.codes("A ÷ C 进位到 10") == ["R301"]


DIVISORS = [
    (1, 5, []),
    (-5, -1, []),
    (0, 5, ["T207"]),
    (-5, 0, ["T207"]),
    (-1, 1, ["T207"]),
    (0, 0, ["T207"]),
    (-5, 5, ["T207"]),
]


@pytest.mark.parametrize(("low", "high", "said"), DIVISORS)
def test_a_divisor_that_touches_zero(low: int, high: int, said: list[str]) -> None:
    made = of(number("a", 0, 9), number("b", low, high))
    assert made.codes("A ÷ B 四舍五入到 0.01") == said
    assert made.codes("A ÷ B ÷ 3 舍去到 1") == said
    assert made.codes("A × A ÷ B 进位到 10") == said
    assert made.codes("A ÷ 较大(1, B) 舍去到 1") == []
    assert made.codes("A ÷ (B + 6) 舍去到 1") == []
    assert made.codes("A ÷ -B 舍去到 1") == said


@pytest.mark.parametrize(("low", "said"), [("0.1", []), ("0.0", ["T207"]), ("-0.1", ["T207"])])
def test_a_divisor_with_decimals_that_touches_zero(low: str, said: list[str]) -> None:
    made = of(number("a", 0, 9), number("b", low, "0.5", more=", decimals: 1"))
    assert made.codes("A ÷ B 四舍五入到 0.01") == said


def test_the_fact_to_be_tightened_is_the_widest() -> None:
    made = of(number("a", 0, 2**33), number("b", -(2**40), 2**40), number("c", 0, 1))
    assert made.codes("A × B × C") == ["R301"]
    (found,) = (one for one in made.reporter.diagnostics if one.code == "R301")
    assert dict(found.args)["fact"] == "B"


DATES = "- {name: d, label: 某日, for: household, type: date, range: 0002-01-01..9998-12-31}\n" + number("n", 0, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("某日 + 1年 < 2019-01-01", []),
        ("某日 + 2年 < 2019-01-01", ["R302"]),
        ("某日 - 1年 < 2019-01-01", []),
        ("某日 - 2年 < 2019-01-01", ["R302"]),
        ("某日 + 12月 < 2019-01-01", []),
        ("某日 + 13月 < 2019-01-01", ["R302"]),
        ("某日 + 365天 < 2019-01-01", []),
        ("某日 + 366天 < 2019-01-01", ["R302"]),
        ("某日 - 365天 < 2019-01-01", []),
        ("某日 - 366天 < 2019-01-01", ["R302"]),
        ("某日 + 1年 - 1年 < 2019-01-01", []),
    ],
)
def test_days_at_the_edge_of_the_calendar(text: str, said: list[str]) -> None:
    assert world(DATES).codes(text) == said


def test_the_range_of_a_date() -> None:
    made = world(
        "- {name: a, label: 甲, for: household, type: date}\n"
        "- {name: b, label: 乙, for: household, type: date, past: true}\n"
        "- {name: c, label: 丙, for: household, type: date, range: 2019-01-01..2019-01-03}\n"
        "- {name: e, label: 丁, for: household, type: date, range: ..2050-01-01, past: true}\n"
        "- {name: f, label: 戊, for: household, type: date, range: ..2020-05-05, past: true}\n"
        "- {name: g, label: 己, for: household, type: date, range: 2019-01-01..}\n"
    )
    stretches = {
        "甲": (date(1900, 1, 1), date(2199, 12, 31)),
        "乙": (date(1900, 1, 1), date(2022, 12, 31)),
        "丙": (date(2019, 1, 1), date(2019, 1, 3)),
        "丁": (date(1900, 1, 1), date(2022, 12, 31)),
        "戊": (date(1900, 1, 1), date(2020, 5, 5)),
        "己": (date(2019, 1, 1), date(2199, 12, 31)),
        "基准日": (date(2018, 1, 1), date(2022, 12, 31)),
        "2019-06-30": (date(2019, 6, 30), date(2019, 6, 30)),
    }
    for text, (first, last) in stretches.items():
        assert made.typed(text).type == Day(to_day(first), to_day(last)), text
    assert (to_day(date.min), to_day(date.max)) == (DAY_MIN, DAY_MAX)
    ages = made.typed("周岁数(丙)").type
    assert isinstance(ages, Number) and (ages.low, ages.high) == (0, 3)
    apart = made.typed("相隔天数(丙, 2019-01-02)").type
    assert isinstance(apart, Number) and (apart.low, apart.high) == (0, 1)
    moved = made.typed("丙 + 1月 - 2天").type
    assert moved == Day(to_day(date(2019, 1, 30)), to_day(date(2019, 2, 1)))


@pytest.mark.parametrize(
    ("members", "bounds"), [("0..3", (0, 3)), ("1..8", (1, 8)), ("2..2", (2, 2)), ("1..10000", (1, 10_000))]
)
def test_how_many_members_there_can_be(members: str, bounds: tuple[int, int]) -> None:
    made = world("- {name: s, label: 在校, for: member, type: truth}\n", members=members)
    every, some = made.typed("成员数").type, made.typed("成员数(在校)").type
    assert isinstance(every, Number) and (every.low, every.high) == bounds
    assert isinstance(some, Number) and (some.low, some.high) == (0, bounds[1])
