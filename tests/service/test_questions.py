"""What the service answers about one household is what the library says; what is wrong is told all at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from asked_service import Answered, asked
from starlette.types import ASGIApp

from fupin_policy import Ruleset, load
from fupin_policy.cli.main import main
from fupin_policy.service.application import Service
from fupin_policy.service.shelf import RulesetShelf

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "docs" / "examples" / "lesson"
GIVEN: dict[str, Any] = json.loads((ROOT / "docs" / "examples" / "household.json").read_text(encoding="utf-8"))
DAY = "2019-06-30"


@pytest.fixture(scope="module")
def app() -> ASGIApp:
    return Service.of(RulesetShelf.of([LESSON, ROOT / "docs/examples/bills"]), poll=0).application()


@pytest.fixture(scope="module")
def rules() -> Ruleset:
    return load(LESSON)


def ask(app: ASGIApp, what: str, ruleset: str = "lesson", **body: Any) -> Answered:
    return asked(app, f"/api/{ruleset}/{what}", {"household": GIVEN, "as_of": DAY, **body})


def test_decisions_are_those_of_the_library(app: ASGIApp, rules: Ruleset) -> None:
    found = ask(app, "evaluate")
    assert found.status == 200 and found.data == rules.evaluate(GIVEN, DAY).as_json()
    nothing = ask(app, "evaluate", assume=False, continues=True, figures=["重度残疾"])
    assert nothing.data == rules.evaluate(GIVEN, DAY, ["重度残疾"], assume=False, continues=True).as_json()
    before = rules.evaluate(GIVEN, "2019-01-01").as_json()
    assert ask(app, "evaluate", previous=before).data == rules.evaluate(GIVEN, DAY, previous=before).as_json()


def test_explanations_have_their_texts(app: ASGIApp, rules: Ruleset) -> None:
    found = ask(app, "explain").data
    every = rules.explain(GIVEN, DAY)
    assert [one["text"]["zh"] for one in found["explanations"]] == [one.text("zh") for one in every]
    assert [{key: value for key, value in one.items() if key != "text"} for one in found["explanations"]] == [
        json.loads(json.dumps(one.as_json())) for one in every
    ]
    assert found["ruleset"] == {"id": "lesson", "digest": rules.digest} and found["as_of"] == DAY
    one = rules.policies[-1]
    assert [e["decision"]["policy"] for e in ask(app, "explain", policies=[one.title.zh]).data["explanations"]] == [
        one.id
    ]
    assert ask(app, "explain", policies=[]).data["explanations"] == []


def test_a_timeline_is_that_of_the_command(app: ASGIApp, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "h.json").write_text(json.dumps(GIVEN), encoding="utf-8")
    span = ["--from", "2019-01-01", "--to", "2019-12-31"]
    assert main(["timeline", "--ruleset", str(LESSON), "--format", "json", *span, str(tmp_path / "h.json")]) == 0
    told = json.loads(capsys.readouterr().out)
    body = {"household": GIVEN, "from": "2019-01-01", "to": "2019-12-31"}
    found = asked(app, "/api/lesson/timeline", body).data
    assert found.pop("ruleset")["id"] == "lesson" and found == told
    late = asked(app, "/api/lesson/timeline", {**body, "to": "2018-12-31"})
    assert late.status == 422 and late.problems == [("H072", "to")]


def test_an_interview_goes_on_with_the_answers_so_far(app: ASGIApp, rules: Ruleset) -> None:
    """To its end, by what each answer says to ask next; then nothing that can be asked is left."""
    answers: list[dict[str, Any]] = []
    household = {"id": "1", "members": [{"id": "m1"}, {"id": "m2"}]}
    for _ in range(60):
        found = ask(app, "interview", household=household, answers=answers)
        assert found.status == 200, found.data
        if not found.data["questions"]:
            break
        question = found.data["questions"][0]
        assert question["text"]["zh"] and question["policies"] and found.data["left"]["max"] >= 1
        answers.append({key: question[key] for key in ("question", "member")} | {"answer": answer_to(question)})
    assert found.data["questions"] == [] and answers
    assert found.data["evaluation"] == rules.evaluate(found.data["household"], DAY).as_json()


def answer_to(question: dict[str, Any]) -> Any:
    match question["kind"]:
        case "truth":
            return True
        case "code":
            return question["choices"][-1]["code"]
        case "codes":
            return [question["choices"][0]["code"]]
        case "date":
            return "1950-01-01"
        case "number":
            return 1
        case "list":
            return question["min"]
        case _:
            return None


def test_an_answer_to_an_item_of_a_list_stands_at_it(app: ASGIApp) -> None:
    known = load(ROOT / "docs/examples/bills")
    one = known.program.lists[0]
    member = None if one.of == "household" else "m1"
    household = {"id": "1", "members": [{"id": "m1"}]}
    body = {"household": household, "answers": [{"question": one.label, "member": member, "answer": 1}]}
    found = ask(app, "interview", "bills", **body, as_of=known.breakpoints[-1].isoformat())
    assert found.status == 200, found.data
    inside = next(q for q in found.data["questions"] if q["question"].startswith(f"{one.name}["))
    again = [*body["answers"], {"question": inside["question"], "member": inside["member"], "answer": None}]
    after = ask(app, "interview", "bills", household=household, answers=again, as_of=known.breakpoints[-1].isoformat())
    assert after.status == 200 and inside["question"] not in [q["question"] for q in after.data["questions"]]
    far = [{"question": f"{one.name}[9].{inside['question'].split('.')[1]}", "member": member, "answer": 1}]
    assert ask(app, "interview", "bills", household=household, answers=far).problems == [
        ("H011", "answers[0].question")
    ]


def test_other_values_are_tried_beside_the_rules(app: ASGIApp, rules: Ruleset) -> None:
    name = "参数.津贴_60至79岁"
    found = ask(app, "compare", settings={name: 999})
    after = rules.with_values({name: 999}).evaluate(GIVEN, DAY)
    assert found.data["before"] == rules.evaluate(GIVEN, DAY).as_json() and found.data["after"] == after.as_json()
    assert found.data["after"]["trial"] == [f"{name}=999"]
    assert ask(app, "compare").problems == [("W004", "settings")]
    assert ask(app, "compare", settings={"参数.没有": 1}).problems[0][0] == "N103"
    assert ask(app, "compare", settings={name: [1]}).problems == [("W005", f"settings.{name}")]


def test_the_rules_are_described(app: ASGIApp, rules: Ruleset) -> None:
    known = asked(app, "/api").data["rulesets"]
    assert [one["id"] for one in known] == ["lesson", "bills"] and known[0]["digest"] == rules.digest
    assert asked(app, "/api/lesson").data["covers"] == rules.program.covers.as_json()
    policies = asked(app, "/api/lesson/policies").data
    assert [one["id"] for one in policies["policies"]] == [one.id for one in rules.policies]
    named = {one for p in policies["policies"] for version in p["versions"] for one in version["lead"]}
    assert named <= policies["departments"].keys() and policies["sources"]
    assert asked(app, "/health").data == {"status": "ok"}
    assert asked(app, "/ready").data["rulesets"]["lesson"] == {"digest": rules.digest, "stale": False}


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        (b"", [("H050", "body:1:1")]),
        (b"[1]", [("W002", "body")]),
        (b"{}", [("W004", "as_of"), ("W004", "household")]),
        (b'{"household": 1, "as_of": 2}', [("W005", "as_of"), ("W005", "household")]),
        (
            b'{"household": {"id": "1"}, "as_of": "2019-06-30", "houshold": 1}',
            [("W003", "houshold"), ("H004", "members")],
        ),
        (b'{"household": NaN, "as_of": "2019-06-30"}', [("H051", "body:1:15")]),
        (b"[" * 300, [("H053", "body:1:1")]),
        (b'{"a": "\xff"}', [("H055", "body:1:8")]),
        (b'{"household": {}, "household": {}, "as_of": ""}', [("H052", "household")]),
        ('{"household": {"id": "1", "members": [{"id": 1, "年龄": 1e999999}]}, "as_of": "1066-01-01"}'.encode(), None),
    ],
)
def test_all_that_is_wrong_is_told_at_once(app: ASGIApp, body: bytes, problems: list[tuple[str, str]] | None) -> None:
    found = asked(app, "/api/lesson/evaluate", body)
    assert found.status == 422
    if problems is None:
        assert len(found.problems) >= 2
    else:
        assert found.problems == problems
    assert all(one["zh"] and one["en"] and one["help"]["zh"] for one in found.data["problems"])


def test_what_is_elsewhere_or_asked_in_another_way_is_refused(app: ASGIApp) -> None:
    assert asked(app, "/api/lesson/evalute", {}).problems == [("W011", "-")]
    wrong = asked(app, "/api/lesson/evaluate")
    assert (wrong.status, wrong.problems, wrong.headers["allow"]) == (405, [("W012", "-")], "POST")
    assert asked(app, "/api/other/evaluate", {}).problems == [("W017", "-")]
    typed = asked(app, "/api/lesson/evaluate", b"a=1", headers={"content-type": "application/x-www-form-urlencoded"})
    assert (typed.status, typed.problems) == (415, [("W013", "Content-Type")])
