"""JavaScript says when decisions change and what is due as `fupin timeline --format json` does, byte for byte.

`make test` asks about a few households where there is Node.js; `make test-hosts` about many.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import by_month
from cases import asked, case, drawn
from checked_ruleset import policy, written
from conditional_departments import rules
from javascript_answers import WHOLE, needs_node, run
from javascript_host import ROOT, node
from rules_as_run import loaded, rules_as_run

from fupin_policy import InputError, Ruleset, load
from fupin_policy.analysis.examples import cases as example_cases
from fupin_policy.analysis.timeline_data import timeline_between, timeline_data
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import read
from fupin_policy.intake import parse_json
from fupin_policy.ruleset import SHIPPED as FOLDER

LESSON = load(ROOT / "docs" / "examples" / "lesson")
SHIPPED = load()
FESTIVAL = """kind: parameters
parameters:
  - {name: eve, label: 节前, type: date, range: 2018-01-01..2020-12-31, values: [
      {valid: 2019-01-01..2019-12-31, value: 2019-01-29, status: example, source: s}]}
  - {name: after, label: 节后, type: date, range: 2018-01-01..2020-12-31, values: [
      {valid: 2019-01-01..2019-12-31, value: 2019-02-04, status: example, source: s}]}
"""
PROGRAM = ROOT / "tests" / "hosts" / "javascript" / "timeline.mjs"


@dataclass(frozen=True)
class Asked:
    """A household as a JSON text, and the first and the last day asked about."""

    text: str
    as_of: str
    last: str
    assume: bool = True


Jobs = list[tuple[Ruleset, list[Asked]]]


def said(ruleset: Ruleset, one: Asked) -> str:
    """What Python says."""
    reporter = Reporter()
    household = parse_json(one.text, reporter)
    try:
        reporter.raise_errors(InputError)
        found, rows = timeline_between(ruleset, household, one.as_of, one.last, assume=one.assume)  # type: ignore[arg-type]
        data = timeline_data(found, rows, ruleset)
    except InputError as error:
        data = {"problems": [one.as_json() for one in error.diagnostics]}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def agree(jobs: Jobs, folder: Path) -> list[dict[str, Any]]:
    """Both say the same; it is handed back."""
    listed = []
    for number, (ruleset, cases) in enumerate(jobs):
        (folder / f"{number}.wasm").write_bytes(ruleset.compile(explanations=True))
        listed.append({"artifact": str(folder / f"{number}.wasm"), "cases": [vars(one) for one in cases]})
    (folder / "jobs.json").write_text(json.dumps(listed), encoding="utf-8")
    run([str(node()), str(PROGRAM), str(folder / "jobs.json"), str(folder / "answers.json")])
    answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    assert [len(found) for found in answers] == [len(cases) for _, cases in jobs]
    for (ruleset, cases), found in zip(jobs, answers, strict=True):
        for one, text in zip(cases, found, strict=True):
            assert text == said(ruleset, one), one
    return [json.loads(text) for found in answers for text in found]


def about(ruleset: Ruleset, count: int, days: int) -> list[Asked]:
    """Random households, over random days about the one that they are drawn for; of every third nothing is assumed."""
    chance = Random(0)
    found = []
    for number, (household, day) in enumerate(drawn(asked(ruleset), count)):
        first = max(ruleset.breakpoints[0], day - timedelta(chance.randrange(days)))
        last = min(to_last(ruleset), day + timedelta(chance.randrange(days)))
        found.append(Asked(case(household, day).text, str(first), str(last), number % 3 != 0))
    return found


@needs_node
def test_the_lesson(tmp_path: Path) -> None:
    found = agree([(LESSON, about(LESSON, 60 if WHOLE else 12, 400))], tmp_path)
    assert any(one["changes"] for one in found) and any(one["dues"] for one in found)


@needs_node
def test_the_shipped_ruleset_and_its_examples(tmp_path: Path) -> None:
    examples = [one for one in example_cases(SHIPPED, read(FOLDER, Reporter())) if one.rules is SHIPPED]
    given = []
    for one in examples[:: 16 if WHOLE else 200]:
        day = date.fromisoformat(one.example.as_of.text)
        last = min(day + timedelta(120), to_last(SHIPPED))
        given.append(Asked(case(one.given, day).text, str(day), str(last)))
    found = agree([(SHIPPED, [*given, *about(SHIPPED, 16 if WHOLE else 2, 400)])], tmp_path)
    assert given and any(one["changes"] for one in found) and any(one["dues"] for one in found)


@needs_node
def test_rulesets_of_any_kind(tmp_path: Path) -> None:
    jobs: Jobs = []
    for number, files in enumerate(drawn(rules_as_run(), 4 if WHOLE else 2)):
        ruleset = loaded(tmp_path / f"rules{number}", files)
        jobs.append((ruleset, about(ruleset, 5 if WHOLE else 4, 300)))
    agree(jobs, tmp_path)


@needs_node
def test_months_departments_and_dates_that_become_known(tmp_path: Path) -> None:
    monthly = by_month.rules(tmp_path / "m")
    (tmp_path / "d").mkdir()
    cared = rules(tmp_path / "d")
    born = {"id": "h", "享受低保": True, "医疗费用": 8000, "members": [{"id": "m", "出生日期": "2018-05-10"}]}
    jobs: Jobs = [
        (
            monthly,
            [
                Asked(case(one, "2020-01-15").text, "2019-03-20", "2020-01-15")
                for one in by_month.households()[:: 1 if WHOLE else 9]
            ],
        ),
        (cared, about(cared, 6, 300)),
        (LESSON, [Asked(case(born, "2019-06-30").text, "2018-02-01", "2019-06-30")]),
    ]
    *_, late = agree(jobs, tmp_path)
    assert late["known_from"] == [{"fact": "birth_date", "member": "m", "from": "2018-05-10"}]


@needs_node
def test_each_way_in_which_amounts_come(tmp_path: Path) -> None:
    anybody = {"id": "h", "收入": 10, "甲": "是", "members": [{"id": "m", "出生日期": "1959-05-10"}, {"id": "n"}]}
    doubtful = {**anybody, "甲": None, "members": [{"id": "m", "出生日期": {"min": "1959-03-10", "max": "1959-06"}}]}
    jobs: Jobs = []
    ways = [
        *("per: day", "per: term", "per: year", "per: half_year", "per: quarter, pay: {months: [6, 12]}", "per: once"),
        *(
            "per: month, pay: {months: [3, 9]}",
            "per: once, window: 12-20..01-10",
            "per: once, window: 03-01..04-30",
            "per: once, window: 参数.节前..参数.节后",
        ),
    ]
    for number, way in enumerate(ways):
        folder = tmp_path / f"w{number}"
        folder.mkdir()
        text = policy("甲 或 有成员满足(周岁数(出生日期) >= 60)", "100元").replace("per: month", way)
        ruleset = load(written(folder, text, FESTIVAL), cache=False)
        cases = [
            Asked(case(one, "2020-02-20").text, "2019-01-05", "2020-02-20", assume)
            for one in (anybody, doubtful)
            for assume in (True, False)
        ]
        jobs.append((ruleset, cases))
    assert any(one["dues"] for one in agree(jobs, tmp_path))


@needs_node
def test_what_is_asked_wrongly_is_told_as_in_python(tmp_path: Path) -> None:
    days = [("2019-06-30", "2019-06-29"), ("soon", "2019-06-29"), ("2019-06-30", "9999-01-01"), ("2019-06-30", "x")]
    good = json.dumps({"id": "h", "享受低保": True, "医疗费用": 1, "members": [{"id": "m"}]})
    cases = [Asked(good, *pair) for pair in days]
    cases.append(Asked(json.dumps({"id": "h", "members": [{"id": "m", "x": 1}]}), "2019-06-30", "2019-07-01"))
    assert all("problems" in one for one in agree([(LESSON, cases)], tmp_path))


def to_last(ruleset: Ruleset) -> date:
    """The last day that is covered."""
    return date(1970, 1, 1) + timedelta(ruleset.program.covers.end - 1)
