"""`fupin check --watch`: checks again whenever a file of the ruleset, or of one that it extends, has changed.

In: a folder, what is done each time. Out: what that shows, below a line with the time. Called by `cli.rulesets`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from fupin_policy.cli.common import FINE, report
from fupin_policy.diagnostics import FupinError, Reporter
from fupin_policy.diagnostics.showing import tell

_SECONDS = 0.3
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"
FileState = frozenset[tuple[str, int, int]]
"""Each file with when it was changed, and its size."""


def watch(folder: Path, each: Callable[[], object], form: str) -> int:
    """Do something now and after each change, until it is interrupted, which is no fault. Returns the exit code."""
    with suppress(KeyboardInterrupt):
        while True:
            before = file_state(folder)
            if sys.stdout.isatty():
                tell(_CLEAR, end="")
            try:
                each()
            except FupinError as error:
                report(error.diagnostics, form)
            if form == "text":
                said = time.strftime("%H:%M:%S")
                tell(f"{said} 已检查，改了就再检查；按 Ctrl-C 结束 / checked, and again on a change; Ctrl-C ends")
            sys.stdout.flush()
            while file_state(folder) == before:
                time.sleep(_SECONDS)
    return FINE


def file_state(folder: Path) -> FileState:
    """The files of a ruleset and of those that it extends, as far as they can be read."""
    from fupin_policy.documents.extended_rulesets import with_bases
    from fupin_policy.files.bounded import read_files

    folders = {folder}
    with suppress(FupinError, OSError):
        folders |= {one.folder for one in with_bases(read_files(folder), Reporter()).layers}
    found = set()
    for path in {path for one in folders for path in one.rglob("*.yaml")}:
        # it may be gone, or about to be written anew
        with suppress(OSError):
            known = path.stat()
            found.add((str(path), known.st_mtime_ns, known.st_size))
    return frozenset(found)
