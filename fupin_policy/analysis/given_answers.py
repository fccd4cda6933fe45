"""What is typed in answer to a question, as it is given for the fact.

In: a text, the question, the program. Out: a value that the readers of `intake` take, or None where nobody knows. What
is unclear is handed on as it was typed, for them to refuse with their sentence. Called by `cli`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from fupin_policy.analysis.interview import Question
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import CodeDecl, FactDecl, ListDecl
from fupin_policy.core.program import Program, unit_text
from fupin_policy.core.types import Code, Day, Number, Truth
from fupin_policy.intake.notation import HALF_WIDTH, NUMBER, SEPARATORS, UNKNOWN_WORDS

_UNKNOWN = UNKNOWN_WORDS | {"", "不知道", "不清楚", "不晓得", "don't know"}
_NO = frozenset(("没有", "没", "无", "none"))
_TRUTHS = {
    **dict.fromkeys(("1", "是", "是的", "有", "对", "y", "yes", "true"), True),
    **dict.fromkeys(("2", "否", "不是", "n", "no", "false", *_NO), False),
}
_POWERS = {"亿": 8, "万": 4, "千": 3, "百": 2}
_PART = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?([亿万千百])")
_DURATIONS = frozenset(("day", "month", "year"))
_MONEY_WORDS = ("块钱", "块")
_THINGS = ("项", "个", "笔", "次", "人", "口")


def given_answer(text: str, question: Question, program: Program) -> Any:
    """The value to give for what was typed: None where nobody knows, the text itself where it is not understood."""
    fact, text = question.fact, text.strip().translate(HALF_WIDTH)
    if text.lower() in _UNKNOWN:
        return None
    if isinstance(fact, ListDecl):
        return "0" if text in _NO else _without(text, _THINGS)[0]
    match fact.type:
        case Truth():
            return _TRUTHS.get(text.lower(), text)
        case Code(code_list):
            codes = program.code_lists[code_list].codes
            return _several(text, codes) if fact.kind == "codes" else _chosen(text, codes)
        case Number():
            return _number(text, fact, fact.type, program)
        case Day():
            return "无" if text.lower() in _NO and fact.given is not None else text
        case _:
            return text


def _chosen(text: str, codes: Sequence[CodeDecl]) -> str:
    """The registry's code of a choice: by its number, else by its code, its name or a word in either language."""
    if text.isdecimal() and not text.startswith("0") and int(text) <= len(codes):
        return codes[int(text) - 1].code
    for words in ([one.code, one.name, one.label, one.words.en] for one in codes):
        if text.lower() in (word.lower() for word in words):
            return words[0]
    # `没有` is the one choice that says so, such as 无等级
    none = [one.code for one in codes if one.label.startswith(("无", "没有"))]
    return none[0] if text.lower() in _NO and len(none) == 1 else text


def _several(text: str, codes: Sequence[CodeDecl]) -> list[str]:
    """The codes of several choices, between commas or, of numbers, blanks; none of them for `没有`."""
    whole = _chosen(text, codes)
    if whole in (one.code for one in codes):
        return [whole]
    if text.lower() in _NO:
        return []
    words = text.split() if re.fullmatch(r"[0-9\s]+", text) else SEPARATORS.split(text)
    return [_chosen(word.strip(), codes) for word in words if word.strip()]


def _number(text: str, fact: FactDecl, type_: Number, program: Program) -> str:
    """A number in the fact's declared unit, exact; with its own unit or with 万 it is in the plain one, such as 元."""
    if text.lower() in _NO:
        # none of a sum or of a count is 0; of days, months or years it says nothing
        plain = type_.low <= 0 <= type_.high and not any(base in _DURATIONS and power > 0 for base, power in type_.unit)
        return "0" if plain else text
    labels = Bilingual(*(unit_text(type_.unit, program.unit_labels, lang) for lang in ("zh", "en")))
    known = (*labels.both, *(_MONEY_WORDS if labels.zh == "元" else ()))
    bare, has_unit = _without(text, known)
    if fact.power == -2 and bare.endswith(("%", "％")):
        bare = bare[:-1].strip()
    if NUMBER.fullmatch(bare):
        return _plain(Decimal(bare.replace(",", "")), fact.power) if has_unit else bare
    found = _with_powers(bare)
    return text if found is None else _plain(found, fact.power)


def _plain(value: Decimal, power: int) -> str:
    return f"{value.scaleb(-power):f}" if value else "0"


def _without(text: str, ends: Sequence[str]) -> tuple[str, bool]:
    """A text without the first of these ends that it has, and whether it has one."""
    end = next((one for one in ends if one and len(text) > len(one) and text.lower().endswith(one.lower())), "")
    return (text[: -len(end)].strip(), True) if end else (text, False)


def _with_powers(text: str) -> Decimal | None:
    """`1.2万`, `1万2千`, `1万2000`; None for what has two meanings, as `1万2`, or none."""
    total, above, at = Decimal(), 99, 0
    while (part := _PART.match(text, at)) is not None:
        whole, broken, power = part[1].replace(",", ""), part[2] or "", _POWERS[part[3]]
        value = Decimal(whole + broken).scaleb(power)
        # a fraction stands alone; each part is less than one of what stands before it
        if power >= above or (above < 99 and value >= Decimal(1).scaleb(above)):
            return None
        if broken and (at or part.end() < len(text)):
            return None
        total, above, at = total + value, power, part.end()
    rest = text[at:]
    if at == 0 or not rest:
        return total if at else None
    return total + Decimal(rest) if re.fullmatch(f"[0-9]{{{above}}}", rest) else None
