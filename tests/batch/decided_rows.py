"""Rows of a batch's result, against what each household alone is given.

In: rows, evaluations. Out: assertions. Called by the tests of batches, runs and engines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from fupin_policy import Evaluation, InputError, Ruleset
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.figures import Figure, FigureValue
from fupin_policy.core.types import Code, Day, Truth

EVERY = BatchRequest(statuses=frozenset(Status), missing=True)

KEYS = ("household", "member", "policy", "status", "amount_min", "amount_max", "per")


def alone(
    ruleset: Ruleset, households: Sequence[Mapping[str, Any]], as_of: date, assume: bool = True
) -> dict[str, Evaluation]:
    """What each household is given by itself, by its id; those that are refused are left out."""
    found: dict[str, Evaluation] = {}
    for one in households:
        try:
            found[one["id"]] = ruleset.evaluate(one, as_of, assume=assume)
        except InputError:
            continue
    return found


def check_rows(
    ruleset: Ruleset,
    rows: list[dict[str, Any]],
    evaluations: Mapping[str, Evaluation],
    households: Sequence[Mapping[str, Any]],
) -> None:
    """The long form of every decision, with what is missing, in the order of households and policies."""
    level = {policy.id: policy.level for policy in ruleset.policies}
    ids = {one["id"]: [person["id"] for person in one["members"]] for one in households}
    wanted = [row for key, one in evaluations.items() for row in rows_of(one, level, ids[key])]
    assert [tuple(row[key] for key in KEYS) for row in rows] == wanted
    check_the_rest(rows, evaluations)
    check_figures(rows, evaluations)


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


def check_the_rest(rows: list[dict[str, Any]], evaluations: Mapping[str, Evaluation]) -> None:
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


def check_figures(rows: list[dict[str, Any]], evaluations: Mapping[str, Evaluation]) -> None:
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
