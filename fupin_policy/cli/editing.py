"""The commands about writing rules: lsp, completion.

In: parsed arguments. Out: text, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse

from fupin_policy.cli.common import FINE, given_name, given_path
from fupin_policy.diagnostics.showing import tell


def lsp_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin lsp` takes."""
    command.add_argument("--stdio", action="store_true", help="标准输入输出，总是如此 / standard streams, as always")


def lsp(arguments: argparse.Namespace) -> int:
    """`fupin lsp`. Raises ModuleNotFoundError where the extra `editor` is not installed."""
    from fupin_policy.editor.server import serve

    serve()
    return FINE


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
