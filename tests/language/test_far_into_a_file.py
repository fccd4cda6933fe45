"""An expression far into a long file is parsed as quickly as one at its beginning, with its places in the file."""

from __future__ import annotations

import time

import pytest

from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.language import parse, syntax

pytestmark = pytest.mark.fault("E9")


@pytest.mark.parametrize("before", ["", "一行\n", "一\n\n" * 1000])
def test_places_are_those_of_the_file(before: str) -> None:
    text = "甲 或 (收入 ÷ 3 舍去到 元 > 5元)"
    source, reporter = Source("x.yaml", before + text + "\n后面"), Reporter()
    tree = parse(Span(source, len(before), len(before) + len(text)), reporter)
    assert isinstance(tree, syntax.Or) and tree.span is not None and tree.span.text == text
    bracketed = tree.args[1]
    assert bracketed.span is not None and bracketed.span.text == "(收入 ÷ 3 舍去到 元 > 5元)"
    assert isinstance(bracketed, syntax.Compare) and isinstance(bracketed.left, syntax.Rounded)
    step = bracketed.left.step.span
    assert step is not None and (step.text, step.start) == ("元", len(before) + text.index("元"))
    wrong = Span(source, len(before) + 2, len(before) + len(text))
    assert parse(wrong, reporter) is None
    assert [one.span and one.span.start for one in reporter.diagnostics] == [wrong.start]


def test_the_rest_of_the_file_costs_nothing() -> None:
    source = Source("x.yaml", "中\n" * 1_500_000 + "0元..<10元")
    span = Span(source, 3_000_000, len(source.text))
    parse(span, Reporter(), "cell")
    began = time.process_time()
    for _ in range(300):
        assert parse(span, Reporter(), "cell") is not None
    assert time.process_time() - began < 0.3  # counting lines from the beginning took a second
