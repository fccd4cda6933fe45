"""Every key of every kind of file is described in both languages, with an example that is right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from fupin_policy.documents.validate import _validator
from fupin_policy.editor.schemas import Schema, every_kind, schema_of

CHINESE = re.compile(r"[\u4e00-\u9fff]")
WITHIN = ("anyOf", "oneOf", "allOf", "if", "then", "else", "items", "additionalProperties")


def keys(schema: Any, path: str) -> Iterator[tuple[str, Schema]]:
    """Every key below a schema with what it says of its value; alternatives have one path."""
    for one in schema if isinstance(schema, list) else [schema]:
        if not isinstance(one, dict):
            continue
        for name, inner in one.get("properties", {}).items():
            yield f"{path}.{name}", inner
            yield from keys(inner, f"{path}.{name}")
        for name, inner in one.get("$defs", {}).items():
            yield from keys(inner, f"${name}")
        for word in WITHIN:
            yield from keys(one.get(word), path)


@pytest.mark.parametrize("kind", every_kind())
def test_every_key_has_a_description_in_both_languages_and_a_right_example(kind: str) -> None:
    root = schema_of(kind)
    validator = _validator(kind).evolve(schema=root)
    every, told = set(), set()
    for path, schema in keys(root, kind):
        every.add(path)
        if "examples" in schema:
            zh, _, en = schema["description"].partition(" / ")
            assert CHINESE.search(zh) and en.strip() and not CHINESE.search(en), f"{path}: {schema['description']}"
            for example in schema["examples"]:
                assert example not in ("", [], {}), path
                assert [fault.message for fault in validator.evolve(schema=schema).iter_errors(example)] == [], path
            told.add(path)
    assert len(every) > 10
    assert sorted(every - told) == [], "without a description and an example"
