"""What hosts explain by, in a section of its own: a module has it where it was asked for, and is small otherwise.

In: a module's bytes and plain data, or a module's bytes. Out: bytes with the section, or what it says. Called by
`ruleset`.
"""

from __future__ import annotations

import json
from typing import Any

from fupin_policy.evaluators.wasm.checksum import LENGTH, verify, with_checksum
from fupin_policy.evaluators.wasm.manifest import leb128, sections

EXPLANATIONS = "fupin.explanations"


def with_explanations(wasm: bytes, data: dict[str, Any]) -> bytes:
    """The module with what it explains by before a new checksum. Raises FupinError if it is none of ours."""
    verify(wasm)
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()
    name = EXPLANATIONS.encode()
    payload = leb128(len(name)) + name + text
    return with_checksum(wasm[:-LENGTH] + b"\0" + leb128(len(payload)) + payload)


def read_explanations(wasm: bytes) -> dict[str, Any] | None:
    """What a module explains by; None where it was compiled without. Raises FupinError if it is none of ours."""
    verify(wasm)
    found: dict[str, Any] | None = None
    for kind, section, _, content in sections(wasm):
        if (kind, section) == (0, EXPLANATIONS):
            found = json.loads(content)
    return found
