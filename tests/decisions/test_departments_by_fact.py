"""Who answers for a policy, where that is by condition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conditional_departments import CARE, rules
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_rulesets import DAY

from fupin_policy import Ruleset, RulesetError, load
from fupin_policy.analysis.timeline import timeline
from fupin_policy.analysis.verification.differences import differences
from fupin_policy.analysis.verification.prove import prove
from fupin_policy.cli.main import main


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return rules(tmp_path_factory.mktemp("bodies"))


def of(poor: bool | None, grade: str | None, wet: bool | None) -> set[frozenset[str]]:
    """All that may be the bodies of one member, by the rules in plain Python."""
    found = set()
    for own in ("二级", "无级") if grade is None else (grade,):
        for flood in (True, False) if wet is None else (wet,):
            found.add(frozenset({"残联"} if own != "无级" else {"某局", "农业局"} if flood else {"某局"}))
    return found


PEOPLE = st.lists(st.tuples(st.sampled_from([True, False, None]), st.sampled_from(["二级", "无级", None])), max_size=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PEOPLE, st.sampled_from([True, False, None]))
def test_by_hand(ruleset: Ruleset, people: list[tuple[bool | None, str | None]], wet: bool | None) -> None:
    members = [{"id": f"m{at}", "困难": poor, "残疾等级": grade} for at, (poor, grade) in enumerate(people)]
    household = {"id": "h", "受灾": wet, "members": members}
    decision = ruleset.evaluate(household, DAY)["p.care"]
    assert decision == ruleset.interpret(household, DAY)["p.care"]
    may = [of(poor, grade, wet) for poor, grade in people if poor is not False]
    everybody = (
        may
        or [of(poor, grade, wet) for poor, grade in people]
        or [{frozenset({"残联", "某局", "农业局"}), frozenset[str]()}]
    )
    cases = set().union(*everybody)
    sure = [of(poor, grade, wet) for poor, grade in people if poor] or [cases]
    lead = {body for some in sure for body in frozenset.intersection(*some)}
    assert {one.zh for one in decision.lead} == lead
    assert {one.zh for one in decision.possible_lead} == frozenset().union(*cases) - lead
    if decision.departments_missing:
        assert decision.possible_lead
    # each member to whom it may apply has who answers for this one
    told = {one.member: one.departments for one in decision.members}
    assert list(told) == [f"m{at}" for at, (poor, _) in enumerate(people) if poor is not False]
    for own, bodies in zip(may, told.values(), strict=True):
        assert bodies is not None
        assert {one.zh for one in bodies.lead} == frozenset.intersection(*own)
        assert {one.zh for one in bodies.possible_lead} == frozenset().union(*own) - frozenset.intersection(*own)
    assert (len(decision.departments_by_member) > 1) == (len(set(told.values())) > 1)
    # who answers keeps no decision open
    assert {one.fact for one in decision.missing} <= {"poor"}


def test_the_question_is_asked_apart(ruleset: Ruleset) -> None:
    household = {"id": "h", "受灾": False, "members": [{"id": "m", "困难": True}]}
    decision = ruleset.evaluate(household, DAY)["p.care"]
    assert (decision.status.value, decision.missing) == ("eligible", ())
    assert decision.as_json()["departments"] == {
        "lead": [],
        "cooperating": [],
        "possible_lead": [{"zh": "残联", "en": "Federation"}, {"zh": "某局", "en": "Bureau"}],
        "possible_cooperating": [],
        "missing": [{"fact": "grade_of", "label": "残疾等级", "member": "m"}],
    }
    told = ruleset.explain(household, DAY, policy="p.care")[0]
    assert "牵头部门：残联（可能）、某局（可能）" in told.text("zh")
    assert "确定部门须核实：m 的「残疾等级」" in told.text("zh")
    assert "残疾等级" in told.text("zh").split("由哪个部门负责")[1]
    settled = {**household, "members": [{"id": "m", "困难": True, "残疾等级": "二级"}]}
    assert ruleset.evaluate(settled, DAY)["p.care"].as_json()["departments"] == {
        "lead": [{"zh": "残联", "en": "Federation"}],
        "cooperating": [],
    }


COUPLE: dict[str, Any] = {
    "id": "h",
    "受灾": False,
    "members": [
        {"id": "m1", "困难": True, "残疾等级": "二级"},
        {"id": "m2", "困难": True, "残疾等级": "无级"},
        {"id": "m3", "困难": True},
        {"id": "m4", "困难": False},
    ],
}


def test_each_member_has_who_answers_for_this_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ruleset = rules(tmp_path)
    decision = ruleset.evaluate(COUPLE, DAY)["p.care"]
    federation, bureau = {"zh": "残联", "en": "Federation"}, {"zh": "某局", "en": "Bureau"}
    maybe = {"possible_lead": [federation, bureau], "possible_cooperating": []}
    assert [(one["member"], one["departments"]) for one in decision.as_json()["members"]] == [
        ("m1", {"lead": [federation], "cooperating": []}),
        ("m2", {"lead": [bureau], "cooperating": []}),
        ("m3", {"lead": [], "cooperating": [], **maybe}),
    ]
    zh = "m1：残联；m2：某局；m3：残联（可能）、某局（可能）"
    en = "m1: Federation; m2: Bureau; m3: Federation (possibly), Bureau (possibly)"
    told = ruleset.explain(COUPLE, DAY, policy="p.care")[0]
    assert f"  分别负责：{zh}\n" in told.text("zh") and f"  member by member: {en}" in told.text("en")
    assert {id for one in told.bodies for id in (one.member or "").split(", ")} == {"m1", "m2", "m3"}
    given = tmp_path / "h.json"
    given.write_text(json.dumps(COUPLE, ensure_ascii=False), encoding="utf-8")
    assert main(["eval", str(given), "--ruleset", str(tmp_path), "--as-of", DAY, "--all"]) == 0
    assert f"      分别负责 {zh}\n" in capsys.readouterr().out
    alike = {**COUPLE, "members": [{**one, "残疾等级": "二级"} for one in COUPLE["members"]]}
    assert "分别负责" not in ruleset.explain(alike, DAY, policy="p.care")[0].text("zh")


def test_a_timeline_has_the_day_on_which_members_change_their_bodies(tmp_path: Path) -> None:
    """The same bodies together, each for another member than before."""
    swapped = (
        "[{when: (残疾等级 = 无级 且 基准日 >= 2019-07-15) 或 (残疾等级 ≠ 无级 且 基准日 < 2019-07-15), "
        "then: 残联, otherwise: 某局}]"
    )
    found = rules(tmp_path, swapped)
    read, first = found.read({**COUPLE, "members": COUPLE["members"][:2]}, DAY)
    ((day, was, becomes),) = timeline(found, read, first, first + 60).changes
    assert str(day) == "2019-07-15" and was.lead == becomes.lead
    assert list(was.departments_by_member) == list(becomes.departments_by_member)[::-1]


def test_a_branch_that_is_never_taken_is_found(tmp_path: Path) -> None:
    never = "[{when: 残疾等级 = 一级 且 残疾等级 = 二级, then: 残联, otherwise: 某局}]"
    found = [one.code for one in prove(rules(tmp_path, never).program, 1, 20)]
    assert {"V104", "V106"} & set(found)


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("[{when: 残疾等级, then: 残联, otherwise: 某局}]", "T201"),
        ("[{when: 受灾, then: 残联}]", "Y202"),
        ("[{when: 受灾, then: 无此局, otherwise: 某局}]", "N105"),
        ("[{when: 受灾, then: 残联, otherwise: []}]", "N126"),
        (f"[{', '.join(['{when: 受灾, then: 残联, otherwise: 某局}'] * 7)}]", "N190"),
    ],
)
def test_mistakes(tmp_path: Path, lead: str, code: str) -> None:
    with pytest.raises(RulesetError) as caught:
        rules(tmp_path, lead)
    assert code in [one.code for one in caught.value.diagnostics]


PARAMETER = """\
kind: parameters
parameters:
  - {name: pilot, label: 试点, type: truth, values: [{valid: .., value: 是, status: example, source: s}]}
