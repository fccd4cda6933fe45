"""The two ways to ask whether years or months have passed: what each says, and that using both is warned of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from checked_ruleset import checked, policy, told, written

from fupin_policy import load
from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.expressions import Period
from fupin_policy.core.possible import date_diff_days, shift_day

TERMS = """kind: terms
terms:
  - {{name: old, label: 已满, for: member, value: {old}}}
  - {{name: due, label: 到期, for: member, value: {due}}}
"""


@pytest.mark.fault("A7")
def test_both_ways_of_one_date_are_warned_of(tmp_path: Path) -> None:
    both = TERMS.format(old="周岁数(出生日期) >= 59", due="出生日期 + 59年 <= 基准日")
    assert told(checked(tmp_path, both)[1]) == [("T229", "more0.yaml:4:48", "出生日期 + 59年 <= 基准日")]


@pytest.mark.fault("A7")
@pytest.mark.parametrize(
    ("old", "due"),
    [
        ("周岁数(出生日期) >= 59", "周岁数(出生日期) >= 60"),
        ("识别日期 + 59年 <= 基准日", "识别日期 + 1月 <= 基准日"),
        ("识别日期 + 1年 <= 基准日", "识别日期 + 1月 <= 基准日"),
        ("周岁数(出生日期) >= 59", "出生日期 + 59天 <= 基准日"),
    ],
)
def test_one_way_alone_is_not(tmp_path: Path, old: str, due: str) -> None:
    entered = "{name: entered, label: 识别日期, for: household, type: date, range: 2010-01-01..2019-12-31}"
    facts = f"kind: facts\nfacts: [{entered}]\n"
    assert checked(tmp_path, facts, TERMS.format(old=old, due=due))[1] == []


@pytest.mark.parametrize(
    ("due", "meant"),
    [
        ("出生日期 + 59年 <= 基准日", "周岁数(出生日期) >= 59"),
        ("基准日 < born + 1月", "completed_months(born) < 1"),
        ("出生日期 + 59年 = 基准日", None),
    ],
)
def test_adding_to_a_date_of_birth_is_warned_of_even_alone(tmp_path: Path, due: str, meant: str | None) -> None:
    found = checked(tmp_path, TERMS.format(old="是", due=due))[1]
    assert [(one.code, one.suggestion) for one in found] == [("T230", meant)]


@pytest.mark.fault("A7")
def test_the_guide_says_what_is_so(tmp_path: Path) -> None:
    terms = TERMS.format(old="周岁数(出生日期) >= 59", due="出生日期 + 59年 <= 基准日")
    second = policy("有成员满足(到期)", id_="q", title="{zh: 期限, en: Due}")
    ruleset = load(written(tmp_path, terms, policy("有成员满足(已满)"), second), cache=False)
    born = {"id": "h", "members": [{"id": "m", "出生日期": "1960-02-29"}]}
    for day, old, due in (("2019-02-27", False, False), ("2019-02-28", False, True), ("2019-03-01", True, True)):
        found = ruleset.evaluate(born, day)
        assert [found[name].status.value == "eligible" for name in ("p", "q")] == [old, due]
    assert to_date(shift_day(to_day(date(2016, 2, 29)), 1, Period.YEARS)) == date(2017, 2, 28)


@pytest.mark.fault("A7")
@pytest.mark.parametrize("born", [date(2016, 2, 29), date(2016, 1, 31), date(2016, 3, 30), date(2016, 5, 17)])
def test_they_differ_by_a_day_at_most_and_only_where_the_month_has_no_such_day(born: date) -> None:
    for period, counts in ((Period.YEARS, range(1, 9)), (Period.MONTHS, range(1, 49))):
        for count in counts:
            due = shift_day(to_day(born), count, period)
            first = next(day for day in (due, due + 1) if date_diff_days(period, to_day(born), day) >= count)
            assert (first != due) == (to_date(due).day != born.day)
