"""Values of one kind brought to one unit and scale, and types that hold several.

In: typed expressions. Out: typed expressions, or None where something was reported. Called by the rest of typing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fupin_policy.check import units
from fupin_policy.check.context import TypingContext
from fupin_policy.check.numbers import at_scale, number
from fupin_policy.core.expressions import Const, Expr
from fupin_policy.core.types import PLAIN, Code, Day, ErrorType, Number, Type, Unit
from fupin_policy.diagnostics import Span
from fupin_policy.language.syntax import Syntax


def alike(context: TypingContext, values: list[Expr], node: Syntax | Span) -> list[Expr] | None:
    """Values of one kind at one unit and scale; None where something was reported."""
    if any(isinstance(value.type, ErrorType) for value in values):
        return None
    first = values[0]
    for other in values[1:]:
        if type(other.type) is not type(first.type):
            context.wrong("T214", node, **context.kinds(left=first.type, right=other.type))
            return None
        if isinstance(first.type, Code) and first.type != other.type:
            context.wrong("T205", node, left=first.type.code_list, right=list_of(other.type))
            return None
    if not isinstance(first.type, Number):
        return values
    return same_unit(context, values, node)


def same_unit(context: TypingContext, values: list[Expr], node: Syntax | Span) -> list[Expr] | None:
    """Numbers at one unit and scale; None where something was reported."""
    unit = next((number(v).unit for v in values if number(v).unit != PLAIN), PLAIN)
    fitted = [fit(value, unit) for value in values]
    for value in fitted:
        if not units.same(number(value).unit, unit):
            _units_differ(context, unit, number(value).unit, node)
            return None
    scale = max(number(value).scale for value in fitted)
    scaled = [context.bounded(at_scale(value, scale)) for value in fitted]
    return None if any(isinstance(value.type, ErrorType) for value in scaled) else scaled


def _units_differ(context: TypingContext, left: Unit, right: Unit, node: Syntax | Span) -> None:
    money = context.scope.units.money
    if money is not None and PLAIN in (left, right) and context.scope.units.amount_unit in (left, right):
        words = context.scope.units.senses[money].words
        context.wrong("T217", node, example=f"3000{words.zh}")
    else:
        context.wrong("T203", node, left=context.unit_word(left), right=context.unit_word(right))


def unite(context: TypingContext, left: Expr, right: Expr, node: Syntax | Span) -> tuple[Expr, Expr] | None:
    """Two numbers at one unit and scale; None where something was reported."""
    values = same_unit(context, [left, right], node)
    return None if values is None else (values[0], values[1])


def fit(value: Expr, unit: Unit) -> Expr:
    """A number without a unit as one of `unit`: an age or a count may be written bare, and so may any zero."""
    type_ = number(value)
    if type_.unit != PLAIN or not isinstance(value, Const) or unit == PLAIN:
        return value
    if value.value == 0 or units.takes_bare_numbers(unit):
        return replace(value, type=replace(type_, unit=unit))
    return value


def list_of(type_: Type) -> str | None:
    """The list of a code's type."""
    return type_.code_list if isinstance(type_, Code) else None


def bounds_of(type_: Type) -> tuple[int, int]:
    """The least and the greatest number or day of a type."""
    if not isinstance(type_, Number | Day):
        raise AssertionError(type_)
    return type_.low, type_.high


def with_bounds(type_: Type, low: int, high: int) -> Type:
    """The type with other bounds."""
    if not isinstance(type_, Number | Day):
        raise AssertionError(type_)
    return replace(type_, low=low, high=high)


def hull(types: list[Type]) -> Type:
    """The type that holds all values of types that are alike."""
    if not isinstance(types[0], Number | Day):
        return types[0]
    bounds = [bounds_of(type_) for type_ in types]
    return with_bounds(types[0], min(low for low, _ in bounds), max(high for _, high in bounds))


def all_same(exprs: Sequence[Expr]) -> bool:
    """Whether some expressions, at least one, mean the same, wherever they were written."""
    return all(one == exprs[0] for one in exprs)
