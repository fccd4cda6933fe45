"""What a module says about itself, in a custom section: all that a host in any language needs.

In: a `Program` and its layout, or a module's bytes. Out: bytes with the section, or what it says. Called by `module`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fupin_policy.backends.wasm.layout import AS_OF, EXACT, HOUSEHOLDS, OFFSETS, POINTERS, Column, Layout
from fupin_policy.core.program import Input, Program
from fupin_policy.core.snapshot import breakpoints
from fupin_policy.core.types import Code, Day, Number, Truth, Type

ABI = 2
SECTION = "fupin.manifest"


def manifest_of(program: Program, layout: Layout, heap: int) -> dict[str, Any]:
    """The manifest as plain data; `heap` is the first byte of memory that is the host's."""
    inputs = [*program.household_inputs, *program.member_inputs]
    columns = [*layout.household_inputs, *layout.member_inputs]
    return {
        "abi": ABI,
        "ruleset": program.id,
        "digest": program.digest,
        "covers": [program.covers.start, program.covers.end],
        "breakpoints": list(breakpoints(program)),
        "max_members": program.max_members,
        "header": {
            "as_of": AS_OF,
            "households": HOUSEHOLDS,
            "offsets": OFFSETS,
            "exact": EXACT,
            "pointers": POINTERS,
            "length": layout.header,
            "heap": heap,
        },
        "code_lists": {
            name: [{"code": code.code, "name": code.name, "label": code.label} for code in codes.codes]
            for name, codes in program.code_lists.items()
        },
        "inputs": [_input(column, parts) for column, parts in zip(inputs, columns, strict=True)],
        "outputs": [
            {
                "policy": policy.id,
                "level": policy.level,
                "has_amount": policy.has_amount,
                "currency": program.currency if policy.has_amount else None,
                "decimals": program.decimals if policy.has_amount else None,
                "columns": [_column(column) for column in columns],
            }
            for policy, columns in zip(program.policies, layout.outputs, strict=True)
        ],
    }


def _input(column: Input, parts: tuple[Column, ...]) -> dict[str, Any]:
    return {
        "name": column.name,
        "level": column.level,
        "required": column.required,
        "past": column.past,
        "columns": [_column(part) for part in parts],
        **_type(column.type),
    }


def _column(column: Column) -> dict[str, Any]:
    return {"part": column.part, "storage": column.storage, "pointer": column.pointer}


def _type(type_: Type) -> dict[str, Any]:
    match type_:
        case Truth():
            return {"type": "truth"}
        case Number(unit, scale, low, high):
            return {"type": "number", "unit": [list(part) for part in unit], "scale": scale, "range": [low, high]}
        case Day(low, high):
            return {"type": "date", "range": [low, high]}
        case Code(code_list, size):
            return {"type": "code", "code_list": code_list, "size": size}
        case _:
            raise AssertionError(type_)


def with_manifest(wasm: bytes, manifest: dict[str, Any]) -> bytes:
    """The module without names of locals and with the manifest as its last section."""
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    name = SECTION.encode()
    payload = leb128(len(name)) + name + text
    kept = b"".join(whole for kind, section, whole, _ in sections(wasm) if (kind, section) != (0, "name"))
    return wasm[:8] + kept + b"\0" + leb128(len(payload)) + payload


def read_manifest(wasm: bytes) -> dict[str, Any]:
    """What a module says about itself. Raises ValueError if it is none of ours."""
    for kind, section, _, content in sections(wasm):
        if (kind, section) == (0, SECTION):
            found: dict[str, Any] = json.loads(content)
            return found
    raise ValueError(f"no section {SECTION} in the module")


def sections(wasm: bytes) -> Iterator[tuple[int, str, bytes, bytes]]:
    """A module's sections: kind, name of a custom one, the whole section, and a custom one's content."""
    if wasm[:8] != b"\0asm\1\0\0\0":
        raise ValueError("not a WebAssembly module")
    at = 8
    while at < len(wasm):
        kind, start = wasm[at], at
        length, at = _unleb128(wasm, at + 1)
        end = at + length
        if end > len(wasm):
            raise ValueError("the WebAssembly module is cut short")
        name, content = "", at
        if kind == 0:
            size, content = _unleb128(wasm, at)
            name, content = wasm[content : content + size].decode(), content + size
        yield kind, name, wasm[start:end], wasm[content:end]
        at = end


def leb128(value: int) -> bytes:
    """An unsigned integer, seven bits a byte, the lowest first."""
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def _unleb128(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data):
            raise ValueError("the WebAssembly module is cut short")
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
