"""An expression, where it stands in its file, as a syntax tree.

In: a span and a reporter. Out: the tree, with positions in the file, or None and a diagnostic.
Called by the checker, once for every expression, table cell and rounding of a ruleset.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, Literal

from lark import Lark, TextSlice, Token, Transformer_NonRecursive
from lark.exceptions import UnexpectedInput
from lark.tree import Meta

from fupin_policy.diagnostics import Reporter, Span
from fupin_policy.language import syntax as s
from fupin_policy.language import syntax_errors
from fupin_policy.language.keywords import grammar_text
from fupin_policy.language.windows import window_of

Start = Literal["expression", "cell", "rounding_spec"]

MAX_DEPTH = 60
MAX_CHARACTERS = 20_000
MAX_TOKENS = 2_000

# Full-width signs as their half-width twins; used on signs, numbers and dates, never on names.
HALF_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0xFFE5: "¥", 0xFFE1: "£", 0x2212: "-"}

_ROUGH_TOKEN = re.compile(r'"[^"\r\n]*"|“[^”\r\n]*”|#[^\n]*|[(（{｛]|[)）}｝]|\w+|[^\s\w]')
_CLOSERS = {"(": ")", "{": "}"}
_COMPARISONS: dict[str, s.Operator] = {
    "=": "=", "==": "=", "≠": "!=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", "≤": "<=", "≦": "<=",
    ">": ">", ">=": ">=", "≥": ">=", "≧": ">=",
    "低于": "<", "少于": "<", "小于": "<", "不足": "<", "高于": ">", "超过": ">", "多于": ">", "大于": ">",
    "不低于": ">=", "不少于": ">=", "不小于": ">=", "大于等于": ">=", "大于或等于": ">=",
    "不高于": "<=", "不超过": "<=", "不多于": "<=", "不大于": "<=", "小于等于": "<=", "小于或等于": "<=",
    "等于": "=", "不等于": "!=",
}  # fmt: skip
_FACTORS: dict[str, s.MultiplicativeOperator] = {"TIMES": "*", "OVER": "/"}
_SIGNS: dict[str, s.AdditiveOperator] = {"PLUS": "+", "MINUS": "-"}
_ROUNDINGS: dict[str, s.Mode] = {"HALF_UP": "half_up", "DOWN": "down", "UP": "up"}
_QUANTIFIERS: dict[str, s.Quantifier] = {"ANY_MEMBER": "any", "ALL_MEMBERS": "all", "NO_MEMBER": "none"}
_FREQUENCY = re.compile(r"(\w*?)(?:每个?(?:人|户)?(?:年|学期|季度|季|月|天|日)|[一/]个?(?:年|月|天))$")
_AGGREGATES: dict[str, s.ListWord] = {
    "MEMBER_COUNT": "count", "MEMBER_SUM": "sum", "MEMBER_MIN": "least", "MEMBER_MAX": "greatest",
    "EXISTS": "any", "COUNT": "count", "TOTAL": "sum", "LEAST": "least", "GREATEST": "greatest",
}  # fmt: skip
_AGGREGATE_RULES = (
    "member_count", "member_sum", "member_extreme", "list_any", "list_count", "list_sum", "list_extreme",
)  # fmt: skip
_PERIODS: dict[str, s.PeriodWord] = {"YEARS": "years", "MONTHS": "months", "DAYS": "days"}
CALENDAR: dict[str, s.CalendarWord] = {
    "YEAR_OF": "year", "MONTH_OF": "month", "START_OF_MONTH": "start_of_month", "END_OF_MONTH": "end_of_month",
    "START_OF_QUARTER": "start_of_quarter", "END_OF_QUARTER": "end_of_quarter",
    "START_OF_YEAR": "start_of_year", "END_OF_YEAR": "end_of_year",
}  # fmt: skip
ANNIVERSARIES: dict[str, s.AnniversaryWord] = {"LAST": "last", "NEXT": "next"}
BRACKETED: dict[str, s.BracketWord] = {"SLICES": "slices", "PICK": "pick"}
_OVER: dict[str, s.EarlierWord] = {
    "TOTAL": "total", "AVERAGE": "average", "EVERY_MONTH": "every", "EVERY_YEAR": "every",
}  # fmt: skip
_COMMON_YEAR = 2001


@cache
def lark() -> Lark:
    """The parser, built once from the grammar."""
    text = grammar_text("expression") + "\n" + grammar_text("keywords")
    starts = ["expression", "cell", "rounding_spec"]
    return Lark(text, parser="lalr", lexer="basic", start=starts, keep_all_tokens=True, maybe_placeholders=False)


def parse(
    span: Span, reporter: Reporter, start: Start = "expression", known: Collection[str] = frozenset()
) -> s.Syntax | None:
    """The tree of the text that a span covers, or None after reporting the one thing that is wrong with it.

    `known` are the words that a suggestion leaves whole.
    """
    if not _looks_sound(span, reporter):
        return None
    try:
        # cut out, because of a slice Lark counts the lines from the beginning of the file, for each expression anew
        parsed = lark().parse(span.text, start=start)
    except UnexpectedInput:
        _explain(span, reporter, start, known)
        return None
    builder = _Builder(span, reporter)
    tree: s.Syntax = builder.transform(parsed)
    if _depth(tree) > MAX_DEPTH:
        reporter.report("S010", span, limit=MAX_DEPTH)
        return None
    odd = [node for node in s.walk(tree) if isinstance(node, s.Quantity) and re.match(r"0\d", node.number)]
    for node in odd:
        reporter.report("S013", node.span, found="" if node.span is None else node.span.text)
    return None if builder.faulty or odd else tree


def _depth(tree: s.Syntax) -> int:
    """How many levels a tree has; needs no recursion."""
    levels = 0
    level: list[s.Syntax] = [tree]
    while level:
        levels += 1
        level = [child for node in level for child in s.children(node)]
    return levels


def _explain(span: Span, reporter: Reporter, start: Start, known: Collection[str]) -> None:
    """Report what is wrong with a text that cannot be parsed, at its place in the file."""
    stretch = TextSlice(span.source.text, span.start, span.end)
    try:
        lark().parse(stretch, start=start)
    except UnexpectedInput as error:
        syntax_errors.explain(error, list(_tokens_before(stretch, error)), span, known, reporter)


def _tokens_before(stretch: TextSlice[str], error: UnexpectedInput) -> list[Token]:
    tokens: list[Token] = []
    try:
        for token in lark().lex(stretch):
            if (token.start_pos or 0) >= (error.pos_in_stream or 0) and getattr(error, "token", token).type != "$END":
                break
            tokens.append(token)
    except UnexpectedInput:
        pass
    return tokens


def _looks_sound(span: Span, reporter: Reporter) -> bool:
    """Length, number of tokens, nesting and brackets, before any parsing."""
    if span.end - span.start > MAX_CHARACTERS:
        reporter.report("S011", span, limit=MAX_CHARACTERS)
        return False
    tokens = 0
    opened: list[Span] = []
    for match in _ROUGH_TOKEN.finditer(span.source.text, span.start, span.end):
        sign = match.group().translate(HALF_WIDTH)
        if sign.startswith("#"):
            continue
        tokens += 1
        here = Span(span.source, match.start(), match.end())
        if sign in _CLOSERS:
            opened.append(here)
        elif sign in (")", "}") and not _closes(here, sign, opened, reporter):
            return False
        if tokens > MAX_TOKENS or len(opened) > MAX_DEPTH:
            _report_size(span, len(opened), reporter)
            return False
    if tokens == 0:
        reporter.report("S001", span)
    elif opened:
        reporter.report("S007", opened[-1], found=opened[-1].text)
    return tokens > 0 and not opened


def _report_size(span: Span, nesting: int, reporter: Reporter) -> None:
    if nesting > MAX_DEPTH:
        reporter.report("S010", span, limit=MAX_DEPTH)
    else:
        reporter.report("S014", span, limit=MAX_TOKENS)


def _closes(here: Span, sign: str, opened: list[Span], reporter: Reporter) -> bool:
    """Whether a closing bracket fits the one that is open; takes that one away."""
    if not opened:
        reporter.report("S008", here, found=here.text)
        return False
    opener = opened.pop()
    if _CLOSERS[opener.text.translate(HALF_WIDTH)] != sign:
        reporter.report("S009", here, opened=opener.text, found=here.text)
        return False
    return True


class _Builder(Transformer_NonRecursive[Token, s.Syntax]):
    """Lark's tree to ours, from the leaves up; BUILDERS has a line for each rule."""

    def __init__(self, span: Span, reporter: Reporter) -> None:
        super().__init__()
        self._source = span.source
        self._first = span.start
        self._reporter = reporter
        self.faulty = False

    def __default__(self, data: str, children: list[Any], meta: Meta) -> Any:
        span = Span(self._source, self._start(children[0]), self._end(children[-1]))
        if data == "group":  # what is in parentheses begins and ends with them
            return replace(children[1], span=span)
        try:
            return BUILDERS[data](children, span)
        except _Refused as refused:
            self.faulty = True
            place = refused.span or span
            self._reporter.report(
                refused.code, place, suggestion=refused.suggestion, **(refused.words or {"found": place.text})
            )
            return s.TruthLiteral(False, span)

    def _start(self, child: Any) -> int:
        """Where a token (of the text cut out) or a node begins in the file."""
        return int(self._first + (child.start_pos or 0) if isinstance(child, Token) else child.span.start)

    def _end(self, child: Any) -> int:
        return int(self._first + (child.end_pos or 0) if isinstance(child, Token) else child.span.end)


