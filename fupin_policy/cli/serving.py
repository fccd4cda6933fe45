"""The command `serve`: rulesets over HTTP.

In: parsed arguments, the environment. Out: the address on standard output, logs on the error stream. Called by
`cli.main`.
"""

from __future__ import annotations

import argparse
import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from fupin_policy.cli.common import FINE, given_path
from fupin_policy.diagnostics import InputError
from fupin_policy.diagnostics.showing import tell

if TYPE_CHECKING:
    from fupin_policy.service.limits import ServiceLimits


def serve_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin serve` takes."""
    command.add_argument(
        "folders", nargs="*", type=given_path, metavar="FOLDER", help="规则集文件夹，可多个 / folders of rulesets"
    )
    command.add_argument(
        "--host", default="127.0.0.1", help="地址；本机以外须有令牌 / beyond this machine with a token"
    )
    command.add_argument("--port", type=int, default=8000, help="端口，0 为任一 / the port; 0 is any")
    command.add_argument(
        "--token-file", type=given_path, metavar="FILE", help="令牌文件，或用 FUPIN_TOKEN / a file with the token"
    )
    command.add_argument(
        "--record", type=given_path, metavar="FOLDER", help="决定记录，每个规则集一个文件 / records of decisions"
    )
    command.add_argument("--site", type=given_path, metavar="FOLDER", help="首页显示的文件夹 / pages shown at the root")
    command.add_argument("--seconds", type=float, help="一次回答至多几秒 / seconds for an answer")
    command.add_argument("--idle", type=float, help="多久不收不发就断开，秒 / seconds of silence")
    command.add_argument("--at-once", type=int, help="同时至多几个请求 / requests in hand")
    command.add_argument("--threads", type=int, help="几个线程计算 / threads that work")
    command.add_argument("--max-body", type=int, metavar="BYTES", help="一个问题至多几字节 / bytes of a question")
    command.add_argument(
        "--poll", type=float, default=2.0, metavar="SECONDS", help="隔几秒看规则改没改，0 为不看 / look for changes"
    )


def serve(arguments: argparse.Namespace) -> int:
    """`fupin serve`. Raises ModuleNotFoundError where the extra `service` is not installed."""
    from fupin_policy.analysis.audit import kept_record
    from fupin_policy.ruleset import SHIPPED
    from fupin_policy.service.application import Service
    from fupin_policy.service.logs import log_to_stderr
    from fupin_policy.service.server import serve_at
    from fupin_policy.service.shelf import RulesetShelf
    from fupin_policy.service.token import read_access

    access = read_access(arguments.host, os.environ, arguments.token_file)
    site: Path | None = arguments.site
    if site is not None and not site.is_dir():
        raise InputError.of("B179", str(site), file=site)
    folders = arguments.folders or [arguments.ruleset or SHIPPED]
    limits = _limits(arguments)
    shelf = RulesetShelf.of(folders, arguments.settings)
    log_to_stderr()
    with ExitStack() as stack:
        records = {}
        for name, one in shelf.served.items() if arguments.record is not None else ():
            file = arguments.record / f"{name}.jsonl"
            file.parent.mkdir(parents=True, exist_ok=True)
            records[name] = stack.enter_context(kept_record(file, one.ready.ruleset))
        service = Service.of(shelf, limits, access, arguments.poll, records)
        serve_at(service, arguments.host, arguments.port, site, lambda where: tell(where, flush=True))
    return FINE


def _limits(arguments: argparse.Namespace) -> ServiceLimits:
    """The limits asked for. Raises InputError for one that allows nothing."""
    from fupin_policy.service.limits import ServiceLimits

    named = {
        "seconds": arguments.seconds,
        "idle": arguments.idle,
        "at_once": arguments.at_once,
        "threads": arguments.threads,
        "body": arguments.max_body,
    }
    given = {name: value for name, value in named.items() if value is not None}
    for name, value in given.items():
        if not value > 0:
            raise InputError.of("W023", name, name=name)
    return ServiceLimits(**given)
