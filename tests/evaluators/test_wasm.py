"""The compiled module against the interpreter, node by node and on random programs.

In: CORE programs. Out: pass or fail. Called by pytest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import combinations_with_replacement, product
from pathlib import Path
from random import Random
from typing import get_args

import core_programs as make
import pytest
import wasmtime
from core_programs import AS_OF, CUTS, Draft, constant, fact, hull, least, number, parameter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_rulesets import policy, written

from fupin_policy.core.days import MonthDay, Validity, to_day
from fupin_policy.core.declarations import Input
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    And,
    Calendar,
    CalendarPart,
    Cases,
    Clamp,
    Compare,
    Const,
    DateDiff,
    Divide,
    Expr,
    Gather,
    Members,
    Multiply,
    Never,
    Not,
    OneOf,
    Or,
    Period,
    Rounding,
    Scale,
    Shift,
    Unknown,
    walk,
)
from fupin_policy.core.household import Household, Person
from fupin_policy.core.identifiers import DefinitionId, Need
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import breakpoints, snapshot
from fupin_policy.core.types import Code, Day, Number, Truth
from fupin_policy.decisions.missing import needs_of_questions
from fupin_policy.evaluators import interpreter
from fupin_policy.evaluators.wasm import WasmEvaluator, compile_program, program_text, read_manifest

YES = constant(3, Truth())


def _age(start: Expr, period: Period = Period.YEARS) -> DateDiff:
    return DateDiff(period, start, AS_OF, number(0, 60_000))


def _product(left: Expr, right: Expr) -> Multiply:
    return Multiply(left, right, number(-(2**62), 2**62))


def _ratios(left: Expr, right: Expr) -> list[Expr]:
    return [Divide(left, right, rounding, number(-(2**50), 2**50)) for rounding in Rounding]


def _questions(where: Expr, value: Expr, default: Expr) -> list[Expr]:
    wide = number(-(10**7), 10**7) if isinstance(value.type, Number) else hull([value.type, default.type])
    found: list[Expr] = [
        Members(aggregate, where, value, default, wide) for aggregate in (Aggregate.MIN, Aggregate.MAX)
    ]
    if isinstance(value.type, Number):
        found.append(Members(Aggregate.SUM, where, value, None, wide))
    found.append(Members(Aggregate.ANY, where, None, None, Truth()))
    found.append(Members(Aggregate.COUNT, where, None, None, number(0, make.MAX_MEMBERS)))
    return found


def _household_exprs() -> Iterator[Expr]:
    income, area, wealth, place = (fact(name) for name in ("income", "area", "wealth", "place"))
    yield from (fact(i.name) for i in make.HOUSEHOLD_INPUTS)
    yield from (parameter(name) for name in make.PARAMETERS if name != "keyed")
    yield from (parameter("keyed", key) for key in range(5))
    yield from (Const(8, make.SMALL), Const(1 << 63, make.CODES[4]), Const(1 << 31, make.CODES[2]), AS_OF)
    yield from (Not(fact("poor")), Not(fact("listed")), Not(YES), Not(parameter("open")))
    for node in (And, Or):
        yield from (node((fact("poor"),)), node((fact("poor"), fact("listed"), parameter("open"))))
        yield from (node((YES, fact("poor"))), node((Not(YES), fact("poor"))))
    for sign in ("<", "<=", "="):
        yield from (Compare(sign, income, wealth), Compare(sign, area, constant(120)))
        yield Compare(sign, fact("moved"), AS_OF)
    yield from (Compare("=", place, place), Compare("=", place, parameter("favoured")))
    yield from (
        Compare("=", fact("full"), Const(1 << 63, make.CODES[4])),
        Compare("=", fact("kind"), Const(2, make.MID)),
    )
    yield from (
        OneOf(fact(name), mask) for name in ("place", "kind", "full", "village") for mask in (0, 5, (1 << 70) - 1)
    )
    yield Add((income, area, constant(-7)), number(-(10**7), 10**8))
    yield from (Scale(income, factor, number(-(10**10), 10**10)) for factor in (-100, -1, 0, 1, 10))
    above, below = (least((income, constant(0)), greatest) for greatest in (True, False))
    yield from (
        _product(x, y)
        for x in (income, above, below, area)
        for y in (constant(-3), area, above, below, parameter("share"))
    )
    over, under = least((income, constant(3)), True), least((income, constant(-3)), False)
    for divisor in (over, under, constant(7), constant(8), constant(-5), constant(-2), parameter("share"), constant(1)):
        for left in (income, above, below, area):
            yield from _ratios(left, divisor)
    yield from (least((income, wealth, area), greatest) for greatest in (True, False))
    yield from _household_cases()
    yield from (_age(fact("moved"), period) for period in Period)
    yield from (_age(fact("registered"), period) for period in Period)
    yield from (DateDiff(period, parameter("since"), fact("moved"), number(0, 60_000)) for period in Period)
    amount = least((least((income, constant(-40)), True), constant(40)), False)
    yield from (Shift(day, amount, period, make.DAYS) for day in (fact("moved"), AS_OF) for period in Period)
    yield from (Shift(fact("registered"), constant(13), period, make.DAYS) for period in Period)
    for part in (*CalendarPart, MonthDay(9, 1), MonthDay(2, 28)):
        asked = part in (CalendarPart.YEAR, CalendarPart.MONTH)
        kind = number(1, 9999) if asked else make.DAYS
        yield from (Calendar(part, day, kind) for day in (fact("moved"), fact("registered"), AS_OF))


def _household_cases() -> Iterator[Expr]:
    tests = (fact("poor"), fact("listed"), parameter("open"), Compare("<", fact("income"), fact("wealth")))
    for first in tests:
        branches = (first, fact("income")), (OneOf(fact("place"), 3), constant(5))
        yield Cases(branches, fact("area"), number(-(10**7), 10**8))
        yield Cases(((first, fact("poor")), (fact("poor"), YES)), fact("listed"), Truth())
        yield Cases(((first, fact("place")),), Const(2, make.SMALL), make.SMALL)
        yield Cases(((first, fact("full")),), Const(2, make.CODES[4]), make.CODES[4])
        yield Cases(((first, fact("moved")),), AS_OF, make.DAYS)
    whole = tuple((test, fact("area")) for test in (fact("poor"), Not(fact("poor"))))
    yield Cases(whole, Never(fact("area").type), fact("area").type)
    rows = ((fact("poor"), fact("income")), (fact("listed"), fact("area")))
    yield Gather(Aggregate.SUM, rows, constant(5), number(-(10**7), 10**8))
    yield Gather(Aggregate.MAX, rows, fact("wealth"), number(-(2**40), 2**40))
    yield Clamp(fact("income"), -1_000, 90_000, number(-1_000, 90_000))
    yield Cases(((YES, constant(1)),), constant(2), number(1, 2))
    yield Cases(((Not(YES), constant(1)),), constant(2), number(1, 2))


def _member_exprs() -> Iterator[Expr]:
    yield from (fact(i.name) for i in make.MEMBER_INPUTS)
    yield from (_age(fact(name), period) for name in ("born", "joined") for period in Period)
    yield from _ratios(fact("wage"), fact("debt"))
    yield from (_product(fact(x), fact(y)) for x in ("wage", "rank", "debt") for y in ("wage", "rank", "debt"))
    yield from (Compare("=", fact("stage"), fact("role")), Compare("=", fact("stage"), fact("place")))
    count = Members(Aggregate.COUNT, fact("ill"), None, None, number(0, make.MAX_MEMBERS))
    yield Compare("<", count, fact("rank"))
    share = Divide(fact("income"), least((count, constant(1)), True), Rounding.HALF_UP, number(-(10**7), 10**8))
    yield Add((share, fact("wage")), number(-(10**7), 10**8))


def _all_questions() -> Iterator[Expr]:
    old = Compare("<=", constant(60), _age(fact("born")))
    for where in (YES, Not(YES), fact("ill"), fact("enrolled"), old):
        for value in (fact("wage"), fact("rank"), fact("debt"), constant(4)):
            yield from _questions(where, value, fact("area"))
            yield from _questions(where, value, parameter("share"))
        yield from _questions(where, fact("born"), fact("moved"))
    nested = Members(Aggregate.ANY, And((fact("ill"), old)), None, None, Truth())
    yield from _questions(Or((nested, fact("enrolled"))), fact("wage"), _questions(old, fact("rank"), fact("area"))[0])


@pytest.fixture(scope="module")
def every_node() -> Program:
    """A program that shows every expression above."""
    draft = Draft()
    for expr in (*_household_exprs(), *_all_questions()):
        draft.show("household", expr)
    for expr in _member_exprs():
        draft.show("member", expr)
    draft.policy("household", fact("poor"), fact("income"), Validity(*CUTS))
    draft.policy("member", fact("ill"), fact("wage"), Validity(*CUTS))
    _chain(draft)
    return draft.program()


def _chain(draft: Draft) -> None:
    """Members' values that later loops need again, over several stages."""
    base = draft.define(
        DefinitionId("term", "base"), "member", [(make.COVERS, Add((fact("wage"), fact("rank")), number(-520, 90_020)))]
    )
    sick = draft.define(
        DefinitionId("term", "sick"), "member", [(make.COVERS, And((fact("ill"), OneOf(fact("stage"), 6))))]
    )
    fixed = draft.define(
        DefinitionId("term", "fixed"), "member", [(make.COVERS, Scale(fact("rank"), 3, number(-60, 60)))]
    )
    plain = draft.define(DefinitionId("term", "plain"), "member", [(make.COVERS, fact("area"))])
    total = Members(Aggregate.SUM, sick, base, None, number(-2_600, 450_100))
    first = draft.define(DefinitionId("term", "total"), "household", [(make.COVERS, total)])
    own = Add((first, base, fixed, plain), number(-4_000, 600_000))
    second = draft.define(DefinitionId("term", "own"), "member", [(make.COVERS, own)])
    top = Members(Aggregate.MAX, Or((sick, Compare("<", first, base))), second, first, number(-4_000, 600_000))
    third = draft.define(DefinitionId("term", "top"), "household", [(make.COVERS, top)])
    draft.show("household", third)
    draft.show("member", Compare("=", Add((second, base), number(-5_000, 700_000)), third))
    draft.show("member", Or((sick, Compare("<", third, second))))
    draft.show("member", plain)


