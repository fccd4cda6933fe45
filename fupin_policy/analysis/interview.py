"""What to ask about a household next, so that as few questions as possible decide all policies.

In: a ruleset, a household as given, a date. Out: `Question`s, and the household with what was answered.
Called by `cli`.

Only what is named as missing is asked. First come gates: what a household or member is, with no sum of money, where a
good part of the open decisions rests on it. Then the few facts that make up the largest part of what the open
decisions lack, the one first whose answer settles most of them on average, over answers tried: every code or truth, the
ends and quarters of what a number or date may be. Members of whom the same is known are alike, so one is tried for all.
What the rules would assume is asked last; who ends the questions before leaves it to them. What was answered by nobody
is not assumed. It may leave a decision open whatever else is answered. A fact is no longer asked if with it
and all others answered, in one way or another, nothing that rests on it was settled. Of a list it is asked how many
items it has, then for the facts of each.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from fupin_policy.analysis.trial_answers import Trial
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_date
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.declarations import FactDecl, ListDecl
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.household import Household
from fupin_policy.core.item_facts import name_in_list, parts_of_name
from fupin_policy.core.missing import Missing
from fupin_policy.core.periods import named_on, period_on
from fupin_policy.core.subjects import list_of
from fupin_policy.core.types import PLAIN, Code, Day, Number, Truth
from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.intake.item_lists import items_given
from fupin_policy.intake.notation import EACH, RESERVED
from fupin_policy.intake.previous_result import Earlier
from fupin_policy.intake.scalars import Unreadable, read_id, read_number
from fupin_policy.ruleset import Ruleset

GATE_SHARE, GATE_LEAST = 4, 3
"""On a gate rests at least a quarter of the open decisions, and at least three."""


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for, whose it is (a member's id, or None), and the policies that wait for it.

    Of a fact by month or year `period` is which of them is asked for: `2019-05`, or first `each`, as all may be alike;
    `periods` are those that are missing, the last first. Of an item's fact `item` is its place, from 0, in
    the list `of`. Of a list it is asked how many items it has: at least `least`.
    """

    fact: FactDecl | ListDecl
    member: str | None
    policies: tuple[Decision, ...]
    period: str | None = None
    periods: tuple[str, ...] = ()
    item: int | None = None
    of: ListDecl | None = None
    least: int = 0
    is_mostly_none: bool = False
    """A date of which the rules assume that there is none."""

    @property
    def name(self) -> str:
        """What is asked for, by the name under which it is given: `wage 2019-05`, `supporters`, `supporters[2].age`."""
        if isinstance(self.fact, ListDecl):
            return self.fact.name
        if self.item is not None:
            return name_in_list(self.fact.level, self.item, self.fact.name)
        return self.fact.name if self.fact.series is None else f"{self.fact.series.name} {self.period}"

    @property
    def note(self) -> Bilingual | None:
        """What the rules say of the fact besides."""
        return None if isinstance(self.fact, ListDecl) else self.fact.note

    @property
    def is_assumed(self) -> bool:
        """Whether the rules say what to assume where it is not answered."""
        assumed = self.fact.empty if isinstance(self.fact, ListDecl) else self.fact.absent
        return assumed is not None or self.is_mostly_none


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
    earlier: Interview | None = None
    """The same before the last answer."""

    def back(self) -> Interview:
        """The interview before the last answer; as it is where nothing was answered."""
        return self if self.earlier is None else self.earlier

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
        facts = {fact.name: fact for fact in self.ruleset.facts}
        facts |= {fact.given: fact for fact in self.ruleset.facts if fact.given is not None}
        gates = _gates(wanted, facts)
        trial = Trial(self.ruleset.worksheet(household, self.day), tuple(wanted), wanted, self.asked)
        first = sorted(wanted, key=lambda need: (gates.get(need, _NO_GATE), -shares[need]))
        ordered = sorted(trial.ordered(first), key=lambda need: gates.get(need, _NO_GATE))
        found: dict[tuple[str, str | None], Question] = {}
        for need in ordered:
            waiting = {decisions[number].policy: decisions[number] for number in sorted(wanted[need])}
            question = self._question(need, facts, household)
            # a date that may be none, and all months of a fact, are asked for once
            known = found.setdefault((question.name, question.member), question)
            waiting = {one.policy: one for one in known.policies} | waiting
            periods = tuple(dict.fromkeys((*known.periods, *question.periods)))
            kept = tuple(one for one in decisions if one.policy in waiting)
            found[question.name, question.member] = replace(known, policies=kept, periods=periods)
        return tuple(sorted(found.values(), key=lambda question: question.is_assumed))

    def _question(self, need: Missing, facts: Mapping[str, FactDecl], household: Household) -> Question:
        """What is asked where something is missing."""
        program, (listed, item, base) = self.ruleset.program, parts_of_name(need.fact)
        lists = {one.name: one for one in program.lists}
        if need.fact in lists:
            at = None if need.member is None else household.ids.index(need.member)
            known = list_of(program, household, need.fact, at)
            return Question(lists[need.fact], need.member, (), least=len(known.items))
        fact = facts[base]
        if fact.series is None:
            none = any(one.name == fact.given and one.absent is not None for one in program.facts)
            of = None if listed is None else lists[listed]
            return Question(fact, need.member, (), item=item, of=of, is_mostly_none=none)
        month = period_on(fact.series, fact.ago, self.day)
        return Question(fact, need.member, (), self._period(fact, need.member), (month,))

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
        if question.period == EACH and isinstance(fact, FactDecl) and fact.series is not None:
            names: tuple[str | None, ...] = (fact.series.name,)
        else:
            # under the name of a month a fact is known by its own
            name = question.name if question.period is None else fact.name
            names = (name, fact.given if isinstance(fact, FactDecl) else None)
        asked = self.asked | {(name, member) for name in names if name is not None}
        if answer is None and not question.is_assumed:
            return replace(self, asked=asked, earlier=self)
        # said to be unknown, it is not assumed
        if answer is None:
            answer = "unknown"
        elif isinstance(fact, ListDecl):
            answer = self._items(question, fact, answer)
        identifier = self.ruleset.program.identifiers.get("member", "id")
        given = _with(self.given, question, answer, identifier)
        found = replace(self, given=given, asked=asked, earlier=self)
        # an answer that cannot be read is reported at once
        self.ruleset.read(found.given, to_date(self.day), previous=self.previous)
        return found

    def _items(self, question: Question, declared: ListDecl, answer: Any) -> list[Mapping[str, Any]]:
        """As many items as were answered: those that are given, then others of which nothing is known yet."""
        count, owner = _count(question, declared, answer), self.given
        if question.member is not None:
            members = self.given[_key(self.given, "members")]
            owner = members[self.household.ids.index(question.member)]
        given = next((items_given(owner[key]) for key in declared.keys if key in owner), [])
        return [*given, *({} for _ in range(count - len(given)))]


