"""A module's function, called without what the library finds out anew on each call.

In: a function that takes and gives nothing. Out: what calls it. Called by `host`.
The library's own call asks for the function's type each time, which takes longer than nine rules; the C interface that
it stands on does not, and has been the same since version 25. Where a version lacks it, the library's own call is used.
"""

from __future__ import annotations

from collections.abc import Callable
from ctypes import POINTER, byref
from typing import Any

import wasmtime

Call = Callable[[wasmtime.Store], Any]
"""Calls a function in the store where it is. Raises wasmtime.Trap if it traps, wasmtime.WasmtimeError."""


def plain_call(function: wasmtime.Func) -> Call:
    """A call of a function without parameters and results."""
    try:
        from wasmtime import _bindings

        unchecked, handle = _bindings.wasmtime_func_call_unchecked, byref(function._func)
        no_values, trap_pointer = POINTER(_bindings.wasmtime_val_raw_t)(), POINTER(_bindings.wasm_trap_t)
        raised, failed = wasmtime.Trap._from_ptr, wasmtime.WasmtimeError._from_ptr
    except (ImportError, AttributeError):
        return function

    def call(store: wasmtime.Store) -> None:
        trap = trap_pointer()
        error = unchecked(store._context(), handle, no_values, 0, byref(trap))
        if error:
            raise failed(error)
        if trap:
            raise raised(trap)

    return call
