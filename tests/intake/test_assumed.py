"""What is taken of facts that are not given: declared, said where a decision rests on it, and never by stealth."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from assuming import household, ruleset
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_rulesets import DAY, policy, written
from text_files import write_files

from fupin_policy import InputError, Ruleset, load
from fupin_policy.core import possible
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.testing import as_of_dates, households, rulesets

BLANK: list[Any] = [None, "", "  "]
UNKNOWN: list[Any] = ["不详", "未知", " unknown "]


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return ruleset(tmp_path_factory.mktemp("rules"))


def told(evaluation: Evaluation) -> dict[str, list[str]]:
    """By policy what is assumed."""
    return {one.policy: [each.text for each in one.assumed] for one in evaluation.decisions}


def test_what_is_not_given_is_taken_as_declared_and_said(rules: Ruleset) -> None:
    found = rules.evaluate(household(m1={"在校": "是"}), DAY)
    status = {one.policy: one.status.value for one in found.decisions}
    assert status == {"p.modest": "ineligible", "p.first_kind": "ineligible", "p.healthy": "eligible"}
    # that somebody studies is given, and settles it: then nothing rests on the cars
    assert told(found) == {
        "p.modest": [],
        "p.first_kind": ["户类=二类"],
        "p.healthy": ["m1.病种=无", "m2.病种=无", "m2.在校=否"],
    }
    assert found["p.first_kind"].as_json()["assumed"] == [
        {"fact": "kind", "label": "户类", "value": {"zh": "二类", "en": "two"}}
    ]


def test_without_assumptions_nothing_is_taken(rules: Ruleset) -> None:
    found = rules.evaluate(household(), DAY, assume=False)
    assert {one.status for one in found.decisions} == {Status.UNKNOWN}
    assert not any(told(found).values())
    assert "户类" in [one.text for one in found["p.first_kind"].missing]


@pytest.mark.parametrize("value", BLANK)
def test_what_is_blank_is_not_given(rules: Ruleset, value: Any) -> None:
    blank = rules.evaluate(household(车辆数=value, 户类=value, m1={"在校": value, "病种": value}), DAY)
    assert blank == rules.evaluate(household(), DAY)


@pytest.mark.parametrize("value", [*UNKNOWN, {}])
def test_what_is_said_to_be_unknown_is_given(rules: Ruleset, value: Any) -> None:
    found = rules.evaluate(household(车辆数=value, 户类=value, m1={"在校": value}, m2={"在校": value}), DAY)
    bare = rules.evaluate(household(), DAY, assume=False)
    for name in ("p.modest", "p.first_kind"):
        assert found[name].status is Status.UNKNOWN and found[name].missing == bare[name].missing


@pytest.mark.parametrize("value", [*UNKNOWN, {}])
def test_codes_may_be_said_to_be_unknown(rules: Ruleset, value: Any) -> None:
    read, _ = rules.read(household(m1={"病种": value}), DAY)
    names = [one.name for one in rules.program.member_inputs]
    assert read.members[0].facts[names.index("ill.severe")] == possible.UNKNOWN
    assert read.members[1].facts[names.index("ill.severe")] == possible.FALSE


@pytest.mark.parametrize(
    ("value", "status"),
    [({"min": 1}, "unknown"), ({"one_of": [0, 1]}, "eligible"), ({"max": 1}, "eligible"), ("5", "ineligible")],
)
def test_what_is_known_in_part_is_given(rules: Ruleset, value: Any, status: str) -> None:
    found = rules.evaluate(household(车辆数=value, m1={"在校": "否"}, m2={"在校": "否"}), DAY)["p.modest"]
    assert (found.status.value, found.assumed) == (status, ())


@pytest.mark.parametrize("value", [{"min": "不详"}, {"one_of": ["unknown"]}, ["不详"]])
def test_a_part_of_a_value_is_not_said_to_be_unknown(rules: Ruleset, value: Any) -> None:
    with pytest.raises(InputError):
        rules.evaluate(household(车辆数=value), DAY)


def test_codes_of_such_names_stay_codes(tmp_path: Path) -> None:
    codes = "[{code: '1', name: known, label: 已知}, {code: '9', name: unknown, label: 不详}]"
    lists = f"code_lists: [{{name: c, codes: {codes}}}]\n"
    facts = "- {name: state, label: 情况, for: household, type: code, codes: c}\n"
    small = written(tmp_path, facts, policy("情况 = 不详"), lists=lists)
    for word in ("不详", "unknown", "9"):
        assert small.evaluate(household(情况=word), DAY)["p.p"].status is Status.ELIGIBLE
    assert small.evaluate(household(情况="未知"), DAY)["p.p"].status is Status.UNKNOWN


def outcome(decision: Decision) -> tuple[object, ...]:
    """How it came out, and for whom."""
    whom = (decision.beneficiaries, decision.possible_beneficiaries)
    return (decision.status, decision.amount, decision.members, *whom)


def answering(decision: Decision) -> tuple[object, ...]:
    """Who answers, and who may."""
    return decision.lead, decision.cooperating, decision.possible_lead, decision.possible_cooperating


def open_beside(decision: Decision) -> bool:
    """Whether it is open who answers, whether the household is among the audience, or which documents are needed."""
    documents = () if decision.obtain is None else decision.obtain.documents
    whose = decision.audience is not None and decision.own is None
    who = decision.possible_lead or decision.possible_cooperating
    return bool(who) or whose or any(one.when is not None for one in documents)


SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(st.data())
def test_the_law_of_what_is_assumed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Empty where the values agree; else the assumed facts among what is missing without them, or beside it."""
    folder = tmp_path_factory.mktemp("rules")
    write_files(folder, data.draw(rulesets()))
    rules = load(folder, cache=False)
    as_of = data.draw(as_of_dates(rules))
    one = data.draw(households(rules, as_of))
    shown, without = rules.evaluate(one, as_of), rules.evaluate(one, as_of, assume=False)
    assert shown == rules.interpret(one, as_of) and without == rules.interpret(one, as_of, assume=False)
    absent = {fact.name: fact for fact in rules.facts if fact.absent is not None}
    places = {None: {**one, **one.get("village", {})}, **{member["id"]: member for member in one["members"]}}
    for decision, other in zip(shown.decisions, without.decisions, strict=True):
        assert other.assumed == ()
        same = outcome(decision) == outcome(other)
        wanted, of_bodies = (
            [need for need in needs if need.fact in absent and places[need.member].get(need.fact) is None]
            for needs in (other.missing, other.departments_missing)
        )
        rests = [each.fact for each in decision.assumed]
        if not open_beside(other):
            assert rests == ([] if same else wanted)
        else:  # what is told beside may rest on it, too
            moved = answering(decision) != answering(other)
            assert bool(rests) >= moved
            assert {*([] if same else wanted), *(of_bodies if moved else ())} <= {*rests}
            assert all(need.fact in absent and places[need.member].get(need.fact) is None for need in rests)
    # the law of a household that says the same in so many words: then nothing is assumed
    words = {fact.name: fact.absent.words.zh.partition(" ")[0] for fact in absent.values() if fact.absent}
    values: dict[str, Any] = {name: ([] if word == "无" else word) for name, word in words.items()}
    said = json.loads(json.dumps(one))
    for member, place in ((None, said), *((person["id"], person) for person in said["members"])):
        for name, word in values.items():
            level = absent[name].level
            target = said.setdefault("village", {}) if level == "village" and member is None else place
            day = target.get(name.removesuffix(".given"))  # whether there is one is said by the day, too
            if (level == "member") is (member is not None) and target.get(name) is None and day is None:
                target[name] = word
    filled = rules.evaluate(said, as_of)
    assert not any(told(filled).values())
    assert [(d.status, d.amount) for d in filled.decisions] == [(d.status, d.amount) for d in shown.decisions]


