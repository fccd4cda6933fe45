"""What can be proved to be wrong, or odd, in one ruleset: for every household of a bounded size, on every day.

In: a program and the most members to look at. Out: findings, each with households that show it. Called by `cli`.
A question is asked once for each stretch of time over which the rule with all that it rests on stays the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import z3

from fupin_policy.analysis.verification.findings import Finding, explained, id_of, merged, name_of
from fupin_policy.analysis.verification.money import comparisons
from fupin_policy.analysis.verification.obligations import ConditionPart, RowObligation, parts, rows
from fupin_policy.analysis.verification.solver import Claim, OutOfTime, Solver, Undecided, Witness, with_facts, witness
from fupin_policy.analysis.verification.validity_intervals import (
    Episode,
    Meaning,
    MeaningHasher,
    Pieces,
    gathered,
    joint,
    pieces,
)
from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.expressions import Const, Expr
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.policies import PolicyVersion
from fupin_policy.core.program import Program, choice_of
from fupin_policy.core.types import Number, Truth
from fupin_policy.diagnostics import Lang, Span
from fupin_policy.evaluators.smt.formulas import Formulas
from fupin_policy.evaluators.smt.people import SymbolicHousehold
from fupin_policy.prose.expressions import say

_ASKED = ("term", "when", "applies", "goal", "stated", "beneficiary", "lead", "audience", "document")
"""The kinds of definitions that people wrote."""

_WHOLE = Bilingual("条件能不能成立，又能不能不成立", "whether its condition can hold, and can fail")
_PARTS = Bilingual("这一部分或这一行有没有用", "whether a part or a row of it ever decides")
_NEGATIVE = Bilingual("金额会不会小于零", "whether its amount can be negative")
_SHADOWED = Bilingual("是不是总由同组的其他政策代替", "whether others of its group always come first")
_NOBODY = Bilingual("适用时会不会没有人受益", "whether it can apply and be for nobody")
_TOGETHER = Bilingual("能不能与另一项政策同时享受", "whether it can be granted together with another policy")
_CHANGE = Bilingual("事实增减时金额怎样变化", "how its amount changes as a fact rises")

MAX_MEMBERS = 3
"""The size of household up to which is proved where nothing else is asked."""


SubjectProgress = Callable[[int, int, str], None]
"""Told how many of how many subjects are done, and what the one looked at is called."""


def prove(
    program: Program,
    most: int = MAX_MEMBERS,
    seconds: float | None = None,
    progress: SubjectProgress = lambda done, of, name: None,
) -> tuple[Finding, ...]:
    """Everything found in the rules for households and for each kind of place, in the order of the rules.

    A finding is `explained` where a note of its policy, or of the fact that it is about, names its code. After some
    `seconds` no more is asked, and one finding (V118) names what was not settled.
    """
    asker = Solver(None if seconds is None else time.monotonic() + seconds)
    progress(0, 0, program.title.zh)
    provers = [_Prover.of(one, most, asker) for one in (program, *program.by_place.values())]
    subjects = [(prover, subject) for prover in provers for subject in prover.subjects()]
    found: list[Finding] = []
    for done, (prover, subject) in enumerate(subjects):
        progress(done, len(subjects), subject.name.zh)
        if asker.over:
            prover.late.append(subject.name)
        else:
            found += [replace(one, explained=explained(prover.program, one)) for one in subject.ask()]
    progress(len(subjects), len(subjects), "")
    late = tuple(dict.fromkeys(one for prover in provers for one in prover.late))
    return (*merged(found), *([_unsettled(program, late, seconds or 0)] if late else []))


def _unsettled(program: Program, late: tuple[Bilingual, ...], seconds: float) -> Finding:
    """What there was no time to ask about."""
    zh, en = (_some([pick(one, lang) for one in late], joint, more) for lang, joint, more in _LISTED)
    words = {"seconds": f"{seconds:g}", "count": str(len(late)), "names": zh, "names_en": en}
    return Finding("V118", program.id, None, tuple(words.items()), (program.covers,), ())


_LISTED: tuple[tuple[Lang, str, str], ...] = (("zh", "、", " 等"), ("en", ", ", ", …"))
MAX_NAMED = 20
"""How many of what was not settled are named."""


def _some(names: list[str], comma: str, more: str) -> str:
    return comma.join(names[:MAX_NAMED]) + (more if len(names) > MAX_NAMED else "")


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to ask about: a definition, a policy, a pair of policies, over one episode."""

    name: Bilingual
    ask: Callable[[], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class _Prover:
    program: Program
    most: int
    asker: Solver
    pieces: Pieces
    late: list[Bilingual] = field(default_factory=list)
    """What was not asked about, as the time was over."""

    @classmethod
    def of(cls, program: Program, most: int, asker: Solver) -> _Prover:
        return cls(program, most if program.subject == "household" else 0, asker, pieces(program, MeaningHasher()))

    def subjects(self) -> Iterator[Subject]:
        """Everything to be asked about, in the order of the rules."""
        for definition in self.program.definitions:
            kind, name, days, _ = definition.id
            if days:
                continue
            if kind in _ASKED:
                yield from self._subjects(definition.id, (definition.id,), partial(self._of_definition, definition.id))
            if kind == "stated" and isinstance(definition.type, Number):
                both = (definition.id, DefinitionId("outcome", name))
                yield from self._subjects(definition.id, both, partial(self._negative, definition.id), _NEGATIVE)
        for policy in self.program.policies:
            outcome = policy.outcome
            if any(policy.id in group.policies for group in self.program.groups):
                yield from self._subjects(outcome, (outcome,), partial(self._shadowed, policy.id), _SHADOWED)
            if policy.chooses:
                whom = policy.beneficiary
                yield from self._subjects(whom, (whom,), partial(self._nobody, policy.id), _NOBODY)
        yield from self._pairs()
        for about, definitions, ask in comparisons(self.program, self.most, self.pieces, self.asker):
            yield from self._subjects(about, definitions, ask, _CHANGE)

    def _subjects(
        self,
        about: DefinitionId | str,
        definitions: Sequence[Meaning],
        ask: Callable[[Episode], Iterable[Finding]],
        question: Bilingual | None = None,
    ) -> Iterator[Subject]:
        """One for each episode over which all of the definitions stay the same; guarded, if it is one `question`."""
        name = self._named(about)
        for episode in gathered(joint(self.pieces, definitions)):
            asked = partial(ask, episode)
            yield Subject(name, asked if question is None else partial(self._guarded, question, about, episode, asked))

    def _named(self, about: DefinitionId | str) -> Bilingual:
        words = name_of(self.program, about)
        return Bilingual(words["name"], words["name_en"])

    # -- one definition -------------------------------------------------------------------------------------------

    def _of_definition(self, definition: DefinitionId, episode: Episode) -> Iterator[Finding]:
        """Parts that decide nothing, rows that are never used, gaps; the condition of a policy or check as a whole."""
        formulas = self._formulas(episode)
        dated = formulas.written(definition)
        if definition.part == "beneficiary":
            dated = replace(dated, expr=choice_of(dated.expr) or Const(possible.TRUE, Truth()))
        checks = [figure.definition for figure, _ in self.program.checks]
        whole = (definition.part == "when" or definition in checks) and not isinstance(dated.expr, Const)
        ask = partial(self._whole, definition, episode, formulas)
        odd = self._guarded(_WHOLE, definition, episode, ask) if whole else []
        yield from odd
        questions = [] if odd else [partial(self._part, definition, episode, formulas, p) for p in parts(dated)]
        questions += [partial(self._row, definition, episode, formulas, row) for row in rows(dated)]
        for question in questions:
            yield from self._guarded(_PARTS, definition, episode, question)

    def _whole(self, definition: DefinitionId, episode: Episode, formulas: Formulas) -> list[Finding]:
        member = self._member(formulas, definition)
        holds, there = formulas.of(definition, member), self._there(formulas, member)
        span = formulas.dated(definition).expr.span
        for code, truth in (("V101", holds), ("V102", z3.Not(holds))):
            if not self.asker.possible(formulas.people, episode.stretches, [there, truth]):
                shown = self._show(formulas, episode, [there], [Claim(definition, member)])
                return [self._finding(code, definition, span, episode, shown)]
        return []

    def _part(
        self, definition: DefinitionId, episode: Episode, formulas: Formulas, part: ConditionPart
    ) -> list[Finding]:
        member = 0 if part.member else None
        there = self._there(formulas, member)
        open_ = _left_open(formulas, part.dated)
        with_it = open_.assuming(part.expr, z3.BoolVal(True)).value(part.condition, member)
        without = open_.assuming(part.expr, z3.BoolVal(False)).value(part.condition, member)
        own = formulas.value(part.expr, member)
        matters = [there, with_it != without]
        for code, truth in (("V104", own), ("V105", z3.Not(own))):
            if not self.asker.possible(formulas.people, episode.stretches, [*matters, truth]):
                shown = self._show(formulas, episode, [there], self._claims(formulas, definition))
                said = self._said(part.expr)
                return [self._finding(code, definition, part.expr.span, episode, shown, part=said.zh, part_en=said.en)]
        return []

    def _row(self, definition: DefinitionId, episode: Episode, formulas: Formulas, row: RowObligation) -> list[Finding]:
        member = 0 if row.member else None
        there = self._there(formulas, member)
        open_ = _left_open(formulas, row.dated)
        tests = [open_.value(test, member) for test in row.tests]
        earlier = [z3.Not(open_.value(test, member)) for test in row.earlier]
        any_test = [z3.Or(tests)] if tests else []
        reached = self.asker.possible(formulas.people, episode.stretches, [there, *earlier, *any_test])
        if row.gap == (not reached):
            return []
        conditions = [there, *earlier] if row.gap else [there]
        shown = self._show(formulas, episode, conditions, self._claims(formulas, definition))
        return [self._finding("V107" if row.gap else "V106", definition, row.span, episode, shown)]

    def _negative(self, definition: DefinitionId, episode: Episode) -> list[Finding]:
        formulas = self._formulas(episode)
        outcome = DefinitionId("outcome", definition.name)
        member = self._member(formulas, definition)
        claims = [Claim(definition, member), Claim(outcome, member)]
        below = [self._there(formulas, member), formulas.of(outcome, member), formulas.of(definition, member) < 0]
        shown = self._show(formulas, episode, below, claims)
        span = formulas.dated(definition).expr.span
        return [self._finding("V108", definition, span, episode, shown)] if shown else []

    # -- policies among others ------------------------------------------------------------------------------------

    def _shadowed(self, policy: str, episode: Episode) -> list[Finding]:
        when, outcome = DefinitionId("when", policy), DefinitionId("outcome", policy)
        formulas = self._formulas(episode)
        member = self._member(formulas, outcome)
        own = [self._there(formulas, member), formulas.of(when, member)]

        if self.asker.possible(formulas.people, episode.stretches, [*own, formulas.of(outcome, member)]):
            return []
        shown = self._show(formulas, episode, own, [Claim(when, member), Claim(outcome, member)])
        span = formulas.dated(when).expr.span
        return [self._finding("V103", outcome, span, episode, shown)] if shown else []

    def _nobody(self, policy: str, episode: Episode) -> list[Finding]:
        """A household to which the policy applies and of which nobody benefits."""
        formulas = self._formulas(episode)
        outcome, whom = DefinitionId("outcome", policy), DefinitionId("beneficiary", policy)
        members = range(formulas.people.most)
        nobody = [z3.Not(z3.And(formulas.people.present(one), formulas.of(whom, one))) for one in members]
        shown = self._show(formulas, episode, [formulas.of(outcome, None), *nobody], [Claim(outcome, None)])
        return [self._finding("V119", whom, self._place(whom, episode), episode, shown)] if shown else []

    def _pairs(self) -> Iterator[Subject]:
        """Policies of one group that can both be granted; policies declared to give the same benefit that both can."""
        policies = {policy.id: policy for policy in self.program.policies}
        pairs = [
            ("V112", a, b, group.title.zh)
            for group in self.program.groups
            if group.keep != "capped"  # these are paid together, up to the most that they come to
            for a in group.policies
            for b in group.policies
            if a < b
        ]
        pairs += [("V113", later, earlier, group) for later, earlier, group in _same_benefit(self.program)]
        for code, one, other, group in pairs:
            if code == "V112" or policies[one].level == policies[other].level:
                both = (DefinitionId("outcome", one), DefinitionId("outcome", other))
                yield from self._subjects(one, both, partial(self._both, code, one, other, group), _TOGETHER)

    def _both(self, code: str, one: str, other: str, group: str, episode: Episode) -> list[Finding]:
        formulas = self._formulas(episode)
        outcomes = [DefinitionId("outcome", one), DefinitionId("outcome", other)]
        claims = [Claim(outcome, self._member(formulas, outcome)) for outcome in outcomes]
        conditions = [formulas.of(claim.definition, claim.member) for claim in claims]
        shown = self._show(formulas, episode, conditions, claims)
        span = formulas.dated(DefinitionId("when", one)).expr.span
        title = next(policy.title for policy in self.program.policies if policy.id == other)
        words = {"other": title.zh, "other_en": title.en, "group": group}
        return [self._finding(code, outcomes[0], span, episode, shown, **words)] if shown else []

    # -- what the questions share -----------------------------------------------------------------------------------

    def _guarded(
        self, question: Bilingual, about: DefinitionId | str, episode: Episode, ask: Callable[[], Iterable[Finding]]
    ) -> Iterable[Finding]:
        """What was found; that no answer came in time is a finding too."""
        try:
            return list(ask())
        except OutOfTime:
            self.late.append(self._named(about))
            return []
        except Undecided:
            words = {"question": question.zh, "question_en": question.en}
            return [self._finding("V190", about, self._place(about, episode), episode, (), **words)]

    def _place(self, about: DefinitionId | str, episode: Episode) -> Span | None:
        """Where what a question is about is written: of a policy, its condition on the first of the days."""
        is_written = isinstance(about, DefinitionId) and about.part in _ASKED
        wanted = about if is_written else DefinitionId("when", id_of(about))
        day = episode.stretches[0].start
        versions = (version for one in self.program.definitions if one.id == wanted for version in one.versions)
        return next((expr.span for dates, expr in versions if dates.covers(day)), None)

    def _formulas(self, episode: Episode) -> Formulas:
        return Formulas(episode.snapshot, SymbolicHousehold((self.program,), self.most))

    def _member(self, formulas: Formulas, definition: DefinitionId) -> int | None:
        return 0 if formulas.dated(definition).level == "member" else None

    def _there(self, formulas: Formulas, member: int | None) -> Any:
        return z3.BoolVal(True) if member is None else formulas.people.present(member)

    def _claims(self, formulas: Formulas, definition: DefinitionId) -> list[Claim]:
        return [Claim(definition, self._member(formulas, definition))]

    def _show(
        self, formulas: Formulas, episode: Episode, conditions: list[Any], claims: list[Claim]
    ) -> tuple[Witness, ...]:
        claims = list(with_facts(formulas, claims))
        there = [formulas.people.present(claim.member) for claim in claims if claim.member is not None]
        model = self.asker.solve(formulas.people, episode.stretches, [*conditions, *there])
        return () if model is None else (witness(formulas, model, claims),)

    def _said(self, expr: Expr) -> Bilingual:
        return Bilingual(say(expr, self.program, "zh"), say(expr, self.program, "en"))

    def _finding(
        self,
        code: str,
        about: DefinitionId | str,
        span: Span | None,
        episode: Episode,
        shown: tuple[Witness, ...],
        **words: str,
    ) -> Finding:
        return Finding(
            code, about, span, tuple({**name_of(self.program, about), **words}.items()), episode.stretches, shown
        )


def _left_open(formulas: Formulas, parts: Iterable[Expr]) -> Formulas:
    """The same where parts of a condition may be true or false."""
    for part in parts:
        formulas = formulas.assuming(part, z3.FreshBool())
    return formulas


def _same_benefit(program: Program) -> list[tuple[str, str, str]]:
    """Pairs of policies that the ruleset says give the same benefit, the later source first, with what it is called.

    Policies of one group are no such pair: the group sees to it that only one is drawn.
    """
    grouped = {frozenset((a, b)) for group in program.groups for a in group.policies for b in group.policies}
    by_source = sorted(program.policies, key=lambda policy: _issued(program, policy.versions), reverse=True)
    return [
        (later.id, earlier.id, later.benefit_group)
        for position, later in enumerate(by_source)
        for earlier in by_source[position + 1 :]
        if later.benefit_group is not None
        and later.benefit_group == earlier.benefit_group
        and frozenset((later.id, earlier.id)) not in grouped
    ]


def _issued(program: Program, versions: tuple[PolicyVersion, ...]) -> int:
    """The year's day on which the earliest of a policy's sources was issued; 0 where none says."""
    days = [program.sources[ref.source].issued for version in versions for ref in version.basis]
    return min((day.toordinal() for day in days if day is not None), default=0)
