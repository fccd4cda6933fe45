"""One of something is no plural in English."""

from __future__ import annotations

import pytest

from fupin_policy.core.bilingual import counted
from fupin_policy.prose.missing_facts import facts_assumed


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (counted(1, "finding"), "1 finding"),
        (counted(0, "finding"), "0 findings"),
        (counted(1, "more stretch", "more stretches"), "1 more stretch"),
        (counted(2, "more stretch", "more stretches"), "2 more stretches"),
        (facts_assumed(1), "1 fact that was not given and was assumed"),
        (facts_assumed(2), "2 facts that were not given and were assumed"),
    ],
)
def test_one_of_something(told: str, wanted: str) -> None:
    assert told == wanted
