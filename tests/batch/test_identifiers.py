"""Ids of members: the same one twice in a household is found, whatever the ids look like."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from fupin_policy.batch.household_ids import BLANKS, bad_ids, ids_of, repeated

TEXTS = st.one_of(st.text("ab1", min_size=1, max_size=3), st.text("0123456789-户", min_size=6, max_size=14))


@given(st.lists(st.lists(TEXTS, max_size=6), max_size=6))
@example([["p9", "p10", "p9"]])
@example([["12345678a", "x12345678a"], ["a", "a"]])
@example([["b"], ["b"]])
def test_repetitions_within_a_household(households: list[list[str]]) -> None:
    texts = [text for household in households for text in household]
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in households]))).astype(np.int32)
    owners = np.repeat(np.arange(len(households)), np.diff(offsets))
    ids = pa.array(["before", *texts], pa.string()).slice(1)
    found = {int(at) for one in repeated(ids, offsets, owners) for at in one.positions}
    wanted = set()
    start = 0
    for household in households:
        seen: set[str] = set()
        for place, text in enumerate(household, start):
            wanted |= {place} if text in seen else set()
            seen.add(text)
        start += len(household)
    assert found == wanted


@given(st.lists(st.one_of(st.none(), st.text(max_size=5), st.text(min_size=199, max_size=202))))
def test_ids_are_what_a_single_household_may_have(texts: list[str | None]) -> None:
    ids = ids_of(pa.array(["户", *texts], pa.string()).slice(1))
    bad = {int(at) for one in bad_ids(ids, "H002") for at in one.positions}
    for place, text in enumerate(texts):
        stripped = (text or "").strip(BLANKS)
        assert (place not in bad) == (bool(stripped) and stripped.isprintable() and len(stripped) <= 200)
