"""Random rulesets, as the text of their files: well-typed by construction, of every construct of the language.

In: nothing. Out: a strategy of `{file: text}`. Called by tests.
Ranges are kept small, so that products stay within 64 bits and members' sums are quick to check by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from fupin_policy.testing.random_documents import (
    ABSENT,
    BODIES,
    FACTS,
    PARAMETERS,
    PLACE_TERM,
    PLACES,
    READINGS,
    RULESET,
    SOURCES,
)
from fupin_policy.testing.random_lists import list_files, list_terms

_PAID = [
    "per: month",
    "per: month, pay: {months: [3, 6, 9, 12]}",
    "per: quarter",
    "per: half_year, pay: {months: [1, 7]}",
    "per: once, window: 12-20..01-10",
    "per: once, window: 02-01..02-28",
]

_KINDS = ["cash", "cash", "in_kind", "contribution", "loan"]

_CHOSEN = ["", "beneficiaries: able", "beneficiaries: 残疾等级 = 户类别 或 非 (able 且 key_village)"]
_FORCES = ["force: discretion", "force: encouraged\n        offered: '户类别 = 一级'"]
_OBTAINED = [
    "obtain: {how: application, where: 某局, documents: [{zh: 簿, en: Register}, {zh: 证, en: Card}], within: 30天}",
    "obtain: {how: referral, within: 5个工作日}",
    "obtain: {how: automatic, documents: [{zh: 簿, en: Register, when: key_village}, {zh: 证, en: Card, when: poor}]}",
    'obtain: {how: referral, documents: [{zh: 介绍信, en: Letter}], phone: "0536-4221234"}',
]

AUDIENCES = 2
_WHOSE = ["", "", "    audience: audience0\n", "    audience: 受众1\n    section: money\n"]
MONEY, PLAIN, AGE = "money", "plain", "age"


@st.composite
def rulesets(draw: DrawFn, *, lists: bool = False) -> dict[str, str]:
    """The files of a random ruleset: `{relative path: text}`.

    With `lists` most have lists and ask about them.
    """
    terms = draw(st.lists(_term(), max_size=3))
    figures = draw(st.lists(_figure(), max_size=3))
    named = [f"term{index}" for index in range(len(terms))]
    terms_text = "kind: terms\nterms:\n" + "".join(
        f"  - {{name: {name}, label: 术语{index}, for: {level}, {text}}}\n"
        for index, (name, (level, text)) in enumerate(zip(named, terms, strict=True))
    )
    terms_text += "".join(
        f"  - {{name: figure{index}, label: 数字{index}, for: {level}, output: true{kind}, value: '{text}'}}\n"
        for index, (level, kind, text) in enumerate(figures)
    )
    checks = draw(st.lists(_check(), max_size=2))
    known = [(name, level) for name, (level, _) in zip(named, terms, strict=True)]
    of_lists = draw(list_terms(_inside, _paid_inside)) if lists and draw(st.integers(0, 3)) else []
    listed = [f"listed{index}" for index in range(len(of_lists))]
    known += [(name, level) for name, (level, _) in zip(listed, of_lists, strict=True)]
    policies, groups = draw(_policies(known))
    files = {
        "ruleset.yaml": RULESET,
        "facts.yaml": draw(_facts()),
        "parameters.yaml": PARAMETERS,
        "sources.yaml": SOURCES,
        "departments.yaml": BODIES,
        "places.yaml": PLACES,
        "home.yaml": PLACE_TERM,
        "readings.yaml": READINGS,
        "audiences.yaml": draw(_audiences()),
        "policies.yaml": "kind: policies\npolicies:\n" + policies + groups,
    }
    files |= list_files(of_lists, listed) if of_lists else {}
    if checks:
        files["checks.yaml"] = "kind: checks\nchecks:\n" + "".join(
            f"  - {{name: check{index}, label: 核对{index}, {text}}}\n" for index, text in enumerate(checks)
        )
    return {**files, "terms.yaml": terms_text} if terms or figures else files


def _inside(level: str) -> SearchStrategy[str]:
    return truths(level, 1)


def _paid_inside(level: str) -> SearchStrategy[str]:
    return numbers(level, MONEY, 1)


@st.composite
def _audiences(draw: DrawFn) -> str:
    """Whom policies are for, each by a condition on households; and the sections."""
    tests = [draw(truths("household")) for _ in range(AUDIENCES)]
    listed = (f"  - {{name: audience{at}, label: 受众{at}, when: '{test}'}}\n" for at, test in enumerate(tests))
    return f"kind: audiences\naudiences:\n{''.join(listed)}sections: [{{name: money, label: 钱款}}]\n"


@st.composite
def _check(draw: DrawFn) -> str:
    """A check of data that warns; one that rejects would leave most households undecided."""
    level = draw(st.sampled_from(["household", "member"]))
    words = "words: {zh: 请核实, en: look again}"
    return f"for: {level}, must: '{draw(truths(level))}', severity: warn, {words}, basis: [s]"


@st.composite
def _figure(draw: DrawFn) -> tuple[str, str, str]:
    """A term that is an output: its level, what it declares, its value."""
    level = draw(st.sampled_from(["household", "member"]))
    dates = ["识别日期", "基准日 + 3月", *(["出生日期 + 60年", "较小(birth, entered)"] if level == "member" else [])]
    grades = ["户类别", *(["grade_of", "若 able 则 残疾等级 否则 户类别"] if level == "member" else [])]
    money = numbers(level, MONEY).map(lambda text: f"({text}) 四舍五入到 分")
    return draw(
        st.one_of(
            truths(level).map(lambda text: (level, "", text)),
            money.map(
                lambda text: (level, draw(st.sampled_from(["", ", unit: 元", ", unit: 万元, decimals: 6"])), text)
            ),
            numbers(level, AGE).map(lambda text: (level, "", text)),
            st.sampled_from(dates).map(lambda text: (level, ", due: true", text)),
            st.sampled_from(grades).map(lambda text: (level, "", text)),
        )
    )


@st.composite
def _facts(draw: DrawFn) -> str:
    """The facts, of which some declare what is assumed where they are not given."""
    text = FACTS
    for name in draw(st.one_of(st.just([]), st.lists(st.sampled_from(sorted(ABSENT)), unique=True))):
        start, line = f"  - {{name: {name}, ", f"absent: {ABSENT[name]}, why: {{zh: 试, en: Trial}}, "
        text = text.replace(start, start + line)
    return text


@st.composite
def _term(draw: DrawFn) -> tuple[str, str]:
    """A term's level and what it says: one thing always, or one after another."""
    level = draw(st.sampled_from(["household", "member"]))
    if draw(st.booleans()):
        return level, f"value: '{draw(truths(level))}'"
    first, second = draw(truths(level)), draw(truths(level))
    dated = f"{{valid: ..2019-09-30, value: '{first}'}}, {{valid: 2019-10-01.., value: '{second}'}}"
    return level, f"versions: [{dated}]"


