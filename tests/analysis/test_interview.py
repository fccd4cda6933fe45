"""Questions one at a time: they settle everything, ask nothing else, and are fewer than in the order of the form.

In: households of which everything is known, asked about one fact after another. Out: assertions. Called by pytest.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_rulesets import policy, written

from fupin_policy import InputError, Ruleset, load
from fupin_policy.analysis.interview import Interview, Question, decided, is_open
from fupin_policy.cli.main import main
from fupin_policy.core.days import to_day
from fupin_policy.core.declarations import FactDecl
from fupin_policy.testing import as_of_dates, households

ROOT = Path(__file__).parents[2]
LESSON, SHIPPED = load(ROOT / "docs" / "examples" / "lesson"), load()


def truth_about(household: Mapping[str, Any], question: Question) -> Any:
    assert isinstance(question.fact, FactDecl)
    name = question.fact.name
    if question.member is not None:
        return next(one for one in household["members"] if one["id"] == question.member)[name]
    return (household.get("village", {}) if question.fact.level == "village" else household)[name]


Choice = Callable[[tuple[Question, ...]], Question]


def through(
    ruleset: Ruleset, household: Mapping[str, Any], day: int, choose: Choice = lambda questions: questions[0]
) -> tuple[Interview, int]:
    """The interview at its end, and how many questions were asked."""
    bare = {"id": household["id"], "members": [{"id": one["id"]} for one in household["members"]]}
    found, count = Interview(ruleset, bare, day), 0
    while questions := found.questions():
        question = choose(questions)
        named = {(need.fact, need.member) for decision in found.evaluation.decisions for need in decision.missing}
        assert (question.fact.name, question.member) in named
        assert question.policies
        before = found.evaluation
        found, count = found.answered(question, truth_about(household, question)), count + 1
        for decision in decided(before, found.evaluation):
            assert not is_open(decision)
    return found, count


@pytest.mark.parametrize(("ruleset", "most"), [(LESSON, 40), (SHIPPED, 6)], ids=["lesson", "shipped"])
def test_it_ends_with_everything_decided(ruleset: Ruleset, most: int) -> None:
    @settings(max_examples=most, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        as_of = data.draw(as_of_dates(ruleset))
        household = data.draw(households(ruleset, as_of, known=True))
        found, _ = through(ruleset, household, to_day(as_of))
        full = ruleset.evaluate(household, as_of)
        for now, known in zip(found.evaluation.decisions, full.decisions, strict=True):
            # what no answer settles rests on a parameter without a value
            assert all(need.parameter is not None for need in now.missing)
            if not now.missing:
                assert (now.status, now.amount, now.members) == (known.status, known.amount, known.members)

    check()


def test_fewer_questions_than_in_the_order_of_the_form() -> None:
    by_form = {fact.name: at for at, fact in enumerate(SHIPPED.facts)}

    def in_order(questions: tuple[Question, ...]) -> Question:
        return min(questions, key=lambda one: (one.member or "", by_form[one.fact.name]))

    day = to_day(SHIPPED.breakpoints[2])
    totals = [0, 0]
    for seed in range(3):
        household = _drawn(seed)
        for at, choose in enumerate((lambda questions: questions[0], in_order)):
            totals[at] += through(SHIPPED, household, day, choose)[1]
    assert totals[0] < totals[1]


def _drawn(seed: int) -> dict[str, Any]:
    """A household of the demonstration's kind with everything known."""
    from random import Random

    random = Random(seed)

    def value(fact: Any) -> Any:
        match fact.kind:
            case "truth":
                return random.random() < 0.3
            case "code" | "codes":
                name = random.choice(SHIPPED.program.code_lists[fact.type.code_list].codes).name
                return name if fact.kind == "code" else [name]
            case "date":
                return f"{random.randint(1935, 2015)}-0{random.randint(1, 9)}-1{random.randint(0, 9)}"
            case _:
                return str(random.randint(0, 8000))

    facts = [fact for fact in SHIPPED.facts if fact.kind != "text"]
    own = {fact.name: value(fact) for fact in facts if fact.level == "household"}
    village = {fact.name: value(fact) for fact in facts if fact.level == "village"}
    members = [
        {"id": f"m{at}", **{fact.name: value(fact) for fact in facts if fact.level == "member"}} for at in (1, 2)
    ]
    return {"id": "h", **own, **({"village": village} if village else {}), "members": members}


def test_who_does_not_know_is_not_asked_again_and_a_part_is_taken() -> None:
    start = Interview(LESSON, {"id": "h", "享受低保": "是", "members": [{"id": "m1"}]}, to_day(LESSON.breakpoints[-1]))
    questions = start.questions()
    assert {question.fact.name for question in questions} == {"birth_date", "medical_cost"}
    birth = next(question for question in questions if question.fact.name == "birth_date")
    skipped = start.answered(birth, None)
    assert {question.fact.name for question in skipped.questions()} == {"medical_cost"}
    in_part = start.answered(birth, "1930")
    assert in_part.evaluation["elderly.old_age_allowance"].status.value == "eligible"
    with pytest.raises(InputError):
        start.answered(birth, "nonsense")


def test_an_answer_takes_the_place_of_what_was_known_in_part() -> None:
    given_ = {"id": "h", "享受低保": "是", "医疗费用": {"min": "1", "max": "9000"}, "成员": [{"人编号": 1}]}
    found = Interview(LESSON, given_, to_day(LESSON.breakpoints[-1]))
    question = next(one for one in found.questions() if one.fact.name == "medical_cost")
    after = found.answered(question, "8000")
    assert after.given["medical_cost"] == "8000" and "医疗费用" not in after.given
    birth = next(one for one in after.questions() if one.fact.name == "birth_date")
    assert after.answered(birth, "1930-01-01").questions() == ()


