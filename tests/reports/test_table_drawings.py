"""Pictures of decision tables: which rows they have, that no words run out of them or into the page."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity
from fupin_policy.core.expressions import (
    Add,
    And,
    Cases,
    Compare,
    Const,
    Expr,
    Fact,
    Max,
    Min,
    Multiply,
    Never,
    OneOf,
    Or,
    walk,
)
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Number, Truth
from fupin_policy.reports.site import pages
from fupin_policy.reports.site.sliced_amounts import rate_value, rate_words, slice_words, sliced_amount
from fupin_policy.reports.site.table_drawings import table_drawing
from fupin_policy.ruleset import check_folder

ROOT = Path(__file__).parents[2]
ANQIU = check_folder(ROOT / "policies" / "anqiu")
LESSON = check_folder(ROOT / "docs" / "examples" / "lesson")
NUMBER = Number((), 0, 0, 100)
AGE = Fact(InputId("medical_cost"), "household", NUMBER)
LEVEL = Fact(InputId("disability_level"), "member", Code("disability_level", 4))
POOR = Fact(InputId("on_allowance"), "household", Truth())


def number(value: int) -> Const:
    return Const(value, Number((), 0, value, value))


def least(value: int) -> Expr:
    return Compare("<=", number(value), AGE)


def below(value: int) -> Expr:
    return Compare("<", AGE, number(value))


def told(branches: list[tuple[Expr, Expr]], otherwise: Expr, program: Program = LESSON) -> str:
    drawn = table_drawing(program, Cases(tuple(branches), otherwise, NUMBER), Bilingual("标准", "standard"))
    ElementTree.fromstring(drawn)
    return unescape(re.findall(r'aria-label="([^"]*)"', drawn)[0])


def test_bands_run_from_low_to_high() -> None:
    rows = [(And((least(60), below(80))), number(2)), (below(60), number(1)), (least(80), number(3))]
    assert told(list(rows), Never(NUMBER)) == "标准：按医疗费用：59及以下 → 1；60–79 → 2；80及以上 → 3"


def test_the_first_condition_that_holds_decides_and_gaps_have_the_rest() -> None:
    rows = [(below(20), number(1)), (below(50), number(2)), (Compare("=", AGE, number(70)), number(3))]
    assert told(list(rows), number(9)) == "标准：按医疗费用：19及以下 → 1；20–49 → 2；50–69 → 9；70 → 3；71及以上 → 9"


def test_codes_of_one_outcome_stand_together() -> None:
    rows: list[tuple[Expr, Expr]] = [
        (OneOf(LEVEL, 0b0011), number(5)),
        (Or((OneOf(LEVEL, 0b0100), OneOf(LEVEL, 0b0001))), number(3)),
    ]
    assert told(rows, number(0)) == "标准：按残疾等级：一级、二级 → 5；三级 → 3；无残疾 → 0"


def test_other_conditions_stand_as_they_are() -> None:
    assert told([(POOR, number(1)), (least(60), number(2))], number(0)).startswith("标准：享受低保 → 1；医疗费用")
    assert told([(And((POOR, least(60))), number(1))], Never(NUMBER)).endswith(" → 1")


def test_every_table_of_a_ruleset_has_its_picture_which_fits_a_telephone() -> None:
    found = 0
    for path, text in pages(ROOT / "policies" / "assistance").items():
        tables = text.count("| 若 / where | 则 / then |")
        drawn = re.findall(r'<svg[^>]*class="table".*?</svg>', text, re.DOTALL)
        assert len(drawn) == tables, path
        found += tables
        for svg in drawn:
            assert 'width="320"' in svg
            for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
                words = element.text or ""
                wide = sum(13 if sign > "\u2e7f" else 7.3 for sign in words)
                assert wide <= (320 if element.get("fill") == "#7d8a97" else 143), words
    assert found > 50


def test_slices_stand_along_the_axis_each_with_its_rate() -> None:
    """The rates' steps fill their boxes in proportion; the slice that gives nothing has none."""
    page = pages(ROOT / "docs" / "examples" / "lesson")["policies/health.medical_aid.md"]
    (svg,) = [one for one in re.findall(r'<svg[^>]*class="table".*?</svg>', page, re.DOTALL) if "分段：" in one]
    told = unescape(re.findall(r'aria-label="([^"]*)"', svg)[0])
    parts = "5000.00 元及以下的部分 → 0%；5000.00 元以上至 100000.00 元的部分 → 65%；100000.00 元以上的部分 → 75%"
    assert told.endswith(f"：按医疗费用分段：{parts}")
    assert "| 5000.00 元及以下的部分 / up to 5000.00 yuan | 0% |" in page
    widths = [int(one) for one in re.findall(r'width="(\d+)"[^>]*fill="#c3e3c6"', svg)]
    assert len(widths) == 2 and abs(widths[0] / widths[1] - 65 / 75) < 0.01
    ElementTree.fromstring(svg)


def part_of(low: int, high: int | None, rate: int) -> Expr:
    part: Expr = AGE if high is None else Min((AGE, number(high)), NUMBER)
    part = part if low == 0 else Add((part, number(-low)), Number((), 0, -low, 100))
    return Multiply(Max((part, number(0)), NUMBER), number(rate), NUMBER)


def test_only_slices_that_follow_one_another_are_slices() -> None:
    found = sliced_amount(Add((part_of(0, 10, 1), part_of(10, 20, 2), part_of(20, None, 3)), NUMBER))
    assert found is not None and [one.rate for one in found.slices] == [number(1), number(2), number(3)]
    assert sliced_amount(Add((part_of(0, 10, 1), part_of(11, None, 2)), NUMBER)) is None
    assert sliced_amount(Add((part_of(0, None, 1), part_of(0, None, 2)), NUMBER)) is None
    assert sliced_amount(Add((part_of(0, 10, 1), AGE), NUMBER)) is None


def test_a_rate_has_a_value_where_it_is_the_same_on_all_days() -> None:
    program = check_folder(ROOT / "docs" / "examples" / "taxes" / "base")
    (use,) = [one for one in program.definitions if str(one.id) == "use:income_tax/1"]
    for validity, expr in use.versions:
        amount = sliced_amount(expr)
        assert amount is not None
        for one in amount.slices:
            assert rate_value(program, one.rate, validity) is not None
            assert rate_value(program, one.rate, Validity(0, validity.end)) is None
        assert rate_words(program, amount.slices[0], validity) == Bilingual("0%", "0%")
        assert rate_words(program, amount.slices[-1], validity).zh == "最高税率（41%）"


def test_ends_that_are_parameters_are_named() -> None:
    (stated,) = [one for one in ANQIU.definitions if str(one.id) == "stated:health.major_illness"]
    (_, expr) = stated.versions[0]
    (amount,) = [found for node in walk(expr) if (found := sliced_amount(node)) is not None]
    words = [slice_words(ANQIU, one).zh for one in amount.slices]
    assert words[:2] == ["大病保险起付线及以下的部分", "大病保险起付线以上至大病第二段起点的部分"]
    assert len(words) == 4 and words[3] == "大病第三段起点以上的部分"
