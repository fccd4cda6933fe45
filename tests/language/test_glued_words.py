"""Words that ran into a keyword are taken apart for a suggestion; a known word never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_policy.language import split_glued

KNOWN = ["在校", "重残", "非农户口", "五保", "年龄", "岁"]


@pytest.mark.parametrize(
    ("word", "parted"),
    [
        ("低保且五保", "低保 且 五保"),
        ("在校且重残", "在校 且 重残"),
        ("非农户口或非在校", "非农户口 或 非 在校"),
        ("岁且年龄", "岁 且 年龄"),
        ("在校", None),
        ("在校重残", None),
        ("不在册", "不在 册"),
        ("且", None),
        ("低保", None),
    ],
)
def test_a_word_is_taken_apart_at_keywords(word: str, parted: str | None) -> None:
    assert split_glued(word, KNOWN) == parted


@given(st.lists(st.sampled_from(KNOWN), min_size=1, max_size=4), st.sampled_from(["且", "或"]))
def test_known_words_come_out_whole(words: list[str], joint: str) -> None:
    parted = split_glued(joint.join(words), KNOWN)
    assert parted == (f" {joint} ".join(words) if len(words) > 1 else None)