@st.composite
def _policies(draw: DrawFn, terms: Sequence[tuple[str, str]]) -> tuple[str, str]:
    text, levels, paying = "", list[str](), list[int]()
    keep = draw(st.sampled_from([None, "first", "highest", "capped"]))
    for index in range(draw(st.integers(1, 4))):
        # the facts of what was decided last time ask for the first, of households
        level = draw(st.sampled_from(["household", "member"])) if index else "household"
        known = [name for name, at in terms if at in ("household", level)]
        # in a group of which the highest is kept, policies that refer to one another would go in a circle
        before = [] if keep == "highest" else [i for i, at in enumerate(levels) if at in ("household", level)]
        known += [f"eligible(p.n{other})" for other in before]
        # of a group all are given, and money
        kind = draw(st.sampled_from([*_KINDS, None])) if keep is None else "cash"
        text += draw(_policy(index, level, known, [i for i in before if i in paying], keep, kind))
        levels.append(level)
        paying += [] if kind is None else [index]
    return text, "" if keep is None else _group(levels, keep)


@st.composite
def _policy(
    draw: DrawFn, index: int, level: str, known: list[str], amounts: list[int], keep: str | None, kind: str | None
) -> str:
    """A policy; a kind of none is a service, which has no amount."""
    dates = draw(st.sampled_from([[".."], ["..2019-06-30", "2019-07-01.."], ["2019-07-01.."]]))
    text = f"  - id: p.n{index}\n    title: {{zh: 政策{index}, en: Policy {index}}}\n    for: {level}\n"
    text += f"{draw(st.sampled_from(_WHOSE))}    versions:\n"
    for valid in dates:
        condition = draw(truths(level))
        if len(known) > 0 and draw(st.booleans()):
            condition = f"({condition}) {draw(st.sampled_from(['且', 'or', 'and 非']))} {draw(st.sampled_from(known))}"
        text += f"      - valid: {valid}\n        when: '{condition}'\n"
        # of a group amounts are for one period, or weighed by what they come to in a year
        paid = draw(st.sampled_from(_PAID if keep is None else _PAID[:4] if keep == "highest" else _PAID[:2]))
        given = "service" if kind is None else f"{kind}, {paid}, amount: {draw(_amount(level, amounts))}"
        text += f"        benefit: {{kind: {given}}}\n"
        force, obtain = draw(st.sampled_from(["", "", *_FORCES])), draw(st.sampled_from(["", "", *_OBTAINED]))
        chosen = draw(st.sampled_from(_CHOSEN)) if level == "household" else ""
        starts = draw(st.sampled_from(["", "", "starts: next_month", "starts: same_month"]))
        text += "".join(f"        {one}\n" for one in (starts, force, obtain, chosen, draw(_lead(level)), "basis: [s]"))
    return text


