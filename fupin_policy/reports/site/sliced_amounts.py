"""Amounts by slices: what is cut, and between which ends each slice lies, with its rate.

In: an expression, a program. Out: its slices, if it is a sum of them. Called by `choice_tables` and `table_drawings`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity
from fupin_policy.core.expressions import Add, Const, Expr, Max, Min, Multiply, Parameter, Scale
from fupin_policy.core.program import Program
from fupin_policy.core.types import Number
from fupin_policy.prose.expressions import say, show_value
from fupin_policy.prose.ratios import factor_of, scale_of

_WHOLE = Bilingual("全部", "all of it")


@dataclass(frozen=True, slots=True)
class AmountSlice:
    """What lies between two ends, None where there is none, counts at a rate."""

    low: Expr | None
    high: Expr | None
    rate: Expr


@dataclass(frozen=True, slots=True)
class SlicedAmount:
    """A number cut into slices that follow one another."""

    of: Expr
    slices: tuple[AmountSlice, ...]


def sliced_amount(expr: Expr) -> SlicedAmount | None:
    """The slices of a sum of `较大(较小(x, high) − low, 0) × rate`, each of which begins where the last one ends."""
    if not isinstance(expr, Add):
        return None
    found = [_slice(_aligned(arg)) for arg in expr.args]
    cuts = [one for one in found if one is not None]
    if len(cuts) < len(found) or len({of for of, _ in cuts}) != 1:
        return None
    slices = tuple(one for _, one in cuts)
    joined = all(_same(one.high, after.low) for one, after in pairwise(slices))
    return SlicedAmount(cuts[0][0], slices) if joined else None


def rate_value(program: Program, rate: Expr, validity: Validity) -> tuple[int, Number] | None:
    """What a rate comes to, in the integers of its type, where that is one number over a stretch of days."""
    match rate:
        case Const(value, Number() as type_):
            return value, type_
        case Parameter(name, key, Number() as type_):
            values = program.parameters[name].values
            held = (one for one in values if one.validity.start <= validity.start <= validity.end <= one.validity.end)
            number = next((one.values.get(key) for one in held), None)
            return None if number is None else (number, type_)
        case _:
            return None


def slice_words(program: Program, one: AmountSlice) -> Bilingual:
    """Which part a slice is: `5000.00 元以上至 100000.00 元的部分`."""
    lows, highs = _both(program, one.low), _both(program, one.high)
    if lows is None:
        return _WHOLE if highs is None else Bilingual(f"{highs.zh}及以下的部分", f"up to {highs.en}")
    if highs is None:
        return Bilingual(f"{lows.zh}以上的部分", f"above {lows.en}")
    gap = " " if highs.zh[0].isascii() else ""
    return Bilingual(f"{lows.zh}以上至{gap}{highs.zh}的部分", f"above {lows.en} to {highs.en}")


def rate_words(program: Program, one: AmountSlice, validity: Validity) -> Bilingual:
    """A slice's rate; of a parameter with its value, where that is one over a stretch of days."""
    words = Bilingual(say(one.rate, program, "zh"), say(one.rate, program, "en"))
    found = rate_value(program, one.rate, validity)
    if found is None or isinstance(one.rate, Const):
        return words
    value, type_ = found
    told = Bilingual(show_value(type_, (value, value), program, "zh"), show_value(type_, (value, value), program, "en"))
    if isinstance(one.rate, Parameter) and one.rate.key is not None and program.parameters[one.rate.name].rows:
        return told  # its name in words is the slice's
    return Bilingual(f"{words.zh}（{told.zh}）", f"{words.en} ({told.en})")


def _both(program: Program, end: Expr | None) -> Bilingual | None:
    return None if end is None else Bilingual(say(end, program, "zh"), say(end, program, "en"))


def _slice(expr: Expr) -> tuple[Expr, AmountSlice] | None:
    match expr:
        case Multiply(Max((inside, Const(value=0))), rate):
            pass
        case _:
            return None
    part, low = _aligned(inside), None
    if isinstance(part, Add) and len(part.args) == 2 and (low := _minus(part.args[1])) is not None:
        part = _aligned(part.args[0])
    if isinstance(part, Min) and len(part.args) == 2:
        return _aligned(part.args[0]), AmountSlice(low, part.args[1], rate)
    return part, AmountSlice(low, None, rate)


def _minus(expr: Expr) -> Expr | None:
    """That which is taken away."""
    match expr:
        case Const(value, Number(low=low, high=high) as type_) if value < 0:
            return replace(expr, value=-value, type=replace(type_, low=-high, high=-low))
        case Scale(arg) if factor_of(expr) == -1:
            return arg
        case _:
            return None


def _same(one: Expr | None, other: Expr | None) -> bool:
    if one is None or other is None:
        return False
    one, other = _aligned(one), _aligned(other)
    if isinstance(one, Const) and isinstance(other, Const):
        return Fraction(one.value, 10 ** scale_of(one)) == Fraction(other.value, 10 ** scale_of(other))
    return one == other


def _aligned(expr: Expr) -> Expr:
    """An expression without the alignments around it."""
    while isinstance(expr, Scale) and factor_of(expr) == 1:
        expr = expr.arg
    return expr
