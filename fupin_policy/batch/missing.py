"""What must be known to settle open decisions of a batch, by the interpreter's traces.

In: a decided chunk. Out: for each decision the labels of facts. Called by `output_layouts`.
What is missing depends only on the facts that a policy reads, so households alike in those are traced once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pyarrow as pa

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.chunks import Chunk
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.decision import Assumed, Household, Missing, Person
from fupin_policy.core.declarations import Input
from fupin_policy.core.identifiers import DefinitionId, FactNeed, Need
from fupin_policy.core.possible import Value
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.core.types import Day, Number
from fupin_policy.decisions.missing import assumed_of, missing_of, unsettled
from fupin_policy.evaluators import interpreter
from fupin_policy.evaluators.wasm.columnar import Space
from fupin_policy.evaluators.wasm.layout import Layout, MemoryColumn

MAX_ANSWERS = 100_000
"""How many answers are kept."""

_Key = tuple[int, int, int, tuple[Value, ...], tuple[tuple[Value, ...], ...]]


@dataclass(frozen=True, slots=True)
class _Reads:
    """A question's definitions, the part of the snapshot that they rest on, and the inputs that this reads."""

    asked: tuple[DefinitionId, ...]
    snapshot: Snapshot
    household: tuple[int, ...]
    member: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MissingFacts:
    """Says what is missing, for the rules of one snapshot."""

    snapshot: Snapshot
    layout: Layout
    facts: dict[str, Bilingual]
    _rules: dict[int, _Reads] = field(default_factory=dict)
    _answers: dict[_Key, tuple[Need, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot, layout: Layout) -> MissingFacts:
        """Of the rules of a snapshot."""
        return cls(snapshot, layout, {fact.name: fact.words for fact in snapshot.program.facts})

    def missing(
        self, chunk: Chunk, space: Space, as_of: int, rules: Array, opened: Array, whose: Array, who: Array
    ) -> pa.Array:
        """For each decision the facts that keep it open, such as `m2.残疾等级`; none where `opened` is false."""
        found: list[list[str]] = []
        rows = zip(rules.tolist(), opened.tolist(), whose.tolist(), who.tolist(), strict=True)
        for rule, is_open, household, member in rows:
            needs = self._needs(chunk, space, as_of, rule, household, member) if is_open else ()
            found.append([self._missing(need, chunk, household).text for need in needs])
        return pa.array(found, pa.list_(pa.string()))

    def assumed(
        self, chunk: Chunk, bare: Space, as_of: int, question: int, household: int, member: int
    ) -> tuple[Assumed, ...]:
        """Of what was assumed all that keeps a question of the program open in `bare`, which has nothing assumed."""
        absent = {one.input: one.rows for one in chunk.assumable}
        needs = self._needs(chunk, bare, as_of, question, household, member)
        first = int(chunk.offsets[household])
        resting = [
            self._missing(need, chunk, household)
            for need in needs
            if isinstance(need, FactNeed)
            and need.input in absent
            and absent[need.input][household if need.member is None else first + int(need.member)]
        ]
        return assumed_of(self.snapshot.program, dict.fromkeys(resting))

    def _needs(
        self, chunk: Chunk, space: Space, as_of: int, number: int, household: int, member: int
    ) -> tuple[Need, ...]:
        reads = self._rules.get(number) or self._rules.setdefault(number, self._reads(number))
        first, last = int(chunk.offsets[household]), int(chunk.offsets[household + 1])
        subject = 0 if member < 0 else member - first
        program = self.snapshot.program
        own = _values(program.household_inputs, self.layout.household_inputs, reads.household, space, household)
        persons = tuple(
            _values(program.member_inputs, self.layout.member_inputs, reads.member, space, at)
            for at in range(first, last)
        )
        key = (number, as_of, subject, own, persons)
        needs = self._answers.get(key)
        if needs is None:
            if len(self._answers) >= MAX_ANSWERS:
                self._answers.clear()
            needs = self._answers[key] = self._ask(reads, own, persons, subject, as_of)
        return needs

    def _ask(
        self, reads: _Reads, own: tuple[Value, ...], persons: tuple[tuple[Value, ...], ...], subject: int, as_of: int
    ) -> tuple[Need, ...]:
        """The needs of one decision; a member is named by its place among the members."""
        ids = tuple(str(place) for place in range(len(persons)))
        members = tuple(Person(one, facts) for one, facts in zip(ids, persons, strict=True))
        household = Household("", own, members)
        traces = interpreter.trace(reads.snapshot, household, as_of)
        return tuple(dict.fromkeys(need for one in reads.asked for need in unsettled(traces, ids, one, subject)))

    def _reads(self, number: int) -> _Reads:
        program = self.snapshot.program
        wanted = tuple(output.definition for output in program.questions[number])
        names = self.snapshot.dependencies.facts(wanted)
        of_members = tuple(i for i, one in enumerate(program.member_inputs) if one.id in names)
        own = tuple(i for i, one in enumerate(program.household_inputs) if one.id in names)
        part = replace(
            self.snapshot,
            definitions=self.snapshot.needed(wanted),
            program=replace(
                program,
                household_inputs=tuple(program.household_inputs[i] for i in own),
                member_inputs=tuple(program.member_inputs[i] for i in of_members),
            ),
        )
        return _Reads(wanted, part, own, of_members)

    def _missing(self, need: Need, chunk: Chunk, household: int) -> Missing:
        if isinstance(need, FactNeed) and need.member is not None:
            at = int(chunk.offsets[household]) + int(need.member)
            need = FactNeed(need.input, chunk.member_ids[at].as_py())
        return missing_of(need, self.snapshot.program, self.facts)


def _values(
    inputs: tuple[Input, ...],
    columns: tuple[tuple[MemoryColumn, ...], ...],
    read: tuple[int, ...],
    space: Space,
    at: int,
) -> tuple[Value, ...]:
    """The possible values of some inputs of one subject."""
    found: list[Value] = []
    for index in read:
        ends = [int(space.inputs[column.pointer][at]) for column in columns[index]]
        found.append((ends[0], ends[-1]) if isinstance(inputs[index].type, Number | Day) else ends[0])
    return tuple(found)
