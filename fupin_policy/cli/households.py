"""The commands about some households or places: eval, explain, judge, demo.

In: parsed arguments. Out: text or JSON, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse
import sys

from fupin_policy.cli.common import (
    FINE,
    USAGE,
    asked_date,
    figure_arguments,
    household_arguments,
    print_json,
    read_households,
    report,
    ruleset_folder,
)
from fupin_policy.diagnostics import InputError
from fupin_policy.diagnostics.showing import tell


def judge_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin judge` takes."""
    household_arguments(command)
    command.add_argument("--for", dest="kind", default="village", help="地点种类，如 village / the kind of place")


def eval_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin eval` takes."""
    household_arguments(command)
    figure_arguments(command)


def explain_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin explain` takes."""
    household_arguments(command)
    command.add_argument("--policy", help="只说明这一项 / only this policy")


def eval(arguments: argparse.Namespace) -> int:
    """`fupin eval`."""
    from fupin_policy.ruleset import load

    ruleset = load(ruleset_folder(arguments))
    as_of = asked_date(arguments)
    try:
        ruleset.figures_named(arguments.figure)
    except InputError as error:
        report(error.diagnostics, arguments.format)
        return USAGE
    result = FINE
    for place, household in read_households(arguments.file):
        try:
            evaluation = ruleset.evaluate(household, as_of, arguments.figure)
        except InputError as error:
            result = report(error.diagnostics, arguments.format, place)
            continue
        if arguments.format == "json":
            print_json(evaluation.as_json())
        else:
            from fupin_policy.reports.decisions_text import evaluation_text

            tell(evaluation_text(evaluation, arguments.lang))
    return result


def explain(arguments: argparse.Namespace) -> int:
    """`fupin explain`."""
    from fupin_policy.ruleset import load

    ruleset = load(ruleset_folder(arguments))
    as_of = asked_date(arguments)
    try:
        policy = None if arguments.policy is None else ruleset.policy_id(arguments.policy)
    except InputError as error:
        report(error.diagnostics, arguments.format)
        return USAGE
    result = FINE
    for place, household in read_households(arguments.file):
        try:
            found = ruleset.explain(household, as_of, policy)
        except InputError as error:
            result = report(error.diagnostics, arguments.format, place)
            continue
        if arguments.format == "json":
            print_json([explanation.as_json() for explanation in found])
        else:
            tell("\n\n".join(explanation.text(arguments.lang) for explanation in found))
    return result


def judge(arguments: argparse.Namespace) -> int:
    """`fupin judge`."""
    from fupin_policy.reports.registers_text import judgements_text
    from fupin_policy.ruleset import load

    ruleset = load(ruleset_folder(arguments))
    if arguments.kind not in ruleset.program.by_place:
        known = "、".join(ruleset.program.by_place)
        tell(f"没有这类地点的目标 / no targets for {arguments.kind}; {known}", file=sys.stderr)
        return USAGE
    rules, as_of, result = ruleset.of(arguments.kind), asked_date(arguments), FINE
    for place, figures in read_households(arguments.file):
        try:
            found = rules.judge(figures, as_of)
            granted = rules.evaluate(figures, as_of)
        except InputError as error:
            result = report(error.diagnostics, arguments.format, place)
            continue
        if arguments.format == "json":
            print_json({**granted.as_json(), "targets": [one.as_json() for one in found]})
        else:
            tell(judgements_text(granted, found, arguments.lang))
    return result


def demo(arguments: argparse.Namespace) -> int:
    """`fupin demo`."""
    from fupin_policy.cli.demo import run_demo
    from fupin_policy.ruleset import load

    tell(
        run_demo(
            load(ruleset_folder(arguments)), ruleset_folder(arguments), arguments.as_of or "2019-06-30", arguments.lang
        )
    )
    return FINE
