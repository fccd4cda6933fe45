"""Whether a file has the form that its kind asks for.

In: a node and its kind. Out: diagnostics at the key or value that is wrong. Called by `documents.read`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from fupin_policy.diagnostics import Reporter, Span
from fupin_policy.documents.reader import Mapping, Node, Scalar, Sequence, to_python

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
    return _at(node, path).span


def _at(node: Node, path: Iterable[str | int]) -> Node:
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step) or node
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
    return node


@cache
def _validator(kind: str) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker

    # the two formats of dates are ours; the standard ones are not asked for
    checker = FormatChecker(formats=())
    for name in ("dates", "day"):
        checker.checks(name)(lambda value, name=name: not isinstance(value, str) or not _date_faults(value, name))
    text = files("fupin_policy.documents").joinpath("schemas", f"{kind}.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text), format_checker=checker)


def _report(error: Any, node: Node, reporter: Reporter) -> None:
    wanted, at = error.validator_value, _at(node, error.absolute_path)
    form = error.schema.get("format")
    if form is not None and isinstance(at, Scalar):
        # the same words as `build` uses, so that a bad date is said once
        for code, words in _date_faults(at.text, form):
            reporter.report(code, at.span, suggestion=None, **words)
        return
    match error.validator:
        case "additionalProperties":
            _unknown_keys(error, at, reporter)
        case "required":
            for key in wanted:
                if key not in error.instance:
                    reporter.report("Y202", _first_line(at.span), key=key)
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            zh, en = ("或".join(_TYPES[k][0] for k in kinds), " or ".join(_TYPES[k][1] for k in kinds))
            reporter.report("Y203", _first_line(at.span), wanted=zh, wanted_en=en)
        case "enum" | "const":
            allowed = [wanted] if error.validator == "const" else wanted
            shown, known = _shown(error.instance), "、".join(allowed)
            reporter.report(
                "Y204", _first_line(at.span), suggestion=reporter.suggest(shown, allowed), value=shown, known=known
            )
        case "minItems" | "minLength" | "minProperties" if not error.instance:
            reporter.report("Y205", _first_line(at.span))
        case "minItems":
            reporter.report("Y208", _first_line(at.span), least=wanted)
        case "minimum" | "maximum":
            least, most = error.schema.get("minimum", ""), error.schema.get("maximum", "")
            reporter.report("Y209", at.span, value=_shown(error.instance), least=least, most=most)
        case "oneOf":
            known = "、".join(key for branch in wanted for key in branch.get("required", ()))
            reporter.report("Y207", _first_line(at.span), known=known)
        case _:
            zh, _, en = str(error.schema.get("description", "见指南 / see the guide")).partition(" / ")
            reporter.report("Y206", _first_line(at.span), value=_shown(error.instance), form=zh, form_en=en)


def _unknown_keys(error: Any, at: Node, reporter: Reporter) -> None:
    allowed = error.schema.get("properties", {})
    for key, _ in at.entries if isinstance(at, Mapping) else ():
        if key.text not in allowed:
            known = "、".join(allowed)
            reporter.report("Y201", key.span, suggestion=reporter.suggest(key.text, allowed), key=key.text, known=known)


def _date_faults(text: str, form: str) -> list[tuple[str, dict[str, str]]]:
    """What is wrong with a date, or with a stretch `a..b` of dates: codes with their words."""
    low, dots, high = text.strip().partition("..") if form == "dates" else (text.strip(), "", "")
    ends = [end.strip() for end in (low, high) if end.strip() or not (dots or low)]
    wrong = [end for end in ends if not _is_day(end)]
    if wrong:
        return [("Y111", {"value": end}) for end in wrong]
    return [("Y112", {})] if len(ends) == 2 and ends[0] > ends[1] else []


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _first_line(span: Span) -> Span:
    """The beginning of a span, so that the caret does not run over a whole block."""
    line = span.text.split("\n", 1)[0]
    return Span(span.source, span.start, span.start + max(1, len(line)))


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:59]}…"
