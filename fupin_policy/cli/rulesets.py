"""The commands about a ruleset as it is written: check, test, fmt, compile, coverage, sources, duties.

In: parsed arguments. Out: text or JSON, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fupin_policy.cli import verification
from fupin_policy.cli.common import (
    FINE,
    PROBLEMS,
    USAGE,
    asked_date,
    asked_program,
    asked_ruleset,
    dated_arguments,
    folder_arguments,
    given_path,
    print_json,
    report,
    ruleset_folder,
    show,
    show_result,
)
from fupin_policy.core.bilingual import counted
from fupin_policy.diagnostics.showing import tell

if TYPE_CHECKING:
    from fupin_policy.files.atomic import Own
    from fupin_policy.ruleset import Ruleset

LARGEST_MODULE = 1 << 28
"""Bytes of a file that may be a compiled ruleset."""


def check_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin check` takes."""
    folder_arguments(command)
    command.add_argument("--prove", action="store_true", help="再用求解器证明 / prove by the solver, too")
    command.add_argument("--watch", action="store_true", help="文件一改就再检查 / check again on each change")
    verification.members_argument(command)
    verification.seconds_argument(command)


def duties_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin duties` takes."""
    dated_arguments(command)
    command.add_argument("--department", metavar="NAME", help="只列这个部门的 / only this department's")


def sources_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin sources` takes."""
    command.add_argument("action", choices=("verify",), help="核对摘要 / hold the digests against the text")
    command.add_argument("file", type=given_path, help="来源文件的文字（UTF-8） / the source's text")
    command.add_argument("--source", metavar="ID", help="来源编号；只有一个登记时可省略 / id of the source")


def test_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin test` takes."""
    folder_arguments(command)
    command.add_argument("--coverage", action="store_true", help="报告条件中没有试到的部分 / report parts never tried")


