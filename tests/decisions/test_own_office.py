"""A department that is each place's own is the office of the household's place, where that is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fupin_policy import load

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"


@pytest.mark.parametrize(
    ("town", "office"),
    [("东河镇", "东河镇"), ("西山镇", "西山镇"), (None, "各乡镇"), ({"one_of": ["东河镇", "西山镇"]}, "各乡镇")],
)
def test_the_office_is_that_of_the_place(town: Any, office: str) -> None:
    household = {"id": "h", "乡镇": town, "享受低保": True, "医疗费用": 6000, "members": [{"id": "m"}]}
    evaluation = load(LESSON).evaluate(household, "2019-06-30")
    (aid,) = (one for one in evaluation.decisions if one.policy == "health.medical_aid")
    assert [body.zh for body in aid.cooperating] == ["县民政局", office]
