"""Codes without a file of cases: of tables, databases and runs, with Spark, too."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from corpus import BASE
from outside import How, Outside, base, raised

from fupin_policy.cli.main import main
from fupin_policy.diagnostics import Diagnostic


def _spark_numbers(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.batch.number_columns import refuse_unique
    from fupin_policy.core.declarations import FactDecl, IdentityFormat

    number = IdentityFormat("gb11643", unique=True)
    fact = FactDecl("card", "证件号", (), "member", "text", None, False, False, number=number)
    return raised(lambda: refuse_unique([fact]))


def _duckdb(query: str) -> Callable[[Path, pytest.MonkeyPatch], Sequence[Diagnostic]]:
    """What a function of SQL raises, called with the columns that a query gives."""

    def run(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
        import duckdb

        from fupin_policy.batch.evaluate import OPEN_AND_GRANTED, BatchEvaluator
        from fupin_policy.batch.household_functions import HouseholdFunction, Rules
        from fupin_policy.batch.registry_functions import KeyFunction

        ruleset = base()
        found = duckdb.sql(query)
        assert found is not None
        columns = found.to_arrow_table().columns
        if query.startswith("SELECT {'x'"):
            return raised(lambda: KeyFunction(ruleset.program)(*columns))
        rules = Rules(BatchEvaluator(ruleset), OPEN_AND_GRANTED, None)
        return raised(lambda: HouseholdFunction(rules, "long")(*columns))

    return run


def _sql_numbers(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.batch.number_columns import refuse_unique
    from fupin_policy.core.declarations import FactDecl, IdentityFormat

    number = IdentityFormat("gb11643", unique=True)
    fact = FactDecl("card", "证件号", (), "member", "text", None, False, False, number=number)
    return raised(lambda: refuse_unique([fact], "B272"))


def _many_columns(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.batch.sources import open_table

    (folder / "t.csv").write_text(",".join(f"h{at}" for at in range(16_385)) + "\n1\n", encoding="utf-8")
    return raised(lambda: open_table(str(folder / "t.csv")))


def _long_cell(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.batch.table_files import open_workbook, write_rows

    with open_workbook(folder / "t.xlsx", constant_memory=True) as book:
        return raised(lambda: write_rows(book, "结果", [["文字"]], [["短"], ["长" * 40_000]]))


def _batch(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    import pyarrow as pa

    from fupin_policy.batch import BatchEvaluator

    rows = pa.RecordBatch.from_pydict({"id": ["h"], "收入": ["三千"], "members": [[{"id": "m"}]]})
    return raised(lambda: BatchEvaluator(base()).evaluate_batch(rows, "2019-06-30"))


def _miscounted(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.batch import sources
    from fupin_policy.batch.run import Job, run

    (folder / "户.csv").write_text("户编号,收入\nh,1\n", encoding="utf-8")
    patch.chdir(folder)
    patch.setattr(sources.FileTable, "counted", 7)
    return raised(lambda: run(Job(base(), "户.csv", None, "2019-06-30", "out.csv")))


def _not_installed(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.cli import main as entry

    found: list[Diagnostic] = []
    patch.setitem(sys.modules, "duckdb", None)
    for name in [name for name in sys.modules if name.startswith("fupin_policy.batch")]:
        patch.delitem(sys.modules, name)

    def report(diagnostics: Iterable[Diagnostic], form: str) -> int:
        found.extend(diagnostics)
        return 1

    patch.setattr(entry, "report", report)
    assert main(["map", "--ruleset", str(BASE), "户.csv"]) == 1
    return found


def _other_run(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.batch.run import Job, run

    (folder / "户.csv").write_text("户编号,收入\nh,1\n", encoding="utf-8")
    (folder / "人.csv").write_text("户编号,人编号\nh,m\n", encoding="utf-8")
    patch.chdir(folder)
    job = Job(base(), "户.csv", "人.csv", "2019-06-30", "out.csv")

    def stop(stage: str, done: int, of: int) -> None:
        if stage == "decide" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(job, stop)
    return raised(lambda: run(replace(job, as_of="2019-06-29")))


def _spark_stopped(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    pytest.importorskip("pyspark")
    from fupin_policy.batch.spark.session import session

    return raised(lambda: session("nowhere://host"))


def _spark_apart(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    pytest.importorskip("pyspark")
    from fupin_policy.batch.checkpoints import Work
    from fupin_policy.batch.evaluate import BatchRequest
    from fupin_policy.batch.excluded_households import Names
    from fupin_policy.batch.spark.registry import _as_they_come

    done: Future[None] = Future()
    done.set_result(None)
    patch.chdir(folder)
    work = Work(Path("work"), Names("", "", "", "", {}), "2019-06-30", BatchRequest(), (), {})
    return raised(lambda: list(_as_they_come(done, work, [0])))


def _spark_months(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    pytest.importorskip("pyspark")
    from fupin_policy.batch.spark.frames import decide

    nothing: Any = None
    return raised(lambda: decide(nothing, None, nothing, "2019-06-30", months=[nothing]))


def _database(code: str, state: str | None = None) -> How:
    def provoke(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
        driver = pytest.importorskip("adbc_driver_manager")
        from fupin_policy.batch.postgres import told
        from fupin_policy.batch.postgres_address import locate

        def fail() -> None:
            with told(locate("postgresql://clerk@host/county?table=public.户"), code, exists="B135"):
                raise driver.OperationalError("ERROR: permission denied", status_code=0, sqlstate=state)

        return raised(fail)

    return provoke


def _no_table(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from contextlib import nullcontext

    from fupin_policy.batch import postgres

    patch.setattr(postgres, "connected", lambda location: nullcontext(None))
    patch.setattr(postgres, "rows_of", lambda connection, query, *parameters: [])
    return raised(lambda: postgres.open_postgres("postgresql://clerk@host/county?table=public.户"))


def _no_columns(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from contextlib import nullcontext

    from fupin_policy.batch import postgres

    patch.setattr(postgres, "connected", lambda location: nullcontext(None))
    patch.setattr(postgres, "rows_of", lambda connection, query, *parameters: [(1,)] if "SELECT 1" in query else [])
    return raised(lambda: postgres.open_postgres("postgresql://clerk@host/county?table=public.户"))


def _run_twice(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.batch.run import Job, run
    from fupin_policy.files.atomic import locked

    patch.chdir(folder)
    Path("户.csv").write_text("户编号,收入\nh1,3\n", encoding="utf-8")
    Path("人.csv").write_text("户编号,人编号,工资\nh1,m,1\n", encoding="utf-8")
    (folder / ".out.csv.work").mkdir()
    with locked(folder / ".out.csv.work" / "lock", "ab"):
        found = raised(lambda: run(Job(base(), "户.csv", "人.csv", "2019-06-30", "out.csv")))
    return [replace(one, path=".out.csv.work", args=(("work", ".out.csv.work"),)) for one in found]


def _no_room(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    import duckdb

    from fupin_policy.batch import run

    def full(*given: object) -> None:
        raise duckdb.IOException("IO Error: no room")

    patch.chdir(folder)
    patch.setattr(run, "stage", full)
    Path("户.csv").write_text("户编号,收入\nh1,3\n", encoding="utf-8")
    Path("人.csv").write_text("户编号,人编号,工资\nh1,m,1\n", encoding="utf-8")
    found = raised(lambda: run.run(run.Job(base(), "户.csv", "人.csv", "2019-06-30", "out.csv")))
    return [replace(one, path=".out.csv.work") for one in found]


RUNS = (
    Outside(
        "B143",
        "户.csv",
        "户.csv 读入 1 行，另数有 7 行，两者不符",
        "户.csv: 1 rows were read, but 7 are counted otherwise",
        _miscounted,
    ),
    Outside(
        "B101",
        "[0].收入",
        "这一户不能用：“三千”不是可读的数；请写成数字，如 12345.60 或 12,345.60，不带单位（H021）",
        'the household cannot be used: "三千" cannot be read as a number; '
        "write digits, such as 12345.60 or 12,345.60, without a unit (H021)",
        _batch,
    ),
    Outside(
        "B109",
        ".out.csv.work",
        ".out.csv.work 里是另一次运行的中间结果：输入、规则或选项不同",
        ".out.csv.work holds the work of another run: its input, rules or options differ",
        _other_run,
    ),
    Outside(
        "B177",
        ".out.csv.work",
        "另一次运行正在写同一个结果（.out.csv.work）",
        "another run is writing the same result (.out.csv.work)",
        _run_twice,
    ),
    Outside(
        "B181",
        ".out.csv.work",
        "表没有读完，或结果没有写完：IO Error: no room",
        "the tables were not read to their end, or the result was not written: IO Error: no room",
        _no_room,
    ),
    Outside(
        "B114", "duckdb", "缺少可选的程序包 duckdb", "the optional package duckdb is not installed", _not_installed
    ),
    Outside(
        "B119",
        "spark",
        "Spark 停止了：--master nowhere://host",
        "Spark stopped: --master nowhere://host",
        _spark_stopped,
    ),
    Outside(
        "B120",
        "work",
        "工作节点算完了，但结果不在 work 中",
        "the workers are done, but their results are not in work",
        _spark_apart,
    ),
    Outside(
        "B194",
        "months",
        "成员写在各户里面的表，不能另外再给逐月的表或明细的表",
        "a table with members inside its rows cannot have further tables, by month or of lists",
        _spark_months,
    ),
    Outside(
        "B182",
        "postgresql://clerk@host/county?table=public.户",
        "表“public.户”所在的服务器不接受这个用户或密码",
        "the server of the table public.户 does not accept this user or password",
        _database("B131", "28P01"),
    ),
    Outside(
        "B183",
        "postgresql://clerk@host/county?table=public.户",
        "数据库的表“public.户”没有列",
        "the table public.户 of the database has no columns",
        _no_columns,
    ),
    Outside(
        "B132",
        "postgresql://clerk@host/county?table=public.户",
        "数据库里没有表或视图“public.户”",
        "the database has no table or view public.户",
        _no_table,
    ),
    Outside(
        "B133",
        "postgresql://clerk@host/county?table=public.户",
        "数据库的表“public.户”读不出来：permission denied",
        "the table public.户 cannot be read from the database: permission denied",
        _database("B133"),
    ),
    Outside(
        "B134",
        "postgresql://clerk@host/county?table=public.户",
        "表“public.户”写不进数据库：permission denied",
        "the table public.户 cannot be written to the database: permission denied",
        _database("B134"),
    ),
    Outside(
        "B135",
        "postgresql://clerk@host/county?table=public.户",
        "数据库里已经有表“public.户”；它不会被改写",
        "the database has a table public.户 already; it is not written to",
        _database("B134", "42P07"),
    ),
    Outside(
        "B167",
        "结果:2",
        "有一格的文字有 40000 字，Excel 的一格最多 32767 字",
        "a text has 40000 characters; a cell of Excel holds 32767 at most",
        _long_cell,
    ),
    Outside(
        "B169",
        "t.csv",
        "t.csv 有 16385 列，最多读 16384 列",
        "t.csv has 16385 columns; 16384 are read at most",
        _many_columns,
    ),
    Outside(
        "B201",
        "证件号",
        "“证件号”须不重复，Spark 的 DataFrame 一遍算不出来",
        '"证件号" must stand once, which DataFrames of Spark cannot tell in one pass',
        _spark_numbers,
    ),
    Outside(
        "B270",
        "as_of",
        "没有写明按哪一天计算",
        "it is not said on which day households are to be decided",
        _duckdb("SELECT {'id': 'a'}"),
    ),
    Outside(
        "B271",
        "fupin",
        "函数要的是一户（STRUCT），后面可以有成员的列表和日期，却是（int32）",
        "the function takes a household (STRUCT), then a list of members and a day if wanted, but was given (int32)",
        _duckdb("SELECT 1"),
    ),
    Outside(
        "B272",
        "证件号",
        "“证件号”须不重复，SQL 的函数看不到所有的行，算不出来",
        '"证件号" must stand once, which a function of SQL cannot tell as it does not see all rows',
        _sql_numbers,
    ),
    Outside(
        "B273",
        "members",
        "表 members 中没有户编号的列",
        "the table members has no column of the household's id",
        _duckdb("SELECT {'x': 1}, 'members'"),
    ),
)
