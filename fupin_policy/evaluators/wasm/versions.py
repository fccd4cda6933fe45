"""What a module holds of each definition: one expression for all versions that differ by numbers only.

In: definitions with their dated expressions. Out: `CompiledDefinition`s, and what is picked by date. Called by
`module`. Where two versions have another number in the same place, it becomes a `Parameter`: a value picked by date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from fupin_policy.core.days import Validity
from fupin_policy.core.expressions import Cases, Clamp, Const, Expr, Level, Max, Min, Parameter, Unknown, children
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Definition
from fupin_policy.core.rewriting import rewrite
from fupin_policy.core.types import Day, Number, Truth, Type
from fupin_policy.evaluators.wasm.lookup import lookup_of

Steps = tuple[tuple[int, int], ...]
"""A value from each day on; the first holds before, too."""
NumberName = tuple[str, int | None]
"""What a dated number is called: a parameter and its key, or a place in a definition."""


@dataclass(frozen=True, slots=True)
class CompiledDefinition:
    """A definition with its distinct versions. `pick` says which holds from which day on, None where one always does.

    On days on which nothing rests on it `pick` is the number after the last version's.
    """

    id: DefinitionId
    level: Level
    type: Type
    versions: tuple[Expr, ...]
    pick: Steps | None


@dataclass(frozen=True, slots=True)
class CompiledVersions:
    """Definitions in order of dependency, and the values of the dated numbers that stand in them."""

    definitions: tuple[CompiledDefinition, ...]
    values: dict[NumberName, Steps]

    @property
    def steps(self) -> tuple[Steps, ...]:
        """All that is picked by date, each once."""
        picks = (one.pick for one in self.definitions if one.pick is not None)
        return tuple(dict.fromkeys((*picks, *self.values.values())))


def compiled_versions(definitions: Iterable[Definition], covers: Validity) -> CompiledVersions:
    """What a module holds of definitions over the days that are covered."""
    values: dict[NumberName, dict[int, int]] = {}
    found = [_compiled(one, covers, values) for one in definitions]
    return CompiledVersions(tuple(found), {name: _steps(known) for name, known in values.items()})


def _compiled(definition: Definition, covers: Validity, values: dict[NumberName, dict[int, int]]) -> CompiledDefinition:
    groups: dict[object, list[tuple[Validity, Expr]]] = {}
    written = definition.versions
    if len(written) > 1:
        written = tuple((validity, rewrite(expr, _apart)) for validity, expr in written)
    for validity, expr in written:
        groups.setdefault(_shape(expr, False), []).append((validity, expr))
    picks = {covers.start: len(groups)}
    versions: list[Expr] = []
    numbers = {id(expr): number for number, group in enumerate(groups.values()) for _, expr in group}
    for validity, expr in written:
        picks[validity.start] = numbers[id(expr)]
        if validity.end < covers.end:
            picks[validity.end] = len(groups)
    for number, group in enumerate(groups.values()):
        common = _Common(f"{definition.id}/{number}", [validity.start for validity, _ in group], values)
        versions.append(common.of([expr for _, expr in group]))
    steps = _steps(picks)
    pick = None if len(steps) == 1 else steps
    return CompiledDefinition(definition.id, definition.level, definition.type, tuple(versions), pick)


def _steps(known: dict[int, int]) -> Steps:
    found: list[tuple[int, int]] = []
    for day in sorted(known):
        if not found or found[-1][1] != known[day]:
            found.append((day, known[day]))
    return tuple(found)


def _apart(expr: Expr) -> Expr:
    """A number kept within ends that may differ from version to version: the ends as numbers that stand in the tree."""
    if not isinstance(expr, Clamp) or not isinstance(expr.arg.type, Number):
        return expr
    kept, type_ = expr.arg, expr.type
    if expr.arg.type.high > expr.high:
        kept = Min((kept, Const(expr.high, replace(type_, low=expr.high, high=expr.high))), type_)
    if expr.arg.type.low < expr.low:
        kept = Max((kept, Const(expr.low, replace(type_, low=expr.low, high=expr.low))), type_)
    return kept


def _shape(expr: Expr, exact: bool) -> object:
    """What two expressions have in common that differ by numbers only; `exact`: by nothing.

    The rows of a long table are data, and truths are folded: both belong to the shape.
    """
    match expr:
        case Const(value, type_):
            return (Const, _kind(type_), value if exact or isinstance(type_, Truth) else None)
        case Unknown():
            return (Unknown, expr.parameter, expr.type)
        case Cases() if not exact and lookup_of(expr) is not None:
            exact = True
    own = tuple(_kind(value) for value in _own(expr) if type(value) is not tuple and not isinstance(value, Expr))
    return (type(expr), own, *(_shape(part, exact) for part in children(expr)))


def _own(expr: Expr) -> list[Any]:
    return [getattr(expr, one.name) for one in fields(expr) if one.compare]


def _kind(value: object) -> object:
    """A type without its range, or whatever else a node says of itself."""
    return replace(value, low=0, high=0) if isinstance(value, Number | Day) else value


@dataclass(slots=True)
class _Common:
    """Makes one expression of several of one shape. `days` are those from which each holds."""

    name: str
    days: Sequence[int]
    values: dict[NumberName, dict[int, int]]
    numbered: int = 0

    def of(self, exprs: Sequence[Expr]) -> Expr:
        first = exprs[0]
        if all(one is first for one in exprs):
            return first
        if isinstance(first, Const):
            return self._number([one for one in exprs if isinstance(one, Const)])
        names = [one.name for one in fields(first) if one.compare]
        return replace(first, **{name: self._part([getattr(one, name) for one in exprs]) for name in names})

    def _part(self, parts: Sequence[Any]) -> Any:
        first = parts[0]
        if isinstance(first, Expr):
            return self.of(parts)
        if type(first) is tuple:
            return tuple(self._part(some) for some in zip(*parts, strict=True))
        return _hull(parts) if isinstance(first, Number | Day) else first

    def _number(self, consts: Sequence[Const]) -> Expr:
        type_ = _hull([one.type for one in consts])
        if len({one.value for one in consts}) == 1:
            return replace(consts[0], type=type_)
        names = {None if one.source is None else (one.source.name, one.source.key) for one in consts}
        name = names.pop()
        if names or name is None:
            name = (self.name, self.numbered)
            self.numbered += 1
        known = self.values.setdefault(name, {})
        known.update(zip(self.days, (one.value for one in consts), strict=True))
        return Parameter(name[0], name[1], type_)


def _hull(types: Sequence[Type]) -> Type:
    """The type of what may be of any of some types, which differ by their ranges only."""
    first = types[0]
    if not isinstance(first, Number | Day):
        return first
    ranges = [one for one in types if isinstance(one, Number | Day)]
    return replace(first, low=min(one.low for one in ranges), high=max(one.high for one in ranges))
