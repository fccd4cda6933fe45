"""Values no wider than the conditions under which they are chosen allow, and amounts in whose sums a fact stands once.

In: the definitions of a snapshot. Out: the same, with choices whose values are kept within what their tests leave, and
narrower `payable:P`. Called by `snapshot`, so that every backend has one form. What people read is what was written.

For each household whose facts are all known nothing changes. Where a fact is partly known an amount that rests on it
twice, or on what its condition also looks at, comes to less than plain intervals give. Numbers are compared as linear
forms over what cannot be taken apart: facts, results of rounding, choices, sums over members.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain
from math import ceil, floor

from fupin_policy.core import possible
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    And,
    Cases,
    Clamp,
    Compare,
    Const,
    Divide,
    Expr,
    Fact,
    Gather,
    Items,
    Max,
    Min,
    Multiply,
    Never,
    Not,
    Or,
    Ref,
    Scale,
    children,
)
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.possible import Interval
from fupin_policy.core.rewriting import with_parts
from fupin_policy.core.types import INT64_MAX, INT64_MIN, Number, Type

MOST = 400
"""How many parts of an amount, or guards of a condition, are looked at; past that it stays as it is."""

Rational = int | Fraction

_LINEAR = (Add, Scale, Multiply, Fact, Ref)
"""What may be more than an atom, or an atom of a guard."""


@dataclass(frozen=True, slots=True)
class LinearForm:
    """A number as a sum of multiples of atoms and a constant. `twice`: some atom was met more than once."""

    parts: Mapping[Expr, Rational]
    constant: Rational
    twice: bool = False

    def plus(self, other: LinearForm, times: Rational) -> LinearForm:
        """The sum with a multiple of another; what comes to nothing is left out."""
        parts = dict(self.parts)
        for atom, factor in other.parts.items():
            parts[atom] = parts.get(atom, 0) + factor * times
        twice = self.twice or other.twice or not self.parts.keys().isdisjoint(other.parts)
        kept = {atom: factor for atom, factor in parts.items() if factor}
        return LinearForm(kept, self.constant + other.constant * times, twice)

    def ends(self) -> tuple[Rational, Rational]:
        """The least and the greatest value that the atoms' ranges allow."""
        low = high = self.constant
        for atom, factor in self.parts.items():
            least, most = _range_of(atom.type) if factor > 0 else _range_of(atom.type)[::-1]
            low, high = low + factor * least, high + factor * most
        return low, high


def narrowed(
    definitions: Mapping[DefinitionId, Expr], names: Iterable[DefinitionId], collects: bool = True
) -> Iterator[tuple[DefinitionId, Expr]]:
    """Some of the definitions without parameters, each choice or amount as narrow as its conditions make it.

    All that they rest on must be among the definitions. Unless it `collects`, sums stay as they are written.
    """
    narrower = _Narrower(definitions, collects)
    for name in names:
        expr = definitions[name]
        yield name, narrower.amount(expr) if name.part == "payable" else narrower.guarded(expr, (), [MOST])


