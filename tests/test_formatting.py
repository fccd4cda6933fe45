"""`fupin fmt`: turning one language into the other changes no meaning, and there and back changes nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from fupin_policy.core.program import Program
from fupin_policy.examples import run_examples
from fupin_policy.formatting import format_folder
from fupin_policy.ruleset import SHIPPED, check_folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "anqiu"))


def meaning(folder: Path) -> Program:
    """The checked program without what depends on the bytes of the files."""
    program = check_folder(folder)
    places = {kind: replace(place, digest="") for kind, place in program.by_place.items()}
    return replace(program, digest="", by_place=places)


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml")}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_neither_language_changes_the_meaning(copy: Path, lang: str) -> None:
    before = meaning(copy)
    format_folder(copy, "zh" if lang == "zh" else "en", write=True)
    assert meaning(copy) == before
    ran, failures = run_examples(copy)
    assert ran and not failures


def test_there_and_back_is_where_we_began(copy: Path) -> None:
    format_folder(copy, "zh", write=True)
    before = texts(copy)
    assert format_folder(copy, "en", write=True)
    assert texts(copy) != before
    format_folder(copy, "zh", write=True)
    assert texts(copy) == before


def test_formatting_twice_changes_nothing(copy: Path) -> None:
    format_folder(copy, None, write=True)
    assert format_folder(copy, None, write=True) == []
