"""Every algebra of the one traversal, and the module, on small domains against brute force.

In: expressions over facts that have few values. Out: assertions. Called by pytest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import pytest
import z3
from brute_force import World
from small_domains import (
    AS_OF,
    EACH,
    EXPRESSIONS,
    FEW,
    LEAP,
    OWN,
    TERM,
    WIDE,
    P,
    S,
    W,
    X,
    Y,
    program_of,
    shapes,
    whole,
    worlds,
)

from fupin_policy.core import possible
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    Cases,
    Const,
    Divide,
    Expr,
    Fact,
    Items,
    Max,
    Min,
    Multiply,
    Parameter,
    Ref,
    Rounding,
    Scale,
    children,
    walk,
)
from fupin_policy.core.household import Household, Person
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.possible import TRUE, Value
from fupin_policy.core.snapshot import Snapshot, snapshot
from fupin_policy.core.subjects import Item
from fupin_policy.core.traces import Trace
from fupin_policy.core.types import PLAIN, Code, Day, Number, Truth, Type
from fupin_policy.evaluators import affine, affine_bounds, interpreter
from fupin_policy.evaluators.smt import calendar
from fupin_policy.evaluators.smt.formulas import FormulaAlgebra, Formulas
from fupin_policy.evaluators.smt.people import SymbolicHousehold
from fupin_policy.evaluators.wasm.host import WasmEvaluator
from fupin_policy.evaluators.wasm.module import compile_program


def _expression_id(expr: Expr) -> str:
    return f"{EXPRESSIONS.index(expr)}-{type(expr).__name__}"


every_expression = pytest.mark.parametrize("expr", EXPRESSIONS, ids=_expression_id)


def _hull(type_: Type, answers: set[Any]) -> Value:
    """The narrowest possible value that has all of some answers."""
    if isinstance(type_, Truth):
        return possible.truth(True in answers, False not in answers)
    if isinstance(type_, Code):
        return int(sum(1 << index for index in answers))
    return (min(answers), max(answers))


def _tight(expr: Expr) -> bool:
    """Whether an expression's possible values must be no wider than its answers: one operation, each fact once."""
    leaves = [node for node in walk(expr) if isinstance(node, Fact)]
    flat = all(not children(part) for part in children(expr))
    days = any(isinstance(node.type, Day) for node in leaves)  # of which only a few are tried
    return flat and not days and len(leaves) == len(set(leaves))


def _traced(dated: Snapshot, household: Household) -> Trace:
    return interpreter.trace(dated, household, AS_OF)[TERM][0]


# -- the algebras -----------------------------------------------------------------------------------------------------


def test_every_node_is_here() -> None:
    seen = {type(node) for expr in EXPRESSIONS for node in walk(snapshot(program_of(expr), AS_OF).definitions[0].expr)}
    assert seen | {Parameter, Ref} == set(Expr.__args__)
    aggregates = {node.aggregate for expr in EXPRESSIONS for node in walk(expr) if isinstance(node, Items)}
    assert aggregates == set(Aggregate)


@every_expression
def test_possible_values_have_every_answer(expr: Expr) -> None:
    dated = snapshot(program_of(expr), AS_OF)
    for household in shapes(expr, known=False):
        answers = {world.exact(expr) for world in worlds(expr, household)}
        value, hull = _traced(dated, household).value, _hull(expr.type, answers)
        assert possible.leq(expr.type, hull, value), household
        if _tight(expr):
            assert value == hull, household


@every_expression
def test_known_values_are_exact(expr: Expr) -> None:
    dated = snapshot(program_of(expr), AS_OF)
    for household in shapes(expr, known=True):
        answers = {world.exact(expr) for world in worlds(expr, household)}
        assert _traced(dated, household).value == _hull(expr.type, answers), household


