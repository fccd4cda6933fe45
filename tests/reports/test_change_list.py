"""The sheet of what is new, has ended or changed: with whom, both amounts, why, in the workbook of who leads."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from fupin_policy import load
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import RunResult, open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.reports.change_list import TITLE
from fupin_policy.reports.worklist import EVERY, write_worklists
from fupin_policy.ruleset import SHIPPED

RULESET = load()
DEMO = SHIPPED / "demo"
JUNE, JULY = "2019-06-30", "2019-07-31"


def _later(folder: Path) -> tuple[str, str]:
    """The registry a month later: one household left, some members were born long ago after all."""
    own, inner = ((DEMO / name).read_text(encoding="utf-8-sig") for name in ("households.csv", "members.csv"))
    head, *lines = own.splitlines()
    gone = lines[0].split(",")[0]
    (folder / "h.csv").write_text("\n".join([head, *lines[1:]]), encoding="utf-8")
    head, *lines = inner.splitlines()
    kept = [line.replace("2010-", "1930-") for line in lines if not line.startswith(f"{gone},")]
    (folder / "m.csv").write_text("\n".join([head, *kept]), encoding="utf-8")
    return str(folder / "h.csv"), str(folder / "m.csv")


@pytest.fixture(scope="module")
def july(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("changes")
    june = folder / "june.parquet"
    asked = BatchRequest(missing=True)
    run(Job(RULESET, str(DEMO / "households.csv"), str(DEMO / "members.csv"), JUNE, june, asked=asked))
    run(Job(RULESET, *_later(folder), JULY, folder / "july.parquet", asked=asked, previous=june))
    return folder / "july.parquet"


@pytest.fixture(scope="module")
def lists(july: Path) -> Path:
    write_worklists(open_result(july, RULESET), RULESET, july.parent / "lists")
    return july.parent / "lists"


def _rows(path: Path) -> list[dict[str, object]]:
    book = openpyxl.load_workbook(path)
    if TITLE not in book.sheetnames:
        return []
    _, _, head, *rows = book[TITLE].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_each_change_stands_with_each_body_that_leads(july: Path, lists: Path) -> None:
    changes = pq.read_table(july.with_suffix(".changes") / "changes.parquet").to_pylist()
    wanted = Counter(
        (lead, one["household"], one["变化"], one["title"], one["原因"]) for one in changes for lead in one["lead"]
    )
    found = Counter(
        (path.parent.name, row["户编号"], row["变化"], row["政策"], row["原因"])
        for path in lists.rglob("*.xlsx")
        if path.parent.name != EVERY
        for row in _rows(path)
    )
    assert found == wanted and {"新增", "停发"} <= {change for _, _, change, _, _ in found}


def test_amounts_are_in_yuan_beside_each_other(july: Path, lists: Path) -> None:
    changes = pq.read_table(july.with_suffix(".changes") / "changes.parquet").to_pylist()
    ended = {
        (one["household"], one["title"]): one for one in changes if one["变化"] == "停发" and one["member"] is None
    }
    seen = 0
    for path in lists.rglob("*.xlsx"):
        for row in _rows(path):
            one = ended.get((row["户编号"], row["政策"]))
            if one is not None and row["变化"] == "停发" and isinstance(row["原来（元）"], int | float):
                way = -1 if row["原来（元）"] < 0 else 1
                assert Decimal(str(row["原来（元）"])) * way == Decimal(one["amount_min_before"]).scaleb(-2)
                assert row["现在（元）"] == "不享受" and row["□"] == "□" and row["原因"]
                seen += 1
    assert seen


def test_who_has_left_the_register_has_a_name_still(lists: Path) -> None:
    left = [row for path in lists.rglob("*.xlsx") for row in _rows(path) if "登记册里没有" in str(row["原因"])]
    assert left and all(row["姓名"] for row in left)


def test_changes_of_another_run_are_not_shown(july: Path, tmp_path: Path) -> None:
    """A result that does not go on from one, or whose changes are not beside it, has none."""
    assert isinstance(open_result(july, RULESET).changes, object) and open_result(july, RULESET).since is not None
    moved = tmp_path / "july.parquet"
    moved.write_bytes(july.read_bytes())
    result: RunResult = open_result(moved, RULESET)
    assert result.changes is None and result.since is not None
    june = july.with_name("june.parquet")
    assert open_result(june, RULESET).since is None
