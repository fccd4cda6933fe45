"""The ruleset of Anqiu against its source, and what its articles say of registry, medicine and departments."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy import load
from fupin_policy.analysis.clause_accounts import accounts, compare, every_policy, every_target, paragraphs
from fupin_policy.analysis.department_tasks import of_department, tasks
from fupin_policy.analysis.example_coverage import example_coverage
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Decision, Status

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "policies" / "anqiu"
RULES = load(FOLDER)
PROGRAM = RULES.program
SOURCE = PROGRAM.sources["anfa-2018-31"]
TEXT = Path(os.environ.get("FUPIN_SOURCES", ROOT.parent / "shared" / "sources")) / "anfa-2018-31.txt"
DAY = to_day(date(2019, 6, 30))


@pytest.fixture(scope="module")
def text() -> str:
    if not TEXT.exists():
        pytest.skip(f"the source's text is not at {TEXT}: name its folder in FUPIN_SOURCES")
    return TEXT.read_text(encoding="utf-8")


class TestRegister:
    def test_all_clauses_are_accounted_for(self) -> None:
        found = accounts(PROGRAM)
        assert len(found) == 75
        assert [one.clause.id for one in found if not one.accounted] == []
        assert len(every_policy(PROGRAM)) >= 40
        assert len(every_target(PROGRAM)) >= 20
        assert len(PROGRAM.duties) >= 30

    def test_a_reason_stands_only_where_no_rule_does_more_than_lean_on_the_clause(self) -> None:
        silent = [one.clause.id for one in accounts(PROGRAM) if one.clause.nothing is not None]
        assert silent == ["1.1", "27.2"]

    def test_digests_are_those_of_the_text(self, text: str) -> None:
        assert compare(SOURCE.clauses, text) == ()

    @pytest.mark.parametrize("clause", ["1.1", "4.2", "12.1", "27.2"])
    def test_one_changed_character_names_the_clause(self, text: str, clause: str) -> None:
        paragraph = paragraphs(text)[clause]
        changed = text.replace(paragraph, paragraph[:20] + "某" + paragraph[21:])
        assert [(one.clause, one.kind) for one in compare(SOURCE.clauses, changed)] == [(clause, "changed")]

    def test_a_paragraph_lost_or_added_is_named(self, text: str) -> None:
        last = paragraphs(text)["27.2"]
        assert [(m.clause, m.kind) for m in compare(SOURCE.clauses, text.replace(last, ""))] == [("27.2", "absent")]
        added = compare(SOURCE.clauses, f"{text}\n另有一段。")
        assert [(m.clause, m.kind) for m in added] == [("27.3", "unregistered")]

    def test_departments_are_those_that_the_text_lists(self, text: str) -> None:
        for name, paragraph in paragraphs(text).items():
            clause = SOURCE.clauses[name]
            lead, cooperating = listed(paragraph)
            assert ([called(one) for one in clause.lead], [called(one) for one in clause.cooperating]) == (
                lead,
                cooperating,
            ), name

    def test_whoever_answers_for_a_rule_stands_in_one_of_its_clauses(self) -> None:
        rules: list[Any] = [version for policy in every_policy(PROGRAM) for version in policy.versions]
        rules += [*every_target(PROGRAM), *PROGRAM.duties]
        for rule in rules:
            clauses = [SOURCE.clauses[ref.clause] for ref in rule.basis if ref.source == SOURCE.id]
            allowed = {name for clause in clauses for name in (*clause.lead, *clause.cooperating)}
            if allowed:
                assert {*rule.lead, *rule.cooperating} <= allowed, rule


def called(department: str) -> str:
    """What a department was called when the document was issued."""
    return PROGRAM.departments[department].names[0].name.zh


SLIPS = {
    "市发改局发委": "市发改局",
    "市扶贫开发办公室": "市扶贫办",
    "有关市直部门": "市直有关部门",
    "市直有关单位": "市直有关部门",
    "镇街区": "各镇街区",
}


def listed(paragraph: str) -> tuple[list[str], list[str]]:
    """Leads and cooperating bodies in the brackets at a paragraph's end, read without the ruleset's help."""
    closing = re.search(r"\(([^()]*)\)。?$", paragraph)
    if closing is None:
        return [], []
    bodies = closing[1].split("。")[0]
    first, apart, rest = bodies.partition("分别牵头")
    names = [SLIPS.get(one, one) for one in re.split("[、,，]", first) if one]
    others = [SLIPS.get(one, one) for one in re.split("[、,，]", rest) if one]
    return (names, others) if apart else (names[:1], names[1:])


def test_the_examples_try_every_part_of_every_condition() -> None:
    parts, gaps = example_coverage(FOLDER)
    assert parts > 600
    assert gaps == ()


def test_every_rule_has_examples_that_grant_refuse_and_leave_open() -> None:
    from fupin_policy.diagnostics import Reporter
    from fupin_policy.documents import read

    documents = read(FOLDER, Reporter())
    for policy in documents.policies:
        found = {
            word for one in policy.examples for word in re.findall(r"eligible|ineligible|unknown", str(one.expect))
        }
        assert found >= {"eligible", "ineligible", "unknown"}, policy.id.text
    for target in documents.targets:
        found = {word for one in target.examples for word in re.findall(r"met|missed|pending|unknown", str(one.expect))}
        assert found >= {"met", "missed", "unknown"}, target.id.text


LAYERS = ("basic_insurance", "major_illness", "institution_reduction", "medical_assistance", "commercial")


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 500_000_00), st.integers(0, 500_000_00), st.booleans(), st.booleans())
def test_the_five_layers_and_what_is_left_make_up_the_bill(
    covered: int, more: int, insured: bool, designated: bool
) -> None:
    bill = covered + more
    member = {
        "id": "m1",
        "目录内费用": f"{covered // 100}.{covered % 100:02d}",
        "医疗总费用": f"{bill // 100}.{bill % 100:02d}",
        "是否患病就诊": True,
        "是否参加城乡居民基本医疗保险": insured,
        "在定点医疗机构就医": designated,
    }
    found = RULES.evaluate({"id": "h", "脱贫属性": "未脱贫", "members": [member]}, "2019-06-30")
    assert sum(paid(found[f"health.{layer}"]) for layer in LAYERS) + paid(found["health.self_payment"]) == bill


def paid(decision: Decision) -> int:
    if decision.status is Status.INELIGIBLE or decision.amount is None:
        return 0
    assert decision.amount.exact
    return decision.amount.low


STATES = ("未建档立卡", "未脱贫", "已脱贫享受政策", "已脱贫不再享受政策", "返贫")
MOVES = {
    ("未建档立卡", "未脱贫"),
    ("未脱贫", "已脱贫享受政策"),
    ("返贫", "已脱贫享受政策"),
    ("已脱贫享受政策", "已脱贫不再享受政策"),
    ("已脱贫享受政策", "返贫"),
    ("已脱贫不再享受政策", "返贫"),
}
FACTS = ("吃穿不愁", "义务教育有保障", "基本医疗有保障", "住房安全有保障", "民主评议公示通过")
OBJECTIONS = ("明显不符合扶贫标准", "群众意见较大")


class TestRegistry:
    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from(STATES), st.integers(0, 10_000), st.lists(st.booleans(), min_size=7, max_size=7))
    def test_only_lawful_moves_are_made(self, state: str, income: int, truths: list[bool]) -> None:
        truth = dict(zip((*FACTS, *OBJECTIONS), truths, strict=True))
        household = {"id": "h", "脱贫属性": state, "人均纯收入": income, **truth, "members": [{"id": "m1"}]}
        found = RULES.evaluate(household, "2019-06-30")
        for policy in RULES.policies:
            benefit = policy.versions[0].benefit
            if benefit.kind == "registration" and found[policy.id].status is Status.ELIGIBLE:
                assert benefit.sets is not None
                fact, index = benefit.sets
                assert fact == "exit_state"
                assert (state, PROGRAM.code_lists["exit_state"].codes[index].label) in MOVES

    def test_every_lawful_move_is_made_by_some_policy(self) -> None:
        made = {one.versions[0].benefit.sets for one in RULES.policies if one.versions[0].benefit.sets}
        labels = {PROGRAM.code_lists["exit_state"].codes[index].label for _, index in made}
        assert labels == {after for _, after in MOVES}


class TestDepartments:
    @pytest.mark.parametrize(
        ("as_of", "expected"),
        [("2019-01-31", ["市卫计局", "市人社局"]), ("2019-02-01", ["市卫生健康局", "市医疗保障局"])],
    )
    def test_a_decision_names_the_body_in_being(self, as_of: str, expected: list[str]) -> None:
        household = {"id": "h", "脱贫属性": "未脱贫", "members": [{"id": "m1"}]}
        decision = RULES.evaluate(household, as_of)["insurance.medical_premium"]
        assert [decision.lead[0].zh, decision.cooperating[0].zh] == expected

    def test_a_former_name_finds_what_its_successor_does(self) -> None:
        former = of_department(PROGRAM, "市国土局", DAY)
        assert former == of_department(PROGRAM, "市自然资源和规划局", DAY)
        assert "village.building_land" in {task.id for task in former}

    def test_what_follows_a_function_goes_to_the_new_body(self) -> None:
        before, after = to_day(date(2019, 1, 31)), DAY
        assert of_department(PROGRAM, "市退役军人事务局", before) == ()
        assert {task.id for task in of_department(PROGRAM, "veterans", after)} == {
            "honour.bereaved_family",
            "honour.lasting_help",
        }

    def test_no_such_department(self) -> None:
        with pytest.raises(KeyError):
            of_department(PROGRAM, "市无此局", DAY)


class TestDuties:
    def test_a_yearly_day_falls_next_year_once_it_is_past(self) -> None:
        def due(day: date) -> date | None:
            return next(task.due for task in tasks(PROGRAM, to_day(day)) if task.id == "society.poverty_day")

        assert due(date(2019, 10, 17)) == date(2019, 10, 17)
        assert due(date(2019, 10, 18)) == date(2020, 10, 17)
        assert due(date(2020, 10, 18)) is None  # the period has ended by then

    def test_a_stretch_of_the_year_has_both_its_ends(self) -> None:
        task = next(one for one in tasks(PROGRAM, DAY) if one.id == "conduct.rectification")
        assert (task.opens, task.due) == (date(2019, 4, 1), date(2019, 6, 30))

    def test_what_is_not_yet_or_no_longer_in_force_is_not_listed(self) -> None:
        ids = {task.id for task in tasks(PROGRAM, DAY)}
        assert "assess.focus_2019" in ids
        assert not ids & {"assess.focus_2018", "assess.focus_2020"}


class TestDatesOfForce:
    def test_policies_apply_from_the_issue_of_the_document_to_the_end_of_2020(self) -> None:
        """27.2: from its issue; 2.1: policies go on until 2020. Two parts of it start later."""
        later = {"education.day_students": date(2019, 9, 1)}
        for policy in every_policy(PROGRAM):
            first, last = policy.versions[0].validity, policy.versions[-1].validity
            assert first.start == to_day(later.get(policy.id, date(2018, 12, 29))), policy.id
            assert last.end == to_day(date(2021, 1, 1)), policy.id

    @pytest.mark.parametrize("day", ["2018-12-28", "2021-01-01"])
    def test_nobody_has_anything_of_it_before_or_after(self, day: str) -> None:
        member = {
            "id": "m1",
            "出生日期": "1930-01-01",
            "是否享受低保": "是",
            "残疾等级": "一级",
            "劳动技能": "无劳动力",
        }
        household = {"id": "h", "脱贫属性": "未脱贫", "是否危房": "是", "members": [member]}
        assert not RULES.evaluate(household, day).eligible
        assert RULES.evaluate(household, "2019-06-30").eligible

    def test_the_age_before_2019_is_not_known(self) -> None:
        policy = next(one for one in RULES.policies if one.id == "elderly.old_age_allowance")
        earlier, later = policy.versions
        assert earlier.validity.end == later.validity.start == to_day(date(2019, 1, 1))
        assert [one.source for one in later.basis] == [SOURCE.id, "weiminzi-2018-84"]


class TestReadings:
    """What each reading changes is decided by its option alone."""

    @pytest.mark.parametrize(("option", "expected"), [("可同时", (80, 110)), ("择高", (None, 110))])
    def test_old_age_and_disability(self, option: str, expected: tuple[int | None, int | None]) -> None:
        rules = load(FOLDER, settings=[f"读法.高龄与残疾补贴={option}"])
        member = {"id": "m1", "出生日期": "1950-01-01", "是否享受低保": "是", "残疾等级": "三级"}
        found = rules.evaluate({"id": "h", "脱贫属性": "未脱贫", "members": [member]}, "2019-06-30")
        policies = ("elderly.old_age_allowance", "disability.living_subsidy")
        assert tuple(paid(found[one]) // 100 or None for one in policies) == expected

    @pytest.mark.parametrize(("age", "expected"), [("90", (200, None)), ("70", (None, 110))])
    def test_the_higher_of_the_two(self, age: str, expected: tuple[int | None, int | None]) -> None:
        rules = load(FOLDER, settings=["读法.高龄与残疾补贴=择高"])
        member = {"id": "m1", "出生日期": f"{2019 - int(age)}-01-01", "是否享受低保": "是", "残疾等级": "三级"}
        found = rules.evaluate({"id": "h", "脱贫属性": "未脱贫", "members": [member]}, "2019-06-30")
        policies = ("elderly.old_age_allowance", "disability.living_subsidy")
        assert tuple(paid(found[one]) // 100 or None for one in policies) == expected

    @pytest.mark.parametrize(("option", "status"), [("个人", Status.ELIGIBLE), ("全家", Status.INELIGIBLE)])
    def test_persons_or_families(self, option: str, status: Status) -> None:
        rules = load(FOLDER, settings=[f"读法.低保对象={option}"])
        able = {"id": "m2", "劳动技能": "普通劳动力", "是否享受低保": "否"}
        unable = {"id": "m1", "劳动技能": "丧失劳动力", "是否享受低保": "否", "是否特困供养": "否"}
        household = {"id": "h", "脱贫属性": "未脱贫", "人均纯收入": 5000, "可依靠产业就业脱贫": "是"}
        found = rules.evaluate({**household, "members": [unable, able]}, "2019-06-30")
        assert found["subsistence.rural_allowance"].status is status

    @pytest.mark.parametrize(("option", "status"), [("只限部分丧失", Status.ELIGIBLE), ("两者都限", Status.INELIGIBLE)])
    def test_whom_industry_cannot_help(self, option: str, status: Status) -> None:
        rules = load(FOLDER, settings=[f"读法.无法依靠产业就业={option}"])
        member = {"id": "m1", "劳动技能": "无劳动力", "是否享受低保": "否", "是否特困供养": "否"}
        household = {"id": "h", "脱贫属性": "未脱贫", "人均纯收入": 3000, "可依靠产业就业脱贫": "是"}
        found = rules.evaluate({**household, "members": [member]}, "2019-06-30")
        both = ("subsistence.rural_allowance", "subsistence.safety_net")
        assert [found[one].status for one in both] == [status, status]


def test_the_demonstration_has_a_household_for_every_policy_in_force() -> None:
    from fupin_policy.diagnostics import Reporter
    from fupin_policy.intake.csv_extract import read_extract

    demo = FOLDER / "demo"
    given_ = read_extract(demo / "households.csv", demo / "members.csv", PROGRAM, Reporter())
    granted = {one.policy for household in given_ for one in RULES.evaluate(household, "2019-06-30").eligible}
    in_force = {p.id for p in RULES.policies if any(version.validity.covers(DAY) for version in p.versions)}
    assert in_force - granted == set()
