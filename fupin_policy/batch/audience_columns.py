"""Whom the decisions of a batch are shown to, and under what, as columns of tables.

In: a decided chunk. Out: columns. Called by `output_layouts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from fupin_policy.batch.buffers import Array
from fupin_policy.core import possible
from fupin_policy.core.policies import Audience
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.evaluators.wasm.columnar import Space
from fupin_policy.evaluators.wasm.layout import Layout

_WORDS = pa.dictionary(pa.int16(), pa.string())
AUDIENCE, SECTION = pa.field("audience", _WORDS), pa.field("section", _WORDS)
OWN = pa.field("own_audience", pa.bool_())
"""Whether the household is among the audience of a policy; null where that is open, or the policy names none."""


@dataclass(frozen=True, slots=True)
class AudienceColumns:
    """The audiences and sections of the rules of a snapshot, where some rule names one."""

    snapshot: Snapshot
    layout: Layout

    @property
    def columns(self) -> list[pa.Field]:
        """The columns that there are."""
        policies = self.snapshot.program.policies
        audiences = [AUDIENCE, OWN] if any(one.audience is not None for one in policies) else []
        return [*audiences, *([SECTION] if any(one.section is not None for one in policies) else [])]

    def of_rows(self, space: Space, numbers: Array, whose: Array) -> dict[str, pa.Array]:
        """The columns for rows of rules and households."""
        found, policies = {}, self.snapshot.program.policies
        for field in self.columns:
            if field == OWN:
                found[OWN.name] = self._own_of_rows(space, numbers, whose)
            else:
                named = [getattr(policy, field.name) for policy in policies]
                texts = pa.array([None if one is None else one.words.zh for one in named], pa.string())
                found[field.name] = texts.take(pa.array(numbers)).dictionary_encode().cast(_WORDS)
        return found

    def of_households(self, space: Space, audience: Audience) -> pa.Array:
        """Whether each household is among an audience."""
        return _told(self._truths(space, audience))

    def _own_of_rows(self, space: Space, numbers: Array, whose: Array) -> pa.Array:
        found = np.full(len(numbers), possible.UNKNOWN, np.uint8)
        for number, policy in enumerate(self.snapshot.program.policies):
            if policy.audience is not None:
                rows = np.flatnonzero(numbers == number)
                found[rows] = self._truths(space, policy.audience)[whose[rows]]
        return _told(found)

    def _truths(self, space: Space, audience: Audience) -> Array:
        return space.results[self.layout.outputs[audience.definition][0].pointer]


def _told(truths: Array) -> pa.Array:
    return pa.array(truths == possible.TRUE, mask=truths == possible.UNKNOWN)