class _Refused(Exception):
    """A token that is well formed and still says nothing: a date that is not in the calendar."""

    def __init__(self, code: str, span: Span | None = None, suggestion: str | None = None, **words: object) -> None:
        super().__init__(code)
        self.code, self.span, self.suggestion, self.words = code, span, suggestion, words


def _one_or_two(children: list[Any]) -> tuple[Any, Any]:
    """A node, and another or None."""
    first, *rest = _nodes(children)
    return first, rest[0] if rest else None


def _anniversary(children: list[Any], span: Span) -> s.Anniversary:
    word, month_day, arg = children[0], children[2], children[4]
    month, day = _month_and_day(month_day)
    return s.Anniversary(ANNIVERSARIES[word.type], month, day, arg, span)


def _parameter_ref(children: list[Any], span: Span) -> s.ParameterRef:
    last = _month_and_day(children[5]) if len(children) > 3 else None
    return s.ParameterRef(str(children[2]).replace("．", "."), last, span)


def _month_and_day(node: s.Syntax) -> tuple[int, int]:
    """The month and day of `09-01`, which the grammar takes for a difference, or of `9月1日`.

    That is why a number may begin with 0 until the whole is read.
    """
    match re.fullmatch(r"(\d{1,2})(?:-(\d{1,2})|月(\d{1,2})日)", _compact(node)):
        case None:
            raise _Refused("S025", node.span)
        case found:
            month, day = int(found[1]), int(found[2] or found[3])
    if (month, day) == (2, 29):
        raise _Refused("S026", node.span)
    try:
        date(_COMMON_YEAR, month, day)
    except ValueError as error:
        raise _Refused("S025", node.span) from error
    return month, day


