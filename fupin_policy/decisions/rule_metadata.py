"""What of a rule's decision is the same for every household: who answers for it, on which clauses, for what period.

In: a snapshot's rule. Out: a `RuleMetadata`; that of a whole program as plain data for a module's manifest, from which
the hosts have it. Called by `builder`, `evaluators.wasm` and `batch`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fupin_policy.core.program import Program
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.snapshot import Rule, Snapshot
from fupin_policy.decisions.responsibility import Organisation, offices, organisations


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
    """The metadata of a rule on the snapshot's days; where it is not in force, by its first version."""
    version = rule.version or rule.policy.versions[0]
    program, day = snapshot.program, snapshot.validity.start
    return RuleMetadata(
        organisations(program, version.lead, version.function, day),
        organisations(program, version.cooperating, version.function, day),
        version.basis,
        version.benefit.per or "",
        bool(rule.provisional_outcome),
        bool(rule.provisional_outcome or rule.provisional_amount),
    )


def as_manifest(program: Program, snapshots: Iterable[Snapshot]) -> dict[str, Any]:
    """The metadata of all rules for each stretch between breakpoints, as plain data: each entry and body once."""
    bodies: dict[Organisation, int] = {}
    entries: dict[RuleMetadata, int] = {}
    stretches = []
    for dated in snapshots:
        numbers = [entries.setdefault(metadata_of(dated, rule), len(entries)) for rule in dated.rules]
        unstated = [at for at, one in enumerate(program.figures) if dated.provisional(one.definition)]
        stretches.append({"from": dated.validity.start, "frames": numbers, "provisional": unstated})

    def numbered(those: Iterable[Organisation]) -> list[int]:
        return [bodies.setdefault(body, len(bodies)) for body in those]

    frames = [
        {
            "lead": numbered(entry.lead),
            "cooperating": numbered(entry.cooperating),
            "basis": [{"source": ref.source, "clause": ref.clause} for ref in entry.basis],
            "per": entry.per,
            "provisional_refusal": entry.provisional_refusal,
            "provisional": entry.provisional,
        }
        for entry in entries
    ]
    places = sorted({body.place for body in bodies if body.place})
    return {
        "frames": frames,
        "bodies": [{**body.name.as_json(), "place": body.place} for body in bodies],
        "places": {name: [office and office.as_json() for office in offices(program, name)] for name in places},
        "stretches": stretches,
    }
