"""Tables whose rows are bounded by parameters: checked on each stretch of days, decided by the values of the day."""

from __future__ import annotations

from pathlib import Path

import pytest
from checked_ruleset import checked, loaded, policy

pytestmark = pytest.mark.fault("D17")

LINES = """kind: parameters
parameters:
  - name: line
    label: 线
    unit: 元
    range: 0..100000
    values:
      - {{valid: ..2018-12-31, value: 500, status: example, source: s}}
      - {{valid: 2019-01-01.., value: 600, status: example, source: s}}
  - name: top
    label: 顶
    unit: 元
    range: 0..100000
    values:
      - {{valid: ..2019-12-31, value: 1000, status: example, source: s}}
      - {{valid: 2020-01-01.., value: {last}, status: example, source: s}}
"""
TABLE = "{by: 收入, rows: [[0元..<参数.线, 90元], [参数.线..<参数.顶, 50元], [参数.顶.., 10元]]}"


@pytest.mark.parametrize(
    ("day", "income", "amount"),
    [
        ("2018-12-31", "499.99", 90), ("2018-12-31", "500", 50), ("2019-01-01", "500", 90), ("2019-01-01", "600", 50),
        ("2019-12-31", "999.99", 50), ("2019-12-31", "1000", 10), ("2020-01-01", "1999", 50),
        ("2020-01-01", "2000", 10),
    ],
)  # fmt: skip
def test_the_values_of_the_day_bound_the_rows(tmp_path: Path, day: str, income: str, amount: int) -> None:
    ruleset = loaded(tmp_path, LINES.format(last=2000), policy("甲", TABLE))
    household = {"id": "h", "甲": True, "收入": income, "members": [{"id": "m"}]}
    found = ruleset.evaluate(household, day)["p"]
    assert found == ruleset.interpret(household, day)["p"]
    assert found.amount is not None and (found.amount.low, found.amount.high) == (amount * 100, amount * 100)
    for partly in ({"min": "400", "max": "700"}, None):
        known = {**household, "收入": partly}
        assert ruleset.evaluate(known, day) == ruleset.interpret(known, day)


@pytest.mark.parametrize(
    ("rows", "otherwise", "code", "said"),
    [
        ("[0元..<参数.线, 1元], [参数.顶.., 2元]", None, "R303", "500元..999.99元 (2018-01-01..2018-12-31)"),
        ("[0元..<参数.线, 1元], [参数.顶.., 2元]", "0元", None, ""),
        ("[0元..参数.线, 1元], [参数.线.., 2元]", None, "R304", "500元 (2018-01-01..2018-12-31)"),
        ("[0元..<700元, 1元], [参数.顶.., 2元]", "0元", "R304", "400元..699.99元 (2020-01-01..2020-12-31)"),
    ],
)
def test_gaps_and_overlaps_name_their_days(
    tmp_path: Path, rows: str, otherwise: str | None, code: str | None, said: str
) -> None:
    rest = "" if otherwise is None else f", otherwise: {otherwise}"
    last = 400 if "700元" in rows else 2000
    _, found = checked(tmp_path, LINES.format(last=last), policy("甲", f"{{by: 收入, rows: [{rows}]{rest}}}"))
    assert [one.code for one in found] == ([] if code is None else [code])
    assert all(said in one.sentence("zh") and said in one.sentence("en") for one in found)


def test_a_bound_has_a_value_on_every_day_of_the_rule(tmp_path: Path) -> None:
    lines = LINES.format(last=2000).replace("..2018-12-31, value: 500", "2018-07-01..2018-12-31, value: 500")
    _, found = checked(tmp_path, lines, policy("甲", TABLE))
    assert [(one.code, one.sentence("zh")) for one in found] == [
        ("R311", "表格的界线“线”在 2018-01-01..2018-06-30 没有值")
    ]
    later = policy("甲", TABLE).replace("valid: ..,", "valid: 2018-07-01..,")
    assert checked(tmp_path, lines, later)[1] == []


@pytest.mark.parametrize(("day", "share"), [("2018-12-31", 30000), ("2019-01-01", 25000)])
def test_slices_are_bounded_by_the_values_of_the_day(tmp_path: Path, day: str, share: int) -> None:
    amount = "{slices: {of: 收入, rows: [[0元..参数.线, 0%], [参数.线.., 50%]], rounding: 四舍五入到 分}}"
    ruleset = loaded(tmp_path, LINES.format(last=2000), policy("甲", amount))
    household = {"id": "h", "甲": True, "收入": "1100", "members": [{"id": "m"}]}
    found = ruleset.evaluate(household, day)
    assert found == ruleset.interpret(household, day)
    assert (kept := found["p"].amount) is not None and (kept.low, kept.high) == (share, share)
