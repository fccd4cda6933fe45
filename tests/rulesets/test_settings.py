"""Values of parameters that are only tried."""

from __future__ import annotations

import copy
import csv
import json
import pickle
from decimal import Decimal
from itertools import takewhile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy import Ruleset, load
from fupin_policy.analysis.audit import append
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.cli.main import main as fupin
from fupin_policy.diagnostics import InputError, RulesetError
from fupin_policy.evaluators.wasm import read_manifest
from fupin_policy.reports.comparison import Side, compare
from fupin_policy.reports.comparison_page import as_html as compared_html
from fupin_policy.reports.comparison_text import as_text as compared_text
from fupin_policy.reports.summary import summarize
from fupin_policy.reports.summary_page import as_html
from fupin_policy.reports.summary_text import as_text
from fupin_policy.reports.worklist import write_worklists

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
HOUSEHOLD = {"id": "h", "享受低保": "是", "乡镇": "东河镇", "members": [{"id": "m1", "出生日期": "1955-01-01"}]}
RULES = load(LESSON, cache=False)
POLICY = "elderly.old_age_allowance"


def amount(ruleset: Ruleset, day: str = "2019-06-30") -> str:
    found = ruleset.evaluate(HOUSEHOLD, day)[POLICY].amount
    assert found is not None
    assert ruleset.evaluate(HOUSEHOLD, day) == ruleset.interpret(HOUSEHOLD, day)
    return found.text(found.low)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 100_000))
def test_a_value_holds_on_every_day(cents: int) -> None:
    value = f"{cents // 100}.{cents % 100:02}"
    tried = load(LESSON, cache=False, settings=[f"参数.津贴_60至79岁={value}"])
    assert {amount(tried, day) for day in ("2019-01-01", "2019-06-30", "2020-12-31")} == {value}


@pytest.mark.parametrize("name", ["参数.津贴_60至79岁", "parameter.old_age_60", "old_age_60", " 津贴_60至79岁 "])
def test_a_parameter_by_any_of_its_names(name: str) -> None:
    assert amount(RULES.with_values({name: 150})) == "150.00"


def test_it_is_marked_as_a_trial() -> None:
    tried = RULES.with_values({"参数.津贴_60至79岁": Decimal("1.5E+2")})
    evaluation = tried.evaluate(HOUSEHOLD, "2019-06-30")
    assert evaluation.trial == ("参数.津贴_60至79岁=150",) and evaluation.as_json()["trial"] == [*evaluation.trial]
    assert evaluation[POLICY].provisional and tried.digest != RULES.digest
    assert read_manifest(tried.compile())["trial"] == [*evaluation.trial]
    for explanation in tried.explain(HOUSEHOLD, "2019-06-30"):
        assert explanation.as_json()["trial"] == [*evaluation.trial]
        assert "  试算，不是决定: 参数.津贴_60至79岁=150" in explanation.text("zh").splitlines()
    assert "trial" not in RULES.evaluate(HOUSEHOLD, "2019-06-30").as_json()
    assert "trial" not in read_manifest(RULES.compile())
    (use,) = (use for one in tried.explain(HOUSEHOLD, "2019-06-30", POLICY) for use in one.parameters)
    assert (use.standing, use.source) == ("example", "")


