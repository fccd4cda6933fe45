"""When amounts fall due: by quarters and half-years, in months of payment, once in a window of each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from checked_ruleset import policy, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_policy import Ruleset, load
from fupin_policy.analysis.payments import payments, total
from fupin_policy.analysis.timeline import timeline
from fupin_policy.check.yearly_windows import window_source
from fupin_policy.core.days import to_day
from fupin_policy.core.policies import Window
from fupin_policy.core.possible import calendar_of_day
from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.documents.parts import TextDoc

ANYBODY: dict[str, Any] = {"id": "h", "收入": 10, "甲": "是", "members": [{"id": "m", "出生日期": "1959-05-10"}]}


def dues(folder: Path, when: str, benefit: str, first: str, last: str, *more: str) -> dict[str, int]:
    """What is due month by month."""
    text = policy(f"'{when}'", "100元").replace("per: month", benefit)
    ruleset = load(written(folder, text, *more), cache=False)
    return due_of(ruleset, first, last)


def due_of(ruleset: Ruleset, first: str, last: str) -> dict[str, int]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    read, _ = ruleset.read(ANYBODY, begin)
    rows = payments(timeline(ruleset, read, to_day(begin), to_day(end)), ruleset.program)
    assert all(one.low == one.high for one in rows)
    return {one.month: one.low // 10000 for one in rows}


@pytest.mark.parametrize(
    ("benefit", "expected"),
    [
        ("per: quarter", {"2019-02": 1, "2019-04": 1, "2019-07": 1, "2019-10": 1}),
        ("per: half_year", {"2019-02": 1, "2019-07": 1}),
        ("per: year", {"2019-02": 1}),
        ("per: term", {"2019-03": 1, "2019-09": 1}),
        ("per: quarter, pay: {months: [6, 12]}", {"2019-06": 2, "2019-12": 2}),
        ("per: month, pay: {months: [3, 6, 9, 12]}", {"2019-03": 2, "2019-06": 3, "2019-09": 3, "2019-12": 3}),
        ("per: month, pay: {months: [1]}", {}),
    ],
)
def test_amounts_by_spans_and_in_months_of_payment(tmp_path: Path, benefit: str, expected: dict[str, int]) -> None:
    assert dues(tmp_path, "基准日 >= 2019-02-01", benefit, "2019-01-01", "2019-12-31") == expected


def test_from_the_next_month_on_and_paid_by_quarters(tmp_path: Path) -> None:
    text = policy("有成员满足(周岁数(出生日期) >= 60)", "100元")
    text = text.replace("per: month", "per: month, pay: {months: [3, 6, 9, 12]}").replace(
        "lead:", "starts: next_month, lead:"
    )
    ruleset = load(written(tmp_path, text), cache=False)
    # sixty in May 2019: from June on
    assert due_of(ruleset, "2019-01-01", "2019-12-31") == {"2019-06": 1, "2019-09": 3, "2019-12": 3}


def test_once_in_each_window(tmp_path: Path) -> None:
    benefit = "per: once, window: 12-20..01-10"
    expected = {"2018-01": 1, "2018-12": 1, "2019-12": 1}
    assert dues(tmp_path, "是", benefit, "2018-01-05", "2020-01-31") == expected


def test_a_window_within_a_month(tmp_path: Path) -> None:
    found = dues(tmp_path, "甲", "per: once, window: 02-10..02-12", "2018-01-01", "2019-12-31")
    assert found == {"2018-02": 1, "2019-02": 1}
    ruleset = load(tmp_path, cache=False)
    held = {day: ruleset.evaluate(ANYBODY, f"2019-02-{day:02}")["p"].status.value for day in (9, 10, 12, 13)}
    assert held == {9: "ineligible", 10: "eligible", 12: "eligible", 13: "ineligible"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("per: month", "per: day", {"2019-01": 1 + 21, "2019-02": 28}),
        ("per: day", "per: month", {"2019-01": 10 + 1, "2019-02": 1}),
        ("per: month", "per: month, pay: {months: [2]}", {"2019-01": 1, "2019-02": 1}),
        ("per: once, window: 01-01..01-05", "per: once, window: 01-20..01-25", {"2019-01": 2}),
        ("per: month", "per: once", {"2019-01": 2}),
        ("per: month", "per: quarter", {"2019-01": 2}),
        ("per: month", "per: month", {"2019-01": 1, "2019-02": 1}),
    ],
)
def test_each_way_within_a_month_is_followed_on_its_own_days(
    tmp_path: Path, before: str, after: str, expected: dict[str, int]
) -> None:
    *head, version = policy("甲", "100元").splitlines(keepends=True)
    stretches = (("..2019-01-10", before), ("2019-01-11..", after))
    versions = [version.replace("valid: ..", f"valid: {when}").replace("per: month", way) for when, way in stretches]
    ruleset = load(written(tmp_path, "".join([*head, *versions])), cache=False)
    assert due_of(ruleset, "2019-01-01", "2019-02-28") == expected


FESTIVAL = """kind: parameters
parameters:
  - {name: eve, label: 节前, type: date, range: 2018-01-01..2020-12-31, values: [
      {valid: ..2018-12-31, value: 2018-02-09, status: example, source: s},
      {valid: 2019-01-01..2019-12-31, value: 2019-01-29, status: example, source: s}]}
  - {name: after, label: 节后, type: date, range: 2018-01-01..2020-12-31, values: [
      {valid: ..2018-12-31, value: 2018-02-15, status: example, source: s},
      {valid: 2019-01-01..2019-12-31, value: 2019-02-04, status: example, source: s}]}
