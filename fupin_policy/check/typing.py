"""Syntax to CORE: resolves names, checks kinds and units, infers ranges, and proves that 64 bits suffice.

In: a syntax tree and a `Scope`. Out: a CORE expression; `BROKEN` where something was reported. Called by `program`
and `tables`. A part that is `ErrorType` is passed over in silence, so that one mistake gives one diagnostic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import assert_never

from fupin_policy.check import arithmetic, references, units
from fupin_policy.check.numbers import align, at_scale, fits, number, read_decimal, widest_fact
from fupin_policy.check.scope import BROKEN, Scope
from fupin_policy.core import possible
from fupin_policy.core.days import ALWAYS, DAY_MAX, DAY_MIN, Validity, to_day
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    And,
    AsOf,
    Cases,
    Compare,
    Const,
    DateDiff,
    Expr,
    Least,
    Level,
    Members,
    Never,
    Not,
    OneOf,
    Or,
    Period,
    Scale,
    Shift,
)
from fupin_policy.core.types import PLAIN, Code, Day, ErrorType, Number, Truth, Type, Unit
from fupin_policy.diagnostics import Span
from fupin_policy.language import split_glued, syntax
from fupin_policy.language.syntax import Syntax

TRUE = Const(possible.TRUE, Truth())
FALSE = Const(possible.FALSE, Truth())

_PERIOD_OF_UNIT = {
    units.YEAR: Period.YEARS,
    units.YEARS_OLD: Period.YEARS,
    units.MONTH: Period.MONTHS,
    units.DAY: Period.DAYS,
}
_SEEN: dict[Level, tuple[Level, ...]] = {
    "member": ("member", "household", "village"),
    "household": ("household", "village"),
}
_YEARS = (PLAIN, units.YEAR, units.YEARS_OLD)
_UNIT_OF_PERIOD = {Period.YEARS: units.YEARS_OLD, Period.MONTHS: units.MONTH, Period.DAYS: units.DAY}


@dataclass(frozen=True, slots=True)
class Typer:
    """Types expressions at one level: in the rule of a household, a member or a kind of place (`level`)."""

    scope: Scope
    level: Level
    days: tuple[Validity, ...] = (ALWAYS,)
    """On which days the rule is in force."""

    def sees(self, level: Level) -> bool:
        """Whether what is of a level can be used here: a member's rule sees its household, both see their village."""
        # a subject that there is not was reported; what it may see cannot be said
        return self.level not in self.scope.levels or level in _SEEN.get(self.level, (self.level,))

    def hidden(self, node: Syntax, name: str, level: Level) -> Expr:
        """Report that what is of a level cannot be used here."""
        return self.wrong("N112" if level == "member" else "N124", node, name=name, level=level, here=self.level)

    # -- what is wanted of an expression --------------------------------------------------------------------------

    def truth(self, node: Syntax) -> Expr:
        """The expression of a condition."""
        found = self.expr(node)
        if isinstance(found.type, Truth | ErrorType):
            return found
        return self.wrong("T201", node, **self.kinds(found=found.type))

    def number(self, node: Syntax) -> Expr:
        """The expression of a number."""
        found = self.expr(node)
        if isinstance(found.type, Number | ErrorType):
            return found
        return self.wrong("T202", node, **self.kinds(found=found.type))

    def day(self, node: Syntax) -> Expr:
        """The expression of a date."""
        found = self.expr(node)
        if isinstance(found.type, Day | ErrorType):
            return found
        return self.wrong("T212", node, **self.kinds(found=found.type))

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
            case syntax.Truth(value):
                return replace(TRUE if value else FALSE, span=node.span)
            case syntax.AsOf():
                return AsOf(Day(self.scope.covers.start, self.scope.covers.end - 1), node.span)
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
                return references.contains(self, node)
            case syntax.If(test, then, otherwise):
                return self._if(node, test, then, otherwise, code_list)
            case syntax.Negative(arg):
                return self._negative(node, self.number(arg))
            case syntax.Sum():
                return self._sum(node)
            case syntax.Product():
                return arithmetic.product(self, node)
            case syntax.Rounded(arg, mode, step):
                return arithmetic.rounded(self, arg, mode, step, node.span)
            case syntax.Extreme(greatest, args):
                return self.extreme([self.expr(arg) for arg in args], greatest, node)
            case syntax.Quantified() | syntax.MemberCount() | syntax.MemberSum() | syntax.MemberExtreme():
                return self._members(node)
            case syntax.DateDiff(period, start, end):
                return self._elapsed(node, Period(period), start, end)
            case syntax.ParameterRef(name):
                return references.parameter(self, node, name)
            case syntax.Outcome(policy):
                return references.policy(self, node, policy, "outcome")
            case syntax.Amount(policy):
                return references.policy(self, node, policy, "payable")
            case syntax.Set() | syntax.Range() | syntax.Rounding():
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
        return self.compare(node.op, left, right, node)

    def compare(self, op: str, left: Expr, right: Expr, node: Syntax) -> Expr:
        """Two values compared by one of = != < <= > >=."""
        match left.type, right.type:
            case (ErrorType(), _) | (_, ErrorType()):
                return BROKEN
            case Number(), Number():
                united = self.unite(left, right, node)
                return BROKEN if united is None else _ordered(op, *united, node.span)
            case Day(), Day():
                return _ordered(op, left, right, node.span)
            case Code(), Code() if op in ("=", "!="):
                return self._same_code(op, left, right, node)
            case Truth(), Truth() if op in ("=", "!="):
                same = _same_truth(left, right, node.span)
                return same if op == "=" else Not(same, node.span)
            case _:
                hint = _as_age(node, left.type, right.type)
                return self.wrong("T204", node, suggestion=hint, **self.kinds(left=left.type, right=right.type))

    def _pair(self, left: Syntax, right: Syntax) -> tuple[Expr, Expr]:
        """Both sides of a comparison; a bare name is looked up in the code list of the other side, if that has one."""
        if self._stranger(left):
            if self._stranger(right):
                return self.expr(left), BROKEN
            second = self.expr(right)
            if isinstance(second.type, ErrorType):
                return BROKEN, BROKEN
            return self.expr(left, _list_of(second.type)), second
        first = self.expr(left)
        if isinstance(first.type, ErrorType) and self._stranger(right):
            return BROKEN, BROKEN
        return first, self.expr(right, _list_of(first.type))

    def _stranger(self, node: Syntax) -> bool:
        """Whether a node is a name that is neither a fact nor a term: a code perhaps, or a mistake."""
        if not isinstance(node, syntax.Name | syntax.Text):
            return False
        return node.text not in self.scope.facts and node.text not in self.scope.terms

    def _same_code(self, op: str, left: Expr, right: Expr, node: Syntax) -> Expr:
        assert isinstance(left.type, Code) and isinstance(right.type, Code)
        if left.type.code_list != right.type.code_list:
            return self.wrong("T205", node, left=left.type.code_list, right=right.type.code_list)
        if isinstance(left, Const):
            left, right = right, left
        same: Expr = (
            OneOf(left, right.value, node.span) if isinstance(right, Const) else Compare("=", left, right, node.span)
        )
        return same if op == "=" else Not(same, node.span)

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
            return self._within(arg, choices, whole)
        code_list = _list_of(arg.type)
        items = [self.expr(item, code_list) for item in choices.items]
        tests = [self.compare("=", arg, item, at) for item, at in zip(items, choices.items, strict=True)]
        if any(isinstance(test.type, ErrorType) for test in tests):
            return BROKEN
        masks = [test.mask for test in tests if isinstance(test, OneOf) and test.arg == arg]
        if len(masks) == len(tests):
            return OneOf(arg, reduce(or_, masks), whole)
        return tests[0] if len(tests) == 1 else Or(tuple(tests), whole)

    def _within(self, arg: Expr, choices: syntax.Range, span: Span | None) -> Expr:
        low = None if choices.low is None else self.expr(choices.low)
        high = None if choices.high is None else self.expr(choices.high)
        tests = []
        if low is not None:
            tests.append(self.compare(">=", arg, low, choices))
        if high is not None:
            tests.append(self.compare("<" if choices.high_open else "<=", arg, high, choices))
        if any(isinstance(test.type, ErrorType) for test in tests):
            return BROKEN
        if isinstance(low, Const) and isinstance(high, Const) and _after(low, high):
            return self.wrong("R308", choices)
        tests = [replace(test, span=span) for test in tests]
        return tests[0] if len(tests) == 1 else And(tuple(tests), span)

    # -- choices --------------------------------------------------------------------------------------------------

    def _if(self, node: Syntax, test: Syntax, then: Syntax, otherwise: Syntax, code_list: str | None) -> Expr:
        tested = self.truth(test)
        first, second = self.expr(then, code_list), self.expr(otherwise, code_list)
        if isinstance(tested.type, ErrorType):
            return BROKEN
        return self.cases([(tested, first)], second, node)

    def cases(self, branches: list[tuple[Expr, Expr]], otherwise: Expr, node: Syntax | Span) -> Expr:
        """A choice among values of one kind, brought to one unit and scale."""
        values = self.alike([*(value for _, value in branches), otherwise], node)
        if values is None or any(isinstance(test.type, ErrorType) for test, _ in branches):
            return BROKEN
        tests = [test for test, _ in branches]
        last = values[-1]
        pairs = list(zip(tests, values[:-1], strict=True))
        if isinstance(last, Cases):
            pairs, last = [*pairs, *last.branches], last.otherwise
        return Cases(tuple(pairs), last, _hull([value.type for value in values]), _span(node))

    def complete(self, branches: list[tuple[Expr, Expr]], span: Span) -> Expr:
        """A choice among branches of which one always holds."""
        values = self.alike([value for _, value in branches], span)
        if values is None or any(isinstance(test.type, ErrorType) for test, _ in branches):
            return BROKEN
        pairs = tuple((test, value) for (test, _), value in zip(branches, values, strict=True))
        type_ = _hull([value.type for value in values])
        return Cases(pairs, Never(type_, span), type_, span)

    def alike(self, values: list[Expr], node: Syntax | Span) -> list[Expr] | None:
        """Values of one kind at one unit and scale; None where something was reported."""
        if any(isinstance(value.type, ErrorType) for value in values):
            return None
        first = values[0]
        for other in values[1:]:
            if type(other.type) is not type(first.type):
                self.wrong("T214", node, **self.kinds(left=first.type, right=other.type))
                return None
            if isinstance(first.type, Code) and first.type != other.type:
                self.wrong("T205", node, left=first.type.code_list, right=_list_of(other.type))
                return None
        if not isinstance(first.type, Number):
            return values
        return self._same_unit(values, node)

    def _same_unit(self, values: list[Expr], node: Syntax | Span) -> list[Expr] | None:
        unit = next((number(v).unit for v in values if number(v).unit != PLAIN), PLAIN)
        fitted = [self.fit(value, unit) for value in values]
        for value in fitted:
            if not units.same(number(value).unit, unit):
                self._units_differ(unit, number(value).unit, node)
                return None
        scale = max(number(value).scale for value in fitted)
        scaled = [self.bounded(at_scale(value, scale)) for value in fitted]
        return None if any(isinstance(value.type, ErrorType) for value in scaled) else scaled

    def _units_differ(self, left: Unit, right: Unit, node: Syntax | Span) -> None:
        money = self.scope.units.money
        if money is not None and PLAIN in (left, right) and self.scope.units.amount_unit in (left, right):
            words = self.scope.units.senses[money].words
            self.wrong("T217", node, example=f"3000{words.zh}")
        else:
            self.wrong("T203", node, left=self.unit_word(left), right=self.unit_word(right))

    def unite(self, left: Expr, right: Expr, node: Syntax | Span) -> tuple[Expr, Expr] | None:
        """Two numbers at one unit and scale; None where something was reported."""
        values = self._same_unit([left, right], node)
        return None if values is None else (values[0], values[1])

    def fit(self, value: Expr, unit: Unit) -> Expr:
        """A number without a unit as one of `unit`: an age or a count may be written bare, and so may any zero."""
        type_ = number(value)
        if type_.unit != PLAIN or not isinstance(value, Const) or unit == PLAIN:
            return value
        if value.value == 0 or units.takes_bare_numbers(unit):
            return replace(value, type=replace(type_, unit=unit))
        return value

    def extreme(self, args: list[Expr], greatest: bool, node: Syntax | Span) -> Expr:
        """The least or greatest of numbers, or of days."""
        for arg in args:
            if not isinstance(arg.type, Number | Day | ErrorType):
                return self.wrong("T202", arg.span or node, **self.kinds(found=arg.type))
        values = self.alike(args, node)
        if values is None:
            return BROKEN
        low, high = possible.extreme([_bounds(value.type) for value in values], greatest)
        return Least(tuple(values), greatest, _with_bounds(values[0].type, low, high), _span(node))

    # -- arithmetic -----------------------------------------------------------------------------------------------

    def _negative(self, node: syntax.Negative, arg: Expr) -> Expr:
        return arg if isinstance(arg.type, ErrorType) else self.bounded(_minus(arg, node.span))

    def _sum(self, node: syntax.Sum) -> Expr:
        first = self.expr(node.first)
        if isinstance(first.type, Day):
            return self._moved(first, node)
        if not isinstance(first.type, Number | ErrorType):
            first = self.wrong("T202", node.first, **self.kinds(found=first.type))
        terms: list[Expr] = [first]
        for sign, term in node.rest:
            value = self.number(term)
            terms.append(value if sign == "+" or isinstance(value.type, ErrorType) else _minus(value, value.span))
        return self.add(terms, node)

    def add(self, terms: list[Expr], node: Syntax | Span) -> Expr:
        """The sum of numbers of one unit."""
        if any(isinstance(term.type, ErrorType) for term in terms):
            return BROKEN
        values = self._same_unit(terms, node)
        if values is None:
            return BROKEN
        types = [number(value) for value in values]
        total = replace(types[0], low=sum(t.low for t in types), high=sum(t.high for t in types))
        partial = replace(total, low=sum(min(0, t.low) for t in types), high=sum(max(0, t.high) for t in types))
        built = Add(tuple(values), total, _span(node))
        return built if fits(partial) else self.too_wide(built)

    def _moved(self, day: Expr, node: syntax.Sum) -> Expr:
        for sign, term in node.rest:
            amount = self.expr(term)
            if isinstance(amount.type, ErrorType):
                return BROKEN
            whole = isinstance(amount.type, Number) and amount.type.scale == 0
            period = _PERIOD_OF_UNIT.get(number(amount).unit) if whole else None
            if period is None:
                return self.wrong("T213", term)
            amount = amount if sign == "+" else _minus(amount, amount.span)
            type_ = _moved_type(day.type, number(amount), period)
            if type_ is None:
                return self.wrong("R302", node)
            day = Shift(day, amount, period, type_, node.span)
        return day

    # -- dates ----------------------------------------------------------------------------------------------------

    def _elapsed(self, node: Syntax, period: Period, start: Syntax, end: Syntax | None) -> Expr:
        first = self.day(start)
        last = self.expr(syntax.AsOf(node.span)) if end is None else self.day(end)
        if isinstance(first.type, ErrorType) or isinstance(last.type, ErrorType):
            return BROKEN
        low, high = possible.date_diff(period, _bounds(first.type), _bounds(last.type))
        return DateDiff(period, first, last, Number(_UNIT_OF_PERIOD[period], 0, low, high), node.span)

    # -- members --------------------------------------------------------------------------------------------------

    def _ask_for_brackets(self, args: tuple[Syntax, ...]) -> None:
        """Warn of the first 且 that stands beside 或 without brackets: readers often take them in order."""
        for arg in args:
            if isinstance(arg, syntax.And) and _bare(arg):
                self.scope.reporter.report("T228", arg.span)
                return

    def _members(self, node: syntax.Quantified | syntax.MemberCount | syntax.MemberSum | syntax.MemberExtreme) -> Expr:
        inner = Typer(self.scope, "member")
        where: Expr = TRUE if node.where is None else inner.truth(node.where)
        if isinstance(where.type, ErrorType):
            return BROKEN
        most, span = self.scope.max_members, node.span
        match node:
            case syntax.Quantified(kind):
                test = Not(where, span) if kind == "all" else where
                found = Members(Aggregate.ANY, test, None, None, Truth(), span)
                return found if kind == "any" else Not(found, span)
            case syntax.MemberCount():
                least = self.scope.min_members if node.where is None else 0
                return Members(Aggregate.COUNT, where, None, None, Number(units.PERSON, 0, least, most), span)
            case syntax.MemberSum():
                value = inner.number(node.value)
                if isinstance(value.type, ErrorType):
                    return BROKEN
                type_ = number(value)
                type_ = replace(type_, low=most * min(0, type_.low), high=most * max(0, type_.high))
                return self.bounded(Members(Aggregate.SUM, where, value, None, type_, span))
            case syntax.MemberExtreme():
                return self._member_extreme(node, where, inner)

    def _member_extreme(self, node: syntax.MemberExtreme, where: Expr, inner: Typer) -> Expr:
        shared = Typer(self.scope, "household")
        values = [inner.expr(node.value), shared.expr(node.default)]
        united = self.extreme(values, node.greatest, node)
        if not isinstance(united, Least):
            return BROKEN
        value, default = united.args
        aggregate = Aggregate.MAX if node.greatest else Aggregate.MIN
        return Members(aggregate, where, value, default, _hull([value.type, default.type]), node.span)

    # -- reporting ------------------------------------------------------------------------------------------------

    def wrong(self, code: str, node: Syntax | Span, *, suggestion: str | None = None, **words: object) -> Expr:
        """Report a fault at a node; the result is silent about what follows from it."""
        self.scope.reporter.report(code, _span(node), suggestion=suggestion, **words)
        return BROKEN

    def bounded(self, expr: Expr) -> Expr:
        """The expression, if 64 bits hold all that it can be; otherwise a report that names the fact to tighten."""
        return expr if fits(expr.type) else self.too_wide(expr)

    def too_wide(self, expr: Expr) -> Expr:
        """Report that a value may leave 64 bits."""
        cause, span = widest_fact(expr), expr.span
        fact = None if cause is None else self.scope.facts.get(cause)
        return BROKEN if span is None else self.wrong("R301", span, fact=span.text if fact is None else fact.label)

    def kinds(self, **types: Type) -> dict[str, str]:
        """Words for types in both languages: `found=…` gives `found` and `found_en`."""
        found: dict[str, str] = {}
        for key, type_ in types.items():
            found[key], found[f"{key}_en"] = self._kind(type_)
        return found

    def unit_word(self, unit: Unit) -> str:
        """A unit as people write it."""
        return arithmetic.unit_word(self.scope.units, unit)

    def _kind(self, type_: Type) -> tuple[str, str]:
        match type_:
            case Truth():
                return "是否", "a truth value"
            case Number(unit):
                return f"数字（{self.unit_word(unit)}）", f"a number ({self.unit_word(unit)})"
            case Day():
                return "日期", "a date"
            case Code(code_list):
                return f"代码（{code_list}）", f"a code of {code_list}"
            case ErrorType():
                return "?", "?"

    def _built(self, expr: Not | And | Or) -> Expr:
        args = (expr.arg,) if isinstance(expr, Not) else expr.args
        return BROKEN if any(isinstance(arg.type, ErrorType) for arg in args) else expr


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


