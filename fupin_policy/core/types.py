"""What kind of value an expression has. A number's type carries its unit, scale and proven range.

In: nothing. Out: the type classes. Called by `check`, which infers them, and by every backend.
"""

from __future__ import annotations

from dataclasses import dataclass

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1

Unit = tuple[tuple[str, int], ...]
"""A product of powers of base units, by base name in order: `()` is a plain number, `(("yuan", 1),)` is 元."""

PLAIN: Unit = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Number:
    """An integer in units of `10**-scale` of `unit`, proven to lie in `[low, high]` (both in those units)."""

    unit: Unit
    scale: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Day:
    """A date as days since 1970-01-01, proven to lie in `[low, high]`."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Code:
    """One of the codes of a list; code number i of `size` is bit `1 << i` of a mask."""

    code_list: str
    size: int


@dataclass(frozen=True, slots=True)
class ErrorType:
    """The type of what was already reported as wrong; it fits everything and causes no further report."""


Type = Truth | Number | Day | Code | ErrorType
