"""Who answers for the decisions of a batch, where that is by condition, as columns of tables.

In: a decided chunk. Out: lists of names. Called by `output_layouts`.
A body is named as it is called on the day; one that stands for the office of each place by its own name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise

import numpy as np
import pyarrow as pa

from fupin_policy.batch.buffers import Array
from fupin_policy.core import possible
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.decisions.responsibility import Answering, departments
from fupin_policy.decisions.rule_metadata import metadata_of
from fupin_policy.evaluators.wasm.columnar import Space
from fupin_policy.evaluators.wasm.layout import Layout

_NAMES = pa.list_(pa.string())
ANSWERING = tuple(pa.field(name, _NAMES) for name in ("lead", "possible_lead", "cooperating", "possible_cooperating"))
"""Who surely answers for a decision and who may; null where that does not depend on facts."""
ASKED_BODIES = pa.field("departments_missing", _NAMES)
"""What must be known to say it."""


def answers(program: Program) -> bool:
    """Whether it is by condition who answers for some policy."""
    return any(policy.answers for policy in program.policies)


@dataclass(frozen=True, slots=True)
class AnsweringColumns:
    """Who answers for the rules of a snapshot, where that is by condition."""

    snapshot: Snapshot
    layout: Layout

    def of_rows(self, space: Space, numbers: Array, whose: Array, who: Array) -> tuple[list[pa.Array], Array]:
        """The columns for rows of rules, households and members (-1: none); and of which it is open who answers."""
        found: list[list[list[str] | None]] = [[None] * len(numbers) for _ in ANSWERING]
        opened = np.zeros(len(numbers), bool)
        for number, rule in enumerate(self.snapshot.rules):
            if not rule.policy.answers:
                continue
            rows = np.flatnonzero(numbers == number)
            masks = space.results[self.layout.outputs[rule.policy.answering][0].pointer]
            held, places = np.unique(masks[np.where(who < 0, whose, who)[rows]], return_inverse=True)
            known = metadata_of(self.snapshot, rule).answers
            cases = [_told(known, [possible.TRUE], [int(mask)]) for mask in held]
            for at, place in zip(rows.tolist(), places.tolist(), strict=True):
                for column, names in zip(found, cases[place], strict=True):
                    column[at] = names
            opened[rows] = np.array([bool(case[1] or case[3]) for case in cases], bool)[places]
        return [pa.array(column, _NAMES) for column in found], opened

    def of_households(self, space: Space, number: int, offsets: Array) -> dict[str, pa.Array]:
        """The columns of one rule for households, a member's policy for all its members together."""
        policy, known = self.snapshot.rules[number].policy, metadata_of(self.snapshot, self.snapshot.rules[number])
        pointers = (self.layout.outputs[one][0].pointer for one in (policy.outcome, policy.answering))
        outcomes, masks = (space.results[pointer].tolist() for pointer in pointers)
        told = cache(partial(_told, known.answers))
        ends = offsets.tolist() if policy.level == "member" else list(range(len(offsets)))
        found = [told(tuple(outcomes[a:b]), tuple(masks[a:b])) for a, b in pairwise(ends)]
        columns = (pa.array([one[at] for one in found], _NAMES) for at in range(len(ANSWERING)))
        return {f"{policy.id}.{field.name}": column for field, column in zip(ANSWERING, columns, strict=True)}


def _told(known: Sequence[Answering], outcomes: Sequence[int], masks: Sequence[int]) -> tuple[list[str], ...]:
    found = departments(known, outcomes, masks)._asdict()
    return tuple([one.zh for one in found[field.name]] for field in ANSWERING)
