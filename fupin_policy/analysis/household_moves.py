"""Households one step from another: a fact with another value, a member or an item more or less.

In: a household as it is given, by English names. Out: further such households. Called by `example_search`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fupin_policy.analysis.given_values import NearValues
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.program import Program

GivenHousehold = Mapping[str, Any]
MAX_MEMBERS, MAX_ITEMS = 3, 2
"""How many members or items a household is given at most, to keep examples small."""


@dataclass(frozen=True, slots=True)
class HouseholdMoves:
    """The facts that may be changed, by level, with their values; the plainest comes first."""

    program: Program
    values: Mapping[str, Mapping[str, Sequence[Any]]]

    @classmethod
    def of(cls, program: Program, facts: Sequence[FactDecl], turns: NearValues) -> HouseholdMoves:
        """Those of some facts. Facts of months, numbers of identity and what these tell keep their values."""
        beside = {fact.given for fact in program.facts}
        found: dict[str, dict[str, Sequence[Any]]] = {}
        for fact in facts:
            fixed = fact.series is not None or fact.number is not None or fact.tells_of is not None
            values = [] if fixed or fact.name in beside else turns.values(fact)
            if values:
                found.setdefault(fact.level, {})[fact.name] = values
        return cls(program, found)

    def plain(self, given: GivenHousehold) -> GivenHousehold:
        """A household with the plainest value of every fact that it lacks."""
        members = given.get("members") or [self._member(given, 1)]
        filled = [{**self._plainest("member"), **one} for one in members]
        whole = {**self._plainest("household"), **given, "members": filled}
        if "village" in self.values:
            whole["village"] = {**self._plainest("village"), **given.get("village", {})}
        return whole

    def steps(self, given: GivenHousehold) -> Iterator[GivenHousehold]:
        """Every household that is one step away."""
        yield from self._of_level(given, "household", lambda changed: changed)
        if "village" in self.values:
            village = given.get("village", {})
            yield from self._of_level(village, "village", lambda changed: {**given, "village": changed})
        members = list(given["members"])
        for at, member in enumerate(members):
            yield from self._of_level(member, "member", self._putting(given, members, at))
        if len(members) < min(MAX_MEMBERS, self.program.max_members):
            yield {**given, "members": [*members, self._member(given, len(members) + 1)]}
        if len(members) > max(1, self.program.min_members):
            yield {**given, "members": members[:-1]}

    def without(self, given: GivenHousehold) -> Iterator[GivenHousehold]:
        """The household with one thing less, whatever that is."""
        members = list(given["members"])
        if len(members) > max(1, self.program.min_members):
            yield from ({**given, "members": [*members[:at], *members[at + 1 :]]} for at in range(len(members)))
        for name in given:
            if name not in ("id", "members"):
                yield {key: value for key, value in given.items() if key != name}
        for at, member in enumerate(members):
            put = self._putting(given, members, at)
            yield from (put({k: v for k, v in member.items() if k != name}) for name in member if name != "id")

    def _putting(
        self, given: GivenHousehold, members: Sequence[GivenHousehold], at: int
    ) -> Callable[[GivenHousehold], GivenHousehold]:
        return lambda changed: {**given, "members": [*members[:at], changed, *members[at + 1 :]]}

    def _of_level(
        self, given: GivenHousehold, level: str, put: Callable[[GivenHousehold], GivenHousehold]
    ) -> Iterator[GivenHousehold]:
        for name, values in self.values.get(level, {}).items():
            yield from (put({**given, name: value}) for value in values if given.get(name) != value)
        for declared in self.program.lists_of(level):
            if declared.name not in self.values:
                continue
            items = given.get(declared.name)
            items = items if isinstance(items, list) else []
            for at, item in enumerate(items):
                for changed in self._of_level(item, declared.name, lambda one: one):
                    yield put({**given, declared.name: [*items[:at], changed, *items[at + 1 :]]})
            if len(items) < min(MAX_ITEMS, declared.most):
                yield put({**given, declared.name: [*items, self._plainest(declared.name)]})
            if items:
                yield put({**given, declared.name: items[:-1]})

    def _plainest(self, level: str) -> dict[str, Any]:
        found = {name: values[0] for name, values in self.values.get(level, {}).items()}
        lists = [one.name for one in self.program.lists_of(level) if one.name in self.values]
        return {**found, **{name: [] for name in lists}}

    def _member(self, given: GivenHousehold, number: int) -> dict[str, Any]:
        taken = {one.get("id") for one in given.get("members", ())}
        name = next(one for one in (f"m{at}" for at in range(number, number + len(taken) + 1)) if one not in taken)
        return {"id": name, **self._plainest("member")}
