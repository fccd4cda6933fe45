"""What fits where an expression goes on: an operand of some type, an operator, a unit, a code of a list.

In: the text of an expression up to the cursor, half-written as it may be. Out: what is wanted there.
Called by `expression_completion`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from lark import Token
from lark.exceptions import UnexpectedInput

from fupin_policy.core.types import Unit
from fupin_policy.editor.vocabulary import DeclaredName, NameSort, Sense, Vocabulary
from fupin_policy.language.keywords import keywords
from fupin_policy.language.parser import lark

Wish = Literal["operand", "operator", "unit", "parameter", "reading", "policy", "scale", "item", "code"]
_PARTIAL = re.compile(r"[^\W\d][\w.．]*$")
_NUMBER_BEFORE = re.compile(r"(?<![\w.])[0-9０-９][0-9０-９.]*([^\W\d]\w*|[%‰])?$")
_ENDS = ("NAME", "NUMBER", "RPAR", "RBRACE", "DATE", "TEXT", "TRUE", "FALSE", "MEMBER_COUNT", "UNIT_SIGN", "AS_OF")
_QUANTIFIERS = ("ANY_MEMBER", "ALL_MEMBERS", "NO_MEMBER", "MEMBER_COUNT")
_TRUTHS = ("AND", "OR", "NOT", "IF", *_QUANTIFIERS)
_ARITHMETIC = ("PLUS", "MINUS", "TIMES", "OVER", "MIN", "MAX")
_NAMED: dict[str, tuple[NameSort, ...]] = {
    "PARAMETER": ("parameter",),
    "THIS": ("fact", "term"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted at the cursor: a kind of thing, of a type where one is known, and the `partial` word before it."""

    wish: Wish
    partial: str
    sense: Sense | None = None
    unit: Unit | None = None
    codes: str | None = None
    level: str | None = None
    """Of whom it may be, where a quantifier over members stands around it."""


def wanted_at(before: str, vocabulary: Vocabulary, sense: Sense | None = None, level: str | None = None) -> Wanted:
    """What is wanted after a text; `sense`: of what type the whole is; `level`: for whom it is."""
    unit = _NUMBER_BEFORE.search(before)
    if unit is not None:
        tokens = tokens_of(before[: unit.start()])
        return replace(_operand(tokens, vocabulary, sense, level), wish="unit", partial=unit[1] or "")
    word = _PARTIAL.search(before)
    partial = "" if word is None else word[0].replace("．", ".")
    tokens = tokens_of(before[: len(before) - len(partial)])
    head, dot, rest = partial.partition(".")
    if dot and head in (*keywords()["PARAMETER"].zh, *keywords()["PARAMETER"].en):
        return replace(_operand(tokens, vocabulary, sense, level), wish="parameter", partial=rest)
    if dot and head in ("读法", "reading"):
        return replace(_operand(tokens, vocabulary, sense, level), wish="reading", partial=rest)
    if dot and head in ("本项", "this"):
        return replace(_operand(tokens, vocabulary, sense, level), wish="item", partial=rest)
    if tokens and tokens[-1].type in _ENDS and (not before or before[-len(partial) - 1 :][:1] != "{"):
        return Wanted("operator", partial, _sense_before(tokens, len(tokens), vocabulary)[0])
    return replace(_operand(tokens, vocabulary, sense, level), partial=partial)


def _operand(tokens: list[Token], vocabulary: Vocabulary, sense: Sense | None, level: str | None) -> Wanted:
    level = _level(tokens, level)
    if not tokens:
        return Wanted("operand", "", sense, level=level)
    last = tokens[-1].type
    opening = _opening(tokens)
    if last == "LPAR" and len(tokens) > 1 and tokens[-2].type in ("ELIGIBLE", "AMOUNT"):
        return Wanted("policy", "", "number" if tokens[-2].type == "AMOUNT" else "truth", level=level)
    if last == "COMMA" and opening is not None and opening > 0 and tokens[opening - 1].type in ("SLICES", "PICK"):
        return Wanted("scale", "", level=level)
    if opening is not None and tokens[opening].type == "LBRACE" and opening > 0:
        sense, unit, codes = _sense_before(tokens, opening - 1, vocabulary)
        return Wanted("code" if codes else "operand", "", sense, unit, codes, level)
    if last in ("COMPARISON", "SIGN", "IN", "NOT_IN", "CONTAINS", "TO", "BELOW"):
        sense, unit, codes = _sense_before(tokens, len(tokens) - 1, vocabulary)
        return Wanted("code" if codes else "operand", "", sense, unit, codes, level)
    if last in _ARITHMETIC:
        unit = _sense_before(tokens, len(tokens) - 1, vocabulary)[1] if last in ("PLUS", "MINUS") else None
        return Wanted("operand", "", "number", unit, level=level)
    if last in _TRUTHS or (last == "LPAR" and len(tokens) > 1 and tokens[-2].type in _TRUTHS):
        return Wanted("operand", "", "truth", level=level)
    return Wanted("operand", "", level=level)


def _level(tokens: list[Token], level: str | None) -> str | None:
    """Of whom names may be within the brackets that are open: of members within a quantifier."""
    depth = 0
    for index in range(len(tokens) - 1, 0, -1):
        kind = tokens[index].type
        depth += (kind == "RPAR") - (kind == "LPAR")
        if depth < 0:
            before = tokens[index - 1].type
            if before in _QUANTIFIERS or before.startswith("MEMBER_"):
                return "member"
            depth = 0
    return level


def _opening(tokens: list[Token]) -> int | None:
    """The bracket that is open last."""
    depth = 0
    for index in range(len(tokens) - 1, -1, -1):
        kind = tokens[index].type
        depth += (kind in ("RPAR", "RBRACE")) - (kind in ("LPAR", "LBRACE"))
        if depth < 0:
            return index
    return None


def _sense_before(
    tokens: list[Token], end: int, vocabulary: Vocabulary
) -> tuple[Sense | None, Unit | None, str | None]:
    """The type of the operand that ends before a token, by the name that stands there."""
    while end > 0 and tokens[end - 1].type in ("IN", "NOT_IN", "COMPARISON", "SIGN", "CONTAINS"):
        end -= 1
    if end < 1:
        return None, None, None
    last = tokens[end - 1]
    if last.type == "MEMBER_COUNT":
        return "number", (("person", 1),), None
    if last.type == "RPAR":
        return ("number", None, None)
    if last.type != "NAME":
        return None, None, None
    sorts: tuple[NameSort, ...] = ("fact", "term")
    if end > 1 and tokens[end - 2].type == "DOT" and end > 2:
        sorts = _NAMED.get(tokens[end - 3].type, sorts)
    known = named(str(last), vocabulary, *sorts)
    if known is None:
        return None, None, None
    return known.sense, vocabulary.unit_of(known), known.codes


def named(word: str, vocabulary: Vocabulary, *sorts: NameSort) -> DeclaredName | None:
    """What a word in an expression stands for; of `户.人均收入` the last part counts."""
    head, _, rest = word.partition(".")
    if head in ("读法", "reading"):
        return next(iter(vocabulary.called(rest, "reading")), None)
    for one in dict.fromkeys((word, word.rpartition(".")[2])):
        found = vocabulary.called(one, *sorts)
        if found:
            return found[0]
    return None


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, after the last sign of it that is none."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        found = []
        try:
            found.extend(lark().lex(text[at:]))
            break
        except UnexpectedInput as error:
            at += (error.pos_in_stream or 0) + 1
    return found
