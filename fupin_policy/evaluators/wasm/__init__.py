"""CORE as one WebAssembly module, and its host for one household.

In: a `Program`. Out: the module's bytes; with them an evaluator that gives `Findings`. Called by `batch`, `c_library`,
`cli`, `editor`, `ruleset`.
Imports `core`, `decisions`, `diagnostics`.
"""

from __future__ import annotations

from fupin_policy.evaluators.wasm.explanations import read_explanations, with_explanations
from fupin_policy.evaluators.wasm.host import WasmEvaluator
from fupin_policy.evaluators.wasm.layout import Layout, MemoryColumn, layout_of
from fupin_policy.evaluators.wasm.manifest import data_of, read_manifest
from fupin_policy.evaluators.wasm.module import compile_program, program_text

__all__ = [
    "Layout",
    "MemoryColumn",
    "WasmEvaluator",
    "compile_program",
    "data_of",
    "layout_of",
    "program_text",
    "read_explanations",
    "read_manifest",
    "with_explanations",
]
