"""For whom of a household's members its policies are, as columns of Arrow tables, beside the decisions.

In: a decided chunk. Out: who surely benefits and of whom it is open, and how many they are. Called by `output_layouts`.
Results of rules of which no policy chooses among the members have none of these columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.chunks import Chunk
from fupin_policy.core.policies import Policy
from fupin_policy.core.possible import TRUE, UNKNOWN
from fupin_policy.core.program import Program
from fupin_policy.evaluators.wasm.columnar import Space
from fupin_policy.evaluators.wasm.layout import Layout

MOST = "persons_max"
"""The column of how many may benefit; `persons` has those who surely do."""
WHOM = (pa.field("beneficiaries", pa.list_(pa.string())), pa.field("possible_beneficiaries", pa.list_(pa.string())))
"""The ids of those who surely benefit, and of those of whom it is open; null where a policy does not choose."""


@dataclass(frozen=True, slots=True)
class Beneficiaries:
    """Of one policy: for each household of a chunk the ids of those who surely benefit, and of those who may."""

    lists: tuple[pa.ListArray, pa.ListArray]

    @classmethod
    def of(cls, policy: Policy, layout: Layout, chunk: Chunk, space: Space) -> Beneficiaries:
        """Of a decided chunk."""
        bits = space.results[layout.outputs[policy.beneficiary][0].pointer]
        ids = chunk.member_ids.fill_null("")

        def listed(truth: int) -> pa.ListArray:
            chosen = np.flatnonzero(bits == truth)
            ends = np.searchsorted(chosen, chunk.offsets).astype(np.int32)
            return pa.ListArray.from_arrays(pa.array(ends), ids.take(pa.array(chosen)))

        return cls((listed(TRUE), listed(UNKNOWN)))

    @property
    def counts(self) -> tuple[Array, Array]:
        """For each household how many surely benefit, and how many at most."""
        sure, more = (np.diff(one.offsets.to_numpy()) for one in self.lists)
        return sure, sure + more


def of_rows(
    program: Program, layout: Layout, chunk: Chunk, space: Space, numbers: Array, whose: Array, persons: Array
) -> tuple[Array, Array, list[pa.Array]]:
    """For rows of rules and households: how many surely benefit, how many may, and who.

    `persons` are both counts where the rule does not choose.
    """
    choosing = [number for number, policy in enumerate(program.policies) if policy.chooses]
    found = [Beneficiaries.of(program.policies[number], layout, chunk, space) for number in choosing]
    place, most = np.full(len(numbers), -1), persons.copy()
    persons = persons.copy()
    for at, (number, one) in enumerate(zip(choosing, found, strict=True)):
        rows = np.flatnonzero(numbers == number)
        place[rows] = at * (len(chunk.offsets) - 1) + whose[rows]
        persons[rows], most[rows] = (counts[whose[rows]] for counts in one.counts)
    kept = pa.array(np.maximum(place, 0), mask=place < 0)
    return persons, most, [pa.concat_arrays([one.lists[at] for one in found]).take(kept) for at in range(2)]


def chooses(policies: Iterable[Policy]) -> bool:
    """Whether some policy chooses among a household's members."""
    return any(policy.chooses for policy in policies)
