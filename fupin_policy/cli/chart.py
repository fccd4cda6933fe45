"""The command `chart`: total and single benefits along one fact, as a drawing, as text or as JSON.

In: parsed arguments. Out: a file, text or JSON, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_policy.cli.common import (
    asked_date,
    asked_ruleset,
    assumes,
    each_household,
    given_path,
    household_arguments,
    read_households,
    show_result,
)
from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.files.atomic import atomic_file, bears, check_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fupin_policy.analysis.sensitivity.segments import Sensitivity
    from fupin_policy.reports.sweep_text import SweepReport
    from fupin_policy.ruleset import Ruleset


OWN_DRAWING = bears(b"fupin-policy")
"""Drawings name what they were made by."""


def chart_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin chart` takes."""
    household_arguments(command)
    command.add_argument(
        "--vary", metavar="FACT", required=True, help="哪项事实，如 家庭纯收入、m1.出生日期 / the fact"
    )
    command.add_argument("--from", dest="first", metavar="VALUE", help="从多少起 / the least value")
    command.add_argument("--to", dest="last", metavar="VALUE", help="到多少为止 / the greatest value")
    command.add_argument("-o", "--output", type=given_path, metavar="FILE", help="画成 .svg 或 .png / draw it")


def chart(arguments: argparse.Namespace) -> int:
    """`fupin chart`."""

    households = list(read_households(arguments.file))
    _check_output(arguments.output, len(households))
    ruleset = asked_ruleset(arguments)
    return each_household(arguments, households, lambda one: _show(_found(ruleset, one, arguments), ruleset, arguments))


def _check_output(output: Path | None, count: int) -> None:
    reporter = Reporter()
    if output is not None and output.suffix.lower() not in (".svg", ".png"):
        reporter.report("H086", "-o", file=output)
    if output is not None and count != 1:
        reporter.report("H087", "-o", count=count)
    reporter.raise_errors(InputError)
    if output is not None:
        check_file(output, OWN_DRAWING)


def _found(ruleset: Ruleset, household: Mapping[str, Any], arguments: argparse.Namespace) -> Sensitivity:
    """What changes along the fact: over the bounds asked for, or around all that changes."""
    from fupin_policy.analysis.sensitivity.cliffs import window
    from fupin_policy.analysis.sensitivity.segments import over_codes, over_values, within
    from fupin_policy.analysis.sensitivity.sweep_variable import asked, bounds
    from fupin_policy.core.types import Day, Number

    read, day = ruleset.read(household, asked_date(arguments), assume=assumes(arguments))
    varied = asked(arguments.vary, ruleset.snapshot(asked_date(arguments)), read)
    whole = bounds(varied, day, arguments.first, arguments.last)
    if not isinstance(varied.fact.type, Number | Day):
        return over_codes(ruleset, read, day, varied)
    found = over_values(ruleset, read, day, varied, whole)
    near = window(found, whole)
    part = (near[0] if arguments.first is None else whole[0], near[1] if arguments.last is None else whole[1])
    return within(found, ruleset, read, day, part)


def _show(found: Sensitivity, ruleset: Ruleset, arguments: argparse.Namespace) -> None:
    from fupin_policy.analysis.sensitivity.cliffs import Money
    from fupin_policy.reports.sweep_text import SweepReport

    money = Money.of(found, ruleset.snapshot(asked_date(arguments)))
    report = SweepReport(money, ruleset.program, arguments.lang)
    if arguments.output is not None:
        _draw(report, arguments.output)
    told = report.text() if arguments.output is None else str(arguments.output)
    show_result(arguments, report.as_json(), told)


def _draw(report: SweepReport, output: Path) -> None:
    from fupin_policy.reports.charts import draw

    with atomic_file(output, OWN_DRAWING) as aside:
        draw(report, aside, output.suffix.lower()[1:])
