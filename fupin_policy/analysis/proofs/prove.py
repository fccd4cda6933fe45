"""What can be proved to be wrong, or odd, in one ruleset: for every household of a bounded size, on every day.

In: a program and the most members to look at. Out: findings, each with households that show it. Called by `commands`.
A question is asked once for each stretch of time over which the rule with all that it rests on stays the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import z3

from fupin_policy.analysis.proofs.asking import Claim, Undecided, Witness, possible_at_all, solve, witness
from fupin_policy.analysis.proofs.episodes import Episode, Signs, episodes
from fupin_policy.analysis.proofs.findings import Finding, explained, name_of
from fupin_policy.analysis.proofs.money import comparisons
from fupin_policy.analysis.proofs.parts import Part, Row, parts, rows
from fupin_policy.backends.prose import say
from fupin_policy.backends.smt.expressions import Formulas
from fupin_policy.backends.smt.people import People
from fupin_policy.core.expressions import Const, Expr
from fupin_policy.core.program import PolicyVersion, Program, Validity, Words
from fupin_policy.core.types import Number
from fupin_policy.diagnostics import Span

MOST_MEMBERS = 3
"""The size of household up to which is proved where nothing else is asked."""


def prove(program: Program, most: int = MOST_MEMBERS) -> tuple[Finding, ...]:
    """Everything found in the rules for households and for each kind of place, in the order of the rules.

    A finding is `explained` where a note of its policy, or of the fact that it is about, names its code.
    """
    found: list[Finding] = []
    for one in (program, *program.by_place.values()):
        found += [replace(finding, explained=explained(one, finding)) for finding in _Prover.of(one, most).findings()]
    kept: dict[tuple[object, ...], Finding] = {}
    for finding in found:
        kept.setdefault(finding.key, finding)
    return tuple(kept.values())


@dataclass(frozen=True, slots=True)
class _Prover:
    program: Program
    most: int
    episodes: dict[str, tuple[Episode, ...]]

    @classmethod
    def of(cls, program: Program, most: int) -> _Prover:
        return cls(program, most if program.subject == "household" else 0, episodes(program, Signs.new()))

    def findings(self) -> Iterator[Finding]:
        for definition, those in self.episodes.items():
            for episode in those:
                yield from self._of_definition(definition, episode)
        for policy in self.program.policies:
            for episode in self.episodes[f"outcome:{policy.id}"]:
                yield from self._of_policy(policy.id, episode)
        yield from self._pairs()
        yield from comparisons(self.program, self.most, self.episodes, self._guarded)

    # -- one definition -------------------------------------------------------------------------------------------

    def _of_definition(self, definition: str, episode: Episode) -> Iterator[Finding]:
        """Its parts that decide nothing, its rows that are never used, its gaps; a policy's condition as a whole."""
        kind = definition.partition(":")[0]
        if kind not in ("term", "when", "applies", "goal", "stated"):
            return
        formulas = self._formulas(episode)
        dated = formulas.dated(definition)
        whole = kind == "when" and not isinstance(dated.expr, Const)
        odd = self._guarded(definition, episode, lambda: self._whole(definition, episode, formulas)) if whole else []
        yield from odd
        questions = [] if odd else [self._asking(self._part, definition, episode, formulas, p) for p in parts(dated)]
        questions += [self._asking(self._row, definition, episode, formulas, row) for row in rows(dated)]
        for question in questions:
            yield from self._guarded(definition, episode, question)
        if kind == "stated" and isinstance(dated.type, Number):
            yield from self._guarded(definition, episode, lambda: self._negative(definition, episode, formulas))

    def _asking(self, ask: Callable[..., list[Finding]], *given: Any) -> Callable[[], list[Finding]]:
        return lambda: ask(*given)

    def _whole(self, definition: str, episode: Episode, formulas: Formulas) -> list[Finding]:
        member = self._member(formulas, definition)
        holds, there = formulas.of(definition, member), self._there(formulas, member)
        span = formulas.dated(definition).expr.span
        for code, truth in (("V101", holds), ("V102", z3.Not(holds))):
            if not possible_at_all(formulas.people, episode.within, [there, truth]):
                shown = self._show(formulas, episode, [there], [Claim(definition, member)])
                return [self._finding(code, definition, span, episode, shown)]
        return []

    def _part(self, definition: str, episode: Episode, formulas: Formulas, part: Part) -> list[Finding]:
        member = 0 if part.member else None
        there = self._there(formulas, member)
        with_it = formulas.assuming(part.expr, z3.BoolVal(True)).value(part.condition, member)
        without = formulas.assuming(part.expr, z3.BoolVal(False)).value(part.condition, member)
        own = formulas.value(part.expr, member)
        matters = [there, with_it != without]
        for code, truth in (("V104", own), ("V105", z3.Not(own))):
            if not possible_at_all(formulas.people, episode.within, [*matters, truth]):
                shown = self._show(formulas, episode, [there], self._claims(formulas, definition))
                said = self._said(part.expr)
                return [self._finding(code, definition, part.expr.span, episode, shown, part=said.zh, part_en=said.en)]
        return []

    def _row(self, definition: str, episode: Episode, formulas: Formulas, row: Row) -> list[Finding]:
        member = 0 if row.member else None
        there = self._there(formulas, member)
        tests = [formulas.value(test, member) for test in row.tests]
        earlier = [z3.Not(formulas.value(test, member)) for test in row.earlier]
        any_test = [z3.Or(tests)] if tests else []
        reached = possible_at_all(formulas.people, episode.within, [there, *earlier, *any_test])
        if row.gap == (not reached):
            return []
        conditions = [there, *earlier] if row.gap else [there]
        shown = self._show(formulas, episode, conditions, self._claims(formulas, definition))
        return [self._finding("V107" if row.gap else "V106", definition, row.span, episode, shown)]

    def _negative(self, definition: str, episode: Episode, formulas: Formulas) -> list[Finding]:
        policy = definition.partition(":")[2]
        member = self._member(formulas, definition)
        claims = [Claim(definition, member), Claim(f"outcome:{policy}", member)]
        below = [
            self._there(formulas, member),
            formulas.of(f"outcome:{policy}", member),
            formulas.of(definition, member) < 0,
        ]
        shown = self._show(formulas, episode, below, claims)
        span = formulas.dated(definition).expr.span
        return [self._finding("V108", definition, span, episode, shown)] if shown else []

    # -- policies among others ------------------------------------------------------------------------------------

    def _of_policy(self, policy: str, episode: Episode) -> Iterator[Finding]:
        when, outcome = f"when:{policy}", f"outcome:{policy}"
        formulas = self._formulas(episode)
        member = self._member(formulas, outcome)
        own = [self._there(formulas, member), formulas.of(when, member)]

        def shadowed() -> list[Finding]:
            if possible_at_all(formulas.people, episode.within, [*own, formulas.of(outcome, member)]):
                return []
            shown = self._show(formulas, episode, own, [Claim(when, member), Claim(outcome, member)])
            span = formulas.dated(when).expr.span
            return [self._finding("V103", outcome, span, episode, shown)] if shown else []

        yield from self._guarded(outcome, episode, shadowed)

    def _pairs(self) -> Iterator[Finding]:
        """Policies of one group that can both be granted; policies of different sources that give the same twice."""
        policies = {policy.id: policy for policy in self.program.policies}
        pairs = [
            ("V112", a, b) for group in self.program.groups for a in group.policies for b in group.policies if a < b
        ]
        pairs += [("V113", later, earlier) for later, earlier in _overlapping(self.program)]
        for code, one, other in pairs:
            if policies[one].level == policies[other].level:
                for episode in _common(self.episodes[f"outcome:{one}"], self.episodes[f"outcome:{other}"]):
                    yield from self._guarded(one, episode, self._asking(self._both, code, one, other, episode))

    def _both(self, code: str, one: str, other: str, episode: Episode) -> list[Finding]:
        formulas = self._formulas(episode)
        outcomes = [f"outcome:{one}", f"outcome:{other}"]
        member = self._member(formulas, outcomes[0])
        conditions = [self._there(formulas, member), *(formulas.of(outcome, member) for outcome in outcomes)]
        shown = self._show(formulas, episode, conditions, [Claim(outcome, member) for outcome in outcomes])
        span = formulas.dated(f"when:{one}").expr.span
        title = next(policy.title for policy in self.program.policies if policy.id == other)
        words = {"other": title.zh, "other_en": title.en}
        return [self._finding(code, outcomes[0], span, episode, shown, **words)] if shown else []

    # -- what the questions share -----------------------------------------------------------------------------------

    def _guarded(self, about: str, episode: Episode, ask: Callable[[], list[Finding]]) -> list[Finding]:
        """What was found; that no answer came in time is a finding too."""
        try:
            return ask()
        except Undecided:
            return [self._finding("V190", about, None, episode, (), question=about)]

    def _formulas(self, episode: Episode) -> Formulas:
        return Formulas(episode.snapshot, People((self.program,), self.most))

    def _member(self, formulas: Formulas, definition: str) -> int | None:
        return 0 if formulas.dated(definition).level == "member" else None

    def _there(self, formulas: Formulas, member: int | None) -> Any:
        return z3.BoolVal(True) if member is None else formulas.people.present(member)

    def _claims(self, formulas: Formulas, definition: str) -> list[Claim]:
        return [Claim(definition, self._member(formulas, definition))]

    def _show(
        self, formulas: Formulas, episode: Episode, conditions: list[Any], claims: list[Claim]
    ) -> tuple[Witness, ...]:
        for claim in claims:
            formulas.of(claim.definition, claim.member)
        there = [formulas.people.present(claim.member) for claim in claims if claim.member is not None]
        model = solve(formulas.people, episode.within, [*conditions, *there])
        return () if model is None else (witness(formulas, model, claims),)

    def _said(self, expr: Expr) -> Words:
        return Words(say(expr, self.program, "zh"), say(expr, self.program, "en"))

    def _finding(
        self, code: str, about: str, span: Span | None, episode: Episode, shown: tuple[Witness, ...], **words: str
    ) -> Finding:
        return Finding(
            code, about, span, tuple({**name_of(self.program, about), **words}.items()), episode.within, shown
        )


