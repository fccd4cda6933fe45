"""Amounts no wider than their own condition allows, and sums in which a fact stands once: by every backend."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small import FACTS, policy, write

from fupin_policy import Ruleset, load
from fupin_policy.analysis.payments import payments, total
from fupin_policy.analysis.timeline import timeline
from fupin_policy.core import possible
from fupin_policy.core.days import to_day
from fupin_policy.core.expressions import Cases, Clamp, walk
from fupin_policy.core.snapshot import written
from fupin_policy.diagnostics import Reporter
from fupin_policy.prose.expressions import say
from fupin_policy.ruleset import check_folder

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
    # what all alternatives say, or the weaker of what each does
    ("收入 < 5000元 或 收入 < 3000元", "5000元 - 收入", of("4900", "5100"), ("0.00", "100.00")),
    ("收入 < 5000元 且 工资 > 9元 或 工资 <= 9元 且 缺额 > 0元", "缺额", of("4900", "5100"), ("0.00", "100.00")),
    ("非 (收入 >= 5000元 且 收入 > 6000元)", "6000元 - 收入", of("5900", "6100"), ("0.00", "100.00")),
    ("收入 < 5000元 或 工资 < 9元", "6000元 - 收入", of("5900", "6100"), ("-100.00", "100.00")),
    # a condition that nothing fulfils
    ("收入 < 10元 且 收入 > 20元", "收入 - 15元", of("0", "9000"), ("0.00", "5.01")),
    # a fact that stands twice
    ("工资 >= 0元", "收入 - (收入 ÷ 4 四舍五入到 分) × 0", of("1000", "2000"), ("1000.00", "2000.00")),
    ("工资 >= 0元", "收入 × 2 - 收入 + 3元", of("1000", "2000"), ("1003.00", "2003.00")),
    ("工资 >= 0元", "收入 - 收入", of("1000", "2000"), ("0.00", "0.00")),
    ("工资 >= 0元", "收入 - 收入 × 17% 四舍五入到 分", of("1000", "2000"), ("830.00", "1660.00")),
    ("工资 >= 0元", "收入 - 收入 × 17% - 230元 四舍五入到 分", of("1000", "2000"), ("600.00", "1430.00")),
    ("工资 >= 0元", "收入 × 10% + (收入 - 500元) × 5% 四舍五入到 分", of("1000", "2000"), ("125.00", "275.00")),
    ("工资 >= 0元", "10000元 - 缺额 - 收入 × 2 四舍五入到 分", of("1000", "2000"), ("3000.00", "4000.00")),
]
CHOICES = [
    # a policy's amount with a choice in it, of 1000 yuan of pay and an income known in part
    ("工资 + (若 收入 < 3000元 则 3000元 - 收入 否则 0元)", ("1000.00", "1100.00")),
    ("工资 - (若 收入 >= 3000元 则 收入 - 3000元 否则 0元)", ("900.00", "1000.00")),
    (
        "工资 + (若 收入 > 3000元 则 (若 收入 > 3050元 则 收入 - 3050元 否则 3050元 - 收入) 否则 0元)",
        ("1000.00", "1050.00"),
    ),
    ("工资 + (若 收入 >= 3000元 则 0元 否则 (3000元 - 收入) × 50% 四舍五入到 元)", ("1000.00", "1050.00")),
    ("工资 + 补足", ("1000.00", "1100.00")),
    ("工资 + (若 缺少 则 3000元 - 收入 否则 0元)", ("1000.00", "1100.00")),
    ("工资 + 成员合计(100元 - 餐费, 餐费 < 100元)", ("1000.00", "1100.00")),
    ("工资 + 成员最大(100元 - 餐费, 餐费 < 100元 否则 0元)", ("1000.00", "1100.00")),
]
CHOICE_FACTS = FACTS + "- {name: meals, label: 餐费, for: member, type: number, unit: 元, range: 0..1000}\n"
CHOICE_TERMS = """- {name: short, label: 缺少, for: household, value: 收入 < 3000元}
- {name: topped_up, label: 补足, for: household, value: '若 收入 < 3000元 则 3000元 - 收入 否则 0元'}
- name: kept
  label: 取高
  for: household
  value:
    keep: highest
    rows:
      - {when: 收入 < 3000元, then: 3000元 - 收入}
      - {when: 收入 > 3050元, then: 收入 - 3050元}
    otherwise: 0元
