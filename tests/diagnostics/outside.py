"""Codes that no file of cases can provoke: something on the machine must be missing or fail, or no rule leads there.

Each with a function that provokes it, its place and both sentences.
"""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from corpus import BASE

from fupin_policy.cli.main import main
from fupin_policy.core.expressions import Cases, Compare, Const, Expr, Never
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Program
from fupin_policy.core.rewriting import rewrite
from fupin_policy.diagnostics import Diagnostic, FupinError, Reporter
from fupin_policy.evaluators.wasm import read_manifest
from fupin_policy.evaluators.wasm.checksum import LENGTH, with_checksum
from fupin_policy.intake import parse_json
from fupin_policy.ruleset import Ruleset, check_folder, load

How = Callable[[Path, pytest.MonkeyPatch], Sequence[Diagnostic]]


@dataclass(frozen=True, slots=True)
class Outside:
    """What is expected of a function: one diagnostic."""

    code: str
    place: str
    zh: str
    en: str
    how: How


def _raised(run: Callable[[], object]) -> Sequence[Diagnostic]:
    with pytest.raises(FupinError) as caught:
        run()
    return caught.value.diagnostics


def _base() -> Ruleset:
    return load(BASE, cache=False)


def _many_files(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.files import bounded

    patch.setattr(bounded, "MAX_FILES", 3)
    shutil.copytree(BASE, folder / "ruleset")
    return _raised(lambda: check_folder(folder / "ruleset"))


def _changed(change: Callable[[bytes], bytes]) -> How:
    def how(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
        return _raised(lambda: read_manifest(change(_base().compile())))

    return how


def _many_columns(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.batch.sources import open_table

    (folder / "t.csv").write_text(",".join(f"h{at}" for at in range(16_385)) + "\n1\n", encoding="utf-8")
    return _raised(lambda: open_table(str(folder / "t.csv")))


def _long_cell(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.batch.table_files import open_workbook, write_rows

    with open_workbook(folder / "t.xlsx", constant_memory=True) as book:
        return _raised(lambda: write_rows(book, "结果", [["文字"]], [["短"], ["长" * 40_000]]))


def _no_text(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    reporter = Reporter()
    assert parse_json(None, reporter) is None  # type: ignore[arg-type]
    return reporter.diagnostics


def _not_a_number(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    household = {"id": "h", "收入": float("inf"), "members": [{"id": "m"}]}
    return _raised(lambda: _base().evaluate(household, "2019-06-30"))


def _batch(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    import pyarrow as pa

    from fupin_policy.batch import BatchEvaluator

    rows = pa.RecordBatch.from_pydict({"id": ["h"], "收入": ["三千"], "members": [[{"id": "m"}]]})
    return _raised(lambda: BatchEvaluator(_base()).evaluate_batch(rows, "2019-06-30"))


def _miscounted(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.batch import sources
    from fupin_policy.batch.run import Job, run

    (folder / "户.csv").write_text("户编号,收入\nh,1\n", encoding="utf-8")
    patch.chdir(folder)
    patch.setattr(sources.FileTable, "counted", 7)
    return _raised(lambda: run(Job(_base(), "户.csv", None, "2019-06-30", "out.csv")))


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
    job = Job(_base(), "户.csv", "人.csv", "2019-06-30", "out.csv")

    def stop(stage: str, done: int, of: int) -> None:
        if stage == "decide" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(job, stop)
    return _raised(lambda: run(replace(job, as_of="2019-06-29")))


def _spark_stopped(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    pytest.importorskip("pyspark")
    from fupin_policy.batch.spark.session import session

    return _raised(lambda: session("nowhere://host"))


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
    return _raised(lambda: list(_as_they_come(done, work, [0])))


def _database(code: str, state: str | None = None) -> How:
    def provoke(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
        driver = pytest.importorskip("adbc_driver_manager")
        from fupin_policy.batch.location import locate
        from fupin_policy.batch.postgres import told

        def fail() -> None:
            with told(locate("postgresql://clerk@host/county?table=public.户"), code, exists="B135"):
                raise driver.OperationalError("ERROR: permission denied", status_code=0, sqlstate=state)

        return _raised(fail)

    return provoke


def _no_table(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from contextlib import nullcontext

    from fupin_policy.batch import postgres

    patch.setattr(postgres, "connected", lambda location: nullcontext(None))
    patch.setattr(postgres, "rows_of", lambda connection, query, *parameters: [])
    return _raised(lambda: postgres.open_postgres("postgresql://clerk@host/county?table=public.户"))


def _no_columns(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from contextlib import nullcontext

    from fupin_policy.batch import postgres

    patch.setattr(postgres, "connected", lambda location: nullcontext(None))
    patch.setattr(postgres, "rows_of", lambda connection, query, *parameters: [(1,)] if "SELECT 1" in query else [])
    return _raised(lambda: postgres.open_postgres("postgresql://clerk@host/county?table=public.户"))


def _no_wasm2c(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.c_library import translation
    from fupin_policy.c_library.library import c_library

    patch.setattr(translation, "wasm2c", lambda: None)
    return _raised(lambda: c_library(_base().compile()))


def _other_wasm2c(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.c_library import translation
    from fupin_policy.c_library.library import c_library

    tool = folder / "wasm2c"
    tool.write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo 9.9.9 && exit\necho unheard of >&2\nexit 1\n", encoding="utf-8"
    )
    tool.chmod(tool.stat().st_mode | stat.S_IEXEC)
    patch.setattr(translation, "wasm2c", lambda: str(tool))
    return _raised(lambda: c_library(_base().compile()))


def _with_policies(folder: Path, text: str) -> Program:
    shutil.copytree(BASE, folder / "ruleset")
    (folder / "ruleset" / "policies.yaml").write_text(text, encoding="utf-8")
    return check_folder(folder / "ruleset")


_PAIR = """kind: policies
policies:
- id: one
  title: {zh: 甲, en: One}
  for: household
  versions:
  - {valid: .., when: 享受低保, benefit: {kind: waiver}, basis: [law 1]}
- id: two
  title: {zh: 乙, en: Two}
  for: household
  versions:
  - {valid: .., when: 收入 > 3元, benefit: {kind: waiver}, basis: [law 1]}
groups:
- {id: g, title: {zh: 组, en: Group}, keep: first, policies: [one, two]}
"""


def _both_of_a_group(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    """A group whose second policy lost its exclusion: the check itself never makes one."""
    from fupin_policy.analysis.verification.prove import prove

    program = _with_policies(folder, _PAIR)
    whens = {one.id.name: one for one in program.definitions if one.id.part == "when"}
    definitions = tuple(
        replace(one, versions=whens["two"].versions, absent=0) if one.id == DefinitionId("outcome", "two") else one
        for one in program.definitions
    )
    return [one.diagnostic for one in prove(replace(program, definitions=definitions), 1) if one.code == "V112"]


def _gap(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    """A table whose first row was narrowed after the check had found it whole."""
    from fupin_policy.analysis.verification import prove

    text = """kind: policies
policies:
- id: one
  title: {zh: 甲, en: One}
  for: household
  versions:
  - valid: ..
    when: 享受低保
    benefit:
      kind: cash
      per: month
      amount:
        by: 收入
        rows:
        - [..100元, 3元]
        - [100.01元.., 5元]
    basis: [law 1]
"""

    def narrowed(node: Expr) -> Expr:
        if isinstance(node, Cases) and isinstance(node.otherwise, Never):
            (test, value), *rest = node.branches
            assert isinstance(test, Compare) and isinstance(test.right, Const)
            return replace(node, branches=((replace(test, right=replace(test.right, value=9000)), value), *rest))
        return node

    program = _with_policies(folder, text)
    definitions = tuple(
        replace(one, versions=tuple((dates, rewrite(expr, narrowed)) for dates, expr in one.versions))
        for one in program.definitions
    )
    patch.setattr(prove._Prover, "_show", lambda *given: ())  # the interpreter would be at a loss, too
    found = prove.prove(replace(program, definitions=definitions), 1)
    return [one.diagnostic for one in found if one.code == "V107"]


def _no_answer(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.analysis.verification import prove, solver

    def never(*given: object) -> bool:
        raise solver.Undecided

    patch.setattr(solver.Solver, "possible", never)
    found = prove.prove(_with_policies(folder, _PAIR), 1)
    return [one.diagnostic for one in found if one.code == "V190" and one.about == DefinitionId("when", "one")]


def _locked(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.analysis.audit import append
    from fupin_policy.files.atomic import locked

    patch.chdir(folder)
    with locked(Path("r.jsonl"), "ab"):
        return _raised(lambda: append(Path("r.jsonl"), _base(), [], "2019-06-30", seconds=0))


def _run_twice(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.batch.run import Job, run
    from fupin_policy.files.atomic import locked

    patch.chdir(folder)
    Path("户.csv").write_text("户编号,收入\nh1,3\n", encoding="utf-8")
    Path("人.csv").write_text("户编号,人编号,工资\nh1,m,1\n", encoding="utf-8")
    (folder / ".out.csv.work").mkdir()
    with locked(folder / ".out.csv.work" / "lock", "ab"):
        found = _raised(lambda: run(Job(_base(), "户.csv", "人.csv", "2019-06-30", "out.csv")))
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
    found = _raised(lambda: run.run(run.Job(_base(), "户.csv", "人.csv", "2019-06-30", "out.csv")))
    return [replace(one, path=".out.csv.work") for one in found]


def _no_input(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.cli.common import read_households

    patch.setattr(sys, "stdin", None)
    return _raised(lambda: list(read_households("-")))


EVERY = [
    Outside(
        "B143",
        "户.csv",
        "户.csv 读入 1 行，另数有 7 行，两者不符",
        "户.csv: 1 rows were read, but 7 are counted otherwise",
        _miscounted,
    ),
    Outside(
        "Y118",
        "ruleset",
        "文件夹“ruleset”里的 YAML 文件超过 5000 个，或总共超过 64 MiB",
        'the folder "ruleset" has more than 5000 YAML files, or more than 64 MiB of them',
        _many_files,
    ),
    Outside(
        "H111",
        "<json>",
        "这里应当是 JSON 文字或它的 UTF-8 字节，却是“null”",
        'this should be a JSON text or its bytes in UTF-8, but here stands "null"',
        _no_text,
    ),
    Outside(
        "C020",
        "<wasm>",
        "这不是 fupin compile 写出的 WebAssembly 模块",
        'this is no WebAssembly module made by "fupin compile"',
        _changed(lambda wasm: wasm[1:]),
    ),
    Outside(
        "C021",
        "<wasm>",
        "模块末尾没有校验和：它由较早的版本编译，或没有传完整",
        "the module does not end with a checksum: an earlier version compiled it, or it is cut short",
        _changed(lambda wasm: wasm[:-1]),
    ),
    Outside(
        "C022",
        "<wasm>",
        "模块与它的校验和不符：编译之后被改动过",
        "the module does not agree with its checksum: it was changed after it was compiled",
        _changed(lambda wasm: wasm[:-1] + bytes([wasm[-1] ^ 1])),
    ),
    Outside(
        "C023",
        "<wasm>",
        "模块的接口是第 9 版，这里只读第 4 版",
        "the module has version 9 of the interface, and version 4 is read here",
        _changed(lambda wasm: with_checksum(wasm[:-LENGTH].replace(b'"abi":4', b'"abi":9'))),
    ),
    Outside("H022", "收入", "“inf”不是有限的数", '"inf" is not a finite number', _not_a_number),
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
        "A110",
        "r.jsonl",
        "另一个程序正在写记录 r.jsonl；这些住户没有写进去",
        "another program is writing the record r.jsonl; these households were not written",
        _locked,
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
    Outside("B178", "<stdin>", "没有标准输入", "there is no standard input", _no_input),
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
        "C001",
        "wasm2c",
        "找不到 wasm2c，不能写出 C 程序库",
        "wasm2c was not found, so no C library can be written",
        _no_wasm2c,
    ),
    Outside(
        "C002",
        "wasm2c",
        "wasm2c（版本 9.9.9）写出的内容与所知的不同：unheard of",
        "wasm2c (version 9.9.9) wrote something else than is known: unheard of",
        _other_wasm2c,
    ),
    Outside("V107", "ruleset/policies.yaml:13:13", "“甲”的表有空当", 'the table of "One" has a gap', _gap),
    Outside(
        "V112",
        "ruleset/policies.yaml:7:23",
        "“甲”与同组的“乙”可能同时适用",
        '"One" and "Two" of the same group can both be granted',
        _both_of_a_group,
    ),
    Outside(
        "V190",
        "ruleset/policies.yaml:7:23",
        "“甲”的这一问题在时限内没有得出结论：条件能不能成立，又能不能不成立",
        'no answer in time to this question about "One": whether its condition can hold, and can fail',
        _no_answer,
    ),
]
OUTSIDE = {one.code: one for one in EVERY}
