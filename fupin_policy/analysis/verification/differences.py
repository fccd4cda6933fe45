"""How two rulesets differ in meaning: for each policy a household on which they differ, or a proof that there is none.

In: two programs and the most members to look at. Out: differences, with witnesses that the interpreter confirms.
Called by `cli`. Households are those that both rulesets can read, on the days that both cover.
Amounts are compared as sums of a year, or paid once, with the sign of what is given or paid, in one currency.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import z3

from fupin_policy.analysis.verification.findings import FURTHER_ITEMS, MAX_ITEMS, ListBound, bounded
from fupin_policy.analysis.verification.prove import MAX_MEMBERS
from fupin_policy.analysis.verification.solver import (
    Claim,
    Solver,
    Undecided,
    Witness,
    open_parameters,
    with_facts,
    witness,
)
from fupin_policy.analysis.verification.text_differences import TextDifference, text_differences
from fupin_policy.analysis.verification.validity_intervals import BenefitId, MeaningHasher, Piece, Pieces, joint, pieces
from fupin_policy.core import possible
from fupin_policy.core.benefits import sign, span_of, times
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity
from fupin_policy.core.declarations import Input
from fupin_policy.core.expressions import Items, walk
from fupin_policy.core.identifiers import DefinitionId, ParameterNeed
from fupin_policy.core.policies import Answer, Policy
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.core.types import Code, Day, Number, Truth, Type
from fupin_policy.evaluators.smt.calendar import key_of
from fupin_policy.evaluators.smt.formulas import Formulas
from fupin_policy.evaluators.smt.people import SymbolicHousehold, comparable

DifferenceVerdict = Literal["differs", "same", "undecided", "incomparable", "open", "added", "removed"]


@dataclass(frozen=True, slots=True)
class DatedDifference:
    """Days over which both versions stay the same, and what was found: `before` and `after` show one household."""

    within: Validity
    verdict: DifferenceVerdict
    before: Witness | None = None
    after: Witness | None = None
    bounded: tuple[ListBound, ...] = ()
    """Where they are the same the lists of which not as many items were looked at as there may be."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A policy in both rulesets, or in one. `proved`: equal by the solver, though written otherwise."""

    policy: str
    title: Bilingual
    verdict: DifferenceVerdict
    stretches: tuple[DatedDifference, ...]
    said: tuple[TextDifference, ...]

    @property
    def proved(self) -> bool:
        """Whether something in it is written otherwise and means the same."""
        return self.verdict == "same" and bool(self.stretches)


def differences(
    first: Program, second: Program, most: int = MAX_MEMBERS, asker: Solver | None = None
) -> tuple[Difference, ...]:
    """What became of each policy, in the order of the first ruleset, then what is new. Equal ones are left out.

    Raises nothing for rulesets that check; a question without an answer in time is `undecided`.
    """
    pairs = [(first, second)]
    pairs += [(one, second.by_place[kind]) for kind, one in first.by_place.items() if kind in second.by_place]
    asks = asker or Solver()
    return tuple(found for one, other in pairs for found in _Comparison.of(one, other, most, asks).all())