@every_expression
def test_formulas_agree_at_every_point(expr: Expr) -> None:
    program = program_of(expr)
    people = SymbolicHousehold((program,), 2)
    formula = Formulas(snapshot(program, AS_OF), people).of(TERM)
    solver = z3.SimpleSolver()
    solver.add(*people.always, people.as_of == calendar.key_of(AS_OF))
    for household in shapes(expr, known=True):
        for world in worlds(expr, household):
            solver.push()
            solver.add(people.size == len(world.members), *_given(people, world))
            assert solver.check() == z3.sat
            answer = solver.model().eval(formula, model_completion=True)
            assert _read(expr.type, answer) == world.exact(expr), household
            solver.pop()


def _given(people: SymbolicHousehold, world: World) -> Iterator[Any]:
    """That each variable has its value."""
    types = {column.id: column.type for column in (*OWN, *EACH)}
    for (name, member), variable in people.facts.items():
        assert not isinstance(member, Item)
        if member is not None and member >= len(world.members):
            continue
        value = (world.own if member is None else world.members[member])[name]
        is_day = isinstance(name, InputId) and isinstance(types[name], Day)
        yield variable == (calendar.key_of(value) if is_day else value)


def _read(type_: Type, answer: Any) -> Any:
    if isinstance(type_, Truth):
        return z3.is_true(answer)
    return calendar.day_of(answer.as_long()) if isinstance(type_, Day) else answer.as_long()


RUNNING = {
    InputId("x"): (None, [-2, -1, 0, 1, 2]),
    InputId("d"): (None, [LEAP - 1, LEAP, LEAP + 1]),
    InputId("w"): (0, [-2, -1, 0, 1, 2]),
}


@every_expression
def test_affine_bounds_have_every_point(expr: Expr) -> None:
    dated = snapshot(program_of(expr), AS_OF)
    for name in RUNNING.keys() & {node.input for node in walk(expr) if isinstance(node, Fact)}:
        member, values = RUNNING[name]
        others = dict.fromkeys(_moved_to(one, name, values[0]) for one in shapes(expr, known=False))
        for household in others:
            if member is not None and not household.members:
                continue
            points = {x: _traced(dated, _moved_to(household, name, x)).value for x in values}
            for low, high in [(values[0], values[-1]), *pairwise(values), *((x, x) for x in values)]:
                scope = affine.scope_of(dated.program, household, AS_OF, affine.Running(name, member), {})
                (bound,) = affine.run(scope, dated.definitions[:1], (low, high)).defined[TERM]
                for x in range(low, high + 1):
                    assert _allows(expr.type, bound, x, points[x]), (household, low, high, x)
                if low == high:
                    assert _settled(expr.type, bound) == points[low], (household, low)


def _moved_to(household: Household, name: InputId, x: int) -> Household:
    """The household with another value of the running fact, a member's being the first member's."""
    if name in (names := [column.id for column in OWN]):
        at = names.index(name)
        return replace(household, facts=(*household.facts[:at], (x, x), *household.facts[at + 1 :]))
    if not household.members:
        return household
    at, (first, *rest) = [column.id for column in EACH].index(name), household.members
    changed = first._replace(facts=(*first.facts[:at], (x, x), *first.facts[at + 1 :]))
    return replace(household, members=(changed, *rest))


def _allows(type_: Type, bound: Any, x: int, value: Value) -> bool:
    """Whether the value at a point lies within what is said of the stretch."""
    if isinstance(type_, Truth):
        (wide, narrow), bits = bound, value
        assert isinstance(bits, int)
        return bool(narrow & 2 <= bits & 2 <= wide & 2 and wide & 1 <= bits & 1 <= narrow & 1)
    if isinstance(type_, Code):
        wide, narrow = bound
        return bool(narrow & ~value == 0 and value & ~wide == 0)  # type: ignore[operator]
    low, high = value  # type: ignore[misc]
    return bool(bound[0].holds(x, low) and bound[1].holds(x, high))


def _settled(type_: Type, bound: Any) -> Any:
    if isinstance(type_, Truth | Code):
        wide, narrow = bound
        return wide if wide == narrow else None
    return affine_bounds.known(bound[0]), affine_bounds.known(bound[1])


