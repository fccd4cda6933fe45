"""One editor and what it has open: rulesets checked when something changes, and what is wrong told to it.

In: texts as they change. Out: snapshots, and diagnostics to the editor. Called by `server` and the features.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.diagnostics import Diagnostic, Lang
from fupin_policy.editor import protocol
from fupin_policy.editor.idle_collection import IdleCollection
from fupin_policy.editor.protocol import Language
from fupin_policy.editor.snapshot import EditorFile, EditorSnapshot
from fupin_policy.editor.texts import CharacterUnit
from fupin_policy.editor.vocabulary import Vocabulary
from fupin_policy.editor.workspace import Workspace, by_file

DELAY = 0.01
"""Seconds without a keystroke after which a ruleset is checked: of what is typed in one go the last state counts."""


@dataclass(slots=True)
class Session:
    """One editor: its open texts, the snapshots it was told of, and the language it wants."""

    server: LanguageServer
    workspace: Workspace = field(default_factory=Workspace)
    language: Language = "both"
    memory: IdleCollection = field(default_factory=IdleCollection)
    _snapshots: dict[Path, EditorSnapshot] = field(default_factory=dict)
    _changed: set[Path] = field(default_factory=set)
    _told: dict[Path, dict[Path, lsp.PublishDiagnosticsParams]] = field(default_factory=dict)
    """Of each ruleset what the editor was told last of each file."""
    _timer: asyncio.TimerHandle | None = None
    _vocabulary: tuple[EditorSnapshot, Vocabulary] | None = None

    # -- texts ----------------------------------------------------------------------------------------------------

    def opened(self, path: Path, text: str) -> None:
        """A text is open, or has changed."""
        self.workspace.open(path, text)
        self.touched(path)

    def closed(self, path: Path) -> None:
        """A text is no longer open."""
        self.workspace.close(path)
        self.touched(path)

    def touched(self, path: Path) -> None:
        """A file may say something else than before, here or on the disk."""
        self._changed.update(self.workspace.resting_on(path))
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(DELAY, self.publish)

    def publish(self) -> None:
        """Check what has changed, and tell the editor what is wrong."""
        for folder in sorted(self._changed):
            self._renew(folder)

    def _renew(self, folder: Path) -> EditorSnapshot:
        snapshot = self._snapshots[folder] = self.workspace.snapshot(folder)
        self._changed.discard(folder)
        self._tell(folder, snapshot)
        self.memory.checked()
        return snapshot

    def _tell(self, folder: Path, snapshot: EditorSnapshot) -> None:
        """Tell the editor what is wrong in each file in which that, or the text it is about, is another than before."""
        wrong, told = by_file(snapshot), self._told.get(folder, {})
        now = {path: self._about(path, wrong.get(path, [])) for path in {*wrong, *told}}
        for path, found in now.items():
            if told.get(path) != found:
                self.server.text_document_publish_diagnostics(found)
        self._told[folder] = {path: found for path, found in now.items() if path in wrong}

    def _about(self, path: Path, wrong: list[Diagnostic]) -> lsp.PublishDiagnosticsParams:
        """What is wrong in a file, with the version of its text if it is open."""
        uri = protocol.uri_of(path)
        is_open = path in self.workspace.texts
        return lsp.PublishDiagnosticsParams(
            uri=uri,
            diagnostics=protocol.diagnostics(wrong, self.language, self.encoding),
            version=self.server.workspace.get_text_document(uri).version if is_open else None,
        )

    # -- what features ask ----------------------------------------------------------------------------------------

    @property
    def encoding(self) -> CharacterUnit:
        """In what positions are counted."""
        return protocol.encoding_of(self.server.workspace.position_encoding)

    def fresh(self, path: Path) -> EditorSnapshot | None:
        """The ruleset of a file as it is now; None where it belongs to none."""
        folder = self.workspace.folder_of(path)
        if folder is None:
            return None
        if folder in self._changed or folder not in self._snapshots:
            return self._renew(folder)
        return self._snapshots[folder]

    def known(self, path: Path) -> EditorSnapshot | None:
        """The ruleset of a file as it was checked last, without waiting for what was typed since."""
        folder = self.workspace.folder_of(path)
        if folder is None:
            return None
        return self._snapshots.get(folder) or self._renew(folder)

    @property
    def snapshots(self) -> list[EditorSnapshot]:
        """Every ruleset that was read, as it was checked last."""
        return list(self._snapshots.values())

    def text(self, path: Path) -> str:
        """A file's text as the editor has it."""
        known = self.workspace.texts.get(path)
        return path.read_text(encoding="utf-8", errors="replace") if known is None else known

    def vocabulary(self, snapshot: EditorSnapshot) -> Vocabulary:
        """The names of a snapshot."""
        if self._vocabulary is None or self._vocabulary[0] is not snapshot:
            self._vocabulary = (snapshot, Vocabulary.of(snapshot))
        return self._vocabulary[1]

    def at(self, uri: str, position: lsp.Position) -> tuple[EditorSnapshot, EditorFile, int] | None:
        """The ruleset of a file as it is now, the file, and the offset of a position; None for a file of no ruleset."""
        path = protocol.path_of(uri)
        snapshot = self.fresh(path)
        file = None if snapshot is None else snapshot.file(path)
        if snapshot is None or file is None:
            return None
        return snapshot, file, protocol.offset_in(file.text, position, self.encoding)

    def said(self, words: Bilingual) -> str:
        """A sentence in the language of the session."""
        return " / ".join(words.both) if self.language == "both" else words.en if self.language == "en" else words.zh

    @property
    def lang(self) -> Lang:
        """The language of words that are told in one only."""
        return "en" if self.language == "en" else "zh"
