"""What was decided last time: taken where nothing is given, said where something rests on it, sound over any chain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from previous_results import LINE, with_previous
from small_rulesets import policy, written

from fupin_policy import InputError, Ruleset
from fupin_policy.analysis.interview import Interview
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.first_days import FirstDay

BEFORE = {"上期低保": "否", "上期渐退": "否", "上期渐退起始日": "无", "上期金额": 0}
MONTHS = [date(2019 + month // 12, month % 12 + 1, 15) for month in range(24)]
NOT_TRAINED = {"上期培训": "否", "培训起始日": "无"}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return with_previous(tmp_path_factory.mktemp("rules"))


def household(income: Any, able: Any = False, first: bool = False) -> dict[str, Any]:
    """A household of one member; `first`: nothing was decided before."""
    member = {"id": "a", "有劳力": able, **(NOT_TRAINED if first else {})}
    return {"id": "h", "收入": income, "members": [member], **(BEFORE if first else {})}


def chain(rules: Ruleset, incomes: Sequence[Any], able: Sequence[Any]) -> list[Evaluation]:
    """The decisions of months in a row, each with the result before, now as it is and now as JSON."""
    found: list[Evaluation] = []
    for at, (day, income, one) in enumerate(zip(MONTHS, incomes, able, strict=False)):
        before = found[-1] if found else None
        previous = json.loads(json.dumps(before.as_json())) if before and at % 2 else before
        found.append(rules.evaluate(household(income, one, before is None), day, previous=previous))
        assert found[-1] == rules.interpret(household(income, one, before is None), day, previous=previous)
    return found


def months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def oracle(incomes: Sequence[int], able: Sequence[bool]) -> list[dict[str, Any]]:
    """The same in plain Python: since when each policy has applied, or None; what is drawn on the allowance."""
    found: list[dict[str, Any]] = []
    last: dict[str, Any] = {"aid": None, "phase": None, "training": None, "amount": 0}
    for day, income, one in zip(MONTHS, incomes, able, strict=False):
        poor, now = income < LINE, dict[str, Any]()
        phase = not poor and bool(last["aid"] or (last["phase"] and months_between(last["phase"], day) < 3))
        training = one or bool(last["training"] and months_between(last["training"], day) < 2)
        for name, holds in (("aid", poor), ("phase", phase), ("training", training)):
            now[name] = (last[name] or day) if holds else None
        now["amount"] = LINE - income if poor else 0
        now["phased"] = min(last["amount"], 50) if phase else 0
        found.append(now)
        last = now
    return found


INCOMES = st.sampled_from([0, 300, 480, LINE, 900])


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(INCOMES, st.booleans()), min_size=1, max_size=9))
def test_a_chain_of_months_is_what_plain_python_makes_of_it(rules: Ruleset, months: list[tuple[int, bool]]) -> None:
    incomes, able = zip(*months, strict=True)
    for found, wanted in zip(chain(rules, incomes, able), oracle(incomes, able), strict=True):
        aid, phase, training = (found[f"p.{name}"] for name in ("aid", "phase", "training"))
        for decision, name in ((aid, "aid"), (phase, "phase"), (training, "training")):
            assert decision.status is (Status.ELIGIBLE if wanted[name] else Status.INELIGIBLE)
            assert not decision.missing
        assert (aid.amount.low if aid.amount else 0) == wanted["amount"] * 100
        assert (phase.amount.low if phase.amount else 0) == wanted["phased"] * 100
        assert first_day(phase) == wanted["phase"]
        assert aid.first_day is None  # nobody asks for it
        assert [one.first_day for one in training.members] == [
            FirstDay(*(to_day(wanted["training"]),) * 2) for _ in training.members
        ]


def first_day(decision: Decision) -> date | None:
    """The first day where it is known exactly."""
    if decision.first_day is None:
        return None
    assert decision.first_day.low == decision.first_day.high
    return date.fromisoformat(decision.first_day.as_json()["min"])


@pytest.mark.parametrize(
    ("starts", "since"),
    [("same_day", "2019-03-15"), ("same_month", "2019-03-31"), ("next_month", "2019-02-28")],
)
def test_the_first_day_is_that_of_the_assessment(tmp_path: Path, starts: str, since: str) -> None:
    facts = """\
