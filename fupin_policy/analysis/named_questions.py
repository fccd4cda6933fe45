"""A question of the interview by the name under which it was asked: for those who keep answers, not interviews.

In: an interview so far, a name such as `wage 2019-05` or `supporters[2].age`, whose it is. Out: a `Question` to be
answered. Called by `service`.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_policy.analysis.interview import Interview, Question
from fupin_policy.core.declarations import FactDecl, ListDecl, Series
from fupin_policy.core.item_facts import parts_of_name
from fupin_policy.core.periods import period_on
from fupin_policy.core.subjects import list_of
from fupin_policy.diagnostics import InputError, suggest
from fupin_policy.intake.notation import EACH


def question_named(interview: Interview, name: str, member: str | None, place: str) -> Question:
    """The question of that name, as `Question.name` has it, or by what the fact is called in Chinese.

    Raises InputError at a place, for a name of no question, or of somebody of whom it cannot be asked.
    """
    return _Asked(interview, name, member, place).question()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A name, and whose it is."""

    interview: Interview
    name: str
    member: str | None
    place: str

    def question(self) -> Question:
        """What is asked for."""
        program = self.interview.ruleset.program
        lists = {key: one for one in program.lists for key in one.keys}
        if self.name in lists:
            declared = lists[self.name]
            return Question(declared, self._whose(declared.of), (), least=self._known_items(declared))
        listed, item, base = parts_of_name(self.name)
        if listed is not None and item is not None:
            return self._of_item(lists.get(listed), item, base)
        facts = {key: one for one in program.facts if one.series is None for key in one.keys}
        if self.name in facts and facts[self.name].level not in {one.name for one in program.lists}:
            return Question(facts[self.name], self._whose(facts[self.name].level), ())
        head, _, period = self.name.rpartition(" ")
        fact = self._of_series(head, period)
        if fact is None:
            raise self._unknown([*facts, *lists])
        return Question(fact, self._whose(fact.level), (), period, (period,))

    def _of_series(self, head: str, period: str) -> FactDecl | None:
        """The fact that is a series' value of a month or year, or of each."""
        for fact in self.interview.ruleset.facts:
            series: Series | None = fact.series
            if series is not None and head in series.keys:
                on = EACH if fact.ago == 0 else None
                if period in (on, period_on(series, fact.ago, self.interview.day)):
                    return fact
        return None

    def _of_item(self, declared: ListDecl | None, item: int, base: str) -> Question:
        """A fact of an item that the list is known to have."""
        facts = [one for one in self.interview.ruleset.facts if declared is not None and one.level == declared.name]
        found = next((one for one in facts if base in one.keys), None)
        if declared is None or found is None:
            raise self._unknown([one.name for one in facts])
        whose = self._whose(declared.of)
        if not 0 <= item < self._known_items(declared):
            raise self._unknown([declared.name])
        return Question(found, whose, (), item=item, of=declared)

    def _known_items(self, declared: ListDecl) -> int:
        household, whose = self.interview.household, self._whose(declared.of)
        at = None if whose is None else household.ids.index(whose)
        return len(list_of(self.interview.ruleset.program, household, declared.name, at).items)

    def _whose(self, level: str) -> str | None:
        """The member, of whom alone that is asked; or nobody."""
        known = self.interview.household.ids
        if level != "member" and self.member is None:
            return None
        if level == "member" and self.member in known:
            return self.member
        code = "H013" if level == "member" else "H012"
        raise InputError.of(code, self.place, name=self.name)

    def _unknown(self, known: list[str]) -> InputError:
        return InputError.of("H011", self.place, suggestion=suggest(self.name, known), name=self.name)
