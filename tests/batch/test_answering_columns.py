"""Who answers, where that is by condition, in the results of a run and in what is made of them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from conditional_departments import rules
from small_rulesets import DAY

from fupin_policy import Ruleset
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.reports.summary import summarize
from fupin_policy.reports.worklist import write_worklists


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return rules(tmp_path_factory.mktemp("bodies"))


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
        if book.parent.name == "各部门":
            continue  # its lists are those of all, once each
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
