"""A tree as text, in Chinese or English: the formatter.

In: a syntax tree, a language, and how names are to be translated. Out: text that parses to the same tree.
Called by the command-line formatter, the prose of the documentation, and tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, assert_never
from unicodedata import east_asian_width

from fupin_policy.diagnostics import Lang, Span
from fupin_policy.language import syntax as s
from fupin_policy.language.keywords import is_name, spelling
from fupin_policy.language.windows import ONE_BEFORE

NameKind = Literal["name", "text", "unit", "parameter", "policy"]
Rename = Callable[[str, Span | None, NameKind], str]

# How tightly each construction binds: an operand that binds less than its place asks for is put in parentheses.
ANYTHING, OR, AND, NOT, COMPARISON, VALUE, TOTAL, TERM, FACTOR, ATOM = range(10)

_OPERATORS = {"!=": "≠"}
_FACTORS = {"*": "×", "/": "÷"}
_ROUNDINGS = {"half_up": "HALF_UP", "down": "DOWN", "up": "UP"}
_QUANTIFIERS = {"any": "ANY_MEMBER", "all": "ALL_MEMBERS", "none": "NO_MEMBER"}
_PERIODS = {"years": "YEARS", "months": "MONTHS", "days": "DAYS"}
_CALENDAR = {"year": "YEAR_OF", "month": "MONTH_OF"}
_OF_MEMBERS = {"count": "MEMBER_COUNT", "sum": "MEMBER_SUM", "least": "MEMBER_MIN", "greatest": "MEMBER_MAX"}
_OF_ITEMS = {"any": "EXISTS", "count": "COUNT", "sum": "TOTAL", "least": "LEAST", "greatest": "GREATEST"}
_EVERY = {"month": "EVERY_MONTH", "year": "EVERY_YEAR"}
_UNIT_SIGNS = "%‰€$£¥"


def show(tree: s.Syntax, lang: Lang, rename: Rename | None = None) -> str:
    """The canonical text of a tree. `rename(text, span, kind)` gives the word to print for each name in it."""
    return _Printer(lang, rename or _unchanged).show(tree)


def show_lines(tree: s.Syntax, lang: Lang, rename: Rename | None, room: int) -> list[str]:
    """The canonical text in lines of at most `room` columns, as far as breaking it before 且 and 或 allows that."""
    return _Printer(lang, rename or _unchanged).lines(tree, ANYTHING, room)


def _unchanged(text: str, span: Span | None, kind: NameKind) -> str:
    return text


class _Printer:
    """A language and a translation of names; `show` is the only way in."""

    def __init__(self, lang: Lang, rename: Rename) -> None:
        self._lang = lang
        self._rename = rename

    def show(self, node: s.Syntax, place: int = ANYTHING) -> str:
        """A node as text, in parentheses where it binds less tightly than its place asks for."""
        text = self._text(node)
        return f"({text})" if _binding(node) < place else text

    def lines(self, node: s.Syntax, place: int, room: int) -> list[str]:
        """A node as lines, the later ones indented to what they belong to."""
        text = self.show(node, place)
        if columns(text) <= room:
            return [text]
        match node:
            case s.And(args):
                found = self._joined("AND", args, NOT, room)
            case s.Or(args):
                found = self._joined("OR", args, NOT, room)
            case s.Not(arg):
                found = _led(f"{self._word('NOT')} ", self.lines(arg, NOT, room - 4))
            case s.Quantified(kind, where):
                blank = "" if self._lang == "zh" else " "
                inner = self.lines(where, ANYTHING, room - 2)
                return _led(f"{self._word(_QUANTIFIERS[kind])}{blank}(", [*inner[:-1], f"{inner[-1]})"])
            case _:
                return [text]
        return _led("(", [*found[:-1], f"{found[-1]})"], 1) if _binding(node) < place else found

    def _joined(self, token: str, args: tuple[s.Syntax, ...], place: int, room: int) -> list[str]:
        """A chain of conditions, each on a line of its own that begins with what joins it."""
        joint = f"{self._word(token)} "
        parts = [self.lines(arg, place, room - columns(joint)) for arg in args]
        return [*parts[0], *(line for part in parts[1:] for line in _led(joint, part))]

    def _text(self, node: s.Syntax) -> str:
        match node:
            case s.Name() | s.Quantity() | s.Date() | s.Text() | s.TruthLiteral() | s.AsOf() | s.AnyCell():
                return self._leaf(node)
            case s.ParameterRef() | s.Outcome() | s.AmountRef():
                return self._reference(node)
            case s.Not() | s.And() | s.Or() | s.Compare() | s.In() | s.Contains() | s.Set() | s.Range() | s.If():
                return self._logic(node)
            case s.Negative() | s.Sum() | s.Product() | s.Rounded() | s.RoundingStep():
                return self._arithmetic(node)
            case _:
                return self._function(node)

    def _leaf(self, node: s.Name | s.Quantity | s.Date | s.Text | s.TruthLiteral | s.AsOf | s.AnyCell) -> str:
        match node:
            case s.Name(text, span):
                return _name_or_quoted(self._rename(text, span, "name"))
            case s.Text(text, span):
                return _quoted(self._rename(text, span, "text"))
            case s.Quantity(number, unit):
                return number if unit is None else number + self._unit(unit, node.span)
            case s.Date(date):
                return date.isoformat()
            case s.TruthLiteral(value):
                return self._word("TRUE" if value else "FALSE")
            case s.AsOf():
                return self._word("AS_OF")
            case s.AnyCell():
                return self._word("ANY")
            case _:
                assert_never(node)

    def _reference(self, node: s.ParameterRef | s.Outcome | s.AmountRef) -> str:
        match node:
            case s.ParameterRef(name, last, span):
                called = f"{self._word('PARAMETER')}.{self._rename(name, span, 'parameter')}"
                return called if last is None else f"{called}({self._word('AS_OF_LAST')} {last[0]:02}-{last[1]:02})"
            case s.Outcome(policy):
                return f"{self._word('ELIGIBLE')}({self._policy(policy)})"
            case s.AmountRef(policy):
                return f"{self._word('AMOUNT')}({self._policy(policy)})"
            case _:
                assert_never(node)

    def _logic(self, node: s.Not | s.And | s.Or | s.Compare | s.In | s.Contains | s.Set | s.Range | s.If) -> str:
        show, word = self.show, self._word
        match node:
            case s.Not(arg):
                return f"{word('NOT')} {show(arg, NOT)}"
            case s.And(args):
                return f" {word('AND')} ".join(show(arg, NOT) for arg in args)
            case s.Or(args):
                # 且 binds tighter and would need none, but not every reader knows: `check` asks for them
                return f" {word('OR')} ".join(show(arg, NOT) for arg in args)
            case s.Compare(op, left, right):
                sign = _OPERATORS.get(op, op) if self._lang == "zh" else op
                return f"{show(left, VALUE)} {sign} {show(right, VALUE)}"
            case s.In(arg, choices, negated):
                return f"{show(arg, VALUE)} {word('NOT_IN' if negated else 'IN')} {show(choices)}"
            case s.Contains(arg, code):
                return f"{show(arg, VALUE)} {word('CONTAINS')} {show(code, TOTAL)}"
            case s.Set(items):
                return "{" + ", ".join(show(item, TOTAL) for item in items) + "}"
            case s.Range(low, high, high_open):
                ends = ["" if end is None else show(end, TOTAL) for end in (low, high)]
                return ("..<" if high_open else "..").join(ends)
            case s.If(test, then, otherwise):
                return f"{word('IF')} {show(test)} {word('THEN')} {show(then)} {word('ELSE')} {show(otherwise)}"
            case _:
                assert_never(node)

    def _arithmetic(self, node: s.Negative | s.Sum | s.Product | s.Rounded | s.RoundingStep) -> str:
        match node:
            case s.Negative(arg):
                return f"-{self.show(arg, FACTOR)}"
            case s.Sum(first, terms):
                return self.show(first, TERM) + "".join(f" {sign} {self.show(term, TERM)}" for sign, term in terms)
            case s.Product(first, factors):
                signs = _FACTORS if self._lang == "zh" else {}
                rest = (f" {signs.get(sign, sign)} {self.show(factor, FACTOR)}" for sign, factor in factors)
                return self.show(first, FACTOR) + "".join(rest)
            case s.RoundingStep(mode, step):
                return self._rounding(mode, step)
            case s.Rounded(arg, mode, step):
                return f"{self.show(arg, VALUE)} {self._rounding(mode, step)}"
            case _:
                assert_never(node)

    def _function(
        self,
        node: s.Extreme | s.Quantified | s.ListAggregate | s.ThisItem | s.EarlierItem | s.DateDiff | s.Calendar
        | s.Anniversary | s.Bracketed | s.Given | s.EarlierValue,
    ) -> str:  # fmt: skip
        match node:
            case s.Extreme(greatest, args):
                return self._call("MAX" if greatest else "MIN", *args)
            case s.Quantified(kind, where):
                blank = "" if self._lang == "zh" else " "
                return f"{self._word(_QUANTIFIERS[kind])}{blank}({self.show(where)})"
            case s.ListAggregate():
                return self._aggregate(node)
            case s.ThisItem(name):
                return f"{self._word('THIS')}.{self._rename(name.text, name.span, 'name')}"
            case s.EarlierItem():
                return self._word("PRECEDES")
            case s.DateDiff(period, start, end):
                return self._call(_PERIODS[period], start, end)
            case s.Calendar(part, arg):
                return self._call(_CALENDAR.get(part, part.upper()), arg)
            case s.Anniversary(which, month, day, arg):
                return f"{self._word(which.upper())}({month:02}-{day:02}, {self.show(arg)})"
            case s.Bracketed(how, arg, brackets):
                return self._call(how.upper(), arg, brackets)
            case s.Given(fact, otherwise) if otherwise is not None:
                return f"{self._word('IF_GIVEN')}({self.show(fact)} {self._word('ELSE')} {self.show(otherwise)})"
            case s.Given(fact):
                return self._call("GIVEN", fact)
            case s.EarlierValue("one", arg, window):
                return f"{self.show(arg)}({ONE_BEFORE[window.period][self._lang == 'en']})"
            case s.EarlierValue(how, arg, window):
                token = _EVERY[window.period] if how == "every" else how.upper()
                return f"{self._call(token, arg)[:-1]}, {window.text(self._lang)})"
            case _:
                assert_never(node)

    def _aggregate(self, node: s.ListAggregate) -> str:
        tokens = _OF_MEMBERS if node.items is None else _OF_ITEMS
        args = [self.show(arg) for arg in (node.value, node.where) if arg is not None]
        said = ", ".join(args)
        if node.default is not None:
            said += f" {self._word('ELSE')} {self.show(node.default)}"
        if node.items is None:
            return self._word(tokens[node.how]) + (f"({said})" if said else "")
        name = self._rename(node.items.text, node.items.span, "name")
        # without a blank after it a colon can stand in YAML that is not quoted
        return f"{self._word(tokens[node.how])}({name}{':' if self._lang == 'en' else '：'}{said}".rstrip(":：") + ")"

    def _call(self, token: str, *args: s.Syntax | None) -> str:
        return f"{self._word(token)}({', '.join(self.show(arg) for arg in args if arg is not None)})"

    def _rounding(self, mode: s.Mode, step: s.Quantity) -> str:
        unit_alone = step.unit if step.number == "1" else None
        shown = self.show(step) if unit_alone is None else self._rename(unit_alone, step.span, "unit")
        return f"{self._word(_ROUNDINGS[mode])} {shown}"

    def _unit(self, unit: str, span: Span | None) -> str:
        shown = self._rename(unit, span, "unit")
        return shown if self._lang == "zh" or shown in _UNIT_SIGNS else f" {shown}"

    def _policy(self, policy: s.Name | s.Text) -> str:
        shown = self._rename(policy.text, policy.span, "policy")
        return _quoted(shown) if isinstance(policy, s.Text) else _name_or_quoted(shown)

    def _word(self, token: str) -> str:
        return spelling(token, self._lang)


def columns(text: str) -> int:
    """How wide a text is on a screen, where a Chinese character takes two columns."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _led(word: str, lines: list[str], indent: int = 2) -> list[str]:
    """Lines with a word before the first; the others are indented below it."""
    return [word + lines[0], *(" " * indent + line for line in lines[1:])]


def _name_or_quoted(word: str) -> str:
    return word if is_name(word) else _quoted(word)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _binding(node: s.Syntax) -> int:
    match node:
        case s.If():
            return ANYTHING
        case s.Or():
            return OR
        case s.And():
            return AND
        case s.Not():
            return NOT
        case s.Compare() | s.In() | s.Contains():
            return COMPARISON
        case s.Rounded():
            return VALUE
        case s.Sum():
            return TOTAL
        case s.Product():
            return TERM
        case s.Negative():
            return FACTOR
        case _:
            return ATOM
