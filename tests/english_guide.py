"""What the English guide tells of a kind of document.

In: docs/guide.md. Out: the rows of its tables. Called by the tests of keys and of choices.
"""

from __future__ import annotations

from pathlib import Path

GUIDE = Path(__file__).parents[1] / "docs" / "guide.md"
ELSEWHERE = {"mapping": "Decide a whole registry", "population": "Invented registries"}
"""The sections of kinds that are no part of a ruleset's decisions."""
SHARED = {
    "parameters": ("Tables",),
    "policies": ("Tables",),
    "terms": ("Tables",),
    "targets": ("policies: ",),
    "duties": ("policies: ",),
}
"""Sections that tell of several kinds."""


def told_in_english(kind: str) -> str:
    """The rows of tables in the section of a kind, in those that it shares, and in that of all documents."""
    guide = GUIDE.read_text(encoding="utf-8")
    begin = guide.index("In every document:")
    guide = "\n## Keys of documents\n" + guide[begin:]
    sections = {part.splitlines()[0]: part for part in guide.replace("\n## ", "\n### ").split("\n### ")[1:]}
    wanted = ("Keys of documents", ELSEWHERE.get(kind, f"{kind}: "), *SHARED.get(kind, ()))
    parts = [part for title, part in sections.items() if title.startswith(wanted)]
    assert len(parts) == len(wanted), wanted
    return "\n".join(line for line in "\n".join(parts).splitlines() if line.startswith("| "))
