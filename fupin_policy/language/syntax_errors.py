"""What is wrong with an expression that does not parse, in a clerk's words.

In: lark's exception and the tokens before it. Out: one diagnostic.
Called by parser.py only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from fupin_policy.diagnostics import Lang, Reporter, Span, slip_of
from fupin_policy.language.keywords import is_keyword, keywords, spelling, split_glued

_SIGNS = {
    "COMPARISON": "= ≠ < <= > >=", "BELOW": "..<", "TO": "..", "DOT": ".", "PLUS": "+", "MINUS": "-", "TIMES": "×",
    "OVER": "÷", "LPAR": "(", "RPAR": ")", "LBRACE": "{", "RBRACE": "}", "COMMA": ",", "ENUMERATION": "、",
    "COLON": "：",
}  # fmt: skip
_STARTS_VALUE = frozenset({
    "NAME", "NUMBER", "DATE", "TEXT", "TRUE", "FALSE", "PARAMETER", "ELIGIBLE", "AMOUNT", "AS_OF", "LPAR", "NOT", "IF",
    "ANY_MEMBER", "ALL_MEMBERS", "NO_MEMBER", "MEMBER_COUNT", "MEMBER_SUM", "MEMBER_MIN", "MEMBER_MAX", "MIN", "MAX",
    "YEARS", "MONTHS", "DAYS", "YEAR_OF", "MONTH_OF", "START_OF_MONTH", "END_OF_MONTH", "START_OF_QUARTER",
    "END_OF_QUARTER", "START_OF_YEAR", "END_OF_YEAR", "LAST", "NEXT", "SLICES", "PICK", "TOTAL", "AVERAGE",
    "EVERY_MONTH", "EVERY_YEAR", "EXISTS", "COUNT", "LEAST", "GREATEST", "THIS", "PRECEDES", "ANY",
    "LBRACE",
})  # fmt: skip
_ENDS_VALUE = frozenset(
    {
        "NAME",
        "NUMBER",
        "UNIT_SIGN",
        "DATE",
        "TEXT",
        "TRUE",
        "FALSE",
        "AS_OF",
        "RPAR",
        "RBRACE",
        "MEMBER_COUNT",
        "PRECEDES",
        "ANY",
    }
)
_FOREIGN_SIGNS = {"&": "且", "|": "或", "!": "非", "！": "非", "。": ".", "；": "，", "【": "（", "】": "）"}
_CALLED = (
    "ELIGIBLE", "AMOUNT", "ANY_MEMBER", "ALL_MEMBERS", "NO_MEMBER", "MEMBER_COUNT", "MEMBER_SUM", "MEMBER_MIN",
    "MEMBER_MAX", "MIN", "MAX", "YEARS", "MONTHS", "DAYS", "YEAR_OF", "MONTH_OF", "START_OF_MONTH", "END_OF_MONTH",
    "START_OF_QUARTER", "END_OF_QUARTER", "START_OF_YEAR", "END_OF_YEAR", "LAST", "NEXT", "SLICES", "PICK",
    "TOTAL", "AVERAGE", "EVERY_MONTH", "EVERY_YEAR", "EXISTS", "COUNT", "LEAST", "GREATEST",
)  # fmt: skip
_QUOTES = "\"“”'‘’"
_COMPARING = ("COMPARISON", "SIGN")
_SHOWN = 24
_LANGS: tuple[Lang, ...] = ("zh", "en")


def explain(
    error: UnexpectedInput, before: Sequence[Token], span: Span, known: Collection[str], reporter: Reporter
) -> None:
    """Report the fault that made lark give up. `before` are the tokens that it had read until then."""
    match error:
        case UnexpectedCharacters():
            at = error.pos_in_stream or span.start
            _explain_character(Span(span.source, at, at + 1), reporter)
        case UnexpectedToken():
            _explain_token(error, before, span, known, reporter)
        case _:
            raise AssertionError(f"lark: {error}")


def _explain_character(here: Span, reporter: Reporter) -> None:
    if here.text in _QUOTES:
        reporter.report("S015", here, found=here.text)
    else:
        text = here.source.text
        # && and || are one sign each
        twice = here.text in "&|" and text[here.start : here.start + 2] == here.text * 2
        here = Span(here.source, here.start, here.end + 1) if twice else here
        reporter.report("S002", here, found=here.text, suggestion=_FOREIGN_SIGNS.get(here.text[0]))


def _explain_token(
    error: UnexpectedToken, before: Sequence[Token], span: Span, known: Collection[str], reporter: Reporter
) -> None:
    token: Token = error.token
    accepted = frozenset(error.accepts or ())
    last = before[-1] if before else None
    if token.type == "$END":
        here = Span(span.source, _start(last), _end(last)) if last is not None else span
    else:
        here = Span(span.source, _start(token), _end(token))
    found = "" if token.type == "$END" else _clip(here.text)
    ended = not found
    if _is_habit(here, token, before, accepted, reporter):
        return
    if last is None:
        reporter.report("S017", here, found=found or _clip(span.text))
    elif accepted >= {"NAME", "AS_OF"}:
        reporter.report(
            "S005" if ended else "S004", here, before=_clip(str(last)), **({} if ended else {"found": found})
        )
    elif "NAME" in accepted and last.type != "NUMBER":
        reporter.report("S016", here, before=_clip(str(last)))
    elif token.type in _COMPARING and token.type not in accepted and any(t.type in _COMPARING for t in before):
        reporter.report("S018", here, found=found)
    elif ended:
        reporter.report("S006", here, expected=_words(accepted))
    elif last.type in _ENDS_VALUE and token.type in _STARTS_VALUE and not accepted <= {"LPAR", "LBRACE"}:
        between = Span(span.source, _start(last), _end(token))
        hint = _unglued(last, token, known)
        reporter.report("S019", between, before=_clip(str(last)), found=found, suggestion=hint)
    else:
        reporter.report("S003", here, before=_clip(str(last)), found=found, expected=_words(accepted))


def _is_habit(here: Span, token: Token, before: Sequence[Token], accepted: frozenset[str], reporter: Reporter) -> bool:
    """Report what people write out of habit from elsewhere: capital keywords, commas for `and`, functions."""
    if not before:
        return False
    last, name = before[-1], _called(before)
    for word in (last, token):
        if word.type == "NAME" and word != word.lower() and is_keyword(word.lower()):
            place = Span(here.source, _start(word), _end(word))
            reporter.report("S021", place, suggestion=word.lower(), found=str(word))
            return True
    if name is not None and accepted <= {"NAME", "NUMBER", "RPAR"}:
        hint, known = no_function(str(name))
        reporter.report("S024", Span(here.source, _start(name), _end(name)), suggestion=hint, **known)
        return True
    if token.type in ("COMMA", "ENUMERATION") and token.type not in accepted:
        after = here.source.text[here.end : here.end + 3]
        number = last.type == "NUMBER" and after.isdigit() and len(after) == 3
        reporter.report("S023" if number else "S022", here, found=here.text, before=_clip(str(last)))
        return True
    return False


def _called(before: Sequence[Token]) -> Token | None:
    """A name in parentheses after which there stands at most one more: what is no function."""
    at = next((at for at in (-1, -2) if len(before) >= 1 - at and before[at].type == "LPAR"), None)
    return None if at is None or before[at - 1].type != "NAME" else before[at - 1]


def no_function(name: str) -> tuple[str | None, dict[str, object]]:
    """Of a name that no function has what may be meant, and the words that say so."""
    words = [word for called in _CALLED for word in (keywords()[called].zh + keywords()[called].en)]
    known, known_en = ([spelling(called, lang) for called in _CALLED] for lang in _LANGS)
    return slip_of(name, words), {"name": _clip(name), "known": known, "known_en": known_en}


def _unglued(last: Token, token: Token, known: Collection[str]) -> str | None:
    first, second = split_glued(str(last), known), split_glued(str(token), known)
    if first is None and second is None:
        return None
    return f"{first or last} {second or token}"


def _words(accepted: frozenset[str]) -> str:
    """The signs and keywords that could stand here, as they are written; without `NAME` and the like."""
    return "  ".join(_spelled(token) for token in _order() if token in accepted and token != "SIGN") or "-"


def _spelled(token: str) -> str:
    if token in _SIGNS:
        return _SIGNS[token]
    keyword = keywords()[token]
    return f"{keyword.zh[0]}/{keyword.en[0]}"


@cache
def _order() -> tuple[str, ...]:
    return (*keywords(), *_SIGNS)


def _start(token: Token) -> int:
    return token.start_pos or 0


def _end(token: Token) -> int:
    return token.end_pos or 0


def _clip(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else flat[: _SHOWN - 1] + "…"
