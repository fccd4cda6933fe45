"""CORE in words: expressions and values as people read them, in Chinese or English.

In: an expression or a value, and the `Program` that names what is in it. Out: one line of text. Called by
`explanation`, the documentation and editors. No evaluator depends on it, and no number passes through a float.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import assert_never

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual, pick, plain
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
    And,
    AsOf,
    Calendar,
    Cases,
    Clamp,
    Compare,
    Const,
    DateDiff,
    Divide,
    Expr,
    Fact,
    Gather,
    Items,
    Max,
    Min,
    Multiply,
    Never,
    Not,
    OneOf,
    Or,
    Parameter,
    Period,
    Ref,
    Scale,
    Shift,
    Unknown,
)
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.possible import Value
from fupin_policy.core.program import Definition, Program, as_of_days, unit_text
from fupin_policy.core.types import PLAIN, Code, Day, ErrorType, Number, Truth, Type, Unit
from fupin_policy.diagnostics import Lang
from fupin_policy.prose import wording
from fupin_policy.prose.aggregates import AggregateParts, aggregate_text, contrary_text
from fupin_policy.prose.dates import calendar_words, date_text, shift_words, window_words
from fupin_policy.prose.ratios import NumberForm, factor_of, fraction_text, power, scale_of, stepped, stripped

# How tightly each construction binds: an operand that binds less than its place asks for is put in parentheses.
ANYTHING, OR, AND, NOT, COMPARISON, VALUE, TOTAL, TERM, FACTOR, ATOM = range(10)
_PLURALS = {one.en for one in wording.UNITS.values()}


def say(expr: Expr, program: Program, lang: Lang) -> str:
    """An expression in words."""
    return Speaker(program, lang).say(expr)


def turned(expr: Compare) -> bool:
    """Whether a comparison is said from its right side: the fact comes before the figure, else it is as was written."""
    left, right = (isinstance(one, Const | Parameter | Unknown) for one in (expr.left, expr.right))
    if left or right or expr.op == "=":
        return left and not isinstance(expr.right, Const)
    one, other = expr.left.span, expr.right.span
    return one is not None and other is not None and one.source == other.source and other.start < one.start


def show_value(type_: Type, value: Value, program: Program, lang: Lang) -> str:
    """A possible value in words: exact, partial (`80.00–200.00 元`, `一级或二级`), or 未知 / unknown."""
    return Speaker(program, lang).shown(type_, value)


class Speaker:
    """A program and a language. Whoever says much of one program keeps its speaker, which looks names up once."""

    def __init__(self, program: Program, lang: Lang) -> None:
        self._program = program
        self._lang: Lang = lang
        own = program.unit_labels
        self._units = {**wording.UNITS, **own} if lang == "zh" else {**own, **wording.UNITS}

    def say(self, expr: Expr, place: int = ANYTHING) -> str:
        """A node as text, in parentheses where it binds less tightly than its place asks for."""
        text, binding = self._text(expr)
        return f"({text})" if binding < place else text

    def shown(self, type_: Type, value: Value) -> str:
        """A possible value in words, as `show_value` says."""
        match type_, value:
            case Truth(), int():
                return pick(wording.TRUTHS[value], self._lang)
            case ErrorType(), _:
                return "?"
            case _ if not possible.is_singleton(type_, value) and value == possible.top(type_):
                return pick(wording.TRUTHS[possible.UNKNOWN], self._lang)
            case Number(), (low, high):
                return self.interval(type_, low, high)
            case Day(), (low, high):
                first, last = date_text(low), date_text(high)
                return first if first == last else self._pick(f"{first} 至 {last}", f"{first} to {last}")
            case Code(), int():
                return wording.alternatives(self.codes(type_, value), self._lang)
            case _:
                raise AssertionError(type_, value)

    def interval(self, type_: Number, low: int, high: int) -> str:
        """A number, or the least and greatest that it may be, with its unit."""
        return self.number_form(type_).text(low, high)

    def number_form(self, type_: Number) -> NumberForm:
        """How the numbers of a type are written."""
        share = type_.unit == PLAIN and type_.scale >= 2 and max(abs(type_.low), abs(type_.high)) <= 10**type_.scale
        scale = type_.scale - 2 if share else type_.scale
        unit = "%" if share else self._unit(type_.unit)
        # one of what is counted: the words of these units are plurals
        alone = unit.removesuffix("s") if self._lang == "en" and unit.strip() in _PLURALS else unit
        return NumberForm(scale, 0 if type_.unit == PLAIN else min(scale, self._program.decimals), unit, alone)

    def codes(self, type_: Code, mask: int) -> list[str]:
        """The words for each code of a mask."""
        known = self._program.code_lists.get(type_.code_list)
        codes = () if known is None else known.codes
        bits = [i for i in range(mask.bit_length()) if mask >> i & 1]
        return [pick(codes[i].words, self._lang) if i < len(codes) else str(i) for i in bits]

    @cached_property
    def _facts(self) -> Mapping[str, FactDecl]:
        return {fact.name: fact for fact in self._program.facts}

    @cached_property
    def _titles(self) -> Mapping[tuple[bool, str], Bilingual]:
        policies = {(False, policy.id): policy.title for policy in self._program.policies}
        return policies | {(True, group.id): group.title for group in self._program.groups}

    @cached_property
    def _definitions(self) -> Mapping[DefinitionId, Definition]:
        return {definition.id: definition for definition in self._program.definitions}

    def _pick(self, zh: str, en: str) -> str:
        return zh if self._lang == "zh" else en

    def _words(self, words: Bilingual) -> str:
        return words.zh if self._lang == "zh" else plain(words.en)

    def _unit(self, unit: Unit) -> str:
        return f" {plain(unit_text(unit, self._units, self._lang))}" if unit else ""

    def _text(self, expr: Expr) -> tuple[str, int]:
        match expr:
            case Const() | Fact() | Parameter() | Unknown() | Never() | Ref() | AsOf():
                return self._leaf(expr), ATOM
            case Not(arg):
                return self._contrary(arg)
            case And(args):
                return self._joined(args, self._pick("且", "and"), AND)
            case Or(args):
                return self._joined(args, self._pick("或", "or"), OR)
            case Compare() | OneOf():
                return self._test(expr, True), COMPARISON
            case Add() | Scale() | Multiply() | Divide():
                return self._arithmetic(expr)
            case Min(args):
                return f"{self._pick('较小', 'the lesser of ')}({self._list(args)})", ATOM
            case Max(args):
                return f"{self._pick('较大', 'the greater of ')}({self._list(args)})", ATOM
            case Clamp(arg):
                return self._text(arg)
            case Cases():
                return self._cases(expr)
            case Gather(aggregate, rows, default):
                kept = wording.LATEST if isinstance(expr.type, Day) else wording.KEPT[aggregate]
                return f"{pick(kept, self._lang)}({self._rows(rows, default)})", ATOM
            case Items():
                return aggregate_text(expr, self._parts(expr, expr.where), self._lang), ATOM
            case DateDiff(period, start, end):
                return self._elapsed(period, start, end), ATOM
            case Shift():
                found = shift_words(expr)
                return (self._shift(expr), TOTAL) if found is None else self._placed(*found)
            case Calendar():
                return self._placed(*calendar_words(expr))
            case _:
                assert_never(expr)

    # -- names and values -----------------------------------------------------------------------------------------

    def _leaf(self, expr: Const | Fact | Parameter | Unknown | Never | Ref | AsOf) -> str:
        match expr:
            case Const(value, type_):
                given = value if isinstance(type_, Truth | Code | ErrorType) else (value, value)
                return self.shown(type_, given)
            case Fact(name):
                return self._outer(expr, self._fact(name))
            case Parameter(name, key):
                return self._parameter(name) if key is None else f"{self._parameter(name)}[{self._key(name, key)}]"
            case Never():
                return self._pick("（无）", "(nothing)")
            case Unknown(name):
                return self._parameter(name) + wording.without_value(self._program.parameters.get(name), self._lang)
            case Ref(definition):
                return self._outer(expr, self._definition(definition))
            case AsOf():
                return self._pick("基准日", "the date asked for")
            case _:
                assert_never(expr)

    def _fact(self, name: InputId) -> str:
        base, code = name
        found = self._facts.get(base)
        label = self._pick(base, plain(base)) if found is None else pick(found.words, self._lang)
        if not code:
            return label
        type_ = None if found is None else found.type
        known = self._program.code_lists.get(type_.code_list) if isinstance(type_, Code) else None
        item = next((item for item in known.codes if item.name == code), None) if known else None
        word = plain(code) if item is None else pick(item.words, self._lang)
        return f"{label} {self._pick('包含', 'contains')} {word}"

    def _parameter(self, name: str) -> str:
        found = self._program.parameters.get(name)
        return self._pick(name, plain(name)) if found is None else pick(found.words, self._lang)

    def _key(self, name: str, index: int) -> str:
        """What a row of a parameter is for, or the bracket of a scale."""
        found = self._program.parameters.get(name)
        said = () if found is None else found.rows
        return pick(said[index], self._lang) if index < len(said) else str(index)

    def _definition(self, definition: DefinitionId) -> str:
        kind, name, days, _ = definition
        if kind in wording.POLICY_PARTS:
            owner = kind == "together", name
            title = pick(self._titles[owner], self._lang) if owner in self._titles else name
            return pick(as_of_days(wording.POLICY_PARTS[kind], days), self._lang).format(title)
        found = self._definitions.get(definition.whole)
        if found is None or found.use is None:
            return name if found is None else self._words(found.name)
        arg, scale = self.say(found.use.arg), self._parameter(found.use.parameter)
        return pick(wording.BRACKETED[found.use.how], self._lang).format(arg=arg, scale=scale)

    # -- conditions -----------------------------------------------------------------------------------------------

    def _joined(self, args: tuple[Expr, ...], word: str, binding: int) -> tuple[str, int]:
        if len(args) == 1:
            return self._text(args[0])
        return f" {word} ".join(self.say(arg, binding + 1) for arg in args), binding

    def _contrary(self, arg: Expr) -> tuple[str, int]:
        match arg:
            case Not(inner):
                return self._text(inner)
            case Compare() | OneOf():
                return self._test(arg, False), COMPARISON
            case Items(Aggregate.ANY, where):
                inner = where.arg if isinstance(where, Not) else where
                return contrary_text(arg, self._parts(arg, inner), self._lang), ATOM
            case _:
                return f"{self._pick('非', 'not')} {self.say(arg, NOT)}", NOT

    def _test(self, expr: Compare | OneOf, holds: bool) -> str:
        if isinstance(expr, OneOf):
            return self._one_of(expr, holds)
        if (window := window_words(expr, holds)) is not None:
            return self._placed(*window)[0]
        op, left, right = str(expr.op), expr.left, expr.right
        if turned(expr):
            op, left, right = wording.FLIPPED[op], right, left
        words = (wording.NUMBERS if isinstance(left.type, Number) else wording.DAYS)[
            op if holds else wording.CONTRARY[op]
        ]
        return self._sentence(self.say(left, VALUE), words, self.say(right, VALUE))

    def _sentence(self, subject: str, words: Bilingual, rest: str) -> str:
        """`年龄不小于 60 岁`: Chinese has a blank only beside figures and Latin letters."""
        if self._lang == "en":
            return f"{subject} {words.en} {rest}"
        return f"{subject}{wording.blank_beside(subject[-1:])}{words.zh}{wording.blank_beside(rest[:1])}{rest}"

    def _one_of(self, expr: OneOf, holds: bool) -> str:
        arg, type_ = self.say(expr.arg, VALUE), expr.arg.type
        codes = self.codes(type_, expr.mask) if isinstance(type_, Code) else [str(expr.mask)]
        if self._lang == "en":  # `is not "not disabled"`
            codes = [f'"{code}"' for code in codes]
        if len(codes) == 1:
            return self._sentence(arg, wording.DAYS["=" if holds else "≠"], codes[0])
        if holds:
            return self._sentence(arg, wording.DAYS["="], wording.alternatives(codes, self._lang))
        if self._lang == "en":
            return f"{arg} is none of {', '.join(codes)}"
        return f"{arg}不在{'、'.join(codes)}之列"

    def _cases(self, expr: Cases) -> tuple[str, int]:
        values = [value for _, value in expr.branches]
        values += [] if isinstance(expr.otherwise, Never) else [expr.otherwise]
        looked_up = {value.name for value in values if isinstance(value, Parameter)}
        if len(looked_up) == 1 and all(isinstance(value, Parameter) for value in values):
            return self._parameter(looked_up.pop()), ATOM
        if len(expr.branches) == 1 and expr.otherwise == Not(expr.branches[0][1]):
            first, second = expr.branches[0]
            one, other = self.say(first, VALUE), self.say(second, VALUE)
            return self._pick(f"{one}与{other}一致", f"{one} is as {other}"), COMPARISON
        return self._rows(expr.branches, expr.otherwise), ANYTHING

    def _rows(self, rows: tuple[tuple[Expr, Expr], ...], rest: Expr) -> str:
        """Values with their conditions."""
        asked, then, otherwise, comma = self._pick("若|则|否则|，", "if|then|else|, ").split("|")
        parts = [f"{asked} {self.say(test)} {then} {self.say(value, OR)}" for test, value in rows]
        return comma.join(parts if isinstance(rest, Never) else [*parts, f"{otherwise} {self.say(rest, OR)}"])

    def _parts(self, expr: Items, where: Expr) -> AggregateParts:
        """What stands in an aggregate, as texts, and what its list is called."""
        value, default = (None if one is None else self.say(one) for one in (expr.value, expr.default))
        called = next((one.words for one in self._program.lists if one.name == expr.list), None)
        return AggregateParts(self.say(where), value, default, called)

    def _outer(self, expr: Fact | Ref, said: str) -> str:
        """What is of the item for which an aggregate is asked."""
        return self._pick(f"本项的{said}", f"{said} of this one") if expr.outer else said

    # -- numbers and dates ----------------------------------------------------------------------------------------

    def _list(self, args: tuple[Expr, ...]) -> str:
        return self._pick("，", ", ").join(self.say(arg) for arg in args)

    def _arithmetic(self, expr: Add | Scale | Multiply | Divide) -> tuple[str, int]:
        match expr:
            case Add(args):
                return self._sum(args)
            case Multiply(left, right):
                return f"{self.say(left, TERM)} × {self.say(right, FACTOR)}", TERM
            case Scale(Divide() as inner, factor) if factor > 1 and scale_of(inner) == scale_of(expr):
                return self._rounded(inner, factor)
            case Scale(arg):
                return self._scaled(arg, factor_of(expr))
            case Divide():
                return self._rounded(expr, 1)
            case _:
                assert_never(expr)

    def _sum(self, args: tuple[Expr, ...]) -> tuple[str, int]:
        if len(args) == 1:
            return self._text(args[0])
        text = self.say(args[0], TERM)
        for arg in args[1:]:
            said = self.say(arg, TERM)
            text += f" - {said[1:]}" if said.startswith("-") else f" + {said}"
        return text, TOTAL

    def _scaled(self, arg: Expr, factor: Fraction) -> tuple[str, int]:
        """An alignment of scales is not seen; a minus is one; anything else is a product."""
        if factor == 1:
            return self._text(arg)
        if factor == -1:
            return f"-{self.say(arg, FACTOR)}", TERM
        return f"{fraction_text(factor)} × {self.say(arg, FACTOR)}", TERM

    def _rounded(self, node: Divide, size: int) -> tuple[str, int]:
        """A quotient in steps of `size`. The integers are aligned for the division; what is said is the true ratio."""
        (top, above), (bottom, below) = stripped(node.left), stripped(node.right)
        aligned = scale_of(node.left) - scale_of(node.right) - scale_of(node)
        ratio = above * size / below * power(aligned)
        step = self.interval(stepped(node.type, size), size, size)
        said = self._quotient(top, bottom, ratio)
        return f"{said} {pick(wording.ROUNDINGS[node.rounding], self._lang)} {step}", VALUE

    def _quotient(self, top: Expr, bottom: Expr, ratio: Fraction) -> str:
        if isinstance(bottom, Const) and bottom.value:
            divisor = Fraction(bottom.value, 10 ** scale_of(bottom)) / ratio
            if divisor == 1:
                return self.say(top, TOTAL)
            unit = bottom.type.unit if isinstance(bottom.type, Number) else PLAIN
            return f"{self.say(top, TERM)} ÷ {fraction_text(divisor)}{self._unit(unit)}"
        times = "" if ratio == 1 else f" × {fraction_text(ratio)}"
        return f"{self.say(top, TERM)}{times} ÷ {self.say(bottom, FACTOR)}"

    def _elapsed(self, period: Period, start: Expr, end: Expr) -> str:
        name, asked = pick(wording.ELAPSED[period], self._lang), isinstance(end, AsOf)
        if self._lang == "zh":
            return f"{name}({self.say(start)})" if asked else f"{name}({self.say(start)}，{self.say(end)})"
        tail = f"since {self.say(start, ATOM)}" if asked else f"from {self.say(start, ATOM)} to {self.say(end, ATOM)}"
        return f"({name} {tail})"

    def _placed(self, words: Bilingual, arg: Expr) -> tuple[str, int]:
        return pick(words, self._lang).format(arg=self.say(arg, ANYTHING if self._lang == "zh" else ATOM)), ATOM

    def _shift(self, expr: Shift) -> str:
        words = pick(wording.PERIODS[expr.period], self._lang)
        if isinstance(expr.amount, Const):
            sign, amount = ("-", -expr.amount.value) if expr.amount.value < 0 else ("+", expr.amount.value)
            return f"{self.say(expr.arg, TOTAL)} {sign} {amount} {words}"
        return f"{self.say(expr.arg, TOTAL)} + {self.say(expr.amount, TERM)}"
