"""Who answers for something on a day: the bodies in being, by succession of names and of functions.

In: a program, ids of departments, a day. Out: names. Called by `rule_metadata`, `targets` and `analysis`.
That responsibility follows the function when bodies are reorganised is 安发〔2018〕31号 20.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.program import Program
from fupin_policy.core.registers import Department

Office = Callable[[Department], Bilingual | None]
"""The office of the place at hand that a department stands for (各镇街区), where it is known."""


def in_being(program: Program, department: str, function: str | None, day: int) -> Department:
    """The department that has a function on a day: the one named, or whoever took the function over."""
    found, passed = program.departments[department], {department}
    while function is not None:
        heir = next((m.to for m in found.moved if m.function == function and m.validity.covers(day)), None)
        if heir is None or heir in passed or heir not in program.departments:
            return found
        found = program.departments[heir]
        passed.add(heir)
    return found


def name_on(department: Department, day: int) -> Bilingual:
    """What a body is called on a day; its last name where no name covers the day."""
    named = [dated.name for dated in department.names if dated.validity.covers(day)]
    return named[0] if named else department.names[-1].name


def organisations(
    program: Program, departments: Iterable[str], function: str | None, day: int, office: Office
) -> tuple[Bilingual, ...]:
    """The names on a day of all who answer, each once, in the order given."""
    found = (in_being(program, name, function, day) for name in departments)
    return tuple(dict.fromkeys(office(one) or name_on(one, day) for one in found))
