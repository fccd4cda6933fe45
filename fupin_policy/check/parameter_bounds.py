"""Bounds of a table's rows that are parameters: what a row allows on a day, for somebody.

In: cells, typed. Out: the values that bounds have together, and intervals of integers with each of them.
Called by `decision_tables`. Rows may meet on some days, or for some keys, and not for others, so gaps and overlaps are
sought each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import TypeGuard

from fupin_policy.check.common_types import bounds_of
from fupin_policy.check.context import TypingContext
from fupin_policy.check.declarations import dates_text
from fupin_policy.check.numbers import align, decimal_text, number
from fupin_policy.check.table_coverage import ClosedInterval, Region
from fupin_policy.core.days import ALWAYS, Validity, stretches_within, to_date
from fupin_policy.core.dependencies import each_once
from fupin_policy.core.expressions import (
    And,
    Cases,
    Compare,
    Const,
    Expr,
    Fact,
    Never,
    Not,
    OneOf,
    Parameter,
    Ref,
    walk,
)
from fupin_policy.core.folding import folded, under
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.rewriting import rewrite
from fupin_policy.core.types import Code, Day, Number
from fupin_policy.diagnostics import Span

MOST = 2000
"""How many combinations of values a table's bounds may have; past that it is too large to be checked."""

_Exprs = tuple[Expr, ...]
RangeEnd = Const | Parameter | Ref
"""The end of a range; a `Ref` is to a parameter by keys, or that is worked out."""


@dataclass(frozen=True, slots=True)
class Between:
    """A cell that is a range; its ends are constants or parameters. An end that is None is the domain's."""

    column: Expr
    domain: ClosedInterval
    low: RangeEnd | None
    high: RangeEnd | None
    high_open: bool

    @property
    def parameters(self) -> tuple[Parameter | Ref, ...]:
        """The parameters among its ends."""
        return tuple(end for end in (self.low, self.high) if isinstance(end, Parameter | Ref))


Allowed = Region | Between
"""What a cell allows: always the same, or by the values of parameters."""


@dataclass(frozen=True, slots=True)
class BoundValues:
    """What bounds are together for somebody on a stretch of days; constants are what they are.

    `keys` are the tests by which bounds were looked up for whom they are so.
    """

    days: Validity = ALWAYS
    values: Mapping[Expr, Expr] = field(default_factory=dict)
    keys: tuple[Expr, ...] = ()

    def region(self, cell: Allowed) -> Region:
        """What a cell allows; a range that ends before it begins allows nothing."""
        if not isinstance(cell, Between):
            return cell
        low, high = cell.domain
        first, last = self.ends(cell)
        if first is not None:
            low = lattice(cell.column, first, up=True)
        if last is not None:
            high = lattice(cell.column, last, up=cell.high_open) - cell.high_open
        return ((low, high),)

    def ends(self, cell: Between) -> tuple[Const | None, Const | None]:
        """The ends of a range."""
        return self._end(cell.low), self._end(cell.high)

    @property
    def open(self) -> list[Expr]:
        """The bounds without a value."""
        return [end for end, value in self.values.items() if not isinstance(value, Const)]

    def extremes(self) -> Iterator[BoundValues]:
        """The same with each bound that has no value at its least and at its greatest."""
        for ends in product(*(dict.fromkeys(_ends_of(value)) for value in self.values.values())):
            yield replace(self, values=dict(zip(self.values, ends, strict=True)))

    def reach(self, cell: Between, end: RangeEnd) -> ClosedInterval:
        """Between which integers of its domain a cell begins, or after its last one ends, by a bound."""
        low, high = cell.domain
        first, last = _ends_of(self.values.get(end, end))
        after, up = (False, True) if end is cell.low else (not cell.high_open, cell.high_open)
        least, most = (lattice(cell.column, one, up=up) + after for one in (first, last))
        return max(low, min(high + 1, least)), max(low, min(high + 1, most))

    def _end(self, bound: RangeEnd | None) -> Const | None:
        value = bound if bound is None else self.values.get(bound, bound)
        if value is not None and not isinstance(value, Const):
            raise AssertionError(bound)
        return value


