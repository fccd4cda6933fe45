"""How far a target has been reached: met, missed, pending or unknown, and who answers for it.

In: a `Snapshot` of a kind of place, its figures and what the interpreter found. Out: `Judgement`s. Called by `ruleset`.
A day is judged as it ends. A target to reach is met as soon as it is reached, and missed at its deadline; one to keep
is missed as soon as it is broken, and met at its deadline.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.json_data import json_parts
from fupin_policy.core.missing import Assumed, Missing
from fupin_policy.core.registers import ClauseRef, PaymentPeriod, Target
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.core.traces import Traces
from fupin_policy.decisions.missing import assumed_facts, assumed_of, before_in, missing_of, unsettled
from fupin_policy.decisions.responsibility import names_of, office_of, organisations


class TargetProgress(Enum):
    """How far a target has been reached."""

    MET = "met"
    MISSED = "missed"
    PENDING = "pending"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one target stands at a place at the end of a day. `deadline` is that of the period the day lies in."""

    target: str
    title: Bilingual
    status: TargetProgress
    deadline: date | None
    lead: tuple[Bilingual, ...]
    cooperating: tuple[Bilingual, ...]
    basis: tuple[ClauseRef, ...]
    missing: tuple[Missing, ...]
    assumed: tuple[Assumed, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The judgement as plain data."""
        return {
            **json_parts(self, "target", "title", "status", "deadline"),
            "departments": json_parts(self, "lead", "cooperating"),
            **json_parts(self, "basis", "missing", "assumed"),
        }


def judge(
    snapshot: Snapshot, place: Household, traces: Traces, day: int, bare: Traces | None = None
) -> tuple[Judgement, ...]:
    """Every target of the snapshot's kind of place, at one place at the end of a day (since 1970-01-01).

    `bare` are the traces of the place as it was given, where something was assumed.
    """
    found = tuple(_judge(snapshot, target, place, traces, day) for target in snapshot.program.targets)
    if bare is None:
        return found
    program, before = snapshot.program, before_in(snapshot.program, place)
    facts = {need.name for need in assumed_facts(program, place)}
    without = (_judge(snapshot, target, place, bare, day) for target in snapshot.program.targets)
    return tuple(
        one
        if one.status is other.status
        else replace(one, assumed=assumed_of(program, (n for n in other.missing if n.fact in facts), before))
        for one, other in zip(found, without, strict=True)
    )


def _judge(snapshot: Snapshot, target: Target, place: Household, traces: Traces, day: int) -> Judgement:
    program = snapshot.program
    facts = {fact.name: fact for fact in program.facts}
    deadline = deadline_of(target, day)
    parts = (DefinitionId("applies", target.id), DefinitionId("goal", target.id))
    applies, goal = (_bits(traces, part) for part in parts)
    status = _status(target, applies, goal, day, deadline)

    def names(departments: tuple[str, ...]) -> tuple[Bilingual, ...]:
        return names_of(organisations(program, departments, target.function, day), office_of(program, place))

    open_parts = (part for part in parts if _bits(traces, part) == possible.UNKNOWN)
    needs = dict.fromkeys(need for part in open_parts for need in unsettled(traces, (), part, 0))
    return Judgement(
        target.id,
        target.title,
        status,
        None if deadline is None else to_date(deadline),
        names(target.lead),
        names(target.cooperating),
        target.basis,
        tuple(missing_of(need, program, facts, place.as_of) for need in needs)
        if status is TargetProgress.UNKNOWN
        else (),
    )


def _bits(traces: Traces, definition: DefinitionId) -> int:
    value = traces[definition][0].value
    assert isinstance(value, int)
    return value


def _status(target: Target, applies: int, goal: int, day: int, deadline: int | None) -> TargetProgress:
    over = target.each is not None and day >= target.validity.end  # no period of it is asked any more
    if applies == possible.FALSE or day < target.validity.start or over:
        return TargetProgress.NOT_APPLICABLE
    if possible.UNKNOWN in (applies, goal):
        return TargetProgress.UNKNOWN
    holds = goal == possible.TRUE
    if holds != target.keep:
        return TargetProgress.MET if holds else TargetProgress.MISSED
    if deadline is None or day < deadline:
        return TargetProgress.PENDING
    return TargetProgress.MET if target.keep else TargetProgress.MISSED


def deadline_of(target: Target, day: int) -> int | None:
    """The target's deadline, or the last day of the period in which a day lies."""
    return target.by if target.each is None else period_end(target.each, day)


def period_end(each: PaymentPeriod, day: int) -> int:
    """The last day of the month, quarter or year in which a day lies."""
    at = to_date(day)
    match each:
        case "month":
            month = at.month
        case "quarter":
            month = (at.month + 2) // 3 * 3
        case "year":
            month = 12
    return to_day(date(at.year, month, monthrange(at.year, month)[1]))
