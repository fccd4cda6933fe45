"""Whether a file has the form that its kind asks for.

In: a node and its kind. Out: diagnostics at the key or value that is wrong. Called by `documents.read`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from fupin_policy.diagnostics import Reporter, Span, suggest
from fupin_policy.documents.reader import Mapping, Node, Sequence, to_python

_TYPES = {
    "string": ("文字", "text"),
    "number": ("数字", "a number"),
    "integer": ("整数", "a whole number"),
    "boolean": ("true 或 false", "true or false"),
    "object": ("若干“键: 值”", "a mapping of keys to values"),
    "array": ("列表", "a list"),
    "null": ("空", "nothing"),
}


def validate(kind: str, node: Node, reporter: Reporter) -> None:
    """Report every place where a file does not have the form of its kind."""
    for error in _validator(kind).iter_errors(to_python(node)):
        _report(error, node, reporter)


def path_span(node: Node, path: Iterable[str | int]) -> Span:
    """The span of what a path of keys and positions leads to."""
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step) or node
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
    return node.span


@cache
def _validator(kind: str) -> Any:
    from jsonschema import Draft202012Validator

    text = files("fupin_policy.documents").joinpath("schemas", f"{kind}.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _report(error: Any, node: Node, reporter: Reporter) -> None:
    path, keyword, wanted = list(error.absolute_path), error.validator, error.validator_value
    span = path_span(node, path)
    match keyword:
        case "additionalProperties":
            _unknown_keys(error, node, path, reporter)
        case "required":
            for key in wanted:
                if key not in error.instance:
                    reporter.report("Y202", _first_line(span), key=key)
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            zh, en = ("或".join(_TYPES[k][0] for k in kinds), " or ".join(_TYPES[k][1] for k in kinds))
            reporter.report("Y203", _first_line(span), wanted=zh, wanted_en=en)
        case "enum" | "const":
            allowed = [wanted] if keyword == "const" else wanted
            hint = suggest(str(error.instance), allowed)
            known = "、".join(allowed)
            reporter.report("Y204", span, suggestion=hint, value=_shown(error.instance), known=known)
        case "minItems" | "minLength" | "minProperties":
            reporter.report("Y205", _first_line(span))
        case "oneOf" | "anyOf" | "if":
            reporter.report("Y207", _first_line(span))
        case _:
            reporter.report("Y206", span, value=_shown(error.instance))


def _unknown_keys(error: Any, node: Node, path: list[str | int], reporter: Reporter) -> None:
    allowed = error.schema.get("properties", {})
    at: Node = node
    for step in path:
        if isinstance(at, Mapping) and isinstance(step, str):
            at = at.get(step) or at
        elif isinstance(at, Sequence) and isinstance(step, int):
            at = at.items[step]
    if not isinstance(at, Mapping):
        return
    for key, _ in at.entries:
        if key.text not in allowed:
            known = "、".join(allowed)
            reporter.report("Y201", key.span, suggestion=suggest(key.text, allowed), key=key.text, known=known)


def _first_line(span: Span) -> Span:
    """The beginning of a span, so that the caret does not run over a whole block."""
    line = span.text.split("\n", 1)[0]
    return Span(span.source, span.start, span.start + max(1, len(line)))


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)[:60]
