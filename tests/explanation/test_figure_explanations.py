"""Figures that are no amounts are explained by what is so; those that are, by a sum."""

from __future__ import annotations

from pathlib import Path

from figures import with_figures
from small_rulesets import DAY


def test_values_of_members_say_whose_they_are(tmp_path: Path) -> None:
    members = [{"id": "a", "出生日期": "1950-01-01"}, {"id": "b", "出生日期": "2000-01-01"}]
    found = with_figures(tmp_path).explain_figures({"id": "h", "收入": 50, "members": members}, DAY)
    first = {one.figure.figure.name: one.text("zh").splitlines()[0] for one in found}
    assert first["poor"] == "贫困：是（2019-06-30）" and first["is_old"] == "老人：a 是；b 否（2019-06-30）"


def test_what_is_in_fact_so_is_told_where_there_is_no_sum(tmp_path: Path) -> None:
    household = {"id": "h", "收入": 50, "members": [{"id": "m"}]}
    told = {one.figure.figure.name: one for one in with_figures(tmp_path).explain_figures(household, DAY)}
    assert told["poor"].sum is None and "  实际：收入：50.00 欧元" in told["poor"].text("zh").splitlines()
    assert told["per_head"].sum is not None and "实际：" not in told["per_head"].text("zh")
