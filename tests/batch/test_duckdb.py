"""Queries decide what a batch, a run and each household alone are given; what is wrong is told in its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from decided_rows import EVERY, alone, check_rows
from demo_tables import AS_OF, RULESET, demo, job, rejects_in, texts, write
from household_batches import Given, batch_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rules_as_run import loaded, rules_as_run

from fupin_policy import InputError, Ruleset, load
from fupin_policy.batch import BatchEvaluator
from fupin_policy.batch.duckdb import register
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.run import run
from fupin_policy.testing import as_of_dates, households

LESSON = load(Path(__file__).parents[2] / "docs" / "examples" / "lesson", cache=False)
UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck))


def connected(ruleset: Ruleset, as_of: str | None = None, asked: BatchRequest = EVERY) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    register(connection, ruleset, as_of, asked)
    return connection


def rows(connection: duckdb.DuckDBPyConnection, query: str, *values: Any) -> list[dict[str, Any]]:
    found = connection.execute(query, list(values))
    names = [str(one[0]) for one in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def check(
    ruleset: Ruleset, connection: duckdb.DuckDBPyConnection, given_households: Sequence[Given], as_of: date
) -> None:
    """Each household of a table in a query, in both forms, against what it is given alone and in a batch."""
    named = [{**one, "id": f"h{number}"} for number, one in enumerate(given_households)]
    batch, evaluations = batch_of(ruleset, named), alone(ruleset, named, as_of)
    connection.register("t", pa.Table.from_batches([batch]))
    query = "SELECT t.id, fupin_decisions(t, $1) AS long, fupin_decide(t, $1) AS wide FROM t"
    found = rows(connection, query, as_of)
    assert [row["id"] for row in found] == [one["id"] for one in named]
    refused = [row["id"] for row in found if row["long"]["rejected"]]
    assert refused == [one["id"] for one in named if one["id"] not in evaluations]
    for row in found:
        assert row["long"]["rejected"] == row["wide"]["rejected"]
        lost = row["id"] in refused
        assert (row["long"]["decisions"] is None, row["wide"]["policies"] is None) == (lost, lost)
    decided = [{"household": row["id"], **one} for row in found for one in row["long"]["decisions"] or ()]
    check_rows(ruleset, decided, evaluations, named)
    whole = BatchEvaluator(ruleset).decide(batch, as_of, replace(EVERY, form="wide")).decisions.to_pylist()
    for row, flat in zip((row for row in found if row["id"] not in refused), whole, strict=True):
        check_wide(row["wide"], flat)


def check_wide(found: dict[str, Any], flat: dict[str, Any]) -> None:
    """The structs of policies are a row of the wide form: nothing more and nothing less."""
    called = {"status": "", "amount_min": ".min", "amount_max": ".max"}
    told = {"household": flat["household"]}
    for policy, inner in found["policies"].items():
        told |= {f"{policy}{called.get(name, f'.{name}')}": value for name, value in inner.items()}
    told |= {name: value for name, value in found.items() if name not in ("policies", "rejected")}
    assert told == flat


class TestHouseholds:
    """One row, one household."""

    @settings(UNHURRIED, max_examples=3)
    @given(st.data())
    def test_on_random_rules(self, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
        self.of_random_rules(tmp_path_factory, data)

    @pytest.mark.long
    @settings(UNHURRIED, max_examples=100)
    @given(st.data())
    def test_on_many_random_rules(self, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
        self.of_random_rules(tmp_path_factory, data)

    def of_random_rules(self, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
        ruleset = loaded(tmp_path_factory.mktemp("ruleset"), data.draw(rules_as_run()))
        as_of = data.draw(as_of_dates(ruleset))
        found = data.draw(st.lists(households(ruleset, as_of), min_size=1, max_size=5))
        check(ruleset, connected(ruleset), found, as_of)

    def test_on_the_shipped_ruleset(self) -> None:
        connection = connected(RULESET)

        @settings(UNHURRIED, max_examples=5)
        @given(st.data())
        def checked(data: st.DataObject) -> None:
            as_of = data.draw(as_of_dates(RULESET))
            check(RULESET, connection, data.draw(st.lists(households(RULESET, as_of), min_size=1, max_size=4)), as_of)

        checked()

    def test_more_rows_than_are_handed_over_at_once(self) -> None:
        connection = connected(LESSON, AS_OF, BatchRequest())
        query = """
            SELECT id, fupin_decide({'id': id, '医疗费用': id * 10, 'on_allowance': id % 2 = 0,
                'members': [{'id': 'm', '出生日期': DATE '1930-01-01' + (id % 40000)::INTEGER}]}).policies AS p
            FROM range(1, 5001) AS t(id) ORDER BY id
        """
        found = rows(connection, query)
        assert len(found) == 5000
        for row in found[::617]:
            person = {"id": "m", "出生日期": str(date.fromordinal(date(1930, 1, 1).toordinal() + row["id"]))}
            known = {"id": "x", "医疗费用": row["id"] * 10, "享受低保": row["id"] % 2 == 0, "members": [person]}
            for decision in LESSON.evaluate(known, AS_OF).decisions:
                told = row["p"][decision.policy]
                amount = decision.amount
                ends = (None, None) if amount is None else (amount.low, amount.high)
                assert (told["status"], told["amount_min"], told["amount_max"]) == (decision.status.value, *ends)

    def test_ranges_and_types_of_sql(self) -> None:
        connection = connected(LESSON, asked=BatchRequest())
        connection.execute("CREATE TYPE town AS ENUM ('东河镇', '西山镇')")
        connection.execute("""
            CREATE TABLE h AS SELECT 7::HUGEINT AS household_id, '西山镇'::town AS 乡镇, true AS 享受低保,
            {'min': 1000::HUGEINT, 'max': 5000} AS 医疗费用
        """)
        connection.execute("""
            CREATE TABLE m AS SELECT 7 AS household_id, 'm1' AS member_id, TIMESTAMP '1935-05-01 00:00:00' AS 出生日期,
            {'one_of': ['一级', '二级']} AS 残疾等级
        """)
        query = "SELECT fupin_decide(h, list(m), '2019-06-30') AS found FROM h JOIN m USING (household_id) GROUP BY h"
        (row,) = rows(connection, query)
        known = {
            "id": "7",
            "乡镇": "西山镇",
            "享受低保": True,
            "医疗费用": {"min": 1000, "max": 5000},
            "members": [{"id": "m1", "出生日期": "1935-05-01", "残疾等级": {"one_of": ["一级", "二级"]}}],
        }
        assert row["found"]["rejected"] == []
        for decision in LESSON.evaluate(known, "2019-06-30").decisions:
            assert decision.amount is not None
            told = row["found"]["policies"][decision.policy]
            wanted = (decision.status.value, decision.amount.low, decision.amount.high)
            assert (told["status"], told["amount_min"], told["amount_max"]) == wanted

    def test_what_is_wrong_is_told_in_its_row(self) -> None:
        connection = connected(LESSON)
        query = """
            SELECT day, fupin_decisions(h, day) AS found FROM (VALUES
                ({'id': 'a', '乡镇': '东河镇', 'members': [{'id': 'm', '出生日期': '1930-01-01'}]}, '2019-06-30'),
                ({'id': 'b', '乡镇': '天上', 'members': [{'id': 'm', '出生日期': '昨天'}]}, '2019-06-30'),
                ({'id': 'c', '乡镇': NULL, 'members': [{'id': 'm', '出生日期': NULL}]}, '1066-01-01'),
                ({'id': 'd', '乡镇': NULL, 'members': [{'id': 'm', '出生日期': NULL}]}, NULL),
                (NULL, '2019-06-30'),
                ({'id': 'e', '乡镇': '东河镇', 'members': [{'id': 'm', '出生日期': '1930-01-01'}]}, '2018-06-30')
            ) AS t(h, day)
        """
        good, bad, early, undated, nothing, before = (row["found"] for row in rows(connection, query))
        assert nothing is None
        assert [(one["column"], one["value"], one["code"]) for one in bad["rejected"]] == [
            ("members[0].出生日期", "昨天", "H025"),
            ("乡镇", "天上", "H029"),
        ]
        assert [early["rejected"][0][name] for name in ("column", "code")] == ["as_of", "H041"]
        assert [undated["rejected"][0][name] for name in ("column", "code")] == ["as_of", "H040"]
        assert bad["decisions"] is None and early["decisions"] is None and undated["decisions"] is None
        for found, name, day in ((good, "a", "2019-06-30"), (before, "e", "2018-06-30")):
            known = {"id": name, "乡镇": "东河镇", "members": [{"id": "m", "出生日期": "1930-01-01"}]}
            told = [{"household": name, **one} for one in found["decisions"]]
            check_rows(LESSON, told, alone(LESSON, [known], date.fromisoformat(day)), [known])

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("SELECT fupin_decide({'id': 'a', 'members': [{'id': 'm'}]})", "B270"),
            ("SELECT fupin_decide(1, '2019-06-30')", "B271"),
            ("SELECT fupin_decide({'id': 'a'}, '2019-06-30', '2019-06-30')", "B271"),
            ("SELECT fupin_decide({'id': 'a', 'members': [{'id': 'm'}]}, [{'id': 'm'}], '2019-06-30')", "H015"),
            ("SELECT fupin_decide({'id': 'a', '收人': 1, 'members': [{'id': 'm'}]}, '2019-06-30')", "H011"),
            ("SELECT fupin_decide({'id': 'a', 'members': [1]}, '2019-06-30')", "H005"),
            ("SELECT fupin_decide({'members': [{'id': 'm'}]}, '2019-06-30')", "H002"),
        ],
    )
    def test_wrong_calls(self, query: str, code: str) -> None:
        with pytest.raises(duckdb.InvalidInputException, match=code):
            connected(LESSON).execute(query).fetchall()

    def test_registered_again(self) -> None:
        connection = connected(LESSON)
        query = "SELECT fupin_decide({'id': 'a', 'members': [{'id': 'm'}]}).rejected"
        register(connection, LESSON, "2019-06-30")
        assert connection.execute(query).fetchall() == [([],)]
        register(connection, LESSON, "2018-06-30", prefix="before")
        assert connection.execute(query.replace("fupin", "before")).fetchall() == [([],)]
        with pytest.raises(InputError) as caught:
            register(connection, LESSON, "2019-02-30")
        assert [one.code for one in caught.value.diagnostics] == ["H040"]


class TestRegistries:
    """Two tables, against a run over the same rows."""

    def test_as_a_run_decides(self, tmp_path: Path) -> None:
        own, inner = demo(2)
        born, town = inner[0].index("出生日期"), own[0].index("乡镇")
        inner[5][born], own[9][town], own[30][0], inner[41][0], inner[50][1] = "昨天", "天上", "", "无此户", " "
        own += [own[3], [*own[12][:1], *own[13][1:]]]
        run(job(tmp_path, write(tmp_path / "h.csv", own), write(tmp_path / "m.csv", inner)))
        connection = connected(RULESET, asked=BatchRequest())
        connection.register("h", texts(own))
        connection.register("m", texts(inner))
        found = rows(connection, "SELECT * FROM fupin_registry('h', 'm', $1)", AS_OF)
        wanted = pq.read_table(tmp_path / "out.parquet").to_pylist()
        names = ("member", "policy", "status", "amount_min", "amount_max", "per", "persons")
        told = [(row["household"], *(one[name] for name in names)) for row in found for one in row["decisions"] or ()]
        assert sorted(map(str, told)) == sorted(str((row["household"], *(row[one] for one in names))) for row in wanted)
        rejected = [(one["file"], one["row"], one["code"]) for row in found for one in row["rejected"]]
        files = {"h.csv": "households", "m.csv": "members"}
        of_run = [(files[one["file"]], int(one["row"]) - 1, one["code"]) for one in rejects_in(tmp_path)]
        assert sorted(rejected) == sorted(of_run) and len({code for *_, code in rejected}) > 6

    def test_a_table_without_ids(self) -> None:
        connection = connected(LESSON, AS_OF)
        connection.execute("CREATE TABLE h AS SELECT '东河镇' AS 乡镇")
        connection.execute("CREATE TABLE m AS SELECT 'a' AS 户编号, 'm' AS 人编号")
        with pytest.raises(duckdb.InvalidInputException, match="B273"):
            connection.execute("FROM fupin_registry('h', 'm', '2019-06-30')").fetchall()
        with pytest.raises(duckdb.InvalidInputException, match="B273"):
            connection.execute("FROM fupin_registry('m', 'h', '2019-06-30')").fetchall()
