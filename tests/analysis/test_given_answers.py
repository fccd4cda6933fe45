"""What is typed at an interview: numbers of choices, sums in 万, none, not known; and answers taken back.

In: small rulesets and texts. Out: assertions. Called by pytest.
"""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from checked_ruleset import BASE, policy, written
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy import InputError, Ruleset, load
from fupin_policy.analysis.given_answers import given_answer
from fupin_policy.analysis.interview import GATE_LEAST, GATE_SHARE, Interview, Question, is_open, questions_left
from fupin_policy.cli.main import main
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Status
from fupin_policy.core.household import Household
from fupin_policy.core.types import Code
from fupin_policy.prose.document_list import document_lines
from fupin_policy.prose.question_words import COLUMNS, answer_words, choice_lines, left_words
from fupin_policy.reports.decisions_text import FEW_REFUSED, brief_lines

ROOT = Path(__file__).parents[2]
LESSON, SHIPPED = load(ROOT / "docs" / "examples" / "lesson"), load()
FACTS = (
    BASE["facts.yaml"]
    + """\
  - {name: sum, label: 存款, for: household, type: number, unit: 元, decimals: 2, range: 0..1000000}
  - {name: wealth, label: 资产, for: household, type: number, unit: 万元, decimals: 2, range: 0..1000}
  - {name: share, label: 比例, for: household, type: number, unit: "%", range: 1..100}
  - {name: time, label: 工龄, for: household, type: number, unit: 年, range: 0..80}
  - {name: died, label: 去世日期, for: household, type: date, range: 2000-01-01.., none: 无}
"""
)


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    folder = tmp_path_factory.mktemp("numbers")
    return load(written(folder, policy('"存款 >= 0 元"'), facts=FACTS), cache=False)


def heard(ruleset: Ruleset, fact: str, text: str) -> Any:
    declared = next(one for one in ruleset.facts if one.name == fact)
    return given_answer(text, Question(declared, None, ()), ruleset.program)


def read(ruleset: Ruleset, fact: str, text: str) -> Household:
    household = {"id": "h", "members": [{"id": "m1"}], fact: heard(ruleset, fact, text)}
    return ruleset.read(household, ruleset.breakpoints[0])[0]


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("sum", "1.2万", "12000"),
        ("sum", "1万2千", "12000"),
        ("sum", "1万2000元", "12000"),
        ("sum", "3,000", "3000"),
        ("sum", "３０００", "3000"),
        ("sum", "3000 元", "3000"),
        ("sum", "3000块", "3000"),
        ("sum", "0.05万元", "500"),
        ("sum", "12.34", "12.34"),
        ("sum", "没有", "0"),
        ("sum", "无", "0"),
        ("wealth", "1.2", "1.2"),
        ("wealth", "1.2万", "1.2"),
        ("wealth", "12000元", "1.2"),
        ("wealth", "3万元", "3"),
        ("share", "50%", "50"),
    ],
)
def test_sums_are_exact(numbers: Ruleset, fact: str, text: str, value: str) -> None:
    assert read(numbers, fact, text) == read(numbers, fact, value)
    assert read(numbers, fact, text) != read(numbers, fact, "7")


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        *(
            ("sum", text)
            for text in ("1万2", "1.2万3千", "1千2万", "1万20千", "万", "半万", "1.2.3", "12,34", "3000年")
        ),
        ("sum", "1.23456万3"),
        ("share", "没有"),
        ("time", "没有"),
        ("died", "昨天"),
    ],
)
def test_what_is_unclear_is_refused(numbers: Ruleset, fact: str, text: str) -> None:
    with pytest.raises(InputError, match="H02"):
        read(numbers, fact, text)


@given(st.integers(0, 10**8), st.sampled_from(["元", "块", ""]))
@settings(max_examples=50, deadline=None)
def test_a_sum_in_fen_is_heard_as_it_is_written(numbers: Ruleset, fen: int, unit: str) -> None:
    plain, large = f"{fen // 100}.{fen % 100:02}", f"{fen // 10**6}.{fen % 10**6:06}"
    assert (
        read(numbers, "sum", f"{plain}{unit}")
        == read(numbers, "sum", f"{large}万{unit}")
        == read(numbers, "sum", plain)
    )


