"""Scales and ratios as people write them: integers at a scale as decimals, products of alignments as one ratio.

In: numbers of CORE and their nodes. Out: exact fractions and their text. Called by `expressions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fupin_policy.core.expressions import Expr, Scale
from fupin_policy.core.types import Number


@dataclass(frozen=True, slots=True)
class NumberForm:
    """How a number is written: at a scale, with at least so many decimals, before a unit; `alone` is that of one."""

    scale: int
    least: int
    unit: str
    alone: str

    def text(self, low: int, high: int) -> str:
        """A number, or the least and greatest that it may be, with its unit."""
        ends = dict.fromkeys(decimal(end, self.scale, self.least) for end in (low, high))
        return "–".join(ends) + (self.alone if list(ends) == ["1"] else self.unit)


def decimal(value: int, scale: int, at_least: int = 0) -> str:
    """`(8000, 2, 2)` → `80.00`: an integer at a scale; zeros at the end go, down to `at_least` decimals."""
    digits = f"{abs(value):0{scale + 1}d}"
    whole, part = digits[: len(digits) - scale], digits[len(digits) - scale :]
    kept = part[:at_least] + part[at_least:].rstrip("0")
    return ("-" if value < 0 else "") + whole + (f".{kept}" if kept else "")


def figure(decimals: int, smallest: int) -> str:
    """An amount of the smallest units with thousands parted, `1,234.50`."""
    return f"{Decimal(smallest).scaleb(-decimals):,.{decimals}f}"


def ends_text(ends: tuple[int, int], decimals: int) -> str:
    """`1,080.00`, or a range `80.00–1,200.00`."""
    return "–".join(dict.fromkeys(figure(decimals, end) for end in ends))


def scale_of(expr: Expr) -> int:
    """How many decimals a number's integer stands for."""
    return expr.type.scale if isinstance(expr.type, Number) else 0


def power(exponent: int) -> Fraction:
    """A power of ten."""
    return Fraction(10**exponent) if exponent >= 0 else Fraction(1, 10**-exponent)


def factor_of(expr: Scale) -> Fraction:
    """By what the number, not its integer, is multiplied."""
    return expr.factor * power(scale_of(expr.arg) - scale_of(expr))


def stripped(expr: Expr) -> tuple[Expr, Fraction]:
    """An operand of a division without its alignment: what it stands for, and by what that was multiplied."""
    factor = Fraction(1)
    while isinstance(expr, Scale) and expr.factor > 0:
        factor, expr = factor * factor_of(expr), expr.arg
    return expr, factor


def stepped(type_: Number, size: int) -> Number:
    """The type of a rounding step, never shown as a share of a hundred."""
    return Number(type_.unit, type_.scale, min(type_.low, size), max(type_.high, 10**type_.scale + 1))


def fraction_text(value: Fraction) -> str:
    """A ratio as a decimal if it has an end, else as a quotient."""
    scale = next((n for n in range(40) if 10**n % value.denominator == 0), None)
    if scale is None:
        return f"({value.numerator}/{value.denominator})"
    return decimal(value.numerator * 10**scale // value.denominator, scale)
