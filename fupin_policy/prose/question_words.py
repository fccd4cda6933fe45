"""What a question says: what is asked, its numbered choices, what an answer may be, how many questions are left.

In: a fact or a list, and where it stands. Out: texts in both languages. Called by `cli`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from fupin_policy.core.bilingual import Bilingual, counted
from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.declarations import CodeDecl, FactDecl
from fupin_policy.core.program import Program, unit_text
from fupin_policy.core.types import Day, Number, Truth
from fupin_policy.diagnostics import Lang
from fupin_policy.diagnostics.showing import width_of
from fupin_policy.prose.wording import short_list

COLUMNS = 76
_EXAMPLE = date(1959, 6, 30)
_MOST_TOLD = 10**15
_MANY = {4: Bilingual("万", "10,000 "), -2: Bilingual("%", "%"), 0: Bilingual("", "")}
TITLES = 6
"""How many policies a fact is said to be asked for by name; the others are counted."""
WAYS = Bilingual(
    "（直接回车：不知道；回退：改上一题；?：为什么问；q：到此为止）",
    "(Enter: not known; back: change the last answer; ?: why it is asked; q: end here)",
)
NOTHING_TO_TAKE_BACK = Bilingual("前面没有可以改的答案了", "there is no answer to take back")


def of_member(member: str | None, words: Bilingual, truth: bool = False) -> Bilingual:
    """`m1 的出生日期`, of what is true or not `m1：在校`, `m1 是否参保`: a fact, and whose it is."""
    if member is None:
        return words
    joint = " " if words.zh.startswith("是否") else "：" if truth else " 的"
    if truth:
        return Bilingual(f"{member}{joint}{words.zh}", f"{member}: {words.en}")
    return Bilingual(f"{member}{joint}{words.zh}", f"{member}'s {words.en}")


def answer_words(fact: FactDecl, program: Program) -> Bilingual:
    """`1 是  2 否`, `元，0 到 100万`, `如 1959-06-30，或只填年份`: what may be answered; nothing of choices."""
    match fact.type:
        case Truth():
            return Bilingual("1 是  2 否", "1 yes  2 no")
        case Number():
            return _number_hint(fact, fact.type, program)
        case Day(low, high):
            shown = _EXAMPLE if low <= to_day(_EXAMPLE) <= high else to_date(low)
            none = Bilingual("", "") if fact.given is None else Bilingual("；没有的填“无”", "; none if there is none")
            zh = f"如 {shown.isoformat()}，或只填年份{none.zh}"
            return Bilingual(zh, f"as {shown.isoformat()}, or the year alone{none.en}")
        case _:
            several = fact.kind == "codes"
            return Bilingual("可多选，如 1、3", "several may be chosen, as 1, 3") if several else Bilingual("", "")


def _number_hint(fact: FactDecl, type_: Number, program: Program) -> Bilingual:
    """The declared unit, and from where to where."""
    many = _MANY.get(fact.power, Bilingual(f"10^{fact.power} ", f"10^{fact.power} "))
    zh, en = (unit_text(type_.unit, program.unit_labels, lang) for lang in ("zh", "en"))
    ends = [Decimal(end).scaleb(-fact.given_scale) for end in (type_.low, type_.high)]
    told = [f"{many.zh}{zh}"], [f"{many.en}{en}"]
    if all(abs(end) < _MOST_TOLD for end in ends):
        told[0].append(" 到 ".join(_number_text(end, "zh") for end in ends))
        told[1].append(" to ".join(_number_text(end, "en") for end in ends))
    return Bilingual("，".join(filter(None, told[0])), ", ".join(filter(None, told[1])))


def _number_text(value: Decimal, lang: Lang) -> str:
    """`100万`, `1,000,000`, `0.5`."""
    if lang == "zh" and value and value % 10000 == 0:
        return f"{int(value) // 10000:,}万"
    shown = f"{value:,f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def choice_lines(codes: Sequence[CodeDecl], lang: Lang) -> Iterator[str]:
    """`  1 未脱贫  2 已脱贫享受政策`: choices by their numbers, on lines that a terminal of 80 columns shows."""
    line = ""
    for number, code in enumerate(codes, 1):
        words = f"  {number} {code.words.zh if lang == 'zh' else code.words.en}"
        if line and width_of(line + words) > COLUMNS:
            yield line
            line = ""
        line += words
    yield from [line] if line else []


def asked_titles(titles: Sequence[str], lang: Lang) -> str:
    """`用于：低保、高龄津贴 等 8 项`: the policies that wait for an answer."""
    told = short_list(titles, TITLES, lang)
    return f"用于：{told}" if lang == "zh" else f"for: {told}"


def left_words(undecided: int, least: int, most: int, assumed: int, lists: Iterable[Bilingual]) -> Bilingual:
    """`还有 3 项待定，大概还有 2 到 5 个问题，另有 9 个可以不答（赡养人另问各项）`.

    Of at most `most` questions so many need no answer, as the rules say what is assumed then; they come last.
    """
    needed = most - assumed
    first, last = (min(least, needed), needed) if needed else (most, most)
    zh = f"还有 {undecided} 项待定，大概还有 {f'{first} 到 {last}' if first != last else last} 个问题"
    many = f"{first} to {last} questions" if first != last else counted(last, "question")
    en = f"{undecided} still open, about {many} left"
    if assumed:
        zh += f"，另有 {assumed} 个可以不答" if needed else "，都可以不答"
        en += f", and {assumed} that need no answer" if needed else ", none of which needs an answer"
    if named := list(lists):
        zh += f"（{'、'.join(one.zh for one in named)}另问各项）"
        en += f" (and those of each of the {', '.join(one.en for one in named)})"
    return Bilingual(zh, en)
