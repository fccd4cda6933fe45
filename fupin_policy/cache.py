"""The compiled form of a ruleset, kept under the digest of its files.

In: a folder and how to compile it. Out: program and artifact. Called by `ruleset`.
The file is the user's own (it is unpickled): one that somebody else owns or may write is not read.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from fupin_policy.core.program import Program

Compiled = tuple[Program, bytes, bytes]
_OTHERS_MAY_WRITE = 0o022


def through(folder: Path, compile_it: Callable[[], Compiled]) -> Compiled:
    """The compiled ruleset from the cache, or compiled now and kept. A cache that cannot be used is passed over."""
    place = _place(folder)
    if place is None:
        return compile_it()
    found = _read(place)
    if found is not None:
        return found
    compiled = compile_it()
    with suppress(OSError):
        _write(place, compiled)
    return compiled


def _place(folder: Path) -> Path | None:
    """Where a folder's compiled form is kept: named after its files, this library, and what compiles it."""
    digest = hashlib.sha256()
    try:
        for path in sorted(folder.rglob("*.yaml"), key=lambda p: p.relative_to(folder).as_posix()):
            digest.update(f"{folder}/{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes() + b"\0")
        for path in sorted(Path(__file__).parent.rglob("*.py")):
            digest.update(f"{path.name} {path.stat().st_mtime_ns} {path.stat().st_size}\0".encode())
    except OSError:
        return None
    digest.update(f"{version('wasmtime')} {sys.version}".encode())
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "fupin_policy" / f"{digest.hexdigest()[:32]}.compiled"


def _read(place: Path) -> Compiled | None:
    try:
        state = place.stat()
        if state.st_mode & _OTHERS_MAY_WRITE or (hasattr(os, "getuid") and state.st_uid != os.getuid()):
            return None
        found = pickle.loads(place.read_bytes())
    except Exception:  # whatever is wrong with a kept file, compiling again is right
        return None
    return found if isinstance(found, tuple) and len(found) == 3 else None


def _write(place: Path, compiled: Compiled) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        pickle.dump(compiled, file, protocol=pickle.HIGHEST_PROTOCOL)
    os.replace(name, place)