@dataclass(frozen=True, slots=True)
class _Narrower:
    """Knows the definitions as they are written; and their forms and guards, as those that share much are met often."""

    definitions: Mapping[DefinitionId, Expr]
    collects: bool
    forms: dict[DefinitionId, LinearForm] = field(default_factory=dict)
    guards: dict[tuple[DefinitionId, bool], Sequence[LinearForm]] = field(default_factory=dict)

    # -- like terms -----------------------------------------------------------------------------------------------

    def collected(self, expr: Expr, left: list[int]) -> Expr:
        """A number with like terms collected in its sums, through terms too; the same object where there are none.

        Conditions stay as they are. `left` is how many parts may still be looked at.
        """
        left[0] -= 1
        if left[0] <= 0:
            return expr
        match expr:
            case Ref(definition, outer=False) if isinstance(expr.type, Number):
                below = self.definitions[definition]
                again = self.collected(below, left)
                return expr if again is below else again
            case Add():
                form = self.form(expr)
                found = _rebuilt(form, expr) if form.twice else None
                if found is not None:
                    return found
        parts = [self.collected(part, left) if isinstance(part.type, Number) else part for part in children(expr)]
        # inside of what is asked about members a fact is another one's
        return expr if isinstance(expr, Items) else with_parts(expr, parts)

    def form(self, expr: Expr) -> LinearForm:
        """A number as a linear form; what is not linear is an atom."""
        match expr:
            case Const(value):
                return LinearForm({}, value)
            case Add(args):
                total = LinearForm({}, 0)
                for arg in args:
                    total = total.plus(self.form(arg), 1)
                return total
            case Scale(arg, factor):
                return LinearForm({}, 0).plus(self.form(arg), factor)
            case Multiply(left, right):
                one, other = self.form(left), self.form(right)
                for fixed, form in ((one, other), (other, one)):
                    if not fixed.parts:
                        return LinearForm({}, 0).plus(form, fixed.constant)
            case Ref(definition, outer=False):
                below = self.definitions[definition]
                if isinstance(below, Const | Add | Scale | Multiply | Fact | Ref):
                    if definition not in self.forms:
                        self.forms[definition] = self.form(below)
                    return self.forms[definition]
        return LinearForm({expr: 1}, 0)

    # -- choices --------------------------------------------------------------------------------------------------

    def guarded(self, expr: Expr, guards: Sequence[LinearForm], left: list[int]) -> Expr:
        """An expression each of whose choices has its values kept within what they can be where they are chosen.

        The same object where that says nothing. `guards` are at most 0 wherever it counts.
        """
        left[0] -= 1
        if left[0] <= 0:
            return expr
        match expr:
            case Cases(branches, otherwise):
                parts: list[Expr] = []
                before = list(guards)
                for test, value in branches:
                    parts.append(self.guarded(test, before, left))
                    parts.append(self._chosen(value, before, test, left))
                    before += [] if left[0] <= 0 else self._guards(test, False)
                return with_parts(expr, [*parts, self._chosen(otherwise, before, None, left)])
            case Gather(_, rows, default):
                parts = []
                for test, value in rows:
                    parts.append(self.guarded(test, guards, left))
                    parts.append(self._chosen(value, guards, test, left))
                return with_parts(expr, [*parts, self.guarded(default, guards, left)])
            case Items(_, where, value, default):
                # what holds of whoever is looked at says nothing of the others
                parts = [self.guarded(where, (), left)]
                parts += [] if value is None else [self._chosen(value, (), where, left)]
                return with_parts(expr, [*parts, *([] if default is None else [self.guarded(default, (), left)])])
        return with_parts(expr, [self.guarded(part, guards, left) for part in children(expr)])

    def _chosen(self, value: Expr, before: Sequence[LinearForm], test: Expr | None, left: list[int]) -> Expr:
        """A value of a choice, where no test before holds and its own, if it has one, does."""
        if left[0] <= 0 or (not children(value) and not isinstance(value, Fact | Ref)):
            return value
        guards = [*before, *([] if test is None else self._guards(test, True))]
        kept = self.guarded(value, guards, left)
        if not guards or not isinstance(value.type, Number):
            return kept
        wide, (low, high) = self._range(value, (), [MOST]), self._range(value, guards, [MOST])
        if wide[0] < low or high < wide[1]:
            return Clamp(kept, low, high, value.type, value.span)
        return kept

    # -- amounts --------------------------------------------------------------------------------------------------

    def amount(self, expr: Expr) -> Expr:
        """A policy's amount: what is stated, kept within what it can be where the policy applies."""
        match expr:
            case Cases(((outcome, stated),), Const(0), Number()):
                pass
            case _:
                return expr
        kept, guards = self.collected(stated, [MOST]) if self.collects else stated, self._guards(outcome, True)
        kept = self.guarded(kept, guards, [MOST])
        if guards or _range_of(stated.type)[0] < 0:
            low, high = self._range(stated, guards, [MOST])
            most = self._range(stated, (), [MOST])[1] if guards else high
            kept = _kept_within(kept, low, high if high < most else None)
        return expr if kept is stated else replace(expr, branches=((outcome, kept),))

    def _guards(self, condition: Expr, holds: bool) -> Sequence[LinearForm]:
        """Forms that are at most 0 wherever a condition holds, or does not."""
        match condition:
            case And(args) | Or(args):
                found = [self._guards(arg, holds) for arg in args]
                return _of_all(found) if isinstance(condition, And) == holds else _of_any(found)
            case Not(arg):
                return self._guards(arg, not holds)
            case Ref(definition, outer=False):
                if (definition, holds) not in self.guards:
                    self.guards[definition, holds] = self._guards(self.definitions[definition], holds)
                return self.guards[definition, holds]
            case Compare(op, left, right) if isinstance(left.type, Number):
                more = self.form(left).plus(self.form(right), -1)
                less = LinearForm({}, 0).plus(more, -1)
                one = LinearForm({}, 1)
                match op, holds:
                    case "<", True:
                        return (more.plus(one, 1),)
                    case "<", False:
                        return (less,)
                    case "<=", True:
                        return (more,)
                    case "<=", False:
                        return (less.plus(one, 1),)
                    case "=", True:
                        return more, less
        return ()

    def _range(self, expr: Expr, guards: Sequence[LinearForm], left: list[int]) -> Interval:
        """What a number can be where all guards are at most 0. `left` is how many parts may still be looked at."""
        low, high = _range_of(expr.type)
        left[0] -= 1
        if left[0] <= 0:
            return low, high
        inner = self._inner(expr, guards, left)
        linear = _within(self.form(expr), guards) if guards and isinstance(expr, _LINEAR) else (low, high)
        # where nothing fulfils the guards any range will do, but for one beyond the type: nobody reckons with that
        least, most = min(max(low, inner[0], linear[0]), high), min(high, inner[1], linear[1])
        return least, max(least, most)

    def _inner(self, expr: Expr, guards: Sequence[LinearForm], left: list[int]) -> Interval:
        """The same, out of the parts of an expression."""
        whole = _range_of(expr.type)
        match expr:
            case Ref(definition, outer=False) if not isinstance(self.definitions[definition], Never):
                return self._range(self.definitions[definition], guards, left)
            case Add(args):
                ends = [self._range(arg, guards, left) for arg in args]
                return sum(low for low, _ in ends), sum(high for _, high in ends)
            case Scale(arg, factor):
                low, high = (factor * end for end in self._range(arg, guards, left))
                return min(low, high), max(low, high)
            case Multiply(first, second):
                return possible.times(self._range(first, guards, left), self._range(second, guards, left))
            case Divide(first, second, rounding):
                return possible.over(self._range(first, guards, left), self._range(second, guards, left), rounding)
            case Min(args) | Max(args):
                return possible.extreme([self._range(arg, guards, left) for arg in args], isinstance(expr, Max))
            case Cases(branches, otherwise):
                return self._of_cases(branches, otherwise, guards, left)
            case Gather(aggregate, rows, default):
                return self._of_rows(aggregate, rows, default, guards, left)
            case Items(aggregate, where, value, default) if value is not None:
                found = self._range(value, self._guards(where, True), left)
                if aggregate is Aggregate.SUM:  # of any number of members: only the sign is known
                    return (0 if found[0] >= 0 else whole[0]), (0 if found[1] <= 0 else whole[1])
                ends = [found] if default is None else [found, self._range(default, guards, left)]
                return min(low for low, _ in ends), max(high for _, high in ends)
            case _:
                return whole

    def _of_cases(
        self, branches: tuple[tuple[Expr, Expr], ...], otherwise: Expr, guards: Sequence[LinearForm], left: list[int]
    ) -> Interval:
        """Each value where its own test holds and no earlier one does."""
        found, before = [], list(guards)
        for test, value in branches:
            if left[0] <= 0:  # nothing more is looked at, so that a table of many rows needs no guards
                found.append(_range_of(value.type))
                continue
            found.append(self._range(value, [*before, *self._guards(test, True)], left))
            before += self._guards(test, False)
        if not isinstance(otherwise, Never):
            found.append(self._range(otherwise, before, left))
        return min(low for low, _ in found), max(high for _, high in found)

    def _of_rows(
        self,
        aggregate: Aggregate,
        rows: tuple[tuple[Expr, Expr], ...],
        default: Expr,
        guards: Sequence[LinearForm],
        left: list[int],
    ) -> Interval:
        """The sum or the greatest of values, each where its own test holds."""
        found = [self._range(value, [*guards, *self._guards(test, True)], left) for test, value in rows]
        rest = (INT64_MAX, INT64_MIN) if isinstance(default, Never) else self._range(default, guards, left)
        tests = [possible.UNKNOWN] * len(rows)
        if aggregate is Aggregate.SUM:
            return possible.total(tests, found, rest)
        return possible.extreme_of(tests, found, rest, True)


