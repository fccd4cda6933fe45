"""Facts to ask or assumed, and what rests on each: of several members on one line, and months in a row of one fact.

In: facts one by one, each with what rests on it. Out: names such as `m1、m2.工资 2019-03 至 2019-05`.
Called by `answer`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from fupin_policy.core.missing import Missing
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.wording import comma_list

_MONTHS = 12
_PERIOD = re.compile(r"\d{4}(-\d\d)?")


@dataclass(slots=True)
class _Fact:
    """A fact by what it is called without its month or year, what is told behind it, whose it is, what rests on it."""

    name: str
    period: str
    value: str
    members: dict[str, None] = field(default_factory=dict)
    titles: dict[str, None] = field(default_factory=dict)

    @property
    def alike(self) -> tuple[object, ...]:
        """What is the same of all months that may be told on one line; a fact of no month stands alone."""
        parts = self.name, self.value, tuple(self.members), tuple(self.titles), "-" in self.period
        return parts if self.period else (id(self),)

    @property
    def number(self) -> int:
        """Which month or year it is of, counted on."""
        year, _, month = self.period.partition("-")
        return int(year) * _MONTHS + int(month) if month else int(year or 0)


class OpenedFacts:
    """Facts, of several members together, and what rests on each."""

    __slots__ = ("_found", "_lang")

    def __init__(self, lang: Lang) -> None:
        self._lang = lang
        self._found: dict[str, _Fact] = {}

    def add(self, fact: Missing, value: str, title: str) -> None:
        """That something rests on a fact, and on its value where that is said."""
        # a fact of a month or year is named with it, behind a blank; a parameter as of a day has a blank, too
        name, behind = replace(fact, member=None).said(self._lang), fact.fact.partition(" ")[2]
        period = behind if _PERIOD.fullmatch(behind) else ""
        found = self._found.setdefault(name + value, _Fact(name.removesuffix(f" {period}"), period, value))
        found.members |= {} if fact.member is None else {fact.member: None}
        found.titles[title] = None

    def told(self) -> Iterator[tuple[str, list[str]]]:
        """`m1、m2.在校=否`, with the titles; in the order in which facts were added, months in that of the calendar."""
        groups: dict[tuple[object, ...], list[_Fact]] = {}
        for one in self._found.values():
            groups.setdefault(one.alike, []).append(one)
        for some in groups.values():
            for first, last in _in_a_row(some):
                members = f"{comma_list(first.members, self._lang)}." if first.members else ""
                yield members + self._name(first, last) + first.value, list(first.titles)

    def _name(self, first: _Fact, last: _Fact) -> str:
        if first is last:
            return " ".join(part for part in (first.name, first.period) if part)
        until = "至" if self._lang == "zh" else "to"
        return f"{first.name} {first.period} {until} {last.period}"


def _in_a_row(facts: Iterable[_Fact]) -> Iterator[tuple[_Fact, _Fact]]:
    """The first and the last of each stretch of months or years without a gap."""
    first, *rest = sorted(facts, key=lambda one: one.number)
    last = first
    for one in rest:
        if one.number > last.number + 1:
            yield first, last
            first = one
        last = one
    yield first, last
