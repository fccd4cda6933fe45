"""For whom of a household's members its policies are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chosen_members import FACTS, household_policy, with_chosen_members
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_rulesets import DAY, written

from fupin_policy import Ruleset
from fupin_policy.analysis.interview import Interview
from fupin_policy.analysis.verification.differences import differences
from fupin_policy.core.days import to_day


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return with_chosen_members(tmp_path_factory.mktemp("whom"))


def house(income: object, *members: dict[str, Any]) -> dict[str, Any]:
    return {"id": "h", "收入": income, "members": [{"id": f"m{at}", **one} for at, one in enumerate(members)]}


def whom(ruleset: Ruleset, given: dict[str, Any], policy: str, day: str = DAY) -> tuple[tuple[str, ...], ...]:
    found = ruleset.evaluate(given, day)[policy]
    return found.beneficiaries, found.possible_beneficiaries


TRUTHS = st.sampled_from([True, False, None])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([50, 500, None]), st.lists(TRUTHS, max_size=5))
def test_by_hand(ruleset: Ruleset, income: int | None, lives: list[bool | None]) -> None:
    """An oracle in plain Python: no code of ours but the rules."""
    given = house(income, *({"共同生活": one} for one in lives))
    granted = None if income is None else income < 100
    sure = tuple(f"m{at}" for at, one in enumerate(lives) if granted and one)
    may = tuple(f"m{at}" for at, one in enumerate(lives) if granted is not False and one is not False)
    assert whom(ruleset, given, "p.together") == (sure, tuple(one for one in may if one not in sure))
    found = ruleset.evaluate(given, DAY)
    assert found == ruleset.interpret(given, DAY)
    asked = {(one.fact, one.member) for one in found["p.together"].missing}
    open_members = {("lives", f"m{at}") for at, one in enumerate(lives) if one is None and granted is not False}
    assert asked == open_members | ({("income", None)} if granted is None else set())


def test_the_amount_stays_the_same_however_many_benefit(ruleset: Ruleset) -> None:
    households: list[list[dict[str, Any]]] = [[], [{}], [{"共同生活": True}], [{"共同生活": False}] * 3]
    for lives in households:
        amount = ruleset.evaluate(house(50, *lives), DAY)["p.together"].amount
        assert amount is not None and (amount.low, amount.high) == (8000, 8000)


def test_the_day_of_assessment_counts_for_members_too(ruleset: Ruleset) -> None:
    """Whoever is 60 on 15 June is one of them on 30 June by whole months, and from July where it starts next month."""
    given = house(50, {"出生日期": "1959-06-15", "共同生活": True})
    assert whom(ruleset, given, "p.later", "2019-06-30") == ((), ())
    assert whom(ruleset, given, "p.later", "2019-07-01") == (("m0",), ())
    assert whom(ruleset, given, "p.whole", "2019-06-01") == (("m0",), ())
    assert whom(ruleset, given, "p.whole", "2019-05-31") == ((), ())


def test_what_is_assumed_of_a_member_is_said(ruleset: Ruleset) -> None:
    found = ruleset.evaluate(house(50, {"共同生活": False}), DAY)["p.pupils"]
    assert (found.beneficiaries, found.possible_beneficiaries) == ((), ())
    assert [one.text for one in found.assumed] == ["m0.在校=否"]
    bare = ruleset.evaluate(house(50, {"共同生活": False}), DAY, assume=False)["p.pupils"]
    assert (bare.possible_beneficiaries, [one.text for one in bare.missing]) == (("m0",), ["m0.在校"])


def test_other_policies_tell_of_whom_it_is_open(tmp_path: Path) -> None:
    plain = household_policy("plain", "")
    rules = written(tmp_path, FACTS, plain + plain.replace("plain", "each").replace("for: household", "for: member"))
    found = rules.evaluate(house(None, {}, {}), DAY)
    assert [one.possible_beneficiaries for one in found.decisions] == [("m0", "m1"), ("m0", "m1")]
    assert whom(rules, house(50, {}), "p.plain") == (("m0",), ())


def test_versions_without_a_condition_are_for_all(tmp_path: Path) -> None:
    early = household_policy("p", "共同生活").replace("valid: ..", "valid: ..2019-12-31")
    late = "".join(early.splitlines(keepends=True)[4:]).replace("..2019-12-31", "2020-01-01..")
    rules = written(tmp_path, FACTS, early + late.replace("        beneficiaries: 共同生活\n", ""))
    given = house(50, {"共同生活": False})
    assert whom(rules, given, "p.p", "2019-12-31") == ((), ())
    assert whom(rules, given, "p.p", "2020-01-01") == (("m0",), ())


def test_an_explanation_says_of_each_member_why(ruleset: Ruleset) -> None:
    given = house(50, {"共同生活": True}, {}, {"共同生活": False})
    (told,) = ruleset.explain(given, DAY, "p.together")
    text = told.text("zh")
    assert "受益人：m0\n" in text and "可能的受益人：m1\n" in text
    assert "满足：m0：共同生活为「是」" in text and "不满足：m2：共同生活为「是」" in text
    assert [(one["member"], one["holds"]) for one in told.as_json()["beneficiaries"]] == [
        ("m0", True),
        ("m1", None),
        ("m2", False),
    ]


def test_two_rulesets_differ_in_whom_a_policy_is_for(tmp_path: Path) -> None:
    rules = []
    for name, whom in (("one", "共同生活"), ("two", "共同生活 或 在校"), ("three", "在校 或 共同生活")):
        (tmp_path / name).mkdir()
        rules.append(written(tmp_path / name, FACTS, household_policy("p", whom)).program)
    pytest.importorskip("z3")
    (found,) = differences(rules[0], rules[1], most=1)
    assert found.verdict == "differs"
    assert [one.verdict for one in differences(rules[1], rules[2], most=1)] == ["same"]


def test_the_interview_asks_for_whom_it_is(ruleset: Ruleset) -> None:
    given = house(50, {"共同生活": False, "在校": False}, {"在校": False})
    asked = Interview(ruleset, given, to_day(date.fromisoformat(DAY))).questions()
    assert ("lives", "m1") in {(one.fact.name, one.member) for one in asked}
