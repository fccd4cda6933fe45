"""What would make a policy apply: that it does, that nothing nearer does, that no day before does.

In: random and shipped rules, random households. Out: assertions. Called by pytest.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from text_files import write_files

from fupin_policy import Explanation, Ruleset, Status, load
from fupin_policy.core import possible
from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import Input
from fupin_policy.core.household import Household, changed
from fupin_policy.core.possible import top
from fupin_policy.core.snapshot import stretches_after
from fupin_policy.core.subjects import with_values
from fupin_policy.core.types import Code, Day, Number, Truth
from fupin_policy.evaluators import interpreter
from fupin_policy.evaluators.incremental import Net, Worksheet
from fupin_policy.explanation.counterfactuals import Altered, FactChange, SearchVerdict, least_changes, nearest
from fupin_policy.explanation.first_day import first_day
from fupin_policy.explanation.search_domains import Position
from fupin_policy.testing import as_of_dates, households, random_documents, rulesets

SLOW = settings(max_examples=settings().max_examples // 5, deadline=None, suppress_health_check=list(HealthCheck))
SHIPPED = load()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nearest")


def drawn(data: st.DataObject, root: Path) -> Ruleset:
    files = data.draw(rulesets(lists=True))
    folder = root / str(abs(hash(tuple(sorted(files.items())))))
    folder.mkdir(exist_ok=True)
    write_files(folder, files)
    return load(folder, cache=False)


class Asked:
    """One policy of a ruleset on a day, by the interpreter's findings."""

    def __init__(self, ruleset: Ruleset, number: int, day: int) -> None:
        self.ruleset, self.number, self.day = ruleset, number, day
        self.snapshot = ruleset.snapshot(to_date(day))
        self.policy = ruleset.policies[number]
        self.read = self.snapshot.dependencies.facts(self.policy.results)

    def outcome(self, household: Household) -> int:
        found = interpreter.evaluate(self.snapshot, household, self.day).outcomes[self.number]
        return max(found, default=possible.FALSE)

    def sheet(self, household: Household) -> Worksheet:
        return Worksheet(Net.of_snapshot(self.snapshot), household, (self.day, self.day))


def with_other(household: Household, ruleset: Ruleset, one: Altered, value: possible.Value) -> Household:
    return with_values(ruleset.program, household, [(one.place.whose, one.place.position, value)])


def refused(ruleset: Ruleset, data: st.DataObject) -> tuple[Household, Asked] | None:
    """A household and a policy in force that does not apply to it."""
    as_of = data.draw(as_of_dates(ruleset))
    household, day = ruleset.read(data.draw(households(ruleset, as_of, known=data.draw(st.booleans()))), as_of)
    decisions = ruleset.decide(household, day).decisions
    dated = ruleset.snapshot(as_of)
    numbers = [
        number
        for number, (decision, rule) in enumerate(zip(decisions, dated.rules, strict=True))
        if decision.status is Status.INELIGIBLE and rule.version is not None
    ]
    return (household, Asked(ruleset, data.draw(st.sampled_from(numbers)), day)) if numbers else None


def check(ruleset: Ruleset, data: st.DataObject) -> None:
    found = refused(ruleset, data)
    if found is None:
        return
    household, asked = found
    found_ = nearest(asked.sheet(household), asked.policy.outcome, lambda place: top(place.column.type))
    assert found_.verdict is not SearchVerdict.UNWANTED
    assert (found_.verdict is SearchVerdict.FOUND) == bool(found_.changes)
    for change in found_.changes:
        bits = asked.outcome(change.household)
        assert bits == possible.TRUE if change.surely else bits == possible.UNKNOWN
        nothing_needless(asked, household, change)
        if len(change.altered) == 1:
            nothing_nearer(ruleset, asked, household, change.altered[0], data)
    if found_.verdict is SearchVerdict.IMPOSSIBLE:
        assert asked.outcome(anything(ruleset, asked, household, data)) == possible.FALSE


def nothing_needless(asked: Asked, household: Household, change: FactChange) -> None:
    """Without any one of the changes the policy does not apply, as the others are advised."""
    program = asked.ruleset.program
    for left in change.altered:
        others = [one for one in change.altered if one is not left]
        values = []
        for one in others:
            value = one.after
            if isinstance(one.column.type, Code) and isinstance(value, int):
                value &= -value  # one of the codes that would do
            values.append((one.place.whose, one.place.position, value))
        assert asked.outcome(with_values(program, household, values)) == possible.FALSE


