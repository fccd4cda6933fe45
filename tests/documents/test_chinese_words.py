"""A ruleset with every key and every choice in Chinese means what it means in English."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fupin_policy.analysis.examples import run_examples
from fupin_policy.diagnostics import Reporter, Span
from fupin_policy.documents.mended_nodes import kind_of
from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlScalar, YamlSequence, read_node
from fupin_policy.documents.words import CHOICES, KEYS
from fupin_policy.ruleset import SHIPPED, check_folder

ROOT = Path(__file__).parent.parent.parent
SCHEMAS = ROOT / "fupin_policy" / "documents" / "schemas"
LESSON = ROOT / "docs" / "examples" / "lesson"

pytestmark = pytest.mark.fault("D10")


def in_chinese(node: YamlNode, schema: dict[str, Any]) -> Iterator[tuple[Span, str]]:
    """Where a word of a file has a Chinese one, and that."""
    match node:
        case YamlMapping(entries):
            known = schema.get("properties", {})
            other = schema.get("additionalProperties")
            for key, value in entries:
                if key.text in known and key.plain:
                    yield key.span, KEYS[key.text][0]
                yield from in_chinese(value, known.get(key.text, other if isinstance(other, dict) else {}))
        case YamlSequence(items):
            for item in items:
                yield from in_chinese(item, schema.get("items", {}))
        case YamlScalar(text, plain):
            const = [schema["const"]] if "const" in schema else []
            if plain and text in (*schema.get("enum", ()), *schema.get("words", ()), *const):
                yield node.span, CHOICES[text][0]
            elif plain and text == "true" and schema.get("type") == "boolean":
                yield node.span, "是"


def translated(path: Path) -> int:
    """Rewrite a file; how many words changed."""
    reporter = Reporter()
    text = path.read_bytes().decode("utf-8")
    node = read_node(path.name, text.encode(), reporter)
    assert isinstance(node, YamlMapping)
    kind = kind_of(node)
    assert kind is not None
    schema = json.loads((SCHEMAS / f"{kind.text}.json").read_text(encoding="utf-8"))
    found = sorted(in_chinese(node, schema), key=lambda one: one[0].start, reverse=True)
    for span, word in found:
        text = text[: span.start] + word + text[span.end :]
    path.write_bytes(text.encode("utf-8"))
    return len(found)


@pytest.mark.parametrize("original", [LESSON, SHIPPED], ids=["lesson", "shipped"])
def test_a_ruleset_in_chinese_words_is_the_same(tmp_path: Path, original: Path) -> None:
    folder = Path(shutil.copytree(original, tmp_path / "rules"))
    files = [path for path in folder.rglob("*.yaml") if path.parent.name != "population"]
    assert sum(map(translated, files)) > 100
    found, same = check_folder(folder), check_folder(original)
    assert replace(found, digest="", by_place={}) == replace(same, digest="", by_place={})
    assert [replace(one, digest="") for _, one in sorted(found.by_place.items())] == [
        replace(one, digest="") for _, one in sorted(same.by_place.items())
    ]


def test_its_examples_are_the_same_too(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(LESSON, tmp_path / "lesson"))
    for path in folder.rglob("*.yaml"):
        translated(path)
    assert f"{KEYS['expect'][0]}: {CHOICES['ineligible'][0]}" in (folder / "policies.yaml").read_text(encoding="utf-8")
    ran, problems = run_examples(folder)
    assert ran == run_examples(LESSON)[0] > 0 and problems == ()
