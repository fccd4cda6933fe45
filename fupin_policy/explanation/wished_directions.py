"""In which direction a fact may be advised to change, so that a person could want it.

In: a worksheet of a household, a day. Out: `Wishes`. Called by `advice`. Of a fact for which benefits `never_rise`
nobody is told that it should rise, of one for which they `never_fall` nobody that it should fall; and the money of a
child is no matter of advice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.expressions import AsOf, DateDiff, Fact, Period, walk
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.item_facts import words_in_list
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.core.types import Number, Unit
from fupin_policy.evaluators.incremental import Worksheet
from fupin_policy.explanation.search_domains import Position, value_at

OF_WORKING_AGE = 16
"""Years from which on a person may work (Labour Law of China, article 15)."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """The facts of a household, and which members are surely children."""

    household: Household
    facts: dict[str, FactDecl]
    lists: dict[str, Bilingual]
    """What each list is called."""
    children: frozenset[int]
    money: Unit | None

    @classmethod
    def of(cls, sheet: Worksheet, day: int) -> Wishes:
        """The wishes for a household on a day."""
        program = sheet.net.snapshot.program
        born = _births(sheet.net.snapshot)
        young = frozenset(
            number
            for number, person in enumerate(sheet.household.members)
            for at, column in enumerate(program.member_inputs)
            if column.id in born and _years(person.facts[at], day) < OF_WORKING_AGE
        )
        lists = {one.name: one.words for one in program.lists}
        return cls(sheet.household, {fact.name: fact for fact in program.facts}, lists, young, _money(program))

    def reach(self, place: Position) -> Value:
        """What the fact may be advised to be; as it is now where nothing else can be wanted."""
        now, whole = value_at(self.household, place), possible.top(place.column.type)
        fact = self._fact(place)
        if self._of_a_child(place):
            return now
        if fact.benefits is None or not isinstance(now, tuple) or not isinstance(whole, tuple):
            return whole
        return (whole[0], now[1]) if fact.benefits == "never_rise" else (now[0], whole[1])

    def unwanted(self, places: Iterable[Position]) -> tuple[Bilingual, ...]:
        """For each fact that is not free to change as it might: how it would have to."""
        found = []
        for place in places:
            fact = self._fact(place)
            if self.reach(place) == possible.top(place.column.type):
                continue
            if self._of_a_child(place):
                zh, en = "有变", "otherwise"
            else:
                zh, en = ("更多", "higher") if fact.benefits == "never_rise" else ("更少", "lower")
            whose = "" if place.member is None else self.household.members[place.member].id
            words = self._words(place)
            found.append(
                Bilingual(
                    f"{whose} 的「{words.zh}」{zh}" if whose else f"「{words.zh}」{zh}",
                    f'{whose}\'s "{words.en}" were {en}' if whose else f'"{words.en}" were {en}',
                )
            )
        return tuple(found)

    def _words(self, place: Position) -> Bilingual:
        fact, item = self._fact(place), place.item
        words = Bilingual(fact.label, fact.words.en)
        if item is None or item.number is None:
            return words
        return words_in_list(self.lists[item.list], item.number, words)

    def _fact(self, place: Position) -> FactDecl:
        return self.facts[place.column.id.fact]

    def _of_a_child(self, place: Position) -> bool:
        type_ = place.column.type
        if place.member not in self.children or not isinstance(type_, Number):
            return False
        return type_.unit == self.money or self._fact(place).benefits is not None


def _money(program: Program) -> Unit | None:
    """The unit that amounts are in, if the ruleset has any."""
    types = (one.type for one in program.definitions if one.id.part == "payable")
    return next((type_.unit for type_ in types if isinstance(type_, Number)), None)


def _births(snapshot: Snapshot) -> frozenset[InputId]:
    """The dates from which rules count years of age up to the day asked about."""
    program = snapshot.program
    past = {fact.name for fact in program.facts if fact.past and fact.level == "member"}
    nodes = (node for definition in snapshot.definitions for node in walk(definition.expr))
    return frozenset(
        node.start.input
        for node in nodes
        if isinstance(node, DateDiff) and node.period is Period.YEARS
        if isinstance(node.start, Fact) and node.start.input.fact in past and isinstance(node.end, AsOf)
    )


def _years(born: Value, day: int) -> int:
    """The most years that somebody may be old."""
    return possible.date_diff(Period.YEARS, cast(Interval, born), (day, day))[1]