@dataclass(frozen=True, slots=True)
class _Comparison:
    first: Program
    second: Program
    most: int
    asker: Solver
    before: Pieces
    after: Pieces

    @classmethod
    def of(cls, first: Program, second: Program, most: int, asker: Solver) -> _Comparison:
        signs = MeaningHasher()
        size = most if first.subject == "household" else 0
        return cls(first, second, size, asker, pieces(first, signs), pieces(second, signs))

    def all(self) -> Iterator[Difference]:
        old = {policy.id: policy for policy in self.first.policies}
        new = {policy.id: policy for policy in self.second.policies}
        for name in [*old, *(name for name in new if name not in old)]:
            one, other = old.get(name), new.get(name)
            if one is not None and other is not None:
                found = self._both(one, other)
                if found.verdict != "same" or found.stretches or found.said:
                    yield found
            elif one is not None:
                yield Difference(name, one.title, "removed", self._only(one, self.first, self.before, "removed"), ())
            elif other is not None:
                yield Difference(name, other.title, "added", self._only(other, self.second, self.after, "added"), ())

    def _both(self, one: Policy, other: Policy) -> Difference:
        said = tuple(text_differences(self.first, one, self.second, other))
        if one.level != other.level or self._other_money(one, other):
            return Difference(one.id, other.title, "incomparable", (), said)
        stretches = tuple(self._stretches(one, other))
        found = {stretch.verdict for stretch in stretches}
        order: tuple[DifferenceVerdict, ...] = ("differs", "undecided", "incomparable", "open")
        verdict: DifferenceVerdict = next((verdict for verdict in order if verdict in found), "same")
        return Difference(one.id, other.title, verdict, stretches, said)

    def _stretches(self, one: Policy, other: Policy) -> Iterator[DatedDifference]:
        """The days over which the two are not the same word for word, and what the solver says of them."""
        for a in _timeline(self.before, one):
            for b in _timeline(self.after, other):
                within = Validity(max(a.within.start, b.within.start), min(a.within.end, b.within.end))
                same = a.sign == b.sign and self._same_codes() and self._same_answers(one, other)
                if within.start < within.end and not same:
                    yield self._asked(one, other, within, a.snapshot, b.snapshot)

    def _asked(
        self, one: Policy, other: Policy, within: Validity, before: Snapshot, after: Snapshot
    ) -> DatedDifference:
        if self._unlike(before, one) or self._unlike(after, other):
            return DatedDifference(within, "incomparable")
        found = self._asked_of(one, other, within, (before, after), MAX_ITEMS)
        # what is the same where lists are short may differ where they are longer
        return self._asked_of(one, other, within, (before, after), FURTHER_ITEMS) if found.bounded else found

    def _asked_of(
        self, one: Policy, other: Policy, within: Validity, dated: tuple[Snapshot, Snapshot], items: int
    ) -> DatedDifference:
        """What the solver says where lists have up to so many items."""
        people = SymbolicHousehold((self.first, self.second), self.most, items=items)
        formulas = (Formulas(dated[0], people, 0), Formulas(dated[1], people, 1))
        member = 0 if one.level == "member" else None
        there = [] if member is None else [people.present(member)]
        policies = zip(formulas, (one, other), strict=True)
        claims = [with_facts(formula, _claims(policy, member)) for formula, policy in policies]
        try:
            differ = _differ(formulas, one, other, within.start, member)
            model = self.asker.solve(people, [within], [*there, differ])
        except Undecided:
            return DatedDifference(within, "undecided")
        if model is None:
            return DatedDifference(within, "same", bounded=bounded(people))
        return self._shown(model, people, within, formulas, claims, [*there, differ])

    def _shown(
        self,
        model: Any,
        people: SymbolicHousehold,
        within: Validity,
        formulas: tuple[Formulas, Formulas],
        claims: Sequence[Sequence[Claim]],
        conditions: Sequence[Any],
    ) -> DatedDifference:
        """How a household's decisions differ, with the same supposed of parameters without a value in both.

        Of what is without a value in one of them only nothing is supposed: then one may be open and the other not, or
        both are, and that is said.
        """
        known = [open_parameters(formula.snapshot) for formula in formulas]
        alone = known[0].keys() ^ known[1].keys()
        if not alone:
            shown = [witness(formula, model, claim) for formula, claim in zip(formulas, claims, strict=True)]
            return DatedDifference(within, "differs", shown[0], shown[1])
        types = {**known[0], **known[1]}
        # they differ whatever the value is, as far as both ends of its range tell
        ends = [_at_end(people, {name: types[name] for name in alone}, conditions, last) for last in (False, True)]
        with suppress(Undecided):
            model = self.asker.solve(people, [within], [z3.And(each) for each in ends]) or model
        shown = [witness(formula, model, claim, alone) for formula, claim in zip(formulas, claims, strict=True)]
        told = [list(one.values.values()) for one in shown]
        exact = all(
            possible.is_singleton(formula.dated(claim.definition).type, value)
            for formula, one in zip(formulas, shown, strict=True)
            for claim, value in one.values.items()
        )
        return DatedDifference(within, "differs" if exact or told[0] != told[1] else "open", shown[0], shown[1])

    def _only(
        self, policy: Policy, program: Program, found: Pieces, verdict: Literal["removed", "added"]
    ) -> tuple[DatedDifference, ...]:
        """A household that draws what only one of the rulesets has."""
        member = 0 if policy.level == "member" else None
        for piece in _timeline(found, policy):
            within, people = piece.within, SymbolicHousehold((program,), self.most)
            formulas = Formulas(piece.snapshot, people)
            there = [] if member is None else [people.present(member)]
            claims = with_facts(formulas, _claims(policy, member))
            try:
                model = self.asker.solve(people, [within], [*there, formulas.of(policy.outcome, member)])
            except Undecided:
                continue
            if model is not None:
                shown = witness(formulas, model, claims)
                return (DatedDifference(within, verdict, *((shown, None) if verdict == "removed" else (None, shown))),)
        return ()

    def _same_codes(self) -> bool:
        answers = {str(policy.answering) for policy in (*self.first.policies, *self.second.policies)}
        shared = (self.first.code_lists.keys() & self.second.code_lists.keys()) - answers
        return all(self.first.code_lists[name].codes == self.second.code_lists[name].codes for name in shared)

    def _same_answers(self, one: Policy, other: Policy) -> bool:
        """Whether the same comes out by the same codes of who answers."""
        return [_names(self.first, each) for each in one.answers] == [
            _names(self.second, each) for each in other.answers
        ]

    def _other_money(self, one: Policy, other: Policy) -> bool:
        """Whether the two currencies differ and money plays a part: amounts, or facts that are read."""
        if self.first.currency == self.second.currency:
            return False
        return one.has_amount or other.has_amount or self._reads_money(one, other)

    def _reads_money(self, one: Policy, other: Policy) -> bool:
        for program, found, policy in ((self.first, self.before, one), (self.second, self.after, other)):
            types = {column.id: column.type for column in _inputs(program)}
            for piece in _timeline(found, policy):
                read = (types.get(name) for name in piece.snapshot.dependencies.facts(policy.told))
                if any(isinstance(type_, Number) and type_.unit == program.money for type_ in read):
                    return True
        return False

    def _unlike(self, dated: Snapshot, policy: Policy) -> bool:
        """Whether the policy reads a fact, or a list, that is of another kind in the other ruleset."""
        was, now = ({one.id: one for one in _inputs(program)} for program in (self.first, self.second))
        read = [name for name in dated.dependencies.facts(policy.told) if name in was and name in now]
        owners = {one.name: one.of for one in self.first.lists}
        lists = {one.name for one in (*self.first.lists, *self.second.lists)}
        moved = {one.name for one in self.second.lists if owners.get(one.name, one.of) != one.of}
        nodes = (node for one in dated.needed(policy.told) for node in walk(one.expr))
        return any(isinstance(node, Items) and node.list in moved for node in nodes) or any(
            not comparable(was[name].type, now[name].type)
            # a fact of an item is none of a household or member
            or (was[name].level != now[name].level and {was[name].level, now[name].level} & lists)
            for name in read
        )


