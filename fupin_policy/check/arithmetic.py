"""Sums, products, quotients and rounding: where units must agree, or multiply, and scales add.

In: typed expressions. Out: CORE expressions. Called by `typing` and `decision_tables`.
A division is always the outermost step under a rounding: `a × b ÷ c 四舍五入到 分` is (a × b) / c, rounded once.
"""

from __future__ import annotations

from dataclasses import replace

from fupin_policy.check import units
from fupin_policy.check.common_types import same_unit
from fupin_policy.check.context import TypingContext, span_of
from fupin_policy.check.numbers import fits, number, read_decimal
from fupin_policy.check.scope import BROKEN
from fupin_policy.core import possible
from fupin_policy.core.expressions import Add, Const, Divide, Expr, Multiply, Rounding, Scale
from fupin_policy.core.types import PLAIN, ErrorType, Number, Unit
from fupin_policy.diagnostics import Span
from fupin_policy.language import syntax
from fupin_policy.language.syntax import Syntax

Fraction = tuple[Expr, Expr | None]
"""A numerator and, where something is divided by, a denominator."""


def rounded(context: TypingContext, fraction: Fraction, mode: str, step: syntax.Quantity, span: Span | None) -> Expr:
    """A number, or a quotient, rounded to a step such as 分 or 10元."""
    numerator, denominator = fraction
    sized = _step(context, step)
    if isinstance(numerator.type, ErrorType) or sized is None:
        return numerator if isinstance(numerator.type, ErrorType) else context.wrong("N109", step, name=step.unit)
    if denominator is not None and isinstance(denominator.type, ErrorType):
        return denominator
    unit = number(numerator).unit
    if denominator is not None:
        unit = units.product(unit, units.inverse(number(denominator).unit))
    step_unit, size, scale = sized
    if step_unit != unit and not (step_unit == PLAIN and units.takes_bare_numbers(unit)):
        words = (step.unit or step.number, context.unit_word(unit))
        return context.wrong("T208", step, step=words[0], unit=words[1])
    if size == 0:
        return context.wrong("T208", step, step="0", unit=context.unit_word(unit))
    return _divide(context, (numerator, denominator), unit, size, scale, Rounding(mode), span)


def _divide(
    context: TypingContext, fraction: Fraction, unit: Unit, size: int, scale: int, rounding: Rounding, span: Span | None
) -> Expr:
    """The fraction in steps of `size * 10**-scale`, rounded to a whole number of steps, as a number at `scale`."""
    numerator, denominator = fraction
    below = 0 if denominator is None else number(denominator).scale
    shift = scale + below - number(numerator).scale
    top = context.bounded(scaled(numerator, 10 ** max(0, shift), span))
    by = size * 10 ** max(0, -shift)
    bottom = Const(by, Number(PLAIN, 0, by, by), span) if denominator is None else scaled(denominator, by, span)
    bottom = context.bounded(bottom)
    if isinstance(top.type, ErrorType) or isinstance(bottom.type, ErrorType):
        return top if isinstance(top.type, ErrorType) else bottom
    divisor = number(bottom)
    if divisor.low <= 0 <= divisor.high:
        return context.wrong("T207", span) if span is not None else bottom
    if isinstance(bottom, Const) and bottom.value == 1:
        steps: Expr = top
    else:
        low, high = possible.over((number(top).low, number(top).high), (divisor.low, divisor.high), rounding)
        steps = Divide(top, bottom, rounding, Number(unit, scale, low, high), span)
    return context.bounded(_as(scaled(steps, size, span), unit, scale))


def scaled(expr: Expr, factor: int, span: Span | None) -> Expr:
    """A number times a whole one; whether 64 bits hold it is not asked."""
    if factor == 1:
        return expr
    type_ = number(expr)
    low, high = possible.scaled((type_.low, type_.high), factor)
    if isinstance(expr, Const):
        return replace(expr, value=expr.value * factor, type=replace(type_, low=low, high=high))
    return Scale(expr, factor, replace(type_, low=low, high=high), span)


def _as(expr: Expr, unit: Unit, scale: int) -> Expr:
    """The same integers taken as numbers of a unit at a scale."""
    type_ = replace(number(expr), unit=unit, scale=scale)
    if isinstance(expr, Const | Scale | Divide):
        return replace(expr, type=type_)
    return expr if expr.type == type_ else Scale(expr, 1, type_, expr.span)


def multiply(context: TypingContext, left: Expr, right: Expr, node: Syntax | Span) -> Expr:
    """The product of two numbers."""
    if isinstance(left.type, ErrorType) or isinstance(right.type, ErrorType):
        return left if isinstance(left.type, ErrorType) else right
    first, second = number(left), number(right)
    unit = units.product(first.unit, second.unit)
    if not units.meaningful(unit):
        words = (context.unit_word(first.unit), context.unit_word(second.unit))
        rate = context.scope.units.example_rate(second.unit)
        return context.wrong("T211", node, left=words[0], right=words[1], **rate)
    low, high = possible.times((first.low, first.high), (second.low, second.high))
    type_ = Number(unit, first.scale + second.scale, low, high)
    return context.bounded(Multiply(left, right, type_, span_of(node)))


def _step(context: TypingContext, step: syntax.Quantity) -> tuple[Unit, int, int] | None:
    """A rounding step as its unit, and a size at a scale of no fewer than no decimals."""
    read = read_decimal(step.number)
    sense = None if step.unit is None else context.scope.units.sense(step.unit)
    if read is None or (step.unit is not None and sense is None):
        return None
    if sense is not None:
        context.scope.note(step.span, sense.words.zh, sense.words.en)
    value, decimals = read
    power = (0 if sense is None else sense.power) - decimals
    unit = PLAIN if sense is None else sense.unit
    return (unit, value * 10 ** max(0, power), max(0, -power))


def add(context: TypingContext, terms: list[Expr], node: Syntax | Span) -> Expr:
    """The sum of numbers of one unit."""
    if any(isinstance(term.type, ErrorType) for term in terms):
        return BROKEN
    values = same_unit(context, terms, node)
    if values is None:
        return BROKEN
    types = [number(value) for value in values]
    total = replace(types[0], low=sum(t.low for t in types), high=sum(t.high for t in types))
    partial = replace(total, low=sum(min(0, t.low) for t in types), high=sum(max(0, t.high) for t in types))
    built = Add(tuple(values), total, span_of(node))
    return built if fits(partial) else context.too_wide(built)


def minus(arg: Expr, span: Span | None) -> Expr:
    """The negative of a number."""
    type_ = number(arg)
    flipped = replace(type_, low=-type_.high, high=-type_.low)
    return Const(-arg.value, flipped, span) if isinstance(arg, Const) else Scale(arg, -1, flipped, span)
