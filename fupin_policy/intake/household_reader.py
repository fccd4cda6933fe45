"""A household as given, read into possible values; every problem is reported with its path.

In: a program once, then mappings and dates. Out: `Household`, day numbers. Called by `ruleset`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, partial
from typing import Any, cast

from fupin_policy.core.days import DAY_MIN, to_date, to_day
from fupin_policy.core.declarations import FactDecl, Input
from fupin_policy.core.expressions import Level
from fupin_policy.core.household import Household, Person
from fupin_policy.core.possible import UNKNOWN, Interval, Value
from fupin_policy.core.program import Program
from fupin_policy.core.terms import terms_of
from fupin_policy.core.types import Day
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.notation import ISO_DATE, LIMITS, MISPLACED, RESERVED
from fupin_policy.intake.partial import ReadValue, Slot, missing, slot
from fupin_policy.intake.scalars import Fault, Unreadable, nearest, read_id, shown

FAILED: Interval = (DAY_MIN, DAY_MIN - 1)
"""Stands in the column of a value that was refused, so that a second one is noticed."""

KeyTarget = tuple[int, Mapping[type, dict[Any, Any]], Slot | str]
"""Where a key's value goes (-1: not one column), what was read before, and the slot or the reserved key."""

Kept = dict[str, tuple[str, Any]]
"""By reserved key: the key as written, and what stands there."""


class _Report:
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


class Intake:
    """Reads households for one program. Safe to share between threads."""

    __slots__ = ("_all", "_assumes", "_household", "_least", "_member", "_most", "_village")

    def __init__(self, program: Program) -> None:
        self._least, self._most = program.min_members, program.max_members
        self._all: dict[str, FactDecl] = {key: fact for fact in program.facts for key in fact.keys}
        # worked out for the first name that is no fact's, and once
        terms = cache(partial(terms_of, program))
        own, inner = program.household_inputs, program.member_inputs
        # one tuple for both, as what is not given is known by being the very value that stands in it
        unknown = missing(own)
        self._household = _Level(program, "household", own, unknown, self._all, terms)
        self._village = _Level(program, "village", own, unknown, self._all, terms)
        self._member = _Level(program, "member", inner, missing(inner), self._all, terms)
        self._assumes = any(fact.absent is not None for fact in program.facts)

    def read(self, data: Mapping[str, Any], as_of: int, reporter: Reporter, assume: bool = True) -> Household | None:
        """The household, or None if something was reported. Facts of the past reach up to the day `as_of`.

        What is not given is unknown, or what its fact declares for that case if `assume` is true.
        """
        report = _Report(reporter)
        if not isinstance(data, Mapping):
            report("H001", "household")
            return None
        facts = list(self._household.unknown)
        kept: Kept = {}
        self._household.fill(data, facts, kept, "", report)
        self._read_village(kept, facts, report)
        self._household.settle(data, facts, as_of, "", report)
        own = self._id(kept, "id", "H002", report)
        members = self._read_members(kept, as_of, report)
        if report.failed:
            return None
        household = Household(own, tuple(facts), members)
        return self._assumed(household, data, kept) if assume and self._assumes else household

    def _assumed(self, household: Household, data: Mapping[str, Any], kept: Kept) -> Household:
        """The household with what its facts declare where nothing is given."""
        village, listed = (kept.get(key, ("", None))[1] or () for key in ("village", "members"))
        facts = self._village.assumed(village or {}, self._household.assumed(data, household.facts))
        pairs = zip(household.members, listed, strict=True)
        members = tuple([Person(one.id, self._member.assumed(given, one.facts)) for one, given in pairs])
        if facts == household.facts and members == household.members:
            return household
        return Household(household.id, facts, members, household)

    def _read_village(self, kept: Kept, facts: list[Value], report: _Report) -> None:
        key, given = kept.get("village", ("village", None))
        if given is None or given == "":
            given = {}
        if not isinstance(given, Mapping):
            report("H010", key, given=shown(given))
            return
        self._village.fill(given, facts, {}, f"{key}.", report)
        self._village.demand(given, f"{key}.", report)

    def _read_members(self, kept: Kept, as_of: int, report: _Report) -> tuple[Person, ...]:
        key, listed = kept.get("members", ("members", None))
        if listed is None or listed == "":
            listed = ()
        if not isinstance(listed, list | tuple):
            report("H005", key, given=shown(listed))
            return ()
        if not listed and self._least > 0:
            report("H004", key)
        elif not self._least <= len(listed) <= self._most:
            report("H006", key, count=len(listed), low=self._least, high=self._most)
        seen: dict[str, str] = {}
        persons = []
        for index, given in enumerate(listed[: self._most]):
            person = self._read_member(given, f"{key}[{index}]", as_of, report)
            if person is None:
                continue
            if person.id in seen:
                report("H009", f"{key}[{index}]", id=shown(person.id), first=seen[person.id])
            elif person.id:
                seen[person.id] = f"{key}[{index}]"
            persons.append(person)
        return tuple(persons)

    def _read_member(self, given: object, path: str, as_of: int, report: _Report) -> Person | None:
        if not isinstance(given, Mapping):
            report("H007", path, given=shown(given))
            return None
        level = self._member
        facts = list(level.unknown)
        kept: Kept = {}
        level.fill(given, facts, kept, f"{path}.", report)
        level.settle(given, facts, as_of, f"{path}.", report)
        return Person(self._id(kept, f"{path}.id", "H008", report), tuple(facts))

    def _id(self, kept: Kept, path: str, absent: str, report: _Report) -> str:
        found = kept.get("id", ("", None))[1]
        if found is None or (isinstance(found, str) and not found.strip()):
            report(absent, path)
            return ""
        try:
            return read_id(found)
        except Unreadable as error:
            report.faults(path, error.faults)
            return ""


