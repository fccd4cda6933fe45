"""Which way money goes: what a household pays counts below zero wherever amounts are added up or compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small import policy, write
from small_results import AS_OF, along, compared, of, ran

from fupin_policy import load
from fupin_policy.analysis.payments import payments, total
from fupin_policy.analysis.sensitivity.cliffs import SPANS
from fupin_policy.analysis.timeline import timeline
from fupin_policy.analysis.verification.prove import prove
from fupin_policy.cli.demo import totals_text
from fupin_policy.core.benefits import BenefitKind, sign, signed, span_of, times
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Status
from fupin_policy.reports.comparison import compare
from fupin_policy.reports.summary import summarize
from fupin_policy.reports.summary_page import as_html as summary_html
from fupin_policy.reports.summary_text import as_text as summary_text
from fupin_policy.reports.sweep_text import SweepReport
from fupin_policy.reports.worklist import write_worklists
from fupin_policy.ruleset import check_folder

GRANT = policy("grant", "工资 < 3000元", "500元")
TAX = policy("tax", "工资 >= 3000元", "100元", kind="contribution")


def test_segments_of_one_equal_total_that_follow_on_one_another_are_a_row(tmp_path: Path) -> None:
    """As where roundings under a cap are told apart; the data has each."""
    rules = load(write(tmp_path, policy("aid", "工资 >= 0元", "较小(工资, 50元)")), cache=False)
    found, money = along(rules, {"id": "h", "members": []}, "工资", "0", "5000")
    rising, level = found.segments
    cuts = [*range(level.first, level.last, 100), level.last + 1]
    parts = tuple(replace(level, first=low, last=high - 1) for low, high in pairwise(cuts))
    report = SweepReport(replace(money, found=replace(found, segments=(rising, *parts))), rules.program, "zh")
    rows = [line for line in report.text().splitlines() if " 至 " in line]
    assert rows == [
        "  0 至 50  一年合计 0.00 → 600.00",
        f"  50.01 至 5000  一年合计 600.00（合计相同的 {len(parts)} 段）",
    ]
    assert len(report.as_json()["segments"]) == len(parts) + 1 > 1000


@pytest.mark.fault("A2")
class TestSigns:
    def test_of_every_kind(self) -> None:
        kinds: dict[BenefitKind, int] = {"cash": 1, "premium": 1, "waiver": 1, "service": 1, "in_kind": 1}
        kinds |= {"contribution": -1, "loan": 0, "registration": 0}
        assert {kind: sign(kind) for kind in kinds} == kinds
        assert [signed((2, 5), way) for way in (1, -1, 0)] == [(2, 5), (-5, -2), (0, 0)]

    def test_a_tax_that_rises_with_what_never_raises_benefits_is_no_fault(self, tmp_path: Path) -> None:
        rules = write(tmp_path, policy("tax", "工资 >= 1元", "工资 × 10% 四舍五入到 分", kind="contribution"))
        assert of(prove(check_folder(rules)), "V109") == []

    def test_a_tax_that_falls_is_one(self, tmp_path: Path) -> None:
        rules = write(tmp_path, policy("tax", "工资 >= 0元", "100000元 - 工资", kind="contribution"))
        assert [one["does"] for one in of(prove(check_folder(rules)), "V109")] == ["收得更少"]

    def test_a_cliff_of_a_benefit_lost_and_a_tax_begun(self, tmp_path: Path) -> None:
        """500 a month lost and 100 a month to pay, 7200 a year; a month's 1 euro more brings 12."""
        (tmp_path / "rules").mkdir()
        found = of(prove(check_folder(write(tmp_path / "rules", GRANT, TAX))), "V111")
        assert {(one["name"], one["lost"], one["gain"]) for one in found} == {
            ("grant项", "7200.00", "12.00"),
            ("tax项", "7200.00", "12.00"),
        }

    def test_a_cliff_of_which_no_part_is_one(self, tmp_path: Path) -> None:
        """Each of two loses 0.60 a month at one step of 1; together that is more than the step brings."""
        parts = [
            policy(name, "工资 >= 0元", f"若 工资 < 3000元 则 {amount} 否则 0.40元")
            for name, amount in (("one", "1元"), ("two", "1元"))
        ]
        found = of(prove(check_folder(write(tmp_path, *parts))), "V111")
        assert found and {one["lost"] for one in found} == {"14.40"}

    def test_the_chart_nets_what_is_paid(self, tmp_path: Path) -> None:
        ruleset = load(write(tmp_path, GRANT, TAX), cache=False)
        found, money = along(ruleset, {"id": "h", "工资": "2000"}, "工资", "0", "10000")
        assert [money.total(one.begins, "year") for one in found.segments] == [(600000, 600000), (-120000, -120000)]
        (cliff,) = money.cliffs()
        # a month's cent brings 12 cents a year
        assert (cliff.at, cliff.low, cliff.high) == (300000, 720000 - 12, 720000 - 12)
        assert {one.policy for one in cliff.policies} == {"grant", "tax"}
        assert "自付按负数计入" in SweepReport(money, ruleset.program, "zh").text()

    def test_dues_are_net(self, tmp_path: Path) -> None:
        ruleset = load(write(tmp_path, policy("grant", "工资 >= 0元", "500元"), TAX), cache=False)
        read, _ = ruleset.read({"id": "h", "工资": {"min": "2000", "max": "5000"}}, AS_OF)
        rows = payments(timeline(ruleset, read, to_day(date(2019, 1, 1)), to_day(date(2019, 2, 28))), ruleset.program)
        assert [(one.month, one.policy, one.low, one.high) for one in rows] == [
            ("2019-01", "grant", 50000, 50000),
            ("2019-01", "tax", -10000, 0),
            ("2019-02", "grant", 50000, 50000),
            ("2019-02", "tax", -10000, 0),
        ]
        assert total(rows) == (80000, 100000)

    def test_a_version_may_turn_a_benefit_into_a_contribution(self, tmp_path: Path) -> None:
        """A daily amount, whose sign changes in the middle of a month."""
        late = "    - valid: 2019-01-11..\n      when: 工资 >= 0元\n"
        late += "      benefit: {kind: contribution, amount: '2元', per: day}\n"
        late += "      lead: [office]\n      basis: [paper 1.1]\n"
        early = policy("odd", "工资 >= 0元", "1元", per="day").replace("valid: ..", "valid: ..2019-01-10")
        ruleset = load(write(tmp_path, early + late), cache=False)
        read, _ = ruleset.read({"id": "h", "工资": "1"}, AS_OF)
        rows = payments(timeline(ruleset, read, to_day(date(2019, 1, 1)), to_day(date(2019, 1, 31))), ruleset.program)
        assert total(rows) == (10 * 100 - 21 * 200,) * 2

    def test_who_must_pay_more_loses(self, tmp_path: Path) -> None:
        before, after = (policy("tax", "工资 >= 3000元", rate, kind="contribution") for rate in ("100元", "150元"))
        found = compared(tmp_path, (before,), (after,), [{"工资": "4000"}, {"工资": "5000"}, {"工资": "1000"}])
        assert (found.total.gain, found.total.lose, found.total.more, found.total.less) == (0, 0, 0, 2)
        assert found.total.money == (("month", -20000, -30000),)

    def test_who_must_begin_to_pay_loses(self, tmp_path: Path) -> None:
        before, after = (policy("tax", f"工资 >= {least}元", "100元", kind="contribution") for least in (3000, 2000))
        found = compared(tmp_path, (before,), (after,), [{"工资": "2500"}, {"工资": "5000"}])
        assert (found.total.gain, found.total.lose, found.total.more, found.total.less) == (0, 1, 0, 0)

    def test_a_summary_is_net_and_shows_both_parts(self, tmp_path: Path) -> None:
        ruleset = load(write(tmp_path / "r", policy("grant", "工资 >= 0元", "500元"), TAX), cache=False)
        side = ran(tmp_path, ruleset, [{"工资": "4000"}, {"工资": "1000"}], "one")
        found = summarize([side.result], ruleset)
        (money,) = found.total.money
        assert (money.low, money.high, money.given, money.paid_low, money.paid_high) == (
            90000,
            90000,
            (100000,) * 2,
            10000,
            10000,
        )
        assert found.departments[0].money == found.total.money
        text = summary_text(found, ruleset.program)
        assert "净额 900.00 每月（给付 1,000.00，自付 100.00）" in text
        assert "自付 100.00 每月" in text and "减去个人自付" in summary_html(found, ruleset.program)

    def test_worklists_show_what_is_paid_below_zero(self, tmp_path: Path) -> None:
        lent = policy("lent", "工资 >= 3000元", "700元", per="once", kind="loan")
        given = policy("given", "工资 >= 3000元", "50元")
        ruleset = load(write(tmp_path, given, TAX, lent), cache=False)
        side = ran(tmp_path, ruleset, [{"工资": "4000"}, {"工资": "1000"}], "one")
        write_worklists(side.result, ruleset, tmp_path / "lists")
        (book,) = (tmp_path / "lists").rglob("*.xlsx")
        found = openpyxl.load_workbook(book)["应享受"].iter_rows(min_row=3, values_only=True)
        assert [row[2:5] for row in found] == [("given项", 50, 50), ("lent项", 700, 700), ("tax项", -100, -100)]

    def test_the_highest_of_a_benefit_and_a_contribution_is_refused(self, tmp_path: Path) -> None:
        groups = "groups:\n  - {id: g, title: {zh: 组, en: group}, keep: highest, policies: [grant, tax]}\n"
        with pytest.raises(Exception, match="T220"):
            check_folder(write(tmp_path, GRANT, TAX, groups=groups))


