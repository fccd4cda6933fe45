"""What to ask about a household next, so that as few questions as possible decide all policies.

In: a ruleset, a household as given, a date. Out: `Question`s, and the household with what was answered.
Called by `cli`.

Only what is named as missing is asked. First come the few facts that make up the largest part of what the open
decisions lack, the one first whose answer settles most of them on average, over answers tried: every code or truth, the
ends and quarters of what a number or date may be. Members of whom the same is known are alike, so one is tried for all.
What the rules would assume is asked last; who ends the questions before leaves it to them. What was answered by nobody
is not assumed. It may leave a decision open whatever else is answered. A fact is no longer asked if with it
and all others answered, in one way or another, nothing that rests on it was settled.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random
from typing import Any

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_date
from fupin_policy.core.decision import Decision, Evaluation, Missing, Status
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.household import Household
from fupin_policy.core.periods import named_on, period_on
from fupin_policy.core.possible import Value
from fupin_policy.core.types import Code, Truth
from fupin_policy.evaluators.incremental import IncrementalNode, Supposed, Worksheet
from fupin_policy.intake.notation import EACH, RESERVED
from fupin_policy.intake.previous_result import Earlier
from fupin_policy.intake.scalars import read_id
from fupin_policy.ruleset import Ruleset

QUARTERS = 4
MAX_TRIED = 12
"""How many facts are tried before one is chosen."""
MAX_MIXED = 32
"""How many answers to everything at once are tried before a result counts as one that cannot be settled."""


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for, whose it is (a member's id, or None), and the policies that wait for it.

    Of a fact by month or year `period` is which of them is asked for: `2019-05`, or first `each`, as all may be alike.
    """

    fact: FactDecl
    member: str | None
    policies: tuple[Decision, ...]
    period: str | None = None

    @property
    def name(self) -> str:
        """What is asked for, by the name under which it is given."""
        return self.fact.name if self.fact.series is None else f"{self.fact.series.name} {self.period}"


@dataclass(frozen=True, slots=True)
class Interview:
    """How far the questions have come. `asked` is what was answered as far as anybody knows, and is not asked again.

    Nothing is asked for policies that are for other audiences, unless `every` policy is wanted.
    """

    ruleset: Ruleset
    given: Mapping[str, Any]
    day: int
    asked: frozenset[tuple[str, str | None]] = frozenset()
    every: bool = False
    previous: Earlier = None
    """What was decided of the household before: what that tells is not asked."""

    def is_wanted(self, decision: Decision) -> bool:
        """Whether a decision is asked about and told: it may be for the household, or every one is wanted."""
        return self.every or not decision.is_of_others

    @property
    def household(self) -> Household:
        """The household as far as it is known, with nothing assumed. Raises InputError."""
        return self.ruleset.read(self.given, to_date(self.day), assume=False, previous=self.previous)[0]

    @property
    def evaluation(self) -> Evaluation:
        """The decisions so far, with nothing assumed. Raises InputError."""
        return self.ruleset.decide(self.household, self.day)

    def result(self, *, assume: bool = True) -> Evaluation:
        """The decisions in the end: what is not known is assumed where the rules declare it. Raises InputError."""
        return self.ruleset.evaluate(self.given, to_date(self.day), assume=assume, previous=self.previous)

    def questions(self) -> tuple[Question, ...]:
        """All that might be asked, the best first; nothing where nothing more can be decided. Raises InputError."""
        self.ruleset.program.refuse_lists(Bilingual("逐题询问", "asking question by question"))
        household = self.household
        decisions = self.ruleset.decide(household, self.day).decisions
        wanted: dict[Missing, list[int]] = {}
        shares: dict[Missing, Fraction] = {}
        for number, decision in enumerate(decisions):
            for need in map(self._as_declared, decision.missing if self.is_wanted(decision) else ()):
                if need.parameter is None and (need.fact, need.member) not in self.asked:
                    wanted.setdefault(need, []).append(number)
                    # how much of what the decision lacks it would get
                    shares[need] = shares.get(need, Fraction()) + Fraction(1, len(decision.missing))
        trial = _Trial(self.ruleset.worksheet(household, self.day), tuple(wanted), wanted, self.asked)
        ranked = trial.ranked(sorted(wanted, key=lambda need: -shares[need]))
        facts = {fact.name: fact for fact in self.ruleset.facts}
        facts |= {fact.given: fact for fact in self.ruleset.facts if fact.given is not None}
        found: dict[tuple[str, str | None], dict[int, None]] = {}
        for need in ranked:  # a date that may be none is asked for once
            found.setdefault((facts[need.fact].name, need.member), {}).update(dict.fromkeys(wanted[need]))
        questions: dict[tuple[str, str | None], Question] = {}
        for (name, member), numbers in found.items():
            waiting = tuple(decisions[number] for number in sorted(numbers))
            question = Question(facts[name], member, waiting, self._period(facts[name], member))
            questions.setdefault((question.name, member), question)
        return tuple(sorted(questions.values(), key=lambda question: question.fact.absent is not None))

    def _as_declared(self, need: Missing) -> Missing:
        """A need by its fact's name in the program: of one by month it is named by the month."""
        names = {named_on(fact, self.day)[0]: fact.name for fact in self.ruleset.facts if fact.series is not None}
        return replace(need, fact=names.get(need.fact, need.fact))

    def _period(self, fact: FactDecl, member: str | None) -> str | None:
        """Which month is asked for of a fact by month: each, unless that was asked or something is given."""
        series = fact.series
        if series is None:
            return None
        at = None if member is None else self.household.ids.index(member)
        given = any((one.member, one.series) == (at, series.name) for one in self.household.by_period)
        if not given and (series.name, member) not in self.asked:
            return EACH
        return period_on(series, fact.ago, self.day)

    def answered(self, question: Question, answer: Any) -> Interview:
        """With an answer, as it would be given for the fact; None where nobody knows. Raises InputError."""
        fact, member = question.fact, question.member
        names = (fact.series.name,) if fact.series is not None and question.period == EACH else (fact.name, fact.given)
        asked = self.asked | {(name, member) for name in names if name is not None}
        if answer is None and fact.absent is None:
            return replace(self, asked=asked)
        # said to be unknown, it is not assumed
        answer = "unknown" if answer is None else answer
        identifier = self.ruleset.program.identifiers.get("member", "id")
        found = replace(self, given=_with(self.given, question, answer, identifier), asked=asked)
        # an answer that cannot be read is reported at once
        self.ruleset.read(found.given, to_date(self.day), previous=self.previous)
        return found


