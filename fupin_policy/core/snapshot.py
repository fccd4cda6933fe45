"""A program on a date: one version of each policy, one value of each parameter, one name of each department.

In: a `Program` and a day. Out: a `Snapshot`, which is all that a backend reads. Called by `ruleset` and `evaluators`.
Between two breakpoints the snapshot is the same, but for the date itself, which stays an input (`AsOf`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise

from fupin_policy.core.days import Validity
from fupin_policy.core.declarations import DatedValue
from fupin_policy.core.dependencies import Dependencies
from fupin_policy.core.expressions import Clamp, Const, Expr, Level, Parameter, Unknown, walk
from fupin_policy.core.folding import folded
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.narrowing import narrowed
from fupin_policy.core.policies import Policy, PolicyVersion
from fupin_policy.core.program import Definition, Program
from fupin_policy.core.rewriting import rewrite
from fupin_policy.core.types import Type


@dataclass(frozen=True, slots=True)
class Dated:
    """A definition as it stands on the snapshot's days: no parameters are left in `expr`."""

    id: DefinitionId
    level: Level
    type: Type
    expr: Expr


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy on the snapshot's days. `version` is None where it is not in force: the outcome is then false.

    `outcome` and `payable` are ids of definitions. The sets name the parameters behind each that no source states.
    """

    policy: Policy
    version: PolicyVersion | None
    outcome: DefinitionId
    payable: DefinitionId | None
    provisional_outcome: frozenset[str]
    provisional_amount: frozenset[str]
    provisional_beneficiary: frozenset[str] = frozenset()
    provisional_answering: frozenset[str] = frozenset()


@dataclass(frozen=True)  # without slots, for the cached property
class Snapshot:
    """What holds from one breakpoint to the next. Definitions stand in order of dependency."""

    program: Program
    validity: Validity
    definitions: tuple[Dated, ...]
    rules: tuple[Rule, ...]
    in_force: Dependencies
    """What definitions rest on, parameters included, on these days."""

    @cached_property
    def dependencies(self) -> Dependencies:
        """What definitions rest on, on these days."""
        return Dependencies.of((one.id, [one.expr]) for one in self.definitions)

    @cached_property
    def as_written(self) -> tuple[Dated, ...]:
        """The definitions as they are written: what people read, with nothing narrowed or worked out beforehand."""
        return tuple(
            _resolved(self.program, definition, self.validity.start) for definition in self.program.definitions
        )

    @cached_property
    def as_bounded(self) -> tuple[Dated, ...]:
        """The definitions as they are written, but with values kept within what their conditions leave."""
        exprs = {one.id: one.expr for one in self.as_written}
        narrow = dict(narrowed(exprs, exprs, collects=False))
        return tuple(replace(one, expr=narrow[one.id]) for one in self.as_written)

    @cached_property
    def same_as_bounded(self) -> frozenset[DefinitionId]:
        """The definitions of which both are the same: what is evaluated, and what `as_bounded` has."""
        own = {one.id: one.expr for one in self.definitions}
        return frozenset(one.id for one in self.as_bounded if one.id in own and _same(one.expr, own[one.id]))

    def provisional(self, definition: DefinitionId) -> frozenset[str]:
        """The parameters behind a definition that no source states on these days."""
        return provisional_on(self.program, self.in_force, definition, self.validity.start)

    def needed(self, roots: Iterable[DefinitionId]) -> tuple[Dated, ...]:
        """Some definitions and all that they rest on, in order of dependency."""
        closure = self.dependencies.closure(self.program.with_left_open(roots))
        return tuple(one for one in self.definitions if one.id in closure)


def breakpoints(program: Program) -> tuple[int, ...]:
    """The days within the program's cover on which something in the ruleset changes, the first day included."""
    validities = [validity for definition in program.definitions for validity, _ in definition.versions]
    validities += [value.validity for parameter in program.parameters.values() for value in parameter.values]
    validities += [name.validity for department in program.departments.values() for name in department.names]
    validities += [move.validity for department in program.departments.values() for move in department.moved]
    validities += [version.validity for policy in program.policies for version in policy.versions]
    return tuple(sorted(days_of(program, validities)))


def days_of(program: Program, validities: Iterable[Validity]) -> frozenset[int]:
    """The covered days on which one of some stretches begins or has ended, and the first day that is covered."""
    found = {edge for validity in validities for edge in (validity.start, validity.end)}
    return frozenset({program.covers.start} | {edge for edge in found if program.covers.covers(edge)})


def stretch(program: Program, day: int) -> Validity:
    """The stretch between two breakpoints in which a covered day lies."""
    days = [*breakpoints(program), program.covers.end]
    start = max(edge for edge in days if edge <= day)
    return Validity(start, min(edge for edge in days if edge > day))


def stretches_after(program: Program, policy: Policy, day: int) -> tuple[Validity, ...]:
    """The stretches after a day, up to the end of what the program covers, in each of which a policy stays the same."""
    roots = [policy.outcome]
    definitions = program.dependencies.closure(roots)
    validities = [validity for one in program.definitions if one.id in definitions for validity, _ in one.versions]
    for name in program.dependencies.parameters(roots):
        validities += [value.validity for value in program.parameters[name].values]
    days = {edge for validity in validities for edge in (validity.start, validity.end)}
    end = program.covers.end
    starts = [day + 1, *sorted(edge for edge in days if day + 1 < edge < end)]
    return tuple(Validity(*pair) for pair in zip(starts, [*starts[1:], end], strict=True) if pair[0] < pair[1])


