"""A function of a module called by the C interface and by the library: the same comes of both."""

from __future__ import annotations

import pytest
import wasmtime

from fupin_policy.evaluators.wasm.calls import plain_call

COUNTS_TO_TWO = """
(module (memory (export "memory") 1)
  (func (export "run")
    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
    (if (i32.gt_u (i32.load (i32.const 0)) (i32.const 2)) (then unreachable))))
"""


@pytest.mark.parametrize("without", [None, "wasmtime_func_call_unchecked", "wasmtime_val_raw_t", "wasm_trap_t"])
def test_what_a_call_does_is_seen_and_what_traps_is_raised(
    monkeypatch: pytest.MonkeyPatch, without: str | None
) -> None:
    if without is not None:
        monkeypatch.delattr(f"wasmtime._bindings.{without}")
    store = wasmtime.Store()
    exports = wasmtime.Instance(store, wasmtime.Module(store.engine, COUNTS_TO_TWO), []).exports(store)
    run, memory = exports["run"], exports["memory"]
    assert isinstance(run, wasmtime.Func) and isinstance(memory, wasmtime.Memory)
    call = plain_call(run)
    assert (call is run) is (without is not None)
    for expected in (1, 2):
        assert call(store) is None
        assert memory.read(store, 0, 4) == bytearray([expected, 0, 0, 0])
    for _ in range(2):
        with pytest.raises(wasmtime.Trap) as trap:
            call(store)
        assert trap.value.trap_code is wasmtime.TrapCode.UNREACHABLE
