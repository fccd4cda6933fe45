"""A whole program as one module: functions for each distinct snapshot; `run` and `missing` pick by date.

In: a `Program`. Out: the module's bytes, the same for the same program. Called by `ruleset`.
What is exported takes and returns nothing: see `layout` for where in `memory` everything stands. `missing` says for one
household which inputs keep each policy and figure open, `check` whether inputs are allowed. The module imports nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import wasmtime

from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Dated, Snapshot, snapshots
from fupin_policy.evaluators.wasm.body import i32
from fupin_policy.evaluators.wasm.checking import check_table, check_text
from fupin_policy.evaluators.wasm.function import Function, ProgramShape, Traced, wanted, write_function
from fupin_policy.evaluators.wasm.layout import AS_OF, EXACT, PAGE, Layout, layout_of
from fupin_policy.evaluators.wasm.lookup import RUNTIME as LOOKUP_RUNTIME
from fupin_policy.evaluators.wasm.lookup import Lookups, lookups_of
from fupin_policy.evaluators.wasm.manifest import manifest_of, with_manifest
from fupin_policy.evaluators.wasm.relevance import Graph, Tables, data_text, stride_of, tables_of, walk_text
from fupin_policy.evaluators.wasm.runtime import RUNTIME

DatedDefinitions = tuple[Dated, ...]


def compile_program(program: Program) -> bytes:
    """The program as a WebAssembly module with its manifest."""
    layout, dated = layout_of(program), snapshots(program)
    text, heap = _module(program, layout, dated)
    return with_manifest(bytes(wasmtime.wat2wasm(text)), manifest_of(program, layout, heap, dated))


def program_text(program: Program) -> str:
    """The module as WAT, for people."""
    return _module(program, layout_of(program), snapshots(program))[0]


def _module(program: Program, layout: Layout, dated: Sequence[Snapshot]) -> tuple[str, int]:
    """The module's text, and where in memory the host's part begins."""
    starts = _starts(program, dated)
    names = {definitions: f"$snapshot{at}" for at, definitions in enumerate(dict.fromkeys(d for _, d in starts))}
    lookups = lookups_of(chain.from_iterable(names))
    graph = Graph(program, lookups)
    numberings = {definitions: graph.add(definitions) for definitions in names}
    allowed, start = check_table(program, layout), (layout.header + 7) // 8 * 8
    tables = tables_of(graph, numberings.values(), start + len(allowed))
    placed = Lookups.of(lookups, tables.end)
    shape = ProgramShape.of(program, layout, placed)
    functions: list[Function] = []
    for definitions, name in names.items():
        traced = Traced(graph, numberings[definitions], tables.trace)
        functions += [
            write_function(shape, name, definitions),
            write_function(shape, f"{name}_exact", definitions, exact=True),
            write_function(shape, f"{name}_traced", definitions, traced=traced),
        ]
    heap = shape.scratch + max((function.scratch for function in functions), default=0) * program.max_members
    heap = (heap + 7) // 8 * 8
    room = layout.room(program.max_members) + len(program.questions) * stride_of(program)
    parts = [
        "(module",
        f'(memory (export "memory") {-(-(heap + room) // PAGE)})',
        data_text(start, allowed + tables.data),
        *([data_text(placed.start, placed.data), LOOKUP_RUNTIME] if placed.data else []),
        RUNTIME,
        check_text(allowed, start),
        walk_text(graph, tables),
        *(function.text for function in functions),
        *_entries(program, [(day, names[definitions]) for day, definitions in starts], tables),
        ")",
    ]
    return "\n".join(parts), heap


def _starts(program: Program, dated: Sequence[Snapshot]) -> list[tuple[int, DatedDefinitions]]:
    """The days on which other definitions begin to hold, with those."""
    starts: list[tuple[int, DatedDefinitions]] = []
    for one in dated:
        definitions = one.needed(wanted(program))
        if not starts or starts[-1][1] != definitions:
            starts.append((one.validity.start, definitions))
    return starts


def _entries(program: Program, starts: list[tuple[int, str]], tables: Tables) -> list[str]:
    """The functions that a host calls."""
    roots = dict(zip(dict.fromkeys(name for _, name in starts), tables.roots, strict=True))

    def run(name: str) -> str:
        return f"(if (i32.load {i32(EXACT)}) (then (call {name}_exact)) (else (call {name})))"

    def missing(name: str) -> str:
        return f"(call {name}_traced) (call $needs {i32(roots[name])})"

    return [
        _by_date(program, "run", [(day, run(name)) for day, name in starts]),
        _by_date(program, "missing", [(day, missing(name)) for day, name in starts]),
    ]


def _by_date(program: Program, export: str, starts: list[tuple[int, str]]) -> str:
    """A function that does what is right for the date; it traps on a day not covered."""
    lines = [f'(func (export "{export}") (local $as_of i32)', f"(local.set $as_of (i32.load {i32(AS_OF)}))"]
    lines.append(f"(if (i32.ge_s (local.get $as_of) {i32(program.covers.end)}) (then unreachable))")
    for day, action in reversed(starts):
        lines.append(f"(if (i32.ge_s (local.get $as_of) {i32(day)}) (then {action} (return)))")
    return "\n".join([*lines, "unreachable)"])
