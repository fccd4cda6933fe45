"""A whole program as one module, in which each version of a definition stands once; `run` and `missing` pick by date.

In: a `Program`. Out: the module's bytes, the same for the same program. Called by `ruleset`.
What is exported takes and returns nothing: see `layout` for where in `memory` everything stands. `missing` says for one
household which inputs keep each policy and figure open, `check` whether inputs are allowed. The module imports nothing.
"""

from __future__ import annotations

import wasmtime

from fupin_policy.core.history import definitions_over_time
from fupin_policy.core.program import Program
from fupin_policy.evaluators.wasm.body import i32
from fupin_policy.evaluators.wasm.dating import DatedWords
from fupin_policy.evaluators.wasm.function import wanted, write_function
from fupin_policy.evaluators.wasm.layout import EXACT, PAGE, Layout, layout_of
from fupin_policy.evaluators.wasm.list_walk import list_tables, list_walk_text
from fupin_policy.evaluators.wasm.lookup import RUNTIME as LOOKUP_RUNTIME
from fupin_policy.evaluators.wasm.lookup import Lookups, lookups_of
from fupin_policy.evaluators.wasm.manifest import manifest_of, with_manifest
from fupin_policy.evaluators.wasm.needs import NeedsLayout
from fupin_policy.evaluators.wasm.nests import Nests
from fupin_policy.evaluators.wasm.relevance import Graph, data_text, tables_of, walk_text
from fupin_policy.evaluators.wasm.runtime import RUNTIME
from fupin_policy.evaluators.wasm.shape import ProgramShape
from fupin_policy.evaluators.wasm.value_checks import check_table, check_text
from fupin_policy.evaluators.wasm.versions import compiled_versions


def compile_program(program: Program) -> bytes:
    """The program as a WebAssembly module with its manifest."""
    layout = layout_of(program)
    text, heap = module_text(program, layout)
    return with_manifest(bytes(wasmtime.wat2wasm(text)), manifest_of(program, layout, heap))


def program_text(program: Program) -> str:
    """The module as WAT, for people."""
    return module_text(program, layout_of(program))[0]


def module_text(program: Program, layout: Layout) -> tuple[str, int]:
    """The module's text, and where in memory the host's part begins."""
    found = compiled_versions(definitions_over_time(program, wanted(program)), program.covers)
    words = DatedWords.of(found.steps, _aligned(layout.header))
    lookups = lookups_of(expr for one in found.definitions for expr in one.versions)
    placed = Lookups.of(lookups, words.end)
    allowed, start = check_table(program, layout), _aligned(placed.start + len(placed.data))
    graph = Graph(program, Nests.of(program, layout), lookups, words)
    for definition in found.definitions:
        graph.add(definition)
    plain = graph.is_plain and not program.lists
    tables = tables_of(graph, start + len(allowed)) if plain else list_tables(graph, layout, start + len(allowed))
    shape = ProgramShape.of(program, layout, found, graph, placed, tables.end)
    functions = [
        write_function(shape, "$possible"),
        write_function(shape, "$exact", exact=True),
        write_function(shape, "$traced", traced=tables.trace),
    ]
    heap = _aligned(shape.scratch + max(function.scratch for function in functions))
    room = layout.room(program.max_members) + len(program.questions) * NeedsLayout.of(program).stride
    parts = [
        "(module",
        f'(memory (export "memory") {-(-(heap + room) // PAGE)})',
        data_text(words.start, words.data + placed.data),  # the first segment is all that `run` reads
        data_text(start, allowed + tables.data),
        *([LOOKUP_RUNTIME] if placed.data else []),
        RUNTIME,
        words.text(program.covers),
        check_text(allowed, start, layout.lists),
        walk_text(graph, tables) if plain else list_walk_text(graph, tables),
        *(function.text for function in functions),
        _ENTRIES,
        ")",
    ]
    return "\n".join(parts), heap


def _aligned(address: int) -> int:
    return (address + 7) // 8 * 8


_ENTRIES = f"""
(func (export "run")
  (call $pick)
  (if (i32.load {i32(EXACT)}) (then (call $exact)) (else (call $possible))))

(func (export "missing")
  (call $pick)
  (call $traced)
  (call $needs))
"""
