"""A word stands for one thing: titles of policies, words of a code list; and what thousands of unknown words cost."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from checked_ruleset import BASE, checked, policy, told

from fupin_policy.diagnostics import Diagnostic, Reporter, Source, Span, locate, positions, render


@pytest.mark.fault("A5")
@pytest.mark.parametrize(
    ("title", "guilty"),
    [
        ("{zh: 补贴, en: Other}", "补贴"),
        ("{zh: 别的, en: Grant}", "Grant"),
        ("{zh: 别的, en: 补贴}", "补贴"),
        ("{zh: 别的, en: first.p}", "first.p"),
    ],
)
def test_a_title_names_one_policy(tmp_path: Path, title: str, guilty: str) -> None:
    first = policy("甲", id_="first.p", title="{zh: 补贴, en: Grant}")
    program, found = checked(tmp_path, first, policy("乙", id_="q", title=title))
    assert program is None
    assert [(one.code, one.sentence("zh"), one.sentence("en")) for one in found] == [
        ("N110", f"“{guilty}”已经用过了", f'"{guilty}" is already taken')
    ]
    assert found[0].place.endswith("more1.yaml:4:17")
    assert "more0.yaml:" in found[0].advice("zh")


@pytest.mark.fault("A5")
def test_one_policy_may_have_one_title_in_both_languages(tmp_path: Path) -> None:
    assert checked(tmp_path, policy("甲", title="{zh: 补贴, en: 补贴}"))[1] == []


@pytest.mark.fault("A6")
@pytest.mark.parametrize(
    ("codes", "guilty"),
    [
        ("{code: '1', name: n1, label: '2'}, {code: '2', name: n2, label: '1'}", ["2", "1"]),
        ("{code: '1', name: x, label: 甲级}, {code: '2', name: y, label: x}", ["x"]),
        ("{code: '1', name: x, label: 甲级}, {code: '2', name: y, label: 甲级}", ["甲级"]),
        ("{code: x, name: x, label: x}, {code: y, name: y, label: y}", []),
    ],
)
def test_a_word_stands_for_one_code(tmp_path: Path, codes: str, guilty: list[str]) -> None:
    facts = BASE["facts.yaml"].replace("code_lists:\n", f"code_lists:\n  - {{name: k, codes: [{codes}]}}\n")
    program, found = checked(tmp_path, facts=facts)
    assert [(code, text) for code, _, text in told(found)] == [("N110", word) for word in guilty]
    assert (program is None) == bool(guilty)


@pytest.mark.fault("C3")
def test_two_thousand_unknown_names_are_quick(tmp_path: Path) -> None:
    facts = "kind: facts\nfacts:\n" + "".join(
        f"  - {{name: fact_{n}, label: 事实{n}, for: household, type: truth}}\n" for n in range(1000)
    )
    terms = "kind: terms\nterms:\n" + "".join(
        f"  - {{name: term_{n}, label: 术语{n}, for: household, value: 非 实事{n}}}\n" for n in range(2000)
    )
    began = time.process_time()
    _, found = checked(tmp_path, facts, terms)
    text = "\n".join(render(one) for one in found)
    taken = time.process_time() - began
    assert [one.code for one in found] == ["N101"] * 2000
    assert found[0].suggestion is not None and text.count("did you mean") >= 15
    assert taken < 4


@pytest.mark.fault("C3")
def test_many_unknown_keys_are_bounded(tmp_path: Path) -> None:
    facts = "kind: facts\n" + "".join(f"k{n}: 1\n" for n in range(30_000)) + "facts: []\n"
    began = time.process_time()
    _, found = checked(tmp_path, facts)
    assert {one.code for one in found} == {"Y201"} and len(found) == 30_000
    assert time.process_time() - began < 6


def test_a_reporter_stops_comparing_but_not_reporting() -> None:
    reporter, known = Reporter(), [f"word{n}" for n in range(1000)]
    hints = [reporter.suggest("wrod7", known) for _ in range(200)]
    assert hints == ["word7"] * 100 + [None] * 100


@pytest.mark.fault("C4")
def test_texts_that_were_wrong_are_not_kept() -> None:
    for number in range(50):
        text = Source(f"{number}.json", "一\n二\r\n\n三")
        assert locate(text, 5).line == 3
        render(Diagnostic("Y109", (), Span(text, 6, 7)))
    assert positions._line_starts.cache_info().currsize <= 2


@pytest.mark.parametrize("text", ["", "\n", "a\nb", "a\n\nb\n", "a\r\nb"])
def test_a_place_is_found(text: str) -> None:
    for offset in range(len(text) + 1):
        before = text[:offset]
        found = locate(Source("x", text), offset)
        assert (found.line, found.column) == (before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)
