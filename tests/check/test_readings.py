"""Readings of the law, and parameters that are codes or truths: constant where taken, unknown where open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial, reduce
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rulesets import DAY, policy, written
from text_files import write_files

from fupin_policy import Ruleset, RulesetError, load
from fupin_policy.core.decision import Status
from fupin_policy.core.missing import Missing
from fupin_policy.core.possible import Value, join
from fupin_policy.testing import as_of_dates, households, rulesets

READINGS = """\
kind: readings
readings:
  - id: elderly
    label: {zh: 老年人, en: older person}
    clause: s 4.2
    options:
      - {name: sixty, label: 满六十, why: {zh: 依法律, en: By law}}
      - {name: sixty_five, label: 满六十五, why: {zh: 依附表, en: By the table}}
    taken: 满六十
  - id: work
    label: 就业
    clause: s 5
    options:
      - {name: hired, label: 受雇, why: 字面}
      - {name: any_work, label: 各种就业, why: 目的}
    taken: hired
"""
WHEN = "(读法.老年人 = 满六十 且 年龄 >= 60) 或 (reading.elderly = sixty_five 且 年龄 >= 65)"


def small(folder: Path, when: str = WHEN, extra: str = "", readings: str = READINGS, facts: str = "") -> Ruleset:
    folder.mkdir(exist_ok=True)
    (folder / "readings.yaml").write_text(readings, encoding="utf-8")
    (folder / "parameters.yaml").write_text(f"kind: parameters\nparameters:\n{extra}" if extra else "")
    if not extra:
        (folder / "parameters.yaml").unlink()
    facts = f"- {{name: age, label: 年龄, for: household, type: number, unit: 周岁, range: 0..120}}\n{facts}"
    rules = policy(when) + policy("读法.就业 = 受雇", name="q") + policy("年龄 < 18", name="r")
    return written(folder, facts, rules)


def statuses(rules: Ruleset, **given: Any) -> list[Status]:
    return [one.status for one in rules.evaluate({"id": "1", "members": [], **given}, DAY).decisions]


@pytest.fixture
def rules(tmp_path: Path) -> Ruleset:
    return small(tmp_path / "rules")


def test_the_option_that_is_taken_decides(rules: Ruleset) -> None:
    assert statuses(rules, 年龄=62)[0] is Status.ELIGIBLE
    assert statuses(rules.with_values({"读法.老年人": "满六十五"}), 年龄=62)[0] is Status.INELIGIBLE
    assert statuses(rules.with_values({"reading.elderly": "sixty_five"}), 年龄=65)[0] is Status.ELIGIBLE


def test_an_open_reading_is_missing_where_it_decides(rules: Ruleset) -> None:
    tried = rules.with_values({}, open_readings=["老年人"])
    assert [statuses(tried, 年龄=age)[0] for age in (59, 62, 70)] == [
        Status.INELIGIBLE,
        Status.UNKNOWN,
        Status.ELIGIBLE,
    ]
    decided = tried.evaluate({"id": "1", "年龄": 62, "members": []}, DAY)
    assert [(one.fact, one.label, one.english) for one in decided.decisions[0].missing] == [
        ("parameter.reading.elderly", "读法.老年人", "reading older person")
    ]
    assert decided.trial == ("读法.老年人=未知",)
    assert statuses(tried, 年龄=62)[1] is Status.ELIGIBLE
    every = rules.with_values({}, open_readings=["all"])
    assert statuses(every, 年龄=62) == [Status.UNKNOWN, Status.UNKNOWN, Status.INELIGIBLE]
    assert every.digest != tried.digest != rules.digest


def test_a_reading_is_opened_where_rules_are_loaded(tmp_path: Path) -> None:
    small(tmp_path / "rules")
    tried = load(tmp_path / "rules", cache=False, open_readings=["读法.老年人", "就业"])
    assert statuses(tried, 年龄=62)[:2] == [Status.UNKNOWN, Status.UNKNOWN]


@pytest.mark.parametrize("name", ["elderly", "reading.elderly", "读法.elderly", "老年人", "reading.老年人"])
def test_a_reading_is_opened_by_its_label_or_its_id(rules: Ruleset, name: str) -> None:
    assert statuses(rules.with_values({}, open_readings=[name]), 年龄=62)[0] is Status.UNKNOWN


def test_explanations_name_the_reading_and_its_clause(rules: Ruleset) -> None:
    told = rules.explain({"id": "1", "年龄": 62, "members": []}, DAY, "p.p")[0]
    assert "读法.老年人：满六十（采用的读法，S 4.2）" in told.text("zh")
    assert "reading older person: sixty (the reading that is taken, s 4.2)" in told.text("en")
    (use,) = told.as_json()["parameters"]
    assert (use["name"], use["source"], use["reading"]) == ("reading.elderly", "s 4.2", True)
    tried = rules.with_values({"读法.老年人": "满六十五"})
    told = tried.explain({"id": "1", "年龄": 62, "members": []}, DAY, "p.p")[0]
    assert "读法.老年人：满六十五（试用的读法，S 4.2）" in told.text("zh")
    opened = rules.with_values({}, open_readings=["all"])
    told = opened.explain({"id": "1", "年龄": 62, "members": []}, DAY, "p.p")[0]
    assert "（没有取定读法，S 4.2）" in told.text("zh")


@pytest.mark.parametrize("name", ["老人", "读法.老人"])
def test_a_reading_misspelt(rules: Ruleset, name: str) -> None:
    with pytest.raises(RulesetError) as error:
        rules.with_values({}, open_readings=[name])
    assert "N185" in str(error.value) and "读法.老年人" in str(error.value)


def test_parameters_may_be_codes_and_truths(tmp_path: Path) -> None:
    extra = """\
  - {name: pilot, label: 试点, type: truth, values: [
      {valid: ..2019-12-31, value: 否, status: enacted, source: s 1}, {valid: 2020-01-01.., value: true,
       status: enacted, source: s 1}]}
  - {name: way, label: 方式, type: code, codes: 读法.就业, values: [
      {valid: .., value: 受雇, status: example, source: s}]}
