"""All definitions as one WebAssembly function, which loops over households and takes the version that holds.

In: definitions, the layout. Out: WAT text and how much scratch it takes. Called by `module`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Program
from fupin_policy.evaluators.wasm import operators as ops
from fupin_policy.evaluators.wasm.body import get, i32, op
from fupin_policy.evaluators.wasm.layout import AS_OF, ASKED, HOUSEHOLDS, OFFSETS
from fupin_policy.evaluators.wasm.nests import NestCode, loop, loop_locals, set_further_entry
from fupin_policy.evaluators.wasm.shape import ProgramShape
from fupin_policy.evaluators.wasm.writer import FunctionWriter, Stage, pointer_of


def wanted(program: Program) -> list[DefinitionId]:
    """The definitions whose values are outputs, and those in which it is looked for what keeps these open."""
    return program.with_left_open(output.definition for output in program.outputs)


@dataclass(frozen=True, slots=True)
class Function:
    """A function's text, and the bytes of scratch that it takes."""

    text: str
    scratch: int


def write_function(shape: ProgramShape, name: str, *, exact: bool = False, traced: int | None = None) -> Function:
    """The function that works out all definitions.

    With `exact` it takes every fact to be known, and works out one end; with `traced` it looks at the one household
    asked about, and leaves a byte for each node, from that address on.
    """
    writer = FunctionWriter(shape, shape.plan, exact, traced)
    phases = [writer.phase(stage) for stage in range(writer.plan.last + 1)]
    lines = [f"(func {name}", *_locals(writer), *_prologue(writer), *_household_loop(writer, phases), ")"]
    return Function("\n".join(lines), writer.scratch_used)


def _locals(writer: FunctionWriter) -> list[str]:
    fixed = [("$as_of", "i64"), ("$as_of_years", "i64"), ("$as_of_months", "i64")]
    fixed += [(name, "i32") for name in ("$offsets", "$households", "$row", "$mi", "$first", "$last")]
    fixed += [(pointer_of(column), "i32") for column in writer.pointers.values()]
    looped = [*loop_locals(writer.nests_used), *((name, "i32") for name in writer.further_entries)]
    return [f"(local {name} {kind})" for name, kind in [*fixed, *looped, *writer.body.locals]]


def _prologue(writer: FunctionWriter) -> list[str]:
    return [
        f"(local.set $as_of (i64.load32_s {i32(AS_OF)}))",
        f"(local.set $as_of_years {ops.packed('years', get('$as_of'))})",
        f"(local.set $as_of_months {ops.packed('months', get('$as_of'))})",
        *_rows(writer.traced is not None),
        f"(local.set $offsets (i32.load {i32(OFFSETS)}))",
        *(f"(local.set {pointer_of(c)} (i32.load {i32(c.pointer)}))" for c in writer.pointers.values()),
        *map(set_further_entry, writer.further_entries.values()),
    ]


def _rows(only_asked: bool) -> list[str]:
    every = f"(local.set $households (i32.load {i32(HOUSEHOLDS)}))"
    if not only_asked:
        return [every]
    return [
        every,
        f"(local.set $row (i32.load {i32(ASKED)}))",
        "(if (i32.ge_u (local.get $row) (local.get $households)) (then unreachable))",
        "(local.set $households (i32.add (local.get $row) (i32.const 1)))",
    ]


def _household_loop(writer: FunctionWriter, phases: Sequence[Stage]) -> list[str]:
    shape, inner = writer.shape, list[str]()
    for number, (household, nests) in enumerate(phases):
        inner += household
        for at, (nest, lines, after) in enumerate(nests):
            name = f"stage{number}" if at == 0 else f"stage{number}_nest{at}"
            inner += NestCode(nest, lines, after).text(name, shape.nests, writer.exact)
    here = op("i32.add", get("$offsets"), op("i32.shl", get("$row"), i32(2)))
    bounds = [
        f"(local.set $first (i32.load {here}))",
        f"(local.set $last (i32.load offset=4 {here}))",
        f"(if (i32.gt_u (i32.sub (local.get $last) (local.get $first)) {i32(shape.program.max_members)})"
        " (then unreachable))",
    ]
    return loop("households", "$row", get("$households"), [*bounds, *inner])
