"""The command `month`: a county's monthly round, from the registry's tables to one folder, whole or not there.

In: parsed arguments. Out: a folder, text or JSON, an exit code. Called by `cli.main`.
What it does is done by other commands too: `run --previous`, `worklist`, `summary`; here in order, into one place.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_policy.cli.common import FINE, asked_ruleset, given_path, print_json
from fupin_policy.cli.month_text import MonthText, file_lines
from fupin_policy.cli.progress import stage_progress
from fupin_policy.cli.registry import answers_argument, asked_job, deciding_arguments, table_arguments, tell_notes
from fupin_policy.diagnostics import InputError
from fupin_policy.diagnostics.showing import tell
from fupin_policy.files.addresses import is_address

if TYPE_CHECKING:
    from fupin_policy.batch.run import Job, Report
    from fupin_policy.ruleset import Ruleset

RESULT, CHANGES, LISTS, PAGE, MAPPING, TOLD = (
    "结果.parquet",
    "结果.changes",
    "名单",
    "汇总.html",
    "对照.yaml",
    "说明.txt",
)
"""What stands in a month's folder, beside its record and what a run writes beside its result."""
_NOTE = """\
这个文件夹没有算完，里面的东西不要用。
再运行同一条命令，就从停下的地方接着算；资料或规则改过的，加 --restart 重新开始。
算完以后，这个文件夹会改成它应有的名字。

This month is not finished; use nothing of what stands here. Run the same command again to go on.
"""


