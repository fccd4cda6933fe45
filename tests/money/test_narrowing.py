"""Amounts no wider than their own condition allows, and sums in which a fact stands once: by every backend."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small import policy, write

from fupin_policy import Ruleset, load
from fupin_policy.analysis.payments import payments, total
from fupin_policy.analysis.timeline import timeline
from fupin_policy.core.days import to_day

AS_OF = "2019-06-30"


def amount(ruleset: Ruleset, household: dict[str, Any]) -> tuple[str, str]:
    """What both the interpreter and the module say."""
    asked = {"id": "h", **household}
    one, other = ruleset.interpret(asked, AS_OF)["p"], ruleset.evaluate(asked, AS_OF)["p"]
    assert one == other and one.amount is not None
    return one.amount.text(one.amount.low), one.amount.text(one.amount.high)


def of(low: str, high: str) -> dict[str, str]:
    return {"min": low, "max": high}


CASES = [
    # when, amount, income known in part, least and most
    ("收入 < 5000元", "5000元 - 收入", of("4900", "5100"), ("0.00", "100.00")),
    ("收入 >= 3000元", "收入 - 3000元", of("2900", "3100"), ("0.00", "100.00")),
    ("收入 > 3000元 且 收入 <= 4000元", "4500元 - 收入", of("0", "9000"), ("0.00", "1499.99")),
    ("非 (收入 >= 5000元)", "5000元 - 收入", of("4900", "5100"), ("0.00", "100.00")),
    ("非 (收入 <= 3000元)", "5000元 - 收入", of("2900", "3100"), ("0.00", "1999.99")),
    ("非 (收入 >= 5000元 或 工资 > 9元)", "5000元 - 收入", of("4900", "5100"), ("0.00", "100.00")),
    ("收入 + 工资 < 5000元", "5000元 - 收入 - 工资", of("4900", "5100"), ("0.00", "100.00")),
    ("收入 < 5000元", "(5000元 - 收入) × 70% 四舍五入到 分", of("4900", "5100"), ("0.00", "70.00")),
    ("收入 = 5000元", "收入 - 4999元", of("4000", "6000"), ("0.00", "1.00")),
    ("缺额 > 0元", "缺额", of("4900", "5100"), ("0.00", "100.00")),
    (
        "工资 >= 0元",
        "若 收入 > 3000元 则 (收入 - 3000元) × 50% 四舍五入到 分 否则 0元",
        of("2900", "3100"),
        ("0.00", "50.00"),
    ),
    # a condition that nothing fulfils
    ("收入 < 10元 且 收入 > 20元", "收入 - 15元", of("0", "9000"), ("0.00", "5.01")),
    # a fact that stands twice
    ("工资 >= 0元", "收入 - (收入 ÷ 4 四舍五入到 分) × 0", of("1000", "2000"), ("1000.00", "2000.00")),
    ("工资 >= 0元", "收入 × 2 - 收入 + 3元", of("1000", "2000"), ("1003.00", "2003.00")),
    ("工资 >= 0元", "收入 - 收入", of("1000", "2000"), ("0.00", "0.00")),
    ("工资 >= 0元", "收入 - 收入 × 17% 四舍五入到 分", of("1000", "2000"), ("830.00", "1660.00")),
    ("工资 >= 0元", "收入 × 10% + (收入 - 500元) × 5% 四舍五入到 分", of("1000", "2000"), ("125.00", "275.00")),
    ("工资 >= 0元", "10000元 - 缺额 - 收入 × 2 四舍五入到 分", of("1000", "2000"), ("3000.00", "4000.00")),
]
TERMS = "- {name: gap, label: 缺额, for: household, value: 5000元 - 收入}\n"


@pytest.mark.fault("A4")
@pytest.mark.parametrize(("when", "stated", "income", "wanted"), CASES)
def test_an_amount_is_no_wider_than_it_can_be(
    tmp_path: Path, when: str, stated: str, income: dict[str, str], wanted: tuple[str, str]
) -> None:
    ruleset = load(write(tmp_path, policy("p", when, stated), terms=TERMS), cache=False)
    assert amount(ruleset, {"收入": income, "工资": "0"}) == wanted


@pytest.mark.fault("A4")
def test_totals_of_a_timeline_are_so_too(tmp_path: Path) -> None:
    ruleset = load(write(tmp_path, policy("p", "收入 < 5000元", "5000元 - 收入")), cache=False)
    read, _ = ruleset.read({"id": "h", "收入": of("4900", "5100")}, AS_OF)
    found = timeline(ruleset, read, to_day(date(2019, 1, 1)), to_day(date(2019, 12, 31)))
    assert total(payments(found, ruleset.program)) == (0, 120_000)


PIECES = ("收入", "工资", "缺额", "较大(0元, 收入 - 9元)", "7元")
TESTS = (
    "收入 < {}元",
    "工资 >= {}元",
    "缺额 > {}元",
    "收入 + 工资 <= {}元",
    "非 (收入 = {}元)",
    "收入 > 工资",
    "缺额 = {}元",
)


@pytest.mark.fault("A4")
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_known_in_part_holds_all_that_it_may_be(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Sound, and no rule changes where everything is known: against the arithmetic itself, by both backends."""
    tests = [data.draw(st.sampled_from(TESTS)).format(data.draw(st.integers(0, 30))) for _ in range(2)]
    factors = [data.draw(st.sampled_from((-2, -1, 1, 2, 3))) for _ in range(3)]
    pieces = [data.draw(st.sampled_from(PIECES)) for _ in range(3)]
    when = f" {data.draw(st.sampled_from(('且', '或')))} ".join(tests)
    stated = " + ".join(
        f"{piece} × {factor}" if factor > 0 else f"(0元 - {piece}) × {-factor}"
        for piece, factor in zip(pieces, factors, strict=True)
    )
    terms = TERMS.replace("5000元", "20元")
    ruleset = load(write(tmp_path_factory.mktemp("n"), policy("p", when, stated), terms=terms), cache=False)

    def worth(piece: str, income: int, pay: int) -> int:
        return {"收入": income, "工资": pay, "缺额": 20 - income, "7元": 7}.get(piece, max(0, income - 9))

    low, pay = data.draw(st.integers(0, 30)), data.draw(st.integers(0, 30))
    high = low + data.draw(st.integers(0, 6))
    asked = {"id": "h", "收入": of(str(low), str(high)), "工资": str(pay)}
    wide = ruleset.evaluate(asked, AS_OF)["p"]
    assert wide == ruleset.interpret(asked, AS_OF)["p"]
    for income in range(low, high + 1):
        exact = ruleset.evaluate({"id": "h", "收入": str(income), "工资": str(pay)}, AS_OF)["p"]
        if exact.amount is not None:
            paid = 100 * sum(factor * worth(piece, income, pay) for piece, factor in zip(pieces, factors, strict=True))
            assert (exact.amount.low, exact.amount.high) == (paid, paid)
            assert wide.amount is not None and wide.amount.low <= paid <= wide.amount.high
