"""Decimal text to integers and back, and what becomes of units: against `decimal` and plain rules."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import world

from fupin_policy.check.numbers import MAX_DIGITS, decimal_text, fits, read_decimal, to_scale
from fupin_policy.check.units import (
    BUILT_IN,
    DAY,
    MONTH,
    PERSON,
    YEAR,
    YEARS_OLD,
    inverse,
    meaningful,
    product,
    same,
    takes_bare_numbers,
)
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.program import unit_text
from fupin_policy.core.types import PLAIN, Number, Truth, Unit

YUAN, MU = (("yuan", 1),), (("mu", 1),)
PER_MU = (("mu", -1), ("yuan", 1))
digits = st.text("0123456789", min_size=1, max_size=9)
plain_texts = st.builds(
    lambda sign, whole, rest: f"{sign}{whole}" + (f".{rest}" if rest else ""),
    st.sampled_from(["", "+", "-"]),
    digits,
    st.one_of(st.just(""), digits),
)


@given(plain_texts)
def test_a_decimal_text_is_read_as_it_is(text: str) -> None:
    read = read_decimal(text)
    assert read is not None
    value, decimals = read
    assert Fraction(value, 10**decimals) == Fraction(text)
    assert decimals == len(text.partition(".")[2])


@pytest.mark.parametrize(
    "text", ["", ".", "1.", ".5", "1e3", "1,000", "1 000", "--1", "0x1", "nan", "1.2.3", " 1", "1\n"]
)
def test_what_is_no_decimal_text(text: str) -> None:
    assert read_decimal(text) is None
    assert to_scale(text, 2) is None


def test_a_text_of_too_many_digits_is_not_read() -> None:
    assert read_decimal("1" * MAX_DIGITS) == (int("1" * MAX_DIGITS), 0)
    assert read_decimal("1" * (MAX_DIGITS + 1)) is None


@given(plain_texts, st.integers(0, 9), st.integers(-4, 8))
def test_a_text_at_a_scale(text: str, scale: int, power: int) -> None:
    exact = Fraction(text) * Fraction(10) ** (scale + power)
    assert to_scale(text, scale, power) == (int(exact) if exact.denominator == 1 else None)


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_an_integer_at_a_scale_as_text(value: int, scale: int) -> None:
    text = decimal_text(value, scale)
    assert Decimal(text) == Decimal(value).scaleb(-scale)
    assert text == (f"{Decimal(value).scaleb(-scale).normalize():f}" if value else "0")


def test_what_fits_64_bits() -> None:
    assert fits(Number(PLAIN, 0, -(2**63) + 1, 2**63 - 2))
    assert not fits(Number(PLAIN, 0, -(2**63), 0))
    assert not fits(Number(PLAIN, 0, 0, 2**63 - 1))
    assert fits(Truth())


PRODUCTS = [
    (PLAIN, PLAIN, PLAIN),
    (YUAN, PLAIN, YUAN),
    (PLAIN, MU, MU),
    (PER_MU, MU, YUAN),
    (YUAN, inverse(MU), PER_MU),
    (YUAN, inverse(YUAN), PLAIN),
    (YUAN, MU, (("mu", 1), ("yuan", 1))),
    # units that only count vanish beside another
    (YUAN, PERSON, YUAN),
    (MONTH, YUAN, YUAN),
    (YUAN, inverse(PERSON), YUAN),
    (YUAN, inverse(MONTH), YUAN),
    (PER_MU, YEAR, PER_MU),
    # and stay where there is no other
    (PERSON, PLAIN, PERSON),
    (MONTH, PLAIN, MONTH),
    (PERSON, PERSON, PLAIN),
    (PERSON, MONTH, PLAIN),
    (PERSON, inverse(PERSON), PLAIN),
    (PLAIN, inverse(PERSON), PLAIN),
    (DAY, inverse(PLAIN), DAY),
    (YEARS_OLD, PLAIN, YEARS_OLD),
    (YEARS_OLD, PERSON, YEARS_OLD),
    (YUAN, YEARS_OLD, (("years_old", 1), ("yuan", 1))),
]


@pytest.mark.parametrize(("left", "right", "wanted"), PRODUCTS)
def test_products_of_units(left: Unit, right: Unit, wanted: Unit) -> None:
    assert product(left, right) == product(right, left) == wanted


def test_units_that_mean_something() -> None:
    for unit in (PLAIN, YUAN, PER_MU, PERSON, inverse(YUAN), (("a", -1), ("b", -1), ("c", 1))):
        assert meaningful(unit)
    for unit in ((("mu", 1), ("yuan", 1)), (("yuan", 2),), (("mu", -2), ("yuan", 1)), (("years_old", 1), ("yuan", 1))):
        assert not meaningful(unit)


def test_units_that_are_the_same() -> None:
    assert same(YEARS_OLD, YEAR) and same(YEAR, YEARS_OLD) and same(YUAN, YUAN) and same(PLAIN, PLAIN)
    for left, right in ((YEAR, MONTH), (YUAN, MU), (PLAIN, YUAN), (YEARS_OLD, MONTH), (YEAR, PLAIN)):
        assert not same(left, right) and not same(right, left)


def test_units_for_which_a_bare_number_may_stand() -> None:
    for unit in (PLAIN, PERSON, YEAR, MONTH, DAY, YEARS_OLD):
        assert takes_bare_numbers(unit)
    for unit in (YUAN, MU, PER_MU, inverse(PERSON), (("person", 2),)):
        assert not takes_bare_numbers(unit)


def test_the_words_of_units_that_are_built_in() -> None:
    said = {word: (sense.words.zh, sense.words.en) for word, sense in BUILT_IN.items()}
    for words, both in [
        (("%",), ("%", "%")), (("‰",), ("‰", "‰")), (("人", "person", "people"), ("人", "person")),
        (("岁", "周岁", "years_old"), ("岁", "years_old")), (("年", "year", "years"), ("年", "year")),
        (("月", "个月", "month", "months"), ("月", "month")), (("天", "日", "day", "days"), ("天", "day")),
    ]:  # fmt: skip
        for word in words:
            assert said.pop(word) == both
    assert said == {}


def test_units_as_people_write_them() -> None:
    labels = {"yuan": Bilingual("元", "yuan"), "mu": Bilingual("亩", "mu")}
    assert unit_text(PER_MU, labels, "zh") == "元/亩" and unit_text(PER_MU, labels, "en") == "yuan/mu"
    assert unit_text(YUAN, labels, "zh") == "元" and unit_text(PLAIN, labels, "zh") == ""
    assert unit_text(inverse(MU), labels, "en") == "1/mu"
    assert unit_text((("mu", 1), ("yuan", 1)), labels, "zh") == "亩·元"
    assert unit_text((("unknown", 1),), labels, "en") == "unknown"


def test_bare_numbers_beside_units() -> None:
    made = world(
        "- {name: y, label: 岁数, for: household, type: number, unit: 岁, range: 0..120}\n"
        "- {name: n, label: 件数, for: household, type: number, range: 0..120}\n"
        "- {name: m, label: 钱, for: household, type: number, unit: 元, range: 0..120}\n"
        "- {name: g, label: 地, for: household, type: number, unit: 亩, range: 0..120}\n"
    )
    for text in (
        "岁数 >= 60",
        "60 <= 岁数",
        "岁数 + 1 > 3",
        "钱 > 0",
        "0 < 钱",
        "地 > 0",
        "岁数 > 60年",
        "较大(0, 钱) > 1元",
    ):
        assert made.codes(text) == [], text
    for text, said in {
        "钱 > 60": ["T217"], "60 < 钱": ["T217"], "钱 + 1 > 2元": ["T217"], "地 > 1": ["T203"], "钱 > 件数": ["T217"],
        "岁数 > 件数": ["T203"], "岁数 > 60月": ["T203"], "岁数 > 60元": ["T203"], "较小(1, 钱) > 1元": ["T217"],
    }.items():  # fmt: skip
        assert made.codes(text) == said, text
