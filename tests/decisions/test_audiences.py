"""Whom policies are shown to, and under what: the household's own first, the rest behind `--all`, with a word of it."""

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
from small_rulesets import DAY, policy, written
from text_files import write_files

from fupin_policy import Ruleset, load
from fupin_policy.analysis.interview import Interview
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.cli.main import main
from fupin_policy.core.days import to_day
from fupin_policy.core.snapshot import Rule
from fupin_policy.evaluators.wasm import read_manifest
from fupin_policy.explanation import Explanation, reasons
from fupin_policy.explanation.reasons import ReasonFinder
from fupin_policy.reports.decisions_text import evaluation_text
from fupin_policy.reports.site.markdown import written as written_page
from fupin_policy.reports.site.rules import policy_page
from fupin_policy.reports.worklist import write_worklists
from fupin_policy.testing import as_of_dates, households, rulesets

FACTS = """
- {name: poor, label: 贫困户, for: household, type: truth}
- {name: firm, label: 经营户, for: household, type: truth}
- {name: jobs, label: 用工, for: household, type: truth}
- {name: old, label: 高龄, for: member, type: truth}
"""
AUDIENCES = """\
种类: 受众
受众:
  - {英文名: poor_ones, 标签: {zh: 困难家庭, en: poor households}, 条件: 贫困户}
  - {name: firms, label: 经营主体, when: firm}
栏目:
  - {name: money, label: 钱款}
  - {name: work, label: {zh: 用工, en: work}}
"""


def shown(text: str, lines: str) -> str:
    """A policy with its audience and section."""
    return text.replace("    versions:", f"    {lines}\n    versions:")


POLICIES = (
    shown(policy("贫困户", amount="80欧元", name="a"), "audience: 困难家庭\n    section: money")
    + shown(policy("用工", amount="9欧元", name="b"), "面向: firms\n    栏目: 用工")
    + shown(policy("高龄", "member", name="c"), "section: work")
    + policy("贫困户", name="d")
)
WORDS = {"a": "poor_ones", "b": "firms", "c": None, "d": None}


