"""A folder that is worked on beside its place, under a name that says so, and is put there when all is done.

In: where the folder goes. Out: a folder to work in; diagnostics where something else stands there. Called by commands
of which much is lost when they are interrupted: what is worth keeping is kept, and the same command goes on with it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from fupin_policy.diagnostics import InputError
from fupin_policy.files.atomic import MARKER, PART, check_folder, locked, mark

UNFINISHED = ".未完成"
"""How the folder's name ends while it is worked on."""
LOCK, NOTE = ".fupin-unfinished", "没有算完.txt"
"""What stands in it meanwhile: a file that is locked, and what says how to go on."""


def unfinished(folder: Path) -> Path:
    """The folder beside it in which it is worked on."""
    return folder.with_name(folder.name + UNFINISHED)


@contextmanager
def finished_folder(folder: Path, note: str, is_kept: Callable[[Path], bool]) -> Iterator[Path]:
    """A folder to work in that becomes `folder` when all went well, marked as ours; else `folder` is as it was.

    When it fails, what `is_kept` of the files and folders in it stays for the next time, with a `note` of how to go on;
    the folder is gone where nothing does. Of what a killed process left the same is kept.

    Raises InputError where anything else stands in one of the two, or another process works there; OSError.
    """
    folder = folder.resolve()
    aside = unfinished(folder)
    check_folder(folder)
    if not (aside / LOCK).is_file():
        check_folder(aside)
    aside.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(aside / LOCK, "ab"))
        except BlockingIOError:
            raise InputError.of("B177", str(aside), work=aside) from None
        try:
            _keep(aside, is_kept)
            (aside / NOTE).write_text(note, encoding="utf-8")
            yield aside
            mark(aside, [one for one in aside.rglob("*") if one.is_file() and one.name not in (LOCK, NOTE, MARKER)])
            check_folder(folder)
        except BaseException:
            _keep(aside, is_kept)
            stack.close()
            if {one.name for one in aside.iterdir()} <= {LOCK, NOTE}:
                shutil.rmtree(aside, ignore_errors=True)
            raise
    # from here on it is whole: with neither lock nor note it is known by its mark
    for name in (NOTE, LOCK):
        (aside / name).unlink()
    _put(aside, folder)


def _keep(aside: Path, is_kept: Callable[[Path], bool]) -> None:
    """Remove all that is not kept."""
    for path in aside.iterdir():
        if path.name in (LOCK, NOTE) or is_kept(path):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _put(aside: Path, folder: Path) -> None:
    """Put a folder in the place of an older one, which is gone then."""
    if not folder.exists():
        os.replace(aside, folder)
        return
    older = Path(tempfile.mkdtemp(prefix=".fupin-", suffix=PART, dir=folder.parent))
    os.replace(folder, older / "older")
    os.replace(aside, folder)
    with suppress(OSError):
        shutil.rmtree(older)
