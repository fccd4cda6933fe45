"""What a policy of a capped group gives, in a line of figures: up to what is left of the most.

In: workings. Out: a working. Called by `sum_working`.
"""

from __future__ import annotations

from dataclasses import replace

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.explanation.sums import Operand, Operation, Working

_MOST = Bilingual("合计不超过", "at most in all")
_NOT_BELOW = Bilingual("不低于零", "not below zero")
"""What numbers are called that have no names."""


def capped(stated: Working, left: Working, nothing: Working) -> Operation:
    """What a policy states, up to what is `left` of the group's most, which is never below `nothing`.

    Of the first of the group the most itself is left, and nothing else need be said of it.
    """
    if isinstance(left, Operation) and left.operator == "add" and len(left.parts) == 1:
        (left,) = left.parts
    match left:
        case Operand():
            left = _or_called(left, _MOST)
            if left.low >= 0:
                return Operation("least", (stated, left))
        case Operation("add", (Operand() as most, *others)):
            left = replace(left, parts=(_or_called(most, _MOST), *others))
    if isinstance(nothing, Operand):
        nothing = _or_called(nothing, _NOT_BELOW)
    return Operation("least", (stated, Operation("greatest", (left, nothing))))


def _or_called(found: Operand, name: Bilingual) -> Operand:
    """A number by its name, or by this one where it has none."""
    return found if found.name is not None else replace(found, name=name)
