"""Files that were read before and have not changed since, for editors: a keystroke changes one file of many.

In: files as they were read. Out: the same nodes and diagnostics again, as long as a file's bytes are the same.
Called by `documents` where a cache is given to it; whoever makes one owns it, and uses it in one thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from fupin_policy.diagnostics import Diagnostic, Reporter
from fupin_policy.documents.model_builder import Entries
from fupin_policy.documents.reader import YamlMapping

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[_Given, _Made]):
    given: _Given
    made: _Made
    said: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class FilePart:
    """What a file has in it: its entries, and what it says as it counts towards the digest."""

    entries: Entries
    said: tuple[str, ...]


FileRead = tuple[str, YamlMapping] | None
"""The kind and the node of a file; None where it could not be read."""


@dataclass(slots=True)
class ReadingCache:
    """What was made of each file last, by its path: of its bytes a node, and of its node its part of the ruleset."""

    _read: dict[str, _Kept[bytes, FileRead]] = field(default_factory=dict)
    _parts: dict[str, _Kept[YamlMapping, FilePart]] = field(default_factory=dict)

    def read(
        self, path: str, data: bytes, reporter: Reporter, read: Callable[[str, bytes, Reporter], FileRead]
    ) -> FileRead:
        """What `read` makes of a file's bytes, of the same bytes without reading them again."""
        kept = self._read.get(path)
        if kept is None or kept.given != data:
            own = Reporter()
            kept = self._read[path] = _Kept(data, read(path, data, own), own.diagnostics)
        reporter.repeat(kept.said)
        return kept.made

    @property
    def unread(self) -> frozenset[str]:
        """The files that could not be read as they are now."""
        return frozenset(path for path, kept in self._read.items() if kept.made is None)

    @property
    def paths(self) -> frozenset[str]:
        """The files that were read."""
        return frozenset(self._read)

    def last(self, path: str) -> FileRead:
        """What was made of a file when it was read last; None also where it was not."""
        kept = self._read.get(path)
        return None if kept is None else kept.made

    def part(
        self, node: YamlMapping, reporter: Reporter, make: Callable[[YamlMapping, Reporter], FilePart]
    ) -> FilePart:
        """What `make` makes of a file's node, of the same node at the same places without doing so again."""
        path = node.span.source.path
        kept = self._parts.get(path)
        if kept is None or kept.given.span != node.span or kept.given != node:
            own = Reporter()
            kept = self._parts[path] = _Kept(node, make(node, own), own.diagnostics)
        reporter.repeat(kept.said)
        return kept.made
