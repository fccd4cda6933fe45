"""Numbers of identity cards and telephones show their ends only, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_policy.reports.masking import mask

pytestmark = pytest.mark.fault("C10")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("110105194912310021", "110105********0021"),
        ("11010519491231002x", "110105********002x"),
        ("11010519491231002Ｘ", "110105********002X"),
        ("110105 19491231 002X", "110105********002X"),
        ("110105-1949-1231-0021", "110105********0021"),
        ("110105 — 19491231 — 0021", "110105 — 19491231 — 0021"),
        ("１１０１０５１９４９１２３１００２１", "110105********0021"),
        ("110105491231002", "110105******002"),
        ("110105 491231 002", "110105******002"),
        ("13800138000", "138****8000"),
        ("138 0013 8000", "138****8000"),
        ("138-0013-8000", "138****8000"),
        ("＋８６ １３８００１３８０００", "＋86 138****8000"),
        ("+86-138-0013-8000", "+86-138****8000"),
        ("13800138000 110105194912310021", "138****8000 110105********0021"),
        ("13800138000/13900139000", "138****8000/139****9000"),
        ("电话：13800138000，证号110105194912310021。", "电话：138****8000，证号110105********0021。"),
        ("2019-06-30 2020-01-31", "2019-06-30 2020-01-31"),
        ("100 200 300 400 500", "100 200 300 400 500"),
        ("12345678901234567890", "12345678901234567890"),
        ("３组", "３组"),
        ("", ""),
    ],
)
def test_what_is_shown(given: str, shown: str) -> None:
    assert mask(given) == shown


BETWEEN = st.sampled_from(["", " ", "-", "－", "·"])


@given(
    st.from_regex(r"[1-9][0-9]{5}19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9])[0-9]{3}[0-9X]", fullmatch=True),
    st.lists(BETWEEN, min_size=17, max_size=17),
    st.booleans(),
    st.sampled_from(["", "证号", "（", "a "]),
)
def test_no_number_of_a_person_is_whole(number: str, between: list[str], wide: bool, before: str) -> None:
    written = number[0] + "".join(gap + digit for gap, digit in zip(between, number[1:], strict=True))
    if wide:
        written = written.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789X"})
    assert mask(before + written) == f"{before}{number[:6]}********{number[-4:]}"
