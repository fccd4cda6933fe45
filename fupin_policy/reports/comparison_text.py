"""A comparison as text for a terminal, in one language.

In: a `Comparison`. Out: text. Called by the command line.
"""

from __future__ import annotations

from fupin_policy.core.benefits import PER
from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.ratios import figure
from fupin_policy.prose.wording import COLON, in_brackets, trial_lines
from fupin_policy.reports.comparison import Comparison, GroupChange

_TITLES = (
    ("policies", Bilingual("按政策", "by policy")),
    ("departments", Bilingual("按牵头部门", "by leading department")),
    ("places", Bilingual("按乡镇", "by town")),
)
_HEAD = (
    Bilingual("新增户", "gain"),
    Bilingual("减少户", "lose"),
    Bilingual("净得增加", "get more"),
    Bilingual("净得减少", "get less"),
    Bilingual("变为待核实", "become open"),
    Bilingual("不再待核实", "are settled"),
)
_NOTE = Bilingual(
    "新增户：新得待遇，或不再缴费；减少户：不再得，或须缴费。不同周期的金额先折成一年再比。金额为净额，已减去自付。",
    "Gain: a benefit begins or a contribution ends; lose: the reverse. Amounts for different periods are brought to a "
    "year first. Money is net of what people pay.",
)


def as_text(found: Comparison, lang: Lang = "zh") -> str:
    """The comparison as lines of text."""
    lines = [found.as_of + in_brackets(found.currency, lang), *trial_lines(found.trial, lang)]
    lines += [*_text(found.total, found.decimals, lang), *(f"  {line}" for line in _refused(found, lang))]
    for name, title in _TITLES:
        lines += ["", pick(title, lang)]
        for change in getattr(found, name):
            lines += _text(change, found.decimals, lang)
    return "\n".join([*lines, "", pick(_NOTE, lang)])


def _refused(found: Comparison, lang: Lang) -> list[str]:
    """The households that one of the rulesets refuses, counted apart."""
    said = (
        (found.refused_before, Bilingual("只有改动前的规则集不能读的户", "refused before only")),
        (found.refused_after, Bilingual("只有改动后的规则集不能读的户", "refused after only")),
    )
    aside = in_brackets("不计入其他各数" if lang == "zh" else "in no other figure", lang)
    return [f"{pick(words, lang)}{COLON[lang]}{count}{aside}" for count, words in said if count]


def _text(change: GroupChange, decimals: int, lang: Lang) -> list[str]:
    counted = [f"{pick(name, lang)} {number}" for name, number in zip(_HEAD, change.counts, strict=True) if number]
    said = ("，" if lang == "zh" else ", ").join(counted)
    nobody = "没有户变动" if lang == "zh" else "no household"
    return [
        f"  {pick(change.words, lang)}: {said or nobody}",
        *(f"      {one}" for one in _money(change, decimals, lang)),
    ]


def _money(change: GroupChange, decimals: int, lang: Lang) -> list[str]:
    """`每月 1,200.00 → 1,000.00（-200.00）`."""
    return [
        f"{pick(PER[per], lang)} {figure(decimals, before)} → {figure(decimals, after)}"
        + in_brackets(_signed(decimals, after - before), lang)
        for per, before, after in change.money
        if before != after
    ]


def _signed(decimals: int, smallest: int) -> str:
    return ("+" if smallest > 0 else "") + figure(decimals, smallest)
