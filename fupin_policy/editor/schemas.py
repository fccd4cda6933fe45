"""What may stand at a place of a file, by the JSON Schema of its kind.

In: a kind and the keys that lead to a place, in either language. Out: keys and choices with their descriptions.
Called by `completion`, `hover` and the command `schema`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fupin_policy.documents.model_builder import KINDS
from fupin_policy.documents.words import CHOICES, KEYS

Schema = dict[str, Any]
STANDALONE = ("mapping",)
"""Kinds of files that stand in no ruleset."""


@dataclass(frozen=True, slots=True)
class SchemaKey:
    """A key that may be written: in both languages, with what it means."""

    name: str
    words: tuple[str, ...]
    zh: str
    en: str
    required: bool
    schema: Schema


def schema_text(kind: str) -> str:
    """The schema of a kind of file as it is shipped."""
    return files("fupin_policy.documents").joinpath("schemas", f"{kind}.json").read_text(encoding="utf-8")


def every_kind() -> tuple[str, ...]:
    """The kinds of files that have a schema."""
    return (*KINDS, *STANDALONE)


@cache
def schema_of(kind: str) -> Schema:
    """The schema of a kind of file."""
    found: Schema = json.loads(schema_text(kind))
    return found


def english_kind(word: str) -> str | None:
    """The kind that a word names in either language."""
    return next((one for one in every_kind() if word == one or word in CHOICES.get(one, ())), None)


def schemas_at(kind: str, keys: Iterable[str]) -> list[Schema]:
    """The schemas of which one holds for what stands below some keys."""
    root = schema_of(kind)
    found = [root]
    for key in keys:
        found = [inner for one in found for inner in _below(one, key, root)]
    return [each for one in found for each in _alternatives(one, root)]


def keys_at(kind: str, keys: Sequence[str]) -> list[SchemaKey]:
    """The keys of the mapping that stands, or may stand, below some keys."""
    root, found = schema_of(kind), dict[str, SchemaKey]()
    for schema in schemas_at(kind, keys):
        for one in _entries(schema, root):
            required = one.get("required", ())
            for name, inner in one.get("properties", {}).items():
                zh, _, en = str(inner.get("description", "")).partition(" / ")
                found.setdefault(name, SchemaKey(name, KEYS.get(name, ()), zh, en, name in required, inner))
    return list(found.values())


def choices_at(kind: str, keys: Sequence[str]) -> list[str]:
    """The words of which one must be chosen as the value below some keys."""
    root = schema_of(kind)
    every = [one for schema in schemas_at(kind, keys) for one in _entries(schema, root)]
    named = [word for one in every for word in (*one.get("enum", ()), *one.get("words", ()))]
    fixed = [one["const"] for one in every if "const" in one]
    switches = ["true", "false"] if any(one.get("type") == "boolean" for one in every) else []
    return list(dict.fromkeys([*map(str, named), *map(str, fixed), *switches]))


def is_expression(schema: Schema) -> bool:
    """Whether the value is written in the language of expressions: as a text that YAML may read as something else."""
    types = schema.get("type")
    return isinstance(types, list) and {"string", "number", "boolean"} <= set(types)


def expression_at(kind: str, keys: Sequence[str]) -> bool:
    """Whether below some keys an expression may be written."""
    root = schema_of(kind)
    return any(is_expression(one) for schema in schemas_at(kind, keys) for one in _entries(schema, root))


def _entries(schema: Schema, root: Schema) -> Iterator[Schema]:
    """A schema, and those of the entries if it is one of a list."""
    yield schema
    if isinstance(schema.get("items"), dict):
        for one in _alternatives(schema["items"], root):
            yield from _entries(one, root)


def _below(schema: Schema, key: str, root: Schema) -> Iterator[Schema]:
    for each in _alternatives(schema, root):
        for one in _entries(each, root):
            properties = one.get("properties", {})
            name = next((name for name in properties if key == name or key in KEYS.get(name, ())), None)
            if name is not None:
                yield properties[name]
            elif isinstance(one.get("additionalProperties"), dict):
                yield one["additionalProperties"]


def _alternatives(schema: Schema, root: Schema) -> Iterator[Schema]:
    """A schema with references followed, and those of which it may be one."""
    if "$ref" in schema:
        target: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        yield from _alternatives(target, root)
        return
    yield schema
    for word in ("anyOf", "oneOf", "allOf"):
        for inner in schema.get(word, ()):
            yield from _alternatives(inner, root)
