"""What benefits do when one fact rises: against a declared direction, and over a cliff.

In: a program with facts that declare a direction. Out: findings with two households for each. Called by `prove`.
Two households that differ in one fact are one set of formulas, in which a second variable takes that fact's place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import z3

from fupin_policy.analysis.verification.findings import Finding
from fupin_policy.analysis.verification.solver import Claim, Solver, Witness, witness
from fupin_policy.analysis.verification.validity_intervals import BenefitId, Episode, Meaning, Pieces, joint
from fupin_policy.core.benefits import Per, times
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.policies import Policy
from fupin_policy.core.program import Program, is_income, unit_text
from fupin_policy.core.types import Number
from fupin_policy.diagnostics import Lang
from fupin_policy.evaluators.smt.formulas import Formulas
from fupin_policy.evaluators.smt.people import SymbolicHousehold, bounds

MoneyCheck = tuple[str, tuple[Meaning, ...], Callable[[Episode], list[Finding]]]
"""What it is about, the definitions that must stay the same while it is asked, and the question."""


def comparisons(program: Program, most: int, found: Pieces, asker: Solver) -> Iterator[MoneyCheck]:
    """Every policy against every fact that declares a direction."""
    facts = [fact for fact in program.facts if fact.benefits is not None and fact.level in (program.subject, "member")]
    for fact in facts:
        reading = [policy for policy in program.policies if _reads(found, policy, fact)]
        every = tuple(name for policy in reading for name in _rests(policy))
        for policy in reading:
            pair = partial(_Pair.of, program, most, asker, fact, policy)
            yield policy.id, _rests(policy), partial(_ask, _Pair.against, pair)
            if is_income(fact, program):
                # the total rests on all of them; the policy itself comes first
                yield policy.id, (*_rests(policy), *every), partial(_ask, _Pair.cliff, pair)


def _rests(policy: Policy) -> tuple[Meaning, ...]:
    """A policy's amount, its direction, and how often it is paid."""
    return (*policy.results, BenefitId(policy.id))


def _reads(found: Pieces, policy: Policy, fact: FactDecl) -> bool:
    return any(
        InputId(fact.name) in piece.snapshot.dependencies.facts(policy.results)
        for piece in joint(found, policy.results)
    )


def _ask(
    question: Callable[[_Pair], list[Finding]], pair: Callable[[Episode], _Pair], episode: Episode
) -> list[Finding]:
    return question(pair(episode))


