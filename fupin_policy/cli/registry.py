"""The commands about whole registries: synth, map, run, summary.

In: parsed arguments. Out: files, text or JSON, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_policy.cli.common import (
    FINE,
    USAGE,
    asked_date,
    asked_program,
    asked_ruleset,
    assumes,
    assuming_arguments,
    figure_arguments,
    given_path,
    list_argument,
    print_json,
    ruleset_folder,
    show_result,
)
from fupin_policy.cli.progress import stage_progress
from fupin_policy.core.decision import Status
from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.diagnostics.showing import tell

if TYPE_CHECKING:
    from fupin_policy.batch.evaluate import BatchRequest
    from fupin_policy.batch.run import Engine, Job, Report
    from fupin_policy.intake.scalars import Fault
    from fupin_policy.ruleset import Ruleset


def run_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin run` takes."""
    table_arguments(command)
    command.add_argument("--as-of", metavar="DATE", required=True, help="基准日，如 2019-06-30 / the date")
    command.add_argument(
        "-o",
        "--output",
        required=True,
        help="结果：.parquet .csv .xlsx .duckdb，文件夹，或 PostgreSQL 的表 / the result",
    )
    deciding_arguments(command)
    command.add_argument("--form", choices=("long", "wide"), default="long", help="一行一项决定，或一行一户 / rows")
    command.add_argument(
        "--status",
        action="append",
        choices=[status.value for status in Status],
        help="只要这些结果 / only these outcomes",
    )
    machine = ".csv、.xlsx、退回的行、变动用英文列名、编号和分 / a machine's columns, ids and smallest units in tables"
    command.add_argument("--raw", action="store_true", help=machine)
    command.add_argument("--missing", action="store_true", help="写明待核实的事实 / name the facts to be asked")
    command.add_argument("--keep", action="append", metavar="FACT", help="随结果带出的事实 / facts to go along")
    figure_arguments(command)
    command.add_argument(
        "--previous",
        type=given_path,
        metavar="RESULT",
        help="上期 fupin run 的结果：接着算，并列出新增、停发和变动 / go on from an earlier run, list changes",
    )
    answers_argument(command)
    command.add_argument("--restart", action="store_true", help="不接着上次中断的运行 / do not go on with an old run")


def answers_argument(command: argparse.ArgumentParser) -> None:
    """Facts that people were asked for."""
    command.add_argument(
        "--answers",
        type=given_path,
        metavar="TABLE",
        help="问来的事实（fupin readback 写的表），盖过登记册的值 / facts that were asked for, over the registry's",
    )


def deciding_arguments(command: argparse.ArgumentParser) -> None:
    """How a registry is read and decided: columns, policies, what is assumed, and where."""
    command.add_argument("--mapping", type=given_path, help="列的对照（fupin map 生成） / which column is which fact")
    named = "只计算这些政策：编号或名称 / only these policies, by id or title"
    command.add_argument("--policy", action="append", metavar="ID", help=named)
    assuming_arguments(command)
    command.add_argument("--threads", type=int, default=0, help="线程数，默认全部核 / threads, by default all cores")
    command.add_argument("--engine", choices=("embedded", "spark"), default="embedded", help="在哪里计算 / where")
    command.add_argument("--master", metavar="URL", default="local[*]", help="Spark 的地址 / Spark's address")


