"""What the figures of a line come to between two ends, and that a line says so where its result is narrower.

In: workings. Out: workings, each of which comes to what its line has as its result. Called by `sum_finder` and
`sum_working`.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from typing import assert_never, cast

from fupin_policy.core import possible
from fupin_policy.core.possible import Interval
from fupin_policy.core.traces import Trace
from fupin_policy.core.types import Number
from fupin_policy.explanation.sum_words import NumberWords
from fupin_policy.explanation.sums import BoundedBy, Operand, Operation, Working

_Ends = tuple[Fraction, Fraction]


def kept_within(words: NumberWords, working: Working, trace: Trace, by: BoundedBy) -> Working:
    """A working that comes to no more than a traced number does: where its figures allow more, it says so."""
    low, high = ends_of(working)
    least, most = (words.operand(cast(Number, trace.expr.type), (end, end)) for end in cast(Interval, trace.value))
    above, below = low < least.low, most.high < high
    if not above and not below:
        return working
    if isinstance(working, Operation) and working.operator == "within":  # the narrower ends are those that act
        return kept_within(words, working.parts[0], trace, by)
    return Operation("within", (working,), least=least if above else None, most=most if below else None, by=by)


def ends_of(working: Working) -> _Ends:
    """The least and the greatest number that a working comes to by the figures that stand in it."""
    if isinstance(working, Operand):
        return working.low, working.high
    parts = [ends_of(part) for part in working.parts]
    lows, highs = zip(*parts, strict=True)
    match working.operator:
        case "add":
            return sum(lows, Fraction(0)), sum(highs, Fraction(0))
        case "negate":
            return -highs[0], -lows[0]
        case "multiply":
            return _hull(one * other for one, other in product(*parts))
        case "divide":
            return _hull(one / other for one, other in product(*parts))
        case "round":
            return _hull(_rounded(end, working) for end in parts[0])
        case "within":
            return _kept(lows[0], working), _kept(highs[0], working)
        case "least":
            return min(lows), min(highs)
        case "greatest":
            return max(lows), max(highs)
        case "either":
            return min(lows), max(highs)
        case _:
            assert_never(working.operator)


def _hull(found: Iterable[Fraction]) -> _Ends:
    ends = [*found]
    return min(ends), max(ends)


def _rounded(number: Fraction, working: Operation) -> Fraction:
    assert working.rounding is not None and working.step is not None
    steps = number / working.step.low
    return possible.quotient(steps.numerator, steps.denominator, working.rounding) * working.step.low


def _kept(number: Fraction, working: Operation) -> Fraction:
    number = number if working.least is None else max(number, working.least.low)
    return number if working.most is None else min(number, working.most.low)
