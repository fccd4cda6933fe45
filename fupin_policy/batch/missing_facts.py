"""What must be known to settle what is open in a batch, as the module says it.

In: a chunk decided by a worker. Out: for each decision, or figure, the facts. Called by `assumed_columns` and
`output_layouts`.
The module is asked once about a household's own decisions, and once about each member who has an open one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.chunks import Chunk
from fupin_policy.batch.column_writers import Absent
from fupin_policy.core.declarations import Assumption, FactDecl, ListDecl
from fupin_policy.core.identifiers import FactNeed, ParameterNeed
from fupin_policy.core.item_facts import parts_of_name
from fupin_policy.core.missing import Assumed, Missing
from fupin_policy.core.possible import Value
from fupin_policy.core.program import Program
from fupin_policy.decisions.missing import missing_of, taken_before
from fupin_policy.evaluators.wasm.columnar import Worker
from fupin_policy.evaluators.wasm.needs import ItemNeeds, NeedsLayout

Row = tuple[int, int, int]
"""What is told (a policy or figure of the program), a household's row in the chunk, and a member's (-1: none)."""


@dataclass(frozen=True, slots=True)
class MissingFacts:
    """Says what is missing of what a worker has decided. `own` and `inner` are a household's and a member's needs."""

    program: Program
    worker: Worker
    own: tuple[Missing, ...]
    inner: tuple[Missing, ...]
    items: tuple[ItemNeeds, ...] = ()
    """Of each list where among the needs those of its items stand."""
    of_items: dict[tuple[str, int, str], Missing] = field(default_factory=dict)
    """By list, item and fact what was put in words once."""

    @classmethod
    def of(cls, program: Program, worker: Worker, day: int | None = None) -> MissingFacts:
        """Of a program's decisions and figures, on a day; that counts where facts are given by month."""
        facts = {fact.name: fact for fact in program.facts}
        layout = NeedsLayout.of(program)
        needs = [one if isinstance(one, ParameterNeed) else FactNeed(one, None) for one in layout.household]
        return cls(
            program,
            worker,
            tuple(missing_of(need, program, facts, day) for need in needs),
            tuple(missing_of(FactNeed(one, None), program, facts, day) for one in layout.member),
            layout.items,
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
        taken = _Taken({fact.name: fact for fact in self.program.facts}, {one.name: one for one in self.program.lists})
        for needs in self._needs(chunk, rows, self.program.rests):
            of_facts = ((one, row, absent.get(parts_of_name(one.fact)[2])) for one, row in needs)
            found = (
                (one, taken.of(whose, row)) for one, row, whose in of_facts if whose is not None and whose.rows[row]
            )
            yield tuple(Assumed(one, assumption) for one, assumption in found if assumption is not None)

    def _needs(
        self, chunk: Chunk, rows: Iterable[Row], questions: Sequence[tuple[int, ...]]
    ) -> Iterator[list[tuple[Missing, int]]]:
        """What keeps the questions of each open, with the row of the household or member whose fact it is."""
        before, answers, known = -1, dict[int, Array](), dict[bytes, list[int]]()
        own, inner = len(self.own), len(self.inner)
        for number, household, member in rows:
            if household != before:
                before, answers = household, {}
            first, last = int(chunk.offsets[household]), int(chunk.offsets[household + 1])
            if member not in answers:
                answers[member] = self.worker.missing(household, 0 if member < 0 else member - first + 1)
            asked = questions[number]
            flags = np.bitwise_or.reduce(answers[member][list(asked)])
            if not self.items:
                flags = flags[: own + inner * (last - first)]
            # many households lack the same
            key = flags.tobytes()
            places = known.get(key)
            if places is None:
                places = known[key] = np.flatnonzero(flags).tolist()
            yield [self._named(chunk, household, first, at) for at in places]

    def _named(self, chunk: Chunk, household: int, first: int, at: int) -> tuple[Missing, int]:
        own = len(self.own)
        if at < own:
            return self.own[at], household
        if self.items and at >= self.items[0].start:
            return self._of_item(chunk, household, first, at)
        person, need = divmod(at - own, len(self.inner))
        return replace(self.inner[need], member=chunk.member_ids[first + person].as_py()), first + person

    def _of_item(self, chunk: Chunk, household: int, first: int, at: int) -> tuple[Missing, int]:
        """The fact of an item, with the item's row among those of all owners."""
        place = max(place for place, one in enumerate(self.items) if one.start <= at and one.inputs)
        listed = self.items[place]
        owner, rest = divmod(at - listed.start, listed.declared.most * len(listed.inputs))
        number, need = divmod(rest, len(listed.inputs))
        of_members = listed.declared.of == "member"
        key = (listed.declared.name, number, str(listed.inputs[need]))
        found = self.of_items.get(key)
        if found is None:
            facts = {fact.name: fact for fact in self.program.facts}
            found = missing_of(FactNeed(listed.inputs[need], None, number), self.program, facts, None)
            self.of_items[key] = found
        row = first + owner if of_members else household
        who = chunk.member_ids[row].as_py() if of_members else None
        return replace(found, member=who), int(chunk.item_offsets[place][row]) + number


@dataclass(frozen=True, slots=True)
class _Taken:
    """What was assumed of facts and lists, or taken from an earlier result; `known` keeps what was put in words."""

    facts: Mapping[str, FactDecl]
    lists: Mapping[str, ListDecl]
    known: dict[tuple[str, Value], Assumption] = field(default_factory=dict)

    def of(self, absent: Absent, row: int) -> Assumption | None:
        """What was taken of a subject."""
        if absent.input.fact in self.lists:
            return self.lists[absent.input.fact].empty
        fact = self.facts[absent.input.fact]
        if absent.previous is None:
            return fact.absent
        value = absent.value(row)
        found = self.known.get((fact.name, value))
        if found is None:
            found = self.known[fact.name, value] = taken_before(fact, value, absent.previous)
        return found
