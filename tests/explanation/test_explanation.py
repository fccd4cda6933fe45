"""What an explanation says of policies built by hand: reasons, figures, precedence, dates.

In: small programs, traced by the interpreter. Out: assertions. Called by pytest.
"""

from __future__ import annotations

import json
import re
from datetime import date

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import ALWAYS, DAY_MAX, Validity, to_day
from fupin_policy.core.declarations import DatedValue, FactDecl, Input, ParameterDecl
from fupin_policy.core.expressions import (
    Aggregate,
    And,
    Cases,
    Compare,
    Const,
    Expr,
    Fact,
    Items,
    Level,
    Not,
    Or,
    Parameter,
    Ref,
)
from fupin_policy.core.household import Household, Person
from fupin_policy.core.identifiers import DefinitionId, FactNeed, InputId
from fupin_policy.core.policies import Benefit, Group, Policy, PolicyVersion
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN, Value
from fupin_policy.core.program import Definition, Program
from fupin_policy.core.registers import ClauseRef, DatedName, Department, SourceDecl
from fupin_policy.core.snapshot import snapshot
from fupin_policy.core.types import Number, Truth
from fupin_policy.decisions.decision_builder import DecisionBuilder
from fupin_policy.decisions.missing import needs_of_questions
from fupin_policy.diagnostics import Source, Span
from fupin_policy.evaluators import interpreter
from fupin_policy.explanation import Explanation, ReasonFinder, explain
from fupin_policy.explanation.explanation import Reason

YEARS, YUAN = (("years_old", 1),), (("yuan", 1),)
AGE, MONEY = Number(YEARS, 0, 0, 120), Number(YUAN, 2, 0, 100000)
START, TODAY = to_day(date(2019, 1, 1)), to_day(date(2019, 6, 30))
SOURCE = Source("elderly.yaml", "policies:\n  when: 享受政策 且 年龄 >= 60\n")
SINCE_2019 = Validity(START, DAY_MAX + 1)

OLD = Compare("<=", Const(60, AGE), Fact(InputId("age"), "member", AGE), Span(SOURCE, 25, 33))
POOR = Fact(InputId("poor"), "household", Truth())
SERVED = Ref(DefinitionId("term", "served"), "household", Truth())


def _definition(id_: DefinitionId, level: Level, expr: Expr, name: Bilingual) -> Definition:
    return Definition(id_, level, expr.type, ((ALWAYS, expr),), None, name)


def _policy(id_: str, title: Bilingual, level: Level, validity: Validity, amount: bool) -> Policy:
    benefit = Benefit("cash", "month" if amount else None)
    basis = (ClauseRef("anfa", "4.2"),)
    version = PolicyVersion(validity, benefit, ("civil",), ("town",), basis, None)
    return Policy(id_, title, level, (version,), amount)


def _program(
    when: Expr, level: Level = "member", validity: Validity = ALWAYS, rival: Expr | None = None, paid: bool = True
) -> Program:
    """One policy P on `when`, paid by a parameter; with `rival`, a policy Q that comes first in a group."""
    title, other = Bilingual("高龄津贴", "Old-age allowance"), Bilingual("特困供养", "Special support")
    outcome: Expr = Ref(DefinitionId("when", "p"), level, Truth())
    definitions = [
        _definition(DefinitionId("term", "served"), "household", And((POOR,)), Bilingual("享受政策", "served"))
    ]
    policies = [_policy("p", title, level, validity, paid)]
    if rival is not None:
        definitions.append(_definition(DefinitionId("outcome", "q"), level, rival, other))
        outcome = And((outcome, Not(Ref(DefinitionId("outcome", "q"), level, Truth()))))
        policies.append(_policy("q", other, level, ALWAYS, False))
    definitions += [
        _definition(DefinitionId("when", "p"), level, when, title),
        _definition(DefinitionId("outcome", "p"), level, outcome, title),
    ]
    if paid:
        pay = Cases(
            ((Ref(DefinitionId("outcome", "p"), level, Truth()), Parameter("allowance", None, MONEY)),),
            Const(0, MONEY),
            MONEY,
        )
        definitions.append(_definition(DefinitionId("payable", "p"), level, pay, title))
    facts = [("age", "年龄", "member", "number", AGE), ("poor", "贫困户", "household", "truth", Truth())]
    value = DatedValue(SINCE_2019, {None: 8000}, "example", ClauseRef("figures", ""))
    return Program(
        id="test",
        title=Bilingual("测试", "Test"),
        covers=Validity(to_day(date(2018, 1, 1)), to_day(date(2023, 1, 1))),
        currency="CNY",
        decimals=2,
        max_members=10,
        min_members=0,
        identifiers={},
        unit_labels={"yuan": Bilingual("元", "yuan")},
        code_lists={},
        facts=tuple(FactDecl(n, z, (), lv, k, t, False, False) for n, z, lv, k, t in facts),  # type: ignore[arg-type]
        household_inputs=(Input(InputId("poor"), "household", Truth(), False, False),),
        member_inputs=(Input(InputId("age"), "member", AGE, False, False),),
        parameters={"allowance": ParameterDecl("allowance", "津贴标准", MONEY, (), (value,))},
        departments={
            "civil": Department(
                "civil", (DatedName(ALWAYS, Bilingual("市民政局", "Civil Affairs"), None),), None, False
            ),
            "town": Department("town", (DatedName(ALWAYS, Bilingual("辉渠镇", "Huiqu town"), None),), None, False),
        },
        places={},
        sources={
            "anfa": SourceDecl(
                "anfa", "安发〔2018〕31号", Bilingual("行动方案", "Action plan"), None, None, frozenset(), {}
            )
        },
        policies=tuple(policies),
        groups=() if rival is None else (Group("g", Bilingual("养老", "Old age"), "first", ("q", "p")),),
        definitions=tuple(definitions),
        digest="",
    )


