"""What to ask about a household next, so that as few questions as possible decide all policies.

In: a ruleset, a household as given, a date. Out: `Question`s, and the household with what was answered.
Called by `commands`.

Only what is named as missing is asked. Of that the fact is asked whose answer settles most decisions on average, over
answers tried: every code or truth, the ends and quarters of what a number or date may be. Where that is alike, the one
that makes up the largest part of what the open decisions lack.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, cast

from fupin_policy.core import possible
from fupin_policy.core.decision import Decision, Evaluation, Findings, Household, Missing, Status, changed
from fupin_policy.core.possible import Value
from fupin_policy.core.program import FactDecl, Program, to_date
from fupin_policy.core.types import Code, Truth
from fupin_policy.intake.household import RESERVED
from fupin_policy.intake.scalars import read_id
from fupin_policy.ruleset import Ruleset

Given = dict[str, Any]

Answer = tuple[int | None, int, Value]
"""What one input comes to: a member's position or None for the household, the input's position, the value."""
QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for, whose it is (a member's id, or None), and the policies that wait for it."""

    fact: FactDecl
    member: str | None
    policies: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Interview:
    """How far the questions have come. `asked` is what was answered as far as anybody knows, and is not asked again."""

    ruleset: Ruleset
    given: Mapping[str, Any]
    day: int
    asked: frozenset[tuple[str, str | None]] = frozenset()

    @property
    def household(self) -> Household:
        """The household as far as it is known. Raises InputError."""
        return self.ruleset.read(self.given, to_date(self.day))[0]

    @property
    def evaluation(self) -> Evaluation:
        """The decisions so far. Raises InputError."""
        return self.ruleset.decide(self.household, self.day)

    def questions(self) -> tuple[Question, ...]:
        """All that might be asked, what settles most first; nothing where everything is decided. Raises InputError."""
        household = self.household
        decisions = self.ruleset.decide(household, self.day).decisions
        wanted: dict[Missing, list[Decision]] = {}
        for decision in decisions:
            for need in decision.missing:
                if not need.fact.startswith("parameter.") and (need.fact, need.member) not in self.asked:
                    wanted.setdefault(need, []).append(decision)
        trial = _Trial(self.ruleset, household, self.day)
        ranked = sorted(wanted, key=lambda need: (-trial.settled(need), -_share(need, wanted[need])))
        facts = {fact.name: fact for fact in self.ruleset.facts}
        return tuple(Question(facts[need.fact], need.member, tuple(wanted[need])) for need in ranked)

    def answered(self, question: Question, answer: Any) -> Interview:
        """With an answer, as it would be given for the fact; None where nobody knows. Raises InputError."""
        key = (question.fact.name, question.member)
        if answer is None:
            return replace(self, asked=self.asked | {key})
        identifier = self.ruleset.program.identifiers.get("member", "id")
        found = replace(self, given=_with(self.given, question, answer, identifier), asked=self.asked | {key})
        # whoever answers is told at once that an answer cannot be read
        self.ruleset.read(found.given, to_date(self.day))
        return found


def _share(need: Missing, decisions: list[Decision]) -> Fraction:
    """How much of what they lack the decisions would get."""
    return sum((Fraction(1, len(decision.missing)) for decision in decisions), Fraction())


def _with(given: Mapping[str, Any], question: Question, answer: Any, identifier: str) -> Given:
    """The household as given, with a fact put where it belongs, in the place of what was known of it.

    `identifier` is what the ruleset calls the id of a member.
    """
    fact = question.fact

    def put(mapping: Mapping[str, Any]) -> Given:
        return {**{key: value for key, value in mapping.items() if key not in fact.keys}, fact.name: answer}

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


@dataclass(frozen=True, slots=True)
class _Trial:
    """What answers would settle."""

    ruleset: Ruleset
    household: Household
    day: int

    def settled(self, need: Missing) -> Fraction:
        """How many decisions an answer settles on average."""
        member = None if need.member is None else [p.id for p in self.household.members].index(need.member)
        before = _open(self.ruleset.find(self.household, self.day))
        trials = list(_answers(self.ruleset.program, self.household, need.fact, member))
        after = sum(_open(self.ruleset.find(changed(self.household, trial), self.day)) for trial in trials)
        return before - Fraction(after, len(trials))


def _open(found: Findings) -> int:
    """How many policies are not decided, or with an amount that is not."""
    return sum(
        possible.UNKNOWN in outcomes or any(low != high for low, high in amounts or ())
        for outcomes, amounts in zip(found.outcomes, found.amounts, strict=True)
    )


def _answers(
    program: Program, household: Household, fact: str, member: int | None
) -> Iterator[list[tuple[int | None, int, Value]]]:
    """Answers to try: for each what the fact's columns come to."""
    inputs = program.household_inputs if member is None else program.member_inputs
    facts = household.facts if member is None else household.members[member].facts
    columns = [at for at, one in enumerate(inputs) if one.name.split(".")[0] == fact]
    if len(columns) > 1:
        # of several codes none, or just one, holds
        for chosen in (None, *columns):
            yield [(member, at, possible.TRUE if at == chosen else possible.FALSE) for at in columns]
        return
    (at,) = columns
    for value in _values(inputs[at].type, facts[at]):
        yield [(member, at, value)]


def _values(type_: Any, known: Value) -> Iterator[Value]:
    match type_, known:
        case Truth(), _:
            yield from (possible.FALSE, possible.TRUE)
        case Code(), int(mask):
            yield from (1 << at for at in range(mask.bit_length()) if mask >> at & 1)
        case _:
            low, high = cast(possible.Interval, known)
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