def values_of_bounds(
    context: TypingContext, cells: Iterable[Allowed], span: Span, *, may_be_open: bool = False
) -> list[BoundValues] | None:
    """What the bounds can be together on the rule's days; None, and reported, where one must have a value.

    A bound without a value, where it may be one, is the least and the greatest that it can be: as it then never comes
    to stand on the other side of another bound, rows meet alike whatever it is.
    """
    ranges = [cell for cell in cells if isinstance(cell, Between)]
    ends = list(dict.fromkeys(end for cell in ranges for end in cell.parameters))
    found = [
        BoundValues(days, dict(zip(ends, values, strict=True)), keys)
        for days, keys, values in islice(every_value(context, ends), MOST + 1)
    ]
    unknown: dict[str, list[str]] = {}
    for one in found:
        for end in one.open if not may_be_open else _out_of_order(one, ranges):
            unknown.setdefault(_label(context, end), []).append(dates_text(one.days))
    for name, lacking in sorted(unknown.items()):
        context.wrong("R311", span, name=name, days=list(dict.fromkeys(lacking)))
    found = list(islice((held for one in found for held in one.extremes()), MOST + 1))
    if len(found) > MOST:
        context.wrong("R306", span)
    return None if unknown or len(found) > MOST else found


def _out_of_order(held: BoundValues, cells: Sequence[Between]) -> list[Expr]:
    """The bounds without a value that may stand on either side of another of their column, or that two columns have."""
    cuts = [(cell.column, end, *held.reach(cell, end)) for cell in cells for end in (cell.low, cell.high) if end]
    return [
        end
        for end in held.open
        if any(
            column == other and low < last and first < high if another != end else column != other
            for column, one, low, high in cuts
            if one == end
            for other, another, first, last in cuts
        )
    ]


def every_value(context: TypingContext, exprs: Sequence[Expr]) -> Iterator[tuple[Validity, _Exprs, _Exprs]]:
    """What expressions over parameters come to together for somebody, after the days and the tests of keys for which
    it is so: constants, but for the unknown.
    """
    for days in _stretches(context, exprs):
        for keys, values in _together([_on(context, one, days.start) for one in exprs]):
            yield days, keys, values


def held_text(context: TypingContext, held: BoundValues, every: Sequence[BoundValues]) -> str:
    """On which days bounds are so and for which keys, in brackets, where they are not always so for everybody."""
    days = [dates_text(held.days)] if any(one.days != held.days for one in every) else []
    said = "，".join([*days, *(_test_text(context, test) for test in held.keys)])
    return f" ({said})" if said else ""


def _test_text(context: TypingContext, test: Expr) -> str:
    """A test of a key, as `乡镇 = 东河镇`."""
    match test:
        case And(args):
            return "，".join(_test_text(context, one) for one in args)
        case OneOf(arg, mask):
            points = (at for at in range(mask.bit_length()) if mask >> at & 1)
            return f"{_side(context, arg)} = {'、'.join(value_text(context, arg, point) for point in points)}"
        case Compare(op, left, right):
            return f"{_side(context, left)} {op} {_side(context, right)}"
        case Not(arg):
            return f"{_side(context, arg)} = {value_text(context, arg, 0)}"
        case _:
            return f"{_side(context, test)} = {value_text(context, test, 1)}"


def _side(context: TypingContext, expr: Expr) -> str:
    """A key, or a value that one is compared with, in words."""
    match expr:
        case Const(value):
            return value_text(context, expr, value)
        case Fact(input=name) if name.fact in context.scope.facts:
            return context.scope.facts[name.fact].label
        case Ref(DefinitionId("term", name)) if name in context.scope.term_words:
            return context.scope.term_words[name].zh
        case _:
            return "" if expr.span is None else expr.span.text


def value_text(context: TypingContext, column: Expr, point: int) -> str:
    """An integer of a column as people write it: a code's label, an amount in its unit, a day, 是 or 否."""
    match column.type:
        case Number(unit, scale):
            word = context.unit_word(unit) if unit else ""
            return f"{decimal_text(point, scale)}{word}"
        case Day():
            return to_date(point).isoformat()
        case Code(code_list):
            return context.scope.code_lists[code_list].codes[point].label
        case _:
            return "是" if point else "否"