def _explain(program: Program, ages: list[Value], poor: int = TRUE, day: int = TODAY) -> Explanation:
    household = Household("h", (poor,), tuple(Person(f"m{i}", (age,)) for i, age in enumerate(ages, 1)))
    now = snapshot(program, day)
    traces = interpreter.trace(now, household, day)
    decisions = DecisionBuilder.of(now).decide(
        household,
        interpreter.findings(now, traces),
        lambda: needs_of_questions(now.program, traces, tuple(one.id for one in household.members)),
    )
    rule, decision = next((rule, one) for rule, one in zip(now.rules, decisions, strict=True) if rule.policy.id == "p")
    found = explain(ReasonFinder(now, traces, household.ids), rule, decision, day)
    json.dumps(found.as_json())
    assert not re.search("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", found.text("en"))
    return found


def _said(found: Explanation) -> list[tuple[str | None, str, str, int]]:
    return [(r.member, r.text.zh, r.value.zh, r.holds) for r in found.reasons]


def test_the_whole_text_of_an_eligible_member() -> None:
    found = _explain(_program(And((SERVED, OLD))), [(61, 61), (30, 30)])
    assert found.text("zh").splitlines() == [
        "高龄津贴：符合（2019-06-30）",
        "  金额：每月 80.00 元",
        "  受益人：m1",
        "  牵头部门：市民政局",
        "  配合部门：辉渠镇",
        "  依据：安发〔2018〕31号 4.2",
        "  理由：",
        "    满足：m1：享受政策，即贫困户为「是」（实际：是）",
        "    满足：m1：年龄不小于 60 岁（实际：61 岁）",
        "  所用标准：",
        "    津贴标准：80.00 元（2019-01-01 起，示例数值，figures）",
        "  暂定：有的数值并非文件规定",
        "  规则原文：",
        "    elderly.yaml:2　年龄 >= 60",
    ]
    assert found.text("en").splitlines() == [
        "Old-age allowance: eligible (2019-06-30)",
        "  amount: 80.00 yuan a month",
        "  beneficiaries: m1",
        "  lead: Civil Affairs",
        "  cooperating: Huiqu town",
        "  basis: Action plan (anfa) 4.2",
        "  because:",
        '    met: m1: served, that is, "poor" is yes (in fact yes)',
        "    met: m1: age is at least 60 years (in fact 61 years)",
        "  figures used:",
        "    allowance: 80.00 yuan (from 2019-01-01, example figure, figures)",
        "  provisional: not all figures are enacted",
        "  written in:",
        "    elderly.yaml:2",
    ]
    assert found.reasons[1].place == "elderly.yaml:2"
    assert found.reasons[1].span_text == "年龄 >= 60"
    assert (found.parameters[0].standing, found.parameters[0].since) == ("example", date(2019, 1, 1))


def test_a_false_and_gives_all_that_fails_once_for_all_members() -> None:
    found = _explain(_program(And((SERVED, OLD))), [(59, 59), (59, 59), (70, 70)], poor=FALSE)
    assert _said(found) == [
        ("m1, m2, m3", "享受政策，即贫困户为「是」", "否", FALSE),
        ("m1, m2", "年龄不小于 60 岁", "59 岁", FALSE),
    ]
    assert "金额" not in found.text("zh")


def test_or_gives_the_first_that_holds_or_all_that_fail_as_one_reason() -> None:
    program = _program(Or((POOR, OLD)))
    assert _said(_explain(program, [(61, 61)])) == [("m1", "贫困户为「是」", "是", TRUE)]
    assert _said(_explain(program, [(10, 10)], poor=FALSE)) == [
        ("m1", "贫困户为「是」 或 年龄不小于 60 岁", "贫困户：否；年龄：10 岁", FALSE)
    ]


