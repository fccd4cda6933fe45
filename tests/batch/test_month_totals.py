"""What the lists of changes of a month come to is what lies between two results, whatever the months are."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from county_months import LESSON, Household, registry
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_policy import load
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.month_totals import MonthTotals, month_totals
from fupin_policy.batch.run import Job, run

RULES = load(LESSON)
DAYS = ("2018-12-31", "2019-01-31", "2019-02-28")
MEMBERS = st.tuples(
    st.sampled_from(["1938-05-01", "1939-01-15", "1959-02-01", "1959", "2012-09-01", ""]),
    st.sampled_from(["一级", "三级", "无残疾", "", "错"]),
)
HOUSEHOLDS = st.tuples(
    st.sampled_from(["东河镇", "西山镇"]),
    st.sampled_from(["是", "否", ""]),
    st.sampled_from(["0", "6000", "7123.45", "", "很多"]),
    st.lists(MEMBERS, min_size=1, max_size=2),
)
MONTHS = st.lists(st.dictionaries(st.sampled_from(["h1", "h2", "h3"]), HOUSEHOLDS), min_size=3, max_size=3)


def run_months(folder: Path, months: list[dict[str, Household]]) -> list[tuple[Path, MonthTotals]]:
    found: list[tuple[Path, MonthTotals]] = []
    for at, (day, households) in enumerate(zip(DAYS, months, strict=True)):
        previous = found[-1][0] if found else None
        own, inner = registry(folder / f"{at}", households.items())
        output = folder / f"{at}.parquet"
        job = Job(RULES, own, inner, day, output, asked=BatchRequest(missing=True), previous=previous, goes_on=True)
        report = run(job)
        changes = None if report.changes is None else report.changes / "changes.parquet"
        before = date.fromisoformat(DAYS[at - 1]) if at else None
        found.append((output, month_totals(output, changes, RULES.program, date.fromisoformat(day), before)))
    return found


def settled_in(result: Path) -> dict[str, int]:
    """The same sum, row by row."""
    sums: Counter[str] = Counter()
    for row in pq.read_table(result).to_pylist():
        if row["status"] == "eligible" and row["per"] is not None and row["amount_min"] == row["amount_max"]:
            sums[row["per"]] += row["amount_min"]
    return {per: value for per, value in sums.items() if value}


@settings(max_examples=max(3, settings().max_examples // 16), deadline=None, suppress_health_check=list(HealthCheck))
@given(MONTHS)
def test_a_month_is_the_month_before_with_its_changes(
    tmp_path_factory: Any, months: list[dict[str, Household]]
) -> None:
    found = run_months(tmp_path_factory.mktemp("months"), months)
    state: Counter[str] = Counter(found[0][1].settled)
    for output, totals in found:
        for change in totals.changes.values():
            state.update(change.difference)
        assert {per: value for per, value in state.items() if value} == totals.settled == settled_in(output)
    for _, totals in found[1:]:
        assert not totals.changes["new"].before and not totals.changes["ended"].after
        assert not totals.changes["opened"].after and not totals.changes["settled"].before
        assert set(totals.changes) == {"new", "ended", "changed", "opened", "settled"}


def test_the_changes_of_a_month_told_one_by_one(tmp_path: Path) -> None:
    old, young = [("1930-01-01", "无残疾")], [("1980-01-01", "无残疾")]
    first: dict[str, Household] = {
        "stays": ("东河镇", "是", "0", old),
        "dies": ("东河镇", "是", "0", old),
        "dearer": ("东河镇", "是", "6000", young),
        "unclear": ("西山镇", "是", "0", old),
    }
    second: dict[str, Household] = {
        "stays": ("东河镇", "是", "0", old),
        "dearer": ("东河镇", "是", "7000", young),
        "unclear": ("西山镇", "", "0", old),
        "comes": ("西山镇", "是", "0", [*old, *old]),
    }
    totals = run_months(tmp_path, [first, second, second])
    kinds = totals[1][1].changes
    assert {kind: one.count for kind, one in kinds.items() if one.count} == {
        "new": 3,
        "ended": 2,
        "changed": 1,
        "opened": 2,
    }
    assert kinds["new"].difference == {"month": 2 * 20000} and kinds["ended"].difference == {"month": -20000}
    assert kinds["changed"].before["year"] < kinds["changed"].after["year"]
    assert kinds["opened"].difference == {"month": -20000}
    assert all(one.count == 0 for one in totals[2][1].changes.values())