def _with(given: Mapping[str, Any], question: Question, answer: Any, identifier: str) -> dict[str, Any]:
    """The household as given, with a fact put where it belongs, in the place of what was known of it.

    `identifier` is what the ruleset calls the id of a member.
    """
    fact = question.fact

    def put(mapping: Mapping[str, Any]) -> dict[str, Any]:
        keys = fact.keys if fact.series is None else fact.series.keys
        kept = {key: value for key, value in mapping.items() if key not in keys}
        if fact.series is None:
            return {**kept, fact.name: answer}
        months: Mapping[str, Any] = next((mapping[key] for key in keys if isinstance(mapping.get(key), Mapping)), {})
        return {**kept, fact.series.name: {**months, question.period: answer}}

    if question.member is not None:
        key = _key(given, "members")
        ids = RESERVED["member"].keys() | {identifier}
        members = [put(one) if _id(one, ids) == question.member else one for one in given[key]]
        return {**given, key: members}
    if fact.level == "village":
        key = _key(given, "village")
        return {**given, key: put(given.get(key) or {})}
    return put(given)


def _key(given: Mapping[str, Any], meaning: str) -> str:
    """What the household calls its members or its village."""
    return next((key for key in given if RESERVED["household"].get(key) == meaning), meaning)


def _id(member: Mapping[str, Any], ids: Collection[str]) -> str | None:
    return next((read_id(value) for key, value in member.items() if key in ids), None)


_Root = tuple[IncrementalNode, int]
"""A result of a policy, and the member whose it is (0 for the household's)."""


