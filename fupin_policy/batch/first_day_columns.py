"""Since when the policies of a batch's decisions have applied, where the rules ask for it the next time.

In: a decided chunk. Out: columns. Called by `output_layouts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from fupin_policy.batch.buffers import Array
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.first_days import day_of_assessment
from fupin_policy.core.possible import FALSE, TRUE
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.evaluators.wasm.columnar import Space
from fupin_policy.evaluators.wasm.layout import Layout, MemoryColumn

FIRST_DAYS = ("first_day_min", "first_day_max")


@dataclass(frozen=True, slots=True)
class FirstDayColumns:
    """The first days of the rules of a snapshot, on the day asked about."""

    snapshot: Snapshot
    layout: Layout
    day: int

    def of_rows(self, space: Space, numbers: Array, whose: Array, who: Array, refused: Array) -> dict[str, pa.Array]:
        """Both ends for rows of rules, households and members (-1: none); null where refused, or where nobody asks."""
        if not self.snapshot.program.first_day_facts:
            return {}
        ends = [np.zeros(len(numbers), np.int64) for _ in FIRST_DAYS]
        none = np.ones(len(numbers), bool)
        for number, fact, assessed in self._asked():
            rows = np.flatnonzero((numbers == number) & ~refused)
            subjects = (who if fact.level == "member" else whose)[rows]
            columns = self._columns(fact)
            applied = space.inputs[columns[fact.given or ""][0].pointer][subjects]
            for end, column, outer in zip(ends, columns[fact.name], (np.minimum, np.maximum), strict=True):
                known = space.inputs[column.pointer][subjects].astype(np.int64)
                hull = np.where(applied == FALSE, assessed, outer(known, assessed))
                end[rows] = np.where(applied == TRUE, known, hull)
            none[rows] = False
        return {
            name: pa.array(end.astype("datetime64[D]"), mask=none) for name, end in zip(FIRST_DAYS, ends, strict=True)
        }

    def _asked(self) -> Iterator[tuple[int, FactDecl, int]]:
        """The rules whose first day is asked for: by number, with the fact that tells it and the day of assessment."""
        asked = self.snapshot.program.first_day_facts
        for number, rule in enumerate(self.snapshot.rules):
            if rule.policy.id in asked:
                starts = "same_day" if rule.version is None else rule.version.starts
                yield number, asked[rule.policy.id], day_of_assessment(starts, self.day)

    def _columns(self, fact: FactDecl) -> Mapping[str, tuple[MemoryColumn, ...]]:
        """Where in memory the inputs of a fact's level stand."""
        program, of_member = self.snapshot.program, fact.level == "member"
        inputs = program.member_inputs if of_member else program.household_inputs
        columns = self.layout.member_inputs if of_member else self.layout.household_inputs
        return {one.name: parts for one, parts in zip(inputs, columns, strict=True)}