def test_explanations_and_lists_say_what_was_assumed(rules: Ruleset) -> None:
    from fupin_policy.reports.decisions_text import evaluation_text

    (explained,) = rules.explain(household(), DAY, "p.first_kind")
    assert "没有给出，因而当作：\n    户类=二类（登记册只记有的）" in explained.text("zh")
    assert "kind=two (The register lists only those who have it)" in explained.text("en")
    assert explained.as_json()["decision"]["assumed"]
    text = evaluation_text(rules.evaluate(household(), DAY), rules.program, "zh")
    assert "没有给出，当作 车辆数=0、m1.在校=否、m2.在校=否" in text and "户类=二类" in text


def test_one_that_was_given_and_one_that_was_assumed_are_told_apart(rules: Ruleset) -> None:
    given = household(m1={"在校": "否", "务工": "否"}, m2={"务工": "否"})
    (explained,) = rules.explain(given, DAY, "p.healthy")
    told = explained.text("zh")
    either = "在校为「是」 或 务工为「是」"
    assert f"m1：{either}（实际：" in told and f"m2：{either}（有的是当作的：" in told
    facts = [fact for reason in explained.as_json()["reasons"] for fact in reason["facts"]]
    assert {(one["fact"], one["member"]) for one in facts if one.get("assumed")} == {("studying", "m2")}


def test_the_interview_asks_it_last_and_takes_no_for_unknown(rules: Ruleset) -> None:
    from fupin_policy.analysis.interview import Interview
    from fupin_policy.core.days import day_of, to_day

    day = day_of(DAY)
    assert day is not None
    talk = Interview(rules, household(), to_day(day))
    questions = talk.questions()
    declared = [one.is_assumed for one in questions]
    assert declared == sorted(declared) and True in declared and False in declared
    assert told(talk.result()) == told(rules.evaluate(household(), DAY))
    kind = next(one for one in questions if one.fact.name == "kind")
    after = talk.answered(kind, None)
    assert after.result()["p.first_kind"].status is Status.UNKNOWN
    assert kind.fact not in [one.fact for one in after.questions()]


def test_the_order_of_facts_changes_nothing(rules: Ruleset) -> None:
    facts: dict[str, Any] = {"车辆数": "1", "户类": None, "耕地": "3"}
    keys = list(facts)
    for seed in range(6):
        random.Random(seed).shuffle(keys)
        assert rules.evaluate(household(**{key: facts[key] for key in keys}), DAY) == rules.evaluate(
            household(车辆数="1", 耕地="3"), DAY
        )


def test_a_witness_says_that_it_does_not_know(rules: Ruleset) -> None:
    """What is left out would be assumed where the witness is read again."""
    from fupin_policy.intake.serializer import labelled, serialize

    read, _ = rules.read(household(), DAY, assume=False)
    said = serialize(rules.program, read)
    assert said["cars"] == "unknown" and labelled(rules.program, said)["户类"] == "unknown"
    again, _ = rules.read(said, DAY)
    assert again.given is None and again.facts == read.facts
