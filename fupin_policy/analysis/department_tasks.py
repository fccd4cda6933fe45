"""A department's whole list on a day: duties, targets and policies that it leads or has a part in.

In: a program, a day, a department's name. Out: `Task`s. Called by the command line and the pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from fupin_policy.analysis.clause_accounts import every_policy, every_target
from fupin_policy.core.bilingual import Bilingual, level_words
from fupin_policy.core.days import Validity, to_date, to_day
from fupin_policy.core.json_data import json_of, json_parts
from fupin_policy.core.program import Program
from fupin_policy.core.registers import ClauseRef, Department, Duty, Target
from fupin_policy.decisions.judgements import deadline_of, period_end
from fupin_policy.decisions.responsibility import name_on, names_of, organisations
from fupin_policy.diagnostics import UnknownNameError


@dataclass(frozen=True, slots=True)
class Task:
    """Something in force that bodies answer for. `due`: the next day by which it is to be done, if there is one.

    `opens` is the day from which it can be done in its period, where only some days of the year are for it.
    """

    kind: Literal["policy", "target", "duty"]
    id: str
    title: Bilingual
    whom: Bilingual
    due: date | None
    opens: date | None
    each: str | None
    lead: tuple[Bilingual, ...]
    cooperating: tuple[Bilingual, ...]
    basis: tuple[ClauseRef, ...]

    def as_json(self) -> dict[str, Any]:
        """The task as plain data."""
        bodies = {"lead": [words.zh for words in self.lead], "cooperating": [words.zh for words in self.cooperating]}
        return {
            **json_parts(self, "kind", "id"),
            "title": self.title.zh,
            "for": self.whom.zh,
            **json_parts(self, "due", "opens", "each"),
            "departments": bodies,
            "basis": json_of(self.basis),
        }


def tasks(program: Program, day: int) -> tuple[Task, ...]:
    """All that is in force on a day (since 1970-01-01): duties, then targets, then policies."""
    found = [_duty(program, duty, day) for duty in program.duties if duty.validity.covers(day)]
    found += [_target(program, target, day) for target in every_target(program) if target.validity.covers(day)]
    for policy in every_policy(program):
        version = next((v for v in policy.versions if v.validity.covers(day)), None)
        if version is not None:
            whom = level_words(policy.level)
            who = _bodies(program, version.lead, version.cooperating, version.function, day)
            found.append(Task("policy", policy.id, policy.title, whom, None, None, None, *who, version.basis))
    return tuple(found)


def of_department(program: Program, department: str, day: int) -> tuple[Task, ...]:
    """The tasks that a body has a part in on a day; `department` is its id or any name that it has or had.

    A former body's name gives what its successors have taken over from it. Raises UnknownNameError for no such body.
    """
    asked = [one for one in program.departments.values() if department == one.id or department in _names(one)]
    if not asked:
        raise UnknownNameError.among("N105", "department", department, known_names(program))
    names = {name_on(one, day) for one in asked}
    return tuple(task for task in tasks(program, day) if names & {*task.lead, *task.cooperating})


def known_names(program: Program) -> tuple[str, ...]:
    """Every name that a body has or had."""
    return tuple(name for department in program.departments.values() for name in _names(department))


def _names(department: Department) -> tuple[str, ...]:
    return tuple(word for dated in department.names for word in (dated.name.zh, dated.name.en))


def _duty(program: Program, duty: Duty, day: int) -> Task:
    opens, due = _dates(duty, day)
    who = _bodies(program, duty.lead, duty.cooperating, duty.function, day)
    whom = duty.whom or Bilingual("", "")
    return Task("duty", duty.id, duty.title, whom, due, opens, duty.each, *who, duty.basis)


def _target(program: Program, target: Target, day: int) -> Task:
    who = _bodies(program, target.lead, target.cooperating, target.function, day)
    deadline = deadline_of(target, day)
    due = None if deadline is None else to_date(deadline)
    whom = level_words(target.level)
    return Task("target", target.id, target.title, whom, due, None, target.each, *who, target.basis)


def _dates(duty: Duty, day: int) -> tuple[date | None, date | None]:
    """From when and by when a duty is to be done next."""
    if duty.within is not None:
        return _within(duty.within, duty.validity, day)
    if duty.each is not None:
        return None, to_date(min(period_end(duty.each, day), duty.validity.end - 1))
    return None, None if duty.by is None else to_date(duty.by)


def _within(
    within: tuple[tuple[int, int], tuple[int, int]], validity: Validity, day: int
) -> tuple[date | None, date | None]:
    year = to_date(day).year
    for opens, due in ((date(y, *within[0]), date(y, *within[1])) for y in (year, year + 1)):
        if day <= to_day(due) and validity.covers(to_day(due)):
            return opens, due
    return None, None


def _bodies(
    program: Program, lead: Iterable[str], cooperating: Iterable[str], function: str | None, day: int
) -> tuple[tuple[Bilingual, ...], tuple[Bilingual, ...]]:
    return (
        names_of(organisations(program, lead, function, day)),
        names_of(organisations(program, cooperating, function, day)),
    )
