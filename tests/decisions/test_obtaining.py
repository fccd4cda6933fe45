"""How a benefit is obtained: in decisions, in words, on pages and worklists; it changes no outcome."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from checked_ruleset import checked
from small_rulesets import DAY, written

from fupin_policy import Ruleset
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.reports.decisions_text import evaluation_text
from fupin_policy.reports.site.markdown import written as written_page
from fupin_policy.reports.site.rules import policy_page
from fupin_policy.reports.worklist import write_worklists

FACTS = "- {name: poor, label: 贫困户, for: household, type: truth}\n"
OBTAIN = """{how: application, where: 某局, documents: [{zh: 户口簿, en: Register}], within: 30天, phone: "0536-1"}"""
SAID = "申请；受理部门：某局；材料：户口簿；30 天内办结；电话：0536-1"
HOUSEHOLD = {"id": "h1", "贫困户": True, "members": [{"id": "m1"}]}


def version(valid: str, obtain: str = "") -> str:
    told = f"obtain: {obtain}, " if obtain else ""
    return f"      - {{valid: {valid}, when: 贫困户, {told}benefit: {{kind: service}}, lead: [某局], basis: [s]}}\n"


def rule(*versions: str) -> str:
    head = "  - id: p.a\n    title: {zh: 政策, en: Policy}\n    for: household\n    versions:\n"
    return head + "".join(versions)


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    versions = (
        version("..2019-05-31"),
        version("2019-06-01..2019-12-31", OBTAIN),
        version("2020-01-01..", "{方式: 自动}"),
    )
    return written(tmp_path_factory.mktemp("obtaining"), FACTS, rule(*versions))


def test_each_version_says_how_it_is_obtained(ruleset: Ruleset) -> None:
    told = [
        ruleset.evaluate({**HOUSEHOLD, "贫困户": poor}, day)["p.a"].as_json()["obtain"]
        for poor in (True, False)
        for day in ("2019-05-31", DAY, "2020-01-01")
    ]
    register = {"zh": "户口簿", "en": "Register"}
    bureau = {"zh": "某局", "en": "Bureau"}
    whole = {"how": "application", "where": bureau, "documents": [register], "days": 30, "phone": "0536-1"}
    bare: dict[str, object] = {"how": "automatic", "where": None, "documents": [], "days": None, "phone": None}
    assert told == [None, whole, bare] * 2


def test_who_is_eligible_reads_how_to_obtain_it(ruleset: Ruleset) -> None:
    assert (
        f"      办理：{SAID}" in evaluation_text(ruleset.evaluate(HOUSEHOLD, DAY), ruleset.program, "zh").splitlines()
    )
    said = "      to obtain it: without an application"
    assert said in evaluation_text(ruleset.evaluate(HOUSEHOLD, "2020-01-01"), ruleset.program, "en").splitlines()
    (explanation,) = ruleset.explain(HOUSEHOLD, DAY, "p.a")
    assert f"  办理：{SAID}" in explanation.text("zh").splitlines()
    (refused,) = ruleset.explain({**HOUSEHOLD, "贫困户": False}, DAY, "p.a")
    assert "办理" not in refused.text("zh")
    assert written_page(policy_page(ruleset.program, ruleset.policies[0], [])).count("办理 / to obtain it") == 2


def test_worklists_say_it_beside_the_policy(ruleset: Ruleset, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("id,贫困户\nh1,是\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text("household,id\nh1,m1\n", encoding="utf-8")
    for day, cells in ((DAY, ("办理", SAID)), ("2019-05-31", ())):
        output = tmp_path / f"{day}.parquet"
        run(Job(ruleset, str(tmp_path / "h.csv"), str(tmp_path / "m.csv"), day, output, asked=BatchRequest()))
        write_worklists(open_result(output, ruleset), ruleset, tmp_path / f"lists{day}")
        (path,) = (tmp_path / f"lists{day}").rglob("*.xlsx")
        head, row = openpyxl.load_workbook(path)["政策"].iter_rows(values_only=True)
        assert (*head[4:], *row[4:]) == cells


@pytest.mark.parametrize("given", ["15个工作日", "15 个工作日", "15工作日", "15 working days"])
def test_working_days_are_told_as_such_and_counted_by_nobody(tmp_path: Path, given: str) -> None:
    ruleset = written(tmp_path, FACTS, rule(version("..", f"{{how: application, within: {given}}}")))
    decision = ruleset.evaluate(HOUSEHOLD, DAY)["p.a"]
    told: dict[str, object] = {
        "how": "application",
        "where": None,
        "documents": [],
        "days": None,
        "working_days": 15,
        "phone": None,
    }
    assert decision.as_json()["obtain"] == told
    (explanation,) = ruleset.explain(HOUSEHOLD, DAY, "p.a")
    assert "  办理：申请；15 个工作日内办结" in explanation.text("zh").splitlines()
    assert "settled within 15 working days" in explanation.text("en")


@pytest.mark.parametrize(
    ("obtain", "codes"),
    [
        ("{where: 民政局}", ["Y202"]),
        ("{how: 排队}", ["Y204"]),
        ("{how: automatic, within: 一个月}", ["Y206"]),
        ("{how: automatic, within: 两个工作日}", ["Y206"]),
        ("{how: application, where: 税务局}", ["N105"]),
        ("{how: application, documents: [户口簿]}", ["Y203"]),
    ],
)
def test_what_is_said_wrongly(tmp_path: Path, obtain: str, codes: list[str]) -> None:
    body = rule(version("..", obtain).replace("某局", "民政局").replace("贫困户", "b"))
    _, found = checked(tmp_path / "rules", f"kind: policies\npolicies:\n{body}")
    assert [one.code for one in found] == codes
