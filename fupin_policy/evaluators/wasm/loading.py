"""A module made ready by wasmtime, compiled now or before.

In: a module's bytes, and what an earlier compilation left. Out: wasmtime's module. Called by `host` and `columnar`.
"""

from __future__ import annotations

import wasmtime


def module_of(engine: wasmtime.Engine, wasm: bytes, serialized: bytes | None) -> wasmtime.Module:
    """From what was serialized if this wasmtime can use it, else compiled anew."""
    if serialized is not None:
        try:
            return wasmtime.Module.deserialize(engine, serialized)
        except wasmtime.WasmtimeError:
            pass
    return wasmtime.Module(engine, wasm)
