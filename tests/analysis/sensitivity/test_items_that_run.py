"""The fact of an item runs as a member's does: what is said of each value is what is decided with it."""

from __future__ import annotations

from typing import Any

import of_lists
import pytest

from fupin_policy import InputError, Ruleset
from fupin_policy.analysis.sensitivity.segments import over_codes, over_values
from fupin_policy.analysis.sensitivity.sweep_variable import asked, bounds

HOUSEHOLD: dict[str, Any] = {
    "id": "h",
    "members": [{"id": "m1", "就医记录": [of_lists.bill(100, "2019-01-01")]}, {"id": "m2", "就医记录": []}],
    "赡养人": [{"月收入": 2000}, {"月收入": 4000, "健在": True}],
}


@pytest.fixture(scope="module")
def listy(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return of_lists.rules(tmp_path_factory.mktemp("listy"))


def given(value: Any, key: str = "月收入") -> dict[str, Any]:
    first, second = HOUSEHOLD["赡养人"]
    return HOUSEHOLD | {"赡养人": [first, second | {key: value}]}


@pytest.mark.parametrize("name", ["赡养人[2].月收入", "supporters[2].monthly"])
def test_each_segment_says_what_is_decided(listy: Ruleset, name: str) -> None:
    household, day = listy.read(HOUSEHOLD, of_lists.LAST)
    varied = asked(name, listy.snapshot(of_lists.LAST), household)
    assert varied.label == "赡养人[2].月收入"
    ends = bounds(varied, day, "0", "10000")
    found = over_values(listy, household, day, varied, ends)
    assert found.settled and found.own == 400000 and len(found.segments) > 2
    for segment in found.segments:
        for value, evaluation in ((segment.first, segment.begins), (segment.last, segment.ends)):
            expected = listy.evaluate(given(f"{value / 100:.2f}"), of_lists.LAST)
            assert evaluation.decisions[0].amount == expected.decisions[0].amount
    inside = [(one.first + one.last) // 2 for one in found.segments]
    for value, segment in zip(inside, found.segments, strict=True):
        amount = listy.evaluate(given(f"{value / 100:.2f}"), of_lists.LAST).decisions[0].amount
        (((low, _),),) = [segment.shape.lines[0]]
        assert amount is not None and low.slope * value + low.low <= amount.low <= low.slope * value + low.high


def test_a_truth_of_an_item_is_tried_both_ways(listy: Ruleset) -> None:
    household, day = listy.read(HOUSEHOLD, of_lists.LAST)
    found = over_codes(listy, household, day, asked("赡养人[2].健在", listy.snapshot(of_lists.LAST), household))
    for case, value in zip(found.cases, (True, False), strict=True):
        expected = listy.evaluate(given(value, "健在"), of_lists.LAST)
        assert case.evaluation.decisions[0].amount == expected.decisions[0].amount


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("月收入", "H100"),
        ("赡养人[3].月收入", "H100"),
        ("赡养人[0].月收入", "H100"),
        ("m1.赡养人[1].月收入", "H100"),
        ("就医记录[1].额", "H100"),
        ("m1.就医记录[1].额", "H083"),
        ("赡养人[1].额", "H011"),
        ("什么[1].额", "H011"),
    ],
)
def test_what_cannot_run_is_refused(listy: Ruleset, name: str, code: str) -> None:
    household, _ = listy.read(HOUSEHOLD, of_lists.LAST)
    with pytest.raises(InputError, match=code):
        asked(name, listy.snapshot(of_lists.LAST), household)
