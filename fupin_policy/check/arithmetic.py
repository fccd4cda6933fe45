"""Products, quotients and rounding: where units multiply and scales add.

In: syntax and a `Typer`. Out: CORE expressions. Called by `typing`.
A division is always the outermost step under a rounding: `a × b ÷ c 四舍五入到 分` is (a × b) / c, rounded once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fupin_policy.check import units
from fupin_policy.check.numbers import number, read_decimal
from fupin_policy.check.units import Units
from fupin_policy.core import possible
from fupin_policy.core.expressions import Const, Divide, Expr, Multiply, Rounding, Scale
from fupin_policy.core.types import PLAIN, ErrorType, Number, Unit
from fupin_policy.diagnostics import Span
from fupin_policy.language import syntax
from fupin_policy.language.syntax import Syntax

if TYPE_CHECKING:
    from fupin_policy.check.typing import Typer

Fraction = tuple[Expr, Expr | None]
"""A numerator and, where something is divided by, a denominator."""


def product(typer: Typer, node: syntax.Product) -> Expr:
    """A product without division; with one, it must stand under a rounding."""
    if any(factor == "/" for factor, _ in node.rest):
        _fraction(typer, node)
        return typer.wrong("T206", node, **typer.scope.units.example_step())
    return _fraction(typer, node)[0]


def rounded(typer: Typer, arg: Syntax, mode: str, step: syntax.Quantity, span: Span | None) -> Expr:
    """A number, or a quotient, rounded to a step such as 分 or 10元."""
    return _rounded(typer, _fraction(typer, arg), mode, step, span)


def rounded_value(typer: Typer, value: Expr, rounding: syntax.Rounding, span: Span) -> Expr:
    """A number already typed, rounded as a table says."""
    return _rounded(typer, (value, None), rounding.mode, rounding.step, span)


def _rounded(typer: Typer, fraction: Fraction, mode: str, step: syntax.Quantity, span: Span | None) -> Expr:
    numerator, denominator = fraction
    sized = _step(typer, step)
    if isinstance(numerator.type, ErrorType) or sized is None:
        return numerator if isinstance(numerator.type, ErrorType) else typer.wrong("N109", step, name=step.unit)
    if denominator is not None and isinstance(denominator.type, ErrorType):
        return denominator
    unit = number(numerator).unit
    if denominator is not None:
        unit = units.product(unit, units.inverse(number(denominator).unit))
    step_unit, size, scale = sized
    if step_unit != unit and not (step_unit == PLAIN and units.takes_bare_numbers(unit)):
        words = (step.unit or step.number, typer.unit_word(unit))
        return typer.wrong("T208", step, step=words[0], unit=words[1])
    if size == 0:
        return typer.wrong("T208", step, step="0", unit=typer.unit_word(unit))
    return _divide(typer, (numerator, denominator), unit, size, scale, Rounding(mode), span)


def _divide(
    typer: Typer, fraction: Fraction, unit: Unit, size: int, scale: int, rounding: Rounding, span: Span | None
) -> Expr:
    """The fraction in steps of `size * 10**-scale`, rounded to a whole number of steps, as a number at `scale`."""
    numerator, denominator = fraction
    below = 0 if denominator is None else number(denominator).scale
    shift = scale + below - number(numerator).scale
    top = typer.bounded(_scale(numerator, 10 ** max(0, shift), span))
    by = size * 10 ** max(0, -shift)
    bottom = Const(by, Number(PLAIN, 0, by, by), span) if denominator is None else _scale(denominator, by, span)
    bottom = typer.bounded(bottom)
    if isinstance(top.type, ErrorType) or isinstance(bottom.type, ErrorType):
        return top if isinstance(top.type, ErrorType) else bottom
    divisor = number(bottom)
    if divisor.low <= 0 <= divisor.high:
        return typer.wrong("T207", span) if span is not None else bottom
    if isinstance(bottom, Const) and bottom.value == 1:
        steps: Expr = top
    else:
        low, high = possible.over((number(top).low, number(top).high), (divisor.low, divisor.high), rounding)
        steps = Divide(top, bottom, rounding, Number(unit, scale, low, high), span)
    return typer.bounded(_as(_scale(steps, size, span), unit, scale))


def _scale(expr: Expr, factor: int, span: Span | None) -> Expr:
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


def _fraction(typer: Typer, node: Syntax) -> Fraction:
    """A product as one numerator and one denominator; anything else is its own numerator."""
    if not isinstance(node, syntax.Product):
        return typer.number(node), None
    top, bottom = _fraction(typer, node.first)
    for factor, part in node.rest:
        value = typer.number(part)
        if factor == "*":
            top = multiply(typer, top, value, node)
        else:
            bottom = value if bottom is None else multiply(typer, bottom, value, node)
    return top, bottom


def multiply(typer: Typer, left: Expr, right: Expr, node: Syntax | Span) -> Expr:
    """The product of two numbers."""
    if isinstance(left.type, ErrorType) or isinstance(right.type, ErrorType):
        return left if isinstance(left.type, ErrorType) else right
    first, second = number(left), number(right)
    unit = units.product(first.unit, second.unit)
    if not units.meaningful(unit):
        words = (typer.unit_word(first.unit), typer.unit_word(second.unit))
        return typer.wrong("T211", node, left=words[0], right=words[1], **typer.scope.units.example_rate(second.unit))
    low, high = possible.times((first.low, first.high), (second.low, second.high))
    span = node if isinstance(node, Span) else node.span
    return typer.bounded(Multiply(left, right, Number(unit, first.scale + second.scale, low, high), span))


def _step(typer: Typer, step: syntax.Quantity) -> tuple[Unit, int, int] | None:
    """A rounding step as its unit, and a size at a scale of no fewer than no decimals."""
    read = read_decimal(step.number)
    sense = None if step.unit is None else typer.scope.units.sense(step.unit)
    if read is None or (step.unit is not None and sense is None):
        return None
    if sense is not None:
        typer.scope.note(step.span, sense.words.zh, sense.words.en)
    value, decimals = read
    power = (0 if sense is None else sense.power) - decimals
    unit = PLAIN if sense is None else sense.unit
    return (unit, value * 10 ** max(0, power), max(0, -power))


def unit_word(known: Units, unit: Unit) -> str:
    """A unit as people write it; a plain number is 无单位."""
    if not unit:
        return "无单位 / plain"
    words = {base: known.labels[base].zh if base in known.labels else base for base, _ in unit}
    above = "·".join(words[base] for base, power in unit if power > 0)
    below = "·".join(words[base] for base, power in unit if power < 0)
    return f"{above or 1}/{below}" if below else above
