"""Outputs that are no benefits: terms told beside the decisions, in their declared unit."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from figures import with_figures
from hypothesis import given
from hypothesis import strategies as st
from of_lists import LAST
from of_lists import rules as list_rules
from small_rulesets import DAY, policy, written

from fupin_policy import Ruleset
from fupin_policy.analysis.examples import run_examples
from fupin_policy.analysis.payments import payments
from fupin_policy.analysis.timeline import timeline
from fupin_policy.core.days import to_day
from fupin_policy.diagnostics import InputError
from fupin_policy.evaluators.wasm import read_manifest
from fupin_policy.reports.decisions_text import evaluation_text


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return with_figures(tmp_path_factory.mktemp("figures"))


def numbers(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low * 100, high * 100).map(lambda cents: Decimal(cents) / 100)


@given(numbers(0, 100000), st.dates(date(2010, 1, 1), date(2030, 1, 1)))
def test_values_by_hand(ruleset: Ruleset, income: Decimal, review: date) -> None:
    """An oracle in plain Python: no code of ours but the rules."""
    found = ruleset.evaluate({"id": "h", "收入": str(income), "最近复核日期": review.isoformat(), "members": []}, DAY)
    said = {one["figure"]: one["value"] for one in found.as_json()["figures"] if "value" in one}
    per_head = (income / 7).quantize(Decimal("0.01"), ROUND_HALF_UP)
    due = review.replace(year=review.year + 1, day=min(review.day, 28) if review.month == 2 else review.day)
    if (review.month, review.day) == (2, 29):
        due = date(review.year + 1, 3, 1) - timedelta(days=1)
    assert said == {
        "per_head": str(per_head),
        "due_on": due.isoformat(),
        "poor": income < 100,
        "thousands": "12.5",
    }


@given(numbers(0, 50000), numbers(0, 50000))
def test_a_range_of_facts_gives_a_range(ruleset: Ruleset, low: Decimal, more: Decimal) -> None:
    household = {"id": "h", "收入": {"min": str(low), "max": str(low + more)}, "members": []}
    figure = ruleset.evaluate(household, DAY).figure("人均收入").as_json()
    ends = [str((end / 7).quantize(Decimal("0.01"), ROUND_HALF_UP)) for end in (low, low + more)]
    assert [figure["min"], figure["max"]] == ends
    assert [one["fact"] for one in figure["missing"]] == ([] if ends[0] == ends[1] else ["income"])


def test_figures_of_members_and_what_is_missing(ruleset: Ruleset) -> None:
    members = [{"id": "a", "出生日期": "1950-01-01", "残疾等级": "二级"}, {"id": "b"}]
    found = ruleset.evaluate({"id": "h", "收入": 512, "members": members}, DAY)
    assert found.figure("老人").as_json() == {
        "figure": "is_old",
        "label": {"zh": "老人", "en": "is old"},
        "unit": None,
        "members": [{"member": "a", "value": True}, {"member": "b", "value": None}],
        "missing": [{"fact": "birth", "label": "出生日期", "member": "b"}],
        "provisional": False,
        "assumed": [],
    }
    assert found.figure("graded").as_json()["members"] == [
        {"member": "a", "value": "two", "one_of": ["two"]},
        {"member": "b", "value": None, "one_of": ["one", "two", "none_given"]},
    ]
    with pytest.raises(KeyError):
        found.figure("年龄")


def test_any_term_by_name(ruleset: Ruleset) -> None:
    household = {"id": "h", "收入": 0.5, "members": [{"id": "a", "出生日期": "1950-01-01"}]}
    asked = ruleset.evaluate(household, DAY, figures=["年龄", "half", "人均收入"])
    assert asked == ruleset.interpret(household, DAY, figures=["age", "一半"])
    assert asked.figure("年龄").values[0].told == ("69",)
    assert asked.figure("half").as_json()["value"] == "0.00250"
    assert len(asked.figures) == len(ruleset.program.figures) + 2
    compiled = ruleset.with_figures(["年龄", "half"])
    assert compiled.evaluate(household, DAY).figures == asked.figures
    assert ruleset.with_figures(["人均收入"]) is ruleset
    with pytest.raises(InputError) as error:
        ruleset.evaluate(household, DAY, figures=["年令"])
    (problem,) = error.value.diagnostics
    assert (problem.code, problem.suggestion) == ("N151", "年龄")


def test_a_term_of_the_items_of_a_list_cannot_be_asked_for(tmp_path: Path) -> None:
    """It has a value for each of them, and a figure is of the household or of its members."""
    rules = list_rules(tmp_path)
    for ask in (rules.evaluate, rules.explain_figures):
        with pytest.raises(InputError) as error:
            ask({"id": "h", "members": [{"id": "a"}]}, LAST, figures=["实付"])
        (problem,) = error.value.diagnostics
        assert problem.code == "N211" and "实付" in problem.sentence("zh")


def test_a_term_without_a_unit_is_told_without_one(tmp_path: Path) -> None:
    terms = """
