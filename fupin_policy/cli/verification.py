"""The commands that prove: `check --prove` and `diff`.

In: parsed arguments. Out: text or JSON, an exit code. Called by `cli.main` and `rulesets`.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fupin_policy.cli.common import (
    FINE,
    PROBLEMS,
    USAGE,
    asked_date,
    given_name,
    given_path,
    list_argument,
    print_json,
    ruleset_folder,
    show_result,
)
from fupin_policy.core.bilingual import counted
from fupin_policy.core.days import to_date
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import InputError
from fupin_policy.diagnostics.showing import tell

if TYPE_CHECKING:
    from fupin_policy.ruleset import Ruleset

MEMBERS = 3
SECONDS = 600
EVERY = 2
"""Seconds between two lines of progress."""


def members_argument(command: argparse.ArgumentParser) -> None:
    """Up to how many members a household is looked at."""
    command.add_argument(
        "--members",
        type=_members,
        default=MEMBERS,
        metavar="N",
        help="户的人数上限，默认 3 / households of up to N members",
    )


def _members(text: str) -> int:
    """A size of household to look at, at least 1."""
    size = int(text)
    if size < 1:
        raise argparse.ArgumentTypeError("至少 1 / at least 1")
    return size


def seconds_argument(command: argparse.ArgumentParser) -> None:
    """How long may be asked in all."""
    command.add_argument(
        "--seconds",
        type=_seconds,
        default=SECONDS,
        metavar="S",
        help=f"证明的总时限，秒，默认 {SECONDS} / time for all proofs, in seconds",
    )


def _seconds(text: str) -> float:
    """A time above zero."""
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError("应大于 0 / must be above 0")
    return seconds


@dataclass(slots=True)
class _Told:
    """Progress on standard error: at once, and then a line every two seconds at most."""

    last: float = float("-inf")

    def __call__(self, done: int, of: int, name: str) -> None:
        now = time.monotonic()
        if now - self.last >= EVERY and name:
            self.last = now
            tell(f"证明 / proving  {done}/{of or '?'}  {name}", file=sys.stderr, flush=True)


def prove(program: Program, arguments: argparse.Namespace) -> int:
    """`fupin check --prove`: everything found that no note explains is a problem."""
    from fupin_policy.analysis.verification.findings import MAX_ITEMS
    from fupin_policy.analysis.verification.prove import prove as ask
    from fupin_policy.reports.findings_text import finding_json, finding_text, items_bound

    found = ask(program, arguments.members, arguments.seconds, _Told())
    odd = [finding for finding in found if not finding.explained]
    if arguments.format == "json":
        print_json({"findings": [finding_json(finding) for finding in found], "members": arguments.members})
    else:
        for finding in odd:
            tell(finding_text(finding, "zh"), end="\n\n", file=sys.stderr)
        for finding in found:
            if finding.explained:
                tell(f"{finding.code} {dict(finding.words)['name']}: 备注中已说明 / explained in a note")
        items = items_bound((program, *program.by_place.values()), MAX_ITEMS)
        tell(
            f"已证明（{arguments.members} 人以内{items.zh}的户）：{len(found)} 处发现，{len(odd)} 处没有说明"
            f" / proved for households of up to {arguments.members}{items.en}: {counted(len(found), 'finding')}, "
            f"{len(odd)} unexplained"
        )
    return PROBLEMS if odd else FINE


def diff_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin diff` takes."""
    command.add_argument("before", type=given_name, help="规则集文件夹，或 git 版本 / a folder, or a git revision")
    command.add_argument("after", type=given_name, help="规则集文件夹，或 git 版本 / a folder, or a git revision")
    command.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 / language")
    members_argument(command)
    seconds_argument(command)
    command.add_argument(
        "--data", nargs="+", metavar="TABLE", help="户表和成员表：谁增谁减 / a registry: who gains, who loses"
    )
    command.add_argument("--as-of", metavar="DATE", help="基准日，用于 --data / the date, for --data")
    command.add_argument(
        "--mapping", type=given_path, help="列的对照，用于 --data / which column is which fact, for --data"
    )
    list_argument(command, "明细的表，用于 --data / the table of a list, for --data")
    command.add_argument(
        "-o", "--output", type=given_path, help="写成网页，用于 --data / write one HTML file, for --data"
    )


def diff(arguments: argparse.Namespace) -> int:
    """`fupin diff`: which policies differ in meaning, each with a household; 1 where any does."""
    from fupin_policy.ruleset import check_folder

    with _version(arguments.before, arguments) as one, _version(arguments.after, arguments) as other:
        if one is None or other is None:
            return USAGE
        before, after = check_folder(one), check_folder(other, settings=arguments.settings)
        _check_days(before, after)
        return _on_data(one, other, arguments) if arguments.data else _in_meaning(before, after, arguments)


