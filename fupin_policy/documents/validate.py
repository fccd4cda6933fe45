"""Whether a file has the form that its kind asks for.

In: a node and its kind. Out: the node as it is meant, and diagnostics at the key or value that is wrong.
Called by `documents.read`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any, TypeVar

from fupin_policy.core.days import day_of, ends_of, no_such_day
from fupin_policy.diagnostics import Reporter, Span, slip_of
from fupin_policy.documents.cut_expressions import in_one_piece
from fupin_policy.documents.mended_nodes import in_english, mended
from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlScalar, YamlSequence, to_python
from fupin_policy.documents.samples import sample
from fupin_policy.documents.typing_slips import cut_number, glued_key
from fupin_policy.documents.words import CHOICES, KEYS, both

Node = TypeVar("Node", bound=YamlNode)
_BETWEEN = re.compile(r"~|～|至|到|—+|–|…+|\.{3,}| -{1,2} |(?<=日)-")
"""What people write between the two ends of a stretch of days instead of `..`."""

_TYPES = {
    "string": ("文字", "text"),
    "number": ("数字", "a number"),
    "integer": ("整数", "a whole number"),
    "boolean": ("true 或 false", "true or false"),
    "object": ("若干“键: 值”", "a mapping of keys to values"),
    "array": ("列表", "a list"),
    "null": ("空", "nothing"),
}


def meant(kind: str, node: Node, reporter: Reporter) -> Node:
    """The node as it is meant: in one piece, with keys and choices in English, and lists parted."""
    found = mended(in_english(in_one_piece(node, reporter), _validator(kind).schema, reporter), reporter)
    assert isinstance(found, type(node))
    return found


def validate(kind: str, node: Node, reporter: Reporter) -> Node:
    """The node as it is meant, after reporting every place that has not the form of its kind."""
    return check_schema(kind, meant(kind, node, reporter), reporter)


def check_schema(kind: str, node: Node, reporter: Reporter) -> Node:
    """A node whose keys are in English, after reporting every place that has not the form of its kind."""
    for error in _validator(kind).iter_errors(to_python(node)):
        _report(error, node, reporter)
    return node


def node_at(node: YamlNode, path: Iterable[str | int]) -> YamlNode:
    """What a path of keys and positions leads to."""
    for step in path:
        if isinstance(node, YamlMapping) and isinstance(step, str):
            node = node.get(step) or node
        elif isinstance(node, YamlSequence) and isinstance(step, int):
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
    return Draft202012Validator(_whole(json.loads(text)), format_checker=checker)


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema as it is once overlays are merged: no entry is of the other form then, that of one in part."""
    sections = schema["properties"].items()
    return {**schema, "properties": {key: _of_whole_entries(section) for key, section in sections}}


def _of_whole_entries(section: dict[str, Any]) -> dict[str, Any]:
    entry = section.get("items", {})
    if "anyOf" not in entry:
        return section
    pairs = (entry["anyOf"][0].items() if key == "anyOf" else ((key, value),) for key, value in entry.items())
    return {**section, "items": dict(chain.from_iterable(pairs))}


def _report(error: Any, node: YamlNode, reporter: Reporter) -> None:
    wanted, at = error.validator_value, node_at(node, error.absolute_path)
    form = error.schema.get("format")
    if form is not None and isinstance(at, YamlScalar):
        for code, words in _date_faults(at.text, form):
            reporter.report(code, at.span, suggestion=None, **words)
        return
    match error.validator:
        case "additionalProperties":
            _unknown_keys(error, at, reporter)
        case "required":
            _missing_keys(error, wanted, at, reporter)
        case "dependentRequired":
            needed = [one for key, ones in wanted.items() if key in error.instance for one in ones]
            _missing_keys(error, needed, at, reporter)
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            zh, en = ("或".join(_TYPES[k][0] for k in kinds), " or ".join(_TYPES[k][1] for k in kinds))
            right = _sample(error, at)
            reporter.report("Y203", _first_line(at.span), wanted=zh, wanted_en=en, sample=right)
        case "enum" | "const":
            _unknown_choice(error, [wanted] if error.validator == "const" else wanted, at, reporter)
        case "minItems" | "minLength" | "minProperties" | "pattern" if _is_blank(error.instance):
            reporter.report("Y205", _first_line(at.span), sample=_sample(error))
        case "minItems":
            reporter.report("Y208", _first_line(at.span), least=wanted, sample=_sample(error))
        case "minimum" | "maximum":
            least, most = error.schema.get("minimum", ""), error.schema.get("maximum", "")
            reporter.report("Y209", at.span, value=_shown(error.instance), least=least, most=most)
        case "oneOf":
            known = [key for branch in wanted for key in branch.get("required", ())]
            reporter.report("Y207", _first_line(at.span), known=known)
        case _:
            zh, _, en = str(error.schema.get("description", "见指南 / see the guide")).partition(" / ")
            reporter.report("Y206", _first_line(at.span), value=_shown(error.instance), form=zh, form_en=en)


