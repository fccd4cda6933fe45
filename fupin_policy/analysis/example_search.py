"""A household by which a part of a condition is decided that no example tries, with what should come out for it.

In: a ruleset, a policy with its examples, the part. Out: the household as people write it, a day and what came out;
None where none was found in time. Called by `editor`. It starts from the policy's own examples and goes, fact by fact,
where less stands in the way; what it finds is evaluated as anybody's is, and has nothing in it that can be left out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from typing import Any

from fupin_policy.analysis.example_coverage import Key, decided, tried_by
from fupin_policy.analysis.given_values import NearValues
from fupin_policy.analysis.household_moves import GivenHousehold, HouseholdMoves
from fupin_policy.analysis.trace_distance import TraceDistance
from fupin_policy.core.days import Validity, to_date
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.identifiers import DefinitionId, Part
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.core.traces import Traces
from fupin_policy.diagnostics import FupinError, Reporter
from fupin_policy.documents.model import PolicyDoc
from fupin_policy.evaluators import interpreter
from fupin_policy.intake import Intake, read_date
from fupin_policy.intake.serializer import labelled, serialize
from fupin_policy.ruleset import Ruleset

SECONDS = 20.0
"""How long a household is looked for."""
_STUCK = 3
"""How many steps at random are taken where no single one leads nearer, before another beginning is tried."""


@dataclass(frozen=True, slots=True)
class FoundExample:
    """A household by its labels, the day, and what came out of the policy, as examples say it."""

    household: Mapping[str, Any]
    as_of: str
    expect: Mapping[str, Any]


def found_example(ruleset: Ruleset, policy: PolicyDoc, part: Key, seconds: float = SECONDS) -> FoundExample | None:
    """An example of a policy, for households or members, by which a part is tried. None where none was found."""
    search = _Search(ruleset, policy, part, time.monotonic() + seconds)
    for day, beginning in search.beginnings():
        found = search.found(day, beginning)
        if found is not None:
            return search.told(day, search.least(day, found))
    return None


@dataclass(frozen=True)  # without slots, for the cached property
class _Search:
    ruleset: Ruleset
    policy: PolicyDoc
    part: Key
    until: float

    @cached_property
    def about(self) -> tuple[DefinitionId, ...]:
        """The definitions that an example of the policy tries and that the part stands in."""
        tried = tried_by(self.ruleset.program, [self.policy.id.text], ())
        return tuple(one for one in tried if one.original == self.part[0])

    @cached_property
    def _intake(self) -> Intake:
        return Intake(self.ruleset.program)

    @cached_property
    def days(self) -> Validity:
        """The days on which the part holds, as far as they are covered."""
        program = self.ruleset.program
        versions = [days for one in program.definitions if one.id == self.about[0] for days, _ in one.versions]
        held = next((days for days in versions if days.start == self.part[1]), program.covers)
        return Validity(max(held.start, program.covers.start), min(held.end, program.covers.end))

    def beginnings(self) -> Iterator[tuple[int, GivenHousehold]]:
        """Households to begin with, each on a day: those of the policy's examples, then one of which all is plain."""
        if not self.about or self.days.start >= self.days.end:
            return
        for example in self.policy.examples:
            day = self._day(example.as_of.text)
            said = None if day is None else self._said({"id": "h1", **example.given}, day)
            if day is not None and said is not None:
                yield day, said
        yield self.days.start, {"id": "h1"}
        yield self.days.end - 1, {"id": "h1"}

    def _day(self, text: str) -> int | None:
        day = read_date(text, self.ruleset.program, Reporter())
        return day if day is not None and self.days.covers(day) else None

    def _said(self, given: GivenHousehold, day: int) -> GivenHousehold | None:
        """A household as it is given, by English names and as far as it is known exactly."""
        household = self._intake.read(given, day, Reporter())
        return None if household is None else serialize(self.ruleset.program, replace(household, as_of=day))

    def moves(self, snapshot: Snapshot, day: int) -> HouseholdMoves:
        """What may be changed: the facts that the policy rests on, those of the part first."""
        program = self.ruleset.program
        own = {name for name in self._roots() if name in snapshot.dependencies.direct}
        first = {one.fact for one in program.dependencies.facts(self.about)}
        names = {one.fact for one in program.dependencies.facts(own)}
        facts = sorted(
            (one for one in program.facts if one.name in names | first), key=lambda one: one.name not in first
        )
        return HouseholdMoves.of(program, facts, NearValues.of(program, snapshot.needed(own), day))

    def _roots(self) -> list[DefinitionId]:
        name = self.policy.id.text
        parts: tuple[Part, ...] = ("when", "stated", "beneficiary", "outcome", "payable")
        return [*self.about, *(DefinitionId(part, name) for part in parts)]

    def found(self, day: int, beginning: GivenHousehold) -> GivenHousehold | None:
        """A household by which the part is decided, reached from another; None where the way ends, or the time."""
        whole = self.ruleset.snapshot(to_date(day))
        moves = self.moves(whole, day)
        asked = replace(whole, definitions=whole.needed(self.about), rules=())
        at, random = moves.plain(beginning), Random(0)
        far, stuck = self.distance(asked, at, day), 0
        while far:
            steps = list(moves.steps(at))
            for step in steps:
                if time.monotonic() > self.until:
                    return None
                reached = self.distance(asked, step, day)
                if reached is not None and (far is None or reached < far):
                    at, far = step, reached
                    break
            else:
                stuck += 1
                if stuck > _STUCK or not steps:
                    return None
                at = random.choice(steps)
                far = self.distance(asked, at, day)
        return at if far == 0 else None

    def distance(self, snapshot: Snapshot, given: GivenHousehold, day: int) -> int | None:
        """How much stands in the way; 0 where the part is decided, None of what is no household."""
        traces = self._traces(snapshot, given, day)
        if traces is None:
            return None
        _, _, path, value = self.part
        if self._decides(traces):
            return 0
        far = TraceDistance(traces, {one["id"]: at for at, one in enumerate(given["members"])})
        every = [far.to_part(one, path, value) for name in self.about if name in traces for one in traces[name]]
        return max(1, min(every)) if every else None

    def _traces(self, snapshot: Snapshot, given: GivenHousehold, day: int) -> Traces | None:
        household = self._intake.read(given, day, Reporter())
        return None if household is None else interpreter.trace(snapshot, household, day)

    def _decides(self, traces: Traces) -> bool:
        _, _, path, value = self.part
        return any((path, value) in decided(one) for name in self.about if name in traces for one in traces[name])

    # -- what was found -------------------------------------------------------------------------------------------

    def least(self, day: int, given: GivenHousehold) -> GivenHousehold:
        """The household without what makes no difference, neither to the part nor to what comes out."""
        whole = self.ruleset.snapshot(to_date(day))
        moves = self.moves(whole, day)
        asked = replace(whole, definitions=whole.needed(self.about), rules=())
        wanted, less = self._decision(given, day), True
        while less:
            less = False
            for smaller in moves.without(given):
                traces = self._traces(asked, smaller, day)
                if traces is None or not self._decides(traces):
                    continue
                if _same(self._decision(smaller, day), wanted):
                    given, less = smaller, True
                    break
        return given

    def _decision(self, given: GivenHousehold, day: int) -> Decision | None:
        try:
            every = self.ruleset.evaluate(given, to_date(day)).decisions
        except FupinError:
            return None
        return next((one for one in every if one.policy == self.policy.id.text), None)

    def told(self, day: int, given: GivenHousehold) -> FoundExample | None:
        """The example; None where the household as a whole is refused."""
        decision = self._decision(given, day)
        if decision is None:
            return None
        plain = {**given, "members": [{"id": one["id"], **one} for one in given["members"]]}
        del plain["id"]
        return FoundExample(labelled(self.ruleset.program, plain), to_date(day).isoformat(), _expected(decision))


def _same(one: Decision | None, other: Decision | None) -> bool:
    if one is None or other is None:
        return False
    return _outcome(one) == _outcome(other)


def _outcome(one: Decision) -> tuple[object, ...]:
    """What is to stay as it is; what is assumed counts, so that nothing is left out that is assumed then."""
    return one.status, one.amount, one.beneficiaries, one.possible_beneficiaries, one.assumed


def _expected(decision: Decision) -> dict[str, Any]:
    """What an example says of a decision."""
    found: dict[str, Any] = {"status": decision.status.value}
    amount = decision.amount
    if amount is not None:
        found["amount"] = "..".join(dict.fromkeys(map(amount.text, (amount.low, amount.high))))
    if decision.status is Status.ELIGIBLE and decision.members:
        found["beneficiaries"] = list(decision.beneficiaries)
    return found