def asked(monkeypatch: pytest.MonkeyPatch, answers: str, *arguments: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    return main(["interview", "--ruleset", str(ROOT / "docs/examples/lesson"), "--as-of", "2019-06-30", *arguments])


def test_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kept = tmp_path / "household.json"
    assert asked(monkeypatch, "二\n1\n?\nnonsense\n1930-05-01\n是\n7000\n", "-o", str(kept)) == 0
    said = capsys.readouterr()
    assert said.out.count("家中有几口人") == 2
    assert "用于：" in said.out
    assert "H02" in said.err
    assert "共问 3 个问题" in said.out
    assert "高龄津贴：符合  每月 200.00 元" in said.out
    known = json.loads(kept.read_text(encoding="utf-8"))
    assert known["members"][0]["birth_date"] == "1930-05-01"
    assert not any(map(is_open, LESSON.evaluate(known, "2019-06-30").decisions))


def test_the_command_stops_where_answers_end_and_speaks_english(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(monkeypatch, "1\n", "--lang", "en") == 0
    out = capsys.readouterr().out
    assert "0 questions asked" in out and "m1's birth date (as 1959-06-30, or the year alone)?" in out
    assert asked(monkeypatch, "1\nq\n", "--format", "json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["questions"] == [] and said["evaluation"]["household"] == "1"
    assert asked(monkeypatch, "") == 1


def test_the_command_begins_with_what_a_file_knows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(monkeypatch, "", str(ROOT / "docs/examples/household.json"), "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["household"]["id"] == "h1"


NUMBERS = "".join(
    f"- {{name: {name}, label: {name}, for: household, type: number, unit: 欧元, range: 0..1000}}\n" for name in "xyz"
)


@pytest.mark.fault("E13")
class TestTheEnd:
    def test_what_nobody_knows_may_leave_nothing_to_be_decided(self, tmp_path: Path) -> None:
        """An amount of x + y is never settled where nobody knows x, whatever y is."""
        ruleset = written(tmp_path, NUMBERS, policy("z >= 0 欧元", amount="x + y"))
        start = Interview(ruleset, {"id": "h", "members": []}, to_day(ruleset.breakpoints[0]))
        assert {one.fact.name for one in start.questions()} == {"x", "y"}
        x = next(one for one in start.questions() if one.fact.name == "x")
        assert start.answered(x, None).questions() == ()
        assert [one.fact.name for one in start.answered(x, "3").questions()] == ["y"]

    def test_what_may_still_settle_something_is_asked(self, tmp_path: Path) -> None:
        """Where nobody knows x, a small y still refuses; where it cannot, only both together decide."""
        ruleset = written(tmp_path, NUMBERS, policy("x > 10 欧元 且 y > 990 欧元 且 z > 995 欧元"))
        start = Interview(ruleset, {"id": "h", "members": []}, to_day(ruleset.breakpoints[0]))
        x = next(one for one in start.questions() if one.fact.name == "x")
        left = start.answered(x, None)
        assert {one.fact.name for one in left.questions()} == {"y", "z"}
        y = next(one for one in left.questions() if one.fact.name == "y")
        left = left.answered(y, "1000")
        assert [one.fact.name for one in left.questions()] == ["z"]
        assert left.answered(left.questions()[0], "1000").questions() == ()

    def test_two_answers_together_settle_what_neither_does(self, tmp_path: Path) -> None:
        ruleset = written(tmp_path, NUMBERS, policy("z < 5 欧元 或 x + y > 1500 欧元"))
        start = Interview(ruleset, {"id": "h", "members": []}, to_day(ruleset.breakpoints[0]))
        z = next(one for one in start.questions() if one.fact.name == "z")
        assert {one.fact.name for one in start.answered(z, None).questions()} == {"x", "y"}

    def test_blank_answers_come_to_an_end_and_each_question_is_quick(self) -> None:
        members = [{"id": f"m{number}"} for number in range(40)]
        found = Interview(SHIPPED, {"id": "h", "members": members}, to_day(SHIPPED.breakpoints[2]))
        for _ in range(5):
            began = time.process_time()
            questions = found.questions()
            assert time.process_time() - began < 1  # 0.08 s on a machine that does nothing else
            found = found.answered(questions[0], None)
        lesson = Interview(LESSON, {"id": "h", "members": members[:10]}, to_day(LESSON.breakpoints[-1]))
        count = 0
        while questions := lesson.questions():
            lesson, count = lesson.answered(questions[0], None), count + 1
        assert count <= 1 + 3 * 10


def test_a_date_that_may_be_none_is_asked_for_once(tmp_path: Path) -> None:
    died = "- {name: died, label: 去世日期, for: member, type: date, range: 2000-01-01.., none: 无}\n"
    when = "有(去世日期) 且 若有(去世日期 否则 2019-01-01) < 2019-02-01"
    ruleset = written(tmp_path, died, policy(when, "member"))
    start = Interview(ruleset, {"id": "h", "members": [{"id": "m1"}]}, to_day(ruleset.breakpoints[0]))
    (question,) = start.questions()
    assert question.fact.name == "died"
    for answer in ("无", "2019-01-31", None):
        after = start.answered(question, answer)
        assert after.questions() == ()
        assert any(map(is_open, after.evaluation.decisions)) is (answer is None)
