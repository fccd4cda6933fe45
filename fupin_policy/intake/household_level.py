"""The keys that one place of a household takes (its own, its village's, a member's), and their values in their columns.

In: a level of a program once, then mappings. Out: possible values by column. Called by `household_reader`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from fupin_policy.core.days import DAY_MIN, to_date
from fupin_policy.core.declarations import FactDecl, Input
from fupin_policy.core.expressions import Level
from fupin_policy.core.household import PeriodValue
from fupin_policy.core.periods import of_series
from fupin_policy.core.possible import UNKNOWN, Interval, Value
from fupin_policy.core.program import Program
from fupin_policy.core.types import Day
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.notation import LIMITS, MISPLACED, RESERVED
from fupin_policy.intake.partial import ReadValue, Slot, slot
from fupin_policy.intake.period_values import SeriesSlot
from fupin_policy.intake.scalars import Fault, Unreadable, nearest, shown

FAILED: Interval = (DAY_MIN, DAY_MIN - 1)
"""Stands in the column of a value that was refused, so that a second one is noticed."""

KeyTarget = tuple[int, Mapping[type, dict[Any, Any]], Slot | SeriesSlot | str]
"""Where a key's value goes (-1: not one column), what was read before, and the slot or the reserved key."""

Kept = dict[str, tuple[str, Any]]
"""By reserved key: the key as written, and what stands there; by a series' first input what was read of it."""


class FaultReport:
    """One reading's faults on their way to the reporter."""

    __slots__ = ("failed", "reporter", "suggestions")

    def __init__(self, reporter: Reporter) -> None:
        self.reporter = reporter
        self.failed = False
        self.suggestions = 0

    def __call__(self, code: str, path: str, suggestion: str | None = None, **args: object) -> None:
        self.failed = True
        self.reporter.report(code, path, suggestion=suggestion, **args)

    def faults(self, path: str, faults: tuple[Fault, ...]) -> None:
        """Report a value's faults below its path."""
        for fault in faults:
            self(fault.code, path + fault.below, fault.suggestion, **dict(fault.args))

    def suggest(self, word: str, known: Mapping[str, object]) -> str | None:
        """A near word; not for more than some words of a reading, as each takes time."""
        self.suggestions += 1
        return nearest(word, known) if self.suggestions <= LIMITS["suggestions"] else None


