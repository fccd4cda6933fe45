"""A fact that says how often it comes: what it brings and what benefits lose are brought to a year first."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from small import policy, write
from small_results import along, of

from fupin_policy import load
from fupin_policy.analysis.sensitivity.cliffs import own_gain
from fupin_policy.analysis.verification.prove import prove
from fupin_policy.core.benefits import times
from fupin_policy.diagnostics import RulesetError
from fupin_policy.reports.sweep_text import SweepReport
from fupin_policy.ruleset import check_folder

TOP_UP = policy("topup", "工资 < 3000元", "3000元 - 工资")
"""A month's benefit that falls by just what a month's salary rises."""


def facts(per: str) -> str:
    return (
        "- {name: salary, label: 工资, for: household, type: number, unit: 元, range: 0..100000, "
        f"benefits: never_rise{per}}}\n"
    )


@pytest.mark.fault("A3")
class TestPeriods:
    def test_how_often_each_comes_in_a_year(self) -> None:
        assert [times(one) for one in ("day", "month", "quarter", "term", "year", "once")] == [365, 12, 4, 2, 1, 1]

    @pytest.mark.parametrize(("per", "gain"), [("day", 365), ("month", 12), ("quarter", 4), ("year", 1)])
    def test_own_gain_is_that_of_a_year(self, tmp_path: Path, per: str, gain: int) -> None:
        program = check_folder(write(tmp_path, TOP_UP, facts=facts(f", per: {per}")))
        assert own_gain(program.facts[0], program) == gain

    def test_a_month_against_a_month_is_no_loss(self, tmp_path: Path) -> None:
        rules = write(tmp_path, TOP_UP, facts=facts(", per: month"))
        assert of(prove(check_folder(rules)), "V111") == []
        _, money = along(load(rules, cache=False), {"id": "h", "工资": "100"}, "工资", "0", "5000")
        assert (money.falling(), money.cliffs()) == ((), ())

    def test_a_month_against_a_year_is_one(self, tmp_path: Path) -> None:
        """The same rule, where the fact is a year's income: 12 lost a year for 1 gained."""
        rules = write(tmp_path, TOP_UP, facts=facts(", per: year"))
        (cliff,) = of(prove(check_folder(rules)), "V111")
        assert cliff["gain"] == "1.00" and 1 < Decimal(cliff["lost"]) <= 12
        _, money = along(load(rules, cache=False), {"id": "h", "工资": "100"}, "工资", "0", "5000")
        (falling,) = money.falling()
        assert (falling.first, falling.last, falling.lost) == (0, 299999, 299999 * 11)

    def test_where_nothing_is_said_a_year_is_taken_and_told(self, tmp_path: Path) -> None:
        ruleset = load(write(tmp_path, TOP_UP, facts=facts("")), cache=False)
        _, money = along(ruleset, {"id": "h", "工资": "100"}, "工资", "0", "5000")
        assert "没有写明 per，按每年一次计" in SweepReport(money, ruleset.program, "zh").text()
        assert "taken to come once a year" in SweepReport(money, ruleset.program, "en").text()
        assert SweepReport(money, ruleset.program, "en").as_json()["own_gain_per_step"] == "0.01"

    def test_where_it_is_said_nothing_is_taken(self, tmp_path: Path) -> None:
        ruleset = load(write(tmp_path, TOP_UP, facts=facts(", per: month")), cache=False)
        _, money = along(ruleset, {"id": "h", "工资": "100"}, "工资", "0", "5000")
        assert "没有写明" not in SweepReport(money, ruleset.program, "zh").text()
        assert "每步一年的 0.12 元" in SweepReport(money, ruleset.program, "zh").text()

    @pytest.mark.parametrize(
        "fact", ["type: truth", "type: number, unit: 人, range: 0..9", "type: number, range: 0..9"]
    )
    def test_only_money_has_a_period(self, tmp_path: Path, fact: str) -> None:
        odd = facts("") + f"- {{name: odd, label: 怪, for: household, {fact}, per: month}}\n"
        with pytest.raises(RulesetError) as raised:
            check_folder(write(tmp_path, TOP_UP, facts=odd))
        (problem,) = raised.value.diagnostics
        assert (problem.code, problem.place.partition(":")[2]) == ("N140", "4:10")
        assert problem.sentence("zh") == "“怪”写了 per: month，但它不是金额"
        assert problem.sentence("en") == "\"怪\" has 'per: month' and is no sum of money"
