"""Tables of lists beside an extract: who has which items, and rows whose household or member is not there.

In: CSV texts. Called by pytest.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from fupin_policy import load
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.csv_extract import read_extract

RULES = load(Path(__file__).parents[2] / "docs" / "examples" / "bills")
TABLES = {
    "households": "户编号\nh1\nh2\n",
    "members": "户编号,人员编号\nh1,a\nh1,b\nh2,a\n",
    "supporters": "户编号,月收入\nh1,3000\nh1,\n",
    "bills": "户编号,人员编号,医疗费用,就医日期\nh2,a,600,2019-03-01\nh1,b,,2019-04-01\nh2,a,400,2019-05-01\n",
}


def read(folder: Path, **tables: str) -> tuple[list[Mapping[str, Any]], list[tuple[str, str]]]:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    reporter = Reporter()
    found = read_extract(folder / "households.csv", folder / "members.csv", RULES.program, reporter)
    return found, [(one.code, one.place.replace(f"{folder}/", "")) for one in reporter.diagnostics]


def test_items_stand_with_those_who_have_them_and_others_have_none(tmp_path: Path) -> None:
    found, problems = read(tmp_path, **TABLES)
    assert problems == []
    assert [one["赡养人"] for one in found] == [[{"月收入": "3000"}, {}], []]
    assert [person["就医记录"] for one in found for person in one["members"]] == [
        [],
        [{"就医日期": "2019-04-01"}],
        [{"医疗费用": "600", "就医日期": "2019-03-01"}, {"医疗费用": "400", "就医日期": "2019-05-01"}],
    ]
    (decision,) = RULES.evaluate(found[1], "2019-06-30").eligible
    assert decision.amount is not None and decision.amount.low == decision.amount.high == 50000


def test_of_a_list_without_a_table_nothing_is_given(tmp_path: Path) -> None:
    found, problems = read(tmp_path, **{name: text for name, text in TABLES.items() if name != "supporters"})
    assert problems == []
    assert all("赡养人" not in one and "就医记录" in one["members"][0] for one in found)


@pytest.mark.parametrize(
    ("table", "text", "problem"),
    [
        ("supporters", "户编号,月收入\nh1,1\nh9,2\n", ("B190", "supporters.csv:3:1")),
        ("bills", "户编号,人员编号,医疗费用\nh9,a,2\n", ("B190", "bills.csv:2:1")),
        ("bills", "户编号,人员编号,医疗费用\nh2,b,2\n", ("B191", "bills.csv:2:1")),
        ("bills", "户编号,人员编号,医疗费用\nh2,,2\n", ("H069", "bills.csv:2:1")),
        ("bills", "户编号,医疗费用\nh2,2\n", ("H062", "bills.csv:1:1")),
        ("supporters", "户编号,医疗费用\nh1,2\n", ("H061", "supporters.csv:1:1")),
    ],
)
def test_rows_and_columns_that_do_not_fit(tmp_path: Path, table: str, text: str, problem: tuple[str, str]) -> None:
    assert read(tmp_path, **{**TABLES, table: text})[1] == [problem]
