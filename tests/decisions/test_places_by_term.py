"""Departments that stand for the office of a place that a term tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_rulesets import DAY, written

from fupin_policy import Ruleset, RulesetError, load
from fupin_policy.analysis.verification.differences import differences
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.reports.summary import summarize
from fupin_policy.reports.worklist import write_worklists

FACTS = """
- {name: town, label: 乡镇, for: household, type: code, codes: town}
- {name: before, label: 户籍乡镇, for: household, type: code, codes: town}
- {name: here, label: 常住, for: household, type: truth}
- {name: poor, label: 困难, for: household, type: truth}
"""
TERM = "- {name: home, label: 居住地, for: household, codes: town, value: 若 常住 则 乡镇 否则 户籍乡镇}\n"
LISTS = "code_lists:\n  - {name: town, places: town}\n"
PLACES = """\
kind: places
places:
  - {name: east, label: 东河镇, kind: town, office: {zh: 东河镇民政办, en: Donghe office}}
  - {name: west, label: 西山镇, kind: town, office: {zh: 西山镇民政办, en: Xishan office}}
  - {name: south, label: 南岭镇, kind: town}
"""
BODIES = """\
kind: departments
departments:
  - {id: d, names: [{valid: .., zh: 某局, en: Bureau}]}
  - {id: own, place: 居住地, names: [{valid: .., zh: 镇民政办, en: Town office}]}
  - id: old
    names: [{valid: .., zh: 旧局, en: Old}]
    moved: [{function: 救助, to: own, valid: 2019-07-01..}]
