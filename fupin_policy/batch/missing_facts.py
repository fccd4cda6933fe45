"""What must be known to settle what is open in a batch, as the module says it.

In: a chunk decided by a worker. Out: for each decision, or figure, the facts. Called by `assumed_columns` and
`output_layouts`.
The module is asked once about a household's own decisions, and once about each member who has an open one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pyarrow as pa

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.chunks import Chunk
from fupin_policy.batch.column_writers import Absent
from fupin_policy.core.decision import Assumed, Missing
from fupin_policy.core.declarations import Assumption, FactDecl
from fupin_policy.core.identifiers import FactNeed, ParameterNeed
from fupin_policy.core.program import Program
from fupin_policy.decisions.missing import assumed_of, missing_of, taken_before
from fupin_policy.evaluators.wasm.columnar import Worker
from fupin_policy.evaluators.wasm.relevance import needs_of

Row = tuple[int, int, int]
"""What is told (a policy or figure of the program), a household's row in the chunk, and a member's (-1: none)."""


@dataclass(frozen=True, slots=True)
class MissingFacts:
    """Says what is missing of what a worker has decided. `own` and `inner` are a household's and a member's needs."""

    program: Program
    worker: Worker
    own: tuple[Missing, ...]
    inner: tuple[Missing, ...]

    @classmethod
    def of(cls, program: Program, worker: Worker, day: int | None = None) -> MissingFacts:
        """Of a program's decisions and figures, on a day; that counts where facts are given by month."""
        facts = {fact.name: fact for fact in program.facts}
        own, inner = needs_of(program)
        needs = [one if isinstance(one, ParameterNeed) else FactNeed(one, None) for one in own]
        return cls(
            program,
            worker,
            tuple(missing_of(need, program, facts, day) for need in needs),
            tuple(missing_of(FactNeed(one, None), program, facts, day) for one in inner),
        )

    def on(self, day: int) -> MissingFacts:
        """The same with facts by month called as they are on a day."""
        if all(fact.series is None for fact in self.program.facts):
            return self
        return MissingFacts.of(self.program, self.worker, day)

    def missing(
        self, chunk: Chunk, numbers: Array, opened: Array, whose: Array, who: Array, bodies: bool = False
    ) -> pa.Array:
        """For each decision the facts that keep it open, such as `m2.残疾等级`; none where `opened` is false.

        Or those that keep open which `bodies` answer for it. Decisions stand household by household.
        """
        asked = self.program.asked_of_bodies if bodies else self.program.asked
        found: list[list[str]] = [[] for _ in range(len(opened))]
        at = np.flatnonzero(opened)
        rows = zip(numbers[at].tolist(), whose[at].tolist(), who[at].tolist(), strict=True)
        for place, needs in zip(at.tolist(), self._needs(chunk, rows, asked), strict=True):
            found[place] = list(dict.fromkeys(missing.text for missing, _ in needs))
        return pa.array(found, pa.list_(pa.string()))

    def assumed(self, chunk: Chunk, rows: Iterable[Row]) -> Iterator[tuple[Assumed, ...]]:
        """Of what was assumed all that keeps each open where nothing is, as then stands in the worker's memory.

        Rows stand household by household.
        """
        absent = {one.input.fact: one for one in chunk.assumable}
        for needs in self._needs(chunk, rows, self.program.rests):
            resting = {one: row for one, row in needs if one.fact in absent and absent[one.fact].rows[row]}
            subjects = {(one.fact, one.member): row for one, row in resting.items()}

            before = partial(_before, absent, subjects)
            yield assumed_of(self.program, resting, before)

    def _needs(
        self, chunk: Chunk, rows: Iterable[Row], questions: Sequence[tuple[int, ...]]
    ) -> Iterator[list[tuple[Missing, int]]]:
        """What keeps the questions of each open, with the row of the household or member whose fact it is."""
        before, answers = -1, dict[int, Array]()
        for number, household, member in rows:
            if household != before:
                before, answers = household, {}
            first = int(chunk.offsets[household])
            if member not in answers:
                answers[member] = self.worker.missing(household, 0 if member < 0 else member - first + 1)
            asked = questions[number]
            yield list(self._named(chunk, household, np.any(answers[member][list(asked)], axis=0)))

    def _named(self, chunk: Chunk, household: int, flags: Array) -> Iterator[tuple[Missing, int]]:
        first, last = int(chunk.offsets[household]), int(chunk.offsets[household + 1])
        own, inner = len(self.own), len(self.inner)
        for at in np.flatnonzero(flags[: own + inner * (last - first)]).tolist():
            if at < own:
                yield self.own[at], household
            else:
                person, need = divmod(at - own, inner)
                yield replace(self.inner[need], member=chunk.member_ids[first + person].as_py()), first + person


def _before(
    absent: Mapping[str, Absent], subjects: Mapping[tuple[str, str | None], int], fact: FactDecl, member: str | None
) -> Assumption | None:
    """What was taken of a fact from an earlier result."""
    found = absent[fact.name]
    if found.previous is None:
        return None
    return taken_before(fact, found.value(subjects[fact.name, member]), found.previous)
