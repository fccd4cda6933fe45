"""Whether a value is the same at each value of the running fact, whatever the unknown facts turn out to be.

In: a definition, a scope with a stretch. Out: yes, or not proven. Called by `segments`, for the steps between segments.
Two equal ranges do not say so: `x 或 非 x` is open on both sides of a threshold, and may be other values each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from fupin_policy.core import possible
from fupin_policy.core.expressions import Cases, Expr, Fact, Gather, Items, Level, Ref, children
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.subjects import Whose, asked_of, meant, position, whose_input
from fupin_policy.core.types import Code, Truth, Type
from fupin_policy.evaluators.affine import AffineEvaluation, Running
from fupin_policy.evaluators.affine_algebra import AbstractValue, Ends, Pair
from fupin_policy.evaluators.affine_bounds import known


@dataclass(frozen=True, slots=True)
class InvarianceProof:
    """Asks it of definitions and expressions, of each definition once.

    `evaluation` has the definitions run over its stretch; `resting` are the expressions of those that rest on the fact.
    """

    evaluation: AffineEvaluation
    resting: Mapping[DefinitionId, Expr]
    known: dict[tuple[DefinitionId, Whose], bool] = field(default_factory=dict)

    def definition(self, name: DefinitionId, subject: Whose) -> bool:
        """Whether a definition's value is, for a member or for the household."""
        expr, asked = self.resting.get(name), (name, subject)
        if expr is not None and asked not in self.known:
            self.known[asked] = self.expression(expr, subject)
        return expr is None or self.known[asked]

    def expression(self, expr: Expr, subject: Whose) -> bool:
        """Whether it is exact and constant, or does not rest on the running fact but through what is."""
        if _exact(expr.type, self.evaluation.value(expr, subject)):
            return True
        match expr:
            case Fact(name, level):
                return self.evaluation.scope.running != Running(name, whose_input(level, meant(expr, subject)))
            case Ref(definition, level):
                return self.definition(definition, self._whose(level, meant(expr, subject)))
            case Items(_, where, value, default):
                asked, asker = [part for part in (where, value) if part is not None], asked_of(expr, subject)
                inside, further, more = self.evaluation.inside(expr, asker)
                everybody = [*inside, further] if more else inside
                own = default is None or self.expression(default, asker)
                return own and all(self.expression(part, one) for one in everybody for part in asked)
            case Cases():
                return all(self.expression(part, subject) for part in self._reached(expr, subject))
            case Gather():
                return all(self.expression(part, subject) for part in self._taken(expr, subject))
            case _:
                return all(self.expression(part, subject) for part in children(expr))

    def _whose(self, level: Level, subject: Whose) -> Whose:
        """Of whom a definition of a level is, to somebody who refers to it."""
        everybody = self.evaluation.everybody(level)
        return everybody[position(level, subject)]

    def _taken(self, expr: Gather, subject: Whose) -> list[Expr]:
        """The tests and values of the rows that may fit, and the default unless one surely does."""
        algebra = self.evaluation.algebra
        tested = [self.evaluation.truth(test, subject) for test, _ in expr.rows]
        parts = [part for row, test in zip(expr.rows, tested, strict=True) if not algebra.refuted(test) for part in row]
        return parts if any(map(algebra.proven, tested)) else [*parts, expr.default]

    def _reached(self, expr: Cases, subject: Whose) -> list[Expr]:
        """The tests, and the values of the branches that may be reached."""
        parts: list[Expr] = []
        for test, value in expr.branches:
            tested = self.evaluation.truth(test, subject)
            if not self.evaluation.algebra.refuted(tested):
                parts += [test, value]
            if self.evaluation.algebra.proven(tested):
                return parts
        return [*parts, expr.otherwise]


def _exact(type_: Type, found: AbstractValue) -> bool:
    if isinstance(type_, Truth | Code):
        wide, narrow = cast(Pair, found)
        return wide == narrow and possible.is_singleton(type_, wide)
    low, high = cast(Ends, found)
    return known(low) is not None and known(low) == known(high)