def _lead(level: str) -> SearchStrategy[str]:
    """Who answers, always the same, or by conditions or a place that a term tells."""
    joining = "cooperating: [{when: key_village, then: e, otherwise: {when: poor, then: [d, e], otherwise: []}}]"
    own = truths(level).map(lambda text: f"lead: [{{when: '{text}', then: [e, d], otherwise: 某局}}]")
    placed = own.map(lambda lead: lead.replace("[e, d]", "[e, f]"))
    same = st.sampled_from(["lead: [某局]", "lead: [某局, f]"])
    return st.one_of(same, own, placed, own.map(lambda lead: f"{lead}\n        {joining}"))


@st.composite
def _amount(draw: DrawFn, level: str, amounts: list[int]) -> str:
    if draw(st.integers(0, 3)) == 0:
        return draw(st.one_of(_table(level), _kept_table(level)))
    expr = f"({draw(numbers(level, MONEY))}) 四舍五入到 分"
    if len(amounts) > 0 and draw(st.booleans()):
        expr = f"max({expr}, amount(p.n{draw(st.sampled_from(amounts))}))"
    return f"'{expr}'"


@st.composite
def _table(draw: DrawFn, level: str) -> str:
    money = st.integers(0, 900).map(lambda value: f"{value}元")
    if draw(st.booleans()):
        cut, rates = draw(st.integers(1, 999)), draw(st.tuples(st.integers(0, 99), st.integers(0, 99)))
        of = draw(st.sampled_from(["收入", "wage"])) if level == "member" else "income"
        rows = f"[[0元..{cut}元, {rates[0]}%], [{cut}元.., {rates[1]}%]]"
        return f"{{slices: {{of: {of}, rows: {rows}, rounding: 舍去到 角}}}}"
    if level == "member":
        cut = draw(st.integers(1, 99))
        a, b, c = draw(st.tuples(money, money, money))
        by = "[周岁数(出生日期), 残疾等级]"
        return f"{{by: {by}, rows: [[..{cut}, [一级, 二级], {a}], [{cut + 1}.., any, {b}]], otherwise: {c}}}"
    cut = draw(st.integers(-999, 999))
    return f"{{by: 收入, rows: [[..<{cut}元, {draw(money)}], [{cut}元.., {draw(money)}]]}}"