def _random_household(random: Random, members: int) -> Household:
    def value(column: Input) -> int | tuple[int, int]:
        match column.type:
            case Truth():
                return random.choice([0, 3] if column.required else [0, 2, 3])
            case Code(_, size):
                mask = random.choice([random.randrange(1, 1 << size), (1 << size) - 1, 1 << random.randrange(size)])
                return 1 << random.randrange(size) if column.required else mask
            case Number(_, _, low, high) | Day(low, high):
                near = [random.randint(low, high) for _ in range(2)] + [max(low, min(high, random.randint(-9, 9)))]
                one, two = sorted(random.choices(near + [d for d in make.LEAPS if low <= d <= high], k=2))
                return (
                    (one, one) if column.required or random.random() < 0.5 else random.choice([(one, two), (low, high)])
                )
            case _:
                raise AssertionError(column)

    people = tuple(Person(f"m{i}", tuple(map(value, make.MEMBER_INPUTS))) for i in range(members))
    return Household("h", tuple(map(value, make.HOUSEHOLD_INPUTS)), people)


def _agree(program: Program, evaluator: WasmEvaluator, household: Household, as_of: int) -> None:
    expected = interpreter.evaluate(snapshot(program, as_of), household, as_of)
    found = evaluator.evaluate(household, as_of)
    for position, rule in enumerate(program.policies):
        seen = (found.outcomes[position], found.amounts[position])
        assert seen == (expected.outcomes[position], expected.amounts[position]), _described(program, rule.id, as_of)
    assert found == expected
    assert _missing(evaluator.needs(household, as_of)) == _missing(_traced(program, household, as_of))