def test_papers_that_are_handed_on_say_so(tmp_path: Path) -> None:
    tried = RULES.with_values({"参数.津贴_60至79岁": "150"})
    said = "试算，不是决定: 参数.津贴_60至79岁=150"
    (tmp_path / "h.csv").write_text("户编号,享受低保,乡镇\nh,是,东河镇\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text("户编号,人编号,出生日期\nh,m1,1955-01-01\n", encoding="utf-8")
    output = tmp_path / "out.parquet"
    run(Job(tried, str(tmp_path / "h.csv"), str(tmp_path / "m.csv"), "2019-06-30", output))
    result = open_result(output, tried)
    summary = summarize([result], tried)
    assert said in as_text(summary, tried.program) and said in as_html(summary, tried.program)
    assert summary.trial == ("参数.津贴_60至79岁=150",)
    for form in ("long", "wide"):
        asked = BatchRequest(form=form)
        tables = str(tmp_path / "h.csv"), str(tmp_path / "m.csv")
        for raw, heading in ((True, "trial"), (False, "试算")):
            run(Job(tried, *tables, "2019-06-30", tmp_path / "o.csv", asked=asked, raw=raw))
            with (tmp_path / "o.csv").open(encoding="utf-8-sig", newline="") as file:
                rows = takewhile(lambda row: any(row.values()), csv.DictReader(file))
                assert {row[heading] for row in rows} == {"参数.津贴_60至79岁=150"}
    side = Side(result, tried)
    found = compare(side, side)
    assert found.trial == summary.trial and all(said in shown(found) for shown in (compared_text, compared_html))
    write_worklists(result, tried, tmp_path / "lists")
    for path in (tmp_path / "lists").rglob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        titles = [title for title in book.sheetnames if title not in ("政策", "回读")]
        assert {"应享待办", "上门核实"} <= set(titles) and all(said in str(book[title]["A1"].value) for title in titles)


def test_no_record_is_made_of_it(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        append(tmp_path / "record", RULES.with_values({"old_age_60": 150}), [HOUSEHOLD], "2019-06-30")
    assert [one.code for one in refused.value.diagnostics] == ["A112"] and not (tmp_path / "record").exists()


@pytest.mark.parametrize(
    ("setting", "code", "text", "suggestion"),
    [
        ("参数.津贴_60至79岁=5000", "R310", "5000", None),
        ("参数.津贴_60到79岁=50", "N103", "津贴_60到79岁", "津贴_60至79岁"),
        ("参数.津贴_60至79岁", "N132", "参数.津贴_60至79岁", None),
        ("=50", "N132", "=50", None),
        ("参数.津贴_60至79岁= ", "N132", "参数.津贴_60至79岁= ", None),
        ("参数.津贴_60至79岁=很多", "T221", "很多", None),
    ],
)
def test_what_cannot_be_tried(setting: str, code: str, text: str, suggestion: str | None) -> None:
    with pytest.raises(RulesetError) as refused:
        load(LESSON, cache=False, settings=[setting])
    (found,) = refused.value.diagnostics
    assert found.span is not None
    assert (found.code, found.span.text, found.suggestion) == (code, text, suggestion)
    assert found.place.startswith("--set:1:")


def test_values_add_up_and_the_last_one_counts() -> None:
    tried = RULES.with_values({"old_age_60": 150}).with_values({"old_age_80": 300}).with_values({"old_age_60": 160})
    assert amount(tried) == "160.00" and len(tried.program.trial) == 3
    assert copy.deepcopy(tried) is tried
    again = pickle.loads(pickle.dumps(tried))
    assert amount(again.with_values({"old_age_60": 170})) == "170.00"


def test_rules_without_files_have_nothing_to_try() -> None:
    with pytest.raises(ValueError, match="files"):
        Ruleset(RULES.program, RULES.compile()).with_values({"old_age_60": 150})


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    household = tmp_path / "h.json"
    household.write_text(json.dumps(HOUSEHOLD), encoding="utf-8")
    rest = ["--ruleset", str(LESSON), "--set", "参数.津贴_60至79岁=150"]
    assert fupin(["eval", str(household), "--as-of", "2019-06-30", *rest]) == 0
    shown = capsys.readouterr()
    assert "150.00" in shown.out and "试算，不是决定: 参数.津贴_60至79岁=150" in shown.out
    assert "试算，不是决定" in shown.err
    assert fupin(["diff", str(LESSON), str(LESSON), "--set", "参数.津贴_60至79岁=150"]) == 1
    assert fupin(["audit", "record", str(household), "-o", str(tmp_path / "record"), *rest]) == 1
    assert "A112" in capsys.readouterr().err
    assert fupin(["check", "--ruleset", str(LESSON), "--set", "参数.津贴_60至79岁=1500"]) == 1
    assert "R310" in capsys.readouterr().err


def test_a_value_for_every_code(tmp_path: Path) -> None:
    for file in LESSON.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        if file.name == "parameters.yaml":
            text = text.replace("    unit: 元\n", "    unit: 元\n    by: 乡镇\n", 1).replace(
                "80,", "{东河镇: 80, 西山镇: 90},"
            )
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    rules = load(tmp_path, cache=False)
    assert [amount(rules), amount(rules.with_values({"old_age_60": 150}))] == ["80.00", "150.00"]


RECIPES = load(LESSON.parent / "recipes", cache=False)
TAXES = LESSON.parent / "taxes" / "base"


def standard(ruleset: Ruleset, town: str, kind: str, day: str) -> str:
    given = {
        "id": "h",
        "享受低保": "是",
        "乡镇": town,
        "户籍类别": kind,
        "members": [{"id": "m", "自理能力": "全自理"}],
    }
    found = ruleset.evaluate(given, day)["recipe.standards"].amount
    assert found is not None and ruleset.evaluate(given, day) == ruleset.interpret(given, day)
    return found.text(found.low)


@pytest.mark.parametrize("day", ["2020-06-30", "2021-07-01"])
@pytest.mark.parametrize("town", ["城关镇", "河东镇"])
@pytest.mark.parametrize("kind", ["城镇", "农村"])
def test_one_key_of_a_parameter(day: str, town: str, kind: str) -> None:
    tried = RECIPES.with_values({"参数.基本生活标准[城关镇，农村]": 720, "basic_standard[河东镇, 任意]": "1.5"})
    plain = standard(RECIPES, town, kind, day)
    wanted = "1.50" if town == "河东镇" else "720.00" if kind == "农村" else plain
    assert standard(tried, town, kind, day) == wanted
    later = tried.with_values({"基本生活标准[城关镇,农村]": 730})
    assert standard(later, "城关镇", "农村", day) == "730.00"
    assert standard(later.with_values({"基本生活标准": 5}), town, kind, day) == "5.00"
    assert len({one.digest for one in (RECIPES, tried, later)}) == 3
    assert later.program.trial[-1] == "基本生活标准[城关镇,农村]=730"


@pytest.mark.parametrize("bracket", ["2500..6000", "2500 euro..6000 euro", " 2500 euro..6000"])
def test_one_bracket_of_a_scale(bracket: str) -> None:
    rates = load(TAXES, cache=False, settings=[f"参数.所得税税率表[{bracket}]=28%"]).program.parameters["income_tax"]
    plain = load(TAXES, cache=False).program.parameters["income_tax"]
    for one, other in zip(plain.values, rates.values, strict=True):
        assert len(one.values) == len(other.values)
    changed = [
        pair
        for one, other in zip(plain.values, rates.values, strict=True)
        for pair in zip(one.values.values(), other.values.values(), strict=True)
        if pair[0] != pair[1]
    ]
    assert changed == [(30, 28)]
    assert [(row.zh, row.en) for row in rates.rows] == [(row.zh, row.en) for row in plain.rows]


@pytest.mark.parametrize(
    ("folder", "setting", "code", "text", "suggestion"),
    [
        ("recipes", "参数.基本生活标准[城关真，农村]=720", "N102", "城关真", "城关镇"),
        ("recipes", "参数.基本生活标准[城关镇]=720", "R305", "720", None),
        ("recipes", "参数.低保标准[城关镇]=720", "N193", "城关镇", None),
        ("recipes", "参数.低保标准[]=720", "N132", "参数.低保标准[]=720", None),
        ("taxes/base", "参数.所得税税率表[2500..6100]=28%", "N192", "2500..6100", "2500 euro..6000 euro"),
        ("taxes/base", "参数.所得税税率表[3500..]=28%", "N192", "3500..", "3000 euro.."),
    ],
)
def test_keys_and_brackets_that_are_not_there(
    folder: str, setting: str, code: str, text: str, suggestion: str | None
) -> None:
    with pytest.raises(RulesetError) as refused:
        load(LESSON.parent / folder, cache=False, settings=[setting])
    found = refused.value.diagnostics[0]
    assert found.span is not None
    assert (found.code, found.span.text, found.suggestion) == (code, text, suggestion)
    assert found.place.startswith("--set:1:")
