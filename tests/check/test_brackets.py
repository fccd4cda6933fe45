"""Scales: what a dated table of brackets comes to where a rule uses it, against exact fractions and written tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from checked_ruleset import BASE, checked, loaded, policy, told, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_policy import Ruleset, load
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Decision
from fupin_policy.core.expressions import Expr
from fupin_policy.core.rewriting import rewrite
from fupin_policy.core.snapshot import breakpoints, snapshot
from fupin_policy.core.types import Truth

SCALES = """kind: parameters
parameters:
  - name: tax
    label: 税率表
    type: scale
    range: 0%..50%
    values:
      - {{valid: ..2018-12-31, rows: [{first}], status: enacted, source: s 1}}
      - {{valid: 2019-01-01..2019-06-30, value: unknown}}
      - {{valid: 2019-07-01.., rows: [{second}], status: example, source: s}}
"""
CLAUSES = "kind: clauses\nsource: s\nclauses: [{id: '1', summary: {zh: 一, en: One}}]\n"
TERM = "  - {{name: {name}, label: {name}1, for: household, value: {value}}}\n"
DAYS = (date(2018, 3, 1), date(2019, 3, 1), date(2020, 3, 1))
Rows = tuple[tuple[int, int | None, int], ...]
"""From and to, in yuan; a rate in per cent."""


@st.composite
def rows(draw: st.DrawFn) -> Rows:
    cuts = sorted(draw(st.sets(st.integers(1, 9000), max_size=4)))
    rates = draw(st.lists(st.integers(0, 50), min_size=len(cuts) + 1, max_size=len(cuts) + 1))
    return tuple(zip([0, *cuts], [*cuts, None], rates, strict=True))


def as_rows(some: Rows, sign: str = "..") -> str:
    """The rows as a file has them."""
    ends = ((f"{low}元", ".." if high is None else f"{sign}{high}元", rate) for low, high, rate in some)
    return ", ".join(f"[{low}{high}, {rate}%]" for low, high, rate in ends)


def cash(found: Decision) -> tuple[int, int]:
    assert found.amount is not None
    return found.amount.low, found.amount.high


def on(ruleset: Ruleset, income: Any, day: date) -> Decision:
    household = {"id": "h", "收入": income, "members": [{"id": "m"}]}
    found = ruleset.evaluate(household, day)
    assert found == ruleset.interpret(household, day)
    return found["p"]


def untyped(expr: Expr) -> Expr:
    """An expression without what is known of ranges: that of a rate is as wide as its scale."""
    return rewrite(expr, lambda node: replace(node, type=Truth()))  # type: ignore[arg-type]


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows(), rows())
def test_a_scale_is_the_tables_that_it_replaces(tmp_path: Path, first: Rows, second: Rows) -> None:
    """Node by node, so that it means what they mean in every evaluator, and costs what they cost."""
    terms = "kind: terms\nterms:\n"
    for number, some in enumerate((first, second)):
        terms += TERM.format(name=f"a{number}", value=f"{{slices: {{of: 收入, rows: [{as_rows(some)}]}}}}")
        terms += TERM.format(name=f"b{number}", value=f"{{by: 收入, rows: [{as_rows(some, '..<')}]}}")
    terms += TERM.format(name="slices", value="'分段(收入, 参数.税率表)'")
    terms += TERM.format(name="pick", value="'pick(收入, parameter.tax2)'")
    scales = SCALES.format(first=as_rows(first), second=as_rows(second))
    again = SCALES.format(first=as_rows(first, "..<"), second=as_rows(second, "..<")).split("parameters:\n")[1]
    again = again.replace("tax", "tax2").replace("税率表", "税率表2")
    program, found = checked(tmp_path, scales + again, CLAUSES, terms, policy("甲"))
    assert program is not None and found == []
    for number, day in enumerate(DAYS[::2]):
        dated = {str(one.id): untyped(one.expr) for one in snapshot(program, to_day(day)).definitions}
        assert dated["use:tax/1"] == dated[f"term:a{number}"]
        assert dated["use:tax2/1"] == dated[f"term:b{number}"]


def test_amounts_are_those_of_exact_fractions(tmp_path: Path) -> None:
    some: Rows = ((0, 3000, 3), (3000, 12000, 10), (12000, 25000, 20), (25000, None, 25))
    scales = SCALES.format(first=as_rows(some), second="[0元.., 1%]")
    ruleset = loaded(tmp_path, scales, CLAUSES, policy("是", "'分段(收入, 参数.税率表) 四舍五入到 分'"))
    for cents in (0, 1, 299_999, 300_000, 300_001, 1_234_567, 2_500_000, 2_500_017, 100_000_000):
        parts = [
            max(0, min(cents, cents if high is None else high * 100) - low * 100) * rate for low, high, rate in some
        ]
        exact = Fraction(sum(parts), 100)
        assert cash(on(ruleset, f"{cents // 100}.{cents % 100:02}", DAYS[0])) == (int(exact + Fraction(1, 2)),) * 2


def test_where_there_is_no_scale_the_rate_is_unknown(tmp_path: Path) -> None:
    scales = SCALES.format(first="[0元.., 3%]", second="[0元..<5000元, 3%], [5000元.., unknown]")
    ruleset = loaded(tmp_path, scales, CLAUSES, policy("是", "'分段(收入, 参数.税率表) 四舍五入到 分'"))
    gap, rate = on(ruleset, "8000", DAYS[1]), on(ruleset, "8000", DAYS[2])
    assert cash(gap) == (0, 400000)
    assert cash(rate) == (15000, 15000 + 150000)
    assert [one.label for one in (*gap.missing, *rate.missing)] == ["参数.税率表"] * 2
    assert on(ruleset, "4000", DAYS[2]).missing == ()
    picked = loaded(tmp_path, scales, CLAUSES, policy("是", "'pick(收入, parameter.tax) * 收入 rounded to fen'"))
    assert cash(on(picked, "8000", DAYS[1])) == (0, 400000)


def test_provisional_sources_and_breakpoints_are_those_of_the_scale(tmp_path: Path) -> None:
    scales = SCALES.format(first="[0元.., 3%]", second="[0元..5000元, 3%], [5000元.., 10%]")
    ruleset = loaded(tmp_path, scales, CLAUSES, policy("是", "'分段(收入, 参数.税率表) 四舍五入到 分'"))
    assert not on(ruleset, "8000", DAYS[0]).provisional
    assert on(ruleset, "8000", DAYS[2]).provisional
    assert {date(2019, 1, 1), date(2019, 7, 1)} <= {
        date.fromordinal(719163 + day) for day in breakpoints(ruleset.program)
    }
    household = {"id": "h", "收入": "4000", "members": [{"id": "m"}]}
    (told_of,) = ruleset.explain(household, DAYS[2], "p")
    assert [use.line("zh") for use in told_of.parameters] == ["税率表（0元..5000元）：3%（2019-07-01 起，示例数值，s）"]
    assert [use.line("en") for use in told_of.parameters] == [
        "tax (0 yuan..5000 yuan): 3% (from 2019-07-01, example figure, s)"
    ]


def test_bounds_and_rates_may_be_other_parameters(tmp_path: Path) -> None:
    other = """  - name: free
    label: 起征点
    unit: 元
    values:
      - {valid: ..2019-12-31, value: 3500, status: enacted, source: s 1}
      - {valid: 2020-01-01.., value: 5000, status: enacted, source: s 1}
  - {name: most, label: 最高税率, values: [{valid: .., value: 20%, status: enacted, source: s 1}]}
