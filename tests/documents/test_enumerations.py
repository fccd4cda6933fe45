"""The words that a schema allows are those that the types of core have."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, get_args

import pytest
from english_guide import told_in_english

from fupin_policy.core.benefits import BenefitKind, Frequency, Per, Starts
from fupin_policy.core.declarations import Each, FactKind, FormatKind, Monotonicity, Standing
from fupin_policy.core.outputs import CheckSeverity
from fupin_policy.core.policies import Channel, Force, GroupPreference
from fupin_policy.core.registers import Numbering, PaymentPeriod
from fupin_policy.documents.model import UNKNOWN, ParameterKind
from fupin_policy.documents.model_builder import KINDS
from fupin_policy.documents.parts import TablePreference

WORDS: Mapping[str, tuple[str, ...]] = {
    "facts/type": get_args(FactKind),
    "facts/benefits": get_args(Monotonicity),
    "facts/per": get_args(Frequency),
    "facts/none": ("none",),
    "facts/each": get_args(Each),
    "facts/format": get_args(FormatKind),
    "facts/severity": get_args(CheckSeverity),
    "facts/of": ("household", "member"),
    "facts/absent": ("empty",),
    "checks/severity": get_args(CheckSeverity),
    "terms/table.keep": get_args(TablePreference),
    "terms/type": tuple(kind for kind in get_args(FactKind) if kind not in ("codes", "text")),
    "parameters/type": get_args(ParameterKind),
    "parameters/table.status": get_args(Standing),
    "parameters/value": tuple(UNKNOWN),
    "policies/kind": get_args(BenefitKind),
    "policies/per": get_args(Per),
    "policies/starts": get_args(Starts),
    "policies/force": get_args(Force),
    "policies/how": get_args(Channel),
    "policies/keep": get_args(GroupPreference),
    "policies/table.keep": get_args(TablePreference),
    "sources/numbering": get_args(Numbering),
    "targets/each": get_args(PaymentPeriod),
    "duties/each": get_args(PaymentPeriod),
    # what a population assumes is no declaration of a ruleset
    "population/for": ("household", "member"),
    "population/type": ("number", "truth"),
    "population/standing": ("assumed", "reported"),
}


def enumerations(kind: str) -> dict[str, list[str]]:
    """The words of each key for which a kind's schema lists some."""
    found: dict[str, list[str]] = {}

    def look(node: Any, key: str) -> None:
        if isinstance(node, dict):
            if "enum" in node:
                found[f"{kind}/{key}"] = node["enum"]
            for name, below in node.items():
                look(below, f"table.{name}" if "rows" in node else name)
        elif isinstance(node, list):
            for below in node:
                look(below, key)

    look(json.loads((files("fupin_policy.documents") / "schemas" / f"{kind}.json").read_text(encoding="utf-8")), "")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_allows_the_words_of_core(kind: str) -> None:
    allowed = enumerations(kind)
    assert {key: sorted(words) for key, words in allowed.items()} == {
        key: sorted(words) for key, words in WORDS.items() if key.startswith(f"{kind}/")
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_english_guide_tells_of_each_word(kind: str) -> None:
    told = told_in_english(kind)
    words = {word for key, words in WORDS.items() if key.startswith(f"{kind}/") for word in words}
    assert {word for word in words - {*UNKNOWN} if not re.search(rf"`([a-z]+: )?{word}`", told)} == set()
