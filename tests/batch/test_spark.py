"""DataFrames decided by real Spark: row for row what the embedded engine gives, however they are laid out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rules_as_run import loaded, rules_as_run

pytest.importorskip("pyspark", reason="Spark is left out: it needs the extra `spark`; see make test-hosts")

import by_month
from demo_tables import demo, write
from faulty_rows import spoil
from household_batches import in_one_form
from pyspark.sql import SparkSession
from random_registry import registry as random_registry
from spark_rows import batch_with_ids, numbered, parquet_of, placed, registry_of, rejects_of, same_rows, with_rows
from spark_session import spark as spark
from test_month_tables import registry, tables

from fupin_policy import InputError, Ruleset, load
from fupin_policy.batch import BatchEvaluator
from fupin_policy.batch.counts import Counts
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.run import Job, run
from fupin_policy.batch.spark import decide
from fupin_policy.core.decision import Status
from fupin_policy.testing import as_of_dates, households

RULESET = load()
BILLS = load(Path(__file__).parents[2] / "docs" / "examples" / "bills")
AS_OF = "2019-06-30"
EVERY = BatchRequest(statuses=frozenset(Status), missing=True)
FEW = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


class TestTwoTables:
    """Households and members that Spark brings together, against a run of the embedded engine on the same files."""

    def test_every_kind_of_bad_row_among_many(self, spark: SparkSession, tmp_path: Path) -> None:
        own, inner = demo(290)
        list(spoil(own, inner))
        counts = self.check(spark, tmp_path, own, inner, BatchRequest(), partitions=4)
        assert counts.households_rejected > 15 and counts.members_rejected > 50

    @pytest.mark.parametrize(
        "asked", [EVERY, BatchRequest(form="wide"), BatchRequest(policies=frozenset({"elderly.old_age_allowance"}))]
    )
    def test_forms(self, spark: SparkSession, tmp_path: Path, asked: BatchRequest) -> None:
        own, inner = demo(1)
        inner[5][inner[0].index("出生日期")] = "1953-02-30"
        inner[9][inner[0].index("出生日期")] = ""
        self.check(spark, tmp_path, own, inner, asked, partitions=None)

    @pytest.mark.parametrize("day", RULESET.breakpoints[1::5])
    def test_breakpoints(self, spark: SparkSession, tmp_path: Path, day: date) -> None:
        own, inner = demo(1)
        self.check(spark, tmp_path, own, inner, BatchRequest(), partitions=2, day=day)

    def test_more_partitions_than_households(self, spark: SparkSession, tmp_path: Path) -> None:
        own, inner = demo(1)
        self.check(spark, tmp_path, own[:4], inner, BatchRequest(), partitions=16)

    def test_nobody_at_all(self, spark: SparkSession, tmp_path: Path) -> None:
        own, inner = demo(1)
        self.check(spark, tmp_path, own[:1], inner[:1], BatchRequest(), partitions=2)

    def check(
        self,
        spark: SparkSession,
        folder: Path,
        own: list[list[str]],
        inner: list[list[str]],
        asked: BatchRequest,
        partitions: int | None,
        day: date | str = AS_OF,
    ) -> Counts:
        files = [
            parquet_of(folder / f"{name}.parquet", rows) for name, rows in (("households", own), ("members", inner))
        ]
        households, members = map(str, files)
        output = folder / "out.parquet"
        report = run(Job(RULESET, households, members, str(day), output, asked=asked, keep=(), bucket=5000, threads=2))
        frames = [with_rows(spark.read.parquet(path)) for path in (households, members)]
        outcome = decide(frames[0], frames[1], RULESET, day, asked, partitions)
        same_rows(outcome.decisions, pq.read_table(output))
        found = ((row[0], row[1], *(text or "" for text in row[2:])) for row in outcome.rejects.collect())
        assert sorted(found) == rejects_of(Path(report.rejects))
        assert outcome.counts() == report.counts
        outcome.release()
        return report.counts


class TestNested:
    """Households with their members inside, against one batch of the embedded engine."""

    @FEW
    @given(st.data())
    def test_random_rules(
        self, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
    ) -> None:
        folder: Path = tmp_path_factory.mktemp("ruleset")
        ruleset = loaded(folder, data.draw(rules_as_run()))
        day = data.draw(as_of_dates(ruleset))
        found = data.draw(st.lists(households(ruleset, day), min_size=1, max_size=8))
        self.check(
            spark,
            ruleset,
            batch_with_ids(ruleset, found),
            day,
            data.draw(st.sampled_from([EVERY, BatchRequest(form="wide")])),
        )

    @FEW
    @given(st.data())
    def test_random_rules_with_lists(
        self, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
    ) -> None:
        ruleset = loaded(tmp_path_factory.mktemp("ruleset"), data.draw(rules_as_run(lists=True)))
        day = data.draw(as_of_dates(ruleset))
        found = data.draw(st.lists(households(ruleset, day), min_size=1, max_size=6))
        whole = in_one_form(ruleset, found, data.draw(st.sampled_from([[], ["helpers"], ["visits"]])))
        self.check(spark, ruleset, batch_with_ids(ruleset, whole), day, EVERY)

    def test_bad_items(self, spark: SparkSession) -> None:
        """The items of lists that are refused are named by their places."""
        bills = [[(600, "2019-03-01"), (-1, "2019-04-01")], [(1, "2019-02-01"), (2, "2019-02-01")], [None], None]
        rows = [
            (f"h{at}", [(1,)] * 9 if one is None else [], [("m1", None), ("m2", one)]) for at, one in enumerate(bills)
        ]
        schema = "`id` string, `赡养人` array<struct<`月收入`:int>>, `members` array<struct<id:string,`就医记录`:{}>>"
        frame = spark.createDataFrame(rows, schema.format("array<struct<cost:int,treated:string>>"))
        outcome = decide(frame, None, BILLS, AS_OF, EVERY)
        assert {(row.household, row.column, row.code) for row in outcome.rejects.collect()} == {
            ("h0", "members[1].就医记录[1].cost", "H024"),
            ("h1", "members[1].就医记录[1]", "H098"),
            ("h2", "members[1].就医记录[0]", "H097"),
            ("h3", "赡养人", "H095"),
        }
        outcome.release()

    @FEW
    @given(st.data())
    def test_partly_known(self, spark: SparkSession, data: st.DataObject) -> None:
        day = data.draw(as_of_dates(RULESET))
        found = data.draw(st.lists(households(RULESET, day), min_size=1, max_size=6))
        self.check(spark, RULESET, batch_with_ids(RULESET, found), day, EVERY)

    def test_bad_rows(self, spark: SparkSession) -> None:
        """Of each kind, some households apart."""
        good = {"id": "m1", "出生日期": "1950-01-01", "残疾等级": "一级"}
        members: list[Any] = [[{**good, "id": f"m{n}"} for n in range(3)] for _ in range(40)]
        ids: list[Any] = [f"h{n}" for n in range(40)]
        income: list[Any] = ["4000"] * 40
        members[2][1] = {**good, "id": "m9", "出生日期": "1953-02-30"}
        members[5][2] = {**good, "id": "m0"}
        members[8] = None
        members[11] = []
        members[14][0] = {**good, "id": None}
        members[17] = [{**good, "id": f"m{n}"} for n in range(41)]
        members[20][1] = None
        members[23][1] = {**good, "id": "m1", "残疾等级": "十级"}
        ids[26], ids[29], income[32], income[35] = None, "x" * 201, "1e3", "很多"
        kind = pa.list_(pa.struct([(name, pa.string()) for name in good]))
        table = pa.table({"id": ids, "人均纯收入": income, "members": pa.array(members, kind)})
        codes = self.check(spark, RULESET, table.to_batches()[0], AS_OF, BatchRequest())
        assert codes >= {"H026", "H009", "H004", "H008", "H006", "H007", "H029", "H002", "H003", "H021"}

    def check(
        self, spark: SparkSession, ruleset: Ruleset, batch: pa.RecordBatch, day: date | str, asked: BatchRequest
    ) -> set[str]:
        wanted = BatchEvaluator(ruleset).decide(batch, day, asked)
        outcome = decide(numbered(spark, batch), None, ruleset, day, asked)
        same_rows(outcome.decisions, wanted.decisions)
        found = sorted(map(str, (tuple(row) for row in outcome.rejects.drop("file", "household").collect())))
        lists = [key for one in ruleset.program.lists for key in one.keys]
        assert found == sorted(str(row) for row in placed(wanted.rejects, batch, lists))
        counts = outcome.counts()
        assert (counts.households, counts.households_rejected) == (batch.num_rows, wanted.counts.households_rejected)
        assert counts.decisions == wanted.decisions.num_rows
        outcome.release()
        return set(wanted.rejects["code"].to_pylist())


class TestMonths:
    """Facts by month: in columns, in further tables, in maps and arrays inside rows."""

    def test_tables(self, spark: SparkSession, tmp_path: Path) -> None:
        rules = by_month.rules(tmp_path / "rules")
        long, plain, wide = registry(tmp_path, 40, 8)
        long["wage"] += [["h99", "2019-05", "1", ""], ["h3", "5月", "1", ""], ["h7", "2019-05", "x", ""]]
        own, inner = (registry_of(spark, Path(one)) for one in plain)
        months = [registry_of(spark, Path(one)) for one in tables(tmp_path, long)]
        asked = BatchRequest(statuses=frozenset(Status))
        job = Job(rules, *plain, AS_OF, tmp_path / "out.parquet", months=tables(tmp_path, long), asked=asked)
        report = run(job)
        outcome = decide(own, inner, rules, AS_OF, asked, months=months)
        same_rows(outcome.decisions, pq.read_table(tmp_path / "out.parquet"))
        assert outcome.rejects.count() == len((tmp_path / "out.rejects.csv").read_text("utf-8").splitlines()) - 1
        read = dict(zip(("months0", "months1", "months2"), (len(rows) - 1 for rows in long.values()), strict=True))
        assert outcome.counts().rows == read and sorted(read.values()) == sorted(report.counts.rows.values())
        outcome.release()
        run(replace(job, households=wide[0], members=wide[1], months=(), output=tmp_path / "wide.parquet"))
        own, inner = (registry_of(spark, Path(one)) for one in wide)
        columns = decide(own, inner, rules, AS_OF, asked)
        same_rows(columns.decisions, pq.read_table(tmp_path / "wide.parquet"))
        columns.release()

    @pytest.mark.parametrize("kind", ["map<string,string>", "array<struct<month:string,value:string>>"])
    def test_inside(self, spark: SparkSession, tmp_path: Path, kind: str) -> None:
        rules = by_month.rules(tmp_path / "rules")
        entries = [[("2019-05", "900"), ("each", "1")], [("2019-13", "1")], [("2018-01", "x")], None]
        wages = [one if one is None or kind[0] == "a" else dict(one) for one in entries]
        rows = [(f"h{at}", one, [("m", "1959-01-01")]) for at, one in enumerate(wages)]
        schema = f"`id` string, `工资` {kind}, `members` array<struct<id:string,`出生日期`:string>>"
        outcome = decide(spark.createDataFrame(rows, schema), None, rules, AS_OF, EVERY)
        assert {row.code for row in outcome.rejects.collect()} == {"H091", "H021"}
        alone = {
            "id": "h0",
            "工资": {"2019-05": "900", "each": "1"},
            "members": [{"id": "m", "出生日期": "1959-01-01"}],
        }
        (wanted,) = rules.evaluate(alone, AS_OF).decisions
        (found,) = outcome.decisions.where("household = 'h0'").collect()
        assert (found.status, found.amount_max) == (wanted.status.value, wanted.amount and wanted.amount.high)
        outcome.release()
        with pytest.raises(InputError) as raised:
            decide(spark.createDataFrame(rows, schema), None, rules, AS_OF, EVERY, months=[spark.range(1).toDF("a")])
        assert raised.value.diagnostics[0].code == "B194"


class TestLists:
    """A further table for each list, against what each household alone is given and against a run."""

    @FEW
    @given(st.data())
    def test_random_rules(
        self, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
    ) -> None:
        folder: Path = tmp_path_factory.mktemp("random")
        found = random_registry(data, folder / "rules", lists=True)
        own, inner, *lists = (
            registry_of(spark, Path(write(folder / "rows.csv", rows)))
            for rows in (found.own, found.inner, *found.lists.values())
        )
        asked = replace(EVERY, assume=found.assume)
        tables = dict(zip(found.lists, lists, strict=True))
        outcome = decide(own, inner, found.ruleset, found.as_of, asked, partitions=3, lists=tables)
        found.check(outcome.decisions.toArrow().to_pylist(), outcome.counts().households_rejected)
        outcome.release()

    def test_bad_rows_as_in_a_run(self, spark: SparkSession, tmp_path: Path) -> None:
        rows: dict[str, Any] = {
            "households": [["户编号"], *([f"h{at}"] for at in range(8))],
            "members": [["户编号", "人员编号"], *([f"h{at}", f"m{one}"] for at in range(8) for one in range(2))],
            "supporters": [["户编号", "月收入"], *([f"h{at % 7}", str(500 * at)] for at in range(40)), ["h9", "1"]],
            "bills": [
                ["户编号", "人员编号", "cost", "treated"],
                *([f"h{at % 8}", f"m{at % 2}", str(100 * at), f"2019-0{1 + at // 8}-01"] for at in range(32)),
                *(["h1", "m1", "7", "2019-01-01"], ["h2", "m3", "7", "2019-05-01"], ["h3", "m0", "x", "2019-05-01"]),
            ],
        }
        rows["supporters"] += [["h6", "1"]] * 5
        files = {name: write(tmp_path / f"{name}.csv", some) for name, some in rows.items()}
        own, inner, supporters, bills = (registry_of(spark, Path(one)) for one in files.values())
        lists = (("赡养人", files["supporters"]), ("bills", files["bills"]))
        run(
            Job(BILLS, files["households"], files["members"], AS_OF, tmp_path / "out.parquet", lists=lists, asked=EVERY)
        )
        outcome = decide(own, inner, BILLS, AS_OF, EVERY, lists={"赡养人": supporters, "bills": bills})
        same_rows(outcome.decisions, pq.read_table(tmp_path / "out.parquet"))
        called = {"supporters": "list_supporters", "bills": "list_bills"}
        rejects = ((file.removesuffix(".csv"), rest) for file, *rest in rejects_of(tmp_path / "out.rejects.csv"))
        wanted = [(called.get(file, file), *rest) for file, rest in rejects]
        found = sorted(tuple("" if cell is None else cell for cell in row) for row in outcome.rejects.collect())
        assert {"H095", "H098", "B190", "B191", "H021"} <= {row[-3] for row in found} and found == sorted(wanted)
        assert outcome.counts().rows == {"list_supporters": 46, "list_bills": 35}
        outcome.release()

    def test_lists_that_there_are_not(self, spark: SparkSession) -> None:
        frame = spark.range(1).toDF("id")
        for lists, code in (({"账单": frame}, "B210"), ({"bills": frame, "就医记录": frame}, "B211")):
            with pytest.raises(InputError) as raised:
                decide(frame, frame, BILLS, AS_OF, lists=lists)
            assert [one.code for one in raised.value.diagnostics] == [code]
        with pytest.raises(InputError, match="B194"):
            decide(frame, None, BILLS, AS_OF, lists={"bills": frame})