def nothing_nearer(ruleset: Ruleset, asked: Asked, household: Household, one: Altered, data: st.DataObject) -> None:
    match one.column.type, one.before, one.after:
        case Code(_, size), _, int() as after:
            for code in (1 << at for at in range(size)):
                bits = asked.outcome(with_other(household, ruleset, one, code))
                assert (bits != possible.FALSE) or not code & after
                assert bits != possible.TRUE or code & after
        case Truth(), before, truth:
            assert before != truth
        case Number() | Day() as ordered, (least, greatest), (wanted, _):
            distance = max(least - wanted, wanted - greatest)
            for _ in range(6):
                by = data.draw(st.integers(0, distance - 1))
                value = data.draw(st.sampled_from([max(least - by, ordered.low), min(greatest + by, ordered.high)]))
                assert asked.outcome(with_other(household, ruleset, one, (value, value))) == possible.FALSE
        case _:
            raise AssertionError(one)


def anything(ruleset: Ruleset, asked: Asked, household: Household, data: st.DataObject) -> Household:
    """The household with every fact that can change drawn anew."""
    fixed = {fact.name for fact in ruleset.program.facts if fact.fixed}
    values = []
    levels: list[tuple[int | None, Any]] = [(None, ruleset.program.household_inputs)]
    levels += [(member, ruleset.program.member_inputs) for member in range(len(household.members))]
    for member, inputs in levels:
        facts = household.facts if member is None else household.members[member].facts
        for at, column in enumerate(inputs):
            known = facts[at] != top(column.type)
            if known and column.name in asked.read and column.name.split(".")[0] not in fixed:
                values.append((member, at, data.draw(exact(column))))
    return changed(household, values)


def exact(column: Any) -> st.SearchStrategy[possible.Value]:
    match column.type:
        case Truth():
            return st.sampled_from([possible.FALSE, possible.TRUE])
        case Code(_, size):
            return st.integers(0, size - 1).map(lambda at: 1 << at)
        case _:
            return st.integers(column.type.low, column.type.high).map(lambda value: (value, value))


