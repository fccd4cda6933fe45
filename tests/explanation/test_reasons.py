"""What an explanation says of conditions: 且, 或, 非 and brackets keep their meaning, and nothing is visited twice.

In: small rulesets. Out: assertions. Called by pytest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_rulesets import DAY, GRADE, policy, written

from fupin_policy import Explanation, Ruleset
from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.explanation.explanation import Reason

FLAGS = "".join(f"- {{name: {one}, label: 条件{one}, for: household, type: truth}}\n" for one in "abcd")
LEVEL = "- {name: level, label: 残疾等级, for: member, type: code, codes: grade}\n"


def told(ruleset: Ruleset, policy: str = "p.p", **household: Any) -> Explanation:
    (found,) = ruleset.explain({"id": "h", "members": [], **household}, DAY, policy)
    return found


def said(found: Explanation) -> list[str]:
    return [reason.line("zh") for reason in found.reasons]


@pytest.mark.fault("A13")
def test_a_chain_of_terms_that_name_the_next_twice(tmp_path: Path) -> None:
    """Each of 60 terms rests twice on the next: by visiting each twice this would never end."""
    terms = "".join(
        f"- {{name: x{at}, label: 项{at}, for: household, value: 'x{at + 1} 且 (x{at + 1} 或 a)'}}\n"
        for at in range(60)
    )
    terms += "- {name: x60, label: 末项, for: household, value: 'a 且 b'}\n"
    ruleset = written(tmp_path, FLAGS, policy("x0"), terms)
    (line,) = said(told(ruleset, a=True, b=True))
    assert line.startswith("满足：项0，即项1 且 （项1 或 条件a为「是」）")
    (line,) = said(told(ruleset, a=True, b=False))
    assert "不满足：项0" in line and len(line) < 200
    assert len(told(ruleset, a=True).decision.missing) == 1


@pytest.mark.fault("A13")
def test_what_members_are_asked_is_asked_once_for_all_of_them(tmp_path: Path) -> None:
    """A member's policy that counts members looks at each of them once, and not once for each member."""
    ruleset = written(tmp_path, LEVEL, policy("成员数(残疾等级 = 一级) >= 2 且 残疾等级 = 一级", "member"), lists=GRADE)
    from fupin_policy.core.days import to_day
    from fupin_policy.evaluators import interpreter

    def traces(count: int) -> int:
        given = {"id": "h", "members": [{"id": f"m{at}", "残疾等级": "一级"} for at in range(count)]}
        household, day = ruleset.read(given, DAY)
        found = interpreter.trace(ruleset.snapshot(DAY), household, day)
        seen: dict[int, None] = {}
        waiting = [trace for each in found.values() for trace in each]
        while waiting:
            trace = waiting.pop()
            if id(trace) not in seen:
                seen[id(trace)] = None
                waiting += trace.children
        assert to_day(ruleset.breakpoints[0]) <= day
        return len(seen)

    few, many = traces(10), traces(40)
    assert many <= 4 * few


@pytest.mark.fault("A14")
class TestJoints:
    def test_of_several_that_would_do_none_does(self, tmp_path: Path) -> None:
        ruleset = written(tmp_path, FLAGS, policy("(条件a 或 条件b 且 条件c) 且 条件d"))
        found = told(ruleset, a=False, b=True, c=False, d=False)
        assert said(found) == [
            "不满足：条件a为「是」 或 （条件b为「是」 且 条件c为「是」）（实际：条件a：否；条件c：否）",
            "不满足：条件d为「是」（实际：否）",
        ]
        (english, _) = [reason.line("en") for reason in found.reasons]
        assert english == 'not met: "a" is yes or ("b" is yes and "c" is yes) (in fact a: no; c: no)'

    def test_under_a_negation_they_change_places(self, tmp_path: Path) -> None:
        ruleset = written(tmp_path, FLAGS, policy("非 (条件a 且 条件b)"))
        assert said(told(ruleset, a=True, b=True)) == [
            "不满足：条件a为「否」 或 条件b为「否」（实际：条件a：是；条件b：是）"
        ]
        assert said(told(ruleset, a=True, b=False)) == ["满足：条件b为「否」（实际：否）"]
        either = written(tmp_path, FLAGS, policy("非 (条件a 或 条件b)"))
        assert said(told(either, a=False, b=False)) == [
            "满足：条件a为「否」（实际：否）",
            "满足：条件b为「否」（实际：否）",
        ]

    def test_inside_a_named_condition(self, tmp_path: Path) -> None:
        terms = "- {name: needy, label: 困难, for: household, value: '条件a 或 非 (条件b 或 条件c)'}\n"
        ruleset = written(tmp_path, FLAGS, policy("困难"), terms)
        (line,) = said(told(ruleset, a=False, b=True, c=False))
        assert line == (
            "不满足：困难，即条件a为「是」 或 （条件b为「否」 且 条件c为「否」）（实际：条件a：否；条件b：是）"
        )

    def test_of_a_long_definition_only_what_decided(self, tmp_path: Path) -> None:
        names = [f"很长很长的条件名称{at}" for at in range(8)]
        facts = "".join(
            f"- {{name: f{at}, label: {name}, for: household, type: truth}}\n" for at, name in enumerate(names)
        )
        terms = f"- {{name: needy, label: 困难, for: household, value: '{' 且 '.join(names)}'}}\n"
        ruleset = written(tmp_path, facts, policy("困难"), terms)
        (line,) = said(told(ruleset, "p.p", **{f"f{at}": at not in (2, 5) for at in range(8)}))
        assert line == (
            "不满足：困难，其中很长很长的条件名称2为「是」 且 很长很长的条件名称5为「是」"
            "（实际：很长很长的条件名称2：否；很长很长的条件名称5：否）"
        )