"""
    scales = SCALES.format(
        first="[0元.., 3%]", second="[0元..参数.起征点, 0%], [参数.起征点..8000元, 10%], [8000元.., 参数.最高税率]"
    )
    ruleset = loaded(tmp_path, scales + other, CLAUSES, policy("是", "'分段(收入, 参数.税率表) 四舍五入到 分'"))
    assert cash(on(ruleset, "9000", date(2019, 12, 31))) == (65000, 65000)
    assert cash(on(ruleset, "9000", date(2020, 1, 1))) == (50000, 50000)
    household = {"id": "h", "收入": "7000", "members": [{"id": "m"}]}
    (told_of,) = ruleset.explain(household, date(2020, 1, 1), "p")
    used = ["起征点", "税率表（0元..参数.起征点）", "税率表（参数.起征点..8000元）"]
    assert sorted(use.label for use in told_of.parameters) == sorted(used)  # and not the rate of the empty bracket
    crossed = scales.replace("..8000元", "..4000元").replace("8000元..", "4000元..")
    _, found = checked(tmp_path, crossed + other, CLAUSES, policy("是", "'分段(收入, 参数.税率表) 四舍五入到 分'"))
    assert [one[0] for one in told(found)] == ["R308"]


def test_one_use_is_one_definition_and_two_scales_follow_one_another(tmp_path: Path) -> None:
    scales = SCALES.format(first="[0元.., 3%]", second="[0元..5000元, 3%], [5000元.., 10%]")
    terms = """kind: terms
terms:
  - {name: levy, label: 税, for: household, value: '分段(收入, 参数.税率表) 四舍五入到 分', output: true}
  - {name: left, label: 税后, for: household, value: '收入 - slices(收入, 参数.税率表)'}
  - {name: again, label: 再税, for: household, value: '分段(税后, 参数.税率表)'}
