"""The form of files: each slip is reported once, at its key or value, with the word that was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from fupin_policy.diagnostics import Reporter, Span
from fupin_policy.documents import read
from fupin_policy.documents.reader import read_node
from fupin_policy.documents.validate import path_span, validate

SHIPPED = Path(__file__).parent.parent.parent / "policies" / "anqiu"
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
    found: Span = path_span(node, ["facts", 0, "label"])
    assert found.text == "年龄"


def test_the_shipped_ruleset_has_the_form() -> None:
    if not SHIPPED.is_dir():
        pytest.skip("policies/anqiu is absent")
    reporter = Reporter()
    read(SHIPPED, reporter)
    assert reporter.diagnostics == ()
