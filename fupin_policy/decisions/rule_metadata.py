"""What of a rule's decision is the same for every household: who answers for it, on which clauses, for what period.

In: a snapshot's rule. Out: a `RuleMetadata`; that of a whole program as plain data for a module's manifest, from which
the hosts have it. Called by `decision_builder`, `evaluators.wasm` and `batch`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fupin_policy.core.benefits import Starts
from fupin_policy.core.history import change_days
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.policies import Force, Obtain
from fupin_policy.core.program import Definition, Program
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.snapshot import Rule, Snapshot, days_of, in_force_on, provisional_on, rule_on
from fupin_policy.decisions.responsibility import Answering, Organisation, offices, organisations


@dataclass(frozen=True, slots=True)
class RuleMetadata:
    """Bodies in the order given; `per` is "" without an amount. Provisional: when refused, and when granted or open."""

    lead: tuple[Organisation, ...]
    cooperating: tuple[Organisation, ...]
    basis: tuple[ClauseRef, ...]
    per: str
    provisional_refusal: bool
    provisional: bool
    force: Force = "entitlement"
    obtain: Obtain | None = None
    where: tuple[Organisation, ...] = ()
    """The department to go to, if one is named."""
    answers: tuple[Answering, ...] = ()
    """Where it is by condition who answers, what may come out, in the order of the codes of that."""
    starts: Starts = "same_day"
    """Whose day's circumstances count, where its first day is asked for the next time."""


def metadata_of(snapshot: Snapshot, rule: Rule) -> RuleMetadata:
    """The metadata of a rule on the snapshot's days; where it is not in force, by its first version."""
    return _on(snapshot.program, rule, snapshot.validity.start)


def _on(program: Program, rule: Rule, day: int) -> RuleMetadata:
    version = rule.version or rule.policy.versions[0]
    return RuleMetadata(
        organisations(program, version.lead, version.function, day),
        organisations(program, version.cooperating, version.function, day),
        version.basis,
        version.benefit.per or "",
        bool(rule.provisional_outcome),
        bool(rule.provisional_outcome or rule.provisional_amount or _besides(rule)),
        version.force,
        version.obtain,
        organisations(program, _where(version.obtain), version.function, day),
        tuple(
            Answering(
                *(organisations(program, ids, version.function, day, one.places) for ids in (one.lead, one.cooperating))
            )
            for one in rule.policy.answers
        ),
        starts="same_day" if rule.policy.id not in program.first_day_facts else version.starts,
    )


def _besides(rule: Rule) -> frozenset[str]:
    """The unstated parameters by which it is chosen whom a policy is for, or who answers for it."""
    return rule.provisional_beneficiary | rule.provisional_answering


def _where(obtain: Obtain | None) -> tuple[str, ...]:
    return () if obtain is None or obtain.where is None else (obtain.where,)


def _obtain(obtain: Obtain, where: int | None) -> dict[str, object]:
    """How it is obtained, with the numbers of the conditions of documents."""
    asked = [{} if one.asked is None else {"asked": one.asked} for one in obtain.documents]
    documents = [{**one.as_json(), **number} for one, number in zip(obtain.documents, asked, strict=True)]
    return {**obtain.as_json(where), "documents": documents}


def _first(numbers: list[int]) -> int | None:
    return numbers[0] if numbers else None


def as_manifest(program: Program) -> dict[str, Any]:
    """The metadata of all rules as plain data, each once, and for each rule from which day on which holds.

    A rule is looked at on those days only on which something that it rests on changes.
    """
    bodies: dict[Organisation, int] = {}
    entries: dict[RuleMetadata, int] = {}
    changes = change_days(program)
    named = [name.validity for body in program.departments.values() for name in body.names]
    moved = [move.validity for body in program.departments.values() for move in body.moved]
    stretches: list[list[tuple[int, int]]] = []
    for policy in program.policies:
        below = _below(program, policy.told)
        days = days_of(program, [*named, *moved, *(version.validity for version in policy.versions)])
        found: dict[int, int] = {}
        for day in sorted(days.union(*(changes[one] for one in policy.told))):
            rule = rule_on(program, policy, in_force_on(below, day), day)
            found[day] = entries.setdefault(_on(program, rule, day), len(entries))
        stretches.append(_steps(found))
    provisional = []
    for figure in program.figures:
        one, below = figure.definition, _below(program, [figure.definition])
        unstated = {day: provisional_on(program, in_force_on(below, day), one, day) for day in changes[one]}
        provisional.append(_steps({day: bool(names) for day, names in unstated.items()}))

    def numbered(those: Iterable[Organisation]) -> list[int]:
        return [bodies.setdefault(body, len(bodies)) for body in those]

    def answer(one: Answering) -> dict[str, list[int]]:
        return {"lead": numbered(one.lead), "cooperating": numbered(one.cooperating)}

    frames = [
        {
            "lead": numbered(entry.lead),
            "cooperating": numbered(entry.cooperating),
            "basis": [{"source": ref.source, "clause": ref.clause} for ref in entry.basis],
            "per": entry.per,
            "provisional_refusal": entry.provisional_refusal,
            "provisional": entry.provisional,
            **({"answers": list(map(answer, entry.answers))} if entry.answers else {}),
            **({} if entry.force == "entitlement" else {"force": entry.force}),
            **({} if entry.starts == "same_day" else {"starts": entry.starts}),
            **({} if entry.obtain is None else {"obtain": _obtain(entry.obtain, _first(numbered(entry.where)))}),
        }
        for entry in entries
    ]
    places = sorted({body.place for body in bodies if body.place})
    return {
        "frames": frames,
        "bodies": [{**body.name.as_json(), "place": body.place} for body in bodies],
        "places": {name: [office and office.as_json() for office in offices(program, name)] for name in places},
        "stretches": stretches,
        "provisional": provisional,
    }


def _below(program: Program, roots: Iterable[DefinitionId]) -> list[Definition]:
    closure = program.dependencies.closure(roots)
    return [one for one in program.definitions if one.id in closure]


def _steps(values: Mapping[int, int]) -> list[tuple[int, int]]:
    """Days on which a value becomes another, with what it is from then on."""
    found: list[tuple[int, int]] = []
    for day in sorted(values):
        if not found or found[-1][1] != values[day]:
            found.append((day, values[day]))
    return found