def map_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin map` takes."""
    table_arguments(command)
    command.add_argument("-o", "--output", type=given_path, help="写入的文件，默认打印 / the file to write")


def table_arguments(command: argparse.ArgumentParser) -> None:
    """The tables of a registry."""
    forms = ".csv .xlsx .parquet、库.duckdb:表 或 postgresql://用户@主机/库?table=表"
    command.add_argument("households", metavar="HOUSEHOLDS", help=f"户表：{forms} / the households' table")
    command.add_argument("members", metavar="MEMBERS", nargs="?", help="成员表 / the members' table")
    sheet_arguments(command)


def sheet_arguments(command: argparse.ArgumentParser) -> None:
    """Which sheets of workbooks are read, and which tables besides."""
    command.add_argument(
        "--sheet",
        action="append",
        default=[],
        metavar="NAME",
        help="户表工作簿中的工作表，可多次：表头相同的合成一张 / sheets of the households' workbook, read as one",
    )
    command.add_argument(
        "--member-sheet", action="append", default=[], metavar="NAME", help="成员表的工作表 / of the members' workbook"
    )
    command.add_argument(
        "--months",
        action="append",
        default=[],
        metavar="TABLE",
        help="逐月事实的表，每行一个月，可多次 / a table of facts by month, a row for each month",
    )
    list_argument(command, "明细的表，每行一项，可多次 / the table of a list, a row for each item")


def run(arguments: argparse.Namespace) -> int:
    """`fupin run`."""
    from fupin_policy.batch import run as driver
    from fupin_policy.batch.evaluate import BatchRequest

    started = time.monotonic()
    ruleset = asked_ruleset(arguments).with_figures(arguments.figure)
    asked = BatchRequest(arguments.form, missing=arguments.missing)
    if arguments.status:
        asked = replace(asked, statuses=frozenset(map(Status, arguments.status)))
    keep = None if arguments.keep is None else tuple(arguments.keep)
    how = {name: getattr(arguments, name) for name in ("restart", "previous", "answers", "raw")}
    job = replace(asked_job(ruleset, arguments, arguments.output, asked, keep), **how)
    with stage_progress() as progress:
        report = driver.run(job, progress)
    _tell(report, time.monotonic() - started, arguments.format)
    return FINE


def asked_job(
    ruleset: Ruleset,
    arguments: argparse.Namespace,
    output: Path | str,
    asked: BatchRequest,
    keep: tuple[str, ...] | None,
) -> Job:
    """What is asked of a registry, to be written to a place. Raises InputError for a policy that is not there."""
    from fupin_policy.batch.run import Job

    return Job(
        ruleset,
        arguments.households,
        arguments.members,
        asked_date(arguments),
        output,
        arguments.mapping,
        replace(asked, policies=_policies(arguments, ruleset), assume=assumes(arguments)),
        keep,
        arguments.threads,
        engine=_engine(arguments),
        sheets=tuple(arguments.sheet),
        member_sheets=tuple(arguments.member_sheet),
        months=tuple(arguments.months),
        lists=tuple(arguments.list),
    )


def _engine(arguments: argparse.Namespace) -> Engine | None:
    """Where it is to be decided, if not in this process."""
    if arguments.engine != "spark":
        return None
    from fupin_policy.batch import spark

    return spark.engine(spark.session(arguments.master))


def _policies(arguments: argparse.Namespace, ruleset: Ruleset) -> frozenset[str] | None:
    """The ids of the policies that are named by id or title, None where none is. Raises InputError for no such."""
    from fupin_policy.diagnostics import suggest

    if arguments.policy is None:
        return None
    known, reporter = ruleset.program.policy_names, Reporter()
    for name in arguments.policy:
        if name not in known:
            reporter.report("B117", "--policy", suggestion=suggest(name, known), name=name)
    reporter.raise_errors(InputError)
    return frozenset(known[name] for name in arguments.policy)


def _tell(report: Report, seconds: float, form: str) -> None:
    from fupin_policy.batch.changes import CHANGES
    from fupin_policy.batch.rejects import sentences

    found = report.counts
    tables = {
        "households": _rows(found.households, found.households_rejected),
        "members": _rows(found.members, found.members_rejected),
    }
    further = {name: _rows(found.rows[name], found.rows_rejected.get(name, 0)) for name in sorted(found.rows)}
    if form == "json":
        said: dict[str, Any] = {
            "output": str(report.output),
            "rejects": str(report.rejects),
            **tables,
            "decisions": found.decisions,
            "assumed": dict(sorted(found.assumed.items())),
            **({} if report.changes is None else {"changes": {"folder": str(report.changes), **found.changes}}),
            "checks": {
                name: {"violated": found.violated.get(name, 0), "not_checkable": found.not_checkable.get(name, 0)}
                for name in sorted({*found.violated, *found.not_checkable})
            },
            **({"tables": further} if further else {}),
            **({"unused": dict(sorted(found.unused.items()))} if found.unused else {}),
            **({"answered": dict(sorted(found.answered.items()))} if found.answered else {}),
            **({"replaced": dict(sorted(found.replaced.items()))} if found.replaced else {}),
            **({"derived": dict(sorted(found.derived.items()))} if found.derived else {}),
            "notes": [dict(zip(("zh", "en"), sentences(note), strict=True)) for note in report.notes],
            "seconds": round(seconds, 3),
        }
        print_json(said)
        return
    for zh, name in (("户  ", "households"), ("成员", "members")):
        told = "读入 {read} = 已决定 {decided} + 被拒 {rejected}".format(**tables[name])
        tell(f"{zh} {told} / {name} read = decided + rejected")
    for name, rows in further.items():
        told = "读入 {read} = 已用 {decided} + 被拒 {rejected}".format(**rows)
        tell(f"{name} {told} 行 / rows read = used + rejected")
    tell_notes(report.notes)
    tell(f"决定 {found.decisions} 项 / decisions: {report.output}")
    for kind, text in _COUNTED.items():
        for name, count in sorted(getattr(found, kind).items()):
            tell(text.format(name, count))
    if report.changes is not None:
        counts = "，".join(f"{name} {found.changes.get(name, 0)}" for name in (one.zh for one in CHANGES.values()))
        tell(f"与上期相比：{counts} / changes since the earlier run: {report.changes}")
    tell(f"被拒的行及原因 / rejected rows and why: {report.rejects}")
    if report.resumed:
        tell(f"接着上次的运行：{report.resumed}/{report.buckets} 批已算好 / went on with an interrupted run")
    rate = found.households / seconds if seconds else 0
    tell(f"用时 {seconds:.1f} 秒，每秒 {rate:.0f} 户{_memory()} / seconds, households a second, peak memory")


_COUNTED = {
    "assumed": "没有给出而当作 {}：{} 项决定因此不同（含不符合的） / decisions that rest on this assumption",
    "violated": "数据疑点：{} 不成立：{} 户 / households for which this check of data does not hold",
    "derived": "由证件号码得出的 {}：{} 个 / facts that come from numbers of identity",
    "answered": "回填的 {}：{} 个 / facts that were filled in",
    "replaced": "回填的 {}：其中 {} 个登记册里另有值，按回填的算 / of these the registry had another value",
    "unused": "{} 有 {} 个值不在所看的月份（年份）之内：已核对，没有用 / values of months that no rule looks at",
    "not_checkable": "未能核对：{}：{} 户 / households for which this cannot be checked",
}


def _rows(read: int, rejected: int) -> dict[str, int]:
    return {"read": read, "decided": read - rejected, "rejected": rejected}


def tell_notes(notes: Iterable[Fault]) -> None:
    """What people should know about how tables were read."""
    from fupin_policy.batch.rejects import sentences

    for note in notes:
        tell("注意 " + " / ".join(sentences(note)), file=sys.stderr)


def _memory() -> str:
    """The most memory that the process had, where the system tells."""
    try:
        import resource
    except ImportError:
        return ""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"，内存最多 {most / (1024 if sys.platform == 'linux' else 1024**2):.0f} MB"


def propose_mapping(arguments: argparse.Namespace) -> int:
    """`fupin map`."""
    from fupin_policy.batch.list_tables import named_lists
    from fupin_policy.batch.mapping import FurtherHeaders, Headers
    from fupin_policy.batch.mapping_proposal import propose
    from fupin_policy.batch.sources import open_table
    from fupin_policy.files.atomic import atomic_file, check_file

    # what people have corrected in a mapping is not to be lost
    if arguments.output is not None:
        check_file(arguments.output)
    program = asked_program(arguments)
    own = open_table(arguments.households, tuple(arguments.sheet))
    inner = None if arguments.members is None else open_table(arguments.members, tuple(arguments.member_sheet))
    tell_notes(note for table in (own, inner) if table is not None for note in table.notes)
    members = None if inner is None else Headers(inner.name, inner.headers)
    months = tuple(Headers(one.name, one.headers) for one in map(open_table, arguments.months))
    lists = [(one, open_table(spec)) for one, spec in named_lists(program, arguments.list)]
    further = FurtherHeaders(months, tuple((one, Headers(table.name, table.headers)) for one, table in lists))
    text = propose(program, Headers(own.name, own.headers), members, further)
    if arguments.output is None:
        tell(text, end="")
        return FINE
    with atomic_file(arguments.output) as aside:
        aside.write_text(text, encoding="utf-8")
    tell(f"{arguments.output}: {text.count('请核对 / check')} 处请核对 / to be checked")
    return FINE


def summary_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin summary` takes."""
    command.add_argument("results", type=given_path, nargs="+", help="fupin run 的结果，可多个 / results of runs")
    command.add_argument("-o", "--output", type=given_path, help="写成网页 / write one HTML file")
    command.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 / language")


def summary(arguments: argparse.Namespace) -> int:
    """`fupin summary`."""
    from fupin_policy.batch.results import intact, open_result
    from fupin_policy.batch.table_files import OWN_PAGE, write_page
    from fupin_policy.files.atomic import check_file
    from fupin_policy.reports.summary import summarize
    from fupin_policy.reports.summary_text import as_text

    if arguments.output is not None:
        from fupin_policy.reports.summary_page import as_html

        check_file(arguments.output, OWN_PAGE)
    ruleset = asked_ruleset(arguments)
    with intact(*arguments.results):
        found = summarize([open_result(path, ruleset) for path in arguments.results], ruleset)
    show_result(arguments, asdict(found), as_text(found, ruleset.program, arguments.lang))
    if arguments.output is not None:
        write_page(arguments.output, as_html(found, ruleset.program, arguments.lang))
    return FINE


def synth_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin synth` takes."""
    command.add_argument("--households", type=int, required=True, metavar="N", help="多少户 / how many households")
    command.add_argument(
        "--seed", type=int, default=0, metavar="S", help="同样的数得同样的登记册 / the same, the same rows"
    )
    command.add_argument(
        "-o", "--output", type=given_path, required=True, metavar="FOLDER", help="写入的文件夹 / where to write"
    )
    command.add_argument("--to", choices=("csv", "parquet"), default="csv", help="文件形式 / form of the files")
    command.add_argument("--encoding", choices=("utf-8", "gb18030"), default="utf-8", help="CSV 的编码 / of CSV")
    command.add_argument("--population", type=given_path, metavar="FILE", help="分布文件 / the population file")


def synth(arguments: argparse.Namespace) -> int:
    """`fupin synth`."""
    from fupin_policy.batch.population import MAX_HOUSEHOLDS, read_population, tables_of, write_registry
    from fupin_policy.documents.extended_rulesets import population_of
    from fupin_policy.files.atomic import check_folder as check_output

    if not (0 <= arguments.households <= MAX_HOUSEHOLDS and arguments.seed >= 0):
        tell(f"户数应为 0 至 {MAX_HOUSEHOLDS}，种子不小于 0 / out of range: --households, --seed", file=sys.stderr)
        return USAGE
    check_output(arguments.output)
    program = asked_program(arguments)
    population = read_population(arguments.population or population_of(ruleset_folder(arguments)), program)
    counts = write_registry(
        program,
        population,
        arguments.households,
        arguments.seed,
        arguments.output,
        arguments.to,
        arguments.encoding,
    )
    rows = dict(zip(tables_of(population), counts, strict=True))
    told = [f"{counts[0]} 户 households", f"{counts[1]} 人 members"]
    told += [f"{name} {count} 项 items" for name, count in [*rows.items()][2:]]
    return show_result(arguments, {"folder": str(arguments.output), **rows}, f"{arguments.output}: {'，'.join(told)}")
