"""Amounts as sums: each line can be worked out again from what is printed in it, and the last one is the amount.

In: random and shipped rules, random households. Out: assertions. Called by pytest.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from small_rulesets import DAY, policy, written
from text_files import write_files

from fupin_policy import Ruleset, Status, load
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.diagnostics import Lang
from fupin_policy.diagnostics.showing import width_of
from fupin_policy.explanation import sums
from fupin_policy.explanation.sum_text import sum_lines
from fupin_policy.explanation.sums import Calculation, Operand, Operation, SumLine, Working
from fupin_policy.testing import as_of_dates, completions, households, rulesets

SHIPPED = load()
SCHEMA = Draft202012Validator(json.loads(Path(sums.__file__).with_name("sum.schema.json").read_text(encoding="utf-8")))
LANGS: tuple[Lang, Lang] = ("zh", "en")
Ends = tuple[Fraction, Fraction]


def number(text: str) -> Fraction:
    return Fraction(text.strip("()"))


def corners(found: Sequence[Fraction]) -> Ends:
    return min(found), max(found)


def rounded(value: Fraction, step: Fraction, mode: str) -> Fraction:
    steps, sign = abs(value / step), 1 if value * step >= 0 else -1
    whole, rest = divmod(steps, 1)
    up = {"half_up": rest >= Fraction(1, 2), "up": rest > 0, "down": False}[mode]
    return sign * step * (int(whole) + up)


def kept(found: Ends, ends: Sequence[Fraction | None]) -> Ends:
    least, most = ends
    low, high = (end if least is None else max(end, least) for end in found)
    return (low, high) if most is None else (min(low, most), min(high, most))


def worked_out(working: dict[str, Any]) -> Ends:
    """What is printed in a line, worked out in fractions by somebody who knows nothing of rules."""
    if "op" not in working:
        return number(working["min"]), number(working["max"])
    parts = [worked_out(part) for part in working["parts"]]
    match working["op"]:
        case "add":
            return sum((low for low, _ in parts), Fraction(0)), sum((high for _, high in parts), Fraction(0))
        case "negate":
            ((low, high),) = parts
            return -high, -low
        case "multiply":
            return corners([a * b for a in parts[0] for b in parts[1]])
        case "divide":
            return corners([a / b for a in parts[0] for b in parts[1]])
        case "round":
            step = number(working["step"])
            return corners([rounded(end, step, working["rounding"]) for end in parts[0]])
        case "least":
            return min(low for low, _ in parts), min(high for _, high in parts)
        case "greatest":
            return max(low for low, _ in parts), max(high for _, high in parts)
        case "within":
            return kept(parts[0], [number(working[key]) if key in working else None for key in ("min", "max")])
        case "either":
            return corners([end for part in parts for end in part])
        case other:
            raise AssertionError(other)


def ends_of(result: dict[str, Any]) -> Ends:
    return number(result["min"]), number(result["max"])


def check(told: dict[str, Any]) -> None:
    """That each line's result is what its figures make, ends and all."""
    assert SCHEMA.is_valid(told), told
    for line in told["lines"]:
        assert ends_of(line["result"]) == worked_out(line["working"]), line


def printed(digits: str) -> Ends:
    """The ends of a number as it is printed: `80.00`, `-1–2.5`, `12.5%`."""
    bare, share = digits.removesuffix("%"), 100 if digits.endswith("%") else 1
    ends = [number(end) / share for end in bare.split("–")]
    return ends[0], ends[-1]


def operands(working: Working) -> list[Operand]:
    if isinstance(working, Operand):
        return [working]
    return [one for part in working.parts for one in operands(part)]


def check_print(told: Calculation) -> None:
    """That what is printed is what was worked out again: each figure of each line stands in the text."""
    texts = [" ".join(sum_lines(told, lang)) for lang in LANGS]
    for line in told.lines:
        for one in (line.result, *operands(line.working)):
            assert printed(one.digits) == (one.low, one.high)
            assert all(one.digits.removeprefix("-") in text for text in texts)
    assert all(width_of(text) <= 76 for lang in LANGS for text in sum_lines(told, lang))


def by_name(told: dict[str, Any]) -> dict[tuple[str, str | None], Ends]:
    lines = (line for line in told["lines"] if line["definition"] is not None)
    return {(line["definition"], line["member"]): ends_of(line["result"]) for line in lines}


