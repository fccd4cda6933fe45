"""Facts are given in the unit that they declare, whatever the rules compute in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fupin_policy import Ruleset, load
from fupin_policy.diagnostics import InputError

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
FACTS = """kind: facts
facts:
  - {name: share, label: 份额, for: household, type: number, unit: "%", decimals: 1, range: 0..100}
  - {name: capital, label: 资本, for: household, type: number, unit: 万元, decimals: 2, range: 0..500}
"""
POLICIES = """kind: policies
policies:
  - id: test.share
    title: {zh: 份额测试, en: Share}
    for: household
    versions:
      - valid: ..
        when: 份额 >= 99.5%
        benefit: {kind: cash, amount: 资本 × 1% 四舍五入到 分, per: once}
        lead: [县民政局]
        basis: [lesson-1]
"""


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    folder = Path(shutil.copytree(LESSON, tmp_path_factory.mktemp("units") / "lesson"))
    (folder / "more_facts.yaml").write_text(FACTS, encoding="utf-8")
    (folder / "more_policies.yaml").write_text(POLICIES, encoding="utf-8")
    return load(folder, cache=False)


@pytest.mark.parametrize(
    ("share", "capital", "status", "amount"),
    [
        (100, 3, "eligible", 300_00),
        ("99.5", "3.5", "eligible", 350_00),
        ("99.4", 3, "ineligible", None),
        ({"min": "99.5", "max": 100}, "0.01", "eligible", 1_00),
    ],
)
def test_percent_and_multiples(
    ruleset: Ruleset, share: object, capital: object, status: str, amount: int | None
) -> None:
    household = {"id": "h", "份额": share, "资本": capital, "members": [{"id": "m"}]}
    found = ruleset.evaluate(household, "2019-06-30")["test.share"]
    assert found == ruleset.interpret(household, "2019-06-30")["test.share"]
    assert found.status.value == status
    assert (None if found.amount is None else found.amount.low) == amount


def test_what_is_out_of_range_is_said_in_the_same_unit(ruleset: Ruleset) -> None:
    with pytest.raises(InputError) as caught:
        ruleset.evaluate({"id": "h", "份额": "100.1", "资本": 501, "members": [{"id": "m"}]}, "2019-06-30")
    said = " ".join(one.sentence("en") for one in caught.value.diagnostics)
    assert "0.0 to 100.0" in said.replace("from ", "") and "500.00" in said
