"""Facts of a household of which a number of identity tells more than is given, as they are told beside decisions.

In: a program and a household as read. Out: `DerivedFact`s. Called by `ruleset`, part of an `Evaluation`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.household import Household
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Lang


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A fact, of a member or the household, and the number that it comes from; the number itself stands nowhere."""

    name: str
    words: Bilingual
    member: str | None
    number: str
    number_words: Bilingual

    def said(self, lang: Lang) -> str:
        """`m1.出生日期`."""
        head = "" if self.member is None else f"{self.member}."
        return head + pick(self.words, lang)

    def as_json(self) -> dict[str, Any]:
        """The fact as plain data."""
        whose = {} if self.member is None else {"member": self.member}
        return {"fact": self.name, "label": self.words.zh, **whose, "number": self.number}


def derived_facts(program: Program, household: Household) -> tuple[DerivedFact, ...]:
    """What is known of a household by its numbers of identity."""
    if not household.derived:
        return ()
    facts = {fact.name: fact for fact in program.facts}
    filled = {name: fact for fact in program.facts if fact.number is not None for name in fact.number.fills}
    return tuple(
        DerivedFact(
            name,
            facts[name].words,
            None if at is None else household.members[at].id,
            filled[name].name,
            filled[name].words,
        )
        for at, name in household.derived
    )