def _traced(program: Program, household: Household, as_of: int) -> tuple[tuple[Need, ...], ...]:
    dated = snapshot(program, as_of)
    ids = tuple(person.id for person in household.members)
    return needs_of_questions(dated.program, interpreter.trace(dated, household, as_of), ids)


def _missing(needs: tuple[tuple[Need, ...], ...]) -> list[list[Need]]:
    return [sorted(own, key=str) for own in needs]


def _described(program: Program, policy: str, as_of: int) -> str:
    dated = {d.id: d for d in snapshot(program, as_of).definitions}
    return "\n".join(
        str(dated[name]) for name in (DefinitionId("outcome", policy), DefinitionId("payable", policy)) if name in dated
    )


def test_every_node_kind_is_here(every_node: Program) -> None:
    days = breakpoints(every_node)
    dated = [d for day in days for d in snapshot(every_node, day).definitions]
    seen = {type(node) for definition in dated for node in walk(definition.expr)}
    assert seen | {type(parameter("line"))} == set(get_args(Expr))
    assert Unknown in seen


def test_every_node_agrees_with_the_interpreter(every_node: Program) -> None:
    evaluator = WasmEvaluator(every_node, compile_program(every_node))
    random = Random(20190630)
    days = [
        *breakpoints(every_node),
        CUTS[0] - 1,
        make.COVERS.end - 1,
        to_day(date(2019, 2, 28)),
        to_day(date(2020, 2, 29)),
    ]
    snapshots = {day: snapshot(every_node, day) for day in days}
    for turn in range(60):
        household = _random_household(random, turn % (make.MAX_MEMBERS + 1))
        day = random.choice(days)
        expected = interpreter.evaluate(snapshots[day], household, day)
        if evaluator.evaluate(household, day) != expected:
            _agree(every_node, evaluator, household, day)


@settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))
@given(make.programs(), st.data())
def test_random_programs_agree_with_the_interpreter(program: Program, data: st.DataObject) -> None:
    _agree_on_some(program, data)


@pytest.mark.long
@settings(deadline=None, max_examples=500, suppress_health_check=list(HealthCheck))
@given(make.programs(), st.data())
def test_many_random_programs_agree_with_the_interpreter(program: Program, data: st.DataObject) -> None:
    _agree_on_some(program, data)


def _agree_on_some(program: Program, data: st.DataObject) -> None:
    evaluator = WasmEvaluator(program, compile_program(program))
    for _ in range(data.draw(st.integers(3, 6))):
        _agree(program, evaluator, data.draw(make.households()), data.draw(make.days()))


@pytest.mark.parametrize("left", [(-5, 1), (-1, 5), (0, 4), (-4, 0), (-3, 3)])
@pytest.mark.parametrize("right", [(-4, 1), (0, 3), (-3, 0)])
def test_ends_of_products_are_those_of_their_corners(
    tmp_path: Path, left: tuple[int, int], right: tuple[int, int]
) -> None:
    """Which corner is which end is read off the signs that facts may have; each may be just one more."""
    facts = "".join(
        f"- {{name: {name}, label: {label}, for: household, type: number, range: {low}..{high}}}\n"
        for name, label, (low, high) in (("x", "甲", left), ("y", "乙", right))
    )
    ruleset = written(
        tmp_path, facts, policy("是"), "- {name: t, label: 积, for: household, output: true, value: 甲 × 乙}"
    )
    parts = [list(combinations_with_replacement(range(low, high + 1), 2)) for low, high in (left, right)]
    for x, y in product(*parts):
        given = {"id": "h", "甲": {"min": x[0], "max": x[1]}, "乙": {"min": y[0], "max": y[1]}, "members": []}
        corners = [a * b for a in x for b in y]
        told = ruleset.evaluate(given, "2019-06-30").figure("积").values[0].value
        assert told == (min(corners), max(corners)), (x, y)


@settings(deadline=None, max_examples=300)
@given(st.integers(make.FIRST, make.LAST - 40_000), st.integers(-900, 900))
def test_calendar_over_all_years(day: int, months: int) -> None:
    store, run, memory = _CALENDAR
    first = to_day(date(1, 1, 1)) + 30_000
    start, by = max(day, first), months
    found: list[int] = []
    for value in (start, by):
        memory.write(store, value.to_bytes(8, "little", signed=True), 8 * len(found))
        found.append(value)
    run(store)
    raw = bytes(memory.read(store, 16, 32))
    packed, moved = (int.from_bytes(raw[i : i + 8], "little", signed=True) for i in (0, 8))
    from fupin_policy.core.days import to_date
    from fupin_policy.core.possible import shift_day

    known = to_date(start)
    assert packed == known.year << 9 | known.month << 5 | known.day
    assert moved == shift_day(start, by, Period.MONTHS)


