"""The taxes and benefits of another country, written from the guide alone, and three reforms of them as overlays."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from fupin_policy import load
from fupin_policy.analysis.examples import run_examples
from fupin_policy.cli.main import main

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "taxes"
BASE = load(FOLDER / "base", cache=False)
RATES = ((0, 1200, 0), (1200, 2500, 11), (2500, 6000, 30), (6000, 10**9, 41))
FAMILY = {
    "id": "h",
    "occupancy": "tenant",
    "rent": "800",
    "size": "70",
    "members": [
        {"id": "a", "birth": "1980-01-01", "salary": "3000"},
        {"id": "b", "birth": "1982-01-01", "salary": "0"},
        {"id": "c", "birth": "2012-01-01", "salary": "0"},
    ],
}


@pytest.mark.parametrize(
    ("folder", "differing"), [("base", 0), ("flat_tax", 0), ("no_basic_income", 1), ("per_child", 0)]
)
def test_their_examples_hold(folder: str, differing: int) -> None:
    ran, found = run_examples(FOLDER / folder)
    assert ran > 15
    # a reform that takes a benefit away leaves a family with less than the example of the law says
    assert len(found) == differing


@pytest.mark.parametrize("cents", [1, 120_001, 250_000, 314_159, 600_001, 99_999_999])
def test_the_tax_is_that_of_exact_fractions(cents: int) -> None:
    household = {"id": "h", "members": [{"id": "a", "salary": f"{cents // 100}.{cents % 100:02}"}]}
    found = BASE.evaluate(household, "2017-06-01")
    assert found == BASE.interpret(household, "2017-06-01")
    exact = Fraction(sum(max(0, min(cents, 100 * high) - 100 * low) * rate for low, high, rate in RATES), 100)
    assert (amount := found["tax.income"].amount) is not None
    assert (amount.low, amount.high) == (int(exact + Fraction(1, 2)),) * 2


@pytest.mark.parametrize(
    ("folder", "day", "low"),
    [
        ("base", "2017-06-01", 412950),
        ("base", "2018-06-01", 412950),
        ("base", "2019-06-01", 392950),
        ("flat_tax", "2018-06-01", 402650),
        ("no_basic_income", "2018-06-01", 292950),
        ("per_child", "2018-06-01", 412950),
    ],
)
def test_what_a_family_can_spend(folder: str, day: str, low: int) -> None:
    ruleset = load(FOLDER / folder, cache=False)
    found = ruleset.evaluate(FAMILY, day)
    assert found == ruleset.interpret(FAMILY, day)
    (figure,) = found.figures
    assert [one.value for one in figure.values] == [(low, low)]


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("flat_tax", "个人所得税 (tax.income): 结果不同"),
        ("no_basic_income", "基本收入 (benefit.basic_income)"),
        ("per_child", "儿童金 (benefit.child): 结果不同"),
    ],
)
def test_a_reform_is_told_from_the_law(folder: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("z3")
    main(["diff", str(FOLDER / "base"), str(FOLDER / folder)])
    assert said in capsys.readouterr().out
