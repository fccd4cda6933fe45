"""Samples of the right form, made from a schema and from what was written instead.

In: a key, the schema of its value, the value given. Out: a line of YAML to be copied. Called by `validate`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Dictionary
from typing import Any

from fupin_policy.documents.reader import YamlNode, YamlScalar, YamlSequence
from fupin_policy.documents.words import KEYS

_SUCH_AS = re.compile(r"(?:，如|，例如) ?([^，。；]+)$")
_DATES = {"dates": "2019-01-01..", "day": "2019-06-30"}
_ROW = "[60..79, 80元]"
_MAX_KEYS = 4


def sample(key: str, schema: Dictionary[str, Any], given: YamlNode | None = None, *, item: bool = False) -> str:
    """`lead: [县民政局]` for a list of words to which one word was given; the value alone for an item of a list."""
    value = _value(schema, key, given)
    return value if item else f"{key}: {value}"


def _value(schema: Dictionary[str, Any], key: str, given: YamlNode | None) -> str:
    kinds = _kinds(schema)
    word = given.text if isinstance(given, YamlScalar) and given.text.strip() else None
    if key == "rows":
        return f"[{_ROW}]" if _kinds(schema.get("items", {}))[:1] == ["array"] else _ROW
    if kinds[:1] == ["array"]:
        items = _words_of(given) or [_value(schema.get("items", {}), key, None)] * schema.get("minItems", 1)
        return f"[{', '.join(items)}]"
    if kinds[:1] == ["object"]:
        return _object(schema, word)
    if isinstance(given, YamlSequence) and (inner := _words_of(given)):
        return inner[0]
    return _scalar(schema, key)


def _kinds(schema: Dictionary[str, Any]) -> list[str]:
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _words_of(given: YamlNode | None) -> list[str]:
    items = given.items if isinstance(given, YamlSequence) else () if given is None else (given,)
    return [item.text for item in items if isinstance(item, YamlScalar) and item.text.strip()]


def _object(schema: Dictionary[str, Any], word: str | None) -> str:
    known = schema.get("properties", {})
    wanted = [*schema.get("required", ()), *schema.get("then", {}).get("required", ())] or list(known)
    parts = [sample(key, known.get(key, {})) for key in wanted[:_MAX_KEYS]]
    if word is not None and {"zh", "en"} <= set(known):
        parts[wanted.index("zh")] = f"zh: {word}"
    return f"{{{', '.join(parts)}}}" if parts else "{键: 值}"


def _scalar(schema: Dictionary[str, Any], key: str) -> str:
    if "enum" in schema or "const" in schema:
        return str([*schema.get("enum", ()), schema.get("const")][0])
    if schema.get("format") in _DATES:
        return _DATES[schema["format"]]
    if schema.get("type") == "boolean":
        return "true"
    if schema.get("type") in ("integer", "number"):
        return str(schema.get("minimum", 0))
    such = _SUCH_AS.search(str(schema.get("description", "")).partition(" / ")[0])
    if such is not None:
        return such[1]
    return _USUAL.get(key) or KEYS.get(key, ("…",))[0]


_USUAL = {
    "basis": "anfa-2018-31 4.2", "when": "年龄 >= 60", "amount": "80元", "value": "80", "range": "0..1000",
    "source": "anfa-2018-31 4.2", "unit": "元", "by": "年龄", "name": "old_age", "en": "English", "id": "old_age",
    "codes": "disability_level", "most": "3000元", "for": "member", "code": '"1"',
}  # fmt: skip
"""What usually stands under a key whose schema gives no example."""