"""
    ruleset = loaded(tmp_path, scales, CLAUSES, terms, policy("再税 > 1元"))
    uses = [one for one in ruleset.program.definitions if one.id.part == "use"]
    assert [str(one.id) for one in uses] == ["use:tax/1", "use:tax/2"]
    household = {"id": "h", "收入": "8000", "members": [{"id": "m"}]}
    (told_of,) = ruleset.explain(household, DAYS[2], "p")
    assert [one.text.zh for one in told_of.reasons] == ["再税大于 1.00 元"]
    (figure,) = ruleset.explain_figures(household, DAYS[2])
    assert (figure.rule.zh, figure.rule.en) == (
        "分段(收入，税率表) 四舍五入到 0.01 元",
        "slices(income, tax) rounded to 0.01 yuan",
    )


@pytest.mark.parametrize("word", ["分段", "档次", "slices", "pick"])
def test_the_words_of_scales_may_still_be_names(tmp_path: Path, word: str) -> None:
    facts = f"kind: facts\nfacts: [{{name: a1, label: {word}, for: household, type: truth}}]\n"
    assert checked(tmp_path, facts, policy(f"{word} 或 甲"))[1] == []


BY_AGE = """kind: parameters
parameters:
  - name: pay
    label: 标准
    type: scale
    values: [{{valid: .., rows: [[0元.., 参数.率]], status: example, source: s}}]
  - name: rate
    label: 率
    by: {key}
    values: [{{valid: .., rows: [{low}, {high}], status: example, source: s}}]
"""
SLICED = "'分段(收入, 参数.标准) 四舍五入到 分'"


def test_rates_by_age_are_those_of_the_day_that_counts(tmp_path: Path) -> None:
    age = "kind: terms\nterms:\n  - {name: age, label: 岁数, for: member, value: 周岁数(出生日期)}\n"
    given = BY_AGE.format(key="岁数", low="[..10, 1%]", high="[11.., 2%]")
    some = policy("甲", SLICED).replace("for: household", "for: member")
    ruleset = loaded(tmp_path, given, age, some.replace("{valid: ..,", "{valid: .., starts: next_month,"))
    for day, cents in (("2019-06-15", 100), ("2019-07-01", 200)):
        household = {"id": "h", "甲": True, "收入": "100", "members": [{"id": "m", "出生日期": "2008-06-15"}]}
        assert cash(ruleset.evaluate(household, day)["p"]) == (cents, cents)
        assert ruleset.evaluate(household, day) == ruleset.interpret(household, day)


def test_a_scale_whose_rates_rest_on_itself(tmp_path: Path) -> None:
    given = BY_AGE.format(key="某数", low="[..10元, 1%]", high="[10.01元.., 2%]")
    _, found = checked(
        tmp_path, given, "kind: terms\nterms:\n" + TERM.format(name="某数", value=SLICED).replace("某数1", "某数")
    )
    assert [one.code for one in found] == ["N114"]


@pytest.mark.parametrize("second", ["200元..", "500元.."])
def test_slices_that_overlap_where_the_amount_begins(tmp_path: Path, second: str) -> None:
    facts = BASE["facts.yaml"].replace("range: 0..1000000", "range: 500..1000000")
    given = BY_AGE.format(key="甲", low="[是, 1%]", high="[否, 2%]").replace("[0元..,", f"[0元..500元, 1%], [{second},")
    _, found = checked(tmp_path, given, policy("甲", SLICED), facts=facts)
    assert [one.code for one in found] == (["R309"] if second == "200元.." else [])


def test_an_overlay_changes_a_scale_on_some_days(tmp_path: Path) -> None:
    given = BY_AGE.format(key="甲", low="[是, 1%]", high="[否, 1%]")
    written(tmp_path / "base", given, policy("是", SLICED))
    over = tmp_path / "over"
    over.mkdir()
    (over / "ruleset.yaml").write_text("kind: ruleset\nid: over\nextends: ../base\n", encoding="utf-8")
    said = "{valid: 2019-06-30..2019-06-30, rows: [[0元.., 7%]], status: example, source: s}"
    (over / "more.yaml").write_text(
        f"kind: parameters\nparameters: [{{name: pay, values: [{said}]}}]\n", encoding="utf-8"
    )
    ruleset = load(over, cache=False)
    days = (date(2019, 6, 29), date(2019, 6, 30), date(2019, 7, 1))
    assert [cash(on(ruleset, "100", day)) for day in days] == [(100, 100), (700, 700), (100, 100)]