def _calendar() -> tuple[wasmtime.Store, wasmtime.Func, wasmtime.Memory]:
    from fupin_policy.evaluators.wasm.runtime import RUNTIME

    body = """(func (export "run")
      (i64.store (i32.const 16) (call $packed_years (i64.load (i32.const 0))))
      (i64.store (i32.const 24) (call $shift_months (i64.load (i32.const 0)) (i64.load (i32.const 8)))))"""
    store = wasmtime.Store()
    module = wasmtime.Module(store.engine, f'(module (memory (export "memory") 1) {RUNTIME} {body})')
    exports = wasmtime.Instance(store, module, []).exports(store)
    run, memory = exports["run"], exports["memory"]
    assert isinstance(run, wasmtime.Func) and isinstance(memory, wasmtime.Memory)
    return store, run, memory


_CALENDAR = _calendar()


def test_the_same_program_gives_the_same_bytes(every_node: Program) -> None:
    assert compile_program(every_node) == compile_program(every_node)
    assert program_text(every_node) == program_text(every_node)


def test_a_module_has_three_functions_however_many_versions() -> None:
    """One for what is known in part, one for households of which everything is known, one that says what is missing."""
    draft = Draft()
    draft.policy("household", fact("poor"), parameter("line"))
    once = program_text(draft.program())
    draft.policy("household", fact("poor"), parameter("line"), Validity(*CUTS))
    for text in (once, program_text(draft.program())):
        assert [text.count(f"(func {name}\n") for name in ("$possible", "$exact", "$traced")] == [1, 1, 1]


def test_manifest_says_what_a_host_needs(every_node: Program) -> None:
    wasm = compile_program(every_node)
    manifest = read_manifest(wasm)
    assert json.loads(json.dumps(manifest)) == manifest
    assert manifest["digest"] == "sha256:test"
    assert manifest["breakpoints"] == list(breakpoints(every_node))
    income = next(column for column in manifest["inputs"] if column["name"] == "income")
    assert [part["part"] for part in income["columns"]] == ["low", "high"]
    assert income["range"] == [-1_000_000, 50_000_000]
    assert [policy["policy"] for policy in manifest["policies"]] == [policy.id for policy in every_node.policies]
    module = wasmtime.Module(wasmtime.Engine(), wasm)
    assert module.imports == []
    assert sorted(export.name for export in module.exports) == ["check", "memory", "missing", "run"]


def test_days_not_covered_and_too_many_members_are_refused(every_node: Program) -> None:
    evaluator = WasmEvaluator(every_node, compile_program(every_node))
    random = Random(1)
    with pytest.raises(ValueError, match="cover"):
        evaluator.evaluate(_random_household(random, 1), make.COVERS.end)
    with pytest.raises(ValueError, match="members"):
        evaluator.evaluate(_random_household(random, make.MAX_MEMBERS + 1), CUTS[0])
    _agree(every_node, evaluator, _random_household(random, 2), CUTS[0])


def test_a_serialized_module_is_used_and_a_broken_one_ignored(every_node: Program) -> None:
    wasm = compile_program(every_node)
    cached = WasmEvaluator(every_node, wasm).serialize()
    household = _random_household(Random(2), 3)
    for serialized in (cached, cached[:100], b""):
        _agree(every_node, WasmEvaluator(every_node, wasm, serialized), household, CUTS[0])


def test_threads_share_an_evaluator(every_node: Program) -> None:
    evaluator = WasmEvaluator(every_node, compile_program(every_node))
    random = Random(3)
    asked = [(_random_household(random, i % 6), random.choice([CUTS[0], CUTS[1], CUTS[0] - 1])) for i in range(24)]
    alone = [evaluator.evaluate(household, day) for household, day in asked]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda pair: evaluator.evaluate(*pair), asked * 20))
    assert together == alone * 20