@dataclass(frozen=True, slots=True)
class _Trial:
    """What answers would settle. `wanted` has the numbers of the policies that lack each fact not yet asked for."""

    sheet: Worksheet
    needs: tuple[Missing, ...]
    wanted: Mapping[Missing, Sequence[int]]
    asked: frozenset[tuple[str, str | None]]
    members: dict[str, int] = field(default_factory=dict)

    def ranked(self, needs: Sequence[Missing]) -> list[Missing]:
        """The needs, the best of the first few first; without those that are seen to settle nothing any more."""
        self.members.update({person.id: at for at, person in enumerate(self.sheet.household.members)})
        tried: dict[tuple[object, ...], Fraction | None] = {}
        kept: dict[Missing, Fraction] = {}
        rest: list[Missing] = []
        for need in needs:
            key = (need.fact, self._state(need))
            if key not in tried and len(kept) < MAX_TRIED:
                tried[key] = self._worth(need)
            worth = tried.get(key)
            if worth is not None and len(kept) < MAX_TRIED:
                kept[need] = worth
            elif worth is not None or key not in tried:
                rest.append(need)
        return [*sorted(kept, key=lambda need: -kept[need]), *rest] if kept else []

    def _state(self, need: Missing) -> object:
        """What is known of the member, and was asked: of members for whom that is the same one is tried."""
        if need.member is None:
            return None
        blank = frozenset(fact for fact, member in self.asked if member == need.member)
        return self.sheet.household.members[self.members[need.member]].facts, blank

    def _worth(self, need: Missing) -> Fraction | None:
        """How many decisions an answer settles on average; None where it settles nothing, with whatever else."""
        trials = list(_answers(self.sheet, need.fact, self._position(need)))
        closed = sum(not self._open(sheet, number) for sheet in trials for number in self.wanted[need])
        if closed or self._might_settle(need, trials):
            return Fraction(closed, len(trials))
        return None

    def _position(self, need: Missing) -> int | None:
        return None if need.member is None else self.members[need.member]

    def _open(self, sheet: Worksheet, number: int) -> bool:
        """Whether a policy is not decided, or with an amount that is not."""
        return any(not possible.is_singleton(cell.expr.type, sheet.at(cell, one)) for cell, one in self._roots(number))

    def _roots(self, number: int) -> Iterator[_Root]:
        policy = self.sheet.net.snapshot.program.policies[number]
        for name in policy.results:
            for subject in self.sheet.subjects(name):
                yield self.sheet.net.of[name], subject

    def _might_settle(self, need: Missing, trials: Sequence[Worksheet]) -> bool:
        """Whether answers to this and all else that may still be asked were found that settle some result."""
        seen: set[object] = set()
        for root in (root for number in self.wanted[need] for root in self._roots(number)):
            cell, subject = root
            if not trials[0].touched(cell, subject) or possible.is_singleton(
                cell.expr.type, self.sheet.at(cell, subject)
            ):
                continue
            state = (cell.number, self._state(Missing("", "", list(self.members)[subject])) if cell.own else subject)
            if state not in seen and self._settles(root):
                return True
            seen.add(state)
        return False

    def _settles(self, root: _Root) -> bool:
        cell, subject = root
        random = Random(0)
        answers = [
            values
            for need in self.needs
            if (values := _values_of(self.sheet, need.fact, self._position(need)))
            and self.sheet.supposing(values[0]).touched(cell, subject)
        ]
        for at in range(MAX_MIXED):
            # all the first answers, all the last, then mixed ones
            chosen = [answer[0] if at == 0 else answer[-1] if at == 1 else random.choice(answer) for answer in answers]
            sheet = self.sheet.supposing(value for values in chosen for value in values)
            if possible.is_singleton(cell.expr.type, sheet.at(cell, subject)):
                return True
        return False


def _answers(sheet: Worksheet, fact: str, member: int | None) -> Iterator[Worksheet]:
    """The worksheet with each of the answers to try."""
    return (sheet.supposing(values) for values in _values_of(sheet, fact, member))


def _values_of(sheet: Worksheet, fact: str, member: int | None) -> list[list[Supposed]]:
    """Answers to try: for each the values of the fact's columns."""
    program, household = sheet.net.snapshot.program, sheet.household
    inputs = program.household_inputs if member is None else program.member_inputs
    facts = household.facts if member is None else household.members[member].facts
    columns = [at for at, one in enumerate(inputs) if one.id.fact == fact]
    if len(columns) > 1:
        # of several codes none, or just one, holds
        return [
            [(member, at, possible.TRUE if at == chosen else possible.FALSE) for at in columns]
            for chosen in (None, *columns)
        ]
    (at,) = columns
    return [[(member, at, value)] for value in _values(inputs[at].type, facts[at])]


def _values(type_: Any, known: Value) -> Iterator[Value]:
    match type_, known:
        case Truth(), _:
            yield from (possible.FALSE, possible.TRUE)
        case Code(), int(mask):
            yield from (1 << at for at in range(mask.bit_length()) if mask >> at & 1)
        case _, (low, high):
            for step in range(QUARTERS + 1):
                value = low + (high - low) * step // QUARTERS
                yield (value, value)


def decided(before: Evaluation, after: Evaluation) -> tuple[Decision, ...]:
    """The decisions that were open and no longer are."""
    pairs = zip(before.decisions, after.decisions, strict=True)
    return tuple(now for was, now in pairs if is_open(was) and not is_open(now))


def is_open(decision: Decision) -> bool:
    """Whether a decision's outcome or amount is not settled."""
    return decision.status is Status.UNKNOWN or bool(decision.missing)
