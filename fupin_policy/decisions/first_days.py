"""Since when each policy has applied, where the rules ask that of earlier results.

In: a snapshot, a household with what was known last, its decisions on a day. Out: decisions. Called by `ruleset`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.declarations import FactDecl, Input
from fupin_policy.core.first_days import FirstDay, day_of_assessment, first_days
from fupin_policy.core.household import Household
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.snapshot import Rule, Snapshot


def with_first_days(
    snapshot: Snapshot, household: Household, day: int, decisions: tuple[Decision, ...]
) -> tuple[Decision, ...]:
    """The decisions, those that do not refuse with their first day, where a fact asks for it the next time."""
    program = snapshot.program
    asked = program.first_day_facts
    if not asked:
        return decisions
    people = {one.id: one.facts for one in household.members}
    found = list(decisions)
    for at, (decision, rule) in enumerate(zip(decisions, snapshot.rules, strict=True)):
        fact = asked.get(rule.policy.id)
        if fact is None or decision.status is Status.INELIGIBLE:
            continue
        if fact.level == "member":
            inputs = program.member_inputs
            members = [
                one._replace(first_day=_since(rule, day, fact, inputs, people[one.member])) for one in decision.members
            ]
            found[at] = decision._replace(members=tuple(members))
        else:
            since = _since(rule, day, fact, program.household_inputs, household.facts)
            found[at] = decision._replace(first_day=since)
    return tuple(found)


def _since(rule: Rule, day: int, fact: FactDecl, inputs: Sequence[Input], facts: Sequence[Value]) -> FirstDay:
    """The first day for one subject, by what the fact says of the last time."""
    known = {one.name: value for one, value in zip(inputs, facts, strict=True)}
    starts = "same_day" if rule.version is None else rule.version.starts
    applied, days = cast(int, known[fact.given or ""]), cast(Interval, known[fact.name])
    return first_days(applied, days, day_of_assessment(starts, day))
