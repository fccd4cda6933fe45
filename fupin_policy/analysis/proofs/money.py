"""What benefits do when one fact rises: against a declared direction, and over a cliff.

In: a program with facts that declare a direction. Out: findings with two households for each. Called by `prove`.
Two households that differ in one fact are one set of formulas, in which a second variable takes that fact's place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import z3

from fupin_policy.analysis.proofs.asking import Claim, Witness, solve, witness
from fupin_policy.analysis.proofs.episodes import Episode
from fupin_policy.analysis.proofs.findings import Finding
from fupin_policy.backends.smt.expressions import Formulas
from fupin_policy.backends.smt.people import People, bounds
from fupin_policy.core.program import A_YEAR, FactDecl, Policy, Program
from fupin_policy.core.relevance import facts_read
from fupin_policy.core.types import Number

Guard = Callable[[str, Episode, Callable[[], list[Finding]]], list[Finding]]


def comparisons(
    program: Program, most: int, found: Mapping[str, tuple[Episode, ...]], guarded: Guard
) -> Iterator[Finding]:
    """Every policy against every fact that declares a direction."""
    facts = [fact for fact in program.facts if fact.benefits is not None and fact.level in (program.subject, "member")]
    # an entry in the registry, leaving it for one, is no benefit that should fall with income
    policies = [policy for policy in program.policies if policy.versions[-1].benefit.kind != "registration"]
    for fact in facts:
        for policy in policies:
            for episode in found[f"payable:{policy.id}" if policy.has_amount else f"outcome:{policy.id}"]:
                if fact.name in facts_read(episode.snapshot, policy):
                    pair = _Pair.of(program, most, fact, policy, episode)
                    yield from guarded(policy.id, episode, pair.against)
                    yield from guarded(policy.id, episode, pair.cliff)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A household, and the same with one fact higher."""

    program: Program
    fact: FactDecl
    policy: Policy
    episode: Episode
    formulas: Formulas
    member: int | None

    @classmethod
    def of(cls, program: Program, most: int, fact: FactDecl, policy: Policy, episode: Episode) -> _Pair:
        formulas = Formulas(episode.snapshot, People((program,), most))
        member = 0 if policy.level == "member" or fact.level == "member" else None
        return cls(program, fact, policy, episode, formulas, member)

    def against(self) -> list[Finding]:
        """The policy gives more, or less, where the fact declares that it must not.

        One step of the fact is enough to look at: what never rises at one step never rises.
        """
        if not isinstance(self.fact.type, Number):
            return []
        here = self._given(self.policy.id)
        low = self._variable()
        high = z3.Int("higher")
        there = z3.substitute(here, (low, high))
        wrong = there > here if self.fact.benefits == "never_rise" else there < here
        model = self._solve([*bounds(high, self.fact.type), high == low + 1, wrong])
        if model is None:
            return []
        code = "V109" if self.fact.benefits == "never_rise" else "V110"
        return [self._finding(code, self._two(model, low, high))]

    def cliff(self) -> list[Finding]:
        """One 元 more loses more than 1 元 a year of all benefits together, of this one too."""
        money = ((self._money(), 1),)
        if self.fact.benefits != "never_rise" or not isinstance(self.fact.type, Number) or self.fact.type.unit != money:
            return []
        version = self._version()
        if version is None or version.benefit.per not in A_YEAR:
            return []
        # both in the currency's smallest units
        step, yuan = 10**self.fact.type.scale, 10**self.program.decimals
        total = self._total()
        own = self._given(self.policy.id) * A_YEAR[version.benefit.per]
        low = self._variable()
        high = z3.Int("higher")
        lost = total - z3.substitute(total, (low, high))
        falls = own - z3.substitute(own, (low, high)) > yuan
        model = self._solve([*bounds(high, self.fact.type), high == low + step, lost > yuan, falls])
        if model is None:
            return []
        amount = model.eval(lost, model_completion=True).as_long()
        said = str(Decimal(amount).scaleb(-self.program.decimals))
        return [self._finding("V111", self._two(model, low, high), lost=said)]

    # -- formulas -------------------------------------------------------------------------------------------------

    def _given(self, policy: str) -> Any:
        """What a policy gives: its amount, or 1 and 0 where it has none, summed over members."""
        found = next(one for one in self.program.policies if one.id == policy)
        name = f"payable:{policy}" if found.has_amount else f"outcome:{policy}"
        if found.level != "member":
            return _number(self.formulas.of(name))
        people = self.formulas.people
        if policy == self.policy.id and self.fact.level == "member":
            return _number(self.formulas.of(name, 0))
        each = [z3.If(people.present(one), _number(self.formulas.of(name, one)), 0) for one in range(people.most)]
        return z3.Sum(each)

    def _total(self) -> Any:
        """All amounts of a year that rest on the fact."""
        parts = []
        for rule in self.episode.snapshot.rules:
            per = None if rule.version is None else rule.version.benefit.per
            if (
                rule.payable is not None
                and per in A_YEAR
                and self.fact.name in facts_read(self.episode.snapshot, rule.policy)
            ):
                parts.append(self._given(rule.policy.id) * A_YEAR[per])
        return z3.Sum(parts)

    def _variable(self) -> Any:
        member = 0 if self.fact.level == "member" else None
        found = self.formulas.people.variable(self.fact.name, member)
        return z3.Int("not read") if found is None else found

    def _money(self) -> str:
        """The base unit of money: that of the policies' amounts."""
        for dated in self.episode.snapshot.definitions:
            if dated.id.startswith("payable:") and isinstance(dated.type, Number) and dated.type.unit:
                return dated.type.unit[0][0]
        return ""

    def _version(self) -> Any:
        return next(rule.version for rule in self.episode.snapshot.rules if rule.policy.id == self.policy.id)

    # -- answers --------------------------------------------------------------------------------------------------

    def _solve(self, conditions: list[Any]) -> Any:
        there = [] if self.member is None else [self.formulas.people.present(self.member)]
        return solve(self.formulas.people, self.episode.within, [*there, *conditions])

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
        name = f"payable:{self.policy.id}" if self.policy.has_amount else f"outcome:{self.policy.id}"
        return [Claim(name, 0 if self.policy.level == "member" else None)]

    def _finding(self, code: str, shown: tuple[Witness, ...], **words: str) -> Finding:
        when = self.formulas.dated(f"when:{self.policy.id}")
        title = self.policy.title
        names = {"name": title.zh, "name_en": title.en, "fact": self.fact.label, "fact_en": self.fact.name, **words}
        about = f"outcome:{self.policy.id}"
        return Finding(code, about, when.expr.span, tuple(names.items()), self.episode.within, shown)


def _number(value: Any) -> Any:
    return z3.If(value, 1, 0) if z3.is_bool(value) else value
