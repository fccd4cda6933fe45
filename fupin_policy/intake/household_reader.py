"""A household as given, read into possible values; every problem is reported with its path.

In: a program once, then mappings and dates. Out: `Household`, day numbers. Called by `ruleset`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.expressions import Level
from fupin_policy.core.household import Household, ItemList, PeriodValue, Person
from fupin_policy.core.periods import PeriodColumns
from fupin_policy.core.possible import Value
from fupin_policy.core.program import Program
from fupin_policy.core.terms import terms_of
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.household_level import FaultReport, HouseholdLevel, Kept, by_period
from fupin_policy.intake.item_lists import ListReader
from fupin_policy.intake.notation import ISO_DATE
from fupin_policy.intake.number_facts import NumberFacts
from fupin_policy.intake.partial import Slot, missing
from fupin_policy.intake.previous_result import PATH, Earlier, PreviousResult, read_previous
from fupin_policy.intake.scalars import Unreadable, read_id, shown


class Intake:
    """Reads households for one program. Safe to share between threads."""

    __slots__ = (
        "_all",
        "_assumes",
        "_household",
        "_least",
        "_lists",
        "_member",
        "_member_numbers",
        "_most",
        "_numbers",
        "_program",
        "_village",
        "periods",
    )

    def __init__(self, program: Program) -> None:
        self._program = program
        self._least, self._most = program.min_members, program.max_members
        self._all: dict[str, FactDecl] = {key: fact for fact in program.facts for key in fact.called}
        # worked out for the first name that is no fact's, and once
        terms = cache(partial(terms_of, program))
        own, inner = program.household_inputs, program.member_inputs
        # one tuple for both, as what is not given is known by being the very value that stands in it
        unknown = missing(own)
        self._household = HouseholdLevel(program, "household", own, unknown, self._all, terms)
        self._village = HouseholdLevel(program, "village", own, unknown, self._all, terms)
        self._member = HouseholdLevel(program, "member", inner, missing(inner), self._all, terms)
        self._numbers, self._member_numbers = NumberFacts(program, "household"), NumberFacts(program, "member")
        self._lists = {
            owner: [ListReader.of(program, one, self._all, terms) for one in program.lists_of(owner)]
            for owner in ("household", "member")
        }
        self.periods = PeriodColumns.of(program.facts, own, inner)
        self._assumes = any(one.absent is not None for one in program.facts) or any(
            one.empty is not None for one in program.lists
        )

    def read(
        self,
        data: Mapping[str, Any],
        as_of: int,
        reporter: Reporter,
        assume: bool = True,
        previous: Earlier = None,
        continues: bool = False,
    ) -> Household | None:
        """The household, or None if something was reported. Facts of the past reach up to the day `as_of`.

        What is not given is as the earlier result `previous` says, where its fact asks for that; else unknown, or what
        its fact declares for that case if `assume` is true. Months after the last one that is given are unknown, or as
        that one if it `continues`.
        """
        report = FaultReport(reporter)
        if not isinstance(data, Mapping):
            report("H001", "household")
            return None
        facts = list(self._household.unknown)
        own_numbers = self._numbers.fill(data, as_of)
        kept: Kept = {}
        data = own_numbers.data
        self._household.fill(data, facts, kept, "", report)
        self._read_village(kept, facts, report)
        self._household.settle(data, facts, as_of, "", report)
        own = self._id(kept, "id", "H002", report)
        of_members = self._member_numbers.members(kept, as_of)
        members, given = self._read_members(kept, as_of, report)
        lists = self._lists_in("household", kept, "", as_of, report)
        if report.failed:
            return None
        derived = (*[(None, name) for name in own_numbers.derived], *of_members)
        months = (*by_period(kept, None), *given) if self.periods.any else ()
        household = Household(
            own, tuple(facts), members, by_period=months, derived=derived, continues=continues, lists=lists
        )
        household = self.periods.as_of(household, as_of)
        earlier = None
        if previous is not None:
            earlier = read_previous(previous, self._program, as_of, own, reporter)
            report.failed = earlier is None
        if earlier is not None or (assume and self._assumes):
            household = self._completed(household, data, kept, assume, earlier, report)
        return None if report.failed else household

    def _completed(
        self,
        household: Household,
        data: Mapping[str, Any],
        kept: Kept,
        assume: bool,
        earlier: PreviousResult | None,
        report: FaultReport,
    ) -> Household:
        """The household with what an earlier result says, or its facts declare, where nothing is given."""
        village, listed = (kept.get(key, ("", None))[1] or () for key in ("village", "members"))

        def before(slot: Slot, member: str | None = None) -> tuple[Value, ...] | None:
            if earlier is None or slot.fact.previous is None:
                return None
            try:
                return slot.values(earlier.value(slot, member))
            except Unreadable as error:
                report.faults(f"{PATH}.{slot.fact.label}", error.faults)
                return None

        facts = self._household.completed(data, household.facts, assume, before)
        facts = self._village.completed(village or {}, facts, assume, before)
        lists = self._with_assumed("household", data, household.lists, assume)
        members = tuple(
            [
                Person(
                    one.id,
                    self._member.completed(given, one.facts, assume, partial(before, member=one.id)),
                    self._with_assumed("member", given, one.lists, assume),
                )
                for one, given in zip(household.members, listed, strict=True)
            ]
        )
        if (facts, members, lists) == (household.facts, household.members, household.lists):
            return household
        day = None if earlier is None else earlier.day
        given_as = household.given or household
        return replace(household, facts=facts, members=members, lists=lists, given=given_as, previous=day)

    def _lists_in(self, owner: Level, kept: Kept, path: str, as_of: int, report: FaultReport) -> tuple[ItemList, ...]:
        readers = self._lists[owner]
        return tuple([one.read(kept, path, as_of, report) for one in readers]) if readers else ()

    def _with_assumed(
        self, owner: Level, data: Mapping[Any, Any], lists: tuple[ItemList, ...], assume: bool
    ) -> tuple[ItemList, ...]:
        pairs = zip(self._lists[owner], lists, strict=True)
        return tuple([reader.completed(data, known, assume) for reader, known in pairs])

    def _read_village(self, kept: Kept, facts: list[Value], report: FaultReport) -> None:
        key, given = kept.get("village", ("village", None))
        if given is None or given == "":
            given = {}
        if not isinstance(given, Mapping):
            report("H010", key, given=shown(given))
            return
        self._village.fill(given, facts, kept, f"{key}.", report)
        self._village.check_required(given, f"{key}.", report)

    def _read_members(
        self, kept: Kept, as_of: int, report: FaultReport
    ) -> tuple[tuple[Person, ...], tuple[PeriodValue, ...]]:
        key, listed = kept.get("members", ("members", None))
        if listed is None or listed == "":
            listed = ()
        if not isinstance(listed, list | tuple):
            report("H005", key, given=shown(listed))
            return (), ()
        if not listed and self._least > 0:
            report("H004", key)
        elif not self._least <= len(listed) <= self._most:
            report("H006", key, count=len(listed), low=self._least, high=self._most)
        seen: dict[str, str] = {}
        persons: list[Person] = []
        months: list[PeriodValue] = []
        for index, given in enumerate(listed[: self._most]):
            of_member: Kept = {}
            person = self._read_member(given, of_member, f"{key}[{index}]", as_of, report)
            if person is None:
                continue
            if self.periods.any:
                months += by_period(of_member, len(persons))
            if person.id in seen:
                report("H009", f"{key}[{index}]", id=shown(person.id), first=seen[person.id])
            elif person.id:
                seen[person.id] = f"{key}[{index}]"
            persons.append(person)
        return tuple(persons), tuple(months)

    def _read_member(self, given: object, kept: Kept, path: str, as_of: int, report: FaultReport) -> Person | None:
        if not isinstance(given, Mapping):
            report("H007", path, given=shown(given))
            return None
        level = self._member
        facts = list(level.unknown)
        level.fill(given, facts, kept, f"{path}.", report)
        level.settle(given, facts, as_of, f"{path}.", report)
        lists = self._lists_in("member", kept, f"{path}.", as_of, report)
        return Person(self._id(kept, f"{path}.id", "H008", report), tuple(facts), lists)

    def _id(self, kept: Kept, path: str, absent: str, report: FaultReport) -> str:
        found = kept.get("id", ("", None))[1]
        if found is None or (isinstance(found, str) and not found.strip()):
            report(absent, path)
            return ""
        try:
            return read_id(found)
        except Unreadable as error:
            report.faults(path, error.faults)
            return ""


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
