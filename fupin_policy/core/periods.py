"""Facts by month or year: how months and years are counted and called, and a household's values as of a day.

In: a program once, then households and days. Out: households whose inputs are the values of the months before that
day. Called by `intake`, `ruleset`, `timeline` and all who name such an input.
A household keeps what it was given by absolute months, so that it can be looked at on another day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity, to_date, to_day
from fupin_policy.core.declarations import Each, FactDecl, Input, Series
from fupin_policy.core.expressions import AsOf, Expr, Fact
from fupin_policy.core.household import Household, changed
from fupin_policy.core.possible import Value, top
from fupin_policy.core.snapshot import Snapshot

_INPUT = re.compile(r"(.+)@(?:0|-(\d+))")
_MONTHS = 12


def of_series(name: str) -> tuple[str, int] | None:
    """Of an input's name (`wage@-3`) the series, and how many months or years ago; None if it is no such input."""
    found = _INPUT.fullmatch(name)
    return None if found is None else (found[1], int(found[2] or 0))


def looks_at_date(node: Expr) -> bool:
    """Whether a node itself is another on another day: the day asked about, or a value of a month or year."""
    return isinstance(node, AsOf) or (isinstance(node, Fact) and of_series(node.input.fact) is not None)


def period_of(each: Each, day: int) -> int:
    """The number of the month or year in which a day lies: months are counted from the year 0."""
    on = to_date(day)
    return on.year if each == "year" else _MONTHS * on.year + on.month - 1


def period_text(each: Each, number: int) -> str:
    """`2019-05`, or `2019`."""
    return f"{number:04}" if each == "year" else f"{number // _MONTHS:04}-{number % _MONTHS + 1:02}"


def period_on(series: Series, ago: int, day: int) -> str:
    """Which month or year the value of a series is of, so long before a day: `2019-05`."""
    return period_text(series.each, period_of(series.each, day) - ago)


def named_on(fact: FactDecl, day: int | None) -> tuple[str, Bilingual]:
    """A fact's name, and what people call it, when it is looked at on a day: `wage 2019-05`, 工资 2019-05."""
    series = fact.series
    if series is None or day is None:
        return fact.name, fact.words
    period = period_on(series, fact.ago, day)
    return f"{series.name} {period}", Bilingual(f"{series.words.zh} {period}", f"{series.words.en} {period}")


def facts_on(snapshot: Snapshot, day: int) -> Snapshot:
    """The snapshot with its facts called as they are when looked at on a day; for those who put things in words."""
    program = snapshot.program
    if all(fact.series is None for fact in program.facts):
        return snapshot
    words = ((fact, named_on(fact, day)[1]) for fact in program.facts)
    facts = tuple(replace(fact, label=said.zh, label_en=said.en) for fact, said in words)
    return replace(snapshot, program=replace(program, facts=facts))


def cut(stretches: Iterable[Validity], edges: Iterable[int]) -> tuple[Validity, ...]:
    """Stretches of days, each ended where one of some days lies in it."""
    days = sorted(edges)
    found = []
    for one in stretches:
        starts = [one.start, *(day for day in days if one.start < day < one.end)]
        found += [Validity(*pair) for pair in zip(starts, [*starts[1:], one.end], strict=True)]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Column:
    """An input that is the value of a series so long ago, and what it is where that is not given."""

    at: int
    series: Series
    ago: int
    unknown: Value


@dataclass(frozen=True, slots=True)
class PeriodColumns:
    """The inputs of a program that are values of months or years: of the household, and of its members."""

    own: tuple[_Column, ...]
    inner: tuple[_Column, ...]

    @property
    def any(self) -> bool:
        """Whether there are such inputs."""
        return bool(self.own or self.inner)

    @staticmethod
    def of(facts: Iterable[FactDecl], own: Iterable[Input], inner: Iterable[Input]) -> PeriodColumns:
        """Those among the inputs of households and of members."""
        declared = {fact.name: fact for fact in facts if fact.series is not None}

        def among(inputs: Iterable[Input]) -> tuple[_Column, ...]:
            found = ((at, one, declared.get(one.name)) for at, one in enumerate(inputs))
            return tuple(
                _Column(at, fact.series, fact.ago, top(one.type))
                for at, one, fact in found
                if fact is not None and fact.series is not None
            )

        return PeriodColumns(among(own), among(inner))

    def as_of(self, household: Household, day: int) -> Household:
        """The household with the values of the months and years up to a day; what is not given is unknown."""
        if household.as_of == day or not self.any:
            return household
        household = replace(household, as_of=day, given=household.given and replace(household.given, as_of=day))
        known: dict[tuple[int | None, str], dict[int | None, Value]] = {}
        for one in household.by_period:
            known.setdefault((one.member, one.series), {})[one.period] = one.value
        found, bare = [], []
        members = range(len(household.members))
        for member, columns in ((None, self.own), *((at, self.inner) for at in members)):
            for column in columns:
                values = known.get((member, column.series.name), {})
                period = period_of(column.series.each, day) - column.ago
                value = values.get(period, values.get(None, column.unknown))
                bare.append((member, column.at, value))
                found.append((member, column.at, _continued(values, period, value) if household.continues else value))
        shown = changed(household, bare)
        return shown if found == bare else replace(changed(shown, found), given=shown.given or shown)

    def breakpoints(self, household: Household, first: int, last: int) -> list[int]:
        """The days after the first, up to the last, on which a month or year begins and its values may be others."""
        columns = {(one.series.name, one.series.each): one.series.back for one in (*self.own, *self.inner)}
        found: set[int] = set()
        for (name, each), back in columns.items():
            given = [one.period for one in household.by_period if one.series == name and one.period is not None]
            for period in range(period_of(each, first) + 1, max(given, default=0) + back + 2):
                found.add(first_day(each, period))
        return sorted(day for day in found if first < day <= last)


def first_day(each: Each, number: int) -> int:
    """The day on which a month or year begins."""
    year, month = (number, 0) if each == "year" else divmod(number, _MONTHS)
    return to_day(date(year, month + 1, 1))


def _continued(values: Mapping[int | None, Value], period: int, value: Value) -> Value:
    """A value, or the last one that is given where the period lies after all that are."""
    given = [one for one in values if one is not None]
    return values[max(given)] if None not in values and given and max(given) < period else value
