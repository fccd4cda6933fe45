"""The files of a ruleset to a checked program.

In: the files of a folder with those that it extends. Out: a `Program`. Called by `ruleset`.
"""

from __future__ import annotations

import logging
from time import perf_counter

from fupin_policy.check import check
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Reporter, render
from fupin_policy.diagnostics.events import events_of, record_event
from fupin_policy.documents import documents_of
from fupin_policy.files.bounded import RulesetFiles

_WARNINGS = logging.getLogger("fupin_policy")
"""What is said of a ruleset that was loaded; where nobody handles it, logging shows it on the error stream."""
_LOG = events_of("check")


def check_files(files: RulesetFiles, reporter: Reporter | None = None) -> Program:
    """The program. Raises RulesetError with every error found.

    Warnings are left in `reporter`; without one they go to the log `fupin_policy`.
    """
    found, start = Reporter() if reporter is None else reporter, perf_counter()
    program = found.result(check(documents_of(files, found), found))
    for warning in found.warnings if reporter is None else ():
        _WARNINGS.warning("%s", render(warning))
    told = {"ruleset": program.id, "digest": program.digest, "seconds": round(perf_counter() - start, 3)}
    record_event(_LOG, logging.INFO, "ruleset.checked", **told, warnings=len(found.warnings))
    return program
