"""Comparisons of typed values: with another, with those of a set, with the ends of a range.

In: typed expressions. Out: CORE conditions. Called by `typing`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import or_

from fupin_policy.check import units
from fupin_policy.check.common_types import unite
from fupin_policy.check.context import TypingContext
from fupin_policy.check.numbers import align, number
from fupin_policy.check.scope import BROKEN
from fupin_policy.core import possible
from fupin_policy.core.expressions import And, Cases, Compare, Const, Expr, Not, OneOf, Or
from fupin_policy.core.types import PLAIN, Code, Day, ErrorType, Number, Truth, Type
from fupin_policy.diagnostics import Span
from fupin_policy.language import syntax
from fupin_policy.language.syntax import Syntax

_YEARS = (PLAIN, units.YEAR, units.YEARS_OLD)


def compare(context: TypingContext, op: str, left: Expr, right: Expr, node: Syntax) -> Expr:
    """Two values compared by one of = != < <= > >=."""
    match left.type, right.type:
        case (ErrorType(), _) | (_, ErrorType()):
            return BROKEN
        case Number(), Number():
            united = unite(context, left, right, node)
            return BROKEN if united is None else _ordered(op, *united, node.span)
        case Day(), Day():
            return _ordered(op, left, right, node.span)
        case Code(), Code() if op in ("=", "!="):
            return _same_code(context, op, left, right, node)
        case Truth(), Truth() if op in ("=", "!="):
            same = _same_truth(left, right, node.span)
            return same if op == "=" else Not(same, node.span)
        case _:
            hint = _as_age(node, left.type, right.type)
            return context.wrong("T204", node, suggestion=hint, **context.kinds(left=left.type, right=right.type))


def _same_code(context: TypingContext, op: str, left: Expr, right: Expr, node: Syntax) -> Expr:
    assert isinstance(left.type, Code) and isinstance(right.type, Code)
    if left.type.code_list != right.type.code_list:
        return context.wrong("T205", node, left=left.type.code_list, right=right.type.code_list)
    if isinstance(left, Const):
        left, right = right, left
    same: Expr = (
        OneOf(left, right.value, node.span) if isinstance(right, Const) else Compare("=", left, right, node.span)
    )
    return same if op == "=" else Not(same, node.span)


def one_of(context: TypingContext, arg: Expr, items: list[Expr], choices: syntax.Set, span: Span | None) -> Expr:
    """Whether a value is one of some; `span` is the whole comparison."""
    tests = [compare(context, "=", arg, item, at) for item, at in zip(items, choices.items, strict=True)]
    if any(isinstance(test.type, ErrorType) for test in tests):
        return BROKEN
    masks = [test.mask for test in tests if isinstance(test, OneOf) and test.arg == arg]
    if len(masks) == len(tests):
        return OneOf(arg, reduce(or_, masks), span)
    return tests[0] if len(tests) == 1 else Or(tuple(tests), span)


def within(
    context: TypingContext, arg: Expr, low: Expr | None, high: Expr | None, choices: syntax.Range, span: Span | None
) -> Expr:
    """Whether a value lies between the typed ends of a range; `span` is the whole comparison."""
    tests = []
    if low is not None:
        tests.append(compare(context, ">=", arg, low, choices))
    if high is not None:
        tests.append(compare(context, "<" if choices.high_open else "<=", arg, high, choices))
    if any(isinstance(test.type, ErrorType) for test in tests):
        return BROKEN
    if isinstance(low, Const) and isinstance(high, Const) and _after(low, high):
        return context.wrong("R308", choices)
    tests = [replace(test, span=span) for test in tests]
    return tests[0] if len(tests) == 1 else And(tuple(tests), span)


def _ordered(op: str, left: Expr, right: Expr, span: Span | None) -> Expr:
    match op:
        case "<":
            return Compare("<", left, right, span)
        case "<=":
            return Compare("<=", left, right, span)
        case ">":
            return Compare("<", right, left, span)
        case ">=":
            return Compare("<=", right, left, span)
        case "=":
            return Compare("=", left, right, span)
        case _:
            return Not(Compare("=", left, right, span), span)


def _same_truth(left: Expr, right: Expr, span: Span | None) -> Expr:
    if isinstance(right, Const):
        return left if right.value == possible.TRUE else Not(left, span)
    if isinstance(left, Const):
        return _same_truth(right, left, span)
    return Cases(((left, right),), Not(right, span), Truth(), span)


def _as_age(node: Syntax, left: Type, right: Type) -> str | None:
    """What is meant where a date is compared with a number of years: the age on the day asked about."""
    if not isinstance(node, syntax.Compare) or node.left.span is None or node.right.span is None:
        return None
    first, sign, second = node.left.span.text, node.op, node.right.span.text
    word = "completed_years" if first.isascii() and second.isascii() else "周岁数"
    match left, right:
        case Day(), Number(unit) if unit in _YEARS:
            return f"{word}({first}) {sign} {second}"
        case Number(unit), Day() if unit in _YEARS:
            return f"{first} {sign} {word}({second})"
    return None


def _after(low: Const, high: Const) -> bool:
    if isinstance(low.type, Number) and isinstance(high.type, Number):
        first, second = align(low, high)
        return number(first).low > number(second).low
    return low.value > high.value
