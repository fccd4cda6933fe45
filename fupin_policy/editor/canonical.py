"""A file's expressions in canonical form, as `fupin fmt` writes them.

In: a snapshot and one of its files. Out: edits; none while the ruleset has errors. Called by `server`.
"""

from __future__ import annotations

from fupin_policy.check.formatter import edits_of
from fupin_policy.editor.renaming import TextEdit
from fupin_policy.editor.snapshot import EditorFile, EditorSnapshot


def canonical_edits(snapshot: EditorSnapshot, file: EditorFile) -> list[TextEdit]:
    """What is to be changed in a file."""
    if not snapshot.current:
        return []
    every = edits_of(snapshot.documents, snapshot.names, None)
    return [TextEdit(*one) for source, some in every.items() if source.path == file.path.as_posix() for one in some]
