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


WORKED_OUT = (
    LINES.format(last=2000)
    + """  - name: half
    label: 半线
    unit: 元
    values: [{valid: .., value: 参数.线 ÷ 2 进位到 元, status: example, source: s}]
  - name: local
    label: 各地线
    unit: 元
    by: 乡镇
    values:
      - {valid: ..2018-12-31, rows: [[东镇, 参数.线 × 2], [西镇, 300]], status: example, source: s}
      - {valid: 2019-01-01.., rows: [[东镇, 参数.半线 + 1元], [西镇, 400]], status: example, source: s}
  - name: local_top
    label: 各地顶
    unit: 元
    by: 乡镇
    values: [{valid: .., rows: [[西镇, 700]], otherwise: 参数.线 × 3, status: example, source: s}]
"""
)


def line_of(day: str, town: str) -> tuple[int, int]:
    """The two bounds by towns, in yuan, by a plain reading of the values."""
    line = 500 if day < "2019" else 600
    low = {"东镇": line * 2 if day < "2019" else line // 2 + 1, "西镇": 300 if day < "2019" else 400}[town]
    return low, 700 if town == "西镇" else line * 3


@pytest.mark.parametrize("day", ["2018-12-31", "2019-01-01", "2020-06-30"])
@pytest.mark.parametrize("town", ["东镇", "西镇"])
def test_bounds_by_keys_and_by_formulas_hold_for_whom_they_are(tmp_path: Path, day: str, town: str) -> None:
    rows = "[0元..<参数.各地线, 90元], [参数.各地线..<参数.各地顶, 50元], [参数.各地顶.., 10元]"
    ruleset = loaded(tmp_path, WORKED_OUT, policy("甲", f"{{by: 收入, rows: [{rows}]}}"))
    low, top = line_of(day, town)
    for cents in (0, low * 100 - 1, low * 100, top * 100 - 1, top * 100, 10**8):
        household = {"id": "h", "甲": True, "收入": f"{cents // 100}.{cents % 100:02}", "乡镇": town}
        found = ruleset.evaluate({**household, "members": [{"id": "m"}]}, day)["p"]
        wanted = 9000 if cents < low * 100 else 5000 if cents < top * 100 else 1000
        assert found.amount is not None and (found.amount.low, found.amount.high) == (wanted, wanted), cents


@pytest.mark.parametrize(
    ("rows", "code", "where"),
    [
        ("[0元..<参数.半线, 1元], [参数.半线.., 2元]", None, ""),
        ("[0元..参数.半线, 1元], [参数.半线.., 2元]", "R304", "250元 (2018-01-01..2018-12-31)"),
        # above the line of one town and below that of the other
        ("[0元..<参数.各地线, 1元], [参数.线.., 3元]", "R304", "500元..999.99元 (2018-01-01..2018-12-31，乡镇 = 东镇)"),
        (
            "[0元..<参数.各地线, 1元], [参数.各地顶.., 2元]",
            "R303",
            "1000元..1499.99元 (2018-01-01..2018-12-31，乡镇 = 东镇)",
        ),
    ],
)
def test_rows_meet_for_every_key_on_every_day(tmp_path: Path, rows: str, code: str | None, where: str) -> None:
    _, found = checked(tmp_path, WORKED_OUT, policy("甲", f"{{by: 收入, rows: [{rows}]}}"))
    assert [one.code for one in found] == ([] if code is None else [code])
    assert all(where in one.sentence("zh") and where in one.sentence("en") for one in found)


def test_slices_are_bounded_by_what_a_formula_comes_to(tmp_path: Path) -> None:
    amount = "{slices: {of: 收入, rows: [[0元..参数.各地线, 0%], [参数.各地线.., 50%]], rounding: 四舍五入到 分}}"
    ruleset = loaded(tmp_path, WORKED_OUT, policy("甲", amount))
    for town in ("东镇", "西镇"):
        household = {"id": "h", "甲": True, "收入": "1100", "乡镇": town, "members": [{"id": "m"}]}
        found = ruleset.evaluate(household, "2019-01-01")
        assert found == ruleset.interpret(household, "2019-01-01")
        assert (kept := found["p"].amount) is not None
        assert kept.low == kept.high == (1100 - line_of("2019-01-01", town)[0]) * 50


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ("[0元..<参数.半线, 1元], [参数.半线.., 2元]", []),
        ("[0元..参数.半线, 1元], [参数.半线.., 2元]", ["R304"]),
        ("[0元..<参数.半线, 1元], [参数.半线..<60000元, 2元], [60000元.., 3元]", []),
        # half a line of at most 100000 may be more than 40000, or than that line
        ("[0元..<参数.半线, 1元], [参数.半线..<40000元, 2元], [40000元.., 3元]", ["R311"]),
        ("[0元..<参数.半线, 1元], [参数.线.., 2元]", ["R311", "R311"]),
        ("[..<0元, 1元], [参数.半线.., 2元]", ["R303"]),
    ],
)
def test_rows_may_meet_at_a_bound_without_a_value(tmp_path: Path, rows: str, codes: list[str]) -> None:
    files = WORKED_OUT.replace("{valid: ..2018-12-31, value: 500", "{valid: ..2018-12-31, value: unknown")
    _, found = checked(tmp_path, files, policy("甲", f"{{by: 收入, rows: [{rows}]}}"))
    assert [one.code for one in found] == codes
    assert all("在 2018-01-01..2018-12-31 没有值" in one.sentence("zh") for one in found if one.code == "R311")


