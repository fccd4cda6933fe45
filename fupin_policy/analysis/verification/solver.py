"""Questions to the solver, and the households that it answers with, confirmed by the interpreter.

In: formulas over the facts of a household. Out: a `Witness`, None where there is none, or `Undecided`.
Called by `prove` and `differences`.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import z3

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity, to_date
from fupin_policy.core.expressions import Const, Expr, Unknown, walk
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.possible import Value
from fupin_policy.core.rewriting import rewrite
from fupin_policy.core.snapshot import Snapshot
from fupin_policy.core.subjects import Item, Whose
from fupin_policy.core.types import Code, Day, Truth, Type
from fupin_policy.diagnostics import Reporter
from fupin_policy.evaluators import interpreter
from fupin_policy.evaluators.smt.calendar import day_of, key_of
from fupin_policy.evaluators.smt.formulas import Formulas
from fupin_policy.evaluators.smt.people import FactPosition, SymbolicHousehold
from fupin_policy.intake import Intake
from fupin_policy.intake.serializer import exact, labelled, serialize

_SIZE, _DAY = (InputId("size"), -1), (InputId("as_of"), -1)
"""How the variables that are no facts are called among those that are."""

KNOWN = 4
"""How many answers are kept to be tried on further questions."""


class Undecided(Exception):
    """The solver did not finish within its time."""


class OutOfTime(Undecided):
    """The time for all questions is over."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The value of a definition for the household, for the member at a position, or for the first item of a list."""

    definition: DefinitionId
    member: Whose


@dataclass(frozen=True, slots=True)
class Witness:
    """A household, as `evaluate` takes it, and a date; the values of definitions, as the interpreter confirms.

    `parameters` are those without a value on the date, with the one that was supposed, as `--set` takes both.
    """

    household: Mapping[str, Any]
    as_of: date
    values: Mapping[Claim, Value]
    parameters: tuple[Bilingual, ...]
    labelled: Mapping[str, Any]
    """The household by the facts' labels, as people write it."""

    def as_json(self) -> dict[str, Any]:
        """The witness as plain data."""
        return {
            "household": dict(self.household),
            "as_of": self.as_of.isoformat(),
            **({"parameters": [one.en for one in self.parameters]} if self.parameters else {}),
        }


@dataclass(frozen=True, slots=True)
class Solver:
    """Asks the solver until a time (of `time.monotonic`); without one, as long as each question may take.

    `known` are values of variables that answered earlier questions, the last first: what was possible once is mostly so
    again a day later, and to try it takes no search.
    """

    until: float | None = None
    known: deque[Mapping[FactPosition, Any]] = field(default_factory=lambda: deque(maxlen=KNOWN))

    @property
    def over(self) -> bool:
        """Whether the time for all questions is over."""
        return self.until is not None and time.monotonic() >= self.until

    def solve(self, people: SymbolicHousehold, within: Sequence[Validity], conditions: Sequence[Any]) -> Any:
        """A model of a household, on a day of some stretches, for which the conditions hold; None if there is none.

        Of several the one with the fewest members is taken, then with few items of lists, on the first day if that will
        do. Raises Undecided.
        """
        asked = [*people.always, people.within(within), *conditions]
        model = self._model(asked)
        if model is None:
            return None
        for size in range(people.most):
            smaller = self._model([*asked, people.size == size])
            if smaller is not None:
                asked, model = [*asked, people.size == size], smaller
                break
        items = people.items_in_all()
        for few in range(0 if items is None else model.eval(items, model_completion=True).as_long()):
            smaller = self._model([*asked, items == few])
            if smaller is not None:
                asked, model = [*asked, items == few], smaller
                break
        return self._model([*asked, people.as_of == key_of(within[0].start)]) or model

    def possible(self, people: SymbolicHousehold, within: Sequence[Validity], conditions: Sequence[Any]) -> bool:
        """Whether there is such a household. Raises Undecided."""
        asked = z3.And(*people.always, people.within(within), *conditions)
        variables = {**people.facts, _SIZE: people.size, _DAY: people.as_of}
        for values in list(self.known):
            if _holds(asked, variables, {**values, _DAY: _day_within(values[_DAY], within)}):
                self.known.remove(values)
                self.known.appendleft(values)
                return True
        model = self._small(people, asked) or self._model([asked])
        if model is not None:
            self.known.appendleft({name: model.eval(one, model_completion=True) for name, one in variables.items()})
        return model is not None

    def _small(self, people: SymbolicHousehold, asked: Any) -> Any:
        """A model with one member, if one is found soon: most questions that have an answer have such."""
        if people.most > 1:
            with contextlib.suppress(Undecided):
                return self._model([asked, people.size == 1], ways=1)
        return None

    def _model(self, formulas: Sequence[Any], ways: int | None = None) -> Any:
        """A model, None where there is none. Each way of solving gets its time: they are good at different things."""
        for make, milliseconds in _WAYS[:ways]:
            solver = make()
            solver.set("timeout", min(milliseconds, self._left()))
            solver.add(*formulas)
            answer = solver.check()
            if answer != z3.unknown:
                return solver.model() if answer == z3.sat else None
        raise Undecided

    def _left(self) -> int:
        """How many milliseconds are left, at least 1. Raises OutOfTime."""
        if self.until is None:
            return _WAYS[-1][1]
        left = int((self.until - time.monotonic()) * 1000)
        if left <= 0:
            raise OutOfTime
        return left


def _day_within(day: Any, within: Sequence[Validity]) -> Any:
    """A known day, or the start of the first stretch where it lies in none."""
    number = day_of(day.as_long())
    return day if any(one.covers(number) for one in within) else z3.IntVal(key_of(within[0].start))