"""
OFFICES = {"东河镇": "东河镇民政办", "西山镇": "西山镇民政办", "南岭镇": "南岭镇"}


def rules(folder: Path, lead: str = "[镇民政办]", bodies: str = BODIES, places: str = PLACES) -> Ruleset:
    (folder / "bodies.yaml").write_text(bodies, encoding="utf-8")
    (folder / "places.yaml").write_text(places, encoding="utf-8")
    policies = (
        "  - id: p.care\n    title: {zh: 护理, en: Care}\n    for: household\n    versions:\n"
        "      - valid: ..\n        when: 困难\n        benefit: {kind: cash, amount: 80欧元, per: month}\n"
        f"        lead: {lead}\n        function: 救助\n        basis: [s]\n"
    )
    return written(folder, FACTS, policies, terms=TERM, lists=LISTS)


@pytest.fixture(autouse=True, scope="module")
def one_file_of_departments() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(__import__("small_rulesets").FILES, "departments")
        yield


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return rules(tmp_path_factory.mktemp("places"))


TOWNS = st.sets(st.sampled_from(sorted(OFFICES)), min_size=1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TOWNS, TOWNS, st.sampled_from([True, False, None]), st.sampled_from([True, False, None]))
def test_by_hand(ruleset: Ruleset, town: set[str], before: set[str], here: bool | None, poor: bool | None) -> None:
    given = {"乡镇": {"one_of": sorted(town)}, "户籍乡镇": {"one_of": sorted(before)}}
    decision = ruleset.evaluate({"id": "h", **given, "常住": here, "困难": poor}, DAY)["p.care"]
    assert decision == ruleset.interpret({"id": "h", **given, "常住": here, "困难": poor}, DAY)["p.care"]
    may = town | before if here is None else town if here else before
    offices = {OFFICES[one] for one in may}
    lead, possible = ({one.zh for one in some} for some in (decision.lead, decision.possible_lead))
    assert (lead, possible) == ((offices, set()) if len(offices) == 1 else (set(), offices))
    asked = {one.fact for one in decision.departments_missing}
    assert bool(asked) == (len(offices) > 1 and poor is not False)
    assert asked <= {"town", "before", "here"} and {one.fact for one in decision.missing} <= {"poor"}


def test_explained(ruleset: Ruleset) -> None:
    household = {"id": "h", "乡镇": "东河镇", "户籍乡镇": "西山镇", "困难": True}
    told = ruleset.explain(household, DAY, policy="p.care")[0].text("zh")
    assert "牵头部门：东河镇民政办（可能）、西山镇民政办（可能）" in told
    assert "确定部门须核实：「常住」" in told
    settled = ruleset.explain({**household, "常住": True}, DAY, policy="p.care")[0].text("zh")
    assert "牵头部门：东河镇民政办\n" in settled


def test_with_a_choice_and_a_function_that_passes_on(tmp_path: Path) -> None:
    found = rules(tmp_path, "[{when: 常住, then: [某局, 镇民政办], otherwise: 某局}, 旧局]")
    household = {"id": "h", "乡镇": "东河镇", "户籍乡镇": "西山镇", "困难": True}

    def lead(day: str, **more: object) -> list[str]:
        return [one.zh for one in found.evaluate({**household, **more}, day)["p.care"].lead]

    assert lead(DAY, 常住=True) == ["某局", "东河镇民政办", "旧局"]
    assert lead(DAY, 常住=False) == ["某局", "旧局"]
    assert lead("2019-07-01", 常住=True) == ["某局", "东河镇民政办"]
    assert lead("2019-07-01", 常住=False) == ["某局", "西山镇民政办"]


def test_a_clause_may_name_such_a_department(tmp_path: Path) -> None:
    rules(tmp_path)
    clause = "  - {id: '1.1', summary: {zh: 救助, en: Aid}, lead: [own]}\n"
    (tmp_path / "clauses.yaml").write_text(f"kind: clauses\nsource: s\nclauses:\n{clause}", encoding="utf-8")
    text = (tmp_path / "policies.yaml").read_text(encoding="utf-8")
    text = text.replace("        lead: [镇民政办]\n", "").replace("basis: [s]", "basis: [s 1.1]")
    (tmp_path / "policies.yaml").write_text(text, encoding="utf-8")
    household = {"id": "h", "乡镇": "东河镇", "常住": True, "困难": True}
    decision = load(tmp_path, cache=False).evaluate(household, DAY)["p.care"]
    assert [one.zh for one in decision.lead] == ["东河镇民政办"]


def test_more_than_64_offices_are_too_many(tmp_path: Path) -> None:
    places = PLACES + "".join(f"  - {{name: t{at}, label: 第{at}镇, kind: town}}\n" for at in range(30))
    both = BODIES.replace("names: [{valid: .., zh: 某局", "place: 户籍, names: [{valid: .., zh: 某局")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(RulesetError) as caught:
        patch.setitem(
            globals(), "TERM", f"{TERM}- {{name: reg, label: 户籍, for: household, codes: town, value: 户籍乡镇}}\n"
        )
        rules(tmp_path, "[某局, 镇民政办]", both, places)
    (found,) = caught.value.diagnostics
    assert found.code == "N190" and "1089" in found.sentence("zh")


def test_in_results_and_reports(ruleset: Ruleset, tmp_path: Path) -> None:
    rows = "h1,东河镇,西山镇,是,是\nh2,东河镇,西山镇,否,是\nh3,东河镇,西山镇,,是\n"
    (tmp_path / "h.csv").write_text(f"id,乡镇,户籍乡镇,常住,困难\n{rows}", encoding="utf-8")
    job = Job(ruleset, str(tmp_path / "h.csv"), None, DAY, tmp_path / "out.parquet", asked=BatchRequest(missing=True))
    run(job)
    found = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [(row["lead"], row["possible_lead"], row["departments_missing"]) for row in found] == [
        (["东河镇民政办"], [], []),
        (["西山镇民政办"], [], []),
        ([], ["东河镇民政办", "西山镇民政办"], ["常住"]),
    ]
    result = open_result(tmp_path / "out.parquet", ruleset)
    named = {line.name: line.households for line in summarize([result], ruleset).departments}
    assert named == {
        "东河镇民政办 / Donghe office": 1,
        "西山镇民政办 / Xishan office": 1,
        "东河镇民政办或西山镇民政办 / Donghe office or Xishan office": 1,
    }
    write_worklists(result, ruleset, tmp_path / "lists")
    listed = {}
    for book in (tmp_path / "lists").rglob("*.xlsx"):
        if book.parent.name == "各部门":
            _, _, names, *told = openpyxl.load_workbook(book)["应享待办"].iter_rows(values_only=True)
            listed[book.parent.name] = [row[names.index("户编号")] for row in told if row[0] != "合计"]
        else:
            _, _, *told = openpyxl.load_workbook(book)["应享受"].iter_rows(values_only=True)
            listed[book.parent.name] = [row[0] for row in told]
    assert listed == {
        "东河镇民政办": ["h1", "h3"],
        "西山镇民政办": ["h2", "h3"],
        "各部门": ["h1", "h2", "h3"],
    }


def test_another_office_of_a_place_is_a_difference(ruleset: Ruleset, tmp_path: Path) -> None:
    other = rules(tmp_path, places=PLACES.replace("西山镇民政办", "西山镇服务中心"))
    (found,) = differences(ruleset.program, other.program, 0)
    assert found.verdict == "differs"
    shown = found.stretches[0].before
    assert shown is not None
    leads = [each.evaluate(shown.household, shown.as_of)["p.care"].lead for each in (ruleset, other)]
    assert leads[0] != leads[1]


@pytest.mark.parametrize(
    ("old", "new", "code", "suggested"),
    [
        ("place: 居住地", "place: 居主地", "N115", "居住地"),
        ("place: 居住地", "place: 贫困", "N191", None),
        ("place: 居住地", "place: 暂住地", "N191", "居住地"),
    ],
)
def test_mistakes(tmp_path: Path, old: str, new: str, code: str, suggested: str | None) -> None:
    more = "- {name: bad, label: 贫困, for: household, value: 困难}\n"
    more += "- {name: now, label: 暂住地, for: household, value: 乡镇}\n"
    with pytest.MonkeyPatch.context() as patch, pytest.raises(RulesetError) as caught:
        patch.setitem(globals(), "TERM", TERM + more)
        rules(tmp_path, bodies=BODIES.replace(old, new))
    (found,) = caught.value.diagnostics
    assert (found.code, found.suggestion) == (code, suggested)