def test_unknown_gives_what_is_open_and_what_is_missing() -> None:
    found = _explain(_program(And((SERVED, OLD))), [(0, 120), (55, 65)])
    assert _said(found) == [
        ("m1", "年龄不小于 60 岁", "未知", UNKNOWN),
        ("m2", "年龄不小于 60 岁", "55–65 岁", UNKNOWN),
    ]
    assert "缺少：m1 的「年龄」、m2 的「年龄」" in found.text("zh")
    assert 'missing: m1\'s "age", m2\'s "age"' in found.text("en")
    assert "金额：每月 0.00–160.00 元" in found.text("zh")
    assert "待核实：m1：年龄不小于 60 岁（尚不知道）" in found.text("zh")
    assert "to be checked: m2: age is at least 60 years (all that is known: 55–65 years)" in found.text("en")


def test_not_is_said_as_the_contrary() -> None:
    assert _said(_explain(_program(Not(OLD)), [(70, 70)])) == [("m1", "年龄小于 60 岁", "70 岁", FALSE)]
    assert _said(_explain(_program(Not(SERVED)), [(70, 70)])) == [("m1", "非「享受政策」", "贫困户：是", FALSE)]


def test_quantifiers_name_who_holds_or_why_nobody_does() -> None:
    program = _program(Items(Aggregate.ANY, OLD, None, None, Truth()), "household")
    assert _said(_explain(program, [(20, 20), (61, 61), (62, 62)])) == [
        (None, "有成员满足（年龄不小于 60 岁）", "m2：年龄：61 岁", TRUE)
    ]
    assert _explain(program, [(20, 20), (30, 30)]).reasons[0].value.zh == "m1：年龄：20 岁；m2：年龄：30 岁"
    assert _explain(program, [(20, 20)] * 4).reasons[0].value.en == "none of the 4 members"
    assert _explain(program, []).reasons[0].value.en == "there are no members"
    every = _program(Not(Items(Aggregate.ANY, Not(OLD), None, None, Truth())), "household")
    assert _said(_explain(every, [(61, 61), (20, 20)])) == [
        (None, "所有成员满足（年龄不小于 60 岁）", "m2：年龄：20 岁", FALSE)
    ]


def test_another_policy_of_the_group_takes_precedence() -> None:
    found = _explain(_program(OLD, rival=POOR), [(70, 70)])
    assert found.reasons[0].text.zh == "「养老」中只享受一项（取在先），已由「特困供养」优先"
    assert '"Special support" takes precedence' in found.text("en")
    assert _said(_explain(_program(OLD, rival=POOR), [(70, 70)], poor=FALSE))[0][1] == "年龄不小于 60 岁"


def test_not_in_force_says_from_when() -> None:
    when = _program(OLD, validity=SINCE_2019)
    found = _explain(when, [(70, 70)], day=to_day(date(2018, 5, 1)))
    assert (found.in_force, found.reasons, found.parameters) == (False, (), ())
    assert "2018-05-01 时该政策不在施行期内。施行期：2019-01-01 起" in found.text("zh")


def test_a_parameter_without_value_is_named() -> None:
    found = _explain(_program(OLD), [(70, 70)], day=to_day(date(2018, 5, 1)))
    assert found.parameters[0].standing is None
    assert "缺少：「津贴标准」的数值" in found.text("zh")


def test_a_parameter_in_a_condition_keeps_its_name() -> None:
    limit = Compare("<", Parameter("allowance", None, MONEY), Const(9000, MONEY))
    assert _said(_explain(_program(limit), [(1, 1)]))[0][1:3] == (
        "津贴标准小于 90.00 元",
        "80.00 元",
    )


def test_many_reasons_are_capped_with_a_note() -> None:
    found = _explain(_program(OLD), [(age, age) for age in range(20, 40)])
    assert len(found.reasons) == 12
    assert "另有 8 条类似的理由。" in found.text("zh")


def test_no_members() -> None:
    assert _explain(_program(OLD), []).reasons[0].text.en == "there are no members"


def test_the_facts_of_a_reason_stand_item_by_item() -> None:
    """Their order in a set is another in each run, and which is assumed tells them apart."""
    needs = [FactNeed(InputId("cost"), "m1", number) for number in range(12)]
    reason = Reason(Bilingual("", ""), Bilingual("", ""), 3, (), None, None, frozenset(needs), frozenset(needs[7:8]))
    assert ["assumed" in one for one in reason.as_json()["facts"]] == [number == 7 for number in range(12)]
