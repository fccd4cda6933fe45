"""Whose facts, terms, policies and parameters a rule can use: a plain table of who sees whom."""

from __future__ import annotations

from itertools import product

import pytest
from worlds import said_of

from fupin_policy.check.definitions import MAX_DEEP

LEVELS = ("household", "member", "village", "town")
SEEN = {
    "member": {"member", "household", "village"},
    "household": {"household", "village"},
    "village": {"village"},
    "town": {"town"},
}
WORDS = {"household": "户", "member": "人", "village": "村", "town": "镇"}
PLACES = "kind: places\nplaces: [{name: east, label: 东河镇, kind: town}]\n"
SOURCES = "kind: sources\nsources: [{id: s, title: {zh: 来源, en: Source}}]\n"
BODIES = "kind: departments\ndepartments: [{id: d, names: [{valid: .., zh: 某局, en: D}]}]\n"
FACTS = "kind: facts\ncode_lists:\n- {name: grade, codes: [{code: '1', name: one, label: 一级}]}\nfacts:\n" + "".join(
    f"- {{name: t_{level}, label: {word}情, for: {level}, type: truth}}\n"
    f"- {{name: c_{level}, label: {word}级, for: {level}, type: code, codes: grade}}\n"
    f"- {{name: m_{level}, label: {word}病, for: {level}, type: codes, codes: grade}}\n"
    for level, word in WORDS.items()
)
TERMS = "kind: terms\nterms:\n" + "".join(
    f"- {{name: d_{level}, label: {word}术, for: {level}, value: 非 {word}情}}\n" for level, word in WORDS.items()
)
POLICIES = "kind: policies\npolicies:\n" + "".join(
    f"- {{id: p_{level}, title: {{zh: {word}策, en: P {level}}}, for: {level}, versions: [{{valid: .., when: {word}情, "
    "benefit: {kind: cash, amount: 3元, per: once}, lead: [d], basis: [s]}]}\n"
    for level, word in WORDS.items()
)
PARAMETERS = "kind: parameters\nparameters:\n" + "".join(
    f"- {{name: k_{level}, label: {word}标准, unit: 元, by: {word}级, "
    "values: [{valid: .., value: {一级: 3}, status: example, source: s}]}\n"
    for level, word in WORDS.items()
)
USES = {
    "a fact": ("{word}情", "{word}情"),
    "one of several codes": ("{word}病 包含 一级", "{word}病"),
    "a code": ("{word}级 = 一级", "{word}级"),
    "a term": ("{word}术", "{word}术"),
    "an outcome": ("符合({word}策)", "{word}策"),
    "an amount": ("金额({word}策) > 1元", "{word}策"),
    "a parameter by code": ("参数.{word}标准 > 1元", "参数.{word}标准"),
}
FILES = {
    "places": PLACES,
    "sources": SOURCES,
    "departments": BODIES,
    "facts": FACTS,
    "terms": TERMS,
    "policies": POLICIES,
    "parameters": PARAMETERS,
}


@pytest.mark.parametrize("use", USES)
def test_a_rule_sees_what_is_of_its_subject_or_around_it(use: str) -> None:
    text, at = USES[use]
    pairs = list(product(LEVELS, LEVELS))
    rules = "kind: terms\nterms:\n" + "".join(
        f"- {{name: x{number}, label: 试{number}, for: {here}, value: '{text.format(word=WORDS[there])}'}}\n"
        for number, (here, there) in enumerate(pairs)
    )
    hidden = [
        ("N112" if there == "member" else "N124", at.format(word=WORDS[there]))
        for here, there in pairs
        if there not in SEEN[here]
    ]
    assert said_of({**FILES, "rules": rules}) == hidden


def test_members_are_looked_at_from_a_household() -> None:
    """Within an aggregate a member's rule is written; outside of it, and in its default, the household's."""
    for text, said in {
        "有成员满足(人情 且 户情 且 村情)": [],
        "成员数(人术)": [],
        "成员最大(若 人情 则 1 否则 2 否则 0)": [],
        "成员最大(1 否则 若 人情 则 1 否则 2)": [("N112", "人情")],
        "有成员满足(人情) 且 人情": [("N112", "人情")],
        "有成员满足(镇情)": [("N124", "镇情")],
        "有成员满足(有成员满足(人情))": [],
    }.items():
        rules = f"kind: terms\nterms:\n- {{name: x, label: 试, for: household, value: '{text}'}}\n"
        assert said_of({**FILES, "rules": rules}) == said, text


@pytest.mark.parametrize(("more", "said"), [(0, []), (1, ["N120"])])
def test_how_many_definitions_may_refer_to_one_another_in_a_row(more: int, said: list[str]) -> None:
    last = MAX_DEEP + more
    terms = "kind: terms\nterms:\n" + "".join(
        f"- {{name: x{at}, label: 试{at}, for: member, value: {'人情' if at == last else f'试{at + 1}'}}}\n"
        for at in range(last + 1)
    )
    assert [code for code, _ in said_of({**FILES, "rules": terms})] == said


def test_a_circle_is_said_once_and_what_leads_into_it_is_silent() -> None:
    rules = (
        "kind: terms\nterms:\n- {name: a, label: 甲, for: member, value: 乙}\n"
        "- {name: b, label: 乙, for: member, value: 甲}\n"
        "- {name: c, label: 丙, for: member, value: 甲 或 丁}\n- {name: e, label: 丁, for: member, value: 非 丙}\n"
    )
    assert said_of({**FILES, "rules": rules}) == [("N114", "甲"), ("N114", "丙")]
