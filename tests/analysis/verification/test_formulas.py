"""The formulas mean what the interpreter means: on random rules with every construct, and on the shipped ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, cast

import of_lists
import pytest
import z3
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from solver_literals import literal
from text_files import write_files

from fupin_policy import Ruleset, load
from fupin_policy.analysis.verification.solver import read
from fupin_policy.core import possible
from fupin_policy.core.days import DAY_MAX, DAY_MIN, to_day
from fupin_policy.core.expressions import Period
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import InputId, ParameterNeed
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.core.subjects import Item, Whose, lists_in
from fupin_policy.core.types import Number, Truth
from fupin_policy.evaluators import interpreter
from fupin_policy.evaluators.smt import calendar
from fupin_policy.evaluators.smt.formulas import Formulas
from fupin_policy.evaluators.smt.people import SymbolicHousehold
from fupin_policy.intake.serializer import serialize as as_given
from fupin_policy.testing import as_of_dates, households, rulesets

SHIPPED = load()
SLOW = settings(max_examples=settings().max_examples // 5, deadline=None, suppress_health_check=list(HealthCheck))
DAYS = st.integers(to_day(date(1900, 1, 1)), to_day(date(2100, 12, 31)))


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("random")


def given_of(program: Program, household: Household, name: InputId, whose: Whose) -> Any:
    """What a variable stands for in a household, as the solver writes it; None of somebody who is not there."""
    by_list = {declared.name: given for declared, given in lists_in(program, household)}
    owner = whose.owner if isinstance(whose, Item) else whose
    if owner is not None and owner >= len(household.members):
        return z3.IntVal(0) if name.fact in by_list else None
    if name.fact in by_list:
        return z3.IntVal(len(by_list[name.fact][owner or 0].items))
    columns = program.household_inputs if whose is None else program.member_inputs
    facts = household.facts if owner is None else household.members[owner].facts
    if isinstance(whose, Item):
        items, number = by_list[whose.list][owner or 0].items, whose.number
        if number is None or number >= len(items):
            return None
        columns, facts = program.item_inputs[whose.list], items[number]
    position = [column.id for column in columns].index(name)
    return literal(facts[position], columns[position].type)


def disagreements(found: Snapshot, household: Household, day: int) -> list[str]:
    """The rules on which formulas and interpreter differ for a household of which everything is known."""
    lists = [listed for _, given in lists_in(found.program, household) for listed in given]
    longest = max([1, *(len(listed.items) for listed in lists)])
    people = SymbolicHousehold((found.program,), max(1, len(household.members)), items=longest)
    formulas = Formulas(found, people)
    levels = {dated.id: dated.level for dated in found.definitions}
    wanted = [(rule.outcome, rule.policy.level) for rule in found.rules]
    wanted += [(rule.payable, rule.policy.level) for rule in found.rules if rule.payable is not None]
    figures = (one.definition for one in found.program.further if isinstance(one.type, Number | Truth))
    wanted += [(name, levels[name]) for name in figures]
    traces = interpreter.trace(found, household, day)
    made = [
        (name, position, formulas.of(name, position if level == "member" else None))
        for name, level in wanted
        for position in range(len(household.members) if level == "member" else 1)
    ]
    told = [(people.size, z3.IntVal(len(household.members))), (people.as_of, z3.IntVal(calendar.key_of(day)))]
    for (name, whose), variable in people.facts.items():
        value = None if isinstance(name, ParameterNeed) else given_of(found.program, household, name, whose)
        if value is not None:
            told.append((variable, value))
    # What is known is put in place, so that nothing but parameters without a value is left to find:
    # as equations, products and quotients of rare rules kept the solver busy for hours.
    solver = z3.SimpleSolver()
    solver.add(*(z3.substitute(one, *told) for one in people.always))
    assert solver.check() == z3.sat
    model = solver.model()
    wrong = []
    for definition, position, formula in made:
        value = traces[definition][position if levels[definition] == "member" else 0].value
        answer = model.eval(z3.substitute(formula, *told), model_completion=True)
        if z3.is_bool(answer):
            agree = value == possible.UNKNOWN or z3.is_true(answer) == (value == possible.TRUE)
        else:
            low, high = cast(possible.Interval, value)
            agree = low <= answer.as_long() <= high
        if not agree:
            wrong.append(f"{definition}[{position}]: {answer}, {value}")
    return wrong


class TestAgreement:
    @SLOW
    @given(st.data())
    def test_on_random_rules(self, root: Path, data: st.DataObject) -> None:
        files = data.draw(rulesets())
        folder = root / str(abs(hash(tuple(sorted(files.items())))))
        folder.mkdir(exist_ok=True)
        write_files(folder, files)
        ruleset = load(folder, cache=False)
        for _ in range(3):
            self.check(ruleset, data)

    @SLOW
    @given(st.data())
    def test_on_the_shipped_rules(self, data: st.DataObject) -> None:
        self.check(SHIPPED, data)

    @SLOW
    @given(st.data())
    def test_on_lists(self, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
        self.check(of_lists.rules(tmp_path_factory.mktemp("lists")), data)

    @SLOW
    @given(st.data())
    def test_on_places(self, data: st.DataObject) -> None:
        self.check(SHIPPED.of(data.draw(st.sampled_from(sorted(SHIPPED.program.by_place)))), data)

    def check(self, ruleset: Ruleset, data: st.DataObject) -> None:
        as_of = data.draw(as_of_dates(ruleset))
        household, day = ruleset.read(data.draw(households(ruleset, as_of, known=True)), as_of)
        assert disagreements(ruleset.snapshot(as_of), household, day) == []


class TestGiving:
    @SLOW
    @given(st.data())
    def test_reading_what_is_given_gives_the_household_again(self, data: st.DataObject) -> None:
        as_of = data.draw(as_of_dates(SHIPPED))
        household, day = SHIPPED.read(data.draw(households(SHIPPED, as_of, known=True)), as_of)
        assert read(SHIPPED.snapshot(as_of), as_given(SHIPPED.program, household), day) == household


class TestCalendar:
    @given(DAYS)
    @example(to_day(date(2000, 2, 29)))
    @example(DAY_MIN)
    @example(DAY_MAX)
    def test_a_key_is_a_day(self, day: int) -> None:
        key = calendar.key_of(day)
        assert calendar.day_of(key) == day
        assert z3.is_true(z3.simplify(calendar.valid(z3.IntVal(key))))
        assert z3.simplify(calendar.number(z3.IntVal(key))).as_long() == day

    @given(
        DAYS, st.one_of(st.integers(-calendar.LEAST_MONTH - 4, calendar.LEAST_MONTH + 4), st.integers(-40_000, 40_000))
    )
    @example(to_day(date(2000, 2, 29)), 1)
    @example(to_day(date(2000, 3, 1)), -1)
    @example(to_day(date(2001, 2, 1)), 28)
    @example(to_day(date(2019, 12, 31)), 29)
    @example(to_day(date(1900, 3, 31)), -31)
    def test_shifting_by_days(self, day: int, days: int) -> None:
        moved = z3.simplify(calendar.shifted_days(z3.IntVal(calendar.key_of(day)), z3.IntVal(days)))
        assert moved.as_long() == calendar.key_of(day + days)

    @given(DAYS, DAYS, st.sampled_from(Period))
    @example(to_day(date(2000, 2, 29)), to_day(date(2001, 2, 28)), Period.YEARS)
    @example(to_day(date(2000, 2, 29)), to_day(date(2001, 3, 1)), Period.YEARS)
    def test_elapsed(self, start: int, end: int, period: Period) -> None:
        keys = [z3.IntVal(calendar.key_of(day)) for day in (start, end)]
        assert z3.simplify(calendar.elapsed(period, *keys)).as_long() == possible.date_diff_days(period, start, end)

    @given(DAYS, st.integers(-600, 600))
    @example(to_day(date(2000, 2, 29)), 12)
    @example(to_day(date(2019, 1, 31)), 1)
    def test_shifted(self, day: int, months: int) -> None:
        moved = z3.simplify(calendar.shifted_months(z3.IntVal(calendar.key_of(day)), z3.IntVal(months))).as_long()
        assert calendar.day_of(moved) == possible.shift_day(day, months, Period.MONTHS)

    @given(st.integers(0, 2100), st.integers(0, 11), st.integers(0, 30))
    def test_only_days_have_valid_keys(self, year: int, month: int, day: int) -> None:
        key = max(1, year) * calendar.YEAR + month * calendar.MONTH + day
        try:
            date(max(1, year), month + 1, day + 1)
            there = True
        except ValueError:
            there = False
        assert z3.is_true(z3.simplify(calendar.valid(z3.IntVal(key)))) == there