def fmt_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin fmt` takes."""
    folder_arguments(command)
    command.add_argument("--lang", choices=("zh", "en"), help="写成中文或英文 / write in Chinese or English")
    command.add_argument("--check", action="store_true", help="只报告，不改写 / report only, write nothing")


def compile_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin compile` takes."""
    command.add_argument("-o", "--output", type=given_path, help="输出文件 / the file to write")
    command.add_argument("--wat", action="store_true", help="另写可读的文本 / also the module as text")
    command.add_argument("--manifest", action="store_true", help="另写清单 / also the manifest, as JSON")
    said = "附上解释所需的内容，供 JavaScript 说明理由 / with what JavaScript needs to say why"
    command.add_argument("--explanations", action="store_true", help=said)
    command.add_argument(
        "--c", type=given_path, metavar="FOLDER", help="写成 C 程序库 / write a C library into a folder"
    )


def check(arguments: argparse.Namespace) -> int:
    """`fupin check`."""
    if arguments.watch:
        from fupin_policy.cli.watching import watch

        return watch(ruleset_folder(arguments), partial(_check_once, arguments), arguments.format)
    return _check_once(arguments)


def _check_once(arguments: argparse.Namespace) -> int:
    from fupin_policy.diagnostics import Reporter
    from fupin_policy.ruleset import check_folder

    reporter = Reporter()
    program = check_folder(ruleset_folder(arguments), reporter, arguments.settings)
    every = (program, *program.by_place.values())
    found = {
        "ruleset": program.id,
        "digest": program.digest,
        "policies": sum(len(one.policies) for one in every),
        "targets": sum(len(one.targets) for one in every),
        "duties": len(program.duties),
        "facts": len({(one.subject, fact.name) for one in every for fact in one.facts}),
        "parameters": sum(one.of is None for one in program.parameters.values()),
    }
    if arguments.prove or arguments.format == "text":
        show(reporter.warnings)
    if arguments.prove:
        return verification.prove(program, arguments)
    count = len(reporter.warnings)
    warned = f"没有错误，{count} 处警告 / no errors, {counted(count, 'warning')}"
    head = f"{warned if count else '没有问题 / no problems'}: {program.title.zh} ({program.id})"
    counts = "，".join(f"{zh} {key} {found[key]}" for key, zh in _COUNTED.items())
    return show_result(arguments, {"problems": [one.as_json() for one in reporter.warnings], **found}, head, counts)


_COUNTED = {"policies": "政策", "targets": "目标", "duties": "职责", "facts": "事实", "parameters": "参数"}


def test(arguments: argparse.Namespace) -> int:
    """`fupin test`."""
    from fupin_policy.analysis.examples import of_base, run_examples

    folder = ruleset_folder(arguments)
    ran, failed = run_examples(folder, arguments.settings)
    failures, differ = of_base(folder, failed)
    if failures:
        return report(failures, arguments.format)
    found: dict[str, object] = {"examples": ran, "problems": []}
    if differ:
        found["differs"] = [one.as_json() for one in differ]
    lines = [f"与上级规则集不同 / differs: {one.place}: {one.sentence('zh')} / {one.sentence('en')}" for one in differ]
    apart = len({one.span for one in differ})
    passed = f"{ran - apart} 个例子通过，{apart} 个与上级规则集不同 / {ran - apart} examples passed, {apart} differ"
    lines.append(passed if differ else f"{ran} 个例子全部通过 / {ran} examples passed")
    if arguments.coverage:
        from fupin_policy.analysis.example_coverage import example_coverage

        parts, gaps = example_coverage(folder, arguments.settings)
        if gaps:
            return report(gaps, arguments.format)
        found["parts"] = parts
        lines.append(f"条件的 {parts} 个部分都有例子试到 / all {parts} parts of conditions are tried")
    return show_result(arguments, found, *lines)


def duties(arguments: argparse.Namespace) -> int:
    """`fupin duties`."""
    from fupin_policy.analysis.department_tasks import known_names, of_department, tasks
    from fupin_policy.core.days import to_day
    from fupin_policy.diagnostics import suggest
    from fupin_policy.reports.registers_text import tasks_text
    from fupin_policy.ruleset import day_of

    program = asked_program(arguments)
    day = to_day(day_of(program, asked_date(arguments)))
    try:
        found = tasks(program, day) if not arguments.department else of_department(program, arguments.department, day)
    except KeyError:
        near = suggest(arguments.department, known_names(program))
        hint = "" if near is None else f"（是否“{near}”？ / did you mean {near}?）"
        tell(f"没有这个部门 / no such department: {arguments.department}{hint}", file=sys.stderr)
        return USAGE
    return show_result(arguments, [task.as_json() for task in found], tasks_text(found, arguments.lang))


def coverage(arguments: argparse.Namespace) -> int:
    """`fupin coverage`."""
    from fupin_policy.analysis.clause_accounts import accounts
    from fupin_policy.reports.registers_text import accounts_text

    program = asked_program(arguments)
    found = accounts(program)
    show_result(arguments, [account.as_json() for account in found], accounts_text(program, found))
    return FINE if all(account.accounted for account in found) else PROBLEMS


def sources(arguments: argparse.Namespace) -> int:
    """`fupin sources`."""
    from fupin_policy.analysis.clause_accounts import compare
    from fupin_policy.diagnostics import Reporter
    from fupin_policy.documents import text_of
    from fupin_policy.ruleset import check_folder

    program = check_folder(ruleset_folder(arguments))
    registered = {name: source for name, source in program.sources.items() if source.clauses}
    wanted = arguments.source or (next(iter(registered)) if len(registered) == 1 else None)
    if wanted not in registered:
        tell(f"请用 --source 指明来源 / name the source: {'、'.join(registered)}", file=sys.stderr)
        return USAGE
    clauses = registered[wanted].clauses
    reporter = Reporter()
    found = compare(clauses, reporter.result(text_of(arguments.file, reporter)))
    if arguments.format == "json":
        print_json({"source": wanted, "clauses": len(clauses), "problems": [[m.clause, m.kind] for m in found]})
    else:
        for one in found:
            tell(f"{wanted} {one.clause}: {_MISMATCH[one.kind]}", file=sys.stderr)
        if not found:
            tell(f"{wanted}: {len(clauses)} 款文字与登记一致 / all {len(clauses)} clauses are as registered")
    return PROBLEMS if found else FINE


_MISMATCH = {
    "changed": "文字与登记的摘要不符 / the text is not that of the registered digest",
    "absent": "文字中没有这一款 / not in the text",
    "unregistered": "文字中有这一款，但没有登记 / in the text and not registered",
}


def fmt(arguments: argparse.Namespace) -> int:
    """`fupin fmt`."""
    from fupin_policy.check.formatter import format_folder

    changed = format_folder(ruleset_folder(arguments), arguments.lang, write=not arguments.check)
    said = "需要整理 / would change" if arguments.check else "已整理 / formatted"
    show_result(arguments, {"changed": [str(path) for path in changed]}, *(f"{said}: {path}" for path in changed))
    return PROBLEMS if arguments.check and changed else FINE


def compile(arguments: argparse.Namespace) -> int:
    """`fupin compile`."""
    from fupin_policy.evaluators.wasm import program_text, read_manifest
    from fupin_policy.files.atomic import atomic_file, bears, check_file, check_folder

    if arguments.c is not None:
        check_folder(arguments.c)
    ruleset = asked_ruleset(arguments)
    if arguments.c is not None:
        return _compile_to_c(ruleset, arguments)
    output = arguments.output or Path(f"{ruleset.id}.wasm")
    content = ruleset.compile(explanations=arguments.explanations)
    written: dict[Path, tuple[bytes, Own]] = {output: (content, _is_module)}
    if arguments.wat:
        own = bears(at_start=b"(module\n(memory ")
        written[output.with_suffix(".wat")] = (program_text(ruleset.program).encode(), own)
    if arguments.manifest:
        manifest = json.dumps(read_manifest(content), ensure_ascii=False, indent=1)
        own = bears(b'"abi": ', at_start=b"{")
        written[output.with_suffix(".manifest.json")] = (f"{manifest}\n".encode(), own)
    for path, (_, own) in written.items():
        check_file(path, own)
    for path, (raw, own) in written.items():
        with atomic_file(path, own) as aside:
            aside.write_bytes(raw)
    files = [{"file": str(path), "bytes": len(raw)} for path, (raw, _) in written.items()]
    lines = (f"{path}: {len(raw)} bytes, {ruleset.digest}" for path, (raw, _) in written.items())
    return show_result(arguments, {"digest": ruleset.digest, "files": files}, *lines)


def _is_module(path: Path) -> bool:
    """Whether a file is a compiled ruleset, of whatever version."""
    from fupin_policy.evaluators.wasm.manifest import SECTION, sections

    try:
        return path.stat().st_size <= LARGEST_MODULE and any(
            name == SECTION for _, name, *_ in sections(path.read_bytes())
        )
    except ValueError:
        return False


def _compile_to_c(ruleset: Ruleset, arguments: argparse.Namespace) -> int:
    from fupin_policy.c_library import c_library
    from fupin_policy.files.atomic import atomic_folder

    files = c_library(ruleset.compile())
    with atomic_folder(arguments.c) as folder:
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    written = [str(arguments.c / name) for name in files]
    return show_result(
        arguments, {"files": written, "digest": ruleset.digest}, f"{'、'.join(written)}: {ruleset.digest}"
    )
