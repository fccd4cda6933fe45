"""The command about readings of the law: what there are, and for how many households each option changes something.

In: parsed arguments. Out: text or JSON, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fupin_policy.cli.common import asked_ruleset, dated_arguments, show_result
from fupin_policy.cli.registry import asked_job, deciding_arguments, sheet_arguments

if TYPE_CHECKING:
    from fupin_policy.analysis.readings import ReadingAccount
    from fupin_policy.batch.results import RunResult
    from fupin_policy.ruleset import Ruleset


def readings_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin readings` takes."""
    command.add_argument("households", metavar="HOUSEHOLDS", nargs="?", help="户表：各读法影响多少户 / a registry")
    command.add_argument("members", metavar="MEMBERS", nargs="?", help="成员表 / the members' table")
    sheet_arguments(command)
    dated_arguments(command)
    deciding_arguments(command)


def readings(arguments: argparse.Namespace) -> int:
    """`fupin readings`."""
    from fupin_policy.analysis.readings import readings as declared
    from fupin_policy.reports.registers_text import readings_text

    ruleset = asked_ruleset(arguments)
    found, households = declared(ruleset.program), None
    if arguments.households is not None and found:
        found, households = _counted(ruleset, found, arguments)
    said = {"readings": [one.as_json() for one in found]}
    data = said if households is None else {**said, "households": households}
    return show_result(arguments, data, readings_text(found, households, arguments.lang))


def _counted(
    ruleset: Ruleset, found: tuple[ReadingAccount, ...], arguments: argparse.Namespace
) -> tuple[tuple[ReadingAccount, ...], int]:
    """The readings with the households that each option changes; and how many households were decided."""
    from fupin_policy.batch.outcome_comparison import households_changed

    with tempfile.TemporaryDirectory() as folder:
        before, households = _run(ruleset, Path(folder) / "taken", arguments)
        counted = []
        for one in found:
            options = []
            for option in one.options:
                if not option.taken:
                    name = f"{one.name}-{option.name}".replace(".", "-")
                    tried, _ = _run(ruleset.with_values({one.name: option.name}), Path(folder) / name, arguments)
                    option = replace(option, changed=households_changed(before, tried))
                options.append(option)
            counted.append(replace(one, options=tuple(options)))
    return tuple(counted), households


def _run(ruleset: Ruleset, output: Path, arguments: argparse.Namespace) -> tuple[RunResult, int]:
    """Everything decided by some rules, and for how many households."""
    from fupin_policy.batch.evaluate import BatchRequest
    from fupin_policy.batch.results import open_result
    from fupin_policy.batch.run import run
    from fupin_policy.core.decision import Status

    report = run(asked_job(ruleset, arguments, output, BatchRequest(statuses=frozenset(Status)), keep=()))
    return open_result(output, ruleset), report.counts.households - report.counts.households_rejected
