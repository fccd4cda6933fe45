"""How two rulesets differ in meaning: for each policy a household on which they differ, or a proof that there is none.

In: two programs and the most members to look at. Out: differences, with witnesses that the interpreter confirms.
Called by `commands`. Households are those that both rulesets can read, on the days that both cover.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import z3

from fupin_policy.analysis.proofs.asking import Claim, Undecided, Witness, solve, witness
from fupin_policy.analysis.proofs.episodes import Episode, Signs, episodes
from fupin_policy.analysis.proofs.prove import MOST_MEMBERS
from fupin_policy.backends.smt.expressions import Formulas
from fupin_policy.backends.smt.people import People, comparable
from fupin_policy.core.program import Policy, Program, Validity, Words
from fupin_policy.core.relevance import facts_read, results_of
from fupin_policy.core.snapshot import Snapshot

Verdict = Literal["differs", "same", "undecided", "incomparable", "added", "removed"]
Episodes = dict[str, tuple[Episode, ...]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days over which both versions stay the same, and what was found: `before` and `after` show one household."""

    within: Validity
    verdict: Verdict
    before: Witness | None = None
    after: Witness | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Something said of a policy that is no condition or amount: who answers, on what basis, paid how often."""

    what: Words
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A policy in both rulesets, or in one. `proved`: equal by the solver, though written otherwise."""

    policy: str
    title: Words
    verdict: Verdict
    stretches: tuple[Stretch, ...]
    said: tuple[Said, ...]

    @property
    def proved(self) -> bool:
        """Whether something in it is written otherwise and means the same."""
        return self.verdict == "same" and bool(self.stretches)


def differences(first: Program, second: Program, most: int = MOST_MEMBERS) -> tuple[Difference, ...]:
    """What became of each policy, in the order of the first ruleset, then what is new. Equal ones are left out.

    Raises nothing for rulesets that check; a question without an answer in time is `undecided`.
    """
    pairs = [(first, second)]
    pairs += [(one, second.by_place[kind]) for kind, one in first.by_place.items() if kind in second.by_place]
    return tuple(found for one, other in pairs for found in _Comparison.of(one, other, most).all())


@dataclass(frozen=True, slots=True)
class _Comparison:
    first: Program
    second: Program
    most: int
    before: Episodes
    after: Episodes

    @classmethod
    def of(cls, first: Program, second: Program, most: int) -> _Comparison:
        signs = Signs.new()
        size = most if first.subject == "household" else 0
        return cls(first, second, size, episodes(first, signs), episodes(second, signs))

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
                yield Difference(name, one.title, "removed", self._only(one, self.first, self.before, True), ())
            elif other is not None:
                yield Difference(name, other.title, "added", self._only(other, self.second, self.after, False), ())

    def _both(self, one: Policy, other: Policy) -> Difference:
        said = tuple(_said(self.first, one, self.second, other))
        if one.level != other.level:
            return Difference(one.id, other.title, "incomparable", (), said)
        stretches = tuple(self._stretches(one, other))
        found = {stretch.verdict for stretch in stretches}
        order: tuple[Verdict, ...] = ("differs", "undecided", "incomparable")
        verdict: Verdict = next((verdict for verdict in order if verdict in found), "same")
        return Difference(one.id, other.title, verdict, stretches, said)

    def _stretches(self, one: Policy, other: Policy) -> Iterator[Stretch]:
        """The days over which the two are not the same word for word, and what the solver says of them."""
        left, right = _timeline(self.before, one), _timeline(self.after, other)
        for a_within, a_signs, a_snapshot in left:
            for b_within, b_signs, b_snapshot in right:
                within = Validity(max(a_within.start, b_within.start), min(a_within.end, b_within.end))
                if within.start < within.end and (a_signs != b_signs or not self._same_codes()):
                    yield self._asked(one, other, within, a_snapshot, b_snapshot)

    def _asked(self, one: Policy, other: Policy, within: Validity, before: Snapshot, after: Snapshot) -> Stretch:
        if self._unlike(before, one) or self._unlike(after, other):
            return Stretch(within, "incomparable")
        people = People((self.first, self.second), self.most)
        formulas = (Formulas(before, people, 0), Formulas(after, people, 1))
        member = 0 if one.level == "member" else None
        there = [] if member is None else [people.present(member)]
        claims = (_claims(one, member), _claims(other, member))
        try:
            model = solve(people, within, [*there, _differ(formulas, one, other, member)])
        except Undecided:
            return Stretch(within, "undecided")
        if model is None:
            return Stretch(within, "same")
        shown = [witness(formula, model, claim) for formula, claim in zip(formulas, claims, strict=True)]
        return Stretch(within, "differs", *shown)

    def _only(self, policy: Policy, program: Program, found: Episodes, old: bool) -> tuple[Stretch, ...]:
        """A household that draws what only one of the rulesets has."""
        member = 0 if policy.level == "member" else None
        for within, _, dated in _timeline(found, policy):
            people = People((program,), self.most)
            formulas = Formulas(dated, people)
            there = [] if member is None else [people.present(member)]
            try:
                model = solve(people, within, [*there, formulas.of(f"outcome:{policy.id}", member)])
            except Undecided:
                continue
            if model is not None:
                shown = witness(formulas, model, _claims(policy, member))
                return (Stretch(within, "removed" if old else "added", *((shown, None) if old else (None, shown))),)
        return ()

    def _same_codes(self) -> bool:
        shared = self.first.code_lists.keys() & self.second.code_lists.keys()
        return all(self.first.code_lists[name].codes == self.second.code_lists[name].codes for name in shared)

    def _unlike(self, dated: Snapshot, policy: Policy) -> bool:
        """Whether the policy reads a fact that is of another kind in the other ruleset."""
        columns = [{c.name: c.type for c in (*p.household_inputs, *p.member_inputs)} for p in (self.first, self.second)]
        return any(
            name in columns[0] and name in columns[1] and not comparable(columns[0][name], columns[1][name])
            for name in facts_read(dated, policy)
        )


