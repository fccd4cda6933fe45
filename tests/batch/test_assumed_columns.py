"""What a table does not give is assumed as household by household: said where a decision rests on it, and counted."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from assuming import ruleset
from small_rulesets import DAY

from fupin_policy import Ruleset
from fupin_policy.batch.evaluate import BatchEvaluator, BatchRequest, Decided
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, Report, run
from fupin_policy.cli.main import main
from fupin_policy.core.decision import Status
from fupin_policy.reports.summary import summarize
from fupin_policy.reports.summary_page import as_html
from fupin_policy.reports.summary_text import as_text
from fupin_policy.reports.worklist import write_worklists

EVERY = frozenset(Status)
HOUSEHOLDS = ["户编号,车辆数,户类", "h1,,", "h2,3,一类", "h3,不详,", "h4, ,未知", "h5,-,二类"]
MEMBERS = [
    "户编号,人编号,在校,病种,务工",
    "h1,a,,,",
    "h2,a,是,大病,",
    "h3,a,unknown,不详,",
    "h4,a,否,,是",
    "h4,b,,慢性病,否",
    "h5,a,,,否",
]


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return ruleset(tmp_path_factory.mktemp("rules"))


def given() -> list[dict[str, Any]]:
    """The tables as households; a dash is no value."""
    (_, *head), *rows = (line.split(",") for line in HOUSEHOLDS)
    (_, _, *inner), *persons = (line.split(",") for line in MEMBERS)
    return [
        {
            "id": name,
            **{key: "" if value == "-" else value for key, value in zip(head, values, strict=True)},
            "members": [
                {"id": person, **dict(zip(inner, facts, strict=True))}
                for whose, person, *facts in persons
                if whose == name
            ],
        }
        for name, *values in rows
    ]


def ran(rules: Ruleset, folder: Path, output: str = "out.parquet", **asked: Any) -> Report:
    for name, lines in (("households", HOUSEHOLDS), ("members", MEMBERS)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    own, inner = (str(folder / f"{name}.csv") for name in ("households", "members"))
    return run(Job(rules, own, inner, DAY, folder / output, asked=BatchRequest(**asked), bucket=2))


def test_a_run_says_what_single_households_say(rules: Ruleset, tmp_path: Path) -> None:
    report = ran(rules, tmp_path, statuses=EVERY)
    assert (report.counts.households, report.counts.households_rejected) == (5, 0)
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    wanted = {one["id"]: rules.evaluate(one, DAY) for one in given()}
    counted: Counter[str] = Counter()
    for row in rows:
        decision = wanted[row["household"]][row["policy"]]
        status = {one.member: one.status for one in decision.members}.get(row["member"], Status.INELIGIBLE)
        assert row["status"] == (decision.status if row["member"] is None else status).value
        texts = [one.text for one in decision.assumed]
        assert set(row["assumed"]) <= set(texts) and (row["member"] is not None or row["assumed"] == texts)
        counted.update({text.rpartition(".")[2] for text in row["assumed"]})
    # the bucket with h1 is another than that of h5
    assert dict(report.counts.assumed) == dict(counted) and counted["户类=二类"] == 2


def test_decisions_that_are_not_shown_are_counted(rules: Ruleset, tmp_path: Path) -> None:
    shown = ran(rules, tmp_path, "some.parquet").counts
    whole = ran(rules, tmp_path, "all.parquet", statuses=EVERY).counts
    assert shown.decisions < whole.decisions and shown.assumed == whole.assumed


def test_nothing_is_assumed_where_that_is_asked_for(rules: Ruleset, tmp_path: Path) -> None:
    report = ran(rules, tmp_path, statuses=EVERY, assume=False)
    table = pq.read_table(tmp_path / "out.parquet")
    assert report.counts.assumed == {} and not any(table["assumed"].to_pylist())
    assert table.schema.metadata[b"fupin.assume"] == b"none"
    wanted = {one["id"]: rules.evaluate(one, DAY, assume=False) for one in given()}
    for row in table.to_pylist():
        if row["member"] is None:
            assert row["status"] == wanted[row["household"]][row["policy"]].status.value


def decided(rules: Ruleset, own: dict[str, Any], inner: dict[str, Any], **asked: Any) -> Decided:
    """One household with one member, in typed columns."""
    fields = [pa.array([value]) if not isinstance(value, pa.Array) else value for value in inner.values()]
    persons = pa.StructArray.from_arrays([pa.array(["m1"]), *fields], ["id", *inner])
    columns = [value if isinstance(value, pa.Array) else pa.array([value]) for value in own.values()]
    lists = pa.ListArray.from_arrays(pa.array([0, 1], pa.int32()), persons)
    batch = pa.RecordBatch.from_arrays([pa.array(["h1"]), *columns, lists], ["id", *own, "members"])
    return BatchEvaluator(rules).decide(batch, DAY, BatchRequest(statuses=EVERY, **asked))


PARTLY = pa.struct([("min", pa.int64()), ("max", pa.int64())])


@pytest.mark.parametrize(
    ("column", "assumed"),
    [
        (pa.nulls(1), True),
        (pa.nulls(1, pa.int32()), True),
        (pa.array([None], PARTLY), True),
        (pa.array([{}], PARTLY), False),
        (pa.array([{"one_of": None}], pa.struct([("one_of", pa.list_(pa.int64()))])), False),
        (pa.array(["不详"]), False),
        (pa.array([" "]), True),
        (pa.array(["unknown"]).dictionary_encode(), False),
        (pa.array([1], pa.int8()), False),
    ],
)
def test_columns_of_every_form(rules: Ruleset, column: pa.Array, assumed: bool) -> None:
    found = decided(rules, {"车辆数": column}, {"在校": False}).decisions.to_pylist()
    row = next(one for one in found if one["policy"] == "p.modest")
    assert (row["assumed"] == ["车辆数=0"]) is assumed
    if column.type in (pa.string(), PARTLY) and not assumed:
        assert row["status"] == "unknown"


def test_a_column_that_is_not_there_is_not_given(rules: Ruleset) -> None:
    found = decided(rules, {}, {"在校": False, "病种": pa.array([[]], pa.list_(pa.string())), "务工": True})
    rows = {row["policy"]: row for row in found.decisions.to_pylist()}
    assert rows["p.modest"]["assumed"] == ["车辆数=0"] and rows["p.modest"]["status"] == "eligible"
    assert rows["p.healthy"]["assumed"] == [] and rows["p.healthy"]["status"] == "eligible"
    assert found.counts.assumed == {"车辆数=0": 1, "户类=二类": 1}


@pytest.mark.parametrize("column", [pa.array([{"min": "不详"}]), pa.array([{"one_of": ["unknown"]}])])
def test_a_part_is_not_said_to_be_unknown(rules: Ruleset, column: pa.Array) -> None:
    found = decided(rules, {"车辆数": column}, {})
    assert found.rejects["code"].to_pylist() == ["H021"]


@pytest.mark.parametrize("unknown", [pa.array(["不详"]), pa.array([{}], pa.struct([]))])
def test_codes_that_nobody_knows(rules: Ruleset, unknown: pa.Array) -> None:
    found = decided(rules, {}, {"病种": unknown, "在校": True}).decisions.to_pylist()
    row = next(one for one in found if one["policy"] == "p.healthy")
    assert (row["status"], row["assumed"]) == ("unknown", [])
    wrong = decided(rules, {}, {"病种": pa.array([["不详"]])})
    assert wrong.rejects["code"].to_pylist() == ["H029"]


def test_the_wide_form_says_it_by_household(rules: Ruleset) -> None:
    table = decided(rules, {}, {"在校": True}, form="wide").decisions
    (row,) = table.to_pylist()
    assert row["p.first_kind.assumed"] == ["户类=二类"] and row["p.healthy.assumed"] == ["m1.病种=无"]
    assert row["p.modest.assumed"] == []
    none = BatchEvaluator(rules).decide(
        pa.RecordBatch.from_pylist(
            [], pa.schema([("id", pa.string()), ("members", pa.list_(pa.struct([("id", pa.string())])))])
        ),
        DAY,
        BatchRequest(form="wide"),
    )
    assert none.decisions.schema.names == table.schema.names


def test_reports_say_what_was_assumed(rules: Ruleset, tmp_path: Path) -> None:
    import openpyxl

    ran(rules, tmp_path, missing=True)
    result = open_result(tmp_path / "out.parquet", rules)
    found = summarize([result], rules)
    assert ("车辆数=0", 3) in found.assumed
    line = "没有给出而当作 车辆数=0：3 项决定"
    assert line in as_text(found, rules.program)
    assert re.search("车辆数=0</th><td[^>]*><div>3</div>", as_html(found, rules.program))
    write_worklists(result, rules, tmp_path / "lists")
    (path,) = (tmp_path / "lists").rglob("*.xlsx")
    sheet = openpyxl.load_workbook(path)["应享受"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    at = rows[0].index("没有给出而当作")
    assert any("车辆数=0" in (row[at] or "") for row in rows[1:])


def test_the_command_counts_decisions_by_assumption(
    rules: Ruleset, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("same")
    ruleset(folder)
    wanted = ran(rules, tmp_path).counts.assumed
    tables = [str(tmp_path / "households.csv"), str(tmp_path / "members.csv")]
    options = ["--ruleset", str(folder), "--as-of", DAY]
    assert main(["run", *options, "-o", str(tmp_path / "again.parquet"), *tables]) == 0
    said = capsys.readouterr().out
    for name, count in wanted.items():
        assert f"没有给出而当作 {name}：{count} 项决定" in said
    assert main(["run", *options, "--assume", "none", "-o", str(tmp_path / "none.parquet"), *tables]) == 0
    assert "当作" not in capsys.readouterr().out
