"""Answers in the words of the language server protocol: ranges, diagnostics, paths and languages.

In: spans and diagnostics. Out: the protocol's own classes. Called by `server`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Literal

from lsprotocol import types as lsp
from pygls import uris

from fupin_policy.diagnostics import Diagnostic, Span
from fupin_policy.editor.texts import CharacterUnit, Lines

Language = Literal["zh", "en", "both"]
_SEVERITY = {"error": lsp.DiagnosticSeverity.Error, "warning": lsp.DiagnosticSeverity.Warning}


def language_of(options: object, locale: str | None) -> Language:
    """The language of sentences: what the initialization options say (`language`), else the editor's own, else both."""
    wanted = options.get("language") if isinstance(options, dict) else None
    if wanted in ("zh", "en", "both"):
        return "zh" if wanted == "zh" else "en" if wanted == "en" else "both"
    start = (locale or "").lower()[:2]
    return "zh" if start == "zh" else "en" if start == "en" else "both"


def encoding_of(named: object) -> CharacterUnit:
    """In what the characters of a line are counted."""
    text = str(getattr(named, "value", named))
    return "utf-8" if text == "utf-8" else "utf-32" if text == "utf-32" else "utf-16"


def path_of(uri: str) -> Path:
    """The file of a URI."""
    return Path(os.path.abspath(uris.to_fs_path(uri) or uri))


def uri_of(path: Path) -> str:
    """The URI of a file."""
    return uris.from_fs_path(os.path.abspath(path)) or path.as_uri()


@lru_cache(maxsize=8)
def lines_of(text: str) -> Lines:
    """The lines of a text."""
    return Lines.of(text)


def range_in(text: str, start: int, end: int, encoding: CharacterUnit) -> lsp.Range:
    """A stretch of a text."""
    lines = lines_of(text)
    return lsp.Range(
        lsp.Position(*lines.position(start, encoding)), lsp.Position(*lines.position(max(start, end), encoding))
    )


def offset_in(text: str, position: lsp.Position, encoding: CharacterUnit) -> int:
    """The offset of a position."""
    return lines_of(text).offset(position.line, position.character, encoding)


def location(span: Span, encoding: CharacterUnit) -> lsp.Location:
    """Where a span stands."""
    where = range_in(span.source.text, span.start, span.end, encoding)
    return lsp.Location(uri_of(Path(span.source.path)), where)


def diagnostics(found: Iterable[Diagnostic], language: Language, encoding: CharacterUnit) -> list[lsp.Diagnostic]:
    """What is wrong in a file."""
    return [_diagnostic(one, language, encoding) for one in found]


def _diagnostic(one: Diagnostic, language: Language, encoding: CharacterUnit) -> lsp.Diagnostic:
    span = one.span
    where = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
    if span is not None:
        where = range_in(span.source.text, span.start, span.end, encoding)
    cause = []
    if one.cause is not None:
        cause = [lsp.DiagnosticRelatedInformation(location(one.cause, encoding), "起因 / cause")]
    return lsp.Diagnostic(
        range=where,
        message=message(one, language),
        severity=_SEVERITY[one.severity],
        code=one.code,
        source="fupin",
        related_information=cause or None,
    )


def message(one: Diagnostic, language: Language) -> str:
    """What is wrong, and what to do about it."""
    if language == "both":
        return "\n".join(f"{one.sentence(lang)}\n{one.advice(lang)}" for lang in ("zh", "en"))
    return f"{one.sentence(language)}\n{one.advice(language)}"


def edits_later(capabilities: lsp.ClientCapabilities) -> bool:
    """Whether an editor asks for the edit of an action once it is chosen."""
    document = capabilities.text_document
    actions = None if document is None else document.code_action
    known = None if actions is None else actions.resolve_support
    return known is not None and "edit" in known.properties
