"""What stands beside a result for people: rejects and changes under Chinese headings; with `raw` under a machine's."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from demo_tables import demo, job, write
from reject_rows import NAMES, reject_rows

from fupin_policy import load
from fupin_policy.batch.excluded_households import REJECTS
from fupin_policy.batch.reject_files import HEADINGS
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Report, run
from fupin_policy.reports.summary import summarize

RULESET = load()


def two_months(folder: Path, raw: bool) -> tuple[Report, Report]:
    """A month, and the next one in which a household is older and one row cannot be read."""
    own, inner = demo(1)
    tables = write(folder / "h.csv", own), write(folder / "m.csv", inner)
    first = run(replace(job(folder, *tables, "1.parquet"), raw=raw, goes_on=True))
    born = inner[0].index("出生日期")
    inner[1][born], inner[-1][born] = "1930-01-01", "昨天"
    tables = write(folder / "h.csv", own), write(folder / "m.csv", inner)
    later = job(folder, *tables, "2.parquet")
    return first, run(replace(later, as_of="2019-07-31", raw=raw, previous=folder / "1.parquet"))


def rows(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *found = csv.reader(file)
    return head, found


@pytest.fixture(scope="module")
def of_people(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return two_months(tmp_path_factory.mktemp("people"), raw=False)[1]


@pytest.fixture(scope="module")
def of_machines(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return two_months(tmp_path_factory.mktemp("machines"), raw=True)[1]


def test_both_say_the_same(of_people: Report, of_machines: Report) -> None:
    assert {value: key for key, value in HEADINGS.items()} == NAMES
    heads = [rows(Path(one.rejects))[0] for one in (of_people, of_machines)]
    assert heads == [list(NAMES), REJECTS.names]
    assert reject_rows(of_people.rejects) == reject_rows(of_machines.rejects) != []


def test_changes_are_in_words_and_in_yuan(of_people: Report, of_machines: Report) -> None:
    assert of_people.changes is not None and of_machines.changes is not None
    head, found = rows(of_people.changes / "changes.csv")
    raw_head, raw = rows(of_machines.changes / "changes.csv")
    assert not [name for name in head if name.isascii()] and "amount_min_before" in raw_head
    assert len(found) == len(raw) > 0
    words = {"eligible": "符合", "ineligible": "不符合", "unknown": "待定"}
    for row, other in zip(found, raw, strict=True):
        said, machine = dict(zip(head, row, strict=True)), dict(zip(raw_head, other, strict=True))
        assert (said["变化"], said["政策"], said["原因"]) == (machine["变化"], machine["title"], machine["原因"])
        assert words[machine["status"]] == said["本期结果"] and words[machine["status_before"]] == said["上期结果"]
        assert (float(said["本期金额（元）"] or 0) * 100) == abs(float(machine["amount_min"] or 0))
    for office in of_people.changes.glob("*/*.csv"):
        assert rows(office)[0] == head


def test_reports_read_either(of_people: Report, of_machines: Report) -> None:
    told = [summarize([open_result(Path(one.output), RULESET)], RULESET).rejects for one in (of_people, of_machines)]
    assert told[0] == told[1] != ()


def test_a_run_replaces_its_own_of_either_kind(tmp_path: Path) -> None:
    tables = tuple(write(tmp_path / name, some) for name, some in zip(("h.csv", "m.csv"), demo(1), strict=True))
    for raw in (False, True, False):
        report = run(replace(job(tmp_path, *tables), raw=raw))
        assert rows(Path(report.rejects))[0] == (REJECTS.names if raw else list(NAMES))