_Gate = tuple[int, int, int]
_NO_GATE: _Gate = (1, 0, 0)


def _gates(wanted: Mapping[Missing, Collection[int]], facts: Mapping[str, FactDecl]) -> dict[Missing, _Gate]:
    """The needs that are gates, with their order: the household's before a member's, then as they are declared.

    A date that may be none, as that of a death, is no gate: it is silly to begin with.
    """
    place = {name: at for at, name in enumerate(facts)}
    undecided = len({number for numbers in wanted.values() for number in numbers})
    found: dict[Missing, _Gate] = {}
    for need, numbers in wanted.items():
        fact, many = facts.get(need.fact), len(set(numbers))
        told = fact is not None and isinstance(fact.type, Truth | Code | Day) and fact.series is None and not fact.given
        if told and many >= GATE_LEAST and many * GATE_SHARE >= undecided:
            found[need] = (0, int(need.member is not None), place[need.fact])
    return found


def questions_left(questions: Collection[Question]) -> tuple[int, int]:
    """About how many answers are still needed, the least and the most, where each can be given.

    The most: each of the questions is asked. The least: of decisions that have no question in common each
    takes an answer of its own. Those for the items of lists, and for single months, come on top.
    """
    asked_for: dict[str, set[int]] = {}
    for at, question in enumerate(questions):
        for decision in question.policies:
            asked_for.setdefault(decision.policy, set()).add(at)
    taken: set[int] = set()
    least = 0
    for some in sorted(asked_for.values(), key=len):
        if not some & taken:
            taken, least = taken | some, least + 1
    return least, len(questions)


def _count(question: Question, declared: ListDecl, answer: Any) -> int:
    """How many items were answered. Raises InputError."""
    reporter = Reporter()
    try:
        count = read_number(answer, Number(PLAIN, 0, question.least, declared.most))
    except Unreadable as error:
        for fault in error.faults:
            reporter.report(fault.code, question.name, suggestion=fault.suggestion, **dict(fault.args))
        raise InputError(reporter.diagnostics) from None
    return count


def _with(given: Mapping[str, Any], question: Question, answer: Any, identifier: str) -> dict[str, Any]:
    """The household as given, with a fact put where it belongs, in the place of what was known of it.

    `identifier` is what the ruleset calls the id of a member.
    """
    put = partial(_put, question=question, answer=answer)
    if question.member is not None:
        key = _key(given, "members")
        ids = RESERVED["member"].keys() | {identifier}
        members = [put(one) if _id(one, ids) == question.member else one for one in given[key]]
        return {**given, key: members}
    if isinstance(question.fact, FactDecl) and question.fact.level == "village":
        key = _key(given, "village")
        return {**given, key: put(given.get(key) or {})}
    return put(given)


def _put(mapping: Mapping[str, Any], question: Question, answer: Any) -> dict[str, Any]:
    """What is given of one household or member, with an answer: a fact, a month of it, an item's fact, or items."""
    fact: FactDecl | ListDecl = question.fact
    if question.item is not None and isinstance(fact, FactDecl):
        key = next(key for key in mapping if question.of is not None and key in question.of.keys and mapping[key])
        whole, items = mapping[key], list(items_given(mapping[key]))
        kept = {name: value for name, value in items[question.item].items() if name not in fact.keys}
        items[question.item] = {**kept, fact.name: answer}
        return {**mapping, key: dict.fromkeys(whole, items) if isinstance(whole, Mapping) else items}
    series = fact.series if isinstance(fact, FactDecl) else None
    keys = (series or fact).keys
    kept = {key: value for key, value in mapping.items() if key not in keys}
    if series is None:
        return {**kept, fact.name: answer}
    months: Mapping[str, Any] = next((mapping[key] for key in keys if isinstance(mapping.get(key), Mapping)), {})
    return {**kept, series.name: {**months, question.period: answer}}


def _key(given: Mapping[str, Any], meaning: str) -> str:
    """What the household calls its members or its village."""
    return next((key for key in given if RESERVED["household"].get(key) == meaning), meaning)


def _id(member: Mapping[str, Any], ids: Collection[str]) -> str | None:
    return next((read_id(value) for key, value in member.items() if key in ids), None)


def decided(before: Evaluation, after: Evaluation) -> tuple[Decision, ...]:
    """The decisions that were open and no longer are."""
    pairs = zip(before.decisions, after.decisions, strict=True)
    return tuple(now for was, now in pairs if is_open(was) and not is_open(now))


def is_open(decision: Decision) -> bool:
    """Whether a decision's outcome or amount is not settled."""
    return decision.status is Status.UNKNOWN or bool(decision.missing)
