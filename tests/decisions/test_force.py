"""Whether a policy must be given, may be given, or is encouraged where it is offered: said, and shown apart."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from checked_ruleset import checked
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rulesets import DAY, written
from text_files import write_files

from fupin_policy import Ruleset, load
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.cli.main import main
from fupin_policy.core.days import to_day
from fupin_policy.evaluators.wasm import read_manifest
from fupin_policy.reports.decisions_text import evaluation_text
from fupin_policy.reports.site.markdown import written as written_page
from fupin_policy.reports.site.rules import policy_page
from fupin_policy.reports.summary import summarize
from fupin_policy.reports.summary_text import as_text
from fupin_policy.reports.worklist import write_worklists
from fupin_policy.testing import as_of_dates, households, rulesets

FACTS = """\
- {name: poor, label: 贫困户, for: household, type: truth}
- {name: open, label: 有养老理事会, for: household, type: truth}
"""


def version(valid: str, force: str, when: str = "贫困户") -> str:
    """A version of a policy; `force` is a line of it."""
    return f"      - {{valid: {valid}, {force}when: {when}, benefit: {{kind: service}}, lead: [某局], basis: [s]}}\n"


def rule(name: str, *versions: str) -> str:
    head = f"  - id: p.{name}\n    title: {{zh: 政策{name}, en: Policy {name}}}\n    for: household\n    versions:\n"
    return head + "".join(versions)


POLICIES = (
    rule("must", version("..", ""))
    + rule("may", version("..2019-06-29", ""), version("2019-06-30..", "force: discretion, "))
    + rule("urged", version("..", "效力: 鼓励, 开展条件: 有养老理事会, "))
)


FORCES = ("", "force: discretion, ", "force: encouraged, offered: 有养老理事会, ")


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return written(tmp_path_factory.mktemp("forces"), FACTS, POLICIES)


def household(**facts: Any) -> dict[str, Any]:
    return {"id": "h1", "members": [{"id": "m1"}], **facts}


def by_hand(text: str) -> str:
    """Policies without force: what is encouraged holds where it is offered and its condition is met."""
    between = r"((?:\n(?!      - valid).*)*?)"
    offered = re.compile(rf"when: '(.*)'{between}\n        force: encouraged\n        offered: '(.*)'")
    return offered.sub(r"when: '(\3) 且 (\1)'\2", text).replace("        force: discretion\n", "")


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_the_force_changes_no_outcome_but_where_something_is_offered(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    files = data.draw(rulesets())
    told: list[Ruleset] = []
    for texts in (files, {name: by_hand(text) for name, text in files.items()}):
        folder = tmp_path_factory.mktemp("rules")
        write_files(folder, texts)
        told.append(load(folder, cache=False))
    assert "force:" not in by_hand(files["policies.yaml"])
    ruleset = told[0]
    day = data.draw(as_of_dates(ruleset))
    one = data.draw(households(ruleset, day))
    found, wanted = (each.evaluate(one, day).decisions for each in told)
    assert [decision._replace(force="entitlement") for decision in found] == list(wanted)
    for policy, decision in zip(ruleset.policies, found, strict=True):
        held = policy.version_on(to_day(day)) or policy.versions[0]
        assert decision.force == held.force


def test_the_force_is_that_of_the_version_in_force(ruleset: Ruleset) -> None:
    told = [ruleset.evaluate(household(), day)["p.may"].as_json()["force"] for day in ("2019-06-29", DAY)]
    assert told == ["entitlement", "discretion"]


@pytest.mark.parametrize(("open_", "status"), [(True, "eligible"), (False, "ineligible"), (None, "unknown")])
def test_what_is_encouraged_is_given_where_it_is_offered(ruleset: Ruleset, open_: bool | None, status: str) -> None:
    decision = ruleset.evaluate(household(贫困户=True, 有养老理事会=open_), DAY)["p.urged"]
    assert decision.status.value == status
    assert [one.fact for one in decision.missing] == (["open"] if open_ is None else [])


def test_texts_set_apart_what_is_no_entitlement(ruleset: Ruleset) -> None:
    evaluation = ruleset.evaluate(household(贫困户=True, 有养老理事会=True), DAY)
    heads = [
        line
        for line in evaluation_text(evaluation, ruleset.program, "zh").splitlines()
        if not line.startswith("      ")
    ]
    assert heads == [
        "h1  2019-06-30",
        "  ✓ 政策must：符合  [m1]",
        "  可以给予的（由部门决定）：",
        "  ✓ 政策may：符合（可以给予，由部门决定）  [m1]",
        "  鼓励给予的（以有开展的为限）：",
        "  ✓ 政策urged：符合（鼓励给予，以有开展的为限）  [m1]",
    ]
    (explanation,) = ruleset.explain(household(贫困户=True, 有养老理事会=True), DAY, "p.urged")
    assert "  force: encouraged where it is offered" in explanation.text("en").splitlines()
    assert "满足：有养老理事会为「是」（实际：是）" in explanation.text("zh")
    (explanation,) = ruleset.explain(household(贫困户=True), DAY, "p.must")
    assert "force" not in explanation.text("en")


def test_changes_of_a_timeline_say_what_is_no_entitlement(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("timeline")
    written(folder, FACTS, rule("may", version("2019-06-30..", "force: discretion, ")))
    (folder / "h.json").write_text(json.dumps(household(贫困户=True)), encoding="utf-8")
    days = ["--from", "2019-06-01", "--to", "2019-07-31"]
    assert main(["timeline", str(folder / "h.json"), "--ruleset", str(folder), *days]) == 0
    assert "→ 符合（可以给予，由部门决定） [m1]" in capsys.readouterr().out


def test_batches_and_reports_set_it_apart(ruleset: Ruleset, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("id,贫困户,有养老理事会\nh1,是,是\nh2,是,\nh3,否,\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text("household,id\nh1,m1\nh2,m2\n", encoding="utf-8")
    output = tmp_path / "out.parquet"
    run(Job(ruleset, str(tmp_path / "h.csv"), str(tmp_path / "m.csv"), DAY, output, asked=BatchRequest(missing=True)))
    rows = pq.read_table(output).to_pylist()
    assert {row["policy"]: row["force"] for row in rows} == {
        "p.must": "entitlement",
        "p.may": "discretion",
        "p.urged": "encouraged",
    }
    result = open_result(output, ruleset)
    write_worklists(result, ruleset, tmp_path / "lists")
    (path,) = (tmp_path / "lists").rglob("*.xlsx")
    book = openpyxl.load_workbook(path)
    listed = {sheet.title: [row[:3] for row in sheet.iter_rows(min_row=3, values_only=True)] for sheet in book}
    assert listed["应享受"] == [("h1", None, "政策must"), ("h2", None, "政策must")]
    assert listed["可享受"] == [("h1", None, "政策may"), ("h2", None, "政策may")]
    assert listed["鼓励享受"] == [("h1", None, "政策urged")]
    assert listed["待核实"] == [("h2", None, "政策urged")]
    assert "force" not in [cell for row in book["待核实"].iter_rows(values_only=True) for cell in row]
    summary = summarize([result], ruleset)
    assert {(line.name, line.households, line.open) for line in summary.forces} == {
        ("应当给予 / must be given", 2, 0),
        ("可以给予，由部门决定 / may be given, as the department decides", 2, 0),
        ("鼓励给予，以有开展的为限 / encouraged where it is offered", 1, 1),
    }
    assert "按效力" in as_text(summary, ruleset.program).splitlines()
    assert "by force" in as_text(summary, ruleset.program, "en").splitlines()


def test_money_of_several_forces_is_added_up_apart(tmp_path: Path) -> None:
    paid = [version("..", force).replace("kind: service", "kind: cash, amount: 5欧元, per: month") for force in FORCES]
    rules = written(tmp_path, FACTS, "".join(rule(f"p{at}", one) for at, one in enumerate(paid)))
    (tmp_path / "h.csv").write_text("id,贫困户,有养老理事会\nh1,是,是\nh2,是,\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text("household,id\nh1,m1\nh2,m2\n", encoding="utf-8")
    tables, output = (str(tmp_path / "h.csv"), str(tmp_path / "m.csv")), tmp_path / "out.parquet"
    run(Job(rules, *tables, DAY, output))
    summary = summarize([open_result(output, rules)], rules)
    may, urged = "可以给予，由部门决定 / may be given, as the department decides", "鼓励给予，以有开展的为限"
    assert [(one.high, one.force.split(" / ")[0]) for one in summary.total.money] == [
        (1000, ""),
        (1000, may.split(" / ")[0]),
        (500, urged),
    ]
    assert f"10.00 每月（{may.split(' / ')[0]}）" in as_text(summary, rules.program).splitlines()[3]
    assert [[one.force for one in line.money] for line in summary.forces] == [[""]] * 3
    run(Job(rules, *tables, DAY, output, asked=BatchRequest(form="wide")))
    (first, _) = pq.read_table(output).to_pylist()
    named = {name: value for name, value in first.items() if name.endswith(".force")}
    assert named == {"p.p1.force": "discretion", "p.p2.force": "encouraged"}


def test_pages_and_the_manifest_say_it_where_it_is_no_entitlement(ruleset: Ruleset) -> None:
    pages = {policy.id: written_page(policy_page(ruleset.program, policy, [])) for policy in ruleset.policies}
    assert {name: page.count("效力 / force") for name, page in pages.items()} == {
        "p.must": 0,
        "p.may": 1,
        "p.urged": 1,
    }
    frames = read_manifest(ruleset.compile())["frames"]
    assert sorted(str(frame.get("force")) for frame in frames) == ["None", "discretion", "encouraged"]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("force: encouraged, ", ["Y202"]),
        ("offered: a, ", ["Y202"]),
        ("force: discretion, offered: a, ", ["Y204"]),
        ("force: 必须, ", ["Y204"]),
        ("force: encouraged, offered: income, ", ["T201"]),
        ("force: encouraged, offered: 理事会, ", ["N101"]),
    ],
)
def test_what_is_offered_belongs_to_what_is_encouraged(tmp_path: Path, line: str, codes: list[str]) -> None:
    body = rule("x", version("..", line, "b")).replace("某局", "民政局")
    _, found = checked(tmp_path / "rules", f"kind: policies\npolicies:\n{body}")
    assert [one.code for one in found] == codes