def _minus(arg: Expr, span: Span | None) -> Expr:
    type_ = number(arg)
    flipped = replace(type_, low=-type_.high, high=-type_.low)
    return Const(-arg.value, flipped, span) if isinstance(arg, Const) else Scale(arg, -1, flipped, span)


def _list_of(type_: Type) -> str | None:
    return type_.code_list if isinstance(type_, Code) else None


def _bounds(type_: Type) -> tuple[int, int]:
    if not isinstance(type_, Number | Day):
        raise AssertionError(type_)
    return type_.low, type_.high


def _with_bounds(type_: Type, low: int, high: int) -> Type:
    if not isinstance(type_, Number | Day):
        raise AssertionError(type_)
    return replace(type_, low=low, high=high)


def _hull(types: list[Type]) -> Type:
    """The type that holds all values of types that are alike."""
    if not isinstance(types[0], Number | Day):
        return types[0]
    bounds = [_bounds(type_) for type_ in types]
    return _with_bounds(types[0], min(low for low, _ in bounds), max(high for _, high in bounds))


def _bare(node: syntax.And) -> bool:
    """Whether a chain was written without brackets around it."""
    first = node.args[0].span
    return node.span is not None and first is not None and node.span.start == first.start


def _after(low: Const, high: Const) -> bool:
    if isinstance(low.type, Number) and isinstance(high.type, Number):
        first, second = align(low, high)
        return number(first).low > number(second).low
    return low.value > high.value


def _moved_type(day: Type, amount: Number, period: Period) -> Day | None:
    low, high = _bounds(day)
    try:
        moved = possible.shift((low, high), (amount.low, amount.high), period)
    except (ValueError, OverflowError):
        return None
    return Day(*moved) if moved[0] >= DAY_MIN and moved[1] <= DAY_MAX else None


def _span(node: Syntax | Span) -> Span | None:
    return node if isinstance(node, Span) else node.span