def _at_end(
    people: SymbolicHousehold, parameters: Mapping[str, Type], conditions: Sequence[Any], last: bool
) -> list[Any]:
    """Conditions where parameters without a value have the first or the last value of their ranges."""
    pairs = []
    for name, type_ in parameters.items():
        variable = people.facts.get((ParameterNeed(name), None))
        if variable is not None:
            pairs.append((variable, _end(type_, last)))
    return [z3.substitute(one, *pairs) for one in conditions]


def _end(type_: Type, last: bool) -> Any:
    match type_:
        case Truth():
            return z3.BoolVal(last)
        case Code(_, size):
            return z3.IntVal(size - 1 if last else 0)
        case Day(low, high):
            return z3.IntVal(key_of(high if last else low))
        case Number(_, _, low, high):
            return z3.IntVal(high if last else low)
        case _:
            raise AssertionError(type_)


def _inputs(program: Program) -> tuple[Input, ...]:
    """The inputs of all levels."""
    return (*program.household_inputs, *program.member_inputs, *chain(*program.item_inputs.values()))


def _claims(policy: Policy, member: int | None) -> list[Claim]:
    results = (name for name in policy.told if name != policy.beneficiary)
    return [*(Claim(name, member) for name in results), *([Claim(policy.beneficiary, 0)] if policy.chooses else [])]


