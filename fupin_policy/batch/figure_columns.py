"""Figures in a module's memory as columns of Arrow tables, beside the decisions.

In: a decided chunk. Out: columns named `figure.NAME…`. Called by `output_layouts`.
A number or date has two columns, its least and its greatest value; a truth one, null where it is unknown; a code one
text of all that it may be. Where rows are households, a member's figure is a list of texts, in the order of members.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.assumed_columns import ASSUMED, Resting, assumes
from fupin_policy.batch.buffers import Array
from fupin_policy.batch.chunks import Chunk
from fupin_policy.core.outputs import FigureDecl
from fupin_policy.core.possible import TRUE, UNKNOWN
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day, Number, Truth
from fupin_policy.evaluators.wasm.columnar import Space
from fupin_policy.evaluators.wasm.layout import Layout, MemoryColumn

DIGITS = 19
"""Of the largest number of 64 bits."""


@dataclass(frozen=True, slots=True)
class FigureColumns:
    """The figures of a program, and where in memory they stand."""

    program: Program
    layout: Layout

    def of_rows(self, space: Space, whose: Array, who: Array, resting: Resting) -> dict[str, pa.Array]:
        """The columns for rows of households (`whose`) or of their members (`who`, else -1).

        A member's figure is null in the row of a household.
        """
        found: dict[str, pa.Array] = {}
        for question, figure, columns in self._all():
            of_members = figure.level == "member"
            at, none = (np.maximum(who, 0), who < 0) if of_members else (whose, np.zeros(len(whose), bool))
            # of no members at all there is nothing to take, and every row is null
            ends = [space.results[one.pointer] for one in columns]
            taken = [end[at] if len(end) else np.zeros(len(at), end.dtype) for end in ends]
            found |= self._typed(figure, taken, none)
            if assumes(self.program):
                subjects = who if of_members else np.full(len(who), -1)
                texts = resting.rows(np.full(len(who), question), np.where(none, -1, whose), subjects)
                found[f"{name_of(figure)}.{ASSUMED.name}"] = texts
        return found

    def of_households(self, space: Space, chunk: Chunk, resting: Resting) -> dict[str, pa.Array]:
        """The columns for all households of a chunk, the members' figures as lists."""
        found: dict[str, pa.Array] = {}
        for question, figure, columns in self._all():
            values = [space.results[one.pointer] for one in columns]
            typed = self._typed(figure, values, np.zeros(len(values[0]), bool))
            if figure.level == "member":
                typed = {name_of(figure): _listed(list(typed.values()), chunk.offsets)}
            found |= typed
            if assumes(self.program):
                texts = resting.households(question, figure.level == "member", chunk.offsets)
                found[f"{name_of(figure)}.{ASSUMED.name}"] = texts
        return found

    def _all(self) -> Iterator[tuple[int, FigureDecl, tuple[MemoryColumn, ...]]]:
        """The figures, each with the number of its question."""
        numbered = enumerate(self.program.figures, len(self.program.policies))
        return ((number, figure, self.layout.outputs[figure.definition]) for number, figure in numbered)

    def _typed(self, figure: FigureDecl, ends: list[Array], none: Array) -> dict[str, pa.Array]:
        name = name_of(figure)
        match figure.type:
            case Truth():
                return {name: pa.array(ends[0] == TRUE, mask=none | (ends[0] == UNKNOWN))}
            case Code(code_list):
                labels = [code.label for code in self.program.code_lists[code_list].codes]
                masks, places = np.unique(ends[0], return_inverse=True)
                texts = ["或".join(said for at, said in enumerate(labels) if int(mask) >> at & 1) for mask in masks]
                return {name: pa.array(texts, pa.string()).take(pa.array(places.astype(np.int64), mask=none))}
            case _:
                return {
                    f"{name}.{part}": _end(figure, end, none) for part, end in zip(("min", "max"), ends, strict=True)
                }


def name_of(figure: FigureDecl) -> str:
    """What the columns of a figure begin with: no policy and no fact is called so."""
    return f"figure.{figure.name}"


def _end(figure: FigureDecl, values: Array, none: Array) -> pa.Array:
    """Days as dates, numbers as exact decimals in their unit."""
    if isinstance(figure.type, Day):
        return pa.array(values.astype("datetime64[D]"), mask=none)
    assert isinstance(figure.type, Number)
    both = np.stack([values, values >> 63], axis=1)
    kind = pa.decimal128(DIGITS, figure.decimals)
    found = pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(both))])
    return pc.if_else(pa.array(none), pa.scalar(None, kind), found)


def _listed(ends: list[pa.Array], offsets: Array) -> pa.Array:
    """Values of members as lists of texts: `a`, or `a..b` where there are two ends."""
    low, *others = [pc.fill_null(one.cast(pa.string()), "unknown") for one in ends]
    for high in others:
        low = pc.if_else(pc.equal(low, high), low, pc.binary_join_element_wise(low, high, ".."))
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), low)
