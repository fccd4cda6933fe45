"""From what an evaluator found to decisions: amounts, beneficiaries, departments, clauses, missing facts.

In: a `Snapshot`, a `Household` and its `Findings`. Out: decisions. Called by `ruleset`.
Decisions that grant nothing are the same for every household of a place, so they are made once and shared.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Any, TypeVar, cast

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.decision import STATUS_OF_TRUTH, Amount, Decision, MemberDecision, Status
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.figures import Figure
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId, InputId, Need, ParameterNeed
from fupin_policy.core.missing import Missing
from fupin_policy.core.outputs import FigureDecl
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.core.traces import Findings
from fupin_policy.decisions.figure_values import figures_of
from fupin_policy.decisions.missing import assumed_facts, assumed_of, before_in, missing_of
from fupin_policy.decisions.needed_documents import needed
from fupin_policy.decisions.responsibility import departments, names_of, office_of, place_facts
from fupin_policy.decisions.rule_metadata import RuleMetadata, metadata_of

_Told = TypeVar("_Told", Decision, Figure)
Decisions = tuple[Decision, ...]
Figures = tuple[Figure, ...]

Needs = Sequence[Collection[Need]]
"""For each question of the program, its rules first, the inputs that keep its outputs open."""

Asked = tuple[Findings, Callable[[], Needs]]
"""What was found of a household, and what says what keeps it open."""

_Namer = Callable[[Collection[Need]], tuple[Missing, ...]]
_Asker = Callable[[], Needs]

_Chosen = tuple[int, ...] | None
"""Whether a policy is for each member; None where it does not choose among them."""

_Rank = tuple[int, int, int]
"""Whose what is missing is, where it is declared, and of which item it is."""
_RANK = itemgetter(0)
_STATUS, _AMOUNT, _BENEFICIARIES, _MISSING, _PROVISIONAL, _MEMBERS, _POSSIBLE = map(
    Decision._fields.index,
    ("status", "amount", "beneficiaries", "missing", "provisional", "members", "possible_beneficiaries"),
)
_OWN = {possible.FALSE: False, possible.UNKNOWN: None, possible.TRUE: True}
MAX_PLACES = 1000
"""For how many places, known and partly known, refusals are kept; a county has some dozens."""


@dataclass(frozen=True, slots=True)
class DecisionBuilder:
    """Makes decisions for one snapshot. `order` is where in a list of what is missing a name stands."""

    snapshot: Snapshot
    places: tuple[int, ...]
    facts: dict[str, FactDecl]
    words: dict[str, Bilingual]
    """What facts are called, those that are called so on every day."""
    order: dict[InputId | ParameterNeed, int]
    metadata: tuple[RuleMetadata, ...]
    whom: tuple[int | None, ...]
    """For each rule where among an evaluator's further findings stands for whom of the members it is."""
    answering: tuple[int | None, ...]
    """For each rule where among these stands who answers for it."""
    audiences: tuple[int | None, ...]
    """For each rule where among these stands whether the household is among its audience."""
    brought: tuple[tuple[int, ...], ...]
    """For each rule where among these stands whether documents must be brought."""
    _refusals: dict[tuple[object, ...], tuple[Decision, ...]] = field(default_factory=dict)
    """By the household's place, for each rule the decision that grants nothing."""
    _provisional: dict[DefinitionId, bool] = field(default_factory=dict)
    """Whether there is a parameter behind a figure that no source states."""
    _apart: tuple[int, ...] = field(init=False)
    """The rules of which more is found than outcomes, amounts and members."""

    _choosing: bool = field(init=False)
    """Whether some rule chooses among the members."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_choosing", any(at is not None for at in self.whom))
        more = enumerate(zip(self.answering, self.audiences, self.brought, strict=True))
        apart = tuple(number for number, found in more if found != (None, None, ()))
        object.__setattr__(self, "_apart", apart)

    @classmethod
    def of(cls, snapshot: Snapshot) -> DecisionBuilder:
        """The builder of a snapshot's decisions."""
        program = snapshot.program
        names = [column.name for column in program.household_inputs]
        places = tuple(sorted(names.index(name) for name in place_facts(program) if name in names))
        order: list[InputId | ParameterNeed] = [column.id for column in program.household_inputs]
        order += [*map(ParameterNeed, program.parameters), *(column.id for column in program.member_inputs)]
        for one in program.lists:
            order += [InputId(one.name), *(column.id for column in program.item_inputs[one.name])]
        places_of = {(one.role, one.id): at for at, one in enumerate(program.further)}
        ids = [rule.policy.id for rule in snapshot.rules]
        return cls(
            snapshot,
            places,
            {fact.name: fact for fact in program.facts},
            {fact.name: fact.words for fact in program.facts if fact.series is None},
            {name: rank for rank, name in enumerate(order)},
            tuple(metadata_of(snapshot, rule) for rule in snapshot.rules),
            tuple(places_of.get(("beneficiary", one)) for one in ids),
            tuple(places_of.get(("lead", one)) for one in ids),
            tuple(
                None if one.policy.audience is None else places_of["audience", one.policy.audience.name]
                for one in snapshot.rules
            ),
            tuple(tuple(places_of["document", name.name] for name in one.policy.bringing) for one in snapshot.rules),
        )

    def decide(self, household: Household, findings: Findings, needs: Callable[[], Needs]) -> tuple[Decision, ...]:
        """A decision for each rule. `needs` is called only if something is open, to say what is missing."""
        key = tuple([household.facts[place] for place in self.places])
        refusals = self._refusals.get(key)
        if refusals is None:
            refusals = self._refused(household)
            if len(self._refusals) < MAX_PLACES:
                self._refusals[key] = refusals
        rows = enumerate(zip(refusals, findings.outcomes, findings.amounts, self._chosen(findings), strict=True))
        named, asked, ids = self._namer(household), self.snapshot.program.asked, household.ids

        def missing(number: int) -> tuple[Missing, ...]:
            return named(_needs(needs(), asked[number]))

        decisions = [
            self._granted(number, refused, ids, outcomes, amounts, whom, missing) if any(outcomes) else refused
            for number, (refused, outcomes, amounts, whom) in rows
        ]
        for number in self._apart:
            decisions[number] = self._as_found(decisions[number], number, household, findings, named, needs)
        return tuple(decisions)

    def _as_found(
        self, decision: Decision, number: int, household: Household, findings: Findings, named: _Namer, needs: _Asker
    ) -> Decision:
        """A decision with who answers for it, what must be brought and whether it is for the household, as found."""
        answering, audience, some = self.answering[number], self.audiences[number], self.brought[number]
        if answering is not None:
            masks = cast(tuple[int, ...], findings.further[answering])
            asked_last = partial(self._bodies_missing, number, named, needs)
            decision = self._answered(decision, number, household, findings, masks, asked_last)
        if some and decision.obtain is not None and any(findings.outcomes[number]):
            truths = [cast(tuple[int, ...], findings.further[at]) for at in some]
            decision = decision._replace(obtain=needed(decision.obtain, findings.outcomes[number], truths))
        if audience is not None:
            decision = decision._replace(own=_OWN[cast(int, findings.further[audience][0])])
        return decision

    def _answered(
        self,
        decision: Decision,
        number: int,
        household: Household,
        findings: Findings,
        masks: tuple[int, ...],
        missing: Callable[[], tuple[Missing, ...]],
    ) -> Decision:
        """A decision with those who answer as the facts have it; what is missing is asked of what is not refused."""
        office = office_of(self.snapshot.program, household)
        answers, outcomes = self.metadata[number].answers, findings.outcomes[number]
        told = departments(answers, outcomes, masks, office)
        may = [mask for truth, mask in zip(outcomes, masks, strict=True) if truth != possible.FALSE]
        return decision._replace(
            **told._asdict(),
            departments_missing=missing() if told.is_open and decision.status is not Status.INELIGIBLE else (),
            members=tuple(
                [
                    one._replace(departments=departments(answers, (possible.TRUE,), (mask,), office))
                    for one, mask in zip(decision.members, may, strict=False)
                ]
            ),
        )

    def _bodies_missing(self, number: int, named: _Namer, needs: _Asker) -> tuple[Missing, ...]:
        return named(_needs(needs(), self.snapshot.program.asked_of_bodies[number]))

    def _chosen(self, findings: Findings) -> Sequence[_Chosen]:
        """For each rule whether it is for each member, where it chooses."""
        if not self._choosing:
            return cast(Sequence[None], self.whom)
        return [None if at is None else cast(tuple[int, ...], findings.further[at]) for at in self.whom]

    def _aside(self, number: int, findings: Findings) -> list[tuple[Value, ...] | None]:
        """Of a rule which answers each subject may have, where that is by condition; whether its audience is the
        household's own; and which documents must be brought."""
        places = (self.answering[number], self.audiences[number], *self.brought[number])
        return [None if at is None else findings.further[at] for at in places]

    def outputs(self, household: Household, shown: Asked, bare: Asked | None) -> tuple[Decisions, Figures]:
        """All decisions and figures. `bare` is of the household as it was given, where something was assumed of it."""
        findings, needs = shown
        decisions, figures = self.decide(household, findings, needs), self.figures(household, findings, needs)
        if bare is None:
            return decisions, figures
        without, lacking = bare
        results = [zip(one.outcomes, one.amounts, self._chosen(one), strict=True) for one in (findings, without)]
        alike = [one == other for one, other in zip(*results, strict=True)]
        for at in self._apart:
            alike[at] = alike[at] and self._aside(at, findings) == self._aside(at, without)
        asked, rules = self.snapshot.program.rests, len(self.snapshot.rules)
        decisions = self.resting(household, decisions, alike, lambda at: _needs(lacking(), asked[at]))
        alike = [one == other for one, other in zip(findings.further, without.further, strict=True)][: len(figures)]
        return decisions, self.resting(household, figures, alike, lambda at: lacking()[rules + at])

    def figures(self, household: Household, findings: Findings, needs: Callable[[], Needs]) -> tuple[Figure, ...]:
        """The declared figures. `needs` is called only if one is open."""
        figures, rules = self.snapshot.program.figures, len(self.snapshot.rules)
        if not figures:
            return ()
        # those that follow the figures belong to the decisions
        return self.told(household, zip(figures, findings.further, strict=False), lambda at: needs()[rules + at])

    def told(
        self,
        household: Household,
        found: Iterable[tuple[FigureDecl, Sequence[Value]]],
        needs: Callable[[int], Collection[Need]],
    ) -> tuple[Figure, ...]:
        """Figures by their values; `needs` is asked by the number of one that is open."""
        named = self._namer(household)
        return figures_of(self.snapshot.program, household, found, lambda at: named(needs(at)), self._is_provisional)

    def _is_provisional(self, definition: DefinitionId) -> bool:
        known = self._provisional.get(definition)
        if known is None:
            known = self._provisional[definition] = bool(self.snapshot.provisional(definition))
        return known

    def resting(
        self,
        household: Household,
        told: Sequence[_Told],
        alike: Sequence[bool],
        needs: Callable[[int], Collection[Need]],
    ) -> tuple[_Told, ...]:
        """What was told with what it rests on of all that was assumed: nothing where without it the same comes out,
        else what is assumed of the `needs` that there are without it."""
        program, rested = self.snapshot.program, []
        of_facts = set() if all(alike) else assumed_facts(program, household)
        before = before_in(program, household)
        for at, one in enumerate(told):
            if not alike[at]:
                missing = self.missing(household, [need for need in needs(at) if need in of_facts])
                one = one._replace(assumed=assumed_of(program, missing, before))
            rested.append(one)
        return tuple(rested)

    def _granted(
        self,
        number: int,
        refused: Decision,
        ids: tuple[str, ...],
        outcomes: tuple[int, ...],
        amounts: tuple[Interval, ...] | None,
        whom: _Chosen,
        missing: Callable[[int], tuple[Missing, ...]],
    ) -> Decision:
        """A rule's decision where it applies, or may; who answers for it, and on which clauses, is as where refused."""
        policy, metadata = self.snapshot.rules[number].policy, self.metadata[number]
        best, of_member = max(outcomes), policy.level == "member"
        total = None if amounts is None else amounts[0] if len(amounts) == 1 else possible.add(amounts)
        each = outcomes if of_member else whom or (best,) * len(ids)
        may = _those(ids, each, possible.UNKNOWN) if possible.UNKNOWN in each else ()
        is_open = bool(may) or best == possible.UNKNOWN or (total is not None and total[0] != total[1])
        # by place, as `_replace` takes thrice as long, household after household
        row: list[Any] = list(refused)
        row[_STATUS], row[_AMOUNT] = STATUS_OF_TRUTH[best], self._amount(metadata.per, total)
        row[_BENEFICIARIES] = _those(ids, each, possible.TRUE) if possible.TRUE in each else ()
        row[_POSSIBLE] = may
        row[_MISSING], row[_PROVISIONAL] = missing(number) if is_open else (), metadata.provisional
        if of_member:
            row[_MEMBERS] = self._members(metadata.per, ids, outcomes, amounts)
        return Decision._make(row)

    def _amount(self, per: str, amount: Interval | None) -> Amount | None:
        if amount is None or per == "":
            return None
        program = self.snapshot.program
        return Amount(amount[0], amount[1], program.currency, program.decimals, per)

    def _members(
        self, per: str, ids: tuple[str, ...], outcomes: tuple[int, ...], amounts: tuple[Interval, ...] | None
    ) -> tuple[MemberDecision, ...]:
        found = []
        for index, bits in enumerate(outcomes):
            if bits != possible.FALSE:
                amount = None if amounts is None else self._amount(per, amounts[index])
                found.append(MemberDecision(ids[index], STATUS_OF_TRUTH[bits], amount))
        return tuple(found)

    def missing(self, household: Household, needs: Collection[Need]) -> tuple[Missing, ...]:
        """What is missing: the household's facts first, then parameters, then member by member; each as declared."""
        return self._namer(household)(needs)

    def _namer(self, household: Household) -> _Namer:
        """Says what needs of one household are called, in order; what many rules need is named once."""
        persons: dict[str | None, int] = {person.id: index for index, person in enumerate(household.members)}
        persons[None] = -1
        known: dict[Need, tuple[_Rank, Missing]] = {}

        def placed(need: Need) -> tuple[_Rank, Missing]:
            if isinstance(need, ParameterNeed):
                rank = (-1, self.order[need], -1)
            else:
                rank = (persons[need.member], self.order[need.input], -1 if need.item is None else need.item)
            words = self.words.get(need.name) if rank[2] < 0 else None
            if words is None:
                missing = missing_of(need, self.snapshot.program, self.facts, household.as_of)
            else:
                missing = Missing(need.name, words.zh, need.member, words.en)
            return known.setdefault(need, (rank, missing))

        def named(needs: Collection[Need]) -> tuple[Missing, ...]:
            found = sorted([known.get(need) or placed(need) for need in needs], key=_RANK)
            return tuple(dict.fromkeys([missing for _, missing in found]))

        return named

    def _refused(self, household: Household) -> tuple[Decision, ...]:
        office = office_of(self.snapshot.program, household)
        return tuple(
            Decision(
                rule.policy.id,
                rule.policy.title,
                Status.INELIGIBLE,
                None,
                (),
                names_of(metadata.lead, office),
                names_of(metadata.cooperating, office),
                metadata.basis,
                (),
                metadata.provisional_refusal,
                (),
                force=metadata.force,
                obtain=metadata.obtain,
                where=next(iter(names_of(metadata.where, office)), None),
                audience=rule.policy.audience,
                section=rule.policy.section,
            )
            for rule, metadata in zip(self.snapshot.rules, self.metadata, strict=True)
        )


def once(make: Callable[[], Needs]) -> Callable[[], Needs]:
    """What is asked for at most once, and kept: a cache's wrapper alone takes as long as three rules."""
    found: Needs | None = None

    def asked() -> Needs:
        nonlocal found
        found = make() if found is None else found
        return found

    return asked


def _needs(needs: Needs, questions: Sequence[int]) -> Collection[Need]:
    """What keeps any of some questions open."""
    first, *others = (needs[number] for number in questions)
    return [*first, *(need for some in others for need in some)] if others else first


def _those(ids: tuple[str, ...], each: Sequence[int], truth: int) -> tuple[str, ...]:
    """Those of the members of whom this is found."""
    return tuple([one for one, bits in zip(ids, each, strict=True) if bits == truth])
