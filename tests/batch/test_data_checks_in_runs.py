"""Checks of data in a batch and a run: who is rejected, what is counted, and who is listed as in doubt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from data_checks import CHECKS, household, member, with_checks
from reject_rows import reject_rows
from small_rulesets import DAY

from fupin_policy import Ruleset
from fupin_policy.batch.evaluate import BatchEvaluator
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.reports.summary import summarize
from fupin_policy.reports.summary_text import as_text
from fupin_policy.reports.worklist import write_worklists


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return with_checks(tmp_path_factory.mktemp("checks"))


def table(*households: dict[str, Any]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([dict(one, id=f"h{at}") for at, one in enumerate(households, 1)])


def test_a_batch_rejects_counts_and_goes_on(ruleset: Ruleset) -> None:
    rows = table(
        household(member(户主=False), member(2)),
        household(member(), member(2, 在校="是"), member(3, 在校="是")),
        household(member(), member(2, 在校="是", 出生日期=None)),
    )
    found = BatchEvaluator(ruleset).decide(rows, DAY)
    assert (found.counts.households, found.counts.households_rejected) == (3, 1)
    (reject,) = found.rejects.to_pylist()
    assert (reject["household_row"], reject["member_row"], reject["column"]) == (0, None, "户主只有一人")
    assert reject["code"] == "H073" and "应当有且只有一名户主" in reject["zh"]
    assert dict(found.counts.violated) == {"在校年龄相符": 1} and dict(found.counts.not_checkable) == {
        "在校年龄相符": 1
    }
    assert set(found.decisions["household"].to_pylist()) == {"h2", "h3"}


def test_a_batch_rejects_nobody_for_what_was_assumed(tmp_path: Path) -> None:
    strict = CHECKS.replace("非 在校 或 周岁数(出生日期) < 30", "在校").replace("severity: warn", "severity: reject")
    rows = table(household(member(在校=None)), household(member()))
    found = BatchEvaluator(with_checks(tmp_path, strict)).decide(rows, DAY)
    assert found.rejects["household_row"].to_pylist() == [1] and found.rejects["member_row"].to_pylist() == [1]
    assert dict(found.counts.violated) == {"在校年龄相符": 1}


def registry(folder: Path) -> tuple[str, str]:
    (folder / "h.csv").write_text("id,收入\n1,50\n2,50\n3,50\n", encoding="utf-8")
    persons = ["1,m1,否,1980-01-01,否", "2,m1,是,1980-01-01,是", "3,m1,是,,是"]
    (folder / "m.csv").write_text("\n".join(["household,id,户主,出生日期,在校", *persons]), encoding="utf-8")
    return str(folder / "h.csv"), str(folder / "m.csv")


def test_a_run_says_what_is_in_doubt_in_rejects_counts_worklists_and_summaries(
    ruleset: Ruleset, tmp_path: Path
) -> None:
    report = run(Job(ruleset, *registry(tmp_path), DAY, tmp_path / "out.parquet"))
    assert (report.counts.households, report.counts.households_rejected) == (3, 1)
    assert dict(report.counts.violated) == {"在校年龄相符": 1} and dict(report.counts.not_checkable) == {
        "在校年龄相符": 1
    }
    rejects = reject_rows(report.rejects)
    assert {(one["file"], one["code"]) for one in rejects} == {("h.csv", "H073"), ("m.csv", "B102")}
    result = open_result(Path(report.output), ruleset)
    assert pq.read_table(report.output)["figure.school_age"].to_pylist().count(False) == 1
    totals = summarize([result], ruleset)
    assert totals.violated == (("在校年龄相符", 1),)
    assert "数据疑点 在校年龄相符：1 户" in as_text(totals, ruleset.program)
    written_ = write_worklists(result, ruleset, tmp_path / "lists")
    (book,) = written_.folder.rglob("*.xlsx")
    sheet = [list(row) for row in openpyxl.load_workbook(book)["数据疑点"].iter_rows(values_only=True)]
    assert sheet[2][-1] == "回读码" and [row[:-1] for row in sheet[2:]] == [
        ["序号", "户编号", "成员编号", "核对", "说明", "□", "日期、签名"],
        [1, "2", "m1", "在校年龄相符", "三十岁以上仍登记在校", "□", None],
    ]