def _claims(policy: Policy, member: int | None) -> list[Claim]:
    return [Claim(name, member) for name in results_of(policy)]


def _timeline(found: Episodes, policy: Policy) -> list[tuple[Validity, tuple[int, ...], Snapshot]]:
    """The stretches over which both outcome and amount stay the same, with their signs."""
    if not policy.has_amount:
        return [(one.within, (one.sign,), one.snapshot) for one in found[f"outcome:{policy.id}"]]
    pieces: list[tuple[Validity, tuple[int, ...], Snapshot]] = []
    for one in found[f"outcome:{policy.id}"]:
        for paid in found[f"payable:{policy.id}"]:
            within = Validity(max(one.within.start, paid.within.start), min(one.within.end, paid.within.end))
            if within.start < within.end:
                later = one if one.within.start >= paid.within.start else paid
                pieces.append((within, (one.sign, paid.sign), later.snapshot))
    return pieces


def _differ(formulas: tuple[Formulas, Formulas], one: Policy, other: Policy, member: int | None) -> Any:
    before, after = formulas
    outcomes = before.of(f"outcome:{one.id}", member) != after.of(f"outcome:{other.id}", member)
    if not (one.has_amount and other.has_amount):
        return outcomes
    amounts = before.of(f"payable:{one.id}", member) != after.of(f"payable:{other.id}", member)
    return z3.Or(outcomes, amounts)


def _said(first: Program, one: Policy, second: Program, other: Policy) -> Iterator[Said]:
    """What is said of a policy besides, where it differs, version by version as they stand in time."""
    if one.title != other.title:
        yield Said(Words("名称", "title"), one.title.zh, other.title.zh)
    if one.level != other.level:
        yield Said(Words("对象", "for"), one.level, other.level)
    for what, before, after in zip(_SUBJECTS, _told(first, one), _told(second, other), strict=True):
        if before != after:
            yield Said(what, before, after)


_SUBJECTS = (
    Words("牵头部门", "lead"),
    Words("配合部门", "cooperating"),
    Words("职能", "function"),
    Words("依据", "basis"),
    Words("待遇", "benefit"),
    Words("周期", "per"),
)


def _told(program: Program, policy: Policy) -> list[str]:
    """What each version says of the subjects, the same once."""
    versions = policy.versions
    columns = (
        [_bodies(program, version.lead) for version in versions],
        [_bodies(program, version.cooperating) for version in versions],
        [version.function or "" for version in versions],
        ["、".join(f"{ref.source} {ref.clause}".strip() for ref in version.basis) for version in versions],
        [version.benefit.kind for version in versions],
        [version.benefit.per or "" for version in versions],
    )
    return ["；".join(dict.fromkeys(column)) for column in columns]


def _bodies(program: Program, ids: tuple[str, ...]) -> str:
    return "、".join(program.departments[name].names[-1].name.zh for name in ids)
