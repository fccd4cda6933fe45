"""Worklists hold what the households were each decided to be entitled to."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from demo_result import AS_OF, RULESET, book, granted, rows
from demo_result import evaluations as evaluations
from demo_result import lists as lists
from demo_result import result as result

from fupin_policy import Evaluation
from fupin_policy.batch.change_lists import NOWHERE
from fupin_policy.batch.results import RunResult, open_result
from fupin_policy.core.decision import Status
from fupin_policy.files.atomic import marked
from fupin_policy.reports.masking import mask
from fupin_policy.reports.worklist import write_worklists


def allowances(result: RunResult) -> pa.Table:
    """The rows of one policy, so that there are few workbooks."""
    return pq.read_table(result.relation.split("'")[1], filters=[("policy", "==", "elderly.old_age_allowance")])


def _place_in(path: Path) -> str:
    """The place as the first line of a workbook says it."""
    head = str(book(path)["应享受"][0][0])
    return head.removeprefix(f"{path.parent.name}  ").removesuffix(f"  应享受  基准日 {AS_OF}")


class TestWorklists:
    def test_each_entitlement_stands_with_every_body_that_leads(
        self, lists: Path, evaluations: list[Evaluation]
    ) -> None:
        wanted: Counter[tuple[str, str, str]] = Counter()
        for one in evaluations:
            for decision in one.decisions:
                count = sum(member.status is Status.ELIGIBLE for member in decision.members)
                of_household = not decision.members and decision.status is Status.ELIGIBLE
                for body in decision.lead:
                    wanted[body.zh, one.household, decision.title.zh] += count or of_household
        found = Counter((body, str(row["户编号"]), str(row["政策"])) for body, row in granted(lists))
        assert found == +wanted

    def test_amounts_are_those_of_the_decisions(self, lists: Path, evaluations: list[Evaluation]) -> None:
        wanted = sum(
            (Decimal(d.amount.low).scaleb(-2) * len(d.lead) for e in evaluations for d in e.eligible if d.amount
             and not d.members), Decimal(0)
        )  # fmt: skip
        given = (Decimal(str(row["金额"])) for _, row in granted(lists) if row["金额"] and not row["成员编号"])
        assert sum(given, Decimal(0)) == wanted

    def test_what_must_be_asked_is_named(self, lists: Path, evaluations: list[Evaluation]) -> None:
        missing = {(e.household, d.title.zh): {m.text for m in d.missing} for e in evaluations for d in e.decisions}
        for _, row in rows(lists, "待核实"):
            named = set(str(row["待核实的事项"]).split("、"))
            assert named and named <= missing[str(row["户编号"]), str(row["政策"])]

    def test_clauses_and_towns_are_there(self, lists: Path) -> None:
        assert all(row["条款"] for _, row in rows(lists, "应享受"))
        assert (lists / "市民政局" / "辉渠镇.xlsx").exists()

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("370784195301011234", "370784********1234"),
            ("37078419530101123x", "370784********123x"),
            ("13812345678", "138****5678"),
            ("电话13812345678。", "电话138****5678。"),
            ("SY00000001-1", "SY00000001-1"),
            ("3707841953010112345", "3707841953010112345"),
        ],
    )
    def test_numbers_of_people_are_masked(self, given: str, shown: str) -> None:
        assert mask(given) == shown

    @pytest.mark.fault("E2", "E10")
    def test_towns_that_are_alike_have_workbooks_of_their_own(self, result: RunResult, tmp_path: Path) -> None:
        places = ["a/b", "a:b", "x", "x.", "x ", "X", "", ".", NOWHERE, "长" * 100, "con", None, "=1+1"]
        table = allowances(result)
        at = table.schema.get_field_index(result.place or "")
        column = pa.array([places[row % len(places)] for row in range(table.num_rows)], pa.string())
        pq.write_table(table.set_column(at, result.place, column), tmp_path / "odd.parquet")
        odd = open_result(tmp_path / "odd.parquet", RULESET)
        written = write_worklists(odd, RULESET, tmp_path / "lists")
        books = sorted((tmp_path / "lists").rglob("*.xlsx"))
        sheets = ("应享受", "待核实", "数据疑点")
        found = [row for sheet in sheets for _, row in rows(tmp_path / "lists", sheet) if row["户编号"]]
        assert written.workbooks == len(books) and written.rows == len(found)
        assert len({str(book).casefold() for book in books}) == len(books)
        assert {_place_in(book) for book in books} >= {"a/b", "a:b", "x", "x.", "x ", "X", "", ".", NOWHERE, "长" * 100}
        assert {path.relative_to(tmp_path / "lists").as_posix() for path in books} == set(marked(tmp_path / "lists"))

    def test_a_text_stays_a_text(self, result: RunResult, tmp_path: Path) -> None:
        table = allowances(result)
        names = pa.array(["=1+1"] * table.num_rows)
        at = table.schema.get_field_index("户主姓名")
        pq.write_table(table.set_column(at, "户主姓名", names), tmp_path / "odd.parquet")
        write_worklists(open_result(tmp_path / "odd.parquet", RULESET), RULESET, tmp_path / "lists")
        assert {row["户主姓名"] for _, row in rows(tmp_path / "lists", "应享受")} == {"=1+1"}