def _stretches(context: TypingContext, ends: Sequence[Expr]) -> list[Validity]:
    """Stretches of the rule's days on which no value that a bound rests on changes."""
    dated = [
        *context.days,
        *(value.validity for name in _below(context, ends) for value in context.scope.parameters[name].values),
    ]
    every = stretches_within(context.scope.covers, dated)
    # of a rule that is in force on no covered day any one day is looked at
    stretches = [one for one in every if any(days.covers(one.start) for days in context.days)] if ends else []
    return stretches or every[:1]


def _below(context: TypingContext, exprs: Sequence[Expr]) -> set[str]:
    """The parameters that expressions rest on."""

    def parts(expr: Expr) -> list[Expr]:
        versions = [one for _, one in _versions(context, expr.definition)] if isinstance(expr, Ref) else [expr]
        return [node for one in versions for node in walk(one) if isinstance(node, Ref | Parameter) and node != expr]

    return {node.name for node in each_once(exprs, parts, lambda one: one) if isinstance(node, Parameter)}


def _versions(context: TypingContext, use: DefinitionId) -> tuple[tuple[Validity, Expr], ...]:
    known = context.scope.define(use, None)
    return () if known is None else known.versions


def _ends_of(value: Expr) -> tuple[Const, Const]:
    """The least and the greatest that a bound can be, each as a constant."""
    if isinstance(value, Const):
        return value, value
    if not isinstance(value.type, Number | Day):
        raise AssertionError(value)
    low, high = (Const(one, replace(value.type, low=one, high=one), value.span) for one in bounds_of(value.type))
    return low, high


def _label(context: TypingContext, end: Expr) -> str:
    match end:
        case Parameter(name):
            return context.scope.parameters[name].label
        case Ref(DefinitionId() as use) if use.parameter is not None:
            return context.scope.parameters[use.parameter].label
    raise AssertionError(end)


def _on(context: TypingContext, expr: Expr, day: int) -> Expr:
    """What a bound is on a day: a constant, or one key by key; as it is written where that is not known."""

    def known(node: Expr) -> Expr:
        if not isinstance(node, Parameter) or not isinstance(node.type, Number | Day):
            return node
        held = context.scope.parameters[node.name].on(node.key, day)
        if held is None:
            return node
        value = held.values[node.key]
        return Const(value, replace(node.type, low=value, high=value), node.span)

    def used(use: DefinitionId) -> Expr:
        return next(_on(context, one, day) for days, one in _versions(context, use) if days.covers(day))

    return folded(rewrite(expr, known), used, by_key=True)


def _together(exprs: Sequence[Expr], keys: _Exprs = ()) -> Iterator[tuple[_Exprs, _Exprs]]:
    """What several expressions come to, where their choices by keys are made alike, after the tests by which it is."""
    cases = next((one for one in exprs if isinstance(one, Cases)), None)
    if cases is None:
        yield keys, tuple(exprs)
        return
    for at, (test, _) in enumerate(cases.branches):
        yield from _together([_chosen(one, cases, at) for one in exprs], (*keys, test))
    if not isinstance(cases.otherwise, Never):
        yield from _together([one.otherwise if _alike(one, cases) else one for one in exprs], keys)


def _chosen(expr: Expr, cases: Cases, at: int) -> Expr:
    """An expression where a choice is made by its test of this number."""
    return expr.branches[at][1] if _alike(expr, cases) else under(expr, cases.branches[at][0])


def _alike(expr: Expr, cases: Cases) -> TypeGuard[Cases]:
    """Whether two choices are made by the same tests."""
    return isinstance(expr, Cases) and [one for one, _ in expr.branches] == [one for one, _ in cases.branches]


def lattice(column: Expr, bound: Const, up: bool) -> int:
    """A bound in the column's own integers, rounded up or down where it lies between two."""
    if not isinstance(column.type, Number):
        return bound.value
    finer, aligned = align(column, bound)
    factor: int = 10 ** (number(finer).scale - column.type.scale)
    value = number(aligned).low
    return -(-value // factor) if up else value // factor
