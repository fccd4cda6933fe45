"""What decisions of a batch rest on of all that was assumed: where they would come out otherwise if nothing were.

In: a chunk decided twice. Out: for each such decision the assumed facts. Called by `evaluate` and `output_layouts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np
import pyarrow as pa

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.chunks import Chunk
from fupin_policy.batch.missing_facts import MissingFacts, Row
from fupin_policy.core.expressions import Level
from fupin_policy.core.item_facts import parts_of_name
from fupin_policy.core.missing import Assumed
from fupin_policy.core.outputs import Output
from fupin_policy.core.program import Program
from fupin_policy.evaluators.wasm.columnar import Space
from fupin_policy.evaluators.wasm.layout import Layout

ASSUMED = pa.field("assumed", pa.list_(pa.string()))
"""A column of the results of rules that declare what is assumed."""


@dataclass(frozen=True, slots=True)
class Resting:
    """By what is told (a policy or figure) and its subject (a household's or a member's row in the chunk) what it rests
    on."""

    facts: dict[tuple[int, int], tuple[Assumed, ...]]

    @classmethod
    def on(
        cls, asker: MissingFacts, chunk: Chunk, space: Space, bare: Space, policies: frozenset[str] | None
    ) -> Resting:
        """Of a chunk decided in `space`, and in `bare` with nothing assumed; of these policies, or all, and figures."""
        rows: list[Row] = []
        for number, outputs in enumerate(asker.program.told):
            first = outputs[0]
            if first.role == "outcome" and policies is not None and first.id not in policies:
                continue
            layout = asker.worker.layout
            otherwise = np.any([_otherwise(one, first.level, layout, chunk, space, bare) for one in outputs], axis=0)
            for at in np.flatnonzero(otherwise).tolist():
                household, member = (int(chunk.owners[at]), at) if first.level == "member" else (at, -1)
                if not chunk.refused[household]:
                    rows.append((number, household, member))
        rows.sort(key=itemgetter(1))
        with chunk.nothing_assumed(space, bare):
            found = list(asker.assumed(chunk, rows))
        keys = [(number, household if member < 0 else member) for number, household, member in rows]
        return cls(dict(zip(keys, found, strict=True)))

    def counts(self, policies: int, program: Program) -> Counter[str]:
        """How many decisions, the first questions, rest on each assumption, such as `在校=否`; of a list's items on one
        of any item."""
        labels = {one.name: one.label for one in program.lists}
        labels |= {one.name: one.label for one in program.facts if one.level in program.item_inputs}
        decided = (facts for (number, _), facts in self.facts.items() if number < policies)
        named = ({_any_item(one, labels).counted for one in facts} for facts in decided)
        return Counter(name for names in named for name in names)

    def rows(self, questions: Array, whose: Array, who: Array) -> pa.Array:
        """The column of rows, each of a question, a household and a member (-1: none)."""
        keys = zip(questions.tolist(), np.where(who < 0, whose, who).tolist(), strict=True)
        return texts([self.facts.get(key, ()) for key in keys])

    def households(self, question: int, of_members: bool, offsets: Array) -> pa.Array:
        """The column of households, each with what a question rests on for any of its members."""
        if not of_members:
            return texts([self.facts.get((question, at), ()) for at in range(len(offsets) - 1)])
        stretches = zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
        return texts([self._of(question, range(first, last)) for first, last in stretches])

    def _of(self, question: int, members: Iterable[int]) -> Iterator[Assumed]:
        return (one for at in members for one in self.facts.get((question, at), ()))


def _any_item(assumed: Assumed, labels: Mapping[str, str]) -> Assumed:
    """What was assumed of an item as if of any of its list: `就诊的急诊`; of anything else as it is."""
    listed, _, fact = parts_of_name(assumed.fact.fact)
    if listed is None:
        return assumed
    return replace(assumed, fact=replace(assumed.fact, label=f"{labels[listed]}的{labels[fact]}"))


def _otherwise(output: Output, level: Level, layout: Layout, chunk: Chunk, space: Space, bare: Space) -> Array:
    """For each subject of a level whether an output of its own, its household's or members' is not the same in both."""
    pairs = ((space.results[one.pointer], bare.results[one.pointer]) for one in layout.outputs[output.definition])
    found: Array = np.any([shown != without for shown, without in pairs], axis=0)
    if output.level == level:
        return found
    if level == "member":
        return found[chunk.owners]
    return np.bincount(chunk.owners[np.flatnonzero(found)], minlength=len(chunk.offsets) - 1) > 0


NOTHING_ASSUMED = Resting({})


def texts(found: Iterable[Iterable[Assumed]]) -> pa.Array:
    """Facts as people read them, `m2.在校=否`, each once."""
    return pa.array([list(dict.fromkeys(one.text for one in facts)) for facts in found], ASSUMED.type)


def assumes(program: Program) -> bool:
    """Whether the rules declare what is taken of some fact that is not given, or that an earlier result tells it."""
    return any(fact.absent is not None or fact.previous is not None for fact in program.facts)
