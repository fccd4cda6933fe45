"""Readings of the law that are left open: each definition that rests on some is what it may be under any option.

In: definitions as they are written, and the open readings. Out: the definitions that are evaluated. Called by
`Program`, so that every backend has one form. By plain possible values `(读法.X = 甲 且 A) 或 (读法.X = 乙 且 A)` would
stay open although A holds: both uses of a reading mean the same option.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

from fupin_policy.core.days import ALWAYS
from fupin_policy.core.dependencies import references
from fupin_policy.core.expressions import And, Cases, Const, Expr, Never, OneOf, Parameter, Ref
from fupin_policy.core.identifiers import DefinitionId, Taken
from fupin_policy.core.rewriting import rewrite
from fupin_policy.core.types import Code

if TYPE_CHECKING:
    from fupin_policy.core.program import Definition

MOST = 64
"""How many combinations of options are told apart in one definition; readings past that stay open in each of them."""


def opened(definitions: Iterable[Definition], readings: Mapping[str, Code]) -> tuple[Definition, ...]:
    """The definitions, in order of dependency, with one for each combination of options that others rest on.

    What a definition says itself stays beside it as `left_open`, where it rests on a reading: what keeps it open is
    looked for there.
    """
    found = _Opening(readings)
    for one in definitions:
        found.add(one)
    return tuple(found.made.values())


def combinations(readings: Mapping[str, Code], names: Iterable[str]) -> int:
    """How many combinations of options some readings have."""
    count = 1
    for name in names:
        count *= readings[name].size
    return count


@dataclass(frozen=True, slots=True)
class _Opening:
    readings: Mapping[str, Code]
    written: dict[DefinitionId, Definition] = field(default_factory=dict)
    rests: dict[DefinitionId, Sequence[str]] = field(default_factory=dict)
    """By definition the open readings that it rests on, in the order of their names."""
    made: dict[DefinitionId, Definition] = field(default_factory=dict)

    def add(self, one: Definition) -> None:
        self.written[one.id] = one
        names = self.rests[one.id] = self._readings_of(one)
        if not names:
            self.made[one.id] = one
            return
        told = [name for at, name in enumerate(names) if combinations(self.readings, names[: at + 1]) <= MOST]
        every = [[(name, 1 << bit) for bit in range(self.readings[name].size)] for name in told]
        branches = tuple((self._test(taken), self._ref(one, taken)) for taken in product(*every))
        span = one.versions[0][1].span if one.versions else None
        open_ = one.id.left_open
        self.made[open_] = replace(one, id=open_)
        any_of = Cases(branches, Never(one.type), one.type, span)
        self.made[one.id] = replace(one, versions=((ALWAYS, any_of),), absent=None)

    def _readings_of(self, one: Definition) -> Sequence[str]:
        names: set[str] = set()
        for node in references(*(expr for _, expr in one.versions)):
            match node:
                case Parameter(name) if name in self.readings:
                    names.add(name)
                case Ref(definition):
                    names.update(self.rests[definition])
        return sorted(names)

    def _test(self, taken: Sequence[Taken]) -> Expr:
        """Whether these options are the ones that are taken: nobody knows."""
        tests = tuple(OneOf(Parameter(name, None, self.readings[name]), bit) for name, bit in taken)
        return tests[0] if len(tests) == 1 else And(tests)

    def _ref(self, one: Definition, taken: Sequence[Taken]) -> Ref:
        return Ref(self._under(one.id, taken), one.level, one.type)

    def _under(self, name: DefinitionId, taken: Sequence[Taken]) -> DefinitionId:
        """A definition where some options are taken; itself if it rests on none of these readings."""
        matter = tuple(one for one in taken if one[0] in self.rests[name])
        if not matter:
            return name
        clone = name._replace(taken=matter)
        if clone not in self.made:
            known = dict(matter)

            def change(node: Expr) -> Expr:
                match node:
                    case Parameter(parameter) if parameter in known:
                        return Const(known[parameter], node.type, node.span, node)
                    case Ref(definition):
                        return replace(node, definition=self._under(definition, matter))
                    case _:
                        return node

            one = self.written[name]
            versions = tuple((days, rewrite(expr, change)) for days, expr in one.versions)
            self.made[clone] = replace(one, id=clone, versions=versions)
        return clone