def _check_days(before: Program, after: Program) -> None:
    """Raises InputError where there is no day on which both rulesets can be asked."""
    if max(before.covers.start, after.covers.start) >= min(before.covers.end, after.covers.end):
        was, now = (f"{to_date(one.covers.start)}..{to_date(one.covers.end - 1)}" for one in (before, after))
        raise InputError.of("V115", after.id, before=was, after=now)


def _in_meaning(before: Program, after: Program, arguments: argparse.Namespace) -> int:
    """What the solver says of each policy."""
    from fupin_policy.analysis.verification.differences import differences
    from fupin_policy.analysis.verification.solver import Solver
    from fupin_policy.reports.findings_text import difference_json, differences_text

    found = differences(before, after, arguments.members, Solver(time.monotonic() + arguments.seconds))
    text = differences_text(found, before, after, arguments.lang, arguments.members)
    show_result(arguments, {"differences": [difference_json(one) for one in found], "members": arguments.members}, text)
    return PROBLEMS if any(one.verdict != "same" or one.said for one in found) else FINE


def _on_data(one: Path, other: Path, arguments: argparse.Namespace) -> int:
    """Both rulesets over one registry, and what is otherwise."""
    from fupin_policy.batch.results import open_result
    from fupin_policy.batch.run import Job, run
    from fupin_policy.batch.table_files import OWN_PAGE, write_page
    from fupin_policy.files.atomic import check_file
    from fupin_policy.reports.comparison import Side, check_currencies, compare
    from fupin_policy.reports.comparison_text import as_text
    from fupin_policy.ruleset import load

    if len(arguments.data) > 2:
        tell("--data 最多两个表：户表和成员表 / at most two tables: households and members", file=sys.stderr)
        return USAGE
    if arguments.output is not None:
        # what a page is made with may not be installed: said before anything is run
        from fupin_policy.reports.comparison_page import page_of_sides

        check_file(arguments.output, OWN_PAGE)
    households, members = (*arguments.data, None)[:2]
    rulesets = [load(one), load(other, settings=arguments.settings)]
    check_currencies(rulesets[0].program, rulesets[1].program)
    with tempfile.TemporaryDirectory() as folder:
        sides = []
        for name, path, ruleset in zip(("before", "after"), (one, other), rulesets, strict=True):
            output = Path(folder) / name
            job = Job(ruleset, households, members, asked_date(arguments), output, arguments.mapping)
            report = run(replace(job, lists=_known_lists(arguments.list, ruleset, rulesets)))
            sides.append(Side(open_result(output, ruleset), ruleset))
            rejected = report.counts.households_rejected
            tell(f"{path}: {report.counts.households} 户，被拒 {rejected} / households, rejected", file=sys.stderr)
        found, page = compare(*sides), ""
        if arguments.output is not None:
            page = page_of_sides(found, sides, arguments.lang)
    show_result(arguments, asdict(found), as_text(found, arguments.lang))
    if arguments.output is not None:
        write_page(arguments.output, page)
    return PROBLEMS if found.changed else FINE


def _known_lists(
    given: Sequence[tuple[str, str]], ruleset: Ruleset, both: Sequence[Ruleset]
) -> tuple[tuple[str, str], ...]:
    """The tables of lists that a ruleset has; what neither has is left for the run to refuse."""
    own, anywhere = (
        {key for one in some for declared in one.program.lists for key in declared.keys} for some in ([ruleset], both)
    )
    return tuple(one for one in given if one[0] in own or one[0] not in anywhere)


@contextmanager
def _version(name: str, arguments: argparse.Namespace) -> Iterator[Path | None]:
    """A folder as it is, or the ruleset's folder as it was in a git revision; None, with a message, for neither."""
    if Path(name).is_dir():
        yield Path(name)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield _checked_out(name, ruleset_folder(arguments).resolve(), Path(folder))


_NOT_THERE = "这个 git 版本中没有该规则集 / no such ruleset in that revision"


def _checked_out(revision: str, ruleset: Path, into: Path) -> Path | None:
    from fupin_policy.documents.extended_rulesets import extended_folder

    top = _git(ruleset, "rev-parse", "--show-toplevel")
    if top is None or revision.startswith("-"):
        tell(f"既不是文件夹，也不是 git 版本 / neither a folder nor a git revision: {revision}", file=sys.stderr)
        return None
    root, into = Path(top.decode().strip()).resolve(), into.resolve()
    folder = into / ruleset.relative_to(root)
    # what it extends is taken from the same revision
    wanted: Path | None = folder
    while wanted is not None and wanted.is_relative_to(into) and not wanted.exists():
        within = wanted.relative_to(into)
        packed = _git(root, "archive", "--format=tar", revision, "--", str(within))
        if packed is None:
            tell(f"{_NOT_THERE}: {revision}: {within}", file=sys.stderr)
            return None
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(into, filter="data")
        below = extended_folder(wanted)
        wanted = None if below is None else below.absolute()
    return folder


def _git(folder: Path, *arguments: str) -> bytes | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None
