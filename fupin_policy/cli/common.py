"""What several commands share: exit codes, the ruleset's folder, the date, households from a file, problems shown.

In: parsed arguments. Out: what they stand for. Called by every file of this room.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_policy.diagnostics import Diagnostic, InputError, Reporter, render
from fupin_policy.diagnostics.showing import json_line, tell
from fupin_policy.files.addresses import is_address

if TYPE_CHECKING:
    from fupin_policy.core.evaluation import Evaluation
    from fupin_policy.core.program import Program
    from fupin_policy.diagnostics import Lang
    from fupin_policy.intake import ReadAs
    from fupin_policy.ruleset import Ruleset

FINE, PROBLEMS, USAGE = 0, 1, 2


def given_path(text: str) -> Path:
    """A file or folder that an argument names. Raises InputError for an address, and does not repeat it."""
    return Path(given_name(text))


def given_name(text: str) -> str:
    """The same as a text, for `-` and for revisions."""
    if is_address(text):
        raise InputError.of("B176", "…")
    return text


def given_list(text: str) -> tuple[str, str]:
    """`NAME=TABLE`: a list and the table of its items. Raises InputError for anything else."""
    name, equals, table = text.partition("=")
    if not (equals and name.strip() and table):
        raise InputError.of("B212", "--list")
    return name.strip(), table


def list_argument(command: argparse.ArgumentParser, help: str) -> None:
    """Tables of lists, each with the list's name."""
    command.add_argument("--list", action="append", default=[], type=given_list, metavar="NAME=TABLE", help=help)


def folder_arguments(command: argparse.ArgumentParser) -> None:
    """A ruleset's folder."""
    command.add_argument("folder", nargs="?", type=given_path, help="规则集文件夹 / the ruleset's folder")


def dated_arguments(command: argparse.ArgumentParser) -> None:
    """A date and a language."""
    command.add_argument("--as-of", metavar="DATE", help="基准日，如 2019-06-30 / the date")
    command.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 / language")


def household_arguments(command: argparse.ArgumentParser) -> None:
    """A file of households, a date, a language, and whether anything is assumed of them."""
    dated_arguments(command)
    assuming_arguments(command)
    command.add_argument(
        "file",
        nargs="?",
        default="-",
        type=given_name,
        help="JSON、JSON Lines 或 YAML；- 为标准输入 / - is standard input",
    )


def figure_arguments(command: argparse.ArgumentParser) -> None:
    """Terms to be told beside the decisions."""
    command.add_argument(
        "--figure",
        action="append",
        default=[],
        metavar="NAME",
        help="另外给出一个术语的值，可重复 / also tell the value of a term; may be repeated",
    )


def audience_arguments(command: argparse.ArgumentParser) -> None:
    """Whether policies for other audiences are shown."""
    command.add_argument(
        "--all",
        dest="every",
        action="store_true",
        help="也列出面向其他受众的政策 / also show policies for other audiences",
    )


def assuming_arguments(command: argparse.ArgumentParser) -> None:
    """Whether anything is assumed of facts that are not given."""
    command.add_argument(
        "--assume",
        choices=("declared", "none"),
        default="declared",
        help="没有给出的事实：按规则集写明的当作，或一概不当作 / what is taken of facts not given",
    )


def assumes(arguments: argparse.Namespace) -> bool:
    """Whether what the rules declare is assumed."""
    return bool(arguments.assume == "declared")


def ruleset_folder(arguments: argparse.Namespace) -> Path:
    """The folder asked for, or that of the shipped ruleset."""
    from fupin_policy.ruleset import SHIPPED

    return arguments.ruleset or getattr(arguments, "folder", None) or SHIPPED


def asked_ruleset(arguments: argparse.Namespace) -> Ruleset:
    """The ruleset asked for, with the values that are tried. Raises RulesetError."""
    from fupin_policy.ruleset import load

    return load(ruleset_folder(arguments), settings=arguments.settings)


def asked_program(arguments: argparse.Namespace) -> Program:
    """The same, checked and not compiled. Raises RulesetError."""
    from fupin_policy.ruleset import check_folder

    return check_folder(ruleset_folder(arguments), settings=arguments.settings)


def asked_date(arguments: argparse.Namespace) -> str:
    """The date asked for, or today."""
    from datetime import date

    return arguments.as_of or date.today().isoformat()


def previous_arguments(command: argparse.ArgumentParser) -> None:
    """What was decided of the household before."""
    command.add_argument(
        "--previous",
        type=given_path,
        metavar="FILE",
        help="上一次 fupin eval --format json 的结果，同一户的 / what fupin eval --format json said before",
    )


