"""Whether a value is the same at each value of the running fact, whatever the unknown facts turn out to be.

In: a definition, a scope with a stretch. Out: yes, or not proven. Called by `segments`, for the steps between segments.
Two equal ranges do not say so: `x 或 非 x` is open on both sides of a threshold, and may be other values each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from fupin_policy.core import possible
from fupin_policy.core.expressions import Cases, Expr, Fact, Members, Ref, children
from fupin_policy.core.possible import FALSE, TRUE
from fupin_policy.core.types import Code, Truth, Type
from fupin_policy.evaluators.affine import AbstractValue, AffineScope, Ends, Pair, abstract_value
from fupin_policy.evaluators.affine_bounds import known


@dataclass(frozen=True, slots=True)
class Steady:
    """Asks it of definitions and expressions, of each definition once.

    `scope` has the definitions run over its stretch; `resting` are the expressions of those that rest on the fact.
    """

    scope: AffineScope
    resting: Mapping[str, Expr]
    known: dict[tuple[str, int | None], bool] = field(default_factory=dict)

    def definition(self, name: str, member: int | None) -> bool:
        """Whether a definition's value is, for a member or for the household."""
        expr, asked = self.resting.get(name), (name, member)
        if expr is not None and asked not in self.known:
            self.known[asked] = self.expression(expr, self.scope.at(member))
        return expr is None or self.known[asked]

    def expression(self, expr: Expr, scope: AffineScope) -> bool:
        """Whether it is exact and constant, or does not rest on the running fact but through what is."""
        if _exact(expr.type, abstract_value(expr, scope)):
            return True
        match expr:
            case Fact(name, level):
                member = scope.member if level == "member" else None
                return (name, member) != (scope.running.name, scope.running.member)
            case Ref(definition, level):
                return self.definition(definition, scope.member if level == "member" else None)
            case Members(_, where, value, default):
                views = [scope.at(index) for index in range(len(scope.people))]
                asked = [one for one in (where, value) if one is not None]
                own = default is None or self.expression(default, scope.at(None))
                return own and all(self.expression(one, view) for view in views for one in asked)
            case Cases():
                return all(self.expression(one, scope) for one in _reached(expr, scope))
            case _:
                return all(self.expression(one, scope) for one in children(expr))


def _reached(expr: Cases, scope: AffineScope) -> list[Expr]:
    """The tests, and the values of the branches that may be reached."""
    found: list[Expr] = []
    for test, value in expr.branches:
        wide = cast(Pair, abstract_value(test, scope))[0]
        if wide != FALSE:
            found += [test, value]
        if wide == TRUE:
            return found
    return [*found, expr.otherwise]


def _exact(type_: Type, found: AbstractValue) -> bool:
    if isinstance(type_, Truth | Code):
        wide, narrow = cast(Pair, found)
        return wide == narrow and possible.is_singleton(type_, wide)
    low, high = cast(Ends, found)
    return known(low) is not None and known(low) == known(high)
