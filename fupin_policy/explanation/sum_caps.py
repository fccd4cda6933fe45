"""What a policy of a capped group gives, in a line of figures: up to what is left of the most.

In: workings. Out: a working. Called by `sum_working`.
"""

from __future__ import annotations

from dataclasses import replace

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.explanation.sums import Operand, Operation, Working
from fupin_policy.prose.sentences import sentence


def capped(stated: Working, left: Working, nothing: Working) -> Operation:
    """What a policy states, up to what is `left` of the group's most, which is never below `nothing`.

    Of the first of the group the most itself is left, and nothing else need be said of it.
    """
    if isinstance(left, Operation) and left.operator == "add" and len(left.parts) == 1:
        (left,) = left.parts
    match left:
        case Operand():
            left = _or_called(left, sentence("at_most_in_all"))
            if left.low >= 0:
                return Operation("least", (stated, left))
        case Operation("add", (Operand() as most, *others)):
            left = replace(left, parts=(_or_called(most, sentence("at_most_in_all")), *others))
    if isinstance(nothing, Operand):
        nothing = _or_called(nothing, sentence("not_below_zero"))
    return Operation("least", (stated, Operation("greatest", (left, nothing))))


def _or_called(found: Operand, name: Bilingual) -> Operand:
    """A number by its name, or by this one where it has none."""
    return found if found.name is not None else replace(found, name=name)
