"""A batch gives the decisions that each household alone is given, whatever the form its columns come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from household_batches import Given, batch_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from text_files import write_files

from fupin_policy import Ruleset, load
from fupin_policy.batch import BatchEvaluator
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.core.decision import Decision, Evaluation, Figure, FigureValue, Status
from fupin_policy.core.types import Code, Day, Truth
from fupin_policy.testing import as_of_dates, households, rulesets

SLOW = settings(max_examples=settings().max_examples // 4, deadline=None, suppress_health_check=list(HealthCheck))
SHIPPED = load()
EVERY = BatchRequest(statuses=frozenset(Status), missing=True)


def rows_of(evaluation: Evaluation, level: dict[str, str], members: Sequence[str]) -> list[tuple[Any, ...]]:
    """An evaluation as the rows of the long form; a refused member has no entry in a decision."""
    rows: list[tuple[Any, ...]] = []
    for decision in evaluation.decisions:
        if level[decision.policy] != "member":
            rows.append(_row(evaluation.household, None, decision, decision.status, decision.amount))
            continue
        found = {one.member: one for one in decision.members}
        for person in members:
            status = found[person].status if person in found else Status.INELIGIBLE
            rows.append(
                _row(evaluation.household, person, decision, status, found[person].amount if person in found else None)
            )
    return rows


def _row(household: str, member: str | None, decision: Decision, status: Status, amount: Any) -> tuple[Any, ...]:
    ends = (None, None, None) if amount is None else (amount.low, amount.high, amount.per)
    return (household, member, decision.policy, status.value, *ends)


def check(ruleset: Ruleset, given_households: Sequence[Given], as_of: date) -> None:
    named = [{**one, "id": f"h{number}"} for number, one in enumerate(given_households)]
    if any(one.series is not None for one in ruleset.program.facts):
        check_lists_of_months(ruleset, named, as_of)
    level = {policy.id: policy.level for policy in ruleset.policies}
    found = BatchEvaluator(ruleset).decide(batch_of(ruleset, named), as_of, EVERY)
    assert found.counts.households_rejected == 0, found.rejects.to_pylist()
    rows = found.decisions.to_pylist()
    keys = ("household", "member", "policy", "status", "amount_min", "amount_max", "per")
    evaluations = {one["id"]: ruleset.evaluate(one, as_of) for one in named}
    ids = {one["id"]: [person["id"] for person in one["members"]] for one in named}
    wanted = [row for key, one in evaluations.items() for row in rows_of(one, level, ids[key])]
    assert [tuple(row[key] for key in keys) for row in rows] == wanted
    check_the_rest(rows, evaluations)
    check_figures(rows, evaluations)


def check_lists_of_months(ruleset: Ruleset, named: Sequence[Given], as_of: date) -> None:
    """Facts by month in lists and maps are decided as those in a column a month."""
    evaluator = BatchEvaluator(ruleset)
    wide = evaluator.decide(batch_of(ruleset, named), as_of, EVERY)
    for form in ("map", "list"):
        found = evaluator.decide(batch_of(ruleset, named, form), as_of, EVERY)
        assert (found.decisions, found.counts) == (wide.decisions, wide.counts)


def check_the_rest(rows: list[dict[str, Any]], evaluations: dict[str, Evaluation]) -> None:
    """What is missing, and what is provisional: a household's decision has what its members' have together."""
    missing: dict[tuple[str, str], set[str]] = {}
    assumed: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        decision = evaluations[row["household"]][row["policy"]]
        if decision.status is not Status.INELIGIBLE and row["status"] != "ineligible":
            assert row["provisional"] == decision.provisional
        if row.get("beneficiaries") is not None:
            whom = (decision.beneficiaries, decision.possible_beneficiaries)
            assert (row["beneficiaries"], row["possible_beneficiaries"]) == tuple(map(list, whom))
            assert (row["persons"], row["persons_max"]) == (len(whom[0]), len(whom[0]) + len(whom[1]))
        missing.setdefault((row["household"], row["policy"]), set()).update(row["missing"])
        assumed.setdefault((row["household"], row["policy"]), set()).update(row.get("assumed", ()))
    for (household, policy), named in missing.items():
        assert named == {one.text for one in evaluations[household][policy].missing}
    for (household, policy), named in assumed.items():
        told = {one.text for one in evaluations[household][policy].assumed}
        # of members whose own outcome is the same with nothing assumed, a row says nothing
        assert named <= told and bool(named) == bool(told)


def check_figures(rows: list[dict[str, Any]], evaluations: dict[str, Evaluation]) -> None:
    """Every row has its household's figures, and a member's row the member's own."""
    for row in rows:
        for figure in evaluations[row["household"]].figures:
            value = next((one for one in figure.values if one.member == row["member"]), None)
            if figure.figure.level == "household":
                (value,) = figure.values
            own = f"figure.{figure.name}"
            found = [row[name] for name in (own, f"{own}.min", f"{own}.max") if name in row]
            assert found == told_of(figure, value), (row, figure)


def told_of(figure: Figure, value: FigureValue | None) -> list[Any]:
    """The cells of a figure: two ends, or one cell."""
    match figure.figure.type:
        case Truth():
            return [None if value is None or len(value.told) > 1 else value.told[0] == "true"]
        case Code():
            return [None if value is None else "或".join(label.zh for label in value.labels)]
        case Day():
            return [None, None] if value is None else [date.fromisoformat(value.told[at]) for at in (0, -1)]
        case _:
            return [None, None] if value is None else [Decimal(value.told[at]) for at in (0, -1)]


@SLOW
@given(st.data())
def test_on_random_rules(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder: Path = tmp_path_factory.mktemp("ruleset")
    write_files(folder, data.draw(rulesets()))
    ruleset = load(folder, cache=False)
    as_of = data.draw(as_of_dates(ruleset))
    check(ruleset, data.draw(st.lists(households(ruleset, as_of), min_size=1, max_size=6)), as_of)


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
    write_files(folder, data.draw(rulesets()))
    ruleset = load(folder, cache=False)
    as_of = data.draw(as_of_dates(ruleset))
    for known in (ruleset, SHIPPED):
        day = as_of if known is ruleset else data.draw(as_of_dates(SHIPPED))
        found = data.draw(st.lists(households(known, day, known=True), min_size=1, max_size=4))
        check(known, found, day)
