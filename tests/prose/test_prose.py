"""`say` and `show_value` by hand and on random expressions: no raise, no float, no stray Chinese.

In: small programs. Out: assertions. Called by pytest.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_policy.core.bilingual import Bilingual, counted
from fupin_policy.core.days import ALWAYS, MonthDay
from fupin_policy.core.declarations import CodeDecl, CodeList, FactDecl, ParameterDecl
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    And,
    AsOf,
    Calendar,
    CalendarPart,
    Cases,
    Compare,
    Const,
    DateDiff,
    Divide,
    Expr,
    Fact,
    Items,
    Max,
    Min,
    Multiply,
    Not,
    OneOf,
    Or,
    Parameter,
    Period,
    Ref,
    Rounding,
    Scale,
    Shift,
    Unknown,
)
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.policies import Obtain, Policy
from fupin_policy.core.possible import TRUE, UNKNOWN, Value
from fupin_policy.core.program import Definition, Program
from fupin_policy.core.types import PLAIN, Code, Day, ErrorType, Number, Truth, Type
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.expressions import say, show_value
from fupin_policy.prose.obtaining import obtain_words

YUAN, AGE_UNIT = (("yuan", 1),), (("years_old", 1),)
MONEY, AGE, SHARE = Number(YUAN, 2, 0, 10**7), Number(AGE_UNIT, 0, 0, 120), Number(PLAIN, 2, 0, 100)
DAY, LEVEL, ILL = Day(-25567, 18261), Code("level", 4), Code("health", 2)

LEVELS = CodeList(
    "level",
    tuple(
        CodeDecl(str(i), n, z)
        for i, (n, z) in enumerate([("one", "一级"), ("two", "二级"), ("three", "三级"), ("very_light", "四级")])
    ),
)
HEALTH = CodeList("health", (CodeDecl("1", "healthy", "健康"), CodeDecl("2", "ill", "患有大病")))


def _fact(name: str, label: str, kind: str, type_: Type) -> FactDecl:
    return FactDecl(name, label, (), "member", kind, type_, False, False)  # type: ignore[arg-type]


PROGRAM = Program(
    id="test",
    title=Bilingual("测试", "Test"),
    covers=ALWAYS,
    currency="CNY",
    decimals=2,
    max_members=10,
    min_members=1,
    identifiers={},
    unit_labels={"yuan": Bilingual("元", "yuan")},
    code_lists={"level": LEVELS, "health": HEALTH},
    facts=(
        _fact("birth_date", "出生日期", "date", DAY),
        _fact("net_income", "纯收入", "number", MONEY),
        _fact("disability_level", "残疾等级", "code", LEVEL),
        _fact("on_allowance", "享受低保", "truth", Truth()),
        _fact("health", "健康状况", "codes", ILL),
    ),
    household_inputs=(),
    member_inputs=(),
    parameters={"old_age_60": ParameterDecl("old_age_60", "高龄津贴", MONEY, (), ())},
    departments={},
    places={},
    sources={},
    policies=(Policy("a.b", Bilingual("高龄津贴", "Old-age allowance"), "member", (), True),),
    groups=(),
    definitions=(Definition(DefinitionId("term", "age"), "member", AGE, (), None, Bilingual("年龄", "age")),),
    digest="",
)


def number(value: int, scale: int = 0, unit: tuple[tuple[str, int], ...] = YUAN) -> Const:
    return Const(value, Number(unit, scale, value, value))


BIRTH, INCOME, DISABILITY = (
    Fact(InputId("birth_date"), "member", DAY),
    Fact(InputId("net_income"), "member", MONEY),
    Fact(InputId("disability_level"), "member", LEVEL),
)
LOW, ILLNESS, AGED = (
    Fact(InputId("on_allowance"), "member", Truth()),
    Fact(InputId("health", "ill"), "member", Truth()),
    Ref(DefinitionId("term", "age"), "member", AGE),
)
SIXTY = number(60, 0, AGE_UNIT)
PRICE = Number(YUAN, 0, 0, 10**9)
WHOLE, NO_BOUND = Number(PLAIN, 0, 0, 100), Number(YUAN, 4, 0, 10**11)

SAID: list[tuple[Expr, str, str]] = [
    (ILLNESS, "健康状况 包含 患有大病", "health contains ill"),
    (Compare("<=", SIXTY, AGED), "年龄不小于 60 岁", "age is at least 60 years"),
    (Not(Compare("<=", SIXTY, AGED)), "年龄小于 60 岁", "age is less than 60 years"),
    (Not(Compare("<", AGED, SIXTY)), "年龄不小于 60 岁", "age is at least 60 years"),
    (Not(Compare("=", AGED, SIXTY)), "年龄不等于 60 岁", "age is not 60 years"),
    (OneOf(DISABILITY, 3), "残疾等级是一级或二级", 'disability level is "one" or "two"'),
    (Not(OneOf(DISABILITY, 8)), "残疾等级不是四级", 'disability level is not "very light"'),
    (Not(OneOf(DISABILITY, 3)), "残疾等级不在一级、二级之列", 'disability level is none of "one", "two"'),
    (Compare("<", BIRTH, AsOf(DAY)), "出生日期早于基准日", "birth date is before the date asked for"),
    (Not(Compare("<", BIRTH, AsOf(DAY))), "出生日期不早于基准日", "birth date is no earlier than the date asked for"),
    (
        And((LOW, Or((ILLNESS, Not(LOW))))),
        "享受低保 且 (健康状况 包含 患有大病 或 非 享受低保)",
        "on allowance and (health contains ill or not on allowance)",
    ),
    (
        Or((And((LOW, ILLNESS)), LOW)),
        "享受低保 且 健康状况 包含 患有大病 或 享受低保",
        "on allowance and health contains ill or on allowance",
    ),
    (Not(And((LOW, ILLNESS))), "非 (享受低保 且 健康状况 包含 患有大病)", "not (on allowance and health contains ill)"),
    (Compare("<", number(300000, 2), INCOME), "纯收入大于 3000.00 元", "net income is more than 3000.00 yuan"),
    (Scale(Fact(InputId("net_income"), "member", PRICE), 100, MONEY), "纯收入", "net income"),
    (Scale(INCOME, -1, MONEY), "-纯收入", "-net income"),
    (Scale(INCOME, 3, MONEY), "3 × 纯收入", "3 × net income"),
    (
        Add((INCOME, Scale(INCOME, -1, MONEY), number(5, 2)), MONEY),
        "纯收入 - 纯收入 + 0.05 元",
        "net income - net income + 0.05 yuan",
    ),
    (
        Multiply(Add((INCOME, number(5, 2)), MONEY), Const(70, SHARE), NO_BOUND),
        "(纯收入 + 0.05 元) × 70%",
        "(net income + 0.05 yuan) × 70%",
    ),
    (
        Divide(Multiply(INCOME, Const(70, SHARE), NO_BOUND), number(100, 0, PLAIN), Rounding.HALF_UP, MONEY),
        "纯收入 × 70% 四舍五入到 0.01 元",
        "net income × 70% rounded to 0.01 yuan",
    ),
    (
        Divide(INCOME, number(12, 0, PLAIN), Rounding.DOWN, MONEY),
        "纯收入 ÷ 12 舍去到 0.01 元",
        "net income ÷ 12 rounded down to 0.01 yuan",
    ),
    (
        Scale(Divide(INCOME, number(1000, 0, PLAIN), Rounding.UP, PRICE), 10, PRICE),
        "纯收入 进位到 10 元",
        "net income rounded up to 10 yuan",
    ),
    (
        Divide(
            Scale(INCOME, 100, MONEY),
            Fact(InputId("disability_level"), "member", Number(PLAIN, 2, 1, 9)),
            Rounding.DOWN,
            MONEY,
        ),
        "纯收入 ÷ 残疾等级 舍去到 0.01 元",
        "net income ÷ disability level rounded down to 0.01 yuan",
    ),
    (Parameter("old_age_60", None, MONEY), "高龄津贴", "old age 60"),
    (
        Cases(((OneOf(DISABILITY, 1), Parameter("old_age_60", 0, MONEY)),), Parameter("old_age_60", 1, MONEY), MONEY),
        "高龄津贴",
        "old age 60",
    ),
    (Unknown("old_age_60", MONEY), "高龄津贴（该日无值）", "old age 60 (no value on that date)"),
    (Ref(DefinitionId("outcome", "a.b"), "member", Truth()), "符合「高龄津贴」", 'eligible for "Old-age allowance"'),
    (Ref(DefinitionId("payable", "a.b"), "member", MONEY), "「高龄津贴」的金额", 'the amount of "Old-age allowance"'),
    (
        Cases(((LOW, number(8000, 2)),), number(0, 2), MONEY),
        "若 享受低保 则 80.00 元，否则 0.00 元",
        "if on allowance then 80.00 yuan, else 0.00 yuan",
    ),
    (
        Cases(((LOW, ILLNESS),), Not(ILLNESS), Truth()),
        "享受低保与健康状况 包含 患有大病一致",
        "on allowance is as health contains ill",
    ),
    (Items(Aggregate.ANY, LOW, None, None, Truth()), "有成员满足（享受低保）", "any member satisfies (on allowance)"),
    (
        Not(Items(Aggregate.ANY, Not(LOW), None, None, Truth())),
        "所有成员满足（享受低保）",
        "all members satisfy (on allowance)",
    ),
    (Items(Aggregate.COUNT, Const(TRUE, Truth()), None, None, WHOLE), "成员数", "number of members"),
    (
        Items(Aggregate.SUM, LOW, INCOME, None, MONEY),
        "成员合计(纯收入，限 享受低保)",
        "sum over members(net income, where on allowance)",
    ),
    (DateDiff(Period.YEARS, BIRTH, AsOf(DAY), AGE), "周岁数(出生日期)", "(completed years since birth date)"),
    (Shift(BIRTH, number(-2, 0, PLAIN), Period.YEARS, DAY), "出生日期 - 2 年", "birth date - 2 years"),
    (Calendar(CalendarPart.MONTH, BIRTH, WHOLE), "月份(出生日期)", "(the month of birth date)"),
    (Calendar(MonthDay(1, 1), AsOf(DAY), DAY), "年初(基准日)", "(the first day of the year of the date asked for)"),
    (
        Shift(
            Shift(Calendar(CalendarPart.START_OF_QUARTER, BIRTH, DAY), number(3, 0, PLAIN), Period.MONTHS, DAY),
            number(-1, 0, PLAIN),
            Period.DAYS,
            DAY,
        ),
        "季末(出生日期)",
        "(the last day of the quarter of birth date)",
    ),
    (
        Calendar(MonthDay(9, 1), BIRTH, DAY),
        "（出生日期当日或之前最近的 9 月 1 日）",
        "(the last 1 September on or before birth date)",
    ),
    (
        Shift(Calendar(MonthDay(9, 1), BIRTH, DAY), number(1, 0, PLAIN), Period.YEARS, DAY),
        "（出生日期之后的下一个 9 月 1 日）",
        "(the next 1 September after birth date)",
    ),
    (Min((INCOME, number(5, 2)), MONEY), "较小(纯收入，0.05 元)", "the lesser of (net income, 0.05 yuan)"),
]


@pytest.mark.parametrize(("expr", "zh", "en"), SAID, ids=[zh for _, zh, _ in SAID])
def test_say(expr: Expr, zh: str, en: str) -> None:
    assert say(expr, PROGRAM, "zh") == zh
    assert say(expr, PROGRAM, "en") == en


SHOWN: list[tuple[Type, Value, str, str]] = [
    (MONEY, (8000, 8000), "80.00 元", "80.00 yuan"),
    (MONEY, (8000, 20000), "80.00–200.00 元", "80.00–200.00 yuan"),
    (Number(YUAN, 2, -500, 500), (-5, 5), "-0.05–0.05 元", "-0.05–0.05 yuan"),
    (Number(YUAN, 4, 0, 10**9), (12345, 12345), "1.2345 元", "1.2345 yuan"),
    (MONEY, (0, 10**7), "未知", "unknown"),
    (Number(YUAN, 2, 5, 5), (5, 5), "0.05 元", "0.05 yuan"),
    (AGE, (59, 59), "59 岁", "59 years"),
    (AGE, (1, 1), "1 岁", "1 year"),
    (AGE, (0, 1), "0–1 岁", "0–1 years"),
    (SHARE, (30, 55), "30–55%", "30–55%"),
    (Number(PLAIN, 2, 0, 10000), (8550, 8550), "85.5", "85.5"),
    (Number(YUAN, 0, 0, 10**18 + 1), (10**18 + 1,) * 2, "1000000000000000001 元", "1000000000000000001 yuan"),
    (LEVEL, 3, "一级或二级", "one or two"),
    (LEVEL, 11, "一级、二级或四级", "one, two or very light"),
    (LEVEL, 15, "未知", "unknown"),
    (LEVEL, 8, "四级", "very light"),
    (DAY, (0, 364), "1970-01-01 至 1970-12-31", "1970-01-01 to 1970-12-31"),
    (DAY, (0, 0), "1970-01-01", "1970-01-01"),
    (Truth(), TRUE, "是", "yes"),
    (Truth(), UNKNOWN, "未知", "unknown"),
]


@pytest.mark.parametrize(("type_", "value", "zh", "en"), SHOWN)
def test_show_value(type_: Type, value: Value, zh: str, en: str) -> None:
    assert show_value(type_, value, PROGRAM, "zh") == zh
    assert show_value(type_, value, PROGRAM, "en") == en


def _numbers(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    few = st.lists(inner, min_size=1, max_size=3).map(tuple)
    scales = st.integers(0, 6).map(lambda scale: Number(YUAN, scale, -(10**9), 10**9))
    factors = st.sampled_from([-1, 1, 3, 10, 100, -100, 10**6])
    return st.one_of(
        st.builds(Add, few, scales),
        st.builds(Scale, inner, factors, scales),
        st.builds(Multiply, inner, inner, scales),
        st.builds(Divide, inner, inner, st.sampled_from(Rounding), scales),
        st.builds(Min, few, scales),
        st.builds(Max, few, scales),
        st.builds(Items, st.sampled_from([Aggregate.SUM, Aggregate.MAX]), st.just(LOW), inner, inner, scales),
    )


NUMBERS = st.recursive(
    st.one_of(
        st.sampled_from(
            [
                INCOME,
                AGED,
                Parameter("old_age_60", 2, MONEY),
                Unknown("gone", MONEY),
                Fact(InputId("no_such"), "member", MONEY),
            ]
        ),
        st.builds(number, st.integers(-(2**63), 2**63), st.integers(0, 8)),
        st.builds(DateDiff, st.sampled_from(Period), st.just(BIRTH), st.sampled_from([BIRTH, AsOf(DAY)]), st.just(AGE)),
    ),
    _numbers,
    max_leaves=8,
)


def _truths(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    few = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Not, inner),
        st.builds(And, few),
        st.builds(Or, few),
        st.builds(Items, st.just(Aggregate.ANY), inner, st.none(), st.none(), st.just(Truth())),
        st.builds(Cases, st.lists(st.tuples(inner, inner), max_size=2).map(tuple), inner, st.just(Truth())),
    )


TRUTHS = st.recursive(
    st.one_of(
        st.sampled_from(
            [
                LOW,
                ILLNESS,
                Const(TRUE, Truth()),
                Const(0, ErrorType()),
                Fact(InputId("health", "gone"), "member", Truth()),
            ]
        ),
        st.builds(Compare, st.sampled_from(["<", "<=", "="]), NUMBERS, NUMBERS),
        st.builds(OneOf, st.just(DISABILITY), st.integers(0, 255)),
        st.sampled_from(
            [
                Ref(DefinitionId("outcome", "a.b"), "member", Truth()),
                Ref(DefinitionId("when", "x.y"), "member", Truth()),
                Ref(DefinitionId("term", "odd"), "member", Truth()),
            ]
        ),
    ),
    _truths,
    max_leaves=10,
)


@given(st.one_of(TRUTHS, NUMBERS), st.sampled_from(["zh", "en"]))
def test_say_never_raises_and_english_is_english(expr: Expr, lang: Lang) -> None:
    text = say(expr, PROGRAM, lang)
    assert text and text.count("(") == text.count(")")
    assert not re.search(r"\de[+-]?\d", text)
    if lang == "en":
        assert not re.search("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text)


def test_of_one_the_english_word_is_no_plural() -> None:
    once = Obtain("application", None, (), 1, None)
    assert "settled within 1 day;" in obtain_words(once, None).en + ";"
    assert counted(1, "household") == "1 household" and counted(0, "household") == "0 households"
