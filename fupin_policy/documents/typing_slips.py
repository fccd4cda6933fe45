"""Slips of the pen that YAML understands otherwise than meant, or whose place it gives wrongly.

In: the text of a file with what the YAML parser says of it, or keys and values. Out: a diagnostic at the slip itself,
or what was meant. Called by `reader` and `validate`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.documents.words import KEYS

_WORDS = frozenset(KEYS) | {word for words in KEYS.values() for word in words}
_KEY_WITHOUT_COLON = re.compile(r"^[ \t]*(?:-[ \t]+)*(\w+)(：|:(?=\S))", re.MULTILINE)
_GLUED_KEY = re.compile(r"(\w+)\s*(：|:)\s*(\S.*)?", re.DOTALL)
_DIGITS = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def report_slip(error: yaml.MarkedYAMLError, source: Source, reporter: Reporter) -> bool:
    """Report what most likely made the YAML parser give up, where that stands; whether something was found."""
    mark = error.problem_mark or error.context_mark
    at = len(source.text) if mark is None else mark.index
    opened = _open_quote(source.text, error, at)
    if opened is not None:
        reporter.report("Y120", Span(source, opened, opened + 1), quote=source.text[opened])
        return True
    found = _colon(source.text, at)
    if found is not None:
        reporter.report("Y121", Span(source, *found.span(2)), key=found[1], found=found[2])
        return True
    return False


def _open_quote(text: str, error: yaml.MarkedYAMLError, at: int) -> int | None:
    """The quote that is never closed, or that only a later one closes, where reading failed or on the line above."""
    if error.context == "while scanning a quoted scalar" and error.context_mark is not None:
        return int(error.context_mark.index)
    line = text.count("\n", 0, at)
    for token in _tokens(text):
        if not isinstance(token, yaml.ScalarToken) or token.style not in ("'", '"'):
            continue
        first, last = token.start_mark, token.end_mark
        if first.line < last.line and last.index <= at + 1 and last.line >= line - 1:
            return int(first.index)
    return None


def _tokens(text: str) -> Iterator[Any]:
    """The tokens of a text up to where it cannot be read."""
    try:
        yield from yaml.scan(text, Loader=_LOADER)
    except (yaml.YAMLError, ValueError):
        return


def _colon(text: str, at: int) -> re.Match[str] | None:
    """The last key at or before a place whose colon is full-width, or has no blank after it."""
    end = text.find("\n", at)
    before = text[: len(text) if end < 0 else end]
    found = [one for one in _KEY_WITHOUT_COLON.finditer(before) if one[1] in _WORDS]
    near = text.count("\n", found[-1].start(), at) if found else 0
    return found[-1] if found and near <= 2 else None


def glued_key(text: str) -> tuple[str, str] | None:
    """The key and the sign of a "key" that took its value with it: `valid：2019-01-01..`, `per:month`."""
    found = _GLUED_KEY.fullmatch(text)
    return (found[1], found[2]) if found is not None and found[1] in _WORDS else None


def cut_number(before: str, key: str) -> str | None:
    """The number that a comma cut in two, the end of which became a key: `{value: 1,820}`."""
    return f"{before}{key}" if _DIGITS.fullmatch(key) and re.fullmatch(r"[0-9]{1,3}", before) else None