def rules(folder: Path, facts: str = FACTS) -> Ruleset:
    (folder / "audiences.yaml").write_text(AUDIENCES, encoding="utf-8")
    return written(folder, facts, POLICIES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("audiences")


@pytest.fixture(scope="module")
def ruleset(folder: Path) -> Ruleset:
    return rules(folder)


def household(**facts: Any) -> dict[str, Any]:
    return {"id": "h1", "members": [{"id": "m1", "高龄": True}], **facts}


FARMER = household(贫困户=True, 经营户=False, 用工=True)


@pytest.mark.parametrize("firm", [True, False, None])
def test_a_decision_says_whether_its_audience_is_the_households_own(ruleset: Ruleset, firm: bool | None) -> None:
    found = ruleset.evaluate(household(贫困户=True, 经营户=firm, 用工=True), DAY)
    assert found == ruleset.interpret(household(贫困户=True, 经营户=firm, 用工=True), DAY)
    told = {one["policy"]: one for one in found.as_json()["decisions"]}
    assert told["p.b"]["audience"] == {"name": "firms", "zh": "经营主体", "en": "firms", "own": firm}
    assert told["p.b"]["section"] == {"name": "work", "zh": "用工", "en": "work"}
    assert told["p.b"]["status"] == "eligible"
    assert told["p.a"]["audience"]["own"] is True
    assert "audience" not in told["p.c"] and told["p.c"]["section"]["name"] == "work"
    assert {"audience", "section"}.isdisjoint(told["p.d"])


def test_texts_show_what_is_for_the_household_section_by_section(ruleset: Ruleset) -> None:
    found = ruleset.evaluate(FARMER, DAY)
    assert heads(evaluation_text(found, ruleset.program, "zh")) == [
        "h1  2019-06-30",
        "  钱款：",
        "  ✓ 政策a：符合  [m1]  每月 80.00 欧元",
        "  用工：",
        "  ✓ 政策c：符合  [m1]",
        "  其他：",
        "  ✓ 政策d：符合  [m1]",
        "  另有 1 项政策面向经营主体，没有列出，加 --all 列出",
    ]
    assert heads(evaluation_text(found, ruleset.program, "en"))[-1] == "  left out: 1 for firms; shown with --all"
    assert heads(evaluation_text(found, ruleset.program, "zh", every=True))[-3:] == [
        "  面向其他受众的：",
        "  用工：",
        "  ✓ 政策b：符合（面向经营主体）  [m1]  每月 9.00 欧元",
    ]
    assert "if among firms" in evaluation_text(ruleset.evaluate(household(用工=True), DAY), ruleset.program, "en")
    nobody = ruleset.evaluate(household(贫困户=False, 经营户=True, 用工=True), DAY)
    assert (
        heads(evaluation_text(nobody, ruleset.program, "zh"))[-1]
        == "  另有 1 项政策面向困难家庭，没有列出，加 --all 列出"
    )


def heads(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("      ")]


def test_nothing_is_asked_for_other_audiences(ruleset: Ruleset) -> None:
    farmer = household(贫困户=True, 经营户=False)
    asked = [
        {one.fact.name for one in Interview(ruleset, farmer, to_day_of(DAY), every=every).questions()}
        for every in (False, True)
    ]
    assert asked == [set(), {"jobs"}]
    assert "用工" not in evaluation_text(ruleset.evaluate(farmer, DAY), ruleset.program, "zh").replace("  用工：", "")


def to_day_of(text: str) -> int:
    from datetime import date

    return to_day(date.fromisoformat(text))


def test_what_is_hidden_by_an_assumption_says_so(tmp_path: Path) -> None:
    found = rules(tmp_path, FACTS.replace("经营户, ", "经营户, absent: 否, why: {zh: 少见, en: Rare}, "))
    evaluation = found.evaluate(household(贫困户=True, 用工=True), DAY)
    assert evaluation == found.interpret(household(贫困户=True, 用工=True), DAY)
    assert [one.fact.fact for one in evaluation["p.b"].assumed] == ["firm"]
    assert "没有列出，加 --all 列出；没有给出，当作 经营户=否" in evaluation_text(evaluation, found.program, "zh")
    bare = found.evaluate(household(贫困户=True, 用工=True), DAY, assume=False)
    assert bare["p.b"].own is None and "如属于经营主体" in evaluation_text(bare, found.program, "zh")


def test_a_batch_says_what_a_members_policy_is_hidden_by(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "audiences.yaml").write_text(AUDIENCES, encoding="utf-8")
    facts = FACTS.replace("经营户, ", "经营户, absent: 否, why: {zh: 少见, en: Rare}, ")
    found = written(folder, facts, shown(policy("高龄", "member", name="x"), "audience: firms"))
    (tmp_path / "h.csv").write_text("id,经营户\nh1,\nh2,是\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text("household,id,高龄\nh1,m1,否\nh1,m2,是\nh2,m3,是\n", encoding="utf-8")
    for asked, column in ((BatchRequest(), "assumed"), (BatchRequest(form="wide"), "p.x.assumed")):
        output = tmp_path / f"{column}.parquet"
        run(Job(found, str(tmp_path / "h.csv"), str(tmp_path / "m.csv"), DAY, output, asked=asked))
        rows = pq.read_table(output).to_pylist()
        assert [(row["household"], row[column]) for row in rows] == [("h1", ["经营户=否"]), ("h2", [])]


@pytest.mark.parametrize(
    ("command", "out", "within"),
    [
        (["eval", "--as-of", DAY], "9.00 欧元", "--all"),
        (["explain", "--as-of", DAY], "政策b：", "--all"),
        (["timeline", "--from", DAY, "--to", "2019-08-01"], "政策b  ", "--all"),
    ],
)
def test_commands_show_them_where_that_is_asked_for(
    folder: Path, ruleset: Ruleset, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str], out: str,
    within: str,
) -> None:  # fmt: skip
    file = tmp_path / "h.json"
    file.write_text(json.dumps(FARMER), encoding="utf-8")
    texts = []
    for every in ([], ["--all"]):
        assert main([command[0], str(file), "--ruleset", str(folder), *command[1:], *every]) == 0
        texts.append(capsys.readouterr().out)
    assert out not in texts[0] and within in texts[0]
    assert out in texts[1] and within not in texts[1]


def test_what_is_not_shown_is_not_explained(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`b` is for others: no reasons are looked for, unless all is shown, as JSON shows all."""
    (tmp_path / "h.json").write_text(json.dumps(FARMER), encoding="utf-8")
    explained: list[str] = []

    def counting(finder: ReasonFinder, rule: Rule, *others: Any) -> Explanation:
        explained.append(rule.policy.id)
        return reasons.explain(finder, rule, *others)

    monkeypatch.setattr("fupin_policy.explanation.explainer.explain", counting)
    for further, wanted in (([], ["a", "c", "d"]), (["--all"], [*"abcd"]), (["--format", "json"], [*"abcd"])):
        explained.clear()
        arguments = ["explain", str(tmp_path / "h.json"), "--ruleset", str(folder), "--as-of", DAY, *further]
        assert main(arguments) == 0
        assert sorted(explained) == [f"p.{name}" for name in wanted]
    capsys.readouterr()


def test_a_policy_asked_about_by_name_is_explained(ruleset: Ruleset) -> None:
    (told,) = ruleset.explain(FARMER, DAY, "p.b")
    assert "  面向：经营主体（这一户不属于）" in told.text("zh").splitlines()
    assert "  section: work" in told.text("en").splitlines()


def test_batches_and_worklists(ruleset: Ruleset, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("id,贫困户,经营户,用工\nh1,是,否,是\nh2,否,是,是\nh3,否,,是\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text("household,id,高龄\nh1,m1,是\n", encoding="utf-8")
    output = tmp_path / "out.parquet"
    run(Job(ruleset, str(tmp_path / "h.csv"), str(tmp_path / "m.csv"), DAY, output, asked=BatchRequest()))
    rows = {(row["household"], row["policy"]): row for row in pq.read_table(output).to_pylist()}
    own = {key: (row["audience"], row["own_audience"], row["section"]) for key, row in rows.items()}
    assert own == {
        ("h1", "p.a"): ("困难家庭", True, "钱款"),
        ("h1", "p.b"): ("经营主体", False, "用工"),
        ("h1", "p.c"): (None, None, "用工"),
        ("h1", "p.d"): (None, None, None),
        ("h2", "p.b"): ("经营主体", True, "用工"),
        ("h3", "p.b"): ("经营主体", None, "用工"),
    }
    result = open_result(output, ruleset)
    for every, listed, left in ((False, ["h1", "h1", "h1", "h2", "h3"], 1), (True, ["h1"] * 4 + ["h2", "h3"], 0)):
        found = write_worklists(result, ruleset, tmp_path / f"lists{every}", every=every)
        (path,) = found.folder.rglob("*.xlsx")
        sheet = openpyxl.load_workbook(path)["应享受"]
        assert [row[0] for row in sheet.iter_rows(min_row=3, values_only=True)] == listed
        assert found.left_out == left
        assert [cell.value for cell in sheet[2]][-2:] == ["面向", "栏目"]


def test_wide_tables(ruleset: Ruleset, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("id,经营户,用工\nh1,否,是\nh2,,是\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text("household,id,高龄\nh1,m1,是\n", encoding="utf-8")
    output, asked = tmp_path / "out.parquet", BatchRequest(form="wide")
    run(Job(ruleset, str(tmp_path / "h.csv"), str(tmp_path / "m.csv"), DAY, output, asked=asked))
    assert pq.read_table(output)["p.b.own_audience"].to_pylist() == [False, None]


def test_pages_say_it(ruleset: Ruleset) -> None:
    page = written_page(policy_page(ruleset.program, ruleset.policies[0], []))
    assert "面向 / for" in page and "poor households" in page and "栏目 / section" in page


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_audiences_change_no_decision(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    files = data.draw(rulesets())
    # the same conditions as terms, to be told as figures
    tests = re.findall(r"name: (audience\d), label: .*?, when: '(.*)'}", files["audiences.yaml"])
    head = "for: household, output: true"
    terms = (f"  - {{name: of_{one}, label: 属于{one}, {head}, value: '{test}'}}\n" for one, test in tests)
    files["terms.yaml"] = files.get("terms.yaml", "kind: terms\nterms:\n") + "".join(terms)
    without = {name: text for name, text in files.items() if name != "audiences.yaml"}
    lines = without["policies.yaml"].splitlines(keepends=True)
    without["policies.yaml"] = "".join(one for one in lines if not one.startswith(("    audience:", "    section:")))
    told: list[Ruleset] = []
    for texts in (files, without):
        folder = tmp_path_factory.mktemp("rules")
        write_files(folder, texts)
        told.append(load(folder, cache=False))
    day = data.draw(as_of_dates(told[0]))
    one = data.draw(households(told[0], day))
    found, wanted = (each.evaluate(one, day, assume=False) for each in told)
    bare = [each._replace(audience=None, own=None, section=None) for each in found.decisions]
    assert (bare, found.figures) == (list(wanted.decisions), wanted.figures)
    for decision in found.decisions:
        if decision.audience is not None:
            assert decision.own == found.figure(f"of_{decision.audience.name}").as_json()["value"]


def test_what_is_said_wrongly(tmp_path: Path) -> None:
    body = shown(policy("a", name="x"), "audience: 经营主休\n    section: momey").replace("某局", "民政局")
    _, found = checked(tmp_path / "rules", f"kind: policies\npolicies:\n{body}")
    assert [one.code for one in found] == ["N195", "N195"]


def test_the_manifest_names_them_only_where_there_are_any(ruleset: Ruleset, tmp_path: Path) -> None:
    manifest = read_manifest(ruleset.compile())
    assert [one["id"] for one in manifest["outputs"] if one["role"] == "audience"] == ["firms", "poor_ones"]
    assert manifest["policies"][0]["audience"] == {"name": "poor_ones", "zh": "困难家庭", "en": "poor households"}
    plain = read_manifest(written(tmp_path, FACTS, policy("贫困户")).compile())
    assert {"audience", "section"}.isdisjoint(plain["policies"][0])
