"""The commands about writing rules: lsp.

In: parsed arguments. Out: text, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse

from fupin_policy.cli.common import FINE


def lsp_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin lsp` takes."""
    command.add_argument("--stdio", action="store_true", help="标准输入输出，总是如此 / standard streams, as always")


def lsp(arguments: argparse.Namespace) -> int:
    """`fupin lsp`. Raises ModuleNotFoundError where the extra `editor` is not installed."""
    from fupin_policy.editor.server import serve

    serve()
    return FINE
