"""The values behind a run's decisions that no document states, with the policies that rest on them.

In: rules on a day, the policies that were decided. Out: data only. Called by `summary`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_day
from fupin_policy.core.declarations import Standing
from fupin_policy.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class ProvisionalValue:
    """A parameter of which a value on the day is known otherwise (`reported`) or an `example`; the ids of policies."""

    name: str
    words: Bilingual
    standing: Standing
    policies: tuple[str, ...]


def provisional_values(ruleset: Ruleset, day: date, policies: Collection[str]) -> tuple[ProvisionalValue, ...]:
    """Those on which some of the policies rest, in the order of the rules."""
    found: dict[str, list[str]] = {}
    for rule in ruleset.snapshot(day).rules:
        if rule.version is not None and rule.policy.id in policies:
            amounts, bodies = rule.provisional_amount, rule.provisional_beneficiary | rule.provisional_answering
            for name in sorted(rule.provisional_outcome | amounts | bodies):
                found.setdefault(name, []).append(rule.policy.id)
    return tuple(
        ProvisionalValue(name, parameter.words, standing, tuple(found[name]))
        for name, parameter in ruleset.program.parameters.items()
        if name in found
        for standing in [
            next(
                value.standing
                for value in parameter.values
                if value.validity.covers(to_day(day)) and value.standing != "enacted"
            )
        ]
    )
