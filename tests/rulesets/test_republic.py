"""A second jurisdiction, invented: euros, other facts, contributions too; nothing in the engine is local."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy import Ruleset, load
from fupin_policy.analysis.examples import run_examples
from fupin_policy.testing import as_of_dates, households

FOLDER = Path(__file__).parent / "republic"
RULESET: Ruleset = load(FOLDER, cache=False)
SLICES = ((0, 500, "0"), (500, 2000, "0.0935"), (2000, 5000, "0.121"), (5000, None, "0.02"))


def test_its_examples_pass() -> None:
    ran, failures = run_examples(FOLDER)
    assert ran >= 25
    assert failures == ()


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10_000_000))
def test_contributions_are_those_of_exact_fractions(cents: int) -> None:
    household = {"id": "h", "members": [{"id": "a", "work": "E", "wage": f"{cents // 100}.{cents % 100:02d}"}]}
    amount = RULESET.evaluate(household, "2024-06-01")["contribution"].amount
    wage = Fraction(cents, 100)
    exact = sum(
        max(Fraction(0), (wage if high is None else min(wage, Fraction(high))) - low) * Fraction(rate)
        for low, high, rate in SLICES
    )
    assert amount is not None
    assert (amount.currency, amount.low) == ("EUR", int(exact * 100 + Fraction(1, 2)))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_both_evaluators_agree(data: st.DataObject) -> None:
    as_of: date = data.draw(as_of_dates(RULESET))
    household = data.draw(households(RULESET, as_of))
    assert RULESET.evaluate(household, as_of) == RULESET.interpret(household, as_of)
