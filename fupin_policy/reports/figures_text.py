"""Figures as lines of text for a person.

In: `Figure`s. Out: text in Chinese or English. Called by the command line and the other reports.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.decision import Assumed, Figure, FigureValue, Missing
from fupin_policy.core.outputs import FigureDecl
from fupin_policy.core.types import Truth
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.wording import TRUTHS, comma_list


def figure_line(figure: Figure, lang: Lang) -> str:
    """`家庭月人均收入：512.30 元`, with what is missing to settle it; of members each one's."""
    line = f"{pick(figure.figure.words, lang)}{'：' if lang == 'zh' else ': '}{figure_text(figure, lang)}"
    marks = [Bilingual("暂定", "provisional")] if figure.provisional else []
    if figure.missing:
        zh, en = (names_text(figure.missing, one) for one in ("zh", "en"))
        marks.append(Bilingual(f"缺少 {zh}", f"missing {en}"))
    taken = [assumed_text(figure.assumed, lang)] if figure.assumed else []
    return "  ".join([line, *(pick(mark, lang) for mark in marks), *taken])


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


def assumed_text(assumed: Iterable[Assumed], lang: Lang) -> str:
    """All that was not given, and was assumed, each once."""
    said = dict.fromkeys(one.said(lang) for one in assumed)
    return f"没有给出，当作 {'、'.join(said)}" if lang == "zh" else f"not given, assumed {', '.join(said)}"


def names_text(missing: Iterable[Missing], lang: Lang) -> str:
    """What is missing, each once."""
    return comma_list(dict.fromkeys(one.said(lang) for one in missing), lang)
