"""What an earlier result says of a household: facts that are taken from it where nobody gives them.

In: an earlier evaluation, or its JSON. Out: values of the facts that name a policy under `previous`. Called by
`household_reader`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypedDict

from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN, top
from fupin_policy.core.program import Program
from fupin_policy.core.types import Day, Number
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.partial import MaybeDay, ReadValue, Slot
from fupin_policy.intake.scalars import shown

PATH = "previous"
OUTCOMES = {"ineligible": FALSE, "unknown": UNKNOWN, "eligible": TRUE}
Said = Mapping[str, Any]
Earlier = Evaluation | Said | None
"""What was decided of the same household before: an evaluation, or its JSON."""


class ReadAs(TypedDict, total=False):
    """How a household is read: whether anything is assumed (it is, by default), and what was decided before.

    If it `continues`, months and years after the last one that is given are assumed to be as that one.
    """

    assume: bool
    previous: Earlier
    continues: bool


@dataclass(frozen=True, slots=True)
class PreviousResult:
    """The decisions of the day `day` on one household: by policy and member (None: its own) what does not refuse."""

    day: int
    said: Mapping[str, Mapping[str | None, Said]]

    def value(self, slot: Slot, member: str | None) -> ReadValue:
        """What it says of a fact; who is not named was refused. Raises Unreadable where the fact cannot be that."""
        fact = slot.fact
        found = self.said[fact.previous or ""].get(member, {})
        outcome = OUTCOMES[found.get("status", "ineligible")]
        match fact.type:
            case Number() as whole:
                if outcome == FALSE:
                    return slot.read(0)
                amount = found.get("amount")
                return top(fact.given_type or whole) if amount is None else slot.read(_ends(amount))
            case Day(low, high):
                first = found.get("first_day")
                if outcome == FALSE or first is None:
                    return MaybeDay(outcome, (low, high))
                read = slot.read(_ends(first))
                return replace(read, given=outcome) if isinstance(read, MaybeDay) else read
            case _:
                return outcome


def read_previous(
    given: Evaluation | Said, program: Program, as_of: int, household: str, reporter: Reporter
) -> PreviousResult | None:
    """An earlier result of these rules on a household; None with what is wrong with it reported."""
    data = given.as_json() if isinstance(given, Evaluation) else given
    wrong = next(_malformed(data), None)
    if wrong is not None:
        reporter.report("H074", PATH, problem=wrong)
        return None
    day = to_day(date.fromisoformat(data["as_of"]))
    found = {one["policy"]: _by_subject(one) for one in data["decisions"]}
    units = {one["amount"]["unit"] for some in found.values() for one in some.values() if one.get("amount")}
    before = len(reporter.errors)
    if data["ruleset"]["id"] != program.id:
        reporter.report("H075", f"{PATH}.ruleset", found=shown(data["ruleset"]["id"]), wanted=program.id)
    for unit in sorted(units - {program.currency}):
        reporter.report("H076", PATH, found=shown(unit), wanted=program.currency)
    if day >= as_of:
        reporter.report("H077", f"{PATH}.as_of", found=to_date(day), as_of=to_date(as_of))
    if data["household"] != household:
        reporter.report("H079", f"{PATH}.household", found=shown(data["household"]), wanted=shown(household))
    report_absent(program, found, PATH, reporter)
    return None if len(reporter.errors) > before else PreviousResult(day, found)


def report_absent(program: Program, found: Mapping[str, object], path: str, reporter: Reporter) -> None:
    """Report each policy that facts ask an earlier result about, and of which it says nothing."""
    titles = {policy.id: policy.title for policy in program.policies}
    for policy, fact in asked_of_previous(program).items():
        if policy not in found:
            words = {"policy": titles[policy].zh, "policy_en": titles[policy].en, "fact": fact.label}
            reporter.report("H078", path, **words)


def asked_of_previous(program: Program) -> dict[str, FactDecl]:
    """By policy the first fact that asks an earlier result about it."""
    found: dict[str, FactDecl] = {}
    for fact in program.facts:
        if fact.previous is not None:
            found.setdefault(fact.previous, fact)
    return found


def _ends(given: Said) -> dict[str, str]:
    return {"min": given["min"], "max": given["max"]}


def _by_subject(decision: Said) -> dict[str | None, Said]:
    """A policy's decision on the household, or on each of its members."""
    return {None: decision, **{one["member"]: one for one in decision["members"]}}


def _malformed(data: Any) -> Iterator[str]:
    """Where it is not as evaluations are written."""
    if not isinstance(data, Mapping):
        yield shown(data)
        return
    ruleset, decisions = data.get("ruleset"), data.get("decisions")
    if not isinstance(data.get("household"), str):
        yield "household"
    if not isinstance(data.get("as_of"), str) or not _is_date(data["as_of"]):
        yield "as_of"
    if not isinstance(ruleset, Mapping) or not isinstance(ruleset.get("id"), str):
        yield "ruleset.id"
    if not isinstance(decisions, list | tuple):
        yield "decisions"
        return
    for at, one in enumerate(decisions):
        members = one.get("members") if isinstance(one, Mapping) else None
        if not isinstance(members, list | tuple) or not isinstance(one.get("policy"), str):
            yield f"decisions[{at}]"
            continue
        yield from _malformed_parts(one, f"decisions[{at}]")
        for number, member in enumerate(members):
            place = f"decisions[{at}].members[{number}]"
            if not isinstance(member, Mapping) or not isinstance(member.get("member"), str):
                yield place
            else:
                yield from _malformed_parts(member, place)


def _malformed_parts(one: Said, place: str) -> Iterator[str]:
    status = one.get("status")
    if not isinstance(status, str) or status not in OUTCOMES:
        yield f"{place}.status"
    for name, keys in (("amount", ("min", "max", "unit")), ("first_day", ("min", "max"))):
        part = one.get(name)
        if part is not None and not (isinstance(part, Mapping) and all(isinstance(part.get(k), str) for k in keys)):
            yield f"{place}.{name}"


def _is_date(text: str) -> bool:
    try:
        return to_date(to_day(date.fromisoformat(text))).isoformat() == text
    except ValueError:
        return False
