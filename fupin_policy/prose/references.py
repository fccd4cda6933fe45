"""Clauses of documents as people cite them.

In: references and the sources they are of. Out: text in Chinese or English. Called by `answer`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from fupin_policy.core.bilingual import pick
from fupin_policy.core.registers import ClauseRef, Numbering, SourceDecl
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.wording import comma_list

_NUMBERED = re.compile(r"[1-9]\d?(\.[1-9]\d?){0,2}")
_DIGITS = "零一二三四五六七八九"
_PARTS: Mapping[Numbering, tuple[str, str, str]] = {
    "articles": ("第{}条", "第{}款", "第{}项"),
    "sections": ("第{}部分", "（{}）", "第{}项"),
}


def references_text(basis: Iterable[ClauseRef], sources: Mapping[str, SourceDecl], lang: Lang) -> str:
    """`安发〔2018〕31号第四条第二款、第四款、潍民字〔2018〕84号`: each document once, with its clauses."""
    clauses: dict[str, list[str]] = {}
    for ref in basis:
        clauses.setdefault(ref.source, []).extend([ref.clause] if ref.clause else [])
    return comma_list((_cited(sources[source], found, lang) for source, found in clauses.items()), lang)


def _cited(source: SourceDecl, clauses: Iterable[str], lang: Lang) -> str:
    name = source.number or pick(source.title, lang)
    if lang == "en":
        return f"{name} {comma_list(clauses, lang)}".rstrip()
    told = comma_list((clause_text(clause, source.numbering) for clause in clauses), lang)
    return name + (f" {told}" if told and told[0].isascii() else told)


def clause_text(clause: str, numbering: Numbering) -> str:
    """`第四条第二款`, or `第四部分（二）`; a clause that is not numbered so as it is written."""
    if not _NUMBERED.fullmatch(clause):
        return clause
    numbers = (_numeral(int(number)) for number in clause.split("."))
    return "".join(part.format(number) for part, number in zip(_PARTS[numbering], numbers, strict=False))


def _numeral(number: int) -> str:
    """1 to 99 in Chinese: `二十七`."""
    tens, ones = divmod(number, 10)
    above = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return above + (_DIGITS[ones] if ones or not tens else "")