def month_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin month` takes."""
    table_arguments(command)
    command.add_argument("--as-of", metavar="DATE", required=True, help="基准日，如 2019-06-30 / the date")
    command.add_argument(
        "-o", "--output", type=given_path, required=True, metavar="FOLDER", help="本月的文件夹 / the month's folder"
    )
    command.add_argument(
        "--previous",
        type=given_path,
        metavar="FOLDER",
        help="上期的文件夹；不写就用旁边最近一期的 / the last month's; by default the latest one beside this",
    )
    command.add_argument("--first", action="store_true", help="不接上期：这是第一期 / there is no month before")
    answers_argument(command)
    deciding_arguments(command)
    command.add_argument("--show-ids", action="store_true", help="名单不隐去身份证号和电话 / do not mask ID numbers")
    command.add_argument("--restart", action="store_true", help="不接着上次中断的运行 / do not go on with an old run")
    command.add_argument(
        "--overwrite", action="store_true", help="这个月已经算过：重算并替换 / replace the month that stands there"
    )
    command.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 / language")


@dataclass(frozen=True, slots=True)
class PreviousMonth:
    """The month before: its folder and record."""

    folder: Path
    record: Mapping[str, Any]

    @property
    def as_of(self) -> date:
        """Its date."""
        return date.fromisoformat(self.record["as_of"])

    @property
    def digest(self) -> str:
        """The digest of its rules."""
        return str(self.record["ruleset"].get("digest"))

    @property
    def mapping(self) -> Path | None:
        """The mapping that its tables were read with."""
        return self.folder / MAPPING if MAPPING in self.record["files"] else None


def month(arguments: argparse.Namespace) -> int:
    """`fupin month`."""
    from fupin_policy.files.unfinished import finished_folder

    folder: Path = arguments.output
    if folder.is_dir() and any(folder.iterdir()) and not arguments.overwrite:
        raise InputError.of("B240", str(folder), folder=folder)
    ruleset = asked_ruleset(arguments)
    previous = None if arguments.first else _previous(arguments, ruleset)
    with _going_on(folder), finished_folder(folder, _NOTE, lambda path: not arguments.restart and _is_work(path)) as at:
        job = _job(arguments, ruleset, at, previous)
        told, record = _written(job, at, previous, arguments)
        lines = [*told.lines(), *file_lines(folder, record["files"], arguments.lang)]
    if arguments.format == "json":
        print_json({"folder": str(folder), **record})
        return FINE
    for line in lines:
        tell(line)
    return FINE


@contextmanager
def _going_on(folder: Path) -> Iterator[None]:
    """Who is interrupted is told how to go on, if anything is kept."""
    from fupin_policy.files.unfinished import unfinished

    try:
        yield
    except BaseException:
        if (aside := unfinished(folder)).is_dir():
            tell(
                f"没有算完：算好的部分留在 {aside}，再运行同一条命令就接着算 / not finished: run it again",
                file=sys.stderr,
            )
        raise


def _is_work(path: Path) -> bool:
    """Whether a folder keeps buckets that an interrupted run has decided."""
    return path.name.endswith(".work") and (path / "journal.json").is_file()


def _previous(arguments: argparse.Namespace, ruleset: Ruleset) -> PreviousMonth | None:
    """The month from which this one goes on: the one named, or the latest before it of the same rules beside it.

    Raises InputError where it is none, or it cannot be told which.
    """
    from fupin_policy.analysis.month_record import month_records, read_record
    from fupin_policy.ruleset import day_of

    day = day_of(ruleset.program, arguments.as_of).isoformat()
    if arguments.previous is not None:
        found = PreviousMonth(arguments.previous, read_record(arguments.previous))
        if found.record["trial"] and not ruleset.program.trial:
            raise InputError.of("B241", str(found.folder), values="; ".join(map(str, found.record["trial"])))
        return _intact(found)
    beside = {
        folder: record
        for folder, record in month_records(arguments.output.resolve().parent).items()
        if record["ruleset"].get("id") == ruleset.id and not record["trial"] and record["as_of"] < day
    }
    latest = max((record["as_of"] for record in beside.values()), default=None)
    last = [PreviousMonth(folder, record) for folder, record in beside.items() if record["as_of"] == latest]
    if len(last) > 1:
        names = "、".join(one.folder.name for one in last)
        raise InputError.of("B242", str(arguments.output), names=names, as_of=latest)
    return _intact(last[0]) if last else None


def _intact(found: PreviousMonth) -> PreviousMonth:
    """A month whose result and facts are as they were written. Raises InputError where they are not."""
    from fupin_policy.analysis.month_record import changed_files

    problems = changed_files(found.folder, found.record["files"])
    if problems:
        raise InputError(problems)
    return found


def _job(arguments: argparse.Namespace, ruleset: Ruleset, at: Path, previous: PreviousMonth | None) -> Job:
    """What is asked of the registry: what is missing is named, and all is kept that the next month asks for."""
    from fupin_policy.batch.evaluate import BatchRequest

    job = asked_job(ruleset, arguments, at / RESULT, BatchRequest(missing=True), None)
    mapping = job.mapping or (None if previous is None else previous.mapping)
    before = None if previous is None else previous.folder / RESULT
    job = replace(job, mapping=mapping, previous=before, answers=arguments.answers)
    return replace(job, restart=arguments.restart, goes_on=True)


def _written(
    job: Job, at: Path, previous: PreviousMonth | None, arguments: argparse.Namespace
) -> tuple[MonthText, dict[str, Any]]:
    """Write all that stands in the folder; what is told of it, and its record."""
    from fupin_policy.analysis.month_record import write_record
    from fupin_policy.batch.change_rows import WHOLE
    from fupin_policy.batch.month_totals import month_totals
    from fupin_policy.batch.results import intact, open_result
    from fupin_policy.batch.run import run
    from fupin_policy.reports.summary import summarize
    from fupin_policy.reports.summary_page import as_html
    from fupin_policy.reports.worklist import write_worklists

    ruleset, inputs = job.ruleset, list(_inputs(arguments))
    with stage_progress() as progress:
        report = run(job, progress)
    tell_notes(report.notes)
    tell("写名单和汇总 / writing lists and summary", file=sys.stderr, flush=True)
    found = open_result(at / RESULT, ruleset)
    changed = None if report.changes is None else report.changes / WHOLE
    totals = month_totals(
        at / RESULT, changed, ruleset.program, found.as_of, None if previous is None else previous.as_of
    )
    with intact(at / RESULT):
        write_worklists(found, ruleset, at / LISTS, not arguments.show_ids)
        page = as_html(summarize([found], ruleset), ruleset.program)
    (at / PAGE).write_text(page, encoding="utf-8")
    if job.mapping is not None:
        shutil.copyfile(job.mapping, at / MAPPING)
    reused = previous is not None and job.mapping is not None and job.mapping == previous.mapping
    told = MonthText(ruleset.program, found.as_of, report, totals, previous, reused, arguments.lang)
    (at / TOLD).write_text("".join(f"{line}\n" for line in told.lines()), encoding="utf-8")
    options = {
        "assume": arguments.assume,
        "policies": sorted(job.asked.policies) if job.asked.policies is not None else None,
        "mapping": MAPPING if job.mapping is not None else None,
    }
    record = write_record(
        at,
        ruleset,
        job.as_of,
        options=options,
        inputs=inputs,
        previous=None if previous is None else previous.folder,
        totals=_totals(report, told),
        files=_recorded(at),
    )
    return told, record


def _recorded(at: Path) -> list[Path]:
    """The files of which the record says the digest: all but the lists, which are filled in by people."""
    found = [path for path in at.iterdir() if path.is_file() and path.suffix in (".parquet", ".csv", ".html", ".yaml")]
    return [*found, *(path for path in (at / CHANGES).rglob("*") if path.is_file() and not path.name.startswith("."))]


def _inputs(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The tables with the digests of their files; of a database only that it is one."""
    from fupin_policy.analysis.month_record import file_digest

    named = [("households", arguments.households), ("members", arguments.members)]
    named += [("months", spec) for spec in arguments.months] + [(name, spec) for name, spec in arguments.list]
    given = (("mapping", arguments.mapping), ("answers", arguments.answers))
    named += [(role, str(path)) for role, path in given if path is not None]
    for role, spec in named:
        if spec is None:
            continue
        if is_address(spec):
            yield {"table": role, "name": "postgresql", "sha256": None}
            continue
        path, inside = Path(spec), ""
        if not path.exists() and ":" in spec:
            before, _, inside = spec.rpartition(":")
            path = Path(before)
        name = f"{path.name}:{inside}" if inside else path.name
        yield {"table": role, "name": name, "sha256": file_digest(path) if path.is_file() else None}


def _totals(report: Report, told: MonthText) -> dict[str, Any]:
    """The counts and sums of the month as data, money in the currency's smallest units."""
    counts, totals = report.counts, told.totals
    changes = {
        kind: {"count": one.count, "before": dict(one.before), "after": dict(one.after)}
        for kind, one in totals.changes.items()
    }
    return {
        "households": {"read": counts.households, "rejected": counts.households_rejected},
        "members": {"read": counts.members, "rejected": counts.members_rejected},
        "decisions": counts.decisions,
        "statuses": dict(told.statuses),
        "settled": dict(totals.settled),
        "ranges": totals.ranges,
        "changes": changes,
        "violated": dict(counts.violated),
    }
