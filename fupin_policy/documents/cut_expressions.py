"""Expressions that a comma cut in pieces, as they are not quoted within braces or brackets: `{value: 较小(甲, 乙)}`.

In: nodes as written. Out: nodes with such an expression in one piece again; each is reported, so that the rest of the
file is still checked. Called by `validate`, before anything else looks at keys.

YAML makes a key without a value, or one more item, of what follows the comma. Where the piece before it has a bracket
that only a later one closes, they were one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from fupin_policy.diagnostics import Reporter, Span
from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlScalar, YamlSequence

_COMMA = re.compile(r"\s*,\s*")
_BRACKETS = {"(": 1, "（": 1, ")": -1, "）": -1}


def in_one_piece(node: YamlNode, reporter: Reporter) -> YamlNode:
    """The node, in which no expression is cut in pieces."""
    match node:
        case YamlMapping(entries):
            return YamlMapping(_entries(entries, reporter), node.span)
        case YamlSequence(items):
            return YamlSequence(_items(items, reporter), node.span)
        case _:
            return node


def _entries(
    entries: tuple[tuple[YamlScalar, YamlNode], ...], reporter: Reporter
) -> tuple[tuple[YamlScalar, YamlNode], ...]:
    found, at = [], 0
    while at < len(entries):
        (key, value), at = entries[at], at + 1
        later = (name if _is_nothing(given) else None for name, given in entries[at:])
        whole, count = _whole(value, later, reporter)
        found.append((key, whole))
        at += count
    return tuple(found)


def _items(items: tuple[YamlNode, ...], reporter: Reporter) -> tuple[YamlNode, ...]:
    found, at = [], 0
    while at < len(items):
        item, at = items[at], at + 1
        whole, count = _whole(item, items[at:], reporter)
        found.append(whole)
        at += count
    return tuple(found)


def _whole(first: YamlNode, later: Iterable[YamlNode | None], reporter: Reporter) -> tuple[YamlNode, int]:
    """What begins with a piece, and how many of the later ones belong to it."""
    if not isinstance(first, YamlScalar) or not first.plain or _opened(first.text) <= 0:
        return in_one_piece(first, reporter), 0
    source, end, left = first.span.source, first.span.end, _opened(first.text)
    for count, piece in enumerate(later, 1):
        if not isinstance(piece, YamlScalar) or not piece.plain:
            break
        if not _COMMA.fullmatch(source.text, end, piece.span.start):
            break
        end, left = piece.span.end, left + _opened(piece.text)
        if left <= 0:
            span = Span(source, first.span.start, end)
            reporter.report("Y137", span, value=span.text)
            return YamlScalar(span.text, True, False, False, span), count
    return first, 0


def _opened(text: str) -> int:
    """How many brackets a text opens and does not close."""
    return sum(step * text.count(sign) for sign, step in _BRACKETS.items())


def _is_nothing(node: YamlNode) -> bool:
    return isinstance(node, YamlScalar) and node.plain and not node.text