def test_truths_dates_and_what_nobody_knows(numbers: Ruleset) -> None:
    (name,) = [one.name for one in LESSON.facts if one.label == "享受低保"]
    assert [heard(LESSON, name, text) for text in ("1", "是", "有", "y", "Yes")] == [True] * 5
    assert [heard(LESSON, name, text) for text in ("2", "否", "没有", "无", "n")] == [False] * 5
    assert heard(LESSON, name, "大概") == "大概"
    assert {heard(LESSON, name, text) for text in ("", "不知道", "不详", "unknown")} == {None}
    assert heard(numbers, "died", "没有") == "无" and heard(numbers, "sum", "不知道") is None


def test_every_choice_has_a_number_and_fits_the_terminal() -> None:
    for fact in SHIPPED.facts:
        if not isinstance(fact.type, Code):
            continue
        codes = SHIPPED.program.code_lists[fact.type.code_list].codes
        lines = list(choice_lines(codes, "zh"))
        assert all(len(line.encode("gb18030")) <= COLUMNS for line in lines)
        for number, code in enumerate(codes, 1):
            assert f"{number} {code.label}" in "".join(lines)
            wanted = [code.code] if fact.kind == "codes" else code.code
            for text in (str(number), code.label, code.words.en, code.name):
                assert heard(SHIPPED, fact.name, text) == wanted
        if fact.kind == "codes":
            assert (
                heard(SHIPPED, fact.name, "1、2") == heard(SHIPPED, fact.name, "1 2") == [codes[0].code, codes[1].code]
            )


def test_the_range_is_hinted_in_the_declared_unit(numbers: Ruleset) -> None:
    hints = {one.name: answer_words(one, numbers.program) for one in numbers.facts}
    assert hints["sum"].zh == "元，0 到 100万" and hints["sum"].en == "yuan, 0 to 1,000,000"
    assert hints["wealth"].zh == "万元，0 到 1,000" and hints["share"].zh == "%，1 到 100"
    assert hints["died"].zh == "如 2000-01-01，或只填年份；没有的填“无”"


ANSWERS = {
    "medical_cost": st.sampled_from(["1000", "0.9万", ""]),
    "birth_date": st.sampled_from(["1930", "1990-01-01", ""]),
    "on_allowance": st.sampled_from(["1", "2", ""]),
}


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_answers_taken_back_and_given_again_end_in_the_same(data: st.DataObject) -> None:
    start = Interview(LESSON, {"id": "h", "members": [{"id": "m1"}, {"id": "m2"}]}, to_day(LESSON.breakpoints[-1]))
    assert start.back() is start
    said: list[tuple[Question, Any]] = []
    found = start
    while questions := found.questions():
        least, most = questions_left(questions)
        assert 1 <= least <= most == len(questions)
        text = data.draw(ANSWERS.get(questions[0].fact.name, st.sampled_from(["2", ""])))
        said.append((questions[0], given_answer(text, questions[0], LESSON.program)))
        found = found.answered(*said[-1])
    assert found.evaluation == LESSON.decide(found.household, found.day)
    back = data.draw(st.integers(0, len(said)))
    again = found
    for _ in range(back):
        again = again.back()
    for question, answer in said[len(said) - back :]:
        assert again.questions()[0].name == question.name
        again = again.answered(question, answer)
    assert (again.given, again.evaluation) == (found.given, found.evaluation)


def test_what_many_decisions_rest_on_comes_first() -> None:
    start = Interview(SHIPPED, {"id": "h", "members": [{"id": "m1"}]}, to_day(SHIPPED.breakpoints[2]))
    first, second = start.questions()[:2]
    undecided = [one for one in start.evaluation.decisions if start.is_wanted(one) and is_open(one)]
    assert first.member is None and len(first.policies) >= GATE_LEAST
    assert len(first.policies) * GATE_SHARE >= len(undecided)
    assert second.fact.name == "birth_date"


