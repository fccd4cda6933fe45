"""Amounts as an official writes them: in the ruleset's unit of money, with the period before or after.

In: an amount and the program that it comes from. Out: text in Chinese or English. Called by `answer`, worklists
and the demonstration.
"""

from __future__ import annotations

from fupin_policy.core.benefits import PER
from fupin_policy.core.bilingual import pick
from fupin_policy.core.decision import Amount
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.program import Program, unit_text
from fupin_policy.core.types import Number
from fupin_policy.diagnostics import Lang


def money_unit(program: Program) -> str:
    """What the ruleset calls its unit of money in Chinese; the currency's code where it has no word."""
    words = program.unit_labels.get(program.money[0][0]) if program.money else None
    return program.currency if words is None else words.zh


def money_name(program: Program, lang: Lang) -> str:
    """`元`, or `CNY`."""
    return money_unit(program) if lang == "zh" else program.currency


def declared_unit(fact: FactDecl, program: Program) -> str:
    """The unit in which a number is given, in Chinese: 元, 万元, %; "" for what has none."""
    if not isinstance(fact.type, Number):
        return ""
    unit = unit_text(fact.type.unit, program.unit_labels, "zh")
    many = {-2: "%", 0: "", 4: "万"}.get(fact.power, f"10^{fact.power} ")
    return f"{many}{unit}"


def amount_words(amount: Amount, program: Program, lang: Lang) -> str:
    """`每月 160.00 元`, or `160.00 CNY a month`; a range as `每月 80.00–200.00 元`."""
    if lang == "zh":
        return f"{PER[amount.per].zh} {amount.told} {money_unit(program)}"
    return f"{amount.told} {amount.currency} {pick(PER[amount.per], lang)}"
