"""Values worth trying for a fact: those at which some rule turns, and those on either side of them.

In: a fact, the definitions that may rest on it, a day. Out: values as they are given. Called by `household_moves`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.expressions import Const, walk
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Dated
from fupin_policy.core.types import Code, Day, Number
from fupin_policy.intake.serializer import exact

MAX_VALUES = 48
"""How many values are tried for one fact at most."""
_AGES = range(1, 131)
"""Numbers in rules that may be ages in years."""
_USUAL_AGE = 40


@dataclass(frozen=True, slots=True)
class NearValues:
    """The numbers and days that stand in some definitions, on a day."""

    program: Program
    day: int
    numbers: tuple[tuple[Number, int], ...]
    days: tuple[int, ...]

    @classmethod
    def of(cls, program: Program, definitions: Iterable[Dated], day: int) -> NearValues:
        """Those of definitions as they stand on a day."""
        nodes = chain.from_iterable(walk(one.expr) for one in definitions)
        found = dict.fromkeys((node.type, node.value) for node in nodes if isinstance(node, Const))
        numbers = dict.fromkeys(
            (Number(kind.unit, kind.scale, 0, 0), value) for kind, value in found if isinstance(kind, Number)
        )
        days = dict.fromkeys(value for kind, value in found if isinstance(kind, Day))
        return cls(program, day, tuple(numbers), tuple(days))

    def values(self, fact: FactDecl) -> list[Any]:
        """Values of a fact as they are given, the plainest first; none of what cannot be tried, such as texts."""
        match fact.type:
            case None:
                return []
            case Number() as kind:
                found = self._numbers(kind)
            case Day() as kind:
                found = self._days(kind, to_day(to_date(self.day)) if fact.past else kind.high)
            case Code(code_list):
                names = [one.name for one in self.program.code_lists[code_list].codes][:MAX_VALUES]
                return [[], *([name] for name in names)] if fact.kind == "codes" else names
            case _:
                return [False, True]
        given = [exact(self.program, fact.given_type, (value, value)) for value in list(found)[:MAX_VALUES]]
        return [*given, "none"] if fact.given is not None else given

    def _numbers(self, kind: Number) -> dict[int, None]:
        """The plainest, the ends, and whatever rules compare numbers of this unit with."""
        turns = (
            value * 10 ** (kind.scale - one.scale)
            if kind.scale >= one.scale
            else value // 10 ** (one.scale - kind.scale)
            for one, value in self.numbers
            if one.unit == kind.unit
        )
        near = (value + step for value in turns for step in (0, 1, -1))
        middle = (kind.low + (kind.high - kind.low) * part // 4 for part in (1, 2, 3))
        every = (max(kind.low, min(0, kind.high)), *near, kind.low, kind.high, *middle)
        return dict.fromkeys(value for value in every if kind.low <= value <= kind.high)

    def _days(self, kind: Day, latest: int) -> dict[int, None]:
        """A usual age, the days on which somebody comes to be of an age in the rules, and the rules' own days."""
        ages = dict.fromkeys(
            value // 10**one.scale for one, value in self.numbers if one.scale >= 0 and value // 10**one.scale in _AGES
        )
        turns = chain(self._before(ages), self.days, (self.day,))
        near = (value + step for value in turns for step in (0, 1, -1))
        every = (*self._before([_USUAL_AGE]), *near, kind.low, latest)
        return dict.fromkeys(value for value in every if kind.low <= value <= min(kind.high, latest))

    def _before(self, years: Iterable[int]) -> Iterator[int]:
        on = to_date(self.day)
        for one in years:
            if on.year > one:
                yield to_day(on.replace(year=on.year - one, day=min(on.day, 28)))
