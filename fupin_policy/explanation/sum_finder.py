"""How a number was worked out, from its trace as it is written: terms line by line, down to facts and parameters.

In: the traces of a household. Out: `Calculation`s of amounts and figures. Called by `ruleset`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from fupin_policy.core import possible
from fupin_policy.core.benefits import Per
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.expressions import Cases, Clamp, Level, Ref
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.policies import Group, Policy
from fupin_policy.core.possible import Interval
from fupin_policy.core.snapshot import Rule
from fupin_policy.core.traces import Trace, Traces
from fupin_policy.core.types import Number
from fupin_policy.evaluators.interpreter import trace_as_bounded
from fupin_policy.explanation.reasons import ReasonFinder
from fupin_policy.explanation.sum_ends import kept_within
from fupin_policy.explanation.sum_words import NumberWords
from fupin_policy.explanation.sum_working import Opened, WorkingOut
from fupin_policy.explanation.sums import Calculation, Operand, Operation, SumLine
from fupin_policy.prose.sentences import sentence

MOST_LINES = 60
"""How many lines of a sum are told; those that are nearest to what is explained."""
FEW_PERSONS = 6
"""Of how many persons an amount is worked out one by one."""
AMOUNT = sentence("amount")
TOGETHER = sentence("what_members_get")


@dataclass(frozen=True, slots=True)
class SumFinder:
    """Knows the traces of a household as they are written, and those of the snapshot; each line is made once."""

    words: NumberWords
    written: Traces
    traces: Traces
    persons: Sequence[str]
    made: dict[Opened, tuple[tuple[SumLine, ...], tuple[Opened, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, finder: ReasonFinder, household: Household, day: int, roots: Iterable[DefinitionId]) -> SumFinder:
        """Of some definitions of the household and day whose reasons are looked for."""
        snapshot, persons = finder.snapshot, household.ids
        written = trace_as_bounded(snapshot, household, day, roots, finder.traces)
        return cls(NumberWords(snapshot, finder.words), written, finder.traces, persons)

    def of_amount(self, rule: Rule) -> Calculation | None:
        """How a policy's amount comes about; None where it gives none, or there is nothing to be worked out."""
        if rule.payable is None or rule.version is None or rule.payable not in self.written:
            return None
        outcomes = enumerate(self.traces[rule.outcome])
        receiving = [subject for subject, outcome in outcomes if outcome.value != possible.FALSE]
        if not receiving:
            return None
        lines = self._lines([(rule.payable, subject) for subject in receiving[:FEW_PERSONS]])
        if len(receiving) > 1:
            lines.append(self._of_persons(rule.payable, receiving))
        elif _tells_nothing(lines):
            return None
        return _told([self._own(rule, line) if line.definition == str(rule.payable) else line for line in lines])

    def _own(self, rule: Rule, line: SumLine) -> SumLine:
        """The line of a policy's amount; of a group of which the highest is drawn it is said what the others are."""
        subject = 0 if line.member is None else self.persons.index(line.member)
        others = (self._drawn(group, rule, subject) for group in self.words.snapshot.program.groups)
        return replace(line, name=AMOUNT, why=(*line.why, *(one for one in others if one is not None)))

    def _drawn(self, group: Group, rule: Rule, subject: int) -> Bilingual | None:
        """That the amount is the highest of those of a group that are open to the subject, if there are others.

        What members get counts together against what the household would. Where amounts come at different intervals
        it is told how often each does.
        """
        if group.keep != "highest" or rule.policy.id not in group.policies:
            return None
        level = rule.policy.level
        pers = {one.policy: one.version.benefit.per for one in self.words.snapshot.rules if one.version is not None}
        pers = {policy: per for policy, per in pers.items() if policy.id in group.policies}
        yearly = len(set(pers.values())) > 1
        others = [one for one in pers if one != rule.policy and self._is_open(one, level, subject)]
        told = [
            self._weighed(
                sentence("title_beside", title=one.title),
                self.traces[one.stated][subject if one.level == level else 0],
                pers[one] if yearly else None,
            )
            for one in others
            if level in (one.level, "member")
        ]
        if any(one.level != level for one in others):
            all_members = self.traces[DefinitionId("together", group.id)][0]
            told.append(self._weighed(TOGETHER, all_members, "year" if yearly else None))
        if not told:
            return None
        others_told = Bilingual("，".join(one.zh for one in told), ", ".join(one.en for one in told))
        return sentence("highest_of", group=group.title, others=others_told)

    def _is_open(self, policy: Policy, level: Level, subject: int) -> bool:
        """Whether a policy may apply to a subject; of another level, to the household or any of its members."""
        tests = self.traces[policy.condition]
        return any(test.value != possible.FALSE for test in (tests[subject:][:1] if policy.level == level else tests))

    def _weighed(self, name: Bilingual, amount: Trace, per: Per | None) -> Bilingual:
        return sentence("weighed" if per is None else f"weighed_{per}", name=name, value=self.words.value(amount))

    def of_figure(self, definition: DefinitionId) -> Calculation | None:
        """How a figure comes about, of each member where it is members'; None where it is no number."""
        found = self.written[definition]
        if not found or not isinstance(found[0].expr.type, Number):
            return None
        return _told(self._lines([(definition, subject) for subject in range(len(found))][:FEW_PERSONS]))

    def _lines(self, roots: Iterable[Opened]) -> list[SumLine]:
        """The lines of some definitions and of all that they rest on, each once, parts before wholes.

        It goes by a list: what rests on other things may do so through more of them than calls can nest.
        """
        waiting, seen, found = [*roots][::-1], set[Opened](), list[SumLine]()
        while waiting:
            one = waiting[-1]
            lines, below = self._made(one)
            missing = [other for other in below if other not in seen]
            if one in seen or not missing:
                waiting.pop()
                found += () if one in seen else lines
                seen.add(one)
            else:
                waiting += missing[::-1]
        return found

    def _made(self, one: Opened) -> tuple[tuple[SumLine, ...], tuple[Opened, ...]]:
        if one not in self.made:
            self.made[one] = self._line(*one)
        return self.made[one]

    def _line(self, definition: DefinitionId, subject: int) -> tuple[tuple[SumLine, ...], tuple[Opened, ...]]:
        """The line of a definition, after those of its parts; and what it names."""
        trace = self.written[definition][subject]
        item, inline = self.words.item(trace.item), _not_named(definition, trace)
        work = WorkingOut(self.words, self.written, self.persons, subject, inline, item)
        working = work.of(trace)
        own = self.traces[definition][subject]
        result = self.words.operand(cast(Number, own.expr.type), cast(Interval, own.value))
        name, working = self.words.named(definition), kept_within(self.words, working, own, "together")
        line = SumLine(name, trace.member, working, result, tuple(work.why), str(definition), item)
        return (*work.lines, line), tuple(work.opened)

    def _of_persons(self, payable: DefinitionId, receiving: Sequence[int]) -> SumLine:
        """What persons receive in all."""
        found = self.traces[payable]
        type_ = cast(Number, found[0].expr.type)
        values = [cast(Interval, found[subject].value) for subject in receiving]
        parts = [
            self.words.operand(type_, value, member=self.persons[subject])
            for subject, value in zip(receiving[:FEW_PERSONS], values, strict=False)
        ]
        if len(receiving) > FEW_PERSONS:
            others = self.words.others(len(receiving) - FEW_PERSONS)
            parts.append(self.words.operand(type_, possible.add(values[FEW_PERSONS:]), others))
        total = self.words.operand(type_, possible.add(values))
        return SumLine(AMOUNT, None, Operation("add", tuple(parts)), total)


def _not_named(definition: DefinitionId, trace: Trace) -> DefinitionId | None:
    """What a policy states, where that is all that it gives: it is worked out in the line of the amount."""
    match trace.expr:
        case Cases(((_, Ref(DefinitionId("stated") as stated) | Clamp(Ref(DefinitionId("stated") as stated))),)) if (
            definition.part == "payable"
        ):
            return stated
        case _:
            return None


def _tells_nothing(lines: Sequence[SumLine]) -> bool:
    """Whether there is only a number that was written so."""
    (working, why) = (lines[-1].working, lines[-1].why)
    return len(lines) == 1 and isinstance(working, Operand) and working.name is None and not why


def _told(lines: Sequence[SumLine]) -> Calculation:
    return Calculation(tuple(lines[-MOST_LINES:]), max(0, len(lines) - MOST_LINES))
