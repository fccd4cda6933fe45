"""Examples on the pages of a ruleset: what is given and what should come out, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fupin_policy.reports.site import pages
from fupin_policy.reports.site.blocks import Line, Page, Paragraph
from fupin_policy.reports.site.example_words import given_line, wanted_line
from fupin_policy.reports.site.markdown import written
from fupin_policy.ruleset import check_folder

ROOT = Path(__file__).parents[2]
ASSISTANCE = check_folder(ROOT / "policies" / "assistance")
LESSON = check_folder(ROOT / "docs" / "examples" / "lesson")


def text(line: Line) -> str:
    return written(Page("", (), (Paragraph(line),))).removeprefix("# \n\n").strip()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, "—"),
        ({"享受低保": "是", "on_allowance": True}, "享受低保 是，享受低保 是"),
        ({"medical_cost": "7000", "members": [{"id": "m1"}]}, "医疗费用 7000 元；成员 m1"),
        ({"医疗费用": {"min": "1", "max": "2"}}, "医疗费用 至少 1 元、至多 2 元"),
        ({"members": [{"id": "m1", "残疾等级": {"one_of": ["一级", "二级"]}}]}, "成员 m1：残疾等级 一级或二级"),
        ({"members": [{"id": "m1"}, {"残疾等级": None}], "什么": [1]}, "什么 1；成员 m1；成员：残疾等级 没有"),
    ],
)
def test_what_is_given_is_told_subject_by_subject(given: dict[str, Any], wanted: str) -> None:
    assert text(given_line(LESSON, given)) == wanted


def test_series_and_items_are_told() -> None:
    given = {
        "义务人": [],
        "members": [{"id": "m1", "工资性收入": {"each": "0", "2026-06": "90000"}}],
    }
    assert text(given_line(ASSISTANCE, given)) == "义务人 没有；成员 m1：工资性收入 每月 0 元、2026-06 90000 元"
    listed = ASSISTANCE.lists_of("household")[0].label
    some: dict[str, Any] = {listed: {"at_least": [{}, {}]}}
    assert text(given_line(ASSISTANCE, some)) == f"{listed} 可能还有；{listed} 1；{listed} 2"


@pytest.mark.parametrize(
    ("expect", "wanted"),
    [
        ("eligible", "符合 / eligible"),
        ("missed", "未达到 / missed"),
        ({"status": "eligible", "amount": "80.00..100.00"}, "符合 / eligible，80.00–100.00 元"),
        (
            {"status": "unknown", "missing": ["m1.年龄"], "amount": None},
            "待定 / unknown，缺少 / missing m1.年龄，没有金额 / no amount",
        ),
        (
            {"status": "eligible", "beneficiaries": ["m1", "m2"], "provisional": True},
            "符合 / eligible，受益人 / beneficiaries m1、m2，暂定 / provisional 是",
        ),
        (
            {"dibao.allowance": "ineligible", "dibao.marginal": "eligible", "figures": {"低保金": {"m1": "是"}}},
            "不符合 / ineligible；[低保边缘家庭认定](../policies/dibao.marginal.md)：符合 / eligible；低保金：m1 是",
        ),
    ],
)
def test_what_should_come_out_is_told_in_both_languages(expect: object, wanted: str) -> None:
    assert text(wanted_line(ASSISTANCE, "dibao.allowance", expect)) == wanted


def test_no_page_has_codes_or_braces_in_its_examples() -> None:
    for path, page in pages(ROOT / "docs" / "examples" / "lesson").items():
        _, _, after = page.partition("| 例子 / example |")
        rows = after.partition("\n\n")[0]
        assert "\\{" not in rows and "| eligible" not in rows and "| ineligible" not in rows, path
