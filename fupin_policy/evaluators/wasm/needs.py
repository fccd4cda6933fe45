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

    def named(self, members: Sequence[str], known: Sequence[Sequence[int]]) -> Iterator[tuple[int, list[Need]]]:
        """The needs of a household that stand side by side, and where they begin.

        `known` are for each list how many items each owner surely has.
        """
        own: list[Need] = [one if isinstance(one, ParameterNeed) else FactNeed(one, None) for one in self.household]
        yield 0, own + [FactNeed(name, one) for one in members for name in self.member]
        for listed, counts in zip(self.items, known, strict=True):
            owners: Sequence[str | None] = members if listed.declared.of == "member" else (None,)
            step = listed.declared.most * len(listed.inputs)
            for at, (member, count) in enumerate(zip(owners, counts, strict=True)):
                items = [FactNeed(name, member, number) for number in range(count) for name in listed.inputs]
                yield listed.start + at * step, list[Need](items)
