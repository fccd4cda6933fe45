"""Figures as lines of text for a person.

In: `Figure`s. Out: text in Chinese or English. Called by the command line and the other reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.figures import Figure, FigureValue
from fupin_policy.core.outputs import FigureDecl
from fupin_policy.core.possible import FALSE, UNKNOWN
from fupin_policy.core.types import Truth
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.missing_facts import assumed_text, missing_text
from fupin_policy.prose.wording import COLON, TRUTHS, comma_list, in_brackets, short_list


def figure_line(figure: Figure, lang: Lang, most: int | None = None) -> str:
    """`家庭月人均收入：512.30 元`, with what is missing to settle it, `most` of it by name; of members each one's."""
    line = f"{pick(figure.figure.words, lang)}{COLON[lang]}{figure_text(figure, lang)}"
    marks = [pick(Bilingual("暂定", "provisional"), lang)] if figure.provisional else []
    lacking = [missing_text(figure.missing, lang, most)] if figure.missing else []
    taken = [assumed_text(figure.assumed, lang)] if figure.assumed else []
    return "  ".join([line, *marks, *lacking, *taken])


def figure_text(figure: Figure, lang: Lang) -> str:
    """The values of a figure: `512.30 元`, `2019-06-01–2019-12-31`, `m1 是、m2 未知`."""
    if not figure.values:
        return pick(Bilingual("没有成员", "no members"), lang)
    said = [(one.member, value_text(figure.figure, one, lang)) for one in figure.values]
    return comma_list((text if who is None else f"{who} {text}" for who, text in said), lang)


def value_text(figure: FigureDecl, one: FigureValue, lang: Lang) -> str:
    """A figure of one subject."""
    if isinstance(figure.type, Truth):
        return pick(TRUTHS[cast(int, one.value)], lang)
    if one.labels:
        return (" 或 " if lang == "zh" else " or ").join(pick(label, lang) for label in one.labels)
    unit = "" if figure.unit is None else f" {pick(figure.unit, lang)}"
    return f"{'–'.join(one.told)}{unit}"


def checks_lines(figures: Iterable[Figure], lang: Lang, most: int | None = None) -> Iterator[str]:
    """For each check of data that does not hold what is told, of members with their ids; what cannot be checked.

    Of the latter, and of what is missing for each, at most so many stand by name.
    """
    open_ = []
    for one in figures:
        if one.figure.check is None:
            continue
        if one.status == "violated":
            whose = [value.member for value in one.values if value.value == FALSE and value.member is not None]
            head = " ".join([pick(_DOUBT, lang), *([comma_list(whose, lang)] if whose else [])])
            taken = f"  {assumed_text(one.assumed, lang)}" if one.assumed else ""
            yield f"  ! {head}{COLON[lang]}{pick(one.figure.check.words, lang)}{taken}"
        if any(value.value == UNKNOWN for value in one.values):
            open_.append(f"{pick(one.figure.words, lang)}{in_brackets(_lacking(one, lang, most), lang)}")
    if open_:
        yield f"  ! {pick(_OPEN, lang)}{COLON[lang]}{short_list(open_, len(open_) if most is None else most, lang)}"


def _lacking(figure: Figure, lang: Lang, most: int | None) -> str:
    """What is missing to check; of a number of identity, which has a fact of that name, whose it is."""
    whose = [one.member for one in figure.missing if one.fact == figure.name and one.member is not None]
    return comma_list(whose, lang) if whose else missing_text(figure.missing, lang, most)


_DOUBT = Bilingual("数据疑点", "data in doubt")
_OPEN = Bilingual("未能核对", "not checkable")
