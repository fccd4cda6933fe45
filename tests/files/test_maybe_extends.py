"""What may extend another ruleset is seen without parsing: the key, however YAML lets it be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from fupin_policy.files.bounded import RulesetFile, read_files
from fupin_policy.files.shipped import shipped


@pytest.mark.parametrize(
    "text",
    [
        "kind: ruleset\nextends: ../base\n",
        "{kind: ruleset, extends: x}",
        "继承: 甲",
        "继承：甲",
        '"extends" : x',
        "'继承': x",
        "? extends\n: x",
        "? extends # where from\n  # the county\n: x",
    ],
)
def test_the_key_is_seen(text: str) -> None:
    assert RulesetFile(Path("r.yaml"), "r.yaml", text.encode()).maybe_extends


@pytest.mark.parametrize("text", ["en: The document extends the allowance to 60", "zh: 由子女继承", "", "extended: x"])
def test_the_word_alone_is_none(text: str) -> None:
    assert not RulesetFile(Path("r.yaml"), "r.yaml", text.encode()).maybe_extends


def test_the_shipped_rules_are_loaded_without_parsing() -> None:
    assert (
        not RulesetFile(Path("r"), "r", None).maybe_extends and not read_files(shipped("policies/anqiu")).maybe_extends
    )
