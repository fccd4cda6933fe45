"""A C library made from a compiled ruleset: one header, no runtime, no allocation.

In: a module's bytes. Out: C texts. Called by `cli`; knows nothing of a ruleset but its manifest.
Imports `diagnostics`, `evaluators.wasm`, `files`, `intake`.
"""

from fupin_policy.c_library.library import c_library
from fupin_policy.c_library.translation import wasm2c

__all__ = ["c_library", "wasm2c"]
