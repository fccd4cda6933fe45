"""What values are read as: units of parameters, amounts of examples, unknown on purpose; and units in messages."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from checked_ruleset import BASE, checked, loaded, policy, written
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy.analysis.examples import run_examples
from fupin_policy.cli.main import main
from fupin_policy.core.expressions import Const
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.types import Number
from fupin_policy.diagnostics import InputError
from fupin_policy.diagnostics.messages import Lang


def parameter(value: str, more: str = "") -> str:
    """A file with one parameter of one value."""
    return f"""kind: parameters
parameters:
  - {{name: rate, label: 率, {more}values: [{{valid: .., value: {value}, status: example, source: s}}]}}
"""


@pytest.mark.fault("D18")
@pytest.mark.parametrize(
    ("value", "more", "wanted"),
    [
        ("25%", "", Fraction(1, 4)),
        ("2.5‰", "", Fraction(25, 10_000)),
        ("25%", 'unit: "%", ', Fraction(1, 4)),
        ("25", 'unit: "%", ', Fraction(1, 4)),
        ("0.3万元", "unit: 元, ", Fraction(3000)),
        ("30 fen", "unit: 元, ", Fraction(3, 10)),
        ("5000元", "unit: 万元, ", Fraction(5000)),
        ("3", "unit: 万元, ", Fraction(30_000)),
        ("25%", "range: 0%..50%, ", Fraction(1, 4)),
    ],
)
def test_a_value_may_carry_its_unit(tmp_path: Path, value: str, more: str, wanted: Fraction) -> None:
    program, found = checked(tmp_path, parameter(value, more))
    assert found == [] and program is not None
    rate = program.parameters["rate"]
    assert isinstance(rate.type, Number)
    assert Fraction(rate.values[0].values[None], 10**rate.type.scale) == wanted


@pytest.mark.fault("A22")
@pytest.mark.parametrize(
    ("value", "more", "said", "hint"),
    [
        ("50000", "unit: 万元, range: 0..20, ", "“50000万元”超出声明的范围 0万元..20万元", "5"),
        ("500000000", "unit: 万元, range: 0..20, ", "“500000000万元”超出声明的范围 0万元..20万元", None),
        ("50000", "unit: 元, range: 0..20, ", "“50000元”超出声明的范围 0元..20元", None),
        ("25", "range: 0..1, decimals: 2, ", "“25”超出声明的范围 0..1", "25%"),
    ],
)
def test_what_is_out_of_range_is_said_in_one_unit(
    tmp_path: Path, value: str, more: str, said: str, hint: str | None
) -> None:
    _, found = checked(tmp_path, parameter(value, more))
    assert [(one.code, one.sentence("zh"), one.suggestion) for one in found] == [("R310", said, hint)]


QUANTITIES = st.builds(
    lambda whole, decimals, unit: (f"{whole}{'.' + decimals if decimals else ''}", unit),
    st.integers(0, 99_999),
    st.text("0123456789", max_size=4),
    st.sampled_from(["元", "yuan", "万元", "wan_yuan", "分", "fen", "%", "‰", "", "周岁", "年", "人"]),
)
WAN, HUNDREDTH = Fraction(10_000), Fraction(1, 100)
WORTH = {"万元": WAN, "wan_yuan": WAN, "分": HUNDREDTH, "fen": HUNDREDTH, "%": HUNDREDTH, "‰": Fraction(1, 1000)}
LANGS: tuple[Lang, ...] = ("zh", "en")


@pytest.mark.fault("A23")
@settings(max_examples=60, deadline=None)
@given(quantity=QUANTITIES)
def test_a_literal_is_worth_what_its_unit_says(
    tmp_path_factory: pytest.TempPathFactory, quantity: tuple[str, str]
) -> None:
    number, unit = quantity
    term = f"kind: terms\nterms: [{{name: t, label: 术, for: household, value: '{number}{unit}'}}]\n"
    program, found = checked(tmp_path_factory.getbasetemp() / "literals", term)
    assert program is not None and found == []
    (expr,) = [e for d in program.definitions if d.id == DefinitionId("term", "t") for _, e in d.versions]
    assert isinstance(expr, Const) and isinstance(expr.type, Number)
    assert Fraction(expr.value, 10**expr.type.scale) == Fraction(number) * WORTH.get(unit, 1)
    assert (expr.type.low, expr.type.high) == (expr.value, expr.value)


@pytest.mark.fault("A23")
def test_three_tenths_of_ten_thousand(tmp_path: Path) -> None:
    ruleset = loaded(tmp_path, policy("甲", "0.3万元"))
    household = {"id": "h", "甲": True, "members": [{"id": "m"}]}
    amount = ruleset.evaluate(household, "2019-06-30")["p"].amount
    assert amount is not None and (amount.low, amount.high) == (3000_00, 3000_00)


EXAMPLES = """    examples:
      - {{name: 一, as_of: 2019-06-30, household: {{甲: {given}, members: [{{id: m}}]}}, expect: {{amount: {amount}}}}}