def _compact(node: s.Syntax) -> str:
    return "" if node.span is None else "".join(node.span.text.split()).translate(HALF_WIDTH)


def _nodes(children: list[Any]) -> tuple[Any, ...]:
    return tuple(child for child in children if not isinstance(child, Token))


def _quantity(children: list[Any], span: Span) -> s.Quantity:
    number = str(children[0]).translate(HALF_WIDTH)
    unit = _unit(children[1]) if len(children) > 1 else None
    if unit is not None and _FREQUENCY.fullmatch(unit):
        raise _Refused("S020")
    return s.Quantity(number, unit, span)


def _unit(token: Token) -> str:
    return str(token).translate(HALF_WIDTH) if token.type == "UNIT_SIGN" else str(token)


def _date(children: list[Any], span: Span) -> s.Date:
    year, month, day = (int(part) for part in re.findall(r"\d+", children[0]))
    try:
        return s.Date(date(year, month, day), span)
    except ValueError as error:
        raise _Refused("S012") from error


def _text(children: list[Any], span: Span) -> s.Text:
    token = str(children[0])
    return s.Text(token[1:-1].replace('""', '"') if token.startswith('"') else token[1:-1], span)


def _name(children: list[Any], span: Span) -> s.Name:
    return s.Name(str(children[0]).replace("．", "."), span)


def _compare(children: list[Any], span: Span) -> s.Compare:
    left, sign, right = children
    return s.Compare(_COMPARISONS[str(sign).translate(HALF_WIDTH)], left, right, span)


def _in(children: list[Any], span: Span) -> s.In:
    arg, word, choices = children
    return s.In(arg, choices, word.type == "NOT_IN", span)


def _range(children: list[Any], span: Span) -> s.Range:
    low = None if isinstance(children[0], Token) else children[0]
    high = None if isinstance(children[-1], Token) else children[-1]
    high_open = any(isinstance(child, Token) and child.type == "BELOW" for child in children)
    return s.Range(low, high, high_open, span)


