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
from fupin_policy.diagnostics import FupinError
from fupin_policy.diagnostics.showing import tell

_SECONDS = 0.3
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def watch(folder: Path, each: Callable[[], object], form: str) -> int:
    """Do something now and after each change, until it is interrupted, which is no fault. Returns the exit code."""
    from fupin_policy.documents.file_state import file_state

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
