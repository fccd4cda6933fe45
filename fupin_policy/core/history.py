"""Every definition over all days: its expression on each stretch of days on which that stays the same.

In: a `Program`. Out: `Definition`s without parameters. Called by `evaluators.wasm`.
A definition is looked at only on days on which something beneath it changes, so that many policies of many versions
take what is written, and not its product with the breakpoints of all others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from fupin_policy.core.days import Validity
from fupin_policy.core.dependencies import references
from fupin_policy.core.expressions import Const, Expr, Parameter, Ref, walk
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.narrowing import narrowed
from fupin_policy.core.program import Definition, Program
from fupin_policy.core.snapshot import dated, days_of

Versions = tuple[tuple[Validity, Expr], ...]


def definitions_over_time(program: Program, roots: Iterable[DefinitionId]) -> tuple[Definition, ...]:
    """Some definitions and all that they rest on, in order of dependency.

    Their versions are dated expressions, on those days only on which a root rests on them.
    """
    roots = tuple(roots)
    closure = program.evaluated_dependencies.closure(roots)
    changes = change_days(program)
    written: dict[DefinitionId, _Dated] = {}
    whole: dict[DefinitionId, Versions] = {}
    for one in program.evaluated:
        if one.id in closure:
            written[one.id] = _Dated.of(program, one, changes[one.id])
            whole[one.id] = _versions(program, one.id, sorted(changes[one.id]), written)
    needed: dict[DefinitionId, list[Validity]] = {root: [program.covers] for root in roots}
    found: list[Definition] = []
    for one in reversed([one for one in program.evaluated if one.id in whole]):
        versions = _within(whole[one.id], _joined(needed.get(one.id, [])))
        for validity, expr in versions:
            for node in references(expr):
                if isinstance(node, Ref):
                    needed.setdefault(node.definition, []).append(validity)
        if versions:
            found.append(replace(one, versions=versions, absent=None))
    return tuple(reversed(found))


def change_days(program: Program) -> dict[DefinitionId, frozenset[int]]:
    """By definition the covered days on which it, or something that it rests on, may change, the first day included."""
    found: dict[DefinitionId, frozenset[int]] = {}
    for one in program.evaluated:
        below = [found[name] for name in program.evaluated_dependencies.named(one.id)]
        found[one.id] = frozenset(_own_days(program, one)).union(*below)
    return found


def _own_days(program: Program, definition: Definition) -> list[int]:
    """The same, of what it says itself."""
    validities = [validity for validity, _ in definition.versions]
    for node in program.evaluated_dependencies.direct[definition.id]:
        if isinstance(node, Parameter):
            validities += [value.validity for value in program.parameters[node.name].values]
    return sorted(days_of(program, validities))


@dataclass(frozen=True, slots=True)
class _Dated:
    """A definition without parameters, as it is written, from each of some days on."""

    days: Sequence[int]
    exprs: Sequence[Expr]

    @classmethod
    def of(cls, program: Program, definition: Definition, changes: Iterable[int]) -> _Dated:
        """A use of a parameter is worked out from others, and so changes when they do."""
        days = sorted(changes) if definition.id.part == "use" else _own_days(program, definition)
        return cls(days, [dated(program, definition, day).expr for day in days])

    def on(self, day: int) -> Expr:
        return self.exprs[bisect_right(self.days, day) - 1]


def _versions(
    program: Program, name: DefinitionId, days: Sequence[int], written: Mapping[DefinitionId, _Dated]
) -> Versions:
    """A definition as narrow as what it rests on allows, each expression once for as long as it holds."""
    below = program.evaluated_dependencies.closure([name])
    found: list[tuple[Validity, Expr]] = []
    for start, end in pairwise([*days, program.covers.end]):
        exprs = {one: written[one].on(start) for one in below}
        ((_, expr),) = narrowed(exprs, [name])
        if found and found[-1][1] == expr and _sources(found[-1][1]) == _sources(expr):
            start, expr = found[-1][0].start, found.pop()[1]
        found.append((Validity(start, end), expr))
    return tuple(found)


def _sources(expr: Expr) -> list[Parameter | None]:
    """Of which parameters the numbers of an expression are the values: those of two may be alike on some days only."""
    return [node.source for node in walk(expr) if isinstance(node, Const)]


def _joined(stretches: Iterable[Validity]) -> list[Validity]:
    """The days that lie in any of some stretches, as stretches that do not touch."""
    found: list[Validity] = []
    for one in sorted(stretches, key=lambda one: one.start):
        if found and one.start <= found[-1].end:
            found[-1] = Validity(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found


def _within(versions: Versions, stretches: Iterable[Validity]) -> Versions:
    """What holds of versions on some days."""
    pieces = (
        (Validity(max(days.start, one.start), min(days.end, one.end)), expr)
        for days in stretches
        for one, expr in versions
    )
    return tuple((validity, expr) for validity, expr in pieces if validity.start < validity.end)
