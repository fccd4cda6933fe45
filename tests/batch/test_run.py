"""A whole run: nothing is lost, whatever is wrong with rows and whenever it is stopped."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from demo_tables import AS_OF, RULESET, demo, job, rejects_in, small, write, write_as
from faulty_rows import spoil

from fupin_policy import InputError
from fupin_policy.batch.checkpoints import Work
from fupin_policy.batch.counts import Counts
from fupin_policy.batch.destinations import FileResult
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.run import Report, run
from fupin_policy.batch.table_files import file_form
from fupin_policy.core.decision import Status
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.csv_extract import read_extract


def decided(report: Report) -> tuple[int, int]:
    found = report.counts
    return found.households - found.households_rejected, found.members - found.members_rejected


class TestForms:
    """Every form of table gives the decisions that each household alone is given."""

    def test_csv_gives_what_evaluate_gives(self, tmp_path: Path) -> None:
        run(replace(small(tmp_path, 1), asked=BatchRequest(statuses=frozenset(Status))))
        rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
        found: dict[tuple[str, str], set[str]] = {}
        for row in rows:
            found.setdefault((row["household"], row["policy"]), set()).add(row["status"])
        reporter = Reporter()
        for one in read_extract(tmp_path / "h.csv", tmp_path / "m.csv", RULESET.program, reporter):
            for decision in RULESET.evaluate(one, AS_OF).decisions:
                statuses = found[one["id"], decision.policy]
                best = next(s for s in ("eligible", "unknown", "ineligible") if s in statuses)
                assert best == decision.status.value
        assert not reporter.errors

    @pytest.mark.parametrize("form", ["gb18030", "xlsx", "parquet", "duckdb"])
    def test_forms_agree(self, tmp_path: Path, form: str) -> None:
        first = small(tmp_path)
        run(first)
        wanted = pq.read_table(first.output)
        own, inner = (write_as[form](tmp_path, name, rows) for name, rows in zip("hm", demo(3), strict=True))
        run(replace(first, households=own, members=inner, output=tmp_path / "second.parquet"))
        assert pq.read_table(tmp_path / "second.parquet").equals(wanted)

    @pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".duckdb", ""])
    def test_outputs_agree(self, tmp_path: Path, suffix: str) -> None:
        first = small(tmp_path)
        run(first)
        wanted = pq.read_table(first.output)
        output = tmp_path / f"second{suffix}"
        run(replace(first, output=output, raw=True))
        assert read_as[suffix](output) == wanted.num_rows


def _count_rows(path: Path) -> int:
    with duckdb.connect(str(path)) as connection:
        found = connection.execute("SELECT count(*) FROM decisions").fetchone()
    return 0 if found is None else int(found[0])


read_as: dict[str, Callable[[Path], int]] = {
    ".csv": lambda path: int(pyarrow.csv.read_csv(path).num_rows),
    ".xlsx": lambda path: sum(sheet.max_row - 1 for sheet in openpyxl.load_workbook(path).worksheets),
    ".duckdb": _count_rows,
    "": lambda path: int(pq.read_table(path).num_rows),
}


@pytest.mark.parametrize("cores", [None, 1, 3])
def test_as_many_buckets_at_a_time_as_there_are_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: int | None
) -> None:
    """And one where that is not known."""
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    lock, now, most = threading.Lock(), 0, 0
    decide = Work.decide

    def counted(*given: Any) -> Counts:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.1)
        found = decide(*given)
        with lock:
            now -= 1
        return found

    monkeypatch.setattr(Work, "decide", counted)
    report = run(replace(small(tmp_path), threads=0, bucket=5))
    assert report.buckets > 3 and most == (cores or 1)


class TestNothingLost:
    """Rows read are rows decided and rows rejected, and each rejected row keeps its number and reason."""

    @pytest.mark.long
    def test_every_kind_of_bad_row_among_many(self, tmp_path: Path) -> None:
        own, inner = demo(1370)
        faults = list(spoil(own, inner))
        households, members = write(tmp_path / "h.csv", own), write(tmp_path / "m.csv", inner)
        report = run(replace(job(tmp_path, households, members), bucket=20_000))
        rejects = rejects_in(tmp_path)
        reasons: dict[tuple[str, int], set[str]] = {(row["file"], int(row["row"])): set() for row in rejects}
        for row in rejects:
            reasons[row["file"], int(row["row"])].add(row["code"])
            assert row["zh"] and row["en"]
        for code, place in faults:
            assert code in reasons[place], (code, place)
        counts = report.counts
        assert (counts.households, counts.members) == (len(own) - 1, len(inner) - 1)
        assert counts.households > 100_000
        rejected = {name: sum(file == name for file, _ in reasons) for name in ("h.csv", "m.csv")}
        assert (counts.households_rejected, counts.members_rejected) == (rejected["h.csv"], rejected["m.csv"])
        spoiled = {own[row - 1][0] for file, row in reasons if file == "h.csv" and row <= len(own)}
        answered = set(pq.read_table(report.output, columns=["household"])["household"].to_pylist())
        assert len(answered) == decided(report)[0]
        assert {row[0] for row in own[1:]} - answered <= spoiled

    def test_nothing_wrong_rejects_nothing(self, tmp_path: Path) -> None:
        report = run(small(tmp_path))
        assert decided(report) == (report.counts.households, report.counts.members)
        assert (tmp_path / "out.rejects.csv").read_text(encoding="utf-8-sig").count("\n") == 1

    def test_members_of_nobody_and_households_of_none(self, tmp_path: Path) -> None:
        own, inner = demo(1)
        first = own[1][0]
        inner = [inner[0], *(["nobody", *row[1:]] if row[0] == first else row for row in inner[1:])]
        report = run(job(tmp_path, write(tmp_path / "h.csv", own), write(tmp_path / "m.csv", inner)))
        codes = [row["code"] for row in rejects_in(tmp_path)]
        assert "H004" in codes and "H068" in codes
        assert report.counts.households_rejected == 1


SCRIPT = """
import sys
from pathlib import Path
from fupin_policy import load
from fupin_policy.batch.run import Job, run
households, members, output = sys.argv[1:]
print(run(Job(load(), households, members, "2019-06-30", Path(output), bucket=100, threads=2)).resumed)
"""


@pytest.mark.parametrize(
    "suffix", [".parquet", *(pytest.param(other, marks=pytest.mark.long) for other in (".csv", ""))]
)
def test_killed_and_resumed_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    own, inner = demo(60)
    files = (write(tmp_path / "h.csv", own), write(tmp_path / "m.csv", inner))

    def start(output: Path) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-c", SCRIPT, *files, str(output)], stdout=subprocess.PIPE, text=True)

    whole = tmp_path / "a" / f"out{suffix}"
    begun = time.monotonic()
    start(whole).communicate()
    taken = time.monotonic() - begun
    chance, again, kills = random.Random(7), tmp_path / "b" / f"out{suffix}", 0
    for _ in range(4):
        process = start(again)
        time.sleep(chance.uniform(0.3, 1.0) * taken)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.communicate()
        if again.exists():
            assert content(again) == content(whole)
    assert kills
    out, _ = start(again).communicate()
    assert process.returncode in (0, -signal.SIGKILL) and out.strip()
    assert content(again) == content(whole)
    assert content(again.parent / "out.rejects.csv") == content(whole.parent / "out.rejects.csv")
    assert sorted(path.name for path in again.parent.iterdir()) == sorted(path.name for path in whole.parent.iterdir())


def content(path: Path) -> list[bytes]:
    return [one.read_bytes() for one in (sorted(path.iterdir()) if path.is_dir() else [path])]


def test_a_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    given, output = replace(small(tmp_path, 20), bucket=100), tmp_path / "out.parquet"

    def stop(stage: str, done: int, of: int) -> None:
        if stage == "decide" and done >= 700:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(given, stop)
    assert not output.exists()
    assert run(given).resumed >= 4
    with pytest.raises(KeyboardInterrupt):
        run(given, stop)
    with pytest.raises(InputError, match="B109"):
        run(replace(given, as_of="2019-07-30"))
    assert run(replace(given, as_of="2019-07-30", restart=True)).resumed == 0


def test_a_database_is_not_overwritten_but_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "out.duckdb"
    given = replace(small(tmp_path), output=output)
    write = FileResult.write

    def interrupted(result: FileResult, *given: Any) -> None:
        write(result, *given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(FileResult, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(given)
    assert output.exists()
    assert run(given).resumed == 1
    with pytest.raises(InputError, match="B112"):
        run(given)


@pytest.mark.fault("C8")
@pytest.mark.parametrize("begin", ["=cmd|' /C calc'!A0", "-1+1", "+1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "－1"])
def test_no_text_of_a_csv_is_a_formula(begin: str, tmp_path: Path) -> None:
    table = pa.table(
        {"household": [begin, "a=b", None], "amount_min": [-1, 0, None], "missing": [["x"], [begin], None]},
        pa.schema([("household", pa.string()), ("amount_min", pa.int64()), ("missing", pa.list_(pa.string()))]),
    )
    file_form(tmp_path / "x.csv").write(tmp_path / "x.csv", table.schema, [table])
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["household"] for row in rows] == [f"'{begin}", "a=b", ""]
    assert [row["amount_min"] for row in rows] == ["-1", "0", ""]
    assert [row["missing"] for row in rows] == ["x", f"'{begin}", ""]


@pytest.mark.fault("C8")
def test_a_reject_holds_no_formula(tmp_path: Path) -> None:
    given = small(tmp_path)
    path = Path(given.households)
    path.write_text(path.read_text(encoding="utf-8").replace("SY", "=SY", 1), encoding="utf-8")
    run(replace(given, output=tmp_path / "out.csv"))
    for name in ("out.csv", "out.rejects.csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.DictReader(file) for cell in row.values() if cell]
        assert not any(cell[0] in "=+@\t\r" for cell in cells)


@pytest.mark.fault("C6")
class TestWhatFailsOnTheWay:
    def test_two_runs_to_one_output(self, tmp_path: Path) -> None:
        given = small(tmp_path)
        started: list[str] = []

        def again(stage: str, done: int, of: int) -> None:
            if stage == "decide" and not started:
                started.append(stage)
                with pytest.raises(InputError, match="B177"):
                    run(given)

        assert run(given, again).counts.households and started
        assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []

    def test_a_full_disk_while_reading(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        given = small(tmp_path)
        before = sorted(tmp_path.iterdir())
        limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))"
        main = "import sys; from fupin_policy.cli.main import main; sys.exit(main(sys.argv[1:]))"
        tables = [given.households, str(given.members)]
        command = ["run", *tables, "--as-of", AS_OF, "-o", str(tmp_path / "out.parquet"), "--format", "json"]
        environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path.parent / "cache")}
        subprocess.run([sys.executable, "-c", "from fupin_policy import load; load()"], env=environment, check=True)
        done = subprocess.run(
            [sys.executable, "-c", f"{limit}; {main}", *command], capture_output=True, text=True, env=environment
        )
        assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
        assert "B181" in done.stdout or "B180" in done.stdout
        assert sorted(tmp_path.iterdir()) == before

    def test_nothing_is_begun_after_an_interrupt(self, tmp_path: Path) -> None:
        given = replace(small(tmp_path, 40), bucket=20, threads=1)

        def stop(stage: str, done: int, of: int) -> None:
            if stage == "decide" and done > 0:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(given, stop)
        (work,) = tmp_path.glob(".*.work")
        assert 1 <= len(list((work / "parts").glob("*.json"))) <= 4
