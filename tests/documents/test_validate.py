"""The form of files: each slip is reported once, at its key or value, with the word that was meant."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from english_guide import told_in_english
from jsonschema import Draft202012Validator

from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import read
from fupin_policy.documents.mended_nodes import _key
from fupin_policy.documents.reader import read_node
from fupin_policy.documents.validate import node_at, validate
from fupin_policy.documents.words import CHOICES, KEYS
from fupin_policy.ruleset import check_folder

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ROOT / "policies" / "anqiu"
LESSON = ROOT / "docs" / "examples" / "lesson"
SCHEMAS = ROOT / "fupin_policy" / "documents" / "schemas"
FACT = "kind: facts\nfacts:\n  - {name: age, label: 年龄, for: member, type: number, range: 0..120}\n"
PARAMETER = """kind: parameters
parameters:
  - name: p
    label: 参
    values:
      - {valid: 2019-01-01.., value: 80, status: example, source: s}
"""


def faults(kind: str, text: str) -> list[tuple[str, str, str | None]]:
    """Code, place and suggestion of all that is wrong with the form of a text."""
    reporter = Reporter()
    node = read_node("a.yaml", text.encode(), reporter)
    assert node is not None
    validate(kind, node, reporter)
    return [(one.code, one.place, one.suggestion) for one in reporter.diagnostics]


def test_the_texts_used_here_are_right() -> None:
    assert faults("facts", FACT) == []
    assert faults("parameters", PARAMETER) == []


@pytest.mark.parametrize(
    ("kind", "text", "old", "new", "expected"),
    [
        ("facts", FACT, "label:", "lable:", [("Y201", "a.yaml:3:17", "label")]),
        ("facts", FACT, "range:", "ragne:", [("Y201", "a.yaml:3:55", "range")]),
        ("facts", FACT, "number", "numbr", [("Y204", "a.yaml:3:47", "number")]),
        ("facts", FACT, "年龄", "[年龄]", [("Y203", "a.yaml:3:24", None)]),
        ("facts", FACT, "年龄", "no", []),
        ("facts", FACT, "年龄", "true", [("Y203", "a.yaml:3:24", None)]),
        ("facts", FACT, "label: 年龄, ", "", [("Y202", "a.yaml:3:5", None)]),
        ("parameters", PARAMETER, "status: example", "status: exmple", [("Y204", "a.yaml:6:50", "example")]),
        ("parameters", PARAMETER, "value: 80", "value: [80]", [("Y203", "a.yaml:6:38", None)]),
        ("parameters", PARAMETER, ", source: s", "", [("Y202", "a.yaml:6:9", None)]),
    ],
)
def test_a_slip_is_reported_at_its_place(
    kind: str, text: str, old: str, new: str, expected: list[tuple[str, str, str | None]]
) -> None:
    assert text.count(old) == 1
    assert faults(kind, text.replace(old, new)) == expected


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("较小(参数.甲, 80欧元)", "a.yaml:6:38"),
        ("较小(参数.甲,\n        80欧元)", "a.yaml:6:38"),
        ("较小(较大(甲, 乙), 丙, 丁)", "a.yaml:6:38"),
        ("较小（甲, 乙）", "a.yaml:6:38"),
    ],
)
def test_a_comma_in_an_expression_without_quotes_is_told_once(value: str, found: str) -> None:
    assert faults("parameters", PARAMETER.replace("value: 80", f"value: {value}")) == [("Y137", found, None)]
    assert faults("parameters", PARAMETER.replace("value: 80", f"value: '{value}'")) == []


def test_items_that_a_comma_cut_are_one() -> None:
    text = PARAMETER.replace("value: 80", "rows: [[[较小(甲, 乙)], 较大(甲, 乙)], [[3, 4], 5]]")
    found = [place for code, place, _ in faults("parameters", text) if code == "Y137"]
    assert found == ["a.yaml:6:40", "a.yaml:6:51"]


def test_a_bracket_that_nothing_closes_is_no_comma_s_fault() -> None:
    assert faults("parameters", PARAMETER.replace("value: 80", "value: 较小(甲, 乙")) == [("Y201", "a.yaml:6:44", None)]


def test_all_slips_of_a_file_are_reported_at_once() -> None:
    text = FACT + "  - {name: b, label: 乙, for: membr, type: truht}\n  - 3\n  - {name: c}\n"
    assert [code for code, _, _ in faults("facts", text)] == ["Y204", "Y203", "Y202", "Y202", "Y202"]


def test_no_message_shows_how_the_program_holds_things() -> None:
    text = "kind: facts\nfacts: [{name: {a: 1.5}, label: [x], for: {a: [null, 0.1]}, type: null}]\n"
    reporter = Reporter()
    node = read_node("a.yaml", text.encode(), reporter)
    assert node is not None
    validate("facts", node, reporter)
    for one in reporter.diagnostics:
        for words in (one.sentence("zh"), one.sentence("en"), one.advice("zh"), one.advice("en")):
            assert not any(sign in words for sign in ("Decimal(", "None", "{'", "['", "\n"))


def test_a_path_leads_to_the_span_of_its_value() -> None:
    node = read_node("a.yaml", FACT.encode(), Reporter())
    assert node is not None
    assert node_at(node, ["facts", 0, "label"]).span.text == "年龄"


def test_the_shipped_ruleset_has_the_form() -> None:
    if not SHIPPED.is_dir():
        pytest.skip("policies/anqiu is absent")
    reporter = Reporter()
    read(SHIPPED, reporter)
    assert reporter.diagnostics == ()


@pytest.mark.fault("E10", "C7")
def test_control_and_hidden_signs_are_refused_in_titles_and_labels(tmp_path: Path) -> None:
    for file, old, sign in (
        ("policies.yaml", "zh: 高龄津贴", 'zh: "高\\x07龄津贴"'),
        ("policies.yaml", "en: Old-age allowance", 'en: "Old-age \\u202eallowance"'),
        ("facts.yaml", "label: 乡镇", "label: 乡\u200b镇"),
    ):
        folder = tmp_path / f"{file}{len(sign)}"
        shutil.copytree(LESSON, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, sign, 1), encoding="utf-8")
        reporter = Reporter()
        read(folder, reporter)
        assert [one.code for one in reporter.diagnostics] == ["Y127"]


@pytest.mark.fault("D16")
def test_curly_quotes_around_a_title_are_warned_of(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(LESSON, tmp_path / "lesson"))
    file = folder / "policies.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("{zh: 高龄津贴, en: Old-age allowance}", "{zh: “高龄津贴”, en: 'A “B” c'}", 1), "utf-8"
    )
    reporter = Reporter()
    read(folder, reporter)
    (found,) = reporter.diagnostics
    assert (found.code, found.severity) == ("Y122", "warning")
    assert found.span is not None and found.span.text == "“高龄津贴”"
    assert check_folder(folder).policies[0].title.zh == "“高龄津贴”"


def properties(schema: object) -> Iterator[tuple[str, dict[str, object]]]:
    """Every key of a schema with what is said about its value."""
    if isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items():
            yield name, inner
        for inner in schema.values():
            yield from properties(inner)


@pytest.mark.fault("D10")
@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_every_key_and_every_choice_has_a_chinese_word(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    for name, inner in properties(schema):
        assert KEYS.get(name), name
        for choice in (*inner.get("enum", ()), *inner.get("words", ())):  # type: ignore[misc]
            assert CHOICES.get(choice) or not choice.isascii(), choice


@pytest.mark.fault("D10")
@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_a_chinese_word_means_one_key_of_a_mapping(path: Path) -> None:
    def mappings(schema: object) -> Iterator[dict[str, object]]:
        if isinstance(schema, dict):
            if "properties" in schema:
                yield schema["properties"]
            for inner in schema.values():
                yield from mappings(inner)

    for known in mappings(json.loads(path.read_text(encoding="utf-8"))):
        first = [KEYS[name][0] for name in known]
        assert len(set(first)) == len(first), first
        for name in known:
            assert _key(KEYS[name][0], known) == name


@pytest.mark.fault("D4")
@pytest.mark.parametrize(
    ("kind", "text", "sample"),
    [
        ("policies", "kind: policies\npolicies: 高龄津贴\n", "policies: [高龄津贴]"),
        ("facts", FACT.replace("年龄", "[年龄]"), "label: 年龄"),
        ("parameters", PARAMETER.replace("label: 参", "label: 参\n    note: 文字"), "note: {zh: 文字, en: English}"),
        ("parameters", PARAMETER.replace("label: 参", "label: 参\n    by: [[乡镇]]"), "乡镇"),
        ("facts", FACT.replace("range: 0..120", "range: 0..120, past: 对"), "past: true"),
    ],
)
def test_a_sample_of_the_right_form_is_shown(kind: str, text: str, sample: str) -> None:
    reporter = Reporter()
    node = read_node("a.yaml", text.encode(), reporter)
    assert node is not None
    validate(kind, node, reporter)
    (found,) = reporter.diagnostics
    assert found.advice("zh") == f"请写成 {sample}" and found.advice("en") == f"write it as {sample}"


@pytest.mark.fault("D10")
@pytest.mark.parametrize("page", ["guide.zh.md", "guide.md"])
def test_the_guide_lists_the_chinese_words(page: str) -> None:
    guide = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for english, words in (*KEYS.items(), *CHOICES.items()):
        assert f"`{english}` {'／'.join(words)}" in guide, english


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_the_english_guide_tells_what_each_key_means(path: Path) -> None:
    kinds = {one.stem for one in SCHEMAS.glob("*.json")}
    keys = {name for name, _ in properties(json.loads(path.read_text(encoding="utf-8")))}
    told = told_in_english(path.stem)
    assert {key for key in keys - kinds if not re.search(rf"`(benefit\.)?{key}[`:]", told)} == set()


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_a_schema_says_no_key_twice(path: Path) -> None:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len({key for key, _ in pairs}) == len(pairs), [key for key, _ in pairs]
        return dict(pairs)

    json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)


@pytest.mark.parametrize("name", ["county", "property"])
def test_editors_take_what_an_overlay_says_in_part(name: str) -> None:
    """The schemas as they stand, which editors read; what is complete but for one key is no such part."""
    for path in (ROOT / "docs" / "examples" / name).glob("*.yaml"):
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
        schema = json.loads((SCHEMAS / f"{given['kind']}.json").read_text(encoding="utf-8"))
        if given["kind"] != "ruleset":
            assert list(Draft202012Validator(schema).iter_errors(json.loads(json.dumps(given, default=str)))) == []


@pytest.mark.parametrize(
    ("kind", "section", "entry", "taken"),
    [
        ("policies", "policies", {"id": "p", "examples": []}, True),
        ("policies", "policies", {"id": "p", "for": "household", "examples": []}, False),
        ("policies", "groups", {"id": "g", "remove": True}, True),
        ("policies", "groups", {"id": "g", "keep": "capped"}, False),
        ("parameters", "parameters", {"name": "p", "values": []}, True),
        ("parameters", "parameters", {"name": "p", "unit": "yuan", "values": []}, False),
        ("targets", "targets", {"id": "t", "remove": True}, True),
        ("facts", "code_lists", {"name": "c", "remove": True}, True),
        ("facts", "code_lists", {"name": "c", "label": "c"}, False),
    ],
)
def test_an_entry_is_whole_or_of_an_overlay(kind: str, section: str, entry: dict[str, object], taken: bool) -> None:
    schema = json.loads((SCHEMAS / f"{kind}.json").read_text(encoding="utf-8"))
    alone = {
        "$ref": f"#/properties/{section}/items",
        **{key: schema[key] for key in ("properties", "$defs") if key in schema},
    }
    assert Draft202012Validator(alone).is_valid(entry) == taken
