"""Values of earlier months and years: which of them a fact's is, and what is made of several.

In: a `TypingContext`, a window, what types its argument as of another day. Out: CORE expressions. Called by `typing`
and `references`. Sugar ends here: a total is a sum, or that of the months of this year that have come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby

from fupin_policy.check.arithmetic import Fraction, add
from fupin_policy.check.choices import cases, gathered
from fupin_policy.check.context import TypingContext
from fupin_policy.check.scope import BROKEN
from fupin_policy.core.declarations import Each, FactDecl, Series
from fupin_policy.core.expressions import (
    Aggregate,
    And,
    AsOf,
    Calendar,
    CalendarPart,
    Compare,
    Const,
    Expr,
    Fact,
    Not,
    Or,
)
from fupin_policy.core.identifiers import AssessmentDay, InputId
from fupin_policy.core.types import PLAIN, Day, ErrorType, Number
from fupin_policy.diagnostics import Span
from fupin_policy.language import syntax
from fupin_policy.language.windows import EarlierWindow

_MONTHS = 12

AsOfDay = Callable[[tuple[AssessmentDay, ...]], Expr]
"""Types an expression as of another day; of no steps as it is."""


def steps_of(window: EarlierWindow) -> list[tuple[AssessmentDay, ...]]:
    """For each month or year of a window the day as of which it is looked at; none for this one."""
    agos = range(1, window.count + 1) if window.which == "previous" else range(window.count)
    return [(AssessmentDay(ago, window.period),) if ago else () for ago in agos]


def total(context: TypingContext, node: syntax.EarlierValue, day: Expr, value: AsOfDay) -> Expr:
    """The values of a window added up; `day` is the one in whose year the months lie."""
    values = [value(steps) for steps in steps_of(node.window)]
    first = values[0].type
    if node.window.which != "this_year" or node.span is None or not isinstance(first, Number):
        return add(context, values, node)
    rows = list(zip(_come(day, node), values, strict=True))
    nothing = Const(0, replace(first, low=0, high=0), node.span)
    return gathered(context, Aggregate.SUM, rows, nothing, node.span)


def average(context: TypingContext, node: syntax.EarlierValue, day: Expr, value: AsOfDay) -> Fraction:
    """The same through the number of months or years."""
    summed, count = total(context, node, day, value), node.window.count
    if node.window.which == "this_year":
        return summed, _month(day, node.span)
    return summed, Const(count, Number(PLAIN, 0, count, count), node.span)


def every(node: syntax.EarlierValue, day: Expr, value: AsOfDay) -> Expr:
    """Whether a condition holds in every month or year of a window."""
    tests = [value(steps) for steps in steps_of(node.window)]
    if any(isinstance(test.type, ErrorType) for test in tests):
        return BROKEN
    if node.window.which == "this_year":
        pairs = zip(_come(day, node), tests, strict=True)
        tests = [Or((Not(come, node.span), test), node.span) for come, test in pairs]
    return And(tuple(tests), node.span)


def _come(day: Expr, node: syntax.EarlierValue) -> list[Expr]:
    """Whether a month that is so long ago lies in the year of a day."""
    month = _month(day, node.span)
    return [Compare("<", _plain(ago, node.span), month, node.span) for ago in range(_MONTHS)]


def _plain(number: int, span: Span | None) -> Expr:
    return Const(number, Number(PLAIN, 0, number, number), span)


def _month(day: Expr, span: Span | None) -> Calendar:
    return Calendar(CalendarPart.MONTH, day, Number(PLAIN, 0, 1, _MONTHS), span)


def value_of(context: TypingContext, node: syntax.Name | syntax.Text, fact: FactDecl, series: Series) -> Expr:
    """The value of a fact by month or year for the one in which the day lies whose circumstances count.

    How long ago that is may differ by the month that is asked about.
    """
    asked = AsOf(Day(context.scope.covers.start, context.scope.covers.end - 1), node.span)
    agos = [_ago(series.each, context.assessed, month) for month in range(1, _MONTHS + 1)]
    if max(agos) > series.back:
        named = {"name": series.label, "name_en": series.name}
        return context.wrong("T290", node, **named, back=series.back, needed=max(agos))
    if fact.type is None:
        return BROKEN
    runs = [(ago, len(list(run))) for ago, run in groupby(agos)]
    facts = [Fact(InputId(series.input(ago)), fact.level, fact.type, node.span) for ago, _ in runs]
    branches: list[tuple[Expr, Expr]] = []
    until = 0
    for (_, length), found in zip(runs[:-1], facts, strict=False):
        until += length
        branches.append((Compare("<=", _month(asked, node.span), _plain(until, node.span), node.span), found))
    return cases(context, branches, facts[-1], node) if branches else facts[0]


def _ago(each: Each, steps: tuple[AssessmentDay, ...], month: int) -> int:
    """How many months or years before a month of some year the day lies that is some steps before it."""
    at = month - 1
    for back, of in steps:
        at = at - back if of == "month" else _MONTHS * (at // _MONTHS - back) + _MONTHS - 1
    return month - 1 - at if each == "month" else -(at // _MONTHS)