KINDS = ("cash", "premium", "waiver", "contribution", "loan", "in_kind")
PERIODS = ("day", "month", "term", "year", "once")
AMOUNTS = ("3元", "收入 × 2", "较小(收入, 7元)")


@pytest.mark.fault("A2")
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_net_is_benefits_less_contributions_in_every_consumer(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Law 14: the chart, the summary, the comparison and the demonstration's totals come to the same signed sum."""
    root = tmp_path_factory.mktemp("law")
    drawn = [
        (data.draw(st.sampled_from(KINDS)), data.draw(st.sampled_from(PERIODS)), data.draw(st.sampled_from(AMOUNTS)))
        for _ in range(data.draw(st.integers(1, 4)))
    ]
    policies = [
        policy(f"p{number}", f"收入 >= {10 * number}元", amount, per, kind)
        for number, (kind, per, amount) in enumerate(drawn)
    ]
    ruleset = load(write(root / "r", *policies), cache=False)
    households = [{"收入": str(data.draw(st.integers(0, 60)))} for _ in range(3)]
    wanted: dict[str, int] = {}
    evaluations = [ruleset.evaluate({"id": "h", **one}, AS_OF) for one in households]
    for evaluation in evaluations:
        for one, (kind, _, _) in zip(evaluation.decisions, drawn, strict=True):
            if one.status is Status.ELIGIBLE and one.amount is not None and kind != "loan":
                paid = -one.amount.low if kind == "contribution" else one.amount.low
                wanted[one.amount.per] = wanted.get(one.amount.per, 0) + paid

    summary = summarize([ran(root, ruleset, households, "one").result], ruleset)
    assert {money.per: money.low for money in summary.total.money} == wanted
    nothing = load(write(root / "none", policy("p0", "收入 < 0元", "1元")), cache=False)
    found = compare(ran(root, nothing, households, "two"), ran(root, ruleset, households, "three"))
    assert {per: after for per, _, after in found.total.money} == wanted
    text = totals_text(evaluations, ruleset, "zh")
    for per, value in wanted.items():
        assert f" {value / 100:.2f} 元" in text, (per, text)
    spans = dict.fromkeys(SPANS, 0)
    for household in households:
        charted, money = along(ruleset, {"id": "h", **household}, "收入", household["收入"], household["收入"])
        for span in SPANS:
            spans[span] += money.total(charted.segments[0].begins, span)[0]
    assert spans == {
        span: sum(value * times(per) for per, value in wanted.items() if span_of(per) == span) for span in SPANS
    }
