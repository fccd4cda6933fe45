"""The things of a ruleset by any of their names.

In: a program, and a name as somebody writes it. Out: the thing, or an error with the name that was perhaps meant.
Called by `ruleset`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from fupin_policy.core.declarations import FactDecl, ParameterDecl
from fupin_policy.core.policies import Policy
from fupin_policy.core.program import Program
from fupin_policy.core.registers import Clause, ClauseRef, Department
from fupin_policy.diagnostics import UnknownNameError

T = TypeVar("T")


class KnownNames(dict[str, T]):
    """What is known by its names; another name raises UnknownNameError with a diagnostic's code."""

    __slots__ = ("_code", "_where")

    def __init__(self, code: str, where: str, things: Mapping[str, T]) -> None:
        super().__init__(things)
        self._code, self._where = code, where

    def __missing__(self, name: str) -> T:
        raise UnknownNameError.among(self._code, self._where, name, self)


def policy_named(program: Program, name: str) -> Policy:
    """A policy by its id or title. Raises UnknownNameError."""
    id_ = KnownNames("N104", "policy", program.policy_names)[name]
    return next(one for one in program.policies if one.id == id_)


def fact_named(program: Program, name: str) -> FactDecl:
    """A fact by its name, its label in either language, or an alias. Raises UnknownNameError."""
    known = {word: one for one in reversed(program.facts) for word in (*one.aliases, *one.words.both)}
    return KnownNames("N115", "fact", known | {one.name: one for one in program.facts})[name]


def parameter_named(program: Program, name: str) -> ParameterDecl:
    """A parameter by its name or its label in either language. Raises UnknownNameError."""
    known = {word: one for one in program.parameters.values() for word in one.words.both}
    return KnownNames("N103", "parameter", known | {**program.parameters})[name]


def department_named(program: Program, name: str) -> Department:
    """A department by its id or any name that it has or had. Raises UnknownNameError."""
    every = program.departments.values()
    known = {word: one for one in every for dated in one.names for word in dated.name.both}
    return KnownNames("N105", "department", known | {**program.departments})[name]


def clause_named(program: Program, name: str | ClauseRef) -> Clause:
    """A registered clause, named `anfa-2018-31 4.2` or as a decision's `basis` does. Raises UnknownNameError."""
    source, _, clause = (name.source, "", name.clause) if isinstance(name, ClauseRef) else name.partition(" ")
    declared = KnownNames("N106", "clause", program.sources)[source]
    if clause not in declared.clauses:
        raise UnknownNameError.among("N107", "clause", clause, declared.clauses, source=source, clause=clause)
    return declared.clauses[clause]
