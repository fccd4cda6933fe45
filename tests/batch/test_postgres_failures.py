"""Runs from and to PostgreSQL that break off, or are asked for wrongly: nothing is left half done, and all is said."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from demo_tables import AS_OF
from postgres_server import PASSWORD, USER, Server
from postgres_tables import (
    NEEDS_POSTGRES,
    Registry,
    codes,
    job,
    put_both,
    table_of,
    tables_in,
)
from postgres_tables import empty as empty
from postgres_tables import folder as folder
from postgres_tables import registry as registry
from postgres_tables import server as server

from fupin_policy import InputError
from fupin_policy.batch import postgres_ingest
from fupin_policy.batch.postgres import PostgresTable, rows_of, snapshot
from fupin_policy.batch.run import run
from fupin_policy.batch.sources import open_table
from fupin_policy.cli.main import main
from fupin_policy.diagnostics import suggest

pytestmark = NEEDS_POSTGRES


class TestWholeOrNot:
    """However a run ends, both tables are there in full or neither is."""

    def test_a_connection_that_breaks_while_writing(
        self, server: Server, registry: Registry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = job(put_both(server, registry), server.address("decisions"))
        before, given = tables_in(server), postgres_ingest._batches

        def broken(tables: Any, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
            for number, batch in enumerate(given(tables, schema)):
                if number == 2:
                    end_others(server)
                yield batch

        with monkeypatch.context() as patched:
            patched.setattr(postgres_ingest, "_batches", broken)
            with pytest.raises(InputError) as raised:
                run(asked)
        assert codes(raised) == ["B134"]
        assert tables_in(server) == before
        report = run(asked)
        assert report.resumed == report.buckets == 4
        assert len(table_of(server, "decisions")) == report.counts.decisions

    def test_a_connection_that_breaks_while_reading(
        self, server: Server, registry: Registry, monkeypatch: pytest.MonkeyPatch, folder: Path
    ) -> None:
        own, _ = put_both(server, registry)
        # far more than the connection's own store holds, so that the server is still at it
        server.ask("CREATE TABLE wide AS SELECT m.*, repeat('x', 20000) AS filling FROM members m")
        mapping = folder / "map.yaml"
        assert main(["map", own, server.address("wide"), "-o", str(mapping)]) == 0
        asked = job((own, server.address("wide")), folder / "out.parquet", mapping=mapping)

        from fupin_policy.batch.postgres import PostgresTable

        given = PostgresTable._numbered

        def broken(self: Any, cursor: Any, reader: Any, schema: Any) -> Iterator[pa.RecordBatch]:
            for batch in given(self, cursor, reader, schema):
                if self.location.table == "wide":
                    end_others(server)
                yield batch

        with monkeypatch.context() as patched:
            patched.setattr(PostgresTable, "_numbered", broken)
            with pytest.raises(InputError) as raised:
                run(asked)
        assert codes(raised) == ["B133"]
        assert not (folder / "out.parquet").exists()
        assert run(asked).counts.members == registry[1].num_rows

    def test_finished_but_stopped_before_it_could_say_so(
        self, server: Server, registry: Registry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = job(put_both(server, registry), server.address("decisions"))

        unlink = Path.unlink

        def interrupt(path: Path, missing_ok: bool = False) -> None:
            if path.name == "journal.json":
                raise KeyboardInterrupt
            unlink(path, missing_ok)

        with monkeypatch.context() as patched:
            patched.setattr(Path, "unlink", interrupt)
            with pytest.raises(KeyboardInterrupt):
                run(asked)
        wanted = table_of(server, "decisions")
        assert run(asked).resumed == 4
        assert table_of(server, "decisions") == wanted
        with pytest.raises(InputError) as raised:
            run(asked)
        assert codes(raised) == ["B135"]
        assert table_of(server, "decisions") == wanted

    def test_a_table_that_came_in_between_is_not_touched(self, server: Server, registry: Registry) -> None:
        asked = job(put_both(server, registry), server.address("decisions"))

        def come_between(stage: str, done: int, of: int) -> None:
            if stage == "decide" and done == of:
                server.ask("CREATE TABLE decisions_rejects (mine text)")

        with pytest.raises(InputError) as raised:
            run(asked, come_between)
        assert codes(raised) == ["B135"] and "decisions_rejects" in str(raised.value)
        assert "decisions" not in tables_in(server)
        server.ask("DROP TABLE decisions_rejects")
        assert run(asked).resumed == 4

    def test_rows_that_changed_are_not_gone_on_with(self, server: Server, registry: Registry) -> None:
        asked = job(put_both(server, registry), server.address("decisions"))

        def stop(stage: str, done: int, of: int) -> None:
            if stage == "decide":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(asked, stop)
        server.ask("VACUUM FULL members")
        with pytest.raises(KeyboardInterrupt):
            run(asked, stop)
        server.ask("UPDATE members SET \"姓名\" = '改了' WHERE \"人编号\" = 'SY00000001-1'")
        with pytest.raises(InputError) as raised:
            run(asked)
        assert codes(raised) == ["B109"]
        assert run(replace(asked, restart=True)).resumed == 0

    @pytest.mark.long
    def test_killed_and_resumed_gives_the_same_rows(self, server: Server, registry: Registry, folder: Path) -> None:
        tables = put_both(server, registry)
        script = folder / "script.py"
        script.write_text(SCRIPT, encoding="utf-8")

        def start(output: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, str(script), *tables, server.address(output)]
            return subprocess.Popen(command, cwd=folder)

        begun = time.monotonic()
        assert start("whole").wait() == 0
        taken, chance, kills = time.monotonic() - begun, random.Random(7), 0
        wanted = table_of(server, "whole"), table_of(server, "whole_rejects")
        for _ in range(6):
            process = start("again")
            time.sleep(chance.uniform(0.2, 0.8) * taken)
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                kills += 1
            process.wait()
            if "again" in tables_in(server):
                break
        assert kills
        start("again").wait()
        assert (table_of(server, "again"), table_of(server, "again_rejects")) == wanted
        # the last run may have been killed after it had finished and tidied up
        assert not list(folder.glob(".*.work"))


SCRIPT = """
import sys
from fupin_policy import load
from fupin_policy.batch.run import Job, run
households, members, output = sys.argv[1:]
run(Job(load(), households, members, "2019-06-30", output, bucket=100, threads=2))
"""


def end_others(server: Server) -> None:
    """Break off the connections of runs, as a server does that goes down."""
    server.ask("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'fupin'")


class TestWhatIsWrong:
    """Each mistake has its own message, and none of them shows a password."""

    def run(self, capsys: pytest.CaptureFixture[str], own: str, inner: str, output: str) -> tuple[int, str]:
        code = main(["run", own, inner, "--as-of", AS_OF, "-o", output])
        said = capsys.readouterr()
        assert "Traceback" not in said.err and PASSWORD not in said.err + said.out
        return code, said.err

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ("postgresql://127.0.0.1:1/registry?table=households", "B131"),
            ("postgresql://nobody:wrong@127.0.0.1:{port}/registry?table=households", "B182"),
            ("postgresql://fupin@127.0.0.1:{port}/nowhere?table=households", "B131"),
            ("postgresql://fupin@127.0.0.1:{port}/registry?table=household", "B132"),
            ("postgresql://fupin@127.0.0.1:{port}/registry?table=nowhere.households", "B132"),
            ("postgresql://fupin@127.0.0.1:{port}/registry?table=Households", "B132"),
            ("postgresql://fupin@127.0.0.1:{port}/registry", "B130"),
            ("postgresql://fupin@127.0.0.1:{port}/registry?table=broken", "B133"),
            ("postgresql://fupin@127.0.0.1:{port}/registry?table=households&sslmode=perhaps", "B131"),
        ],
    )
    def test_tables_that_cannot_be_read(
        self,
        server: Server,
        registry: Registry,
        capsys: pytest.CaptureFixture[str],
        wrong: str,
        code: str,
        folder: Path,
    ) -> None:
        _, inner = put_both(server, registry)
        server.ask('CREATE VIEW broken AS SELECT * FROM households WHERE 1 / (length("户编号") - 10) < 5')
        returned, said = self.run(capsys, wrong.format(port=server.port), inner, "out.parquet")
        assert (returned, f"错误 {code}" in said) == (1, True), said
        assert list(folder.iterdir()) == []
        assert code != "B132" or "是否想写“households”" in said

    def test_leave_is_needed_to_read_and_to_write(
        self, server: Server, registry: Registry, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _, inner = put_both(server, registry)
        server.ask("DROP ROLE IF EXISTS clerk")
        server.ask(f"CREATE ROLE clerk LOGIN PASSWORD '{PASSWORD}'")
        server.ask("GRANT USAGE ON SCHEMA public TO clerk")
        as_clerk = server.address("households", login="clerk")
        returned, said = self.run(capsys, as_clerk, inner, "out.parquet")
        assert (returned, "B133" in said, "permission denied" in said) == (1, True, True)
        server.ask("GRANT SELECT ON households, members TO clerk")
        returned, said = self.run(capsys, as_clerk, inner, server.address("decisions", login="clerk"))
        assert (returned, "B134" in said, "permission denied" in said) == (1, True, True)
        returned, said = self.run(capsys, as_clerk, inner, server.address("nowhere.decisions"))
        assert (returned, "B134" in said) == (1, True)
        returned, said = self.run(capsys, as_clerk, inner, server.address("members"))
        assert (returned, "B135" in said) == (1, True)
        assert self.run(capsys, as_clerk, inner, "out.parquet")[0] == 0

    def test_a_password_in_an_address_is_not_told(
        self, server: Server, registry: Registry, capsys: pytest.CaptureFixture[str], folder: Path
    ) -> None:
        from urllib.parse import quote

        put_both(server, registry)
        login = f"{USER}:{quote(PASSWORD, safe='')}"
        own, inner = (server.address(name, login=login) for name in ("households", "members"))
        output = server.address("decisions", login=login)
        given = ["run", own, inner, "--as-of", AS_OF, "-o", output]
        assert main(given) == 0
        said = capsys.readouterr()
        assert server.address("decisions") in said.out
        secrets = (PASSWORD, quote(PASSWORD, safe=""))
        assert not any(secret in said.out + said.err for secret in secrets)
        comment = server.ask("SELECT obj_description('decisions'::regclass)")[0][0]
        assert not any(secret in comment for secret in secrets)

        def stop(stage: str, done: int, of: int) -> None:
            if stage == "decide":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(job((own, inner), folder / "out.parquet"), stop)
        kept = [path for path in folder.rglob("*") if path.is_file()]
        assert any(path.name == "journal.json" for path in kept)
        for path in kept:
            assert not any(secret.encode() in path.read_bytes() for secret in secrets), path
        # the password may be given otherwise when the run is gone on with
        without = server.address("households"), server.address("members")
        assert run(job(without, folder / "out.parquet")).buckets == 4

    def test_no_driver(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, registry: Registry
    ) -> None:
        monkeypatch.setitem(sys.modules, "adbc_driver_postgresql", None)
        assert main(["map", "postgresql://127.0.0.1:1/registry?table=t"]) == 1
        said = capsys.readouterr().err
        assert "B114" in said and "fupin-policy[postgres]" in said

    @pytest.mark.parametrize("command", [["summary"], ["worklist", "-o", "lists"]])
    def test_reports_want_files(self, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
        assert main([*command, "postgresql://clerk:geheim@127.0.0.1:1/registry?table=t"]) == 1
        said = capsys.readouterr().err
        assert "B176" in said and "geheim" not in said

    def test_a_sign_that_no_database_keeps(self) -> None:
        kept = postgres_ingest._storable(pa.chunked_array([["a\0b", None, "c"]]))
        assert kept.to_pylist() == ["a�b", None, "c"]


@pytest.mark.fault("E7")
class TestErrorsOnTheWay:
    @pytest.mark.parametrize("state", ["25006", "55P03", "22012", "57014", "XX000"])
    def test_a_view_that_fails_far_down(
        self, server: Server, folder: Path, state: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        server.ask(
            "CREATE FUNCTION boom() RETURNS text AS $$ BEGIN"
            f" RAISE EXCEPTION 'it said \"no\" here' USING ERRCODE='{state}'; END $$ LANGUAGE plpgsql"
        )
        rows = "generate_series(1, 300000) g"
        server.ask(f"CREATE VIEW v AS SELECT CASE WHEN g > 299000 THEN boom() ELSE 'h' || g END AS id FROM {rows}")
        table = open_table(server.address("v"))
        assert isinstance(table, PostgresTable)
        with pytest.raises(InputError) as raised, snapshot([table]), duckdb.connect() as connection:
            relation = table.relation(connection, "v", {}, "id")
            connection.execute(f"SELECT count(*) FROM {relation}").fetchall()
        (problem,) = raised.value.diagnostics
        assert problem.code == "B133" and dict(problem.args)["problem"] == 'it said "no" here'

    def test_a_table_without_columns(self, server: Server) -> None:
        server.ask("CREATE TABLE bare ()")
        with pytest.raises(InputError) as raised:
            open_table(server.address("bare"))
        (problem,) = raised.value.diagnostics
        assert (problem.code, problem.suggestion) == ("B183", None)

    def test_a_suggestion_is_another_name(self, server: Server) -> None:
        server.ask("CREATE SEQUENCE households")
        server.ask("CREATE TABLE household (id text)")
        with pytest.raises(InputError) as raised:
            open_table(server.address("households2"))
        assert raised.value.diagnostics[0].suggestion == "household"
        assert suggest("household", ["household"]) is None

    def test_a_failed_login_says_so_and_no_more(self, server: Server) -> None:
        for password in ("a", "wrong", "er"):
            with pytest.raises(InputError) as raised:
                open_table(server.address("t", login=f"{USER}:{password}"))
            (problem,) = raised.value.diagnostics
            assert (problem.code, dict(problem.args)) == ("B182", {"table": "t"}) or problem.code == "B132"


def test_rows_of_asks_with_parameters(server: Server) -> None:
    with server.connect() as connection:
        assert rows_of(connection, "SELECT $1::text || '!'", "it's") == [("it's!",)]