def continues_argument(command: argparse.ArgumentParser) -> None:
    """Whether months go on as the last one that is given."""
    command.add_argument(
        "--continue",
        dest="continues",
        action="store_true",
        help="最后给出的月份以后，按那个月的值计 / months after the last one given are taken to be as that one",
    )


def read_as(arguments: argparse.Namespace) -> ReadAs:
    """How households are read: what is assumed, and what was decided of the household before. Raises InputError."""
    how: ReadAs = {"assume": assumes(arguments), "continues": getattr(arguments, "continues", False)}
    if arguments.previous is None:
        return how
    found = list(read_households(str(arguments.previous)))
    if len(found) != 1:
        raise InputError.of("H074", str(arguments.previous), problem=f"{len(found)} ≠ 1")
    return {**how, "previous": found[0][1]}


def read_households(name: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """The households of a file or of the standard input: one JSON object, a list of them, JSON Lines, or YAML."""
    from fupin_policy.intake import parse_json

    shown = "<stdin>" if name == "-" else name
    if name == "-" and sys.stdin is None:
        raise InputError.of("B178", shown)
    reporter = Reporter()
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    if _is_yaml(name, raw):
        from fupin_policy.documents import read_plain

        values: list[tuple[str, object]] = [(shown, read_plain(shown, raw, reporter))]
    elif name.lower().endswith(".jsonl") or _is_json_lines(raw):
        lines = [(number, line) for number, line in enumerate(raw.splitlines(), 1) if line.strip()]
        values = [(f"{shown}:{number}", parse_json(line, reporter, shown, number)) for number, line in lines]
    else:
        values = [(shown, parse_json(raw, reporter, shown))]
    reporter.raise_errors(InputError)
    return _each(values)


def _is_yaml(name: str, raw: bytes) -> bool:
    """By the file's ending; where it tells nothing, as through a pipe, JSON is what begins with a bracket."""
    ending = Path(name).suffix.lower()
    if ending in (".yaml", ".yml", ".json", ".jsonl"):
        return ending in (".yaml", ".yml")
    begun = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    return bool(begun) and not begun.startswith((b"{", b"["))


def _each(values: Iterable[tuple[str, object]]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    for place, value in values:
        if isinstance(value, list):
            yield from _each((f"{place}[{index}]", one) for index, one in enumerate(value))
        elif isinstance(value, Mapping):
            yield place, value
        else:
            raise InputError.of("H001", place)


def _is_json_lines(raw: bytes) -> bool:
    lines = [line for line in raw.splitlines() if line.strip()]
    return len(lines) > 1 and all(line.lstrip().startswith(b"{") and line.rstrip().endswith(b"}") for line in lines[:2])


def report(diagnostics: Iterable[Diagnostic], form: str, place: str | None = None) -> int:
    """Problems shown as text or JSON; `place` is the household they are about. Returns the exit code."""
    found = list(diagnostics)
    if form == "json":
        problems = [{**problem.as_json(), **({} if place is None else {"input": place})} for problem in found]
        print_json({"problems": problems})
    else:
        show(found, place)
        many = "problem" if len(found) == 1 else "problems"
        tell(f"共 {len(found)} 个问题 / {len(found)} {many}", file=sys.stderr)
    return PROBLEMS


def show(diagnostics: Iterable[Diagnostic], place: str | None = None) -> None:
    """Problems or warnings as text, on the error stream; `place` is the household they are about."""
    for diagnostic in diagnostics:
        tell(render(diagnostic) if place is None else f"{place}\n{render(diagnostic)}", end="\n\n", file=sys.stderr)


def each_household(
    arguments: argparse.Namespace,
    households: Iterable[tuple[str, Mapping[str, Any]]],
    show: Callable[[Mapping[str, Any]], object],
) -> int:
    """Show something of each household; those with problems are reported. Returns the exit code."""
    result = FINE
    for place, household in households:
        try:
            show(household)
        except InputError as error:
            result = report(error.diagnostics, arguments.format, place)
    return result


def household_text(ruleset: Ruleset, evaluation: Evaluation, lang: Lang, every: bool) -> str:
    """What one household is told: on one screen, or every policy where that is asked for."""
    from fupin_policy.reports.decisions_text import evaluation_text

    if every:
        return evaluation_text(evaluation, ruleset.program, lang, every=True)
    return ruleset.text(evaluation, lang)


def print_json(value: object) -> None:
    """A value as one line of JSON."""
    tell(json_line(value))


def show_result(arguments: argparse.Namespace, data: object, *lines: str) -> int:
    """A result as JSON where that is asked for, else as text. Returns the exit code."""
    if arguments.format == "json":
        print_json(data)
    else:
        for line in lines:
            tell(line)
    return FINE
