"""What of a rule's decision is the same for every household: who answers for it, on which clauses, for what period.

In: a snapshot's rule. Out: a `RuleMetadata`. Called by `builder`, and by `evaluators.wasm`
for hosts that only look it up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.snapshot import Rule, Snapshot
from fupin_policy.decisions.responsibility import in_being, name_on


@dataclass(frozen=True, slots=True)
class Organisation:
    """A department by its name on the day. With `place` it stands for the office of that fact's place, where known."""

    name: Bilingual
    place: str | None


@dataclass(frozen=True, slots=True)
class RuleMetadata:
    """Bodies in the order given; `per` is "" without an amount. Provisional: when refused, and when granted or open."""

    lead: tuple[Organisation, ...]
    cooperating: tuple[Organisation, ...]
    basis: tuple[ClauseRef, ...]
    per: str
    provisional_refusal: bool
    provisional: bool


def metadata_of(snapshot: Snapshot, rule: Rule) -> RuleMetadata:
    """The frame of a rule on the snapshot's days; where it is not in force, by its first version."""
    version = rule.version or rule.policy.versions[0]
    return RuleMetadata(
        _bodies(snapshot, version.lead, version.function),
        _bodies(snapshot, version.cooperating, version.function),
        version.basis,
        version.benefit.per or "",
        bool(rule.provisional_outcome),
        bool(rule.provisional_outcome or rule.provisional_amount),
    )


def _bodies(snapshot: Snapshot, departments: Iterable[str], function: str | None) -> tuple[Organisation, ...]:
    day = snapshot.validity.start
    found = (in_being(snapshot.program, name, function, day) for name in departments)
    return tuple(Organisation(name_on(one, day), one.place) for one in found)
