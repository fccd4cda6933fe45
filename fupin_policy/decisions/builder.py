"""From what an evaluator found to decisions: amounts, beneficiaries, departments, clauses, missing facts.

In: a `Snapshot`, a `Household` and its `Findings`. Out: decisions. Called by `ruleset`.
Decisions that grant nothing are the same for every household of a place, so they are made once and shared.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.decision import (
    STATUS_OF_TRUTH,
    Amount,
    Decision,
    Findings,
    Household,
    MemberDecision,
    Missing,
    Status,
)
from fupin_policy.core.dependencies import Need
from fupin_policy.core.possible import Interval
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Rule, Snapshot
from fupin_policy.core.types import Code
from fupin_policy.decisions.rule_metadata import Organisation, RuleMetadata, metadata_of

Needs = Sequence[Collection[Need]]
"""For each rule the inputs that keep its outcome or amount open."""

MAX_CONTEXTS = 1000
"""For how many places, known and partly known, the desks are kept; a county has some dozens."""


@dataclass(frozen=True, slots=True)
class RuleContext:
    """A rule's frame at a household's place: who answers there, and the decision that grants nothing."""

    rule: Rule
    frame: RuleMetadata
    refused: Decision


@dataclass(frozen=True, slots=True)
class DecisionBuilder:
    """Makes decisions for one snapshot. `order` is where in a list of what is missing a name stands."""

    snapshot: Snapshot
    places: tuple[int, ...]
    labels: dict[str, Bilingual]
    order: dict[str, int]
    frames: tuple[RuleMetadata, ...]
    _desks: dict[tuple[object, ...], tuple[RuleContext, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot) -> DecisionBuilder:
        """The clerk of a snapshot."""
        program = snapshot.program
        facts = {department.place for department in program.departments.values()} - {None}
        names = [column.name for column in program.household_inputs]
        places = tuple(sorted(names.index(name) for name in facts if name is not None and name in names))
        parameters = [f"parameter.{name}" for name in program.parameters]
        order = [*names, *parameters, *(column.name for column in program.member_inputs)]
        return cls(
            snapshot,
            places,
            {fact.name: fact.words for fact in program.facts},
            {name: rank for rank, name in enumerate(order)},
            tuple(metadata_of(snapshot, rule) for rule in snapshot.rules),
        )

    def decide(self, household: Household, findings: Findings, needs: Callable[[], Needs]) -> tuple[Decision, ...]:
        """A decision for each rule. `needs` is called only if something is open, to say what is missing."""
        key = tuple([household.facts[place] for place in self.places])
        desks = self._desks.get(key)
        if desks is None:
            desks = self._make_desks(household)
            if len(self._desks) < MAX_CONTEXTS:
                self._desks[key] = desks
        decisions = []
        for number, (desk, outcomes, amounts) in enumerate(
            zip(desks, findings.outcomes, findings.amounts, strict=True)
        ):
            granted = any(outcomes)
            decisions.append(
                self._grant(number, desk, household, outcomes, amounts, needs) if granted else desk.refused
            )
        return tuple(decisions)

    def _grant(
        self,
        number: int,
        desk: RuleContext,
        household: Household,
        outcomes: tuple[int, ...],
        amounts: tuple[Interval, ...] | None,
        needs: Callable[[], Needs],
    ) -> Decision:
        policy, refused = desk.rule.policy, desk.refused
        best = max(outcomes)
        total = None if amounts is None else _total(amounts)
        members = self._members(desk, household, outcomes, amounts) if policy.level == "member" else ()
        if policy.level == "member":
            receive = tuple([one.member for one in members if one.status is Status.ELIGIBLE])
        else:
            receive = tuple([person.id for person in household.members]) if best == possible.TRUE else ()
        is_open = possible.UNKNOWN in outcomes or (total is not None and total[0] != total[1])
        return Decision(
            policy.id,
            policy.title,
            STATUS_OF_TRUTH[best],
            self._amount(desk, total),
            receive,
            refused.lead,
            refused.cooperating,
            refused.basis,
            self.missing(household, needs()[number]) if is_open else (),
            desk.frame.provisional,
            members,
        )

    def _amount(self, desk: RuleContext, amount: Interval | None) -> Amount | None:
        if amount is None or desk.frame.per == "":
            return None
        program = self.snapshot.program
        return Amount(amount[0], amount[1], program.currency, program.decimals, desk.frame.per)

    def _members(
        self, desk: RuleContext, household: Household, outcomes: tuple[int, ...], amounts: tuple[Interval, ...] | None
    ) -> tuple[MemberDecision, ...]:
        found = []
        for index, bits in enumerate(outcomes):
            if bits != possible.FALSE:
                amount = None if amounts is None else self._amount(desk, amounts[index])
                found.append(MemberDecision(household.members[index].id, STATUS_OF_TRUTH[bits], amount))
        return tuple(found)

    def missing(self, household: Household, needs: Collection[Need]) -> tuple[Missing, ...]:
        """What is missing: the household's facts first, then parameters, then member by member; each as declared."""
        persons = {person.id: index for index, person in enumerate(household.members)}

        def rank(need: Need) -> tuple[int, int]:
            name, member = need
            return (-1 if member is None else persons[member], self.order[name])

        named = (self._named(need) for need in sorted(needs, key=rank))
        return tuple(dict.fromkeys(named))

    def _named(self, need: Need) -> Missing:
        name, member = need
        if name.startswith("parameter."):
            words = self.snapshot.program.parameters[name.removeprefix("parameter.")].words
            return Missing(name, f"参数.{words.zh}", None, f"parameter {words.en}")
        fact = name.split(".", 1)[0]
        words = self.labels[fact]
        return Missing(fact, words.zh, member, words.en)

    def _make_desks(self, household: Household) -> tuple[RuleContext, ...]:
        both = zip(self.snapshot.rules, self.frames, strict=True)
        return tuple(self._desk(rule, frame, household) for rule, frame in both)

    def _desk(self, rule: Rule, frame: RuleMetadata, household: Household) -> RuleContext:
        program, policy = self.snapshot.program, rule.policy

        def named(bodies: Iterable[Organisation]) -> tuple[Bilingual, ...]:
            return tuple(dict.fromkeys(own_office(program, body.place, household) or body.name for body in bodies))

        refused = Decision(
            policy.id,
            policy.title,
            Status.INELIGIBLE,
            None,
            (),
            named(frame.lead),
            named(frame.cooperating),
            frame.basis,
            (),
            frame.provisional_refusal,
            (),
        )
        return RuleContext(rule, frame, refused)


def _total(amounts: tuple[Interval, ...]) -> Interval:
    low = high = 0
    for least, most in amounts:
        low += least
        high += most
    return (low, high)


def own_office(program: Program, place: str | None, household: Household) -> Bilingual | None:
    """The office of the place that a fact of the household names, if it is known."""
    if place is None:
        return None
    fact = next(fact for fact in program.facts if fact.name == place)
    position = [column.name for column in program.household_inputs].index(fact.name)
    mask = household.facts[position]
    if not isinstance(fact.type, Code) or not isinstance(mask, int) or not possible.is_singleton(fact.type, mask):
        return None
    code = program.code_lists[fact.type.code_list].codes[mask.bit_length() - 1]
    found = program.places.get(code.name)
    return None if found is None else found.office
