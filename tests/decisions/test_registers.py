"""Precedence, departments, places, targets and duties in small changes to the lesson's ruleset."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fupin_policy import Ruleset, load
from fupin_policy.analysis.clause_accounts import accounts
from fupin_policy.analysis.example_coverage import example_coverage
from fupin_policy.analysis.examples import run_examples
from fupin_policy.decisions.judgements import TargetProgress
from fupin_policy.diagnostics import RulesetError

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
Edit = Callable[[str, str, str], Path]

PLACES = """kind: facts
facts:
  - {name: town_income, label: 镇收入, for: town, type: number, unit: 元, range: 0..1000000}
  - {name: poor_town, label: 贫困镇, for: town, type: truth}
"""
TARGET = """kind: targets
targets:
  - id: town.income
    title: {zh: 镇收入, en: Income}
    for: town
    applies: 贫困镇
    reach: 镇收入 >= 100元
    by: 2019-12-31
    valid: 2019-01-01..2019-12-31
    basis: [lesson-1 1.1]
    lead: [各乡镇]
    examples:
      - {name: 达到, as_of: 2019-06-30, figures: {贫困镇: 是, 镇收入: 100}, expect: met}
"""
CLAUSES = """kind: clauses
source: lesson-1
clauses:
  - {id: "1.1", summary: {zh: 甲, en: A}, lead: [县民政局], cooperating: [各乡镇]}
  - {id: "1.2", summary: {zh: 乙, en: B}, lead: [县卫计局]}
  - {id: "2.1", summary: {zh: 丙, en: C}}
  - {id: "3.1", summary: {zh: 丁, en: D}, nothing: {zh: 只讲原则, en: principles only}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LESSON, tmp_path / "lesson"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    def change(file: str, old: str, new: str) -> Path:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


def codes(folder: Path) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        load(folder, cache=False)
    return [one.code for one in caught.value.diagnostics]


def old_age(ruleset: Ruleset, as_of: str, born: str) -> str:
    household = {"id": "h", "享受低保": "是", "members": [{"id": "m", "出生日期": born}]}
    return ruleset.evaluate(household, as_of)["elderly.old_age_allowance"].status.value


class TestPrecedence:
    @pytest.fixture
    def overlapping(self, edit: Edit) -> Path:
        edit(
            "sources.yaml", "  - id: lesson-figures", "  - {id: old, title: {zh: 旧, en: Old}}\n  - id: lesson-figures"
        )
        edit("policies.yaml", "basis: [lesson-1 1.1]", "basis: [old]")
        return edit("policies.yaml", "valid: ..2018-12-31", "valid: ..")

    def test_two_sources_without_an_order_are_a_conflict(self, overlapping: Path) -> None:
        assert codes(overlapping) == ["D104"]

    def test_the_later_source_keeps_its_days(self, overlapping: Path, edit: Edit) -> None:
        edit("sources.yaml", "    issued: 2018-01-01", "    issued: 2018-01-01\n    prevails_over: [old]")
        ruleset = load(overlapping, cache=False)
        assert old_age(ruleset, "2018-12-31", "1950-01-01") == "ineligible"
        assert old_age(ruleset, "2019-01-01", "1950-01-01") == "eligible"

    def test_earlier_is_all_that_the_issuer_gave_out_before(self, overlapping: Path, edit: Edit) -> None:
        edit("sources.yaml", "    issued: 2018-01-01", "    issued: 2018-01-01\n    prevails_over: [earlier]")
        assert codes(overlapping) == ["D104"]
        old = "  - {id: old, title: {zh: 旧, en: Old}, issued: 2017-01-01, issuer: {zh: 教学县, en: Lesson county}}"
        edit("sources.yaml", "  - {id: old, title: {zh: 旧, en: Old}}", old)
        assert old_age(load(overlapping, cache=False), "2019-01-01", "1950-01-01") == "eligible"

    def test_an_old_rule_goes_on_before_and_after(self, overlapping: Path, edit: Edit) -> None:
        edit("sources.yaml", "    issued: 2018-01-01", "    issued: 2018-01-01\n    prevails_over: [old]")
        edit("policies.yaml", "valid: 2019-01-01..", "valid: 2019-01-01..2019-06-30")
        ruleset = load(overlapping, cache=False)
        policy = next(one for one in ruleset.policies if one.id == "elderly.old_age_allowance")
        assert [version.basis[0].source for version in policy.versions] == ["old", "lesson-1", "old"]
        assert [old_age(ruleset, day, "1939-01-01") for day in ("2018-12-31", "2019-07-01")] == [
            "ineligible",
            "eligible",
        ]

    def test_sources_that_prevail_over_each_other(self, overlapping: Path, edit: Edit) -> None:
        edit("sources.yaml", "    issued: 2018-01-01", "    issued: 2018-01-01\n    prevails_over: [old]")
        edit("sources.yaml", "{id: old,", "{id: old, prevails_over: [lesson-1],")
        assert set(codes(overlapping)) == {"N125"}

    def test_a_source_that_is_not_there(self, edit: Edit) -> None:
        folder = edit("sources.yaml", "    issued: 2018-01-01", "    issued: 2018-01-01\n    prevails_over: [lesson-2]")
        assert codes(folder) == ["N106"]


class TestClauses:
    def test_departments_come_from_the_clause_where_none_are_named(self, folder: Path, edit: Edit) -> None:
        (folder / "clauses.yaml").write_text(CLAUSES, encoding="utf-8")
        edit(
            "policies.yaml",
            "        lead: [县民政局]\n        cooperating: [各乡镇]\n        basis: [lesson-1 1.2]",
            "        basis: [lesson-1 1.2]",
        )
        found = load(folder, cache=False).evaluate({"id": "h", "members": [{"id": "m"}]}, "2019-06-30")
        assert [words.zh for words in found["elderly.old_age_allowance"].lead] == ["县卫生健康局"]

    def test_nobody_leads(self, folder: Path, edit: Edit) -> None:
        (folder / "clauses.yaml").write_text(CLAUSES, encoding="utf-8")
        edit("policies.yaml", "        lead: [县卫生健康局]\n        cooperating: [县民政局, 各乡镇]\n", "")
        assert codes(folder) == ["N126"]

    def test_that_an_empty_list_leads_is_told_once(self, folder: Path, edit: Edit) -> None:
        edit("policies.yaml", "lead: [县卫生健康局]", "lead: []")
        assert codes(folder) == ["Y205"]

    def test_what_became_of_each(self, folder: Path) -> None:
        (folder / "clauses.yaml").write_text(CLAUSES, encoding="utf-8")
        found = {one.clause.id: one for one in accounts(load(folder, cache=False).program)}
        assert found["1.1"].policies == ("elderly.old_age_allowance",)
        assert [name for name, one in found.items() if not one.accounted] == []
        assert found["3.1"].policies == () and found["3.1"].clause.nothing is not None

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("source: lesson-1", "source: lesson-9", "N106"),
            ("lead: [县卫计局]", "lead: [县卫健局]", "N105"),
            ('{id: "1.2"', '{id: "1.1"', "N110"),
            ("summary: {zh: 丙, en: C}", "summery: {zh: 丙, en: C}", "Y201"),
        ],
    )
    def test_slips(self, folder: Path, old: str, new: str, code: str) -> None:
        (folder / "clauses.yaml").write_text(CLAUSES.replace(old, new), encoding="utf-8")
        assert code in codes(folder)


