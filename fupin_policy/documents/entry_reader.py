"""One entry of a file, asked key by key: words, dates, expressions, tables.

In: a checked node. Out: the parts of `model`. Called by `model_builder`. Raises `MalformedEntry`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, get_args

from fupin_policy.core.days import day_of, ends_of
from fupin_policy.diagnostics import Reporter, Span
from fupin_policy.documents.parts import (
    BilingualDoc,
    BodyChoiceDoc,
    BodyDoc,
    Dates,
    ExpressionDoc,
    RowDoc,
    RuleBodyDoc,
    SlicesDoc,
    TableDoc,
    TablePreference,
    TextDoc,
)
from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlScalar, YamlSequence, to_python

T = TypeVar("T")
_HEADS = ("id", "valid", "kind", "name")
"""The keys by which an entry is known from others, the first that it has."""


class MalformedEntry(Exception):
    """An entry lacks something or holds something of the wrong form; the schema has reported it."""


@dataclass(frozen=True, slots=True)
class EntryReader:
    """A mapping, asked key by key; `file` is the whole document that it stands in."""

    node: YamlMapping
    reporter: Reporter
    file: YamlMapping

    def text(self, key: str) -> TextDoc:
        """A word that must be there."""
        return as_text(self.node.get(key))

    def maybe(self, key: str) -> TextDoc | None:
        """A word that may be there."""
        value = self.node.get(key)
        return None if value is None else as_text(value)

    def label(self) -> TextDoc:
        """The Chinese label, which rules use."""
        value = self.node.get("label")
        return self.of(value).text("zh") if isinstance(value, YamlMapping) else self.text("label")

    def label_en(self) -> str | None:
        """The English label, for people only; None where the English name has to do."""
        value = self.node.get("label")
        return self.of(value).text("en").text if isinstance(value, YamlMapping) else None

    def plain(self, key: str) -> str | None:
        """A word that is not looked up anywhere."""
        value = self.maybe(key)
        return None if value is None else value.text

    def words(self, key: str) -> BilingualDoc:
        """A text in both languages."""
        value = self.maybe_words(key)
        if value is None:
            raise MalformedEntry
        return value

    def maybe_words(self, key: str) -> BilingualDoc | None:
        """A text in both languages, or in one for both."""
        value = self.node.get(key)
        if value is None:
            return None
        if isinstance(value, YamlScalar):
            return BilingualDoc(value.text, value.text, value.span)
        inner = self.of(value)
        return BilingualDoc(inner.text("zh").text, inner.text("en").text, inner.text("zh").span)

    def each_words(self, key: str) -> tuple[BilingualDoc, ...]:
        """A list of texts in both languages, none where it is not given."""
        return self.each(key, lambda one: BilingualDoc(one.text("zh").text, one.text("en").text, one.text("zh").span))

    def named_at(self) -> Span:
        """Where an entry is named, for what is wrong with it as a whole."""
        return self.text(next((key for key in _HEADS if self.node.get(key) is not None), "id")).span

    def flag(self, key: str) -> bool:
        """A switch, off where it is not given."""
        value = self.node.get(key)
        return value is not None and to_python(value) is True

    def number(self, key: str, within: range) -> int:
        """A whole number within the bounds that the schema sets."""
        read = to_python(self.needed(key))
        if not isinstance(read, int) or isinstance(read, bool) or read not in within:
            raise MalformedEntry
        return read

    def dates(self, key: str) -> Dates:
        """`a..b`, either end open; one date alone is that day."""
        given = self.text(key)
        start, end = (_end(text) for text in ends_of(given.text))
        if start is not None and end is not None and start > end:
            raise MalformedEntry
        return Dates(start, end, given.span)

    def day(self, key: str) -> date:
        """One day."""
        day = day_of(self.text(key).text)
        if day is None:
            raise MalformedEntry
        return day

    def expression(self, key: str) -> ExpressionDoc:
        """An expression that must be there."""
        return as_expression(self.node.get(key))

    def maybe_expression(self, key: str) -> ExpressionDoc | None:
        """An expression that may be there."""
        value = self.node.get(key)
        return None if value is None else as_expression(value)

    def value(self, key: str) -> RuleBodyDoc:
        """An expression or a table."""
        node = self.node.get(key)
        if not isinstance(node, YamlMapping):
            return as_expression(node)
        entry = self.of(node)
        inner = node.get("slices")
        if inner is not None:
            part = self.of(inner)
            rows = part.rows()
            if any(row.when is not None for row in rows):
                raise MalformedEntry
            return SlicesDoc(part.expression("of"), rows, part.maybe_expression("rounding"), part.node.span)
        by = node.get("by")
        columns = () if by is None else by.items if isinstance(by, YamlSequence) else (by,)
        cells, rows = tuple(as_expression(column) for column in columns), entry.rows()
        if not cells and any(row.when is None for row in rows):
            raise MalformedEntry
        if node.get("keep") is not None:
            entry.one_of("keep", get_args(TablePreference))
        return TableDoc(cells, rows, entry.maybe_expression("otherwise"), node.span, entry.maybe("keep"))

    def rows(self) -> tuple[RowDoc, ...]:
        """The rows of a table."""
        return tuple(self._row(row) for row in self.filled("rows"))

    def _row(self, node: YamlNode) -> RowDoc:
        if isinstance(node, YamlMapping):
            entry = self.of(node)
            return RowDoc((), entry.expression("then"), node.span, entry.expression("when"))
        items = listed(node)
        if len(items) < 2:
            raise MalformedEntry
        cells = tuple(
            tuple(map(as_expression, cell.items)) if isinstance(cell, YamlSequence) else (as_expression(cell),)
            for cell in items[:-1]
        )
        return RowDoc(cells, as_expression(self.last(items)), node.span)

    def last(self, row: Sequence[YamlNode]) -> YamlNode:
        """What a row gives: its last cell. That it is no list, as other cells may be, the schema cannot say."""
        if isinstance(row[-1], YamlSequence):
            words = {"wanted": "一个值，不是列表", "wanted_en": "one value, no list", "sample": "[60..79, 80元]"}
            self.reporter.report("Y203", row[-1].span, **words)
            raise MalformedEntry
        return row[-1]

    def texts(self, key: str) -> tuple[TextDoc, ...]:
        """A word, or a list of words; none where it is not given."""
        value = self.node.get(key)
        if value is None:
            return ()
        return tuple(map(as_text, value.items)) if isinstance(value, YamlSequence) else (as_text(value),)

    def bodies(self, key: str) -> tuple[BodyDoc, ...]:
        """Those who answer: a word, a choice by a condition, or a list of such; none where nothing is given.

        That somebody leads is said of somebody: an empty `lead` is malformed.
        """
        value = self.node.get(key)
        found = () if value is None else tuple(self._bodies(value))
        if key == "lead" and value is not None and not found:
            raise MalformedEntry
        return found

    def _bodies(self, node: YamlNode) -> Iterator[BodyDoc]:
        match node:
            case YamlSequence(items):
                for item in items:
                    yield from self._bodies(item)
            case YamlMapping():
                entry = self.of(node)
                sides = entry.needed("then"), entry.needed("otherwise")
                then, otherwise = (tuple(entry._bodies(side)) for side in sides)
                yield BodyChoiceDoc(entry.expression("when"), then, otherwise, (sides[0].span, sides[1].span))
            case _:
                yield as_text(node)

    def needed(self, key: str) -> YamlNode:
        """A value that must be there."""
        value = self.node.get(key)
        if value is None:
            raise MalformedEntry
        return value

    def filled(self, key: str) -> tuple[YamlNode, ...]:
        """A list that holds something."""
        found = listed(self.needed(key))
        if not found:
            raise MalformedEntry
        return found

    def whole_numbers(self, key: str) -> tuple[TextDoc, ...]:
        """A list of whole numbers as they are written; what is none was reported by the schema."""
        value = self.node.get(key)
        if isinstance(value, YamlSequence) and any(type(to_python(item)) is not int for item in value.items):
            raise MalformedEntry
        return self.texts(key)

    def each(self, key: str, read: Callable[[EntryReader], T]) -> tuple[T, ...]:
        """A list of mappings, none where it is not given."""
        value = self.node.get(key)
        return () if value is None else tuple(read(self.of(item)) for item in listed(value))

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> Any:
        """One of a few words."""
        value = self.plain(key)
        if value is None and default is not None:
            return default
        if value not in allowed:
            raise MalformedEntry
        return value

    def plain_mapping(self, key: str) -> dict[str, str]:
        """Words by words."""
        value = self.node.get(key)
        if value is None:
            return {}
        return {name.text: as_text(item).text for name, item in self.of(value).node.entries}

    def pair(self, key: str) -> tuple[TextDoc, TextDoc]:
        """The one key of a small mapping and its value."""
        name, item = self.of(self.needed(key)).node.entries[0]
        return TextDoc(name.text, name.span), as_text(item)

    def of(self, node: YamlNode) -> EntryReader:
        """A mapping below this one."""
        if not isinstance(node, YamlMapping):
            raise MalformedEntry
        return EntryReader(node, self.reporter, self.file)


def _end(text: str) -> date | None:
    """One end of a stretch of days; None where it is open."""
    if not text:
        return None
    day = day_of(text)
    if day is None:
        raise MalformedEntry
    return day


def as_text(node: YamlNode | None) -> TextDoc:
    """A scalar as a word."""
    if not isinstance(node, YamlScalar):
        raise MalformedEntry
    return TextDoc(node.text.strip(), node.span)


def as_expression(node: YamlNode | None) -> ExpressionDoc:
    """A scalar as an expression, to be parsed where it stands."""
    if not isinstance(node, YamlScalar):
        raise MalformedEntry
    return ExpressionDoc(node.span, node.escaped)


def listed(node: YamlNode) -> tuple[YamlNode, ...]:
    """The items of a list."""
    if not isinstance(node, YamlSequence):
        raise MalformedEntry
    return node.items
