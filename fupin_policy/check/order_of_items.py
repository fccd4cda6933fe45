"""Whether an item stands before the one for which an aggregate over its list is asked, in the order of the list.

In: a context inside an aggregate. Out: a CORE condition. Called by `typing`.
Sugar ends here: the first fact of the order is less, or it is the same and the next one is less, and so on. Of items
that agree in all of them neither is before the other; the intake rejects such.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from fupin_policy.check.context import TypingContext
from fupin_policy.core.expressions import And, Compare, Expr, Fact, Or
from fupin_policy.core.identifiers import InputId
from fupin_policy.diagnostics import Span
from fupin_policy.language import syntax


def earlier_item(context: TypingContext, node: syntax.EarlierItem) -> Expr:
    """The condition `先于本项`."""
    declared = context.scope.lists.get(context.level)
    if context.asker != context.level:
        return context.wrong("N214", node)
    if declared is None or not declared.order:
        words = "成员" if declared is None else declared.label
        return context.wrong("N219", node, list=words, list_en="members" if declared is None else declared.name)
    types = [(name, context.scope.facts[name].type) for name in declared.order]
    facts = [Fact(InputId(name), context.level, type_, node.span) for name, type_ in types if type_ is not None]
    return _before(facts, node.span)


def _before(facts: list[Fact], span: Span | None) -> Expr:
    first, *rest = facts
    less = _compared("<", first, span)
    return less if not rest else Or((less, And((_compared("=", first, span), _before(rest, span)), span)), span)


def _compared(op: Literal["<", "="], own: Fact, span: Span | None) -> Compare:
    return Compare(op, own, replace(own, outer=True), span)
