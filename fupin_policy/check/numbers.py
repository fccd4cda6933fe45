"""Numbers in types: exact decimal text to integers, and bringing numbers to one scale.

In: text, typed expressions. Out: integers with scales, typed expressions. Called by the rest of `check`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fupin_policy.core.dependencies import references
from fupin_policy.core.expressions import Const, Expr, Fact, Scale
from fupin_policy.core.types import INT64_MAX, INT64_MIN, Number, Type

DECIMAL = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?\Z")
MAX_DIGITS = 40


def read_decimal(text: str) -> tuple[int, int] | None:
    """`12.50` → `(1250, 2)`: an integer and how many of its digits are decimals; None if it is no such number."""
    match = DECIMAL.match(text)
    if match is None or len(text) > MAX_DIGITS:
        return None
    sign, whole, decimals = match.group(1), match.group(2), match.group(3) or ""
    value = int(whole + decimals)
    return (-value if sign == "-" else value, len(decimals))


def to_scale(text: str, scale: int, power: int = 0) -> int | None:
    """The integer of a decimal text at a scale (times `10**power`); None if it is none or has too many decimals."""
    read = read_decimal(text)
    if read is None:
        return None
    value, decimals = read
    shift = scale - decimals + power
    if shift >= 0:
        return int(value * 10**shift)
    whole, rest = divmod(value, 10**-shift)
    return whole if rest == 0 else None


def decimal_text(value: int, scale: int) -> str:
    """`(1250, 2)` → `12.5`: an integer at a scale as plain text."""
    if scale == 0:
        return str(value)
    digits = f"{abs(value):0{scale + 1}d}"
    text = f"{digits[:-scale]}.{digits[-scale:]}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text


def number(expr: Expr) -> Number:
    """The type of an expression known to be a number."""
    if not isinstance(expr.type, Number):
        raise AssertionError(expr)
    return expr.type


def at_scale(expr: Expr, scale: int) -> Expr:
    """The number at a finer scale; its value is the same."""
    type_ = number(expr)
    if type_.scale == scale:
        return expr
    factor = 10 ** (scale - type_.scale)
    if isinstance(expr, Const):
        value = expr.value * factor
        return replace(expr, value=value, type=Number(type_.unit, scale, value, value))
    return Scale(expr, factor, Number(type_.unit, scale, type_.low * factor, type_.high * factor), expr.span)


def align(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """Two numbers at one scale, the finer of the two."""
    scale = max(number(left).scale, number(right).scale)
    return at_scale(left, scale), at_scale(right, scale)


def fits(type_: Type) -> bool:
    """Whether 64 bits hold every value of a type."""
    return not isinstance(type_, Number) or (type_.low > INT64_MIN and type_.high < INT64_MAX)


def widest_fact(expr: Expr) -> str | None:
    """The fact under an expression whose range is the widest, to be named as the cause of an overflow, if any is."""
    facts = [node for node in references(expr) if isinstance(node, Fact) and isinstance(node.type, Number)]
    if not facts:
        return None
    return str(max(facts, key=lambda fact: number(fact).high - number(fact).low).input)
