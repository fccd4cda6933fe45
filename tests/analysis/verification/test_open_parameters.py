"""Where a parameter has no value two rulesets differ for a household that shows it, or both are said to stay open."""

from __future__ import annotations

from pathlib import Path

import pytest
from checked_ruleset import policy, written

from fupin_policy import Ruleset, load
from fupin_policy.analysis.verification.differences import DatedDifference, differences
from fupin_policy.core.decision import Status
from fupin_policy.reports.findings_text import differences_text

PARAMETER = """kind: parameters
parameters:
  - {{name: {name}, label: {name}, unit: 元, range: 0..1000, values: [
      {{valid: {first}..2020-12-31, value: 100, status: example, source: s}}]}}
"""
BEFORE = "2018-06-01"


def rules(folder: Path, when: str, name: str = "limit", first: str = "2019-01-01") -> Ruleset:
    folder.mkdir(exist_ok=True)
    files = policy(f'"{when}"'), PARAMETER.format(name=name, first=first)
    return load(written(folder, *files), cache=False)


def found(one: Ruleset, other: Ruleset) -> list[DatedDifference]:
    return [stretch for policy_ in differences(one.program, other.program) for stretch in policy_.stretches]


def statuses(one: Ruleset, other: Ruleset, stretch: DatedDifference) -> list[Status]:
    """What both say of the household that is shown, with nothing supposed."""
    assert stretch.before is not None and stretch.after is not None
    assert not stretch.before.parameters and not stretch.after.parameters
    shown = zip((one, other), (stretch.before, stretch.after), strict=True)
    return [ruleset.evaluate(each.household, each.as_of).decisions[0].status for ruleset, each in shown]


def test_a_value_that_came_earlier_is_shown_where_nothing_is_supposed(tmp_path: Path) -> None:
    """`--set` would give the value to both, and they would not differ."""
    one, other = (
        rules(tmp_path / name, "收入 < 参数.limit", first=day)
        for name, day in (("a", "2019-01-01"), ("b", "2018-01-01"))
    )
    earlier = found(one, other)[0]
    assert earlier.verdict == "differs"
    was, now = statuses(one, other, earlier)
    assert was is Status.UNKNOWN and now is not Status.UNKNOWN


def test_a_household_that_is_refused_whatever_the_value_is_shown_first(tmp_path: Path) -> None:
    one = rules(tmp_path / "a", "收入 < 参数.limit 且 收入 > 500元")
    other = rules(tmp_path / "b", "收入 > 500元 且 收入 < 2000元 且 甲", name="other")
    earlier = found(one, other)[0]
    assert earlier.verdict == "differs"
    assert len(set(statuses(one, other, earlier))) == 2


@pytest.mark.parametrize(("lang", "said"), [("zh", "两个版本都待定"), ("en", "both stay open")])
def test_both_stay_open_is_said(tmp_path: Path, lang: str, said: str) -> None:
    one = rules(tmp_path / "a", "收入 < 参数.limit")
    other = rules(tmp_path / "b", "收入 < 参数.other", name="other")
    (policy_,) = differences(one.program, other.program)
    assert policy_.verdict == "open"
    assert statuses(one, other, policy_.stretches[0]) == [Status.UNKNOWN, Status.UNKNOWN]
    assert said in differences_text([policy_], one.program, other.program, "en" if lang == "en" else "zh", 3)


def test_one_value_supposed_of_both_shows_a_difference(tmp_path: Path) -> None:
    one, other = rules(tmp_path / "a", "收入 < 参数.limit"), rules(tmp_path / "b", "收入 <= 参数.limit")
    earlier = found(one, other)[0]
    assert earlier.verdict == "differs" and earlier.before is not None and earlier.after is not None
    assert earlier.before.parameters == earlier.after.parameters != ()
    assert list(earlier.before.values.values()) != list(earlier.after.values.values())