"""


@pytest.mark.parametrize(("stated", "wanted"), CHOICES)
def test_a_value_is_no_wider_than_where_it_is_chosen(tmp_path: Path, stated: str, wanted: tuple[str, str]) -> None:
    rules = write(tmp_path, policy("p", "工资 >= 0元", stated), facts=CHOICE_FACTS, terms=CHOICE_TERMS)
    members = [{"id": "m1", "餐费": of("0", "1000")}]
    asked = {"收入": of("2900", "3100"), "工资": "1000", "members": members}
    assert amount(load(rules, cache=False), asked) == wanted


@pytest.mark.parametrize(
    ("stated", "below_zero"),
    [
        ("成员合计(100元 - 餐费, 餐费 <= 100元)", False),
        ("成员合计(100元 - 餐费, 餐费 <= 101元)", True),
        ("成员最小(100元 - 餐费, 餐费 <= 100元 否则 3元)", False),
        ("成员最小(100元 - 餐费, 餐费 <= 100元 否则 0元 - 3元)", True),
        ("成员最大(100元 - 餐费, 工资 > 9元 否则 0元)", True),
    ],
)
def test_an_amount_of_members_is_warned_of_where_one_of_them_may_come_below_zero(
    tmp_path: Path, stated: str, below_zero: bool
) -> None:
    reporter = Reporter()
    check_folder(write(tmp_path, policy("p", "工资 >= 0元", stated), facts=CHOICE_FACTS), reporter)
    assert ("T280" in {one.code for one in reporter.diagnostics}) is below_zero


def test_a_condition_about_a_choice_is_decided_where_its_value_decides_it(tmp_path: Path) -> None:
    rules = write(
        tmp_path, policy("p", "补足 >= 0元 且 取高 >= 0元", "1元"), terms=CHOICE_TERMS.replace("餐费", "收入")
    )
    assert amount(load(rules, cache=False), {"收入": of("2900", "3100"), "工资": "0"}) == ("1.00", "1.00")


def test_what_is_narrowed_is_told_as_it_was_written(tmp_path: Path) -> None:
    rules = load(write(tmp_path, policy("p", "补足 > 50元", "补足"), terms=CHOICE_TERMS), cache=False)
    snapshot = rules.snapshot(AS_OF)
    (choice,) = (one.expr for one in snapshot.definitions if one.id.name == "topped_up")
    assert isinstance(choice, Cases) and isinstance(choice.branches[0][1], Clamp)
    assert say(choice, rules.program, "zh") == "若 收入小于 3000.00 元 则 3000.00 元 - 收入，否则 0.00 元"
    assert not any(isinstance(node, Clamp) for node in walk(written(choice)))


def test_a_households_top_up_to_the_standard_of_all_who_count(tmp_path: Path) -> None:
    """低保 by income per head, rounded, with the income known between two bounds."""
    terms = "- {name: each, label: 人均, for: household, value: 收入 ÷ 3 四舍五入到 分}\n"
    stated = "(600元 - 人均) × 3"
    rules = load(write(tmp_path, policy("p", "人均 < 600元", stated), terms=terms), cache=False)
    assert amount(rules, {"收入": of("1200", "1500"), "工资": "0"}) == ("300.00", "600.00")
    assert amount(rules, {"收入": of("1200", "2400"), "工资": "0"}) == ("0.00", "600.00")


def test_clamping_changes_nothing_within_and_gives_the_nearer_end_beyond() -> None:
    ends = [(low, high) for low in range(-4, 5) for high in range(low, 5)]
    for one in ends:
        low, high = possible.clamp(one, -1, 2)
        met = [x for x in range(one[0], one[1] + 1) if -1 <= x <= 2]
        assert (low, high) == ((met[0], met[-1]) if met else (-1, -1) if one[1] < -1 else (2, 2))


@pytest.mark.fault("A4")
@pytest.mark.parametrize("dated", ["", " 且 有成员满足(周岁数(出生日期) >= 60)"])
def test_an_amount_by_whole_months_is_too(tmp_path: Path, dated: str) -> None:
    """Whatever day the condition holds on, the income is below the line."""
    rules = policy("p", f"收入 < 1000元{dated}", "1000元 - 收入", starts="same_month")
    facts = FACTS + "- {name: born, label: 出生日期, for: member, type: date, range: 1900-01-01..2020-12-31}\n"
    ruleset = load(write(tmp_path, rules, facts=facts), cache=False)
    assert amount(ruleset, {"工资": "0", "members": [{"id": "m"}]}) == ("0.00", "1000.00")


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


MANY = [
    ("较小({}, 若 收入 < 3000元 则 3000元 - 收入 否则 0元)", ("0.00", "100.00")),
    ("若 收入 < 3000元 则 较小({}, 3000元 - 收入) 否则 0元", ("0.00", "100.00")),
    ("较小({}, 收入 × 2 - 收入)", ("2900.00", "3100.00")),
]


@pytest.mark.parametrize(("stated", "wanted"), MANY)
def test_an_amount_of_hundreds_of_parts_is_narrowed_as_a_whole(
    tmp_path: Path, stated: str, wanted: tuple[str, str]
) -> None:
    """What has more parts may be wider than it can be, never less wide."""
    asked = {"收入": of("2900", "3100"), "工资": "9000"}
    for parts, narrow in ((300, True), (900, False)):
        whole = stated.format(", ".join(["工资"] * parts))
        rules = write(tmp_path / str(parts), policy("p", "工资 >= 0元", whole))
        low, high = amount(load(rules, cache=False), asked)
        assert (low, high) == wanted if narrow else float(low) <= float(wanted[0]) <= float(wanted[1]) <= float(high)


@pytest.mark.parametrize(("stated", "wanted"), MANY[:2])
def test_so_is_a_figure(tmp_path: Path, stated: str, wanted: tuple[str, str]) -> None:
    """A term has no condition of its own, so that only the choice in it says what it can be."""
    whole = stated.format(", ".join(["工资"] * 300))
    terms = f"- {{name: big, label: 大数, for: household, output: true, value: '{whole}'}}\n"
    ruleset = load(write(tmp_path, policy("p", "工资 >= 0元", "1元"), terms=terms), cache=False)
    asked = {"id": "h", "收入": of("2900", "3100"), "工资": "9000"}
    for evaluation in (ruleset.evaluate(asked, AS_OF), ruleset.interpret(asked, AS_OF)):
        assert evaluation.figure("大数").values[0].value == tuple(int(float(end) * 100) for end in wanted)


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
    starts = data.draw(st.sampled_from(("same_day", "same_month")))
    stated = " + ".join(
        f"{piece} × {factor}" if factor > 0 else f"(0元 - {piece}) × {-factor}"
        for piece, factor in zip(pieces, factors, strict=True)
    )
    terms = TERMS.replace("5000元", "20元")
    ruleset = load(
        write(tmp_path_factory.mktemp("n"), policy("p", when, stated, starts=starts), terms=terms), cache=False
    )

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


def test_what_nothing_fulfils_is_never_beyond_what_the_number_can_be(tmp_path: Path) -> None:
    # as forms both tests ask of 除数 and 年数 more than they can be, which intervals do not see
    facts = (
        FACTS
        + """- {name: a, label: 加数, for: household, type: number, range: 0..9000}
