"""The compiled form of a ruleset, kept under the digest of its files.

In: the files of a folder and how to compile them. Out: program and artifact. Called by `ruleset`.
What is kept holds code (a pickle, and machine code), so it is read only where nobody but its owner, who is the one that
reads it, may write: file and folder are held open while that is looked at. Whatever is not as it was written is
compiled anew.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

from fupin_policy.core.program import Program
from fupin_policy.diagnostics.events import events_of, record_event
from fupin_policy.files.bounded import RulesetFiles
from fupin_policy.files.shipped import PACKAGE, shipped

_LOG = events_of("evaluators")
Compiled = tuple[Program, bytes, bytes]

MAX_ENTRIES = 32
MAX_IN_ALL = 256 * 1024 * 1024
_MARK = b"fupin compiled 2\n"
_OTHERS_MAY_WRITE = 0o022
_SUFFIX = ".compiled"


def through(files: RulesetFiles, compile_it: Callable[[], Compiled]) -> Compiled:
    """The compiled ruleset from the cache, or compiled now and kept. A cache that cannot be used is passed over."""
    folder = cache_folder()
    name = None if folder is None else _name(files)
    if folder is None or name is None:
        return compile_it()
    found = _read(folder, name)
    record_event(_LOG, logging.DEBUG, "cache.miss" if found is None else "cache.hit", entry=name)
    if found is not None:
        return found
    compiled = compile_it()
    try:
        _write(folder, name, compiled)
        _prune(folder)
    except OSError as error:
        record_event(_LOG, logging.INFO, "cache.not_written", entry=name, errno=error.errno)
    return compiled


def cache_folder() -> Path | None:
    """Where the platform keeps caches of a user; a relative `XDG_CACHE_HOME` is none. None if there is no place."""
    try:
        found = user_cache_path("fupin_policy", appauthor=False)
    except (OSError, RuntimeError):
        return None
    return found if found.is_absolute() else None


def _name(files: RulesetFiles) -> str | None:
    """The entry of some files: a digest of them, of this library, and of what compiles. Each part with its length."""
    digest = hashlib.sha256()

    def add(*parts: bytes) -> None:
        for part in parts:
            digest.update(len(part).to_bytes(8, "big") + part)

    for layer in files.layers:
        add(b"folder", os.fsencode(layer.folder))
        for file in layer.files:
            if layer.too_many or file.data is None:
                return None
            add(os.fsencode(file.name), file.data)
    add(b"settings", *map(os.fsencode, files.settings))
    add(b"library", *_library(), version("wasmtime").encode(), sys.version.encode())
    return digest.hexdigest() + _SUFFIX


def _library() -> Iterator[bytes]:
    """The files of this package, in which anything may change how a ruleset is compiled, and those of the grammar."""
    for folder in (PACKAGE, shipped("grammar")):
        yield from _states(os.fspath(folder), "")


def _states(folder: str, within: str) -> Iterator[bytes]:
    """The files below a folder in order, each with its size and when it was written."""
    # not by objects for paths: to find them would take longer than to read what is kept
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda one: one.name)
    for entry in entries:
        name = f"{within}{entry.name}"
        if entry.name.endswith((".py", ".json", ".lark")):
            state = entry.stat()
            yield f"{name} {state.st_mtime_ns} {state.st_size}".encode()
        elif entry.is_dir() and entry.name != "__pycache__":
            yield from _states(entry.path, f"{name}/")


def _read(folder: Path, name: str) -> Compiled | None:
    try:
        with _own_folder(folder) as within, _opened(folder / name, within) as handle:
            state = os.fstat(handle)
            if not _is_own(state, stat.S_ISREG) or state.st_size > MAX_IN_ALL:
                return None
            with os.fdopen(os.dup(handle), "rb") as file:
                raw = file.read(state.st_size)
            with suppress(OSError):
                os.utime(folder / name)  # used now: the last to be pruned
    except OSError:
        return None
    start = len(_MARK) + hashlib.sha256().digest_size
    kept = raw[start:]
    if raw[:start] != _MARK + hashlib.sha256(kept).digest():
        return None
    found: Compiled = pickle.loads(kept)
    return found


@contextmanager
def _own_folder(folder: Path) -> Iterator[int | None]:
    """The folder held open, so that no other can take its place; None on systems where folders cannot be opened."""
    if os.open not in os.supports_dir_fd:
        yield None
        return
    with _opened(folder, None, os.O_DIRECTORY) as handle:
        if not _is_own(os.fstat(handle), stat.S_ISDIR):
            raise PermissionError(folder)
        yield handle


@contextmanager
def _opened(path: Path, within: int | None, kind: int = 0) -> Iterator[int]:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path if within is None else path.name, flags | kind, dir_fd=within)
    try:
        yield handle
    finally:
        os.close(handle)


def _is_own(state: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    """Of the kind wanted, ours, and nobody else's to write."""
    if not is_kind(state.st_mode):
        return False
    # where there are no owners in this sense, the user's own folder has to do
    return not hasattr(os, "getuid") or (state.st_uid == os.getuid() and not state.st_mode & _OTHERS_MAY_WRITE)


def _write(folder: Path, name: str, compiled: Compiled) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = pickle.dumps(compiled, protocol=pickle.HIGHEST_PROTOCOL)
    handle, part = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_MARK + hashlib.sha256(kept).digest() + kept)
        os.replace(part, folder / name)
    except OSError:
        Path(part).unlink(missing_ok=True)
        raise


def _prune(folder: Path) -> None:
    """Remove what was used longest ago, of too many entries or too large ones, and what an interrupted run left."""
    entries = [(path, path.stat()) for path in folder.iterdir() if path.is_file()]
    entries.sort(key=lambda entry: entry[1].st_mtime_ns, reverse=True)
    size = 0
    for number, (path, state) in enumerate(entries):
        size += state.st_size
        if number >= MAX_ENTRIES or size > MAX_IN_ALL:
            path.unlink(missing_ok=True)