@st.composite
def _kept_table(draw: DrawFn, level: str) -> str:
    """A table of which several rows may fit."""
    value = numbers(level, MONEY, 1).map(lambda text: f"'({text}) 四舍五入到 分'")
    rows = [
        f"{{when: '{condition}', then: {draw(value)}}}"
        for condition in draw(st.lists(truths(level, 1), min_size=1, max_size=3))
    ]
    by = ""
    if draw(st.booleans()):
        rows.append(f"[..{draw(st.integers(-999, 9999))}元, {draw(value)}]")
        by = "by: 收入, "
    keep = draw(st.sampled_from(["highest", "first", "all"]))
    return f"{{keep: {keep}, {by}rows: [{', '.join(draw(st.permutations(rows)))}], otherwise: {draw(value)}}}"


def _group(levels: Sequence[str], keep: str) -> str:
    """A group of the first level that has two policies; of both levels where the highest is kept."""
    for some in (["member", "household"],) if keep == "highest" else (["member"], ["household"]):
        same = [f"p.n{index}" for index, at in enumerate(levels) if at in some]
        if len(same) > 1:
            most = ", most: 参数.标准 × 2" if keep == "capped" else ""
            own = f"{{id: g, title: {{zh: 组, en: Group}}, keep: {keep}{most}, policies: [{', '.join(same)}]}}"
            return f"groups:\n  - {own}\n"
    return ""


@cache
def truths(level: str, depth: int = 3) -> SearchStrategy[str]:
    """Conditions of a household's or a member's rule."""
    flags = ["贫困户", "key_village", "户类别 = 一级", "class_of in {two, 三级}", "识别日期 < 2019-06-30"]
    flags += ["月份(基准日) 在 4..9", "last(09-01, as_of) <= entered", "识别日期 > 季末(基准日)", "月份(识别日期) = 2"]
    flags += ["上期甲", "满月数(若有(上期甲起始日 否则 识别日期)) < 6"]
    flags += ["有(复核日期)", "if_given(review else as_of) >= 2019-06-30"]
    flags += ["各月都(享受救助, 近3个月)", "aided(last month)", "every_year(年收成 < 900元, previous 2 years)"]
    flags += ["各月都(识别日期 <= 基准日 且 aided, 前2个月)"]
    flags += [
        "读法.范围 = 窄",
        "reading.scope in {wide, 中}",
        "读法.起算 = 申请",
        "参数.试点",
        "参数.类别 = 户类别",
        "parameter.class = two",
        "参数.类别(截至 11-30) = 一级",
        "parameter.trial_run(as of 11-01)",
    ]
    if level == "member":
        flags += ["given(left)", "满月数(若有(迁出日期 否则 识别日期)) < 24", "able", "残疾等级 不属于 {一级}"]
        flags += ["健康状况 包含 大病", "grade_of = 户类别", "出生日期 + 18年 > 基准日"]
    leaf = st.sampled_from([*flags, "是", "false"])
    if depth == 0:
        return leaf
    inner = truths(level, depth - 1)
    options: list[SearchStrategy[str]] = [
        leaf,
        st.tuples(inner, st.sampled_from(["且", "或", "and", "or"]), inner).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
        inner.map(lambda text: f"非 ({text})"),
        st.tuples(inner, inner, inner).map(lambda p: f"若 {p[0]} 则 ({p[1]}) 否则 ({p[2]})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}) = ({p[1]})"),
        truths("member", depth - 1).map(lambda text: f"有成员满足({text})"),
        truths("member", depth - 1).map(lambda text: f"all members satisfy ({text})"),
        truths("member", depth - 1).map(lambda text: f"没有成员满足({text})"),
        *(_comparison(level, kind, depth - 1) for kind in (MONEY, PLAIN, AGE)),
    ]
    return st.one_of(options)


def _comparison(level: str, kind: str, depth: int) -> SearchStrategy[str]:
    side = numbers(level, kind, depth)
    operator = st.sampled_from(["=", "≠", "<", "<=", ">", "≥"])
    return st.tuples(side, operator, side).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})")


