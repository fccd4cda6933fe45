"""Numbers of identity: what they tell, against the standard's own examples; and one file of numbers for every host."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_policy.core.days import to_date, to_day
from fupin_policy.intake.identity_numbers import CHECKS, WEIGHTS, check_character, read_identity, renewed

VECTORS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("identity_numbers.json").read_text(encoding="utf-8")
)["numbers"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: repr(one["given"]))
def test_every_number_of_the_file_tells_what_stands_there(vector: dict[str, Any]) -> None:
    found = read_identity("gb11643", vector["given"])
    if vector.get("blank"):
        assert found is None
        return
    assert found is not None
    assert (found.legible, found.valid) == (vector["legible"], vector["valid"])
    assert (None if found.birth is None else to_date(found.birth).isoformat()) == vector.get("birth")
    assert (found.male, found.person) == (vector.get("male"), vector.get("person"))


def test_weights_are_the_powers_of_two_modulo_eleven() -> None:
    """ISO 7064 has the weights as powers of the radix, which the standard's table writes out."""
    assert tuple(2 ** (17 - at) % 11 for at in range(17)) == WEIGHTS
    values = [10 if check == "X" else int(check) for check in CHECKS]
    assert [(rest + value) % 11 for rest, value in enumerate(values)] == [1] * 11


@given(
    st.dates(date(1880, 1, 1), date(2020, 12, 31)),
    st.integers(0, 999),
    st.integers(0, 17),
    st.sampled_from("0123456789X"),
)
def test_any_one_character_that_is_wrong_is_seen(day: date, order: int, at: int, wrong: str) -> None:
    digits = f"990001{day:%Y%m%d}{order:03d}"
    whole = digits + check_character(digits)
    read = read_identity("gb11643", whole)
    assert read is not None and (read.birth, read.male) == (to_day(day), order % 2 == 1)
    spoilt = whole[:at] + wrong + whole[at + 1 :]
    found = read_identity("gb11643", spoilt)
    assert found is not None and (spoilt == whole or found.valid is not True)


def test_an_old_number_names_the_person_of_the_new_one_and_tells_nothing_else() -> None:
    assert renewed("110105491231002") == "11010519491231002X"
    found = read_identity("gb11643", "110105491231002")
    assert found is not None and found.valid is None and found.birth is None


def test_a_text_without_a_format_names_somebody_unless_it_is_masked() -> None:
    read = [read_identity(None, raw) for raw in (" 3707-x ", "3707 -X", "37*7", "x" * 65, "x" * 64, "", "不详", 12)]
    persons = [None if one is None else one.person for one in read]
    assert persons == ["3707-X", "3707-X", None, None, "X" * 64, None, None, "12"]