def check_household(ruleset: Ruleset, data: st.DataObject) -> None:
    as_of = data.draw(as_of_dates(ruleset))
    household = data.draw(households(ruleset, as_of, known=data.draw(st.booleans())))
    whole = data.draw(completions(ruleset, household, as_of))
    known = {one.decision.policy: one for one in ruleset.explain(whole, as_of)}
    for one in ruleset.explain(household, as_of):
        amount, told = one.decision.amount, one.sum
        if told is None:
            assert amount is None or one.decision.status is Status.INELIGIBLE or bare(one.as_json())
            continue
        assert amount is not None
        check(told.as_json())
        check_print(told)
        last = told.lines[-1].result
        said = amount.text(amount.low) if amount.exact else f"{amount.text(amount.low)}–{amount.text(amount.high)}"
        assert last.digits == said
        assert all(said in one.text(lang) for lang in LANGS)
        later = known[one.decision.policy].sum
        if later is not None:
            narrow = by_name(later.as_json())
            for name, (low, high) in by_name(told.as_json()).items():
                least, most = narrow.get(name, (low, high))
                assert low <= least <= most <= high, name
    for figure in ruleset.explain_figures(household, as_of):
        if figure.sum is not None:
            check(figure.sum.as_json())


def bare(told: dict[str, Any]) -> bool:
    """Whether an amount is told without a sum for the reason that it is a number that was written so."""
    return told["decision"]["amount"]["value"] is not None


@pytest.mark.parametrize(
    ("lang", "first", "second"),
    [
        (
            "zh",
            "较小(400.00，     500.00)    = 400.00 元",
            "「照护补助」      合计不超过   「学费补助」的金额 不低于零",
        ),
        (
            "en",
            "the least of (400.00,         500.00)        = 400.00 yuan",
            'what "Help with                  at most in all',
        ),
    ],
)
def test_the_most_of_a_group_is_called_so_where_it_has_no_name(lang: Lang, first: str, second: str) -> None:
    member = {"id": "m1", "残疾等级": "一级", "在校就读": "是"}
    rules = load(Path(__file__).parents[2] / "docs/examples/recipes")
    (found,) = rules.explain({"id": "h1", "members": [member]}, "2021-06-30", "recipe.aid_care")
    assert found.sum is not None
    told = "\n".join(sum_lines(found.sum, lang))
    assert first in told and second in told


def test_an_amount_of_which_nothing_is_known_has_the_ends_that_its_sum_has() -> None:
    rules = load(Path(__file__).parents[2] / "docs/examples/recipes")
    (found,) = rules.explain({"id": "h1", "members": [{"id": "m1"}]}, "2021-06-30", "recipe.next_month")
    zh, en = (found.text(lang) for lang in LANGS)
    assert "  金额：每月 0.00–100.00 元\n" in zh and "  amount: 0.00–100.00 yuan a month\n" in en
    assert zh.count("= 0.00–100.00 元") == 1


def test_nothing_is_added_and_not_taken_away() -> None:
    euro = Bilingual("欧元", "euro")

    def number(value: int) -> Operand:
        return Operand(Fraction(value), Fraction(value), f"{value}", Bilingual(f"{value}欧元", f"{value} euro"), euro)

    line = SumLine(Bilingual("合计", "sum"), None, Operation("add", (number(8), number(0), number(-3))), number(5))
    text = " ".join(sum_lines(Calculation((line,)), "en"))
    assert "+ 0" in text and "− 3" in text


def test_who_was_counted_is_told(tmp_path: Path) -> None:
    facts = "- {name: works, label: 务工, for: member, type: truth}\n"
    ruleset = written(tmp_path, facts, policy("成员数 >= 1", amount="2欧元 × 成员数(务工)"))
    members = [{"id": "m1", "务工": True}, {"id": "m2", "务工": False}, {"id": "m3"}, {"id": "m4", "务工": True}]
    (found,) = ruleset.explain({"id": "h", "members": members}, DAY)
    assert found.sum is not None
    told = [one.remarks for line in found.sum.lines for one in operands(line.working) if one.remarks]
    assert [[words.zh for words in remarks] for remarks in told] == [["m1、m4", "m3 待核实"]]


def test_slices_between_parameters_have_a_line_each(tmp_path: Path) -> None:
    bound = "{name: free, label: 起付线, unit: euro, values: [{valid: .., value: 5, status: example, source: s}]}"
    (tmp_path / "parameters.yaml").write_text(f"kind: parameters\nparameters:\n  - {bound}\n", encoding="utf-8")
    rows = "[[0欧元..参数.起付线, 0%], [参数.起付线..50欧元, 40%], [50欧元.., 60%]]"
    sliced = f"{{slices: {{of: 费用, rows: {rows}, rounding: 四舍五入到 欧元}}}}"
    term = f"- {{name: paid, label: 报销, for: household, value: {sliced}}}\n"
    facts = "- {name: cost, label: 费用, for: household, type: number, unit: euro, range: 0..100}\n"
    ruleset = written(tmp_path, facts, policy("成员数 >= 1", amount="报销"), terms=term)
    (found,) = ruleset.explain({"id": "h", "费用": 60, "members": [{"id": "m1"}]}, DAY)
    assert found.sum is not None
    told = {line.name.zh: line.result.text.zh for line in found.sum.lines if "部分" in line.name.zh}
    assert told == {
        "0.00–5.00 欧元的部分": "0.00 欧元",
        "5.00–50.00 欧元的部分": "18.00 欧元",
        "50.00 欧元以上的部分": "6.00 欧元",
    }
    assert [use.name for use in found.parameters] == ["free"]