@pytest.mark.parametrize("unit", ["线", "半线"])
def test_a_bound_without_a_value_leaves_open_which_row_it_is(tmp_path: Path, unit: str) -> None:
    """Whatever the bound is, the amount is one of those that are possible while it is not known."""
    table = f"{{by: 收入, rows: [[..<参数.{unit}, 1元], [参数.{unit}.., 2元]]}}"
    files = WORKED_OUT.replace("range: 0..100000", "range: 400..600", 1).replace("value: 500", "value: {0}", 1)
    rulesets = {
        value: loaded(tmp_path / value, files.replace("{0}", value), policy("甲", table))
        for value in ("unknown", "400", "401", "600")
    }
    for income in (
        "199.99",
        "200",
        "200.50",
        "300",
        "399.99",
        "400",
        "500",
        "599.99",
        "600",
        {"min": "0", "max": "700"},
    ):
        household = {"id": "h", "甲": True, "收入": income, "members": [{"id": "m"}]}
        found = {value: rules.evaluate(household, "2018-06-30")["p"] for value, rules in rulesets.items()}
        open_ = found.pop("unknown")
        assert open_ == rulesets["unknown"].interpret(household, "2018-06-30")["p"]
        amounts = [one.amount for one in (open_, *found.values()) if one.amount is not None]
        assert len(amounts) == 4
        assert amounts[0].low <= min(one.low for one in amounts) and amounts[0].high >= max(one.high for one in amounts)
        named = [one.fact for one in open_.missing]
        assert ("parameter.line" in named) == (amounts[0].low < amounts[0].high)


def test_a_bound_by_codes_may_have_its_values_apart(tmp_path: Path) -> None:
    """Of two values on the same days, each for other codes, it is not the first alone that counts."""
    apart = (
        LINES.format(last=2000)
        + """  - name: local
    label: 各地线
    unit: 元
    by: 乡镇
    values:
      - {valid: .., value: {东镇: 300}, status: example, source: s}
      - {valid: .., value: {西镇: 400}, status: example, source: s}
"""
    )
    table = "{by: 收入, rows: [[0元..<参数.各地线, 90元], [参数.各地线.., 10元]]}"
    ruleset = loaded(tmp_path, apart, policy("甲", table))
    for town, income, wanted in (("东镇", 299, 9000), ("东镇", 300, 1000), ("西镇", 399, 9000), ("西镇", 400, 1000)):
        household = {"id": "h", "甲": True, "收入": income, "乡镇": town, "members": [{"id": "m"}]}
        found = ruleset.evaluate(household, "2019-01-01")["p"]
        assert found.amount is not None and (found.amount.low, found.amount.high) == (wanted, wanted)


def by_codes(sizes: tuple[int, ...]) -> tuple[str, str]:
    """Facts with lists of codes of these sizes, and parameters by them; the values of each lie above those before."""
    lists = facts = parameters = ""
    for at, size in enumerate(sizes):
        codes = ", ".join(f"{{code: k{code}, name: k{at}_{code}, label: 码{at}第{code}}}" for code in range(size))
        lists += f"  - {{name: kind{at}, codes: [{codes}]}}\n"
        facts += f"  - {{name: fact{at}, label: 类{at}, for: household, type: code, codes: kind{at}}}\n"
        rows = ", ".join(f"[码{at}第{code}, {1000 * at + code + 1}]" for code in range(size))
        parameters += (
            f"  - {{name: bound{at}, label: 界{at}, unit: 元, by: [类{at}], range: 0..100000, values:\n"
            f"      [{{valid: .., rows: [{rows}], status: example, source: s}}]}}\n"
        )
    return f"kind: facts\ncode_lists:\n{lists}facts:\n{facts}", f"kind: parameters\nparameters:\n{parameters}"


@pytest.mark.parametrize(("sizes", "codes"), [((5, 20, 20), []), ((3, 23, 29), ["R306"])])
def test_bounds_may_have_two_thousand_combinations_of_values(
    tmp_path: Path, sizes: tuple[int, ...], codes: list[str]
) -> None:
    rows = "[0元..<参数.界0, 1元], [参数.界0..<参数.界1, 2元], [参数.界1..<参数.界2, 3元], [参数.界2.., 4元]"
    _, found = checked(tmp_path, *by_codes(sizes), policy("甲", f"{{by: 收入, rows: [{rows}]}}"))
    assert [one.code for one in found] == codes


def test_gaps_and_overlaps_name_all_keys_and_slices_name_them_too(tmp_path: Path) -> None:
    several = """kind: parameters
parameters:
  - name: from
    label: 起点
    unit: 元
    by: [甲, 乡镇, 收入]
    values:
      - valid: ..
        rows: [[是, 任意, ..<1000元, 500], [是, 任意, 1000元.., 500], [否, [东镇, 西镇], 任意, 600]]
        status: example
        source: s
"""
    rows = "[0元..<参数.起点, 1元], [600元.., 2元]"
    _, (found,) = checked(tmp_path, several, policy("甲", f"{{by: 收入, rows: [{rows}]}}"))
    assert (found.code, found.sentence("zh")) == ("R303", "表格没有覆盖：500元..599.99元 (甲 = 是，收入 < 1000元)")
    slices = "{slices: {of: 收入, rows: [[0元..500元, 0%], [参数.起点.., 50%]], rounding: 四舍五入到 分}}"
    _, (found,) = checked(tmp_path, several, policy("甲", slices))
    said = "分段之间不衔接：一段到 500元，下一段从 600元 (甲 = 否，乡镇 = 东镇、西镇) 起"
    assert (found.code, found.sentence("zh")) == ("R309", said)
