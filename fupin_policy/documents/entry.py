"""One entry of a file, asked key by key: words, dates, expressions, tables.

In: a checked node. Out: the parts of `model`. Called by `build`. What is not as it must be raises `Unfit`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from fupin_policy.core.days import day_of
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.model import Dates, ExpressionDoc, Text, Words
from fupin_policy.documents.reader import Mapping, Node, Scalar, Sequence, to_python

T = TypeVar("T")


class Unfit(Exception):
    """An entry lacks something or holds something of the wrong form; the schema has reported it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A mapping, asked key by key; `file` is the whole document that it stands in."""

    node: Mapping
    reporter: Reporter
    file: Mapping

    def text(self, key: str) -> Text:
        """A word that must be there."""
        return as_text(self.node.get(key))

    def maybe(self, key: str) -> Text | None:
        """A word that may be there."""
        value = self.node.get(key)
        return None if value is None else as_text(value)

    def label(self) -> Text:
        """The Chinese label, which rules use."""
        value = self.node.get("label")
        return self.of(value).text("zh") if isinstance(value, Mapping) else self.text("label")

    def label_en(self) -> str | None:
        """The English label, for people only; None where the English name has to do."""
        value = self.node.get("label")
        return self.of(value).text("en").text if isinstance(value, Mapping) else None

    def plain(self, key: str) -> str | None:
        """A word that is not looked up anywhere."""
        value = self.maybe(key)
        return None if value is None else value.text

    def words(self, key: str) -> Words:
        """A text in both languages."""
        value = self.maybe_words(key)
        if value is None:
            raise Unfit
        return value

    def maybe_words(self, key: str) -> Words | None:
        """A text in both languages, or in one for both."""
        value = self.node.get(key)
        if value is None:
            return None
        if isinstance(value, Scalar):
            return Words(value.text, value.text, value.span)
        inner = self.of(value)
        return Words(inner.text("zh").text, inner.text("en").text, inner.text("zh").span)

    def flag(self, key: str) -> bool:
        """A switch, off where it is not given."""
        value = self.node.get(key)
        return value is not None and to_python(value) is True

    def number(self, key: str, default: int | None, within: range) -> int | None:
        """A whole number within the bounds that the schema sets."""
        value = self.node.get(key)
        if value is None:
            return default
        read = to_python(value)
        if not isinstance(read, int) or isinstance(read, bool) or read not in within:
            raise Unfit
        return read

    def dates(self, key: str) -> Dates:
        """`a..b`, either end open; one date alone is that day."""
        given = self.text(key)
        low, dots, high = given.text.partition("..")
        start, end = _end(low), _end(high if dots else low)
        if start is not None and end is not None and start > end:
            raise Unfit
        return Dates(start, end, given.span)

    def expression(self, key: str) -> ExpressionDoc:
        """An expression that must be there."""
        return as_expression(self.node.get(key))

    def maybe_expression(self, key: str) -> ExpressionDoc | None:
        """An expression that may be there."""
        value = self.node.get(key)
        return None if value is None else as_expression(value)

    def value(self, key: str) -> model.Value:
        """An expression or a table."""
        node = self.node.get(key)
        if not isinstance(node, Mapping):
            return as_expression(node)
        entry = self.of(node)
        inner = node.get("slices")
        if inner is not None:
            part = self.of(inner)
            span = part.node.span
            return model.SlicesDoc(part.expression("of"), part.rows(), part.maybe_expression("rounding"), span)
        by = node.get("by")
        columns = by.items if isinstance(by, Sequence) else (by,)
        cells = tuple(as_expression(column) for column in columns)
        return model.TableDoc(cells, entry.rows(), entry.maybe_expression("otherwise"), node.span)

    def rows(self) -> tuple[model.RowDoc, ...]:
        """The rows of a table."""
        rows = self.node.get("rows")
        if not isinstance(rows, Sequence) or not rows.items:
            raise Unfit
        return tuple(_row(row) for row in rows.items)

    def texts(self, key: str) -> tuple[Text, ...]:
        """A list of words, none where it is not given."""
        value = self.node.get(key)
        if value is None:
            return ()
        return tuple(as_text(item) for item in listed(value))

    def each(self, key: str, read: Callable[[Entry], T]) -> tuple[T, ...]:
        """A list of mappings, none where it is not given."""
        value = self.node.get(key)
        return () if value is None else tuple(read(self.of(item)) for item in listed(value))

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> Any:
        """One of a few words."""
        value = self.plain(key)
        if value is None and default is not None:
            return default
        if value not in allowed:
            raise Unfit
        return value

    def plain_mapping(self, key: str) -> dict[str, str]:
        """Words by words."""
        value = self.node.get(key)
        if value is None:
            return {}
        return {name.text: as_text(item).text for name, item in self.of(value).node.entries}

    def pair(self, key: str) -> tuple[Text, Text] | None:
        """The one key of a small mapping and its value."""
        value = self.node.get(key)
        if value is None:
            return None
        name, item = self.of(value).node.entries[0]
        return Text(name.text, name.span), as_text(item)

    def of(self, node: Node) -> Entry:
        """A mapping below this one."""
        if not isinstance(node, Mapping):
            raise Unfit
        return Entry(node, self.reporter, self.file)


def _end(text: str) -> date | None:
    """One end of a stretch of days; None where it is open."""
    if not text.strip():
        return None
    day = day_of(text)
    if day is None:
        raise Unfit
    return day


def as_text(node: Node | None) -> Text:
    """A scalar as a word."""
    if not isinstance(node, Scalar):
        raise Unfit
    return Text(node.text.strip(), node.span)


def as_expression(node: Node | None) -> ExpressionDoc:
    """A scalar as an expression, to be parsed where it stands."""
    if not isinstance(node, Scalar):
        raise Unfit
    return ExpressionDoc(node.span, node.escaped)


def listed(node: Node) -> tuple[Node, ...]:
    """The items of a list."""
    if not isinstance(node, Sequence):
        raise Unfit
    return node.items


def _row(node: Node) -> model.RowDoc:
    items = listed(node)
    if len(items) < 2:
        raise Unfit
    cells = tuple(
        tuple(as_expression(part) for part in cell.items) if isinstance(cell, Sequence) else (as_expression(cell),)
        for cell in items[:-1]
    )
    return model.RowDoc(cells, as_expression(items[-1]), node.span)