def _sum(children: list[Any], span: Span) -> s.Sum:
    terms = tuple((_SIGNS[sign.type], term) for sign, term in zip(children[1::2], children[2::2], strict=True))
    return s.Sum(children[0], terms, span)


def _product(children: list[Any], span: Span) -> s.Product:
    factors = tuple((_FACTORS[sign.type], term) for sign, term in zip(children[1::2], children[2::2], strict=True))
    return s.Product(children[0], factors, span)


def _rounding(children: list[Any], span: Span) -> s.RoundingStep:
    word, step = children
    if isinstance(step, Token):
        step = s.Quantity("1", _unit(step), Span(span.source, span.end - len(step), span.end))
    return s.RoundingStep(_ROUNDINGS[word.type], step, span)


def _rounded(children: list[Any], span: Span) -> s.Rounded:
    arg, rounding = children
    return s.Rounded(arg, rounding.mode, rounding.step, span)


def _one_earlier(children: list[Any], span: Span) -> s.EarlierValue:
    words = [str(child) for child in children[2:-1]]
    window = window_of(words, one=True)
    if window is None:
        if window_of(words, one=False) is not None:
            raise _Refused("S030")
        hint, known = syntax_errors.no_function(children[0].text)
        raise _Refused("S024", children[0].span, hint, **known)
    return s.EarlierValue("one", children[0], window, span)


def _earlier(children: list[Any], span: Span) -> s.EarlierValue:
    window = window_of([str(child).translate(HALF_WIDTH) for child in children[4:-1]], one=False)
    if window is None:
        raise _Refused("S031")
    return s.EarlierValue(_OVER[children[0].type], children[2], window, span)


def _aggregate(children: list[Any], span: Span) -> s.ListAggregate:
    how, nodes = _AGGREGATES[children[0].type], list(_nodes(children))
    items = None if children[0].type.startswith("MEMBER") else nodes.pop(0)
    default = nodes.pop() if how in ("least", "greatest") else None
    value = None if how in ("any", "count") else nodes.pop(0)
    return s.ListAggregate(how, items, value, nodes[0] if nodes else None, default, span)


_Builders = dict[str, Callable[[list[Any], Span], s.Syntax]]
_OTHERS: _Builders = dict.fromkeys(_AGGREGATE_RULES, _aggregate)
BUILDERS: _Builders = _OTHERS | {
    "if": lambda kids, span: s.If(kids[1], kids[3], kids[5], span),
    "or": lambda kids, span: s.Or(tuple(kids[::2]), span),
    "and": lambda kids, span: s.And(tuple(kids[::2]), span),
    "not": lambda kids, span: s.Not(kids[1], span),
    "compare": _compare,
    "in": _in,
    "contains": lambda kids, span: s.Contains(kids[0], kids[2], span),
    "set": lambda kids, span: s.Set(_nodes(kids), span),
    "range": _range,
    "rounded": _rounded,
    "rounding": _rounding,
    "sum": _sum,
    "product": _product,
    "negative": lambda kids, span: s.Negative(kids[1], span),
    "name": _name,
    "quantity": _quantity,
    "date": _date,
    "text": _text,
    "truth": lambda kids, span: s.TruthLiteral(kids[0].type == "TRUE", span),
    "parameter_ref": _parameter_ref,
    "bracketed": lambda kids, span: s.Bracketed(BRACKETED[kids[0].type], kids[2], kids[4], span),
    "outcome": lambda kids, span: s.Outcome(kids[2], span),
    "amount": lambda kids, span: s.AmountRef(kids[2], span),
    "as_of": lambda kids, span: s.AsOf(span),
    "extreme": lambda kids, span: s.Extreme(kids[0].type == "MAX", _nodes(kids), span),
    "quantified": lambda kids, span: s.Quantified(_QUANTIFIERS[kids[0].type], kids[2], span),
    "elapsed": lambda kids, span: s.DateDiff(_PERIODS[kids[0].type], *_one_or_two(kids), span),
    "calendar": lambda kids, span: s.Calendar(CALENDAR[kids[0].type], kids[2], span),
    "anniversary": _anniversary,
    "one_earlier": _one_earlier,
    "earlier": _earlier,
    "given": lambda kids, span: s.Given(kids[2], None, span),
    "if_given": lambda kids, span: s.Given(kids[2], kids[4], span),
    "this_item": lambda kids, span: s.ThisItem(kids[2], span),
    "earlier_item": lambda kids, span: s.EarlierItem(span),
    "any_cell": lambda kids, span: s.AnyCell(span),
}
