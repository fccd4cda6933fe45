"""A parameter's dated value, as its entry says it: one for all, one for each code, or rows by several keys.

In: a checked entry. Out: fields of a `ValueDoc`. Called by `model_builder`.
"""

from __future__ import annotations

from typing import Any, get_args

from fupin_policy.core.declarations import Standing
from fupin_policy.documents import model
from fupin_policy.documents.entry_reader import EntryReader, MalformedEntry, as_text, listed
from fupin_policy.documents.parts import KeyedDoc, TextDoc
from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlScalar, YamlSequence


def parameter_value(entry: EntryReader) -> dict[str, Any]:
    """The fields that say the value. Where none is known nothing needs to be cited."""
    node, otherwise = entry.node.get("value"), entry.maybe("otherwise")
    rows: tuple[KeyedDoc, ...]
    if isinstance(node, YamlMapping):
        rows = tuple(KeyedDoc(((as_text(code),),), as_text(value)) for code, value in node.entries)
    elif node is not None:
        rows, otherwise = (), as_text(node)
    elif (given := entry.node.get("rows")) is not None:
        rows = tuple(_row(entry, row) for row in listed(given))
    else:
        raise MalformedEntry
    unknown = isinstance(node, YamlScalar) and node.text.strip() in model.UNKNOWN
    status = entry.one_of("status", get_args(Standing), "example" if unknown else None)
    source = entry.maybe("source") if unknown else entry.text("source")
    return {"rows": rows, "otherwise": otherwise, "status": status, "source": source, "layer": 0}


def _row(entry: EntryReader, node: YamlNode) -> KeyedDoc:
    items = listed(node)
    if len(items) < 2:
        raise MalformedEntry
    return KeyedDoc(tuple(map(_cell, items[:-1])), as_text(entry.last(items)))


def _cell(node: YamlNode) -> tuple[TextDoc, ...]:
    return tuple(map(as_text, node.items)) if isinstance(node, YamlSequence) else (as_text(node),)