- {name: had_aid, label: 上期救助, for: household, type: truth, previous: 救助}
- {name: began, label: 上期起始日, for: household, type: date, none: 无, previous: 救助}
"""
    aid = policy("非 上期救助 或 满月数(若有(上期起始日 否则 基准日)) < 3", name="aid")
    rules = written(tmp_path, facts, aid.replace("政策aid", "救助").replace("lead:", f"starts: {starts}, lead:"))
    first = {"id": "h", "上期救助": "否", "上期起始日": "无", "members": [{"id": "a"}]}
    found = rules.evaluate(first, date(2019, 3, 15))
    assert found["p.aid"].first_day == FirstDay(*(to_day(date.fromisoformat(since)),) * 2)
    again = rules.evaluate({"id": "h", "members": [{"id": "a"}]}, date(2019, 4, 15), previous=found)
    assert again["p.aid"].first_day == found["p.aid"].first_day


PARTLY = st.sampled_from([None, {"min": 300, "max": 700}, {"min": 500, "max": 700}, {"min": 100, "max": 200}])


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_known_in_part_allows_whatever_comes_of_what_it_may_be(rules: Ruleset, data: st.DataObject) -> None:
    known = data.draw(st.lists(st.tuples(PARTLY, st.sampled_from([None, True, False])), min_size=1, max_size=6))
    exact = [
        (
            data.draw(st.integers(*((0, 1000) if income is None else (income["min"], income["max"])))),
            data.draw(st.booleans()) if able is None else able,
        )
        for income, able in known
    ]
    pairs = zip(chain(rules, *zip(*known, strict=True)), chain(rules, *zip(*exact, strict=True)), strict=True)
    for wide, narrow in pairs:
        for one, other in zip(wide.decisions, narrow.decisions, strict=True):
            assert one.status in (other.status, Status.UNKNOWN)
            if one.amount and other.amount:
                assert one.amount.low <= other.amount.low <= other.amount.high <= one.amount.high
            pairs_of_days = [(one.first_day, other.first_day)]
            people = {member.member: member.first_day for member in one.members}
            pairs_of_days += [(people.get(member.member), member.first_day) for member in other.members]
            for outer, inner in pairs_of_days:
                if inner is not None:
                    assert outer is not None and outer.low <= inner.low <= inner.high <= outer.high


def test_what_is_given_by_hand_goes_before_and_what_is_taken_is_said(rules: Ruleset) -> None:
    (last,) = chain(rules, [300], [False])
    found = rules.evaluate(household(900), "2019-02-15", previous=last)["p.phase"]
    assert found.status is Status.ELIGIBLE
    assert "上期低保=是" in [one.text for one in found.assumed]
    words = next(one.assumption for one in found.assumed if one.fact.fact == "had_aid")
    assert words.source is not None and words.source.zh == "2019-01-15 的结果"
    given_by_hand = rules.evaluate({**household(900), "上期低保": "否", "上期渐退": "否"}, "2019-02-15", previous=last)
    assert given_by_hand["p.phase"].status is Status.INELIGIBLE
    nobody_knows = rules.evaluate({**household(900), "上期低保": "不详", "上期渐退": "否"}, "2019-02-15", previous=last)
    assert nobody_knows["p.phase"].status is Status.UNKNOWN


def test_a_previous_unknown_stays_unknown(rules: Ruleset) -> None:
    """A door by which a rule could ask what is known: an open decision is neither a yes nor a no the next time."""
    last = rules.evaluate(household({"min": 300, "max": 700}, first=True), "2019-01-15")
    found = rules.evaluate(household(900), "2019-02-15", previous=last)["p.phase"]
    assert found.status is Status.UNKNOWN and "上期低保" in [one.text for one in found.missing]
    assert "上期低保" not in [one.fact.label for one in found.assumed]


def test_somebody_new_was_refused_last_time(rules: Ruleset) -> None:
    (last,) = chain(rules, [300], [True])
    two = {"id": "h", "收入": 300, "members": [{"id": "a", "有劳力": False}, {"id": "b", "有劳力": False}]}
    found = rules.evaluate(two, "2019-02-15", previous=last)["p.training"]
    assert [one.member for one in found.members] == ["a"]


def wrong(last: Evaluation) -> list[tuple[str, Any]]:
    """What is no earlier result of this household's, each with the code of what is said."""
    good = last.as_json()
    first, *others = good["decisions"]
    foreign = {**first, "amount": {**first["amount"], "unit": "CNY"}}
    return [
        ("H074", {}),
        ("H074", {**good, "as_of": "soon"}),
        ("H074", {**good, "decisions": [{**first, "status": "perhaps"}, *others]}),
        ("H074", {**good, "decisions": [{**first, "members": [{"member": 1}]}, *others]}),
        ("H074", ["no mapping"]),
        ("H075", {**good, "ruleset": {"id": "other", "digest": "-"}}),
        ("H076", {**good, "decisions": [foreign, *others]}),
        ("H077", {**good, "as_of": "2019-02-15"}),
        ("H078", {**good, "decisions": others}),
        ("H079", {**good, "household": "h2"}),
    ]


@pytest.mark.parametrize("number", range(10))
def test_another_result_is_refused(rules: Ruleset, number: int) -> None:
    (last,) = chain(rules, [300], [True])
    code, previous = wrong(last)[number]
    with pytest.raises(InputError) as caught:
        rules.evaluate(household(900), "2019-02-15", previous=previous)
    assert [one.code for one in caught.value.diagnostics] == [code]


def test_an_amount_that_the_fact_cannot_be_is_refused(rules: Ruleset) -> None:
    (last,) = chain(rules, [300], [True])
    data = last.as_json()
    first, *others = data["decisions"]
    much = {**first, "amount": {**first["amount"], "max": "5000.00"}}
    with pytest.raises(InputError) as caught:
        rules.evaluate(household(900), "2019-02-15", previous={**data, "decisions": [much, *others]})
    assert [one.place for one in caught.value.diagnostics] == ["previous.上期金额.max"]


def test_nobody_is_asked_for_what_the_earlier_result_tells(rules: Ruleset) -> None:
    (last,) = chain(rules, [300], [True])
    bare = household(900, "是")
    asked = {one.fact.name for one in Interview(rules, bare, to_day(date(2019, 2, 15))).questions()}
    assert {"had_aid", "had_phase"} & asked
    talk = Interview(rules, bare, to_day(date(2019, 2, 15)), previous=last)
    assert not talk.questions() and talk.result()["p.phase"].status is Status.ELIGIBLE


def test_a_check_that_rejects_sees_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "checks.yaml").write_text(
        "kind: checks\nchecks:\n  - {name: never, label: 上期未享受, for: household, must: 非 上期低保,\n"
        "      severity: reject, words: {zh: 试, en: trial}}\n",
        encoding="utf-8",
    )
    rules = with_previous(tmp_path)
    last = rules.evaluate(household(300, first=True), "2019-01-15")
    assert rules.evaluate(household(900), "2019-02-15", previous=last)["p.phase"].status is Status.ELIGIBLE
    with pytest.raises(InputError):
        rules.evaluate({**household(900), "上期低保": "是"}, "2019-02-15", previous=last)
