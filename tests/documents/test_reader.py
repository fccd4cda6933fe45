"""Strict YAML: what scalars mean, where they stand, what is refused, and that nothing at all makes reading raise."""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fupin_policy.diagnostics import Reporter, locate, render
from fupin_policy.documents import read_plain
from fupin_policy.documents.reader import (
    MAX_DEEP,
    YamlMapping,
    YamlNode,
    YamlScalar,
    YamlSequence,
    as_written,
    read_node,
    to_python,
)
from fupin_policy.files.bounded import MAX_BYTES


def node_of(text: str | bytes) -> YamlNode:
    """The node of a text that has nothing wrong."""
    reporter = Reporter()
    node = read_node("a.yaml", text.encode() if isinstance(text, str) else text, reporter)
    assert not reporter.diagnostics
    assert node is not None
    return node


def faults(data: str | bytes) -> list[tuple[str, str]]:
    """Code and place of all that is wrong with a text."""
    reporter = Reporter()
    read_node("a.yaml", data.encode() if isinstance(data, str) else data, reporter)
    for one in reporter.diagnostics:
        render(one)
    return [(one.code, one.place) for one in reporter.diagnostics]


def scalars(node: YamlNode) -> Iterator[YamlScalar]:
    """Every scalar of a node, keys included, in order."""
    match node:
        case YamlScalar():
            yield node
        case YamlSequence(items):
            for item in items:
                yield from scalars(item)
        case YamlMapping(entries):
            for key, value in entries:
                yield key
                yield from scalars(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("12:30", "12:30"),
        ("1959-06-30", "1959-06-30"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("1e3", "1e3"),
        (".5", ".5"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("10%", "10%"),
        ("60..79", "60..79"),
        ("..", ".."),
        ("=", "="),
        ("<<", "<<"),
        ("是", "是"),
        ("'1'", "1"),
        ('"true"', "true"),
        ("''", ""),
        ("'null'", "null"),
        ("010", 10),
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("12345678901234567890", 12345678901234567890),
    ],
)
def test_what_a_scalar_means(text: str, value: object) -> None:
    mapping = to_python(node_of(f"k: {text}\n"))
    assert mapping == {"k": value}
    assert type(mapping["k"]) is type(value)
    assert to_python(node_of(f"[{text}]\n" if text not in ("=", "<<") else f"- {text}\n")) == [value]


def test_an_empty_value_is_nothing() -> None:
    assert to_python(node_of("k:\nl: 1\n")) == {"k": None, "l": 1}


@pytest.mark.parametrize("text", ["5099.99", "0.1", "-0.10", "1.0", "12345678901234567890.123456789"])
def test_decimals_are_exact(text: str) -> None:
    value = to_python(node_of(f"k: {text}\n"))["k"]
    assert isinstance(value, Decimal)
    assert str(value) == text


def test_fullwidth_and_foreign_digits_stay_text() -> None:
    assert to_python(node_of("[１２, ١٢, 1２]\n")) == ["１２", "١٢", "1２"]


def test_a_number_too_long_to_be_meant_stays_text() -> None:
    assert to_python(node_of("9" * 5000 + "\n")) == "9" * 5000


def test_a_key_given_twice() -> None:
    assert faults("a: 1\nb: 2\na: 3\n") == [("Y106", "a.yaml:3:1")]
    assert faults("{甲: 1, 乙: {丙: 1, '丙': 2}}\n") == [("Y106", "a.yaml:1:19")]
    assert faults("- {a: 1}\n- {a: 1}\n") == []


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: &x 1\n", "Y104", "a.yaml:1:4"),
        ("a: *x\n", "Y104", "a.yaml:1:4"),
        ("a: 1\nb: [1, *x]\n", "Y104", "a.yaml:2:8"),
        ("a: {<<: *x}\n", "Y104", "a.yaml:1:9"),
        ("&k a: 1\n", "Y104", "a.yaml:1:1"),
        ("a: !!str 1\n", "Y105", "a.yaml:1:4"),
        ("a: !own 1\n", "Y105", "a.yaml:1:4"),
        ("a: !!python/object/apply:os.system ['true']\n", "Y105", "a.yaml:1:4"),
        ("a: ! 1\n", "Y105", "a.yaml:1:4"),
        ("? [a]\n: 1\n", "Y110", "a.yaml:1:3"),
        ("a: 1\n---\nb: 2\n", "Y108", "a.yaml:2:1"),
        ("", "Y109", "a.yaml:1:1"),
        ("\n# 只有注释\n", "Y109", "a.yaml:1:1"),
        ("---\n", "Y109", "a.yaml:1:1"),
        ("\ufeff", "Y109", "a.yaml:1:1"),
        ("a: 甲\nb: [1, 2\n", "Y103", "a.yaml:3:1"),
        ("a: 甲: 乙\n", "Y103", "a.yaml:1:5"),
        ("甲: '乙\n", "Y120", "a.yaml:1:4"),
        ("a: 1\n\tb: 2\n", "Y103", "a.yaml:2:1"),
    ],
)
def test_what_is_refused_and_where(text: str, code: str, place: str) -> None:
    assert faults(text) == [(code, place)]