@pytest.mark.parametrize(
    ("expr", "slope", "at_0"),
    [
        (Add((X, Y, whole(1)), WIDE), 1, 2),
        (Scale(X, -3, WIDE), -3, 0),
        (Multiply(X, Y, WIDE), 1, 0),
        (Max((X, whole(-2)), FEW), 1, 0),
        (Min((X, whole(2)), FEW), 1, 0),
        (Divide(Scale(X, 4, WIDE), whole(2), Rounding.DOWN, WIDE), 2, 0),
        (Cases(((P, Add((X, whole(2)), WIDE)),), Y, WIDE), 1, 2),
        (Items(Aggregate.SUM, S, Add((W, X), WIDE), None, WIDE), 1, 1),
    ],
    ids=str,
)
def test_what_is_straight_stays_so(expr: Expr, slope: int, at_0: int) -> None:
    """Y and W are 1, P and S hold."""
    dated = snapshot(program_of(expr), AS_OF)
    own: tuple[Value, ...] = ((0, 0), (1, 1), TRUE, TRUE, (LEAP, LEAP), (LEAP, LEAP), 1, 1)
    household = Household("h", own, (Person("m0", ((1, 1), TRUE, (LEAP, LEAP), 1)),))
    scope = affine.scope_of(dated.program, household, AS_OF, affine.Running(InputId("x"), None), {})
    ((low, high),) = affine.run(scope, dated.definitions[:1], (0, 2)).defined[TERM]
    assert low == high == affine_bounds.AffineBound(slope, at_0, at_0, True)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("rounding", "up"), [(Rounding.DOWN, -1), (Rounding.UP, 1)])
def test_rounding_moves_a_quotient_one_way_only(sign: int, rounding: Rounding, up: int) -> None:
    """Towards zero, or away from it: by less than one step, and never to the other side, zero itself among them."""
    over = (0, 99) if sign > 0 else (-99, 0)
    line = affine_bounds.AffineBound(1, 0, 0, True)
    found = affine_bounds.divided(line, affine_bounds.constant(10), rounding, over)
    most = Fraction(9, 10)
    assert (found.low, found.high) == ((0, most) if sign * up > 0 else (-most, 0))


@pytest.mark.parametrize("rounding", list(Rounding))
@pytest.mark.parametrize("signs", [(1, 500), (-500, -1)])
def test_quotients_of_formulas(rounding: Rounding, signs: tuple[int, int]) -> None:
    """Of a divisor with more values than are told apart one by one."""
    people = SymbolicHousehold((program_of(whole(1)),), 1)
    top, bottom = Number(PLAIN, 0, -9, 9), Number(PLAIN, 0, *signs)
    node = Divide(Const(0, top), Const(1, bottom), rounding, top)
    divisors = [some for some in range(-4, 5) if signs[0] <= some <= signs[1]]
    for dividend, divisor in product(range(-9, 10), divisors):
        by = z3.Int("by")
        formula = FormulaAlgebra(people).divide(node, z3.IntVal(dividend), by)
        found = z3.simplify(z3.substitute(formula, (by, z3.IntVal(divisor))))
        exact = possible.quotient(dividend, divisor, rounding)
        assert found.as_long() == exact, (dividend, divisor)


@pytest.fixture(scope="module")
def module() -> WasmEvaluator:
    program = program_of(*EXPRESSIONS)
    return WasmEvaluator(program, compile_program(program))


@pytest.fixture(scope="module")
def rows() -> Mapping[Expr, slice]:
    """Where among the module's findings an expression's stand."""
    ends = [0]
    for expr in EXPRESSIONS:
        ends.append(ends[-1] + len(program_of(expr).policies))
    return {expr: slice(*span) for expr, span in zip(EXPRESSIONS, pairwise(ends), strict=True)}


@every_expression
def test_the_module_says_what_the_interpreter_says(
    expr: Expr, module: WasmEvaluator, rows: Mapping[Expr, slice]
) -> None:
    dated = snapshot(program_of(expr), AS_OF)
    for household in shapes(expr, known=False):
        expected, findings = interpreter.evaluate(dated, household, AS_OF), module.evaluate(household, AS_OF)
        assert findings.outcomes[rows[expr]] == expected.outcomes, household
        assert findings.amounts[rows[expr]] == expected.amounts, household
