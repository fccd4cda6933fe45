"""The algebra of affine bounds: what numbers, truths and codes do while one fact runs over a stretch of its values.

In: values over a stretch. Out: the same. Called by `traversal` for `affine`.

A number has two ends (`core.possible`), and each end is an `AffineBound`. A truth or a code is a pair: all that is
possible somewhere in the stretch, and its dual, what is so everywhere. Where the two are alike it is the same
over the whole stretch, also where it stays unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TypeVar, cast

from fupin_policy.core import possible
from fupin_policy.core.expressions import (
    Calendar,
    CalendarPart,
    Cases,
    Clamp,
    Const,
    DateDiff,
    Divide,
    Multiply,
    Never,
    OneOf,
    Period,
    Scale,
    Shift,
    Unknown,
)
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN, Interval, Value
from fupin_policy.core.types import INT64_MAX, INT64_MIN, Code, Truth, Type
from fupin_policy.evaluators import affine_bounds
from fupin_policy.evaluators.affine_bounds import AffineBound, between, constant, hull, pick, reach

Pair = tuple[int, int]
"""A truth or a code over a stretch: all that it may be somewhere, and the dual of that."""

Ends = tuple[AffineBound, AffineBound]
"""A number or a day over a stretch: its least and its greatest possible value."""

AbstractValue = Pair | Ends
V = TypeVar("V")


def lifted(type_: Type, value: Value) -> AbstractValue:
    """A value that is the same over the whole stretch."""
    if isinstance(type_, Truth | Code):
        return (cast(int, value), cast(int, value))
    return constant_ends(cast(Interval, value))


def constant_ends(value: Interval) -> Ends:
    """A number or a day that is the same over the whole stretch."""
    return (constant(value[0]), constant(value[1]))


_NOTHING = constant_ends((INT64_MAX, INT64_MIN))
"""No number at all (`possible.bottom`)."""


@dataclass(frozen=True, slots=True)
class AffineAlgebra:
    """The algebra of values over a stretch. Every operation (see `traversal.Algebra`) is sound for each value of it."""

    over: Interval

    def constant(self, node: Const) -> AbstractValue:
        paired = isinstance(node.type, Truth | Code)
        return lifted(node.type, node.value if paired else (node.value, node.value))

    def unknown(self, node: Unknown) -> AbstractValue:
        return lifted(node.type, possible.top(node.type))

    def never(self, node: Never) -> AbstractValue:
        return lifted(node.type, possible.bottom(node.type))

    # -- truths and codes ---------------------------------------------------------------------------------------------

    def negation(self, arg: Pair) -> Pair:
        wide, narrow = arg
        return possible.negate(wide), possible.negate(narrow)

    def conjunction(self, args: Sequence[Pair]) -> Pair:
        return reduce(and_, (wide for wide, _ in args), TRUE), reduce(and_, (narrow for _, narrow in args), TRUE)

    def disjunction(self, args: Sequence[Pair]) -> Pair:
        return reduce(or_, (wide for wide, _ in args), FALSE), reduce(or_, (narrow for _, narrow in args), FALSE)

    def less(self, left: Ends, right: Ends) -> Pair:
        return self._less_by(1, left, right)

    def less_equal(self, left: Ends, right: Ends) -> Pair:
        return self._less_by(0, left, right)

    def equal(self, left: Ends, right: Ends) -> Pair:
        """`left = right`: not more and not less, which says it with ends in the right order."""
        not_more, not_less = self.less_equal(left, right), self.less_equal(right, left)
        return not_more[0] & not_less[0], not_more[1] & not_less[1]

    def _less_by(self, margin: int, left: Ends, right: Ends) -> Pair:
        """For each bit of the answer, whether it is set somewhere, and everywhere."""
        least_possible, most_possible = reach(affine_bounds.less(left[0], right[1]), self.over)
        least_sure, most_sure = reach(affine_bounds.less(left[1], right[0]), self.over)
        return (
            possible.truth(most_possible >= margin, least_sure >= margin),
            possible.truth(least_possible >= margin, most_sure >= margin),
        )

    def same_code(self, left: Pair, right: Pair) -> Pair:
        wide = possible.same_code(left[0], right[0])
        if left[0] == left[1] and right[0] == right[1]:
            return wide, wide
        return wide, possible.truth(left[1] & right[1] != 0 or wide & 1 == 1, wide >> 1 == 1)

    def one_of(self, node: OneOf, arg: Pair) -> Pair:
        (wide, narrow), mask = arg, node.mask
        always = wide & ~mask == 0
        return (
            possible.truth(wide & mask != 0, always),
            possible.truth(always or narrow & mask != 0, narrow & ~mask == 0),
        )

    # -- numbers and days ---------------------------------------------------------------------------------------------

    def add(self, args: Sequence[Ends]) -> Ends:
        return affine_bounds.add([low for low, _ in args]), affine_bounds.add([high for _, high in args])

    def scale(self, node: Scale, arg: Ends) -> Ends:
        low, high = (affine_bounds.scaled(end, node.factor) for end in arg)
        return (low, high) if node.factor >= 0 else (high, low)

    def multiply(self, node: Multiply, left: Ends, right: Ends) -> Ends:
        return self._corners(left, right, lambda a, b: affine_bounds.times(a, b, self.over))

    def divide(self, node: Divide, left: Ends, right: Ends) -> Ends:
        return self._corners(left, right, lambda a, b: affine_bounds.divided(a, b, node.rounding, self.over))

    def _corners(self, left: Ends, right: Ends, operation: Callable[[AffineBound, AffineBound], AffineBound]) -> Ends:
        corners = [operation(a, b) for a in left for b in right]
        return self._least(corners), self._most(corners)

    def _least(self, bounds: Sequence[AffineBound]) -> AffineBound:
        return pick(bounds, False, self.over)

    def _most(self, bounds: Sequence[AffineBound]) -> AffineBound:
        return pick(bounds, True, self.over)

    def minimum(self, args: Sequence[Ends]) -> Ends:
        return self._least([low for low, _ in args]), self._least([high for _, high in args])

    def maximum(self, args: Sequence[Ends]) -> Ends:
        return self._most([low for low, _ in args]), self._most([high for _, high in args])

    def clamp(self, node: Clamp, arg: Ends) -> Ends:
        low, high = constant(node.low), constant(node.high)
        least, most = (self._least([self._most([end, low]), high]) for end in arg)
        return least, most

    def date_diff(self, node: DateDiff, start: Ends, end: Ends) -> Ends:
        return self._elapsed(node, start[1], end[0]), self._elapsed(node, start[0], end[1])

    def _elapsed(self, node: DateDiff, start: AffineBound, end: AffineBound) -> AffineBound:
        if node.period is Period.DAYS:
            return self._most([affine_bounds.less(start, end), constant(0)])
        (first, last), (early, late) = self._within(node.start.type, start), self._within(node.end.type, end)
        least = possible.date_diff_days(node.period, last, early)
        return between(least, possible.date_diff_days(node.period, first, late))

    def shift(self, node: Shift, day: Ends, amount: Ends) -> Ends:
        return self._shifted(node, day[0], amount[0]), self._shifted(node, day[1], amount[1])

    def _shifted(self, node: Shift, day: AffineBound, amount: AffineBound) -> AffineBound:
        if node.period is Period.DAYS:
            return affine_bounds.add([day, amount])
        (first, last), (few, many) = self._within(node.arg.type, day), self._within(node.amount.type, amount)
        return between(possible.shift_day(first, few, node.period), possible.shift_day(last, many, node.period))

    def calendar(self, node: Calendar, day: Ends) -> Ends:
        low, high = (self._within(node.arg.type, end) for end in day)
        if node.part is not CalendarPart.MONTH:
            return between(*possible.calendar(node.part, low)), between(*possible.calendar(node.part, high))
        # over several years, either end of what is possible may be any month
        months = between(*possible.calendar(node.part, (low[0], high[1])))
        alike = low[0] == low[1] and high[0] == high[1]
        return constant_ends(possible.calendar(node.part, (low[0], high[0]))) if alike else (months, months)

    def _within(self, type_: Type, bound: AffineBound) -> Interval:
        """What a bound reaches of its type's proven range, so that the calendar has the days."""
        least, most = cast(Interval, possible.top(type_))
        low, high = reach(bound, self.over)
        return min(max(low, least), most), max(min(high, most), least)

    # -- choices ------------------------------------------------------------------------------------------------------

    def refuted(self, test: Pair) -> bool:
        """Whether a test fails everywhere."""
        return test[0] == FALSE

    def proven(self, test: Pair) -> bool:
        """Whether a test holds everywhere."""
        return test[0] == TRUE

    def choose_truth(self, node: Cases, tests: Sequence[Pair], values: Sequence[Pair]) -> Pair:
        """What is reached somewhere, and what is reached everywhere."""
        return _joined_pairs(*_reached(node, tests, values), possible.join_truths, _met_truths)

    def choose_code(self, node: Cases, tests: Sequence[Pair], values: Sequence[Pair]) -> Pair:
        """What is reached somewhere, and what is reached everywhere."""
        return _joined_pairs(*_reached(node, tests, values), or_, and_)

    def choose_number(self, node: Cases, tests: Sequence[Pair], values: Sequence[Ends]) -> Ends:
        """The least and the greatest of what is reached."""
        ever, always = _reached(node, tests, values)
        return (
            self._chosen([low for low, _ in ever], [low for low, _ in always], False),
            self._chosen([high for _, high in ever], [high for _, high in always], True),
        )

    def _chosen(self, ever: list[AffineBound], always: list[AffineBound], greatest: bool) -> AffineBound:
        """The least, or greatest, of what is reached, where it is not known everywhere what that is."""
        if len(ever) == len(always):
            return pick(ever, greatest, self.over)
        if all(bound == ever[0] for bound in ever):
            return ever[0]
        low, high = reach(hull(ever, self.over), self.over)
        if always:
            least, most = reach(pick(always, greatest, self.over), self.over)
            return between(max(low, least), high) if greatest else between(low, min(high, most))
        return between(low, high)

    # -- members ------------------------------------------------------------------------------------------------------

    def count_of(self, where: Sequence[Pair]) -> Ends:
        return (
            between(sum(wide & 1 for wide, _ in where), sum(narrow & 1 for _, narrow in where)),
            between(sum(narrow >> 1 for _, narrow in where), sum(wide >> 1 for wide, _ in where)),
        )

    def sum_of(self, where: Sequence[Pair], values: Sequence[Ends], default: Ends | None = None) -> Ends:
        nil = constant(0)
        lows, highs = [nil], [nil]
        for states, (low, high) in zip(map(_states, where), values, strict=True):
            of_low = {FALSE: nil, UNKNOWN: self._least([nil, low]), TRUE: low}
            of_high = {FALSE: nil, UNKNOWN: self._most([nil, high]), TRUE: high}
            lows.append(hull([of_low[state] for state in states], self.over))
            highs.append(hull([of_high[state] for state in states], self.over))
        found = affine_bounds.add(lows), affine_bounds.add(highs)
        if default in (None, (nil, nil)) or any(self.proven(test) for test in where):
            return found
        return self._some_or_default(found, where, values, default)

    def _some_or_default(self, total: Ends, where: Sequence[Pair], values: Sequence[Ends], default: Ends) -> Ends:
        """A sum of at least one value, or else the default. `total`: with what adds to an end, and nothing else."""
        maybe = [ends for (wide, _), ends in zip(where, values, strict=True) if wide != FALSE]
        others = [] if default == _NOTHING else [default]
        alike = all(wide == narrow for wide, narrow in where)
        found: list[AffineBound] = []
        for at, sign in ((0, -1), (1, 1)):
            parts, rest = [ends[at] for ends in maybe], [ends[at] for ends in others]
            least, most = reach(affine_bounds.scaled(total[at], sign), self.over)
            if alike and (least > 0 or most == 0):
                found.append(pick([*([total[at]] if least > 0 else parts), *rest], at == 1, self.over))
            else:
                found.append(hull([total[at], *parts, *rest], self.over))
        return found[0], found[1]

    def least_of(self, where: Sequence[Pair], values: Sequence[Ends], default: Ends) -> Ends:
        return self._extreme_of(where, values, default, False)

    def greatest_of(self, where: Sequence[Pair], values: Sequence[Ends], default: Ends) -> Ends:
        return self._extreme_of(where, values, default, True)

    def _extreme_of(self, where: Sequence[Pair], values: Sequence[Ends], default: Ends, greatest: bool) -> Ends:
        if any(wide != narrow for wide, narrow in where):
            outer = [(reach(low, self.over)[0], reach(high, self.over)[1]) for low, high in [*values, default]]
            bounds = possible.extreme_of([wide for wide, _ in where], outer[:-1], outer[-1], greatest)
            return between(*bounds), between(*bounds)
        maybe = [ends for (bits, _), ends in zip(where, values, strict=True) if bits != FALSE]
        sure = [ends for (bits, _), ends in zip(where, values, strict=True) if bits == TRUE]
        if not sure:
            reached = [*maybe, default]
            return self._least([low for low, _ in reached]), self._most([high for _, high in reached])
        of_low, of_high = (sure, maybe) if greatest else (maybe, sure)
        return (
            pick([low for low, _ in of_low], greatest, self.over),
            pick([high for _, high in of_high], greatest, self.over),
        )