def _holds(asked: Any, variables: Mapping[FactPosition, Any], values: Mapping[FactPosition, Any]) -> bool:
    """Whether known values answer a question; not if they lack one of its variables."""
    if not variables.keys() <= values.keys():
        return False
    told = z3.simplify(z3.substitute(asked, *((one, values[name]) for name, one in variables.items())))
    return bool(z3.is_true(told))


def _purified() -> Any:
    """Quotients become variables first, in which nested ones do not multiply cases."""
    return z3.Then("simplify", "purify-arith", "propagate-ineqs", "smt").solver()


def _older() -> Any:
    """The solver's older arithmetic."""
    solver = z3.SimpleSolver()
    solver.set("arith.solver", 2)
    return solver


_WAYS = ((z3.SimpleSolver, 1_000), (_purified, 5_000), (_older, 30_000))
"""Ways of solving, and how many milliseconds each may take."""


def with_facts(formulas: Formulas, claims: Sequence[Claim]) -> Sequence[Claim]:
    """The claims, once the question to come holds within their ranges all facts that they rest on."""
    for claim in claims:
        formulas.of(claim.definition, claim.member)
    return claims


def witness(
    formulas: Formulas, model: Any, claims: Sequence[Claim], left_open: Collection[str] = frozenset()
) -> Witness:
    """The household of a model with what it claims (`with_facts`), confirmed by the interpreter.

    Of parameters `left_open` nothing is supposed: what is claimed is then what the interpreter says.
    """
    people, snapshot = formulas.people, formulas.snapshot
    household = people.household(model, formulas.program)
    day = people.day(model)
    without = open_parameters(snapshot).keys() - set(left_open)
    assumed = {name: value for name, value in people.parameters(model).items() if name in without}
    said = serialize(snapshot.program, replace(household, as_of=day))
    values = {claim: _value(formulas, model, claim) for claim in claims}
    found = interpreted(settled(snapshot, assumed), said, day, claims)
    types = {claim: formulas.dated(claim.definition).type for claim in claims}
    within = all(possible.leq(types[claim], value, found[claim]) for claim, value in values.items())
    if not within or (found != values and not left_open):
        raise AssertionError(f"the solver and the interpreter disagree: {said}, {day}: {values} and {found}")
    return Witness(said, to_date(day), found, _supposed(snapshot, assumed), labelled(snapshot.program, said))


def open_parameters(snapshot: Snapshot) -> dict[str, Type]:
    """The parameters without a value that definitions use, by name."""
    nodes = (node for one in snapshot.definitions for node in walk(one.expr))
    return {node.parameter: node.type for node in nodes if isinstance(node, Unknown)}


def _supposed(snapshot: Snapshot, parameters: Mapping[str, int]) -> tuple[Bilingual, ...]:
    """What is supposed of parameters without a value: `参数.低保标准=580.00`."""
    types, said = open_parameters(snapshot), []
    for name, value in parameters.items():
        stored, declared = _stored(types[name], value), snapshot.program.parameters[name]
        if declared.of is not None and declared.of.parameter not in parameters:
            # a value that is tried holds on every day
            declared = snapshot.program.parameters[declared.of.parameter]
        pair = stored if isinstance(types[name], Truth | Code) else (stored, stored)
        given = exact(snapshot.program, types[name], pair)
        text = Bilingual("是", "true") if given is True else Bilingual("否", "false") if given is False else None
        zh, en = (str(given), str(given)) if text is None else (text.zh, text.en)
        prefix = ("", "") if declared.reading else ("参数.", "parameter.")
        said.append(Bilingual(f"{prefix[0]}{declared.label}={zh}", f"{prefix[1]}{declared.name}={en}"))
    return tuple(said)


def interpreted(snapshot: Snapshot, said: Mapping[str, Any], day: int, claims: Sequence[Claim]) -> dict[Claim, Value]:
    """What the interpreter finds for a household as given."""
    traces = interpreter.trace(snapshot, read(snapshot, said, day), day)
    return {claim: traces[claim.definition][_at(claim.member)].value for claim in claims}


def _at(whose: Whose) -> int:
    """Where the value of a claim stands."""
    return whose.slot if isinstance(whose, Item) else whose or 0


def read(snapshot: Snapshot, said: Mapping[str, Any], day: int) -> Household:
    """A witness's household, read as anybody's is."""
    reporter = Reporter()
    household = Intake(snapshot.program).read(said, day, reporter)
    if household is None or reporter.diagnostics:
        raise AssertionError(f"a witness that cannot be read: {said}: {reporter.diagnostics}")
    return household


def settled(snapshot: Snapshot, parameters: Mapping[str, int]) -> Snapshot:
    """The snapshot with values for parameters that have none."""
    if not parameters:
        return snapshot

    def known(node: Expr) -> Expr:
        if not isinstance(node, Unknown) or node.parameter not in parameters:
            return node
        return Const(_stored(node.type, parameters[node.parameter]), node.type, node.span)

    definitions = tuple(replace(one, expr=rewrite(one.expr, known)) for one in snapshot.definitions)
    return replace(snapshot, definitions=definitions)


def _stored(type_: Type, value: int) -> int:
    match type_:
        case Code():
            return 1 << value
        case Day():
            return day_of(value)
        case _:
            return value


def _value(formulas: Formulas, model: Any, claim: Claim) -> Value:
    dated = formulas.dated(claim.definition)
    found = model.eval(formulas.of(claim.definition, claim.member), model_completion=True)
    match dated.type:
        case Truth():
            return possible.TRUE if z3.is_true(found) else possible.FALSE
        case Code():
            return 1 << int(found.as_long())
        case Day():
            return (day_of(found.as_long()), day_of(found.as_long()))
        case _:
            return (found.as_long(), found.as_long())
