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

from fupin_policy.analysis.verification.findings import (
    FURTHER_ITEMS,
    MAX_ITEMS,
    NEVER,
    Finding,
    ListBound,
    bounded,
    explained,
    id_of,
    merged,
    name_of,
)
from fupin_policy.analysis.verification.money import comparisons
from fupin_policy.analysis.verification.obligations import (
    ConditionPart,
    RowObligation,
    Subjects,
    first_of,
    parts,
    rows,
)
from fupin_policy.analysis.verification.policy_pairs import policy_pairs
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
from fupin_policy.core.policies import Policy
from fupin_policy.core.program import Program, choice_of
from fupin_policy.core.subjects import Item, Whose
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

    A finding is `explained` where a note of its policy or term, or of the fact that it is about, names its code. After
    some `seconds` no more is asked, and one finding (V118) names what was not settled.
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
                yield from self._subjects(definition.id, (definition.id,), partial(_Asked.definition, of=definition.id))
            if kind == "stated" and isinstance(definition.type, Number):
                both = (definition.id, DefinitionId("outcome", name))
                yield from self._subjects(definition.id, both, partial(_Asked.negative, of=definition.id), _NEGATIVE)
        for policy in self.program.policies:
            outcome = policy.outcome
            if any(policy.id in group.policies for group in self.program.groups):
                yield from self._subjects(outcome, (outcome,), partial(_Asked.shadowed, policy=policy), _SHADOWED)
            if policy.chooses:
                whom = policy.beneficiary
                yield from self._subjects(whom, (whom,), partial(_Asked.nobody, policy=policy), _NOBODY)
        yield from self._pairs()
        for about, definitions, ask in comparisons(self.program, self.most, self.pieces, self.asker):
            yield from self._subjects(about, definitions, partial(_of_episode, ask), _CHANGE)

    def _pairs(self) -> Iterator[Subject]:
        """Policies of one group that can both be granted; policies declared to give the same benefit that both can."""
        policies = {policy.id: policy for policy in self.program.policies}
        for code, *two, group in policy_pairs(self.program):
            one, other = (policies[name] for name in two)
            if code == "V112" or one.level == other.level:
                ask = partial(_Asked.both, code=code, one=one, other=other, group=group)
                yield from self._subjects(one.id, (one.outcome, other.outcome), ask, _TOGETHER)

    def _subjects(
        self, about: DefinitionId | str, definitions: Sequence[Meaning], ask: _Question, words: Bilingual | None = None
    ) -> Iterator[Subject]:
        """One for each episode over which all of the definitions stay the same; guarded, if it is one question."""
        for episode in gathered(joint(self.pieces, definitions)):
            yield Subject(self.named(about), partial(self._ask, about, episode, ask, words))

    def _ask(
        self, about: DefinitionId | str, episode: Episode, ask: _Question, words: Bilingual | None
    ) -> Iterable[Finding]:
        found, longer = self._found(about, episode, ask, words, MAX_ITEMS)
        if longer and any(one.code in NEVER for one in found):
            # what is never so where lists are short may be so where they are longer
            found, longer = self._found(about, episode, ask, words, FURTHER_ITEMS)
        return [replace(one, bounded=longer) if one.code in NEVER else one for one in found]

    def _found(
        self, about: DefinitionId | str, episode: Episode, ask: _Question, words: Bilingual | None, items: int
    ) -> tuple[list[Finding], tuple[ListBound, ...]]:
        """What is found where lists have up to so many items; and those that may have more."""
        people = SymbolicHousehold((self.program,), self.most, items=items)
        asked = _Asked(self, episode, Formulas(episode.snapshot, people))
        found = list(ask(asked) if words is None else asked.guarded(words, about, partial(ask, asked)))
        return found, bounded(people)

    def named(self, about: DefinitionId | str) -> Bilingual:
        """What is asked about, in words."""
        words = name_of(self.program, about)
        return Bilingual(words["name"], words["name_en"])


