"""A program with every kind of node, from rules as they are written. Called by the tests of this folder."""

from __future__ import annotations

from dated_rulesets import FACTS, SOURCES, sound

from fupin_policy.core.program import Program


def whole() -> Program:
    """A program with every kind of node."""
    terms = [
        "成员合计(工资, 在校)", "成员最大(工资 否则 0)", "成员数", "较大(数, 参数.标准)", "较小(数, 参数.标准)",
        "-数", "数 × 2", "数 ÷ 3 舍去到 元", "若 属实 则 数 否则 参数.标准", "有成员满足(等级 属于 {一级, 二级})",
        "相隔天数(某日, 月初(基准日))", "非 属实",
        "某日 + 3天 < 基准日 且 属实 或 数 = 1元", "有成员满足(等级 = 原级)", "数 + 参数.标准",
    ]  # fmt: skip
    text = "kind: terms\nterms:\n" + "".join(
        f"- {{name: t{at}, label: 术{at}, for: household, value: '{value}'}}\n" for at, value in enumerate(terms)
    )
    facts = FACTS + (
        "- {name: d, label: 某日, for: household, type: date, range: 2000-01-01..2020-01-01}\n"
        "- {name: w, label: 工资, for: member, type: number, unit: 元, range: 0..9}\n"
        "- {name: s, label: 在校, for: member, type: truth}\n"
        "- {name: g, label: 等级, for: member, type: code, codes: grade}\n"
        "- {name: h, label: 原级, for: household, type: code, codes: grade}\n"
        "code_lists: [{name: grade, codes: [{code: '1', name: one, label: 一级}, {code: '2', name: two, label: 二级}, "
        "{code: '3', name: three, label: 三级}]}]\n"
    )
    parameter = (
        "kind: parameters\nparameters:\n- {name: p, label: 标准, unit: 元, range: 0..50, values: "
        "[{valid: 2019-01-05..2019-01-09, value: 7, status: example, source: s}]}\n"
    )
    sources = SOURCES + "- {id: s, title: {zh: 来源, en: S}}\n"
    return sound(facts=facts, terms=text, parameters=parameter, sources=sources)