class TestPlaces:
    @pytest.fixture
    def towns(self, folder: Path) -> Path:
        (folder / "figures.yaml").write_text(PLACES, encoding="utf-8")
        (folder / "targets.yaml").write_text(TARGET, encoding="utf-8")
        return folder

    @pytest.mark.parametrize(
        ("as_of", "figures", "expected"),
        [
            ("2019-06-30", {"贫困镇": "是", "镇收入": 100}, TargetProgress.MET),
            ("2019-12-30", {"贫困镇": "是", "镇收入": "99.99"}, TargetProgress.PENDING),
            ("2019-12-31", {"贫困镇": "是", "镇收入": "99.99"}, TargetProgress.MISSED),
            ("2020-06-30", {"贫困镇": "是", "镇收入": "99.99"}, TargetProgress.MISSED),
            ("2019-12-31", {"贫困镇": "是", "镇收入": {"min": 99, "max": 100}}, TargetProgress.UNKNOWN),
            ("2019-12-31", {"贫困镇": "是", "镇收入": {"min": 100, "max": 200}}, TargetProgress.MET),
            ("2019-12-31", {"镇收入": 100}, TargetProgress.UNKNOWN),
            ("2019-12-31", {"贫困镇": "否"}, TargetProgress.NOT_APPLICABLE),
            ("2018-12-31", {"贫困镇": "是", "镇收入": 100}, TargetProgress.NOT_APPLICABLE),
        ],
    )
    def test_a_goal_to_reach(
        self, towns: Path, as_of: str, figures: dict[str, object], expected: TargetProgress
    ) -> None:
        found = load(towns, cache=False).of("town").judge({"id": "t", **figures}, as_of)
        assert [one.status for one in found] == [expected]

    @pytest.mark.parametrize(
        ("as_of", "income", "expected"),
        [
            ("2019-06-30", 100, TargetProgress.PENDING),
            ("2019-12-31", 100, TargetProgress.MET),
            ("2019-06-30", 99, TargetProgress.MISSED),
        ],
    )
    def test_a_goal_to_keep(self, towns: Path, edit: Edit, as_of: str, income: int, expected: TargetProgress) -> None:
        edit("targets.yaml", "reach:", "keep:")
        edit("targets.yaml", "by: 2019-12-31", "each: year")
        found = load(towns, cache=False).of("town").judge({"id": "t", "贫困镇": "是", "镇收入": income}, as_of)
        assert [one.status for one in found] == [expected]

    def test_what_is_missing_is_named(self, towns: Path) -> None:
        (found,) = load(towns, cache=False).of("town").judge({"id": "t", "贫困镇": "是"}, "2019-12-31")
        assert [one.text for one in found.missing] == ["镇收入"]

    def test_households_are_not_asked_for_the_figures_of_towns(self, towns: Path) -> None:
        ruleset = load(towns, cache=False)
        assert "town_income" not in {fact.name for fact in ruleset.facts}
        assert {fact.name for fact in ruleset.of("town").facts} == {"town_income", "poor_town"}

    def test_no_rules_for_a_kind_of_place(self, folder: Path) -> None:
        with pytest.raises(KeyError):
            load(folder, cache=False).of("town")

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("for: town\n    applies", "for: towns\n    applies", ["N123"]),
            ("for: town\n    applies", "for: member\n    applies", ["N123"]),
            ("applies: 贫困镇", "applies: 享受低保", ["N124"]),
            ("reach: 镇收入 >= 100元", "reach: 镇收入", ["T201"]),
            ("    by: 2019-12-31\n", "", ["Y207"]),
            ("    by: 2019-12-31\n", "    by: 2019-12-31\n    each: year\n", ["Y207"]),
            ("by: 2019-12-31", "by: 2019-12-32", ["Y125"]),
        ],
    )
    def test_slips(self, towns: Path, edit: Edit, old: str, new: str, expected: list[str]) -> None:
        edit("targets.yaml", old, new)
        assert sorted(codes(towns)) == expected

    def test_its_examples_are_run_and_what_they_leave_untried_is_reported(self, towns: Path, edit: Edit) -> None:
        ran, failures = run_examples(towns)
        assert ran > 1 and failures == ()
        _, gaps = example_coverage(towns)
        in_target = [one.code for one in gaps if one.place.split(":")[0].endswith("targets.yaml")]
        assert in_target == ["E403", "E403"]  # neither the condition nor the goal is seen to be false
        edit("targets.yaml", "expect: met", "expect: missed")
        assert [one.code for one in run_examples(towns)[1]] == ["E402"]

    def test_what_was_assumed_is_told_apart_from_what_does_not_matter_then(self, towns: Path, edit: Edit) -> None:
        edit(
            "figures.yaml", "label: 贫困镇, ", "label: 贫困镇, absent: 否, why: {zh: 名单上没有, en: Not on the list}, "
        )
        places = load(towns, cache=False).of("town")
        (found,) = places.judge({"id": "t"}, "2019-12-31")
        assert found.status is TargetProgress.NOT_APPLICABLE
        assert [one.fact.text for one in found.assumed] == ["贫困镇"]
        (known,) = places.judge({"id": "t", "镇收入": 1, "贫困镇": "否"}, "2019-12-31")
        assert known.assumed == ()
