"""Numbers with units are worth what they say, in every currency, unit and notation: held against exact fractions."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from checked_ruleset import BASE, checked
from hypothesis import given
from hypothesis import strategies as st
from worlds import World, exact, world

from fupin_policy import load
from fupin_policy.check import declarations
from fupin_policy.core.expressions import Const
from fupin_policy.core.types import Number

pytestmark = pytest.mark.fault("A23")

CURRENCIES = {
    "yuan of 2 decimals": (
        "- {name: yuan, label: 元, money: CNY, decimals: 2, multiples: [{name: wan_yuan, label: 万元, power: 4}, "
        "{name: yi_yuan, label: 亿元, power: 8}, {name: qian_yuan, label: 千元, power: 3}, "
        "{name: jiao, label: 角, power: -1}, {name: fen, label: 分, power: -2}]}\n- {name: mu, label: 亩, decimals: 1}"
    ),
    "euro of 2 decimals": (
        "- {name: euro, label: 欧元, money: EUR, decimals: 2, multiples: [{name: cent, label: 欧分, power: -2}, "
        "{name: kiloeuro, label: 千欧元, power: 3}]}\n- {name: mu, label: 亩, decimals: 2}"
    ),
    "yen without decimals": (
        "- {name: yen, label: 日元, money: JPY, decimals: 0, multiples: [{name: man_yen, label: 万日元, power: 4}]}\n"
        "- {name: mu, label: 亩, decimals: 0}"
    ),
    "dinar of 3 decimals": (
        "- {name: dinar, label: 第纳尔, money: KWD, decimals: 3, multiples: [{name: fils, label: 费尔, power: -3}]}\n"
        "- {name: mu, label: 亩, decimals: 3}"
    ),
}
# every word for a unit: the base that it counts in, and by which power of ten
WORDS = {
    "yuan of 2 decimals": {
        "元": ("yuan", 0), "yuan": ("yuan", 0), "万元": ("yuan", 4), "wan_yuan": ("yuan", 4), "亿元": ("yuan", 8),
        "yi_yuan": ("yuan", 8), "千元": ("yuan", 3), "qian_yuan": ("yuan", 3), "角": ("yuan", -1), "jiao": ("yuan", -1),
        "分": ("yuan", -2), "fen": ("yuan", -2), "亩": ("mu", 0), "mu": ("mu", 0),
    },
    "euro of 2 decimals": {
        "欧元": ("euro", 0), "euro": ("euro", 0), "欧分": ("euro", -2), "cent": ("euro", -2), "千欧元": ("euro", 3),
        "kiloeuro": ("euro", 3), "亩": ("mu", 0), "mu": ("mu", 0),
    },
    "yen without decimals": {
        "日元": ("yen", 0), "yen": ("yen", 0), "万日元": ("yen", 4), "man_yen": ("yen", 4), "亩": ("mu", 0),
        "mu": ("mu", 0),
    },
    "dinar of 3 decimals": {
        "第纳尔": ("dinar", 0), "dinar": ("dinar", 0), "费尔": ("dinar", -3), "fils": ("dinar", -3), "亩": ("mu", 0),
        "mu": ("mu", 0),
    },
}  # fmt: skip
BUILT_IN = {
    "%": ("", -2), "％": ("", -2), "‰": ("", -3), "人": ("person", 0), "person": ("person", 0), "people": ("person", 0),
    "岁": ("years_old", 0), "周岁": ("years_old", 0), "years_old": ("years_old", 0), "年": ("year", 0),
    "year": ("year", 0), "years": ("year", 0), "月": ("month", 0), "个月": ("month", 0), "month": ("month", 0),
    "months": ("month", 0), "天": ("day", 0), "日": ("day", 0), "day": ("day", 0), "days": ("day", 0),
}  # fmt: skip
NUMBERS = ("0", "1", "3", "10", "0.3", "0.30", "2.5", "1.25", "12.345", "0.001", "0.0001", "99999.99", "123456789")
MADE: dict[str, World] = {name: world(units="\n" + units) for name, units in CURRENCIES.items()}
EVERY = [(name, word, *meant) for name in CURRENCIES for word, meant in {**WORDS[name], **BUILT_IN}.items()]


def wide(text: str) -> str:
    """A number in full-width signs."""
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789."})


@pytest.mark.parametrize(("currency", "word", "base", "power"), EVERY, ids=[f"{n} {w}" for n, w, _, _ in EVERY])
def test_a_number_with_a_unit_is_worth_what_it_says(currency: str, word: str, base: str, power: int) -> None:
    for number in NUMBERS:
        for written in (f"{number}{word}", f"{number} {word}", f"{wide(number)}{word}"):
            found = MADE[currency].typed(written)
            assert isinstance(found, Const) and isinstance(found.type, Number)
            worth = Fraction(number) * Fraction(10) ** power
            assert exact(found, (found.value, found.value)) == worth, written
            assert found.type.unit == (((base, 1),) if base else ())
            assert (found.type.low, found.type.high) == (found.value, found.value)
            decimals = len(number.partition(".")[2])
            assert found.type.scale == max(0, decimals - power), written


@pytest.mark.parametrize("number", NUMBERS)
def test_a_bare_number_is_worth_what_it_says(number: str) -> None:
    found = MADE["yuan of 2 decimals"].typed(number)
    assert isinstance(found, Const) and isinstance(found.type, Number)
    assert exact(found, (found.value, found.value)) == Fraction(number)
    assert found.type.unit == () and found.type.scale == len(number.partition(".")[2])


@given(
    st.integers(0, 10**9), st.integers(0, 6), st.sampled_from(["元", "万元", "分", "角", "亿元", "%", "亩", "岁", ""])
)
def test_any_number_is_worth_what_it_says(digits: int, decimals: int, word: str) -> None:
    text = f"{digits:0{decimals + 1}d}"
    number = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
    number = number.lstrip("0") if not number.lstrip("0").startswith(".") else "0" + number.lstrip("0")
    power = {"万元": 4, "分": -2, "角": -1, "亿元": 8, "%": -2}.get(word, 0)
    found = MADE["yuan of 2 decimals"].typed((number or "0") + word)
    assert isinstance(found, Const)
    assert exact(found, (found.value, found.value)) == Fraction(digits, 10**decimals) * Fraction(10) ** power


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("元/亩", (("mu", -1), ("yuan", 1))),
        ("yuan/mu", (("mu", -1), ("yuan", 1))),
        ("元/人", (("yuan", 1),)),
        ("元/月", (("yuan", 1),)),
        ("亩/人", (("mu", 1),)),
    ],
)
def test_a_unit_that_is_a_quotient(word: str, unit: tuple[tuple[str, int], ...]) -> None:
    units = MADE["yuan of 2 decimals"].scope.units
    found = units.sense(word)
    assert found is not None and dict(found.unit) == dict(unit) and found.power == 0
    above, below = word.split("/")
    assert found.words.zh == f"{units.senses[above].words.zh}/{units.senses[below].words.zh}"
    assert found.words.en == f"{units.senses[above].words.en}/{units.senses[below].words.en}"


@pytest.mark.parametrize("word", ["万元/亩", "元/分", "分/亩", "元/桶", "桶/元", "元/", "/元", "桶"])
def test_words_that_are_no_units(word: str) -> None:
    assert MADE["yuan of 2 decimals"].scope.units.sense(word) is None


def test_an_amount_is_paid_as_it_is_written(tmp_path: Path) -> None:
    """The whole way: from the file, by the compiled rules and by the interpreter, to the household."""
    amounts = {
        "0.3万元": "3000.00", "0.3 wan_yuan": "3000.00", "0.00001万元": "0.10", "3分": "0.03", "0.5角": "0.05",
        "7角": "0.70", "80元": "80.00", "80.5元": "80.50", "0.01亿元": "1000000.00", "100元 × 12%": "12.00",
        "1000元 × 5‰ 四舍五入到 分": "5.00", "0": "0.00",
    }  # fmt: skip
    policies = "".join(
        f"- id: p{at}\n  title: {{zh: 政{at}, en: P{at}}}\n  for: household\n  versions:\n  - valid: ..\n    when: 是\n"
        f"    benefit: {{kind: cash, per: once, amount: {text}}}\n    lead: [d]\n    basis: [s]\n"
        for at, text in enumerate(amounts)
    )
    files = {
        "ruleset": "kind: ruleset\nid: w\ntitle: {zh: 世界, en: World}\ncovers: 2019-01-01..2019-12-31\nmembers: 0..1\n"
        f"units:\n{CURRENCIES['yuan of 2 decimals']}\n",
        "sources": "kind: sources\nsources: [{id: s, title: {zh: 来源, en: Source}}]\n",
        "departments": "kind: departments\ndepartments: [{id: d, names: [{valid: .., zh: 某局, en: D}]}]\n",
        "policies": f"kind: policies\npolicies:\n{policies}",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    rules = load(tmp_path, cache=False)
    for how in (rules.evaluate, rules.interpret):
        found = how({"id": "h", "members": []}, "2019-06-30")
        said = {one.policy: one.amount and one.amount.text(one.amount.low) for one in found.decisions}
        assert said == {f"p{at}": worth for at, worth in enumerate(amounts.values())}


@pytest.mark.parametrize(
    ("unit", "decimals", "given_range", "low", "high", "scale"),
    [
        ("元", None, "-100..1000.55", Fraction(-100), Fraction("1000.55"), 2),
        ("元", 0, "0..7", Fraction(0), Fraction(7), 0),
        ("万元", 1, "0.5..20", Fraction(5000), Fraction(200000), 0),
        ("万元", 5, "0.00001..1", Fraction("0.1"), Fraction(10000), 1),
        ("分", None, "-3..250", Fraction("-0.03"), Fraction("2.5"), 2),
        ("角", 1, "0..2.5", Fraction(0), Fraction("0.25"), 2),
        ("亩", None, "0.5..10", Fraction("0.5"), Fraction(10), 1),
        ('"%"', 1, "0..12.5", Fraction(0), Fraction("0.125"), 3),
        ("‰", None, "1..5", Fraction("0.001"), Fraction("0.005"), 3),
        ("元/亩", 2, "1..2.25", Fraction(1), Fraction("2.25"), 2),
        ("月", None, "0..12", Fraction(0), Fraction(12), 0),
    ],
)
def test_the_range_of_a_fact_is_in_its_unit(
    unit: str, decimals: int | None, given_range: str, low: Fraction, high: Fraction, scale: int
) -> None:
    places = "" if decimals is None else f", decimals: {decimals}"
    fact = f"- {{name: x, label: 甲, for: household, type: number, unit: {unit}{places}, range: {given_range}}}\n"
    made = world(fact, units="\n" + CURRENCIES["yuan of 2 decimals"])
    found = made.typed("甲").type
    assert isinstance(found, Number)
    assert (Fraction(found.low) / 10**found.scale, Fraction(found.high) / 10**found.scale) == (low, high)
    assert found.scale == scale


@pytest.mark.parametrize(
    ("unit", "value", "worth"),
    [
        ("元", "80.55", "80.55"),
        ("万元", "0.3", "3000"),
        ("分", "7", "0.07"),
        ('"%"', "12", "0.12"),
        ("亩", "1.5", "1.5"),
        ("月", "6", "6"),
    ],
)
def test_the_value_of_a_parameter_is_in_its_unit(unit: str, value: str, worth: str) -> None:
    decimals = "  decimals: 1\n" if unit == "万元" else ""
    parameter = (
        f"kind: parameters\nparameters:\n- name: p\n  label: 标准\n  unit: {unit}\n{decimals}  values:\n"
        f"  - {{valid: .., value: {value}, status: example, source: s}}\n"
    )
    sources = "kind: sources\nsources: [{id: s, title: {zh: 来源, en: Source}}]\n"
    made = world(units="\n" + CURRENCIES["yuan of 2 decimals"], more={"p.yaml": parameter, "s.yaml": sources})
    (dated,) = made.program.parameters["p"].values
    type_ = made.program.parameters["p"].type
    assert isinstance(type_, Number)
    assert Fraction(dated.values[None]) / 10**type_.scale == Fraction(worth)
    assert type_.low == type_.high == dated.values[None]


@pytest.mark.parametrize(("value", "scale"), [("12", 0), ("25%", 2), ("2.5%", 3), ("100%", 2), ("0", 0)])
def test_a_number_without_a_unit_has_as_many_decimals_as_its_percentages(value: str, scale: int) -> None:
    parameter = "kind: parameters\nparameters:\n- name: p\n  label: 标准\n  values:\n"
    parameter += f"  - {{valid: .., value: {value}, status: example, source: s}}\n"
    sources = "kind: sources\nsources: [{id: s, title: {zh: 来源, en: Source}}]\n"
    made = world(more={"p.yaml": parameter, "s.yaml": sources})
    type_ = made.program.parameters["p"].type
    assert isinstance(type_, Number) and type_.scale == scale


@pytest.mark.parametrize(
    ("text", "decimals"), [("3万元", 0), ("0.3万元", 0), ("1.25元", 2), ("0.12345万元", 1), ("5", 0)]
)
def test_the_decimals_of_a_number_with_a_unit(text: str, decimals: int) -> None:
    assert declarations.decimals_with_unit(text, world().scope.units) == decimals


@pytest.mark.parametrize("count", [11, 12, 13, 40])
def test_a_code_that_is_not_in_the_list_is_told_a_dozen_of_it(tmp_path: Path, count: int) -> None:
    codes = ", ".join(f"{{code: '{at}', name: c{at}, label: 甲{at}号}}" for at in range(1, count + 1))
    facts = BASE["facts.yaml"].replace("facts:\n", f"  - {{name: kind, codes: [{codes}]}}\nfacts:\n", 1)
    values = "[{valid: .., value: 别的, status: enacted, source: s 1}]"
    given = (
        f"kind: parameters\nparameters:\n  - {{name: chosen, label: 所选, type: code, codes: kind, values: {values}}}\n"
    )
    _, found = checked(tmp_path, given, facts=facts)
    (one,) = found
    assert one.code == "N102"
    assert [f"甲{at}号" in one.advice("zh") + one.sentence("zh") for at in range(1, count + 1)] == [
        at <= 12 for at in range(1, count + 1)
    ]
