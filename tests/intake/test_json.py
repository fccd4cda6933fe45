"""JSON is read exactly, or refused at its place. In: texts and bytes. Called by pytest."""

from __future__ import annotations

import inspect
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from read_households import faults

from fupin_policy.diagnostics import Reporter, render
from fupin_policy.intake import parse_json


def test_what_is_no_text_is_no_json() -> None:
    reporter = Reporter()
    assert parse_json(None, reporter) is None  # type: ignore[arg-type]
    (problem,) = reporter.diagnostics
    assert (problem.code, problem.place) == ("H111", "<json>")
    assert problem.sentence("zh") == "这里应当是 JSON 文字或它的 UTF-8 字节，却是“null”"
    assert problem.sentence("en") == 'this should be a JSON text or its bytes in UTF-8, but here stands "null"'


def test_json_is_read_exactly() -> None:
    reporter = Reporter()
    assert parse_json('\ufeff{"a": [1, 1.10, "x", null, true]}'.encode(), reporter) == {
        "a": [1, Decimal("1.10"), "x", None, True]
    }
    number = parse_json("9" * 5000, reporter)
    assert number == Decimal("9" * 5000)
    assert not reporter.diagnostics


def test_brackets_nest_as_deep_as_every_host_reads_them() -> None:
    """Whatever the limit of recursion is, and whatever stands in texts."""
    reporter = Reporter()
    assert parse_json("[" * 200 + '"' + "[" * 300 + '"' + "]" * 200, reporter) is not None
    assert not reporter.diagnostics


def test_little_stack_left_is_no_traceback() -> None:
    """Some versions of Python count the depth of a text as calls: it is read, or refused as too deep."""

    def below(calls: int) -> None:
        if calls:
            below(calls - 1)
        else:
            reporter = Reporter()
            found = parse_json("[" * 190 + "]" * 190, reporter)
            assert [one.code for one in reporter.diagnostics] == ([] if found is not None else ["H053"])

    below(sys.getrecursionlimit() - len(inspect.stack()) - 150)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ('{"a": "NaN",\n "b": NaN}', "H051", "<json>:2:7"),
        ("[-Infinity]", "H051", "<json>:1:2"),
        ('{"a": 1, "a": 2}', "H052", "a"),
        ("[" * 100_000, "H053", "<json>:1:1"),
        ("[" * 100_000 + "]" * 100_000, "H053", "<json>:1:1"),
        ('{"a":' * 100_000, "H053", "<json>:1:1"),
        ("[" * 201 + "]" * 201, "H053", "<json>:1:1"),
        ("[" * 200, "H050", "<json>:1:201"),
        ("[" * 199 + "{" * 300, "H050", "<json>:1:201"),
        ("x" + "[" * 300, "H050", "<json>:1:1"),
        ('{"a": 1,\n b}', "H050", "<json>:2:2"),
        ("", "H050", "<json>:1:1"),
        (b"\xb0\xb2\xc7\xf0", "H055", "<json>:1:1"),
        ('\ufeff{\n"安": "'.encode() + b"\xb0\xb2", "H055", "<json>:2:7"),
        ("1e99999999999999999999", "H056", "<json>:1:1"),
    ],
)
def test_json_refused(text: str | bytes, code: str, place: str) -> None:
    reporter = Reporter()
    assert parse_json(text, reporter) is None
    assert [(d.code, d.place) for d in reporter.diagnostics] == [(code, place)]
    assert render(reporter.diagnostics[0])


@pytest.mark.parametrize(
    ("text", "pointed"),
    [
        ('{"a": 1,\n b}', "b"),
        ('{"a": 乙}', "乙"),
        ('{"a": 1', ""),
        ("", ""),
        ("[" * 100_000, "["),
        ("[1e99999999999999999999]", "1e99999999999999999999"),
    ],
)
def test_a_mistake_in_json_is_pointed_at_by_one_sign(text: str, pointed: str) -> None:
    """Or by the whole number that is too long."""
    reporter = Reporter()
    assert parse_json(text, reporter) is None
    (one,) = reporter.diagnostics
    assert one.span is not None and one.span.text == pointed
    assert 0 <= one.span.start <= one.span.end <= len(text)


def test_a_number_of_five_thousand_digits_in_json() -> None:
    reporter = Reporter()
    data = parse_json('{"id": "h", "income": ' + "9" * 5000 + ', "members": [{"id": "m"}]}', reporter)
    assert faults(data) == [("H024", "income")]


@given(st.text() | st.binary() | st.text(alphabet='{}[]":,0123456789.eE+-truefalsn\\'))
def test_any_text_is_read_or_reported(text: str | bytes) -> None:
    reporter = Reporter()
    value_ = parse_json(text, reporter)
    assert value_ is None or not reporter.diagnostics
