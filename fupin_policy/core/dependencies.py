"""What rests on what: the one walk over the references of expressions.

In: definitions with their expressions, in order of dependency. Out: `Dependencies`, which `Program` and `Snapshot` each
work out once and share. Called by them, and with `references` by whoever asks it of a single expression.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from fupin_policy.core.expressions import Expr, Fact, Parameter, Ref, children
from fupin_policy.core.identifiers import DefinitionId, InputId

T = TypeVar("T")
Reference = Fact | Parameter | Ref
_REFERENCES = (Fact, Parameter, Ref)


def references(*exprs: Expr) -> tuple[Reference, ...]:
    """The nodes of expressions that name a fact, a parameter or a definition, in the order of writing.

    What several expressions share is looked at once.
    """
    return tuple([node for node in each_once(exprs, children) if isinstance(node, _REFERENCES)])


def each_once(roots: Iterable[T], below: Callable[[T], Iterable[T]], key: Callable[[T], Hashable] = id) -> Iterator[T]:
    """All that is reached from some roots, each once, wholes before their parts and these in order.

    It goes by a list: what rests on other things may do so through more of them than calls can nest.
    """
    seen: set[Hashable] = set()
    waiting = [*roots][::-1]
    while waiting:
        one = waiting.pop()
        name = key(one)
        if name not in seen:
            seen.add(name)
            yield one
            waiting += [*below(one)][::-1]


@dataclass(frozen=True, slots=True)
class Dependencies:
    """By definition, in order of dependency, the references in its expressions."""

    direct: dict[DefinitionId, tuple[Reference, ...]]

    @classmethod
    def of(cls, definitions: Iterable[tuple[DefinitionId, Iterable[Expr]]]) -> Dependencies:
        """Those of definitions, each with its expressions: one for each version."""
        return cls({name: references(*exprs) for name, exprs in definitions})

    def named(self, definition: DefinitionId) -> tuple[DefinitionId, ...]:
        """The definitions that a definition names, each once, in the order of writing."""
        return tuple(dict.fromkeys(node.definition for node in self.direct[definition] if isinstance(node, Ref)))

    def closure(self, roots: Iterable[DefinitionId]) -> frozenset[DefinitionId]:
        """Some definitions and all that they rest on."""
        found = set(roots)
        for name in reversed(self.direct):
            if name in found:
                found.update(self.named(name))
        return frozenset(found)

    def facts(self, roots: Iterable[DefinitionId]) -> frozenset[InputId]:
        """The inputs that definitions rest on."""
        nodes = (node for name in self.closure(roots) for node in self.direct[name])
        return frozenset(node.input for node in nodes if isinstance(node, Fact))

    def parameters(self, roots: Iterable[DefinitionId]) -> frozenset[str]:
        """The parameters that definitions rest on, by name."""
        nodes = (node for name in self.closure(roots) for node in self.direct[name])
        return frozenset(node.name for node in nodes if isinstance(node, Parameter))

    def dependents(self, facts: Container[InputId]) -> frozenset[DefinitionId]:
        """The definitions that rest on some inputs."""
        found: set[DefinitionId] = set()
        for name, nodes in self.direct.items():
            reads = any(isinstance(node, Fact) and node.input in facts for node in nodes)
            if reads or not found.isdisjoint(self.named(name)):
                found.add(name)
        return frozenset(found)