def test_an_alias_bomb_is_refused_at_once() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    began = time.perf_counter()
    assert faults("\n".join(rows)) == [("Y104", "a.yaml:1:5")]
    assert time.perf_counter() - began < 1


def test_bytes_that_are_not_utf8() -> None:
    assert faults(b"kind: facts\nlabel: " + "年龄".encode("gbk")) == [("Y102", "a.yaml:2:8")]
    assert faults(b"\xff\xfea\x00") == [("Y102", "a.yaml:1:1")]


def test_a_file_too_large_is_not_read() -> None:
    assert [code for code, _ in faults(b"a" * (MAX_BYTES + 1))] == ["Y101"]


def test_control_characters_are_refused() -> None:
    assert [code for code, _ in faults("a: \x00\n")] == ["Y103"]
    assert [code for code, _ in faults("a: \x07\n")] == ["Y103"]


@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["no_mark", "byte_order_mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_spans_are_the_tokens(start: str, end: str) -> None:
    text = start + end.join(
        [
            "# 注释 😀",
            "年龄: 周岁数(出生日期)",
            "列表:",
            "  - '引号里'",
            '  - "双引号"',
            "  - {甲: 乙, 丙: [丁, 😀]}",
            "",
        ]
    )
    node = node_of(text)
    for scalar in scalars(node):
        assert scalar.span.text == scalar.text
    words = [scalar.text for scalar in scalars(node)]
    assert words == ["年龄", "周岁数(出生日期)", "列表", "引号里", "双引号", "甲", "乙", "丙", "丁", "😀"]
    last = list(scalars(node))[-1]
    assert locate(last.span.source, last.span.start).line == 6
    assert locate(last.span.source, last.span.start).column == 19


@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["no_mark", "byte_order_mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_faults_after_a_byte_order_mark_and_crlf_are_placed_right(start: str, end: str) -> None:
    assert faults(start + end.join(["甲: 1", "乙: 2", "甲: 3", ""])) == [("Y106", "a.yaml:3:1")]
    assert faults(start + end.join(["甲: 1", "乙: 丙: 丁", ""])) == [("Y103", "a.yaml:2:5")]


def test_a_byte_order_mark_is_not_part_of_the_first_key() -> None:
    assert to_python(node_of("\ufeffkind: facts\n")) == {"kind": "facts"}


def test_the_span_of_a_block_is_its_lines() -> None:
    node = node_of("a: |\n  第一行\n  第二行\nb: >-\n  折\n  叠\nc: 1\n")
    assert isinstance(node, YamlMapping)
    literal, folded = node.get("a"), node.get("b")
    assert isinstance(literal, YamlScalar) and isinstance(folded, YamlScalar)
    assert literal.text == "第一行\n第二行\n"
    assert literal.block and not literal.plain
    assert literal.span.text.strip() == "第一行\n  第二行"
    assert folded.text == "折 叠"
    assert folded.span.text.strip() == "折\n  叠"


def test_quotes_are_outside_the_span() -> None:
    node = node_of("""['单', "双", '', "a\\tb", 'it''s']""")
    found = list(scalars(node))
    assert [one.span.text for one in found] == ["单", "双", "", "a\\tb", "it''s"]
    assert [one.text for one in found] == ["单", "双", "", "a\tb", "it's"]
    assert [one.plain for one in found] == [False] * 5
    assert [one.escaped for one in found] == [False, False, False, True, False]


@pytest.mark.parametrize("levels", [MAX_DEEP + 2, 1000, 100_000])
def test_deep_nesting_is_refused(levels: int) -> None:
    assert [code for code, _ in faults("[" * levels + "]" * levels)] in (["Y107"], ["Y103"])
    assert [code for code, _ in faults("- " * levels + "a")] in (["Y107"], ["Y103"])


def test_nesting_up_to_the_limit_is_read() -> None:
    node_of("[" * MAX_DEEP + "]" * MAX_DEEP)


@pytest.mark.fault("B9")
def test_scalars_of_a_household_keep_their_letters() -> None:
    text = "{a: [0012, 1, 01, 1.50, 1e3, true, No, 12:30, '~'], b: , c: ~, d: null, e: Null}\n"
    assert as_written(node_of(text)) == {
        "a": ["0012", "1", "01", "1.50", "1e3", "true", "No", "12:30", "~"],
        **dict.fromkeys("bcde"),
    }


def test_read_plain_gives_values_or_a_diagnostic() -> None:
    reporter = Reporter()
    assert read_plain("h.yaml", "a: [1, 2.50, 否]\n".encode(), reporter) == {"a": ["1", "2.50", "否"]}
    assert not reporter.diagnostics
    assert read_plain("h.yaml", b"a: &x 1", reporter) is None
    assert [one.code for one in reporter.diagnostics] == ["Y104"]


YAML_LIKE = st.lists(
    st.sampled_from(
        [
            "a",
            "甲",
            ": ",
            "\n",
            "\r\n",
            "  ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "'",
            '"',
            "&x ",
            "*x",
            "!t ",
            "|",
            ">",
            "#",
            "? ",
            "---\n",
            "...\n",
            "%YAML 1.2\n",
            "\ufeff",
            "\t",
            "\\",
            "1",
            "010",
            "~",
            "😀",
            "\x85",
            "\u2028",
            "\x00",
        ]
    ),
    max_size=40,
).map("".join)


def holds_together(data: bytes) -> None:
    """Reading gives a node with sound spans, or says what is wrong; never an exception."""
    reporter = Reporter()
    node = read_node("a.yaml", data, reporter)
    assert (node is not None) or reporter.diagnostics
    for one in reporter.diagnostics:
        render(one)
        one.as_json()
    if node is not None:
        to_python(node)
        for scalar in scalars(node):
            assert 0 <= scalar.span.start <= scalar.span.end <= len(scalar.span.source.text)
            if scalar.plain and "\n" not in scalar.span.text and "\r" not in scalar.span.text:
                assert scalar.span.text == scalar.text or not scalar.span.text.isprintable()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_reading_raise(data: bytes) -> None:
    holds_together(data)


@settings(max_examples=600, deadline=None)
@given(YAML_LIKE)
@example("\ufeff\ufeff  a")
def test_nothing_like_yaml_makes_reading_raise(text: str) -> None:
    holds_together(text.encode())


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_no_text_makes_reading_raise(text: str) -> None:
    holds_together(text.encode("utf-8", "replace"))