def _common(first: tuple[Episode, ...], second: tuple[Episode, ...]) -> Iterator[Episode]:
    """The stretches over which both stay the same."""
    for one in first:
        for other in second:
            start, end = max(one.within.start, other.within.start), min(one.within.end, other.within.end)
            if start < end:
                later = one if one.within.start >= other.within.start else other
                yield Episode(Validity(start, end), later.snapshot, one.sign)


def _overlapping(program: Program) -> list[tuple[str, str]]:
    """Policies that give the same kind of benefit for the same function, on sources of which one is the earlier."""
    grouped = {frozenset((a, b)) for group in program.groups for a in group.policies for b in group.policies}
    found = []
    for later in program.policies:
        for earlier in program.policies:
            alike = _benefits(later.versions) & _benefits(earlier.versions)
            newer = _issued(program, later.versions) > _issued(program, earlier.versions)
            if alike and newer and frozenset((later.id, earlier.id)) not in grouped:
                found.append((later.id, earlier.id))
    return found


def _benefits(versions: tuple[PolicyVersion, ...]) -> set[tuple[str, str]]:
    """Kinds of benefit with who gives them."""
    paid = [version for version in versions if version.benefit.per is not None]
    return {(version.benefit.kind, body) for version in paid for body in version.lead}


def _issued(program: Program, versions: tuple[PolicyVersion, ...]) -> int:
    """The year's day on which the earliest of a policy's sources was issued; 0 where none says."""
    days = [program.sources[ref.source].issued for version in versions for ref in version.basis]
    return min((day.toordinal() for day in days if day is not None), default=0)