def _sample(error: Any, given: YamlNode | None = None) -> str:
    """The right form of what is wrong, with its key, or as an item of a list."""
    keys = [step for step in error.absolute_path if isinstance(step, str)]
    item = not error.absolute_path or not isinstance(error.absolute_path[-1], str)
    return sample(keys[-1] if keys else "", error.schema, given, item=item)


def _missing_keys(error: Any, wanted: Iterable[str], at: YamlNode, reporter: Reporter) -> None:
    """Keys that are needed and not there, but for those that are there under a misspelt name."""
    # a branch of a schema names no properties of its own
    known = error.schema.get("properties") or {key: {} for key in KEYS}
    meant = {_meant(key, known, reporter) for key in error.instance if key not in known}
    for key in wanted:
        if key not in error.instance and key not in meant:
            reporter.report("Y202", _first_line(at.span), key=key, sample=sample(key, known.get(key, {})))


def _meant(key: str, known: Iterable[str], reporter: Reporter) -> str | None:
    """The key that an unknown one was to be: one that took its value with it, or one that is nearly the same."""
    glued = glued_key(key)
    return glued[0] if glued is not None else reporter.suggest(key, known)


def _unknown_choice(error: Any, allowed: list[str], at: YamlNode, reporter: Reporter) -> None:
    shown, known = _shown(error.instance), [both(CHOICES, one) for one in allowed]
    reporter.report("Y204", _first_line(at.span), suggestion=slip_of(shown, allowed), value=shown, known=known)


def _unknown_keys(error: Any, at: YamlNode, reporter: Reporter) -> None:
    allowed = error.schema.get("properties", {})
    before = ""
    for key, value in at.entries if isinstance(at, YamlMapping) else ():
        if key.text not in allowed:
            glued, whole = glued_key(key.text), cut_number(before, key.text)
            if glued is not None:
                reporter.report("Y121", key.span, key=glued[0], found=glued[1])
            elif whole is not None:
                reporter.report("Y124", key.span, suggestion=whole, value=f"{before},{key.text}")
            else:
                known = [both(KEYS, one) for one in allowed]
                reporter.report(
                    "Y201", key.span, suggestion=reporter.suggest(key.text, allowed), key=key.text, known=known
                )
        before = value.text if isinstance(value, YamlScalar) else ""


def _date_faults(text: str, form: str) -> list[tuple[str, dict[str, str]]]:
    """What is wrong with a date, or with a stretch `a..b` of dates: codes with their words."""
    ends = [text.strip()] if form == "day" or ".." not in text else [end for end in ends_of(text) if end]
    days = [day_of(end) for end in ends]
    wrong = [_date_fault(end, form) for end, day in zip(ends, days, strict=True) if day is None]
    if wrong:
        return wrong
    start, end = days[0] if days else None, days[-1] if days else None
    return [("Y112", {})] if start is not None and end is not None and start > end else []


def _date_fault(text: str, form: str) -> tuple[str, dict[str, str]]:
    why = no_such_day(text)
    if why is not None:
        return "Y125", {"value": text, "why": why[0], "why_en": why[1]}
    parts = [part.strip() for part in _BETWEEN.split(text)]
    if form == "dates" and len(parts) == 2 and all(not part or day_of(part) for part in parts) and any(parts):
        return "Y126", {"value": text, "right": "..".join(parts)}
    return "Y111", {"value": text, "sample": "2019-01-01..2019-12-31" if form == "dates" else "2019-01-01"}


def _first_line(span: Span) -> Span:
    """The beginning of a span, so that the caret does not run over a whole block."""
    line = span.text.split("\n", 1)[0]
    return Span(span.source, span.start, span.start + max(1, len(line)))


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _is_blank(value: object) -> bool:
    """Whether there is nothing in it, or nothing that anybody sees."""
    return not (value.strip() if isinstance(value, str) else value)
