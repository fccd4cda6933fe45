"""What the functions of a module have in common: its definitions in order, its inputs, where everything stands.

In: a program, its compiled definitions. Out: a `ProgramShape`. Called by `module` and `function`.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_policy.core.declarations import Input
from fupin_policy.core.expressions import walk
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.program import Program
from fupin_policy.evaluators.wasm.layout import Layout, MemoryColumn
from fupin_policy.evaluators.wasm.lookup import Lookups
from fupin_policy.evaluators.wasm.nests import Nests
from fupin_policy.evaluators.wasm.plan import Plan, plan_of
from fupin_policy.evaluators.wasm.relevance import Graph
from fupin_policy.evaluators.wasm.versions import CompiledVersions, NumberName, Steps

Version = tuple[Steps, int]
"""A version of a definition: the number that must be picked, and by what."""


@dataclass(frozen=True, slots=True)
class ProgramShape:
    """What the functions of a module have in common."""

    program: Program
    layout: Layout
    inputs: dict[InputId, tuple[Input, tuple[MemoryColumn, ...]]]
    plan: Plan
    values: dict[NumberName, Steps]
    graph: Graph
    lookups: Lookups
    owners: dict[int, Version | None]
    nests: Nests
    scratch: int
    """Where the scratch area starts: arrays with an entry for each turn of loops."""

    @classmethod
    def of(
        cls, program: Program, layout: Layout, versions: CompiledVersions, graph: Graph, lookups: Lookups, scratch: int
    ) -> ProgramShape:
        """The shape of a program; the scratch area begins at an address."""
        both = [
            *zip(program.household_inputs, layout.household_inputs, strict=True),
            *zip(program.member_inputs, layout.member_inputs, strict=True),
        ]
        for one in layout.lists:
            both += zip(program.item_inputs[one.declared.name], one.inputs, strict=True)
        inputs = {column.id: (column, columns) for column, columns in both}
        plan, owners = plan_of(versions.definitions, graph.nests), _owners(versions, graph)
        return cls(program, layout, inputs, plan, versions.values, graph, lookups, owners, graph.nests, scratch)


def _owners(versions: CompiledVersions, graph: Graph) -> dict[int, Version | None]:
    """By node the only version in which it stands; None for one that stands in several, or always holds."""
    found: dict[int, Version | None] = {}
    for definition in versions.definitions:
        for number, expr in enumerate(definition.versions):
            owner = None if definition.pick is None else (definition.pick, number)
            for node in walk(expr):
                name = graph.of_expr.get(id(node))
                if name is not None:
                    found[name] = owner if found.setdefault(name, owner) == owner else None
    return found