class HouseholdLevel:
    """The keys that are accepted in one place of a household, and what they mean."""

    __slots__ = ("_all", "_dates", "_entries", "_lists", "_past", "_required", "_taken", "_terms", "unknown")

    def __init__(
        self,
        program: Program,
        level: Level,
        inputs: tuple[Input, ...],
        unknown: tuple[Value, ...],
        every: Mapping[str, FactDecl],
        terms: Callable[[], Mapping[str, list[str]]],
    ) -> None:
        self.unknown = unknown
        self._terms = terms
        self._all = every
        self._entries: dict[object, KeyTarget] = {}
        self._required: list[Slot] = []
        self._taken: list[tuple[frozenset[str], Slot, tuple[Value, ...] | None]] = []
        self._dates = {fact.given: fact for fact in program.facts if fact.given is not None}
        for fact in program.facts:
            if fact.level == level and fact.ago == 0:
                self._add(slot(fact, inputs, program.code_lists))
        reserved = dict(RESERVED.get(level, {}))
        self._lists = {one.name: one for one in program.lists}
        reserved |= {key: one.name for one in program.lists_of(level) for key in one.keys}
        if level in program.identifiers and level != "village":
            reserved.setdefault(program.identifiers[level], "id")
        for key, meaning in reserved.items():
            self._entries[key] = (-1, {}, meaning)
        self._past = [
            (index, one.type.low, one.name)
            for index, one in enumerate(inputs)
            if one.past and isinstance(one.type, Day) and level != "village"
        ]

    def _add(self, found: Slot) -> None:
        if found.fact.series is not None:
            target = SeriesSlot(found.fact.series, found.read)
            self._entries |= {key: (-1, {}, target) for key in found.fact.called}
            return
        single = found.fact.kind != "codes" and len(found.columns) == 1 and not self._shared(found)
        entry: KeyTarget = (found.columns[0], found.caches, found) if single else (-1, {}, found)
        for key in found.fact.keys:
            self._entries[key] = entry
        if found.fact.required:
            self._required.append(found)
        absent = found.fact.absent
        if (absent is not None or found.fact.previous is not None) and found.columns:
            # a date that may be none is given where it is said whether there is one, and the other way round
            names = {
                found.fact.name,
                found.fact.given,
                *(one.name for one in [self._dates.get(found.fact.name)] if one),
            }
            keys = frozenset(key for name in names if name is not None for key in self._all[name].keys)
            self._taken.append((keys, found, None if absent is None else found.values(absent.value)))

    def _shared(self, found: Slot) -> bool:
        """Whether two facts say of one day whether there is one: the date that may be none, and the truth beside it."""
        return found.fact.given is not None or found.fact.name in self._dates

    def completed(
        self,
        data: Mapping[Any, Any],
        facts: tuple[Value, ...],
        assume: bool,
        before: Callable[[Slot], tuple[Value, ...] | None],
    ) -> tuple[Value, ...]:
        """The facts with what was before, or else is declared if `assume` is true, for those that are not given."""
        found: list[Value] | None = None
        given = {key for key, raw in data.items() if is_given(raw)}
        for keys, target, declared in self._taken:
            if not keys.isdisjoint(given):
                continue
            values = before(target) or (declared if assume else None)
            if values is not None:
                found = list(facts) if found is None else found
                for column, value in zip(target.columns, values, strict=True):
                    found[column] = value
        return facts if found is None else tuple(found)

    def fill(self, data: Mapping[Any, Any], facts: list[Value], kept: Kept, path: str, report: FaultReport) -> None:
        """Put every value given into its column, and what stands under reserved keys into `kept`."""
        entries, unknown = self._entries, self.unknown
        for key, raw in data.items():
            entry = entries.get(key)
            if entry is None:
                self._report_unknown(key, path, report)
                continue
            column, caches, target = entry
            cache = caches.get(raw.__class__)
            value = None if cache is None else cache.get(raw)
            if value is not None:
                if facts[column] is not unknown[column]:
                    self._report_twice(key, data, path, report)
                facts[column] = value
            elif raw is not None:
                self._fill_slowly(key, raw, target, data, facts, kept, path, report)

    def _fill_slowly(
        self,
        key: str,
        raw: Any,
        target: Slot | SeriesSlot | str,
        data: Mapping[Any, Any],
        facts: list[Value],
        kept: Kept,
        path: str,
        report: FaultReport,
    ) -> None:
        if isinstance(target, str):
            if target in kept:
                report("H015", f"{path}{key}", name=shown(key), other=shown(kept[target][0]))
            kept.setdefault(target, (key, raw))
            return
        if raw.__class__ is str and not raw.strip():
            return
        if isinstance(target, SeriesSlot):
            self._keep_series(key, raw, target, data, kept, path, report)
            return
        columns, unknown = target.columns, self.unknown
        noted = not columns or self._shared(target)
        if target.fact.name in kept if noted else any(facts[column] is not unknown[column] for column in columns):
            self._report_twice(key, data, path, report)
        value = _read(target, raw, unknown, path, key, report)
        if noted:
            kept[target.fact.name] = (key, raw)
        values = (FAILED,) * len(columns) if value is None else target.values(value)
        if self._shared(target) and value is not None:
            values = (*values[:-1], self._meet(facts[columns[-1]], values[-1], f"{path}{key}", target.fact, report))
        for column, one in zip(columns, values, strict=True):
            facts[column] = unknown[column] if one == unknown[column] else one

    def _meet(self, known: Value, said: Value, path: str, fact: FactDecl, report: FaultReport) -> Value:
        """Whether there is a day, of which two facts tell."""
        if known in (UNKNOWN, FAILED):
            return said
        if said not in (known, UNKNOWN):
            report("H038", path, name=fact.label)
        return known

    def settle(self, data: Mapping[Any, Any], facts: list[Value], as_of: int, path: str, report: FaultReport) -> None:
        """Bring facts of the past down to `as_of`, and ask for what is required."""
        for column, earliest, name in self._past:
            low, high = cast(Interval, facts[column])
            if high <= as_of:
                continue
            if low <= as_of:
                facts[column] = (low, as_of)
            elif earliest <= as_of or facts[column] is not self.unknown[column]:
                self._report_late(name, data, path, low, as_of, report)
        if self._required:
            self.check_required(data, path, report)

    def check_required(self, data: Mapping[Any, Any], path: str, report: FaultReport) -> None:
        """Report every required fact that is not given."""
        for found in self._required:
            if not any(is_given(data.get(key)) for key in found.fact.keys):
                report("H016", f"{path}{found.fact.label}", name=found.fact.label)

    def _keep_series(
        self,
        key: str,
        raw: Any,
        target: SeriesSlot,
        data: Mapping[Any, Any],
        kept: Kept,
        path: str,
        report: FaultReport,
    ) -> None:
        """Read what is given of a fact by month or year."""
        name = target.series.input(0)
        if name in kept:
            self._report_twice(key, data, path, report)
        try:
            kept[name] = (key, (target.series.name, target.read(raw)))
        except Unreadable as error:
            report.faults(f"{path}{key}", error.faults)

    def _report_late(
        self, name: str, data: Mapping[Any, Any], path: str, low: int, as_of: int, report: FaultReport
    ) -> None:
        fact = self._all[name]
        where = path if fact.level != "village" else "village."
        key = next((key for key in fact.keys if key in data), fact.label)
        report("H028", f"{where}{key}", given=to_date(low), as_of=to_date(as_of))

    def _report_twice(self, key: str, data: Mapping[Any, Any], path: str, report: FaultReport) -> None:
        fact = self._all[key]
        first = next((other for other in data if other in fact.called and is_given(data[other])), key)
        report("H015", f"{path}{key}", name=shown(key), other=shown(first))

    def _report_unknown(self, key: object, path: str, report: FaultReport) -> None:
        name = shown(key)
        elsewhere = self._all.get(key) if isinstance(key, str) else None
        if elsewhere is not None and elsewhere.level in self._lists:
            one = self._lists[elsewhere.level].words
            report("H099", f"{path}{name}", name=name, list=one.zh, list_en=one.en)
            return
        if elsewhere is not None:
            report(MISPLACED[elsewhere.level], f"{path}{name}", name=name)
            return
        facts = self._terms().get(key) if isinstance(key, str) else None
        if facts is not None:
            report("N131", f"{path}{name}", name=name, facts=facts or "-")
            return
        known = {word: None for word in self._entries if isinstance(word, str)}
        report("H011", f"{path}{name}", report.suggest(name, known), name=name)


def _read(
    target: Slot, raw: object, unknown: tuple[Value, ...], path: str, key: str, report: FaultReport
) -> ReadValue | None:
    cache = target.caches.get(raw.__class__)
    value = None if cache is None else cache.get(raw)
    if value is not None:
        return value
    try:
        value = target.read(raw)
    except Unreadable as error:
        report.faults(f"{path}{key}", error.faults)
        return None
    fact = target.fact
    if fact.required and not target.exact(value):
        report("H037", f"{path}{key}", name=fact.label)
        return None
    for column in target.columns:
        if value == unknown[column]:
            value = unknown[column]  # what says nothing is as if it were not given
    target.remember(raw, value)
    return value


def by_period(kept: Kept, member: int | None) -> Iterator[PeriodValue]:
    """What was read of facts by month or year."""
    for name, (_, found) in kept.items():
        if of_series(name) is not None:
            series, values = found
            yield from (PeriodValue(member, series, period, value) for period, value in values.items())


def is_given(raw: object) -> bool:
    """Whether anything is said: blanks say nothing."""
    return raw is not None and not (isinstance(raw, str) and not raw.strip())
