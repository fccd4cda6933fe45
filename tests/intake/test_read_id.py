"""How long an id may be."""

from __future__ import annotations

import pytest

from fupin_policy.intake.scalars import Unreadable, read_id


def test_the_longest_ids() -> None:
    assert read_id("x" * 200) == "x" * 200
    assert read_id(2**127 - 1) == str(2**127 - 1)


@pytest.mark.parametrize("raw", ["x" * 201, 2**127, -(2**127), True, 1.5, None])
def test_ids_that_are_refused(raw: object) -> None:
    with pytest.raises(Unreadable):
        read_id(raw)
