"""The unit and decimals of a term: held to where it declares a unit, and where it is reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_rulesets import policy, written

from fupin_policy import RulesetError

FACTS = """\
- {name: paid, label: 实付, for: household, type: number, unit: euro, decimals: 2, range: 0..100}
- {name: persons, label: 人数, for: household, type: number, range: 0..9}
"""


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("unit: euro, value: 实付", None),
        ("unit: euro, value: 人数", "T203"),
        ("value: 人数", None),
        ("value: 实付 / 4 四舍五入到 0.001欧元", None),
        ("unit: euro, value: 实付 × 2", None),
        ("unit: euro, output: true, decimals: 0, value: 实付", "T209"),
        ("output: true, decimals: 0, value: 人数 × 1.5", "T209"),
        ("output: true, decimals: 1, value: 人数 × 1.5", None),
    ],
)
def test_a_term_has_the_unit_that_it_declares(tmp_path: Path, term: str, code: str | None) -> None:
    terms = f"- {{name: t, label: 项, for: household, {term}}}\n"
    if code is None:
        assert written(tmp_path, FACTS, policy("项 >= 项"), terms=terms)
        return
    with pytest.raises(RulesetError) as raised:
        written(tmp_path, FACTS, policy("项 >= 项"), terms=terms)
    assert {one.code for one in raised.value.diagnostics if one.severity == "error"} == {code}
