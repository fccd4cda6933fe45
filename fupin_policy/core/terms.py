"""Terms by the words that rules have for them, for whoever takes one for a fact.

In: a program. Out: the facts that each term is worked out from. Called by `intake`, and by `evaluators.wasm` for hosts
that read households themselves.
"""

from __future__ import annotations

from fupin_policy.core.expressions import Fact
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.program import Program


def terms_of(program: Program) -> dict[str, list[str]]:
    """By every word for a term the labels of the facts that it is worked out from, its own before those of others."""
    labels = {fact.name: fact.label for fact in program.facts}
    under: dict[DefinitionId, tuple[InputId, ...]] = {}
    found: dict[str, list[str]] = {}
    for one in program.definitions:
        own = [node.input for node in program.dependencies.direct[one.id] if isinstance(node, Fact)]
        below = [fact for name in program.dependencies.named(one.id) for fact in under[name]]
        under[one.id] = tuple(dict.fromkeys([*own, *below]))
        if one.id.part == "term" and not one.id.days:
            facts = list(dict.fromkeys(labels.get(input_.fact, input_.fact) for input_ in under[one.id]))
            found[one.name.zh] = found[one.name.en] = facts
    return found