@cache
def numbers(level: str, kind: str, depth: int = 2) -> SearchStrategy[str]:
    """Numbers of a kind: money, plain numbers, or ages."""
    leaf = st.sampled_from(_LEAVES[kind] + (_MEMBER_LEAVES[kind] if level == "member" else []))
    if depth == 0:
        return leaf
    inner = numbers(level, kind, depth - 1)
    other = numbers("member", kind, depth - 1)
    where = truths("member", 0)
    options: list[SearchStrategy[str]] = [
        leaf,
        st.tuples(inner, st.sampled_from("+-"), inner).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
        st.tuples(st.sampled_from(["较小", "max"]), inner, inner).map(lambda p: f"{p[0]}({p[1]}, {p[2]})"),
        st.tuples(truths(level, 1), inner, inner).map(lambda p: f"若 {p[0]} 则 ({p[1]}) 否则 ({p[2]})"),
        st.tuples(other, where).map(lambda p: f"成员合计({p[0]}, {p[1]})"),
        st.tuples(other, where, leaf_of(kind)).map(lambda p: f"member_min({p[0]}, {p[1]} else {p[2]})"),
        st.tuples(other, where, leaf_of(kind)).map(lambda p: f"成员最大({p[0]}，{p[1]} 否则 {p[2]})"),
    ]
    if kind == MONEY:
        mode = st.sampled_from(["四舍五入到", "舍去到", "rounded up to"])
        step = st.sampled_from(["分", "角", "元", "10元", "fen"])
        options += [
            st.tuples(inner, mode, step).map(lambda p: f"(({p[0]}) × 12.5% {p[1]} {p[2]})"),
            st.tuples(inner, mode, step).map(lambda p: f"(({p[0]}) ÷ 7 {p[1]} {p[2]})"),
            st.tuples(inner, mode).map(lambda p: f"(({p[0]}) × 参数.比例 {p[1]} 分)"),
            st.tuples(inner, st.integers(-9, 9)).map(lambda p: f"({p[0]}) × ({p[1]})"),
            inner.map(lambda text: f"-({text})"),
            st.tuples(inner, mode, step).map(lambda p: f"(分段({p[0]}, 参数.税率表) {p[1]} {p[2]})"),
            st.tuples(inner, mode, step).map(lambda p: f"(分段({p[0]}, 参数.税率表(截至 07-01)) {p[1]} {p[2]})"),
            inner.map(lambda text: f"pick(({text}) rounded to fen, parameter.steps(as of 01-01))"),
            inner.map(lambda text: f"pick(({text}) rounded to fen, parameter.steps)"),
        ]
    return st.one_of(options)


_LEAVES = {
    MONEY: [
        "收入",
        "0元",
        "500元",
        "0.01 yuan",
        "参数.标准",
        "参数.线",
        "参数.三分之一",
        "参数.份额",
        "0.3万元",
        "参数.标准(截至 07-01)",
        "parameter.share(as of 07-01)",
        "参数.三分之一(截至 03-15)",
        "harvest",
        "(平均(年收成, 近2年) 四舍五入到 分)",
        "合计(成员合计(养老金), 近2个月)",
    ],
    PLAIN: ["必填数", "3", "0", "always_given × 2", "2.5", "年份(识别日期) - year(as_of)", "month(月末(entered))"],
    AGE: [
        "周岁数(识别日期, 下一个(03-01, 基准日))",
        "周岁数(识别日期)",
        "60周岁",
        "16周岁",
        "0周岁",
        "completed_years(entered, 2024-02-29)",
    ],
}
_MEMBER_LEAVES = {
    MONEY: [
        "工资",
        "wage",
        "wage × months",
        "养老金",
        "养老金(上月)",
        "total(pension, this year)",
        "合计(养老金, 前3个月)",
    ],
    PLAIN: ["7"],
    AGE: ["周岁数(出生日期)", "周岁数(birth, 识别日期)", "周岁数(出生日期, 年初(基准日))"],
}


def leaf_of(kind: str) -> SearchStrategy[str]:
    """Constants of a kind, for the value of nobody."""
    return st.sampled_from({MONEY: ["0元", "77.7元"], PLAIN: ["0", "-1"], AGE: ["0岁", "18周岁"]}[kind])