def _of_all(given: Sequence[Sequence[LinearForm]]) -> Sequence[LinearForm]:
    """The guards of what holds together: of those that differ in the constant only, the one that says most."""
    found: dict[frozenset[tuple[Expr, Rational]], LinearForm] = {}
    for guard in chain.from_iterable(given):
        parts = frozenset(guard.parts.items())
        if parts in found or len(found) < MOST:
            found[parts] = max(guard, found.get(parts, guard), key=lambda one: one.constant)
    return tuple(found.values())


def _of_any(given: Sequence[Sequence[LinearForm]]) -> Sequence[LinearForm]:
    """What the guards of each of several conditions say, of which one holds: the weaker of two that differ so."""
    first, *others = given
    found = []
    for guard in first:
        alike = [[one for one in other if one.parts == guard.parts] for other in others]
        if all(alike):
            found.append(min([guard, *chain.from_iterable(alike)], key=lambda one: one.constant))
    return found


def _range_of(type_: Type) -> Interval:
    assert isinstance(type_, Number)
    return type_.low, type_.high


def _within(form: LinearForm, guards: Sequence[LinearForm]) -> Interval:
    """The ends of a form where all guards are at most 0, each tried in such a multiple that an atom goes.

    The form is never less than itself plus a positive multiple of what is at most 0, nor more than itself less that.
    """
    low, high = form.ends()
    for guard in guards:
        for atom in guard.parts.keys() & form.parts.keys():
            times = _quotient(form.parts[atom], guard.parts[atom])
            ends = form.plus(guard, -times).ends()
            low, high = (max(low, ends[0]), high) if times < 0 else (low, min(high, ends[1]))
    return ceil(low), floor(high)