"""


@pytest.mark.fault("A16")
@pytest.mark.parametrize(
    ("given", "amount", "right"),
    [
        ("是", "70", True),
        ("是", "70.0", True),
        ("是", '"70.00"', True),
        ("是", "70.000", True),
        ("是", "70.001", False),
        ("是", "71", False),
        ("是", "7", False),
        ("'null'", "0..70", True),
        ("'null'", '"0.00 .. 70.0"', True),
        ("'null'", "0..71", False),
        ("是", "~", False),
    ],
)
def test_amounts_of_examples_compare_as_amounts(tmp_path: Path, given: str, amount: str, right: bool) -> None:
    shown = "甲: 是, " if given == "是" else ""
    example = EXAMPLES.format(given="是", amount=amount).replace("甲: 是, ", shown)
    folder = written(tmp_path, policy("甲", "70元") + example)
    ran, found = run_examples(folder)
    assert (ran, [one.code for one in found]) == (1, [] if right else ["E402"])


def test_an_amount_that_differs_is_said_in_full(tmp_path: Path) -> None:
    folder = written(tmp_path, policy("甲", "70元") + EXAMPLES.format(given="是", amount="71"))
    (found,) = run_examples(folder)[1]
    assert found.sentence("zh") == "例子“一”的金额是 70.00，应为 71.00"


EURO = BASE["ruleset.yaml"].replace("yuan, label: 元, money: CNY", "euro, label: 欧元, money: EUR").replace(
    "[{name: wan_yuan, label: 万元, power: 4},\n      {name: fen, label: 分, power: -2}]",
    "[{name: cent, label: 欧分, power: -2}]",
) + "  - {name: acre, label: 英亩}\n"  # fmt: skip


@pytest.mark.fault("A20")
@pytest.mark.parametrize(
    ("amount", "code"),
    [("收入 ÷ 3", "T206"), ("(收入 ÷ 3) × 2", "T206"), ("收入 × 33.3%", "T209"),
     ("收入 四舍五入到 人", "T208"), ("收入 × 收入", "T211"),
     ("收入 × 地", "T211"), ("收入 + 3", "T217"), ("地", "T210")],
)  # fmt: skip
def test_units_of_messages_are_the_rulesets_own(tmp_path: Path, amount: str, code: str) -> None:
    facts = BASE["facts.yaml"].replace("unit: 元", "unit: 欧元") + (
        "  - {name: land, label: 地, for: household, type: number, unit: 英亩, range: 0..100}\n"
    )
    _, found = checked(tmp_path, policy("甲", amount), ruleset=EURO, facts=facts)
    assert [one.code for one in found] == [code]
    said = "".join(one.sentence(lang) + one.advice(lang) for one in found for lang in LANGS)
    said = said.replace("欧元", "").replace("欧分", "").replace("英亩", "")
    assert not any(word in said for word in ("元", "分", "亩", "yuan", "fen", " mu ", " mu,"))


@pytest.mark.fault("A20")
def test_the_smallest_unit_is_offered_for_rounding(tmp_path: Path) -> None:
    facts = BASE["facts.yaml"].replace("unit: 元", "unit: 欧元")
    (found,) = checked(tmp_path, policy("甲", "收入 ÷ 3"), ruleset=EURO, facts=facts)[1]
    assert found.advice("zh") == "例如“（a ÷ b）四舍五入到 欧分”"
    assert found.advice("en") == "for example '(a / b) rounded to cent'"


LOCAL = """kind: parameters
parameters:
  - name: line
    label: 线
    unit: 元
    range: 0..1000
    by: 乡镇
    values:
      - {{valid: .., value: {{{values}}}, status: example, source: s}}
