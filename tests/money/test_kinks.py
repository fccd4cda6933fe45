"""A bend of the law is one bend of the chart, however many terms are rounded there."""

from __future__ import annotations

from pathlib import Path

import pytest
from small import policy, write
from small_results import AS_OF, along

from fupin_policy import load

ABOVE, BELOW = "(较大(0元, 收入 - 6000元) × {} {})", "(较小(收入, 6000元) × {} {})"
NEAR, DOWN, UP = "四舍五入到 分", "舍去到 分", "进位到 分"
AMOUNTS = (
    f"{ABOVE.format('3%', NEAR)} - {BELOW.format('5%', NEAR)}",
    f"{BELOW.format('13%', UP)} - {ABOVE.format('10%', DOWN)}",
    f"{ABOVE.format('13%', NEAR)} + {BELOW.format('10%', UP)}",
    f"{BELOW.format('2%', UP)} - (收入 × 33% {DOWN}) - {ABOVE.format('7%', DOWN)}",
    f"(收入 × 50% {NEAR}) - {BELOW.format('33%', NEAR)} - {ABOVE.format('33%', DOWN)}",
)


@pytest.mark.fault("A11")
@pytest.mark.parametrize("amount", AMOUNTS)
def test_two_rounded_terms_that_bend_at_one_place_make_one_bend(tmp_path: Path, amount: str) -> None:
    ruleset = load(write(tmp_path, policy("p", "收入 >= 0元", amount)), cache=False)
    found, money = along(ruleset, {"id": "h", "收入": "1"}, "收入", "0", "90000")
    assert found.settled and len(found.segments) == 2
    (threshold,) = money.thresholds()
    assert abs(threshold.at - 600_000) <= 10 and [one.kind for one in threshold.changes] == ["slope"]
    for x in [*range(599_985, 600_016), 1, 8_999_999]:
        (segment,) = (one for one in found.segments if one.first <= x <= one.last)
        amount_there = ruleset.evaluate({"id": "h", "收入": f"{x / 100:.2f}"}, AS_OF)["p"].amount
        ((low, high),) = segment.shape.lines[0]
        assert amount_there is not None and low.holds(x, amount_there.low) and high.holds(x, amount_there.high)


@pytest.mark.fault("A11")
def test_two_bends_stay_two(tmp_path: Path) -> None:
    amount = "较小(较大(0元, 收入 - 6000元), 0.50元) × 50% 四舍五入到 分"
    ruleset = load(write(tmp_path, policy("p", "收入 >= 0元", amount)), cache=False)
    found, _ = along(ruleset, {"id": "h", "收入": "1"}, "收入", "0", "90000")
    assert [(one.first, one.last) for one in found.segments] == [(0, 600_000), (600_001, 600_050), (600_051, 9_000_000)]
