"""Households that are not decided, as their data cannot be right.

In: what was found of a household as it was given, with nothing assumed. Out: diagnostics. Called by `ruleset`.
"""

from __future__ import annotations

from collections.abc import Callable

from fupin_policy.core.household import Household
from fupin_policy.core.outputs import DataCheck, FigureDecl
from fupin_policy.core.possible import FALSE
from fupin_policy.core.program import Program
from fupin_policy.core.traces import Findings
from fupin_policy.diagnostics import Reporter


def report_violations(
    program: Program, household: Household, findings: Callable[[Household], Findings], reporter: Reporter
) -> Findings | None:
    """Report each check that rejects and surely does not hold, whatever may be assumed: of a member at its place.

    Out: what was found of the household as it is given; None where no check rejects, as then nothing is asked.
    """
    rejecting = [(figure, check) for figure, check in program.checks if check.severity == "reject"]
    if not rejecting:
        return None
    found = findings(household.given or household)
    for figure, check in rejecting:
        for subject, value in enumerate(found.further[program.figures.index(figure)]):
            if value == FALSE:
                whose = f"members[{subject}]." if figure.level == "member" else ""
                reporter.report("H073", whose + figure.words.zh, **violation_words(figure, check))
    return found


def violation_words(figure: FigureDecl, check: DataCheck) -> dict[str, str]:
    """What a message says of a check that does not hold."""
    said = check.words
    return {"name": figure.words.zh, "name_en": figure.words.en, "words": said.zh, "words_en": said.en}