def _reached(node: Cases, tests: Sequence[Pair], values: Sequence[V]) -> tuple[list[V], list[V]]:
    """Of a choice's values those reached somewhere, and those of them that are reached everywhere."""
    ever: list[V] = []
    always: list[V] = []
    surely = True
    for (_, narrow), value in zip(tests, values, strict=False):
        ever.append(value)
        if surely and narrow & 2:
            always.append(value)
        # everywhere: no branch before was sure to be taken anywhere
        surely = surely and narrow & 1 == 0
    # what is left of a choice that covers everything adds nothing
    if len(values) > len(tests) and not (isinstance(node.otherwise, Never) and ever):
        ever.append(values[-1])
        always += [values[-1]] if surely else []
    return ever, always


def _joined_pairs(
    ever: list[Pair], always: list[Pair], join: Callable[[int, int], int], meet: Callable[[int, int], int]
) -> Pair:
    """All that is possible somewhere, and its dual."""
    wide = reduce(join, (wide for wide, _ in ever))
    if always:
        return wide, reduce(join, (narrow for _, narrow in always))
    return wide, reduce(meet, (narrow for _, narrow in ever))


def _met_truths(a: int, b: int) -> int:
    """What both allow: the dual of a join."""
    return (a & b & 2) | ((a | b) & 1)


def _states(pair: Pair) -> list[int]:
    """The truth's values that may be met somewhere."""
    wide, narrow = pair
    return [
        state
        for state in (FALSE, UNKNOWN, TRUE)
        if narrow & 2 <= state & 2 <= wide & 2 and wide & 1 <= state & 1 <= narrow & 1
    ]
