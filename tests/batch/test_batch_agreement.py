"""A batch gives the decisions that each household alone is given, whatever the form its columns come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from decided_rows import EVERY, alone, check_rows
from household_batches import Given, batch_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rules_as_run import loaded, rules_as_run

from fupin_policy import Ruleset, load
from fupin_policy.batch import BatchEvaluator
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.testing import as_of_dates, households

SLOW = settings(max_examples=settings().max_examples // 4, deadline=None, suppress_health_check=list(HealthCheck))
SHIPPED = load()


def check(ruleset: Ruleset, given_households: Sequence[Given], as_of: date, assume: bool = True) -> None:
    named = [{**one, "id": f"h{number}"} for number, one in enumerate(given_households)]
    if any(one.series is not None for one in ruleset.program.facts):
        check_lists_of_months(ruleset, named, as_of)
    found = BatchEvaluator(ruleset).decide(batch_of(ruleset, named), as_of, replace(EVERY, assume=assume))
    evaluations = alone(ruleset, named, as_of, assume)
    assert found.counts.households_rejected == len(named) - len(evaluations), found.rejects.to_pylist()
    check_rows(ruleset, found.decisions.to_pylist(), evaluations, named)


def check_lists_of_months(ruleset: Ruleset, named: Sequence[Given], as_of: date) -> None:
    """Facts by month in lists and maps are decided as those in a column a month."""
    evaluator = BatchEvaluator(ruleset)
    wide = evaluator.decide(batch_of(ruleset, named), as_of, EVERY)
    for form in ("map", "list"):
        found = evaluator.decide(batch_of(ruleset, named, form), as_of, EVERY)
        assert (found.decisions, found.counts) == (wide.decisions, wide.counts)


@SLOW
@given(st.data())
def test_on_random_rules(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder: Path = tmp_path_factory.mktemp("ruleset")
    ruleset = loaded(folder, data.draw(rules_as_run()))
    as_of = data.draw(as_of_dates(ruleset))
    found = data.draw(st.lists(households(ruleset, as_of), min_size=1, max_size=6))
    check(ruleset, found, as_of, data.draw(st.booleans()))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_on_the_shipped_ruleset(data: st.DataObject) -> None:
    as_of = data.draw(as_of_dates(SHIPPED))
    check(SHIPPED, data.draw(st.lists(households(SHIPPED, as_of), min_size=1, max_size=4)), as_of)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_wide_is_long_by_household(data: st.DataObject) -> None:
    as_of = data.draw(as_of_dates(SHIPPED))
    found = data.draw(st.lists(households(SHIPPED, as_of), min_size=1, max_size=4))
    named = [{**one, "id": f"h{number}"} for number, one in enumerate(found)]
    table = BatchEvaluator(SHIPPED).decide(batch_of(SHIPPED, named), as_of, BatchRequest(form="wide")).decisions
    for row, one in zip(table.to_pylist(), named, strict=True):
        for decision in SHIPPED.evaluate(one, as_of).decisions:
            assert row[decision.policy] == decision.status.value
            if f"{decision.policy}.min" in row:
                amount = decision.amount
                ends = (None, None) if amount is None else (amount.low, amount.high)
                assert (row[f"{decision.policy}.min"], row[f"{decision.policy}.max"]) == ends
            if f"{decision.policy}.persons" in row:
                assert row[f"{decision.policy}.persons"] == len(decision.beneficiaries)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_where_everything_is_known(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Then another function of the module decides, which works out one end of each value."""
    folder: Path = tmp_path_factory.mktemp("ruleset")
    ruleset = loaded(folder, data.draw(rules_as_run()))
    as_of = data.draw(as_of_dates(ruleset))
    for known in (ruleset, SHIPPED):
        day = as_of if known is ruleset else data.draw(as_of_dates(SHIPPED))
        found = data.draw(st.lists(households(known, day, known=True), min_size=1, max_size=4))
        check(known, found, day)
