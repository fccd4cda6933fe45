"""A name changed everywhere, or refused: the ruleset with the new name must check as it did before.

In: a snapshot, a name, the new word. Out: edits by file, or why not. Called by `server`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.diagnostics import Lang, Span
from fupin_policy.editor.expression_completion import detail_of
from fupin_policy.editor.references import uses_of
from fupin_policy.editor.snapshot import EditorSnapshot, absolute
from fupin_policy.editor.vocabulary import DeclaredName, Vocabulary
from fupin_policy.editor.workspace import Workspace
from fupin_policy.language.keywords import is_name

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_WITH_ID = ("policy", "group", "target", "duty", "department")
_IN_RULES = ("fact", "term", "parameter", "reading")
_LANGS: tuple[Lang, Lang] = ("zh", "en")
_PLAIN = re.compile(r"""[^\s:#,\[\]{}'"&*!|>%@`?-][^:#,\[\]{}'"\n]*""")


@dataclass(frozen=True, slots=True)
class RenameRefused(Exception):
    """A name cannot be changed so; `why` says it to people."""

    why: Bilingual


@dataclass(frozen=True, slots=True)
class TextEdit:
    """A stretch of a file's text, and what is to stand in its place."""

    start: int
    end: int
    text: str


def renamed(
    workspace: Workspace, snapshot: EditorSnapshot, vocabulary: Vocabulary, named: DeclaredName, old: str, new: str
) -> Mapping[Path, list[TextEdit]]:
    """The edits by which a name, called `old` where the cursor is, is called `new` everywhere. Raises RenameRefused."""
    new = new.strip()
    _refuse_bad(named, old, new, vocabulary)
    spans = [span for span in uses_of(snapshot, vocabulary, named) if _word(span, named) == old]
    if any(snapshot.files[span.source.path].inherited for span in spans):
        zh, en = "它写在上级规则集里，请在那里改名", "it stands in the ruleset that this one extends: rename it there"
        raise RenameRefused(Bilingual(zh, en))
    edits: dict[Path, list[TextEdit]] = {}
    for span in sorted(spans, key=lambda one: (one.source.path, one.start)):
        start = span.start + len(span.text) - len(span.text.lstrip())
        edits.setdefault(snapshot.files[span.source.path].path, []).append(TextEdit(start, start + len(old), new))
    _refuse_broken(workspace, snapshot, edits)
    return edits


def _word(span: Span, named: DeclaredName) -> str:
    word = span.text.strip()
    return word.split(" ")[0] if named.sort == "source" else word


def _refuse_bad(named: DeclaredName, old: str, new: str, vocabulary: Vocabulary) -> None:
    taken = _taken(named, new, vocabulary)
    identifier = named.sort in _WITH_ID and old == named.name
    zh, en = "", ""
    if named.sort == "clause":
        zh, en = "条款按文件编号，不能改名", "a clause is numbered as in its document"
    elif identifier and _ID.fullmatch(new) is None:
        zh, en = "编号只能由字母、数字、下划线和点组成", "an id has letters, digits, underscores and dots"
    elif named.sort in _IN_RULES and not is_name(new):
        zh, en = f"“{new}”不能作为名称：含有空格、符号或关键词", f'"{new}" is no name: it has blanks, signs or keywords'
    elif _PLAIN.fullmatch(new) is None:
        zh, en = f"“{new}”在 YAML 中要加引号", f'"{new}" would need quotes in YAML'
    elif taken is not None:
        zh, en = f"“{new}”已经是{detail_of(taken, 'zh')}的名称", f'"{new}" is a name already: {detail_of(taken, "en")}'
    if zh:
        raise RenameRefused(Bilingual(zh, en))


def _taken(named: DeclaredName, new: str, vocabulary: Vocabulary) -> DeclaredName | None:
    """What is called by the new word already, where that would be mistaken for the one renamed."""
    alike = ("fact", "term") if named.sort in ("fact", "term") else (named.sort,)
    others = (one for one in vocabulary.called(new) if one.sort in alike and one.within == named.within)
    return next((one for one in others if one != named), None)


def _refuse_broken(workspace: Workspace, snapshot: EditorSnapshot, edits: Mapping[Path, list[TextEdit]]) -> None:
    """Refuse what leaves the ruleset with errors that it has not now: a word used in a way that is not seen here."""
    tried = Workspace({**workspace.texts})
    for path, found in edits.items():
        file = snapshot.file(path)
        if file is not None:
            tried.open(absolute(path), edited(file.text, found))
    after = tried.snapshot(snapshot.folder).diagnostics
    before = sum(one.severity == "error" for one in snapshot.diagnostics)
    wrong = [one for one in after if one.severity == "error"]
    if len(wrong) > before:
        zh, en = (f"{wrong[0].place} {wrong[0].sentence(lang)}" for lang in _LANGS)
        raise RenameRefused(Bilingual(f"改名后规则集有错误：{zh}", f"the ruleset would have errors: {en}"))


def edited(text: str, edits: Iterable[TextEdit]) -> str:
    """A text with stretches of it replaced."""
    for one in sorted(edits, key=lambda one: one.start, reverse=True):
        text = text[: one.start] + one.text + text[one.end :]
    return text
