"""Which way the money of a benefit goes, and how often in a year: the one place that says so.

In: nothing. Out: signs, periods with their words, and amounts brought to a year. Called by whoever adds up, compares or
names amounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from fupin_policy.core.bilingual import Bilingual

BenefitKind = Literal["cash", "premium", "waiver", "service", "loan", "in_kind", "contribution", "registration"]
Per = Literal["once", "day", "month", "term", "year", "quarter", "half_year"]
Starts = Literal["same_day", "next_month", "same_month"]
"""From when on a benefit is given: at once, from the month after that in which the condition comes to hold, or over
whole months."""
Frequency = Literal["day", "month", "quarter", "year"]
"""How often a fact's amount comes."""

TotalPeriod = Literal["year", "once"]
"""There is no honest sum of what comes every year and what comes once."""

_SIGNS: Mapping[BenefitKind, int] = {
    "cash": 1,
    "premium": 1,
    "waiver": 1,
    "service": 1,
    "in_kind": 1,
    "contribution": -1,
    "loan": 0,
    "registration": 0,
}
PER: Mapping[str, Bilingual] = {
    "once": Bilingual("一次", "once"),
    "day": Bilingual("每天", "a day"),
    "month": Bilingual("每月", "a month"),
    "term": Bilingual("每学期", "a term"),
    "year": Bilingual("每年", "a year"),
    "quarter": Bilingual("每季度", "a quarter"),
    "half_year": Bilingual("每半年", "a half-year"),
}
"""For which period an amount is."""
_A_YEAR: Mapping[str, int] = {"day": 365, "month": 12, "quarter": 4, "term": 2, "half_year": 2, "year": 1}


def sign(kind: BenefitKind) -> int:
    """1 for what a household is given, -1 for what it pays, 0 for what is neither: a loan is paid back."""
    return _SIGNS[kind]


def signed(ends: tuple[int, int], way: int) -> tuple[int, int]:
    """The least and most by which a household is better off, from the ends of an amount and its sign."""
    low, high = ends
    return (low, high) if way > 0 else (-high, -low) if way < 0 else (0, 0)


def span_of(per: str) -> TotalPeriod:
    """Which of the two totals an amount belongs to."""
    return "once" if per == "once" else "year"


def times(per: str) -> int:
    """How often an amount comes in its span: 12 for a month, 1 for what comes once."""
    return _A_YEAR.get(per, 1)
