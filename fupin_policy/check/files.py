"""The files of a ruleset to a checked program.

In: the files of a folder with those that it extends. Out: a `Program`. Called by `ruleset`.
"""

from __future__ import annotations

import logging

from fupin_policy.check import check
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Reporter, render
from fupin_policy.documents import documents_of
from fupin_policy.files.bounded import RulesetFiles

_LOG = logging.getLogger("fupin_policy")


def check_files(files: RulesetFiles, reporter: Reporter | None = None) -> Program:
    """The program. Raises RulesetError with every error found.

    Warnings are left in `reporter`; without one they go to the log `fupin_policy`.
    """
    found = Reporter() if reporter is None else reporter
    program = found.result(check(documents_of(files, found), found))
    for warning in found.warnings if reporter is None else ():
        _LOG.warning("%s", render(warning))
    return program
