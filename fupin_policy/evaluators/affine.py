"""CORE along one fact: what every decision does while that fact runs over a stretch and all else stays as it is.

In: a snapshot, a household, a day, the fact that runs, a stretch of its values. Out: the values of definitions over the
whole stretch (`affine_algebra`). Called by `segments`. At a single value it is what `interpreter` gives.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_policy.core.expressions import AsOf, Expr, Fact, Ref
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.possible import FALSE, TRUE, Interval
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Dated
from fupin_policy.core.subjects import HouseholdFacts, Whose, position, whose_input
from fupin_policy.core.traces import Traces
from fupin_policy.core.types import Truth
from fupin_policy.evaluators.affine_algebra import AbstractValue, AffineAlgebra, Ends, Pair, constant_ends, lifted
from fupin_policy.evaluators.affine_bounds import AffineBound, constant
from fupin_policy.evaluators.traversal import Traversal


@dataclass(frozen=True, slots=True)
class Running:
    """The fact that runs: its name, and whose it is: a member's by position, an item's, or None for the household's."""

    input: InputId
    member: Whose


@dataclass(frozen=True, slots=True)
class AffineScope:
    """What a household's expressions can see. `fixed` are definitions that do not rest on the running fact."""

    running: Running
    as_of: int
    members: int
    facts: HouseholdFacts
    fixed: Traces


def scope_of(program: Program, household: Household, as_of: int, running: Running, fixed: Traces) -> AffineScope:
    """A household's scope."""
    facts = HouseholdFacts.of(program, household)
    return AffineScope(running, as_of, len(household.members), facts, fixed)


def run(scope: AffineScope, definitions: tuple[Dated, ...], over: Interval) -> AffineEvaluation:
    """The definitions (in order of dependency) while the fact runs over a stretch."""
    evaluation = AffineEvaluation(scope, over)
    evaluation.run(definitions)
    return evaluation


class AffineEvaluation(Traversal[Pair, Ends, Pair]):
    """Evaluates a household's expressions over one stretch of the running fact."""

    __slots__ = ("over", "scope")

    def __init__(self, scope: AffineScope, over: Interval) -> None:
        super().__init__(AffineAlgebra(over), scope.members, scope.facts.lists)
        self.scope, self.over = scope, over

    def value(self, expr: Expr, subject: Whose) -> AbstractValue:
        """What an expression does over the stretch."""
        result = self.step(expr, subject)
        if isinstance(expr.type, Truth) and result[0] in (FALSE, TRUE):
            # settled everywhere, whatever its dual was reckoned to be
            return result[0], result[0]
        return result

    def fact(self, node: Fact, subject: Whose) -> AbstractValue:
        """The running fact as a line, any other as it is."""
        if self.scope.running == Running(node.input, whose_input(node.level, subject)):
            first, last = self.over
            line = constant(first) if first == last else AffineBound(1, 0, 0, True)
            return (line, line)
        return lifted(node.type, self.scope.facts.value(node, subject))

    def as_of(self, node: AsOf) -> Ends:
        """The day of the decision."""
        return constant_ends((self.scope.as_of, self.scope.as_of))

    def ref(self, node: Ref, subject: Whose) -> AbstractValue:
        """A definition over the stretch, or the value of one that does not rest on the running fact."""
        if node.definition in self.defined:
            return super().ref(node, subject)
        return lifted(node.type, self.scope.fixed[node.definition][position(node.level, subject)].value)
