"""What rests on facts: of several members on one line, and months in a row of one fact."""

from __future__ import annotations

import pytest

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.missing import Missing
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.opened_facts import OpenedFacts


def told(lang: Lang, *facts: tuple[str, str | None, str], titles: tuple[str, ...] = ("a",)) -> list[str]:
    """Lines of facts, each with its period, whose it is, and what stands behind it."""
    found = OpenedFacts(lang)
    for period, member, value in facts:
        zh, en = (f"{word} {period}".strip() for word in ("工资", "wage"))
        for title in titles:
            found.add(Missing(en, zh, member, en), value, title)
    return [name for name, _ in found.told()]


@pytest.mark.parametrize(("lang", "wanted"), [("zh", "工资 2018-11 至 2019-02"), ("en", "wage 2018-11 to 2019-02")])
def test_months_in_a_row_have_one_line(lang: Lang, wanted: str) -> None:
    months = ("2019-02", "2018-12", "2019-01", "2018-11")
    assert told(lang, *((month, None, "") for month in months)) == [wanted]


def test_a_gap_parts_them() -> None:
    months = ("2019-01", "2019-02", "2019-04", "2019-06", "2019-07", "2019-08")
    lines = ["工资 2019-01 至 2019-02", "工资 2019-04", "工资 2019-06 至 2019-08"]
    assert told("zh", *((month, None, "") for month in months)) == lines


def test_years_are_no_months() -> None:
    assert told("zh", *((year, None, "") for year in ("2017", "2018", "2019"))) == ["工资 2017 至 2019"]


def test_only_what_is_of_the_same_people_and_the_same_value() -> None:
    facts = [("2019-01", "m1", ""), ("2019-01", "m2", ""), ("2019-02", "m1", ""), ("2019-02", "m2", "")]
    assert told("zh", *facts) == ["m1、m2.工资 2019-01 至 2019-02"]
    assert told("zh", *facts[:3]) == ["m1、m2.工资 2019-01", "m1.工资 2019-02"]
    assert told("zh", ("2019-01", None, "=0"), ("2019-02", None, "=1")) == ["工资 2019-01=0", "工资 2019-02=1"]


def test_what_rests_on_one_only_stands_apart() -> None:
    found = OpenedFacts("zh")
    for period, title in (("2019-01", "甲"), ("2019-02", "乙")):
        found.add(Missing(f"wage {period}", f"工资 {period}", None), "", title)
    assert list(found.told()) == [("工资 2019-01", ["甲"]), ("工资 2019-02", ["乙"])]


def test_a_fact_of_no_month_is_as_it_was() -> None:
    assert told("zh", ("", "m1", "=否"), ("", "m2", "=否"), titles=("a", "b")) == ["m1、m2.工资=否"]


def test_a_parameter_as_of_a_day_is_of_no_month() -> None:
    """Found by Hypothesis: behind its blank stands the day, in words."""
    found = OpenedFacts("zh")
    stated = Bilingual("试点(截至 11-01)", "trial_run(as of 11-01)")
    found.add(Missing("parameter.trial_run(as of 11-01)", "参数.试点(截至 11-01)", None, "", stated), "", "甲")
    assert list(found.told()) == [("参数.试点(截至 11-01)", ["甲"])]
