"""What is answered about one household: functions of a ruleset and a body, run in threads.

In: a ruleset and the bytes of a request. Out: data for JSON. Called by `application`. Each raises InputError, or
RulesetError for values that are tried, with every problem found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fupin_policy.analysis.asked_words import asked_words
from fupin_policy.analysis.audit import RecordKeeper, plain
from fupin_policy.analysis.interview import Interview, Question, is_open, questions_left
from fupin_policy.analysis.named_questions import question_named
from fupin_policy.analysis.timeline import outcome
from fupin_policy.analysis.timeline_data import timeline_between, timeline_data
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.declarations import ListDecl
from fupin_policy.core.program import unit_text
from fupin_policy.core.types import Code, Number
from fupin_policy.diagnostics import InputError
from fupin_policy.ruleset import Ruleset, day_of
from fupin_policy.service.asked import HOW, AskedBody

WithSettings = Callable[[Mapping[str, Any], tuple[str, ...]], Ruleset]
"""The same rules with values that are tried, perhaps made before."""
QUESTION = ("household", "as_of", *HOW)
EVALUATE = (*QUESTION, "figures", "record")
EXPLAIN = (*QUESTION, "figures", "policies")
INTERVIEW = ("household", "as_of", "answers", "every", "assume", "previous")
TIMELINE = ("household", "from", "to", "assume", "continues")
COMPARE = (*QUESTION, "settings", "open_readings")


def evaluate(ruleset: Ruleset, raw: bytes, record: RecordKeeper | None = None) -> Mapping[str, Any]:
    """Every policy's decision: what `fupin eval --format json` says; and its entry, where there is a record."""
    asked = AskedBody.of(raw, EVALUATE)
    household, as_of, figures, how = asked.household(), asked.text("as_of"), asked.texts("figures"), asked.how()
    keeps = asked.truth("record", True) and record is not None
    more = [key for key in (*HOW, "figures") if asked.given.get(key) not in (None, key == "assume", [])]
    if keeps and more:
        asked.reporter.report("W006", "record", names=more)
    _check_figures(asked, ruleset, figures)
    asked.settle(ruleset, household, as_of, **how)
    found = ruleset.evaluate(household, as_of, figures, **how).as_json()
    if record is None or not keeps:
        return found
    number, head = record.add(ruleset, household, as_of)
    return {**found, "record": {"entry": number, "hash": head}}


def explain(ruleset: Ruleset, raw: bytes) -> Mapping[str, Any]:
    """Why the policies, or those named, came out as they did: what `fupin explain` says, and its text."""
    asked = AskedBody.of(raw, EXPLAIN)
    household, as_of, figures, how = asked.household(), asked.text("as_of"), asked.texts("figures"), asked.how()
    named: list[str] | None = None if asked.given.get("policies") is None else []
    for name in asked.texts("policies"):
        try:
            named = [*(named or ()), ruleset.policy(name).id]
        except InputError as error:
            asked.reporter.repeat(error.diagnostics)
    _check_figures(asked, ruleset, figures)
    asked.settle(ruleset, household, as_of, **how)
    decided = ruleset.explain(household, as_of, named, **how)
    told = ruleset.explain_figures(household, as_of, figures, **how)
    return {
        **_head(ruleset, as_of),
        "explanations": [{**one.as_json(), "text": {"zh": one.text("zh"), "en": one.text("en")}} for one in decided],
        "figures": [{**one.as_json(), "text": {"zh": one.text("zh"), "en": one.text("en")}} for one in told],
    }


def interview(ruleset: Ruleset, raw: bytes) -> Mapping[str, Any]:
    """What to ask next, the best first, after the answers so far; the household with these, and what it comes to."""
    asked = AskedBody.of(raw, INTERVIEW)
    household, as_of, answers = asked.household(), asked.text("as_of"), asked.mappings("answers")
    every, assume, previous = asked.truth("every", False), asked.truth("assume", True), asked.mapping("previous")
    for number, one in enumerate(answers):
        _check_answer(asked, number, one)
    asked.settle(ruleset, household, as_of, previous=previous)
    day = to_day(day_of(ruleset.program, as_of))
    talk = Interview(ruleset, household, day, every=every, previous=previous)
    # a household that cannot be read is reported before its answers are
    ruleset.read(household, to_date(day), assume=False, previous=previous)
    for number, one in enumerate(answers):
        question = question_named(talk, one["question"], one.get("member"), f"answers[{number}].question")
        talk = talk.answered(question, one.get("answer"))
    questions = talk.questions()
    least, most = questions_left(questions)
    undecided = [one.policy for one in talk.evaluation.decisions if is_open(one) and talk.is_wanted(one)]
    return {
        **_head(ruleset, as_of),
        "questions": [_question(one, ruleset) for one in questions],
        "left": {"min": least, "max": most},
        "undecided": undecided,
        "household": plain(talk.given),
        "evaluation": talk.result(assume=assume).as_json(),
    }