@pytest.mark.fault("A14")
class TestNegations:
    def test_of_another_policy_says_what_that_came_to(self, tmp_path: Path) -> None:
        policies = policy("条件a", name="q") + policy("非 符合(政策q)")
        ruleset = written(tmp_path, FLAGS, policies)
        assert said(told(ruleset, a=True)) == ["不满足：非 符合「政策q」（实际：「政策q」：符合）"]
        assert said(told(ruleset, a=False)) == ["满足：非 符合「政策q」（实际：「政策q」：不符合）"]
        (english,) = [reason.line("en") for reason in told(ruleset, a=True).reasons]
        assert english == 'not met: not eligible for "Policy q" (in fact "Policy q": eligible)'

    def test_of_a_term_says_what_was_found(self, tmp_path: Path) -> None:
        terms = "- {name: needy, label: 困难, for: household, value: 条件a}\n"
        ruleset = written(tmp_path, FLAGS, policy("非 困难"), terms)
        assert said(told(ruleset, a=True)) == ["不满足：非「困难」（实际：条件a：是）"]


@pytest.mark.fault("A14")
@pytest.mark.parametrize(
    ("when", "excerpt"),
    [
        ("残疾等级 在 {一级, 二级}", "残疾等级 在 {一级, 二级}"),
        ("残疾等级 不在 {一级, 二级}", "残疾等级 不在 {一级, 二级}"),
        ("非 残疾等级 = 一级", "非 残疾等级 = 一级"),
        ("年龄数 在 16..59", "年龄数 在 16..59"),
        ("非 有病", "非 有病"),
        ("年龄数 >= 16", "年龄数 >= 16"),
    ],
)
def test_the_excerpt_is_the_whole_comparison(tmp_path: Path, when: str, excerpt: str) -> None:
    facts = LEVEL + "- {name: age, label: 年龄数, for: member, type: number, range: 0..120}\n"
    facts += "- {name: ill, label: 有病, for: member, type: truth}\n"
    ruleset = written(tmp_path, facts, policy(f"{when} 且 年龄数 >= 0", "member"), lists=GRADE)
    found = told(ruleset, members=[{"id": "m1", "残疾等级": "无级", "年龄数": 20, "有病": False}])
    assert excerpt in {reason.span_text for reason in found.reasons}


@pytest.mark.parametrize("count", [11, 12, 13, 15])
def test_a_dozen_reasons_are_told_and_of_more_how_many(tmp_path: Path, count: int) -> None:
    names = [f"f{at}" for at in range(count)]
    facts = "".join(f"- {{name: {one}, label: 条件{one}, for: household, type: truth}}\n" for one in names)
    given: dict[str, Any] = dict.fromkeys(names, True)
    found = told(written(tmp_path, facts, policy(" 且 ".join(names))), **given)
    assert len(found.reasons) == min(count, 12)
    more = [one.zh for one in found.notes if "类似的理由" in one.zh]
    assert more == ([f"另有 {count - 12} 条类似的理由。"] if count > 12 else [])


