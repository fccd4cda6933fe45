"""The commands about writing rules: lsp, describe, schema, completion.

In: parsed arguments. Out: text, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fupin_policy.cli.common import FINE, asked_date, given_name, given_path, ruleset_folder, show_result
from fupin_policy.core.bilingual import counted
from fupin_policy.diagnostics import InputError, Lang
from fupin_policy.diagnostics.showing import tell
from fupin_policy.diagnostics.suggestions import suggest


def lsp_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin lsp` takes."""
    command.add_argument("--stdio", action="store_true", help="标准输入输出，总是如此 / standard streams, as always")


def lsp(arguments: argparse.Namespace) -> int:
    """`fupin lsp`. Raises ModuleNotFoundError where the extra `editor` is not installed."""
    from fupin_policy.editor.server import serve

    serve()
    return FINE


def describe_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin describe` takes."""
    command.add_argument("name", metavar="NAME", help="规则里的名称或编号 / a name or an id in the rules")
    command.add_argument("--as-of", metavar="DATE", help="参数在哪一天的值，默认今天 / day of values, by default today")
    command.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 / language")


def describe(arguments: argparse.Namespace) -> int:
    """`fupin describe`. Raises InputError, with a suggestion, where nothing has that name."""
    found = described_names(ruleset_folder(arguments), arguments.name, arguments.lang, asked_date(arguments))
    lines = list[str]()
    for one in found:
        used = one["used"]
        zh, en = f"用在 {len(used)} 处", counted(len(used), "use")
        lines += [*one["lines"], *(one["declared"][:1])]
        # where a word of the language is used is not counted
        lines += [] if one["sort"] == "keyword" else [zh if arguments.lang == "zh" else en]
        lines += [f"  {place}  {line}" for place, line in zip(used, one["used_lines"], strict=True)]
        lines += [""]
    data = [{key: value for key, value in one.items() if key != "used_lines"} for one in found]
    return show_result(arguments, {"names": data}, *lines[:-1])


def described_names(folder: Path, name: str, lang: Lang, as_of: str) -> list[dict[str, Any]]:
    """All that a name may mean in a ruleset, with the places where it is declared and used, and the lines of these.

    Raises InputError, with a suggestion, where nothing has that name.
    """
    from fupin_policy.core.days import day_of
    from fupin_policy.diagnostics.diagnostic import place_of
    from fupin_policy.diagnostics.positions import line_of
    from fupin_policy.editor.describing import described

    day = day_of(as_of)
    if day is None:
        raise InputError.of("H040", "as_of", given=as_of)
    data = []
    for one in described(folder, name, lang, day):
        declared, used = ([place_of(span) for span in spans] for spans in (one.declared, one.used))
        known = {"sort": one.sort, "name": one.name, "label": one.label, "lines": one.lines}
        data.append({**known, "declared": declared, "used": used, "used_lines": [line_of(span) for span in one.used]})
    return data


def schema_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin schema` takes."""
    command.add_argument(
        "kind",
        nargs="?",
        metavar="KIND",
        help="文件的种类，如 policies；不写则列出 / kind of file, such as policies; without it, all are listed",
    )
    command.add_argument(
        "-o", "--output", type=given_path, metavar="FOLDER", help="写进文件夹，每种一个文件 / write each into a folder"
    )


def schema(arguments: argparse.Namespace) -> int:
    """`fupin schema`."""
    from fupin_policy.editor.schemas import english_kind, every_kind, schema_of, schema_text
    from fupin_policy.files.atomic import atomic_folder

    kinds = every_kind()
    if arguments.kind is not None:
        known = english_kind(arguments.kind)
        if known is None:
            raise InputError.of("N230", "KIND", suggestion=suggest(arguments.kind, kinds), name=arguments.kind)
        kinds = (known,)
    if arguments.output is not None:
        with atomic_folder(arguments.output) as folder:
            for kind in kinds:
                (folder / f"{kind}.json").write_text(schema_text(kind), encoding="utf-8")
        written = [str(arguments.output / f"{kind}.json") for kind in kinds]
        return show_result(arguments, {"files": written}, *written)
    if arguments.kind is not None:
        # the schema is JSON in either form
        tell(schema_text(kinds[0]), end="")
        return FINE
    titles = {kind: schema_of(kind)["title"] for kind in kinds}
    return show_result(arguments, {"kinds": titles}, *(f"{kind:12} {title}" for kind, title in titles.items()))


def completion_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin completion` takes."""
    command.add_argument("shell", choices=("bash", "zsh", "fish", "tcsh", "powershell"), help="外壳 / the shell")
    command.add_argument("--lang", choices=("zh", "en"), help="说明的语言 / language of the descriptions")


def completion(arguments: argparse.Namespace) -> int:
    """`fupin completion`. Raises ModuleNotFoundError where the extra `completion` is not installed."""
    import shtab

    parser: argparse.ArgumentParser = arguments.parser
    _complete_files(parser, shtab.FILE)
    tell(shtab.complete(parser, arguments.shell))
    return FINE


def _complete_files(parser: argparse.ArgumentParser, files: object) -> None:
    """Say of each argument that names a file or a folder that such are to be proposed."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                _complete_files(command, files)
        elif action.type in (given_path, given_name):
            vars(action)["complete"] = files
