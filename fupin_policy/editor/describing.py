"""What a name of a ruleset means, and where it is used, as text.

In: a ruleset's folder, a word, a day. Out: what it stands for, with its lines and places. Called by `fupin describe`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fupin_policy.diagnostics import InputError, Lang, Span
from fupin_policy.diagnostics.suggestions import suggest
from fupin_policy.editor.hover import about
from fupin_policy.editor.name_details import basis_clauses, clauses_called, details, of_language
from fupin_policy.editor.references import uses_of
from fupin_policy.editor.vocabulary import Vocabulary
from fupin_policy.editor.workspace import Workspace

_BEFORE = ("参数.", "parameter.", "读法.", "reading.")
"""What may stand before a name where rules use it."""


@dataclass(frozen=True, slots=True)
class NameDescription:
    """What a name stands for: its lines, the places of its declaration, and those where it is used."""

    sort: str
    name: str
    label: str
    lines: tuple[str, ...]
    declared: tuple[Span, ...]
    used: tuple[Span, ...]


def described(folder: Path, word: str, lang: Lang, today: date) -> list[NameDescription]:
    """All that a word may stand for in a ruleset. Raises InputError, with a suggestion, where it is nothing."""
    snapshot = Workspace().snapshot(folder)
    vocabulary = Vocabulary.of(snapshot)
    bare = next((word.removeprefix(one) for one in _BEFORE if word.startswith(one)), word)
    documents = snapshot.documents
    found = vocabulary.called(bare) or clauses_called(bare, vocabulary.names, documents)
    if not found:
        if named_only := basis_clauses(bare, documents, lang):
            return [NameDescription("clause", name, name, about_it, (), used) for name, about_it, used in named_only]
        if told := of_language(bare, lang):
            return [NameDescription("keyword", bare, bare, told, (), ())]
        known = dict.fromkeys(one for each in vocabulary.names for one in each.words)
        raise InputError.of("N231", "NAME", suggestion=suggest(bare, known), name=word)
    described = []
    for one in found:
        shown = [*about(one, snapshot, vocabulary, lang, today), *details(one, documents, lang)]
        lines = (_plain(line) for line in shown)
        declared = tuple(dict.fromkeys(one.spans))
        used = _in_order(span for span in uses_of(snapshot, vocabulary, one) if span not in declared)
        described.append(NameDescription(one.sort, one.name, one.label, tuple(lines), declared, used))
    return described


def _plain(line: str) -> str:
    return line.replace("**", "").replace("`", "")


def _in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(dict.fromkeys(spans), key=lambda span: (span.source.path, span.start)))