def _quotient(one: Rational, other: Rational) -> Rational:
    """The quotient, as an integer where it is one: sums of integers are ten times as quick as those of fractions."""
    found = Fraction(one, other)
    return found.numerator if found.denominator == 1 else found


def _kept_within(stated: Expr, low: int, high: int | None) -> Expr:
    """A number kept within bounds. An end that the nothing of those not entitled covers anyhow is left as it is."""
    type_ = stated.type
    assert isinstance(type_, Number)
    most = high if high is not None and type_.high > max(high, 0) else type_.high
    least = low if min(type_.low, most) < min(low, 0) else min(type_.low, most)
    return stated if (least, most) == (type_.low, type_.high) else Clamp(stated, least, most, type_)


def _rebuilt(form: LinearForm, written: Add) -> Expr | None:
    """A form as an expression of the type of what was written; None where a sum on the way might leave 64 bits."""
    if any(factor.denominator != 1 for factor in form.parts.values()) or form.constant.denominator != 1:
        return None
    terms = [_multiple(atom, int(factor), written.type) for atom, factor in form.parts.items()]
    if form.constant or not terms:
        terms.append(_constant(int(form.constant), written.type))
    if sum(max(abs(end) for end in _range_of(term.type)) for term in terms) > INT64_MAX:
        return None
    low, high = (int(end) for end in form.ends())
    type_ = replace(written.type, low=max(low, written.type.low), high=min(high, written.type.high))
    return Add(tuple(terms), type_, written.span)


def _multiple(atom: Expr, factor: int, type_: Number) -> Expr:
    low, high = sorted(factor * end for end in _range_of(atom.type))
    return Scale(atom, factor, Number(type_.unit, type_.scale, low, high), atom.span)


def _constant(value: int, type_: Number) -> Const:
    return Const(value, Number(type_.unit, type_.scale, value, value))