class _Level:
    """The keys that are accepted in one place of a household, and what they mean."""

    __slots__ = ("_all", "_assumptions", "_dates", "_entries", "_past", "_required", "_terms", "unknown")

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
        self._assumptions: list[tuple[tuple[str, ...], tuple[tuple[int, Value], ...]]] = []
        self._dates = {fact.given: fact for fact in program.facts if fact.given is not None}
        for fact in program.facts:
            if fact.level == level:
                self._add(slot(fact, inputs, program.code_lists))
        reserved = dict(RESERVED[level])
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
        single = found.fact.kind != "codes" and len(found.columns) == 1 and not self._shared(found)
        entry: KeyTarget = (found.columns[0], found.caches, found) if single else (-1, {}, found)
        for key in found.fact.keys:
            self._entries[key] = entry
        if found.fact.required:
            self._required.append(found)
        absent = found.fact.absent
        if absent is not None and found.columns:
            values = tuple(zip(found.columns, found.values(absent.value), strict=True))
            date = self._dates.get(found.fact.name)
            self._assumptions.append((found.fact.keys + (() if date is None else date.keys), values))

    def _shared(self, found: Slot) -> bool:
        """Whether two facts say of one day whether there is one: the date that may be none, and the truth beside it."""
        return found.fact.given is not None or found.fact.name in self._dates

    def assumed(self, data: Mapping[Any, Any], facts: tuple[Value, ...]) -> tuple[Value, ...]:
        """The facts with what is declared for those that are not given."""
        found: list[Value] | None = None
        for keys, values in self._assumptions:
            if not any(_given(data.get(key)) for key in keys):
                found = list(facts) if found is None else found
                for column, value in values:
                    found[column] = value
        return facts if found is None else tuple(found)

    def fill(self, data: Mapping[Any, Any], facts: list[Value], kept: Kept, path: str, report: _Report) -> None:
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
        target: Slot | str,
        data: Mapping[Any, Any],
        facts: list[Value],
        kept: Kept,
        path: str,
        report: _Report,
    ) -> None:
        if isinstance(target, str):
            if target in kept:
                report("H015", f"{path}{key}", name=shown(key), other=shown(kept[target][0]))
            kept.setdefault(target, (key, raw))
            return
        if raw.__class__ is str and not raw.strip():
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

    def _meet(self, known: Value, said: Value, path: str, fact: FactDecl, report: _Report) -> Value:
        """Whether there is a day, of which two facts tell."""
        if known in (UNKNOWN, FAILED):
            return said
        if said not in (known, UNKNOWN):
            report("H038", path, name=fact.label)
        return known

    def settle(self, data: Mapping[Any, Any], facts: list[Value], as_of: int, path: str, report: _Report) -> None:
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
            self.demand(data, path, report)

    def demand(self, data: Mapping[Any, Any], path: str, report: _Report) -> None:
        """Report every required fact that is not given."""
        for found in self._required:
            if not any(_given(data.get(key)) for key in found.fact.keys):
                report("H016", f"{path}{found.fact.label}", name=found.fact.label)

    def _report_late(
        self, name: str, data: Mapping[Any, Any], path: str, low: int, as_of: int, report: _Report
    ) -> None:
        fact = self._all[name]
        where = path if fact.level != "village" else "village."
        key = next((key for key in fact.keys if key in data), fact.label)
        report("H028", f"{where}{key}", given=to_date(low), as_of=to_date(as_of))

    def _report_twice(self, key: str, data: Mapping[Any, Any], path: str, report: _Report) -> None:
        fact = self._all[key]
        first = next((other for other in data if other in fact.keys and _given(data[other])), key)
        report("H015", f"{path}{key}", name=shown(key), other=shown(first))

    def _report_unknown(self, key: object, path: str, report: _Report) -> None:
        name = shown(key)
        elsewhere = self._all.get(key) if isinstance(key, str) else None
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
    target: Slot, raw: object, unknown: tuple[Value, ...], path: str, key: str, report: _Report
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


def _given(raw: object) -> bool:
    return raw is not None and not (isinstance(raw, str) and not raw.strip())


def read_date(value: date | str, program: Program, reporter: Reporter) -> int | None:
    """The day asked about, or None if it was reported: not a date, or not one that the ruleset covers."""
    day = _day(value)
    first, last = program.covers.start, program.covers.end - 1
    if day is None:
        reporter.report("H040", "as_of", given=shown(value))
    elif not first <= day <= last:
        reporter.report("H041", "as_of", given=to_date(day), first=to_date(first), last=to_date(last))
    else:
        return day
    return None


def _day(value: object) -> int | None:
    if isinstance(value, datetime):
        return to_day(value.date())
    if isinstance(value, date):
        return to_day(value)
    if not isinstance(value, str) or not ISO_DATE.fullmatch(value.strip()):
        return None
    try:
        return to_day(date.fromisoformat(value.strip()))
    except ValueError:
        return None