def timeline(ruleset: Ruleset, raw: bytes) -> Mapping[str, Any]:
    """When the decisions change, and what is due month by month: what `fupin timeline` says."""
    asked = AskedBody.of(raw, TIMELINE)
    household, first, last = asked.household(), asked.text("from"), asked.text("to")
    assume, continues = asked.truth("assume", True), asked.truth("continues", False)
    asked.settle(ruleset, household, last, assume=assume)
    found, rows = timeline_between(ruleset, household, first, last, assume=assume, continues=continues)
    return {"ruleset": _named(ruleset), **timeline_data(found, rows, ruleset)}


def compare(ruleset: Ruleset, raw: bytes, with_settings: WithSettings) -> Mapping[str, Any]:
    """The decisions by the rules, and by the same rules with other values, and which of them differ."""
    asked = AskedBody.of(raw, COMPARE)
    household, as_of, how = asked.household(), asked.text("as_of"), asked.how()
    settings, open_readings = asked.settings("settings"), asked.texts("open_readings")
    if not settings and not open_readings:
        asked.reporter.report("W004", "settings", name="settings")
    asked.settle(ruleset, household, as_of, **how)
    before = ruleset.evaluate(household, as_of, **how)
    after = with_settings(settings, open_readings).evaluate(household, as_of, **how)
    changes = [
        {"policy": was.policy, "before": was.as_json(), "after": now.as_json()}
        for was, now in zip(before.decisions, after.decisions, strict=True)
        if outcome(was) != outcome(now)
    ]
    return {"before": before.as_json(), "after": after.as_json(), "changes": changes}


def _named(ruleset: Ruleset) -> dict[str, str]:
    return {"id": ruleset.id, "digest": ruleset.digest}


def _head(ruleset: Ruleset, as_of: str) -> dict[str, Any]:
    trial = {"trial": list(ruleset.program.trial)} if ruleset.program.trial else {}
    return {"ruleset": _named(ruleset), "as_of": day_of(ruleset.program, as_of).isoformat(), **trial}


def _check_figures(asked: AskedBody, ruleset: Ruleset, figures: tuple[str, ...]) -> None:
    try:
        ruleset.figures_named(figures)
    except InputError as error:
        asked.reporter.repeat(error.diagnostics)


def _check_answer(asked: AskedBody, number: int, one: Mapping[str, Any]) -> None:
    """An answer names its question, and perhaps a member; what is answered is read as the fact's value is."""
    place = f"answers[{number}]"
    for key in one:
        if key not in ("question", "member", "answer"):
            name = key[:40]
            asked.reporter.report("W003", f"{place}.{name}", name=name, known=["question", "member", "answer"])
    if one.get("question") is None:
        asked.reporter.report("W004", f"{place}.question", name="question")
    for key in ("question", "member"):
        if one.get(key) is not None and not isinstance(one[key], str):
            asked.wrong(f"{place}.{key}", "文字", "text")


def _question(question: Question, ruleset: Ruleset) -> dict[str, Any]:
    """A question as data: its name, by which it is answered, and its words."""
    fact, program = question.fact, ruleset.program
    kind = None if isinstance(fact, ListDecl) else fact.type
    found: dict[str, Any] = {
        "question": question.name,
        "member": question.member,
        "words": fact.words.as_json(),
        "text": asked_words(question, program).as_json(),
        "kind": "list" if isinstance(fact, ListDecl) else fact.kind,
        "assumed": question.is_assumed,
        "policies": [one.policy for one in question.policies],
    }
    if question.note is not None:
        found["note"] = question.note.as_json()
    if isinstance(fact, ListDecl):
        found |= {"min": question.least, "max": fact.most}
    if isinstance(kind, Code):
        codes = program.code_lists[kind.code_list].codes
        found["choices"] = [{"code": one.code, **one.words.as_json()} for one in codes]
    if isinstance(kind, Number):
        found["unit"] = Bilingual(*(unit_text(kind.unit, program.unit_labels, lang) for lang in ("zh", "en"))).as_json()
    if question.periods:
        found["periods"] = list(question.periods)
    return found
