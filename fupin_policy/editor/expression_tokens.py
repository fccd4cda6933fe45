"""The words of expressions inside YAML, each by what it is: a fact, a parameter, a code, a keyword, a number.

In: a file, and the names of its ruleset. Out: stretches with their kinds, in order. Called by `showing_features`.
Of a half-written expression the words that can be told are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lark import Token
from lark.exceptions import UnexpectedInput

from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlScalar, YamlSequence
from fupin_policy.editor.schemas import expression_at
from fupin_policy.editor.snapshot import EditorFile
from fupin_policy.editor.vocabulary import NameSort, Vocabulary
from fupin_policy.language.keywords import keywords
from fupin_policy.language.parser import lark

TokenKind = Literal[
    "keyword", "function", "operator", "number", "string", "property", "variable", "parameter", "enumMember", "class",
]  # fmt: skip
TOKEN_KINDS: tuple[TokenKind, ...] = (
    "keyword", "function", "operator", "number", "string", "property", "variable", "parameter", "enumMember", "class",
)  # fmt: skip
_KEYWORDS = (
    "AND", "OR", "NOT", "IF", "THEN", "ELSE", "IN", "NOT_IN", "CONTAINS", "TO", "BELOW", "HALF_UP", "DOWN", "UP",
    "TRUE", "FALSE", "AS_OF", "ANY", "THIS",
)  # fmt: skip
_LITERALS: dict[str, TokenKind] = {
    "NUMBER": "number",
    "UNIT_SIGN": "number",
    "DATE": "number",
    "TEXT": "string",
    "PARAMETER": "parameter",
}
_OPERATORS = ("COMPARISON", "SIGN", "PLUS", "MINUS", "TIMES", "OVER")
_NAMES: dict[NameSort, TokenKind] = {
    "fact": "property",
    "term": "variable",
    "parameter": "parameter",
    "reading": "parameter",
    "code": "enumMember",
    "policy": "class",
    "list": "property",
}
_NOT_RULES = ("examples", "lead", "cooperating")


@dataclass(frozen=True, slots=True)
class ExpressionToken:
    """A stretch of a file's text, and what it is."""

    start: int
    end: int
    kind: TokenKind


def expression_tokens(file: EditorFile, vocabulary: Vocabulary) -> list[ExpressionToken]:
    """The words of the expressions of a file."""
    if file.node is None or file.kind is None:
        return []
    kinds: dict[str, TokenKind] = {}
    for one in vocabulary.sorts(*_NAMES):
        for word in one.words:
            kinds.setdefault(word, _NAMES[one.sort])
    found = [
        token
        for scalar in _expressions(file.node, file.kind, (), {})
        for token in _tokens(scalar, file.text, kinds, vocabulary)
    ]
    return sorted(found, key=lambda one: one.start)


def _expressions(
    node: YamlNode, kind: str, path: tuple[str, ...], known: dict[tuple[str, ...], bool]
) -> Iterator[YamlScalar]:
    match node:
        case YamlMapping(entries):
            for key, value in entries:
                if key.text not in _NOT_RULES:
                    yield from _expressions(value, kind, (*path, key.text), known)
        case YamlSequence(items):
            for item in items:
                yield from _expressions(item, kind, path, known)
        case YamlScalar():
            if path not in known:
                known[path] = expression_at(kind, path)
            if known[path] and not node.escaped:
                yield node


def _tokens(
    scalar: YamlScalar, text: str, kinds: dict[str, TokenKind], vocabulary: Vocabulary
) -> Iterator[ExpressionToken]:
    base = scalar.span.start
    for start, token in _lexed(text[base : scalar.span.end]):
        kind = _kind(token, kinds, vocabulary)
        if kind is not None:
            yield ExpressionToken(base + start, base + start + len(token), kind)


def _lexed(text: str) -> Iterator[tuple[int, Token]]:
    """The tokens of a text with their offsets; a sign that is none is passed over."""
    at = 0
    while at < len(text):
        try:
            for token in lark().lex(text[at:]):
                yield at + (token.start_pos or 0), token
            return
        except UnexpectedInput as error:
            at += (error.pos_in_stream or 0) + 1


def _kind(token: Token, kinds: dict[str, TokenKind], vocabulary: Vocabulary) -> TokenKind | None:
    if token.type == "NAME":
        word = str(token)
        unit: TokenKind | None = "number" if vocabulary.units.sense(word) is not None else None
        return kinds.get(word) or kinds.get(word.rpartition(".")[2]) or unit
    if token.type in _LITERALS:
        return _LITERALS[token.type]
    if token.type in _OPERATORS:
        return "operator"
    if token.type in _KEYWORDS:
        return "keyword"
    return "function" if token.type in keywords() else None