@pytest.mark.parametrize(("joined", "sign"), [("即", True), ("其中", False)])
def test_a_definition_of_up_to_sixty_signs_is_told_beside_its_name(tmp_path: Path, joined: str, sign: bool) -> None:
    """The whole of it, or else what in it decided."""
    lengths = set()
    for size in range(40, 60):
        folder = tmp_path / str(size)
        folder.mkdir()
        label = "长" * size
        facts = f"- {{name: a, label: {label}, for: household, type: truth}}\n"
        facts += f"- {{name: b, label: {'另' * (1 if sign else 60)}, for: household, type: truth}}\n"
        terms = "- {name: x, label: 项, for: household, value: 'a 且 b'}\n"
        (line, *_) = said(told(written(folder, facts, policy("x"), terms), a=False, b=True))
        _, found, definition = line.partition(f"项，{joined}")
        if found:
            lengths.add(len(definition.partition("（")[0].partition("；")[0]))
    assert max(lengths) == 60, lengths


def test_the_reasons_of_members_who_receive_come_first(tmp_path: Path) -> None:
    """Then those of members who may; of those who do not, none where somebody receives."""
    ruleset = written(tmp_path, LEVEL, policy("残疾等级 = 一级", "member"), lists=GRADE)
    levels = {"m1": "二级", "m2": None, "m3": "一级"}
    found = told(ruleset, members=[{"id": one, "残疾等级": level} for one, level in levels.items()])
    assert [reason.member for reason in found.reasons] == ["m3", "m2"]


LIMIT = """\
- {name: age, label: 年纪, for: household, type: number, range: 0..100}
- {name: least, label: 起始年纪, for: household, type: number, range: 0..100}
- {name: died, label: {zh: 去世日期, en: date of death}, for: household, type: date, range: 1990-01-01.., none: 无}
"""
OLD = "- {name: old, label: 老年, for: household, value: 年纪 >= 起始年纪}"


@pytest.mark.parametrize(
    ("when", "zh", "en"),
    [
        ("年纪 >= 起始年纪", "前者 60，后者 62", "the former 60, the latter 62"),
        ("老年", "老年，即年纪不小于起始年纪（实际：前者 60，后者 62）", "the former 60, the latter 62"),
        ("老年 或 年纪 < 9", "老年 或 年纪小于 9（实际：起始年纪：62，年纪：60；年纪：60）", "least: 62, age: 60"),
        ("有(去世日期)", "不满足：有「去世日期」（实际：没有）", 'there is a "date of death" (in fact there is none)'),
        (
            "非 有(去世日期)",
            "满足：没有「去世日期」（实际：没有）",
            'there is no "date of death" (in fact there is none)',
        ),
    ],
)
def test_only_sides_that_a_sentence_names_are_called_the_former_and_the_latter(
    tmp_path: Path, when: str, zh: str, en: str
) -> None:
    found = told(written(tmp_path, LIMIT, policy(when), OLD), 年纪=60, 起始年纪=62, 去世日期="无")
    (one,) = found.reasons
    assert zh in one.line("zh")
    assert en in one.line("en")


def test_of_a_window_of_each_year_the_day_is_told(tmp_path: Path) -> None:
    paid = policy("成员数 >= 0", amount="5欧元").replace("per: month", "per: once, window: 12-20..01-10")
    assert said(told(written(tmp_path, "[]", paid)))[0].endswith("之间（实际：2019-06-30）")


NESTED = "有成员满足(有成员满足(残疾等级 = 一级) 且 有成员满足(残疾等级 = 二级))"


@pytest.mark.parametrize("level", ["household", "member"])
def test_members_are_told_by_their_ids_in_questions_within_questions_too(tmp_path: Path, level: str) -> None:
    """A question about members is nobody's own; whom it was asked about is told all the same, not by a number."""
    ruleset = written(tmp_path, LEVEL, policy(NESTED, level), lists=GRADE)
    people = [{"id": name, "残疾等级": grade} for name, grade in (("甲", "一级"), ("乙", "二级"), ("丙", "无级"))]
    (reason,) = told(ruleset, members=people).reasons
    assert reason.value.zh == "甲：甲：残疾等级：一级；乙：残疾等级：二级"
    assert reason.value.en.startswith("甲: 甲: ") and "; 乙: " in reason.value.en
    assert reason.member == ("甲, 乙, 丙" if level == "member" else None)
    (reason,) = told(ruleset, members=people[1:]).reasons
    assert reason.value.zh.startswith("乙：") and "1：" not in reason.value.zh


def test_the_same_reason_of_several_members_names_them_as_each_language_lists() -> None:
    reason = Reason(Bilingual("有残疾", "disabled"), Bilingual("", ""), possible.TRUE, ("m1", "m2"))
    assert reason.line("zh") == "满足：m1、m2：有残疾"
    assert reason.line("en") == "met: m1, m2: disabled"
    assert reason.as_json()["member"] == "m1, m2"
