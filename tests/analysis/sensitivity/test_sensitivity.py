"""What is claimed along a fact, held against every single value and against households that fill in what is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stated_facts import put
from text_files import write_files

from fupin_policy import Ruleset, load
from fupin_policy.analysis.sensitivity.cliffs import SPANS, Money, own_gain, rounding
from fupin_policy.analysis.sensitivity.segments import Sensitivity, over_codes, over_values, within
from fupin_policy.analysis.sensitivity.sweep_variable import (
    SweepVariable,
    bounds,
    changed,
    columns,
    names_of,
    resting,
    rules_of,
)
from fupin_policy.core import possible
from fupin_policy.core.days import to_date
from fupin_policy.core.expressions import Rounding
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.possible import Interval
from fupin_policy.core.types import Code, Day, Number, Truth
from fupin_policy.evaluators import affine_bounds, interpreter
from fupin_policy.evaluators.affine import Running, run, scope_of
from fupin_policy.evaluators.affine_bounds import AffineBound
from fupin_policy.testing import as_of_dates, completions, households, rulesets

SHIPPED = load()
SLOW = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
AS_OF = date(2019, 6, 30)


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("random")


def loaded(root: Path, files: dict[str, str]) -> Ruleset:
    folder = root / str(abs(hash(tuple(sorted(files.items())))))
    folder.mkdir(exist_ok=True)
    write_files(folder, files)
    return load(folder, cache=False)


def drawn(data: st.DataObject, ruleset: Ruleset, as_of: date, given: dict[str, Any]) -> SweepVariable | None:
    """A number or date of the household that some rule reads."""
    household, _ = ruleset.read(given, as_of)
    whose: list[SweepVariable] = []
    for fact in ruleset.facts:
        if isinstance(fact.type, Number | Day) and rules_of(ruleset.snapshot(as_of), fact):
            members = [one.id for one in household.members] if fact.level == "member" else [None]
            whose += [SweepVariable(fact, one) for one in members]
    return data.draw(st.sampled_from(whose)) if whose else None


def at(ruleset: Ruleset, household: Household, varied: SweepVariable, x: int) -> Household:
    return changed(ruleset.program, household, varied, columns(ruleset.program, varied.fact), ((x, x),))


def check(ruleset: Ruleset, household: Household, day: int, found: Sensitivity, values: list[int]) -> None:
    """Each of the values lies in one segment, and is what that segment says."""
    snapshot = ruleset.snapshot(to_date(day))
    for x in values:
        (segment,) = (one for one in found.segments if one.first <= x <= one.last)
        if not segment.shape.settled:
            continue
        exact = interpreter.evaluate(snapshot, at(ruleset, household, found.varied, x), day)
        for position, index in enumerate(found.rules):
            bits = segment.shape.bits[position]
            assert exact.outcomes[index] == tuple(wide for wide, _ in bits), (x, snapshot.rules[index].policy.id)
            amounts = exact.amounts[index]
            for ends, amount in zip(segment.shape.lines[position], amounts or (), strict=True):
                assert all(line.holds(x, end) for line, end in zip(ends, amount, strict=True)), (x, ends, amount)


def check_partition(found: Sensitivity, bounds: Interval) -> None:
    """Segments are the whole range, in order, and no two neighbours are one."""
    assert (found.segments[0].first, found.segments[-1].last) == bounds
    for one, other in zip(found.segments, found.segments[1:], strict=False):
        assert one.last + 1 == other.first
        assert one.shape != other.shape


def near(found: Sensitivity, most: int = 40) -> set[int]:
    """Values around the ends of segments."""
    return {x for one in found.segments[:most] for x in (one.first, one.first + 1, one.last - 1, one.last)}


class TestEveryValue:
    @SLOW
    @given(st.data())
    def test_on_random_rules(self, root: Path, data: st.DataObject) -> None:
        ruleset = loaded(root, data.draw(rulesets()))
        as_of = data.draw(as_of_dates(ruleset))
        given = data.draw(households(ruleset, as_of, known=data.draw(st.booleans())))
        varied = drawn(data, ruleset, as_of, given)
        if varied is None:
            return
        household, day = ruleset.read(given, as_of)
        low, high = bounds(varied, day, None, None)
        first = data.draw(st.integers(low, high))
        last = min(high, first + data.draw(st.integers(0, 300)))
        found = over_values(ruleset, household, day, varied, (first, last))
        assert found.settled
        check_partition(found, (first, last))
        check(ruleset, household, day, found, list(range(first, last + 1)))

    @SLOW
    @given(st.data())
    def test_on_the_whole_range(self, root: Path, data: st.DataObject) -> None:
        """Around every end of a segment, and here and there."""
        ruleset = loaded(root, data.draw(rulesets()))
        as_of = data.draw(as_of_dates(ruleset))
        given = data.draw(households(ruleset, as_of, known=data.draw(st.booleans())))
        varied = drawn(data, ruleset, as_of, given)
        if varied is None:
            return
        household, day = ruleset.read(given, as_of)
        low, high = bounds(varied, day, None, None)
        found = over_values(ruleset, household, day, varied, (low, high), most=600)
        check_partition(found, (low, high))
        some = data.draw(st.lists(st.integers(low, high), max_size=40))
        check(ruleset, household, day, found, [x for x in {*near(found), *some} if low <= x <= high])

    @SLOW
    @given(st.data())
    def test_on_the_shipped_rules(self, data: st.DataObject) -> None:
        given = data.draw(households(SHIPPED, AS_OF, known=data.draw(st.booleans())).filter(lambda one: one["members"]))
        varied = drawn(data, SHIPPED, AS_OF, given)
        assert varied is not None
        household, day = SHIPPED.read(given, AS_OF)
        low, high = bounds(varied, day, None, None)
        found = over_values(SHIPPED, household, day, varied, (low, high), most=600)
        check_partition(found, (low, high))
        some = data.draw(st.lists(st.integers(low, high), max_size=20))
        check(SHIPPED, household, day, found, sorted(x for x in {*near(found), *some} if low <= x <= high)[:80])

    @SLOW
    @given(st.data())
    def test_at_a_single_value_it_is_the_interpreter(self, root: Path, data: st.DataObject) -> None:
        """Every definition, and not only what decisions show of them."""
        ruleset = loaded(root, data.draw(rulesets()))
        as_of = data.draw(as_of_dates(ruleset))
        given = data.draw(households(ruleset, as_of))
        varied = drawn(data, ruleset, as_of, given)
        if varied is None:
            return
        household, day = ruleset.read(given, as_of)
        x = data.draw(st.integers(*bounds(varied, day, None, None)))
        snapshot = ruleset.snapshot(as_of)
        ids = [one.id for one in household.members]
        running = Running(InputId(varied.fact.name), None if varied.member is None else ids.index(varied.member))
        fixed = interpreter.trace(snapshot, household, day)
        parts = resting(snapshot, names_of(ruleset.program, varied.fact))
        defined = run(scope_of(ruleset.program, household, day, running, fixed), parts, (x, x)).defined
        exact = interpreter.trace(snapshot, at(ruleset, household, varied, x), day)
        for one in parts:
            for swing, trace in zip(defined[one.id], exact[one.id], strict=True):
                if isinstance(one.type, Truth | Code):
                    assert swing == (trace.value, trace.value), one.id
                else:
                    low, high = cast(tuple[AffineBound, AffineBound], swing)
                    assert (affine_bounds.known(low), affine_bounds.known(high)) == trace.value, one.id


def totals(ruleset: Ruleset, given: dict[str, Any], as_of: date, found: Sensitivity, x: int) -> dict[str, Interval]:
    """All that is given at a value, added up without any of what is tested."""
    household, day = ruleset.read(given, as_of)
    decisions = ruleset.decide(at(ruleset, household, found.varied, x), day).decisions
    times = {"once": 1, "day": 365, "month": 12, "quarter": 4, "half_year": 2, "term": 2, "year": 1}
    sums = {span: [0, 0] for span in SPANS}
    for decision, rule in zip(decisions, ruleset.snapshot(as_of).rules, strict=True):
        if decision.amount is None or rule.version is None or rule.version.benefit.kind in ("contribution", "loan"):
            continue
        span: Literal["year", "once"] = "once" if decision.amount.per == "once" else "year"
        for end, amount in enumerate((decision.amount.low, decision.amount.high)):
            sums[span][end] += amount * times[decision.amount.per]
    return {span: (low, high) for span, (low, high) in sums.items()}


class TestCliffs:
    @SLOW
    @given(st.data())
    def test_every_fall_between_two_values_is_told(self, root: Path, data: st.DataObject) -> None:
        """Known households: a step that loses more than it brings is a cliff, or a slope, or rounding."""
        ruleset = loaded(root, data.draw(rulesets()))
        as_of = data.draw(as_of_dates(ruleset))
        given = data.draw(households(ruleset, as_of, known=True))
        varied = drawn(data, ruleset, as_of, given)
        if varied is None:
            return
        household, day = ruleset.read(given, as_of)
        low, high = bounds(varied, day, None, None)
        first = data.draw(st.integers(low, high))
        last = min(high, first + 150)
        found = over_values(ruleset, household, day, varied, (first, last))
        money = Money.of(found, ruleset.snapshot(as_of))
        told = {(one.at, one.span): (one.low, one.high) for one in money.cliffs()}
        before = totals(ruleset, given, as_of, found, first)
        for x in range(first + 1, last + 1):
            after = totals(ruleset, given, as_of, found, x)
            (segment,) = (one for one in found.segments if one.first <= x <= one.last)
            for span in SPANS:
                lost = before[span][0] - after[span][0]
                if (x, span) in told:
                    assert told[x, span] == (lost, lost)
                elif lost > 0 and after[span][0] == after[span][1] and before[span][0] == before[span][1]:
                    assert segment.first < x or slopes(found, x) + roundings(found, x) >= lost
            before = after

    @SLOW
    @given(st.data())
    def test_a_sure_cliff_is_one_whatever_is_missing(self, root: Path, data: st.DataObject) -> None:
        ruleset = loaded(root, data.draw(rulesets()))
        as_of = data.draw(as_of_dates(ruleset))
        given = data.draw(households(ruleset, as_of))
        varied = drawn(data, ruleset, as_of, given)
        if varied is None:
            return
        household, day = ruleset.read(given, as_of)
        found = over_values(ruleset, household, day, varied, bounds(varied, day, None, None), most=300)
        for one in Money.of(found, ruleset.snapshot(as_of)).cliffs()[:5]:
            full = data.draw(completions(ruleset, given, as_of))
            before, after = (totals(ruleset, full, as_of, found, x)[one.span] for x in (one.at - 1, one.at))
            # a parameter without a value may still be open
            if before[0] == before[1] and after[0] == after[1]:
                assert one.low <= before[0] - after[0] <= one.high


def slopes(found: Sensitivity, x: int) -> float:
    """How much two segments' slopes explain of a step between them, a year's worth for each policy."""
    pair = [one for one in found.segments if one.first <= x <= one.last or one.first <= x - 1 <= one.last]
    each = [abs(Fraction(end.slope)) for one in pair for rule in one.shape.lines for ends in rule for end in ends]
    return float(12 * sum(each))


def roundings(found: Sensitivity, x: int) -> int:
    pair = [one for one in found.segments if one.first <= x <= one.last or one.first <= x - 1 <= one.last]
    return sum(12 * 2 * len(found.rules) * rounding(one) for one in pair)


ELDER = {"id": "h", "脱贫属性": "未脱贫", "members": [{"id": "m1", "出生日期": "1950-02-28", "是否享受低保": "是"}]}
PATIENT = {
    "id": "h",
    "脱贫属性": "未脱贫",
    "members": [
        {
            "id": "m1",
            "是否患病就诊": "是",
            "是否参加城乡居民基本医疗保险": "是",
            "在定点医疗机构就医": "是",
            "目录内费用": 1,
        }
    ],
}


def along(given: dict[str, Any], name: str, member: str | None, *ends: str | None) -> tuple[Sensitivity, Money]:
    household, day = SHIPPED.read(given, AS_OF)
    varied = SweepVariable(next(one for one in SHIPPED.facts if one.label == name), member)
    found = over_values(SHIPPED, household, day, varied, bounds(varied, day, *(ends or (None, None))))
    return found, Money.of(found, SHIPPED.snapshot(AS_OF))


class TestShipped:
    def test_an_allowance_falls_the_day_after_a_birthday(self) -> None:
        _, money = along(ELDER, "出生日期", "m1")
        days = {to_date(one.at).isoformat(): (one.low, one.high) for one in money.cliffs()}
        assert days["1929-07-01"] == (120000, 120000) and days["1939-07-01"] == (24000, 24000)

    def test_a_ceiling_and_a_threshold_to_the_fen(self) -> None:
        found, money = along(PATIENT, "目录内费用", "m1")
        index = next(i for i, one in enumerate(SHIPPED.policies) if one.id == "health.basic_insurance")
        places = [
            one.at
            for one in money.thresholds()
            for change in one.changes
            if change.after.policy == SHIPPED.policies[index].id
        ]
        assert places == [50001, 25050001]
        assert found.looked < 1000

    def test_bounds_do_not_move_thresholds(self) -> None:
        _, whole = along(PATIENT, "目录内费用", "m1")
        _, part = along(PATIENT, "目录内费用", "m1", "400", "300000")
        inside = [one.at for one in whole.thresholds() if 40000 < one.at <= 30000000]
        assert [one.at for one in part.thresholds()] == inside

    def test_income_brings_itself(self) -> None:
        gains = {fact.label: own_gain(fact, SHIPPED.program) for fact in SHIPPED.facts}
        assert gains["人均纯收入"] == 1 and gains["申请贷款金额"] == 0 and gains["出生日期"] == 0

    def test_a_part_has_the_ends_that_were_asked_for(self) -> None:
        found, _ = along(PATIENT, "目录内费用", "m1")
        household, day = SHIPPED.read(PATIENT, AS_OF)
        part = within(found, SHIPPED, household, day, (100, 60000))
        check_partition(part, (100, 60000))
        for one in part.segments:
            for x, evaluation in ((one.first, one.begins), (one.last, one.ends)):
                assert evaluation == SHIPPED.decide(at(SHIPPED, household, found.varied, x), day)

    def test_a_bound_of_work_is_told(self) -> None:
        household, day = SHIPPED.read(PATIENT, AS_OF)
        found, _ = along(PATIENT, "目录内费用", "m1")
        cut = over_values(SHIPPED, household, day, found.varied, (0, 500000000), most=20)
        assert not cut.settled and cut.looked <= 60
        check_partition(cut, (0, 500000000))


@SLOW
@given(st.data())
def test_codes_and_truths_are_tried_each(root: Path, data: st.DataObject) -> None:
    ruleset = loaded(root, data.draw(rulesets()))
    as_of = data.draw(as_of_dates(ruleset))
    given = data.draw(households(ruleset, as_of))
    household, day = ruleset.read(given, as_of)
    for fact in ruleset.facts:
        if fact.kind not in ("code", "codes", "truth") or not rules_of(ruleset.snapshot(as_of), fact):
            continue
        if fact.level == "member" and not household.members:
            continue
        varied = SweepVariable(fact, "m1" if fact.level == "member" else None)
        for case in over_codes(ruleset, household, day, varied).cases:
            value: Any = case.label == "是" if fact.kind == "truth" else case.label
            if fact.kind == "codes":
                value = [] if case.label == "都没有" else [case.label]
            assert case.evaluation == ruleset.evaluate(put(given, fact, value, as_of), as_of)


class TestLines:
    """Each operation on random lines, against the integers that they stand for."""

    OVER = (-7, 9)

    @settings(max_examples=200, deadline=None)
    @given(st.data())
    def test_operations_are_sound(self, data: st.DataObject) -> None:
        over = self.OVER
        one, other = (data.draw(st.tuples(st.integers(-9, 9), st.integers(-50, 50))) for _ in range(2))
        rounding = data.draw(st.sampled_from(Rounding))
        by = data.draw(st.integers(1, 12)) * data.draw(st.sampled_from([1, -1]))

        def line(pair: tuple[int, int]) -> AffineBound:
            return AffineBound(pair[0], pair[1], pair[1], True)

        def value(pair: tuple[int, int], x: int) -> int:
            return pair[0] * x + pair[1]

        quotient: Callable[[int], int] = lambda x: possible.quotient(value(one, x), by, rounding)  # noqa: E731
        divided = affine_bounds.divided(line(one), affine_bounds.constant(by), rounding, over)
        for x in range(over[0], over[1] + 1):
            a, b = value(one, x), value(other, x)
            assert affine_bounds.add([line(one), line(other)]).holds(x, a + b)
            assert affine_bounds.pick([line(one), line(other)], False, over).holds(x, min(a, b))
            assert affine_bounds.pick([line(one), line(other)], True, over).holds(x, max(a, b))
            assert affine_bounds.times(line(one), line(other), over).holds(x, a * b)
            assert affine_bounds.hull([line(one), line(other)], over).holds(x, a)
            assert divided.holds(x, quotient(x))
            # rounded twice
            again = affine_bounds.divided(affine_bounds.scaled(divided, 3), affine_bounds.constant(7), rounding, over)
            assert again.holds(x, possible.quotient(quotient(x) * 3, 7, rounding))
