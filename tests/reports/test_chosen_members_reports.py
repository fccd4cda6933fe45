"""For whom policies are, in results of runs and what is made of them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
from chosen_members import FACTS, household_policy
from small_rulesets import DAY, policy, written

from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.reports.summary import summarize
from fupin_policy.reports.summary_text import as_text
from fupin_policy.reports.worklist import write_worklists

HOUSEHOLDS = "id,收入\nh1,50\nh2,60\nh3,5000\n"
MEMBERS = "household,id,共同生活,在校\nh1,m1,是,否\nh1,m2,否,是\nh1,m3,,\nh2,m4,否,否\nh3,m5,是,是\n"


def test_counts_lists_and_totals(tmp_path: Path) -> None:
    """m1 lives there, of m3 that is open; m2 is a pupil: of the three one, two or three benefit by either policy."""
    own = household_policy("together", "共同生活") + household_policy("pupils", "在校 且 非 共同生活")
    rules = written(tmp_path, FACTS, own + policy("在校", "member", amount="10欧元", name="each"))
    for name, text in (("h.csv", HOUSEHOLDS), ("m.csv", MEMBERS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    tables = (str(tmp_path / "h.csv"), str(tmp_path / "m.csv"))
    run(Job(rules, *tables, DAY, tmp_path / "out.parquet", asked=BatchRequest(missing=True)))
    columns = ("household", "policy", "persons", "persons_max", "beneficiaries", "possible_beneficiaries", "missing")
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("h1", "p.each", 1, 1, None, None, []),
        ("h1", "p.pupils", 1, 1, ["m2"], [], []),
        ("h1", "p.together", 1, 2, ["m1"], ["m3"], ["m3.共同生活"]),
        ("h2", "p.pupils", 0, 0, [], [], []),
        ("h2", "p.together", 0, 0, [], [], []),
        ("h3", "p.each", 1, 1, None, None, []),
    ]
    result = open_result(tmp_path / "out.parquet", rules)
    summary = summarize([result], rules)
    # m1, m2 and m5 surely; m3 perhaps
    assert (summary.total.persons, summary.total.persons_max) == (3, 4)
    assert [(line.name, line.persons, line.persons_max) for line in summary.policies] == [
        ("政策each", 2, 2),
        ("政策pupils", 1, 1),
        ("政策together", 1, 2),
    ]
    assert "3–4 人" in as_text(summary, rules.program)
    write_worklists(result, rules, tmp_path / "lists")
    (book,) = (tmp_path / "lists").rglob("*.xlsx")
    _, names, *told = openpyxl.load_workbook(book)["应享受"].iter_rows(values_only=True)
    at = [names.index(name) for name in ("户编号", "政策", "受益人", "可能的受益人")]
    assert ("h1", "政策together", "m1", "m3") in [tuple(row[place] or "" for place in at) for row in told]
    run(Job(rules, *tables, DAY, tmp_path / "wide.parquet", asked=BatchRequest(form="wide")))
    wide = pq.read_table(tmp_path / "wide.parquet").to_pylist()
    assert [(row["p.together.persons"], row["p.together.persons_max"]) for row in wide] == [(1, 2), (0, 0), (0, 0)]
