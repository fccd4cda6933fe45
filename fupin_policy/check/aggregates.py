"""What is asked of the items of a list: how many, whether any, sums and extremes, and of which item it is asked.

In: typed parts. Out: CORE expressions. Called by `typing`.
That sums fit 64 bits is proven from the most items that there may be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from fupin_policy.check import units
from fupin_policy.check.choices import extreme
from fupin_policy.check.common_types import hull
from fupin_policy.check.context import TypingContext
from fupin_policy.check.lists import MEMBERS
from fupin_policy.check.numbers import number
from fupin_policy.check.scope import BROKEN
from fupin_policy.core.expressions import Aggregate, Expr, Fact, Items, Level, Max, Min, Not, Ref, children
from fupin_policy.core.types import PLAIN, ErrorType, Number, Truth, Type
from fupin_policy.diagnostics import Span
from fupin_policy.language import syntax


@dataclass(frozen=True, slots=True)
class ItemsAsked:
    """A list that a rule asks about: its level and its owner's, and how many items there may be."""

    level: Level
    owner: Level
    least: int
    most: int


def items_of(context: TypingContext, name: syntax.Name | None) -> ItemsAsked | None:
    """The list of a name, members without one; None where it is reported."""
    scope = context.scope
    if name is None or name.text in MEMBERS:
        if name is not None:
            scope.note(name.span, "成员", "members")
        return ItemsAsked("member", "household", scope.min_members, scope.max_members)
    found = scope.lists.get(name.text)
    if found is None:
        if name.text not in scope.broken:
            hint = scope.reporter.suggest(name.text, [*scope.lists, *MEMBERS])
            context.wrong("N213", name, suggestion=hint, name=name.text)
        return None
    scope.note(name.span, found.label, found.name)
    if not context.sees(found.of):
        context.hidden(name, name.text, found.of)
        return None
    return ItemsAsked(found.name, found.of, 0, found.most)


def quantified(context: TypingContext, where: Expr, kind: syntax.Quantifier, span: Span | None) -> Expr:
    """Whether any, all or none of the members satisfy a condition."""
    if isinstance(where.type, ErrorType):
        return BROKEN
    test = Not(where, span) if kind == "all" else where
    found = Items(Aggregate.ANY, test, None, None, Truth(), span, paired=is_paired(test))
    return found if kind == "any" else Not(found, span)


def aggregate(
    context: TypingContext,
    node: syntax.ListAggregate,
    items: ItemsAsked,
    parts: tuple[Expr, Expr | None, Expr | None],
) -> Expr:
    """An aggregate of typed parts: the condition, the value, and what there is where no item is."""
    where, value, default = parts
    if any(part is not None and isinstance(part.type, ErrorType) for part in parts):
        return BROKEN
    united = _united(context, node, value, default)
    if united is None:
        return BROKEN
    value, default = united
    how = _AGGREGATES[node.how]
    paired = any(is_paired(part) for part in (where, value) if part is not None)
    type_ = _type(node, items, value, default)
    made = Items(how, where, value, default, type_, node.span, items.level, items.owner, paired)
    return context.bounded(made)


_AGGREGATES: dict[syntax.ListWord, Aggregate] = {
    "any": Aggregate.ANY, "count": Aggregate.COUNT, "sum": Aggregate.SUM, "least": Aggregate.MIN,
    "greatest": Aggregate.MAX,
}  # fmt: skip


def _united(
    context: TypingContext, node: syntax.ListAggregate, value: Expr | None, default: Expr | None
) -> tuple[Expr | None, Expr | None] | None:
    """A value and its default in one unit and at one scale; None where they have none."""
    if value is None or default is None:
        return value, default
    found = extreme(context, [value, default], node.how == "greatest", node)
    return (found.args[0], found.args[1]) if isinstance(found, Min | Max) else None


def _type(node: syntax.ListAggregate, items: ItemsAsked, value: Expr | None, default: Expr | None) -> Type:
    if node.how == "any":
        return Truth()
    if value is None:
        least = items.least if node.where is None else 0
        return Number(units.PERSON if items.level == "member" else PLAIN, 0, least, items.most)
    if default is not None:
        return hull([value.type, default.type])
    return _summed(value, items.most)


def _summed(value: Expr, most: int) -> Number:
    """The type of the sum of a number over so many items, of which any may be left out."""
    type_ = number(value)
    return replace(type_, low=most * min(0, type_.low), high=most * max(0, type_.high))


def member_sum(context: TypingContext, where: Expr, value: Expr, span: Span | None) -> Expr:
    """The sum of a number over the members for which a condition holds."""
    type_ = _summed(value, context.scope.max_members)
    return context.bounded(Items(Aggregate.SUM, where, value, None, type_, span))


def this_item(context: TypingContext, node: syntax.ThisItem, name: Callable[[], Expr]) -> Expr:
    """A fact or term of the item for which the aggregate is asked that a rule is inside of."""
    if context.asker != context.level:
        return context.wrong("N214", node)
    found = name()
    if isinstance(found.type, ErrorType):
        return BROKEN
    if not isinstance(found, Fact | Ref) or found.level != context.level:
        return context.wrong("N215", node, name=node.name.text)
    return replace(found, outer=True, span=node.span)


def is_paired(part: Expr) -> bool:
    """Whether what stands in an aggregate speaks of the item for which that is asked."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Fact | Ref) and one.outer:
            return True
        # what is so further in, is to the aggregate that it stands in
        waiting += [] if isinstance(one, Items) else children(one)
    return False