PAID = """\
- {name: pay, label: 工资, for: member, type: number, unit: euro, range: 0..1000}
- {name: works, label: 务工, for: member, type: truth}
"""


@pytest.mark.parametrize(
    ("amount", "open_"),
    [
        ("成员合计(工资, 务工)", (0, 10)),
        ("成员最大(工资, 务工 否则 5欧元)", (10, 10)),
        ("成员最小(工资, 务工 否则 5欧元)", (10, 10)),
    ],
)
def test_what_is_added_perhaps_is_between_nothing_and_itself(
    tmp_path: Path, amount: str, open_: tuple[int, int]
) -> None:
    """Of the greatest and the least each figure is what it is, and marked as not sure."""
    ruleset = written(tmp_path, PAID, policy("成员数 >= 1", amount=amount))
    (found,) = ruleset.explain(
        {"id": "h", "members": [{"id": "m1", "工资": 10}, {"id": "m2", "工资": 20, "务工": True}]}, DAY
    )
    assert found.sum is not None
    check(found.sum.as_json())
    told = operands(found.sum.lines[-1].working)
    assert [(int(one.low), int(one.high)) for one in told if one.member] == [open_, (20, 20)]
    assert [any("待核实" in words.zh for words in one.remarks) for one in told if one.member] == [True, False]


@pytest.mark.parametrize(
    ("amount", "rest"),
    [
        ("成员合计(工资, 务工)", 60 + 70 + 80),
        ("成员最大(工资, 务工 否则 5欧元)", 80),
        ("成员最小(工资, 务工 否则 5欧元)", 60),
    ],
)
def test_many_members_are_told_in_part_and_the_others_together(tmp_path: Path, amount: str, rest: int) -> None:
    ruleset = written(tmp_path, PAID, policy("成员数 >= 1", amount=amount))
    members = [{"id": f"m{at}", "工资": 10 * at, "务工": True} for at in range(1, 9)]
    (found,) = ruleset.explain({"id": "h", "members": members}, DAY)
    assert found.sum is not None
    check(found.sum.as_json())
    told = operands(found.sum.lines[-1].working)
    assert [(int(one.low), int(one.high)) for one in told] == [(10 * at, 10 * at) for at in range(1, 6)] + [
        (rest, rest)
    ]
    assert [one.member for one in told[:-1]] == [f"m{at}" for at in range(1, 6)]


@pytest.mark.parametrize(
    ("when", "amount", "zh", "en"),
    [
        (
            "收入 < 100欧元",
            "100欧元 − 收入",
            "若符合：100.00 − (50.00–1600.00) 按条件不小于 0.01 = 0.01–50.00 欧元",
            "by the condition at least 0.01",
        ),
        (
            "成员数 >= 0",
            "5欧元 + (若 收入 > 60欧元 则 (收入 − 60欧元) × 70% 四舍五入到 欧元 否则 0欧元)",
            "× 70% 四舍五入到 1.00 欧元 按条件不小于 0.00",
            "by the condition at least 0.00",
        ),
        (
            "成员数 >= 0",
            "收入 × 2 − 收入",
            "各数互有联系，不小于 50.00、不大于 1600.00",
            "as the figures hang together at least 50.00 and at most 1600.00",
        ),
    ],
)
def test_where_a_condition_narrows_the_line_says_so(tmp_path: Path, when: str, amount: str, zh: str, en: str) -> None:
    facts = "- {name: income, label: 收入, for: household, type: number, unit: euro, range: 0..2000, decimals: 2}\n"
    ruleset = written(tmp_path, facts, policy(when, amount=amount))
    (found,) = ruleset.explain({"id": "h", "收入": {"min": 50, "max": 1600}, "members": []}, DAY)
    assert found.sum is not None
    check(found.sum.as_json())
    assert zh in " ".join(sum_lines(found.sum, "zh")), sum_lines(found.sum, "zh")
    assert en in " ".join(sum_lines(found.sum, "en")), sum_lines(found.sum, "en")


@settings(max_examples=15, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_on_random_rules(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    files = data.draw(rulesets())
    folder: Path = tmp_path_factory.mktemp("sums")
    write_files(folder, files)
    ruleset = load(folder, cache=False)
    for _ in range(3):
        check_household(ruleset, data)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_on_the_shipped_rules(data: st.DataObject) -> None:
    check_household(SHIPPED, data)
