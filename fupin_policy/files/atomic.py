"""Files and folders that appear whole or not at all, and take the place of nothing but what this library wrote.

In: where a result goes. Out: a name to write to meanwhile; diagnostics where something else stands there.
Called by every command that writes. A folder carries a marker that lists its files with their digests; a file is known
by a sign inside it, which whoever writes that form knows. What is written meanwhile stands in a folder of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from fupin_policy.diagnostics import InputError

MARKER = ".fupin"
"""The file in a folder that says which of its files were written here, as `{"files": {path: digest}}`."""

PART = ".part"
"""How the folders end in which something is being written."""

_ENDS = 1 << 16
"""How much of a file's beginning and end is looked through for a sign."""

_LARGEST_MARKER = 1 << 26

Own = Callable[[Path], bool]
"""Whether a file is one that this library wrote."""


def never(_: Path) -> bool:
    """The sign of files that are never replaced."""
    return False


def anything(_: Path) -> bool:
    """The sign of files that are replaced on purpose: in a folder that is ours altogether, or by their own contents."""
    return True


def bears(*signs: bytes, at_start: bytes = b"") -> Own:
    """Files that begin in this way and have each of the signs near their beginning or their end."""

    def own(path: Path) -> bool:
        with path.open("rb") as file:
            head = file.read(_ENDS)
            file.seek(max(0, path.stat().st_size - _ENDS))
            tail = file.read(_ENDS)
        return head.startswith(at_start) and all(sign in head or sign in tail for sign in signs)

    return own


def check_file(path: Path, own: Own = never) -> None:
    """Raises InputError where `path` is there and may not be replaced; OSError where it can never be written."""
    if not path.name or path.is_dir():
        raise InputError.of("B170", str(path), file=path)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise InputError.of("B171", str(path), file=path)
    if not own(path):
        raise InputError.of("B172", str(path), file=path)


@contextmanager
def atomic_file(path: Path, own: Own = never, within: Path | None = None) -> Iterator[Path]:
    """A name to write to; when all went well the file is made durable and becomes `path`. Else nothing is left.

    It is written in a new folder beside `path`, or in a folder `within` which somebody else tidies up. Raises
    InputError where `path` is a file without the sign of an own one, and OSError.
    """
    path = path.resolve()
    check_file(path, own)
    with _parents(path), _aside(within or path.parent) as folder:
        aside = folder / "file"
        yield aside
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        check_file(path, own)
        if path.exists():
            shutil.copymode(path, aside)
        os.replace(aside, path)


def check_folder(folder: Path) -> None:
    """Raises InputError where something stands in a folder that was not written here, or was changed afterwards."""
    place = folder.resolve()
    if place == Path.cwd() or place in Path.cwd().parents:
        raise InputError.of("B173", str(folder), folder=folder)
    if folder.exists() and not folder.is_dir():
        raise InputError.of("B174", str(folder), folder=folder)
    if folder.is_dir() and (others := _others(folder)):
        first = others[0].relative_to(folder).as_posix()
        raise InputError.of("B175", str(folder), folder=folder, first=first, count=len(others))


@contextmanager
def atomic_folder(folder: Path, within: Path | None = None) -> Iterator[Path]:
    """A new folder to write to; when all went well it gets a marker and becomes `folder`. Else nothing is left.

    An older result of that name is gone then. `within` as for a file. Raises InputError where anything else stands
    there, and OSError.
    """
    check_folder(folder)
    folder = folder.resolve()
    with _parents(folder), _aside(within or folder.parent) as beside:
        aside = beside / "folder"
        aside.mkdir()
        yield aside
        mark(aside)
        check_folder(folder)
        if folder.exists():
            os.replace(folder, beside / "old")
        os.replace(aside, folder)


def mark(folder: Path, own: Iterable[Path] | None = None) -> None:
    """Write the marker of a folder: these files in it are ours, or all that stands there."""
    files = {one.relative_to(folder).as_posix(): _digest(one) for one in (_files(folder) if own is None else own)}
    (folder / MARKER).write_text(json.dumps({"files": files}, ensure_ascii=False, indent=1), encoding="utf-8")


def marked(folder: Path) -> dict[str, str]:
    """The files of a folder that were written here, with the digests that they had then."""
    marker = folder / MARKER
    try:
        if not stat.S_ISREG(marker.lstat().st_mode) or marker.lstat().st_size > _LARGEST_MARKER:
            return {}
        found = json.loads(marker.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    files = found.get("files") if isinstance(found, dict) else None
    return {str(name): str(digest) for name, digest in files.items()} if isinstance(files, dict) else {}


def _others(folder: Path) -> list[Path]:
    """What in a folder is not just as it was written here, in order."""
    own = marked(folder)
    found = list(_files(folder))
    if not own:
        return [*found, *([folder / MARKER] if (folder / MARKER).is_symlink() or (folder / MARKER).exists() else [])]
    return [one for one in found if own.get(one.relative_to(folder).as_posix()) != _digest(one)]


def _files(folder: Path) -> Iterator[Path]:
    """All in a folder but its marker and what are folders; a link is no folder. An empty folder counts, too."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink() and any(path.iterdir()):
            yield from _files(path)
        elif path.name != MARKER:
            yield path


def _digest(path: Path) -> str:
    """A file's digest; what is no file has none that anything could equal."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """A new folder to write in, which is gone afterwards."""
    aside = Path(tempfile.mkdtemp(prefix=".fupin-", suffix=PART, dir=folder))
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _parents(path: Path) -> Iterator[None]:
    """While it is written, the folders above it are there; those that were not are gone if it fails."""
    made: list[Path] = []
    above = path.parent
    while not above.exists():
        made.append(above)
        above = above.parent
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for folder in made:
            try:
                folder.rmdir()
            except OSError:
                break
        raise


@contextmanager
def locked(path: Path, mode: str, seconds: float = 0) -> Iterator[FileIO]:
    """An open file, not buffered, that nobody else may lock meanwhile; waits so long for another to be done with it.

    Raises BlockingIOError where it is not.
    """
    until = time.monotonic() + seconds
    with FileIO(path, mode) as file:
        while not _lock(file):
            if time.monotonic() >= until:
                raise BlockingIOError(f"{path} is being written")
            time.sleep(0.05)
        if os.fstat(file.fileno()).st_nlink == 0:
            raise BlockingIOError(f"{path} was removed meanwhile")
        yield file


if sys.platform == "win32":
    import msvcrt

    _BEYOND = 1 << 62

    def _lock(file: FileIO) -> bool:
        # a place far beyond the end, so that others can still read
        file.seek(_BEYOND)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: FileIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