@dataclass(frozen=True, slots=True)
class _Pair:
    """A household, and the same with one fact higher."""

    program: Program
    asker: Solver
    fact: FactDecl
    policy: Policy
    episode: Episode
    formulas: Formulas
    member: int | None

    @classmethod
    def of(cls, program: Program, most: int, asker: Solver, fact: FactDecl, policy: Policy, episode: Episode) -> _Pair:
        """Of a fact that rises and a policy, over an episode."""
        formulas = Formulas(episode.snapshot, SymbolicHousehold((program,), most))
        member = 0 if policy.level == "member" or fact.level == "member" else None
        return cls(program, asker, fact, policy, episode, formulas, member)

    def against(self) -> list[Finding]:
        """The policy gives more, or less, where the fact declares that it must not; what is paid is the reverse.

        One step of the fact is enough to look at: what never rises at one step never rises.
        """
        way = self._way(self.policy)
        if not isinstance(self.fact.type, Number) or not way:
            return []
        here = self._given(self.policy) * way
        low = self._variable()
        high = z3.Int("higher")
        there = z3.substitute(here, (low, high))
        rise = self.fact.benefits == "never_rise"
        model = self._solve([*bounds(high, self.fact.type), high == low + 1, there > here if rise else there < here])
        if model is None:
            return []
        zh, en = _VERBS[rise, way]
        return [self._finding("V109" if rise else "V110", self._two(model, low, high), does=zh, does_en=en)]

    def cliff(self) -> list[Finding]:
        """One 元 more for each period of the fact loses more than that of all benefits together, in a year.

        The policy is named where its own loss is no less than the mean of what is lost too much: of every cliff there
        is one such policy, though no policy of it need lose so much alone.
        """
        if not isinstance(self.fact.type, Number) or not self._yearly(self.policy):
            return []
        # both in the currency's smallest units
        step, gain = 10**self.fact.type.scale, 10**self.program.decimals * times(self.fact.per or "year")
        counted = [policy for policy in self.program.policies if self._counts(policy)]
        total, own = z3.Sum([self._yield(policy) for policy in counted]), self._yield(self.policy)
        low = self._variable()
        high = z3.Int("higher")
        lost, falls = (one - z3.substitute(one, (low, high)) for one in (total, own))
        conditions = [high == low + step, lost > gain, falls * len(counted) > gain]
        model = self._solve([*bounds(high, self.fact.type), *conditions])
        if model is None:
            return []
        amount = model.eval(lost, model_completion=True).as_long()
        labels = self.program.unit_labels
        unit, unit_en = (unit_text(self.program.money, labels, lang) for lang in _LANGS)
        words = {"lost": self._money(amount), "gain": self._money(gain), "unit": f" {unit}", "unit_en": unit_en}
        return [self._finding("V111", self._two(model, low, high), **words)]

    # -- formulas -------------------------------------------------------------------------------------------------

    def _given(self, policy: Policy) -> Any:
        """What a policy gives, or takes: its amount, or 1 and 0 where it has none, summed over members."""
        name = policy.payable if policy.has_amount else policy.outcome
        if policy.level != "member":
            return _number(self.formulas.of(name))
        people = self.formulas.people
        if policy.id == self.policy.id and self.fact.level == "member":
            return _number(self.formulas.of(name, 0))
        each = [z3.If(people.present(one), _number(self.formulas.of(name, one)), 0) for one in range(people.most)]
        return z3.Sum(each)

    def _yield(self, policy: Policy) -> Any:
        """A policy's amount in a year, below zero where the household pays."""
        return self._given(policy) * (self._way(policy) * times(self._per(policy) or "year"))

    def _counts(self, policy: Policy) -> bool:
        """Whether a policy's amount is part of what a year brings, and rests on the fact."""
        return self._yearly(policy) and InputId(self.fact.name) in self.episode.snapshot.dependencies.facts(
            policy.results
        )

    def _yearly(self, policy: Policy) -> bool:
        return policy.has_amount and bool(self._way(policy)) and self._per(policy) not in (None, "once")

    def _per(self, policy: Policy) -> Per | None:
        version = policy.version_on(self._day)
        return None if version is None else version.benefit.per

    def _way(self, policy: Policy) -> int:
        return policy.sign_on(self._day)

    @property
    def _day(self) -> int:
        """A day on which all is as it is throughout the episode."""
        return self.episode.stretches[0].start

    def _variable(self) -> Any:
        member = 0 if self.fact.level == "member" else None
        found = self.formulas.people.variable(InputId(self.fact.name), member)
        return z3.Int("not read") if found is None else found

    def _money(self, smallest: int) -> str:
        return str(Decimal(smallest).scaleb(-self.program.decimals))

    # -- answers --------------------------------------------------------------------------------------------------

    def _solve(self, conditions: list[Any]) -> Any:
        there = [] if self.member is None else [self.formulas.people.present(self.member)]
        return self.asker.solve(self.formulas.people, self.episode.stretches, [*there, *conditions])

    def _two(self, model: Any, low: Any, high: Any) -> tuple[Witness, ...]:
        """The household of a model, and the same with the higher value."""
        first = witness(self.formulas, model, self._claims())
        solver = z3.SimpleSolver()
        for variable in [*self.formulas.people.facts.values(), self.formulas.people.size, self.formulas.people.as_of]:
            value = model.eval(high if variable.eq(low) else variable, model_completion=True)
            solver.add(variable == value)
        solver.check()
        return first, witness(self.formulas, solver.model(), self._claims())

    def _claims(self) -> list[Claim]:
        name = self.policy.payable if self.policy.has_amount else self.policy.outcome
        return [Claim(name, 0 if self.policy.level == "member" else None)]

    def _finding(self, code: str, shown: tuple[Witness, ...], **words: str) -> Finding:
        when = self.formulas.dated(self.policy.condition)
        title = self.policy.title
        names = {"name": title.zh, "name_en": title.en, "fact": self.fact.label, "fact_en": self.fact.name, **words}
        about = self.policy.outcome
        return Finding(code, about, when.expr.span, tuple(names.items()), self.episode.stretches, shown)


_LANGS: tuple[Lang, ...] = ("zh", "en")
_VERBS = {
    (True, 1): ("给得更多", "gives more"),
    (True, -1): ("收得更少", "takes less"),
    (False, 1): ("给得更少", "gives less"),
    (False, -1): ("收得更多", "takes more"),
}
"""What a policy does against a declared direction, by whether that is `never_rise`, and by its sign."""


def _number(value: Any) -> Any:
    return z3.If(value, 1, 0) if z3.is_bool(value) else value
