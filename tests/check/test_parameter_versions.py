"""Versions that take their number from one parameter after another."""

from __future__ import annotations

from pathlib import Path

from checked_ruleset import policy, written

from fupin_policy import load

PARAMETERS = """kind: parameters
parameters:
  - name: first
    label: 标准一
    type: number
    unit: 元
    values:
      - {valid: 2018-01-01..2018-12-31, value: 100, status: example, source: s}
      - {valid: 2019-01-01..2019-12-31, value: 120, status: example, source: s}
      - {valid: 2020-01-01.., value: 130, status: example, source: s}
  - name: second
    label: 标准二
    type: number
    unit: 元
    values:
      - {valid: 2018-01-01..2018-12-31, value: 130, status: example, source: s}
      - {valid: 2019-01-01.., value: 100, status: example, source: s}
"""
SWAPPED = (
    ("..2018-12-31", "标准一"),
    ("2019-01-01..2019-12-31", "标准二"),
    ("2020-01-01..", "标准一"),
)
"""In 2019 the second is what the first was in 2018."""


def test_a_number_alike_in_two_parameters_is_picked_as_that_which_is_written(tmp_path: Path) -> None:
    head, _, version = policy("甲", "参数.标准一").rpartition("      - ")
    swapped = "".join(
        "      - " + version.replace("valid: ..", f"valid: {valid}").replace("标准一", name) for valid, name in SWAPPED
    )
    other = policy("甲", "参数.标准一", "q", "{zh: 另一政策, en: Other}")
    ruleset = load(written(tmp_path, PARAMETERS, head + swapped, other), cache=False)
    household = {"id": "h", "甲": True, "members": [{"id": "m"}]}
    for day, amounts in (
        ("2018-12-31", (10000, 10000)),
        ("2019-01-01", (10000, 12000)),
        ("2019-12-31", (10000, 12000)),
        ("2020-01-01", (13000, 13000)),
    ):
        found = ruleset.evaluate(household, day)
        assert found.decisions == ruleset.interpret(household, day).decisions
        assert tuple(one.amount and one.amount.low for one in found.decisions) == amounts, day
