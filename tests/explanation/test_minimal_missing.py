"""What an explanation asks for: facts that settle the decision whatever they are, and none that these make needless."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_rulesets import DAY, policy, written

NAMES = (("a", "甲"), ("b", "乙"), ("c", "丙"))
FACTS = "".join(f"- {{name: {name}, label: {label}, for: household, type: truth}}\n" for name, label in NAMES)


@pytest.mark.parametrize(
    ("when", "asked"),
    [
        ("甲 且 乙", ["甲", "乙"]),
        ("甲 且 (乙 或 甲)", ["甲"]),
        ("甲 且 (乙 或 甲) 或 非 甲 且 乙 且 甲", ["甲"]),  # only by trying both answers to 甲
        ("(甲 或 丙) 且 (乙 或 甲 或 丙)", ["甲", "丙"]),
    ],
)
def test_what_the_others_make_needless_is_not_asked_for(tmp_path: Path, when: str, asked: list[str]) -> None:
    (found,) = written(tmp_path, FACTS, policy(when)).explain({"id": "h", "members": []}, DAY)
    assert [one.text for one in found.decision.missing] == asked
