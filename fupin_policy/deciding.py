"""From what an evaluator found to decisions: amounts, beneficiaries, departments, clauses, missing facts.

In: a `Snapshot`, a `Household` and its `Findings`. Out: decisions. Called by `ruleset`.
Decisions that grant nothing are the same for every household of a place, so they are made once and shared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fupin_policy.core import possible
from fupin_policy.core.decision import (
    STATUS_OF_TRUTH,
    Amount,
    Decision,
    Findings,
    Household,
    MemberDecision,
    Missing,
    Status,
    Trace,
)
from fupin_policy.core.possible import Interval
from fupin_policy.core.program import Department, Program, Words
from fupin_policy.core.relevance import Need, unsettled
from fupin_policy.core.snapshot import Rule, Snapshot
from fupin_policy.core.types import Code
from fupin_policy.responsibility import bodies

Traces = dict[str, tuple[Trace, ...]]

MOST_FRAMES = 1000
"""For how many places, known and partly known, the frames are kept; a county has some dozens."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What of a rule's decision depends only on the date and the household's place."""

    rule: Rule
    lead: tuple[Words, ...]
    cooperating: tuple[Words, ...]
    refused: Decision
    per: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Clerk:
    """Makes decisions for one snapshot."""

    snapshot: Snapshot
    places: tuple[int, ...]
    labels: dict[str, str]
    _frames: dict[tuple[object, ...], tuple[Frame, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot) -> Clerk:
        """The clerk of a snapshot."""
        program = snapshot.program
        facts = {department.place for department in program.departments.values()} - {None}
        names = [column.name for column in program.household_inputs]
        places = tuple(sorted(names.index(name) for name in facts if name is not None and name in names))
        return cls(snapshot, places, {fact.name: fact.label for fact in program.facts})

    def decide(self, household: Household, findings: Findings, traces: Callable[[], Traces]) -> tuple[Decision, ...]:
        """A decision for each rule. `traces` is called only if something is open, to say what is missing."""
        key = tuple([household.facts[place] for place in self.places])
        frames = self._frames.get(key)
        if frames is None:
            frames = self._make_frames(household)
            if len(self._frames) < MOST_FRAMES:
                self._frames[key] = frames
        decisions = []
        for frame, outcomes, amounts in zip(frames, findings.outcomes, findings.amounts, strict=True):
            granted = any(outcomes)
            decisions.append(self._grant(frame, household, outcomes, amounts, traces) if granted else frame.refused)
        return tuple(decisions)

    def _grant(
        self,
        frame: Frame,
        household: Household,
        outcomes: tuple[int, ...],
        amounts: tuple[Interval, ...] | None,
        traces: Callable[[], Traces],
    ) -> Decision:
        rule = frame.rule
        best = max(outcomes)
        total = None if amounts is None else _total(amounts)
        members = self._members(frame, household, outcomes, amounts) if rule.policy.level == "member" else ()
        if rule.policy.level == "member":
            receive = tuple([one.member for one in members if one.status is Status.ELIGIBLE])
        else:
            receive = tuple([person.id for person in household.members]) if best == possible.TRUE else ()
        is_open = possible.UNKNOWN in outcomes or (total is not None and total[0] != total[1])
        return Decision(
            rule.policy.id,
            rule.policy.title,
            STATUS_OF_TRUTH[best],
            self._amount(frame, total),
            receive,
            frame.lead,
            frame.cooperating,
            frame.refused.basis,
            self._missing(rule, household, outcomes, amounts, traces()) if is_open else (),
            frame.provisional,
            members,
        )

    def _amount(self, frame: Frame, amount: Interval | None) -> Amount | None:
        if amount is None or frame.per == "":
            return None
        program = self.snapshot.program
        return Amount(amount[0], amount[1], program.currency, program.decimals, frame.per)

    def _members(
        self, frame: Frame, household: Household, outcomes: tuple[int, ...], amounts: tuple[Interval, ...] | None
    ) -> tuple[MemberDecision, ...]:
        found = []
        for index, bits in enumerate(outcomes):
            if bits != possible.FALSE:
                amount = None if amounts is None else self._amount(frame, amounts[index])
                found.append(MemberDecision(household.members[index].id, STATUS_OF_TRUTH[bits], amount))
        return tuple(found)

    def _missing(
        self,
        rule: Rule,
        household: Household,
        outcomes: tuple[int, ...],
        amounts: tuple[Interval, ...] | None,
        traces: Traces,
    ) -> tuple[Missing, ...]:
        ids = tuple(person.id for person in household.members)
        needs: dict[Need, None] = {}
        for subject, bits in enumerate(outcomes):
            if bits == possible.UNKNOWN:
                needs.update(dict.fromkeys(unsettled(traces, ids, rule.outcome, subject)))
            if rule.payable is not None and amounts is not None and amounts[subject][0] != amounts[subject][1]:
                needs.update(dict.fromkeys(unsettled(traces, ids, rule.payable, subject)))
        named = (self._named(need) for need in needs)
        return tuple(dict.fromkeys(named))

    def _named(self, need: Need) -> Missing:
        name, member = need
        if name.startswith("parameter."):
            label = self.snapshot.program.parameters[name.removeprefix("parameter.")].label
            return Missing(name, f"参数.{label}", None)
        fact = name.split(".", 1)[0]
        return Missing(fact, self.labels[fact], member)

    def _make_frames(self, household: Household) -> tuple[Frame, ...]:
        return tuple(self._frame(rule, household) for rule in self.snapshot.rules)

    def _frame(self, rule: Rule, household: Household) -> Frame:
        policy = rule.policy
        version = rule.version or policy.versions[0]
        program, day = self.snapshot.program, self.snapshot.validity.start

        def office(department: Department) -> Words | None:
            return own_office(program, department, household)

        lead = bodies(program, version.lead, version.function, day, office)
        cooperating = bodies(program, version.cooperating, version.function, day, office)
        provisional = bool(rule.provisional_outcome)
        refused = Decision(
            policy.id,
            policy.title,
            Status.INELIGIBLE,
            None,
            (),
            lead,
            cooperating,
            version.basis,
            (),
            provisional,
            (),
        )
        rests = provisional or bool(rule.provisional_amount)
        return Frame(rule, lead, cooperating, refused, version.benefit.per or "", rests)


def _total(amounts: tuple[Interval, ...]) -> Interval:
    low = high = 0
    for least, most in amounts:
        low += least
        high += most
    return (low, high)


def own_office(program: Program, department: Department, household: Household) -> Words | None:
    """The office of the household's own place, if the department stands for it and the place is known."""
    if department.place is None:
        return None
    fact = next(fact for fact in program.facts if fact.name == department.place)
    position = [column.name for column in program.household_inputs].index(fact.name)
    mask = household.facts[position]
    if not isinstance(fact.type, Code) or not isinstance(mask, int) or not possible.exact(fact.type, mask):
        return None
    code = program.code_lists[fact.type.code_list].codes[mask.bit_length() - 1]
    place = program.places.get(code.name)
    return None if place is None else place.office
