"""What is offered at the cursor, most of all in expressions that are half written."""

from __future__ import annotations

import pytest
from edited_ruleset import labels, offered, read, the

from fupin_policy.editor.vocabulary import Vocabulary

WHEN = "when: 享受低保 且 年龄 >= 80"


@pytest.fixture(scope="module")
def names() -> Vocabulary:
    return read()[1]


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("when: |", ["重度残疾", "享受低保"]),
        ("when: 享受低保 且 |", ["重度残疾", "享受低保"]),
        ("when: 享受低保 且 年龄 >= |", ["年龄"]),
        ("when: 户.医疗费用 < |", ["参数.津贴_60至79岁", "参数.津贴_80岁以上", "医疗费用"]),
        ("when: 享受低保 且 年龄 >= 80|", ["岁", "周岁"]),
        ("when: 医疗费用 > 3000|", ["元"]),
        ("when: 残疾等级 = |", ["一级", "三级", "二级", "无残疾"]),
        ("when: 残疾等级 属于 {一级, |}", ["一级", "三级", "二级", "无残疾"]),
        ("when: 残疾等级 不在 {|", ["一级", "三级", "二级", "无残疾"]),
        ("when: 乡镇 ≠ 东|", ["东河镇", "西山镇"]),
        ("when: 享受低保 |", ["且", "或"]),
        ("when: 年龄 |", ["=", "≠", "<", "<=", ">", ">="]),
        ("when: 符合(|", ["高龄津贴", "医疗救助"]),
        ("when: 医疗费用 < 参数.|", ["津贴_60至79岁", "津贴_80岁以上"]),
        ("when: (享受低保 或 @ 有成员满足(重|", ["重度残疾"]),
    ],
)
def test_an_expression_goes_on_with_what_fits(names: Vocabulary, written: str, first: list[str]) -> None:
    _, found = offered(names, "policies.yaml", WHEN, written)
    assert labels(found)[: len(first)] == first


def test_true_and_false_of_yaml_are_no_part_of_an_expression(names: Vocabulary) -> None:
    _, found = offered(names, "policies.yaml", WHEN, "when: |")
    assert not {"true", "false"} & set(labels(found))


def test_english_expressions_go_on_in_english(names: Vocabulary) -> None:
    _, found = offered(names, "policies.yaml", WHEN, "when: on_allowance and age >= |")
    assert "age" in labels(found)[:2] and "年龄" not in labels(found)


def test_only_the_word_at_the_cursor_is_replaced(names: Vocabulary) -> None:
    text, found = offered(names, "policies.yaml", WHEN, "when: 享受低保 且 重度|残 且 年龄 >= 80")
    assert text[found.start : found.end] == "重度残"


def test_a_members_rule_may_look_at_the_household_and_not_the_other_way_round(names: Vocabulary) -> None:
    _, found = offered(names, "policies.yaml", "when: 享受低保 或 有成员满足(重度残疾)", "when: |")
    assert labels(found)[0] == "享受低保"
    _, found = offered(names, "policies.yaml", "when: 享受低保 或 有成员满足(重度残疾)", "when: 有成员满足(|")
    assert labels(found)[0] == "重度残疾"


@pytest.mark.parametrize(
    ("old", "written", "among"),
    [
        ("kind: cash", "kind: |", ["cash", "premium", "waiver"]),
        ("for: member", "for: |", ["household", "member"]),
        ("lead: [县民政局]", "lead: [|]", ["县民政局", "县卫生健康局", "各乡镇"]),
        ("basis: [lesson-1 1.1]", "basis: [|]", ["lesson-1", "lesson-figures"]),
        ("{享受低保: 是, 乡镇: 东河镇, members", "{享受低保: 是, 乡镇: |, members", ["东河镇", "西山镇"]),
        ("{享受低保: 是, 乡镇: 东河镇, members", "{享受低保: |, 乡镇: 东河镇, members", ["是", "否"]),
        ("{享受低保: 是, 乡镇: 东河镇, members", "{享受低保: 是, |, members", ["乡镇", "医疗费用"]),
        ("[{id: m1, 出生日期: 1959-06-30}]", "[{id: m1, |}]", ["出生日期", "残疾等级"]),
        ("kind: policies", "kind: |", ["policies", "facts", "ruleset"]),
    ],
)
def test_a_value_is_one_that_its_key_takes(names: Vocabulary, old: str, written: str, among: list[str]) -> None:
    _, found = offered(names, "policies.yaml", old, written)
    assert set(among) <= set(labels(found))
    assert not {"年龄", "true"} & set(labels(found))


def test_keys_are_those_of_the_kind_that_are_not_there_yet_with_what_they_mean(names: Vocabulary) -> None:
    old = "        " + WHEN + "\n"
    _, found = offered(names, "policies.yaml", old, "        |\n")
    assert labels(found)[0] == "when" and {"note", "obtain", "beneficiaries"} <= set(labels(found))
    assert not {"valid", "benefit", "lead", "id"} & set(labels(found))
    assert the(found, "when").insert == "when: " and "条件" in the(found, "when").detail
    assert "适用条件" in the(found, "when").also or "条件" in the(found, "when").also


def test_an_entry_begins_with_a_snippet(names: Vocabulary) -> None:
    _, found = offered(names, "policies.yaml", "\n  - id: health.medical_aid", "\n  - |\n\n  - id: health.medical_aid")
    one = the(found, "政策 / policy")
    assert one.snippet and "\n    for: ${4|household,member|}" in one.insert
    _, found = offered(names, "policies.yaml", "amount: 参数.津贴_80岁以上", "amount: |")
    assert "rows:" in the(found, "分档表 / table").insert


def test_a_file_that_is_of_no_kind_yet_is_asked_for_one(names: Vocabulary) -> None:
    _, found = offered(names, "policies.yaml", "kind: policies", "k|")
    assert labels(found) == ["kind"]
