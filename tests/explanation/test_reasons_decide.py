"""The reasons that are given, taken alone, still decide: with everything else unknown the status is the same.

In: random and shipped rules, random households. Out: assertions. Called by pytest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from text_files import write_files

from fupin_policy import Ruleset, Status, load
from fupin_policy.core import possible
from fupin_policy.core.household import Household, changed
from fupin_policy.core.identifiers import FactNeed, Need
from fupin_policy.testing import as_of_dates, households, rulesets

SHIPPED = load()
pytestmark = pytest.mark.fault("A13", "A14")


def only(ruleset: Ruleset, household: Household, kept: frozenset[Need]) -> Household:
    """The household with everything unknown but some facts, and those that must be given."""
    unknown: list[tuple[int | None, int, Any]] = []
    levels: list[tuple[int | None, str | None, Any]] = [(None, None, ruleset.program.household_inputs)]
    levels += [(at, one.id, ruleset.program.member_inputs) for at, one in enumerate(household.members)]
    for position, member, inputs in levels:
        for at, column in enumerate(inputs):
            if FactNeed(column.id, member) not in kept and not column.required:
                unknown.append((position, at, possible.top(column.type)))
    return changed(household, unknown)


def check(ruleset: Ruleset, data: st.DataObject) -> None:
    as_of = data.draw(as_of_dates(ruleset))
    given_ = data.draw(households(ruleset, as_of, known=data.draw(st.booleans())))
    household, day = ruleset.read(given_, as_of)
    for found in ruleset.explain(given_, as_of):
        told_whole = found.in_force and not found.notes and household.members
        if not told_whole or found.decision.status is Status.UNKNOWN:
            continue
        kept = frozenset().union(*(reason.facts for reason in (*found.reasons, *found.whom)))
        alone = ruleset.decide(only(ruleset, household, kept), day)[found.decision.policy]
        assert alone.status is found.decision.status
        if found.decision.status is Status.ELIGIBLE:
            # whoever receives still does
            assert set(found.decision.beneficiaries) <= set(alone.beneficiaries)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_on_random_rules(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    files = data.draw(rulesets())
    folder: Path = tmp_path_factory.mktemp("reasons")
    write_files(folder, files)
    ruleset = load(folder, cache=False)
    for _ in range(3):
        check(ruleset, data)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_on_the_shipped_rules(data: st.DataObject) -> None:
    check(SHIPPED, data)