"""


def test_a_lunar_festival_is_between_two_dates_that_change(tmp_path: Path) -> None:
    benefit = "per: once, window: 参数.节前..参数.节后"
    assert dues(tmp_path, "是", benefit, "2018-01-01", "2019-12-31", FESTIVAL) == {"2018-02": 1, "2019-01": 1}


def test_of_each_year_whose_window_nobody_knows_something_may_be_due(tmp_path: Path) -> None:
    years = "".join(
        f"      - {{valid: {year}-01-01..{year}-12-31, value: unknown, status: example, source: s}}\n"
        for year in (2018, 2019)
    )
    parameters = "kind: parameters\nparameters:\n" + "".join(
        f"  - name: {name}\n    label: {label}\n    type: date\n    range: 2018-01-01..2020-12-31\n    values:\n{years}"
        for name, label in (("before", "节前"), ("after", "节后"))
    )
    text = policy("甲", "100元").replace("per: month", "per: once, window: 参数.节前..参数.节后")
    ruleset = load(written(tmp_path, text, parameters), cache=False)
    read, _ = ruleset.read(ANYBODY, date(2018, 1, 1))
    rows = payments(timeline(ruleset, read, to_day(date(2018, 1, 1)), to_day(date(2019, 12, 31))), ruleset.program)
    months = [f"{year}-{month:02}" for year in (2018, 2019) for month in range(1, 13)]
    assert [(one.month, one.low, one.high) for one in rows] == [(month, 0, 10000) for month in months]
    assert total(rows) == (0, 20000)


def test_what_is_due_in_a_window_rests_on_the_values_of_its_days(tmp_path: Path) -> None:
    parameters = "kind: parameters\nparameters:\n  - {name: gift, label: 礼金, type: number, unit: 元, values: ["
    parameters += "{valid: .., value: 100, status: example, source: s}]}\n"
    text = policy("甲", "参数.礼金").replace("per: month", "per: once, window: 01-20..01-25")
    ruleset = load(written(tmp_path, text, parameters), cache=False)
    read, _ = ruleset.read(ANYBODY, date(2019, 1, 1))
    (due,) = payments(timeline(ruleset, read, to_day(date(2019, 1, 1)), to_day(date(2019, 3, 1))), ruleset.program)
    assert (due.month, due.low, due.provisional) == ("2019-01", 10000, True)


def test_an_explanation_names_the_window(tmp_path: Path) -> None:
    text = policy("甲", "100元").replace("per: month", "per: once, window: 02-10..02-12")
    (found,) = load(written(tmp_path, text), cache=False).explain(ANYBODY, "2019-02-13", policy="p")
    assert found.reasons[0].holds == 0
    assert found.reasons[0].text.zh == "基准日在每年的 2 月 10 日至 2 月 12 日之间"
    assert found.reasons[0].text.en == "the date asked for lies from 10 February to 12 February"


@given(st.dates(date(2001, 1, 1), date(2001, 12, 31)), st.dates(date(2001, 1, 1), date(2001, 12, 31)), st.dates())
def test_a_window_has_the_days_from_its_first_to_its_last(first: date, last: date, day: date) -> None:
    if day.year < 2:
        return
    text = f"{first:%m-%d}..{last:%m-%d}"
    window = window_source(TextDoc(text, Span(Source("t", text), 0, len(text))), Reporter())
    assert isinstance(window, Window)
    ends = [calendar_of_day(one, to_day(day)) for one in (window.start, window.end)]
    inside = window.start == window.end or ends[1] < ends[0]
    here = (day.month, day.day) if (day.month, day.day) != (2, 29) else (2, 28)
    low, high = (first.month, first.day), (last.month, last.day)
    assert inside == (low <= here <= high if low <= high else here >= low or here <= high)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sets(st.integers(1, 11)), st.sampled_from(["month", "quarter", "half_year", "year", "term"]))
def test_months_of_payment_only_move_what_is_due(
    tmp_path_factory: pytest.TempPathFactory, months: set[int], per: str
) -> None:
    """Over a year whose last month pays, the sum is the same; each payment is what has come due since the last."""
    when, year = "基准日 >= 2019-02-15 且 月份(基准日) ≠ 6", ("2019-01-01", "2019-12-31")
    plain = dues(tmp_path_factory.mktemp("plain"), when, f"per: {per}", *year)
    asked = sorted({*months, 12})
    paid = dues(tmp_path_factory.mktemp("paid"), when, f"per: {per}, pay: {{months: {asked}}}", *year)
    expected: dict[str, int] = {}
    for month, amount in plain.items():
        at = next(one for one in asked if one >= int(month[-2:]))
        expected[f"2019-{at:02}"] = expected.get(f"2019-{at:02}", 0) + amount
    assert paid == expected


def each_due(
    folder: Path, per: str, people: Sequence[Mapping[str, object]], level: str = "member"
) -> list[tuple[str, int, int]]:
    """What is due of a policy for whoever is sixty, in euros; the sum of all comes last."""
    text = (
        policy("周岁数(出生日期) >= 60", "100元").replace("per: month", per).replace("for: household", f"for: {level}")
    )
    ruleset = load(written(folder, text), cache=False)
    begin, end = date(2019, 1, 1), date(2019, 12, 31)
    read, _ = ruleset.read({"id": "h", "members": people}, begin)
    rows = payments(timeline(ruleset, read, to_day(begin), to_day(end)), ruleset.program)
    low, high = total(rows)
    return [*((one.month, one.low // 10000, one.high // 10000) for one in rows), ("", low // 10000, high // 10000)]


@pytest.mark.parametrize("per", ["per: year", "per: once"])
def test_what_comes_once_comes_to_each_member(tmp_path: Path, per: str) -> None:
    people = [{"id": "m", "出生日期": "1959-02-10"}, {"id": "n", "出生日期": "1959-06-10"}]
    assert each_due(tmp_path, per, people) == [("2019-03", 1, 1), ("2019-07", 1, 1), ("", 2, 2)]


def test_what_was_perhaps_paid_is_perhaps_due_when_it_is_sure_and_counts_once(tmp_path: Path) -> None:
    # sixty on some day of March, surely on the first of April: in one of the two months
    found = each_due(tmp_path, "per: year", [{"id": "m", "出生日期": "1959-03"}])
    assert found == [("2019-03", 0, 1), ("2019-04", 0, 1), ("", 1, 1)]


def test_each_month_may_bring_what_comes_once_while_it_is_open_whether_it_did(tmp_path: Path) -> None:
    # sixty on some day of April, May or June: in the month after, surely by July
    born = [{"id": "m", "出生日期": {"min": "1959-04-02", "max": "1959-06-30"}}]
    months = [("2019-05", 0, 1), ("2019-06", 0, 1), ("2019-07", 0, 1)]
    assert each_due(tmp_path, "per: once", born) == [*months, ("", 1, 1)]
    paid = "per: once".replace("once", "year, pay: {months: [6, 12]}")
    assert each_due(tmp_path, paid, born) == [("2019-06", 0, 1), ("2019-12", 0, 1), ("", 1, 1)]


def test_what_may_come_on_any_day_of_a_month_comes_once_in_it(tmp_path: Path) -> None:
    window = "per: once, window: 03-01..04-30"
    found = each_due(tmp_path, window, [{"id": "m", "出生日期": {"min": "1959-03-10", "max": "1959-03-20"}}])
    assert found == [("2019-03", 1, 1), ("", 1, 1)]
