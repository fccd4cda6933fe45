"""Checks of data in a batch: who is not decided as a check rejects, and how many others a check does not hold for.

In: a chunk that the module has decided. Out: faults, counts. Called by `evaluate`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.chunks import Chunk
from fupin_policy.batch.counts import Counts
from fupin_policy.batch.rejects import Faulty, one_fault
from fupin_policy.core.outputs import DataCheck, FigureDecl
from fupin_policy.core.possible import FALSE, UNKNOWN
from fupin_policy.core.program import Program
from fupin_policy.evaluators.wasm.columnar import Space
from fupin_policy.evaluators.wasm.layout import Layout
from fupin_policy.intake.data_checks import violation_words
from fupin_policy.intake.scalars import Fault


@dataclass(frozen=True, slots=True)
class DataChecks:
    """The checks of a program's, and where in memory it stands how each came out."""

    program: Program
    layout: Layout

    def refuse(self, chunk: Chunk, space: Space) -> tuple[Faulty, ...]:
        """Refuse the households for which a check that rejects does not hold, nothing being assumed of them yet."""
        found = []
        for figure, check, values in self._all(space):
            at = np.flatnonzero(values == FALSE)
            if check.severity == "reject" and len(at):
                of_members = figure.level == "member"
                whose, who = (chunk.owners[at], chunk.member_rows[at]) if of_members else (at, None)
                fault = Fault("H073", tuple(violation_words(figure, check).items()))
                found.append(one_fault(figure.words.zh, whose, who, "", fault))
        for faulty in found:
            chunk.refused[faulty.households] = True
        return tuple(found)

    def counts(self, chunk: Chunk, space: Space) -> Counts:
        """For how many of the households that are decided each check does not hold, or cannot be checked."""
        violated, not_checkable = Counter[str](), Counter[str]()
        for figure, _, values in self._all(space):
            seen = chunk.refused.copy()
            for value, counted in ((FALSE, violated), (UNKNOWN, not_checkable)):
                at = np.flatnonzero(values == value)
                new = np.zeros(len(seen), bool)
                new[chunk.owners[at] if figure.level == "member" else at] = True
                counted[figure.words.zh] += int((new & ~seen).sum())
                seen |= new
        return Counts(violated=violated, not_checkable=not_checkable)

    def _all(self, space: Space) -> Iterator[tuple[FigureDecl, DataCheck, Array]]:
        for figure, check in self.program.checks:
            (column, *_) = self.layout.outputs[figure.definition]
            yield figure, check, space.results[column.pointer]
