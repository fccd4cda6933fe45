"""The commands about lists for offices: worklist writes them, readback reads what was filled in.

In: parsed arguments. Out: files, text or JSON, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse
from collections import Counter

from fupin_policy.cli.common import FINE, asked_program, asked_ruleset, audience_arguments, given_path, print_json
from fupin_policy.diagnostics.showing import tell


def worklist_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin worklist` takes."""
    command.add_argument("result", type=given_path, help="fupin run 的结果（长表） / the long result of a run")
    command.add_argument("-o", "--output", type=given_path, required=True, help="写入的文件夹 / the folder to write")
    command.add_argument("--show-ids", action="store_true", help="不隐去身份证号和电话 / do not mask ID numbers")
    audience_arguments(command)


def worklist(arguments: argparse.Namespace) -> int:
    """`fupin worklist`."""
    from fupin_policy.batch.results import intact, open_result
    from fupin_policy.files.atomic import check_folder
    from fupin_policy.reports.worklist import write_worklists

    check_folder(arguments.output)
    ruleset = asked_ruleset(arguments)
    found = open_result(arguments.result, ruleset)
    with intact(arguments.result):
        written = write_worklists(found, ruleset, arguments.output, not arguments.show_ids, arguments.every)
    tell(f"{written.folder}: {written.workbooks} 个工作簿 / workbooks，{written.rows} 行 / rows")
    if written.left_out:
        left = f"另有 {written.left_out} 行面向其他受众，没有列出；--all 一并列出"
        tell(f"{left} / {written.left_out} rows for other audiences are left out; --all lists them")
    if found.since is not None and found.changes is None:
        lost = "本期与上期对比的文件夹不在结果旁边，或不是这次运行的：没有“新增停发变动”表"
        tell(f"{lost} / the changes since {found.since} are not beside the result: no sheet of them")
    if "missing" not in found.columns:
        tell("结果中没有待核实的事项；用 fupin run --missing 重算可得 / run with --missing to see what must be asked")
    return FINE


def readback_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin readback` takes."""
    command.add_argument(
        "workbooks", type=given_path, nargs="+", metavar="WORKBOOK", help="填好的名单 / worklists that were filled in"
    )
    command.add_argument(
        "-o",
        "--output",
        type=given_path,
        required=True,
        help="写入的 CSV，供 fupin run --answers / the CSV to write",
    )
    told = "写名单的那个结果，编号被遮盖的名单要用它读回 / the result of which the lists are, where they mask ids"
    command.add_argument("--result", type=given_path, help=told)


def readback(arguments: argparse.Namespace) -> int:
    """`fupin readback`."""
    from fupin_policy.batch.readback import ReadBackFiles, read_back

    files = ReadBackFiles(arguments.output)
    files.check()
    found = read_back(arguments.workbooks, asked_program(arguments), arguments.result)
    files.write(found)
    facts = Counter(one.asked.fact.label for one in found.answers)
    if arguments.format == "json":
        print_json(
            {
                "as_of": found.as_of.isoformat(),
                "output": str(files.facts),
                "facts": dict(sorted(facts.items())),
                "ticks": {"file": str(files.ticks), "rows": len(found.ticks)},
                "refused": {"file": str(files.rejects), "rows": len(found.refused)},
            }
        )
        return FINE
    tell(f"{found.as_of} 的名单，读回 {len(found.answers)} 项事实 / facts read back: {files.facts}")
    for label, count in sorted(facts.items()):
        tell(f"  {label} {count}")
    tell(f"打了勾或签了名的 {len(found.ticks)} 行 / rows ticked or signed for: {files.ticks}")
    tell(f"不能用的 {len(found.refused)} 处及原因 / what was refused, and why: {files.rejects}")
    if found.answers:
        tell(f"下次计算时加上 / add to the next run: fupin run … --answers {files.facts}")
    return FINE
