"""Who answers for a policy, where that is by condition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_rulesets import DAY, GRADE, written

from fupin_policy import Ruleset, RulesetError
from fupin_policy.analysis.verification.prove import prove
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.reports.summary import summarize
from fupin_policy.reports.worklist import write_worklists

FACTS = """
- {name: wet, label: 受灾, for: household, type: truth}
- {name: poor, label: 困难, for: member, type: truth}
- {name: grade_of, label: 残疾等级, for: member, type: code, codes: grade}
"""
BODIES = """\
kind: departments
departments:
  - {id: d, names: [{valid: .., zh: 某局, en: Bureau}]}
  - {id: e, names: [{valid: .., zh: 残联, en: Federation}]}
  - {id: f, names: [{valid: .., zh: 农业局, en: Agriculture}]}
"""
CARE = "[{when: 残疾等级 ≠ 无级, then: 残联, otherwise: {when: 受灾, then: [某局, 农业局], otherwise: 某局}}]"


def rules(folder: Path, lead: str = CARE, more: str = "") -> Ruleset:
    (folder / "bodies.yaml").write_text(BODIES, encoding="utf-8")
    policies = (
        "  - id: p.care\n    title: {zh: 护理, en: Care}\n    for: member\n    versions:\n"
        "      - valid: ..\n        when: 困难\n        benefit: {kind: cash, amount: 80欧元, per: month}\n"
        f"        lead: {lead}\n        basis: [s]\n{more}"
    )
    return written(folder, FACTS, policies, lists=GRADE)


@pytest.fixture(autouse=True, scope="module")
def one_file_of_departments() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(__import__("small_rulesets").FILES, "departments")
        yield


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


def test_in_results_and_reports(ruleset: Ruleset, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("id,受灾\nh1,否\nh2,是\nh3,否\n", encoding="utf-8")
    members = "household,id,困难,残疾等级\nh1,m1,是,\nh2,m2,是,无级\nh3,m3,是,二级\n"
    (tmp_path / "m.csv").write_text(members, encoding="utf-8")
    tables = (str(tmp_path / "h.csv"), str(tmp_path / "m.csv"))
    run(Job(ruleset, *tables, DAY, tmp_path / "out.parquet", asked=BatchRequest(missing=True)))
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    columns = ("household", "lead", "possible_lead", "departments_missing", "missing")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("h1", [], ["残联", "某局"], ["m1.残疾等级"], []),
        ("h2", ["某局", "农业局"], [], [], []),
        ("h3", ["残联"], [], [], []),
    ]
    result = open_result(tmp_path / "out.parquet", ruleset)
    summary = summarize([result], ruleset)
    named = {line.name: line.households for line in summary.departments}
    assert named == {"残联或某局 / Federation or Bureau": 1, "某局 / Bureau": 1, "残联 / Federation": 1}
    assert summary.total.households == 3
    write_worklists(result, ruleset, tmp_path / "lists")
    found = {}
    for book in (tmp_path / "lists").rglob("*.xlsx"):
        _, names, *told = openpyxl.load_workbook(book)["应享受"].iter_rows(values_only=True)
        at = [names.index(name) for name in ("户编号", "可能的牵头部门")]
        found[book.parent.name] = [tuple(row[place] or "" for place in at) for row in told]
    open_case = ("h1", "残联、某局")
    assert found == {"某局": [open_case, ("h2", "")], "农业局": [("h2", "")], "残联": [open_case, ("h3", "")]}
    run(Job(ruleset, *tables, DAY, tmp_path / "wide.parquet", asked=BatchRequest(form="wide")))
    wide = pq.read_table(tmp_path / "wide.parquet").to_pylist()
    assert [(row["p.care.lead"], row["p.care.possible_lead"]) for row in wide] == [
        ([], ["残联", "某局"]),
        (["某局", "农业局"], []),
        (["残联"], []),
    ]


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
