"""In which order definitions are worked out: household, then a loop over members, then household again.

In: a module's definitions. Out: a `Plan`. Called by `function`.
Stage k is the household's code before loop k, and loop k. What asks about members is ready a stage after its loop.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fupin_policy.core.expressions import Expr, Items, Ref, children
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.evaluators.wasm.nests import HOUSEHOLD, Nest, Nests
from fupin_policy.evaluators.wasm.versions import CompiledDefinition


@dataclass(frozen=True, slots=True)
class ScheduledAggregate:
    """A question about the members: the loop that gathers it, and the stage in which its value is ready."""

    node: Items
    loop: int
    stage: int


@dataclass(slots=True)
class Plan:
    """The definitions that matter with their stages, the distinct member questions, and what later loops need."""

    definitions: tuple[CompiledDefinition, ...]
    stages: dict[DefinitionId, int] = field(default_factory=dict)
    asked: dict[Items, ScheduledAggregate] = field(default_factory=dict)
    kept: set[DefinitionId] = field(default_factory=set)

    @property
    def last(self) -> int:
        """The last stage."""
        return max([*self.stages.values(), *(asked.stage for asked in self.asked.values())], default=0)

    def stage(self, *exprs: Expr | None) -> int:
        """The first stage in which expressions can be worked out; takes down the member questions in them."""
        found = 0
        for node in outside_members(exprs):
            if isinstance(node, Ref):
                found = max(found, self.stages[node.definition])
            elif isinstance(node, Items):
                found = max(found, self._ask(node).stage)
        return found

    def _ask(self, node: Items) -> ScheduledAggregate:
        if node not in self.asked:
            loop = self.stage(node.where, node.value)
            self.asked[node] = ScheduledAggregate(node, loop, max(loop + 1, self.stage(node.default)))
        return self.asked[node]


def plan_of(definitions: tuple[CompiledDefinition, ...], nests: Nests) -> Plan:
    """The plan that works out definitions, in order of dependency."""
    plan = Plan(definitions)
    for definition in plan.definitions:
        plan.stages[definition.id] = plan.stage(*definition.versions)
    for definition in plan.definitions:
        _keep(plan, nests, nests.of_level(definition.level), plan.stages[definition.id], *definition.versions)
    for asked in plan.asked.values():
        own = nests.of_level(asked.node.list, asked.node.paired)
        _keep(plan, nests, own, asked.loop, asked.node.where, asked.node.value)
    return plan


def outside_members(exprs: Iterable[Expr | None]) -> list[Expr]:
    """The distinct nodes of expressions, without what stands inside questions about members."""
    found: dict[int, Expr] = {}
    waiting = [expr for expr in exprs if expr is not None]
    while waiting:
        node = waiting.pop()
        if id(node) in found:
            continue
        found[id(node)] = node
        if not isinstance(node, Items):
            waiting.extend(children(node))
    return list(found.values())


def _keep(plan: Plan, nests: Nests, nest: Nest, stage: int, *exprs: Expr | None) -> None:
    """Take down what is read in a stage of some loops and worked out in an earlier one, or in other loops."""
    waiting = list(exprs)
    while waiting:
        nodes = outside_members(waiting)
        # the default of a question is its owner's
        waiting = [node.default for node in nodes if isinstance(node, Items)]
        for node in nodes:
            if not isinstance(node, Ref) or nests.of_level(node.level) == HOUSEHOLD:
                continue
            if nest != nests.of_level(node.level) or plan.stages[node.definition] < stage:
                plan.kept.add(node.definition)