- {name: inhabited, label: 有人, for: household, value: 成员数 >= 1}
- {name: twice, label: 倍数, for: household, value: 级数 × 2}
- {name: percent, label: 比例, for: household, value: 12.5%}
"""
    fact = "- {name: steps, label: 级数, for: household, type: number, range: 0..9}"
    ruleset = written(tmp_path, fact, policy("是"), terms)
    found = ruleset.evaluate({"id": "h", "级数": 4, "members": []}, DAY, figures=["有人", "倍数", "比例"])
    told = {one["figure"]: (one["value"], one["unit"] and one["unit"]["zh"]) for one in found.as_json()["figures"]}
    assert told == {"inhabited": (False, None), "twice": ("8", None), "percent": ("0.125", None)}


def test_in_words(ruleset: Ruleset) -> None:
    found = ruleset.evaluate({"id": "h", "members": [{"id": "a", "残疾等级": {"one_of": ["一级", "二级"]}}]}, DAY)
    zh, en = (evaluation_text(found, ruleset.program, lang).splitlines() for lang in ("zh", "en"))
    assert "  = 等级：a 一级 或 二级  缺少 a.残疾等级" in zh
    assert "  = graded: a one or two  missing a.grade" in en
    assert "  = 人均收入：0.00–14285.71 欧元  缺少 收入" in zh


def test_a_place_has_figures_too(tmp_path: Path) -> None:
    facts = "- {name: people, label: 人口, for: village, type: number, range: 0..9999}"
    terms = "- {name: tenth, label: 十分之一, for: village, output: true, value: 人口 ÷ 10 四舍五入到 1}"
    ruleset = written(tmp_path, facts, policy("是"), terms)
    assert ruleset.program.figures == ()
    found = ruleset.of("village").evaluate({"id": "v", "人口": 15}, DAY)
    assert found.figure("十分之一").as_json()["value"] == "2"


def test_without_figures_the_module_has_none(tmp_path: Path) -> None:
    ruleset = written(tmp_path, "- {name: poor, label: 贫困, for: household, type: truth}", policy("贫困"))
    manifest = read_manifest(ruleset.compile())
    assert manifest["figures"] == [] and [one["role"] for one in manifest["outputs"]] == ["outcome"]
    assert manifest["needs"]["questions"] == 1


def test_what_rests_on_no_source_is_provisional(tmp_path: Path) -> None:
    (tmp_path / "parameters.yaml").write_text(
        "kind: parameters\nparameters:\n  - name: line\n    label: 线\n    unit: 欧元\n    range: 0..100\n    values:\n"
        "      - {valid: ..2019-12-31, value: 80, status: example, source: s}\n"
        "      - {valid: 2020-01-01.., value: 90, status: enacted, source: s 1.1}\n",
        encoding="utf-8",
    )
    facts = "- {name: poor, label: 贫困, for: household, type: truth}"
    ruleset = written(
        tmp_path, facts, policy("贫困"), "- {name: l, label: 现行线, for: household, output: true, value: 参数.线}"
    )
    early, late = (ruleset.evaluate({"id": "h", "members": []}, day).figures[0] for day in (DAY, "2020-01-01"))
    assert (early.provisional, early.values[0].told, late.provisional, late.values[0].told) == (
        True,
        ("80.00",),
        False,
        ("90.00",),
    )
    (steps,) = read_manifest(ruleset.compile())["provisional"]
    assert [unstated for _, unstated in steps] == [True, False] and steps[1][0] == to_day(date(2020, 1, 1))


EXAMPLE = """\
    examples:
      - name: 一户
        as_of: 2019-06-30
        household:
          {收入: 512, 最近复核日期: 2019-01-05, members: [{id: a, 出生日期: 1950-01-01, 残疾等级: 一级}, {id: b}]}
        expect:
          status: ineligible
          figures: %s
