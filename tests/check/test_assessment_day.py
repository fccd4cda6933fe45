"""From when on a benefit is given: whose day's circumstances count, and that nothing but the day is another.

What is tested is made by `fupin_policy.check.definitions`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from checked_ruleset import checked, policy, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_policy import Ruleset, load
from fupin_policy.core.decision import Decision, MemberDecision
from fupin_policy.core.identifiers import AssessmentDay, DefinitionId
from fupin_policy.testing import households, rulesets

FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
TERMS = """kind: terms
terms:
  - {name: old, label: 老人, for: member, value: 周岁数(出生日期) >= 60}
  - {name: poor, label: 困难, for: household, value: 收入 < 1000元}
"""
AGED = "有成员满足(老人) 且 困难"


def month_before(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)


def month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def starting(text: str, starts: str) -> str:
    return text.replace("lead: [民政局]", f"starts: {starts}, lead: [民政局]")


def ruleset_of(tmp_path: Path, *texts: str) -> Ruleset:
    return load(written(tmp_path, TERMS, *texts), cache=False)


SIXTY = {"id": "h", "收入": 10, "members": [{"id": "m", "出生日期": "1959-06-10"}]}
"""Whose member is sixty on 10 June 2019."""


@pytest.mark.parametrize(
    ("starts", "first"), [("same_day", "2019-06-10"), ("next_month", "2019-07-01"), ("same_month", "2019-06-01")]
)
def test_a_birthday_counts_from_then_on(tmp_path: Path, starts: str, first: str) -> None:
    ruleset = ruleset_of(tmp_path, starting(policy(AGED), starts))
    begins = date.fromisoformat(first)
    for day in (begins - timedelta(days=1), begins, date(2019, 8, 15)):
        found = ruleset.evaluate(SIXTY, day.isoformat())["p"].status.value
        assert found == ("eligible" if day >= begins else "ineligible"), day


@pytest.mark.parametrize("starts", ["same_day", "next_month", "same_month"])
@pytest.mark.parametrize("long", [50, 100])
def test_how_deep_terms_may_be_does_not_depend_on_the_beginning(tmp_path: Path, starts: str, long: int) -> None:
    """Each rests on the one before, the first on the date; from its own first line on each is one step deep."""
    lines = ["  - {name: t0, label: 术0, for: member, value: 周岁数(出生日期) >= 60}\n"]
    lines += [f"  - {{name: t{n}, label: 术{n}, for: member, value: 非 术{n - 1}}}\n" for n in range(1, long)]
    text = starting(policy(f"有成员满足(术{long - 1})"), starts)
    program, reported = checked(tmp_path, f"kind: terms\nterms:\n{''.join(lines)}", text)
    assert program is not None and [one.code for one in reported] == []


def test_only_what_looks_at_the_date_is_cloned(tmp_path: Path) -> None:
    program = ruleset_of(tmp_path, starting(policy(AGED), "same_month")).program
    clones = {one.id for one in program.definitions if one.id.days}
    assert clones == {DefinitionId("term", "old", (AssessmentDay(back),)) for back in (0, 1)}
    assert {str(one) for one in clones} == {"term:old@month_end", "term:old@month_before"}


def test_one_that_starts_later_looks_further_back_and_is_warned_of(tmp_path: Path) -> None:
    first = starting(policy(AGED, "100元"), "next_month")
    second = starting(policy("符合(p)", "金额(p)", "q", "{zh: 其后, en: After}"), "next_month")
    program, said, *_ = checked(tmp_path, TERMS, first, second)
    assert program is not None and {one.code for one in said} == {"T233"}
    ruleset = load(tmp_path, cache=False)
    for day, expected in (("2019-07-31", "ineligible"), ("2019-08-01", "eligible")):
        decision = ruleset.evaluate(SIXTY, day)["q"]
        assert decision.status.value == expected
        assert (decision.amount and decision.amount.low) == (10000 if expected == "eligible" else None)


def test_the_law_is_that_of_the_day_asked_about(tmp_path: Path) -> None:
    text = policy("有成员满足(老人)", "100元").replace("valid: ..,", "valid: ..2019-07-14,")
    later = "      - {valid: 2019-07-15.., when: 有成员满足(老人), benefit: {kind: cash, amount: 200元, per: month}, "
    both = starting(text + later + "lead: [民政局], basis: [s]}\n", "next_month")
    ruleset = ruleset_of(tmp_path, both)
    for day, amount in (("2019-06-30", None), ("2019-07-14", 10000), ("2019-07-15", 20000)):
        found = ruleset.evaluate(SIXTY, day)["p"].amount
        assert (found and found.low) == amount


def test_the_amount_is_that_of_the_months_end_or_else_of_the_day_before(tmp_path: Path) -> None:
    text = starting(policy("月份(基准日) 在 3..4", "月份(基准日) × 10元"), "same_month")
    ruleset = ruleset_of(tmp_path, text)
    found = {month: ruleset.evaluate(SIXTY, f"2019-{month:02}-15")["p"].amount for month in (2, 3, 4, 5, 6)}
    assert {month: amount and amount.low for month, amount in found.items()} == {
        2: None,
        3: 3000,
        4: 4000,
        5: 4000,
        6: None,
    }


def test_an_explanation_says_as_of_which_day(tmp_path: Path) -> None:
    ruleset = ruleset_of(tmp_path, starting(policy("有成员满足(老人)"), "next_month"))
    (explained,) = ruleset.explain(SIXTY, "2019-07-15", policy="p")
    assert [note.zh for note in explained.notes] == ["次月起享受：按截至 2019-06-30 的情况认定"]
    assert "老人（截至上月末）" in explained.reasons[0].text.zh


def test_a_place_has_no_other_day(tmp_path: Path) -> None:
    text = policy("是").replace("for: household", "for: village")
    assert [one.code for one in checked(tmp_path, starting(text, "next_month"))[1]] == ["T231"]


@FEW
@given(st.data())
def test_another_day_is_all_that_differs(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """In months without new versions and values, also as of a day of the year, rules of the next month say what the
    same rules say of the day before it; those of whole months, what they say of either end.
    """
    files = data.draw(rulesets())
    text = re.sub(r"        starts: \w+\n", "", files["policies.yaml"])
    text = re.sub(r"amount\(p\.n\d\)", "0元", re.sub(r"eligible\(p\.n\d\)", "true", text))
    files["parameters.yaml"] = files["parameters.yaml"].replace("2019-03-01..2020-06-30", "..")
    folder = tmp_path_factory.mktemp("rules")
    found: dict[str, Ruleset] = {}
    for starts in ("same_day", "next_month", "same_month"):
        lines = text.replace("        lead:", f"        starts: {starts}\n        lead:")
        (folder / starts).mkdir()
        for name, content in {**files, "policies.yaml": lines}.items():
            (folder / starts / name).write_text(content, encoding="utf-8")
        found[starts] = load(folder / starts, cache=False)
    # the last value begins on 2020-04-01; values are also taken as of 07-01, 11-01 and 11-30
    day = data.draw(st.dates(date(2020, 8, 1), date(2020, 10, 31)))
    household = data.draw(households(found["same_day"], date(2019, 12, 31), known=True))

    def outcomes(starts: str, when: date) -> dict[str, list[tuple[bool, tuple[int, int]]]]:
        """Of the household, or of each member."""
        evaluation = found[starts].evaluate(household, when)
        return {one.policy: [outcome(each) for each in one.members or (one,)] for one in evaluation.decisions}

    before, end = outcomes("same_day", month_before(day)), outcomes("same_day", month_end(day))
    assert outcomes("next_month", day) == before
    if "groups:" not in text:
        for name, whole in outcomes("same_month", day).items():
            both = zip(end[name], before[name], strict=True)
            assert whole == [last if last[0] else first for last, first in both]


def outcome(decision: Decision | MemberDecision) -> tuple[bool, tuple[int, int]]:
    """Whether it applies, and the amount."""
    amount = decision.amount
    return decision.status.value == "eligible", (0, 0) if amount is None else (amount.low, amount.high)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_does_not_look_at_the_day_is_asked_and_told_once(tmp_path: Path, lang: str) -> None:
    """By whole months neither the condition nor the amount nor who benefits is a choice between two days."""
    chosen = "starts: same_month, beneficiaries: 自理, "
    facts = policy("收入 < 1000元", "1000元 - 收入").replace("lead:", f"{chosen}lead:")
    terms = TERMS + "  - {name: alone, label: 自理, for: member, value: 出生日期 < 1990-01-01}\n"
    ruleset = load(written(tmp_path, terms, facts), cache=False)
    household = {"id": "h", "收入": {"min": 900, "max": 2000}, "members": [{"id": "m", "出生日期": "1959-06-10"}]}
    (found,) = ruleset.explain(household, "2019-06-30", "p")
    text = found.text("zh" if lang == "zh" else "en")
    assert text.count("900.00") == 2, text
    assert "否则" not in text and "else" not in text, text
