"""Two rulesets side by side: one period, own decimals, one currency, a common day, and who is refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small import FACTS, policy, write
from small_results import AS_OF, compared, ran

from fupin_policy import load
from fupin_policy.analysis.verification.differences import differences
from fupin_policy.cli.main import main
from fupin_policy.diagnostics import InputError
from fupin_policy.reports.comparison import Comparison, compare
from fupin_policy.reports.comparison_page import as_html
from fupin_policy.reports.comparison_text import as_text
from fupin_policy.ruleset import check_folder

ALL = "收入 >= 0元"
RICH = [{"收入": "4000"}, {"收入": "5000"}]


def counts(found: Comparison) -> tuple[int, int, int, int]:
    return (found.total.gain, found.total.lose, found.total.more, found.total.less)


@pytest.mark.fault("E3")
class TestOnePeriod:
    def test_of_the_same_amount_a_year_is_less_than_a_month(self, tmp_path: Path) -> None:
        found = compared(tmp_path, (policy("p", ALL, "100元"),), (policy("p", ALL, "100元", "year"),), RICH)
        assert counts(found) == (0, 0, 0, 2)
        assert found.total.money == (("month", 20000, 0), ("year", 0, 20000))

    def test_what_comes_to_the_same_is_the_same(self, tmp_path: Path) -> None:
        found = compared(tmp_path, (policy("p", ALL, "100元"),), (policy("p", ALL, "1200元", "year"),), RICH)
        assert counts(found) == (0, 0, 0, 0)

    def test_a_yearly_amount_that_is_paid_once_is_lost_and_gained(self, tmp_path: Path) -> None:
        found = compared(tmp_path, (policy("p", ALL, "100元", "year"),), (policy("p", ALL, "100元", "once"),), RICH)
        assert counts(found) == (2, 2, 0, 0)

    @pytest.mark.parametrize(
        ("before", "after", "verdict"),
        [
            (("100元", "month", "cash"), ("100元", "year", "cash"), "differs"),
            (("100元", "month", "cash"), ("1200元", "year", "cash"), "same"),
            (("100元", "year", "cash"), ("100元", "once", "cash"), "differs"),
            (("100元", "year", "cash"), ("100元", "year", "contribution"), "differs"),
            (("100元", "year", "cash"), ("100元", "year", "loan"), "differs"),
            (("0元", "year", "cash"), ("0元", "once", "cash"), "same"),
        ],
    )
    def test_the_solver_compares_so_too(self, tmp_path: Path, before: Any, after: Any, verdict: str) -> None:
        programs = [
            check_folder(write(tmp_path / name, policy("p", ALL, *given)))
            for name, given in (("a", before), ("b", after))
        ]
        (found,) = differences(programs[0], programs[1])
        assert found.verdict == verdict

    def test_the_period_is_shown(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        one, other = (
            write(tmp_path / per, policy("p", ALL, "100元", per), covers="2019-01-01..2019-12-31")
            for per in ("month", "year")
        )
        assert main(["diff", str(one), str(other)]) == 1
        shown = capsys.readouterr().out
        assert "100 元 每月" in shown.replace("100.00", "100") and "100 元 每年" in shown.replace("100.00", "100")


@pytest.mark.fault("E4")
class TestUnits:
    def test_each_amount_has_its_own_decimals(self, tmp_path: Path) -> None:
        sides = [
            ran(tmp_path, load(write(tmp_path / name, policy("p", ALL, "600元"), decimals=d), cache=False), RICH, name)
            for name, d in (("two", 2), ("three", 3))
        ]
        found = compare(*sides)
        assert counts(found) == (0, 0, 0, 0) and not found.changed
        assert (found.decimals, found.total.money) == (3, ())
        assert "600" not in as_text(found)

    def test_and_is_shown_in_the_finer(self, tmp_path: Path) -> None:
        sides = [
            ran(tmp_path, load(write(tmp_path / name, policy("p", ALL, amount), decimals=d), cache=False), RICH, name)
            for name, amount, d in (("two", "600元", 2), ("three", "600.005元", 3))
        ]
        found = compare(*sides)
        assert counts(found) == (0, 0, 2, 0)
        assert "每月 1,200.000 → 1,200.010（+0.010）" in as_text(found)

    def test_the_solver_has_them_too(self, tmp_path: Path) -> None:
        programs = [
            check_folder(write(tmp_path / f"{d}{amount}", policy("p", ALL, amount), decimals=d))
            for amount, d in (("600元", 2), ("600元", 3), ("600.001元", 3))
        ]
        assert [one.verdict for one in differences(programs[0], programs[1])] == ["same"]
        assert [one.verdict for one in differences(programs[0], programs[2])] == ["differs"]

    def test_two_currencies_cannot_be_compared(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        free = policy("free", "成员数 >= 0", None, kind="service")
        one = write(tmp_path / "a", policy("p", ALL, "600元"), free)
        other = write(tmp_path / "b", policy("p", ALL, "600元"), free, currency="EUR")
        found = {one.policy: one.verdict for one in differences(check_folder(one), check_folder(other))}
        assert found == {"p": "incomparable"}
        assert main(["diff", str(one), str(other)]) == 1
        capsys.readouterr()
        sides = [ran(tmp_path, load(folder, cache=False), RICH, folder.name) for folder in (one, other)]
        with pytest.raises(InputError) as raised:
            compare(*sides)
        (problem,) = raised.value.diagnostics
        assert problem.code == "V114"
        assert problem.sentence("zh") == "两个规则集的货币不同（CNY 与 EUR），金额无法比较"
        assert problem.sentence("en") == (
            "the two rulesets are in different currencies (CNY and EUR): amounts cannot be compared"
        )

    def test_without_a_common_day_nothing_is_compared(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        one = write(tmp_path / "a", policy("p", ALL, "1元"), covers="2018-01-01..2018-12-31")
        other = write(tmp_path / "b", policy("p", ALL, "1元"), covers="2019-01-01..2019-12-31")
        for asked in ([], ["--data", "none.csv", "--as-of", "2019-06-01"]):
            assert main(["diff", str(one), str(other), *asked]) == 1
            shown = capsys.readouterr()
            assert "V115" in shown.err and "没有共同施行的日期" in shown.err and not shown.out
        assert main(["diff", str(one), str(other), "--format", "json"]) == 1
        (problem,) = json.loads(capsys.readouterr().out)["problems"]
        assert problem["zh"] == (
            "两个规则集没有共同施行的日期（2018-01-01..2018-12-31 与 2019-01-01..2019-12-31），什么也没有比较"
        )
        assert problem["en"].endswith("nothing was compared")


def refusing(root: Path) -> Comparison:
    """The second ruleset takes no income above 4500."""
    one = write(root / "a", policy("p", ALL, "100元"))
    other = write(root / "b", policy("p", ALL, "100元"), facts=FACTS.replace("0..100000}", "0..4500}"))
    return compare(*(ran(root, load(folder, cache=False), RICH, folder.name) for folder in (one, other)))


@pytest.mark.fault("E4")
class TestRefused:
    def test_the_refused_are_a_class_of_their_own(self, tmp_path: Path) -> None:
        found = refusing(tmp_path)
        assert (found.refused_before, found.refused_after) == (0, 1) and counts(found) == (0, 0, 0, 0)
        assert found.changed and found.total.money == ()

    def test_it_is_said_as_text_and_on_the_page(self, tmp_path: Path) -> None:
        found = refusing(tmp_path)
        assert "  只有改动后的规则集不能读的户：1（不计入其他各数）" in as_text(found)
        assert "  refused after only: 1 (in no other figure)" in as_text(found, "en")
        assert "<small>只有改动后不能读的户</small><b>1</b><small>不计入其他各数</small>" in as_html(found)
        assert "<small>refused after only</small><b>1</b>" in as_html(found, "en")

    def test_who_is_refused_by_both_is_in_neither(self, tmp_path: Path) -> None:
        folder = write(tmp_path / "a", policy("p", ALL, "100元"))
        ruleset = load(folder, cache=False)
        rows = [{"收入": "4000"}, {"收入": "-1"}]
        found = compare(ran(tmp_path, ruleset, rows, "one"), ran(tmp_path, ruleset, rows, "two"))
        assert (found.refused_before, found.refused_after) == (0, 0) and not found.changed


@pytest.mark.fault("C14")
def test_data_is_compared_without_the_solver(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [
        name for name in sys.modules if name.split(".")[0] == "z3" or ".verification" in name or ".smt" in name
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "z3", None)
    one, other = (write(tmp_path / amount, policy("p", ALL, f"{amount}元")) for amount in ("1", "2"))
    pq.write_table(pa.Table.from_pylist([{"户编号": "h1", "收入": "5"}]), tmp_path / "h.parquet")
    asked = ["diff", str(one), str(other), "--as-of", AS_OF]
    assert main([*asked, "--data", str(tmp_path / "h.parquet")]) == 1
    assert "净得增加 1" in capsys.readouterr().out
    assert main(asked) == 1
    assert "B114" in capsys.readouterr().err
