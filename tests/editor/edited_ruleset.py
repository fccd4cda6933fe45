"""A ruleset of the documentation as it stands in an editor, with a cursor in one of its files.

In: a file, a stretch of its text, what is written in its place with `|` for the cursor. Out: what is offered there.
Used by the tests of this folder.
"""

from __future__ import annotations

from pathlib import Path

from fupin_policy.editor.completion import completed
from fupin_policy.editor.proposals import Proposal, Proposals
from fupin_policy.editor.snapshot import EditorFile, EditorSnapshot
from fupin_policy.editor.vocabulary import Vocabulary
from fupin_policy.editor.workspace import Workspace

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "docs" / "examples" / "lesson"


def read(folder: Path = LESSON, workspace: Workspace | None = None) -> tuple[EditorSnapshot, Vocabulary]:
    """A ruleset as it stands, and its names."""
    snapshot = (workspace or Workspace()).snapshot(folder)
    return snapshot, Vocabulary.of(snapshot)


def file_of(snapshot: EditorSnapshot, name: str) -> EditorFile:
    """One of its files."""
    return next(file for file in snapshot.files.values() if file.path.name == name)


def offered(vocabulary: Vocabulary, name: str, old: str, new: str, folder: Path = LESSON) -> tuple[str, Proposals]:
    """What is offered where `|` stands in the new text, and the text itself."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    at = text.index(old) + new.index("|")
    text = text.replace(old, new.replace("|", ""), 1)
    return text, completed(text, at, vocabulary)


def labels(found: Proposals, rank: int | None = None) -> list[str]:
    """The words that are offered, those of a rank if one is named."""
    return [one.label for one in found.items if rank is None or one.rank == rank]


def the(found: Proposals, label: str) -> Proposal:
    """The one that is offered by this word."""
    return next(one for one in found.items if one.label == label)
