"""No household of a demonstration is asked a fact that could not change a decision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from facts_that_matter import Open

from fupin_policy import Ruleset, load
from fupin_policy.core.decision import Decision
from fupin_policy.core.household import Household
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.csv_extract import read_extract

POLICIES = Path(__file__).parents[2] / "policies"


def open_ones(ruleset: Ruleset, name: str, day: str, *, assume: bool) -> Iterator[tuple[Household, int, Decision]]:
    """Each household of the demonstration with each of its decisions that lacks facts."""
    demo, reporter = POLICIES / name / "demo", Reporter()
    for given in read_extract(demo / "households.csv", demo / "members.csv", ruleset.program, reporter):
        household, number = ruleset.read(given, day, assume=assume)
        for decision in ruleset.decide(household, number).decisions:
            if decision.missing:
                yield household, number, decision


def asked_in_vain(name: str, day: str, *, assume: bool) -> tuple[int, list[tuple[str, str]]]:
    """How many facts decisions lack, and those with which a decision is the same whatever they are."""
    ruleset, asked, vain = load(POLICIES / name), 0, []
    for household, number, decision in open_ones(ruleset, name, day, assume=assume):
        left_open = Open.of(ruleset, household, number, decision)
        for need in decision.missing:
            if need.parameter is None:  # no household is asked for one
                asked += 1
                if not left_open.matters(need):
                    vain.append((decision.policy, need.text))
    return asked, vain


@pytest.mark.parametrize(("name", "day"), [("anqiu", "2019-06-30"), ("assistance", "2026-06-30")])
def test_every_fact_that_a_demonstration_lacks_could_change_the_decision(name: str, day: str) -> None:
    asked, vain = asked_in_vain(name, day, assume=True)
    assert not vain
    assert asked > 20
