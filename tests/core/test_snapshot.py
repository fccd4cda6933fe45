"""A snapshot resolves parameters and leaves the rest as it is; rewriting reaches every node."""

from __future__ import annotations

from test_time import COVER, FACTS, SOURCES, sound

from fupin_policy.core.days import to_day
from fupin_policy.core.expressions import Cases, Const, Expr, Unknown, walk
from fupin_policy.core.program import Program
from fupin_policy.core.rewriting import rewrite
from fupin_policy.core.snapshot import Snapshot, snapshot


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


def test_a_snapshot_has_values_for_parameters_and_is_the_same_otherwise() -> None:
    program = whole()
    for at, known in ((0, False), (4, True), (8, True), (9, False)):
        found: Snapshot = snapshot(program, to_day(COVER[at]))
        for definition, dated in zip(program.definitions, found.definitions, strict=True):
            before, after = walk(definition.versions[0][1]), walk(dated.expr)
            assert len(before) == len(after)
            for one, other in zip(before, after, strict=True):
                if type(one).__name__ == "Parameter":
                    assert isinstance(other, Const) if known else isinstance(other, Unknown)
                    assert not isinstance(other, Const) or other.value == 700
                    assert not isinstance(other, Unknown) or other.parameter == "p"
                    assert other.type == one.type and other.span == one.span
                else:
                    assert type(one) is type(other)


def test_rewriting_reaches_every_node_once_the_innermost_first() -> None:
    for definition in whole().definitions:
        expr = definition.versions[0][1]
        seen: list[Expr] = []

        def look(node: Expr, seen: list[Expr] = seen) -> Expr:
            seen.append(node)
            return node

        assert rewrite(expr, look) == expr
        assert sorted(map(repr, seen)) == sorted(map(repr, walk(expr)))
        assert seen[-1] == expr
        position = {id(node): at for at, node in enumerate(walk(expr))}
        assert len(position) == len(walk(expr))
    kinds = {type(node).__name__ for one in whole().definitions for node in walk(one.versions[0][1])}
    assert kinds >= {"Members", "Cases", "Min", "Max", "Divide", "Multiply", "Add", "Scale", "DateDiff", "Shift",
                     "OneOf", "Compare", "And", "Or", "Not", "Fact", "Const", "Parameter", "AsOf",
                     "Calendar"}  # fmt: skip
    assert any(isinstance(one.versions[0][1], Cases) for one in whole().definitions)