@dataclass(frozen=True, slots=True)
class _Asked:
    """An episode with its rules as formulas, of which questions are asked."""

    prover: _Prover
    episode: Episode
    formulas: Formulas

    # -- one definition -------------------------------------------------------------------------------------------

    def definition(self, of: DefinitionId) -> Iterator[Finding]:
        """Parts that decide nothing, rows that are never used, gaps; the condition of a policy or check as a whole."""
        dated = self.formulas.written(of)
        if of.part == "beneficiary":
            dated = replace(dated, expr=choice_of(dated.expr) or Const(possible.TRUE, Truth()))
        checks = [figure.definition for figure, _ in self.prover.program.checks]
        whole = (of.part == "when" or of in checks) and not isinstance(dated.expr, Const)
        odd = self.guarded(_WHOLE, of, partial(self._whole, of)) if whole else []
        yield from odd
        program = self.prover.program
        questions = [] if odd else [partial(self._part, of, part) for part in parts(dated, program)]
        questions += [partial(self._row, of, row) for row in rows(dated, program)]
        for question in questions:
            yield from self.guarded(_PARTS, of, question)

    def _whole(self, of: DefinitionId) -> list[Finding]:
        claim = self._claim(of)
        holds, there = self._value(claim), self._there(claim.member)
        for code, truth in (("V101", holds), ("V102", z3.Not(holds))):
            if not self._possible([there, truth]):
                return [self._finding(code, of, self._span(of), self._show([there], claim))]
        return []

    def _part(self, of: DefinitionId, part: ConditionPart) -> list[Finding]:
        open_ = _left_open(self.formulas, part.dated)
        with_it, without = (open_.assuming(part.expr, z3.BoolVal(truth)) for truth in (True, False))

        def decides(truth: bool, one: Whose) -> Any:
            own = self.formulas.value(part.expr, one)
            differ = with_it.value(part.condition, one) != without.value(part.condition, one)
            return z3.And(differ, own if truth else z3.Not(own))

        for code, truth in (("V104", True), ("V105", False)):
            if not self._possible([self._of_any(part.subjects, partial(decides, truth))]):
                shown = self._show([self._of_any(part.subjects)], self._claim(of))
                zh, en = (say(part.expr, self.prover.program, lang) for lang, _, _ in _LISTED)
                return [self._finding(code, of, part.expr.span, shown, part=zh, part_en=en)]
        return []

    def _row(self, of: DefinitionId, row: RowObligation) -> list[Finding]:
        open_ = _left_open(self.formulas, row.dated)

        def falls_through(one: Whose) -> Any:
            return z3.And([z3.Not(open_.value(test, one)) for test in row.earlier])

        def reaches(one: Whose) -> Any:
            tests = [open_.value(test, one) for test in row.tests]
            return z3.And(falls_through(one), *([z3.Or(tests)] if tests else []))

        if row.gap == (not self._possible([self._of_any(row.subjects, reaches)])):
            return []
        wanted = self._of_any(row.subjects, falls_through) if row.gap else self._of_any(row.subjects)
        shown = self._show([wanted], self._claim(of))
        return [self._finding("V107" if row.gap else "V106", of, row.span, shown)]

    def negative(self, of: DefinitionId) -> list[Finding]:
        """A household that is granted less than nothing."""
        stated = self._claim(of)
        outcome = Claim(DefinitionId("outcome", of.name), stated.member)
        below = [self._there(stated.member), self._value(outcome), self._value(stated) < 0]
        shown = self._show(below, stated, outcome)
        return [self._finding("V108", of, self._span(of), shown)] if shown else []

    # -- policies among others ------------------------------------------------------------------------------------

    def shadowed(self, policy: Policy) -> list[Finding]:
        """A household to which the condition applies, where the policy is never granted."""
        outcome = self._claim(policy.outcome)
        when = Claim(policy.condition, outcome.member)
        own = [self._there(outcome.member), self._value(when)]
        if self._possible([*own, self._value(outcome)]):
            return []
        shown = self._show(own, when, outcome)
        return [self._finding("V103", policy.outcome, self._span(policy.condition), shown)] if shown else []

    def nobody(self, policy: Policy) -> list[Finding]:
        """A household to which the policy applies and of which nobody benefits."""
        people, whom = self.formulas.people, policy.beneficiary
        members = range(people.most)
        nobody = [z3.Not(z3.And(people.present(one), self.formulas.of(whom, one))) for one in members]
        shown = self._show([self.formulas.of(policy.outcome), *nobody], Claim(policy.outcome, None))
        return [self._finding("V119", whom, self._place(whom), shown)] if shown else []

    def both(self, code: str, one: Policy, other: Policy, group: str) -> list[Finding]:
        """A household that is granted two policies."""
        claims = [self._claim(policy.outcome) for policy in (one, other)]
        shown = self._show([*map(self._value, claims)], *claims)
        words = {"other": other.title.zh, "other_en": other.title.en, "group": group}
        return [self._finding(code, one.outcome, self._span(one.condition), shown, **words)] if shown else []

    # -- what the questions share -----------------------------------------------------------------------------------

    def guarded(
        self, question: Bilingual, about: DefinitionId | str, ask: Callable[[], Iterable[Finding]]
    ) -> Iterable[Finding]:
        """What was found; that no answer came in time is a finding too."""
        try:
            return list(ask())
        except OutOfTime:
            self.prover.late.append(self.prover.named(about))
            return []
        except Undecided:
            words = {"question": question.zh, "question_en": question.en}
            return [self._finding("V190", about, self._place(about), (), **words)]

    def _place(self, about: DefinitionId | str) -> Span | None:
        """Where what a question is about is written: of a policy, its condition on the first of the days."""
        is_written = isinstance(about, DefinitionId) and about.part in _ASKED
        wanted = about if is_written else DefinitionId("when", id_of(about))
        day = self.episode.stretches[0].start
        every = self.prover.program.definitions
        versions = (version for one in every if one.id == wanted for version in one.versions)
        return next((expr.span for dates, expr in versions if dates.covers(day)), None)

    def _span(self, of: DefinitionId) -> Span | None:
        return self.formulas.dated(of).expr.span

    def _claim(self, of: DefinitionId) -> Claim:
        return Claim(of, first_of(self.formulas.dated(of).level, self.prover.program))

    def _value(self, claim: Claim) -> Any:
        return self.formulas.of(claim.definition, claim.member)

    def _there(self, subject: Whose) -> Any:
        """That somebody is there, and the item that one is compared with."""
        outer = [self._there(subject.outer)] if isinstance(subject, Item) and subject.outer is not None else []
        return z3.And(self.formulas.people.present(subject), *outer)

    def _of_any(self, subjects: Subjects, holds: Callable[[Whose], Any] = lambda one: z3.BoolVal(True)) -> Any:
        """That something holds of any of some, as far as they are looked at."""
        looked = [one for one in subjects if self.formulas.people.looked_at(one)]
        return z3.Or([z3.And(self._there(one), holds(one)) for one in looked])

    def _possible(self, conditions: list[Any]) -> bool:
        return self.prover.asker.possible(self.formulas.people, self.episode.stretches, conditions)

    def _show(self, conditions: list[Any], *claims: Claim) -> tuple[Witness, ...]:
        with_facts(self.formulas, claims)
        there = [self._there(claim.member) for claim in claims if claim.member is not None]
        model = self.prover.asker.solve(self.formulas.people, self.episode.stretches, [*conditions, *there])
        return () if model is None else (witness(self.formulas, model, claims),)

    def _finding(
        self, code: str, about: DefinitionId | str, span: Span | None, shown: tuple[Witness, ...], **words: str
    ) -> Finding:
        named = {**name_of(self.prover.program, about), **words}
        return Finding(code, about, span, tuple(named.items()), self.episode.stretches, shown)


_Question = Callable[[_Asked], Iterable[Finding]]


def _of_episode(ask: Callable[[Episode], list[Finding]], asked: _Asked) -> list[Finding]:
    return ask(asked.episode)


def _left_open(formulas: Formulas, parts: Iterable[Expr]) -> Formulas:
    """The same where parts of a condition may be true or false."""
    for part in parts:
        formulas = formulas.assuming(part, z3.FreshBool())
    return formulas