"""


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("{人均收入: '73.14', 复核到期日: 2020-01-05, 贫困: 否, 收入比例: 12.50}", None),
        ("{老人: {a: 是, b: unknown}, 等级: {a: 一级}, 年龄: {a: 69, b: 0..119}, per_head: 73.140}", None),
        ("{等级: {b: [one, 二级, 无级]}, 证件到期日: {a: 2010-01-01, b: 1960-01-01..2079-06-30}}", None),
        ("{人均收入: 73.15}", ("“人均收入”", "73.14", "73.15")),
        ("{老人: {b: 是}}", ("“b 老人”", "unknown", "true")),
        ("{老人: {c: 是}}", ("“c 老人”", "-", "true")),
    ],
)
def test_examples_compare_by_value(tmp_path: Path, expected: str, said: tuple[str, ...] | None) -> None:
    with_figures(tmp_path)
    policies = tmp_path / "policies.yaml"
    first, second = policies.read_text(encoding="utf-8").split("  - id: p.q")
    policies.write_text(f"{first}{EXAMPLE % expected}  - id: p.q{second}", encoding="utf-8")
    ran, problems = run_examples(tmp_path)
    assert ran == 1
    found = [tuple(dict(problem.args)[key] for key in ("key", "found", "wanted")) for problem in problems]
    assert found == ([] if said is None else [said])


def test_plain_data(ruleset: Ruleset) -> None:
    found = ruleset.evaluate({"id": "h", "members": []}, DAY).as_json()
    assert json.loads(json.dumps(found)) == found


def test_how_a_figure_was_worked_out(ruleset: Ruleset) -> None:
    members = [{"id": "a", "出生日期": "1950-01-01"}, {"id": "b"}]
    told = ruleset.explain_figures({"id": "h", "收入": 512, "members": members}, DAY)
    texts = {one.figure.name: one.text("zh").splitlines() for one in told}
    assert texts["per_head"] == [
        "人均收入：73.14 欧元（2019-06-30）",
        "  算法：收入 ÷ 7 四舍五入到 0.01 欧元",
        "  计算：",
        "    人均收入：512.00 ÷ 7 四舍五入到 0.01 欧元 = 73.14 欧元",
        "              收入",
    ]
    assert texts["is_old"] == [
        "老人：a 是；b 未知（2019-06-30）",
        "  算法：周岁数(出生日期) 不小于 60 岁",
        "  实际：a 出生日期：1950-01-01；b 出生日期：1900-01-01 至 2019-06-30",
        "  缺少：b.出生日期",
    ]
    english = next(one for one in told if one.figure.name == "due_on").text("en").splitlines()
    assert english == [
        "due on: unknown (2019-06-30)",
        "  worked out as: review + 1 years",
        "  in fact: review: unknown",
        "  missing: review",
    ]


def test_a_line_of_time_that_is_never_added_up(ruleset: Ruleset) -> None:
    household = {"id": "h", "收入": 512, "members": [{"id": "a", "出生日期": "1960-03-05", "残疾等级": "一级"}]}
    read, _ = ruleset.read(household, "2020-06-30")
    found = timeline(ruleset, read, to_day(date(2019, 6, 1)), to_day(date(2020, 6, 30)))
    ((day, was, becomes),) = found.figure_changes
    assert (day, was.name, was.values[0].told, becomes.values[0].told) == (
        date(2020, 3, 5),
        "is_old",
        ("false",),
        ("true",),
    )
    assert {due.policy for due in payments(found, ruleset.program)} == {"p.q"}
