"""How a number behaves along one fact: straight but for rounding, or somewhere between two bounds.

In: lines, and the stretch of the fact over which they hold. Out: lines. Called by `affine`.
Every function is sound: whatever the true values are on the lines given, the true result is on the line returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from fupin_policy.core import possible
from fupin_policy.core.expressions import Rounding
from fupin_policy.core.narrowing import Rational
from fupin_policy.core.possible import Interval


class AffineBound(NamedTuple):
    """At each value x of the stretch the number less `slope × x` lies in `[low, high]`.

    `straight`: nothing but rounding keeps it from being `slope × x` plus a constant; else the bounds are all we know.
    """

    slope: Rational
    low: Rational
    high: Rational
    straight: bool

    def holds(self, x: int, value: int) -> bool:
        """Whether the number may be `value` at x."""
        return self.low <= value - self.slope * x <= self.high


def constant(value: int) -> AffineBound:
    """One value all along."""
    return AffineBound(0, value, value, True)


def between(low: int, high: int) -> AffineBound:
    """Bounds, and no more; of one value, that value."""
    return AffineBound(0, low, high, low == high)


def reach(line: AffineBound, over: Interval) -> Interval:
    """The least and the greatest integer that may be met."""
    slope, low, high, _ = line
    if slope == 0:
        return ceil(low), floor(high)
    first, last = (over[0], over[1]) if slope > 0 else (over[1], over[0])
    return ceil(slope * first + low), floor(slope * last + high)


def known(line: AffineBound) -> int | None:
    """The one value of a constant."""
    return int(line.low) if line.slope == 0 and line.low == line.high else None


def add(lines: Sequence[AffineBound]) -> AffineBound:
    """The sum."""
    return AffineBound(
        sum(one.slope for one in lines),
        sum(one.low for one in lines),
        sum(one.high for one in lines),
        all(one.straight for one in lines),
    )


def scaled(line: AffineBound, factor: Rational) -> AffineBound:
    """The product with a constant."""
    slope, low, high, straight = line
    ends = (low * factor, high * factor) if factor >= 0 else (high * factor, low * factor)
    return AffineBound(slope * factor, *ends, straight)


def less(one: AffineBound, other: AffineBound) -> AffineBound:
    """What `other` is more than `one`."""
    return AffineBound(
        other.slope - one.slope, other.low - one.high, other.high - one.low, one.straight and other.straight
    )


def hull(lines: Sequence[AffineBound], over: Interval) -> AffineBound:
    """Bounds of all together; the line itself where all are the same."""
    if all(one == lines[0] for one in lines[1:]):
        return lines[0]
    ends = [reach(one, over) for one in lines]
    return between(min(low for low, _ in ends), max(high for _, high in ends))


def pick(lines: Sequence[AffineBound], greatest: bool, over: Interval) -> AffineBound:
    """The least or the greatest; straight where one of them is so all along, but for rounding."""
    if greatest:
        return scaled(pick([scaled(one, -1) for one in lines], False, over), -1)
    left: list[AffineBound] = []
    for one in lines:
        if one not in left and not any(reach(less(kept, one), over)[0] >= 0 for kept in left):
            left = [*(kept for kept in left if reach(less(one, kept), over)[0] < 0), one]
    if all(one.slope == left[0].slope for one in left):
        low, high = min(one.low for one in left), min(one.high for one in left)
        return AffineBound(left[0].slope, low, high, all(one.straight for one in left))
    ends = [reach(one, over) for one in left]
    return between(min(low for low, _ in ends), min(high for _, high in ends))


def times(one: AffineBound, other: AffineBound, over: Interval) -> AffineBound:
    """The product; a line where one of them is constant."""
    for line, factor in ((one, known(other)), (other, known(one))):
        if factor is not None:
            return scaled(line, factor)
    return between(*possible.times(reach(one, over), reach(other, over)))


def divided(one: AffineBound, other: AffineBound, rounding: Rounding, over: Interval) -> AffineBound:
    """The rounded quotient; a line where the divisor is constant."""
    by, value = known(other), known(one)
    if by is None or not one.straight:
        return between(*possible.over(reach(one, over), reach(other, over), rounding))
    if value is not None:
        return constant(possible.quotient(value, by, rounding))
    low, high = reach(one, over)
    even = one.low == one.high and one.slope.denominator == 1 and one.slope % by == 0
    if even and (low >= 0 or high <= 0):
        # the rest of the division is the same all along
        slope = int(one.slope) // by
        start = possible.quotient(int(one.slope * over[0] + one.low), by, rounding) - slope * over[0]
        return AffineBound(slope, start, start, True)
    exact = scaled(one, Fraction(1, by))
    below, above = _error(low if by > 0 else -high, high if by > 0 else -low, abs(by), rounding)
    return AffineBound(exact.slope, exact.low + below, exact.high + above, True)


def _error(low: int, high: int, by: int, rounding: Rounding) -> tuple[Rational, Rational]:
    """By how much rounding changes a quotient of integers that lies between two signs, least and most."""
    most = Fraction(by - 1, by)
    match rounding:
        case Rounding.HALF_UP:
            return -Fraction(1, 2), Fraction(1, 2)
        case Rounding.DOWN:
            return (-most if high > 0 else 0), (most if low < 0 else 0)
        case Rounding.UP:
            return (-most if low < 0 else 0), (most if high > 0 else 0)
