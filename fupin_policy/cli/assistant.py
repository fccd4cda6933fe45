"""The command `mcp`: rulesets for assistants, over standard streams.

In: parsed arguments. Out: the protocol on standard output, nothing else. Called by `cli.main`.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_policy.cli.common import FINE, given_path
from fupin_policy.cli.editing import described_names

if TYPE_CHECKING:
    from fupin_policy.diagnostics import Lang


def mcp_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin mcp` takes."""
    command.add_argument(
        "folders", nargs="*", type=given_path, metavar="FOLDER", help="规则集文件夹，可多个 / folders of rulesets"
    )


def mcp(arguments: argparse.Namespace) -> int:
    """`fupin mcp`. Raises ModuleNotFoundError where the extra `assistant` is not installed."""
    from fupin_policy.ruleset import SHIPPED
    from fupin_policy.service.assistant import serve_assistant
    from fupin_policy.service.assistant_tools import AssistantQuestions
    from fupin_policy.service.shelf import RulesetShelf

    shelf = RulesetShelf.of(arguments.folders or [arguments.ruleset or SHIPPED], arguments.settings)
    folders = {name: one.folder for name, one in shelf.served.items()}
    serve_assistant(AssistantQuestions(shelf, _Describing(folders)))
    return FINE


class _Describing:
    """Tells what names mean, by the files of the rulesets."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders

    def __call__(self, ruleset: str, name: str, lang: Lang, as_of: str | None) -> Sequence[Mapping[str, Any]]:
        return described_names(self._folders[ruleset], name, lang, as_of or date.today().isoformat())
