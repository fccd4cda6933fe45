"""The compiled module against the interpreter, node by node and on random programs.

In: CORE programs. Out: pass or fail. Called by pytest.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import combinations_with_replacement, product
from pathlib import Path
from random import Random
from typing import get_args

import core_programs as make
import pytest
import wasmtime
from core_programs import CUTS, Draft, fact, parameter
from every_node import program_of_every_node
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_programs import programs
from small_rulesets import policy, written

from fupin_policy.core.days import Validity, to_day
from fupin_policy.core.declarations import Input
from fupin_policy.core.expressions import (
    Expr,
    Period,
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


@pytest.fixture(scope="module")
def every_node() -> Program:
    return program_of_every_node()


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
@given(programs(), st.data())
def test_random_programs_agree_with_the_interpreter(program: Program, data: st.DataObject) -> None:
    _agree_on_some(program, data)


@pytest.mark.long
@settings(deadline=None, max_examples=500, suppress_health_check=list(HealthCheck))
@given(programs(), st.data())
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