"""


def test_what_no_source_states_makes_it_provisional_who_answers(tmp_path: Path) -> None:
    (tmp_path / "parameters.yaml").write_text(PARAMETER, encoding="utf-8")
    found = rules(tmp_path, "[{when: 受灾 且 参数.试点, then: 残联, otherwise: 某局}]")
    household = {"id": "h", "受灾": True, "members": [{"id": "m", "困难": True}]}
    decision = found.evaluate(household, DAY)["p.care"]
    assert decision.provisional and decision == found.interpret(household, DAY)["p.care"]
    refused = {**household, "members": [{"id": "m", "困难": False}]}
    assert not found.evaluate(refused, DAY)["p.care"].provisional
    (tmp_path / "parameters.yaml").write_text(
        PARAMETER.replace("example, source: s", "enacted, source: s 1"), encoding="utf-8"
    )
    assert not load(tmp_path, cache=False).evaluate(household, DAY)["p.care"].provisional


def test_a_timeline_has_the_day_on_which_another_body_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = rules(tmp_path, "[{when: 基准日 >= 2019-07-15, then: 残联, otherwise: 某局}]")
    household = {"id": "h", "受灾": True, "members": [{"id": "m", "困难": True}]}
    read, first = found.read(household, DAY)
    line = timeline(found, read, first, first + 60)
    ((day, was, becomes),) = line.changes
    assert (str(day), was.lead[0].zh, becomes.lead[0].zh) == ("2019-07-15", "某局", "残联")
    refused, _ = found.read({**household, "members": [{"id": "m", "困难": False}]}, DAY)
    assert timeline(found, refused, first, first + 60).changes == ()
    given = tmp_path / "h.json"
    given.write_text(json.dumps(household, ensure_ascii=False), encoding="utf-8")
    days = ["--from", DAY, "--to", "2019-08-29"]
    assert main(["timeline", str(given), "--ruleset", str(tmp_path), *days]) == 0
    paid = "符合 每月 80.00 欧元 [m]"
    assert f"2019-07-15  护理: {paid}（某局） → {paid}（残联）" in capsys.readouterr().out


def test_a_timeline_says_which_bodies_help_where_the_same_lead(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else the same would stand on both sides of the arrow."""
    helping = "[{when: 基准日 >= 2019-07-15, then: 残联, otherwise: 农业局}]\n"
    rules(tmp_path, "[某局]", f"        cooperating: {helping}")
    household = {"id": "h", "受灾": True, "members": [{"id": "m", "困难": True}]}
    given = tmp_path / "h.json"
    given.write_text(json.dumps(household, ensure_ascii=False), encoding="utf-8")
    days = ["--from", DAY, "--to", "2019-08-29"]
    assert main(["timeline", str(given), "--ruleset", str(tmp_path), *days]) == 0
    paid = "符合 每月 80.00 欧元 [m]"
    said = f"2019-07-15  护理: {paid}（某局；配合 农业局） → {paid}（某局；配合 残联）"
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    "lead",
    [
        "[{when: 残疾等级 ≠ 无级, then: 残联, otherwise: {when: 受灾, then: [某局, 残联], otherwise: 某局}}]",
        "[{when: 残疾等级 = 二级, then: 残联, otherwise: {when: 受灾, then: [某局, 农业局], otherwise: 某局}}]",
        "[某局]",
    ],
)
def test_rulesets_that_differ_in_who_answers_differ(tmp_path: Path, lead: str) -> None:
    """With a household for which others answer than before; the same by another condition means the same."""
    for name, text in (("a", CARE), ("b", lead), ("c", CARE.replace("≠ 无级", "= 一级 或 残疾等级 = 二级"))):
        (tmp_path / name).mkdir()
        rules(tmp_path / name, text)
    one, other, same = (load(tmp_path / name, cache=False) for name in "abc")
    (found,) = differences(one.program, other.program, 2)
    assert found.verdict == "differs"
    shown = found.stretches[0].before
    assert shown is not None
    bodies = [each.evaluate(shown.household, shown.as_of)["p.care"].lead for each in (one, other)]
    assert bodies[0] != bodies[1]
    assert [one.verdict for one in differences(one.program, same.program, 2)] == ["same"]
