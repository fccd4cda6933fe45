"""Folders as they come: what cannot be read is said once, and what it defined is not called unknown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import read
from fupin_policy.documents.reader import read_node
from fupin_policy.documents.validate import validate

FACTS = "kind: facts\nfacts:\n  - {name: age, label: 年龄, for: member, type: truth}\n"
POLICY = """kind: policies
policies:
  - id: a
    title: {zh: 甲, en: A}
    for: member
    versions:
      - {valid: DATES, lead: [x], basis: [s 1]}
"""


def codes(folder: Path) -> list[str]:
    reporter = Reporter()
    read(folder, reporter)
    return [one.code for one in reporter.diagnostics]


def test_a_folder_named_like_a_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").mkdir()
    assert codes(tmp_path) == ["Y114"]


def test_a_link_to_nothing_is_reported(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").symlink_to(tmp_path / "nothing")
    assert codes(tmp_path) == ["Y117"]


@pytest.mark.skipif(os.name != "posix", reason="file names are text elsewhere")
def test_a_file_name_that_is_not_text(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.yaml")).write_text("a: &b 1\n", encoding="utf-8")
    assert codes(tmp_path) == ["Y104"]


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "x.yaml").open("wb") as file:
        file.truncate(3_000_000_000)
    assert codes(tmp_path) == ["Y101"]


@pytest.mark.parametrize(
    "data",
    [(FACTS + "\tx: [\n").encode(), FACTS.encode("gb18030"), FACTS.replace("kind: facts", "kind: fcts").encode()],
)
def test_the_names_of_an_unreadable_file_are_kept(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "facts.yaml").write_bytes(data)
    assert {"age", "年龄"} <= read(tmp_path, Reporter()).broken


@pytest.mark.parametrize(
    ("dates", "expected"),
    [("2019-13-01..", "Y125"), ("2019", "Y111"), ("abc", "Y111"), ("2020-01-01..2019-01-01", "Y112"), ("..", None)],
)
def test_a_wrong_date_is_said_once_beside_what_else_is_wrong(tmp_path: Path, dates: str, expected: str | None) -> None:
    (tmp_path / "p.yaml").write_text(POLICY.replace("DATES", dates), encoding="utf-8")
    assert sorted(codes(tmp_path)) == sorted(["Y202", "Y202", *([expected] if expected else [])])


def test_a_control_character_and_a_slip_of_yaml_in_the_words_of_both_languages() -> None:
    for text, place in (("甲: 乙\x07\n", "a.yaml:1:5"), ("甲: 乙: 丙\n", "a.yaml:1:5")):
        reporter = Reporter()
        assert read_node("a.yaml", text.encode(), reporter) is None
        (found,) = reporter.diagnostics
        assert found.place == place
        assert "context" not in found.sentence("zh") and found.sentence("en").isascii()


def test_too_few_items_and_one_of_two_keys() -> None:
    reporter = Reporter()
    node = read_node("a.yaml", b"kind: facts\ncode_lists: [{name: x}]\n", reporter)
    assert node is not None
    validate("facts", node, reporter)
    (found,) = reporter.diagnostics
    assert found.code == "Y207" and "codes" in found.sentence("en") and "places" in found.sentence("en")
