"""The last section of a module: the SHA-256 of all that stands before it, by which every host knows a changed file.

In: a module's bytes. Out: the bytes with the section, or a diagnostic. Called by `module` and `manifest`.
It keeps out what happened to a file, not who means harm: whoever changes a file can also write another checksum. Who
made it is told by the digest that its maker published.
"""

from __future__ import annotations

import hashlib

from fupin_policy.diagnostics import FupinError

_NAME = b"fupin.checksum"
_SIZE = hashlib.sha256().digest_size
_HEAD = bytes([0, 1 + len(_NAME) + _SIZE, len(_NAME)]) + _NAME
"""A custom section's kind, length and name."""

LENGTH = len(_HEAD) + _SIZE
"""How many bytes the section takes."""
PLACE = "<wasm>"
"""Where faults of a module stand, which has no lines."""


def with_checksum(wasm: bytes) -> bytes:
    """The module with its checksum as the last section."""
    return wasm + _HEAD + hashlib.sha256(wasm).digest()


def verify(wasm: bytes) -> None:
    """Raises FupinError for what is no module of ours, or has been changed since it was compiled."""
    if wasm[:8] != b"\0asm\1\0\0\0":
        raise FupinError.of("C020", PLACE)
    if wasm[-LENGTH:-_SIZE] != _HEAD:
        raise FupinError.of("C021", PLACE)
    if hashlib.sha256(wasm[:-LENGTH]).digest() != wasm[-_SIZE:]:
        raise FupinError.of("C022", PLACE)
