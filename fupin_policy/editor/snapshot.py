"""A ruleset as it stands in an editor at one moment: its texts, what they say, what is wrong with them.

In: the files, unsaved texts among them. Out: data only. Built by `workspace`, asked by every feature.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fupin_policy.check.scope import NameIndex
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Diagnostic
from fupin_policy.documents import Documents
from fupin_policy.documents.reader import YamlMapping


@dataclass(frozen=True, slots=True)
class EditorFile:
    """A file of a ruleset: what stands in it, and its node with keys in English, if it can be read."""

    path: Path
    text: str
    kind: str | None
    node: YamlMapping | None
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class EditorSnapshot:
    """A ruleset at one moment. `documents` and `program` are the last that could be read and checked.

    They may be older than the texts while something is being written: `current` says whether `program` is not.
    """

    folder: Path
    files: Mapping[str, EditorFile] = field(repr=False)
    """By the path as it stands in spans."""
    diagnostics: tuple[Diagnostic, ...]
    documents: Documents = field(repr=False)
    program: Program | None = field(repr=False)
    names: NameIndex = field(repr=False)
    """What each name in the texts is called in both languages; of what could be parsed."""
    current: bool

    def file(self, path: Path) -> EditorFile | None:
        """The one of its files that stands at a path."""
        return next((file for file in self.files.values() if absolute(file.path) == absolute(path)), None)


def absolute(path: Path) -> Path:
    """A path as texts are kept by."""
    return Path(os.path.abspath(path))
