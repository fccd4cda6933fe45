"""The words of the language: which are keywords, how each is written in Chinese and English, what can be a name.

In: grammar/keywords.lark and expression.lark. Out: keywords by token; spelling helpers for names and for error reports.
Called by the parser, the printer, the reference, and the checker where it meets an unknown name.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Literal

from fupin_policy.diagnostics import Lang
from fupin_policy.files.shipped import shipped

_AFTER = r"!\\w|=\\s\*\[\(（\][^)]*|=\\s\*\[\.．\]|=\\s\+\[0-9０-９\]"
_KEYWORD_LINE = re.compile(rf"^([A-Z_]+)\.\d: /\(\?:(.+)\)\(\?({_AFTER})\)/$", re.MULTILINE)
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_GLUE = ("SIGN", "AND", "OR", "NOT", "IN", "NOT_IN", "CONTAINS", "IF", "THEN", "ELSE", "HALF_UP", "DOWN", "UP")


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword: its token in the grammar, and its words, the one to be printed first; of `SIGN` there are many.

    `reserved`: it cannot be a name; the others are keywords only before a parenthesis or a number.
    """

    token: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    reserved: bool


def grammar_text(name: Literal["expression", "keywords"]) -> str:
    """The text of a grammar file."""
    return shipped(f"grammar/{name}.lark").read_text(encoding="utf-8")


@cache
def keywords() -> dict[str, Keyword]:
    """Every keyword, by its token."""
    found: dict[str, Keyword] = {}
    for token, pattern, after in _KEYWORD_LINE.findall(grammar_text("keywords")):
        words = [word.replace(r"\s+", " ") for word in pattern.split("|")]
        zh = tuple(word for word in words if not word.isascii())
        en = tuple(word for word in words if word.isascii())
        found[token] = Keyword(token, zh, en, after.startswith("!"))
    return found


@cache
def spelling(token: str, lang: Lang) -> str:
    """How a keyword is printed in a language."""
    keyword = keywords()[token]
    return keyword.zh[0] if lang == "zh" else keyword.en[0]


def is_keyword(word: str) -> bool:
    """Whether a word (blanks inside it may be of any width) can only be a keyword, in either language."""
    return " ".join(word.split()) in _words()


def is_name(word: str) -> bool:
    """Whether a word can be written as a name without quotes: also a dotted one, but no part may be a keyword."""
    return _NAME.fullmatch(word) is not None and not any(part in _words() for part in word.split("."))


def split_glued(word: str, known: Collection[str]) -> str | None:
    """The word with blanks around the Chinese keywords inside it, `低保且五保` → `低保 且 五保`; None if it has none.

    A `known` word (a name, a unit, a code) is never cut: 在校 stays whole, though it begins with a keyword.
    """
    if word in known or is_keyword(word) or _glue_pattern().search(word) is None:
        return None
    whole = sorted((re.escape(name) for name in known if name in word), key=len, reverse=True)
    pattern = "|".join([*whole, f"(?P<keyword>{_glue_pattern().pattern})"])
    parts: list[str] = []
    end = 0
    for match in re.finditer(pattern, word):
        if match["keyword"] is not None:
            parts += [word[end : match.start()], match[0]]
            end = match.end()
    parts = [part for part in (*parts, word[end:]) if part]
    return " ".join(parts) if end and not all(map(is_keyword, parts)) else None


@cache
def _words() -> frozenset[str]:
    return frozenset(word for keyword in keywords().values() if keyword.reserved for word in keyword.zh + keyword.en)


@cache
def _glue_pattern() -> re.Pattern[str]:
    words = sorted((word for token in _GLUE for word in keywords()[token].zh), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))
