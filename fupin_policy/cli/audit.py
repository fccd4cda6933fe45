"""The command `audit`: decision records written and verified.

In: parsed arguments. Out: text or JSON, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse

from fupin_policy.cli.common import (
    asked_date,
    asked_ruleset,
    given_name,
    given_path,
    read_households,
    report,
    show_result,
)
from fupin_policy.cli.parser import FupinParser


def audit_arguments(command: FupinParser) -> None:
    """What `fupin audit` takes."""
    parts = command.commands("part", "record|verify")
    record = parts.add_parser("record", help="计算各户并写下 / decide households and write them down")
    record.add_argument("file", type=given_name, help="JSON、JSON Lines 或 YAML；- 为标准输入 / - is standard input")
    record.add_argument("--as-of", metavar="DATE", help="基准日，默认今天 / the date, by default today")
    record.add_argument("-o", "--output", type=given_path, required=True, help="记录文件，已有的接着写 / the record")
    verify = parts.add_parser("verify", help="核对并重新计算 / verify, and decide anew")
    verify.add_argument(
        "record", type=given_path, help="记录文件，或 fupin month 的文件夹 / the record, or the folder of a month"
    )
    verify.add_argument("--head", metavar="HASH", help="另存的最后一条的摘要 / the last hash as kept elsewhere")
    for part in (record, verify):
        # given before or after the part's name; what is not given here is left as it was given there
        part.add_argument(
            "--ruleset", type=given_path, default=argparse.SUPPRESS, help="规则集文件夹 / the ruleset's folder"
        )
        part.add_argument("--set", dest="settings", action="append", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        part.add_argument("--format", choices=("text", "json"), default=argparse.SUPPRESS, help="输出格式 / form")


def audit(arguments: argparse.Namespace) -> int:
    """`fupin audit record` and `fupin audit verify`."""
    from fupin_policy.analysis.audit import append, verify
    from fupin_policy.analysis.month_record import verify_month

    ruleset = asked_ruleset(arguments)
    if arguments.part == "record":
        households = (household for _, household in read_households(arguments.file))
        path, said = arguments.output, "条 / entries"
        found = append(path, ruleset, households, asked_date(arguments))
    else:
        path, said = arguments.record, "条全部相符 / entries hold"
        if path.is_dir():
            said = "期全部相符 / months hold"
            found = verify_month(path, ruleset, arguments.head)
        else:
            found = verify(path, ruleset, arguments.head)
    if found.problems:
        return report(found.problems, arguments.format)
    data = {"record": str(path), "entries": found.entries, "head": found.head, "problems": []}
    return show_result(arguments, data, f"{path}: {found.entries} {said}，最后一条的摘要 / last hash: {found.head}")