- {name: d, label: 除数, for: household, type: number, range: -10..-1}
- {name: y, label: 年数, for: household, type: number, unit: 年, range: 0..100}
- {name: z, label: 另年数, for: household, type: number, unit: 年, range: 0..9000}
- {name: day, label: 起日, for: household, type: date, range: 1950-01-01..2020-12-31}
"""
    )
    for when in (
        "100 ÷ (若 加数 + (除数 - 加数) >= 0 则 除数 否则 -1) 四舍五入到 1 < 0",
        "起日 + (若 另年数 + (年数 - 另年数) >= 9050年 则 年数 否则 1年) <= 基准日",
    ):
        write(tmp_path, policy("p", f"'{when}'", "1元"), facts=facts)
        ruleset = load(tmp_path, cache=False)
        assert ruleset.interpret({"id": "h"}, AS_OF)["p"] == ruleset.evaluate({"id": "h"}, AS_OF)["p"]


@pytest.mark.parametrize("joined", ["且", "或"])
def test_terms_that_share_much_are_looked_at_once(tmp_path: Path, joined: str) -> None:
    terms = "- {name: t0, label: 词0号, for: household, value: 收入 < 9元}\n"
    terms += "- {name: n0, label: 数0号, for: household, value: 收入}\n"
    for at in range(1, 40):
        below = f"词{at - 1}号"
        twice = f"({below} 且 工资 < 8元) {joined} ({below} 且 工资 < 9元)"
        terms += f"- {{name: t{at}, label: 词{at}号, for: household, value: {twice}}}\n"
        terms += f"- {{name: n{at}, label: 数{at}号, for: household, value: 数{at - 1}号 - 数{at - 1}号}}\n"
    write(tmp_path, policy("p", "词39号", "收入 + 数25号"), terms=terms)
    assert amount(load(tmp_path, cache=False), {"收入": "5", "工资": "1", "members": []}) == ("5.00", "5.00")
