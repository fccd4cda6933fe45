"""Nodes as they were meant: English keys and choices for Chinese ones, and lists whose commas are full-width.

In: nodes as written, and the schema of their kind. Out: nodes at the same places; slips reported, so that the rest
of the file is still checked. Called by `documents`, before anything else looks at a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, replace
from typing import Any, cast

from fupin_policy.diagnostics import Reporter, Span
from fupin_policy.diagnostics.showing import hidden_signs
from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlScalar, YamlSequence
from fupin_policy.documents.words import CHOICES, KEYS

_TRUTHS = {"是": "true", "否": "false"}
_SEPARATORS = re.compile(r"[，、；]")
_BRACKETS = re.compile(r"[(（{｛][^()（）{}｛｝]*[)）}｝]")
_CURLY = re.compile(r"[“‘][^“”‘’]*[”’]")
_TEXTS = frozenset({"zh", "en", "title", "label", "name", "summary", "note", "number"})


def kind_of(node: YamlMapping) -> YamlScalar | None:
    """What a file says about its kind, in English if it is one that there is."""
    found = next((value for key, value in node.entries if key.text == "kind" or key.text in KEYS["kind"]), None)
    return replace(found, text=_chosen(found.text, CHOICES)) if isinstance(found, YamlScalar) else None


def in_english(node: YamlNode, schema: Dictionary[str, Any], reporter: Reporter) -> YamlNode:
    """A file's node with the keys and choices of its schema in English; a key in both languages is one given twice."""
    return _English(schema, reporter).of(node, schema)


@dataclass(frozen=True, slots=True)
class _English:
    root: Dictionary[str, Any]
    reporter: Reporter

    def of(self, node: YamlNode, schema: Dictionary[str, Any]) -> YamlNode:
        schema = self._resolved(schema)
        match node:
            case YamlMapping(entries):
                return YamlMapping(self._entries(entries, schema), node.span)
            case YamlSequence(items):
                inner = schema.get("items", {})
                return YamlSequence(tuple(self.of(item, inner) for item in items), node.span)
            case YamlScalar(text, plain):
                if schema.get("type") == "boolean" and plain:
                    return _saying(node, _TRUTHS.get(text, text))
                return _saying(node, _chosen(text, _allowed(schema)))

    def _entries(
        self, entries: tuple[tuple[YamlScalar, YamlNode], ...], schema: Dictionary[str, Any]
    ) -> tuple[tuple[YamlScalar, YamlNode], ...]:
        known, other = schema.get("properties", {}), schema.get("additionalProperties")
        found: dict[str, tuple[YamlScalar, YamlNode]] = {}
        for key, value in entries:
            name = _key(key.text, known)
            if name in found:
                self.reporter.report("Y106", key.span, key=key.text)
                continue
            inner = known.get(name, other if isinstance(other, dict) else {})
            found[name] = (_saying(key, name), self.of(value, inner))
        return tuple(found.values())

    def _resolved(self, schema: Dictionary[str, Any]) -> Dictionary[str, Any]:
        name = schema.get("$ref")
        if name is None:
            return schema
        found: Any = self.root
        for step in name.removeprefix("#/").split("/"):
            found = found[step]
        return cast(Dictionary[str, Any], found)


def _saying(scalar: YamlScalar, text: str) -> YamlScalar:
    """The scalar with this text; itself where it has it, as nearly all have."""
    return scalar if scalar.text == text else replace(scalar, text=text)


def _key(text: str, known: Dictionary[str, Any]) -> str:
    return text if text in known else next((english for english in known if text in KEYS.get(english, ())), text)


def _allowed(schema: Dictionary[str, Any]) -> tuple[str, ...]:
    """What may be chosen at a place: its enumeration, its one value, or words among which it is free to be another."""
    const = schema.get("const")
    return (*schema.get("enum", ()), *schema.get("words", ()), *(() if const is None else (const,)))


def _chosen(text: str, allowed: Dictionary[str, Any] | tuple[str, ...]) -> str:
    if text in allowed:
        return text
    return next((english for english in allowed if text.strip() in CHOICES.get(english, ())), text)


def mended(node: YamlNode, reporter: Reporter, key: str = "") -> YamlNode:
    """Nodes with what was meant: lists of words that a full-width comma made into one. Curly quotes are warned of."""
    match node:
        case YamlMapping(entries):
            pairs = ((_seen(name, reporter), mended(value, reporter, name.text)) for name, value in entries)
            return YamlMapping(tuple(pairs), node.span)
        case YamlSequence(items):
            parts = [part for item in items for part in _parted(item, reporter)]
            return YamlSequence(tuple(mended(part, reporter) for part in parts), node.span)
        case YamlScalar(text, plain):
            if plain and key in _TEXTS and _CURLY.fullmatch(text.strip()):
                reporter.report("Y122", node.span, value=text)
            return _seen(node, reporter)


def _seen(scalar: YamlScalar, reporter: Reporter) -> YamlScalar:
    """A text without the signs that nobody sees or that a screen obeys, which are reported."""
    found = [sign for sign in hidden_signs(scalar.text) if sign not in "\t\r\n"]
    if not found:
        return scalar
    reporter.report("Y127", scalar.span, found=[f"U+{ord(sign):04X}" for sign in found])
    return replace(scalar, text="".join(sign for sign in scalar.text if sign not in found))


def _parted(item: YamlNode, reporter: Reporter) -> list[YamlNode]:
    if not isinstance(item, YamlScalar) or not item.plain or not _SEPARATORS.search(_BRACKETS.sub("", item.text)):
        return [item]
    bare = _BRACKETS.sub(lambda found: "x" * len(found.group()), item.span.text)
    ends = [found.start() for found in _SEPARATORS.finditer(bare)]
    if not ends:
        return [item]
    sign = Span(item.span.source, item.span.start + ends[0], item.span.start + ends[0] + 1)
    reporter.report("Y123", sign, found=sign.text)
    parts: list[YamlNode] = []
    for start, end in zip([-1, *ends], [*ends, len(bare)], strict=True):
        piece = item.span.text[start + 1 : end]
        first = item.span.start + start + 1 + len(piece) - len(piece.lstrip())
        text = piece.strip()
        if text:
            parts.append(YamlScalar(text, True, False, False, Span(item.span.source, first, first + len(text))))
    return parts
