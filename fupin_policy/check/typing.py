"""Syntax to CORE: resolves names, checks kinds and units, infers ranges, and proves that 64 bits suffice.

In: a syntax tree and a `Scope`. Out: a CORE expression; `BROKEN` where something was reported. Called by `program`
and `decision_tables`. A part that is `ErrorType` is passed over in silence, so that one mistake gives one diagnostic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import assert_never

from fupin_policy.check import aggregates, dates, earlier, references
from fupin_policy.check.arithmetic import Fraction, add, minus, multiply, rounded
from fupin_policy.check.choices import cases, extreme
from fupin_policy.check.common_types import list_of
from fupin_policy.check.comparisons import compare, one_of, within
from fupin_policy.check.context import TypingContext
from fupin_policy.check.numbers import number, read_decimal
from fupin_policy.check.order_of_items import earlier_item
from fupin_policy.check.scope import BROKEN
from fupin_policy.core import possible
from fupin_policy.core.days import to_day
from fupin_policy.core.expressions import (
    And,
    AsOf,
    Const,
    Expr,
    Level,
    Not,
    Or,
    Period,
)
from fupin_policy.core.identifiers import AssessmentDay
from fupin_policy.core.types import PLAIN, Code, Day, ErrorType, Number, Truth, Type
from fupin_policy.diagnostics import Span
from fupin_policy.language import split_glued, syntax
from fupin_policy.language.syntax import Syntax

TRUE = Const(possible.TRUE, Truth())
FALSE = Const(possible.FALSE, Truth())


@dataclass(frozen=True, slots=True)
class Typer(TypingContext):
    """Types expressions at one level: in the rule of a household, a member or a kind of place (`level`)."""

    # -- what is wanted of an expression --------------------------------------------------------------------------

    def truth(self, node: Syntax) -> Expr:
        """The expression of a condition."""
        return self._of_kind(node, Truth, "T201")

    def number(self, node: Syntax) -> Expr:
        """The expression of a number."""
        return self._of_kind(node, Number, "T202")

    def day(self, node: Syntax) -> Expr:
        """The expression of a date."""
        return self._of_kind(node, Day, "T212")

    def _of_kind(self, node: Syntax, kind: type[Type], code: str) -> Expr:
        found = self.expr(node)
        fits = isinstance(found.type, kind | ErrorType)
        return found if fits else self.wrong(code, node, **self.kinds(found=found.type))

    def code(self, node: Syntax, code_list: str) -> Expr:
        """The expression of a code of a list."""
        found = self.expr(node, code_list)
        if isinstance(found.type, ErrorType):
            return found
        if not isinstance(found.type, Code):
            return self.wrong("T216", node, list=code_list, **self.kinds(found=found.type))
        if found.type.code_list != code_list:
            return self.wrong("T205", node, left=code_list, right=found.type.code_list)
        return found

    # -- every node -----------------------------------------------------------------------------------------------

    def expr(self, node: Syntax, code_list: str | None = None) -> Expr:
        """The expression of a node. Where a code of a list is wanted, bare names are looked up there first."""
        match node:
            case syntax.Name(text) | syntax.Text(text):
                return references.name(self, node, text, code_list)
            case syntax.Quantity():
                return self._quantity(node)
            case syntax.Date(day):
                value = to_day(day)
                return Const(value, Day(value, value), node.span)
            case syntax.TruthLiteral(value):
                return replace(TRUE if value else FALSE, span=node.span)
            case syntax.AsOf():
                asked = AsOf(Day(self.scope.covers.start, self.scope.covers.end - 1), node.span)
                return dates.assessment_day(self, asked, self.assessed, node)
            case syntax.Not(arg):
                return self._built(Not(self.truth(arg), node.span))
            case syntax.And(args):
                return self._built(And(tuple(self.truth(arg) for arg in args), node.span))
            case syntax.Or(args):
                self._ask_for_brackets(args)
                return self._built(Or(tuple(self.truth(arg) for arg in args), node.span))
            case syntax.Compare():
                return self._compare(node)
            case syntax.In():
                return self._in(node)
            case syntax.Contains():
                return references.contains(self, node, lambda code_list: self.code(node.code, code_list))
            case syntax.If(test, then, otherwise):
                return self._if(node, test, then, otherwise, code_list)
            case syntax.Negative(arg):
                return self._negative(node, self.number(arg))
            case syntax.Sum():
                return self._sum(node)
            case syntax.Product():
                return self._product(node)
            case syntax.Rounded(arg, mode, step):
                return rounded(self, self._fraction(arg), mode, step, node.span)
            case syntax.Extreme(greatest, args):
                return extreme(self, [self.expr(arg) for arg in args], greatest, node)
            case syntax.Quantified(kind, where):
                return aggregates.quantified(self, self._inside("member").truth(where), kind, node.span)
            case syntax.ListAggregate():
                return self._aggregate(node)
            case syntax.ThisItem(own):
                return aggregates.this_item(self, node, lambda: references.name(self, own, own.text, None))
            case syntax.EarlierItem():
                return earlier_item(self, node)
            case syntax.DateDiff(period, start, end):
                return self._elapsed(node, Period(period), start, end)
            case syntax.Calendar(_, arg):
                return dates.calendar(self, self.day(arg), node)
            case syntax.Anniversary(_, _, _, arg):
                return dates.anniversary(self, self.day(arg), node)
            case syntax.ParameterRef(name, last):
                return references.parameter(self, node, name, last)
            case syntax.Bracketed(_, arg, _):
                return references.bracketed(self, node, self.number(arg))
            case syntax.Outcome(policy):
                return references.policy(self, node, policy, "outcome")
            case syntax.AmountRef(policy):
                return references.policy(self, node, policy, "payable")
            case syntax.EarlierValue():
                return self._earlier(node)
            case syntax.Given(fact, otherwise):
                return references.given(self, node, fact, None if otherwise is None else self.day(otherwise))
            case syntax.Set() | syntax.Range() | syntax.RoundingStep():
                return self.wrong("T215", node)
            case syntax.AnyCell():
                return self.wrong("T223", node)
            case _:
                assert_never(node)

    # -- literals -------------------------------------------------------------------------------------------------

    def _quantity(self, node: syntax.Quantity) -> Expr:
        read = read_decimal(node.number)
        if read is None:
            return self.wrong("T224", node)
        value, decimals = read
        sense = None
        if node.unit is not None:
            sense = self.scope.units.sense(node.unit)
            if sense is None:
                hint = split_glued(node.unit, self.scope.words)
                hint = hint or self.scope.reporter.suggest(node.unit, self.scope.units.senses)
                return self.wrong("N109", node, suggestion=hint, name=node.unit)
            self.scope.note(node.span, sense.words.zh, sense.words.en)
        power = 0 if sense is None else sense.power
        scale = max(0, decimals - power)
        value *= 10 ** (scale - decimals + power)
        unit = PLAIN if sense is None else sense.unit
        return self.bounded(Const(value, Number(unit, scale, value, value), node.span))

    # -- comparisons ----------------------------------------------------------------------------------------------

    def _compare(self, node: syntax.Compare) -> Expr:
        left, right = self._pair(node.left, node.right)
        return compare(self, node.op, left, right, node)

    def _pair(self, left: Syntax, right: Syntax) -> tuple[Expr, Expr]:
        """Both sides of a comparison; a bare name is looked up in the code list of the other side, if that has one."""
        if self._stranger(left):
            if self._stranger(right):
                return self.expr(left), BROKEN
            second = self.expr(right)
            if isinstance(second.type, ErrorType):
                return BROKEN, BROKEN
            return self.expr(left, list_of(second.type)), second
        first = self.expr(left)
        if isinstance(first.type, ErrorType) and self._stranger(right):
            return BROKEN, BROKEN
        return first, self.expr(right, list_of(first.type))

    def _stranger(self, node: Syntax) -> bool:
        """Whether a node is a name that is neither fact, term nor reading: a code perhaps, or a mistake."""
        if not isinstance(node, syntax.Name | syntax.Text):
            return False
        return all(node.text not in known for known in (self.scope.facts, self.scope.terms, self.scope.readings))

    def _in(self, node: syntax.In) -> Expr:
        arg = self.expr(node.arg)
        if isinstance(arg.type, ErrorType):
            return BROKEN
        found = self.among(arg, node.choices, node.span)
        if isinstance(found.type, ErrorType):
            return BROKEN
        return Not(found, node.span) if node.negated else found

    def among(self, arg: Expr, choices: syntax.Set | syntax.Range, span: Span | None = None) -> Expr:
        """Whether a value is one of a set, or within a range; `span` is the whole comparison, where there is more."""
        whole = choices.span if span is None else span
        if isinstance(choices, syntax.Range):
            low = None if choices.low is None else self.expr(choices.low)
            high = None if choices.high is None else self.expr(choices.high)
            return within(self, arg, low, high, choices, whole)
        code_list = list_of(arg.type)
        return one_of(self, arg, [self.expr(item, code_list) for item in choices.items], choices, whole)

    # -- choices --------------------------------------------------------------------------------------------------

    def _if(self, node: Syntax, test: Syntax, then: Syntax, otherwise: Syntax, code_list: str | None) -> Expr:
        tested = self.truth(test)
        first, second = self.expr(then, code_list), self.expr(otherwise, code_list)
        if isinstance(tested.type, ErrorType):
            return BROKEN
        return cases(self, [(tested, first)], second, node)

    # -- arithmetic -----------------------------------------------------------------------------------------------

    def _negative(self, node: syntax.Negative, arg: Expr) -> Expr:
        return arg if isinstance(arg.type, ErrorType) else self.bounded(minus(arg, node.span))

    def _sum(self, node: syntax.Sum) -> Expr:
        first = self.expr(node.first)
        if isinstance(first.type, Day):
            return self._moved(first, node)
        if not isinstance(first.type, Number | ErrorType):
            first = self.wrong("T202", node.first, **self.kinds(found=first.type))
        terms: list[Expr] = [first]
        for sign, term in node.rest:
            value = self.number(term)
            terms.append(value if sign == "+" or isinstance(value.type, ErrorType) else minus(value, value.span))
        return add(self, terms, node)

    def _product(self, node: syntax.Product) -> Expr:
        """A product without division; with one, it must stand under a rounding."""
        top, bottom = self._fraction(node)
        return top if bottom is None else self.wrong("T206", node, **self.scope.units.example_step())

    def _fraction(self, node: Syntax) -> Fraction:
        """A product as one numerator and one denominator; anything else is its own numerator."""
        if isinstance(node, syntax.EarlierValue) and node.how == "average":
            return earlier.average(self, node, self._asked(node), partial(self._number_as_of, node.arg))
        if not isinstance(node, syntax.Product):
            return self.number(node), None
        top, bottom = self._fraction(node.first)
        for factor, part in node.rest:
            value = self.number(part)
            if factor == "*":
                top = multiply(self, top, value, node)
            else:
                bottom = value if bottom is None else multiply(self, bottom, value, node)
        return top, bottom

    def _moved(self, day: Expr, node: syntax.Sum) -> Expr:
        for sign, term in node.rest:
            amount = self.expr(term)
            if isinstance(amount.type, ErrorType):
                return BROKEN
            whole = isinstance(amount.type, Number) and amount.type.scale == 0
            period = dates.PERIOD_OF_UNIT.get(number(amount).unit) if whole else None
            if period is None:
                return self.wrong("T213", term)
            day = dates.shifted(self, day, amount if sign == "+" else minus(amount, amount.span), period, node)
        return day

    # -- dates ----------------------------------------------------------------------------------------------------

    def _elapsed(self, node: Syntax, period: Period, start: Syntax, end: Syntax | None) -> Expr:
        first = self.day(start)
        last = self._asked(node) if end is None else self.day(end)
        if isinstance(first.type, ErrorType) or isinstance(last.type, ErrorType):
            return BROKEN
        return dates.elapsed(period, first, last, node.span)

    # -- earlier months and years ---------------------------------------------------------------------------------

    def _earlier(self, node: syntax.EarlierValue) -> Expr:
        day = self._asked(node)
        match node.how:
            case "one":
                (steps,) = earlier.steps_of(node.window)
                return self._as_of(steps).expr(node.arg)
            case "total":
                return earlier.total(self, node, day, partial(self._number_as_of, node.arg))
            case "average":
                return self.wrong("T206", node, **self.scope.units.example_step())
            case "every":
                return earlier.every(node, day, lambda steps: self._as_of(steps).truth(node.arg))

    def _asked(self, node: Syntax) -> Expr:
        return self.expr(syntax.AsOf(node.span))

    def _as_of(self, steps: tuple[AssessmentDay, ...]) -> Typer:
        return replace(self, assessed=(*self.assessed, *steps))

    def _number_as_of(self, node: Syntax, steps: tuple[AssessmentDay, ...]) -> Expr:
        return self._as_of(steps).number(node)

    # -- members --------------------------------------------------------------------------------------------------

    def _ask_for_brackets(self, args: tuple[Syntax, ...]) -> None:
        """Warn of the first 且 that stands beside 或 without brackets: readers often take them in order."""
        for arg in args:
            if isinstance(arg, syntax.And) and _bare(arg):
                self.scope.reporter.report("T228", arg.span)
                return

    def _aggregate(self, node: syntax.ListAggregate) -> Expr:
        items = aggregates.items_of(self, node.items)
        if items is None:
            return BROKEN
        inner = self._inside(items.level)
        where: Expr = TRUE if node.where is None else inner.truth(node.where)
        value = None if node.value is None else inner.expr(node.value) if node.default else inner.number(node.value)
        # what there is where no item is, is the owner's
        owner = replace(self, level=items.owner, asker=None)
        default = None if node.default is None else owner.expr(node.default)
        return aggregates.aggregate(self, node, items, (where, value, default))

    def _inside(self, level: Level) -> Typer:
        return replace(self, level=level, asker=self.level)

    # -- reporting ------------------------------------------------------------------------------------------------

    def _built(self, expr: Not | And | Or) -> Expr:
        args = (expr.arg,) if isinstance(expr, Not) else expr.args
        return BROKEN if any(isinstance(arg.type, ErrorType) for arg in args) else expr


def _bare(node: syntax.And) -> bool:
    """Whether a chain was written without brackets around it."""
    first = node.args[0].span
    return node.span is not None and first is not None and node.span.start == first.start
