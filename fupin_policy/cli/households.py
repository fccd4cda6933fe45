"""The commands about some households or places: eval, explain, judge, demo.

In: parsed arguments. Out: text or JSON, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fupin_policy.cli.common import (
    FINE,
    USAGE,
    asked_date,
    asked_ruleset,
    assumes,
    audience_arguments,
    continues_argument,
    dated_arguments,
    each_household,
    figure_arguments,
    given_path,
    household_arguments,
    household_text,
    previous_arguments,
    read_as,
    read_households,
    report,
    ruleset_folder,
    show_result,
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
    previous_arguments(command)
    continues_argument(command)
    figure_arguments(command)
    audience_arguments(command)


def explain_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin explain` takes."""
    household_arguments(command)
    previous_arguments(command)
    continues_argument(command)
    command.add_argument("--policy", help="只说明这一项 / only this policy")
    figure_arguments(command)
    audience_arguments(command)


def eval(arguments: argparse.Namespace) -> int:
    """`fupin eval`."""
    ruleset = asked_ruleset(arguments)
    as_of, how = asked_date(arguments), read_as(arguments)
    try:
        ruleset.figures_named(arguments.figure)
    except InputError as error:
        report(error.diagnostics, arguments.format)
        return USAGE

    def show(household: Mapping[str, Any]) -> None:
        evaluation = ruleset.evaluate(household, as_of, arguments.figure, **how)
        told = household_text(ruleset, evaluation, arguments.lang, arguments.every)
        show_result(arguments, evaluation.as_json(), told)

    return each_household(arguments, read_households(arguments.file), show)


def explain(arguments: argparse.Namespace) -> int:
    """`fupin explain`."""
    from fupin_policy.prose.audiences import left_out, own_and_others

    ruleset = asked_ruleset(arguments)
    as_of, how = asked_date(arguments), read_as(arguments)
    whole = arguments.every or arguments.format == "json"
    try:
        policy = None if arguments.policy is None else ruleset.policy(arguments.policy).id
        ruleset.figures_named(arguments.figure)
    except InputError as error:
        report(error.diagnostics, arguments.format)
        return USAGE
    named = frozenset(arguments.figure)

    def show(household: Mapping[str, Any]) -> None:
        own, others = own_and_others([] if policy else ruleset.evaluate(household, as_of, **how).decisions)
        # nobody waits for reasons that are not shown
        wanted = policy or (None if whole else [one.policy for one in own])
        decided = ruleset.explain(household, as_of, wanted, **how)
        figures = ruleset.explain_figures(household, as_of, arguments.figure, **how)
        if policy is not None:  # which is asked about alone, but for the figures that are named with it
            figures = [one for one in figures if named.intersection((one.figure.name, *one.figure.figure.words.both))]
        told = {one.decision.policy: one.text(arguments.lang) for one in decided}
        order = [policy] if policy else [one.policy for one in (*own, *others)]
        texts = [told[one] for one in order if one in told]
        texts += [] if whole else left_out(others, arguments.lang)
        texts += [one.text(arguments.lang) for one in figures]
        said = [*(one.as_json() for one in decided), *(one.as_json() for one in figures)]
        show_result(arguments, said, "\n\n".join(texts))

    return each_household(arguments, read_households(arguments.file), show)


def judge(arguments: argparse.Namespace) -> int:
    """`fupin judge`."""
    from fupin_policy.reports.registers_text import judgements_text

    ruleset = asked_ruleset(arguments)
    if arguments.kind not in ruleset.program.by_place:
        known = "、".join(ruleset.program.by_place)
        tell(f"没有这类地点的目标 / no targets for {arguments.kind}; {known}", file=sys.stderr)
        return USAGE
    rules, as_of = ruleset.of(arguments.kind), asked_date(arguments)

    def show(figures: Mapping[str, Any]) -> None:
        assume = assumes(arguments)
        found, granted = rules.judge(figures, as_of, assume=assume), rules.evaluate(figures, as_of, assume=assume)
        data = {**granted.as_json(), "targets": [one.as_json() for one in found]}
        show_result(arguments, data, judgements_text(granted, found, ruleset.program, arguments.lang))

    return each_household(arguments, read_households(arguments.file), show)


def demo_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin demo` takes."""
    dated_arguments(command)
    command.add_argument(
        "-o",
        "--output",
        type=given_path,
        default=Path("fupin-demo"),
        metavar="FOLDER",
        help="写入的文件夹，默认 fupin-demo / where to write",
    )


def demo(arguments: argparse.Namespace) -> int:
    """`fupin demo`."""
    from fupin_policy.analysis.examples import day_of_examples
    from fupin_policy.cli.demo import Demo, commands_text, written_text
    from fupin_policy.files.atomic import check_folder

    output, lang = arguments.output, arguments.lang
    check_folder(output)
    folder = ruleset_folder(arguments)
    day = arguments.as_of or day_of_examples(folder) or asked_date(arguments)
    found = Demo.of(asked_ruleset(arguments), folder, day)
    tell(f"{found.text(lang)}\n")
    found.write(output)
    tell(f"{written_text(output, lang)}\n\n{commands_text(found.commands(output, arguments.ruleset, lang), lang)}")
    return FINE