def test_documents_are_told_once_with_what_they_are_for() -> None:
    found = load(ROOT / "policies" / "assistance")
    member = {"id": "m1", "出生日期": "1930-01-01"}
    evaluation = found.evaluate({"id": "h", "members": [member]}, "2026-06-30")
    granted = [one for one in evaluation.decisions if one.obtain is not None and one.obtain.documents][:2]
    granted = [one._replace(status=Status.ELIGIBLE) for one in granted]
    names = {document.name.zh for one in granted if one.obtain for document in one.obtain.documents}
    heading, *lines = document_lines(granted, "zh")
    assert names and len(lines) == len(names) and str(len(names)) in heading
    assert sorted(line.strip().split("：")[0] for line in lines) == sorted(names)
    assert list(document_lines([one._replace(status=Status.INELIGIBLE) for one in granted], "zh")) == []


def test_a_clerk_takes_an_answer_back(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("3口\n回退\n1人\n1990\nback\n1930\n1\n０.7万\n"))
    arguments = ["interview", "--ruleset", str(ROOT / "docs/examples/lesson"), "--as-of", "2019-06-30"]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert out.count("家中有几口人") == 2 and "共问 3 个问题" in out and "m2" not in out
    assert "高龄津贴：符合  每月 200.00 元" in out and "每年 1300.00 元" in out
    assert "享受低保（1 是  2 否）？" in out and "大概还有 1 个问题" in out


def test_a_household_that_was_given_has_no_number_of_members_to_take_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "h.json").write_text('{"id": "h", "members": [{"id": "m1"}]}', encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("回退\nq\n"))
    arguments = ["interview", str(tmp_path / "h.json"), "--ruleset", str(ROOT / "docs/examples/lesson")]
    assert main([*arguments, "--as-of", "2019-06-30"]) == 0
    out = capsys.readouterr().out
    assert "前面没有可以改的答案了" in out and "家中有几口人" not in out


@pytest.mark.parametrize("answers", ["2\n回退\n", "2\n回退\n也许\n"])
def test_answers_that_end_where_members_are_asked_for_anew_end_the_interview(
    answers: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    assert main(["interview", "--ruleset", str(ROOT / "docs/examples/lesson"), "--as-of", "2019-06-30"]) == 0
    assert "共问 0 个问题" in capsys.readouterr().out


def test_many_refusals_at_once_are_one_line() -> None:
    decisions = SHIPPED.evaluate({"id": "h", "members": [{"id": "m1"}]}, "2019-06-30").decisions
    refused = [one._replace(status=Status.INELIGIBLE) for one in decisions]
    assert len(list(brief_lines(refused[:FEW_REFUSED], SHIPPED.program, "zh"))) == FEW_REFUSED
    (line,) = brief_lines(refused, SHIPPED.program, "zh")
    assert line.startswith("  ✗ 不符合：") and line.endswith(f" 等 {len(refused)} 项")
    granted = decisions[0]._replace(status=Status.ELIGIBLE)
    assert len(list(brief_lines([*refused, granted], SHIPPED.program, "zh"))) == 2


@pytest.mark.parametrize(
    ("least", "most", "assumed", "told"),
    [
        (2, 111, 58, "大概还有 2 到 53 个问题，另有 58 个可以不答"),
        (4, 6, 3, "大概还有 3 个问题，另有 3 个可以不答"),
        (1, 5, 0, "大概还有 1 到 5 个问题"),
        (1, 5, 5, "大概还有 5 个问题，都可以不答"),
    ],
)
def test_questions_that_need_no_answer_are_counted_apart(least: int, most: int, assumed: int, told: str) -> None:
    assert left_words(7, least, most, assumed, ()).zh == f"还有 7 项待定，{told}"


def test_a_date_of_which_it_is_assumed_that_there_is_none_is_asked_last(tmp_path: Path) -> None:
    died = "  - {name: died, label: 去世日期, for: household, type: date, range: 2000-01-01.., none: 无, "
    died += "absent: 无, why: {zh: 少, en: seldom}}\n"
    found = written(tmp_path, policy("甲 且 非 有(去世日期)"), facts=BASE["facts.yaml"] + died)
    questions = Interview(load(found), {"id": "h", "members": [{"id": "m1"}]}, to_day(date(2019, 6, 30))).questions()
    assert [(one.fact.name, one.is_assumed) for one in questions] == [("a", False), ("died", True)]
