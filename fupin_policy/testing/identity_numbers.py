"""Hypothesis strategies of numbers of identity: right, wrong, masked and old ones, of a few people.

In: a number's format. Out: texts, all of areas that are not in use. Called by `households`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from fupin_policy.core.declarations import IdentityFormat
from fupin_policy.core.program import Program
from fupin_policy.intake.identity_numbers import check_character

_FIRST, _LAST = date(1925, 1, 1), date(2021, 12, 31)


def numbers(number: IdentityFormat) -> SearchStrategy[str | None]:
    """Numbers as they may be given, or nothing; without a kind any text."""
    if number.kind is None:
        return st.sampled_from(["A1", "a1 ", "B2", "B*", None])
    right = st.builds(_right, st.dates(_FIRST, _LAST), st.integers(0, 9))
    return st.one_of(right, right, right.map(_spoilt), st.sampled_from([None, "990001********0010", "990001530501001"]))


def _right(day: date, order: int) -> str:
    digits = f"990001{day:%Y%m%d}00{order}"
    return digits + check_character(digits)


def _spoilt(right: str) -> str:
    return right[:17] + ("0" if right[17] != "0" else "1")


def named_by_facts(program: Program, given: Mapping[str, Any]) -> dict[str, Any]:
    """A household with the English names of its facts as keys, and days as texts."""
    names = {fact.label: fact.name for fact in program.facts}

    def told(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    def renamed(some: Mapping[str, Any]) -> dict[str, Any]:
        return {names.get(key, key): told(value) for key, value in some.items()}

    return {**renamed(given), "members": [renamed(one) for one in given.get("members", [])]}
