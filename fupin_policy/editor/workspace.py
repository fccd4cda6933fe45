"""Open documents over files: rulesets read and checked as if everything were saved.

In: folders, and texts that are being edited. Out: a snapshot of a ruleset. Called by `server` and by `cli`.
A file that has not changed is not read again, nor is an expression parsed again: see `documents.reading_cache`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from fupin_policy.check import check
from fupin_policy.check.scope import NameIndex
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Diagnostic, Reporter, RulesetError
from fupin_policy.documents import Documents, documents_of
from fupin_policy.documents.extended_rulesets import with_bases
from fupin_policy.documents.reading_cache import ReadingCache
from fupin_policy.editor.snapshot import EditorFile, EditorSnapshot, absolute
from fupin_policy.files.bounded import RulesetFile, RulesetFiles, bytes_of, read_files
from fupin_policy.language.kept_trees import KeptTrees

_RULESET = re.compile("^(?:\ufeff)?(?:kind|种类)[ \t]*:[ \t]*(?:ruleset|规则集)".encode(), re.MULTILINE)
MAX_UP = 12
"""How many folders up from a file its ruleset is looked for."""


@dataclass(slots=True)
class _Ruleset:
    """What is kept of a ruleset between two snapshots."""

    cache: ReadingCache = field(default_factory=ReadingCache)
    trees: KeptTrees = field(default_factory=KeptTrees)
    documents: Documents | None = None
    program: Program | None = None
    alone: tuple[RulesetFile, ...] = ()
    """The files that have the word in them by which a ruleset extends another, when none did."""


@dataclass(slots=True)
class Workspace:
    """The texts that are open, by their paths, and what is kept of the rulesets that were read."""

    texts: dict[Path, str] = field(default_factory=dict)
    _rulesets: dict[Path, _Ruleset] = field(default_factory=dict)

    def open(self, path: Path, text: str) -> None:
        """From now on a file says this, whatever stands on the disk."""
        self.texts[path] = text

    def close(self, path: Path) -> None:
        """From now on a file says what stands on the disk."""
        self.texts.pop(path, None)

    def folder_of(self, path: Path) -> Path | None:
        """The folder of the ruleset to which a file belongs: the nearest in which one is declared."""
        for folder in list(path.parents)[:MAX_UP]:
            if any(self._declares(file) for file in self._beside(folder)):
                return folder
        return None

    def resting_on(self, path: Path) -> list[Path]:
        """The folders of rulesets, read before, to which a file belongs; that of its own comes first."""
        own = self.folder_of(path)
        others = [folder for folder, kept in self._rulesets.items() if path.as_posix() in self._paths(kept)]
        return list(dict.fromkeys([*([] if own is None else [own]), *others]))

    def snapshot(self, folder: Path) -> EditorSnapshot:
        """A ruleset as it stands now."""
        kept, reporter = self._rulesets.setdefault(folder, _Ruleset()), Reporter()
        files = self.whole_files(folder, reporter)
        documents = documents_of(files, reporter, kept.cache)
        names: NameIndex = {}
        kept.trees.begin()
        program = check(documents, reporter, names, kept.trees.parse)
        if kept.documents is None or not kept.cache.unread:
            kept.documents = documents
        kept.program = program or kept.program
        return EditorSnapshot(
            folder,
            {file.path.as_posix(): file for file in _texts(files, kept.cache)},
            reporter.diagnostics,
            kept.documents,
            kept.program,
            names,
            program is not None,
        )

    def whole_files(self, folder: Path, reporter: Reporter) -> RulesetFiles:
        """The files of a ruleset with those of the rulesets that it extends."""
        kept, files = self._rulesets.setdefault(folder, _Ruleset()), self.read_files(folder)
        saying = tuple(file for file in files.files if file.maybe_extends)
        if not saying or saying == kept.alone:
            return files
        try:
            whole = with_bases(files, reporter, self.read_files)
        except RulesetError as error:
            reporter.repeat(error.diagnostics)
            return files
        kept.alone = saying if whole.base is None else ()
        return whole

    def read_files(self, folder: Path) -> RulesetFiles:
        """The files of a folder, those that are open as they stand in the editor."""
        files = read_files(folder)
        known = {absolute(file.path): file for file in files.files}
        unsaved = [path for path in self.texts if path not in known and _belongs(path, folder)]
        made = [RulesetFile(path, path.relative_to(absolute(folder)).as_posix(), None) for path in unsaved]
        every = sorted([*files.files, *made], key=lambda file: file.name)
        return replace(files, files=tuple(map(self._as_open, every)))

    def _as_open(self, file: RulesetFile) -> RulesetFile:
        text = self.texts.get(absolute(file.path))
        return file if text is None else replace(file, data=text.encode("utf-8", "replace"))

    def _beside(self, folder: Path) -> Iterator[Path]:
        """The files in a folder that may declare a ruleset, the likeliest first."""
        usual = folder / "ruleset.yaml"
        if usual in self.texts or usual.exists():
            yield usual
        if folder.is_dir():
            yield from (path for path in folder.glob("*.yaml") if path != usual)
        yield from (path for path in self.texts if path.parent == folder and path != usual)

    def _declares(self, path: Path) -> bool:
        text = self.texts.get(path)
        return _RULESET.search((bytes_of(path) or b"") if text is None else text.encode("utf-8", "replace")) is not None

    def _paths(self, kept: _Ruleset) -> set[str]:
        return {absolute(Path(path)).as_posix() for path in kept.cache.paths}


def _texts(files: RulesetFiles, cache: ReadingCache) -> Iterator[EditorFile]:
    top = files.folder
    for layer in files.layers:
        for file in layer.files:
            if file.data is not None:
                read = cache.last(file.path.as_posix())
                kind, node = (None, None) if read is None else read
                text = file.data.decode("utf-8-sig", "replace")
                yield EditorFile(file.path, text, kind, node, layer.folder != top)


def _belongs(path: Path, folder: Path) -> bool:
    return path.suffix == ".yaml" and path.is_relative_to(absolute(folder))


def by_file(snapshot: EditorSnapshot) -> dict[Path, list[Diagnostic]]:
    """What is wrong in each file, every file among them; what stands in none is said of the ruleset's own."""
    found: dict[Path, list[Diagnostic]] = {absolute(file.path): [] for file in snapshot.files.values()}
    head = next((absolute(one.path) for one in snapshot.files.values() if one.kind == "ruleset"), None)
    for one in snapshot.diagnostics:
        path = head if one.span is None else absolute(Path(one.span.source.path))
        if path is not None:
            found.setdefault(path, []).append(one)
    return found