"""
    rules = small(tmp_path / "rules", "参数.试点 且 参数.方式 = 读法.就业", extra)
    found = [rules.evaluate({"id": "1", "members": []}, day).decisions[0].status for day in (DAY, "2020-06-30")]
    assert found == [Status.INELIGIBLE, Status.ELIGIBLE]
    tried = rules.with_values({"参数.试点": "unknown"})
    (missing,) = tried.evaluate({"id": "1", "members": []}, DAY).decisions[0].missing
    assert missing.label == "参数.试点"


def test_a_date_without_a_value_lies_within_its_range(tmp_path: Path) -> None:
    extra = """\
  - {name: feast, label: 节日, type: date, range: 2020-01-20..2020-02-20, values: [
      {valid: ..2019-12-31, value: 2020-02-05, status: example, source: s}, {valid: 2020-01-01.., value: unknown}]}
"""
    rules = small(tmp_path / "rules", "基准日 + 10日 < 参数.节日", extra)
    days = (DAY, "2020-01-05", "2020-01-15", "2020-02-15")
    found = [rules.evaluate({"id": "1", "members": []}, day).decisions[0].status for day in days]
    assert found == [Status.ELIGIBLE, Status.ELIGIBLE, Status.UNKNOWN, Status.INELIGIBLE]


def test_an_overlay_takes_another_option(tmp_path: Path) -> None:
    small(tmp_path / "rules")
    (tmp_path / "over").mkdir()
    head = "kind: ruleset\nid: over\ntitle: {zh: 另, en: Over}\nextends: ../rules\n"
    (tmp_path / "over" / "ruleset.yaml").write_text(head, encoding="utf-8")
    first = READINGS[: READINGS.index("  - id: work")]
    changed = first.replace("id: elderly", "id: elderly\n    replace: true").replace("taken: 满六十", "taken: 满六十五")
    (tmp_path / "over" / "readings.yaml").write_text(changed, encoding="utf-8")
    rules = load(tmp_path / "over", cache=False)
    assert statuses(rules, 年龄=62)[0] is Status.INELIGIBLE
    assert not rules.program.trial


OPTIONS = {"读法.范围": ("窄", "宽", "中"), "读法.起算": ("申请", "识别")}
COMBINATIONS = [dict(zip(OPTIONS, some, strict=True)) for some in product(*OPTIONS.values())]


@settings(max_examples=4, deadline=None)
@given(st.data())
def test_what_is_open_is_the_hull_of_all_options(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """What open readings leave possible is what any options make it, and no more; those that matter are missing.

    So it is in the module and in the interpreter. Of a household of which all is known nothing else is missing.
    """
    folder = tmp_path_factory.mktemp("random")
    write_files(folder, data.draw(rulesets()))
    rules = load(folder, cache=False)
    day, known = data.draw(as_of_dates(rules)), data.draw(st.booleans())
    household = data.draw(households(rules, day, known=known))
    opened = rules.with_values({}, open_readings=["all"])
    wide = opened.evaluate(household, day)
    interpreted = opened.interpret(household, day)
    assert (wide.decisions, wide.figures) == (interpreted.decisions, interpreted.figures)
    tried = [rules.with_values(options) for options in COMBINATIONS]
    found = [told(one, household, day) for one in tried]
    assert told(opened, household, day) == [hull(rules, at, some) for at, some in enumerate(zip(*found, strict=True))]
    every = [one.evaluate(household, day) for one in tried]
    for at, one in enumerate(wide.decisions):
        matter([(other.decisions[at].status, other.decisions[at].amount) for other in every], one.missing, known)
    for at, figure in enumerate(wide.figures):
        matter([other.figures[at].values for other in every], figure.missing, known)


def matter(answers: Sequence[object], missing: Sequence[Missing], known: bool) -> None:
    """That all readings are missing on which answers rest; and none, where all is known and answers are the same."""
    named = {need.label for need in missing}
    under = [*zip(COMBINATIONS, answers, strict=True)]
    for name in OPTIONS:
        rests = any(
            one != other and {**options, name: ""} == {**others, name: ""}
            for options, one in under
            for others, other in under
        )
        assert name in named or not rests, name
    if known:
        assert not named & {*OPTIONS} or len(set(answers)) > 1


def told(rules: Ruleset, household: dict[str, Any], day: date) -> list[tuple[Value, ...]]:
    """The possible values of every output."""
    found = rules.findings(*rules.read(household, day))
    policies = [some for pair in zip(found.outcomes, found.amounts, strict=True) for some in pair if some is not None]
    return [*policies, *found.further]


def hull(rules: Ruleset, output: int, values: tuple[tuple[Value, ...], ...]) -> tuple[Value, ...]:
    """Of an output what its values leave possible together."""
    type_ = rules.program.outputs[output].type
    return tuple(reduce(partial(join, type_), some) for some in zip(*values, strict=True))


def test_two_open_readings_are_looked_at_together(tmp_path: Path) -> None:
    """Against plain Python: each combination of options, and which reading makes a difference."""
    sixty, hired = "读法.老年人 = 满六十", "读法.就业 = 受雇"
    when = f"({sixty} 且 {hired} 且 年龄 >= 60) 或 (非 {sixty} 且 年龄 >= 65) 或 (非 {hired} 且 年龄 >= 63)"
    rules = small(tmp_path / "rules", when).with_values({}, open_readings=["all"])
    for age in (50, 60, 63, 64, 65):
        under = {
            (first and second and age >= 60) or (not first and age >= 65) or (not second and age >= 63)
            for first in (True, False)
            for second in (True, False)
        }
        wanted = Status.UNKNOWN if len(under) > 1 else Status.ELIGIBLE if True in under else Status.INELIGIBLE
        assert statuses(rules, 年龄=age)[0] is wanted, age


def test_what_settles_an_open_reading_is_said_by_options(rules: Ruleset) -> None:
    opened = rules.with_values({}, open_readings=["all"])
    told = opened.explain({"id": "1", "年龄": 70, "members": []}, DAY, "p.p")[0]
    assert [one.text.zh for one in told.reasons] == [
        "若读法.老年人是满六十：年龄不小于 60 岁",
        "若读法.老年人是满六十五：年龄不小于 65 岁",
    ]
    (use,) = told.parameters
    assert (use.value.zh, use.standing) == ("未知", None)


def test_a_reading_that_makes_no_difference_is_not_missing(tmp_path: Path) -> None:
    """Who is old enough under each option only lacks the other fact."""
    facts = "- {name: poor, label: 贫困, for: household, type: truth}\n"
    when = "贫困 且 (若 读法.老年人 = 满六十 则 年龄 >= 60 否则 年龄 >= 65)"
    rules = small(tmp_path / "rules", when, facts=facts).with_values({}, open_readings=["all"])
    missing = rules.evaluate({"id": "1", "年龄": 70, "members": []}, DAY).decisions[0].missing
    assert [one.label for one in missing] == ["贫困"]
    missing = rules.evaluate({"id": "1", "年龄": 62, "members": []}, DAY).decisions[0].missing
    assert [one.label for one in missing] == ["贫困", "读法.老年人"]


def test_more_combinations_than_are_told_apart_stay_open(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Seven readings of two options have 128 combinations: the last one is open in each of the others'."""
    head = READINGS[: READINGS.index("  - id: elderly")]
    entry = READINGS[READINGS.index("  - id: elderly") : READINGS.index("  - id: work")]
    work = READINGS[READINGS.index("  - id: work") :]
    more = "".join(entry.replace("elderly", f"r{at}").replace("老年人", f"读{at}") for at in range(7))
    either = [f"((读法.读{at} = 满六十 且 年龄 >= 60) 或 (读法.读{at} = 满六十五 且 年龄 >= 50))" for at in range(7)]
    rules = small(tmp_path / "rules", " 且 ".join(either), readings=head + more + work)
    assert not [one for one in caplog.messages if "N188" in one]
    opened = rules.with_values({}, open_readings=["all"])
    (warned,) = [one for one in caplog.messages if "N188" in one]
    assert "128" in warned and "64" in warned
    assert [statuses(opened, 年龄=age)[0] for age in (49, 55, 60)] == [
        Status.INELIGIBLE,
        Status.UNKNOWN,
        Status.UNKNOWN,
    ]
    (missing,) = opened.evaluate({"id": "1", "年龄": 60, "members": []}, DAY).decisions[0].missing[-1:]
    assert missing.label == "读法.读6"
