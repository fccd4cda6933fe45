"""The command `fupin`: parse arguments, call the library, show what came back.

In: arguments and files. Out: text or JSON, and an exit code: 0 fine, 1 problems in what was given, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fupin_policy.diagnostics import Diagnostic, FupinError, InputError, Reporter, render

FINE, PROBLEMS, USAGE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except FupinError as error:
        return _report(error.diagnostics, arguments.format)
    except BrokenPipeError:
        # whoever read our output has had enough; nothing more can be written, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except FileNotFoundError as error:
        print(f"找不到文件 / no such file: {error.filename}", file=sys.stderr)
        return PROBLEMS
    except OSError as error:
        print(f"无法读写 / cannot read or write: {error.filename}: {error.strerror}", file=sys.stderr)
        return PROBLEMS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fupin", description="扶贫政策规则库 / policies as code")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, run, help_text, extend in (
        ("check", _check, "检查规则集 / check a ruleset", _no_more),
        ("eval", _eval, "计算各户的政策 / decide households", _households),
        ("explain", _explain, "说明每项决定的理由 / say why", _explained),
        ("judge", _judge, "核对各地点的目标 / hold targets against the figures of places", _judged),
        ("duties", _duties, "各部门的职责、目标和政策 / what departments must do", _of_department),
        ("coverage", _coverage, "各条款如何编码 / what became of each clause", _no_more),
        ("sources", _sources, "核对来源文件的文字 / hold the register against a source's text", _verified),
        ("test", _test, "运行政策旁的例子 / run the examples beside the policies", _tested),
        ("fmt", _fmt, "整理表达式的写法 / write expressions in canonical form", _formatted),
        ("compile", _compile, "编译成一个 WebAssembly 文件 / compile to one WebAssembly file", _compiled),
        ("demo", _demo, "演示：一份登记册摘录 / demonstration on a registry extract", _dated),
        ("synth", _synth, "虚构一份任意大小的登记册 / invent a registry of any size", _synthesized),
    ):
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.add_argument("--ruleset", type=Path, metavar="FOLDER", help="规则集文件夹 / the ruleset's folder")
        command.add_argument("--format", choices=("text", "json"), default="text", help="输出格式 / form of the output")
        extend(command)
        command.set_defaults(run=run)
    return parser


def _no_more(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", nargs="?", type=Path, help="规则集文件夹 / the ruleset's folder")


def _dated(command: argparse.ArgumentParser) -> None:
    command.add_argument("--as-of", metavar="DATE", help="基准日，如 2019-06-30 / the date")
    command.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 / language")


def _households(command: argparse.ArgumentParser) -> None:
    _dated(command)
    command.add_argument(
        "file", nargs="?", default="-", help="JSON、JSON Lines 或 YAML；- 为标准输入 / - is standard input"
    )


def _judged(command: argparse.ArgumentParser) -> None:
    _households(command)
    command.add_argument("--for", dest="kind", default="village", help="地点种类，如 village / the kind of place")


def _of_department(command: argparse.ArgumentParser) -> None:
    _dated(command)
    command.add_argument("--department", metavar="NAME", help="只列这个部门的 / only this department's")


def _verified(command: argparse.ArgumentParser) -> None:
    command.add_argument("action", choices=("verify",), help="核对摘要 / hold the digests against the text")
    command.add_argument("file", type=Path, help="来源文件的文字（UTF-8） / the source's text")
    command.add_argument("--source", metavar="ID", help="来源编号；只有一个登记时可省略 / id of the source")


def _tested(command: argparse.ArgumentParser) -> None:
    _no_more(command)
    command.add_argument("--coverage", action="store_true", help="报告条件中没有试到的部分 / report parts never tried")


def _explained(command: argparse.ArgumentParser) -> None:
    _households(command)
    command.add_argument("--policy", help="只说明这一项 / only this policy")


def _formatted(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", nargs="?", type=Path, help="规则集文件夹 / the ruleset's folder")
    command.add_argument("--lang", choices=("zh", "en"), help="写成中文或英文 / write in Chinese or English")
    command.add_argument("--check", action="store_true", help="只报告，不改写 / report only, write nothing")


def _compiled(command: argparse.ArgumentParser) -> None:
    command.add_argument("-o", "--output", type=Path, help="输出文件 / the file to write")


def _synthesized(command: argparse.ArgumentParser) -> None:
    command.add_argument("--households", type=int, required=True, metavar="N", help="多少户 / how many households")
    command.add_argument(
        "--seed", type=int, default=0, metavar="S", help="同样的数得同样的登记册 / same seed, same rows"
    )
    command.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="写入的文件夹 / folder")
    command.add_argument("--to", choices=("csv", "parquet"), default="csv", help="文件形式 / form of the files")
    command.add_argument("--encoding", choices=("utf-8", "gb18030"), default="utf-8", help="CSV 的编码 / of CSV")
    command.add_argument("--population", type=Path, metavar="FILE", help="分布文件 / the population file")


def _folder(arguments: argparse.Namespace) -> Path:
    from fupin_policy.ruleset import SHIPPED

    return arguments.ruleset or getattr(arguments, "folder", None) or SHIPPED


def _check(arguments: argparse.Namespace) -> int:
    from fupin_policy.ruleset import check_folder

    program = check_folder(_folder(arguments))
    every = (program, *program.by_place.values())
    found = {
        "ruleset": program.id,
        "digest": program.digest,
        "policies": sum(len(one.policies) for one in every),
        "targets": sum(len(one.targets) for one in every),
        "duties": len(program.duties),
        "facts": len({(one.subject, fact.name) for one in every for fact in one.facts}),
        "parameters": len(program.parameters),
    }
    if arguments.format == "json":
        _print_json({"problems": [], **found})
    else:
        print(f"没有问题 / no problems: {program.title.zh} ({program.id})")
        print("，".join(f"{zh} {key} {found[key]}" for key, zh in _COUNTED.items()))
    return FINE


_COUNTED = {"policies": "政策", "targets": "目标", "duties": "职责", "facts": "事实", "parameters": "参数"}


def _eval(arguments: argparse.Namespace) -> int:
    from fupin_policy.ruleset import load

    ruleset = load(_folder(arguments))
    as_of = _as_of(arguments)
    result = FINE
    for place, household in _read_households(arguments.file):
        try:
            evaluation = ruleset.evaluate(household, as_of)
        except InputError as error:
            result = _report(error.diagnostics, arguments.format, place)
            continue
        if arguments.format == "json":
            _print_json(evaluation.as_json())
        else:
            from fupin_policy.rendering import evaluation_text

            print(evaluation_text(evaluation, arguments.lang))
    return result


def _explain(arguments: argparse.Namespace) -> int:
    from fupin_policy.ruleset import load

    ruleset = load(_folder(arguments))
    as_of = _as_of(arguments)
    result = FINE
    for place, household in _read_households(arguments.file):
        try:
            found = ruleset.explain(household, as_of, arguments.policy)
        except InputError as error:
            result = _report(error.diagnostics, arguments.format, place)
            continue
        except KeyError:
            print(f"没有这项政策 / no such policy: {arguments.policy}", file=sys.stderr)
            return USAGE
        if arguments.format == "json":
            _print_json([explanation.as_json() for explanation in found])
        else:
            print("\n\n".join(explanation.text(arguments.lang) for explanation in found))
    return result


def _test(arguments: argparse.Namespace) -> int:
    from fupin_policy.examples import run_examples

    ran, failures = run_examples(_folder(arguments))
    if failures:
        return _report(failures, arguments.format)
    found: dict[str, object] = {"examples": ran, "problems": []}
    if arguments.coverage:
        from fupin_policy.analysis.conditions import example_coverage

        parts, gaps = example_coverage(_folder(arguments))
        if gaps:
            return _report(gaps, arguments.format)
        found["parts"] = parts
    if arguments.format == "json":
        _print_json(found)
    else:
        print(f"{ran} 个例子全部通过 / {ran} examples passed")
        if arguments.coverage:
            print(f"条件的 {found['parts']} 个部分都有例子试到 / all {found['parts']} parts of conditions are tried")
    return FINE


def _judge(arguments: argparse.Namespace) -> int:
    from fupin_policy.registers_text import judgements_text
    from fupin_policy.ruleset import load

    ruleset = load(_folder(arguments))
    if arguments.kind not in ruleset.program.by_place:
        known = "、".join(ruleset.program.by_place)
        print(f"没有这类地点的目标 / no targets for {arguments.kind}; {known}", file=sys.stderr)
        return USAGE
    rules, as_of, result = ruleset.of(arguments.kind), _as_of(arguments), FINE
    for place, figures in _read_households(arguments.file):
        try:
            found = rules.judge(figures, as_of)
            granted = rules.evaluate(figures, as_of)
        except InputError as error:
            result = _report(error.diagnostics, arguments.format, place)
            continue
        if arguments.format == "json":
            _print_json({**granted.as_json(), "targets": [one.as_json() for one in found]})
        else:
            print(judgements_text(granted, found, arguments.lang))
    return result


def _duties(arguments: argparse.Namespace) -> int:
    from fupin_policy.analysis.work import known_names, of_department, tasks
    from fupin_policy.core.program import to_day
    from fupin_policy.diagnostics import suggest
    from fupin_policy.registers_text import tasks_text
    from fupin_policy.ruleset import check_folder, day_of

    program = check_folder(_folder(arguments))
    day = to_day(day_of(program, _as_of(arguments)))
    try:
        found = tasks(program, day) if not arguments.department else of_department(program, arguments.department, day)
    except KeyError:
        near = suggest(arguments.department, known_names(program))
        hint = "" if near is None else f"（是否“{near}”？ / did you mean {near}?）"
        print(f"没有这个部门 / no such department: {arguments.department}{hint}", file=sys.stderr)
        return USAGE
    if arguments.format == "json":
        _print_json([task.as_json() for task in found])
    else:
        print(tasks_text(found, arguments.lang))
    return FINE


def _coverage(arguments: argparse.Namespace) -> int:
    from fupin_policy.analysis.clauses import accounts
    from fupin_policy.registers_text import accounts_text
    from fupin_policy.ruleset import check_folder

    program = check_folder(_folder(arguments))
    found = accounts(program)
    if arguments.format == "json":
        _print_json([account.as_json() for account in found])
    else:
        print(accounts_text(program, found))
    return FINE if all(account.accounted for account in found) else PROBLEMS


def _sources(arguments: argparse.Namespace) -> int:
    from fupin_policy.analysis.clauses import compare
    from fupin_policy.ruleset import check_folder

    program = check_folder(_folder(arguments))
    registered = {name: source for name, source in program.sources.items() if source.clauses}
    wanted = arguments.source or (next(iter(registered)) if len(registered) == 1 else None)
    if wanted not in registered:
        print(f"请用 --source 指明来源 / name the source: {'、'.join(registered)}", file=sys.stderr)
        return USAGE
    clauses = registered[wanted].clauses
    found = compare(clauses, arguments.file.read_text(encoding="utf-8"))
    if arguments.format == "json":
        _print_json({"source": wanted, "clauses": len(clauses), "problems": [[m.clause, m.kind] for m in found]})
    else:
        for one in found:
            print(f"{wanted} {one.clause}: {_MISMATCH[one.kind]}", file=sys.stderr)
        if not found:
            print(f"{wanted}: {len(clauses)} 款文字与登记一致 / all {len(clauses)} clauses are as registered")
    return PROBLEMS if found else FINE


_MISMATCH = {
    "changed": "文字与登记的摘要不符 / the text is not that of the registered digest",
    "absent": "文字中没有这一款 / not in the text",
    "unregistered": "文字中有这一款，但没有登记 / in the text and not registered",
}


def _fmt(arguments: argparse.Namespace) -> int:
    from fupin_policy.formatting import format_folder

    changed = format_folder(_folder(arguments), arguments.lang, write=not arguments.check)
    if arguments.format == "json":
        _print_json({"changed": [str(path) for path in changed]})
    else:
        for path in changed:
            print(f"{'需要整理 / would change' if arguments.check else '已整理 / formatted'}: {path}")
    return PROBLEMS if arguments.check and changed else FINE


def _compile(arguments: argparse.Namespace) -> int:
    from fupin_policy.ruleset import load

    ruleset = load(_folder(arguments))
    output = arguments.output or Path(f"{ruleset.id}.wasm")
    content = ruleset.compile()
    output.write_bytes(content)
    if arguments.format == "json":
        _print_json({"file": str(output), "bytes": len(content), "digest": ruleset.digest})
    else:
        print(f"{output}: {len(content)} bytes, {ruleset.digest}")
    return FINE


def _demo(arguments: argparse.Namespace) -> int:
    from fupin_policy.demo import run_demo
    from fupin_policy.ruleset import load

    print(run_demo(load(_folder(arguments)), _folder(arguments), arguments.as_of or "2019-06-30", arguments.lang))
    return FINE


def _synth(arguments: argparse.Namespace) -> int:
    from fupin_policy.ruleset import check_folder

    try:
        from fupin_policy.synth import MOST_HOUSEHOLDS, read_population, write_registry
    except ImportError as error:
        print(f"请安装 fupin-policy[batch] / install fupin-policy[batch]: {error.name}", file=sys.stderr)
        return PROBLEMS
    if not (0 <= arguments.households <= MOST_HOUSEHOLDS and arguments.seed >= 0):
        print(f"户数应为 0 至 {MOST_HOUSEHOLDS}，种子不小于 0 / out of range: --households, --seed", file=sys.stderr)
        return USAGE
    program = check_folder(_folder(arguments))
    file = arguments.population or _folder(arguments) / "population" / "population.yaml"
    households, members = write_registry(
        program,
        read_population(file, program),
        arguments.households,
        arguments.seed,
        arguments.output,
        arguments.to,
        arguments.encoding,
    )
    if arguments.format == "json":
        _print_json({"folder": str(arguments.output), "households": households, "members": members})
    else:
        print(f"{arguments.output}: {households} 户 households，{members} 人 members")
    return FINE


def _as_of(arguments: argparse.Namespace) -> str:
    from datetime import date

    return arguments.as_of or date.today().isoformat()


def _read_households(name: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """The households of a file: one JSON object, a list of them, JSON Lines, or YAML."""
    from fupin_policy.intake import parse_json

    shown = "<stdin>" if name == "-" else name
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    reporter = Reporter()
    if name.endswith((".yaml", ".yml")):
        from fupin_policy.documents import read_plain

        values: list[tuple[str, object]] = [(shown, read_plain(shown, raw, reporter))]
    elif name.endswith(".jsonl") or _is_json_lines(raw):
        lines = [(number, line) for number, line in enumerate(raw.splitlines(), 1) if line.strip()]
        values = [(f"{shown}:{number}", parse_json(line, reporter)) for number, line in lines]
    else:
        values = [(shown, parse_json(raw, reporter))]
    reporter.raise_errors(InputError)
    return _each(values)


def _each(values: Iterable[tuple[str, object]]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    for place, value in values:
        if isinstance(value, list):
            yield from _each((f"{place}[{index}]", one) for index, one in enumerate(value))
        elif isinstance(value, Mapping):
            yield place, value
        else:
            reporter = Reporter()
            reporter.report("H001", place)
            reporter.raise_errors(InputError)


def _is_json_lines(raw: bytes) -> bool:
    lines = [line for line in raw.splitlines() if line.strip()]
    return len(lines) > 1 and all(line.lstrip().startswith(b"{") and line.rstrip().endswith(b"}") for line in lines[:2])


def _report(diagnostics: Iterable[Diagnostic], form: str, place: str | None = None) -> int:
    found = list(diagnostics)
    if form == "json":
        problems = [{**problem.as_json(), **({} if place is None else {"input": place})} for problem in found]
        _print_json({"problems": problems})
    else:
        for problem in found:
            print(render(problem) if place is None else f"{place}\n{render(problem)}", file=sys.stderr)
            print(file=sys.stderr)
        print(f"共 {len(found)} 个问题 / {len(found)} problems", file=sys.stderr)
    return PROBLEMS


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