class TestNearest:
    @SLOW
    @given(data=st.data())
    def test_on_random_rules(self, root: Path, data: st.DataObject) -> None:
        ruleset = drawn(data, root)
        for _ in range(4):
            check(ruleset, data)

    @settings(max_examples=settings().max_examples // 4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_on_the_shipped_ruleset(self, data: st.DataObject) -> None:
        check(SHIPPED, data)


class TestFirstDay:
    @staticmethod
    def by_every_day(ruleset: Ruleset, policy: int, household: Household, after: int, last: int) -> int | None:
        for day in range(after + 1, last + 1):
            if possible.TRUE in ruleset._evaluator.evaluate(household, day).outcomes[policy]:
                return day
        return None

    def check(self, ruleset: Ruleset, data: st.DataObject, days: int) -> None:
        found = refused(ruleset, data)
        if found is None:
            return
        household, asked = found

        def sheet_of(day: int) -> Worksheet:
            return Worksheet(Net.of_snapshot(ruleset.snapshot(to_date(day))), household, (day, day))

        stretches = stretches_after(ruleset.program, asked.policy, asked.day)
        day = first_day(stretches, sheet_of, asked.policy.outcome, {}, surely=True)
        last = min(ruleset.program.covers.end - 1, asked.day + days)
        expected = self.by_every_day(ruleset, asked.number, household, asked.day, last)
        assert day == expected if expected is not None or day is None else day > last

    @SLOW
    @given(data=st.data())
    def test_on_random_rules(self, root: Path, data: st.DataObject) -> None:
        self.check(drawn(data, root), data, 2000)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_on_the_shipped_ruleset(self, data: st.DataObject) -> None:
        self.check(SHIPPED, data, 1200)


def told(household: dict[str, Any], policy: str, as_of: str = "2019-06-30") -> Explanation:
    (found,) = SHIPPED.explain(household, as_of, policy)
    return found


OLD = {
    "脱贫属性": "未脱贫",
    "members": [{"id": "m1", "出生日期": "1959-10-05", "是否享受低保": "是"}],
    "id": "h",
}


def test_the_day_on_which_an_age_is_reached() -> None:
    found = told(OLD, "elderly.old_age_allowance")
    assert found.advice is not None and found.advice.since == date(2019, 10, 5)
    assert "其他情况不变，从 2019-10-05 起符合" in found.text("zh")
    assert "if nothing else changes, from 2019-10-05 on" in found.text("en")
    before = SHIPPED.evaluate(OLD, date(2019, 10, 5) - timedelta(1))["elderly.old_age_allowance"]
    assert before.status is Status.INELIGIBLE
    assert SHIPPED.evaluate(OLD, "2019-10-05")["elderly.old_age_allowance"].status is Status.ELIGIBLE


def test_a_change_that_would_do_only_from_a_later_day_on() -> None:
    young = {**OLD, "members": [{"id": "m1", "出生日期": "1959-10-05", "是否享受低保": "否"}]}
    found = told(young, "elderly.old_age_allowance")
    assert "最早从 2019-10-05 起，若 m1 的「是否享受低保」为「是」" in found.text("zh")
    assert 'from 2019-10-05 on at the earliest, if m1\'s "on allowance" is yes' in found.text("en")


def test_income_lower_by_how_much_and_what_is_then_open() -> None:
    poor = {
        "id": "h",
        "脱贫属性": "未脱贫",
        "人均纯收入": "5200",
        "members": [{"id": "m1", "劳动技能": "弱劳动力或半劳动力", "是否享受低保": "否", "是否特困供养": "否"}],
    }
    found = told(poor, "subsistence.rural_allowance")
    text = found.text("zh")
    assert (
        "若人均纯收入是 5099.99 元（现在是 5200.00 元，要少 100.01 元）；是否符合还要看「可依靠产业就业脱贫」" in text
    )
    json.dumps(found.as_json())


def test_the_same_change_of_several_members_is_said_once() -> None:
    alike = {"残疾等级": "无等级", "是否特困供养": "否", "出生日期": "1980-01-01"}
    two = {"id": "h", "脱贫属性": "未脱贫", "members": [{"id": one, **alike} for one in ("m1", "m2")]}
    text = told(two, "disability.severe_nursing").text("en")
    assert "if m1 or m2's disability level is one or two (now no level)" in text


def test_where_another_policy_is_drawn_nothing_is_advised() -> None:
    both = {
        "id": "h",
        "脱贫属性": "未脱贫",
        "members": [
            {
                "id": "m1",
                "出生日期": "1930-01-01",
                "残疾等级": "一级",
                "是否享受低保": "是",
                "是否特困供养": "否",
                "具备自理能力": "否",
            }
        ],
    }
    found = told(both, "elderly.nursing_subsidy")
    assert found.decision.status is Status.INELIGIBLE
    assert found.advice is None


def test_nothing_would_do() -> None:
    found = told({"id": "h", "members": [{"id": "m1", "出生日期": "1950-01-01"}]}, "education.retention")
    assert "改变任何可变的情况都不会符合" in found.text("zh")
    assert "no change of what can change would do" in found.text("en")


def _rules(folder: Path, when: str) -> Ruleset:
    """One policy over the facts of random rules."""
    policy = f"""\
kind: policies
policies:
  - id: p.n0
    title: {{zh: 政策0, en: Policy 0}}
    for: household
    versions:
      - {{valid: .., when: '{when}', benefit: {{kind: service}}, lead: [某局], basis: [s]}}
"""
    files = {
        "ruleset": random_documents.RULESET,
        "facts": random_documents.FACTS,
        "parameters": random_documents.PARAMETERS,
        "sources": random_documents.SOURCES,
        "departments": random_documents.BODIES,
        "places": random_documents.PLACES,
        "home": random_documents.PLACE_TERM,
        "policies": policy,
    }
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load(folder, cache=False)


def test_a_required_fact_is_supposed_to_be_known_in_part(tmp_path: Path) -> None:
    """Found by Hypothesis on 2026-11-25: the module has one column for it, and read the low end of a range."""
    ruleset = _rules(tmp_path, "always_given >= 3")
    (found,) = ruleset.explain({"id": "h", "always_given": 0, "members": []}, "2019-06-30")
    assert "若必填数是 3（现在是 0，要多 3）" in found.text("zh")


def test_codes_that_surely_do_come_before_those_that_may(tmp_path: Path) -> None:
    """Found by Hypothesis on 2026-11-25: those that may do were named instead."""
    ruleset = _rules(tmp_path, "若 户类别 在 {二级, 三级} 则 贫困户 否则 户类别 = 一级")
    (found,) = ruleset.explain({"id": "h", "always_given": 0, "class_of": "无级", "members": []}, "2019-06-30")
    assert "若户类别是一级（现在是无级）" in found.text("zh")


def test_a_change_that_asks_for_more_than_another_is_left_out() -> None:
    """Found by a mutant on 2026-11-27: the filter could be turned round, as all groups together took its place."""
    household, _ = SHIPPED.read({"id": "h", "members": [{"id": "m1"}]}, "2019-06-30")
    first, second, third = SHIPPED.program.household_inputs[:3]

    def change(*columns: Input) -> FactChange:
        return FactChange(tuple(Altered(Position(None, 0, one), 0, 1) for one in columns), True, household)

    small, large, other = change(first), change(first, second), change(second, third)
    assert least_changes([large, small, other]) == [small, other]
    assert least_changes([large, other]) == [large, other]
