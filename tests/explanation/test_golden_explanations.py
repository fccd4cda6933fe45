"""Thirty explanations that were read through, in both languages; they change only on purpose.

In: `tests/explanation/golden/cases.yaml`. Out: assertions. Called by pytest; run as a program it writes the texts
anew, to be read before they are committed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from fupin_policy import load

FOLDER = Path(__file__).parent / "golden"
CASES: list[dict[str, Any]] = yaml.load((FOLDER / "cases.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
RULESET = load()


def text_of(case: dict[str, Any], lang: str) -> str:
    (found,) = RULESET.explain(case["household"], case["as_of"], case["policy"])
    return found.text("zh" if lang == "zh" else "en") + "\n"


def file_of(number: int, case: dict[str, Any], lang: str) -> Path:
    return FOLDER / f"{number:02d}-{case['name']}.{lang}.txt"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES, 1)), ids=[case["name"] for case in CASES])
def test_it_is_told_as_it_was_read(number: int, case: dict[str, Any], lang: str) -> None:
    assert text_of(case, lang) == file_of(number, case, lang).read_text(encoding="utf-8")


def test_there_are_thirty_and_no_others() -> None:
    assert len(CASES) == 30
    files = {file_of(number, case, lang) for number, case in enumerate(CASES, 1) for lang in ("zh", "en")}
    assert set(FOLDER.glob("*.txt")) == files


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_it_can_be_read_out(case: dict[str, Any]) -> None:
    """No signs of the rule language, no internal names, and no line that nobody could say in one breath."""
    for lang in ("zh", "en"):
        told = re.split("规则原文：|written in:", text_of(case, lang))[0]
        assert not re.search(r">=|<=|==|[{}\[\]_]|\bNone\b|参数\.", told), told
        assert max(map(len, told.splitlines())) <= (160 if lang == "zh" else 320), told


if __name__ == "__main__":
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for number, case in enumerate(CASES, 1):
        for lang in ("zh", "en"):
            file_of(number, case, lang).write_text(text_of(case, lang), encoding="utf-8")
    sys.exit(0)
