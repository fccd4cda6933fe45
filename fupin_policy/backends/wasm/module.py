"""A whole program as one module: a function for each distinct snapshot, and `run`, which picks by date.

In: a `Program`. Out: the module's bytes, the same for the same program. Called by `ruleset`.
`run` takes and returns nothing: see `layout` for where in `memory` everything stands. The module imports nothing.
"""

from __future__ import annotations

import wasmtime

from fupin_policy.backends.wasm.body import i32
from fupin_policy.backends.wasm.function import Function, Shape, write_function
from fupin_policy.backends.wasm.layout import AS_OF, EXACT, PAGE, layout_of
from fupin_policy.backends.wasm.manifest import manifest_of, with_manifest
from fupin_policy.backends.wasm.plan import needed
from fupin_policy.backends.wasm.runtime import RUNTIME
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Dated, breakpoints, snapshot

_SUFFIX = "_exact"
"""Of the second function of a snapshot, for households of which everything is known."""


def compile_program(program: Program) -> bytes:
    """The program as a WebAssembly module with its manifest."""
    layout = layout_of(program)
    text, heap = _module(program)
    return with_manifest(bytes(wasmtime.wat2wasm(text)), manifest_of(program, layout, heap))


def program_text(program: Program) -> str:
    """The module as WAT, for people."""
    return _module(program)[0]


def _module(program: Program) -> tuple[str, int]:
    """The module's text, and where in memory the host's part begins."""
    layout = layout_of(program)
    shape = Shape.of(program, layout)
    names: dict[tuple[Dated, ...], str] = {}
    starts: list[tuple[int, str]] = []
    for day in breakpoints(program):
        definitions = needed(snapshot(program, day).definitions, shape.wanted)
        name = names.setdefault(definitions, f"$snapshot{len(names)}")
        if not starts or starts[-1][1] != name:
            starts.append((day, name))
    functions = [
        write_function(shape, f"{name}{_SUFFIX if exact else ''}", definitions, exact)
        for definitions, name in names.items()
        for exact in (False, True)
    ]
    heap = shape.scratch + _scratch(functions) * program.max_members
    heap = (heap + 7) // 8 * 8
    pages = -(-(heap + layout.room(program.max_members)) // PAGE)
    parts = [
        "(module",
        f'(memory (export "memory") {pages})',
        RUNTIME,
        *(function.text for function in functions),
        _run(program, starts),
        ")",
    ]
    return "\n".join(parts), heap


def _scratch(functions: list[Function]) -> int:
    return max((function.scratch for function in functions), default=0)


def _run(program: Program, starts: list[tuple[int, str]]) -> str:
    lines = ['(func (export "run") (local $as_of i32)', f"(local.set $as_of (i32.load {i32(AS_OF)}))"]
    lines.append(f"(if (i32.ge_s (local.get $as_of) {i32(program.covers.end)}) (then unreachable))")
    for day, name in reversed(starts):
        choice = f"(if (i32.load {i32(EXACT)}) (then (call {name}{_SUFFIX})) (else (call {name})))"
        lines.append(f"(if (i32.ge_s (local.get $as_of) {i32(day)}) (then {choice} (return)))")
    return "\n".join([*lines, "unreachable)"])
