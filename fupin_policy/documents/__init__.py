"""The files of a ruleset: bytes to strict YAML nodes to what they say, with a JSON Schema for every kind.

In: a folder. Out: `Documents`, or diagnostics. Called by `ruleset`, the formatter and the examples.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from fupin_policy.diagnostics import Reporter, Span, suggest
from fupin_policy.documents import model
from fupin_policy.documents.build import KINDS, Entries
from fupin_policy.documents.model import Documents
from fupin_policy.documents.reader import Mapping, Scalar, read_node, to_python
from fupin_policy.documents.validate import validate

__all__ = ["Documents", "files_of", "model", "read", "read_plain"]


def files_of(folder: Path) -> list[Path]:
    """The YAML files of a ruleset, in the order of their paths within it."""
    return sorted(folder.rglob("*.yaml"), key=lambda path: path.relative_to(folder).as_posix())


def read(folder: Path, reporter: Reporter) -> Documents:
    """All that a folder's files say; every problem in any of them goes to `reporter`."""
    entries = Entries(reporter)
    digest = hashlib.sha256()
    paths = files_of(folder) if folder.is_dir() else []
    for path in paths:
        data = path.read_bytes()
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + data + b"\0")
        _read_file(path.as_posix(), data, entries, reporter)
    rulesets = entries.all(model.RulesetDoc)
    _one_ruleset(folder, paths, rulesets, entries, reporter)
    return Documents(
        rulesets[0] if rulesets else None,
        entries.all(model.CodeListDoc),
        entries.all(model.FactDoc),
        entries.all(model.TermDoc),
        entries.all(model.ParameterDoc),
        entries.all(model.DepartmentDoc),
        entries.all(model.PlaceDoc),
        entries.all(model.SourceDoc),
        entries.all(model.PolicyDoc),
        entries.all(model.GroupDoc),
        frozenset(entries.broken),
        f"sha256:{digest.hexdigest()}",
    )


def read_plain(path: str, data: bytes, reporter: Reporter) -> Any:
    """The plain value of one YAML file, such as a household; None with the problem reported."""
    node = read_node(path, data, reporter)
    return None if node is None else to_python(node)


def _read_file(path: str, data: bytes, entries: Entries, reporter: Reporter) -> None:
    node = read_node(path, data, reporter)
    if node is None:
        return
    kind = node.get("kind") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or not isinstance(kind, Scalar):
        reporter.report("Y113", Span(node.span.source, node.span.start, node.span.start + 1), known="、".join(KINDS))
    elif kind.text not in KINDS:
        reporter.report(
            "Y204", kind.span, suggestion=suggest(kind.text, KINDS), value=kind.text, known="、".join(KINDS)
        )
    else:
        validate(kind.text, node, reporter)
        entries.add(kind.text, node)


def _one_ruleset(
    folder: Path, paths: list[Path], found: tuple[model.RulesetDoc, ...], entries: Entries, reporter: Reporter
) -> None:
    if not paths:
        reporter.report("Y114", folder.as_posix(), folder=folder.as_posix())
    elif not found and not reporter.errors:
        reporter.report("Y115", folder.as_posix())
    for extra in found[1:]:
        reporter.report("Y116", extra.span)