"""


@pytest.mark.fault("A17")
@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ("东镇: 1", ["N129"]),
        ("东镇: 1, 西镇: unknown", []),
        ("东镇: 1, west: 未知", []),
        ("东镇: 不详, 西镇: 不详", []),
        ("东镇: 1, 西镇: 2", []),
        ("东镇: 1, 南镇: unknown", ["N102"]),
    ],
)
def test_a_town_left_out_is_warned_of_and_one_unknown_on_purpose_is_not(
    tmp_path: Path, values: str, codes: list[str]
) -> None:
    assert [one.code for one in checked(tmp_path, LOCAL.format(values=values))[1]] == codes


@pytest.mark.fault("A17")
def test_unknown_on_purpose_is_unknown_within_the_range(tmp_path: Path) -> None:
    ruleset = loaded(tmp_path, LOCAL.format(values="东镇: 7, 西镇: unknown"), policy("甲", "参数.线"))
    for town, low, high in (("东镇", 7_00, 7_00), ("西镇", 0, 1000_00)):
        household = {"id": "h", "甲": True, "乡镇": town, "members": [{"id": "m"}]}
        found = ruleset.evaluate(household, "2019-06-30")["p"]
        assert found == ruleset.interpret(household, "2019-06-30")["p"]
        assert found.amount is not None and (found.amount.low, found.amount.high) == (low, high)
        assert [one.text for one in found.missing] == ([] if low == high else ["参数.线"])


@pytest.mark.fault("A17")
def test_a_dated_unknown_needs_no_source_and_other_values_do(tmp_path: Path) -> None:
    values = "[{valid: ..2018-12-31, value: 1, status: example, source: s}, {valid: 2019-01-01.., value: %s}]"
    text = f"kind: parameters\nparameters:\n  - {{name: x, label: 参, unit: 元, range: 0..9, values: {values}}}\n"
    program, found = checked(tmp_path, text % "unknown")
    assert program is not None and found == []
    assert len(program.parameters["x"].values) == 1
    assert [one.code for one in checked(tmp_path, text % "2")[1]] == ["Y202", "Y202"]


@pytest.mark.fault("D13")
@pytest.mark.parametrize(("asked", "hint"), [("低保", "最低生活保障"), ("最低生活保漳", "最低生活保障"), ("zzz", None)])
def test_a_policy_that_there_is_not(tmp_path: Path, asked: str, hint: str | None) -> None:
    title = "{zh: 最低生活保障, en: Minimum}"
    ruleset = loaded(tmp_path, policy("甲", title=title))
    household = {"id": "h", "members": [{"id": "m"}]}
    with pytest.raises(InputError) as caught:
        ruleset.explain(household, "2019-06-30", asked)
    assert [(one.code, one.suggestion) for one in caught.value.diagnostics] == [("N104", hint)]
    for known in ("p", "最低生活保障", "Minimum"):
        assert ruleset.explain(household, "2019-06-30", known)[0].decision.policy == "p"


@pytest.mark.fault("D11")
@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("出生日期 >= 60", "周岁数(出生日期) >= 60"),
        ("出生日期 > 60周岁", "周岁数(出生日期) > 60周岁"),
        ("60 <= (出生日期)", "60 <= 周岁数((出生日期))"),
        ("born >= 60", "completed_years(born) >= 60"),
        ("出生日期 >= 60元", None),
    ],
)
def test_an_age_asked_of_a_date(tmp_path: Path, value: str, hint: str | None) -> None:
    term = f"kind: terms\nterms: [{{name: t, label: 术, for: member, value: {value}}}]\n"
    assert [(one.code, one.suggestion) for one in checked(tmp_path, term)[1]] == [("T204", hint)]
    if hint is not None:
        assert checked(tmp_path, term.replace(value, hint))[1] == []


@pytest.mark.fault("D12")
def test_a_term_is_not_given(tmp_path: Path) -> None:
    terms = (
        "kind: terms\nterms:\n  - {name: age, label: 年龄, for: member, value: 周岁数(出生日期)}\n"
        "  - {name: old, label: 年老, for: member, value: 年龄 >= 60 且 甲}\n"
    )
    ruleset = loaded(tmp_path, terms, policy("有成员满足(年老)"))
    with pytest.raises(InputError) as caught:
        ruleset.evaluate({"id": "h", "members": [{"id": "m", "年龄": 70, "old": True}]}, "2019-06-30")
    first, second = caught.value.diagnostics
    assert (first.code, first.place, second.code, second.place) == (
        "N131", "members[0].old", "N131", "members[0].年龄")  # fmt: skip
    assert "：甲、出生日期" in first.advice("zh") and second.advice("zh").endswith("：出生日期")


@pytest.mark.fault("D15")
def test_a_ruleset_without_examples_is_told_so_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policies = [policy("甲 且 乙", id_=f"p{n}", title=f"{{zh: 政策{n}, en: P{n}}}") for n in range(25)]
    folder = written(tmp_path, *policies)
    assert main(["test", "--coverage", str(folder)]) == 1
    shown = capsys.readouterr().err
    assert shown.count("错误") == 1 and "E405" in shown
    assert "有 25 项政策或目标还没有例子：政策0、政策1、" in shown and "共 1 个问题" in shown


@pytest.mark.fault("D15")
def test_what_has_examples_is_still_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tried = policy("甲 且 乙") + EXAMPLES.format(given="是", amount="~")
    folder = written(tmp_path, tried, policy("乙 且 丙", id_="q", title="{zh: 另一, en: Q}"))
    assert main(["test", "--coverage", str(folder)]) == 1
    shown = capsys.readouterr().err
    assert shown.count("错误 E405") == 1 and "还没有例子：另一" in shown
    assert shown.count("错误 E403") == 4
