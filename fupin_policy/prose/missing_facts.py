"""Facts that are missing, or that were assumed, in words.

In: what a decision or a figure names. Out: text in Chinese or English. Called by `audiences` and the reports.
"""

from __future__ import annotations

from collections.abc import Iterable

from fupin_policy.core.bilingual import Bilingual, counted, pick
from fupin_policy.core.derived_facts import DerivedFact
from fupin_policy.core.missing import Assumed, Missing
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.sentences import sentence
from fupin_policy.prose.wording import comma_list, short_list

_MISSING = Bilingual("缺少", "missing")
_ASSUMED = Bilingual("没有给出，当作", "not given, assumed")


def assumed_text(assumed: Iterable[Assumed], lang: Lang) -> str:
    """All that was not given, and was assumed, each once."""
    return f"{pick(_ASSUMED, lang)} {comma_list(dict.fromkeys(one.said(lang) for one in assumed), lang)}"


def facts_assumed(count: int) -> str:
    """Of how many facts something was assumed, in English."""
    was = "was" if count == 1 else "were"
    return f"{counted(count, 'fact')} that {was} not given and {was} assumed"


def missing_text(missing: Iterable[Missing], lang: Lang, most: int | None = None) -> str:
    """`缺少 m1.残疾等级`: what is missing, each once; of more than `most` the others are counted."""
    return f"{pick(_MISSING, lang)} {names_text(missing, lang, most)}"


def names_text(missing: Iterable[Missing], lang: Lang, most: int | None = None) -> str:
    """The same without a word before it."""
    names = list(dict.fromkeys(one.said(lang) for one in missing))
    return short_list(names, len(names) if most is None else most, lang)


def derived_lines(derived: Iterable[DerivedFact], lang: Lang) -> list[str]:
    """What numbers of identity tell more than is given, a line for each such number; no line where nothing is."""
    by_number: dict[str, list[str]] = {}
    for one in derived:
        by_number.setdefault(pick(one.number_words, lang), []).append(one.said(lang))
    said = (sentence("from_number", number=number, facts=comma_list(told, lang)) for number, told in by_number.items())
    return [f"  * {pick(one, lang)}" for one in said]
