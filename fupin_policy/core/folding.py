"""What of a dated expression is the same for everybody, worked out once: formulas over parameters come to numbers.

In: an expression without parameters, and what it refers to. Out: the same, with constants for what rests on constants
alone, key by key where those are looked up by keys. Called by `snapshot`, of uses of parameters. What rests on a value
that is not known stays as it is written, so that every backend finds its interval, and names what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from fupin_policy.core import possible
from fupin_policy.core.expressions import (
    Add,
    And,
    Calendar,
    Cases,
    Const,
    DateDiff,
    Divide,
    Expr,
    Max,
    Min,
    Multiply,
    Never,
    Not,
    OneOf,
    Parameter,
    Ref,
    Scale,
    Shift,
    children,
)
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.possible import Interval
from fupin_policy.core.rewriting import rewrite, with_parts
from fupin_policy.core.types import Day, Number

MOST = 2000
"""How many rows a formula may come to; past that it is worked out for each household."""


def folded(expr: Expr, used: Callable[[DefinitionId], Expr], by_key: bool) -> Expr:
    """The expression with each number or day that rests on constants alone as a constant; if `by_key`, key by key.

    `used` gives what another use comes to on the same day.
    """

    def change(node: Expr) -> Expr:
        match node:
            case Ref(DefinitionId("use", name) as use) if by_key:
                found = used(use)
                if isinstance(found, Const) and found.source is None:
                    return replace(found, source=Parameter(name, None, found.type))
                return found
            case Cases(branches, otherwise) if by_key:
                kept = tuple((test, under(value, test)) for test, value in branches)
                return replace(node, branches=kept, otherwise=otherwise)
            case _:
                return _lifted(node) if by_key else _constant(node)

    return rewrite(expr, change)


def _lifted(node: Expr) -> Expr:
    """An operation on what is looked up by keys, key by key."""
    parts = children(node)
    at = next((at for at, part in enumerate(parts) if isinstance(part, Cases)), None)
    if not isinstance(node.type, Number | Day) or at is None:
        return _constant(node)
    cases, count = parts[at], 1
    for part in parts:
        count *= len(part.branches) if isinstance(part, Cases) else 1
    if not isinstance(cases, Cases) or count > MOST:
        return node

    def on(test: Expr | None, value: Expr) -> Expr:
        others = [part if test is None else under(part, test) for part in parts]
        return _lifted(with_parts(node, [*others[:at], value, *others[at + 1 :]]))

    rest = cases.otherwise
    rest = Never(node.type, rest.span) if isinstance(rest, Never) else on(None, rest)
    return Cases(tuple((test, on(test, value)) for test, value in cases.branches), rest, node.type, node.span)


def under(expr: Expr, test: Expr) -> Expr:
    """What is left of a choice where a test holds."""
    if not isinstance(expr, Cases):
        return expr
    known = _parts(test)
    kept: list[tuple[Expr, Expr]] = []
    for own, value in expr.branches:
        wanted = _parts(own)
        if any(_refutes(one, part) for part in wanted for one in known):
            continue
        if all(any(_proves(one, part) for one in known) for part in wanted):
            return value if not kept else replace(expr, branches=tuple(kept), otherwise=value)
        kept.append((own, value))
    return replace(expr, branches=tuple(kept)) if kept else expr.otherwise


def _parts(test: Expr) -> Sequence[Expr]:
    return test.args if isinstance(test, And) else (test,)


def _refutes(known: Expr, asked: Expr) -> bool:
    """Whether one condition shows that another does not hold."""
    match known, asked:
        case OneOf(arg, mask), OneOf(other, wanted):
            return arg == other and mask & wanted == 0
        case Not(arg), other:
            return arg == other
        case other, Not(arg):
            return arg == other
        case _:
            return False


def _proves(known: Expr, asked: Expr) -> bool:
    """Whether one condition shows that another holds."""
    match known, asked:
        case OneOf(arg, mask), OneOf(other, wanted):
            return arg == other and mask & ~wanted == 0
        case _:
            return known == asked or asked == Const(possible.TRUE, asked.type)


def _constant(expr: Expr) -> Expr:
    if not children(expr):
        return expr
    ends = [(part.value, part.value) for part in children(expr) if isinstance(part, Const)]
    value = _value(expr, ends) if len(ends) == len(children(expr)) else None
    if value is None or not isinstance(expr.type, Number | Day):
        return expr
    return Const(value[0], replace(expr.type, low=value[0], high=value[0]), expr.span, origin=expr)


def _value(expr: Expr, args: list[Interval]) -> Interval | None:
    """What an operation on numbers or days gives; None of what is none."""
    match expr:
        case Add():
            return possible.add(args)
        case Scale(_, factor):
            return possible.scaled(args[0], factor)
        case Multiply():
            return possible.times(*args)
        case Divide():
            return possible.over(args[0], args[1], expr.rounding)
        case Min() | Max():
            return possible.extreme(args, isinstance(expr, Max))
        case DateDiff():
            return possible.date_diff(expr.period, args[0], args[1])
        case Shift():
            return possible.shift(args[0], args[1], expr.period)
        case Calendar():
            return possible.calendar(expr.part, args[0])
        case _:
            return None
