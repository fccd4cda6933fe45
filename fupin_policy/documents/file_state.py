"""When the files of a ruleset were changed last: what tells that it has to be read again.

In: a folder. Out: a `FileState` to be compared with a later one. Called by `cli.watching` and `service`.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from fupin_policy.diagnostics import FupinError, Reporter
from fupin_policy.documents.extended_rulesets import with_bases
from fupin_policy.files.bounded import read_files

FileState = frozenset[tuple[str, int, int]]
"""Each file with when it was changed, and its size."""


def file_state(folder: Path) -> FileState:
    """The files of a ruleset and of those that it extends, as far as they can be read."""
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
