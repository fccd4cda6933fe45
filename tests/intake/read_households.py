"""Reading data as households of the small program. In: data. Out: a household, problems. Called by the tests here."""

from __future__ import annotations

from datetime import date
from typing import Any

from programs import PROGRAM

from fupin_policy.core.days import to_day
from fupin_policy.core.household import Household
from fupin_policy.diagnostics import Diagnostic, Reporter, render
from fupin_policy.intake import Intake

AS_OF = to_day(date(2019, 6, 30))
INTAKE = Intake(PROGRAM)
OWN = {one.name: index for index, one in enumerate(PROGRAM.household_inputs)}
MEMBER = {one.name: index for index, one in enumerate(PROGRAM.member_inputs)}


def read(data: Any, as_of: int = AS_OF, intake: Intake = INTAKE) -> tuple[Household | None, tuple[Diagnostic, ...]]:
    """The household, or none, and all that is said of it."""
    reporter = Reporter()
    household = intake.read(data, as_of, reporter)
    assert (household is None) == bool(reporter.errors)
    return household, reporter.diagnostics


def member(**facts: Any) -> dict[str, Any]:
    """Data of a household with one member, of whom these facts are given."""
    return {"id": "h1", "members": [{"id": "m1", **facts}]}


def value(name: str, raw: Any) -> Any:
    """The value of a member's fact, read twice: fresh, and from what is remembered."""
    intake = Intake(PROGRAM)
    for _ in range(2):
        household, problems = read(member(**{name: raw}), intake=intake)
        assert household is not None, [render(problem) for problem in problems]
        found = household.members[0].facts[MEMBER[name]]
    return found


def faults(data: Any) -> list[tuple[str, str | None]]:
    """Each problem's code and place."""
    _, problems = read(data)
    for problem in problems:
        assert render(problem)
    return [(problem.code, problem.path) for problem in problems]


def fault(raw: Any, name: str) -> str:
    """The code of the one problem with a member's fact, at its place."""
    found = faults(member(**{name: raw}))
    assert len(found) == 1
    assert found[0][1] is not None
    assert found[0][1].startswith(f"members[0].{name}")
    return found[0][0]


def days(first: str, last: str | None = None) -> tuple[int, int]:
    """A range of days."""
    return (to_day(date.fromisoformat(first)), to_day(date.fromisoformat(last or first)))
