"""5: parse(show(tree, zh)) = parse(show(tree, en)) = tree; and what the parser says of text that is no expression."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.language import entries, parse, show, show_lines
from fupin_policy.language.parser import Start
from fupin_policy.language.printer import columns
from fupin_policy.language.syntax import Syntax
from fupin_policy.testing.random_rulesets import AGE, MONEY, PLAIN, numbers, truths


def read(text: str) -> tuple[Syntax | None, tuple[str, ...]]:
    """A text's tree, and the codes of what is wrong with it."""
    reporter = Reporter()
    tree = parse(Span(Source("test", text), 0, len(text)), reporter)
    return tree, tuple(problem.code for problem in reporter.diagnostics)


def tree_of(text: str) -> Syntax:
    tree, problems = read(text)
    assert tree is not None, (text, problems)
    return tree


expressions = st.one_of(
    truths("member"), truths("household"), numbers("member", MONEY), numbers("member", AGE), numbers("household", PLAIN)
)


@settings(max_examples=300, deadline=None)
@given(expressions)
def test_both_languages_say_the_same(text: str) -> None:
    tree = tree_of(text)
    for lang in ("zh", "en"):
        assert tree_of(show(tree, lang)) == tree


@pytest.mark.fault("A18")
@settings(max_examples=200, deadline=None)
@given(expressions, st.integers(1, 80))
def test_line_breaks_change_nothing(text: str, room: int) -> None:
    tree = tree_of(text)
    for lang in ("zh", "en"):
        line, lines = show(tree, lang), show_lines(tree, lang, None, room)
        assert tree_of("\n      ".join(lines)) == tree
        assert lines == [line] or (columns(line) > room and len(lines) > 1)


@pytest.mark.fault("D6")
@pytest.mark.parametrize(
    ("word", "sign"),
    [
        ("低于", "<"),
        ("高于", ">"),
        ("超过", ">"),
        ("不超过", "<="),
        ("不低于", ">="),
        ("大于等于", ">="),
        ("小于等于", "<="),
    ],
)  # fmt: skip
def test_words_stand_for_signs(word: str, sign: str) -> None:
    assert tree_of(f"收入 {word} 100元") == tree_of(f"收入 {sign} 100元")
    assert show(tree_of(f"收入 {word} 100元"), "zh") == f"收入 {sign} 100元"


@settings(max_examples=100, deadline=None)
@given(expressions)
def test_the_canonical_form_is_its_own(text: str) -> None:
    printed = show(tree_of(text), "zh")
    assert show(tree_of(printed), "zh") == printed


def test_every_example_of_the_reference_parses_to_the_same_shape() -> None:
    for entry in entries():
        for zh, en in entry.examples:
            for text in (zh, en):
                reporter = Reporter()
                starts: tuple[Start, ...] = ("expression", "cell", "rounding_spec")
                span = Span(Source("reference", text), 0, len(text))
                assert any(parse(span, reporter, start) is not None for start in starts), (entry.rule, text)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("年龄＞＝６０", "年龄 >= 60"),
        ("（年龄 ≥ 60）且（是否危房）", "(年龄 >= 60) and (是否危房)"),
        ("残疾等级 属于 ｛一级、二级｝", "残疾等级 in {一级, 二级}"),
        ("年龄 在 18..60", "年龄 in 18..60"),
        ("若 费用 > 3000元 则 较小(20000元, (费用 - 3000元) × 70% 四舍五入到 分) 否则 0元",
         "if 费用 > 3000元 then min(20000元, (费用 - 3000元) * 70% rounded to 分) else 0元"),
        ("成员数 × 参数.扶贫特惠保险保费", "member_count * parameter.扶贫特惠保险保费"),
        ("有成员满足（劳动能力 = 普通劳动力 且 年龄 在 18..60）",
         "any member satisfies (劳动能力 = 普通劳动力 and 年龄 in 18..60)"),
        ("出生日期 + 18年 <= 2019年1月1日", "出生日期 + 18 年 <= 2019-01-01"),
        ("年龄 >= 60周岁", "年龄 >= 60 周岁"),
    ],
)  # fmt: skip
def test_two_ways_to_write_one_thing(text: str, same: str) -> None:
    assert tree_of(text) == tree_of(same)


@pytest.mark.parametrize("word", ["非农业户口", "notice", "低保且五保", "或然", "anyone", "若干"])
def test_words_that_begin_with_a_keyword_stay_words(word: str) -> None:
    assert show(tree_of(word), "zh") == word


@pytest.mark.parametrize(
    "text",
    ["", "且", "年龄 >=", "年龄 60", "(年龄", "年龄)", "年龄 >= 60 且 且 贫困", "1 < 2 < 3", "若 a 则 b", "@", "{一级",
     "2019-13-01"],
)  # fmt: skip
def test_what_is_no_expression_gets_a_diagnostic(text: str) -> None:
    tree, problems = read(text)
    assert tree is None
    assert problems


@pytest.mark.parametrize(
    "text", ["(" * 100_000 + "a" + ")" * 100_000, "非 " * 100_000 + "a", " + ".join(["1"] * 10_000)]
)
def test_what_is_far_too_large_is_refused_quickly(text: str) -> None:
    start = time.process_time()
    tree, problems = read(text)
    assert tree is None and len(problems) == 1
    assert time.process_time() - start < 5


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), st.text(alphabet='年龄且或非(){}<>=+-×÷.,0123456789% abc\n#"', max_size=40)))
def test_any_text_gives_a_tree_or_a_diagnostic(text: str) -> None:
    tree, problems = read(text)
    assert (tree is None) == bool(problems)
