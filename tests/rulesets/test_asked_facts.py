"""No household of a demonstration is asked a fact that could not change a decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from facts_that_matter import matters

from fupin_policy import Ruleset, load
from fupin_policy.core.decision import Decision
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.csv_extract import read_extract

POLICIES = Path(__file__).parents[2] / "policies"


def open_ones(ruleset: Ruleset, folder: Path, day: str) -> Iterator[tuple[Mapping[str, Any], Decision]]:
    """Each household of the demonstration with each of its decisions that lacks facts."""
    demo, reporter = folder / "demo", Reporter()
    for given in read_extract(demo / "households.csv", demo / "members.csv", ruleset.program, reporter):
        for decision in ruleset.evaluate(given, day).decisions:
            if decision.missing:
                yield given, decision


@pytest.mark.parametrize(("name", "day"), [("anqiu", "2019-06-30"), ("assistance", "2026-06-30")])
def test_every_fact_that_a_demonstration_lacks_could_change_the_decision(name: str, day: str) -> None:
    ruleset, asked = load(POLICIES / name), 0
    for given, decision in open_ones(ruleset, POLICIES / name, day):
        household, number = ruleset.read(given, day)
        for need in decision.missing:
            if need.parameter is None:  # no household is asked for one
                asked += 1
                assert matters(ruleset, household, number, decision, need), (given, decision.policy, need.text)
    assert asked > 20
