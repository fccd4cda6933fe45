"""What a module holds of definitions with many versions: each once, numbers apart, and right on every day.

In: small rulesets. Out: pass or fail. Called by pytest. That modules agree with the interpreter is `test_wasm`'s.
"""

from __future__ import annotations

from datetime import date

import core_programs as make
from core_programs import CUTS, Draft, fact, number, parameter

from fupin_policy.core import possible
from fupin_policy.core.days import Validity, to_day
from fupin_policy.core.declarations import Input
from fupin_policy.core.expressions import Add, And, Clamp, Compare, Const, Expr, Or, Parameter, walk
from fupin_policy.core.history import change_days, definitions_over_time
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.possible import TRUE, Value
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import breakpoints, snapshot
from fupin_policy.core.types import Truth
from fupin_policy.evaluators import interpreter
from fupin_policy.evaluators.wasm import WasmEvaluator, compile_program
from fupin_policy.evaluators.wasm.function import wanted
from fupin_policy.evaluators.wasm.versions import CompiledVersions, compiled_versions

YEARS = [to_day(date(year, 1, 1)) for year in range(2015, 2025)]
RISING = [Validity(start, end) for start, end in zip(YEARS, [*YEARS[1:], make.COVERS.end], strict=True)]


def held(program: Program) -> CompiledVersions:
    """What a module holds of a program."""
    return compiled_versions(definitions_over_time(program, wanted(program)), program.covers)


def yearly() -> Program:
    """A policy that states another number each year."""
    draft = Draft()
    versions = [
        (days, Add((fact("income"), make.constant(100 + at)), number(-(10**7), 10**8)))
        for at, days in enumerate(RISING)
    ]
    draft.policy("household", fact("poor"), draft.define(DefinitionId("term", "paid"), "household", versions))
    return draft.program()


def test_numbers_that_change_each_year_are_one_expression_and_so_many_values() -> None:
    found = held(yearly())
    paid = next(one for one in found.definitions if one.id == DefinitionId("term", "paid"))
    assert len(paid.versions) == 1 and paid.pick is None
    (steps,) = found.values.values()
    assert [day for day, _ in steps][1:] == YEARS[1:] and [value for _, value in steps] == list(range(100, 110))


def narrowed_yearly() -> Program:
    """A policy that states a fact kept within other ends each year."""
    draft = Draft()
    versions: list[tuple[Validity, Expr]] = [
        (days, Clamp(fact("income"), at, 100 + 2 * at, number(at, 100 + 2 * at))) for at, days in enumerate(RISING)
    ]
    draft.policy("household", fact("poor"), draft.define(DefinitionId("term", "paid"), "household", versions))
    return draft.program()


def test_ends_that_change_each_year_are_numbers_too() -> None:
    found = held(narrowed_yearly())
    paid = next(one for one in found.definitions if one.id == DefinitionId("term", "paid"))
    assert len(paid.versions) == 1 and paid.pick is None
    assert sorted([value for _, value in steps] for steps in found.values.values()) == [
        list(range(10)),
        list(range(100, 120, 2)),
    ]


def test_a_number_that_never_changes_is_a_constant() -> None:
    draft = Draft()
    amount = Add((fact("income"), Const(7, number(7, 7))), number(-(10**7), 10**8))
    draft.policy(
        "household", fact("poor"), draft.define(DefinitionId("term", "x"), "household", [(d, amount) for d in RISING])
    )
    found = held(draft.program())
    nodes = [node for one in found.definitions for expr in one.versions for node in walk(expr)]
    assert not found.values and not any(isinstance(node, Parameter) for node in nodes)


def test_a_parameter_has_one_word_however_many_rest_on_it() -> None:
    draft = Draft()
    for _ in range(5):
        draft.policy(
            "household", Compare("<", fact("income"), parameter("line")), None, Validity(make.COVERS.start, CUTS[1])
        )
    found = held(draft.program())
    assert list(found.values) == [("line", None)]


def test_what_no_version_needs_on_a_day_is_not_worked_out() -> None:
    draft = Draft()
    term = draft.define(DefinitionId("term", "both"), "household", [(make.COVERS, And((fact("poor"), fact("listed"))))])
    draft.policy("household", term, None, Validity(*CUTS))
    program = draft.program()
    (both,) = [one for one in held(program).definitions if one.id.part == "term"]
    assert both.pick is not None and [day for day, _ in both.pick] == [make.COVERS.start, *CUTS]
    assert set(change_days(program)[DefinitionId("outcome", "p0")]) == {make.COVERS.start, *CUTS}


def _some(column: Input) -> Value:
    """Anything that is possible, or the least of it where one value must be known."""
    whole = possible.top(column.type)
    if not column.required:
        return whole
    return (whole[0], whole[0]) if isinstance(whole, tuple) else TRUE if isinstance(column.type, Truth) else 1


def test_each_day_has_its_own_version() -> None:
    draft = Draft()
    for at, days in enumerate(RISING):
        draft.policy("household", (And if at % 2 else Or)((fact("poor"), fact("listed"))), fact("income"), days)
    draft.policy("household", fact("poor"), parameter("line"))
    for program in (draft.program(), yearly(), narrowed_yearly()):
        evaluator = WasmEvaluator(program, compile_program(program))
        household = Household("h", tuple(_some(one) for one in program.household_inputs), ())
        asked = [day for edge in breakpoints(program) for day in (edge, edge + 1)]
        for day in [*asked, *asked[::-1], make.COVERS.end - 1]:
            assert evaluator.evaluate(household, day) == interpreter.evaluate(snapshot(program, day), household, day)
