"""What `missing` can name, and where among a question's bytes each stands.

In: a `Program`. Out: a `NeedsLayout`. Called by `relevance`, `list_walk`, `manifest` and the hosts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fupin_policy.core.declarations import ListDecl
from fupin_policy.core.identifiers import FactNeed, InputId, Need, ParameterNeed
from fupin_policy.core.program import Program


@dataclass(frozen=True, slots=True)
class ItemNeeds:
    """Of a list where its items' inputs begin: those of each item that an owner may have, of each owner."""

    declared: ListDecl
    start: int
    inputs: tuple[InputId, ...]


@dataclass(frozen=True, slots=True)
class NeedsLayout:
    """The household's inputs, the parameters and the household's lists (which items these have); then for each member
    its inputs and lists; then items' inputs. `stride` is how many bytes a question takes."""

    household: tuple[InputId | ParameterNeed, ...]
    member: tuple[InputId, ...]
    items: tuple[ItemNeeds, ...]
    max_members: int
    stride: int

    @classmethod
    def of(cls, program: Program) -> NeedsLayout:
        """That of a program."""
        own: list[InputId | ParameterNeed] = [column.id for column in program.household_inputs]
        own += map(ParameterNeed, program.parameters)
        own += [InputId(one.name) for one in program.lists_of("household")]
        inner = [column.id for column in program.member_inputs]
        inner += [InputId(one.name) for one in program.lists_of("member")]
        at, items = len(own) + len(inner) * program.max_members, []
        for one in program.lists:
            inputs = tuple(column.id for column in program.item_inputs[one.name])
            items.append(ItemNeeds(one, at, inputs))
            at += (program.max_members if one.of == "member" else 1) * one.most * len(inputs)
        return cls(tuple(own), tuple(inner), tuple(items), program.max_members, at)

    def blocks(self, members: Sequence[str], known: Sequence[Sequence[int]]) -> Iterator[NeedsBlock]:
        """What can be named of a household, by where it stands.

        `known` are for each list how many items each owner surely has.
        """
        yield NeedsBlock(0, self.household, (None,))
        yield NeedsBlock(len(self.household), self.member, members)
        for listed, counts in zip(self.items, known, strict=True):
            owners: Sequence[str | None] = members if listed.declared.of == "member" else (None,)
            step = listed.declared.most * len(listed.inputs)
            for at, (member, count) in enumerate(zip(owners, counts, strict=True)):
                yield NeedsBlock(listed.start + at * step, listed.inputs, (member,) * count, True)


@dataclass(frozen=True, slots=True)
class NeedsBlock:
    """Inputs that stand side by side from `start`: all names of the first owner, of the next one, and so on.

    Where they are of `items` the owner is the same, and the first names are those of his first item.
    """

    start: int
    names: tuple[InputId | ParameterNeed, ...]
    owners: Sequence[str | None]
    items: bool = False

    @property
    def end(self) -> int:
        """Where the last one ends."""
        return self.start + len(self.names) * len(self.owners)

    def need(self, at: int) -> Need:
        """The input that stands at a place in the block."""
        number, place = divmod(at, len(self.names))
        name = self.names[place]
        if isinstance(name, ParameterNeed):
            return name
        return FactNeed(name, self.owners[number], number if self.items else None)
