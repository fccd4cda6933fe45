"""The manifest of each module is what its JSON Schema says, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from text_files import write_files

from fupin_policy import load
from fupin_policy.evaluators import wasm
from fupin_policy.evaluators.wasm.manifest import ABI, leb128, read_manifest, sections
from fupin_policy.testing import rulesets

SCHEMA = json.loads((Path(wasm.__file__).parent / "manifest.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
BY_NAME = ("code_lists", "units", "terms", "places")
"""Keys under which names of the ruleset stand as keys."""


def faults_of(manifest: dict[str, Any]) -> list[str]:
    return [f"{fault.json_path}: {fault.message}" for fault in VALIDATOR.iter_errors(manifest)]


def objects(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where the first object of each kind stands, but for those whose keys are names."""
    if isinstance(value, dict):
        if path not in [(name,) for name in BY_NAME]:
            yield path
        for key, inner in value.items():
            yield from objects(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield from objects(value[0], (*path, 0))


def at(manifest: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        manifest = manifest[key]
    return manifest


def test_the_schema_is_one_and_of_this_version() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["abi"] == {"const": ABI, "description": "the version of the interface"}


@pytest.mark.parametrize("folder", [None, LESSON])
def test_rulesets_as_shipped(folder: Path | None) -> None:
    ruleset = load(folder)
    for module in (ruleset, *(ruleset.of(kind) for kind in ruleset.program.by_place)):
        assert faults_of(read_manifest(module.compile())) == []


@settings(max_examples=10, deadline=None)
@given(rulesets(lists=True))
def test_random_rulesets(files: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        write_files(Path(folder), files)
        assert faults_of(read_manifest(load(folder, cache=False).compile())) == []


def test_an_unknown_or_missing_key_is_a_fault_wherever_it_stands() -> None:
    manifest = read_manifest(load(LESSON).compile())
    places = list(objects(manifest))
    assert len(places) > 15
    for path in places:
        more = deepcopy(manifest)
        at(more, path)["unheard_of"] = 0
        assert faults_of(more), path
        if path != ("identifiers",):
            for key in at(manifest, path):
                fewer = deepcopy(manifest)
                del at(fewer, path)[key]
                assert faults_of(fewer), (path, key)


@pytest.mark.parametrize("length", [0, 1, 127, 128, 129, 255, 256, 16_383, 16_384, 16_385, 1 << 21])
def test_sections_of_every_length_are_found(length: int) -> None:
    """A length is written in as few bytes of seven bits as it needs, by another reading of the format."""
    encoded = b"".join(bytes([length >> at & 127 | 128]) for at in range(0, 28, 7) if length >> at + 7)
    encoded += bytes([length >> 7 * len(encoded)])
    assert leb128(length) == encoded
    wasm = b"\0asm\1\0\0\0" + bytes([5]) + encoded + b"x" * length + bytes([6, 1, 0])
    assert [(kind, whole) for kind, _, whole, _ in sections(wasm)] == [
        (5, bytes([5]) + encoded + b"x" * length), (6, bytes([6, 1, 0])),
    ]  # fmt: skip


def test_names_of_the_ruleset_stand_in_the_module_as_they_are_written() -> None:
    ruleset = load(LESSON, cache=False)
    module = ruleset.compile()
    assert all(policy.title.zh.encode() in module for policy in ruleset.policies)
