"""Values of known facts as the solver writes them.

In: a value and its type. Out: a constant of the solver. Called by tests.
"""

from __future__ import annotations

from typing import Any, cast

import z3

from fupin_policy.core import possible
from fupin_policy.core.types import Code, Day, Truth, Type
from fupin_policy.evaluators.smt import calendar


def literal(value: possible.Value, type_: Type) -> Any:
    """The value of a known fact as the solver writes it."""
    match type_:
        case Truth():
            return z3.BoolVal(value == possible.TRUE)
        case Code():
            return z3.IntVal(cast(int, value).bit_length() - 1)
        case Day():
            return z3.IntVal(calendar.key_of(cast(possible.Interval, value)[0]))
        case _:
            return z3.IntVal(cast(possible.Interval, value)[0])
