"""`fupin run` from and to PostgreSQL gives what it gives from and to files, on a real server that is started here."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from demo_tables import AS_OF, RULESET, demo, rejects_in, texts, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres_server import Server
from postgres_tables import (
    NEEDS_POSTGRES,
    Registry,
    as_files,
    job,
    ordered,
    put,
    put_both,
    rows_in,
    table_of,
)
from postgres_tables import empty as empty
from postgres_tables import folder as folder
from postgres_tables import registry as registry
from postgres_tables import server as server
from random_registry import registry as random_registry

from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.postgres import snapshot
from fupin_policy.batch.run import run
from fupin_policy.batch.sources import open_table
from fupin_policy.cli.main import main
from fupin_policy.core.decision import Status

pytestmark = NEEDS_POSTGRES


def in_any_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of which what was assumed is sorted: it follows the order of members, which a server does not keep."""
    return [{name: sorted(one) if name.endswith("assumed") else one for name, one in row.items()} for row in rows]


class TestAgreement:
    """Row for row what files give."""

    @pytest.mark.parametrize("form", ["long", "wide"])
    def test_from_and_to_the_server(self, server: Server, registry: Registry, folder: Path, form: Any) -> None:
        asked = BatchRequest(form=form, statuses=frozenset(Status), missing=form == "long")
        run(job(as_files(folder, registry), folder / "out.parquet", asked=asked))
        wanted = in_any_order(rows_in(folder / "out.parquet"))
        report = run(job(put_both(server, registry), folder / "second.parquet", asked=asked))
        assert in_any_order(rows_in(folder / "second.parquet")) == wanted
        assert report.counts.households == 800 and not report.counts.households_rejected
        again = server.address("public.households"), server.address("public.members")
        written = run(job(again, server.address("decisions"), asked=asked))
        assert in_any_order(table_of(server, "decisions")) == wanted
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


class TestRandomRules:
    """Random rules over a random registry: from the server and to it as each household alone."""

    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_each_household_is_decided_as_alone(
        self, server: Server, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
    ) -> None:
        folder: Path = tmp_path_factory.mktemp("random")
        found = random_registry(data, folder / "rules")
        server.ask("DROP SCHEMA public CASCADE")
        server.ask("CREATE SCHEMA public")
        own, inner = (put(server, name, texts(rows)) for name, rows in (("h", found.own), ("m", found.inner)))
        job_ = replace(found.job(folder, server.address("out")), households=own, members=inner)
        report = run(job_)
        found.check(table_of(server, "out"), report.counts.households_rejected)


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