def snapshots(program: Program) -> tuple[Snapshot, ...]:
    """The program on each stretch between two breakpoints, in order of time."""
    return tuple(_over(program, Validity(*ends)) for ends in pairwise([*breakpoints(program), program.covers.end]))


def snapshot(program: Program, day: int) -> Snapshot:
    """The program as it stands on a day that it covers."""
    return _over(program, stretch(program, day))


def _over(program: Program, validity: Validity) -> Snapshot:
    definitions = tuple(dated(program, definition, validity.start) for definition in program.evaluated)
    below = in_force_on(program.definitions, validity.start)
    rules = tuple(rule_on(program, policy, below, validity.start) for policy in program.policies)
    exprs = {one.id: one.expr for one in definitions}
    narrow = dict(narrowed(exprs, exprs))
    return Snapshot(program, validity, tuple(replace(one, expr=narrow[one.id]) for one in definitions), rules, below)


def provisional_on(program: Program, in_force: Dependencies, definition: DefinitionId, day: int) -> frozenset[str]:
    """The parameters behind a definition that no source states on a day, their values or how they are worked out."""
    used = (one.parameter for one in in_force.closure([definition]))
    names = in_force.parameters([definition]).union(name for name in used if name is not None)
    behind = {name: program.parameters[name].values for name in names}
    return frozenset(
        name
        for name, values in behind.items()
        if any(value.validity.covers(day) and value.standing != "enacted" for value in values)
    )


def value_on(program: Program, parameter: str, key: int | None, day: int) -> DatedValue | None:
    """The value, or the formula, of a parameter in force on a day in a row, if it has one."""
    return program.parameters[parameter].on(key, day)


def _in_force(definition: Definition, day: int) -> Expr:
    for validity, expr in definition.versions:
        if validity.covers(day):
            return expr
    if definition.absent is None:
        raise AssertionError(f"{definition.id} has no version on day {day}")
    return Const(definition.absent, definition.type)


def dated(program: Program, definition: Definition, day: int) -> Dated:
    """A definition on a day: its parameters' values stand in their place, and what can be worked out is."""
    found = _resolved(program, definition, day)
    if definition.id.part != "use":
        return found
    # what a scale makes of a number is a rule's own, and stays as it is written
    used = partial(_used, program, day)
    return replace(found, expr=folded(found.expr, used, definition.use is None))


def _used(program: Program, day: int, use: DefinitionId) -> Expr:
    return dated(program, program.uses[use], day).expr


def _resolved(program: Program, definition: Definition, day: int) -> Dated:
    """A definition on a day, as it is written but for its parameters, in whose place their values stand."""

    def resolve(node: Expr) -> Expr:
        if not isinstance(node, Parameter):
            return node
        known = value_on(program, node.name, node.key, day)
        if known is None:
            return Unknown(node.name, node.type, node.span, node)
        return Const(known.values[node.key], node.type, node.span, node)

    expr = rewrite(_in_force(definition, day), resolve)
    return Dated(definition.id, definition.level, definition.type, expr)


def written(expr: Expr) -> Expr:
    """A dated expression as it was written: its parameters in place of their values, and nothing narrowed."""

    def again(node: Expr) -> Expr:
        match node:
            case Const(source=Parameter() as source) | Unknown(source=Parameter() as source):
                return source
            case Clamp(arg):
                return arg
            case _:
                return node

    return rewrite(expr, again)


def _same(one: Expr, other: Expr) -> bool:
    """Whether two expressions are equal, and so are the parameters of which they have the values."""

    def sources(expr: Expr) -> list[tuple[Parameter | None, bool]]:
        leaves = (node for node in walk(expr) if isinstance(node, Const | Unknown))
        return [(leaf.source, isinstance(leaf, Const) and leaf.origin is not None) for leaf in leaves]

    return one == other and sources(one) == sources(other)


def in_force_on(definitions: Iterable[Definition], day: int) -> Dependencies:
    """What definitions rest on, parameters included, by those of their versions that are in force on a day."""
    return Dependencies.of((one.id, [_in_force(one, day)]) for one in definitions)


def rule_on(program: Program, policy: Policy, in_force: Dependencies, day: int) -> Rule:
    """The rule of a policy on a day, by what its definitions in force rest on."""

    payable = policy.payable if policy.has_amount else None
    amounts = frozenset[str]() if payable is None else provisional_on(program, in_force, payable, day)
    outcome = provisional_on(program, in_force, policy.outcome, day)
    whom = provisional_on(program, in_force, policy.beneficiary, day) if policy.chooses else frozenset[str]()
    bodies = provisional_on(program, in_force, policy.answering, day) if policy.answers else frozenset[str]()
    return Rule(policy, policy.version_on(day), policy.outcome, payable, outcome, amounts, whom, bodies)
