"""Folders of rules that extend another, and what their check says.

In: entries as plain values, or texts. Out: folders, programs, problems. Called by the tests of overlays.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Diagnostic, Reporter, RulesetError
from fupin_policy.documents.reader import read_node, to_python
from fupin_policy.ruleset import check_folder

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
HEAD = "kind: ruleset\nid: county\ntitle: {{zh: 某县, en: County}}\nextends: {}\n"
HOUSEHOLD = {"id": "h", "享受低保": "是", "乡镇": "东河镇", "members": [{"id": "m1", "出生日期": "1955-01-01"}]}

Entries = dict[str, list[dict[str, Any]]]
KINDS = {"code_lists": "facts", "groups": "policies", "sections": "audiences"}
"""Lists that stand in a file of another kind than their own."""


def entries_of(folder: Path) -> tuple[dict[str, Any], Entries]:
    """What a folder says, as plain values: the ruleset itself, and the entries of each list."""
    head: dict[str, Any] = {}
    found: Entries = {}
    for path in sorted(folder.glob("*.yaml")):
        node = read_node(str(path), path.read_bytes(), Reporter())
        assert node is not None
        said = to_python(node)
        if said["kind"] == "ruleset":
            head = said
        else:
            for key, value in said.items():
                if isinstance(value, list):
                    found.setdefault(key, []).extend(value)
    return head, found


def write(folder: Path, head: dict[str, Any], entries: Entries) -> Path:
    """A folder that says these entries."""
    folder.mkdir(parents=True)
    (folder / "ruleset.yaml").write_text(_yaml(head), encoding="utf-8")
    files: dict[str, Entries] = {}
    for key, some in entries.items():
        if some:
            files.setdefault(KINDS.get(key, key), {})[key] = some
    for kind, said in files.items():
        (folder / f"{kind}.yaml").write_text(_yaml({"kind": kind, **said}), encoding="utf-8")
    return folder


def _yaml(value: object) -> str:
    """A value as YAML, where it stands twice, too; decimals are few, so that they are written as they were."""
    text: str = yaml.safe_dump(deepcopied(value), allow_unicode=True, sort_keys=False)
    return text


def deepcopied(value: object) -> object:
    match value:
        case dict():
            return {key: deepcopied(one) for key, one in value.items()}
        case list():
            return [deepcopied(one) for one in value]
        case Decimal():
            return float(value)
        case _:
            return value


def overlay(folder: Path, base: Path | str, **files: str) -> Path:
    """A folder that extends another; `policies="…"` is a file."""
    folder.mkdir(parents=True)
    (folder / "ruleset.yaml").write_text(HEAD.format(base), encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(f"kind: {name}\n{text}", encoding="utf-8")
    return folder


def checked(folder: Path) -> tuple[Program | None, list[Diagnostic]]:
    """The program, or none, and all that is said of it."""
    reporter = Reporter()
    try:
        return check_folder(folder, reporter), list(reporter.diagnostics)
    except RulesetError as error:
        return None, list(error.diagnostics)


def told(folder: Path) -> list[tuple[str, str, str | None]]:
    """Each problem: its code, the text at fault, its cause."""
    _, found = checked(folder)
    return [
        (one.code, "" if one.span is None else one.span.text, None if one.cause is None else one.cause.text)
        for one in found
    ]