def _timeline(found: Pieces, policy: Policy) -> tuple[Piece, ...]:
    """The stretches over which all that is told of it and what it is paid for stay the same."""
    return joint(found, [*policy.told, BenefitId(policy.id)])


def _differ(formulas: tuple[Formulas, Formulas], one: Policy, other: Policy, day: int, member: int | None) -> Any:
    """That on a day the outcomes differ, for whom they are, who answers where that is by condition, or amounts: of a
    year and once, given or paid, or lent."""
    before, after = formulas
    outcomes = before.of(DefinitionId("outcome", one.id), member) != after.of(DefinitionId("outcome", other.id), member)
    if before.people.most and (one.chooses or other.chooses):
        whom = _chosen(before, one) != _chosen(after, other)
        outcomes = z3.Or(outcomes, z3.And(before.people.present(0), whom))
    if one.answers or other.answers:
        applies = (formula.of(policy.outcome, member) for formula, policy in ((before, one), (after, other)))
        outcomes = z3.Or(outcomes, z3.And(*applies, _other_bodies(formulas, one, other, day, member)))
    if not (one.has_amount and other.has_amount):
        return outcomes
    decimals = max(formula.snapshot.program.decimals for formula in formulas)
    was, becomes = _worth(before, one, day, member, decimals), _worth(after, other, day, member, decimals)
    if was is None or becomes is None:
        return outcomes
    (stream, amount), (stream_after, amount_after) = was, becomes
    if stream != stream_after:
        return z3.Or(outcomes, amount != 0, amount_after != 0)
    return z3.Or(outcomes, amount != amount_after)


def _chosen(formulas: Formulas, policy: Policy) -> Any:
    """Whether a household's policy is for a member, as any of them may be the first."""
    return formulas.of(policy.beneficiary, 0) if policy.chooses else formulas.of(policy.outcome, None)


def _other_bodies(formulas: tuple[Formulas, Formulas], one: Policy, other: Policy, day: int, member: int | None) -> Any:
    """That others answer for a policy than before, by the names that bodies had last."""
    before, after = ([*_cases(f, policy, day, member)] for f, policy in zip(formulas, (one, other), strict=True))
    return z3.Or([z3.And(was, becomes) for was, names in before for becomes, others in after if names != others])


def _cases(formulas: Formulas, policy: Policy, day: int, member: int | None) -> Iterator[tuple[Any, object]]:
    """Who may answer for a policy on a day, each with when it is so."""
    program, version = formulas.snapshot.program, policy.version_on(day)
    if policy.answers:
        code = formulas.of(policy.answering, member)
        yield from ((code == at, _names(program, one)) for at, one in enumerate(policy.answers))
    elif version is not None:
        yield z3.BoolVal(True), _names(program, Answer(version.lead, version.cooperating))


def _names(program: Program, answer: Answer) -> tuple[frozenset[str], frozenset[str]]:
    """Those who lead, and those who cooperate."""
    lead, joining = (
        frozenset(program.departments[one].called(answer.places, program.places).zh for one in part)
        for part in (answer.lead, answer.cooperating)
    )
    return lead, joining


def _worth(
    formulas: Formulas, policy: Policy, day: int, member: int | None, decimals: int
) -> tuple[tuple[object, ...], Any] | None:
    """What a policy's amount is comparable with, and its worth in units of `10**-decimals`."""
    version = policy.version_on(day)
    if version is None or version.benefit.per is None:
        return None
    way, per = sign(version.benefit.kind), version.benefit.per
    factor = (way or 1) * times(per) * 10 ** (decimals - formulas.snapshot.program.decimals)
    return (way == 0, span_of(per)), formulas.of(policy.payable, member) * factor
