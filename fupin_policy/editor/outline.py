"""What stands in a file, entry by entry, and every name of a ruleset that a few letters find.

In: a file or the names of a ruleset. Out: entries with their stretches. Called by `server`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fupin_policy.diagnostics import Span
from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlScalar, YamlSequence
from fupin_policy.editor.snapshot import EditorFile
from fupin_policy.editor.vocabulary import DeclaredName, Vocabulary

_HEADS = ("title", "label", "summary", "names", "name", "id", "valid", "code")
_INNER = ("versions", "examples", "codes", "values", "multiples")


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """An entry of a list of a file: what it is called, the list it is in, all of it and where it is named."""

    label: str
    detail: str
    section: str
    span: Span
    head: Span
    children: tuple[OutlineEntry, ...] = ()


def outline(file: EditorFile) -> list[OutlineEntry]:
    """The entries of a file."""
    return [] if file.node is None else list(_entries(file.node, None))


def _entries(node: YamlMapping, sections: tuple[str, ...] | None) -> Iterator[OutlineEntry]:
    for key, value in node.entries:
        if not isinstance(value, YamlSequence) or (sections is not None and key.text not in sections):
            continue
        for item in value.items:
            if isinstance(item, YamlMapping):
                head = next((one for one in map(item.get, _HEADS) if one is not None), None)
                name = _scalar(head)
                if name is not None:
                    label = name.text.strip()
                    given = _scalar(item.get("id") or item.get("name"))
                    detail = "" if given is None or given.text == label else given.text
                    yield OutlineEntry(label, detail, key.text, item.span, name.span, tuple(_entries(item, _INNER)))


def _scalar(node: YamlNode | None) -> YamlScalar | None:
    match node:
        case YamlScalar():
            return node
        case YamlMapping(entries):
            return _scalar(node.get("zh") or (entries[0][1] if entries else None))
        case YamlSequence(items):
            return _scalar(items[-1]) if items else None
        case _:
            return None


def names_found(vocabulary: Vocabulary, query: str) -> list[DeclaredName]:
    """The names in which the letters of a query stand, in that order."""
    return [one for one in vocabulary.names if one.spans and any(_in_order(query, word) for word in one.words)]


def _in_order(query: str, word: str) -> bool:
    signs = iter(word.lower())
    return all(sign in signs for sign in query.lower())
